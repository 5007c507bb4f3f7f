#include <rowan/observe.hpp>
#include <rowan/rowan.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <set>
#include <source_location>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "fresh.hpp"
#include "recorder.hpp"

namespace {

using rowan::sql;
using rowan::unsafe_sql;
using namespace std::chrono_literals;

/// Also keeps what it hears of transactions that are run again.
class RetryRecorder : public Recorder {
public:
    struct Retry {
        int attempt;
        std::chrono::nanoseconds wait;
        std::string error;
        std::uint_least32_t line;
    };
    std::vector<Retry> retries{};

    void on_retry(const rowan::RetryEvent& event) noexcept override {
        retries.push_back({event.attempt, event.wait, std::string{to_string(event.error.code())}, event.place.line()});
    }
};

rowan::Error busy() {
    rowan::ErrorDetails details{.category = rowan::Category::operational, .code = rowan::Code::busy, .retryable = true};
    return rowan::Error{std::move(details)};
}

}  // namespace

TEST_CASE_TEMPLATE("each attempt of a transaction is seen with its number, and each retry by itself", Db, Sqlite,
                   Postgres) {
    Fresh<Db> fresh;
    const auto recorder = std::make_shared<RetryRecorder>();
    int calls = 0;
    std::uint_least32_t line = 0;
    const auto run = [&](auto& db) {
        calls = 0;
        db.observe(recorder);
        const auto work = [&](auto& tx) -> rowan::Result<void> {
            rowan::must(tx.execute(unsafe_sql{"SELECT 1"}));
            if (++calls < 3) return rowan::Failure(busy());
            return {};
        };
        // Compilers differ in the line that they give to a call of several.
        line = std::source_location::current().line() + 1;
        return db.transaction(rowan::retry{.base = 1ms}, work);
    };
    const auto check = [&] {
        const auto seen = recorder->take();
        CHECK(kinds(seen) == "BEGIN, ?, ROLLBACK, BEGIN, ?, ROLLBACK, BEGIN, ?, COMMIT");
        for (std::size_t i = 0; i != seen.size(); ++i) {
            CHECK(seen[i].attempt == static_cast<int>(i / 3) + 1);
            CHECK(seen[i].line == line);
        }
        REQUIRE(recorder->retries.size() == 2);
        for (int i = 0; i != 2; ++i) {
            const auto& retry = recorder->retries[static_cast<std::size_t>(i)];
            CHECK(retry.attempt == i + 1);
            CHECK(retry.error == "busy");
            CHECK(retry.line == line);
            CHECK(retry.wait <= 1ms * (1 << i));
        }
        recorder->retries.clear();
    };
    SUBCASE("on a connection") {
        CHECK(run(fresh.connection));
        check();
        // The next statement is no attempt of anything.
        rowan::must(fresh.connection.execute(unsafe_sql{"SELECT 1"}));
        CHECK(recorder->take().at(0).attempt == 1);
    }
    SUBCASE("on a database, from a pool") {
        auto db = rowan::must(rowan::open(fresh.url()));
        CHECK(run(db));
        check();
    }
}

TEST_CASE_TEMPLATE("a pool attaches its observer to the connections that it lends", Db, Sqlite, Postgres) {
    Fresh<Db> fresh;
    auto db = rowan::must(rowan::open(fresh.url()));
    const auto first = std::make_shared<Recorder>();
    const auto second = std::make_shared<Recorder>();
    {
        auto early = rowan::must(db.acquire());
        db.observe(first);
        // It was lent before.
        rowan::must(early->execute(unsafe_sql{"SELECT 1"}));
        CHECK(first->take().empty());

        auto one = rowan::must(db.acquire());
        auto other = rowan::must(db.acquire());
        rowan::must(one->execute(unsafe_sql{"SELECT 1"}));
        rowan::must(other->execute(unsafe_sql{"SELECT 2"}));
        const auto seen = first->take();
        REQUIRE(seen.size() == 2);
        CHECK(seen[0].connection == one->number());
        CHECK(seen[1].connection == other->number());
        CHECK(seen[0].connection != seen[1].connection);
    }
    rowan::must(db.execute(unsafe_sql{"SELECT 1"}));
    CHECK(first->take().size() == 1);

    db.observe(second);
    CHECK(db.observer() == second);
    rowan::must(db.execute(unsafe_sql{"SELECT 1"}));
    CHECK(first->take().empty());
    CHECK(second->take().size() == 1);

    db.observe(nullptr);
    rowan::must(db.execute(unsafe_sql{"SELECT 1"}));
    CHECK(second->take().empty());
}

TEST_CASE_TEMPLATE("threads that share a database share its observers", Db, Sqlite, Postgres) {
    Fresh<Db> fresh;
    auto db = rowan::must(rowan::open(fresh.url()));
    const auto summary = std::make_shared<rowan::StatementSummary>();
    const auto slow = std::make_shared<rowan::SlowQueries>(0ns, 10, rowan::Disclosure{.values = true});
    db.observe(std::make_shared<rowan::Observers>(summary, slow));
    constexpr int rounds = 50;
    std::vector<std::thread> threads;
    for (int i = 0; i != 4; ++i)
        threads.emplace_back([&] {
            for (int n = 0; n != rounds; ++n) {
                auto read = db.transaction([&](rowan::Transaction& tx) {
                    return tx.template query<std::int64_t>(sql<"SELECT CAST($1 AS bigint)">, n);
                });
                // SQLite's writers wait for each other, but not for ever.
                if (!read) std::abort();
                (void)summary->figures();
            }
        });
    for (std::thread& thread : threads) thread.join();
    std::uint64_t statements = 0;
    for (const auto& one : summary->figures()) {
        CHECK(one.count == 4 * rounds);
        statements += one.count;
    }
    CHECK(statements == 3 * 4 * rounds);
    CHECK(slow->count() == statements);
}

TEST_CASE_TEMPLATE("a guard watches a database that lends connections", Db, Sqlite, Postgres) {
    Fresh<Db> fresh;
    auto db = rowan::must(rowan::open(fresh.url()));
    std::vector<std::string> messages;
    {
        rowan::RepeatGuard guard{db, {.count = 3}, [&](const std::string& message) { messages.push_back(message); }};
        for (int i = 0; i != 3; ++i) rowan::must(db.template query<std::int64_t>(sql<"SELECT CAST($1 AS bigint)">, i));
    }
    CHECK(messages.size() == 1);
    CHECK(db.observer() == nullptr);
}
