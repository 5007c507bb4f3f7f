#include <rowan/rowan.hpp>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

#include "fresh.hpp"
#include "wait_until.hpp"

namespace {

struct Quote {
    std::int64_t id{};
    std::string symbol{};
};

using rowan::Code;
using rowan::Error;
using rowan::sql;
using rowan::unsafe_sql;
using namespace std::chrono_literals;

/// Two servers, one of which follows the other.
struct Pair : Fresh<Postgres> {
    Pair() {
        const char* url = std::getenv("ROWAN_TEST_POSTGRES_REPLICA");
        if (url == nullptr) throw std::runtime_error{"ROWAN_TEST_POSTGRES_REPLICA is not set: run tests/run"};
        replica_url = std::string{url} + "?options=-csearch_path%3D" + this->database.schema();
        replica = std::make_unique<Connection>(rowan::must(Connection::open(replica_url)));
        rowan::must(rowan::repository<Quote>(this->connection).create_table());
        catch_up();
    }
    Pair(const Pair&) = delete;
    Pair& operator=(const Pair&) = delete;
    ~Pair() { (void)replica->execute(unsafe_sql{"SELECT pg_wal_replay_resume()"}); }

    /// Waits until the replica shows what the primary has stored by now.
    void catch_up() {
        const auto position =
            rowan::must(this->connection.query<std::string>(sql<"SELECT pg_current_wal_insert_lsn()::text">)).at(0);
        const auto deadline = std::chrono::steady_clock::now() + 20s;
        while (
            !rowan::must(replica->query<bool>(sql<"SELECT pg_last_wal_replay_lsn() >= $1::pg_lsn">, position)).at(0)) {
            REQUIRE(std::chrono::steady_clock::now() < deadline);
            std::this_thread::sleep_for(2ms);
        }
    }

    void pause() { rowan::must(replica->execute(unsafe_sql{"SELECT pg_wal_replay_pause()"})); }
    void resume() { rowan::must(replica->execute(unsafe_sql{"SELECT pg_wal_replay_resume()"})); }

    std::string replica_url;
    std::unique_ptr<Connection> replica;
};

/// Does a read-only session of `db` go to the replica?
bool reads_from_replica(rowan::Database& db) {
    return rowan::must(db.read_only([](rowan::ReadOnly& reader) {
               return reader.query<bool>(sql<"SELECT pg_is_in_recovery()">);
           }))
        .at(0);
}

}  // namespace

TEST_CASE("read-only sessions go to the replica, everything else to the primary") {
    Pair pair;
    rowan::Database db = rowan::must(rowan::open(pair.url(), {}, {.urls = {pair.replica_url}}));
    rowan::Repository<Quote> quotes{db};
    rowan::must(quotes.insert({.symbol = "BTC"}));
    CHECK(rowan::must(quotes.count()) == 1);
    CHECK_FALSE(rowan::must(db.query<bool>(sql<"SELECT pg_is_in_recovery()">)).at(0));
    rowan::must(
        db.transaction([](rowan::Transaction& tx) { return rowan::repository<Quote>(tx).insert({.symbol = "ETH"}); }));
    pair.catch_up();
    CHECK(reads_from_replica(db));
    CHECK(rowan::must(db.read_only([](rowan::ReadOnly& reader) { return rowan::repository<Quote>(reader).count(); })) ==
          2);
    // A handle that is begun to read goes there as well, and refuses to write.
    auto reader = rowan::must(db.begin({.read_only = true}));
    CHECK(rowan::must(reader.query<bool>(sql<"SELECT pg_is_in_recovery()">)).at(0));
    CHECK(error_of(rowan::repository<Quote>(reader).insert({.symbol = "LTC"})).code() == Code::read_only);
}

TEST_CASE("a serializable session reads from the primary, as replicas have none") {
    Pair pair;
    rowan::Database db = rowan::must(rowan::open(pair.url(), {}, {.urls = {pair.replica_url}}));
    const auto reads_from_primary = [&](const rowan::TransactionOptions& options) {
        return !rowan::must(db.read_only(options, [](rowan::ReadOnly& reader) {
                    return reader.query<bool>(sql<"SELECT pg_is_in_recovery()">);
                })).at(0);
    };
    CHECK(reads_from_primary({.isolation = rowan::Isolation::serializable}));
    CHECK(reads_from_primary({.isolation = rowan::Isolation::serializable, .deferrable = true}));
    CHECK_FALSE(reads_from_primary({.isolation = rowan::Isolation::repeatable_read}));
}

TEST_CASE("a replica that is too far behind is left out until it has caught up") {
    Pair pair;
    rowan::Database db =
        rowan::must(rowan::open(pair.url(), {}, {.urls = {pair.replica_url}, .max_lag = 100ms, .check_every = 1ms}));
    CHECK(reads_from_replica(db));
    pair.pause();
    rowan::must(rowan::Repository<Quote>{db}.insert({.symbol = "BTC"}));
    wait_until([&] { return !reads_from_replica(db); });
    const rowan::Health health = db.health();
    REQUIRE(health.replicas.size() == 1);
    CHECK(health.replicas[0].is_reachable);
    CHECK(health.replicas[0].server.is_replica);
    REQUIRE(health.replicas[0].server.lag.has_value());
    CHECK(*health.replicas[0].server.lag > 100ms);
    pair.resume();
    pair.catch_up();
    wait_until([&] { return reads_from_replica(db); });
    CHECK(*db.health().replicas[0].server.lag == 0us);
}

TEST_CASE("a replica that is not there keeps nobody from starting or reading, and may come later") {
    Pair pair;
    const std::string nowhere = "postgresql://rowan@%2Fno%2Fsuch%2Ffolder/rowan";
    rowan::Database db = rowan::must(rowan::open(pair.url(), {}, {.urls = {nowhere}, .check_every = 1h}));
    CHECK_FALSE(reads_from_replica(db));
    const rowan::Health health = db.health();
    CHECK(health.is_reachable);
    REQUIRE(health.replicas.size() == 1);
    CHECK_FALSE(health.replicas[0].is_reachable);
    CHECK(health.replicas[0].error->code() == Code::cannot_connect);

    rowan::Database both = rowan::must(rowan::open(pair.url(), {}, {.urls = {nowhere, pair.replica_url}}));
    for (int i = 0; i != 4; ++i) CHECK(reads_from_replica(both));

    // A primary is no replica.
    rowan::Database mistaken = rowan::must(rowan::open(pair.url(), {}, {.urls = {pair.url()}}));
    CHECK_FALSE(reads_from_replica(mistaken));
    CHECK_FALSE(mistaken.health().replicas[0].server.is_replica);
}

TEST_CASE("a replica's connection that was lost is replaced, or the primary serves") {
    Pair pair;
    rowan::Database db = rowan::must(rowan::open(pair.url(), {}, {.urls = {pair.replica_url}, .check_every = 1h}));
    const auto pid_of_reader = [&] {
        return rowan::must(db.read_only([](rowan::ReadOnly& reader) {
                   return reader.query<std::int64_t>(sql<"SELECT pg_backend_pid()">);
               }))
            .at(0);
    };
    CHECK(reads_from_replica(db));
    rowan::must(pair.replica->execute(
        unsafe_sql{"SELECT pg_terminate_backend(" + std::to_string(pid_of_reader()) + ", 5000)"}));
    // BEGIN fails on the dead connection: this time the primary serves.
    CHECK_FALSE(reads_from_replica(db));
}

TEST_CASE("a replica that does not answer is not waited for longer than its time-out") {
    Pair pair;
    // Nobody accepts there: 192.0.2.0/24 is kept for documentation (RFC 5737).
    rowan::Database db = rowan::must(rowan::open(
        pair.url(), {}, {.urls = {"postgresql://rowan@192.0.2.1/rowan"}, .check_every = 1h, .timeout = 100ms}));
    const auto began = std::chrono::steady_clock::now();
    CHECK_FALSE(reads_from_replica(db));
    // A machine without a network refuses at once, too.
    CHECK(std::chrono::steady_clock::now() - began < 5s);
    CHECK_FALSE(db.health().replicas[0].is_reachable);
}

TEST_CASE("a thread with a transaction open on the primary is not sent to a replica") {
    Pair pair;
    rowan::Database db = rowan::must(rowan::open(pair.url(), {}, {.urls = {pair.replica_url}}));
    auto tx = rowan::must(db.begin());
    const Error error = error_of(db.read_only([](rowan::ReadOnly&) {}));
    CHECK(error.code() == Code::wrong_handle);
}

TEST_CASE("an observer sees the statements of replicas, too") {
    struct Counting : rowan::Observer {
        std::atomic<int> statements{0};
        void on_statement(const rowan::StatementEvent&) noexcept override { ++statements; }
    };
    Pair pair;
    const auto observer = std::make_shared<Counting>();
    rowan::Database db = rowan::must(rowan::open(pair.url(), {}, {.urls = {pair.replica_url}}));
    db.observe(observer);
    CHECK(reads_from_replica(db));
    // The check of its lag, BEGIN, the question, COMMIT.
    CHECK(observer->statements == 4);
}
