#pragma once

#include <rowan/core/error.hpp>
#include <rowan/core/time.hpp>

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>

namespace rowan::detail {

/// When a transaction must be over.
class Deadline {
public:
    using Clock = std::chrono::steady_clock;

    /// 24 days are forever, and what the databases' clients can count in milliseconds.
    static constexpr std::chrono::milliseconds longest{std::numeric_limits<std::int32_t>::max() - 10'000};

    /// Begins to count.
    void set(std::chrono::milliseconds timeout) noexcept {
        timeout_ = timeout < longest ? timeout : longest;
        end_ = Clock::now() + timeout_;
    }
    void clear() noexcept { timeout_ = {}; }

    [[nodiscard]] bool is_set() const noexcept { return timeout_.count() != 0; }
    [[nodiscard]] bool is_over() const noexcept { return is_set() && Clock::now() >= end_; }
    [[nodiscard]] std::chrono::milliseconds timeout() const noexcept { return timeout_; }

    /// At least 1 ms, as 0 is no limit for the databases.
    [[nodiscard]] std::chrono::milliseconds left() const noexcept {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(end_ - Clock::now());
        return left.count() > 1 ? left : std::chrono::milliseconds{1};
    }

    /// Why nothing may be sent any more, or nothing.
    [[nodiscard]] std::optional<Error> refusal() const {
        if (!is_over()) [[likely]]
            return std::nullopt;
        return Error{Category::operational, Code::timeout, sentence() + ": nothing was sent"};
    }

    /// `error`, or where the end of the time has caused it, that.
    [[nodiscard]] Error explain(Error error) const {
        if (!is_over() || (error.code() != Code::cancelled && error.code() != Code::busy)) return error;
        return std::move(error).as(Category::operational, Code::timeout, sentence() + ": " + error.message());
    }

private:
    [[nodiscard]] std::string sentence() const {
        return "the transaction's timeout of " + std::to_string(timeout_.count()) + " ms is over";
    }

    std::chrono::milliseconds timeout_{};
    Clock::time_point end_{};
};

}  // namespace rowan::detail
