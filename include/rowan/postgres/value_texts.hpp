#pragma once

#include <rowan/core/time.hpp>
#include <rowan/core/view.hpp>
#include <rowan/postgres/parameters.hpp>
#include <rowan/postgres/wire.hpp>
#include <rowan/session/value_texts.hpp>
#include <rowan/types/stored.hpp>
#include <rowan/types/timestamp.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

/// Parameters as they are sent, read back for an observer.
namespace rowan::postgres::detail {

using rowan::detail::ValueTexts;

/// One value in the binary format.
inline void show_value(ValueTexts& values, Stored stored, const char* bytes, std::size_t size) {
    switch (stored) {
        case Stored::boolean: (void)values.put(*bytes != 0); break;
        case Stored::integer: (void)values.put(wire::load<std::int64_t>(bytes)); break;
        case Stored::real: (void)values.put(wire::load_double(bytes)); break;
        case Stored::text: (void)values.put(std::string_view{bytes, size}); break;
        case Stored::blob: (void)values.put(std::as_bytes(std::span{bytes, size})); break;
        case Stored::timestamp: {
            Timestamp time{};
            (void)wire::to_timestamp(wire::load<std::int64_t>(bytes), time);
            (void)values.put(time);
            break;
        }
        case Stored::date: {
            std::chrono::sys_days day{};
            (void)wire::to_days(wire::load<std::int32_t>(bytes), day);
            (void)values.put(day);
            break;
        }
    }
}

/// An array, as Arrays makes it.
inline void show_array(ValueTexts& values, Stored stored, const char* bytes) {
    const auto count = static_cast<std::size_t>(wire::load<std::int32_t>(bytes + 12));
    values.put_list(count, [&](ValueTexts& sink) {
        const char* at = bytes + Arrays::header;
        for (std::size_t i = 0; i != count && i <= ValueTexts::longest_list; ++i) {
            const auto length = wire::load<std::int32_t>(at);
            at += sizeof length;
            if (length < 0) {
                (void)sink.put_null();
                continue;
            }
            show_value(sink, stored, at, static_cast<std::size_t>(length));
            at += length;
        }
    });
}

inline void show_parameters(ValueTexts& values, const Parameters& parameters, rowan::detail::View<Form> forms) {
    const auto count = static_cast<std::size_t>(parameters.count());
    for (std::size_t i = 0; i != count && i != forms.size(); ++i) {
        const char* bytes = parameters.values()[i];
        if (bytes == nullptr)
            (void)values.put_null();
        else if (forms[i].is_list)
            show_array(values, forms[i].stored, bytes);
        else
            show_value(values, forms[i].stored, bytes, static_cast<std::size_t>(parameters.lengths()[i]));
    }
}

}  // namespace rowan::postgres::detail
