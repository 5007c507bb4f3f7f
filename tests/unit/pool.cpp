#include <rowan/rowan.hpp>

#include <atomic>
#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "fresh.hpp"
#include "wait_until.hpp"

namespace {

struct Coin {
    std::int64_t id{};
    std::string name{};
};

using rowan::Category;
using rowan::Code;
using rowan::Error;
using rowan::PoolSettings;
using rowan::Result;
using rowan::sql;
using rowan::unsafe_sql;
using namespace std::chrono_literals;

/// A database with the table, and pools on it that count how often they connect.
template <class Db>
struct Pooled : Fresh<Db> {
    using Connection = typename Db::Connection;
    using Pool = rowan::BasicPool<Connection>;

    Pooled() { rowan::must(rowan::repository<Coin>(this->connection).create_table()); }

    [[nodiscard]] Pool pool(const PoolSettings& settings = {}) {
        return rowan::must(Pool::open(
            [this](std::chrono::milliseconds) {
                ++connects;
                return this->database.connect();
            },
            settings));
    }

    std::atomic<int> connects{0};
};

}  // namespace

TEST_CASE_TEMPLATE("a pool opens a connection at once, further ones as they are needed, and uses them again", Db,
                   Sqlite, Postgres) {
    Pooled<Db> fresh;
    auto pool = fresh.pool();
    CHECK(fresh.connects == 1);
    auto coins = rowan::repository<Coin>(pool);
    for (int i = 0; i != 10; ++i) rowan::must(coins.insert({.name = "BTC"}));
    CHECK(rowan::must(coins.count()) == 10);
    CHECK(fresh.connects == 1);
    {
        auto one = rowan::must(pool.acquire());
        auto two = rowan::must(pool.acquire());
        CHECK(one->native() != two->native());
        CHECK(fresh.connects == 2);
        const auto now = pool.statistics();
        CHECK(now.size == 5);
        CHECK(now.open == 2);
        CHECK(now.in_use == 2);
        CHECK(now.idle == 0);
        CHECK(now.overflow == 0);
        CHECK(now.waiting == 0);
    }
    const auto now = pool.statistics();
    CHECK(now.idle == 2);
    CHECK(now.in_use == 0);
    CHECK(now.created == 2);
    CHECK(now.checkouts == 13);
    CHECK(now.waits == 0);
    CHECK(now.invalidated == 0);
}

TEST_CASE_TEMPLATE("the connection that came back last is lent first", Db, Sqlite, Postgres) {
    Pooled<Db> fresh;
    auto pool = fresh.pool();
    auto one = rowan::must(pool.acquire());
    auto two = rowan::must(pool.acquire());
    const auto* last = one->native();
    two.give_back();
    one.give_back();
    CHECK(rowan::must(pool.acquire())->native() == last);
    CHECK(rowan::must(pool.acquire())->native() == last);
}

TEST_CASE_TEMPLATE("connections beyond the size are closed as they come back, those within it are kept", Db, Sqlite,
                   Postgres) {
    Pooled<Db> fresh;
    auto pool = fresh.pool({.size = 2, .max_overflow = 1, .timeout = 0ms});
    {
        auto one = rowan::must(pool.acquire());
        auto two = rowan::must(pool.acquire());
        auto three = rowan::must(pool.acquire());
        CHECK(pool.statistics().overflow == 1);
        const Error error = error_of(pool.acquire());
        CHECK(error.category() == Category::operational);
        CHECK(error.code() == Code::pool_timeout);
        CHECK(error.message().find("all 3 of the pool are in use") != std::string::npos);
        CHECK(pool.statistics().timeouts == 1);
        CHECK(pool.statistics().waiting == 0);
    }
    CHECK(pool.statistics().open == 2);
    CHECK(pool.statistics().idle == 2);
    CHECK(pool.statistics().overflow == 0);
    CHECK(pool.statistics().invalidated == 0);
    CHECK(fresh.connects == 3);
}

TEST_CASE("a pool without a bound opens as many as are asked for") {
    Pooled<Sqlite> fresh;
    auto pool = fresh.pool({.size = 1, .max_overflow = -1, .timeout = 0ms});
    std::vector<rowan::Lease<Sqlite::Connection>> leases;
    for (int i = 0; i != 40; ++i) leases.push_back(rowan::must(pool.acquire()));
    CHECK(pool.statistics().overflow == 39);
    leases.clear();
    CHECK(pool.statistics().open == 1);
}

TEST_CASE("settings that make no sense are refused, with the one that is wrong") {
    Pooled<Sqlite> fresh;
    const auto refused = [&](const PoolSettings& settings) {
        const Error error = error_of(rowan::open(fresh.url(), settings));
        CHECK(error.category() == Category::programming);
        CHECK(error.code() == Code::misuse);
        return error.message();
    };
    const auto names = [](const std::string& message, const char* name) {
        return message.find(name) != std::string::npos;
    };
    CHECK(names(refused({.size = 0}), "size"));
    CHECK(names(refused({.max_overflow = -2}), "max_overflow"));
    CHECK(names(refused({.timeout = -1ms}), "timeout"));
    CHECK(names(refused({.recycle = -1ms}), "recycle"));
    CHECK(names(refused({.jitter = 1.5}), "jitter"));
    CHECK(names(refused({.jitter = std::numeric_limits<double>::quiet_NaN()}), "jitter"));
    CHECK(names(refused({.ping_after = -1ms}), "ping_after"));
    CHECK(names(refused({.report_lease_after = -1ms}), "report_lease_after"));
}

TEST_CASE_TEMPLATE("who waits gets the connection that comes back, or is told who has them", Db, Sqlite, Postgres) {
    Pooled<Db> fresh;
    auto pool = fresh.pool({.size = 1, .max_overflow = 0, .timeout = 20s});
    auto lease = rowan::must(pool.acquire());
    std::thread other{[&] { rowan::must(rowan::repository<Coin>(pool).insert({.name = "ETH"})); }};
    wait_until([&] { return pool.statistics().waiting == 1; });
    lease.give_back();
    other.join();
    const auto now = pool.statistics();
    CHECK(now.waits == 1);
    CHECK(now.wait_time > 0ns);
    CHECK(now.timeouts == 0);
    CHECK(fresh.connects == 1);
    CHECK(rowan::must(rowan::repository<Coin>(pool).count()) == 1);

    auto impatient = fresh.pool({.size = 1, .max_overflow = 0, .timeout = 300ms});
    auto held = rowan::must(impatient.acquire());
    const Error error = error_of(rowan::repository<Coin>(impatient).count());
    CHECK(error.code() == Code::pool_timeout);
    CHECK_FALSE(error.retryable());
    CHECK(error.message().find("pool.cpp:" + std::to_string(__LINE__ - 4)) != std::string::npos);
}

TEST_CASE("64 threads that wait are served first come, first served") {
    Pooled<Sqlite> fresh;
    auto pool = fresh.pool({.size = 1, .max_overflow = 0});
    auto lease = std::optional{rowan::must(pool.acquire())};
    std::mutex mutex;
    std::vector<int> served;
    std::vector<std::thread> threads;
    for (int i = 0; i != 64; ++i) {
        threads.emplace_back([&, i] {
            auto mine = rowan::must(pool.acquire());
            const std::lock_guard lock{mutex};
            served.push_back(i);
        });
        wait_until([&] { return pool.statistics().waiting == i + 1; });
    }
    lease.reset();
    for (std::thread& thread : threads) thread.join();
    REQUIRE(served.size() == 64);
    for (int i = 0; i != 64; ++i) CHECK(served[static_cast<std::size_t>(i)] == i);
    CHECK(pool.statistics().waits == 64);
    CHECK(fresh.connects == 1);
}

TEST_CASE_TEMPLATE("threads share a pool, and lose nothing", Db, Sqlite, Postgres) {
    Pooled<Db> fresh;
    auto pool = fresh.pool({.size = 3, .max_overflow = 2});
    constexpr int threads = 8;
    constexpr int rows = 50;
    std::vector<std::thread> workers;
    for (int worker = 0; worker != threads; ++worker)
        workers.emplace_back([&] {
            auto coins = rowan::repository<Coin>(pool);
            for (int i = 0; i != rows; ++i) {
                if (i % 2 == 0)
                    rowan::must(coins.insert({.name = "one"}));
                else
                    rowan::must(pool.transaction(
                        [](auto& tx) { return rowan::repository<Coin>(tx).insert({.name = "in a transaction"}); }));
            }
        });
    for (std::thread& worker : workers) worker.join();
    CHECK(rowan::must(rowan::repository<Coin>(pool).count()) == threads * rows);
    const auto now = pool.statistics();
    CHECK(now.in_use == 0);
    CHECK(now.waiting == 0);
    CHECK(now.open == now.idle);
    CHECK(now.open <= 3);
    CHECK(fresh.connects >= now.open);
}

TEST_CASE_TEMPLATE("a connect that fails gives its place back, and the next one in the queue may try", Db, Sqlite,
                   Postgres) {
    Fresh<Db> fresh;
    using Connection = typename Db::Connection;
    std::atomic<bool> down{false};
    const Db& database = fresh.database;
    auto pool = rowan::must(rowan::BasicPool<Connection>::open(
        [&](std::chrono::milliseconds) -> Result<Connection> {
            if (!down) return database.connect();
            return rowan::Failure(Error{Category::operational, Code::cannot_connect, "it is down"});
        },
        {.size = 2, .max_overflow = 0, .timeout = 20s}));
    auto held = std::optional{rowan::must(pool.acquire())};
    down = true;
    for (int i = 0; i != 5; ++i) CHECK(error_of(pool.acquire()).code() == Code::cannot_connect);
    CHECK(pool.statistics().open == 1);
    CHECK(pool.statistics().failed_connects == 5);
    down = false;
    auto second = std::optional{rowan::must(pool.acquire())};

    // The one that comes back is not wanted any more: who waits opens another in its place.
    std::thread waiting{[&] { CHECK(pool.acquire().has_value()); }};
    wait_until([&] { return pool.statistics().waiting == 1; });
    held->invalidate();
    held.reset();
    waiting.join();
    CHECK(pool.statistics().open == 2);
    CHECK(pool.statistics().created == 3);
}

TEST_CASE_TEMPLATE("what a borrower leaves open is rolled back before the next one comes", Db, Sqlite, Postgres) {
    Pooled<Db> fresh;
    auto pool = fresh.pool({.size = 1, .max_overflow = 0, .timeout = 5s});
    {
        auto lease = rowan::must(pool.acquire());
        rowan::must(lease->execute(unsafe_sql{"BEGIN"}));
        rowan::must(rowan::repository<Coin>(*lease).insert({.name = "lost"}));
    }
    {
        auto lease = rowan::must(pool.acquire());
        CHECK(lease->transaction_state() == rowan::TransactionState::idle);
        rowan::must(lease->execute(unsafe_sql{"BEGIN"}));
        // On PostgreSQL the transaction has failed with it.
        CHECK_FALSE(lease->execute(unsafe_sql{"SELECT * FROM no_such_table"}));
    }
    auto coins = rowan::repository<Coin>(pool);
    CHECK(rowan::must(coins.count()) == 0);
    rowan::must(coins.insert({.name = "kept"}));
    CHECK(rowan::must(rowan::repository<Coin>(fresh.connection).count()) == 1);
    CHECK(fresh.connects == 1);
}

TEST_CASE_TEMPLATE("a transaction's connection goes back when it ends, not when its handle goes", Db, Sqlite,
                   Postgres) {
    Pooled<Db> fresh;
    auto pool = fresh.pool({.size = 1, .max_overflow = 0, .timeout = 5s});
    auto coins = rowan::repository<Coin>(pool);
    auto tx = rowan::must(pool.begin());
    rowan::must(rowan::repository<Coin>(tx).insert({.name = "BTC"}));
    CHECK(pool.statistics().in_use == 1);
    rowan::must(tx.commit());
    CHECK(pool.statistics().in_use == 0);
    CHECK(rowan::must(coins.count()) == 1);
    CHECK_FALSE(tx.active());
    CHECK(error_of(rowan::repository<Coin>(tx).count()).code() == Code::wrong_handle);
    rowan::must(tx.rollback());

    {
        auto dropped = rowan::must(pool.begin());
        rowan::must(rowan::repository<Coin>(dropped).insert({.name = "ETH"}));
        auto moved = std::move(dropped);
        rowan::must(rowan::repository<Coin>(moved).insert({.name = "LTC"}));
    }
    CHECK(rowan::must(coins.count()) == 1);
}

TEST_CASE_TEMPLATE("a savepoint's handle that outlives its transaction finds it ended", Db, Sqlite, Postgres) {
    Pooled<Db> fresh;
    auto pool = fresh.pool({.size = 1, .max_overflow = 1, .timeout = 5s});
    auto kept = rowan::must(pool.acquire());
    auto tx = rowan::must(pool.begin());
    auto inner = rowan::must(tx.begin());
    rowan::must(tx.rollback());
    CHECK_FALSE(inner.active());
    CHECK(error_of(rowan::repository<Coin>(inner).count()).code() == Code::wrong_handle);
}

TEST_CASE_TEMPLATE("a thread with a transaction open uses its handle; another thread, or a lease, is free", Db, Sqlite,
                   Postgres) {
    Pooled<Db> fresh;
    auto pool = fresh.pool();
    auto coins = rowan::repository<Coin>(pool);
    auto tx = rowan::must(pool.begin());
    for (const Error& error : {error_of(coins.count()), error_of(pool.begin()), error_of(coins.query().stream())}) {
        CHECK(error.code() == Code::wrong_handle);
        CHECK(error.message().find("acquire()") != std::string::npos);
    }
    CHECK(rowan::must(rowan::repository<Coin>(*rowan::must(pool.acquire())).count()) == 0);
    std::thread{[&] { CHECK(rowan::must(coins.count()) == 0); }}.join();
    rowan::must(tx.rollback());
    CHECK(rowan::must(coins.count()) == 0);
}

TEST_CASE_TEMPLATE("a thread that would wait for itself is told at once", Db, Sqlite, Postgres) {
    Pooled<Db> fresh;
    auto pool = fresh.pool({.size = 1, .max_overflow = 0});
    auto coins = rowan::repository<Coin>(pool);
    rowan::must(coins.insert({.name = "BTC"}));
    rowan::must(coins.insert({.name = "ETH"}));
    int seen = 0;
    for (Result<Coin>& coin : rowan::must(coins.query().stream())) {
        CHECK(coin.has_value());
        CHECK(error_of(coins.count()).code() == Code::wrong_handle);
        ++seen;
    }
    CHECK(seen == 2);
    CHECK(rowan::must(coins.count()) == 2);
}

TEST_CASE_TEMPLATE("a stream keeps its connection to its end, also when it is left in the middle", Db, Sqlite,
                   Postgres) {
    Pooled<Db> fresh;
    auto pool = fresh.pool();
    auto coins = rowan::repository<Coin>(pool);
    rowan::must(coins.insert(std::vector<Coin>(100, Coin{.name = "BTC"})));
    {
        auto stream = rowan::must(coins.query().stream());
        auto row = stream.begin();
        CHECK((*row).has_value());
        CHECK(pool.statistics().in_use == 1);
        // Another connection works meanwhile.
        CHECK(rowan::must(coins.count()) == 100);
    }
    CHECK(pool.statistics().in_use == 0);
    int seen = 0;
    rowan::must(coins.query().for_each([&](const Coin&) {
        ++seen;
        return seen != 7;
    }));
    CHECK(seen == 7);
    CHECK(pool.statistics().in_use == 0);
    for (Result<Coin>& coin : rowan::must(coins.query().stream())) CHECK(coin.has_value());
    CHECK(pool.statistics().in_use == 0);
}

TEST_CASE_TEMPLATE("a connection that is too old is replaced when it is next asked for", Db, Sqlite, Postgres) {
    Pooled<Db> fresh;
    auto pool = fresh.pool({.recycle = 30ms, .jitter = 0});
    CHECK(pool.acquire().has_value());
    CHECK(fresh.connects == 1);
    std::this_thread::sleep_for(40ms);
    CHECK(pool.acquire().has_value());
    CHECK(fresh.connects == 2);
    CHECK(pool.statistics().recycled == 1);
    CHECK(pool.statistics().open == 1);
}

TEST_CASE_TEMPLATE("a database in memory has one connection, whatever the settings say", Db, Sqlite) {
    rowan::Database db = rowan::must(rowan::open("sqlite::memory:", {.recycle = 1ms, .reset = rowan::Reset::session}));
    rowan::Repository<Coin> coins{db};
    rowan::must(coins.create_table());
    CHECK(db.pool().settings().size == 1);
    CHECK(db.pool().settings().max_overflow == 0);
    std::this_thread::sleep_for(2ms);
    std::vector<std::thread> threads;
    for (int i = 0; i != 4; ++i)
        threads.emplace_back([&] {
            for (int row = 0; row != 25; ++row) rowan::must(coins.insert({.name = "BTC"}));
        });
    for (std::thread& thread : threads) thread.join();
    CHECK(rowan::must(coins.count()) == 100);
    CHECK(db.pool().statistics().created == 1);

    // One that is shared by name is a database like others.
    rowan::Database shared = rowan::must(rowan::open("sqlite:file:coins?mode=memory&cache=shared"));
    CHECK(shared.pool().settings().size == 5);
    auto first = rowan::must(shared.acquire());
    rowan::must(first->execute(unsafe_sql{"CREATE TABLE seen (id integer)"}));
    auto second = rowan::must(shared.acquire());
    rowan::must(second->execute(unsafe_sql{"SELECT * FROM seen"}));
}

TEST_CASE_TEMPLATE("what a borrower has set stays with the connection, unless the pool is told to reset it", Db, Sqlite,
                   Postgres) {
    Pooled<Db> fresh;
    const auto set = [](auto& handle) {
        if constexpr (Db::is_sqlite)
            return handle.execute(unsafe_sql{"PRAGMA cache_size = 77; CREATE TEMP TABLE mine (id integer)"});
        else
            return handle.execute(unsafe_sql{"SET statement_timeout = 77; SET TIME ZONE 'Asia/Tokyo';"
                                             "CREATE TEMP TABLE mine (id integer); SELECT pg_advisory_lock(7)"});
    };
    const auto get = [](auto& handle) {
        if constexpr (Db::is_sqlite)
            return std::to_string(rowan::must(handle.template query<std::int64_t>(sql<"PRAGMA cache_size">)).at(0));
        else
            return rowan::must(handle.template query<std::string>(sql<"SHOW statement_timeout">)).at(0);
    };
    auto lax = fresh.pool({.size = 1, .max_overflow = 0});
    rowan::must(set(*rowan::must(lax.acquire())));
    CHECK(get(*rowan::must(lax.acquire())).find("77") == 0);
    CHECK(rowan::must(lax.acquire())->execute(unsafe_sql{"SELECT * FROM mine"}));

    auto strict = fresh.pool({.size = 1, .max_overflow = 0, .reset = rowan::Reset::session});
    {
        auto lease = rowan::must(strict.acquire());
        rowan::must(rowan::repository<Coin>(*lease).count());
        if constexpr (!Db::is_sqlite) {
            // The other pool's connection still has the lock.
            rowan::must(rowan::must(lax.acquire())->execute(unsafe_sql{"SELECT pg_advisory_unlock_all()"}));
        }
        rowan::must(set(*lease));
    }
    auto lease = rowan::must(strict.acquire());
    CHECK(get(*lease).find("77") == std::string::npos);
    CHECK(error_of(lease->execute(unsafe_sql{"SELECT * FROM mine"})).code() == Code::undefined_table);
    if constexpr (!Db::is_sqlite) {
        CHECK(rowan::must(lease->template query<std::string>(sql<"SHOW TIME ZONE">)).at(0) == "UTC");
        CHECK(rowan::must(fresh.connection.template query<bool>(sql<"SELECT pg_try_advisory_lock(7)">)).at(0));
        // The prepared statements are still there.
        CHECK(
            rowan::must(lease->template query<std::int64_t>(sql<"SELECT count(*) FROM pg_prepared_statements">)).at(0) >
            0);
        CHECK(fresh.connects == 2);
    }
    CHECK(rowan::must(rowan::repository<Coin>(*lease).count()) == 0);
}

TEST_CASE_TEMPLATE("a pool may go before its leases, which then close their connections", Db, Sqlite, Postgres) {
    Pooled<Db> fresh;
    auto pool = std::optional{fresh.pool()};
    auto lease = rowan::must(pool->acquire());
    auto other = rowan::must(pool->acquire());
    pool.reset();
    rowan::must(rowan::repository<Coin>(*lease).insert({.name = "BTC"}));
    lease.give_back();
    CHECK(rowan::must(rowan::repository<Coin>(*other).count()) == 1);
}

TEST_CASE_TEMPLATE("a pool can be moved, and serves its borrowers from its new place", Db, Sqlite, Postgres) {
    Pooled<Db> fresh;
    auto pool = fresh.pool();
    auto lease = rowan::must(pool.acquire());
    auto moved = std::move(pool);
    lease.give_back();
    CHECK(moved.statistics().idle == 1);
    CHECK(rowan::must(rowan::repository<Coin>(moved).count()) == 0);
}

TEST_CASE_TEMPLATE("an exception gives the connection back", Db, Sqlite, Postgres) {
    Pooled<Db> fresh;
    auto pool = fresh.pool();
    CHECK_THROWS_AS((void)pool.lend([](auto&) -> Result<void> { throw std::runtime_error{"oh"}; }), std::runtime_error);
    CHECK_THROWS_AS((void)pool.transaction([](auto& tx) {
        rowan::must(rowan::repository<Coin>(tx).insert({.name = "lost"}));
        throw std::runtime_error{"oh"};
    }),
                    std::runtime_error);
    CHECK(pool.statistics().in_use == 0);
    CHECK(rowan::must(rowan::repository<Coin>(pool).count()) == 0);
}

TEST_CASE_TEMPLATE("an observer of a pool sees the statements of all its connections, and retries", Db, Sqlite,
                   Postgres) {
    struct Counting : rowan::Observer {
        std::atomic<int> statements{0};
        std::atomic<int> retries{0};
        void on_statement(const rowan::StatementEvent&) noexcept override { ++statements; }
        void on_retry(const rowan::RetryEvent& event) noexcept override {
            CHECK(event.attempt == ++retries);
            CHECK(event.error.code() == Code::deadlock);
            CHECK(event.place.line() != 0);
        }
    };
    Pooled<Db> fresh;
    auto pool = fresh.pool();
    rowan::must(rowan::repository<Coin>(pool).count());
    const auto observer = std::make_shared<Counting>();
    pool.observe(observer);
    CHECK(pool.observer() == observer);
    rowan::must(rowan::repository<Coin>(pool).count());
    CHECK(observer->statements == 1);
    {
        // A connection that was lent before learns of it the next time.
        auto one = rowan::must(pool.acquire());
        auto two = rowan::must(pool.acquire());
        rowan::must(rowan::repository<Coin>(*two).count());
    }
    CHECK(observer->statements == 2);
    int calls = 0;
    rowan::must(pool.transaction(rowan::retry{.base = 1ms, .limit = 1ms}, [&](auto&) -> Result<void> {
        if (++calls == 3) return {};
        rowan::ErrorDetails details{.category = Category::operational,
                                    .code = Code::deadlock,
                                    .retryable = true,
                                    .message = "made for the test"};
        return rowan::Failure(Error{std::move(details)});
    }));
    CHECK(observer->retries == 2);
    CHECK(observer->statements == 2 + 3 * 2);
    pool.observe(nullptr);
    rowan::must(rowan::repository<Coin>(pool).count());
    CHECK(observer->statements == 8);
}

TEST_CASE_TEMPLATE("a lease that is held for too long is told once, with the place that took it", Db, Sqlite,
                   Postgres) {
    struct Keeping : rowan::Observer {
        std::vector<rowan::LeaseEvent> events{};
        void on_overdue_lease(const rowan::LeaseEvent& event) noexcept override { events.push_back(event); }
    };
    Pooled<Db> fresh;
    auto pool = fresh.pool({.report_lease_after = 20ms});
    const auto observer = std::make_shared<Keeping>();
    pool.observe(observer);
    auto lease = std::optional{rowan::must(pool.acquire())};
    const auto line = __LINE__ - 1;
    CHECK(observer->events.empty());
    std::this_thread::sleep_for(25ms);
    rowan::must(rowan::repository<Coin>(pool).count());
    REQUIRE(observer->events.size() == 1);
    CHECK(observer->events[0].held > 20ms);
    CHECK_FALSE(observer->events[0].is_returned);
    CHECK(observer->events[0].place.line() == line);
    CHECK(std::string_view{observer->events[0].place.file_name()}.ends_with("pool.cpp"));
    lease.reset();
    CHECK(observer->events.size() == 1);
    rowan::must(pool.transaction([](auto&) { std::this_thread::sleep_for(25ms); }));
    REQUIRE(observer->events.size() == 2);
    CHECK(observer->events[1].is_returned);
    CHECK(observer->events[1].place.line() == static_cast<unsigned>(__LINE__ - 3));
    CHECK(pool.statistics().overdue == 2);
}
