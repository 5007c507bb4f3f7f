#pragma once

#include <rowan/core/text.hpp>
#include <rowan/core/view.hpp>
#include <rowan/query/columns.hpp>
#include <rowan/query/insert.hpp>
#include <rowan/query/scope.hpp>
#include <rowan/query/touch.hpp>
#include <rowan/schema/ddl.hpp>
#include <rowan/schema/managed.hpp>

#include <cstdint>
#include <string_view>

/// Changes of many rows in one statement, where parameters may be arrays. Its row count tells whether each was found,
/// not which one was not.
namespace rowan::detail {

constexpr void write_joined_column(TextWriter& out, const Dialect& dialect, const TableInfo& table,
                                   std::string_view source, std::size_t column) {
    out << source << '.';
    write_column(out, dialect, table, column);
}

/// The rows of the arrays, called `given`, that are about the rows of the table, called `stored`.
constexpr void write_given(TextWriter& out, const Dialect& dialect, const TableInfo& table, View<std::uint16_t> columns,
                           View<std::uint16_t> identity) {
    out << '(';
    write_unnest(out, dialect, table, columns);
    out << ") AS given (";
    write_columns(out, dialect, table, columns);
    out << ") WHERE ";
    Separator between{" AND "};
    for (const std::uint16_t column : identity) {
        out << between;
        write_joined_column(out, dialect, table, "stored", column);
        out << " = ";
        write_joined_column(out, dialect, table, "given", column);
    }
}

template <class T, const Dialect& dialect>
struct UpdateArrays {
    static constexpr Columns columns = Columns::written_then_key_and_version;

    static constexpr auto parameters() { return column_forms<T, columns, true>; }

    static constexpr void write(TextWriter& out) {
        constexpr const TableInfo& table = table_info<T>;
        Separator comma{", "};
        out << "UPDATE ";
        write_table_name(out, dialect, table);
        out << " AS stored SET ";
        for (const std::uint16_t column : column_list<T, Columns::written>) {
            out << comma;
            write_column(out, dialect, table, column);
            out << " = ";
            write_joined_column(out, dialect, table, "given", column);
        }
        if constexpr (has_version<T>) {
            out << comma;
            write_version_bump<Source<T, "stored">>(out, dialect, table);
        }
        out << " FROM ";
        write_given(out, dialect, table, column_list<T, columns>, column_list<T, Columns::key_and_version>);
    }
};

template <class T, const Dialect& dialect>
struct EraseArrays {
    static constexpr Columns columns = Columns::key_and_version;

    static constexpr auto parameters() { return column_forms<T, columns, true>; }

    static constexpr void write(TextWriter& out) {
        constexpr const TableInfo& table = table_info<T>;
        out << "DELETE FROM ";
        write_table_name(out, dialect, table);
        out << " AS stored USING ";
        write_given(out, dialect, table, column_list<T, columns>, column_list<T, columns>);
    }
};

}  // namespace rowan::detail
