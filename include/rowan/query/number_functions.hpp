#pragma once

#include <rowan/query/constant.hpp>
#include <rowan/query/expression.hpp>
#include <rowan/query/function_shapes.hpp>
#include <rowan/query/operand.hpp>
#include <rowan/query/operators.hpp>
#include <rowan/types/integer.hpp>

#include <cstdint>
#include <type_traits>
#include <utility>

namespace rowan {

/// Without its sign: of integers a std::int64_t, of others a double.
template <detail::AnyExpression Inner>
[[nodiscard]] constexpr auto abs(Inner inner) {
    using Value = typename Inner::Type;
    static_assert(detail::Number<Value>, "rowan: abs is for numbers");
    if constexpr (detail::is_narrow<Inner>())
        return abs(cast<std::int64_t>(std::move(inner)));
    else
        return detail::combine<detail::CallShape<"abs", detail::Calculated<Value>, true, typename Inner::Shape>>(
            std::move(inner));
}

/// The nearest number with so many digits behind the point, a half away from 0, as a double:
/// `round<2>(col<&T::price>)`. It is calculated as `round(x * 100) / 100` in doubles, alike on every database: 2.675 is
/// less than what is written here and becomes 2.67.
template <int digits = 0, detail::AnyExpression Inner>
[[nodiscard]] constexpr auto round(Inner inner) {
    static_assert(detail::Floating<typename Inner::Type>, "rowan: round is for float and double");
    static_assert(digits >= 0 && digits <= 15, "rowan: round<digits> takes from 0 to 15 digits behind the point");
    if constexpr (std::is_same_v<typename Inner::Type, float>) {
        return round<digits>(cast<double>(std::move(inner)));
    } else if constexpr (digits > 0) {
        constexpr std::int64_t scale = [] {
            std::int64_t power = 1;
            for (int i = 0; i != digits; ++i) power *= 10;
            return power;
        }();
        return round(std::move(inner) * constant<scale>) / constant<scale>;
    } else {
        return detail::combine<detail::PatternShape<Function::round, double, typename Inner::Shape>>(std::move(inner));
    }
}

}  // namespace rowan
