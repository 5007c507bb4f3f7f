#pragma once

#include <rowan/core/text.hpp>
#include <rowan/core/type_list.hpp>
#include <rowan/query/columns.hpp>
#include <rowan/query/fault_error.hpp>
#include <rowan/query/select.hpp>
#include <rowan/schema/dialect.hpp>

#include <cstddef>
#include <string_view>
#include <type_traits>

/// The rows of two queries together.
namespace rowan::detail {

/// What stands around a query that is made of others when it is counted.
template <class Shape, class Outer, Wanted wanted>
constexpr void write_wanted(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
    if (wanted == Wanted::existence) out << "EXISTS (";
    if (wanted == Wanted::count) out << "SELECT count(*) FROM (";
    Shape::template write_rows<Outer>(out, dialect, parameter);
    if (wanted == Wanted::existence) out << ')';
    if (wanted == Wanted::count) out << ") AS counted";
}

enum class SetOperation : unsigned char { union_all, union_distinct, intersect, except };

constexpr std::string_view spelling(SetOperation operation) {
    switch (operation) {
        case SetOperation::union_all: return " UNION ALL ";
        case SetOperation::union_distinct: return " UNION ";
        case SetOperation::intersect: return " INTERSECT ";
        case SetOperation::except: return " EXCEPT ";
    }
    return " UNION ALL ";
}

/// A part is written without parentheses, so that an order or limit in it would be that of the whole.
template <class Query>
inline constexpr bool ends_open = !requires { Query::is_arranged; };
template <class Query>
    requires requires { typename Query::From; }
inline constexpr bool ends_open<Query> =
    std::is_same_v<typename Query::Order, OrderShapes<>> && std::is_same_v<typename Query::Limit, Nothing> &&
    std::is_same_v<typename Query::Offset, Nothing> && Query::lock == RowLock::none;

template <SetOperation op, class First, class Second>
struct SetOperationShape;

/// Is it a single SELECT, or several whose order of evaluation does not matter beside another one of `op`?
template <SetOperation op, class Query>
inline constexpr bool joins_freely = requires { typename Query::From; };
template <SetOperation op, class First, class Second>
inline constexpr bool joins_freely<op, SetOperationShape<op, First, Second>> =
    op != SetOperation::except && joins_freely<op, First> && joins_freely<op, Second>;

/// Some databases let INTERSECT bind more tightly than the others, some go from left to right in any case.
template <SetOperation op, class Query>
inline constexpr bool stands_first = requires { typename Query::From; };
template <SetOperation op, SetOperation inner, class First, class Second>
inline constexpr bool stands_first<op, SetOperationShape<inner, First, Second>> =
    op != SetOperation::intersect || joins_freely<op, SetOperationShape<inner, First, Second>>;

/// The rows of one query, with, without or among those of another.
template <SetOperation op, class FirstQuery, class SecondQuery>
struct SetOperationShape {
    using First = FirstQuery;
    using Second = SecondQuery;
    static_assert(ends_open<First> && ends_open<Second>,
                  "rowan: the parts of union_all, union_, intersect and except have no order_by, limit or offset of "
                  "their own: order the whole, as in a.union_all(b).order_by(...)");

    static constexpr std::size_t columns = First::columns;
    template <class Outer>
    using Row = typename First::template Row<Outer>;
    template <class Outer, Wanted wanted = Wanted::rows>
    using Parameters = Concat<typename First::template Parameters<Outer>, typename Second::template Parameters<Outer>>;
    template <class Outer>
    using ScopeIn = typename First::template ScopeIn<Outer>;
    using Projection = typename First::Projection;

    template <class Outer, Wanted wanted = Wanted::rows>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        write_wanted<SetOperationShape, Outer, wanted>(out, dialect, parameter);
    }

    template <class Outer>
    static constexpr void write_rows(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        write_part<First, stands_first<op, First>, Outer>(out, dialect, parameter);
        out << spelling(op);
        write_part<Second, joins_freely<op, Second>, Outer>(out, dialect, parameter);
    }

    template <class Outer, class RowSource>
    static ValueFault read(const RowSource& source, Row<Outer>& row) {
        return First::template read<Outer>(source, row);
    }

private:
    /// Parentheses would do, but not all databases take them here.
    template <class Query, bool bare, class Outer>
    static constexpr void write_part(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        if (!bare) out << "SELECT * FROM (";
        Query::template write<Outer>(out, dialect, parameter);
        if (!bare) out << ") AS part";
    }
};

}  // namespace rowan::detail
