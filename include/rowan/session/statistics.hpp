#pragma once

#include <rowan/core/result.hpp>
#include <rowan/core/unsafe_sql.hpp>
#include <rowan/query/run_time_part.hpp>
#include <rowan/schema/ddl.hpp>
#include <rowan/schema/table_info.hpp>
#include <rowan/session/by_hand.hpp>
#include <rowan/session/server_status.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace rowan {

struct TableStatistics {
    std::string table{};
    std::int64_t rows = 0;
    /// With its indexes. Nothing where the database cannot tell (SQLite without its dbstat table).
    std::optional<std::int64_t> bytes{};
};

struct DatabaseStatistics {
    StorageStatistics storage{};
    std::vector<TableStatistics> tables{};
};

namespace detail {

template <class T, class Connection, class Statistics>
Result<void> add_table_statistics(Connection& connection, Statistics& statistics) {
    constexpr const TableInfo& info = table_info<T>;
    auto& table = statistics.tables.emplace_back();
    table.table = info.schema.empty() ? std::string{info.name} : std::string{info.schema}.append(".").append(info.name);
    const std::string count = run_time_text([&](TextWriter& out) {
        out << "SELECT count(*) FROM ";
        write_table_name(out, Connection::dialect, info);
    });
    auto rows = query_by_hand<std::int64_t>(connection, unsafe_sql{count});
    if (!rows) return Failure(std::move(rows).error());
    table.rows = rows->at(0);
    const std::string name =
        run_time_text([](TextWriter& out) { Connection::dialect.write_live_name(out, info.schema, info.name); });
    auto bytes = connection.table_bytes(name);
    if (!bytes) return Failure(std::move(bytes).error());
    table.bytes = *bytes;
    return {};
}

template <class Statistics, class... Structs, class Connection>
Result<Statistics> statistics_on(Connection& connection) {
    Statistics statistics;
    auto storage = connection.storage();
    if (!storage) return Failure(std::move(storage).error());
    statistics.storage = *storage;
    Result<void> done{};
    (void)((done = add_table_statistics<Structs>(connection, statistics), done.has_value()) && ...);
    if (!done) return Failure(std::move(done).error());
    return statistics;
}

}  // namespace detail
}  // namespace rowan
