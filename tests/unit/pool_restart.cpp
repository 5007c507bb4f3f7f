#include <rowan/rowan.hpp>

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "fresh.hpp"
#include "own_server.hpp"

namespace {

struct Entry {
    std::int64_t id{};
    std::int64_t token{};
};

using rowan::Code;
using rowan::Error;
using rowan::Failure;
using rowan::Result;
using rowan::sql;
using rowan::unsafe_sql;
using rowan::postgres::Connection;
using Pool = rowan::BasicPool<Connection>;
using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

/// What a worker was told about each of its tokens.
struct Told {
    std::vector<std::int64_t> stored{};
    std::vector<std::int64_t> in_doubt{};
    std::map<Code, int> errors{};
    std::map<Code, std::string> messages{};
};

/// Stores token after token until `enough`, each again until it is stored, or in doubt.
class Worker {
public:
    Worker(Pool& pool, std::int64_t first, bool in_transactions, std::atomic<bool>& enough)
        : in_transactions_{in_transactions}, thread_{[this, &pool, first, &enough] {
              for (std::int64_t token = first; !enough; ++token) store(pool, token, enough);
          }} {}
    void join() { thread_.join(); }

    [[nodiscard]] Told told() {
        const std::lock_guard lock{mutex_};
        return told_;
    }
    [[nodiscard]] std::size_t stored() {
        const std::lock_guard lock{mutex_};
        return told_.stored.size();
    }

private:
    /// In a transaction twice: both rows or none.
    Result<void> attempt(Pool& pool, std::int64_t token) const {
        if (in_transactions_)
            return pool.transaction([&](auto& tx) -> Result<void> {
                for (int i = 0; i != 2; ++i)
                    if (auto done = rowan::repository<Entry>(tx).insert({.token = token}); !done)
                        return Failure(done.error());
                return {};
            });
        auto done = rowan::repository<Entry>(pool).insert({.token = token});
        if (!done) return Failure(done.error());
        return {};
    }

    void store(Pool& pool, std::int64_t token, const std::atomic<bool>& enough) {
        while (!enough) {
            const Result<void> outcome = attempt(pool, token);
            const std::lock_guard lock{mutex_};
            if (outcome) return told_.stored.push_back(token);
            ++told_.errors[outcome.error().code()];
            told_.messages[outcome.error().code()] = outcome.error().to_string();
            if (outcome.error().code() == Code::in_doubt) return told_.in_doubt.push_back(token);
            std::this_thread::sleep_for(2ms);
        }
    }

    bool in_transactions_;
    std::mutex mutex_{};
    Told told_{};
    std::thread thread_;
};

}  // namespace

TEST_CASE("a server that restarts under load is survived: nothing stored is lost, nothing is stored twice") {
    OwnServer server;
    auto watcher = rowan::must(Connection::open(server.url()));
    rowan::must(rowan::repository<Entry>(watcher).create_table());
    auto pool = rowan::must(Pool::open(server.url(), {.size = 3, .max_overflow = 1}));
    std::atomic<bool> enough{false};
    std::vector<std::unique_ptr<Worker>> workers;
    for (std::int64_t i = 0; i != 6; ++i)
        workers.push_back(std::make_unique<Worker>(pool, i * 1'000'000, i % 2 == 0, enough));

    // Waits until each worker has stored something more.
    const auto wait_for_progress = [&] {
        std::vector<std::size_t> before;
        for (auto& worker : workers) before.push_back(worker->stored());
        const auto deadline = Clock::now() + 20s;
        for (std::size_t i = 0; i != workers.size(); ++i)
            while (workers[i]->stored() == before[i] && Clock::now() < deadline) std::this_thread::sleep_for(1ms);
        return Clock::now() < deadline;
    };
    REQUIRE(wait_for_progress());
    for (const std::string mode : {"fast", "immediate"}) {
        CAPTURE(mode);
        server.stop(mode);
        std::this_thread::sleep_for(100ms);
        server.start();
        const auto returned = Clock::now();
        CHECK(wait_for_progress());
        const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - returned);
        MESSAGE("all workers went on " << took.count() << " ms after the server's return (" << mode << ")");
        CHECK(took < 5s);
        std::this_thread::sleep_for(200ms);
    }
    enough = true;
    for (auto& worker : workers) worker->join();

    // Back to its full size.
    {
        std::vector<rowan::Lease<Connection>> leases;
        for (int i = 0; i != 4; ++i) leases.push_back(rowan::must(pool.acquire()));
        for (auto& lease : leases) CHECK(rowan::must(rowan::repository<Entry>(*lease).exists(1)));
        CHECK(pool.statistics().open == 4);
    }
    const auto now = pool.statistics();
    CHECK(now.open == 3);
    CHECK(now.idle == 3);
    CHECK(now.in_use == 0);
    CHECK(now.waiting == 0);
    CHECK(now.timeouts == 0);
    CHECK(now.invalidated >= 2);

    watcher = rowan::must(Connection::open(server.url()));
    std::map<std::int64_t, std::int64_t> rows;
    for (const Entry& entry : rowan::must(rowan::repository<Entry>(watcher).query().all())) ++rows[entry.token];
    std::map<Code, int> errors;
    std::set<std::int64_t> known;
    for (std::size_t i = 0; i != workers.size(); ++i) {
        const Told told = workers[i]->told();
        const std::int64_t each = i % 2 == 0 ? 2 : 1;
        for (const std::int64_t token : told.stored) CHECK(rows[token] == each);
        for (const std::int64_t token : told.in_doubt) CHECK((rows[token] == 0 || rows[token] == each));
        known.insert(told.stored.begin(), told.stored.end());
        known.insert(told.in_doubt.begin(), told.in_doubt.end());
        for (const auto& [code, count] : told.errors) {
            errors[code] += count;
            INFO(told.messages.at(code));
            CHECK((code == Code::disconnect || code == Code::cannot_connect || code == Code::cannot_connect_now ||
                   code == Code::in_doubt));
        }
    }
    // What failed without a doubt, and was given up at the end, is not there.
    for (const auto& [token, count] : rows) CHECK((count == 0 || known.contains(token)));
    CHECK(errors[Code::disconnect] > 0);
    for (const auto& [code, count] : errors) MESSAGE(rowan::to_string(code) << ": " << count);
}
