#pragma once

#include <rowan/core/text.hpp>
#include <rowan/query/expression.hpp>
#include <rowan/query/fault_error.hpp>
#include <rowan/types/stored.hpp>

#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

namespace rowan::detail {

/// Two shapes that AND or OR joins.
template <Binding how, class Left, class Right>
struct JoinedShape {
    static constexpr std::size_t parameter_count = Left::parameter_count + Right::parameter_count;
    static constexpr Binding binding = how;

    template <class T>
    static constexpr void list_forms(Stored*& out) {
        Left::template list_forms<T>(out);
        Right::template list_forms<T>(out);
    }

    template <class T, class Dialect>
    static constexpr void write(TextWriter& out, std::size_t& parameter) {
        write_inside<Left, T, Dialect>(out, parameter, how);
        out << (how == Binding::conjunction ? " AND " : " OR ");
        write_inside<Right, T, Dialect>(out, parameter, how);
    }
};

template <Binding how, class Left, class Right>
struct Joined {
    using Shape = JoinedShape<how, typename Left::Shape, typename Right::Shape>;

    Left left;
    Right right;

    template <class T, class Sink>
    ColumnFault write_values(Sink& sink) const {
        if (const ColumnFault found = left.template write_values<T>(sink)) return found;
        return right.template write_values<T>(sink);
    }
};

template <class Inner>
struct NegatedShape {
    static constexpr std::size_t parameter_count = Inner::parameter_count;
    static constexpr Binding binding = Binding::negation;

    template <class T>
    static constexpr void list_forms(Stored*& out) {
        Inner::template list_forms<T>(out);
    }

    template <class T, class Dialect>
    static constexpr void write(TextWriter& out, std::size_t& parameter) {
        out << "NOT (";
        Inner::template write<T, Dialect>(out, parameter);
        out << ')';
    }
};

template <class Inner>
struct Negated {
    using Shape = NegatedShape<typename Inner::Shape>;

    Inner inner;

    template <class T, class Sink>
    ColumnFault write_values(Sink& sink) const {
        return inner.template write_values<T>(sink);
    }
};

/// True for every row: the shape of a query without a condition.
struct Everything {
    using Shape = Everything;

    static constexpr std::size_t parameter_count = 0;

    template <class T>
    static constexpr void list_forms(Stored*&) {}

    template <class T, class Sink>
    ColumnFault write_values(Sink&) const {
        return {};
    }
};

/// `first AND second`; with Everything, just the second.
template <class First, class Second>
constexpr auto both(First first, Second second) {
    if constexpr (std::is_same_v<First, Everything>)
        return second;
    else
        return Joined<Binding::conjunction, First, Second>{std::move(first), std::move(second)};
}

// Found by argument-dependent lookup, as every condition lives in this namespace.

template <Condition Left, Condition Right>
constexpr auto operator&&(Left left, Right right) {
    return Joined<Binding::conjunction, Left, Right>{std::move(left), std::move(right)};
}

template <Condition Left, Condition Right>
constexpr auto operator||(Left left, Right right) {
    return Joined<Binding::disjunction, Left, Right>{std::move(left), std::move(right)};
}

template <Condition Inner>
constexpr auto operator!(Inner inner) {
    return Negated<Inner>{std::move(inner)};
}

}  // namespace rowan::detail
