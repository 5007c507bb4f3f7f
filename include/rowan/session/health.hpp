#pragma once

#include <rowan/core/error.hpp>
#include <rowan/core/result.hpp>
#include <rowan/core/time.hpp>
#include <rowan/session/pool_settings.hpp>
#include <rowan/session/server_status.hpp>

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace rowan {

/// How a database is doing, for a health check.
struct Health {
    bool is_reachable = false;
    /// Of a question without work. Includes no connecting and no waiting for a connection.
    std::chrono::nanoseconds round_trip{};
    ServerStatus server{};
    PoolStatistics pool{};
    /// Why it is not reachable.
    std::optional<Error> error{};
    /// Of the replicas, in the order in which they were named.
    std::vector<Health> replicas{};
};

namespace detail {

/// Asks a pool's server how it is. A connection is taken as `acquire` does, and waits as long.
template <class AnyPool>
Health health_of(AnyPool& pool) {
    Health health;
    const auto ask = [&]() -> Result<void> {
        auto lease = pool.acquire();
        if (!lease) return Failure(std::move(lease).error());
        const auto began = std::chrono::steady_clock::now();
        if (Result<void> there = (*lease)->ping(pool.settings().timeout); !there) return there;
        health.round_trip = std::chrono::steady_clock::now() - began;
        Result<ServerStatus> status = (*lease)->status();
        if (!status) return Failure(std::move(status).error());
        health.server = *std::move(status);
        return {};
    };
    Result<void> asked = ask();
    health.is_reachable = asked.has_value();
    if (!asked) health.error = std::move(asked).error();
    health.pool = pool.statistics();
    return health;
}

}  // namespace detail
}  // namespace rowan
