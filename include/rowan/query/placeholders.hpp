#pragma once

#include <rowan/core/characters.hpp>
#include <rowan/core/text.hpp>

#include <cstddef>
#include <string_view>

/// Finds the parameters in SQL that a person wrote.
namespace rowan::detail {

constexpr bool is_name_character(char c) {
    return is_digit(c) || is_lower(c) || is_upper(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

/// The end of what starts at `at` with `open` and ends with `close`; the end of the text if it is not closed.
constexpr std::size_t end_of(std::string_view sql, std::size_t at, std::size_t open, std::string_view close) {
    // Not with find, which GCC does not take for a constant under its sanitizers.
    for (std::size_t i = at + open; i + close.size() <= sql.size(); ++i)
        if (sql.substr(i, close.size()) == close) return i + close.size();
    return sql.size();
}

/// The end of a string in which a backslash takes the next character literally.
constexpr std::size_t end_of_escaped(std::string_view sql, std::size_t at) {
    for (std::size_t i = at + 1; i < sql.size(); ++i) {
        if (sql[i] == '\'') return i + 1;
        if (sql[i] == '\\') ++i;
    }
    return sql.size();
}

/// Does `E` stand in front of the quote, as a word of its own?
constexpr bool takes_escapes(std::string_view sql, std::size_t quote) {
    return quote != 0 && (sql[quote - 1] == 'E' || sql[quote - 1] == 'e') &&
           (quote == 1 || (!is_name_character(sql[quote - 2]) && sql[quote - 2] != '$'));
}

/// The end of the quoted text, comment or dollar-quoted text that starts at `at`; `at` itself if none does. A doubled
/// quote inside needs no care: it ends one text and starts the next.
constexpr std::size_t end_of_literal(std::string_view sql, std::size_t at) {
    const char c = sql[at];
    const std::string_view rest = sql.substr(at);
    if (c == '\'' && takes_escapes(sql, at)) return end_of_escaped(sql, at);
    if (c == '\'' || c == '"' || c == '`') return end_of(sql, at, 1, sql.substr(at, 1));
    if (rest.substr(0, 2) == "--") return end_of(sql, at, 2, "\n");
    if (rest.substr(0, 2) == "/*") return end_of(sql, at, 2, "*/");
    if (c == '$' && (at == 0 || !is_name_character(sql[at - 1]))) {
        std::size_t end = 1;
        while (end < rest.size() && is_name_character(rest[end]) && !(end == 1 && is_digit(rest[end]))) ++end;
        if (end < rest.size() && rest[end] == '$') return end_of(sql, at, end + 1, rest.substr(0, end + 1));
    }
    return at;
}

/// Writes `sql` with `mark` in the place of the `$` of each parameter, and gives the highest number that it found.
constexpr std::size_t write_placeholders(TextWriter& out, std::string_view sql, char mark) {
    std::size_t highest = 0;
    for (std::size_t i = 0; i < sql.size();) {
        if (const std::size_t end = end_of_literal(sql, i); end != i) {
            out << sql.substr(i, end - i);
            i = end;
        } else if (sql[i] == '$' && i + 1 < sql.size() && is_digit(sql[i + 1]) &&
                   (i == 0 || !is_name_character(sql[i - 1]))) {
            std::size_t number = 0;
            out << mark;
            for (++i; i < sql.size() && is_digit(sql[i]); ++i) {
                number = number * 10 + static_cast<std::size_t>(sql[i] - '0');
                out << sql[i];
            }
            if (number > highest) highest = number;
        } else {
            out << sql[i++];
        }
    }
    return highest;
}

}  // namespace rowan::detail
