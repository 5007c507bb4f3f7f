#pragma once

#include <rowan/core/text.hpp>
#include <rowan/core/type_list.hpp>
#include <rowan/query/columns.hpp>
#include <rowan/query/grouping.hpp>
#include <rowan/query/order.hpp>
#include <rowan/query/projection.hpp>
#include <rowan/query/scope.hpp>
#include <rowan/query/shape.hpp>
#include <rowan/query/subquery_shapes.hpp>
#include <rowan/schema/ddl.hpp>
#include <rowan/schema/dialect.hpp>
#include <rowan/types/integer.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace rowan::detail {

/// A clause that is not there.
struct Nothing {
    using Operands = TypeList<>;
    template <class Scope>
    using Parameters = TypeList<>;
};

/// How many rows at most: a constant, a parameter, or any number. An offset is a parameter or none.
template <std::size_t count>
struct LimitTo : Nothing {};
struct NumberParameter {
    template <class Scope>
    using Parameters = TypeList<OneValue<ShapeOf<std::int64_t>, Scope>>;
};

constexpr void write_limit(TextWriter&, const Dialect&, std::size_t&, Nothing) {}
constexpr void write_limit(TextWriter& out, const Dialect& dialect, std::size_t& parameter, NumberParameter) {
    out << " LIMIT ";
    write_parameter(out, dialect, parameter++);
}
template <std::size_t count>
constexpr void write_limit(TextWriter& out, const Dialect&, std::size_t&, LimitTo<count>) {
    out << " LIMIT ";
    out.number(count);
}

template <class Limit, class Offset>
constexpr void write_limit_and_offset(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
    write_limit(out, dialect, parameter, Limit{});
    if constexpr (!std::is_same_v<Offset, Nothing>) {
        if constexpr (std::is_same_v<Limit, Nothing>) out << dialect.no_limit;
        out << " OFFSET ";
        write_parameter(out, dialect, parameter++);
    }
}

/// `JOIN table ON condition`; a source that is optional makes it a LEFT JOIN.
template <class JoinedSource, class On>
struct JoinShape {
    using Source = JoinedSource;
    using Condition = On;
};

/// What stands behind FROM.
template <class FirstSource, class... Joins>
struct FromShape {
    using First = FirstSource;
    using Conditions = TypeList<typename Joins::Condition...>;
    static constexpr bool joined = sizeof...(Joins) != 0;
    static constexpr bool qualified = joined || !First::alias.empty();

    template <class Join>
    using With = FromShape<FirstSource, Joins..., Join>;

    template <class Outer, bool grouped>
    using ScopeIn = Scope<Outer, qualified || !std::is_void_v<Outer>, grouped, First, typename Joins::Source...>;

    template <class Scope>
    using Parameters = Concat<typename Joins::Condition::template Parameters<Scope>...>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        out << " FROM ";
        write_source<First>(out, dialect);
        (write_join<Joins, Scope>(out, dialect, parameter), ...);
    }

private:
    template <class Source>
    static constexpr void write_source(TextWriter& out, const Dialect& dialect) {
        write_table_name(out, dialect, table_info<typename Source::Entity>);
        if constexpr (!Source::alias.empty()) {
            out << " AS ";
            write_identifier(out, dialect, Source::alias);
        }
    }

    template <class Join, class Scope>
    static constexpr void write_join(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        out << (Join::Source::optional ? " LEFT JOIN " : " JOIN ");
        write_source<typename Join::Source>(out, dialect);
        out << " ON ";
        Join::Condition::template write<Scope>(out, dialect, parameter);
    }
};

template <class... Shapes>
struct GroupShapes {
    using Items = TypeList<Shapes...>;
    static constexpr bool any = sizeof...(Shapes) != 0;

    template <class Scope>
    using Parameters = Concat<typename Shapes::template Parameters<Scope>...>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        Separator comma{", "};
        ((out << comma, Shapes::template write<Scope>(out, dialect, parameter)), ...);
    }
};

enum class RowLock : unsigned char { none, update, update_skip_locked };

template <class Shape>
struct SelectText;

/// Is the projection written, or the order?
template <class Shape, Wanted wanted>
inline constexpr bool has_projection = wanted == Wanted::rows || Shape::distinct;
template <class Shape, Wanted wanted>
inline constexpr bool has_order = wanted == Wanted::rows;

/// The clauses of a SELECT, in the order in which they are written. Each step of a query makes one, so that it says as
/// little as it can: the rest is in SelectText, which the last one needs, and in the templates behind it.
template <class FromClause, class ProjectionClause = WholeRows, class WhereClause = Nothing,
          class GroupClause = GroupShapes<>, class HavingClause = Nothing, class OrderClause = OrderShapes<>,
          class LimitClause = Nothing, class OffsetClause = Nothing, bool is_distinct = false,
          RowLock row_lock = RowLock::none, bool is_backwards = false>
struct SelectShape {
    using From = FromClause;
    using Projection = ProjectionClause;
    using Where = WhereClause;
    using Group = GroupClause;
    using Having = HavingClause;
    using Order = OrderClause;
    using Limit = LimitClause;
    using Offset = OffsetClause;
    static constexpr bool distinct = is_distinct;
    static constexpr RowLock lock = row_lock;
    /// The rows come in the opposite of the order that was asked for, and are turned round when they are here.
    static constexpr bool backwards = is_backwards;
    static constexpr std::size_t columns = Projection::columns;

    /// What it is made of, for a query around it; a template, as few queries ask.
    template <class = void>
    using Parts = Concat<typename Projection::Parts, typename From::Conditions, TypeList<Where, Having>,
                         typename Group::Items, typename Order::Keys>;

    template <class Outer>
    using ScopeIn = typename From::template ScopeIn<Outer, Group::any>;
    template <class Outer>
    using Row = typename Projection::template Row<ScopeIn<Outer>>;

    /// Fills a row from what the statement gives.
    template <class Outer, class RowSource>
    static ValueFault read(const RowSource& source, Row<Outer>& row) {
        return Projection::template read<ScopeIn<Outer>>(source, row);
    }

    template <class Outer, Wanted wanted = Wanted::rows, class Scope = ScopeIn<Outer>>
    using Parameters = Concat<
        std::conditional_t<has_projection<SelectShape, wanted>, typename Projection::template Parameters<Scope>,
                           TypeList<>>,
        typename From::template Parameters<Scope>, typename Where::template Parameters<Scope>,
        typename Group::template Parameters<Scope>, typename Having::template Parameters<Scope>,
        std::conditional_t<has_order<SelectShape, wanted>, typename Order::template Parameters<Scope>, TypeList<>>,
        typename Limit::template Parameters<Scope>, typename Offset::template Parameters<Scope>>;

    template <class Outer, Wanted wanted = Wanted::rows>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        SelectText<SelectShape>::template write<Outer, wanted>(out, dialect, parameter);
    }
};

/// The same with another clause.
template <class Shape, class NewFrom>
using WithFrom = SelectShape<NewFrom, typename Shape::Projection, typename Shape::Where, typename Shape::Group,
                             typename Shape::Having, typename Shape::Order, typename Shape::Limit,
                             typename Shape::Offset, Shape::distinct, Shape::lock, Shape::backwards>;
template <class Shape, class NewProjection>
using WithProjection = SelectShape<typename Shape::From, NewProjection, typename Shape::Where, typename Shape::Group,
                                   typename Shape::Having, typename Shape::Order, typename Shape::Limit,
                                   typename Shape::Offset, Shape::distinct, Shape::lock, Shape::backwards>;
template <class Shape, class NewWhere>
using WithWhere = SelectShape<typename Shape::From, typename Shape::Projection, NewWhere, typename Shape::Group,
                              typename Shape::Having, typename Shape::Order, typename Shape::Limit,
                              typename Shape::Offset, Shape::distinct, Shape::lock, Shape::backwards>;
template <class Shape, class NewGroup>
using WithGroup = SelectShape<typename Shape::From, typename Shape::Projection, typename Shape::Where, NewGroup,
                              typename Shape::Having, typename Shape::Order, typename Shape::Limit,
                              typename Shape::Offset, Shape::distinct, Shape::lock, Shape::backwards>;
template <class Shape, class NewHaving>
using WithHaving = SelectShape<typename Shape::From, typename Shape::Projection, typename Shape::Where,
                               typename Shape::Group, NewHaving, typename Shape::Order, typename Shape::Limit,
                               typename Shape::Offset, Shape::distinct, Shape::lock, Shape::backwards>;
template <class Shape, class NewOrder>
using WithOrder = SelectShape<typename Shape::From, typename Shape::Projection, typename Shape::Where,
                              typename Shape::Group, typename Shape::Having, NewOrder, typename Shape::Limit,
                              typename Shape::Offset, Shape::distinct, Shape::lock, Shape::backwards>;
template <class Shape, class NewLimit>
using WithLimit = SelectShape<typename Shape::From, typename Shape::Projection, typename Shape::Where,
                              typename Shape::Group, typename Shape::Having, typename Shape::Order, NewLimit,
                              typename Shape::Offset, Shape::distinct, Shape::lock, Shape::backwards>;
template <class Shape, class NewOffset>
using WithOffset = SelectShape<typename Shape::From, typename Shape::Projection, typename Shape::Where,
                               typename Shape::Group, typename Shape::Having, typename Shape::Order,
                               typename Shape::Limit, NewOffset, Shape::distinct, Shape::lock, Shape::backwards>;
template <class Shape, class NewWhere, class NewOrder>
using Backwards = SelectShape<typename Shape::From, typename Shape::Projection, NewWhere, typename Shape::Group,
                              typename Shape::Having, NewOrder, typename Shape::Limit, typename Shape::Offset,
                              Shape::distinct, Shape::lock, true>;
template <class Shape, bool new_distinct, RowLock new_lock>
using WithFlags = SelectShape<typename Shape::From, typename Shape::Projection, typename Shape::Where,
                              typename Shape::Group, typename Shape::Having, typename Shape::Order,
                              typename Shape::Limit, typename Shape::Offset, new_distinct, new_lock, Shape::backwards>;

/// Only a whole query whose rows were not merged or cut counts as it stands.
template <class Shape>
inline constexpr bool counts_rows =
    !Shape::Group::any && !Shape::distinct && std::is_same_v<typename Shape::Limit, Nothing> &&
    std::is_same_v<typename Shape::Offset, Nothing> && std::is_same_v<typename Shape::Having, Nothing>;

/// The text of a SELECT.
template <class Shape>
struct SelectText {
    using From = typename Shape::From;
    using Projection = typename Shape::Projection;
    using Where = typename Shape::Where;
    using Group = typename Shape::Group;
    using Having = typename Shape::Having;
    using Order = typename Shape::Order;
    static constexpr bool distinct = Shape::distinct;
    static constexpr RowLock lock = Shape::lock;
    template <class Outer>
    using ScopeIn = typename Shape::template ScopeIn<Outer>;

    template <class Outer, Wanted wanted>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        if constexpr (wanted == Wanted::rows) {
            write_rows<Outer, wanted>(out, dialect, parameter);
        } else if constexpr (wanted == Wanted::existence) {
            out << "EXISTS (";
            write_rows<Outer, wanted>(out, dialect, parameter);
            out << ')';
        } else if constexpr (counts_rows<Shape>) {
            out << "SELECT count(*)";
            write_tail<Outer, wanted>(out, dialect, parameter);
        } else {
            out << "SELECT count(*) FROM (";
            write_rows<Outer, wanted>(out, dialect, parameter);
            out << ") AS limited";
        }
    }

    /// What stands behind the projection.
    template <class Outer, Wanted wanted>
    static constexpr void write_tail(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        using Scope = ScopeIn<Outer>;
        From::template write<Scope>(out, dialect, parameter);
        if constexpr (!std::is_same_v<Where, Nothing>) {
            static_assert(!aggregates<TypeList<Where>>,
                          "rowan: where chooses rows before they are grouped, so that no aggregate can stand in it: "
                          "say having(...)");
            out << " WHERE ";
            Where::template write<Scope>(out, dialect, parameter);
        }
        if constexpr (Group::any) {
            static_assert(
                Group::template Parameters<Scope>::size == 0,
                "rowan: a value in a grouped expression is a parameter of its own, so that the database would "
                "not know the expression again where it is selected: write it as rowan::constant<value>");
            out << " GROUP BY ";
            Group::template write<Scope>(out, dialect, parameter);
        }
        if constexpr (!std::is_same_v<Having, Nothing>) {
            out << " HAVING ";
            Having::template write<Scope>(out, dialect, parameter);
        }
        if constexpr (has_order<Shape, wanted> && !std::is_same_v<Order, OrderShapes<>>) {
            static_assert(
                !distinct || Order::template Parameters<Scope>::size == 0,
                "rowan: a value in the order of distinct rows is a parameter of its own, so that the database "
                "would not know the expression again where it is selected: write it as rowan::constant<value>");
            out << " ORDER BY ";
            Order::template write<Scope>(out, dialect, parameter);
        }
        write_limit_and_offset<typename Shape::Limit, typename Shape::Offset>(out, dialect, parameter);
        if (lock == RowLock::update) out << " FOR UPDATE";
        if (lock == RowLock::update_skip_locked) out << " FOR UPDATE SKIP LOCKED";
    }

private:
    /// Is there one row a group, or one of all rows?
    static constexpr bool is_grouped =
        Group::any || aggregates<Concat<typename Projection::Parts, TypeList<Having>, typename Order::Keys>>;

    template <class Outer, Wanted wanted>
    static consteval bool require_grouped() {
        using Scope = ScopeIn<Outer>;
        using Groups = Grouping<Scope, typename Group::Items>;
        using Selected = std::conditional_t<has_projection<Shape, wanted>, typename Projection::Parts, TypeList<>>;
        using Ordered = std::conditional_t<has_order<Shape, wanted>, typename Order::Keys, TypeList<>>;
        constexpr bool whole = !has_projection<Shape, wanted> || Projection::template settled<Scope, Groups>;
        constexpr bool grouped = Groups::template allow<Scope>(Concat<Selected, TypeList<Having>, Ordered>{});
        static_assert(
            whole && grouped,
            "rowan: a column that is selected, ordered by or in having has no single value in a group: name it "
            "in group_by(...), or take min(...), max(...) or another aggregate of it");
        return true;
    }

    template <class Outer, Wanted wanted>
    static constexpr void write_rows(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        if constexpr (is_grouped) static_assert(require_grouped<Outer, wanted>());
        out << "SELECT " << (distinct ? "DISTINCT " : "");
        if constexpr (has_projection<Shape, wanted>)
            Projection::template write<ScopeIn<Outer>>(out, dialect, parameter);
        else
            out << '1';
        write_tail<Outer, wanted>(out, dialect, parameter);
    }
};

/// A query as a statement.
template <class Query, const Dialect& dialect, Wanted wanted = Wanted::rows>
struct QueryText {
    static constexpr auto parameters() { return forms_of(typename Query::template Parameters<void, wanted>{}); }

    static constexpr void write(TextWriter& out) {
        std::size_t parameter = 1;
        if (wanted == Wanted::existence) out << "SELECT ";
        Query::template write<void, wanted>(out, dialect, parameter);
    }
};

/// The condition that a row has a key: its parameters are bound by write_key.
template <class T>
struct HasKey {
    using Operands = TypeList<>;
    template <class Scope>
    using Parameters = TypeList<>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        constexpr auto& key = column_list<T, Columns::key>;
        write_assignments(out, dialect, table_info<T>, key, parameter, " AND ");
        parameter += key.size();
    }
};

template <class T>
using RowByKeyShape = SelectShape<FromShape<Source<T>>, WholeRows, HasKey<T>>;

/// The row with a key, or whether there is one.
template <class T, const Dialect& dialect, Wanted wanted>
struct SelectByKey {
    static constexpr auto parameters() { return column_forms<T, Columns::key>; }

    static constexpr void write(TextWriter& out) {
        std::size_t parameter = 1;
        if (wanted == Wanted::existence) out << "SELECT ";
        RowByKeyShape<T>::template write<void, wanted>(out, dialect, parameter);
    }
};

}  // namespace rowan::detail
