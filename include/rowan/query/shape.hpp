#pragma once

#include <rowan/core/text.hpp>
#include <rowan/core/type_list.hpp>
#include <rowan/query/columns.hpp>
#include <rowan/query/fault_error.hpp>
#include <rowan/query/operand.hpp>
#include <rowan/query/scope.hpp>
#include <rowan/schema/dialect.hpp>
#include <rowan/types/stored.hpp>

#include <array>
#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace rowan::detail {

/// How tightly an expression holds together, loosest first.
enum class Binding { disjunction, conjunction, negation, comparison, sum, product, atom };

/// An expression is split in two. Its *shape* is a type without a value: the compiler makes the statement's text from
/// it, so that queries which differ in values only share one statement. The values lie in a tuple, in the order of
/// their parameters. A shape derives from ShapeBase and has
///
///     static constexpr Binding binding;                                // for parentheses
///     template <class Scope> static constexpr bool nullable;           // may it be NULL there?
///     template <class Scope> using Parameters;                         // TypeList of what takes the values
///     template <class Scope> static constexpr void write(TextWriter&, const Dialect&, std::size_t& parameter);
///     template <class Scope> using Codec;                              // how its value is read
///     using Type;                                                      // its C++ type, without std::optional
struct ShapeBase {
    static constexpr Binding binding = Binding::atom;
    /// The shapes that it is made of, if it is made of any: see grouping.hpp.
    using Operands = TypeList<>;
    /// What a projection calls it.
    static constexpr std::string_view name{};
    /// The column that it is, if it is one.
    template <class Scope>
    static constexpr Place place() {
        return {};
    }
};

/// What a value is compared with where only its type is known.
template <class Value>
struct ShapeOf : ShapeBase {
    using Type = Value;
    template <class Scope>
    using Codec = rowan::Type<Value>;
};

/// Writes `Inner`, in parentheses where it binds more loosely than its surroundings.
template <class Inner, class Scope>
constexpr void write_inside(TextWriter& out, const Dialect& dialect, std::size_t& parameter, Binding outer) {
    const bool open = Inner::binding < outer;
    if (open) out << '(';
    Inner::template write<Scope>(out, dialect, parameter);
    if (open) out << ')';
}

/// Writes a value of type Value. What writes to columns of like types is one class.
template <class Value, class Codec>
struct Written {
    template <class Sink, class Held>
    static Fault write(Sink& sink, const Held& held) {
        return write_operand<Value, Codec>(sink, held);
    }
};

/// Takes one value of a statement: as an operand of `Like` would be written.
template <class Like, class Scope>
struct OneValue {
    using Codec = typename Like::template Codec<Scope>;
    using Plain = Written<typename Like::Type, Codec>;
    static constexpr Form form{stored_as(Codec::column), false};
    static constexpr Place place = Like::template place<Scope>();

    template <class Sink, class Held>
    static ValueFault write(Sink& sink, const Held& held) {
        return {Plain::write(sink, held), place};
    }
};

/// A value where an operand of `Like` could stand.
template <class Like>
struct ValueShape : ShapeBase {
    using Type = typename Like::Type;
    static constexpr bool is_value = true;
    template <class Scope>
    static constexpr bool nullable = false;
    template <class Scope>
    using Codec = typename Like::template Codec<Scope>;
    template <class Scope>
    using Parameters = TypeList<OneValue<Like, Scope>>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        write_parameter(out, dialect, parameter++);
    }
};

/// Puts values into `sink`, each by its taker, up to the first that cannot be written.
template <class... Takers, class... Held, class Sink, std::size_t... I>
ValueFault put_each(TypeList<Takers...>, Sink& sink, const std::tuple<Held...>& values, std::index_sequence<I...>) {
    ValueFault found;
    (void)((found = Takers::write(sink, std::get<I>(values)), found.fault == Fault::none) && ...);
    return found;
}

/// The same for plain values: one function for all lists of like types, whatever the columns. Gives the fault, and
/// the number of its value in `at`.
template <class... Plain, class... Held, class Sink, std::size_t... I>
Fault put_plain(TypeList<Plain...>, Sink& sink, const std::tuple<Held...>& values, std::size_t& at,
                std::index_sequence<I...>) {
    Fault found{};
    (void)((found = Plain::write(sink, std::get<I>(values)), found == Fault::none || (at = I, false)) && ...);
    return found;
}

template <class... Takers, class... Held, class Sink>
[[gnu::always_inline]] inline ValueFault put_values(TypeList<Takers...> takers, Sink& sink,
                                                    const std::tuple<Held...>& values) {
    static_assert(sizeof...(Takers) == sizeof...(Held));
    if constexpr (sizeof...(Takers) != 0 && (requires { typename Takers::Plain; } && ...)) {
        std::size_t at = 0;
        const Fault found =
            put_plain(TypeList<typename Takers::Plain...>{}, sink, values, at, std::index_sequence_for<Held...>{});
        if (found == Fault::none) [[likely]]
            return {};
        const Place places[]{Takers::place...};
        return {found, places[at]};
    } else {
        return put_each(takers, sink, values, std::index_sequence_for<Held...>{});
    }
}

/// The same values without copies.
template <class... Held>
std::tuple<const Held&...> as_references(const std::tuple<Held...>& values) {
    return std::apply([](const Held&... value) { return std::tuple<const Held&...>{value...}; }, values);
}

/// The forms of a list of value takers.
template <class... Takers>
constexpr auto forms_of(TypeList<Takers...>) {
    return std::array<Form, sizeof...(Takers)>{Takers::form...};
}

}  // namespace rowan::detail
