#pragma once

#include <rowan/core/text.hpp>
#include <rowan/schema/dialect.hpp>
#include <rowan/types/stored.hpp>

#include <cstddef>
#include <string_view>

namespace rowan::sqlite {

struct Dialect {
    static constexpr std::size_t identifier_limit = 0;
    static constexpr bool has_schemas = false;
    static constexpr bool null_generates_key = true;
    static constexpr bool array_parameters = false;
    static constexpr char parameter_mark = '?';
    /// INTEGER PRIMARY KEY is the rowid itself, and makes the next number for a NULL. AUTOINCREMENT would add a
    /// table of its own and a quarter to the cost of an insert: https://www.sqlite.org/autoinc.html
    static constexpr std::string_view generated_key = "";
    static constexpr std::string_view begin_ddl = "";
    static constexpr std::string_view upsert_outcome = "";

    /// The names that give a column its affinity (https://www.sqlite.org/datatype3.html). A timestamp is a
    /// number of microseconds since 1970 UTC, a date is text, as SQLite's own date functions write it.
    static constexpr std::string_view type_name(ColumnType type) {
        switch (type) {
            case ColumnType::boolean:
            case ColumnType::int16:
            case ColumnType::int32:
            case ColumnType::int64:
            case ColumnType::timestamp: return "INTEGER";
            case ColumnType::float32:
            case ColumnType::float64: return "REAL";
            case ColumnType::text:
            case ColumnType::date: return "TEXT";
            case ColumnType::blob: return "BLOB";
        }
        return "BLOB";
    }

    static constexpr void write_create_schema(rowan::detail::TextWriter&, std::string_view) {}
};

}  // namespace rowan::sqlite
