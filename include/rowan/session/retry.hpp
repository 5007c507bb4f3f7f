#pragma once

#include <rowan/core/error.hpp>
#include <rowan/core/this_thread.hpp>
#include <rowan/core/time.hpp>

#include <cstdint>
#include <utility>

namespace rowan {

/// What else is worth another attempt.
struct RetryOn {
    /// A row was changed by somebody else since it was read (Code::stale): a function that reads it anew meets the new
    /// one.
    bool stale = false;
    /// A lock could not be had within `lock_timeout` (Code::lock_timeout).
    bool lock_timeout = false;
};

/// How a transaction is run again that could not be stored this time, but may be the next time:
/// `db.transaction(rowan::retry{.attempts = 5}, fn)`.
///
/// That is so for serialization failures, deadlocks, a database that is busy or locked (see Error::retryable), what
/// `on` adds, and, from a pool, a connection that was lost before COMMIT was sent. Anything else, an exception and
/// Code::in_doubt above all, ends it at once. Before each attempt the last one has been rolled back, and `fn` is called
/// from its beginning: what it did outside of the database is done again, so it should do nothing there.
///
/// It waits before each further attempt, for a random time from 0 up to `base`, then up to twice that and so on, never
/// more than `limit`, so that those who were in each other's way do not meet again.
struct retry {
    /// How often `fn` is called at most, and at least once.
    int attempts = 10;
    std::chrono::milliseconds base{5};
    std::chrono::milliseconds limit{1000};
    /// No attempt begins after this. (TransactionOptions::timeout is the limit of each attempt.)
    std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
    RetryOn on{};
};

/// An attempt has failed, and there will be another one.
struct Retried {
    /// The one that has failed, from 1.
    int attempt;
    /// How long is waited before the next one.
    std::chrono::nanoseconds wait;
    const Error& error;
};

namespace detail {

/// Random enough to keep competitors apart. (The generators of <random> cost many times more to compile.)
[[nodiscard]] inline std::uint64_t random_bits() noexcept {
    // splitmix64. Threads differ by the address, programs, also those that one has forked into, by the clock.
    thread_local std::uint64_t state = 0;
    state += 0x9E3779B97F4A7C15U + (static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(&state)) << 20U);
    std::uint64_t bits =
        state ^ static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
    bits = (bits ^ (bits >> 30U)) * 0xBF58476D1CE4E5B9U;
    bits = (bits ^ (bits >> 27U)) * 0x94D049BB133111EBU;
    return bits ^ (bits >> 31U);
}

/// The longest wait behind an attempt, from 1. A day is forever, and can be counted in nanoseconds.
[[nodiscard]] constexpr std::chrono::nanoseconds longest_wait(const retry& policy, int attempt) noexcept {
    using std::chrono::milliseconds;
    constexpr milliseconds zero{0};
    constexpr milliseconds day{24 * 3600 * 1000};
    const auto between = [](milliseconds least, milliseconds time, milliseconds most) {
        return time < least ? least : most < time ? most : time;
    };
    const milliseconds limit = between(zero, policy.limit, day);
    milliseconds wait = between(zero, policy.base, limit);
    for (int i = 1; i != attempt && wait != zero && wait < limit; ++i) wait *= 2;
    return wait < limit ? wait : limit;
}

[[nodiscard]] inline std::chrono::nanoseconds choose_wait(const retry& policy, int attempt) noexcept {
    const auto longest = static_cast<std::uint64_t>(longest_wait(policy, attempt).count());
    return std::chrono::nanoseconds{static_cast<std::int64_t>(random_bits() % (longest + 1))};
}

[[nodiscard]] inline bool is_worth_retry(const Error& error, const RetryOn& on, bool renews_connection) noexcept {
    // What could not even be rolled back would be in the way of the next attempt.
    if (error.secondary() != nullptr && !renews_connection) return false;
    switch (error.code()) {
        case Code::in_doubt: return false;
        case Code::disconnect: return renews_connection && error.retryable();
        case Code::stale: return on.stale;
        case Code::lock_timeout: return on.lock_timeout;
        default: return error.retryable();
    }
}

/// Calls `attempt(number, stored)`, from 1, until it succeeds, or another call is not worth it; `notify(Retried)`
/// between two. An attempt sets `stored` when it fails although it has stored something: it must not be run again.
template <class Attempt, class Notify>
auto retry_loop(const retry& policy, bool renews_connection, Attempt attempt, Notify notify) {
    for (int number = 1;; ++number) {
        bool stored = false;
        auto outcome = attempt(number, stored);
        if (outcome) return outcome;
        const auto wait = choose_wait(policy, number);
        const bool again = !stored && number < policy.attempts &&
                           is_worth_retry(outcome.error(), policy.on, renews_connection) &&
                           std::chrono::steady_clock::now() + wait < policy.deadline;
        if (!again) {
            outcome.error() = std::move(outcome.error()).after_attempts(number);
            return outcome;
        }
        notify(Retried{number, wait, outcome.error()});
        sleep_for(wait);
    }
}

}  // namespace detail
}  // namespace rowan
