#pragma once

#include <rowan/core/text.hpp>
#include <rowan/core/type_list.hpp>
#include <rowan/query/expression.hpp>
#include <rowan/query/function_shapes.hpp>
#include <rowan/query/operand.hpp>
#include <rowan/query/shape.hpp>
#include <rowan/types/integer.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace rowan {

namespace detail {

/// `a || b || c`
template <class... Parts>
struct ConcatShape : ShapeBase {
    using Type = std::string;
    using Operands = TypeList<Parts...>;
    template <class Scope>
    using Codec = rowan::Type<Type>;
    template <class Scope>
    static constexpr bool nullable = (Parts::template nullable<Scope> || ...);
    template <class Scope>
    using Parameters = Concat<typename Parts::template Parameters<Scope>...>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        Separator bars{" || "};
        out << '(';
        ((out << bars, write_inside<Parts, Scope>(out, dialect, parameter, Binding::atom)), ...);
        out << ')';
    }
};

template <FixedString function, AnyExpression Text>
constexpr auto text_call(Text text) {
    static_assert(std::is_same_v<typename Text::Type, std::string>,
                  "rowan: trim, ltrim and rtrim are for text: cast<std::string>(...) what is none");
    return combine<CallShape<function, std::string, true, typename Text::Shape>>(std::move(text));
}

}  // namespace detail

/// Texts, one behind the other: `concat(col<&T::first>, " ", col<&T::last>)`. NULL if one of them is: coalesce it.
template <class... Parts>
    requires(detail::AnyExpression<Parts> || ...)
[[nodiscard]] constexpr auto concat(Parts&&... parts) {
    constexpr bool texts = (std::is_same_v<typename detail::ShapeOfOperand<Parts>::Type, std::string> && ...);
    static_assert(texts, "rowan: concat is for text: cast<std::string>(...) what is none");
    return detail::combine<detail::ConcatShape<detail::ShapeOfOperand<Parts>...>>(
        detail::operand_of_its_own(std::forward<Parts>(parts))...);
}

/// The characters of a text (on some databases up to a NUL), or the bytes of a blob, as a std::int64_t.
template <detail::AnyExpression Inner>
[[nodiscard]] constexpr auto length(Inner inner) {
    using Type = typename Inner::Type;
    constexpr bool has_length = std::is_same_v<Type, std::string> || std::is_same_v<Type, std::vector<std::byte>>;
    static_assert(has_length, "rowan: length is for text and bytes: cast<std::string>(...) what is neither");
    return detail::combine<detail::PatternShape<Function::length, std::int64_t, typename Inner::Shape>>(
        std::move(inner));
}

/// Without the spaces (no other white space) at its ends, its beginning, its end.
template <detail::AnyExpression Text>
[[nodiscard]] constexpr auto trim(Text text) {
    return detail::text_call<"trim">(std::move(text));
}
template <detail::AnyExpression Text>
[[nodiscard]] constexpr auto ltrim(Text text) {
    return detail::text_call<"ltrim">(std::move(text));
}
template <detail::AnyExpression Text>
[[nodiscard]] constexpr auto rtrim(Text text) {
    return detail::text_call<"rtrim">(std::move(text));
}

/// `count` characters of a text from the one at `start`, which is 1 for the first; what lies outside the text is left
/// out, also before the first. A negative count is 0.
template <detail::AnyExpression Text, Integer Start, Integer Count>
[[nodiscard]] constexpr auto substr(Text text, Start start, Count count) {
    static_assert(std::is_same_v<typename Text::Type, std::string>, "rowan: substr is for text");
    // Databases differ in what lies outside the text, and take 32 bits.
    constexpr std::int64_t longest = std::numeric_limits<std::int32_t>::max();
    const auto clamp = [&](auto number) {
        if (std::cmp_greater(number, longest)) return longest;
        return std::cmp_less(number, -longest) ? -longest : static_cast<std::int64_t>(number);
    };
    const auto at_least = [](std::int64_t least, std::int64_t number) { return number < least ? least : number; };
    const std::int64_t first = at_least(1, clamp(start));
    const std::int64_t length = at_least(0, clamp(start) + at_least(0, clamp(count)) - first);
    using Number = detail::ShapeOf<std::int64_t>;
    using Shape = detail::PatternShape<Function::substring, std::string, typename Text::Shape,
                                       detail::ValueShape<Number>, detail::ValueShape<Number>>;
    return detail::combine<Shape>(std::move(text), detail::make_value<Number>(first),
                                  detail::make_value<Number>(length < longest ? length : longest));
}

}  // namespace rowan
