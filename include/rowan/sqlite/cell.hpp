#pragma once

#include <rowan/core/inline.hpp>
#include <rowan/core/time.hpp>
#include <rowan/types/fault.hpp>
#include <rowan/types/iso8601.hpp>
#include <rowan/types/timestamp.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <sqlite3.h>

namespace rowan::sqlite {

/// One value of a row. SQLite types its values, not its columns, so each is looked at as it comes.
class Cell {
public:
    // Unprotected values may be read directly, as rowan opens its connections without mutexes
    // (https://www.sqlite.org/c3ref/value.html), and one look-up serves type, pointer and length.
    Cell(sqlite3_stmt* statement, int column) : value_{sqlite3_column_value(statement, column)} {}
    explicit Cell(sqlite3_value* value) : value_{value} {}

    [[nodiscard]] bool is_null() const { return sqlite3_value_type(value_) == SQLITE_NULL; }

    Fault get(bool& value) const {
        std::int64_t number{};
        if (const Fault fault = get(number); fault != Fault::none) return fault;
        if (number != 0 && number != 1) return Fault::out_of_range;
        value = number == 1;
        return Fault::none;
    }

    ROWAN_ALWAYS_INLINE Fault get(std::int64_t& value) const {
        const int type = sqlite3_value_type(value_);
        if (type != SQLITE_INTEGER) return other_than(type);
        value = sqlite3_value_int64(value_);
        return Fault::none;
    }

    ROWAN_ALWAYS_INLINE Fault get(double& value) const {
        const int type = sqlite3_value_type(value_);
        if (type == SQLITE_FLOAT) [[likely]] {
            value = sqlite3_value_double(value_);
            return Fault::none;
        }
        if (type != SQLITE_INTEGER) return other_than(type);
        // A column of NUMERIC affinity keeps 5.0 as 5.
        constexpr std::int64_t exact = std::int64_t{1} << 53;
        const std::int64_t number = sqlite3_value_int64(value_);
        if (number > exact || number < -exact) return Fault::inexact;
        value = static_cast<double>(number);
        return Fault::none;
    }

    ROWAN_ALWAYS_INLINE Fault get(std::string_view& value) const {
        const int type = sqlite3_value_type(value_);
        if (type != SQLITE_TEXT) return other_than(type);
        // In this order: https://www.sqlite.org/c3ref/column_blob.html
        const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(value_));
        value = {text, static_cast<std::size_t>(sqlite3_value_bytes(value_))};
        return Fault::none;
    }

    Fault get(std::span<const std::byte>& value) const {
        const int type = sqlite3_value_type(value_);
        if (type != SQLITE_BLOB) return other_than(type);
        const auto* bytes = static_cast<const std::byte*>(sqlite3_value_blob(value_));
        value = {bytes, static_cast<std::size_t>(sqlite3_value_bytes(value_))};
        return Fault::none;
    }

    /// Microseconds as rowan writes them, or ISO 8601 text as other programs do.
    Fault get(Timestamp& value) const {
        if (sqlite3_value_type(value_) == SQLITE_TEXT) {
            std::string_view text;
            if (const Fault fault = get(text); fault != Fault::none) return fault;
            return rowan::detail::parse_timestamp(text, value) ? Fault::none : Fault::invalid_value;
        }
        std::int64_t count{};
        if (const Fault fault = get(count); fault != Fault::none) return fault;
        value = Timestamp{std::chrono::microseconds{count}};
        return Fault::none;
    }

    Fault get(std::chrono::sys_days& value) const {
        std::string_view text;
        if (const Fault fault = get(text); fault != Fault::none) return fault;
        return rowan::detail::parse_date(text, value) ? Fault::none : Fault::invalid_value;
    }

private:
    [[gnu::cold, gnu::noinline]] static Fault other_than(int type) {
        return type == SQLITE_NULL ? Fault::null_value : Fault::type_mismatch;
    }

    sqlite3_value* value_;
};

}  // namespace rowan::sqlite
