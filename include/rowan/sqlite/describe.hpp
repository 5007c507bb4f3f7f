#pragma once

#include <rowan/session/result_column.hpp>

#include <string_view>
#include <vector>

#include <sqlite3.h>

// Some builds of SQLite leave these functions out. Where the linker can, they are asked for without being demanded.
#if defined(__ELF__) && !defined(SQLITE_ENABLE_COLUMN_METADATA)
#pragma weak sqlite3_column_database_name
#pragma weak sqlite3_column_table_name
#pragma weak sqlite3_column_origin_name
#endif

namespace rowan::sqlite {

namespace detail {

/// Does the column of a table that a result's column comes from take NULL?
inline Nullability nullability(sqlite3* db, sqlite3_stmt* statement, int column) {
#if defined(__ELF__) || defined(SQLITE_ENABLE_COLUMN_METADATA)
#if !defined(SQLITE_ENABLE_COLUMN_METADATA)
    if (&sqlite3_column_database_name == nullptr || &sqlite3_column_table_name == nullptr ||
        &sqlite3_column_origin_name == nullptr)
        return Nullability::unknown;
#endif
    const char* table = sqlite3_column_table_name(statement, column);
    const char* origin = sqlite3_column_origin_name(statement, column);
    if (table == nullptr || origin == nullptr) return Nullability::unknown;
    const char* type = nullptr;
    int not_null = 0;
    int key = 0;
    if (sqlite3_table_column_metadata(db, sqlite3_column_database_name(statement, column), table, origin, &type,
                                      nullptr, &not_null, &key, nullptr) != SQLITE_OK)
        return Nullability::unknown;
    // An INTEGER PRIMARY KEY is the rowid; any other key takes NULL unless it is declared NOT NULL.
    const bool is_rowid = key != 0 && type != nullptr && sqlite3_stricmp(type, "INTEGER") == 0;
    return not_null != 0 || is_rowid ? Nullability::never : Nullability::maybe;
#else
    (void)db, (void)statement, (void)column;
    return Nullability::unknown;
#endif
}

}  // namespace detail

/// The columns that a prepared statement gives. A template, as what follows is compiled only where it is called.
template <class Column = ResultColumn>
[[nodiscard]] std::vector<Column> describe(sqlite3* db, sqlite3_stmt* statement) {
    std::vector<Column> columns;
    for (int i = 0; i != sqlite3_column_count(statement); ++i) {
        const char* type = sqlite3_column_decltype(statement, i);
        columns.push_back({.name = sqlite3_column_name(statement, i),
                           .type = type != nullptr ? type : "",
                           .nullability = detail::nullability(db, statement, i)});
    }
    return columns;
}

}  // namespace rowan::sqlite
