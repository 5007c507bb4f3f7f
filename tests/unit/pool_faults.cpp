#include <rowan/rowan.hpp>

#include <arpa/inet.h>
#include <chrono>
#include <csignal>
#include <netinet/in.h>
#include <optional>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

#include "fresh.hpp"

namespace {

struct Coin {
    std::int64_t id{};
    std::string name{};
};

using rowan::Category;
using rowan::Code;
using rowan::Error;
using rowan::PoolSettings;
using rowan::Result;
using rowan::sql;
using rowan::unsafe_sql;
using rowan::postgres::Connection;
using Pool = rowan::BasicPool<Connection>;
using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

/// The table, and pools on it whose connections can be killed.
struct Victims : Fresh<Postgres> {
    Victims() { rowan::must(rowan::repository<Coin>(connection).create_table()); }

    [[nodiscard]] Pool pool(const PoolSettings& settings = {}) const {
        return rowan::must(Pool::open(url(), settings));
    }

    template <class Handle>
    static std::int32_t server_of(Handle& handle) {
        return rowan::must(handle.template query<std::int32_t>(sql<"SELECT pg_backend_pid()">)).at(0);
    }
    /// Waits until it is gone.
    void kill(std::int32_t server) { execute("SELECT pg_terminate_backend(" + std::to_string(server) + ", 5000)"); }

    /// Makes `count` connections, which are idle then, and kills them.
    void fill_and_kill(Pool& pool, int count) {
        std::vector<rowan::Lease<Connection>> leases;
        std::vector<std::int32_t> servers;
        for (int i = 0; i != count; ++i) leases.push_back(rowan::must(pool.acquire()));
        for (auto& lease : leases) servers.push_back(server_of(*lease));
        leases.clear();
        REQUIRE(pool.statistics().idle == count);
        for (const std::int32_t server : servers) kill(server);
    }
    std::int64_t count() { return rowan::must(rowan::repository<Coin>(connection).count()); }
};

/// Listens on the loopback interface, takes connections and never says a word; or, with `deaf`, does not even take
/// them: what knocks is not answered, as by a host that is switched off.
class SilentServer {
public:
    explicit SilentServer(bool deaf = false) : line_{::socket(AF_INET, SOCK_STREAM, 0)} {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        REQUIRE(::bind(line_, reinterpret_cast<const sockaddr*>(&address), size) == 0);
        REQUIRE(::getsockname(line_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
        REQUIRE(::listen(line_, deaf ? 0 : 16) == 0);
        port_ = ntohs(address.sin_port);
        // A full queue leaves further ones without an answer.
        for (int i = 0; deaf && i != 4; ++i) {
            fillers_.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
            (void)::connect(fillers_.back(), reinterpret_cast<const sockaddr*>(&address), size);
        }
    }
    SilentServer(const SilentServer&) = delete;
    SilentServer& operator=(const SilentServer&) = delete;
    ~SilentServer() {
        for (const int filler : fillers_) ::close(filler);
        ::close(line_);
    }
    [[nodiscard]] std::string url() const {
        return "postgresql://rowan@127.0.0.1:" + std::to_string(port_) + "/rowan?sslmode=disable&gssencmode=disable";
    }

private:
    int line_;
    int port_ = 0;
    std::vector<int> fillers_{};
};

/// Stops a process of the server, until it goes.
class Stopped {
public:
    explicit Stopped(std::int32_t server) : server_{server} { REQUIRE(::kill(server_, SIGSTOP) == 0); }
    Stopped(const Stopped&) = delete;
    Stopped& operator=(const Stopped&) = delete;
    ~Stopped() { ::kill(server_, SIGCONT); }

private:
    std::int32_t server_;
};

/// How long `work()` takes.
template <class Work>
std::chrono::milliseconds time_of(Work work) {
    const auto began = Clock::now();
    work();
    return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - began);
}

}  // namespace

TEST_CASE("connections that were killed while idle: one call is told, then the whole generation is replaced") {
    Victims fresh;
    auto pool = fresh.pool();
    fresh.fill_and_kill(pool, 3);
    auto coins = rowan::repository<Coin>(pool);
    const Error error = error_of(coins.insert({.name = "BTC"}));
    CHECK(error.code() == Code::disconnect);
    CHECK(error.retryable());
    CHECK(pool.statistics().invalidated == 1);
    {
        // As they come up.
        auto one = rowan::must(pool.acquire());
        auto two = rowan::must(pool.acquire());
        CHECK(rowan::must(rowan::repository<Coin>(*one).count()) == 0);
        rowan::must(rowan::repository<Coin>(*two).insert({.name = "BTC"}));
    }
    const auto now = pool.statistics();
    CHECK(now.invalidated == 3);
    CHECK(now.created == 5);
    CHECK(now.open == 2);
    CHECK(now.idle == 2);
    CHECK(now.failed_connects == 0);
    CHECK(fresh.count() == 1);
}

TEST_CASE("pre_ping replaces the dead before anybody meets them") {
    Victims fresh;
    auto pool = fresh.pool({.pre_ping = true, .ping_after = 0ms});
    fresh.fill_and_kill(pool, 3);
    auto coins = rowan::repository<Coin>(pool);
    {
        std::vector<rowan::Lease<Connection>> leases;
        for (int i = 0; i != 3; ++i) leases.push_back(rowan::must(pool.acquire()));
        for (auto& lease : leases) rowan::must(rowan::repository<Coin>(*lease).insert({.name = "BTC"}));
    }
    const auto now = pool.statistics();
    CHECK(now.invalidated == 3);
    CHECK(now.created == 6);
    CHECK(now.idle == 3);
    CHECK(fresh.count() == 3);
    // Those that live are kept.
    rowan::must(coins.count());
    CHECK(pool.statistics().created == 6);

    // One that was used a moment ago is not asked.
    auto trusting = fresh.pool({.pre_ping = true, .ping_after = 1h});
    fresh.fill_and_kill(trusting, 1);
    CHECK(error_of(rowan::repository<Coin>(trusting).count()).code() == Code::disconnect);
    CHECK(rowan::must(rowan::repository<Coin>(trusting).count()) == 3);
}

TEST_CASE("a connection that is killed in a transaction: nothing of it is stored, and with retry it is run again") {
    Victims fresh;
    auto pool = fresh.pool({.size = 1, .max_overflow = 0, .timeout = 5s});
    const auto store_two = [&](auto& tx, bool kill) -> Result<void> {
        auto inside = rowan::repository<Coin>(tx);
        rowan::must(inside.insert({.name = "one"}));
        if (kill) fresh.kill(Victims::server_of(tx));
        auto second = inside.insert({.name = "two"});
        if (!second) return rowan::Failure(second.error());
        return {};
    };
    const Error error = error_of(pool.transaction([&](auto& tx) { return store_two(tx, true); }));
    CHECK(error.code() == Code::disconnect);
    CHECK(error.retryable());
    CHECK(fresh.count() == 0);
    CHECK(pool.statistics().in_use == 0);

    // Killed behind the last statement: COMMIT is not sent.
    CHECK(error_of(pool.transaction([&](auto& tx) -> Result<void> {
              rowan::must(store_two(tx, false));
              fresh.kill(Victims::server_of(tx));
              return {};
          })).code() == Code::disconnect);
    CHECK(fresh.count() == 0);

    int attempts = 0;
    rowan::must(pool.transaction(rowan::retry{}, [&](auto& tx) { return store_two(tx, ++attempts < 3); }));
    CHECK(attempts == 3);
    CHECK(fresh.count() == 2);
    const auto now = pool.statistics();
    CHECK(now.open == 1);
    CHECK(now.idle == 1);
    CHECK(now.invalidated == 4);
}

TEST_CASE("a connection that is killed in a stream: its next part is an error, and the pool goes on") {
    Victims fresh;
    auto pool = fresh.pool({.size = 2, .max_overflow = 0});
    auto coins = rowan::repository<Coin>(pool);
    rowan::must(coins.insert(std::vector<Coin>(10'000, Coin{.name = "BTC"})));
    std::int64_t seen = 0;
    std::optional<Error> error;
    for (Result<Coin>& coin : rowan::must(coins.query().stream())) {
        if (!coin) {
            error = coin.error();
            continue;
        }
        if (++seen == 10)
            fresh.execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE query LIKE 'FETCH%' AND "
                          "pid <> pg_backend_pid() AND backend_xmin IS NOT NULL");
    }
    REQUIRE(error);
    CHECK(error->code() == Code::disconnect);
    CHECK(seen >= 10);
    CHECK(seen < 10'000);
    CHECK(pool.statistics().in_use == 0);
    seen = 0;
    rowan::must(coins.query().for_each([&](const Coin&) { ++seen; }));
    CHECK(seen == 10'000);
}

TEST_CASE("idle_in_transaction_session_timeout ends a transaction that dawdles; the pool goes on") {
    Victims fresh;
    auto pool = rowan::must(Pool::open(
        [&](std::chrono::milliseconds at_most) -> Result<Connection> {
            auto opened = Connection::open(fresh.url(), at_most);
            if (opened) rowan::must(opened->execute(unsafe_sql{"SET idle_in_transaction_session_timeout = '20ms'"}));
            return opened;
        },
        {.size = 1, .max_overflow = 0, .timeout = 5s}));
    int attempts = 0;
    const auto dawdle = [&](auto& tx) -> Result<void> {
        ++attempts;
        rowan::must(rowan::repository<Coin>(tx).insert({.name = "lost"}));
        std::this_thread::sleep_for(200ms);
        auto second = rowan::repository<Coin>(tx).insert({.name = "lost"});
        if (!second) return rowan::Failure(second.error());
        return {};
    };
    // It would dawdle again.
    const Error error = error_of(pool.transaction(rowan::retry{}, dawdle));
    CHECK(error.native_code() == "25P03");
    CHECK(error.category() == Category::internal);
    CHECK(error.code() == Code::disconnect);
    CHECK_FALSE(error.retryable());
    CHECK(attempts == 1);
    rowan::must(rowan::repository<Coin>(pool).insert({.name = "kept"}));
    CHECK(fresh.count() == 1);
    CHECK(pool.statistics().open == 1);
    CHECK(pool.statistics().invalidated == 1);
}

TEST_CASE("statement_timeout cancels, and the connection stays in the pool") {
    Victims fresh;
    auto pool = rowan::must(Pool::open(fresh.url() + "%20-cstatement_timeout%3D30ms", {.size = 1, .max_overflow = 0}));
    CHECK(error_of(pool.query<bool>(sql<"SELECT pg_sleep(5) IS NULL">)).code() == Code::cancelled);
    CHECK(error_of(pool.transaction([](auto& tx) -> Result<void> {
              rowan::must(rowan::repository<Coin>(tx).insert({.name = "lost"}));
              return tx.execute(unsafe_sql{"SELECT pg_sleep(5)"});
          })).code() == Code::cancelled);
    rowan::must(rowan::repository<Coin>(pool).insert({.name = "kept"}));
    CHECK(fresh.count() == 1);
    CHECK(pool.statistics().created == 1);
    CHECK(pool.statistics().invalidated == 0);
}

TEST_CASE("a ping that is not answered leaves time for another connection, within the one deadline") {
    Victims fresh;
    auto pool = fresh.pool({.size = 2, .max_overflow = 0, .timeout = 2s, .pre_ping = true, .ping_after = 0ms});
    const std::int32_t server = Victims::server_of(pool);
    const Stopped stopped{server};
    std::optional<std::int32_t> other;
    const auto took = time_of([&] { other = Victims::server_of(pool); });
    CHECK(other != server);
    CHECK(took >= 500ms);
    CHECK(took < 2s);
    CHECK(pool.statistics().invalidated == 1);
    CHECK(pool.statistics().created == 2);
    CHECK(time_of([&] { rowan::must(rowan::repository<Coin>(pool).count()); }) < 500ms);
}

TEST_CASE("a host that takes the connection and says nothing, or does not even take it, keeps the pool's timeout") {
    Victims fresh;
    for (const bool deaf : {false, true}) {
        CAPTURE(deaf);
        const SilentServer silent{deaf};
        const auto check = [&](auto work) {
            std::optional<Error> error;
            const auto took = time_of([&] { error = error_of(work()); });
            CHECK(error->code() == Code::cannot_connect);
            CHECK(error->message().find("did not answer in time") != std::string::npos);
            CHECK(took >= 280ms);
            CHECK(took < 1500ms);
        };
        check([&] { return Pool::open(silent.url(), {.timeout = 300ms}); });
        check([&] { return rowan::open(silent.url(), {.timeout = 300ms}); });

        // It has fallen silent while the pool was in use.
        std::string url = fresh.url();
        auto pool = rowan::must(
            Pool::open([&](std::chrono::milliseconds at_most) { return Connection::open(url, at_most); },
                       {.size = 2, .max_overflow = 0, .timeout = 300ms, .pre_ping = true, .ping_after = 0ms}));
        url = silent.url();
        const Stopped stopped{Victims::server_of(pool)};
        check([&] { return rowan::repository<Coin>(pool).count(); });
        check([&] { return pool.begin(); });
        CHECK(pool.statistics().open == 0);
        CHECK(pool.statistics().failed_connects == 2);
        url = fresh.url();
        CHECK(rowan::must(rowan::repository<Coin>(pool).count()) == 0);
    }
}
