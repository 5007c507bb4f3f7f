#pragma once

#include <rowan/core/time.hpp>
#include <rowan/types/fault.hpp>
#include <rowan/types/stored.hpp>
#include <rowan/types/timestamp.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

namespace rowan::detail {

/// A ParameterSink whose type is not known: what conditions that are collected at run time put their values into.
class AnySink {
public:
    AnySink() = default;
    AnySink(const AnySink&) = delete;
    AnySink& operator=(const AnySink&) = delete;

    virtual Fault put_null() = 0;
    virtual Fault put(bool value) = 0;
    virtual Fault put(std::int64_t value) = 0;
    virtual Fault put(double value) = 0;
    virtual Fault put(std::string_view value) = 0;
    virtual Fault put(std::span<const std::byte> value) = 0;
    virtual Fault put(Timestamp value) = 0;
    virtual Fault put(std::chrono::sys_days value) = 0;

    template <class Fill>
    Fault put_list(Stored form, Fill fill) {
        return fill_list(
            form, [](void* context, AnySink& list) { return (*static_cast<Fill*>(context))(list); }, &fill);
    }

protected:
    using FillList = Fault (*)(void* context, AnySink& list);

    ~AnySink() = default;
    virtual Fault fill_list(Stored form, FillList fill, void* context) = 0;
};

template <class Sink>
class SinkAdapter final : public AnySink {
public:
    explicit SinkAdapter(Sink& sink) : sink_{sink} {}

    Fault put_null() override { return sink_.put_null(); }
    Fault put(bool value) override { return sink_.put(value); }
    Fault put(std::int64_t value) override { return sink_.put(value); }
    Fault put(double value) override { return sink_.put(value); }
    Fault put(std::string_view value) override { return sink_.put(value); }
    Fault put(std::span<const std::byte> value) override { return sink_.put(value); }
    Fault put(Timestamp value) override { return sink_.put(value); }
    Fault put(std::chrono::sys_days value) override { return sink_.put(value); }

private:
    Fault fill_list(Stored form, FillList fill, void* context) override {
        if constexpr (requires { sink_.put_list(form, [](auto&) { return Fault::none; }); }) {
            return sink_.put_list(form, [&](auto& list) {
                SinkAdapter<std::remove_reference_t<decltype(list)>> adapter{list};
                return fill(context, adapter);
            });
        } else {
            return Fault::invalid_value;
        }
    }

    Sink& sink_;
};

}  // namespace rowan::detail
