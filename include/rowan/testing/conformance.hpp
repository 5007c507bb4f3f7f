#pragma once

#include <rowan/session/backend.hpp>
#include <rowan/session/connection_state.hpp>
#include <rowan/session/pool.hpp>
#include <rowan/testing/conformance_case.hpp>
#include <rowan/testing/conformance_rows.hpp>
#include <rowan/testing/conformance_transactions.hpp>
#include <rowan/testing/conformance_values.hpp>

#include <atomic>
#include <chrono>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace rowan::testing {

namespace detail {

/// What the Poolable concept says.
template <class Open>
void check_pool(ConformanceSuite<Open>& suite) {
    using Subject = ConformanceSubject<Open>;
    using Connection = typename Subject::Connection;
    using namespace std::chrono_literals;
    constexpr std::string_view theme = "pool";
    const auto opener = [&open = suite.open()](std::chrono::milliseconds) -> Result<Connection> { return open(); };

    suite.run(theme, "a connection is ready, answers, and is reset or refuses", [](Subject& s) {
        expect(s.connection.state() == ConnectionState::ready, "a connection that is at rest is ready");
        must(s.connection.ping(1s));
        // Where it fails, the pool closes the connection.
        if (s.connection.reset_session()) {
            expect(s.connection.state() == ConnectionState::ready, "a connection that was reset is ready");
            s.fill(3);
            expect(count_items(s.connection) == 3, "and works");
        }
    });
    suite.run(theme, "threads share a pool, and lose nothing", [opener](Subject& s) {
        auto pool = must(BasicPool<Connection>::open(opener, {.size = 3, .max_overflow = 0}));
        const bool one = s.connection.is_private();
        if (one) must(repository<ConformanceItem>(pool).create_table());
        std::atomic<int> failed{0};
        std::vector<std::thread> threads;
        for (int t = 0; t != 4; ++t)
            threads.emplace_back([&, t] {
                for (int i = 0; i != 25; ++i) {
                    const std::string name = std::to_string(t) + "/" + std::to_string(i);
                    if (pool.transaction(retry{}, [&](auto& tx) { return add_item(tx, name); })) continue;
                    ++failed;
                    return;
                }
            });
        for (std::thread& thread : threads) thread.join();
        expect(failed == 0, "each transaction is stored");
        expect(count_items(pool) == 100, "each row is there");
        const PoolStatistics statistics = pool.statistics();
        expect(statistics.in_use == 0, "each connection is given back");
        expect(statistics.open <= (one ? 1 : 3), "there are no more of them than the settings say");
        expect(statistics.invalidated == 0, "none was closed as broken");
    });
    suite.run(theme, "what a borrower leaves open is rolled back", [opener](Subject& s) {
        auto pool = must(BasicPool<Connection>::open(opener, {.size = 1, .max_overflow = 0}));
        if (s.connection.is_private()) must(repository<ConformanceItem>(pool).create_table());
        {
            auto lease = must(pool.acquire());
            must(lease->execute(unsafe_sql{"BEGIN"}));
            must(add_item(*lease, "one"));
        }
        expect(count_items(pool) == 0, "a transaction that is left open is rolled back");
        must(pool.transaction([](auto& tx) { return add_item(tx, "two"); }));
        expect(count_items(pool) == 1, "the connection works for the next one");
    });
}

}  // namespace detail

/// Runs what every backend must do, case by case, and tells what became of each. `open()` gives a
/// `Result<Connection>`, a new one each time, to the same database, which must be the tests' own: tables called
/// `rowan_conformance_…` are made and dropped there. `Connection` is a Backend with `lend` and the functions of
/// Session, or chooses one at run time like AnyConnection; where it is Poolable, pools of it are tried as well.
///
///     for (const auto& result : rowan::testing::conformance([] { return my::Connection::open("test"); }))
///         CHECK_MESSAGE(!result.failed(), result.to_string());
///
/// Each case has a connection and empty tables, and does not depend on the others. It says what it expects as a
/// sentence; where backends may differ, it accepts what is safe: a value comes back exactly, or is refused. Depends on
/// no test framework; needs exceptions. Takes a few seconds.
///
/// With a `theme` ("values", "errors", "transactions", "transaction options", "statements", "streams", "many rows",
/// "upserts", "pool") only its cases are run.
template <class Open>
[[nodiscard]] std::vector<ConformanceCase> conformance(Open open, std::string_view theme = {}) {
    using Connection = typename detail::ConformanceSubject<Open>::Connection;
    detail::ConformanceSuite<Open> suite{open, theme};
    detail::check_values(suite);
    detail::check_errors(suite);
    detail::check_transactions(suite);
    detail::check_options(suite);
    detail::check_statements(suite);
    detail::check_streams(suite);
    detail::check_many_rows(suite);
    detail::check_upserts(suite);
    if constexpr (Poolable<Connection>) detail::check_pool(suite);
    return std::move(suite.results);
}

}  // namespace rowan::testing
