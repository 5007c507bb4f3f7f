#include <rowan/observe.hpp>
#include <rowan/rowan.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "fresh.hpp"

namespace {

using rowan::SlowQueries;
using rowan::SlowQuery;
using rowan::sql;
using rowan::unsafe_sql;
using namespace std::chrono_literals;

/// A statement that has to count, for some milliseconds at least.
constexpr auto slow_sql = sql<"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) "
                              "SELECT CAST(count(*) AS bigint) FROM n WHERE i > $1">;

rowan::StatementEvent event(std::string_view text, std::chrono::nanoseconds duration) {
    return {.text = text, .is_constant = true, .duration = duration, .rows = 1, .connection = 3};
}

}  // namespace

TEST_CASE_TEMPLATE("slow statements are kept, with their values if that is asked for", Db, Sqlite, Postgres) {
    Fresh<Db> fresh;
    const auto slow = std::make_shared<SlowQueries>(2ms, 5, rowan::Disclosure{.values = true});
    const auto quiet = std::make_shared<SlowQueries>(2ms);
    fresh.connection.observe(std::make_shared<rowan::Observers>(slow, quiet));
    const auto counted = fresh.connection.template query<std::int64_t>(slow_sql, 10);
    CHECK(rowan::must(counted).at(0) == 99990);
    rowan::must(fresh.connection.execute(unsafe_sql{"SELECT 1"}));
    REQUIRE(slow->count() >= 1);
    const SlowQuery query = slow->slowest().at(0);
    CHECK(query.text.starts_with("WITH RECURSIVE"));
    CHECK(query.values == std::vector<std::string>{"10"});
    CHECK(query.duration >= 2ms);
    CHECK(query.rows == 1);
    CHECK(query.connection == fresh.connection.number());
    CHECK(query.error.empty());
    CHECK(std::chrono::system_clock::now() - query.time < 1min);
    CHECK(quiet->slowest().at(0).values.empty());
}

TEST_CASE("a statement is slow from the threshold on, and the slowest come first") {
    SlowQueries slow{5ms, 3};
    slow.on_statement(event("too quick", 5ms - 1ns));
    CHECK(slow.slowest().empty());
    slow.on_statement(event("a", 5ms));
    slow.on_statement(event("b", 9ms));
    slow.on_statement(event("c", 7ms));
    const auto texts = [&] {
        std::string all;
        for (const SlowQuery& query : slow.slowest()) all += query.text;
        return all;
    };
    CHECK(texts() == "bca");
    slow.on_statement(event("d", 6ms));
    CHECK(texts() == "bcd");
    slow.on_statement(event("e", 5ms));
    CHECK(texts() == "bcd");
    slow.on_statement(event("f", 1s));
    CHECK(texts() == "fbc");
    CHECK(slow.count() == 6);
    slow.clear();
    CHECK(slow.count() == 0);
    CHECK(slow.slowest().empty());
}

TEST_CASE("a slow statement is reported, also where none is kept") {
    std::vector<SlowQuery> reported;
    SlowQueries slow{1ms, [&](const SlowQuery& query) { reported.push_back(query); }, 0};
    const rowan::Error error{rowan::Category::operational, rowan::Code::busy, "database is locked"};
    rowan::StatementEvent failed = event("UPDATE t SET a = 'hunter2'", 2ms);
    failed.is_constant = false;
    failed.error = &error;
    failed.attempt = 2;
    slow.on_statement(failed);
    slow.on_statement(event("quick", 1us));
    REQUIRE(reported.size() == 1);
    CHECK(reported[0].text == "UPDATE t SET a = ?");
    CHECK(reported[0].error == "operational/busy: database is locked");
    CHECK(reported[0].attempt == 2);
    CHECK(reported[0].connection == 3);
    CHECK(slow.slowest().empty());
    CHECK(slow.count() == 1);
}

TEST_CASE("a slow statement that names a secret keeps its values to itself") {
    const std::vector<std::string> values{"'hunter2'"};
    SlowQueries slow{1ms, 5, {.values = true}};
    CHECK(slow.wants_values());
    rowan::StatementEvent one = event("SELECT id FROM users WHERE password = ?1", 1ms);
    one.values = values;
    slow.on_statement(one);
    CHECK(slow.slowest().at(0).values.empty());
    one.text = "SELECT id FROM users WHERE name = ?1";
    one.duration = 2ms;
    slow.on_statement(one);
    CHECK(slow.slowest().at(0).values == values);
}

TEST_CASE("threads may share it") {
    SlowQueries slow{1ns, 4};
    std::vector<std::thread> threads;
    for (int i = 1; i <= 4; ++i)
        threads.emplace_back([&slow, i] {
            for (int n = 1; n <= 100; ++n) slow.on_statement(event("x", std::chrono::microseconds{n * 10 + i}));
        });
    for (std::thread& thread : threads) thread.join();
    CHECK(slow.count() == 400);
    const auto slowest = slow.slowest();
    REQUIRE(slowest.size() == 4);
    CHECK(slowest[0].duration == 1004us);
    CHECK(slowest[3].duration == 1001us);
}
