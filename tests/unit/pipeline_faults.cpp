#include <rowan/rowan.hpp>

#include <chrono>
#include <cstdio>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <tuple>
#include <vector>

#include "fresh.hpp"
#include "recorder.hpp"

namespace {

struct Coin {
    std::int64_t id{};
    std::string name{};

    friend bool operator==(const Coin&, const Coin&) = default;
};

}  // namespace

template <>
inline constexpr auto rowan::table<Coin> = rowan::describe<Coin>("coins");

namespace {

using rowan::Code;
using rowan::repository;
using rowan::Result;
using rowan::sql;
using rowan::unsafe_sql;
using rowan::postgres::Connection;
using namespace std::chrono_literals;

struct Coins : Fresh<Postgres> {
    Coins() { rowan::must(repository<Coin>(connection).create_table()); }

    /// Inserts take 300 ms.
    void slow_down() {
        execute(
            "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.3); RETURN NEW; "
            "END $$; CREATE TRIGGER slow BEFORE INSERT ON coins FOR EACH ROW EXECUTE FUNCTION slow()");
    }
    std::int64_t count() { return rowan::must(repository<Coin>(connection).count()); }
};

constexpr auto insert = [](auto& step) { return repository<Coin>(step).insert({.name = "BTC"}); };
constexpr auto count = [](auto& step) { return repository<Coin>(step).count(); };
constexpr auto nap = [](auto& step) { return step.template query<bool>(sql<"SELECT pg_sleep(0.06) IS NULL">); };

/// `work()`, while `disturb` happens after some time.
template <class Disturb, class Work>
auto disturbed(std::chrono::milliseconds after, Disturb disturb, Work work) {
    std::thread other{[&] {
        std::this_thread::sleep_for(after);
        disturb();
    }};
    auto outcome = work();
    other.join();
    return outcome;
}

void let_it_finish() { std::this_thread::sleep_for(800ms); }

/// How often a connection waits for the server: turns from what libpq sends to what it reads.
class RoundTrips {
public:
    explicit RoundTrips(Connection& connection) : connection_{connection} { PQtrace(connection.native(), file_.get()); }
    RoundTrips(const RoundTrips&) = delete;
    RoundTrips& operator=(const RoundTrips&) = delete;
    ~RoundTrips() { PQuntrace(connection_.native()); }

    /// Since the last call.
    int take() {
        std::fseek(file_.get(), place_, SEEK_SET);
        int trips = 0;
        bool was_sending = false;
        for (char line[4096]; std::fgets(line, sizeof line, file_.get()) != nullptr;) {
            const char* tab = std::strchr(line, '\t');
            const bool sends = tab != nullptr && tab[1] == 'F';
            if (was_sending && !sends) ++trips;
            was_sending = sends;
        }
        place_ = std::ftell(file_.get());
        return trips;
    }

private:
    struct Close {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };

    Connection& connection_;
    std::unique_ptr<std::FILE, Close> file_{std::tmpfile()};
    long place_ = 0;
};

}  // namespace

TEST_CASE("a pipeline is one round trip, its new statements included") {
    Coins coins;
    RoundTrips trips{coins.connection};
    CHECK((insert(coins.connection) && count(coins.connection)));
    // Each was prepared, and then run.
    CHECK(trips.take() == 4);
    const auto all = [](auto& step) { return repository<Coin>(step).all(); };
    const auto [stored, counted, rows] = coins.connection.pipeline(insert, count, all);
    CHECK((stored && counted && rows));
    CHECK(trips.take() == 1);
    const std::vector<std::int64_t> keys(300, 1);
    const auto find = [](auto& step, std::int64_t key) { return repository<Coin>(step).find(key); };
    CHECK(coins.connection.pipeline_each(keys, find).size() == 300);
    CHECK(trips.take() == 2);
    CHECK(rowan::must(coins.connection.transaction([&](auto& tx) -> Result<int> {
              CHECK(trips.take() == 1);
              const auto [a, b] = tx.pipeline(insert, count);
              return a && b ? trips.take() : 0;
          })) == 1);
    CHECK(trips.take() == 1);
    // One that runs alone comes between two.
    const auto [a, b, script, c, d] = coins.connection.pipeline(
        insert, count, [](auto& step) { return step.execute(unsafe_sql{"SELECT 1"}); }, insert, count);
    CHECK((a && b && script && c && d));
    CHECK(trips.take() == 3);
}

TEST_CASE("a step sees the transaction that its pipeline is in") {
    Coins coins;
    using rowan::TransactionState;
    std::vector<TransactionState> seen;
    const auto look = [&](auto& step) {
        seen.push_back(rowan::must(
            step.lend([](auto& connection) -> Result<TransactionState> { return connection.transaction_state(); })));
        return count(step);
    };
    CHECK(std::get<2>(coins.connection.pipeline(insert, look, look)));
    CHECK(seen == std::vector(4, TransactionState::idle));
    seen.clear();
    auto tx = rowan::must(coins.connection.begin());
    CHECK(std::get<2>(tx.pipeline(insert, look, look)));
    CHECK(seen == std::vector(4, TransactionState::open));
}

TEST_CASE("a line that is cut leaves what was answered, and doubts about what may be stored") {
    Coins coins;
    coins.slow_down();
    auto victim = coins.connect();
    const auto cut = [&] { ::shutdown(PQsocket(victim.native()), SHUT_RDWR); };
    {
        const auto [answered, doubtful, reading, doubtful_too] =
            disturbed(450ms, cut, [&] { return victim.pipeline(insert, insert, count, insert); });
        CHECK(answered);
        CHECK(error_of(doubtful).code() == Code::in_doubt);
        CHECK(error_of(doubtful).statement().starts_with("INSERT"));
        CHECK_FALSE(error_of(doubtful).retryable());
        CHECK(error_of(reading).code() == Code::disconnect);
        CHECK(error_of(doubtful_too).code() == Code::in_doubt);
        let_it_finish();
        // The second was: the server may have found out behind it that nobody listens.
        CHECK(coins.count() >= 2);
        CHECK(victim.state() == rowan::ConnectionState::broken);
        // The connection is known to be dead now: nothing is sent any more, and there is no doubt.
        const auto [nothing, neither] = victim.pipeline(insert, count);
        CHECK(error_of(nothing).code() == Code::disconnect);
        CHECK(error_of(neither).code() == Code::disconnect);
    }
    const std::int64_t stored = coins.count();
    victim = coins.connect();
    {
        // As a firewall leaves it, before anything was sent.
        cut();
        const auto [nothing, neither] = victim.pipeline(insert, count);
        CHECK(error_of(nothing).code() == Code::disconnect);
        CHECK(error_of(neither).code() == Code::disconnect);
    }
    victim = coins.connect();
    {
        auto tx = rowan::must(victim.begin());
        const auto [first, second] = disturbed(100ms, cut, [&] { return tx.pipeline(insert, insert); });
        CHECK(error_of(first).code() == Code::disconnect);
        CHECK(error_of(second).code() == Code::disconnect);
        CHECK(error_of(second).retryable());
    }
    let_it_finish();
    CHECK(coins.count() == stored);
}

TEST_CASE("what the server did not come to, as it ended the session and said so, is not stored") {
    Coins coins;
    coins.slow_down();
    auto victim = coins.connect();
    const auto end = [&] {
        coins.execute("SELECT pg_terminate_backend(" + std::to_string(PQbackendPID(victim.native())) + ")");
    };
    const auto [answered, ended, behind] =
        disturbed(450ms, end, [&] { return victim.pipeline(insert, insert, insert); });
    CHECK(answered);
    for (const auto& lost : {error_of(ended), error_of(behind)}) {
        CHECK(lost.code() == Code::disconnect);
        CHECK(lost.native_code() == "57P01");
        CHECK(lost.retryable());
    }
    let_it_finish();
    CHECK(coins.count() == 1);
}

TEST_CASE("statements that the server has lost, or whose plans are stale, are prepared again") {
    Coins coins;
    const auto all = [](auto& step) { return repository<Coin>(step).all(); };
    rowan::must(insert(coins.connection));
    rowan::must(all(coins.connection));
    coins.execute("DEALLOCATE ALL");
    const auto recorder = std::make_shared<Recorder>();
    coins.connection.observe(recorder);
    {
        const auto [stored, rows, again] = coins.connection.pipeline(insert, all, all);
        CHECK(stored);
        CHECK(rowan::must(rows).size() == 2);
        CHECK(rowan::must(again) == rowan::must(rows));
    }
    const auto seen = recorder->take();
    CHECK(seen.size() == 3);
    for (const Seen& one : seen) CHECK(one.error.empty());
    coins.execute("ALTER TABLE coins ALTER COLUMN name TYPE varchar(40)");
    {
        const auto [rows, again] = coins.connection.pipeline(all, all);
        CHECK(rowan::must(rows).size() == 2);
        CHECK(rowan::must(again) == rowan::must(rows));
    }
    // In a transaction it is too late.
    coins.execute("DEALLOCATE ALL");
    {
        auto tx = rowan::must(coins.connection.begin());
        const auto [rows, behind] = tx.pipeline(all, all);
        CHECK(error_of(rows).code() == Code::lost_statement);
        CHECK(error_of(behind).code() == Code::transaction_aborted);
    }
    const auto [rows, counted] = coins.connection.pipeline(all, count);
    CHECK(rowan::must(rows).size() == 2);
    CHECK(rowan::must(counted) == 2);
}

TEST_CASE("what a commit refuses is the error of its step alone") {
    Coins coins;
    coins.execute("ALTER TABLE coins ADD CONSTRAINT one_name UNIQUE (name) DEFERRABLE INITIALLY DEFERRED");
    const auto [first, second, counted] = coins.connection.pipeline(insert, insert, count);
    CHECK(first);
    CHECK(error_of(second).code() == Code::unique_violation);
    CHECK(error_of(second).constraint() == "one_name");
    CHECK(rowan::must(counted) == 1);
    CHECK(rowan::must(count(coins.connection)) == 1);
}

TEST_CASE("a transaction's timeout holds for a pipeline as a whole") {
    Coins coins;
    const auto outcome = coins.connection.transaction({.timeout = 150ms}, [](auto& tx) -> Result<void> {
        const auto [a, b, c, d, e] = tx.pipeline(nap, nap, nap, nap, nap);
        CHECK(a);
        CHECK(error_of(e).code() == Code::timeout);
        return {};
    });
    CHECK(error_of(outcome).code() == Code::timeout);
    const auto [a, b] = coins.connection.pipeline(insert, count);
    CHECK(rowan::must(b) == 1);
}

TEST_CASE("a step that does something else the second time, or throws, is found out and harms no other") {
    Coins coins;
    int calls = 0;
    const auto fickle = [&](auto& step) -> Result<std::int64_t> {
        if (++calls == 1) return repository<Coin>(step).count();
        const auto all = repository<Coin>(step).all();
        if (!all) return rowan::Failure(all.error());
        return 0;
    };
    const auto scripted = [&](auto& step) -> Result<void> {
        if (++calls % 2 == 1) return step.execute(unsafe_sql{"SELECT 1; SELECT 2"});
        const auto counted = repository<Coin>(step).count();
        if (!counted) return rowan::Failure(counted.error());
        return {};
    };
    {
        const auto [before, misused, after] = coins.connection.pipeline(insert, fickle, count);
        CHECK(before);
        CHECK(error_of(misused).code() == Code::misuse);
        CHECK(rowan::must(after) == 1);
        CHECK(calls == 2);
    }
    calls = 0;
    {
        // It was not sent ahead, so the second time counts.
        const auto [before, other, after] = coins.connection.pipeline(insert, scripted, count);
        CHECK((before && other && after));
        CHECK(calls == 2);
    }
    const auto throwing = [](auto& step) -> Result<std::int64_t> {
        (void)repository<Coin>(step).count();
        throw std::runtime_error{"no"};
    };
    CHECK_THROWS_AS((void)coins.connection.pipeline(insert, throwing, insert), std::runtime_error);
    CHECK(coins.connection.state() == rowan::ConnectionState::ready);
    CHECK(coins.count() == 3);
    // What does not use its step is run as usual, once.
    auto other = coins.connect();
    const auto [elsewhere, here] = coins.connection.pipeline([&](auto&) { return insert(other); }, count);
    CHECK(elsewhere);
    CHECK(rowan::must(here) == 4);
}

TEST_CASE("what a step is given the first time is an error to look at, and what it makes of that stays its own") {
    Coins coins;
    std::vector<std::string> seen;
    const auto looking = [&](auto& step) {
        auto counted = repository<Coin>(step).count();
        if (!counted) seen.push_back(std::string{to_string(counted.error().code())} + counted.error().message());
        return counted;
    };
    std::vector<rowan::Error> kept;
    const auto keeping = [&](auto& step) {
        auto counted = repository<Coin>(step).count();
        if (!counted) kept.push_back(counted.error());
        return counted;
    };
    const auto swallowing = [](auto& step) -> Result<std::int64_t> {
        return repository<Coin>(step).count().value_or(-1);
    };
    const auto failing = [](auto& step) -> Result<std::int64_t> {
        auto counted = repository<Coin>(step).count();
        std::string message{counted ? "the second time" : "the first time"};
        return rowan::Failure(rowan::Error{rowan::Category::state, Code::stale, std::move(message)});
    };
    const auto broken = [](auto& step) { return repository<Coin>(step).insert({.name = std::string("a\0b", 3)}); };
    const auto following = [](auto& step) -> Result<std::int64_t> {
        auto counted = repository<Coin>(step).count();
        if (counted) return counted;
        return rowan::Failure(std::move(counted).error().in_statement("COUNT").followed_by(
            rowan::Error{rowan::Category::state, Code::stale, "and more"}));
    };
    const auto [a, b, c, d, e, f, g, h, i] =
        coins.connection.pipeline(looking, keeping, looking, swallowing, failing, broken, following, looking, keeping);
    REQUIRE(seen.size() == 3);
    CHECK(seen[0].starts_with("internal_error"));
    CHECK(seen[0].find("will be called again") != std::string::npos);
    CHECK(seen[1] == seen[0]);
    CHECK(seen[2] == seen[0]);
    REQUIRE(kept.size() == 2);
    for (const rowan::Error& error : kept) {
        CHECK(error.message().find("will be called again") != std::string::npos);
        CHECK(error.statement().empty());
        CHECK(error.secondary() == nullptr);
    }
    for (const auto* counted : {&a, &b, &c, &d, &g, &h, &i}) CHECK(rowan::must(*counted) == 0);
    CHECK(error_of(e).message() == "the second time");
    CHECK(error_of(f).code() == Code::invalid_text);
}
