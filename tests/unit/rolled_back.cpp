#include <rowan/rowan.hpp>
#include <rowan/testing/rolled_back.hpp>

#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "fresh.hpp"

namespace {

struct Parcel {
    std::int64_t id{};
    std::string label{};
};

}  // namespace

template <>
inline constexpr auto rowan::table<Parcel> = rowan::describe<Parcel>("parcels").unique<&Parcel::label>();

namespace {

using rowan::Code;
using rowan::Error;
using rowan::Failure;
using rowan::Isolation;
using rowan::TransactionOptions;
using rowan::unsafe_sql;
using namespace std::chrono_literals;

/// A database with one parcel in it, and how the handle under test is made for it.
template <class Db, class Given>
struct World : Fresh<Db> {
    static constexpr bool is_sqlite = Db::is_sqlite;
    using Handle = Given;

    World() {
        auto parcels = rowan::repository<Parcel>(this->connection);
        rowan::must(parcels.create_table());
        rowan::must(parcels.insert({.label = "there before"}));
    }

    rowan::testing::RolledBack<Given> begin(const TransactionOptions& options = {}) const {
        if constexpr (std::is_same_v<Given, rowan::Database>)
            return rowan::testing::RolledBack<Given>{this->url(), options};
        else if constexpr (std::is_same_v<Given, rowan::AnyConnection>)
            return rowan::testing::RolledBack<Given>{rowan::must(rowan::AnyConnection::open(this->url())), options};
        else
            return rowan::testing::RolledBack<Given>{this->connect(), options};
    }

    /// What another connection sees.
    std::int64_t stored() { return rowan::must(rowan::repository<Parcel>(this->connection).count()); }
};

#define ROWAN_EVERY_HANDLE                                                                                             \
    World<Sqlite, Sqlite::Connection>, World<Sqlite, rowan::AnyConnection>, World<Sqlite, rowan::Database>,            \
        World<Postgres, Postgres::Connection>, World<Postgres, rowan::AnyConnection>, World<Postgres, rowan::Database>

template <class Handle>
rowan::Result<Parcel> add(Handle& handle, std::string label) {
    return rowan::repository<Parcel>(handle).insert({.label = std::move(label)});
}

template <class Handle>
std::int64_t count(Handle& handle) {
    return rowan::must(rowan::repository<Parcel>(handle).count());
}

}  // namespace

TEST_CASE_TEMPLATE("what a test stores is seen inside, and gone afterwards", W, ROWAN_EVERY_HANDLE) {
    W world;
    for (int run = 0; run != 2; ++run) {
        auto test = world.begin();
        auto& db = *test;
        CHECK(count(db) == 1);
        rowan::must(add(db, "alone"));
        rowan::must(rowan::repository<Parcel>(db).insert(std::vector<Parcel>{{.label = "one"}, {.label = "two"}}));
        rowan::must(test->transaction([](auto& tx) { return add(tx, "committed"); }));
        auto tx = rowan::must(db.begin());
        rowan::must(add(tx, "by hand"));
        rowan::must(tx.commit());
        CHECK(count(db) == 6);
        CHECK(world.stored() == 1);
    }
    CHECK(world.stored() == 1);
    // Nothing is locked any more.
    rowan::must(add(world.connection, "alone"));
}

using OwnHandle = World<Sqlite, Sqlite::Connection>;
using PooledHandle = World<Postgres, rowan::Database>;

TEST_CASE_TEMPLATE("a step of a pipeline that fails undoes nothing of the others", W, OwnHandle, PooledHandle) {
    W world;
    {
        auto test = world.begin();
        const auto [first, twice, last] = (*test).pipeline([](auto& step) { return add(step, "first"); },
                                                           [](auto& step) { return add(step, "first"); },
                                                           [](auto& step) { return add(step, "last"); });
        CHECK((first && last));
        CHECK(error_of(twice).code() == Code::unique_violation);
        CHECK(count(*test) == 3);
    }
    CHECK(world.stored() == 1);
}

TEST_CASE_TEMPLATE("tables that a test makes are gone afterwards", W, ROWAN_EVERY_HANDLE) {
    W world;
    {
        auto test = world.begin();
        rowan::must(rowan::repository<Parcel>(*test).drop_table());
        rowan::must(rowan::repository<Parcel>(*test).create_table());
        rowan::must((*test).execute(unsafe_sql{"CREATE TABLE more (a integer); INSERT INTO more VALUES (1)"}));
        CHECK(count(*test) == 0);
    }
    CHECK(world.stored() == 1);
    CHECK(error_of(world.connection.execute(unsafe_sql{"SELECT a FROM more"})).code() == Code::undefined_table);
}

TEST_CASE_TEMPLATE("a transaction inside commits, rolls back and nests", W, ROWAN_EVERY_HANDLE) {
    W world;
    auto test = world.begin();
    auto& db = *test;
    const auto undone = db.transaction([](auto& tx) -> rowan::Result<void> {
        rowan::must(add(tx, "undone"));
        return Failure(Error{rowan::Category::state, Code::not_found, "no"});
    });
    CHECK(error_of(undone).code() == Code::not_found);
    CHECK(count(db) == 1);
    rowan::must(db.transaction([&](auto& tx) {
        rowan::must(add(tx, "kept"));
        // The outer handle refuses, as ever.
        if constexpr (!std::is_same_v<typename W::Handle, rowan::Database>)
            CHECK(error_of(rowan::repository<Parcel>(db).count()).code() == Code::wrong_handle);
        const auto inner = tx.savepoint([](auto& savepoint) -> rowan::Result<void> {
            rowan::must(add(savepoint, "undone"));
            return Failure(error_of(add(savepoint, "kept")));
        });
        CHECK(error_of(inner).code() == Code::unique_violation);
        CHECK(count(tx) == 2);
        CHECK(error_of(tx.begin({.read_only = true})).code() == Code::misuse);
    }));
    CHECK(count(db) == 2);
    {
        auto dropped = rowan::must(db.begin());
        rowan::must(add(dropped, "dropped"));
    }
    CHECK(count(db) == 2);
    // COMMIT of a transaction with a failed statement.
    auto tx = rowan::must(db.begin());
    rowan::must(add(tx, "first"));
    CHECK(error_of(add(tx, "kept")).code() == Code::unique_violation);
    const auto committed = tx.commit();
    if constexpr (W::is_sqlite) {
        CHECK(committed.has_value());
        CHECK(count(db) == 3);
    } else {
        CHECK(error_of(committed).code() == Code::transaction_aborted);
        rowan::must(tx.rollback());
        CHECK(count(db) == 2);
    }
}

TEST_CASE_TEMPLATE("a call that fails outside of a transaction undoes itself and nothing else", W, ROWAN_EVERY_HANDLE) {
    W world;
    auto test = world.begin();
    auto& db = *test;
    rowan::must(add(db, "first"));
    CHECK(error_of(add(db, "first")).code() == Code::unique_violation);
    CHECK(error_of(db.execute(unsafe_sql{"SELEC"})).code() == Code::syntax_error);
    const std::vector<Parcel> rows{{.label = "second"}, {.label = "first"}};
    CHECK(error_of(rowan::repository<Parcel>(db).insert(rows)).code() == Code::unique_violation);
    CHECK(count(db) == 2);
    rowan::must(add(db, "second"));
    CHECK(error_of(add(db, "first")).code() == Code::unique_violation);
    rowan::must(db.transaction([](auto& tx) { return add(tx, "third"); }));
    CHECK(count(db) == 4);
    CHECK(world.stored() == 1);
}

TEST_CASE_TEMPLATE("a read-only session inside reads, refuses writes, and ends", W, ROWAN_EVERY_HANDLE) {
    W world;
    auto test = world.begin();
    auto& db = *test;
    rowan::must(add(db, "first"));
    rowan::must(db.read_only([](auto& reader) { CHECK(count(reader) == 2); }));
    rowan::must(add(db, "second"));
    const auto refused = db.transaction({.read_only = true}, [](auto& tx) { return add(tx, "no"); });
    CHECK(error_of(refused).code() == Code::read_only);
    rowan::must(add(db, "third"));
    rowan::must(db.transaction([](auto& tx) { return add(tx, "fourth"); }));
    CHECK(count(db) == 5);
}

TEST_CASE_TEMPLATE("retry inside runs the function again", W, ROWAN_EVERY_HANDLE) {
    W world;
    auto test = world.begin();
    auto& db = *test;
    int calls = 0;
    const auto done = db.transaction(rowan::retry{.base = 1ms, .limit = 1ms}, [&](auto& tx) -> rowan::Result<Parcel> {
        Parcel stored = rowan::must(add(tx, "once"));
        if (++calls == 3) return stored;
        return Failure(Error{rowan::ErrorDetails{.category = rowan::Category::operational,
                                                 .code = Code::serialization_failure,
                                                 .retryable = true,
                                                 .message = "made for the test"}});
    });
    CHECK(rowan::must(done).label == "once");
    CHECK(calls == 3);
    CHECK(count(db) == 2);
    // Inside of a transaction it is refused, as ever.
    rowan::must(db.transaction([](auto& tx) {
        CHECK(error_of(tx.transaction(rowan::retry{}, [](auto& inner) { return add(inner, "no"); })).code() ==
              Code::misuse);
    }));
}

TEST_CASE_TEMPLATE("options are refused that the test's own transaction was not begun with", W, ROWAN_EVERY_HANDLE) {
    W world;
    const auto nothing = [](auto&) { CHECK(false); };
    {
        auto test = world.begin();
        auto& db = *test;
        rowan::must(db.transaction({.isolation = Isolation::read_committed}, [](auto& tx) { return add(tx, "a"); }));
        const Error refused = error_of(db.transaction({.isolation = Isolation::serializable}, nothing));
        CHECK(refused.code() == Code::not_supported);
        CHECK(refused.message().find("isolation") != std::string::npos);
        CHECK(error_of(db.transaction({.lock = rowan::Lock::deferred}, nothing)).code() == Code::not_supported);
        CHECK(error_of(db.transaction({.timeout = -1ms}, nothing)).code() == Code::misuse);
        CHECK(error_of(db.transaction({.isolation = Isolation::serializable, .read_only = true, .deferrable = true},
                                      nothing))
                  .code() == Code::not_supported);
        CHECK(count(db) == 2);
    }
    TransactionOptions options{.isolation = Isolation::serializable};
    if (W::is_sqlite) options.lock = rowan::Lock::immediate;
    auto test = world.begin(options);
    auto& db = *test;
    rowan::must(db.transaction({.isolation = Isolation::repeatable_read}, [](auto& tx) { return add(tx, "a"); }));
    rowan::must(db.transaction(options, [](auto& tx) { return add(tx, "b"); }));
    CHECK(count(db) == 3);
}

TEST_CASE_TEMPLATE("a transaction inside has its timeout, and the next one is free of it", W, ROWAN_EVERY_HANDLE) {
    W world;
    auto test = world.begin();
    auto& db = *test;
    const auto late = db.transaction({.timeout = 30ms}, [](auto& tx) {
        rowan::must(add(tx, "in time"));
        std::this_thread::sleep_for(60ms);
        return add(tx, "too late");
    });
    CHECK(error_of(late).code() == Code::timeout);
    const auto late_commit = db.transaction({.timeout = 30ms}, [](auto& tx) {
        rowan::must(add(tx, "in time"));
        std::this_thread::sleep_for(60ms);
    });
    CHECK(error_of(late_commit).code() == Code::timeout);
    CHECK(count(db) == 1);
    rowan::must(db.transaction({.timeout = 10s}, [](auto& tx) { return add(tx, "in time"); }));
    CHECK(count(db) == 2);
}

TEST_CASE_TEMPLATE("streams and pages work inside", W, ROWAN_EVERY_HANDLE) {
    W world;
    auto test = world.begin();
    auto& db = *test;
    std::vector<Parcel> rows;
    for (int i = 0; i != 3000; ++i) rows.push_back({.label = std::to_string(i)});
    rowan::must(rowan::repository<Parcel>(db).insert(rows));
    std::int64_t seen = 0;
    {
        auto stream = rowan::must(rowan::repository<Parcel>(db).query().stream());
        for (auto& row : stream) {
            rowan::must(std::move(row));
            if (++seen == 2500) break;
        }
    }
    CHECK(seen == 2500);
    rowan::must(add(db, "behind it"));
    CHECK(count(db) == 3002);
}

TEST_CASE_TEMPLATE("a transaction that was ended by hand is noticed before more is stored", W, ROWAN_EVERY_HANDLE) {
    W world;
    {
        auto test = world.begin();
        auto& db = *test;
        (void)db.execute(unsafe_sql{"ROLLBACK"});
        const Error lost = error_of(add(db, "would stay"));
        CHECK(lost.code() == Code::transaction_lost);
        CHECK(lost.message().find("by hand") != std::string::npos);
        CHECK(error_of(db.begin()).code() == Code::transaction_lost);
    }
    CHECK(world.stored() == 1);
}

TEST_CASE_TEMPLATE("a lease that leaves a transaction behind leaves nothing of it", Db, Sqlite, Postgres) {
    World<Db, rowan::Database> world;
    auto test = world.begin();
    rowan::must(add(*test, "before"));
    {
        auto lease = rowan::must(test->acquire());
        auto tx = new auto(rowan::must(lease->begin()));
        rowan::must(add(*tx, "left"));
        lease.give_back();
        CHECK(count(*test) == 2);
        // Its connection is there, but it has ended.
        CHECK(error_of(add(*tx, "no")).code() == Code::wrong_handle);
        delete tx;
    }
    CHECK(count(*test) == 2);
}

TEST_CASE_TEMPLATE("threads share the one connection of a Database", Db, Sqlite, Postgres) {
    World<Db, rowan::Database> world;
    auto test = world.begin();
    std::vector<std::thread> threads;
    std::atomic<int> failed{0};
    for (int t = 0; t != 4; ++t)
        threads.emplace_back([&, t] {
            for (int i = 0; i != 25; ++i) {
                const std::string label = std::to_string(t) + "/" + std::to_string(i);
                if (!test->transaction([&](auto& tx) { return add(tx, label); })) ++failed;
            }
        });
    for (auto& thread : threads) thread.join();
    CHECK(failed == 0);
    CHECK(count(*test) == 101);
    CHECK(world.stored() == 1);
}

TEST_CASE("a lost connection is not replaced by one outside of the test") {
    World<Postgres, rowan::Database> world;
    auto test = world.begin();
    rowan::must(add(*test, "first"));
    const auto pid =
        rowan::must(test->template query<std::int64_t>(unsafe_sql{"SELECT pg_backend_pid()::bigint"})).at(0);
    rowan::must(world.connection.execute(rowan::sql<"SELECT pg_terminate_backend($1::int)">, pid));
    for (int i = 0; i != 3; ++i) CHECK(error_of(add(*test, "would stay")).code() == Code::disconnect);
    CHECK(world.stored() == 1);
}
