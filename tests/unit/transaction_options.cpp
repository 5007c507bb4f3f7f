#include <rowan/rowan.hpp>

#include <chrono>
#include <string>
#include <utility>

#include "items.hpp"

namespace {

using namespace items;
using namespace std::chrono_literals;
using rowan::Category;
using rowan::Code;
using rowan::Error;
using rowan::Isolation;
using rowan::Lock;
using rowan::TransactionOptions;
using rowan::unsafe_sql;

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

    // Also in a transaction that was begun by hand.
    rowan::must(fresh.connection.execute(unsafe_sql{"BEGIN"}));
    CHECK(error_of(fresh.connection.begin({.outermost = true})).code() == Code::misuse);
    rowan::must(fresh.connection.execute(unsafe_sql{"ROLLBACK"}));
    rowan::must(fresh.handle().transaction({.outermost = true}, [](auto& own) { rowan::must(store(own, "own")); }));
    CHECK(count(fresh.connection) == 2);
}
