#pragma once

#include <rowan/core/result.hpp>
#include <rowan/core/sort.hpp>
#include <rowan/observe/literals.hpp>
#include <rowan/observe/observers.hpp>
#include <rowan/session/observer.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rowan {

/// When does a statement run too often?
struct RepeatLimit {
    /// So many times are too many.
    std::size_t count = 10;
    /// Counts within each transaction, and nothing outside of them; else everything from the guard's beginning on.
    bool per_transaction = false;
    /// Counts statements that write as well. A range that is inserted may be one statement a row, and rightly so.
    bool writes = false;
};

struct Repeated {
    std::string text{};
    std::size_t count = 0;
};

/// Counts how often each statement runs: the observer behind RepeatGuard. Safe from any thread.
class RepeatCounter : public Observer {
public:
    explicit RepeatCounter(RepeatLimit limit) : limit_{limit} {}

    void on_statement(const StatementEvent& event) noexcept override {
        const StatementKind kind = event.kind();
        const std::lock_guard lock{mutex_};
        if (limit_.per_transaction) {
            if (kind == StatementKind::begin) open_[event.connection].clear();
            if (kind == StatementKind::commit || kind == StatementKind::rollback) open_.erase(event.connection);
        }
        if (kind != StatementKind::statement || !(limit_.writes || reads(event.text))) return;
        std::string text = event.is_constant ? std::string{event.text} : detail::without_literals(event.text);
        if (!limit_.per_transaction) {
            ++most_[std::move(text)];
        } else if (const auto counts = open_.find(event.connection); counts != open_.end()) {
            const std::size_t count = ++counts->second[text];
            std::size_t& most = most_[std::move(text)];
            if (count > most) most = count;
        }
    }

    /// The statements that ran too often, with how often (in one transaction), most first.
    [[nodiscard]] std::vector<Repeated> repeated() const {
        std::vector<Repeated> all;
        {
            const std::lock_guard lock{mutex_};
            for (const auto& [text, count] : most_)
                if (count >= limit_.count) all.push_back({text, count});
        }
        detail::sort(all.data(), all.size(), [](const Repeated& a, const Repeated& b) {
            return a.count != b.count ? a.count > b.count : a.text < b.text;
        });
        return all;
    }

    /// One sentence for each of them.
    [[nodiscard]] std::vector<std::string> messages() const {
        std::vector<std::string> all;
        for (const Repeated& one : repeated())
            all.push_back("one statement ran " + std::to_string(one.count) + " times" +
                          (limit_.per_transaction ? " in a transaction" : "") + ", where " +
                          std::to_string(limit_.count) +
                          " are too many; a join or in(…) may do it in one: " + one.text);
        return all;
    }

private:
    using Counts = std::map<std::string, std::size_t>;

    static bool reads(std::string_view text) {
        detail::WordReader words{text};
        return words.take("SELECT") || words.take("WITH") || words.take("VALUES");
    }

    RepeatLimit limit_;
    mutable std::mutex mutex_;
    Counts most_{};
    /// Of each connection with an open transaction.
    std::map<std::uint64_t, Counts> open_{};
};

namespace detail {

struct PrintRepeat {
    void operator()(const std::string& message) const { std::fprintf(stderr, "rowan: %s\n", message.c_str()); }
};

}  // namespace detail

/// Finds the N+1 problem in a test: the same statement, run once for each row of another.
///
///     rowan::RepeatGuard guard{db, {.count = 5}, [](const std::string& message) { FAIL_CHECK(message); }};
///     … what is tested …
///
/// At its end it calls `report(message)`, which must not throw, for each statement that ran `count` times or more in
/// between, unless `check` was called before. Without `report` it writes to stderr. Statements that differ only in
/// values are the same. An observer that is attached already goes on, and is back alone afterwards. `db` is whatever
/// has `observe` and `observer`, used as it says, and must outlive the guard.
template <class Db, class Report = detail::PrintRepeat>
class [[nodiscard]] RepeatGuard {
public:
    explicit RepeatGuard(Db& db, RepeatLimit limit = {}, Report report = {})
        : db_{db},
          report_{std::move(report)},
          counter_{std::make_shared<RepeatCounter>(limit)},
          before_{db.observer()} {
        both_ = std::make_shared<Observers>(before_, counter_);
        db_.observe(both_);
    }
    RepeatGuard(const RepeatGuard&) = delete;
    RepeatGuard& operator=(const RepeatGuard&) = delete;
    ~RepeatGuard() {
        // Somebody else's may have taken its place.
        if (db_.observer() == both_) db_.observe(before_);
        if (is_checked_) return;
        for (const std::string& message : counter_->messages()) report_(message);
    }

    /// Did no statement run too often so far? The error, programming/misuse, names the one that did most often.
    [[nodiscard]] Result<void> check() {
        is_checked_ = true;
        const std::vector<std::string> messages = counter_->messages();
        if (messages.empty()) return {};
        return Failure(Error{Category::programming, Code::misuse, messages.front()});
    }

    [[nodiscard]] std::vector<Repeated> repeated() const { return counter_->repeated(); }

private:
    Db& db_;
    Report report_;
    std::shared_ptr<RepeatCounter> counter_;
    std::shared_ptr<Observer> before_;
    std::shared_ptr<Observer> both_{};
    bool is_checked_ = false;
};

}  // namespace rowan
