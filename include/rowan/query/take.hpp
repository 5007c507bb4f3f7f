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
#include <string_view>
#include <type_traits>

namespace rowan::detail {

/// May a function be called with each row of this query? Not where rows are merged or left out after they were made.
template <class Query>
inline constexpr bool gives_each_row = false;
template <class Query>
    requires requires { typename Query::Projection; }
inline constexpr bool gives_each_row<Query> =
    std::is_same_v<typename Query::Projection, WholeRows> && !Query::From::qualified && counts_rows<Query>;

/// Is a column the whole key of its table, and an integer?
template <auto Member>
inline constexpr bool is_integer_key = [] {
    constexpr const TableInfo& info = table_info<reflect::ClassOf<Member>>;
    return Integer<reflect::MemberOf<Member>> && info.key.size() == 1 &&
           info.key[0] == reflect::index_of<reflect::ClassOf<Member>, Member>();
}();

/// How rows that are taken are to be ordered.
enum class TakenOrder : unsigned char {
    any,
    by_key,  ///< by an integer key, ascending: mostly they come like that, and if not, the program can sort them
    by_statement,
};

template <class Order>
inline constexpr TakenOrder taken_order = TakenOrder::by_statement;
template <>
inline constexpr TakenOrder taken_order<OrderShapes<>> = TakenOrder::any;
template <auto Member, FixedString alias>
inline constexpr TakenOrder taken_order<OrderShapes<OrderShape<ColumnShape<Member, alias>, false, Nulls::by_default>>> =
    is_integer_key<Member> ? TakenOrder::by_key : TakenOrder::by_statement;

template <class Query>
inline constexpr TakenOrder order_of_taken = TakenOrder::any;
template <class Query>
    requires gives_each_row<Query>
inline constexpr TakenOrder order_of_taken<Query> = taken_order<typename Query::Order>;

/// Does a condition choose the rows that have one of a list of integer keys?
template <class Where>
inline constexpr bool is_among_keys = false;
template <auto Member, FixedString alias>
inline constexpr bool is_among_keys<
    PatternShape<Function::in_list, bool, ColumnShape<Member, alias>, ListShape<ColumnShape<Member, alias>>>> =
    is_integer_key<Member>;

/// Begins a query that hands its rows to `function`.
template <class Entity>
constexpr void write_take(TextWriter& out, const Dialect& dialect, std::string_view function) {
    out << "SELECT " << function << '(';
    write_all_columns<Entity>(out, dialect);
    out << ')';
}

/// The row with a key, handed over.
template <class T, const Dialect& dialect>
struct TakeByKey {
    static constexpr auto parameters() { return column_forms<T, Columns::key>; }

    static constexpr void write(TextWriter& out) {
        write_take<T>(out, dialect, dialect.take);
        std::size_t parameter = 1;
        SelectText<RowByKeyShape<T>>::template write_tail<void, Wanted::rows>(out, dialect, parameter);
    }
};

/// A query of whole rows that hands them to a function.
template <class Query, const Dialect& dialect>
struct TakeText {
    static constexpr auto parameters() { return forms_of(typename Query::template Parameters<void>{}); }

    static constexpr void write(TextWriter& out) {
        constexpr TakenOrder order = taken_order<typename Query::Order>;
        constexpr bool ordered = order == TakenOrder::by_statement;
        using Entity = typename Query::From::First::Entity;
        write_take<Entity>(out, dialect, ordered ? dialect.take : dialect.take_all);
        if constexpr (!ordered && is_among_keys<typename Query::Where>) {
            write_keys(out);
        } else {
            using Sent = std::conditional_t<order == TakenOrder::by_key, WithOrder<Query, OrderShapes<>>, Query>;
            std::size_t parameter = 1;
            SelectText<Sent>::template write_tail<void, Wanted::rows>(out, dialect, parameter);
        }
    }

private:
    /// From key to row, without the index of its own that IN makes of a list.
    static constexpr void write_keys(TextWriter& out) {
        using Entity = typename Query::From::First::Entity;
        out << " FROM " << dialect.set << '(';
        write_parameter(out, dialect, 1);
        out << ") CROSS JOIN ";
        write_table_name(out, dialect, table_info<Entity>);
        out << " ON ";
        write_column(out, dialect, table_info<Entity>, table_info<Entity>.key[0]);
        out << " = " << dialect.set_member;
    }
};

}  // namespace rowan::detail
