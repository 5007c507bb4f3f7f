#pragma once

#include <cstdint>
#include <string>

namespace rowan {

/// What the database says of NULLs in a column of a result.
enum class Nullability : std::uint8_t {
    unknown,  ///< it is an expression, or a column of a view
    never,    ///< it is a table's column that takes no NULL; an outer join can make one of it all the same
    maybe,    ///< it is a table's column that takes NULL
};

/// A column of a statement's result, as the database announces it before the statement runs.
struct ResultColumn {
    std::string name{};
    /// As Dialect::reads takes it; empty where the database does not say.
    std::string type{};
    Nullability nullability = Nullability::unknown;
};

}  // namespace rowan
