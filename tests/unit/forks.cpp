#include <rowan/rowan.hpp>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

#include "fresh.hpp"
#include "sanitizer.hpp"

namespace {

struct Coin {
    std::int64_t id{};
    std::string name{};
};

using rowan::Code;
using rowan::Error;
using rowan::Result;
using rowan::sql;
using namespace std::chrono_literals;

/// Runs `work()` in a child process, and gives the text that it gives. A child that has not ended after 20 s hangs: it
/// is killed, and the test fails.
template <class Work>
std::string in_child(Work work, bool exits_normally = false) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    std::fflush(nullptr);
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        // Ends a child that hangs.
        ::alarm(20);
        std::string text;
        try {
            text = work();
        } catch (const std::exception& problem) {
            text = std::string{"exception: "} + problem.what();
        }
        if (::write(ends[1], text.data(), text.size()) < 0) ::_exit(2);
        // What the child leaves to the parent on purpose is a leak for the sanitizers.
        if (exits_normally && !support::is_sanitized) std::exit(0);
        ::_exit(0);
    }
    ::close(ends[1]);
    std::string text;
    char part[256];
    for (ssize_t size = 0; (size = ::read(ends[0], part, sizeof part)) > 0;)
        text.append(part, static_cast<std::size_t>(size));
    ::close(ends[0]);
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK_MESSAGE(WIFEXITED(status), "the child hung, or died");
    CHECK(WEXITSTATUS(status) == 0);
    return text;
}

/// The server process behind a handle.
template <class Handle>
std::string server_of(Handle& handle) {
    return std::to_string(rowan::must(handle.template query<std::int32_t>(sql<"SELECT pg_backend_pid()">)).at(0));
}

template <class Outcome>
std::string code_of(const Outcome& outcome) {
    return outcome ? "succeeded" : std::string{rowan::to_string(outcome.error().code())};
}

/// A pool with the table, and one connection that is known.
template <class Db>
struct Forked : Fresh<Db> {
    using Pool = rowan::BasicPool<typename Db::Connection>;

    Forked() {
        rowan::must(rowan::repository<Coin>(this->connection).create_table());
        pool.emplace(rowan::must(Pool::open([this](std::chrono::milliseconds) { return connect(); }, {.size = 3})));
    }
    Result<typename Db::Connection> connect() {
        if constexpr (Db::is_sqlite)
            return this->database.connect();
        else
            return Db::Connection::open(this->url() + "&application_name=" + this->database.schema());
    }
    std::int64_t count() { return rowan::must(rowan::repository<Coin>(this->connection).count()); }
    /// How many sessions the server has in this test's schema.
    std::int64_t sessions() {
        return rowan::must(this->connection.template query<std::int64_t>(
                               sql<"SELECT count(*) FROM pg_stat_activity WHERE application_name = $1">,
                               this->database.schema()))
            .at(0);
    }
    std::optional<Pool> pool{};
};

}  // namespace

TEST_CASE("after fork() the child's pool opens connections of its own, and the parent's session lives on") {
    Forked<Postgres> fresh;
    auto& pool = *fresh.pool;
    const std::string before = server_of(pool);
    for (const bool exits_normally : {false, true}) {
        CAPTURE(exits_normally);
        const std::string in_the_child = in_child(
            [&] {
                const std::string mine = server_of(pool);
                rowan::must(rowan::repository<Coin>(pool).insert({.name = "child"}));
                rowan::must(pool.transaction(
                    [](auto& tx) { return rowan::repository<Coin>(tx).insert({.name = "in a transaction"}); }));
                const auto now = pool.statistics();
                return mine + " created " + std::to_string(now.created) + " open " + std::to_string(now.open);
            },
            exits_normally);
        CHECK(in_the_child != before);
        CHECK(in_the_child.find("exception") == std::string::npos);
        CHECK(in_the_child.find(before + " ") == std::string::npos);
        CHECK(in_the_child.find(" created 1 open 1") != std::string::npos);
        CHECK(server_of(pool) == before);
    }
    CHECK(fresh.count() == 4);
    CHECK(pool.statistics().created == 1);
    CHECK(pool.statistics().invalidated == 0);
}

TEST_CASE("a child that destroys the pool, or never uses it, ends no session of the parent") {
    Forked<Postgres> fresh;
    auto& pool = *fresh.pool;
    const std::string before = server_of(pool);
    CHECK(in_child([&] {
              fresh.pool.reset();
              return "gone";
          }) == "gone");
    CHECK(server_of(pool) == before);
    CHECK(in_child([&] {
              const std::string mine = server_of(*fresh.pool);
              fresh.pool.reset();
              return mine == before ? "the parent's" : "gone";
          }) == "gone");
    CHECK(server_of(pool) == before);
    CHECK(in_child([] { return "idle"; }, true) == "idle");
    CHECK(server_of(pool) == before);
    // And the child's own session has ended with it.
    CHECK(fresh.sessions() == 1);
}

TEST_CASE_TEMPLATE("handles from before a fork() refuse in the child, and leave the parent's transaction alone", Db,
                   Sqlite, Postgres) {
    Forked<Db> fresh;
    auto& pool = *fresh.pool;
    auto coins = rowan::repository<Coin>(pool);
    std::vector<Coin> many(5000, Coin{.name = "BTC"});
    rowan::must(coins.insert(many));
    auto stream = std::optional{rowan::must(coins.query().stream())};
    auto row = stream->begin();
    auto lease = std::optional{rowan::must(pool.acquire())};
    auto bare = std::optional{rowan::must(fresh.connect())};
    auto tx = std::optional{rowan::must(pool.begin())};
    rowan::must(rowan::repository<Coin>(*tx).insert({.name = "ETH"}));
    auto inner = std::optional{rowan::must(tx->begin())};
    rowan::must(rowan::repository<Coin>(*inner).insert({.name = "LTC"}));

    const auto work = [&] {
        std::string codes;
        codes += code_of(rowan::repository<Coin>(*inner).count()) + " ";
        codes += code_of(inner->commit()) + " ";
        codes += code_of(tx->commit()) + " ";
        codes += code_of(rowan::repository<Coin>(**lease).count()) + " ";
        codes += code_of(rowan::repository<Coin>(*bare).insert({.name = "XRP"})) + " ";
        codes += code_of(bare->begin()) + " ";
        // The last row that had come already, or the refusal.
        codes += code_of(*++row) + " ";
        return codes;
    };
    CHECK(in_child([&] {
              std::string codes = work();
              codes += code_of(inner->rollback());
              return codes;
          }) ==
          "wrong_handle wrong_handle wrong_handle wrong_handle wrong_handle wrong_handle wrong_handle wrong_handle");
    for (const bool exits_normally : {false, true})
        CHECK(in_child(
                  [&] {
                      inner.reset();
                      tx.reset();
                      lease.reset();
                      stream.reset();
                      bare.reset();
                      fresh.pool.reset();
                      return "all gone";
                  },
                  exits_normally) == "all gone");

    // The parent goes on where it was.
    CHECK((*++row).has_value());
    std::size_t rest = 2;
    while (++row != stream->end()) ++rest;
    CHECK(rest == many.size());
    CHECK(rowan::must(rowan::repository<Coin>(*bare).count()) == 5000);
    rowan::must(inner->commit());
    rowan::must(tx->commit());
    CHECK(rowan::must(rowan::repository<Coin>(**lease).count()) == 5002);
    lease.reset();
    stream.reset();
    CHECK(pool.statistics().in_use == 0);
    CHECK(pool.statistics().invalidated == 0);
}

TEST_CASE("a fork() while other threads work on the pool leaves the child a pool that works") {
    Forked<Postgres> fresh;
    auto& pool = *fresh.pool;
    std::atomic<bool> enough{false};
    std::atomic<int> stored{0};
    std::vector<std::thread> threads;
    for (int i = 0; i != 4; ++i)
        threads.emplace_back([&, i] {
            while (!enough) {
                if (i % 2 == 0)
                    (void)pool.statistics();
                else
                    stored += rowan::repository<Coin>(pool).insert({.name = "parent"}).has_value() ? 1 : 0;
            }
        });
    int children = 0;
    for (int i = 0; i != 25; ++i)
        children +=
            in_child([&] { return code_of(rowan::repository<Coin>(pool).insert({.name = "child"})); }) == "succeeded"
                ? 1
                : 0;
    enough = true;
    for (std::thread& thread : threads) thread.join();
    CHECK(children == 25);
    CHECK(fresh.count() == stored + 25);
    CHECK(pool.statistics().invalidated == 0);
}

TEST_CASE("SQLite files that were open at a fork() are refused in the child, which would have no locks on them") {
    Forked<Sqlite> fresh;
    auto& pool = *fresh.pool;
    std::string message;
    CHECK(in_child([&] {
              const Error error = error_of(rowan::repository<Coin>(pool).count());
              return std::string{rowan::to_string(error.code())} + ": " + error.message();
          }).find("not_supported: SQLite was in use when this process was forked") == 0);
    // Another time the same: a failed attempt does not unlock it.
    CHECK(in_child([&] {
              (void)pool.acquire();
              return code_of(pool.acquire()) + " " + code_of(fresh.database.connect()) + " " +
                     code_of(rowan::sqlite::Connection::open(":memory:"));
          }) == "not_supported not_supported succeeded");
    rowan::must(rowan::repository<Coin>(pool).insert({.name = "BTC"}));
    CHECK(fresh.count() == 1);
}

TEST_CASE("a child whose parent has closed its SQLite files opens them like any other") {
    Sqlite database;
    {
        auto connection = rowan::must(database.connect());
        rowan::must(rowan::repository<Coin>(connection).create_table());
        auto moved = std::move(connection);
        connection = rowan::must(database.connect());
        rowan::must(rowan::repository<Coin>(moved).insert({.name = "BTC"}));
    }
    CHECK(in_child([&] {
              auto connection = rowan::must(database.connect());
              auto other = rowan::must(database.connect());
              rowan::must(rowan::repository<Coin>(connection).insert({.name = "ETH"}));
              return std::to_string(rowan::must(rowan::repository<Coin>(other).count()));
          }) == "2");
}
