#pragma once

#include <rowan/core/time.hpp>
#include <rowan/postgres/arrays.hpp>
#include <rowan/postgres/wire.hpp>
#include <rowan/types/fault.hpp>
#include <rowan/types/stored.hpp>
#include <rowan/types/timestamp.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

namespace rowan::postgres {

/// The parameters of one execution, in the form that libpq wants. Each connection has one and uses it again, so that
/// nothing is allocated once it has grown to the longest list.
class Parameters {
public:
    void start(std::size_t count) {
        if (values_.size() < count) [[unlikely]]
            grow(count);
        next_ = 0;
        if (used_lists_ != 0) [[unlikely]]
            recycle_lists();
    }

    Fault put_null() { return add(nullptr, 0); }
    Fault put(bool value) {
        numbers_[next_][0] = value ? 1 : 0;
        return add(numbers_[next_].data(), 1);
    }
    Fault put(std::int64_t value) { return add_number(value); }
    Fault put(double value) { return add_number(value); }
    Fault put(std::string_view value) {
        // A NUL would end the text, or be refused by the server after a round trip.
        if (value.find('\0') != std::string_view::npos) return Fault::nul_byte;
        return add_bytes(value.data(), value.size());
    }
    Fault put(std::span<const std::byte> value) {
        return add_bytes(reinterpret_cast<const char*>(value.data()), value.size());
    }
    Fault put(Timestamp value) {
        std::int64_t microseconds{};
        if (const Fault fault = wire::from_timestamp(value, microseconds); fault != Fault::none) return fault;
        return add_number(microseconds);
    }
    Fault put(std::chrono::sys_days value) {
        std::int32_t days{};
        if (const Fault fault = wire::from_days(value, days); fault != Fault::none) return fault;
        return add_number(days);
    }

    template <class Fill>
    Fault put_list(Stored stored, Fill fill) {
        const Form form{stored, true};
        if (used_lists_ == lists_.size()) lists_.emplace_back();
        Arrays& list = lists_[used_lists_++];
        list.start({&form, 1});
        if (const Fault fault = fill(list); fault != Fault::none) return fault;
        const std::string_view array = list.column(0);
        return add_bytes(array.data(), array.size());
    }

    [[nodiscard]] int count() const { return static_cast<int>(next_); }
    [[nodiscard]] const char* const* values() const { return values_.data(); }
    [[nodiscard]] const int* lengths() const { return lengths_.data(); }
    [[nodiscard]] const int* formats() const { return formats_.data(); }

private:
    void grow(std::size_t count) {
        values_.resize(count);
        lengths_.resize(count);
        numbers_.resize(count);
        formats_.resize(count, 1);
    }

    Fault add(const char* value, std::size_t length) {
        values_[next_] = value;
        lengths_[next_] = static_cast<int>(length);
        ++next_;
        return Fault::none;
    }

    template <class Number>
    Fault add_number(Number value) {
        wire::store(numbers_[next_].data(), value);
        return add(numbers_[next_].data(), sizeof value);
    }

    Fault add_bytes(const char* bytes, std::size_t size) {
        if (size > std::numeric_limits<int>::max()) return Fault::out_of_range;
        // A null pointer would mean NULL.
        return add(bytes != nullptr ? bytes : "", size);
    }

    /// Short lists keep their memory for the next ones.
    void recycle_lists() {
        constexpr std::size_t longest_kept = std::size_t{1} << 16;
        used_lists_ = 0;
        for (Arrays& list : lists_)
            if (list.capacity() > longest_kept) list = Arrays{};
    }

    // Whose elements stay where they are.
    std::deque<Arrays> lists_;
    std::size_t used_lists_ = 0;
    std::vector<const char*> values_;
    std::vector<int> lengths_;
    std::vector<int> formats_;
    std::vector<std::array<char, 8>> numbers_;
    std::size_t next_ = 0;
};

}  // namespace rowan::postgres
