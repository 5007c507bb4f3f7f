#pragma once

#include <rowan/core/time.hpp>

#include <mutex>

#if defined(__linux__) && !defined(ROWAN_STANDARD_THREADS)
#include <cerrno>
#include <ctime>
#include <pthread.h>
#else
#include <condition_variable>
#endif

namespace rowan::detail {

/// What a thread waits for, on a steady clock. std::condition_variable, whose header brings stop tokens and semaphores
/// along, where there is nothing cheaper to compile.
class TimedCondition {
public:
#if defined(__linux__) && !defined(ROWAN_STANDARD_THREADS)
    TimedCondition() noexcept {
        pthread_condattr_t steady;
        ::pthread_condattr_init(&steady);
        ::pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
        ::pthread_cond_init(&condition_, &steady);
        ::pthread_condattr_destroy(&steady);
    }
    TimedCondition(const TimedCondition&) = delete;
    TimedCondition& operator=(const TimedCondition&) = delete;
    ~TimedCondition() { ::pthread_cond_destroy(&condition_); }

    /// False when it is too late. It may wake for nothing.
    [[nodiscard]] bool wait_until(std::unique_lock<std::mutex>& lock, std::chrono::steady_clock::time_point end) {
        const std::chrono::nanoseconds time = end.time_since_epoch();
        constexpr std::chrono::nanoseconds::rep second = 1'000'000'000;
        const std::timespec at{static_cast<std::time_t>(time.count() / second),
                               static_cast<long>(time.count() % second)};
        return ::pthread_cond_timedwait(&condition_, lock.mutex()->native_handle(), &at) != ETIMEDOUT;
    }
    void notify_one() noexcept { ::pthread_cond_signal(&condition_); }

private:
    pthread_cond_t condition_;
#else
    [[nodiscard]] bool wait_until(std::unique_lock<std::mutex>& lock, std::chrono::steady_clock::time_point end) {
        return condition_.wait_until(lock, end) != std::cv_status::timeout;
    }
    void notify_one() noexcept { condition_.notify_one(); }

private:
    std::condition_variable condition_{};
#endif
};

}  // namespace rowan::detail
