#pragma once

namespace rowan {

/// A member with a direction, for indexes and for `order_by`.
template <auto Member, bool IsDescending>
struct Ordering {
    static constexpr auto member = Member;
    static constexpr bool descending = IsDescending;
};

template <auto Member>
inline constexpr Ordering<Member, false> asc{};

template <auto Member>
inline constexpr Ordering<Member, true> desc{};

namespace detail {

/// `&T::m` alone means ascending.
template <auto Item>
struct OrderingOf {
    using type = Ordering<Item, false>;
};
template <auto Member, bool IsDescending, Ordering<Member, IsDescending> Item>
struct OrderingOf<Item> {
    using type = Ordering<Member, IsDescending>;
};

}  // namespace detail
}  // namespace rowan
