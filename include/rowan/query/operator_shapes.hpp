#pragma once

#include <rowan/core/text.hpp>
#include <rowan/core/type_list.hpp>
#include <rowan/query/shape.hpp>
#include <rowan/schema/dialect.hpp>

#include <cstddef>
#include <string_view>

namespace rowan::detail {

enum class Operator : unsigned char {
    equal,
    not_equal,
    less,
    less_equal,
    greater,
    greater_equal,
    conjunction,
    disjunction,
    plus,
    minus,
    times,
    divided_by,
    modulo,
};

constexpr std::string_view spelling(Operator op) {
    switch (op) {
        case Operator::equal: return " = ";
        case Operator::not_equal: return " <> ";
        case Operator::less: return " < ";
        case Operator::less_equal: return " <= ";
        case Operator::greater: return " > ";
        case Operator::greater_equal: return " >= ";
        case Operator::conjunction: return " AND ";
        case Operator::disjunction: return " OR ";
        case Operator::plus: return " + ";
        case Operator::minus: return " - ";
        case Operator::times: return " * ";
        case Operator::divided_by: return " / ";
        case Operator::modulo: return " % ";
    }
    return " = ";
}

constexpr Binding binding_of(Operator op) {
    switch (op) {
        case Operator::conjunction: return Binding::conjunction;
        case Operator::disjunction: return Binding::disjunction;
        case Operator::plus:
        case Operator::minus: return Binding::sum;
        case Operator::times:
        case Operator::divided_by:
        case Operator::modulo: return Binding::product;
        default: return Binding::comparison;
    }
}

/// `left op right`, with a value of type Value.
template <Operator op, class Value, class Left, class Right>
struct BinaryShape : ShapeBase {
    using Type = Value;
    using Operands = TypeList<Left, Right>;
    template <class Scope>
    using Codec = rowan::Type<Type>;
    static constexpr Binding binding = binding_of(op);

    template <class Scope>
    static constexpr bool nullable = Left::template nullable<Scope> || Right::template nullable<Scope>;
    template <class Scope>
    using Parameters = Concat<typename Left::template Parameters<Scope>, typename Right::template Parameters<Scope>>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        // A comparison of comparisons, and what is subtracted or divided by, needs parentheses at equal binding.
        constexpr bool chains = binding != Binding::comparison;
        constexpr bool associates = op == Operator::conjunction || op == Operator::disjunction;
        constexpr auto tighter = static_cast<Binding>(static_cast<int>(binding) + 1);
        write_inside<Left, Scope>(out, dialect, parameter, chains ? binding : tighter);
        out << spelling(op);
        write_inside<Right, Scope>(out, dialect, parameter, associates ? binding : tighter);
    }
};

template <class Inner>
struct NotShape : ShapeBase {
    using Type = bool;
    using Operands = TypeList<Inner>;
    template <class Scope>
    using Codec = rowan::Type<Type>;
    static constexpr Binding binding = Binding::negation;

    template <class Scope>
    static constexpr bool nullable = Inner::template nullable<Scope>;
    template <class Scope>
    using Parameters = typename Inner::template Parameters<Scope>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        out << "NOT (";
        Inner::template write<Scope>(out, dialect, parameter);
        out << ')';
    }
};

/// In parentheses, as a minus sign behind another one would start a comment.
template <class Value, class Inner>
struct NegationShape : ShapeBase {
    using Type = Value;
    using Operands = TypeList<Inner>;
    template <class Scope>
    using Codec = rowan::Type<Type>;

    template <class Scope>
    static constexpr bool nullable = Inner::template nullable<Scope>;
    template <class Scope>
    using Parameters = typename Inner::template Parameters<Scope>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        out << "(-";
        write_inside<Inner, Scope>(out, dialect, parameter, Binding::atom);
        out << ')';
    }
};

template <class Inner, bool is_null>
struct NullTestShape : ShapeBase {
    using Type = bool;
    using Operands = TypeList<Inner>;
    template <class Scope>
    using Codec = rowan::Type<Type>;
    static constexpr Binding binding = Binding::comparison;

    template <class Scope>
    static constexpr bool nullable = false;
    template <class Scope>
    using Parameters = typename Inner::template Parameters<Scope>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        static_assert(Inner::template nullable<Scope>,
                      "rowan: this is never NULL here: the member is not a std::optional, and its table is not "
                      "left-joined");
        write_inside<Inner, Scope>(out, dialect, parameter, Binding::sum);
        out << (is_null ? " IS NULL" : " IS NOT NULL");
    }
};

/// `value BETWEEN low AND high`, both included.
template <class Inner, class Low, class High>
struct BetweenShape : ShapeBase {
    using Type = bool;
    using Operands = TypeList<Inner, Low, High>;
    template <class Scope>
    using Codec = rowan::Type<Type>;
    static constexpr Binding binding = Binding::comparison;

    template <class Scope>
    static constexpr bool nullable =
        Inner::template nullable<Scope> || Low::template nullable<Scope> || High::template nullable<Scope>;
    template <class Scope>
    using Parameters = Concat<typename Inner::template Parameters<Scope>, typename Low::template Parameters<Scope>,
                              typename High::template Parameters<Scope>>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        write_inside<Inner, Scope>(out, dialect, parameter, Binding::sum);
        out << " BETWEEN ";
        write_inside<Low, Scope>(out, dialect, parameter, Binding::sum);
        out << " AND ";
        write_inside<High, Scope>(out, dialect, parameter, Binding::sum);
    }
};

}  // namespace rowan::detail
