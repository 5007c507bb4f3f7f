#pragma once

#include <rowan/core/atomic.hpp>
#include <rowan/core/error.hpp>
#include <rowan/core/result.hpp>
#include <rowan/core/this_thread.hpp>
#include <rowan/core/time.hpp>
#include <rowan/session/checkout_deadline.hpp>
#include <rowan/session/fork.hpp>
#include <rowan/session/observer.hpp>
#include <rowan/session/pool_queue.hpp>
#include <rowan/session/pool_settings.hpp>
#include <rowan/session/pooled.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <source_location>
#include <string>
#include <utility>
#include <vector>

/// A pool of connections of any type: who has which.
namespace rowan::detail {

/// Connections go to the last one first, so that those beyond need stay idle; waiting threads are served first come,
/// first served. Lives as long as its pool, and then until the last connection has come back. A template, of which
/// there is one, for Pooled, and virtual, so that the compiler makes its functions where a pool is made, and not in
/// each file that uses one.
template <class Connection>
class PoolCore {
public:
    PoolCore(std::unique_ptr<ConnectorFor<Connection>> connector, const PoolSettings& settings)
        : connector_{std::move(connector)}, settings_{settings}, state_{new State{process_generation()}} {}
    PoolCore(const PoolCore&) = delete;
    PoolCore& operator=(const PoolCore&) = delete;

    /// A connection that is open already.
    void adopt(std::unique_ptr<Connection> connection) {
        State& state = current();
        const std::lock_guard lock{state.mutex};
        enroll(state, *connection, state.generation);
        ++state.open;
        state.idle.push_back(std::move(connection));
    }

    /// Lends a connection until it is given back.
    [[nodiscard]] virtual Result<Connection*> take(Claim claim, const std::source_location& where = {}) {
        State& state = current();
        std::unique_lock lock{state.mutex};
        if (claim != Claim::lease && state.transactions != 0)
            if (auto refused = refusal(state)) return Failure(*std::move(refused));
        tell_overdue(state, lock);
        CheckoutDeadline<PoolClock> deadline{settings_.timeout};
        Place place{*this, state, lock};
        if (state.queue.is_empty() && !state.idle.empty()) {
            place.connection = std::move(state.idle.back());
            state.idle.pop_back();
        } else if (state.queue.is_empty() && may_grow(state)) {
            ++state.open;
        } else if (Result<void> served = wait(state, lock, deadline, place.connection); !served) {
            place.keep();
            return Failure(std::move(served).error());
        }
        if (place.connection != nullptr && !is_fit(state, lock, *place.connection, deadline)) {
            lock.unlock();
            place.connection.reset();
            lock.lock();
        }
        if (place.connection == nullptr)
            if (Result<void> opened = connect(state, lock, deadline, place.connection); !opened)
                return Failure(std::move(opened).error());
        place.keep();
        return lend(state, std::move(place.connection), claim, where);
    }

    /// Why this thread must use another handle now, or nothing.
    [[nodiscard]] virtual std::optional<Error> refusal() {
        State& state = current();
        const std::lock_guard lock{state.mutex};
        return refusal(state);
    }

    /// Takes a connection back: asks it what it was left in, tidies it up, and hands it on, keeps it or closes it.
    virtual void give_back(Connection& returned) noexcept {
        // It is the parent's: to close it would end the parent's session.
        if (returned.process != process_generation_now()) return;
        State& state = current();
        const ConnectionState left = returned.state();
        bool keep = left == ConnectionState::ready && !returned.unwanted && returned.clean(settings_.reset);
        std::unique_ptr<Connection> connection{&returned};
        std::unique_lock lock{state.mutex};
        tell_overdue(state, lock, &returned);
        forget(state.in_use, returned);
        if (returned.claim == Claim::transaction) --state.transactions;
        if (settings_.pre_ping) returned.returned = PoolClock::now();
        if (left == ConnectionState::broken) suspect(state, returned);
        if (!keep || returned.generation != state.generation) {
            if (!returned.unwanted) ++state.counts.invalidated;
            keep = false;
        }
        if (keep && !state.closed && !state.queue.is_empty()) {
            state.queue.serve(std::move(connection));
        } else if (keep && !state.closed && state.open <= settings_.size) {
            state.idle.push_back(std::move(connection));
        } else {
            free_place(state);
        }
        const bool last = state.closed && state.in_use.empty();
        lock.unlock();
        connection.reset();
        if (last) delete this;
    }

    /// Its transaction has ended, but it stays with its borrower.
    virtual void relax(Connection& lent) noexcept {
        if (lent.process != process_generation()) return;
        State& state = current();
        const std::lock_guard lock{state.mutex};
        if (lent.claim == Claim::transaction) --state.transactions;
        lent.claim = Claim::lease;
    }

    /// What a pool's end calls. Connections that are lent are closed as they come back.
    virtual void close() noexcept {
        if (state_.load()->process != process_generation()) return;
        State& state = current();
        std::unique_lock lock{state.mutex};
        state.closed = true;
        std::vector<std::unique_ptr<Connection>> idle = std::move(state.idle);
        const bool last = state.in_use.empty();
        lock.unlock();
        idle.clear();
        if (last) delete this;
    }

    /// Told of every statement from the next checkout on, and of leases that are overdue.
    void observe(std::shared_ptr<Observer> observer) {
        State& state = current();
        const std::lock_guard lock{state.mutex};
        // The one before may be the last of its kind, and ends without the mutex.
        observer_.swap(observer);
        ++observers_;
    }
    [[nodiscard]] std::shared_ptr<Observer> observer() {
        State& state = current();
        const std::lock_guard lock{state.mutex};
        return observer_;
    }

    [[nodiscard]] PoolStatistics statistics() {
        State& state = current();
        const std::lock_guard lock{state.mutex};
        PoolStatistics now = state.counts;
        now.size = settings_.size;
        now.open = state.open;
        now.idle = static_cast<int>(state.idle.size());
        now.in_use = static_cast<int>(state.in_use.size());
        now.overflow = state.open > settings_.size ? state.open - settings_.size : 0;
        now.waiting = state.queue.size();
        return now;
    }

    [[nodiscard]] const PoolSettings& settings() const noexcept { return settings_; }

private:
    virtual ~PoolCore() { delete state_.load(); }

    struct State {
        explicit State(unsigned process_number) : process{process_number} {}

        const unsigned process;
        std::mutex mutex{};
        std::vector<std::unique_ptr<Connection>> idle{};
        std::vector<Connection*> in_use{};
        PoolQueue<Connection> queue{};
        /// Those that are being opened count as well.
        int open = 0;
        int transactions = 0;
        /// Rises when a connection was found dead: all that were opened before are suspect.
        std::uint64_t generation = 0;
        std::uint64_t chance = 0x9E3779B97F4A7C15;
        bool closed = false;
        PoolStatistics counts{};
    };

    /// A place in the pool that has not become a lent connection yet: given up unless it is kept.
    struct Place {
        PoolCore& core;
        State& state;
        std::unique_lock<std::mutex>& lock;
        std::unique_ptr<Connection> connection{};
        bool kept = false;

        Place(PoolCore& pool, State& shared, std::unique_lock<std::mutex>& held)
            : core{pool}, state{shared}, lock{held} {}
        Place(const Place&) = delete;
        Place& operator=(const Place&) = delete;
        ~Place() {
            if (kept) return;
            if (!lock.owns_lock()) lock.lock();
            core.free_place(state);
        }
        void keep() { kept = true; }
    };

    /// After a fork the child starts with an empty pool of its own; the parent's mutex may be locked for ever, and its
    /// connections are not to be touched, so both are left where they are.
    State& current() {
        State* state = state_.load();
        const unsigned process = process_generation();
        if (state->process == process) [[likely]]
            return *state;
        auto fresh = std::make_unique<State>(process);
        if (state_.replace(state, fresh.get())) return *fresh.release();
        return *state;
    }

    [[nodiscard]] bool may_grow(const State& state) const noexcept {
        return settings_.max_overflow < 0 || state.open < settings_.size + settings_.max_overflow;
    }

    /// Why this thread must not use the pool now, or nothing.
    [[nodiscard]] static std::optional<Error> refusal(const State& state) {
        for (const Connection* used : state.in_use)
            if (used->claim == Claim::transaction && used->user == this_thread())
                return Error{Category::programming, Code::wrong_handle,
                             "a transaction of this thread is open on this database: use its own handle until it ends, "
                             "or acquire() a connection for what shall not be part of it; nothing was sent"};
        return std::nullopt;
    }

    /// Would only this thread itself end its waiting?
    [[nodiscard]] static bool waits_for_itself(const State& state) {
        if (static_cast<int>(state.in_use.size()) != state.open) return false;
        for (const Connection* used : state.in_use)
            if (used->claim == Claim::lease || used->user != this_thread()) return false;
        return true;
    }

    [[nodiscard]] Result<void> wait(State& state, std::unique_lock<std::mutex>& lock,
                                    CheckoutDeadline<PoolClock>& deadline, std::unique_ptr<Connection>& given) {
        if (waits_for_itself(state))
            return Failure(Error{Category::programming, Code::wrong_handle,
                                 "this thread has all connections of the pool itself (a transaction or a stream is "
                                 "open): end that first, or make the pool larger; nothing was sent"});
        ++state.counts.waits;
        const auto began = PoolClock::now();
        const bool served = state.queue.wait(lock, deadline.at(), given);
        state.counts.wait_time += PoolClock::now() - began;
        if (served) return {};
        ++state.counts.timeouts;
        return Failure(timeout(state));
    }

    static void forget(std::vector<Connection*>& in_use, const Connection& returned) noexcept {
        auto place = in_use.begin();
        while (*place != &returned) ++place;
        in_use.erase(place);
    }

    /// A connection of the pool is gone: somebody who waits may open one in its place.
    static void free_place(State& state) noexcept {
        if (!state.queue.is_empty() && !state.closed)
            state.queue.serve(nullptr);
        else
            --state.open;
    }

    /// Tells the observer of the leases that have become overdue. The mutex is free meanwhile.
    void tell_overdue(State& state, std::unique_lock<std::mutex>& lock, const Connection* returned = nullptr) {
        if (settings_.report_lease_after.count() != 0) [[unlikely]]
            find_overdue(state, lock, returned);
    }
    [[gnu::cold, gnu::noinline]] void find_overdue(State& state, std::unique_lock<std::mutex>& lock,
                                                   const Connection* returned) {
        const auto now = PoolClock::now();
        for (std::size_t i = 0; i < state.in_use.size();) {
            Connection& used = *state.in_use[i++];
            if (used.reported || now - used.taken <= settings_.report_lease_after) continue;
            used.reported = true;
            ++state.counts.overdue;
            const std::shared_ptr<Observer> observer = observer_;
            if (observer == nullptr) continue;
            const LeaseEvent event{now - used.taken, &used == returned, used.where};
            lock.unlock();
            observer->on_overdue_lease(event);
            lock.lock();
            // Others may have come and gone.
            i = 0;
        }
    }

    [[gnu::cold, nodiscard]] Error timeout(const State& state) const {
        std::string message = "no connection became free within " + std::to_string(settings_.timeout.count()) +
                              " ms: all " + std::to_string(state.open) + " of the pool are in use";
        const Connection* longest = nullptr;
        for (const Connection* used : state.in_use)
            if (longest == nullptr || used->taken < longest->taken) longest = used;
        if (longest != nullptr) {
            const auto held = std::chrono::duration_cast<std::chrono::milliseconds>(PoolClock::now() - longest->taken);
            message += ", the longest for " + std::to_string(held.count()) + " ms";
            if (longest->where.line() != 0)
                message.append(" by ").append(longest->where.file_name()).append(":") +=
                    std::to_string(longest->where.line());
        }
        return {Category::operational, Code::pool_timeout,
                message + ": give them back sooner, or set a larger size or max_overflow; nothing was sent"};
    }

    /// Can it be lent as it is? Otherwise it is to be replaced.
    [[nodiscard]] bool is_fit(State& state, std::unique_lock<std::mutex>& lock, Connection& connection,
                              CheckoutDeadline<PoolClock>& deadline) {
        if (connection.generation != state.generation) {
            ++state.counts.invalidated;
            return false;
        }
        if (connection.lifetime.count() != 0 && PoolClock::now() - connection.opened > connection.lifetime) {
            ++state.counts.recycled;
            return false;
        }
        if (!settings_.pre_ping || PoolClock::now() - connection.returned <= settings_.ping_after) return true;
        lock.unlock();
        // The other half is for a new connection, if this one does not answer.
        const bool alive = connection.answers(deadline.left() / 2);
        lock.lock();
        if (alive) return true;
        ++state.counts.invalidated;
        suspect(state, connection);
        return false;
    }

    static void suspect(State& state, const Connection& dead) noexcept {
        if (dead.generation == state.generation) ++state.generation;
    }

    [[nodiscard]] Result<void> connect(State& state, std::unique_lock<std::mutex>& lock,
                                       CheckoutDeadline<PoolClock>& deadline, std::unique_ptr<Connection>& connection) {
        const std::uint64_t generation = state.generation;
        lock.unlock();
        Result<std::unique_ptr<Connection>> opened = connector_->connect(deadline.left());
        lock.lock();
        if (!opened) {
            ++state.counts.failed_connects;
            return Failure(std::move(opened).error());
        }
        connection = *std::move(opened);
        enroll(state, *connection, generation);
        return {};
    }

    void enroll(State& state, Connection& connection, std::uint64_t generation) {
        ++state.counts.created;
        // So that handing it back and forth never allocates.
        state.idle.reserve(static_cast<std::size_t>(state.open) + 1);
        state.in_use.reserve(static_cast<std::size_t>(state.open) + 1);
        connection.generation = generation;
        connection.process = state.process;
        connection.opened = connection.returned = PoolClock::now();
        if (settings_.recycle.count() <= 0) return;
        // An xorshift is random enough to spread a few connections.
        state.chance ^= state.chance << 13;
        state.chance ^= state.chance >> 7;
        state.chance ^= state.chance << 17;
        double part = static_cast<double>(state.chance >> 11) / 9007199254740992.0 * settings_.jitter;
        part = part < 0 ? 0 : part > 1 ? 1 : part;
        const auto nanoseconds = std::chrono::nanoseconds{settings_.recycle};
        connection.lifetime = nanoseconds - std::chrono::nanoseconds{static_cast<std::chrono::nanoseconds::rep>(
                                                static_cast<double>(nanoseconds.count()) * part)};
    }

    Connection* lend(State& state, std::unique_ptr<Connection> connection, Claim claim,
                     const std::source_location& where) {
        connection->claim = claim;
        connection->user = this_thread();
        connection->where = where;
        connection->reported = false;
        connection->taken = PoolClock::now();
        if (connection->observers != observers_) {
            connection->observe(observer_);
            connection->observers = observers_;
        }
        if (claim == Claim::transaction) ++state.transactions;
        ++state.counts.checkouts;
        state.in_use.push_back(connection.get());
        return connection.release();
    }

    std::unique_ptr<ConnectorFor<Connection>> connector_;
    PoolSettings settings_;
    std::shared_ptr<Observer> observer_{};
    /// How often it was changed.
    std::uint64_t observers_ = 0;
    Atomic<State*> state_;
};

}  // namespace rowan::detail
