#pragma once

#include <rowan/query/columns.hpp>
#include <rowan/schema/ddl.hpp>

namespace rowan::detail {

/// The row with a key: `DELETE FROM "t" WHERE "id" = $1`.
template <class T, class Dialect>
struct Erase {
    static constexpr auto parameters() { return column_forms<T, Columns::key>; }

    static constexpr void write(TextWriter& out) {
        out << "DELETE FROM ";
        write_table_name<Dialect>(out, table_info<T>);
        out << " WHERE ";
        write_assignments<Dialect>(out, table_info<T>, column_list<T, Columns::key>, 1, " AND ");
    }
};

}  // namespace rowan::detail
