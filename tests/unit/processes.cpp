#include <rowan/rowan.hpp>

#include <chrono>
#include <cstdlib>
#include <set>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

#include "fresh.hpp"

namespace {

struct Counter {
    std::int64_t id{};
    std::int64_t value{};
};

struct Step {
    std::int64_t id{};
    std::int64_t process{};
    std::int64_t value{};
};

constexpr int rounds = 100;
constexpr int threads = 2;

/// Runs this program again, with the test case below alone. Gives its process number.
pid_t start_writer(const std::string& url, int number) {
    const pid_t child = ::fork();
    if (child != 0) return child;
    ::setenv("ROWAN_TEST_WRITER_URL", url.c_str(), 1);
    ::setenv("ROWAN_TEST_WRITER_NUMBER", std::to_string(number).c_str(), 1);
    ::execl("/proc/self/exe", "rowan_tests", "--no-skip", "--minimal", "--test-case=a process that writes", nullptr);
    ::_exit(127);
}

}  // namespace

/// What each process does: counts up, and notes each value that it has made.
TEST_CASE("a process that writes" * doctest::skip()) {
    const char* url = std::getenv("ROWAN_TEST_WRITER_URL");
    REQUIRE(url != nullptr);
    const std::int64_t number = std::atoi(std::getenv("ROWAN_TEST_WRITER_NUMBER"));
    auto db = rowan::must(rowan::open(url));
    const auto count_up = [&] {
        for (int round = 0; round != rounds; ++round)
            rowan::must(db.transaction(
                rowan::retry{.attempts = 1000, .limit = std::chrono::milliseconds{20}},
                {.isolation = rowan::Isolation::serializable}, [&](rowan::Transaction& tx) -> rowan::Result<void> {
                    auto counters = rowan::repository<Counter>(tx);
                    auto counter = counters.get(1);
                    if (!counter) return rowan::Failure(counter.error());
                    ++counter->value;
                    if (auto done = counters.update(*counter); !done) return rowan::Failure(done.error());
                    auto noted = rowan::repository<Step>(tx).insert({.process = number, .value = counter->value});
                    if (!noted) return rowan::Failure(noted.error());
                    return {};
                }));
    };
    std::vector<std::thread> workers;
    for (int i = 0; i != threads; ++i) workers.emplace_back(count_up);
    for (std::thread& worker : workers) worker.join();
}

TEST_CASE_TEMPLATE("two processes write one database, and lose nothing", Db, Sqlite, Postgres) {
    const Db database;
    {
        auto connection = rowan::must(database.connect());
        auto counters = rowan::repository<Counter>(connection);
        rowan::must(counters.create_table());
        rowan::must(rowan::repository<Step>(connection).create_table());
        rowan::must(counters.insert({.id = 1}));
    }
    const std::vector<pid_t> writers{start_writer(database.url(), 1), start_writer(database.url(), 2)};
    for (const pid_t writer : writers) {
        int status = 0;
        REQUIRE(::waitpid(writer, &status, 0) == writer);
        CHECK(WIFEXITED(status));
        CHECK(WEXITSTATUS(status) == 0);
    }
    auto connection = rowan::must(database.connect());
    constexpr std::int64_t all = 2 * threads * rounds;
    CHECK(rowan::must(rowan::repository<Counter>(connection).get(1)).value == all);
    auto steps = rowan::repository<Step>(connection);
    std::set<std::int64_t> values;
    for (const Step& step : rowan::must(steps.query().all())) values.insert(step.value);
    CHECK(values.size() == static_cast<std::size_t>(all));
    CHECK(*values.rbegin() == all);
    for (const std::int64_t process : {1, 2})
        CHECK(rowan::must(steps.where(rowan::col<&Step::process> == process).count()) == threads * rounds);
}
