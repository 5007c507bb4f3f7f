#pragma once

#include <cstdint>

namespace rowan {

/// The columns that rowan makes. A dialect spells them.
enum class ColumnType : std::uint8_t {
    boolean,
    int16,
    int32,
    int64,
    float32,
    float64,
    text,
    blob,
    timestamp,
    date,
};

/// The forms in which a value travels to and from a database. A backend knows just these: every type of the
/// program is turned into one of them.
enum class Stored : std::uint8_t { boolean, integer, real, text, blob, timestamp, date };

/// What a parameter of a statement is: one value, or a list of values of one form.
struct Form {
    Stored stored = Stored::text;
    bool is_list = false;

    friend constexpr bool operator==(Form, Form) = default;
};

[[nodiscard]] constexpr Stored stored_as(ColumnType type) noexcept {
    switch (type) {
        case ColumnType::boolean: return Stored::boolean;
        case ColumnType::int16:
        case ColumnType::int32:
        case ColumnType::int64: return Stored::integer;
        case ColumnType::float32:
        case ColumnType::float64: return Stored::real;
        case ColumnType::text: return Stored::text;
        case ColumnType::blob: return Stored::blob;
        case ColumnType::timestamp: return Stored::timestamp;
        case ColumnType::date: return Stored::date;
    }
    return Stored::text;
}

}  // namespace rowan
