#pragma once

/// What <cmath> says of a double, without the cost of including it.
namespace rowan::detail {

constexpr bool is_nan(double value) { return value != value; }
constexpr bool is_finite(double value) { return value - value == 0; }

}  // namespace rowan::detail
