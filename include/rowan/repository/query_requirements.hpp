#pragma once

#include <rowan/query/keyset.hpp>
#include <rowan/query/select.hpp>

#include <type_traits>

/// What a query must be like for what is asked of it.
namespace rowan::detail {

template <class Shape>
constexpr bool require_changeable() {
    constexpr bool plain =
        std::is_same_v<typename Shape::Projection, WholeRows> && !Shape::Group::any && !Shape::From::qualified &&
        !Shape::distinct && std::is_same_v<typename Shape::Limit, Nothing> &&
        std::is_same_v<typename Shape::Offset, Nothing> && std::is_same_v<typename Shape::Order, OrderShapes<>>;
    constexpr bool has_condition = !std::is_same_v<typename Shape::Where, Nothing>;
    static_assert(plain, "rowan: only a query of one table with where(...) and nothing else can be updated or erased");
    static_assert(!plain || has_condition,
                  "rowan: this would change every row of the table: say where(...), or everywhere() if that is meant");
    return plain && has_condition;
}

template <class Shape>
constexpr void require_pages() {
    static_assert(!Shape::From::joined && !Shape::Group::any,
                  "rowan: pages are made of one table's rows: in a join or a grouping several rows share a place");
    (void)Paging<typename Shape::From::First::Entity, typename Shape::Order>::require();
}

}  // namespace rowan::detail
