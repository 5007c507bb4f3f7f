#pragma once

#include <string>
#include <string_view>

#include <sqlite3.h>

namespace rowan::sqlite {

/// A pattern of LIKE as one of GLOB, which tells capitals apart as other databases' LIKE does: `%` → `*`, `_` → `?`,
/// and what GLOB would take for more than itself in brackets. A backslash takes the next character literally.
[[nodiscard]] inline std::string glob_of(std::string_view like) {
    std::string glob;
    glob.reserve(like.size());
    for (std::size_t i = 0; i != like.size(); ++i) {
        const bool escaped = like[i] == '\\' && i + 1 != like.size();
        const char c = escaped ? like[++i] : like[i];
        if (!escaped && c == '%')
            glob += '*';
        else if (!escaped && c == '_')
            glob += '?';
        else if (c == '*' || c == '?' || c == '[')
            glob.append({'[', c, ']'});
        else
            glob += c;
    }
    return glob;
}

namespace detail {

inline void call_glob(sqlite3_context* context, int, sqlite3_value** values) {
    const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(values[0]));
    if (text == nullptr) return sqlite3_result_null(context);
    const std::string glob = glob_of({text, static_cast<std::size_t>(sqlite3_value_bytes(values[0]))});
    sqlite3_result_text64(context, glob.data(), glob.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

}  // namespace detail

[[nodiscard]] inline int register_glob(sqlite3* db) {
    return sqlite3_create_function_v2(db, "rowan_glob", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, nullptr,
                                      &detail::call_glob, nullptr, nullptr, nullptr);
}

}  // namespace rowan::sqlite
