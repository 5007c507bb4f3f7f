#pragma once

#include <rowan/core/must.hpp>
#include <rowan/session/pool.hpp>

#include <chrono>
#include <cstddef>
#include <string>
#include <support/subject.hpp>

namespace bench {

/// rowan's pool: a connection for as long as the caller wants.
template <class Connection>
class RowanPool {
public:
    RowanPool(const std::string& where, std::size_t size)
        : pool_{rowan::must(
              rowan::BasicPool<Connection>::open([where](std::chrono::milliseconds) { return Connection::open(where); },
                                                 {.size = static_cast<int>(size), .max_overflow = 0}))} {}

    template <class Use>
    void borrow(Use use) {
        const auto lease = pool_.acquire();
        if (!lease) fail(lease.error().to_string());
        use((*lease)->native());
    }

protected:
    rowan::BasicPool<Connection> pool_;
};

/// The same pool, as a repository uses it: a connection for one call.
template <class Connection>
class RowanPoolByCall : public RowanPool<Connection> {
public:
    using RowanPool<Connection>::RowanPool;

    template <class Use>
    void borrow(Use use) {
        const rowan::Result<void> lent = this->pool_.lend([&](Connection& connection) -> rowan::Result<void> {
            use(connection.native());
            return {};
        });
        if (!lent) fail(lent.error().to_string());
    }
};

}  // namespace bench
