#pragma once

#include <rowan/core/fixed_string.hpp>
#include <rowan/core/text.hpp>
#include <rowan/core/type_list.hpp>
#include <rowan/query/shape.hpp>
#include <rowan/schema/dialect.hpp>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace rowan::detail {

/// A function that databases spell differently: the dialect's pattern, with the operands in its gaps. An operand may
/// stand in several; its parameters keep their numbers then.
template <Function function, class Value, class... Inner>
struct PatternShape : ShapeBase {
    using Type = Value;
    using Operands = TypeList<Inner...>;
    template <class Scope>
    using Codec = rowan::Type<Type>;
    static constexpr bool is_distinct_test = function == Function::distinct || function == Function::not_distinct;

    template <class Scope>
    static constexpr bool nullable =
        function == Function::json_text || (!is_distinct_test && (Inner::template nullable<Scope> || ...));
    template <class Scope>
    using Parameters = Concat<typename Inner::template Parameters<Scope>...>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        const std::array<std::size_t, sizeof...(Inner) + 1> first = [&] {
            std::array<std::size_t, sizeof...(Inner) + 1> numbers{parameter};
            std::size_t i = 0;
            ((numbers[i + 1] = numbers[i] + Inner::template Parameters<Scope>::size, ++i), ...);
            return numbers;
        }();
        out << '(';
        for (const char c : dialect.spelling(function)) {
            if (c > static_cast<char>(sizeof...(Inner)) || c <= 0) {
                out << c;
                continue;
            }
            std::size_t i = 0;
            const auto write_operand = [&]<class Operand> {
                if (++i != static_cast<std::size_t>(c)) return;
                std::size_t number = first[i - 1];
                write_inside<Operand, Scope>(out, dialect, number, Binding::atom);
            };
            (write_operand.template operator()<Inner>(), ...);
        }
        out << ')';
        parameter = first.back();
    }
};

/// `name(operand, …)`, spelled alike everywhere. NULL where an operand is, unless `any_null` is false.
template <FixedString function, class Value, bool any_null, class... Inner>
struct CallShape : ShapeBase {
    using Type = Value;
    using Operands = TypeList<Inner...>;
    template <class Scope>
    using Codec = rowan::Type<Type>;
    template <class Scope>
    static constexpr bool nullable =
        any_null ? (Inner::template nullable<Scope> || ...) : (Inner::template nullable<Scope> && ...);
    template <class Scope>
    using Parameters = Concat<typename Inner::template Parameters<Scope>...>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        Separator comma{", "};
        out << function.view() << '(';
        ((out << comma, Inner::template write<Scope>(out, dialect, parameter)), ...);
        out << ')';
    }
};

/// `Inner`, whose value is read as that of `Like`.
template <class Inner, class Like>
struct ReadAs : Inner {
    template <class Scope>
    using Codec = typename Like::template Codec<Scope>;
};

/// A path into a JSON document, as a constant text, the way the dialect writes it.
template <FixedString... steps>
struct JsonPathShape : ShapeBase {
    using Type = std::string;
    template <class Scope>
    using Codec = rowan::Type<Type>;
    template <class Scope>
    static constexpr bool nullable = false;
    template <class Scope>
    using Parameters = TypeList<>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t&) {
        char text[512]{};
        TextWriter path{text};
        dialect.write_json_path(path, std::array{steps.view()...});
        out.quoted(path.text(), '\'');
    }
};

/// `CAST(operand AS type)`.
template <class Value, class Operand>
struct CastShape : ShapeBase {
    using Type = Value;
    using Operands = TypeList<Operand>;
    template <class Scope>
    using Codec = rowan::Type<Type>;
    template <class Scope>
    static constexpr bool nullable = Operand::template nullable<Scope>;
    template <class Scope>
    using Parameters = typename Operand::template Parameters<Scope>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        out << "CAST(";
        Operand::template write<Scope>(out, dialect, parameter);
        out << " AS " << dialect.type_name(rowan::Type<Value>::column) << ')';
    }
};

/// Takes a whole range in one parameter.
template <class Like, class Scope>
struct ManyValues {
    using Codec = typename Like::template Codec<Scope>;
    static constexpr Form form{stored_as(Codec::column), true};

    template <class Sink, class Range>
    static ValueFault write(Sink& sink, const Range& range) {
        const Fault fault = sink.put_list(form.stored, [&](auto& list) {
            for (const auto& value : range) {
                const Fault found = write_operand<typename Like::Type, Codec>(list, value);
                if (found != Fault::none) return found;
            }
            return Fault::none;
        });
        return {fault, Like::template place<Scope>()};
    }
};

/// A list of values like those of `Like`, in one parameter.
template <class Like>
struct ListShape : ShapeBase {
    using Type = typename Like::Type;
    template <class Scope>
    using Codec = rowan::Type<Type>;
    template <class Scope>
    static constexpr bool nullable = false;
    template <class Scope>
    using Parameters = TypeList<ManyValues<Like, Scope>>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        write_parameter(out, dialect, parameter++);
        // Only here does the type stand in the text: a list is always a parameter of its own.
        if (dialect.array_parameters) out << "::" << dialect.array_type(ManyValues<Like, Scope>::form.stored);
    }
};

/// `WHEN condition THEN value`, once or more.
template <class Condition, class Value>
struct WhenShape {
    using Operands = TypeList<Condition, Value>;

    template <class Scope>
    static constexpr bool nullable = Value::template nullable<Scope>;
    template <class Scope>
    using Parameters =
        Concat<typename Condition::template Parameters<Scope>, typename Value::template Parameters<Scope>>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        out << " WHEN ";
        Condition::template write<Scope>(out, dialect, parameter);
        out << " THEN ";
        Value::template write<Scope>(out, dialect, parameter);
    }
};

/// `CASE WHEN … ELSE otherwise END`.
template <class Value, class Otherwise, class... Whens>
struct CaseShape : ShapeBase {
    using Type = Value;
    using Operands = Concat<typename Whens::Operands..., TypeList<Otherwise>>;
    template <class Scope>
    using Codec = rowan::Type<Type>;
    template <class Scope>
    static constexpr bool nullable = Otherwise::template nullable<Scope> || (Whens::template nullable<Scope> || ...);
    template <class Scope>
    using Parameters =
        Concat<typename Whens::template Parameters<Scope>..., typename Otherwise::template Parameters<Scope>>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        out << "CASE";
        (Whens::template write<Scope>(out, dialect, parameter), ...);
        out << " ELSE ";
        Otherwise::template write<Scope>(out, dialect, parameter);
        out << " END";
    }
};

}  // namespace rowan::detail
