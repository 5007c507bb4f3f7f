#pragma once

#include <rowan/query/columns.hpp>
#include <rowan/schema/ddl.hpp>

namespace rowan::detail {

/// All columns of the row with the entity's key: `UPDATE "t" SET "a" = $1 WHERE "id" = $2`.
template <class T, class Dialect>
struct Update {
    static constexpr auto parameters() { return column_forms<T, Columns::all_but_key_then_key>; }

    static constexpr void write(TextWriter& out) {
        constexpr auto& set = column_list<T, Columns::all_but_key>;
        constexpr auto& key = column_list<T, Columns::key>;
        out << "UPDATE ";
        write_table_name<Dialect>(out, table_info<T>);
        out << " SET ";
        write_assignments<Dialect>(out, table_info<T>, set, 1, ", ");
        out << " WHERE ";
        write_assignments<Dialect>(out, table_info<T>, key, 1 + set.size(), " AND ");
    }
};

}  // namespace rowan::detail
