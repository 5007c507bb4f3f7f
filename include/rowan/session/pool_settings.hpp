#pragma once

#include <rowan/core/error.hpp>
#include <rowan/core/time.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace rowan {

/// What a pool does with a connection that comes back. An open or failed transaction is rolled back in any case, and
/// a connection that is broken, or still at work, is closed.
enum class Reset : std::uint8_t {
    /// Nothing more, and no round trip: what the borrower has set (a role, a search path, a pragma, a temporary table)
    /// stays with the connection.
    transaction,
    /// The session is as new for the next borrower, but for its prepared statements. PostgreSQL: one round trip each
    /// time (what DISCARD ALL does, without DEALLOCATE). SQLite: the connection is closed.
    session,
};

/// How a pool behaves. The defaults are those of SQLAlchemy's QueuePool; see
/// https://docs.sqlalchemy.org/en/20/core/pooling.html.
struct PoolSettings {
    /// Connections that are kept open. They are opened as they are needed, the first one at once.
    int size = 5;

    /// Further connections for a rush, closed as they come back; -1: as many as are asked for.
    int max_overflow = 10;

    /// For all of waiting, connecting and asking whether the server is there. 0 waits for nothing.
    std::chrono::milliseconds timeout{30'000};

    /// A connection that is older is replaced when it is next asked for; 0: never. For servers, proxies and firewalls
    /// that drop old connections.
    std::chrono::milliseconds recycle{0};

    /// Up to this part of `recycle` is taken off by chance, so that a pool does not reconnect all at once.
    double jitter = 0.1;

    /// Ask the server before a connection is lent, if it was idle for longer than `ping_after`; one that does not
    /// answer is replaced. Costs a round trip then.
    bool pre_ping = false;
    std::chrono::milliseconds ping_after{500};

    Reset reset = Reset::transaction;

    /// A connection that is lent for longer is told to the pool's observer, with the place that took it; 0: never.
    std::chrono::milliseconds report_lease_after{0};
};

namespace detail {

/// Why a pool cannot be made with these settings, or nothing.
[[nodiscard]] inline std::optional<Error> refusal_of(const PoolSettings& settings) {
    const char* reason = settings.size < 1                         ? "size: a pool keeps 1 connection or more"
                         : settings.max_overflow < -1              ? "max_overflow: 0 or more, or -1 for any"
                         : settings.timeout.count() < 0            ? "timeout: 0 or more"
                         : settings.recycle.count() < 0            ? "recycle: 0 for never, or more"
                         : settings.ping_after.count() < 0         ? "ping_after: 0 or more"
                         : settings.report_lease_after.count() < 0 ? "report_lease_after: 0 for never, or more"
                         : !(settings.jitter >= 0 && settings.jitter <= 1.0) ? "jitter: a part from 0 to 1"
                                                                             : nullptr;
    if (reason == nullptr) return std::nullopt;
    return Error{Category::programming, Code::misuse, std::string{"a setting of the pool is out of range: "} + reason};
}

}  // namespace detail

/// What a pool has done, and how it stands.
struct PoolStatistics {
    int size = 0;      ///< as set: connections to be kept
    int open = 0;      ///< connections that are open, or being opened
    int idle = 0;      ///< open, and nobody's
    int in_use = 0;    ///< lent
    int overflow = 0;  ///< open beyond `size`
    int waiting = 0;   ///< threads that wait for one
    std::uint64_t checkouts = 0;
    std::uint64_t waits = 0;  ///< checkouts that had to wait for another's return
    std::chrono::nanoseconds wait_time{};
    std::uint64_t timeouts = 0;
    std::uint64_t created = 0;
    std::uint64_t failed_connects = 0;
    std::uint64_t recycled = 0;     ///< replaced for their age
    std::uint64_t invalidated = 0;  ///< closed because they were broken, or of a server that had gone
    std::uint64_t overdue = 0;      ///< lent for longer than `report_lease_after`
};

}  // namespace rowan
