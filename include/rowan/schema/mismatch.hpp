#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace rowan {

/// Where a program and the live schema of its database have drifted apart.
struct Mismatch {
    enum class Kind : std::uint8_t {
        missing_table,     ///< the table is not there
        missing_column,    ///< the struct has a member that the table has no column for
        wrong_type,        ///< the column's values cannot be the member's
        narrower_type,     ///< the column cannot hold every value of the member
        wider_type,        ///< the column may hold values that the member cannot
        may_be_null,       ///< the column may be NULL, but the member is no std::optional
        never_null,        ///< the member is a std::optional, but the column takes no NULL
        unknown_required,  ///< the table wants a column that the struct does not have: an INSERT would fail
        refused_query,     ///< the database does not accept a query
    };

    Kind kind{};
    std::string table{};
    std::string column{};
    /// One sentence that names all of it.
    std::string message{};
};

[[nodiscard]] constexpr std::string_view to_string(Mismatch::Kind kind) noexcept {
    switch (kind) {
        case Mismatch::Kind::missing_table: return "missing_table";
        case Mismatch::Kind::missing_column: return "missing_column";
        case Mismatch::Kind::wrong_type: return "wrong_type";
        case Mismatch::Kind::narrower_type: return "narrower_type";
        case Mismatch::Kind::wider_type: return "wider_type";
        case Mismatch::Kind::may_be_null: return "may_be_null";
        case Mismatch::Kind::never_null: return "never_null";
        case Mismatch::Kind::unknown_required: return "unknown_required";
        case Mismatch::Kind::refused_query: return "refused_query";
    }
    return "unknown";
}

/// How well a column of a live type serves as one of rowan's.
enum class Fit : std::uint8_t { good, narrower, wider, wrong };

}  // namespace rowan
