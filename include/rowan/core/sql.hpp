#pragma once

#include <rowan/core/fixed_string.hpp>

namespace rowan {

template <FixedString text>
struct SqlLiteral {};

/// SQL that the program's author wrote: `sql<"SELECT symbol FROM market_data WHERE exchange = $1">`. Parameters are $1,
/// $2, … on every database; the compiler counts them against the arguments.
template <FixedString text>
inline constexpr SqlLiteral<text> sql{};

}  // namespace rowan
