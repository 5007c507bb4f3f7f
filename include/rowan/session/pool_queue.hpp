#pragma once

#include <rowan/core/timed_condition.hpp>
#include <rowan/session/pooled.hpp>

#include <memory>
#include <mutex>
#include <utility>

namespace rowan::detail {

/// The threads that wait for a connection of a pool: first come, first served. Every function is called with the pool's
/// mutex held.
template <class Connection>
class PoolQueue {
public:
    PoolQueue() = default;
    PoolQueue(const PoolQueue&) = delete;
    PoolQueue& operator=(const PoolQueue&) = delete;

    [[nodiscard]] bool is_empty() const noexcept { return first_ == nullptr; }

    [[nodiscard]] int size() const noexcept {
        int count = 0;
        for (const Waiter* waiter = first_; waiter != nullptr; waiter = waiter->next) ++count;
        return count;
    }

    /// Waits at the end of the queue, the mutex being free meanwhile. Fills `given` with a connection, or leaves it
    /// null: the right to open one. False if it was not served in time.
    [[nodiscard]] bool wait(std::unique_lock<std::mutex>& lock, PoolClock::time_point deadline,
                            std::unique_ptr<Connection>& given) {
        Waiter self;
        self.previous = last_;
        (last_ != nullptr ? last_->next : first_) = &self;
        last_ = &self;
        while (!self.served && self.wake.wait_until(lock, deadline)) continue;
        if (self.served)
            given = std::move(self.given);
        else
            remove(self);
        return self.served;
    }

    /// The first one gets `connection`, or with null the right to open one.
    void serve(std::unique_ptr<Connection> connection) noexcept {
        Waiter& waiter = *first_;
        remove(waiter);
        waiter.given = std::move(connection);
        waiter.served = true;
        waiter.wake.notify_one();
    }

private:
    /// A thread in the queue.
    struct Waiter {
        TimedCondition wake{};
        std::unique_ptr<Connection> given{};
        bool served = false;
        Waiter* previous = nullptr;
        Waiter* next = nullptr;
    };

    void remove(Waiter& waiter) noexcept {
        (waiter.previous != nullptr ? waiter.previous->next : first_) = waiter.next;
        (waiter.next != nullptr ? waiter.next->previous : last_) = waiter.previous;
    }

    Waiter* first_ = nullptr;
    Waiter* last_ = nullptr;
};

}  // namespace rowan::detail
