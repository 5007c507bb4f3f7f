#pragma once

#include <rowan/core/fixed_string.hpp>

namespace rowan {

/// Does a `Db` lend its connection for reading only?
template <class Db>
inline constexpr bool is_read_only = false;

namespace detail {

/// A condition whose sentence the compiler shows where it does not hold.
template <bool condition, FixedString sentence>
inline constexpr bool holds = condition;

}  // namespace detail

/// A connection, transaction or Database whose repositories have the functions that write. A read-only session's do
/// not.
template <class Db>
concept WritableSession =
    detail::holds<!is_read_only<Db>,
                  "rowan: a read-only session does not write: use transaction(fn) in the place of read_only(fn)">;

}  // namespace rowan
