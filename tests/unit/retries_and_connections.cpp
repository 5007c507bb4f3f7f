#include <rowan/rowan.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "bank.hpp"

namespace {

using namespace bank;
using namespace std::chrono_literals;
using rowan::Code;
using rowan::Error;
using rowan::Failure;

}  // namespace

TEST_CASE("a COMMIT in doubt is never run again") {
    Bank<Postgres> bank;
    bank.execute("CREATE FUNCTION leave() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                 "PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(5); RETURN NULL; END $$;"
                 "CREATE CONSTRAINT TRIGGER late AFTER UPDATE ON accounts DEFERRABLE INITIALLY DEFERRED "
                 "FOR EACH ROW EXECUTE FUNCTION leave()");
    int calls = 0;
    const Error error = error_of(bank.connection.transaction(quickly, [&](auto& tx) {
        ++calls;
        return set_cents(tx, 1, 1);
    }));
    CHECK(error.code() == Code::in_doubt);
    CHECK(error.attempts() == 1);
    CHECK(calls == 1);
}

TEST_CASE("a connection of its own that was lost is not used again") {
    Bank<Postgres> bank;
    auto other = bank.connect();
    int calls = 0;
    const Error error = error_of(other.transaction(quickly, [&](auto& tx) {
        ++calls;
        bank.execute("SELECT pg_terminate_backend(" + std::to_string(PQbackendPID(other.native())) + ", 5000)");
        return set_cents(tx, 1, 1);
    }));
    CHECK(error.code() == Code::disconnect);
    CHECK(calls == 1);
}

namespace {

/// Writes down each attempt that is followed by another one.
class Log : public rowan::Observer {
public:
    struct Seen {
        int attempt;
        std::chrono::nanoseconds wait;
        Code code;
    };

    void on_retry(const rowan::RetryEvent& event) noexcept override {
        seen.push_back({event.attempt, event.wait, event.error.code()});
    }

    std::vector<Seen> seen{};
};

/// A handle whose `begin` replaces a connection that is lost, as a pool does.
class Renewing : public rowan::Session<Renewing> {
public:
    using Connection = rowan::postgres::Connection;

    explicit Renewing(const Postgres& database) : database_{&database}, connection_{rowan::must(database.connect())} {}

    rowan::Result<rowan::BasicTransaction<Connection>> begin(const rowan::TransactionOptions& options = {}) {
        if (PQstatus(connection_.native()) == CONNECTION_BAD) connection_ = rowan::must(database_->connect());
        return connection_.begin(options);
    }
    [[nodiscard]] std::shared_ptr<rowan::Observer> observer() const { return log; }

    [[nodiscard]] PGconn* native() const { return connection_.native(); }

    std::shared_ptr<Log> log = std::make_shared<Log>();

private:
    const Postgres* database_;
    Connection connection_;
};

}  // namespace

template <>
inline constexpr bool rowan::renews_connection<Renewing> = true;

TEST_CASE("a lost connection is run again where each attempt gets one that works, unless it was lost in COMMIT") {
    Bank<Postgres> bank;
    Renewing handle{bank.database};
    const auto kill = [&](PGconn* line) {
        bank.execute("SELECT pg_terminate_backend(" + std::to_string(PQbackendPID(line)) + ", 5000)");
    };
    int calls = 0;
    rowan::must(handle.transaction(quickly, [&](auto& tx) {
        // In a statement, then between the last one and COMMIT.
        if (++calls == 1) kill(handle.native());
        rowan::Result<void> done = set_cents(tx, 1, calls);
        if (calls == 2) kill(handle.native());
        return done;
    }));
    CHECK(calls == 3);
    CHECK(cents(bank.connection, 1) == 3);
    REQUIRE(handle.log->seen.size() == 2);
    for (const auto& seen : handle.log->seen) CHECK(seen.code == Code::disconnect);

    // Also where the rollback of a savepoint has failed with it.
    calls = 0;
    rowan::must(handle.transaction(quickly, [&](auto& tx) {
        return tx.savepoint([&](auto& inner) {
            if (++calls == 1) kill(handle.native());
            return set_cents(inner, 1, 77);
        });
    }));
    CHECK(calls == 2);
    CHECK(cents(bank.connection, 1) == 77);

    bank.execute("CREATE FUNCTION leave() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                 "PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(5); RETURN NULL; END $$;"
                 "CREATE CONSTRAINT TRIGGER late AFTER UPDATE ON accounts DEFERRABLE INITIALLY DEFERRED "
                 "FOR EACH ROW EXECUTE FUNCTION leave()");
    calls = 0;
    handle.log->seen.clear();
    const Error error = error_of(handle.transaction(quickly, [&](auto& tx) {
        ++calls;
        return set_cents(tx, 1, 1);
    }));
    CHECK(error.code() == Code::in_doubt);
    CHECK(calls == 1);
    CHECK(handle.log->seen.empty());
}

TEST_CASE("a Database, which is a pool, runs a transaction again whose connection was lost") {
    Bank<Postgres> bank;
    auto db = rowan::must(rowan::open(bank.url()));
    int calls = 0;
    rowan::must(db.transaction(quickly, [&](rowan::Transaction& tx) {
        const auto line = rowan::must(tx.query<std::int64_t>(rowan::sql<"SELECT pg_backend_pid()::bigint">)).at(0);
        if (++calls == 1) bank.execute("SELECT pg_terminate_backend(" + std::to_string(line) + ", 5000)");
        return set_cents(tx, 1, calls);
    }));
    CHECK(calls == 2);
    CHECK(cents(bank.connection, 1) == 2);

    CHECK(db.pool().statistics().in_use == 0);
}

TEST_CASE("each attempt that is followed by another is told, with its wait") {
    Bank<Postgres> bank;
    Renewing handle{bank.database};
    (void)handle.transaction(rowan::retry{.attempts = 4, .base = 2ms, .limit = 4ms},
                             [&](auto&) -> rowan::Result<void> { return Failure(made_error(Code::busy, true)); });
    REQUIRE(handle.log->seen.size() == 3);
    for (int i = 0; i != 3; ++i) {
        const auto& seen = handle.log->seen[static_cast<std::size_t>(i)];
        CHECK(seen.attempt == i + 1);
        CHECK(seen.code == Code::busy);
        CHECK(seen.wait >= 0ns);
        CHECK(seen.wait <= (i == 0 ? 2ms : 4ms));
    }
}

TEST_CASE("waits double from their base up to their limit, and are random from 0 on") {
    using rowan::detail::choose_wait;
    using rowan::detail::longest_wait;
    constexpr rowan::retry standard{};
    static_assert(longest_wait(standard, 1) == 5ms);
    static_assert(longest_wait(standard, 2) == 10ms);
    static_assert(longest_wait(standard, 8) == 640ms);
    static_assert(longest_wait(standard, 9) == 1s);
    static_assert(longest_wait(standard, 1'000'000) == 1s);
    static_assert(longest_wait({.base = 0ms}, 1'000'000) == 0ms);
    static_assert(longest_wait({.base = -1ms, .limit = -1ms}, 3) == 0ms);
    static_assert(longest_wait({.base = 10ms, .limit = 3ms}, 1) == 3ms);
    // No number is too large.
    static_assert(longest_wait({.base = std::chrono::milliseconds::max(), .limit = std::chrono::milliseconds::max()},
                               1000) == 24h);
    CHECK(choose_wait({.base = 0ms}, 5) == 0ns);

    int low = 0;
    int high = 0;
    for (int i = 0; i != 10'000; ++i) {
        const auto wait = choose_wait(standard, 2);
        REQUIRE(wait >= 0ns);
        REQUIRE(wait <= 10ms);
        low += wait < 2500us ? 1 : 0;
        high += wait > 7500us ? 1 : 0;
    }
    // A quarter each, give or take what never happens by chance.
    CHECK(low > 2000);
    CHECK(low < 3000);
    CHECK(high > 2000);
    CHECK(high < 3000);
}
