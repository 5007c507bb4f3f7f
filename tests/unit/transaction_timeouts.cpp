#include <rowan/rowan.hpp>

#include <chrono>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "items.hpp"

namespace {

using namespace items;
using namespace std::chrono_literals;
using rowan::Category;
using rowan::Code;
using rowan::Error;
using rowan::Isolation;
using rowan::unsafe_sql;

/// A statement that works for about that long, without waiting for anybody.
template <bool is_sqlite>
std::string long_statement(std::chrono::milliseconds time) {
    if (is_sqlite)
        return "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " +
               std::to_string(time.count() * 10'000) + ") SELECT count(*) FROM n";
    return "SELECT pg_sleep(" + std::to_string(time.count()) + " / 1000.0)";
}

void check_timeout(const Error& error) {
    INFO(error.to_string());
    CHECK(error.code() == Code::timeout);
    CHECK(error.category() == Category::operational);
    CHECK_FALSE(error.retryable());
    CHECK(error.message().find("ms is over") != std::string::npos);
}

}  // namespace

TEST_CASE_TEMPLATE("a statement that goes on for too long is stopped, and all is rolled back", Db, ROWAN_EVERY_HANDLE) {
    Db fresh;
    const auto start = std::chrono::steady_clock::now();
    const Error error = error_of(fresh.handle().transaction({.timeout = 100ms}, [](auto& tx) -> rowan::Result<void> {
        rowan::must(store(tx, "undone"));
        return tx.execute(unsafe_sql{long_statement<Db::is_sqlite>(20s)});
    }));
    check_timeout(error);
    CHECK(error.native_code() == (Db::is_sqlite ? "9" : "57014"));
    CHECK(error.secondary() == nullptr);
    const auto took = std::chrono::steady_clock::now() - start;
    CHECK(took >= 100ms);
    CHECK(took < 5s);
    CHECK(count(fresh.connection) == 0);
    check_unlimited(fresh);
}

TEST_CASE_TEMPLATE("the time is that of the whole transaction, not of a statement", Db, ROWAN_EVERY_HANDLE) {
    Db fresh;
    int done = 0;
    const auto start = std::chrono::steady_clock::now();
    const Error error = error_of(fresh.handle().transaction({.timeout = 300ms}, [&](auto& tx) -> rowan::Result<void> {
        while (true) {
            // Each is far from the limit.
            auto ran = tx.template query<std::int64_t>(
                unsafe_sql{Db::is_sqlite ? long_statement<true>(1ms) : "SELECT 1::bigint FROM pg_sleep(0.02)"});
            if (!ran) return rowan::Failure(std::move(ran).error());
            ++done;
        }
    }));
    check_timeout(error);
    CHECK(done > 1);
    const auto took = std::chrono::steady_clock::now() - start;
    CHECK(took >= 300ms);
    CHECK(took < 5s);
    check_unlimited(fresh);
}

TEST_CASE_TEMPLATE("the PostgreSQL server is told what is left, also when a savepoint has made it forget", Db,
                   Direct<Postgres>, Opened<Postgres>) {
    Db fresh;
    rowan::must(fresh.handle().transaction({.timeout = 5s}, [](auto& tx) {
        CHECK(ask(tx, "SHOW statement_timeout") == "5s");
        std::this_thread::sleep_for(600ms);
        const auto told = [&](auto& handle) { return std::stoi(ask(handle, "SHOW statement_timeout")); };
        (void)tx.savepoint([&](auto& inner) -> rowan::Result<void> {
            CHECK(told(inner) > 1000);
            CHECK(told(inner) <= 4400);
            return rowan::Failure(Error{Category::state, Code::stale, "changed my mind"});
        });
        CHECK(told(tx) > 1000);
        CHECK(told(tx) <= 4400);
    }));
    check_unlimited(fresh);
}

TEST_CASE_TEMPLATE("nothing is sent and nothing committed when the time is over", Db, ROWAN_EVERY_HANDLE) {
    Db fresh;
    {
        auto tx = rowan::must(fresh.handle().begin({.timeout = 30ms}));
        rowan::must(store(tx, "undone"));
        std::this_thread::sleep_for(40ms);
        const Error statement = error_of(store(tx, "refused"));
        check_timeout(statement);
        CHECK(statement.message().find("nothing was sent") != std::string::npos);
        check_timeout(error_of(rowan::repository<Item>(tx).insert(std::vector<Item>{{.name = "refused"}})));
        check_timeout(error_of(tx.execute(unsafe_sql{"DELETE FROM items"})));
        check_timeout(error_of(tx.begin()));
        CHECK(tx.active());
        const Error commit = error_of(tx.commit());
        check_timeout(commit);
        CHECK(commit.statement() == "COMMIT");
        CHECK_FALSE(tx.active());
        CHECK(count(fresh.connection) == 0);
    }
    check_unlimited(fresh);
    rowan::must(fresh.connection.execute(unsafe_sql{"DELETE FROM items"}));

    // A function that took its time, and a savepoint inside, are undone without further complaint.
    for (const bool nested : {false, true}) {
        const Error late = error_of(fresh.handle().transaction({.timeout = 30ms}, [&](auto& tx) -> rowan::Result<void> {
            rowan::must(store(tx, "undone"));
            const auto slow = [](auto& inner) -> rowan::Result<void> {
                rowan::must(store(inner, "undone as well"));
                std::this_thread::sleep_for(40ms);
                return {};
            };
            return nested ? tx.savepoint(slow) : slow(tx);
        }));
        check_timeout(late);
        CHECK(late.secondary() == nullptr);
        CHECK(count(fresh.connection) == 0);
    }
    check_unlimited(fresh);
}

TEST_CASE_TEMPLATE("a transaction in time does not notice its timeout", Db, ROWAN_EVERY_HANDLE) {
    Db fresh;
    rowan::must(fresh.handle().transaction({.isolation = Isolation::serializable, .timeout = 1min}, [](auto& tx) {
        std::vector<Item> many(3000);
        CHECK(rowan::must(rowan::repository<Item>(tx).insert(many)) == 3000);
        rowan::must(tx.savepoint([](auto& inner) { rowan::must(store(inner, "kept")); }));
        std::int64_t streamed = 0;
        rowan::must(rowan::repository<Item>(tx).query().for_each([&](Item&) { ++streamed; }));
        CHECK(streamed == 3001);
    }));
    CHECK(count(fresh.connection) == 3001);
    // More than a database can count in milliseconds.
    rowan::must(fresh.handle().transaction({.timeout = std::chrono::milliseconds::max()},
                                           [](auto& tx) { rowan::must(store(tx, "kept")); }));
    check_unlimited(fresh);
}

TEST_CASE_TEMPLATE("a stream is stopped as well", Db, ROWAN_EVERY_HANDLE) {
    Db fresh;
    std::vector<Item> many(5000);
    rowan::must(rowan::repository<Item>(fresh.connection).insert(many));
    int rows = 0;
    const Error error = error_of(fresh.handle().transaction({.timeout = 100ms}, [&](auto& tx) {
        return rowan::repository<Item>(tx).query().for_each([&](Item&) {
            if (++rows == 1) std::this_thread::sleep_for(120ms);
        });
    }));
    check_timeout(error);
    CHECK(rows > 0);
    CHECK(rows < 5000);
    check_unlimited(fresh);
}

TEST_CASE_TEMPLATE("waiting for another one's lock ends with the time", Db, ROWAN_EVERY_HANDLE) {
    Db fresh;
    rowan::must(store(fresh.connection, "contested"));
    auto other = fresh.connect();
    auto holder = rowan::must(other.begin());
    rowan::must(holder.execute(unsafe_sql{"UPDATE items SET name = 'held'"}));
    const auto start = std::chrono::steady_clock::now();
    const Error error = error_of(fresh.handle().transaction(
        {.timeout = 100ms}, [](auto& tx) { return tx.execute(unsafe_sql{"UPDATE items SET name = 'late'"}); }));
    check_timeout(error);
    CHECK(std::chrono::steady_clock::now() - start < 2s);
    rowan::must(holder.commit());
    check_unlimited(fresh);
}

TEST_CASE_TEMPLATE("a limit that the PostgreSQL session has already is not loosened", Db, Direct<Postgres>,
                   Opened<Postgres>) {
    Db fresh;
    rowan::must(fresh.handle().execute(unsafe_sql{"SET statement_timeout = '100ms'"}));
    rowan::must(fresh.handle().execute(unsafe_sql{"SET idle_in_transaction_session_timeout = '90s'"}));
    const Error error = error_of(fresh.handle().transaction({.timeout = 1h}, [](auto& tx) {
        CHECK(ask(tx, "SHOW statement_timeout") == "100ms");
        CHECK(ask(tx, "SHOW idle_in_transaction_session_timeout") == "90s");
        return tx.execute(unsafe_sql{"SELECT pg_sleep(20)"});
    }));
    // That was not the transaction's deadline.
    CHECK(error.code() == Code::cancelled);
    rowan::must(fresh.handle().execute(unsafe_sql{"SET statement_timeout = '80s'"}));
    rowan::must(fresh.handle().transaction({.timeout = 50s}, [](auto& tx) {
        CHECK(ask(tx, "SHOW statement_timeout") == "50s");
        CHECK(ask(tx, "SHOW idle_in_transaction_session_timeout") == "51s");
    }));
    CHECK(ask(fresh.handle(), "SHOW statement_timeout") == "80s");
}

TEST_CASE_TEMPLATE("a PostgreSQL transaction that its program forgets does not hold its locks forever", Db,
                   Direct<Postgres>, Opened<Postgres>) {
    Db fresh;
    auto other = fresh.connect();
    rowan::must(store(other, "contested"));
    {
        auto tx = rowan::must(fresh.handle().begin({.timeout = 100ms}));
        rowan::must(tx.execute(unsafe_sql{"UPDATE items SET name = 'forgotten'"}));
        // The server ends it, a second after its time.
        rowan::must(other.execute(unsafe_sql{"UPDATE items SET name = 'changed'"}));
        check_timeout(error_of(tx.execute(unsafe_sql{"DELETE FROM items"})));
        check_timeout(error_of(tx.commit()));
        rowan::must(tx.rollback());
        CHECK_FALSE(tx.active());
    }
    CHECK(ask(other, "SELECT name FROM items") == "changed");
    // At the price of the connection, which only a pool replaces.
    const rowan::Result<std::int64_t> next = rowan::repository<Item>(fresh.handle()).count();
    if constexpr (std::is_same_v<std::remove_reference_t<decltype(fresh.handle())>, rowan::Database>)
        CHECK(rowan::must(next) == 1);
    else
        CHECK(error_of(next).code() == Code::disconnect);
}
