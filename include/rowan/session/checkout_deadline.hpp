#pragma once

#include <rowan/core/time.hpp>

namespace rowan::detail {

/// One time limit over several steps; the clock is first read where something may take time. A template, as a program
/// then compiles only those of its functions that it calls.
template <class Clock>
class CheckoutDeadline {
public:
    explicit CheckoutDeadline(std::chrono::milliseconds limit) : limit_{limit} {}

    [[nodiscard]] typename Clock::time_point at() {
        // Longer ones would be beyond the clock's range.
        constexpr std::chrono::milliseconds longest = std::chrono::hours{24 * 365};
        if (at_ == typename Clock::time_point{}) at_ = Clock::now() + (limit_ < longest ? limit_ : longest);
        return at_;
    }
    [[nodiscard]] std::chrono::milliseconds left() {
        const auto rest = std::chrono::ceil<std::chrono::milliseconds>(at() - Clock::now());
        return rest.count() > 0 ? rest : std::chrono::milliseconds{0};
    }

private:
    std::chrono::milliseconds limit_;
    typename Clock::time_point at_{};
};

}  // namespace rowan::detail
