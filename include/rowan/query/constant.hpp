#pragma once

#include <rowan/core/fixed_string.hpp>
#include <rowan/core/text.hpp>
#include <rowan/core/type_list.hpp>
#include <rowan/query/expression.hpp>
#include <rowan/query/operators.hpp>
#include <rowan/query/shape.hpp>
#include <rowan/schema/dialect.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>

namespace rowan {

namespace detail {

/// Lets a literal of any of these kinds be a template argument.
template <class Value>
struct ConstantValue {
    Value value;

    // NOLINTNEXTLINE(google-explicit-constructor): a literal is meant to become one
    constexpr ConstantValue(Value given) : value{given} {}
};
template <std::size_t size>
struct ConstantValue<FixedString<size>> {
    FixedString<size> value;

    // NOLINTNEXTLINE(google-explicit-constructor): a literal is meant to become one
    constexpr ConstantValue(const char (&text)[size]) : value{text} {}
};
template <std::size_t size>
ConstantValue(const char (&)[size]) -> ConstantValue<FixedString<size>>;

template <ConstantValue constant>
struct ConstantShape : ShapeBase {
    using Value = std::remove_const_t<decltype(constant.value)>;
    static constexpr bool is_boolean = std::same_as<Value, bool>;
    static constexpr bool is_integer = std::integral<Value> && !is_boolean;
    using Type = std::conditional_t<is_boolean, bool, std::conditional_t<is_integer, std::int64_t, std::string>>;

    template <class Scope>
    using Codec = rowan::Type<Type>;
    template <class Scope>
    static constexpr bool nullable = false;
    template <class Scope>
    using Parameters = TypeList<>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect&, std::size_t&) {
        if constexpr (is_boolean) {
            out << (constant.value ? "TRUE" : "FALSE");
        } else if constexpr (is_integer) {
            // In parentheses, as a minus sign behind another one would start a comment.
            if (constant.value < 0) out << "(-";
            out.number(constant.value < 0 ? std::uint64_t{0} - static_cast<std::uint64_t>(constant.value)
                                          : static_cast<std::uint64_t>(constant.value));
            if (constant.value < 0) out << ')';
        } else {
            out.quoted(constant.value.view(), '\'');
        }
    }
};

}  // namespace detail

/// A value that is part of the statement's text, not a parameter: `constant<true>`, `constant<5>`, `constant<"open">`.
/// The conditions of partial indexes are made of these.
template <detail::ConstantValue value>
inline constexpr detail::Expression<detail::ConstantShape<value>> constant{};

}  // namespace rowan
