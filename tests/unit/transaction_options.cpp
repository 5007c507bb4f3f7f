#include <rowan/rowan.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "fresh.hpp"

namespace {

struct Item {
    std::int64_t id{};
    std::string name{};
};

}  // namespace

template <>
inline constexpr auto rowan::table<Item> = rowan::describe<Item>("items");

namespace {

using rowan::Category;
using rowan::Code;
using rowan::Error;
using rowan::Isolation;
using rowan::Lock;
using rowan::TransactionOptions;
using rowan::unsafe_sql;
using namespace std::chrono_literals;

/// A database with the table, and the handle under test: a connection itself, or a Database.
template <class Db>
struct Direct : Fresh<Db> {
    static constexpr bool is_sqlite = Db::is_sqlite;
    Direct() { rowan::must(rowan::repository<Item>(this->connection).create_table()); }
    auto& handle() { return this->connection; }
};
template <class Db>
struct Opened : Fresh<Db> {
    static constexpr bool is_sqlite = Db::is_sqlite;
    Opened() { rowan::must(rowan::repository<Item>(this->connection).create_table()); }
    rowan::Database& handle() { return database_; }

private:
    rowan::Database database_ = rowan::must(rowan::open(this->url()));
};

#define ROWAN_EVERY_HANDLE Direct<Sqlite>, Direct<Postgres>, Opened<Sqlite>, Opened<Postgres>

template <class Handle>
rowan::Result<Item> store(Handle& handle, std::string name) {
    return rowan::repository<Item>(handle).insert({.name = std::move(name)});
}

template <class Handle>
std::int64_t count(Handle& handle) {
    return rowan::must(rowan::repository<Item>(handle).count());
}

template <class Handle>
std::string ask(Handle& handle, const std::string& sql) {
    return rowan::must(handle.template query<std::string>(unsafe_sql{sql})).at(0);
}

/// What a transaction must leave behind: a handle that writes, waits and takes its time as before.
template <class Db>
void check_unlimited(Db& fresh) {
    auto& handle = fresh.handle();
    rowan::must(store(handle, "afterwards"));
    if constexpr (Db::is_sqlite) {
        const auto number = [&](const char* pragma) {
            return rowan::must(handle.template query<std::int64_t>(unsafe_sql{pragma})).at(0);
        };
        CHECK(number("PRAGMA query_only") == 0);
        CHECK(number("PRAGMA busy_timeout") == 5000);
        // Nothing interrupts it.
        CHECK(number("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) "
                     "SELECT count(*) FROM n") == 100000);
    } else {
        CHECK(ask(handle, "SHOW statement_timeout") == "0");
        CHECK(ask(handle, "SHOW idle_in_transaction_session_timeout") == "0");
        CHECK(ask(handle, "SHOW transaction_read_only") == "off");
    }
}

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

TEST_CASE_TEMPLATE("the isolation level is what the options say", Db, ROWAN_EVERY_HANDLE) {
    Db fresh;
    for (const auto& [level, name] : {std::pair{Isolation::read_committed, "read committed"},
                                      std::pair{Isolation::repeatable_read, "repeatable read"},
                                      std::pair{Isolation::serializable, "serializable"}}) {
        rowan::must(fresh.handle().transaction({.isolation = level}, [&, named = name](auto& tx) {
            // SQLite has one level, which is at least as strict as any.
            if constexpr (!Db::is_sqlite) CHECK(ask(tx, "SHOW transaction_isolation") == named);
            rowan::must(store(tx, named));
        }));
        CHECK(count(fresh.connection) == 1);
        rowan::must(fresh.connection.execute(unsafe_sql{"DELETE FROM items"}));
    }
    // Nothing of it stays for the next one.
    rowan::must(fresh.handle().transaction([](auto& tx) {
        if constexpr (!Db::is_sqlite) CHECK(ask(tx, "SHOW transaction_isolation") == "read committed");
        rowan::must(store(tx, "plain"));
    }));
}

TEST_CASE_TEMPLATE("from repeatable read on all statements see the same moment", Db, ROWAN_EVERY_HANDLE) {
    Db fresh;
    auto other = fresh.connect();
    for (const auto level : {Isolation::read_committed, Isolation::repeatable_read, Isolation::serializable}) {
        rowan::must(fresh.handle().transaction({.isolation = level, .read_only = true}, [&](auto& tx) {
            const std::int64_t before = count(tx);
            rowan::must(store(other, "meanwhile"));
            const bool sees = !Db::is_sqlite && level == Isolation::read_committed;
            CHECK(count(tx) == before + (sees ? 1 : 0));
        }));
    }
    CHECK(count(fresh.connection) == 3);
}

TEST_CASE_TEMPLATE("a read-only transaction reads, and refuses each write", Db, ROWAN_EVERY_HANDLE) {
    Db fresh;
    rowan::must(store(fresh.connection, "there"));
    for (const bool commits : {true, false}) {
        auto tx = rowan::must(fresh.handle().begin({.read_only = true}));
        CHECK(count(tx) == 1);
        if constexpr (Db::is_sqlite) {
            // A write does not end the transaction there, so each kind can be tried.
            for (const char* sql : {"DELETE FROM items", "DROP TABLE items", "CREATE TABLE more (id INTEGER)",
                                    "UPDATE items SET name = 'changed'"}) {
                const Error error = error_of(tx.execute(unsafe_sql{sql}));
                CHECK(error.code() == Code::read_only);
                CHECK_FALSE(error.retryable());
            }
            CHECK(count(tx) == 1);
        }
        const Error error = error_of(store(tx, "refused"));
        INFO(error.to_string());
        CHECK(error.code() == Code::read_only);
        if (commits) {
            const rowan::Result<void> committed = tx.commit();
            // PostgreSQL rolls back what has met an error.
            CHECK(static_cast<bool>(committed) == Db::is_sqlite);
        }
    }
    check_unlimited(fresh);
    CHECK(count(fresh.connection) == 2);
}

TEST_CASE_TEMPLATE("however a limited transaction ends, nothing of its limits stays", Db, ROWAN_EVERY_HANDLE) {
    Db fresh;
    for (const TransactionOptions& options : {TransactionOptions{.read_only = true}, TransactionOptions{.timeout = 60s},
                                              TransactionOptions{.read_only = true, .timeout = 60s}}) {
        // Committed, rolled back, dropped, left by an error, by an exception, moved, replaced.
        rowan::must(rowan::must(fresh.handle().begin(options)).commit());
        check_unlimited(fresh);
        rowan::must(rowan::must(fresh.handle().begin(options)).rollback());
        check_unlimited(fresh);
        { const auto dropped = rowan::must(fresh.handle().begin(options)); }
        check_unlimited(fresh);
        CHECK(error_of(fresh.handle().transaction(options, [](auto&) -> rowan::Result<void> {
                  return rowan::Failure(Error{Category::state, Code::stale, "changed my mind"});
              })).code() == Code::stale);
        check_unlimited(fresh);
        CHECK_THROWS((void)fresh.handle().transaction(options, [](auto&) { throw 1; }));
        check_unlimited(fresh);
        {
            auto first = rowan::must(fresh.handle().begin(options));
            auto second = std::move(first);
            CHECK(count(second) > 0);
        }
        check_unlimited(fresh);
        {
            auto tx = rowan::must(fresh.handle().begin(options));
            rowan::must(tx.rollback());
            tx = rowan::must(fresh.handle().begin());
            rowan::must(store(tx, "by the second one"));
            tx = std::move(tx);
        }
        check_unlimited(fresh);
        // By hand, behind the guard's back.
        {
            auto tx = rowan::must(fresh.handle().begin(options));
            rowan::must(tx.execute(unsafe_sql{"ROLLBACK"}));
            CHECK(error_of(tx.commit()).code() == Code::transaction_lost);
            check_unlimited(fresh);
        }
    }
}

TEST_CASE_TEMPLATE("an SQLite connection that only reads by its program's wish still does after a transaction", Db,
                   Direct<Sqlite>, Opened<Sqlite>) {
    Db fresh;
    rowan::must(fresh.handle().execute(unsafe_sql{"PRAGMA query_only = ON; PRAGMA busy_timeout = 77"}));
    rowan::must(fresh.handle().transaction({.read_only = true, .timeout = 1min}, [](auto& tx) { (void)count(tx); }));
    CHECK(rowan::must(fresh.handle().template query<std::int64_t>(unsafe_sql{"PRAGMA query_only"})).at(0) == 1);
    CHECK(rowan::must(fresh.handle().template query<std::int64_t>(unsafe_sql{"PRAGMA busy_timeout"})).at(0) == 77);
}

TEST_CASE_TEMPLATE("SQLite's write lock is taken when the options say", Db, Direct<Sqlite>, Opened<Sqlite>) {
    Db fresh;
    auto other = rowan::must(rowan::sqlite::Connection::open(fresh.database.path(), {.busy_timeout = 0ms}));
    const auto others_can_write = [&] { return store(other, "other").has_value(); };
    {
        auto tx = rowan::must(fresh.handle().begin({.lock = Lock::deferred}));
        CHECK(others_can_write());
        rowan::must(store(tx, "first write"));
        CHECK_FALSE(others_can_write());
    }
    for (const Lock lock : {Lock::immediate, Lock::exclusive}) {
        auto tx = rowan::must(fresh.handle().begin({.lock = lock}));
        CHECK_FALSE(others_can_write());
        // With a write-ahead log readers are never locked out.
        (void)count(other);
    }
    {
        auto tx = rowan::must(fresh.handle().begin({.isolation = Isolation::serializable}));
        CHECK_FALSE(others_can_write());
    }
    {
        auto tx = rowan::must(fresh.handle().begin({.read_only = true}));
        CHECK(count(tx) == 1);
        CHECK(others_can_write());
    }
    // Without one, an exclusive lock shuts them out.
    const std::string path = fresh.database.path() + ".rollback";
    const rowan::sqlite::Options journal{.journal = rowan::sqlite::Journal::rollback, .busy_timeout = 0ms};
    auto writer = rowan::must(rowan::sqlite::Connection::open(path, journal));
    auto reader = rowan::must(rowan::sqlite::Connection::open(path, journal));
    rowan::must(rowan::repository<Item>(writer).create_table());
    {
        auto tx = rowan::must(writer.begin());
        CHECK(count(reader) == 0);
    }
    auto tx = rowan::must(writer.begin({.lock = Lock::exclusive}));
    CHECK(error_of(rowan::repository<Item>(reader).count()).code() == Code::busy);
}

TEST_CASE_TEMPLATE("what a database cannot do is refused before anything is sent", Db, ROWAN_EVERY_HANDLE) {
    Db fresh;
    bool called = false;
    const auto refused = [&](const TransactionOptions& options) {
        const Error error = error_of(fresh.handle().transaction(options, [&](auto&) { called = true; }));
        INFO(error.to_string());
        CHECK(error.message().find("nothing was sent") != std::string::npos);
        CHECK_FALSE(called);
        rowan::must(store(fresh.handle(), "goes on"));
        return error.code();
    };
    CHECK(refused({.timeout = -1ms}) == Code::misuse);
    CHECK(refused({.deferrable = true}) == Code::misuse);
    CHECK(refused({.read_only = true, .deferrable = true}) == Code::misuse);
    CHECK(refused({.isolation = Isolation::serializable, .deferrable = true}) == Code::misuse);
    CHECK(refused({.read_only = true, .lock = Lock::immediate}) == Code::misuse);
    const TransactionOptions deferrable{.isolation = Isolation::serializable, .read_only = true, .deferrable = true};
    if constexpr (Db::is_sqlite) {
        CHECK(refused(deferrable) == Code::not_supported);
    } else {
        for (const Lock lock : {Lock::deferred, Lock::immediate, Lock::exclusive})
            CHECK(refused({.lock = lock}) == Code::not_supported);
        rowan::must(fresh.handle().transaction(
            deferrable, [](auto& tx) { CHECK(ask(tx, "SHOW transaction_deferrable") == "on"); }));
    }
    check_unlimited(fresh);
}

TEST_CASE("a connection that was opened read-only takes no write lock") {
    Direct<Sqlite> fresh;
    auto reader = rowan::must(
        rowan::sqlite::Connection::open(fresh.database.path(), {.access = rowan::sqlite::Access::read_only}));
    for (const Lock lock : {Lock::immediate, Lock::exclusive})
        CHECK(error_of(reader.begin({.lock = lock})).code() == Code::read_only);
    for (const TransactionOptions& options :
         {TransactionOptions{.read_only = true}, TransactionOptions{.lock = Lock::deferred},
          TransactionOptions{.isolation = Isolation::serializable}, TransactionOptions{.timeout = 1min}})
        rowan::must(reader.transaction(options, [](auto& tx) { CHECK(count(tx) == 0); }));
}

TEST_CASE_TEMPLATE("a savepoint has no options", Db, ROWAN_EVERY_HANDLE) {
    Db fresh;
    auto tx = rowan::must(fresh.handle().begin());
    bool called = false;
    for (const TransactionOptions& options :
         {TransactionOptions{.isolation = Isolation::serializable}, TransactionOptions{.read_only = true},
          TransactionOptions{.timeout = 1s}, TransactionOptions{.lock = Lock::deferred},
          TransactionOptions{.outermost = true}}) {
        const Error error = error_of(tx.transaction(options, [&](auto&) { called = true; }));
        CHECK(error.code() == Code::misuse);
        CHECK(error_of(tx.begin(options)).code() == Code::misuse);
    }
    CHECK_FALSE(called);
    rowan::must(tx.transaction(TransactionOptions{}, [](auto& inner) { rowan::must(store(inner, "kept")); }));
    rowan::must(tx.commit());
    CHECK(count(fresh.connection) == 1);

    rowan::must(fresh.handle().execute(unsafe_sql{"BEGIN"}));
    CHECK(error_of(fresh.handle().begin({.outermost = true})).code() == Code::misuse);
    rowan::must(fresh.handle().execute(unsafe_sql{"ROLLBACK"}));
    rowan::must(fresh.handle().transaction({.outermost = true}, [](auto& own) { rowan::must(store(own, "own")); }));
    CHECK(count(fresh.connection) == 2);
}

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
    rowan::must(fresh.handle().transaction({.timeout = 50ms}, [](auto& tx) {
        CHECK(ask(tx, "SHOW statement_timeout") == "50ms");
        CHECK(ask(tx, "SHOW idle_in_transaction_session_timeout") == "1050ms");
    }));
    CHECK(ask(fresh.handle(), "SHOW statement_timeout") == "100ms");
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
    // At the price of the connection.
    CHECK(error_of(rowan::repository<Item>(fresh.handle()).count()).code() == Code::disconnect);
}
