#pragma once

#include <cstddef>
#include <type_traits>

namespace rowan::detail {

/// A condition is split in two. Its *shape* is a type without a value: the compiler makes the statement's text
/// from it, so that queries which differ in values only share one statement. A shape has
///
///     static constexpr std::size_t parameter_count;
///     static constexpr Binding binding;                                  // for parentheses
///     template <class T> static constexpr void list_forms(Stored*&);
///     template <class T, class Dialect> static constexpr void write(TextWriter&, std::size_t& parameter);
///
/// The condition itself holds the values: `template <class T, class Sink> ColumnFault write_values(Sink&) const`.
template <class E>
concept Condition = requires { typename std::remove_cvref_t<E>::Shape; };

/// How tightly an expression holds together, loosest first.
enum class Binding { disjunction, conjunction, negation, comparison };

/// Writes `Inner`, in parentheses where it binds more loosely than its surroundings.
template <class Inner, class T, class Dialect, class Writer>
constexpr void write_inside(Writer& out, std::size_t& parameter, Binding outer) {
    const bool open = Inner::binding < outer;
    if (open) out << '(';
    Inner::template write<T, Dialect>(out, parameter);
    if (open) out << ')';
}

}  // namespace rowan::detail
