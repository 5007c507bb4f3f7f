#pragma once

#include <rowan/core/fixed_string.hpp>
#include <rowan/core/text.hpp>
#include <rowan/core/type_list.hpp>
#include <rowan/query/order.hpp>
#include <rowan/query/scope.hpp>
#include <rowan/query/shape.hpp>
#include <rowan/schema/dialect.hpp>

#include <cstddef>
#include <cstdint>

namespace rowan::detail {

/// `row_number()`, `rank()`, …: only behind it can OVER stand.
template <FixedString function>
struct RankingShape : ShapeBase {
    using Type = std::int64_t;
    template <class Scope>
    using Codec = rowan::Type<Type>;
    template <class Scope>
    static constexpr bool nullable = false;
    template <class Scope>
    using Parameters = TypeList<>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect&, std::size_t&) {
        out << function.view() << "()";
    }
};

/// `lag(x)` or `lead(x)`: NULL at the end of the window.
template <FixedString function, class Operand>
struct NeighbourShape : ShapeBase {
    using Type = typename Operand::Type;
    using Operands = TypeList<Operand>;
    template <class Scope>
    static constexpr bool nullable = true;
    template <class Scope>
    using Codec = typename Operand::template Codec<Scope>;
    template <class Scope>
    using Parameters = typename Operand::template Parameters<Scope>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        out << function.view() << '(';
        Operand::template write<Scope>(out, dialect, parameter);
        out << ')';
    }
};

template <class... Partition>
struct PartitionShapes {};

/// `function OVER (PARTITION BY … ORDER BY …)`.
template <class Function, class Partition, class Order>
struct OverShape;

template <class Function, class... Partition, class... Order>
struct OverShape<Function, PartitionShapes<Partition...>, OrderShapes<Order...>> : ShapeBase {
    using Type = typename Function::Type;
    using Operands = Concat<typename Function::Operands, TypeList<Partition..., typename Order::Key...>>;
    // A window around a row has that row in it, unless its frame was moved.
    template <class Scope>
    static constexpr bool nullable = Function::template nullable<Grouped<Scope>>;
    template <class Scope>
    using Codec = typename Function::template Codec<Scope>;
    template <class Scope>
    using Parameters =
        Concat<typename Function::template Parameters<Scope>, typename Partition::template Parameters<Scope>...,
               typename Order::template Parameters<Scope>...>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        Function::template write<Scope>(out, dialect, parameter);
        out << " OVER (";
        if constexpr (sizeof...(Partition) != 0) {
            Separator comma{", "};
            out << "PARTITION BY ";
            ((out << comma, Partition::template write<Scope>(out, dialect, parameter)), ...);
        }
        if constexpr (sizeof...(Order) != 0) {
            out << (sizeof...(Partition) != 0 ? " " : "") << "ORDER BY ";
            OrderShapes<Order...>::template write<Scope>(out, dialect, parameter);
        }
        out << ')';
    }
};

}  // namespace rowan::detail
