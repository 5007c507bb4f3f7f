#pragma once

#include <rowan/core/time.hpp>
#include <rowan/observe/disclosure.hpp>
#include <rowan/session/observer.hpp>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <mutex>
#include <source_location>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace rowan {

/// A statement that took long, with what EXPLAIN needs.
struct SlowQuery {
    std::string text{};
    std::vector<std::string> values{};  ///< empty unless they are disclosed
    std::chrono::system_clock::time_point time{};
    std::chrono::nanoseconds duration{};
    std::int64_t rows = 0;
    std::uint64_t connection = 0;
    int attempt = 1;
    std::source_location place{};  ///< of its transaction; line() is 0 where it is not known
    std::string error{};           ///< empty if it has succeeded
};

/// Keeps the slowest statements, and may report each that is slow:
///
///     auto slow = std::make_shared<rowan::SlowQueries>(std::chrono::milliseconds{100});
///     connection.observe(slow);
///     for (const rowan::SlowQuery& query : slow->slowest()) …
///
/// A statement is slow if it takes `threshold` or longer; the others cost one comparison. Safe from any thread.
class SlowQueries : public Observer {
public:
    static constexpr std::size_t kept_by_default = 20;

    /// Keeps the `keep` slowest.
    explicit SlowQueries(std::chrono::nanoseconds threshold, std::size_t keep = kept_by_default,
                         Disclosure disclosure = {})
        : threshold_{threshold}, keep_{keep}, disclosure_{std::move(disclosure)} {}

    /// Calls `report(query)` for each slow statement as well, in the thread that has run it, and one thread at a time.
    /// It must not throw.
    template <class Report>
        requires std::is_invocable_v<Report&, const SlowQuery&>
    SlowQueries(std::chrono::nanoseconds threshold, Report report, std::size_t keep = kept_by_default,
                Disclosure disclosure = {})
        : SlowQueries{threshold, keep, std::move(disclosure)} {
        reports_ = std::make_unique<ReportsTo<Report>>(std::move(report));
    }

    [[nodiscard]] bool wants_values() const noexcept override { return disclosure_.values; }

    void on_statement(const StatementEvent& event) noexcept override {
        if (event.duration >= threshold_) [[unlikely]]
            note(event);
    }

    /// The slowest first.
    [[nodiscard]] std::vector<SlowQuery> slowest() const {
        const std::lock_guard lock{mutex_};
        return slowest_;
    }

    /// How many were slow, also those that were not kept.
    [[nodiscard]] std::uint64_t count() const {
        const std::lock_guard lock{mutex_};
        return count_;
    }

    void clear() {
        const std::lock_guard lock{mutex_};
        slowest_.clear();
        count_ = 0;
    }

private:
    class Reports {
    public:
        Reports() = default;
        Reports(const Reports&) = delete;
        Reports& operator=(const Reports&) = delete;
        virtual ~Reports() = default;
        virtual void report(const SlowQuery& query) = 0;
    };

    template <class Report>
    class ReportsTo final : public Reports {
    public:
        explicit ReportsTo(Report report) : report_{std::move(report)} {}
        void report(const SlowQuery& query) override { report_(query); }

    private:
        Report report_;
    };

    void note(const StatementEvent& event) {
        const bool values = detail::shows_values(disclosure_, event.text);
        SlowQuery query{.text = detail::shown_text(event, values),
                        .time = std::chrono::system_clock::now(),
                        .duration = event.duration,
                        .rows = event.rows,
                        .connection = event.connection,
                        .attempt = event.attempt,
                        .place = event.place};
        if (values) query.values.assign(event.values.begin(), event.values.end());
        if (event.error != nullptr) query.error = detail::shown_error(*event.error, event.is_constant || values);

        const std::lock_guard lock{mutex_};
        ++count_;
        if (reports_ != nullptr) reports_->report(query);
        if (slowest_.size() == keep_ && (keep_ == 0 || slowest_.back().duration >= query.duration)) return;
        auto place = slowest_.end();
        while (place != slowest_.begin() && std::prev(place)->duration < query.duration) --place;
        slowest_.insert(place, std::move(query));
        if (slowest_.size() > keep_) slowest_.pop_back();
    }

    std::chrono::nanoseconds threshold_;
    std::size_t keep_;
    Disclosure disclosure_;
    std::unique_ptr<Reports> reports_{};
    mutable std::mutex mutex_;
    std::vector<SlowQuery> slowest_{};
    std::uint64_t count_ = 0;
};

}  // namespace rowan
