#pragma once

#include <rowan/core/real.hpp>

#include <cstdint>
#include <limits>
#include <string>

#include <sqlite3.h>

/// SQLite's columns hold any number, and an integer that grows too large becomes a real one. What an expression assigns
/// is looked at before it is stored, as otherwise the next read would fail.
namespace rowan::sqlite {

namespace detail {

/// The statement fails with this code, which stands for a value that the database has no room for.
inline void refuse(sqlite3_context* context, const std::string& message) {
    sqlite3_result_error(context, message.c_str(), static_cast<int>(message.size()));
    sqlite3_result_error_code(context, SQLITE_TOOBIG);
}

/// `rowan_integer(value, bits)`
inline void call_integer(sqlite3_context* context, int, sqlite3_value** values) {
    const int type = sqlite3_value_type(values[0]);
    const int bits = sqlite3_value_int(values[1]);
    if (type == SQLITE_INTEGER) {
        const std::int64_t number = sqlite3_value_int64(values[0]);
        const std::int64_t limit = std::numeric_limits<std::int64_t>::max() >> (64 - bits);
        if (number <= limit && number >= -limit - 1) return sqlite3_result_value(context, values[0]);
    } else if (type != SQLITE_FLOAT) {
        return sqlite3_result_value(context, values[0]);
    }
    const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(values[0]));
    refuse(context, std::string{"an expression comes to "} + (text != nullptr ? text : "a number") +
                        ", which is outside the range of the " + std::to_string(bits) +
                        "-bit integer that it is assigned to: nothing was stored");
}

/// `rowan_float(value)`: the nearest float, as a column of that type keeps it elsewhere.
inline void call_float(sqlite3_context* context, int, sqlite3_value** values) {
    const int type = sqlite3_value_type(values[0]);
    if (type != SQLITE_FLOAT && type != SQLITE_INTEGER) return sqlite3_result_value(context, values[0]);
    const double wide = sqlite3_value_double(values[0]);
    const auto narrow = static_cast<float>(wide);
    const bool too_large = rowan::detail::is_finite(wide) && !rowan::detail::is_finite(static_cast<double>(narrow));
    if (too_large || (narrow == 0.0F && wide != 0))
        return refuse(context, "an expression comes to a number outside the range of the float that it is assigned to: "
                               "nothing was stored");
    sqlite3_result_double(context, static_cast<double>(narrow));
}

}  // namespace detail

[[nodiscard]] inline int register_range(sqlite3* db) {
    constexpr int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC;
    const int code = sqlite3_create_function_v2(db, "rowan_integer", 2, flags, nullptr, &detail::call_integer, nullptr,
                                                nullptr, nullptr);
    if (code != SQLITE_OK) return code;
    return sqlite3_create_function_v2(db, "rowan_float", 1, flags, nullptr, &detail::call_float, nullptr, nullptr,
                                      nullptr);
}

}  // namespace rowan::sqlite
