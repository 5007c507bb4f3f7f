#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace rowan::detail {

constexpr int hexadecimal_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/// `%41` → `A` (RFC 3986, section 2.1), into `decoded`. False where a `%` is not followed by two hexadecimal digits, or
/// where the text would hold a NUL.
template <class Text>
[[nodiscard]] bool percent_decode(std::string_view text, Text& decoded) {
    decoded.clear();
    decoded.reserve(text.size());
    for (std::size_t i = 0; i != text.size(); ++i) {
        char c = text[i];
        if (c == '%') {
            if (i + 2 >= text.size()) return false;
            const int high = hexadecimal_digit(text[i + 1]);
            const int low = hexadecimal_digit(text[i + 2]);
            if (high < 0 || low < 0) return false;
            c = static_cast<char>(high * 16 + low);
            i += 2;
        }
        if (c == '\0') return false;
        decoded += c;
    }
    return true;
}

/// Calls `use(name, value)`, both decoded, for each `name=value` of a URL's query, until it gives false. False if
/// it did, or if a part cannot be decoded.
template <class Text = std::string, class Use>
bool for_each_parameter(std::string_view query, Use use) {
    while (!query.empty()) {
        const std::string_view item = query.substr(0, query.find('&'));
        query.remove_prefix(item.size() == query.size() ? item.size() : item.size() + 1);
        if (item.empty()) continue;
        const std::size_t equals = item.find('=');
        Text name;
        Text value;
        if (!percent_decode(item.substr(0, equals), name)) return false;
        if (equals != std::string_view::npos && !percent_decode(item.substr(equals + 1), value)) return false;
        if (!use(name, value)) return false;
    }
    return true;
}

}  // namespace rowan::detail
