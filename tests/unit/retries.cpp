#include <rowan/rowan.hpp>

#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "bank.hpp"

namespace {

using namespace bank;
using namespace std::chrono_literals;
using rowan::Category;
using rowan::Code;
using rowan::Error;
using rowan::Failure;
using rowan::Isolation;
using rowan::unsafe_sql;

}  // namespace

TEST_CASE_TEMPLATE("a serialization failure runs the whole function again, on fresh data", Db, Sqlite, Postgres) {
    Bank<Db> bank;
    auto other = bank.connect();
    int calls = 0;
    const rowan::Result<std::int64_t> outcome =
        bank.connection.transaction(quickly, racing<Db>(), [&](auto& tx) -> rowan::Result<std::int64_t> {
            ++calls;
            const std::int64_t before = cents(tx, 1);
            // Somebody else is faster, but only once.
            if (calls == 1) rowan::must(set_cents(other, 1, 500));
            if (auto done = set_cents(tx, 1, before + 1); !done) return Failure(std::move(done).error());
            return before;
        });
    CHECK(calls == 2);
    CHECK(rowan::must(outcome) == 500);
    CHECK(cents(bank.connection, 1) == 501);
}

TEST_CASE_TEMPLATE("what an attempt did is rolled back before the next one", Db, Sqlite, Postgres) {
    Bank<Db> bank;
    auto other = bank.connect();
    int calls = 0;
    rowan::must(bank.connection.transaction(quickly, [&](auto& tx) -> rowan::Result<void> {
        ++calls;
        // None of the earlier attempts' rows is there, neither here nor for others.
        CHECK(rowan::must(rowan::repository<Account>(tx).count()) == 2);
        CHECK(rowan::must(rowan::repository<Account>(other).count()) == 2);
        rowan::must(rowan::repository<Account>(tx).insert({.id = 10 + calls}));
        if (calls < 3) return Failure(made_error(Code::serialization_failure, true));
        return {};
    }));
    CHECK(calls == 3);
    CHECK(rowan::must(rowan::repository<Account>(other).count()) == 3);
    CHECK(rowan::must(rowan::repository<Account>(other).exists(13)));
}

TEST_CASE_TEMPLATE("a serialization failure inside a savepoint runs the whole function again", Db, Sqlite, Postgres) {
    Bank<Db> bank;
    auto other = bank.connect();
    int calls = 0;
    rowan::must(bank.connection.transaction(quickly, racing<Db>(), [&](auto& tx) -> rowan::Result<void> {
        const std::int64_t before = cents(tx, 1);
        if (++calls == 1) rowan::must(set_cents(other, 1, 500));
        return tx.savepoint([&](auto& inner) { return set_cents(inner, 1, before + 1); });
    }));
    CHECK(calls == 2);
    CHECK(cents(bank.connection, 1) == 501);
}

TEST_CASE_TEMPLATE("what a function has committed itself is not done again", Db, Sqlite, Postgres) {
    Bank<Db> bank;
    int calls = 0;
    auto policy = quickly;
    policy.on.stale = true;
    for (const Code code : {Code::serialization_failure, Code::stale}) {
        const Error error = error_of(bank.connection.transaction(policy, [&](auto& tx) -> rowan::Result<void> {
            ++calls;
            rowan::must(set_cents(tx, 1, cents(tx, 1) + 1));
            rowan::must(tx.commit());
            CHECK(tx.committed());
            return Failure(made_error(code, code != Code::stale));
        }));
        CHECK(error.code() == code);
    }
    CHECK(calls == 2);
    CHECK(cents(bank.connection, 1) == 102);

    // What it has rolled back itself is, and so is a commit() of its own that could not be done.
    calls = 0;
    rowan::must(bank.connection.transaction(quickly, [&](auto& tx) -> rowan::Result<void> {
        rowan::must(set_cents(tx, 1, cents(tx, 1) + 1));
        CHECK_FALSE(tx.committed());
        if (++calls == 3) return tx.commit();
        rowan::must(tx.rollback());
        return Failure(made_error(Code::serialization_failure, true));
    }));
    CHECK(calls == 3);
    CHECK(cents(bank.connection, 1) == 103);
}

TEST_CASE("two PostgreSQL transactions that lock each other out both get through") {
    Bank<Postgres> bank;
    const auto transfer = [&](std::int64_t first, std::int64_t second, int& calls) {
        auto connection = bank.connect();
        rowan::must(connection.execute(unsafe_sql{"SET deadlock_timeout = '50ms'"}));
        rowan::must(connection.transaction(quickly, [&](auto& tx) -> rowan::Result<void> {
            ++calls;
            const auto add = [&](std::int64_t id) {
                return rowan::repository<Account>(tx)
                    .where(rowan::col<&Account::id> == id)
                    .update(rowan::set<&Account::cents> = rowan::col<&Account::cents> + 1);
            };
            if (auto done = add(first); !done) return Failure(std::move(done).error());
            std::this_thread::sleep_for(100ms);
            if (auto done = add(second); !done) return Failure(std::move(done).error());
            return {};
        }));
    };
    int calls[2] = {0, 0};
    std::thread other{[&] { transfer(2, 1, calls[1]); }};
    transfer(1, 2, calls[0]);
    other.join();
    CHECK(calls[0] + calls[1] > 2);
    CHECK(cents(bank.connection, 1) == 102);
    CHECK(cents(bank.connection, 2) == 102);
}

TEST_CASE("a PostgreSQL transaction that fails to serialize only at COMMIT is run again") {
    Bank<Postgres> bank;
    auto other = bank.connect();
    int calls = 0;
    rowan::must(bank.connection.transaction(
        quickly, {.isolation = Isolation::serializable}, [&](auto& tx) -> rowan::Result<void> {
            ++calls;
            // Each writes what the other one reads: there is no order in which both could have run.
            const std::int64_t read = cents(tx, 2);
            rowan::must(set_cents(tx, 1, read + 1));
            if (calls == 1)
                rowan::must(other.transaction({.isolation = Isolation::serializable}, [&](auto& rival) {
                    const std::int64_t seen = cents(rival, 1);
                    rowan::must(set_cents(rival, 2, seen + 50));
                }));
            return {};
        }));
    CHECK(calls == 2);
    CHECK(cents(bank.connection, 1) == 151);
    CHECK(cents(bank.connection, 2) == 150);
}

TEST_CASE("an SQLite database that is busy is waited for") {
    Bank<Sqlite> bank;
    auto impatient = rowan::must(rowan::sqlite::Connection::open(bank.database.path(), {.busy_timeout = 0ms}));
    auto writer = rowan::must(bank.connection.begin());
    int calls = 0;
    std::thread patient{[&] {
        rowan::must(impatient.transaction(rowan::retry{.attempts = 1000, .base = 1ms, .limit = 5ms}, [&](auto& tx) {
            ++calls;
            rowan::must(set_cents(tx, 1, 7));
        }));
    }};
    std::this_thread::sleep_for(50ms);
    rowan::must(writer.commit());
    patient.join();
    // BEGIN was what failed: the function never saw a transaction that could not write.
    CHECK(calls == 1);
    CHECK(cents(bank.connection, 1) == 7);
}

TEST_CASE_TEMPLATE("the error of the last attempt says how many there were", Db, Sqlite, Postgres) {
    Bank<Db> bank;
    int calls = 0;
    const auto fail = [&](auto& tx) -> rowan::Result<void> {
        ++calls;
        rowan::must(set_cents(tx, 1, 0));
        return Failure(made_error(Code::deadlock, true));
    };
    const Error error =
        error_of(bank.connection.transaction(rowan::retry{.attempts = 4, .base = 1ms, .limit = 1ms}, fail));
    CHECK(calls == 4);
    CHECK(error.attempts() == 4);
    CHECK(error.code() == Code::deadlock);
    CHECK(error.to_string() == "operational/deadlock: made for the test; given up after 4 attempts");
    const Error copy = error;
    CHECK(copy.attempts() == 4);

    // By default it is ten, and never none.
    calls = 0;
    CHECK(error_of(bank.connection.transaction(quickly, fail)).attempts() == 10);
    CHECK(calls == 10);
    calls = 0;
    const Error once = error_of(bank.connection.transaction(rowan::retry{.attempts = 0}, fail));
    CHECK(calls == 1);
    CHECK(once.to_string() == "operational/deadlock: made for the test");
    CHECK(cents(bank.connection, 1) == 100);
    CHECK(error_of(bank.connection.transaction(fail)).attempts() == 0);
}

TEST_CASE_TEMPLATE("no attempt begins after the deadline", Db, Sqlite, Postgres) {
    Bank<Db> bank;
    int calls = 0;
    const auto fail = [&](auto&) -> rowan::Result<void> {
        ++calls;
        return Failure(made_error(Code::serialization_failure, true));
    };
    const auto start = std::chrono::steady_clock::now();
    const Error error = error_of(bank.connection.transaction(
        rowan::retry{.attempts = 1'000'000, .base = 10ms, .limit = 10ms, .deadline = start + 100ms}, fail));
    CHECK(error.code() == Code::serialization_failure);
    CHECK(error.attempts() == calls);
    CHECK(calls > 1);
    CHECK(std::chrono::steady_clock::now() - start < 5s);

    calls = 0;
    CHECK(error_of(bank.connection.transaction(rowan::retry{.deadline = start}, fail)).attempts() == 1);
    CHECK(calls == 1);
}

TEST_CASE_TEMPLATE("other errors and exceptions end it at once", Db, Sqlite, Postgres) {
    Bank<Db> bank;
    int calls = 0;
    const auto fail_with = [&](Error error) {
        calls = 0;
        const Error came = error_of(bank.connection.transaction(quickly, [&](auto& tx) -> rowan::Result<void> {
            ++calls;
            rowan::must(set_cents(tx, 1, 0));
            return Failure(error);
        }));
        CHECK(came.code() == error.code());
        CHECK(came.attempts() == 1);
        CHECK(calls == 1);
    };
    fail_with({Category::state, Code::not_found, "the function's own"});
    fail_with({Category::state, Code::stale, "the function's own"});
    fail_with(made_error(Code::lock_timeout, false));
    fail_with(made_error(Code::in_doubt, false));
    // Whatever it says of itself.
    fail_with(made_error(Code::in_doubt, true));
    // This connection stays lost.
    fail_with(made_error(Code::disconnect, true));
    // What was left behind would be in the way.
    fail_with(made_error(Code::busy, true).followed_by(made_error(Code::io_error, false)));

    calls = 0;
    const Error duplicate = error_of(bank.connection.transaction(quickly, [&](auto& tx) {
        ++calls;
        return rowan::repository<Account>(tx).insert({.id = 1});
    }));
    CHECK(duplicate.code() == Code::unique_violation);
    CHECK(calls == 1);

    calls = 0;
    CHECK_THROWS_AS((void)bank.connection.transaction(quickly,
                                                      [&](auto& tx) {
                                                          ++calls;
                                                          rowan::must(set_cents(tx, 1, 0));
                                                          throw std::runtime_error{"thrown on purpose"};
                                                      }),
                    std::runtime_error);
    CHECK(calls == 1);
    CHECK(cents(bank.connection, 1) == 100);
}

TEST_CASE_TEMPLATE("stale rows and lock time-outs are run again where that is asked for", Db, Sqlite, Postgres) {
    Bank<Db> bank;
    const auto calls_with = [&](rowan::RetryOn on, Code code) {
        int calls = 0;
        auto policy = quickly;
        policy.on = on;
        (void)bank.connection.transaction(policy, [&](auto&) -> rowan::Result<void> {
            if (++calls == 3) return {};
            return Failure(made_error(code, false));
        });
        return calls;
    };
    CHECK(calls_with({.stale = true}, Code::stale) == 3);
    CHECK(calls_with({.stale = true}, Code::lock_timeout) == 1);
    CHECK(calls_with({.lock_timeout = true}, Code::lock_timeout) == 3);
    CHECK(calls_with({.lock_timeout = true}, Code::stale) == 1);
    CHECK(calls_with({.stale = true, .lock_timeout = true}, Code::in_doubt) == 1);
}

TEST_CASE("a row that stays locked on PostgreSQL is a lock time-out, which can be run again") {
    Bank<Postgres> bank;
    auto other = bank.connect();
    rowan::must(other.execute(unsafe_sql{"SET lock_timeout = '20ms'"}));
    std::optional<rowan::BasicTransaction<Postgres::Connection>> holder = rowan::must(bank.connection.begin());
    rowan::must(set_cents(*holder, 1, 1));
    int calls = 0;
    const auto write = [&](auto& tx) {
        if (++calls == 2) holder.reset();
        return set_cents(tx, 1, 2);
    };
    CHECK(error_of(other.transaction(quickly, write)).code() == Code::lock_timeout);
    CHECK(calls == 1);
    auto policy = quickly;
    policy.on.lock_timeout = true;
    rowan::must(other.transaction(policy, write));
    CHECK(calls == 2);
    CHECK(cents(bank.connection, 1) == 2);
}

TEST_CASE_TEMPLATE("inside a transaction nothing is run again, and the function is not called", Db, Sqlite, Postgres) {
    Bank<Db> bank;
    bool called = false;
    const auto fn = [&](auto&) { called = true; };
    auto tx = rowan::must(bank.connection.begin());
    const Error inner = error_of(tx.transaction(quickly, fn));
    INFO(inner.to_string());
    CHECK(inner.code() == Code::misuse);
    CHECK(inner.category() == Category::programming);
    CHECK(error_of(bank.connection.transaction(quickly, fn)).code() == Code::wrong_handle);
    // The transaction is as it was.
    rowan::must(set_cents(tx, 1, 3));
    rowan::must(tx.commit());
    CHECK(cents(bank.connection, 1) == 3);

    // Also one that was begun by hand.
    rowan::must(bank.connection.execute(unsafe_sql{"BEGIN"}));
    CHECK(error_of(bank.connection.transaction(quickly, fn)).code() == Code::misuse);
    rowan::must(bank.connection.execute(unsafe_sql{"ROLLBACK"}));
    CHECK_FALSE(called);
    rowan::must(bank.connection.transaction(quickly, fn));
    CHECK(called);
}

TEST_CASE_TEMPLATE("a Database runs again as its connection does", Db, Sqlite, Postgres) {
    Bank<Db> bank;
    auto db = rowan::must(rowan::open(bank.url()));
    auto other = bank.connect();
    int calls = 0;
    rowan::must(db.transaction(rowan::retry{}, racing<Db>(), [&](rowan::Transaction& tx) -> rowan::Result<void> {
        const std::int64_t before = cents(tx, 1);
        if (++calls == 1) rowan::must(set_cents(other, 1, 500));
        return set_cents(tx, 1, before + 1);
    }));
    CHECK(calls == 2);
    CHECK(cents(db, 1) == 501);
}
