#pragma once

#if !defined(__GNUC__) || defined(ROWAN_STANDARD_THREADS)
#include <atomic>
#endif

namespace rowan::detail {

/// What rowan needs of std::atomic, which costs several times more to compile than all that is kept in one here. Define
/// ROWAN_STANDARD_THREADS in every translation unit of the program for what the standard library has, here and in
/// this_thread.hpp and timed_condition.hpp.
template <class T>
class Atomic {
public:
    constexpr explicit Atomic(T value) noexcept : value_{value} {}
    Atomic(const Atomic&) = delete;
    Atomic& operator=(const Atomic&) = delete;

#if defined(__GNUC__) && !defined(ROWAN_STANDARD_THREADS)
    /// Says nothing of other memory.
    [[nodiscard]] T relaxed() const noexcept { return __atomic_load_n(&value_, __ATOMIC_RELAXED); }
    /// What was written before this value was stored can be read.
    [[nodiscard]] T load() const noexcept { return __atomic_load_n(&value_, __ATOMIC_ACQUIRE); }
    void store(T value) noexcept { __atomic_store_n(&value_, value, __ATOMIC_RELEASE); }
    /// Gives what it was before. Says nothing of other memory.
    T add(T more) noexcept { return __atomic_fetch_add(&value_, more, __ATOMIC_RELAXED); }
    /// False, and the value in `expected`, if it is another one.
    [[nodiscard]] bool replace(T& expected, T value) noexcept {
        return __atomic_compare_exchange_n(&value_, &expected, value, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
    }

private:
    T value_;
#else
    [[nodiscard]] T relaxed() const noexcept { return value_.load(std::memory_order_relaxed); }
    [[nodiscard]] T load() const noexcept { return value_.load(std::memory_order_acquire); }
    void store(T value) noexcept { value_.store(value, std::memory_order_release); }
    T add(T more) noexcept { return value_.fetch_add(more, std::memory_order_relaxed); }
    [[nodiscard]] bool replace(T& expected, T value) noexcept {
        return value_.compare_exchange_strong(expected, value, std::memory_order_acq_rel, std::memory_order_acquire);
    }

private:
    std::atomic<T> value_;
#endif
};

}  // namespace rowan::detail
