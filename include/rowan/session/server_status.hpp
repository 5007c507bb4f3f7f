#pragma once

#include <rowan/core/time.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace rowan {

/// What a server says of itself.
struct ServerStatus {
    std::string version{};  ///< such as `PostgreSQL 15.14` or `SQLite 3.40.1`
    /// Does it follow another server, and takes no writes?
    bool is_replica = false;
    /// How old what it shows may be, as far as it knows: 0 when it has replayed all that it has received. Nothing for a
    /// server that is no replica, or that cannot tell.
    std::optional<std::chrono::microseconds> lag{};
};

/// What a database takes, and how well its cache serves it.
struct StorageStatistics {
    std::int64_t bytes = 0;
    /// The part of page reads that its cache answered, from 0 to 1, since its statistics were reset (PostgreSQL: of the
    /// whole database) or since the connection was opened (SQLite: of this connection). Nothing before the first read.
    std::optional<double> cache_hits{};
};

}  // namespace rowan
