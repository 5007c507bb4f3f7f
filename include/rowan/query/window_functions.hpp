#pragma once

#include <rowan/query/expression.hpp>
#include <rowan/query/window_shapes.hpp>

#include <cstdint>
#include <utility>

/// Functions of a row among others, behind which `.over(…)` stands.
namespace rowan {

/// The row's number in its window, from 1; rows that are alike in the order get different numbers, the same rank, or
/// the same rank without gaps.
[[nodiscard]] constexpr auto row_number() { return detail::Expression<detail::RankingShape<"row_number">>{}; }
[[nodiscard]] constexpr auto rank() { return detail::Expression<detail::RankingShape<"rank">>{}; }
[[nodiscard]] constexpr auto dense_rank() { return detail::Expression<detail::RankingShape<"dense_rank">>{}; }

namespace detail {

template <FixedString function, std::uint32_t rows, AnyExpression Inner, class Default>
constexpr auto neighbour(Inner inner, Default&& value) {
    auto other = operand_beside<typename Inner::Shape>(std::forward<Default>(value));
    return combine<NeighbourShape<function, rows, typename Inner::Shape, ShapeIn<decltype(other)>>>(std::move(inner),
                                                                                                    std::move(other));
}

}  // namespace detail

/// The value in the row before, in the row behind, or so many rows away: `lag<2>(x)`. Where there is none, the default,
/// or NULL without one.
template <std::uint32_t rows = 1, detail::AnyExpression Inner>
[[nodiscard]] constexpr auto lag(Inner inner) {
    return detail::combine<detail::NeighbourShape<"lag", rows, typename Inner::Shape>>(std::move(inner));
}
template <std::uint32_t rows = 1, detail::AnyExpression Inner, class Default>
[[nodiscard]] constexpr auto lag(Inner inner, Default&& value) {
    return detail::neighbour<"lag", rows>(std::move(inner), std::forward<Default>(value));
}
template <std::uint32_t rows = 1, detail::AnyExpression Inner>
[[nodiscard]] constexpr auto lead(Inner inner) {
    return detail::combine<detail::NeighbourShape<"lead", rows, typename Inner::Shape>>(std::move(inner));
}
template <std::uint32_t rows = 1, detail::AnyExpression Inner, class Default>
[[nodiscard]] constexpr auto lead(Inner inner, Default&& value) {
    return detail::neighbour<"lead", rows>(std::move(inner), std::forward<Default>(value));
}

/// The value in the first, in the last row of the frame. Without a frame of its own a window with an order ends with
/// the current row: for the last of all say `rows_between(unbounded_preceding, unbounded_following)`.
template <detail::AnyExpression Inner>
[[nodiscard]] constexpr auto first_value(Inner inner) {
    return detail::combine<detail::FrameValueShape<"first_value", typename Inner::Shape>>(std::move(inner));
}
template <detail::AnyExpression Inner>
[[nodiscard]] constexpr auto last_value(Inner inner) {
    return detail::combine<detail::FrameValueShape<"last_value", typename Inner::Shape>>(std::move(inner));
}

}  // namespace rowan
