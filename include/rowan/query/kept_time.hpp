#pragma once

#include <rowan/core/time.hpp>
#include <rowan/types/timestamp.hpp>

namespace rowan::detail {

/// The program's clock, in the microseconds that databases keep.
inline Timestamp current_time() {
    return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
}

/// The time of an operation that is run twice, and is to be the same both times: when it was asked for first.
class KeptTime {
public:
    [[nodiscard]] Timestamp get() {
        if (time_ == unset) time_ = current_time();
        return time_;
    }

private:
    static constexpr Timestamp unset{};

    Timestamp time_ = unset;
};

/// That of the operation which the calling thread runs; mostly null: none.
inline thread_local constinit KeptTime* kept_time = nullptr;

/// As long as it lives, the calling thread's operations take the time from where it points to.
class KeptTimeGuard {
public:
    KeptTimeGuard() = default;
    KeptTimeGuard(const KeptTimeGuard&) = delete;
    KeptTimeGuard& operator=(const KeptTimeGuard&) = delete;
    ~KeptTimeGuard() { point_to_before(); }

    void point_to(KeptTime& time) noexcept { kept_time = &time; }
    void point_to_before() noexcept { kept_time = before_; }

private:
    KeptTime* before_ = kept_time;
};

}  // namespace rowan::detail
