#pragma once

#include <rowan/core/result.hpp>
#include <rowan/core/sql.hpp>
#include <rowan/session/by_hand.hpp>
#include <rowan/session/server_status.hpp>
#include <rowan/types/boolean.hpp>
#include <rowan/types/floating.hpp>
#include <rowan/types/integer.hpp>
#include <rowan/types/optional.hpp>
#include <rowan/types/text.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include <sqlite3.h>

/// What SQLite knows of a database.
namespace rowan::sqlite::detail {

template <class Statistics, class Connection>
Result<Statistics> storage(Connection& connection) {
    auto bytes = rowan::detail::query_by_hand<std::int64_t>(
        connection, sql<"SELECT page_count * page_size FROM pragma_page_count, pragma_page_size">);
    if (!bytes) return Failure(std::move(bytes).error());
    Statistics storage{.bytes = bytes->at(0)};
    int hits = 0;
    int misses = 0;
    int unused = 0;
    sqlite3_db_status(connection.native(), SQLITE_DBSTATUS_CACHE_HIT, &hits, &unused, 0);
    sqlite3_db_status(connection.native(), SQLITE_DBSTATUS_CACHE_MISS, &misses, &unused, 0);
    if (hits + misses != 0) storage.cache_hits = static_cast<double>(hits) / (static_cast<double>(hits) + misses);
    return storage;
}

/// With its indexes. Nothing where SQLite was built without SQLITE_ENABLE_DBSTAT_VTAB.
template <class Bytes, class Connection>
Result<std::optional<Bytes>> table_bytes(Connection& connection, const std::string& table) {
    if (sqlite3_compileoption_used("ENABLE_DBSTAT_VTAB") == 0) return std::nullopt;
    auto rows = rowan::detail::query_by_hand<std::optional<Bytes>>(
        connection,
        sql<"SELECT sum(pgsize) FROM dbstat WHERE name IN (SELECT name FROM sqlite_schema WHERE tbl_name = $1)">,
        table);
    if (!rows) return Failure(std::move(rows).error());
    return rows->at(0);
}

}  // namespace rowan::sqlite::detail
