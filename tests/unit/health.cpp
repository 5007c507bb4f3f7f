#include <rowan/rowan.hpp>

#include <chrono>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fresh.hpp"

namespace {

struct Reading {
    std::int64_t id{};
    std::string sensor{};
};

struct Unread {
    std::int64_t id{};
};

}  // namespace

template <>
inline constexpr auto rowan::table<Reading> = rowan::describe<Reading>("the \"readings\"").index<&Reading::sensor>();

namespace {

using rowan::Code;

}  // namespace

TEST_CASE_TEMPLATE("a database that is there tells its version, its round trip and its pool", Db, Sqlite, Postgres) {
    const Db database;
    rowan::Database db = rowan::must(rowan::open(database.url()));
    const rowan::Health health = db.health();
    CHECK(health.is_reachable);
    CHECK(health.round_trip.count() > 0);
    CHECK(health.server.version.starts_with(Db::is_sqlite ? "SQLite 3." : "PostgreSQL "));
    CHECK(health.server.version.find('(') == std::string::npos);
    CHECK_FALSE(health.server.is_replica);
    CHECK_FALSE(health.server.lag.has_value());
    CHECK(health.pool.open == 1);
    CHECK(health.pool.in_use == 0);
    CHECK_FALSE(health.error.has_value());
    CHECK(health.replicas.empty());
    // It may be asked in the middle of a transaction, which it does not touch.
    auto tx = rowan::must(db.begin());
    CHECK(db.health().is_reachable);
    CHECK(tx.active());
}

TEST_CASE("a database that is not there is no error, but told in the answer") {
    Fresh<Postgres> fresh;
    rowan::Database db = rowan::must(rowan::open(fresh.url()));
    const auto pid = rowan::must(db.query<std::int64_t>(rowan::sql<"SELECT pg_backend_pid()">)).at(0);
    fresh.execute("SELECT pg_terminate_backend(" + std::to_string(pid) + ", 5000)");
    const rowan::Health health = db.health();
    CHECK_FALSE(health.is_reachable);
    REQUIRE(health.error.has_value());
    CHECK(health.error->code() == Code::disconnect);
    CHECK(health.pool.invalidated == 1);
    CHECK(db.health().is_reachable);

    // It is the time to connect as well, which a busy machine may need.
    rowan::Database held = rowan::must(
        rowan::open(fresh.url(), {.size = 1, .max_overflow = 0, .timeout = std::chrono::milliseconds{700}}));
    auto lease = rowan::must(held.acquire());
    CHECK(held.health().error->code() == Code::pool_timeout);
}

TEST_CASE_TEMPLATE("statistics count the rows and bytes of the tables that are asked for", Db, Sqlite, Postgres) {
    const Db database;
    rowan::Database db = rowan::must(rowan::open(database.url()));
    rowan::must(rowan::Repository<Reading>{db}.create_table());
    rowan::must(rowan::Repository<Unread>{db}.create_table());
    rowan::must(rowan::Repository<Reading>{db}.insert(std::vector<Reading>(3000, Reading{.sensor = "temperature"})));
    const auto statistics = rowan::must(db.stats<Reading, Unread>());
    REQUIRE(statistics.tables.size() == 2);
    CHECK(statistics.tables[0].table == "the \"readings\"");
    CHECK(statistics.tables[0].rows == 3000);
    CHECK(statistics.tables[1].table == "unread");
    CHECK(statistics.tables[1].rows == 0);
    CHECK(statistics.storage.bytes > 3000 * 12);
    if (statistics.storage.cache_hits) {
        CHECK(*statistics.storage.cache_hits >= 0.0);
        CHECK(*statistics.storage.cache_hits <= 1.0);
    }
    // Debian's SQLite can tell.
    for (const auto& table : statistics.tables) REQUIRE(table.bytes.has_value());
    CHECK(*statistics.tables[0].bytes > 2 * 3000 * 12);
    CHECK(*statistics.tables[0].bytes > *statistics.tables[1].bytes);
    CHECK(*statistics.tables[0].bytes < statistics.storage.bytes);
    CHECK(rowan::must(db.stats<>()).tables.empty());

    rowan::must(rowan::Repository<Unread>{db}.drop_table());
    CHECK(error_of(db.stats<Unread>()).code() == Code::undefined_table);
}
