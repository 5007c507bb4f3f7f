#pragma once

#include <rowan/core/time.hpp>

#if (defined(__unix__) || defined(__APPLE__)) && !defined(ROWAN_STANDARD_THREADS)
#include <cerrno>
#include <ctime>
#include <time.h>
#else
#include <thread>
#endif

/// What rowan needs of <thread>, which is dear to compile.
namespace rowan::detail {

/// Tells threads apart that run at the same time.
using ThreadId = const void*;

[[nodiscard]] inline ThreadId this_thread() noexcept {
    static thread_local char mark = 0;
    return &mark;
}

inline void sleep_for(std::chrono::nanoseconds time) {
#if (defined(__unix__) || defined(__APPLE__)) && !defined(ROWAN_STANDARD_THREADS)
    constexpr std::chrono::nanoseconds::rep second = 1'000'000'000;
    std::timespec rest{static_cast<std::time_t>(time.count() / second), static_cast<long>(time.count() % second)};
    while (::nanosleep(&rest, &rest) != 0 && errno == EINTR) continue;
#else
    std::this_thread::sleep_for(time);
#endif
}

}  // namespace rowan::detail
