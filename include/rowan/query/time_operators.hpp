#pragma once

#include <rowan/core/time.hpp>
#include <rowan/query/expression.hpp>
#include <rowan/query/function_shapes.hpp>
#include <rowan/query/operand.hpp>
#include <rowan/query/shape.hpp>
#include <rowan/schema/dialect.hpp>
#include <rowan/types/timestamp.hpp>

#include <concepts>
#include <cstdint>
#include <type_traits>
#include <utility>

/// Timestamps and durations. A duration of the program is a value; one that a database calculates is a number of
/// microseconds.
namespace rowan::detail {

/// E is an expression of timestamps.
template <class E>
concept TimeExpression = AnyExpression<E> && std::same_as<typename ShapeIn<E>::Type, Timestamp>;

template <class T>
concept TimeValue = !AnyExpression<T> && std::convertible_to<const std::remove_cvref_t<T>&, Timestamp>;

template <TimeExpression Time>
constexpr auto add_microseconds(Time&& time, std::chrono::microseconds duration) {
    using Number = ShapeOf<std::int64_t>;
    return combine<PatternShape<Function::add_microseconds, Timestamp, ShapeIn<Time>, ValueShape<Number>>>(
        std::forward<Time>(time), make_value<Number>(std::int64_t{duration.count()}));
}

template <class Rep, class Period>
constexpr std::chrono::microseconds in_microseconds(std::chrono::duration<Rep, Period> duration) {
    constexpr bool exact = std::is_convertible_v<std::chrono::duration<Rep, Period>, std::chrono::microseconds>;
    static_assert(exact, "rowan: a timestamp counts microseconds, and this duration is finer or has a fraction: "
                         "std::chrono::duration_cast<std::chrono::microseconds>(...) it");
    if constexpr (exact)
        return duration;
    else
        return {};
}

/// So much later.
template <TimeExpression Time, class Rep, class Period>
constexpr auto operator+(Time&& time, std::chrono::duration<Rep, Period> duration) {
    return add_microseconds(std::forward<Time>(time), in_microseconds(duration));
}
template <class Rep, class Period, TimeExpression Time>
constexpr auto operator+(std::chrono::duration<Rep, Period> duration, Time&& time) {
    return add_microseconds(std::forward<Time>(time), in_microseconds(duration));
}
/// So much earlier.
template <TimeExpression Time, class Rep, class Period>
constexpr auto operator-(Time&& time, std::chrono::duration<Rep, Period> duration) {
    return add_microseconds(std::forward<Time>(time), -in_microseconds(duration));
}

/// Microseconds from the second to the first, a std::int64_t.
template <AnyExpression Left, AnyExpression Right>
constexpr auto microseconds_between(Left&& left, Right&& right) {
    return combine<PatternShape<Function::microseconds_between, std::int64_t, ShapeIn<Left>, ShapeIn<Right>>>(
        std::forward<Left>(left), std::forward<Right>(right));
}
template <TimeExpression Left, TimeValue Right>
constexpr auto operator-(Left&& left, Right&& right) {
    return microseconds_between(std::forward<Left>(left), make_value<ShapeIn<Left>>(std::forward<Right>(right)));
}
template <TimeValue Left, TimeExpression Right>
constexpr auto operator-(Left&& left, Right&& right) {
    return microseconds_between(make_value<ShapeIn<Right>>(std::forward<Left>(left)), std::forward<Right>(right));
}

}  // namespace rowan::detail
