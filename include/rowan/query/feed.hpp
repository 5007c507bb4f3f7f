#pragma once

#include <rowan/query/columns.hpp>
#include <rowan/query/insert.hpp>
#include <rowan/query/statement.hpp>
#include <rowan/query/upsert.hpp>
#include <rowan/types/stored.hpp>

#include <array>
#include <cstddef>
#include <cstdint>

/// Statements that ask the program for row after row: parameter 1 is a feed, for any number of rows.
namespace rowan::detail {

/// `SELECT c0, c1 FROM rows(?1)`
constexpr void write_feed(TextWriter& out, const Dialect& dialect, std::size_t columns) {
    Separator comma{", "};
    out << " SELECT ";
    for (std::size_t i = 0; i != columns; ++i) {
        out << comma << 'c';
        out.number(i);
    }
    out << " FROM " << dialect.feed << '(';
    write_parameter(out, dialect, 1);
    out << ')';
}

template <class T, const Dialect& dialect>
struct InsertFeed {
    static constexpr auto parameters() { return std::array<Form, 0>{}; }

    static constexpr void write(TextWriter& out) {
        write_insert_into(out, dialect, table_info<T>, column_list<T, Columns::all>);
        write_feed(out, dialect, column_list<T, Columns::all>.size());
    }
};

/// Counts the rows that it is about to update.
template <class T, const Dialect& dialect, class Policy>
struct UpsertFeed {
    static constexpr auto parameters() { return forms_of(typename Conflict<T, Policy>::Parameters{}); }

    static constexpr void write(TextWriter& out) {
        std::size_t parameter = 2;
        write_upsert_into<T>(out, dialect, column_list<T, Columns::all>);
        write_feed(out, dialect, column_list<T, Columns::all>.size());
        // Otherwise ON would be taken for the condition of a join.
        out << " WHERE true";
        Conflict<T, Policy>::write(out, dialect, parameter, RowTally::yes);
    }
};

}  // namespace rowan::detail
