#pragma once

#include <rowan/core/text.hpp>
#include <rowan/query/expression.hpp>
#include <rowan/query/function_shapes.hpp>
#include <rowan/query/operators.hpp>
#include <rowan/schema/dialect.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>

/// Functions that choose one of their operands.
namespace rowan {

namespace detail {

/// NULL wherever the two are alike.
template <class First, class Second>
struct NullIfShape : CallShape<"nullif", typename First::Type, true, First, Second> {
    template <class Scope>
    static constexpr bool nullable = true;
    template <class Scope>
    using Codec = typename First::template Codec<Scope>;
};

/// The larger or smaller of two, as a value of `Like`. Databases agree only where neither is NULL.
template <Function function, Function function_or_null, class Like, class First, class Second>
struct ExtremumShape : PatternShape<function, typename Like::Type, First, Second> {
    using OrNull = PatternShape<function_or_null, typename Like::Type, First, Second>;

    template <class Scope>
    using Codec = typename Like::template Codec<Scope>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        if constexpr (OrNull::template nullable<Scope>)
            OrNull::template write<Scope>(out, dialect, parameter);
        else
            PatternShape<function, typename Like::Type, First, Second>::template write<Scope>(out, dialect, parameter);
    }
};

/// What the larger of two is read as: as the first, or as what is calculated of unlike numbers.
template <class First, class Second>
struct CommonShape {
    using type = ShapeOf<Calculated<typename First::Type, typename Second::Type>>;
};
template <class First, class Second>
    requires std::is_same_v<typename First::Type, typename Second::Type>
struct CommonShape<First, Second> {
    using type = First;
};

template <Function function, Function or_null, AnyExpression First, class Second>
constexpr auto extremum(First first, Second&& second) {
    auto other = operand_beside<typename First::Shape>(std::forward<Second>(second));
    using Other = ShapeIn<decltype(other)>;
    using Like = typename CommonShape<typename First::Shape, Other>::type;
    return combine<ExtremumShape<function, or_null, Like, typename First::Shape, Other>>(std::move(first),
                                                                                         std::move(other));
}

}  // namespace detail

/// NULL if the two are alike, else the first: `nullif(col<&T::note>, "")`.
template <detail::AnyExpression First, class Second>
[[nodiscard]] constexpr auto nullif(First first, Second&& second) {
    auto other = detail::operand_beside<typename First::Shape>(std::forward<Second>(second));
    return detail::combine<detail::NullIfShape<typename First::Shape, detail::ShapeIn<decltype(other)>>>(
        std::move(first), std::move(other));
}

/// The largest, the smallest of an expression and others of its type, or values. NULL if one of them is, as with
/// operators: coalesce those that are to be left out. Text is compared as the database sorts it.
template <detail::AnyExpression First, class Second, class... More>
[[nodiscard]] constexpr auto greatest(First first, Second&& second, More&&... more) {
    auto larger = detail::extremum<Function::greatest, Function::greatest_or_null>(std::move(first),
                                                                                   std::forward<Second>(second));
    if constexpr (sizeof...(More) == 0)
        return larger;
    else
        return greatest(std::move(larger), std::forward<More>(more)...);
}
template <detail::AnyExpression First, class Second, class... More>
[[nodiscard]] constexpr auto least(First first, Second&& second, More&&... more) {
    auto smaller =
        detail::extremum<Function::least, Function::least_or_null>(std::move(first), std::forward<Second>(second));
    if constexpr (sizeof...(More) == 0)
        return smaller;
    else
        return least(std::move(smaller), std::forward<More>(more)...);
}

}  // namespace rowan
