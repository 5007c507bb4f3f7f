#pragma once

#include <rowan/core/text.hpp>
#include <rowan/query/columns.hpp>
#include <rowan/query/scope.hpp>
#include <rowan/query/shape.hpp>
#include <rowan/query/update.hpp>
#include <rowan/schema/ddl.hpp>

#include <cstddef>

namespace rowan::detail {

/// The row with a key, or with a key and a version: `DELETE FROM "t" WHERE "id" = $1`.
template <class T, const Dialect& dialect, Columns row = Columns::key>
struct Erase {
    static constexpr auto parameters() { return column_forms<T, row>; }

    static constexpr void write(TextWriter& out) {
        out << "DELETE FROM ";
        write_table_name(out, dialect, table_info<T>);
        out << " WHERE ";
        write_assignments(out, dialect, table_info<T>, column_list<T, row>, 1, " AND ");
    }
};

/// The rows for which a condition is true, given back where they are wanted.
template <class T, const Dialect& dialect, class Where, bool returning>
struct EraseWhere {
    static constexpr auto parameters() { return forms_of(typename Where::template Parameters<TableScope<T>>{}); }

    static constexpr void write(TextWriter& out) {
        std::size_t parameter = 1;
        out << "DELETE FROM ";
        write_table_name(out, dialect, table_info<T>);
        write_where<T, Where>(out, dialect, parameter);
        if constexpr (returning) write_returning<T>(out, dialect);
    }
};

}  // namespace rowan::detail
