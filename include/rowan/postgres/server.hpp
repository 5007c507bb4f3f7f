#pragma once

#include <rowan/core/result.hpp>
#include <rowan/core/sql.hpp>
#include <rowan/core/time.hpp>
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
#include <tuple>
#include <utility>

/// What the server knows of itself.
namespace rowan::postgres::detail {

template <class Status, class Connection>
Result<Status> server_status(Connection& connection) {
    // A replica that has replayed all that it has received is behind by nothing that it could know of, however long ago
    // the last transaction was; one that receives nothing goes by that.
    auto rows = rowan::detail::query_by_hand<std::tuple<std::string, bool, std::optional<std::int64_t>>>(
        connection,
        sql<"SELECT current_setting('server_version'), pg_is_in_recovery(), CASE WHEN NOT pg_is_in_recovery() THEN "
            "NULL "
            "WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() AND EXISTS (SELECT FROM pg_stat_wal_receiver) "
            "THEN 0 ELSE (extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()) * 1000000)::bigint "
            "END">);
    if (!rows) return Failure(std::move(rows).error());
    const auto& [version, is_replica, lag] = rows->at(0);
    Status status{.version = "PostgreSQL " + version.substr(0, version.find(' ')), .is_replica = is_replica};
    if (lag) status.lag = std::chrono::microseconds{*lag};
    return status;
}

template <class Statistics, class Connection>
Result<Statistics> storage(Connection& connection) {
    auto rows = rowan::detail::query_by_hand<std::tuple<std::int64_t, std::optional<double>>>(
        connection, sql<"SELECT pg_database_size(datname), blks_hit::float8 / nullif(blks_hit + blks_read, 0) "
                        "FROM pg_stat_database WHERE datname = current_database()">);
    if (!rows) return Failure(std::move(rows).error());
    const auto& [bytes, cache_hits] = rows->at(0);
    return Statistics{bytes, cache_hits};
}

/// With indexes and what is stored out of line. `table` is quoted where it has to be.
template <class Bytes, class Connection>
Result<std::optional<Bytes>> table_bytes(Connection& connection, const std::string& table) {
    auto rows = rowan::detail::query_by_hand<std::optional<Bytes>>(
        connection, sql<"SELECT pg_total_relation_size(to_regclass($1))">, table);
    if (!rows) return Failure(std::move(rows).error());
    return rows->at(0);
}

}  // namespace rowan::postgres::detail
