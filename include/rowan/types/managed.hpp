#pragma once

#include <rowan/types/row_times.hpp>
#include <rowan/types/version.hpp>

#include <cstdint>
#include <type_traits>

namespace rowan::detail {

/// Is it the type of a column that rowan writes by itself?
template <class Member>
inline constexpr bool is_managed =
    std::is_same_v<Member, Version> || std::is_same_v<Member, UpdatedAt> || std::is_same_v<Member, CreatedAt>;

/// What a member's column is compared with and calculated as: itself, but for managed ones.
template <class Member>
struct Plain {
    using type = Member;
};
template <>
struct Plain<Version> {
    using type = std::int64_t;
};
template <>
struct Plain<UpdatedAt> {
    using type = Timestamp;
};
template <>
struct Plain<CreatedAt> {
    using type = Timestamp;
};
template <class Member>
using plain_t = typename Plain<Member>::type;

}  // namespace rowan::detail
