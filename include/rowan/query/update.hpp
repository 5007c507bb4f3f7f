#pragma once

#include <rowan/core/text.hpp>
#include <rowan/core/type_list.hpp>
#include <rowan/query/columns.hpp>
#include <rowan/query/scope.hpp>
#include <rowan/query/select.hpp>
#include <rowan/query/shape.hpp>
#include <rowan/query/touch.hpp>
#include <rowan/schema/ddl.hpp>
#include <rowan/schema/managed.hpp>

#include <cstddef>
#include <type_traits>

namespace rowan::detail {

/// All columns of the row with the entity's key, and with its version where it has one: `UPDATE "t" SET "a" = $1,
/// "version" = "version" + 1 WHERE "id" = $2 AND "version" = $3`.
template <class T, const Dialect& dialect>
struct Update {
    static constexpr auto parameters() { return column_forms<T, Columns::written_then_key_and_version>; }

    static constexpr void write(TextWriter& out) {
        constexpr auto& set = column_list<T, Columns::written>;
        constexpr auto& row = column_list<T, Columns::key_and_version>;
        out << "UPDATE ";
        write_table_name(out, dialect, table_info<T>);
        out << " SET ";
        write_assignments(out, dialect, table_info<T>, set, 1, ", ");
        if constexpr (has_version<T>) {
            if (!set.empty()) out << ", ";
            write_version_bump(out, dialect, table_info<T>);
        }
        out << " WHERE ";
        write_assignments(out, dialect, table_info<T>, row, 1 + set.size(), " AND ");
    }
};

/// `WHERE condition`, or nothing for all rows.
template <class T, class Where>
constexpr void write_where(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
    if constexpr (!std::is_same_v<Where, Nothing>) {
        out << " WHERE ";
        Where::template write<TableScope<T>>(out, dialect, parameter);
    }
}

template <class T>
constexpr void write_returning(TextWriter& out, const Dialect& dialect) {
    out << " RETURNING ";
    write_columns(out, dialect, table_info<T>, column_list<T, Columns::all>);
}

/// `UPDATE "t" SET assignments WHERE condition`, with the changed rows where they are wanted.
template <class T, const Dialect& dialect, class Where, bool returning, class... Assignments>
struct UpdateWhere {
    using Parameters =
        Concat<typename Assignments::template Parameters<TableScope<T>>..., TouchShape::ParametersFor<T, TableScope<T>>,
               typename Where::template Parameters<TableScope<T>>>;

    static constexpr auto parameters() { return forms_of(Parameters{}); }

    static constexpr void write(TextWriter& out) {
        std::size_t parameter = 1;
        Separator comma{", "};
        out << "UPDATE ";
        write_table_name(out, dialect, table_info<T>);
        out << " SET ";
        ((out << comma, Assignments::template write<T, TableScope<T>>(out, dialect, parameter)), ...);
        TouchShape::write<T>(out, dialect, parameter);
        write_where<T, Where>(out, dialect, parameter);
        if constexpr (returning) write_returning<T>(out, dialect);
    }
};

}  // namespace rowan::detail
