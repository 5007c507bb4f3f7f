#pragma once

#include <rowan/core/view.hpp>
#include <rowan/query/columns.hpp>
#include <rowan/schema/ddl.hpp>

namespace rowan::detail {

/// Can rows of T be sent as arrays? Not where nothing is left to send, as the database makes the only column.
template <class T, const Dialect& dialect>
inline constexpr bool takes_arrays = dialect.array_parameters && !column_list<T, Columns::all_but_generated>.empty();

/// Which columns an INSERT names: all, but for a key that the database is to make. Where a NULL does as well, that is
/// what a table that has nothing but its key gets.
template <class T, const Dialect& dialect, bool generate>
inline constexpr Columns inserted_columns =
    generate && !(dialect.null_generates_key && column_list<T, Columns::all_but_generated>.empty())
        ? Columns::all_but_generated
        : Columns::all;

constexpr void write_inserted_columns(TextWriter& out, const Dialect& dialect, const TableInfo& table,
                                      View<std::uint16_t> columns) {
    if (columns.empty()) return;
    out << " (";
    write_columns(out, dialect, table, columns);
    out << ')';
}

constexpr void write_insert_into(TextWriter& out, const Dialect& dialect, const TableInfo& table,
                                 View<std::uint16_t> columns) {
    out << "INSERT INTO ";
    write_table_name(out, dialect, table);
    write_inserted_columns(out, dialect, table, columns);
}

constexpr void write_values(TextWriter& out, const Dialect& dialect, std::size_t count) {
    if (count == 0) {
        out << " DEFAULT VALUES";
        return;
    }
    Separator comma{", "};
    out << " VALUES (";
    for (std::size_t i = 1; i <= count; ++i) {
        out << comma;
        write_parameter(out, dialect, i);
    }
    out << ')';
}

/// Rows from arrays, a parameter a column. In the list of SELECT, as the one function call in FROM that takes all
/// arrays would store each of them away before the first row is made.
constexpr void write_unnest(TextWriter& out, const Dialect& dialect, const TableInfo& table,
                            View<std::uint16_t> columns) {
    Separator comma{", "};
    std::size_t parameter = 0;
    out << " SELECT ";
    for (const std::uint16_t column : columns) {
        out << comma << "unnest(";
        write_parameter(out, dialect, ++parameter);
        out << "::" << dialect.array_type(stored_as(table.columns[column].type)) << ')';
    }
}

/// One row. `generate`: the database makes the key, and gives it back where the connection does not know it anyway.
template <class T, const Dialect& dialect, bool generate>
struct Insert {
    static constexpr Columns columns = inserted_columns<T, dialect, generate>;

    static constexpr auto parameters() { return column_forms<T, columns>; }

    static constexpr void write(TextWriter& out) {
        write_insert_into(out, dialect, table_info<T>, column_list<T, columns>);
        write_values(out, dialect, column_list<T, columns>.size());
        if constexpr (generate && !dialect.returning_is_dear) {
            out << " RETURNING ";
            write_column(out, dialect, table_info<T>, table_info<T>.key[0]);
        }
    }
};

/// Any number of rows, where parameters may be arrays.
template <class T, const Dialect& dialect, bool generate>
struct InsertArrays {
    static constexpr Columns columns = inserted_columns<T, dialect, generate>;

    static constexpr auto parameters() { return column_forms<T, columns, true>; }

    static constexpr void write(TextWriter& out) {
        write_insert_into(out, dialect, table_info<T>, column_list<T, columns>);
        write_unnest(out, dialect, table_info<T>, column_list<T, columns>);
    }
};

}  // namespace rowan::detail
