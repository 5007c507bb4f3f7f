#pragma once

#include <chrono>
#include <optional>

namespace rowan::detail {

/// One time limit over several steps; the clock is first read where something may take time.
class CheckoutDeadline {
    using Clock = std::chrono::steady_clock;

public:
    explicit CheckoutDeadline(std::chrono::milliseconds limit) : limit_{limit} {}

    [[nodiscard]] Clock::time_point at() {
        // Longer ones would be beyond the clock's range.
        constexpr std::chrono::milliseconds longest = std::chrono::hours{24 * 365};
        if (!at_) at_ = Clock::now() + (limit_ < longest ? limit_ : longest);
        return *at_;
    }
    [[nodiscard]] std::chrono::milliseconds left() {
        const auto rest = std::chrono::ceil<std::chrono::milliseconds>(at() - Clock::now());
        return rest.count() > 0 ? rest : std::chrono::milliseconds{0};
    }

private:
    std::chrono::milliseconds limit_;
    std::optional<Clock::time_point> at_{};
};

}  // namespace rowan::detail
