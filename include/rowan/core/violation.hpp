#pragma once

#include <rowan/core/error.hpp>

#include <string>
#include <string_view>

namespace rowan::detail {

/// One sentence about a constraint that a row violated, in the same words for every database: from the error's
/// table, column and constraint, as far as they are known; otherwise what the database said.
template <class Details>
std::string describe_violation(const Details& error, std::string_view native_message) {
    std::string where = error.table;
    if (where.empty()) return std::string{native_message};
    if (!error.column.empty())
        where.append("(").append(error.column).append(")");
    else if (!error.constraint.empty())
        where.append(" (constraint ").append(error.constraint).append(")");
    else
        return std::string{native_message};
    switch (error.code) {
        case Code::unique_violation: return where.append(" already holds this row");
        case Code::not_null_violation: return where.append(" must not be NULL");
        case Code::foreign_key_violation:
            return where.append(" breaks a foreign key: the other row is missing, or rows still point to this one");
        case Code::check_violation: return where.append(" fails its check");
        case Code::exclusion_violation: return where.append(" excludes this row");
        default: return std::string{native_message};
    }
}

}  // namespace rowan::detail
