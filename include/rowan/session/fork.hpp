#pragma once

#include <rowan/core/atomic.hpp>

#if !defined(_WIN32)
#include <pthread.h>
#endif

namespace rowan::detail {

#if !defined(_WIN32)
inline Atomic<unsigned> forks{0};

/// How many forks lie between the first call and this process: what was opened under another number belongs to a
/// parent.
inline unsigned process_generation() noexcept {
    [[maybe_unused]] static const int registered = ::pthread_atfork(nullptr, nullptr, [] { forks.add(1); });
    return forks.relaxed();
}

/// The same, where somebody has made the first call.
inline unsigned process_generation_now() noexcept { return forks.relaxed(); }
#else
inline unsigned process_generation() noexcept { return 0; }
inline unsigned process_generation_now() noexcept { return 0; }
#endif

}  // namespace rowan::detail
