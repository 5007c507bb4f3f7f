#pragma once

#include <rowan/query/expression.hpp>
#include <rowan/query/function_shapes.hpp>
#include <rowan/query/operand.hpp>
#include <rowan/query/operator_shapes.hpp>
#include <rowan/query/time_operators.hpp>
#include <rowan/types/integer.hpp>
#include <rowan/types/stored.hpp>
#include <rowan/types/type.hpp>

#include <cstdint>
#include <tuple>
#include <type_traits>
#include <utility>

/// The operators of C++ on expressions. They are found by argument-dependent lookup, as expressions live here.
namespace rowan {

/// The value as another type, as the database converts it: `cast<double>(col<&T::count>)`.
template <Storable Value, detail::AnyExpression Inner>
[[nodiscard]] constexpr auto cast(Inner inner) {
    return detail::combine<detail::CastShape<Value, typename Inner::Shape>>(std::move(inner));
}

namespace detail {

/// A comparison with an expression, or with a value. Part of the operator that calls it, as each function of a column
/// is one more for the compiler.
template <Operator op, class Left, class... First, class Right>
[[gnu::always_inline]] constexpr auto compare(Expression<Left, First...>& left, Right&& right) {
    if constexpr (AnyExpression<Right>) {
        static_assert(require_alike<Left, ShapeIn<Right>>());
        return combine<BinaryShape<op, bool, Left, ShapeIn<Right>>>(static_cast<Expression<Left, First...>&&>(left),
                                                                    static_cast<Right&&>(right));
    } else {
        auto value = held_value<typename Left::Type>(static_cast<Right&&>(right));
        using Compared = Expression<BinaryShape<op, bool, Left, ValueShape<Left>>, First..., decltype(value)>;
        return Compared{append(static_cast<std::tuple<First...>&&>(left.values), value)};
    }
}

template <class Left, class... First, class Right>
constexpr auto operator==(Expression<Left, First...> left, Right&& right) {
    return compare<Operator::equal>(left, static_cast<Right&&>(right));
}
template <class Left, class... First, class Right>
constexpr auto operator!=(Expression<Left, First...> left, Right&& right) {
    return compare<Operator::not_equal>(left, static_cast<Right&&>(right));
}
template <class Left, class... First, class Right>
constexpr auto operator<(Expression<Left, First...> left, Right&& right) {
    return compare<Operator::less>(left, static_cast<Right&&>(right));
}
template <class Left, class... First, class Right>
constexpr auto operator<=(Expression<Left, First...> left, Right&& right) {
    return compare<Operator::less_equal>(left, static_cast<Right&&>(right));
}
template <class Left, class... First, class Right>
constexpr auto operator>(Expression<Left, First...> left, Right&& right) {
    return compare<Operator::greater>(left, static_cast<Right&&>(right));
}
template <class Left, class... First, class Right>
constexpr auto operator>=(Expression<Left, First...> left, Right&& right) {
    return compare<Operator::greater_equal>(left, static_cast<Right&&>(right));
}

template <class Left, class... First, class Right, class... Second>
    requires Condition<Expression<Left, First...>> && Condition<Expression<Right, Second...>>
constexpr auto operator&&(Expression<Left, First...> left, Expression<Right, Second...> right) {
    return Expression<BinaryShape<Operator::conjunction, bool, Left, Right>, First..., Second...>{
        join(static_cast<std::tuple<First...>&&>(left.values), static_cast<std::tuple<Second...>&&>(right.values))};
}
template <class Left, class... First, class Right, class... Second>
    requires Condition<Expression<Left, First...>> && Condition<Expression<Right, Second...>>
constexpr auto operator||(Expression<Left, First...> left, Expression<Right, Second...> right) {
    return Expression<BinaryShape<Operator::disjunction, bool, Left, Right>, First..., Second...>{
        join(static_cast<std::tuple<First...>&&>(left.values), static_cast<std::tuple<Second...>&&>(right.values))};
}
template <Condition Inner>
constexpr auto operator!(Inner&& inner) {
    return combine<NotShape<ShapeIn<Inner>>>(std::forward<Inner>(inner));
}

template <class Left, class Right>
concept Arithmetic =
    (AnyExpression<Left> || AnyExpression<Right>)&&(AnyExpression<Left> || Number<std::remove_cvref_t<Left>>)&&(
        AnyExpression<Right> || Number<std::remove_cvref_t<Right>>);

/// Is it an expression of integers that have less than 64 bits in the database?
template <class Operand>
constexpr bool is_narrow() {
    if constexpr (AnyExpression<Operand>) {
        using Type = typename ShapeIn<Operand>::Type;
        if constexpr (Integer<Type>) return rowan::Type<Type>::column != ColumnType::int64;
    }
    return false;
}

template <class... Operands>
using Calculated = std::conditional_t<(Floating<Operands> || ...), double, std::int64_t>;

/// Integers become std::int64_t, others double. Where the result leaves that range the statement fails, or what it
/// gives cannot be read; it is never cut.
template <Operator op, class Left, class Right>
constexpr auto calculate(Left&& left, Right&& right) {
    using First = typename ShapeOfOperand<Left>::Type;
    using Second = typename ShapeOfOperand<Right>::Type;
    static_assert(Number<First> && Number<Second>, "rowan: only numbers can be calculated with: cast<double>(...) it");
    using Value = Calculated<First, Second>;
    // A database may calculate with two narrow integers as narrowly, and the result, which is wider, would not fit.
    if constexpr (is_narrow<Left>() && is_narrow<Right>())
        return calculate<op>(combine<CastShape<std::int64_t, ShapeIn<Left>>>(std::forward<Left>(left)),
                             std::forward<Right>(right));
    else
        return combine<BinaryShape<op, Value, ShapeOfOperand<Left>, ShapeOfOperand<Right>>>(
            operand_of_its_own(std::forward<Left>(left)), operand_of_its_own(std::forward<Right>(right)));
}

template <class Left, class Right>
    requires Arithmetic<Left, Right>
constexpr auto operator+(Left&& left, Right&& right) {
    return calculate<Operator::plus>(std::forward<Left>(left), std::forward<Right>(right));
}
template <class Left, class Right>
    requires Arithmetic<Left, Right>
constexpr auto operator-(Left&& left, Right&& right) {
    if constexpr (TimeExpression<Left> && TimeExpression<Right>)
        return microseconds_between(std::forward<Left>(left), std::forward<Right>(right));
    else
        return calculate<Operator::minus>(std::forward<Left>(left), std::forward<Right>(right));
}
template <class Left, class Right>
    requires Arithmetic<Left, Right>
constexpr auto operator*(Left&& left, Right&& right) {
    return calculate<Operator::times>(std::forward<Left>(left), std::forward<Right>(right));
}
/// Of integers, the fraction is cut off. By zero it is an error or NULL, as the database has it.
template <class Left, class Right>
    requires Arithmetic<Left, Right>
constexpr auto operator/(Left&& left, Right&& right) {
    return calculate<Operator::divided_by>(std::forward<Left>(left), std::forward<Right>(right));
}
/// What a division leaves over, with the sign of the left side. By zero it is an error or NULL, as the database has it.
template <class Left, class Right>
    requires Arithmetic<Left, Right>
constexpr auto operator%(Left&& left, Right&& right) {
    static_assert(Integer<typename ShapeOfOperand<Left>::Type> && Integer<typename ShapeOfOperand<Right>::Type>,
                  "rowan: % is for integers: cast<std::int64_t>(...) what is none");
    return calculate<Operator::modulo>(std::forward<Left>(left), std::forward<Right>(right));
}
template <AnyExpression Inner>
constexpr auto operator-(Inner&& inner) {
    using Value = typename ShapeIn<Inner>::Type;
    static_assert(Number<Value>, "rowan: only numbers can be calculated with: cast<double>(...) it");
    if constexpr (is_narrow<Inner>())
        return -cast<std::int64_t>(std::forward<Inner>(inner));
    else
        return combine<NegationShape<Calculated<Value>, ShapeIn<Inner>>>(std::forward<Inner>(inner));
}

}  // namespace detail
}  // namespace rowan
