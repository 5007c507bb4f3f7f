#pragma once

#include <rowan/core/text.hpp>
#include <rowan/core/type_list.hpp>
#include <rowan/query/assignment.hpp>
#include <rowan/query/columns.hpp>
#include <rowan/query/insert.hpp>
#include <rowan/query/scope.hpp>
#include <rowan/query/select.hpp>
#include <rowan/query/shape.hpp>
#include <rowan/reflect/fields.hpp>
#include <rowan/schema/dialect.hpp>
#include <rowan/schema/managed.hpp>
#include <rowan/schema/table_info.hpp>
#include <rowan/types/timestamp.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <type_traits>
#include <utility>

/// Rows that a query gives, stored without passing through the program.
namespace rowan::detail {

template <class Shape>
concept IsValue = requires { Shape::is_value; };

/// The columns of T's table that rowan writes by itself, behind those that are assigned: the first version is a
/// constant, the times are parameters.
template <class T>
struct StampedColumns {
    static constexpr ManagedColumns managed = managed_columns<T>;
    static constexpr std::size_t times =
        (managed.updated_at != ManagedColumns::none ? 1 : 0) + (managed.created_at != ManagedColumns::none ? 1 : 0);
    static constexpr std::size_t count = times + (has_version<T> ? 1 : 0);

    /// The values of the parameters.
    static auto values(Timestamp now) {
        return [&]<std::size_t... I>(std::index_sequence<I...>) {
            return std::tuple{((void)I, now)...};
        }(std::make_index_sequence<times>{});
    }

    template <class Scope>
    using Taker = OneValue<ShapeOf<Timestamp>, Scope>;
    template <class Scope>
    using Parameters = std::conditional_t<
        times == 0, TypeList<>,
        std::conditional_t<times == 1, TypeList<Taker<Scope>>, TypeList<Taker<Scope>, Taker<Scope>>>>;
};

/// What is assigned to columns of T's table, as what a query selects.
template <class T, class... Assignments>
struct AssignedItems {
    using Stamped = StampedColumns<T>;
    using Items = TypeList<typename Assignments::Value...>;
    using Parts = Items;
    template <class Scope, class Groups>
    static constexpr bool settled = true;
    static constexpr std::size_t columns = sizeof...(Assignments) + Stamped::count;
    static constexpr std::array<std::uint16_t, columns> places = [] {
        std::array<std::uint16_t, columns> places{
            static_cast<std::uint16_t>(reflect::index_of<T, Assignments::member>())...};
        std::size_t i = sizeof...(Assignments);
        const ManagedColumns managed = Stamped::managed;
        for (const std::uint16_t column : {managed.version, managed.updated_at, managed.created_at})
            if (column != ManagedColumns::none) places[i++] = column;
        return places;
    }();

    /// A plain value is written as the column's own; expressions are made of the query's tables.
    template <class Assignment, class Scope>
    using ScopeOf = std::conditional_t<IsValue<typename Assignment::Value>, TableScope<T>, Scope>;

    template <class Scope>
    using Parameters = Concat<typename Assignments::template Parameters<ScopeOf<Assignments, Scope>>...,
                              typename Stamped::template Parameters<Scope>>;
    template <class Scope>
    using Row = std::tuple<>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        Separator comma{", "};
        ((out << comma, Assignments::template write_value<T, ScopeOf<Assignments, Scope>>(out, dialect, parameter)),
         ...);
        if (has_version<T>) out << comma << '1';
        for (std::size_t i = 0; i != Stamped::times; ++i) {
            out << comma;
            write_parameter(out, dialect, parameter++);
        }
    }

    /// Is every column set that takes no NULL, and that neither rowan nor the database makes?
    static constexpr bool is_complete() {
        constexpr const TableInfo& table = table_info<T>;
        for (std::size_t i = 0; i != table.columns.size(); ++i) {
            bool found = table.columns[i].nullable || (table.generated_key && is_key(table, i));
            for (const std::uint16_t place : places) found = found || place == i;
            if (!found) return false;
        }
        return true;
    }
};

/// `INSERT INTO "t" ("a", "b") SELECT …`, whose projection is AssignedItems.
template <class T, const Dialect& dialect, class Query>
struct InsertFrom {
    static constexpr auto parameters() { return forms_of(typename Query::template Parameters<void>{}); }

    static constexpr void write(TextWriter& out) {
        std::size_t parameter = 1;
        write_insert_into(out, dialect, table_info<T>, Query::Projection::places);
        out << ' ';
        Query::template write<void>(out, dialect, parameter);
    }
};

}  // namespace rowan::detail
