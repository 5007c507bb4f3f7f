#include <rowan/rowan.hpp>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include "fresh.hpp"

namespace {

struct Counter {
    std::int64_t id{};
    std::int64_t value{};
    rowan::Version version{};
};

constexpr int increments = 1000;
const std::string only_worker = "--test-case=increments a counter*";

/// Reads, adds one and writes, until each increment has gone in. Gives how often another one was faster.
rowan::Result<int> count_up(const std::string& url) {
    rowan::Result<rowan::Database> db = rowan::open(url);
    if (!db) return rowan::Failure(db.error());
    rowan::Repository<Counter> counters{*db};
    int stale = 0;
    for (int i = 0; i != increments;) {
        rowan::Result<Counter> counter = counters.get(1);
        if (counter) {
            ++counter->value;
            counter = counters.update(*counter);
        }
        if (counter)
            ++i;
        else if (counter.error().code() == rowan::Code::stale)
            ++stale;
        else if (!counter.error().retryable())
            return rowan::Failure(counter.error());
    }
    return stale;
}

template <class Db>
struct Counters : Fresh<Db> {
    rowan::Repository<Counter, typename Db::Connection> counters{this->connection};

    Counters() {
        rowan::must(counters.create_table());
        rowan::must(counters.insert({}));
    }

    void check(std::int64_t writers) {
        const Counter counter = rowan::must(counters.get(1));
        CHECK(counter.value == writers * increments);
        CHECK(counter.version == 1 + writers * increments);
    }
};

}  // namespace

TEST_CASE_TEMPLATE("a counter that eight threads increment 1,000 times each ends exact", Db, Sqlite, Postgres) {
    Counters<Db> fresh;
    std::vector<std::string> failures(8);
    std::vector<std::thread> threads;
    for (std::string& failure : failures)
        threads.emplace_back([&failure, url = fresh.url()] {
            if (const auto done = count_up(url); !done) failure = done.error().to_string();
        });
    for (std::thread& thread : threads) thread.join();
    for (const std::string& failure : failures) CHECK(failure == "");
    fresh.check(8);
}

TEST_CASE_TEMPLATE("transactions that are run again where a row was stale count exactly as well", Db, Sqlite, Postgres) {
    Counters<Db> fresh;
    constexpr int threads_count = 4;
    constexpr int each = increments / threads_count;
    std::vector<std::string> failures(threads_count);
    std::vector<std::thread> threads;
    for (std::string& failure : failures)
        threads.emplace_back([&failure, url = fresh.url()] {
            rowan::Database db = rowan::must(rowan::open(url));
            const rowan::retry policy{.attempts = 10'000,
                                      .base = std::chrono::milliseconds{1},
                                      .limit = std::chrono::milliseconds{4},
                                      .on = {.stale = true}};
            for (int i = 0; i != each; ++i) {
                const auto done = db.transaction(policy, [](rowan::Transaction& tx) -> rowan::Result<Counter> {
                    auto counters = rowan::repository<Counter>(tx);
                    rowan::Result<Counter> counter = counters.get(1);
                    if (!counter) return counter;
                    ++counter->value;
                    return counters.update(*counter);
                });
                if (!done) failure = done.error().to_string();
            }
        });
    for (std::thread& thread : threads) thread.join();
    for (const std::string& failure : failures) CHECK(failure == "");
    fresh.check(1);
}

TEST_CASE_TEMPLATE("a counter that four processes increment 1,000 times each ends exact", Db, Sqlite, Postgres) {
    Counters<Db> fresh;
    REQUIRE(::setenv("ROWAN_TEST_COUNTER", fresh.url().c_str(), 1) == 0);
    std::vector<pid_t> children;
    for (int i = 0; i != 4; ++i) {
        const pid_t child = ::fork();
        REQUIRE(child >= 0);
        if (child == 0) {
            ::execl("/proc/self/exe", "rowan_tests", "--no-skip", "--minimal", only_worker.c_str(),
                    static_cast<char*>(nullptr));
            ::_exit(127);
        }
        children.push_back(child);
    }
    for (const pid_t child : children) {
        int status = -1;
        REQUIRE(::waitpid(child, &status, 0) == child);
        CHECK(status == 0);
    }
    fresh.check(4);
}

TEST_CASE("increments a counter, as one process of several" * doctest::skip()) {
    const char* url = std::getenv("ROWAN_TEST_COUNTER");
    REQUIRE(url != nullptr);
    const rowan::Result<int> stale = count_up(url);
    REQUIRE_MESSAGE(stale, stale.error().to_string());
}
