#pragma once

#include <rowan/core/error.hpp>
#include <rowan/core/must.hpp>
#include <rowan/core/result.hpp>
#include <rowan/core/unsafe_sql.hpp>
#include <rowan/repository/repository.hpp>
#include <rowan/schema/table.hpp>
#include <rowan/types/all.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#if !defined(__cpp_exceptions)
#error "rowan: the conformance suite needs exceptions: build the tests with them"
#endif

namespace rowan::testing {

/// What became of one case of the conformance suite.
struct ConformanceCase {
    enum class Outcome : std::uint8_t { passed, failed, skipped };

    std::string_view theme;  ///< such as "transactions"
    std::string_view name;   ///< a sentence: what a backend does
    Outcome outcome = Outcome::passed;
    std::string message{};  ///< why it failed, or was skipped

    [[nodiscard]] bool failed() const noexcept { return outcome == Outcome::failed; }
    /// `transactions: what is committed is stored: failed: …`
    [[nodiscard]] std::string to_string() const {
        std::string text{theme};
        text.append(": ").append(name);
        if (outcome == Outcome::failed) text += ": failed: ";
        if (outcome == Outcome::skipped) text += ": skipped: ";
        return text.append(message);
    }
};

namespace detail {

/// Ends a case.
struct Verdict {
    ConformanceCase::Outcome outcome;
    std::string message;
};

inline void expect(bool holds, std::string_view sentence) {
    if (!holds) throw Verdict{ConformanceCase::Outcome::failed, "not so: " + std::string{sentence}};
}

[[noreturn]] inline void skip(std::string reason) {
    throw Verdict{ConformanceCase::Outcome::skipped, std::move(reason)};
}

template <class T>
const Error& expect_error(const Result<T>& result, std::string_view what) {
    if (result) throw Verdict{ConformanceCase::Outcome::failed, std::string{what} + " succeeded, but must be an error"};
    return result.error();
}

/// It must have failed, and in this way.
template <class T>
void expect_error(const Result<T>& result, Category category, Code code, std::string_view what) {
    const Error& error = expect_error(result, what);
    if (error.category() == category && error.code() == code) return;
    std::string message{what};
    message.append(" must be ").append(rowan::to_string(category)).append("/").append(rowan::to_string(code));
    throw Verdict{ConformanceCase::Outcome::failed, message.append(", but is ").append(error.to_string())};
}

/// A row with a value of each form, each of which may be missing.
struct ConformanceValues {
    std::int64_t id{};
    std::optional<bool> flag{};
    std::optional<std::int16_t> small{};
    std::optional<std::int32_t> medium{};
    std::optional<std::int64_t> integer{};
    std::optional<float> single{};
    std::optional<double> real{};
    std::optional<std::string> text{};
    std::optional<std::vector<std::byte>> blob{};
    std::optional<Timestamp> time{};
    std::optional<std::chrono::year_month_day> day{};
};

struct ConformanceItem {
    std::int64_t id{};
    std::string name{};
    std::optional<std::int64_t> amount{};

    friend bool operator==(const ConformanceItem&, const ConformanceItem&) = default;
};

}  // namespace detail
}  // namespace rowan::testing

template <>
inline constexpr auto rowan::table<rowan::testing::detail::ConformanceValues> =
    rowan::describe<rowan::testing::detail::ConformanceValues>("rowan_conformance_values");
template <>
inline constexpr auto rowan::table<rowan::testing::detail::ConformanceItem> =
    rowan::describe<rowan::testing::detail::ConformanceItem>("rowan_conformance_items")
        .key<&rowan::testing::detail::ConformanceItem::id>(rowan::generated)
        .unique<&rowan::testing::detail::ConformanceItem::name>();

namespace rowan::testing::detail {

/// What a case works on: a connection, empty tables, and more connections.
template <class Open>
class ConformanceSubject {
public:
    using Connection = typename std::invoke_result_t<Open&>::value_type;

    explicit ConformanceSubject(Open& open) : connection{must(open())}, open_{open} {
        drop();
        must(values().create_table());
        must(items().create_table());
    }
    ConformanceSubject(const ConformanceSubject&) = delete;
    ConformanceSubject& operator=(const ConformanceSubject&) = delete;
    ~ConformanceSubject() { clean(); }

    [[nodiscard]] auto values() { return repository<ConformanceValues>(connection); }
    [[nodiscard]] auto items() { return repository<ConformanceItem>(connection); }

    void execute(std::string_view sql) { must(connection.execute(unsafe_sql{sql})); }

    /// Another connection to the same database.
    [[nodiscard]] Connection another() {
        if constexpr (requires { connection.is_private(); })
            if (connection.is_private()) skip("the database is this connection's own");
        return must(open_());
    }

    /// As many items, with the names 1, 2, …
    void fill(int count) {
        std::vector<ConformanceItem> rows;
        for (int i = 1; i <= count; ++i) rows.push_back({.name = std::to_string(i), .amount = i});
        must(items().insert(rows));
    }

    Connection connection;

private:
    void drop() {
        for (const char* table : {"child", "checked"})
            must(connection.execute(unsafe_sql{std::string{"DROP TABLE IF EXISTS rowan_conformance_"}.append(table)}));
        must(values().drop_table());
        must(items().drop_table());
    }

    /// What a case has left is of no interest, but for the next one, which looks for itself.
    void clean() noexcept {
        try {
            drop();
        } catch (...) {
        }
    }

    Open& open_;
};

/// Runs cases, one after the other.
template <class Open>
class ConformanceSuite {
public:
    using Subject = ConformanceSubject<Open>;

    /// An empty `theme` is all of them.
    explicit ConformanceSuite(Open& open, std::string_view theme = {}) : open_{open}, theme_{theme} {}

    /// `body(subject)` throws what is wrong.
    template <class Body>
    void run(std::string_view theme, std::string_view name, Body body) {
        if (!theme_.empty() && theme != theme_) return;
        ConformanceCase& result = results.emplace_back(ConformanceCase{theme, name});
        try {
            Subject subject{open_};
            body(subject);
        } catch (Verdict& verdict) {
            result.outcome = verdict.outcome;
            result.message = std::move(verdict.message);
        } catch (const std::exception& problem) {
            result.outcome = ConformanceCase::Outcome::failed;
            result.message = problem.what();
        }
    }

    [[nodiscard]] Open& open() { return open_; }

    std::vector<ConformanceCase> results{};

private:
    Open& open_;
    std::string_view theme_;
};

}  // namespace rowan::testing::detail
