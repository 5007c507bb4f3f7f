#pragma once

#include <rowan/core/type_list.hpp>
#include <rowan/query/columns.hpp>
#include <rowan/query/scope.hpp>
#include <rowan/query/subquery_shapes.hpp>
#include <rowan/schema/table_info.hpp>

#include <cstddef>
#include <type_traits>

/// Where rows are grouped, a column has one value a group only if it is grouped itself or stands inside an aggregate.
/// Some databases take it from any row of the group otherwise.
namespace rowan::detail {

/// A shape that makes one value of many rows: `counts` says that it is never NULL.
template <class Shape>
concept Aggregate = requires { Shape::counts; };

template <class Shape>
concept Column = requires { Shape::is_column; };

template <class Shape>
concept Subqueried = requires { typename Shape::Subquery; };

/// Is there an aggregate in it, other than as the function of a window, or in a query of its own?
template <class Shape>
inline constexpr bool aggregates = false;
template <class... Shapes>
inline constexpr bool aggregates<TypeList<Shapes...>> =
    ((Aggregate<Shapes> || aggregates<typename Shapes::Operands>) || ...);

/// Without a name of its own.
template <class Shape>
struct Unnamed {
    using type = Shape;
};
template <class Inner, FixedString name>
struct Unnamed<NamedShape<Inner, name>> : Unnamed<Inner> {};

/// May what is selected, kept by HAVING or ordered by from groups name this? `QueryScope` is that of the grouped query.
template <class QueryScope, class Groups>
struct Grouping;

template <class QueryScope, class... Groups>
struct Grouping<QueryScope, TypeList<Groups...>> {
    /// `Local` is the query's scope, or that of a query inside it.
    template <class Local, class... Shapes>
    static consteval bool allow(TypeList<Shapes...>) {
        return (allows<Local, typename Unnamed<Shapes>::type>() && ...);
    }

    /// Is the whole key of this table grouped?
    template <class Table>
    static consteval bool has_key() {
        constexpr const TableInfo& table = table_info<typename Table::Entity>;
        for (const std::uint16_t part : table.key)
            if (!(is_column_of<typename Unnamed<Groups>::type, Table>(part) || ...)) return false;
        return !table.key.empty();
    }

private:
    template <class Local, class Shape>
    static consteval bool allows() {
        if constexpr ((std::is_same_v<Shape, typename Unnamed<Groups>::type> || ...) || Aggregate<Shape>)
            return true;
        else if constexpr (Column<Shape>)
            return is_settled<Local, Shape>();
        else if constexpr (Subqueried<Shape>)
            return allow<Local>(typename Shape::Operands{}) && allows_query<Local, typename Shape::Subquery>();
        else
            return allow<Local>(typename Shape::Operands{});
    }

    /// A query inside may name the columns of this one.
    template <class Local, class Query>
    static consteval bool allows_query() {
        if constexpr (requires { typename Query::From; })
            return allow<typename Query::template ScopeIn<Local>>(typename Query::template Parts<>{});
        else if constexpr (requires { typename Query::Second; })
            return allows_query<Local, typename Query::First>() && allows_query<Local, typename Query::Second>();
        else
            return true;
    }

    /// The column of a query around this one, or of one inside, has one value here; one of this query if the whole key
    /// of its table is grouped.
    template <class Local, class Shape>
    static consteval bool is_settled() {
        using Table = typename Shape::template Here<Local>;
        if constexpr (!std::is_same_v<Table, NotLocated>)
            return !std::is_same_v<Local, QueryScope> || has_key<Table>();
        else if constexpr (std::is_void_v<typename Local::Outer>)
            return true;
        else
            return is_settled<typename Local::Outer, Shape>();
    }

    template <class Shape, class Table>
    static consteval bool is_column_of(std::size_t column) {
        if constexpr (Column<Shape>) {
            if constexpr (std::is_same_v<typename Shape::template Here<QueryScope>, Table>)
                return Shape::template column<QueryScope> == column;
        }
        return false;
    }
};

}  // namespace rowan::detail
