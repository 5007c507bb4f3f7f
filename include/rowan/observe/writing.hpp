#pragma once

#include <rowan/core/time.hpp>

#include <charconv>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <source_location>
#include <string>
#include <string_view>

/// How reports are written, without regard to the locale.
namespace rowan::detail {

template <std::integral Number>
void append_number(std::string& out, Number number) {
    char digits[24];
    out.append(digits, static_cast<std::size_t>(std::to_chars(digits, digits + sizeof digits, number).ptr - digits));
}

/// 12345 as `12.345`
inline void append_thousandths(std::string& out, std::int64_t number) {
    append_number(out, number / 1000);
    const auto rest = static_cast<int>(number % 1000);
    out += '.';
    for (const int digit : {rest / 100, rest / 10 % 10, rest % 10}) out += static_cast<char>('0' + digit);
}

/// `12.345`, rounded down.
inline void append_milliseconds(std::string& out, std::chrono::nanoseconds duration) {
    append_thousandths(out, duration.count() / 1000);
}

/// `orders.cpp:120`
inline void append_place(std::string& out, const std::source_location& place) {
    const std::string_view path = place.file_name();
    out.append(path.substr(path.find_last_of("/\\") + 1)).append(1, ':');
    append_number(out, place.line());
}

inline void append_hex(std::string& out, unsigned char byte) {
    constexpr std::string_view digits = "0123456789abcdef";
    out += digits[byte >> 4];
    out += digits[byte & 15];
}

/// Keeps a line a line: what a value holds can neither end it nor talk to a terminal.
inline void append_in_one_line(std::string& out, std::string_view text) {
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x20 && byte != 0x7F) {
            out += c;
        } else if (c == '\n') {
            out += "\\n";
        } else if (c == '\t') {
            out += "\\t";
        } else {
            append_hex(out.append("\\x"), byte);
        }
    }
}

/// The length of the UTF-8 character at the front of a text, 0 if there is none that is valid.
inline std::size_t utf8_length(std::string_view text) {
    const auto at = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
    const auto follows = [&](std::size_t i) { return (at(i) & 0xC0) == 0x80; };
    const unsigned first = at(0);
    if (first < 0x80) return 1;
    if (first < 0xC2) return 0;
    if (first < 0xE0) return follows(1) ? 2 : 0;
    if (first < 0xF0) {
        const bool overlong = first == 0xE0 && at(1) < 0xA0;
        const bool surrogate = first == 0xED && at(1) >= 0xA0;
        return follows(1) && follows(2) && !overlong && !surrogate ? 3 : 0;
    }
    if (first > 0xF4) return 0;
    const bool overlong = first == 0xF0 && at(1) < 0x90;
    const bool too_high = first == 0xF4 && at(1) >= 0x90;
    return follows(1) && follows(2) && follows(3) && !overlong && !too_high ? 4 : 0;
}

/// A JSON string (RFC 8259). What is no UTF-8 becomes U+FFFD.
inline void append_json_string(std::string& out, std::string_view text) {
    out += '"';
    while (!text.empty()) {
        const char c = text.front();
        const std::size_t length = utf8_length(text);
        if (length == 0) {
            out += "\\ufffd";
        } else if (c == '"' || c == '\\') {
            out.append(1, '\\').append(1, c);
        } else if (c == '\n') {
            out += "\\n";
        } else if (static_cast<unsigned char>(c) < 0x20) {
            append_hex(out.append("\\u00"), static_cast<unsigned char>(c));
        } else {
            out += text.substr(0, length);
        }
        text.remove_prefix(length == 0 ? 1 : length);
    }
    out += '"';
}

}  // namespace rowan::detail
