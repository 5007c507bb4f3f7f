#pragma once

#include <rowan/core/time.hpp>
#include <rowan/types/fault.hpp>
#include <rowan/types/iso8601.hpp>
#include <rowan/types/timestamp.hpp>

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace rowan::detail {

/// A ParameterSink that shows values to a person: text in quotes, bytes in hexadecimal digits, times after ISO 8601.
/// A template, as a program then compiles only those of its functions that it calls.
template <class Text>
class ValueTextOf {
public:
    Fault put_null() { return add("NULL"); }
    Fault put(bool value) { return add(value ? "true" : "false"); }
    Fault put(std::int64_t value) { return add_number(value); }
    Fault put(double value) { return add_number(value); }
    Fault put(std::string_view value) {
        text_ += '\'';
        for (const char c : value) {
            if (c == '\'') text_ += c;
            // A NUL would end the text for whoever reads the error through a pointer.
            if (c == '\0')
                text_ += "\\0";
            else
                text_ += c;
        }
        return add("'");
    }
    Fault put(std::span<const std::byte> value) {
        constexpr std::string_view digits = "0123456789abcdef";
        text_ += "x'";
        for (const std::byte byte : value) {
            text_ += digits[std::to_integer<std::size_t>(byte >> 4)];
            text_ += digits[std::to_integer<std::size_t>(byte & std::byte{15})];
        }
        return add("'");
    }
    Fault put(Timestamp value) {
        if (append_timestamp(text_, value)) return Fault::none;
        (void)add_number(std::int64_t{value.time_since_epoch().count()});
        return add(" microseconds since 1970");
    }
    Fault put(std::chrono::sys_days value) {
        char day[date_length];
        const char* const text = day;
        if (format_date(value, day)) return add({text, sizeof day});
        (void)add_number(std::int64_t{value.time_since_epoch().count()});
        return add(" days since 1970");
    }

    [[nodiscard]] Text& text() { return text_; }

private:
    Fault add(std::string_view text) {
        text_ += text;
        return Fault::none;
    }

    template <class Number>
    Fault add_number(Number value) {
        char digits[32];
        const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
        const char* const text = digits;
        return add({text, static_cast<std::size_t>(end - text)});
    }

    Text text_;
};

using ValueText = ValueTextOf<std::string>;

}  // namespace rowan::detail
