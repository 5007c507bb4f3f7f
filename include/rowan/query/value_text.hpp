#pragma once

#include <rowan/types/fault.hpp>
#include <rowan/types/iso8601.hpp>
#include <rowan/types/timestamp.hpp>

#include <charconv>
#include <chrono>
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
        if (value < Timestamp{first_day} || value >= Timestamp{last_day}) {
            (void)add_number(std::int64_t{value.time_since_epoch().count()});
            return add(" microseconds since 1970");
        }
        const auto day = std::chrono::floor<std::chrono::days>(value);
        (void)put(day);
        const std::chrono::hh_mm_ss time{value - day};
        add_digits('T', time.hours().count(), 2);
        add_digits(':', time.minutes().count(), 2);
        add_digits(':', time.seconds().count(), 2);
        if (time.subseconds().count() != 0) add_digits('.', time.subseconds().count(), 6);
        return add("Z");
    }
    Fault put(std::chrono::sys_days value) {
        if (value < first_day || value >= last_day) {
            (void)add_number(std::int64_t{value.time_since_epoch().count()});
            return add(" days since 1970");
        }
        char text[date_length];
        (void)format_date(value, text);
        return add({text, sizeof text});
    }

    [[nodiscard]] Text& text() { return text_; }

private:
    // The years that four digits show.
    static constexpr std::chrono::sys_days first_day{std::chrono::year{0} / 1 / 1};
    static constexpr std::chrono::sys_days last_day{std::chrono::year{10000} / 1 / 1};

    Fault add(std::string_view text) {
        text_ += text;
        return Fault::none;
    }

    template <class Number>
    Fault add_number(Number value) {
        char digits[32];
        const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
        return add({digits, static_cast<std::size_t>(end - digits)});
    }

    void add_digits(char before, std::int64_t value, std::size_t width) {
        const Text digits = std::to_string(value);
        text_ += before;
        if (digits.size() < width) text_.append(width - digits.size(), '0');
        text_ += digits;
    }

    Text text_;
};

using ValueText = ValueTextOf<std::string>;

}  // namespace rowan::detail
