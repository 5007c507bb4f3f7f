#pragma once

#include <rowan/core/fixed_string.hpp>
#include <rowan/core/text.hpp>
#include <rowan/core/type_list.hpp>
#include <rowan/query/frame.hpp>
#include <rowan/query/function_shapes.hpp>
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

/// `lag(x, rows, otherwise)`, or lead: NULL at the end of the window where nothing is said of it.
template <FixedString function, std::uint32_t rows, class Inner, class... Otherwise>
struct NeighbourShape : ShapeBase {
    using Type = typename Inner::Type;
    using Operands = TypeList<Inner, Otherwise...>;
    template <class Scope>
    static constexpr bool nullable =
        sizeof...(Otherwise) == 0 || Inner::template nullable<Scope> || (Otherwise::template nullable<Scope> || ...);
    template <class Scope>
    using Codec = typename Inner::template Codec<Scope>;
    template <class Scope>
    using Parameters =
        Concat<typename Inner::template Parameters<Scope>, typename Otherwise::template Parameters<Scope>...>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        out << function.view() << '(';
        Inner::template write<Scope>(out, dialect, parameter);
        if (rows != 1 || sizeof...(Otherwise) != 0) {
            out << ", ";
            out.number(rows);
        }
        ((out << ", ", Otherwise::template write<Scope>(out, dialect, parameter)), ...);
        out << ')';
    }
};

/// `first_value(x)` or `last_value(x)`: NULL where the frame has no row.
template <FixedString function, class Inner>
struct FrameValueShape : CallShape<function, typename Inner::Type, true, Inner> {
    template <class Scope>
    static constexpr bool nullable = !Scope::grouped || Inner::template nullable<Scope>;
    template <class Scope>
    using Codec = typename Inner::template Codec<Scope>;
};

template <class... Partition>
struct PartitionShapes {};

/// `function OVER (PARTITION BY … ORDER BY … ROWS BETWEEN …)`.
template <class Function, class Partition, class Order, class Frame>
struct OverShape;

template <class Function, class... Partition, class... Order, class Frame>
struct OverShape<Function, PartitionShapes<Partition...>, OrderShapes<Order...>, Frame> : ShapeBase {
    using Type = typename Function::Type;
    using Operands = Concat<typename Function::Operands, TypeList<Partition..., typename Order::Key...>>;
    // A window around a row has that row in it, unless its frame was moved.
    template <class Scope>
    static constexpr bool nullable = Function::template nullable<Grouped<Scope, Frame::has_current>>;
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
        Frame::write(out, sizeof...(Partition) + sizeof...(Order) != 0);
        out << ')';
    }
};

}  // namespace rowan::detail
