#pragma once

#include <rowan/core/text.hpp>
#include <rowan/core/type_list.hpp>
#include <rowan/query/columns.hpp>
#include <rowan/query/fault_error.hpp>
#include <rowan/query/select.hpp>
#include <rowan/query/set_operation.hpp>
#include <rowan/schema/ddl.hpp>
#include <rowan/schema/table_info.hpp>

#include <cstddef>
#include <string_view>
#include <type_traits>

/// Queries that have names in another.
namespace rowan::detail {

/// A query under the name of Struct's table, for the query behind it.
template <class Struct, class Query, bool is_recursive>
struct CteShape {
    static constexpr bool recursive = is_recursive;
    static constexpr bool fills = std::is_same_v<typename Query::template Row<void>, Struct>;

    using Parameters = typename Query::template Parameters<void>;

    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        constexpr TableInfo table = table_info<Struct>;
        static_assert(fills, "rowan: a query behind with<T> must fill T: select<T>(...)");
        if constexpr (!fills) return;
        write_bare_table_name(out, dialect, table);
        out << " (";
        if constexpr (!std::is_void_v<typename Query::Projection::Items>)
            write_names(out, dialect, typename Query::Projection::Items{});
        else
            write_columns(out, dialect, table, column_list<Struct, Columns::all>);
        out << ") AS (";
        Query::template write<void>(out, dialect, parameter);
        out << ')';
    }

private:
    /// The columns of the struct's table in the order in which the query selects them.
    template <class... Items>
    static constexpr void write_names(TextWriter& out, const Dialect& dialect, TypeList<Items...>) {
        Separator comma{", "};
        const auto write_name = [&](std::string_view member) {
            std::size_t i = 0;
            while (i + 1 < reflect::field_count<Struct> && reflect::names<Struct>[i] != member) ++i;
            out << comma;
            write_column(out, dialect, table_info<Struct>, i);
        };
        (write_name(Items::name), ...);
    }
};

/// `WITH … main`.
template <class Main, class... Ctes>
struct WithShape {
    static constexpr std::size_t columns = Main::columns;
    /// May a limit be written behind it?
    static constexpr bool takes_limit = std::is_same_v<typename Main::Limit, Nothing> &&
                                        std::is_same_v<typename Main::Offset, Nothing> && Main::lock == RowLock::none;
    using Projection = typename Main::Projection;
    template <class Outer>
    using Row = typename Main::template Row<void>;
    template <class Outer>
    using ScopeIn = typename Main::template ScopeIn<void>;
    template <class Outer, Wanted wanted = Wanted::rows>
    using Parameters = Concat<typename Ctes::Parameters..., typename Main::template Parameters<void>>;

    template <class Outer, Wanted wanted = Wanted::rows>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        write_wanted<WithShape, Outer, wanted>(out, dialect, parameter);
    }

    template <class>
    static constexpr void write_rows(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        Separator comma{", "};
        out << "WITH " << ((Ctes::recursive || ...) ? "RECURSIVE " : "");
        ((out << comma, Ctes::write(out, dialect, parameter)), ...);
        out << ' ';
        Main::template write<void>(out, dialect, parameter);
    }

    template <class, class RowSource>
    static ValueFault read(const RowSource& source, Row<void>& row) {
        return Main::template read<void>(source, row);
    }
};

}  // namespace rowan::detail
