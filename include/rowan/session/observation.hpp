#pragma once

#include <rowan/core/atomic.hpp>
#include <rowan/core/result.hpp>
#include <rowan/core/time.hpp>
#include <rowan/session/observer.hpp>
#include <rowan/session/origin.hpp>
#include <rowan/session/value_texts.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

/// What a backend needs to tell an observer of its statements.
namespace rowan {

/// A connection's number, and the place of its observer.
class ObserverSlot {
public:
    ObserverSlot() noexcept : connection_{next_number()} {}

    /// Null detaches. What is under way now is told to nobody.
    void set(std::shared_ptr<Observer> observer) noexcept {
        wants_values_ = observer != nullptr && observer->wants_values();
        observer_ = std::move(observer);
    }

    [[nodiscard]] const std::shared_ptr<Observer>& observer() const noexcept { return observer_; }
    [[nodiscard]] bool is_empty() const noexcept { return observer_ == nullptr; }
    [[nodiscard]] bool wants_values() const noexcept { return wants_values_; }
    [[nodiscard]] std::uint64_t connection() const noexcept { return connection_; }

private:
    [[nodiscard]] static std::uint64_t next_number() noexcept {
        static constinit detail::Atomic<std::uint64_t> last{0};
        return last.add(1) + 1;
    }

    std::shared_ptr<Observer> observer_;
    std::uint64_t connection_;
    bool wants_values_ = false;
};

/// A statement under way, for the observer that was attached when it began. A template, as a program then compiles only
/// those of its functions that it calls.
template <class Values>
class ObservationOf {
public:
    ObservationOf(const ObserverSlot& slot, std::string_view text, bool is_constant) noexcept
        : slot_{slot}, observer_{slot.observer().get()}, text_{text}, is_constant_{is_constant} {
        if (slot.wants_values()) values_.emplace();
    }

    /// Where to put the bound values, or null if nobody wants them.
    [[nodiscard]] Values* values() noexcept { return values_ ? &*values_ : nullptr; }

    [[nodiscard]] bool is_started() const noexcept { return is_started_; }
    void start() noexcept {
        is_started_ = true;
        started_ = std::chrono::steady_clock::now();
    }

    void count_row() noexcept { ++rows_; }
    [[nodiscard]] std::int64_t rows() const noexcept { return rows_; }

    /// Tells the observer, the first time only.
    void end(std::int64_t rows, const Error* error) noexcept {
        if (!is_started_ || std::exchange(is_ended_, true) || slot_.observer().get() != observer_) return;
        const auto now = std::chrono::steady_clock::now();
        observer_->on_statement({.text = text_,
                                 .is_constant = is_constant_,
                                 .values = values_ ? values_->texts() : std::span<const std::string>{},
                                 .started = started_,
                                 .duration = now - started_,
                                 .rows = rows,
                                 .error = error,
                                 .connection = slot_.connection(),
                                 .attempt = detail::origin.attempt,
                                 .place = detail::origin.place});
    }

private:
    const ObserverSlot& slot_;
    Observer* observer_;
    std::string_view text_;
    std::optional<Values> values_{};
    std::chrono::steady_clock::time_point started_{};
    std::int64_t rows_ = 0;
    bool is_constant_;
    bool is_started_ = false;
    bool is_ended_ = false;
};

using Observation = ObservationOf<detail::ValueTexts>;

namespace detail {

/// Runs a script, or a transaction's command: `run()` gives a Result<void>.
template <class Run, class Values = ValueTexts>
Result<void> observe_script(const ObserverSlot& slot, std::string_view text, bool is_constant, Run run) {
    if (slot.is_empty()) [[likely]]
        return run();
    ObservationOf<Values> observation{slot, text, is_constant};
    observation.start();
    Result<void> done = run();
    observation.end(statement_kind(text) == StatementKind::statement ? -1 : 0, done ? nullptr : &done.error());
    return done;
}

}  // namespace detail
}  // namespace rowan
