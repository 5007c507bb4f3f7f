#pragma once

#include <rowan/query/column.hpp>
#include <rowan/query/function_shapes.hpp>
#include <rowan/query/order.hpp>
#include <rowan/query/projection.hpp>
#include <rowan/query/select.hpp>
#include <rowan/query/statement.hpp>
#include <rowan/reflect/fields.hpp>
#include <rowan/schema/table_info.hpp>
#include <rowan/types/integer.hpp>

#include <cstddef>
#include <type_traits>

namespace rowan::detail {

/// May a function be called with each row of this query? Not where rows are merged or left out after they were made.
template <class Query>
inline constexpr bool gives_each_row = false;
template <class Query>
    requires requires { typename Query::Projection; }
inline constexpr bool gives_each_row<Query> =
    std::is_same_v<typename Query::Projection, WholeRows> && !Query::From::qualified && Query::counts_rows;

/// Does a query give the rows that have one of a list of integer keys, in any order? `Key` is the member.
template <class Where>
struct KeysOf {
    static constexpr bool among_keys = false;
};
template <auto Member, FixedString alias>
struct KeysOf<
    PatternShape<Function::in_list, bool, ColumnShape<Member, alias>, ListShape<ColumnShape<Member, alias>>>> {
    using Class = reflect::ClassOf<Member>;
    static constexpr std::size_t column = reflect::index_of<Class, Member>();
    static constexpr bool among_keys =
        Integer<reflect::MemberOf<Member>> && table_info<Class>.key.size() == 1 && table_info<Class>.key[0] == column;
};

template <class Query>
inline constexpr bool gives_rows_of_keys = false;
template <class Query>
    requires gives_each_row<Query>
inline constexpr bool gives_rows_of_keys<Query> =
    KeysOf<typename Query::Where>::among_keys && std::is_same_v<typename Query::Order, OrderShapes<>>;

/// A query of whole rows that hands them to a function, which the last parameter belongs to.
template <class Query, const Dialect& dialect>
struct TakeText {
    static constexpr auto parameters() { return forms_of(typename Query::template Parameters<void>{}); }

    static constexpr void write(TextWriter& out) {
        constexpr bool ordered = !std::is_same_v<typename Query::Order, OrderShapes<>>;
        std::size_t parameter = 1;
        out << "SELECT " << (ordered ? dialect.take : dialect.take_all) << '(';
        write_parameter(out, dialect, parameters().size() + 1);
        out << ", ";
        Query::Projection::template write<typename Query::template ScopeIn<void>>(out, dialect, parameter);
        out << ')';
        if constexpr (gives_rows_of_keys<Query>)
            write_keys(out, parameter);
        else
            Query::template write_tail<void, Wanted::rows>(out, dialect, parameter);
    }

private:
    /// From key to row, without the index of its own that IN makes of a list.
    static constexpr void write_keys(TextWriter& out, std::size_t parameter) {
        using Entity = typename Query::From::First::Entity;
        out << " FROM " << dialect.set << '(';
        write_parameter(out, dialect, parameter);
        out << ") CROSS JOIN ";
        write_table_name(out, dialect, table_info<Entity>);
        out << " ON ";
        write_column(out, dialect, table_info<Entity>, table_info<Entity>.key[0]);
        out << " = " << dialect.set_member;
    }
};

}  // namespace rowan::detail
