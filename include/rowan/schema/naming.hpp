#pragma once

#include <rowan/core/characters.hpp>
#include <rowan/core/text.hpp>
#include <rowan/reflect/pretty.hpp>
#include <rowan/schema/dialect.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace rowan::detail {

/// `OrderBook` → `order_book`, `HTTPRequest` → `http_request`, `SHA256Sum` → `sha256_sum`.
constexpr void write_snake_case(TextWriter& out, std::string_view name) {
    for (std::size_t i = 0; i != name.size(); ++i) {
        if (!is_upper(name[i])) {
            out << name[i];
            continue;
        }
        const bool after_word = i != 0 && (is_lower(name[i - 1]) || is_digit(name[i - 1]));
        const bool ends_acronym = i != 0 && is_upper(name[i - 1]) && i + 1 != name.size() && is_lower(name[i + 1]);
        if (after_word || ends_acronym) out << '_';
        out << static_cast<char>(name[i] - 'A' + 'a');
    }
}

template <class T>
struct SnakeCaseOf {
    static constexpr void write(TextWriter& out) { write_snake_case(out, reflect::type_name<T>()); }
};

/// FNV-1a, 32 bits: http://www.isthe.com/chongo/tech/comp/fnv/
constexpr std::uint32_t fnv1a(std::string_view text) {
    std::uint32_t hash = 2166136261u;
    for (char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
    return hash;
}

/// Writes a name of at most `limit` bytes (0: any length): a longer one is cut, at the start of a UTF-8
/// sequence, and told apart by the hash of its whole text.
constexpr void write_limited(TextWriter& out, std::string_view name, std::size_t limit) {
    constexpr std::string_view hexadecimal = "0123456789abcdef";
    constexpr std::size_t tail = 9;
    if (limit == 0 || name.size() <= limit) {
        out.quoted(name);
        return;
    }
    std::size_t kept = limit - tail;
    while (kept != 0 && (static_cast<unsigned char>(name[kept]) & 0xC0) == 0x80) --kept;
    char text[256]{};
    TextWriter cut{text};
    cut << name.substr(0, kept) << '_';
    const std::uint32_t hash = fnv1a(name);
    for (unsigned shift = 32; shift != 0;) cut << hexadecimal[(hash >> (shift -= 4)) & 15];
    out.quoted(cut.text());
}

// Not constexpr on purpose: a compiler that reaches one of these while it makes a constant stops and shows
// its name.
inline void an_identifier_must_not_be_empty() {}
inline void an_identifier_must_not_contain_a_NUL() {}
inline void this_identifier_is_longer_than_the_database_allows() {}

/// A table's or column's name, quoted; its length is checked against what the dialect keeps.
constexpr void write_identifier(TextWriter& out, const Dialect& dialect, std::string_view name) {
    if (name.empty()) an_identifier_must_not_be_empty();
    if (!out.measures())
        for (char c : name)
            if (c == '\0') an_identifier_must_not_contain_a_NUL();
    if (dialect.identifier_limit != 0 && name.size() > dialect.identifier_limit)
        this_identifier_is_longer_than_the_database_allows();
    out.quoted(name);
}

}  // namespace rowan::detail
