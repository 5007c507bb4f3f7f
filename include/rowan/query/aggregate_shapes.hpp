#pragma once

#include <rowan/core/fixed_string.hpp>
#include <rowan/core/text.hpp>
#include <rowan/core/type_list.hpp>
#include <rowan/query/function_shapes.hpp>
#include <rowan/query/shape.hpp>
#include <rowan/schema/dialect.hpp>

#include <cstddef>
#include <cstdint>

namespace rowan::detail {

/// `count(*)`.
struct CountRowsShape : ShapeBase {
    using Type = std::int64_t;
    template <class Scope>
    using Codec = rowan::Type<Type>;
    static constexpr bool counts = true;

    template <class Scope>
    static constexpr bool nullable = false;
    template <class Scope>
    using Parameters = TypeList<>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect&, std::size_t&) {
        out << "count(*)";
    }
};

/// `count(x)` or `count(DISTINCT x)`.
template <class Operand, bool distinct>
struct CountShape : ShapeBase {
    using Type = std::int64_t;
    using Operands = TypeList<Operand>;
    template <class Scope>
    using Codec = rowan::Type<Type>;
    static constexpr bool counts = true;

    template <class Scope>
    static constexpr bool nullable = false;
    template <class Scope>
    using Parameters = typename Operand::template Parameters<Scope>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        out << "count(" << (distinct ? "DISTINCT " : "");
        Operand::template write<Scope>(out, dialect, parameter);
        out << ')';
    }
};

/// sum, avg, min or max: NULL where no row was counted.
template <FixedString function, class Value, class Operand>
struct AggregateShape : ShapeBase {
    using Type = Value;
    using Operands = TypeList<Operand>;
    template <class Scope>
    using Codec = rowan::Type<Type>;
    static constexpr bool counts = false;

    template <class Scope>
    static constexpr bool nullable = !Scope::grouped || Operand::template nullable<Scope>;
    template <class Scope>
    using Parameters = typename Operand::template Parameters<Scope>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        out << function.view() << '(';
        Operand::template write<Scope>(out, dialect, parameter);
        out << ')';
    }
};

/// min or max: of the column's own type, read as the column is.
template <FixedString function, class Operand>
struct ExtremeShape : AggregateShape<function, typename Operand::Type, Operand> {
    template <class Scope>
    using Codec = typename Operand::template Codec<Scope>;
};

/// `aggregate FILTER (WHERE condition)`: sum, avg, min and max of no row are NULL.
template <class Aggregate, class Condition>
struct FilterShape : ShapeBase {
    using Type = typename Aggregate::Type;
    using Operands = Concat<typename Aggregate::Operands, TypeList<Condition>>;
    static constexpr bool counts = Aggregate::counts;

    template <class Scope>
    static constexpr bool nullable = !Aggregate::counts;
    template <class Scope>
    using Codec = typename Aggregate::template Codec<Scope>;
    template <class Scope>
    using Parameters =
        Concat<typename Aggregate::template Parameters<Scope>, typename Condition::template Parameters<Scope>>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        Aggregate::template write<Scope>(out, dialect, parameter);
        out << " FILTER (WHERE ";
        Condition::template write<Scope>(out, dialect, parameter);
        out << ')';
    }
};

/// A sum of integers, which a database may give as a decimal, whose division has a fraction. The cast stands around
/// FILTER and OVER: `Inner` has them.
template <class Inner>
struct IntegerSumShape : CastShape<std::int64_t, Inner> {};

/// What FILTER and OVER stand behind, and what is made of it together with them.
template <class Shape>
struct Aggregated {
    using Bare = Shape;
    template <class Extended>
    using Whole = Extended;
};
template <class Inner>
struct Aggregated<IntegerSumShape<Inner>> {
    using Bare = Inner;
    template <class Extended>
    using Whole = IntegerSumShape<Extended>;
};

}  // namespace rowan::detail
