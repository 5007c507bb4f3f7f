#pragma once

#include <rowan/core/result.hpp>
#include <rowan/core/this_thread.hpp>
#include <rowan/core/time.hpp>
#include <rowan/session/connection_state.hpp>
#include <rowan/session/observer.hpp>
#include <rowan/session/pool_settings.hpp>

#include <cstdint>
#include <memory>
#include <source_location>

/// A connection as a pool sees it, whatever its type.
namespace rowan::detail {

using PoolClock = std::chrono::steady_clock;

/// What a checkout is for.
enum class Claim : std::uint8_t {
    call,         ///< one operation
    transaction,  ///< a transaction, whose handle must be used by its thread meanwhile
    stream,       ///< rows that are read as they are looked at
    lease,        ///< a connection that the caller asked for
};

class Pooled {
public:
    Pooled() = default;
    Pooled(const Pooled&) = delete;
    Pooled& operator=(const Pooled&) = delete;
    virtual ~Pooled() = default;

    /// What can be told without asking anybody.
    [[nodiscard]] virtual ConnectionState state() noexcept = 0;
    /// Does the other end answer within this time?
    [[nodiscard]] virtual bool answers(std::chrono::milliseconds at_most) noexcept = 0;
    /// Ends what the borrower has left open; false where that fails, or where a new connection is cheaper.
    [[nodiscard]] virtual bool clean(Reset reset) noexcept = 0;

    virtual void observe(std::shared_ptr<Observer> observer) = 0;

    // What follows is the pool's.
    PoolClock::time_point opened{};
    PoolClock::time_point returned{};
    PoolClock::time_point taken{};
    std::chrono::nanoseconds lifetime{};  ///< 0: for ever
    std::uint64_t generation = 0;
    std::uint64_t observers = 0;
    unsigned process = 0;
    std::source_location where{};
    ThreadId user = nullptr;
    Claim claim = Claim::call;
    bool reported = false;
    bool unwanted = false;
};

/// Opens the connections of a pool.
template <class Lent>
class ConnectorFor {
public:
    ConnectorFor() = default;
    ConnectorFor(const ConnectorFor&) = delete;
    ConnectorFor& operator=(const ConnectorFor&) = delete;
    virtual ~ConnectorFor() = default;
    /// Called by several threads at once.
    [[nodiscard]] virtual Result<std::unique_ptr<Lent>> connect(std::chrono::milliseconds at_most) = 0;
};

using Connector = ConnectorFor<Pooled>;

}  // namespace rowan::detail
