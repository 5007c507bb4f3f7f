#pragma once

#include <rowan/core/error.hpp>
#include <rowan/core/time.hpp>

#include <cstdint>
#include <source_location>
#include <span>
#include <string>
#include <string_view>

namespace rowan {

/// What a statement does to the transaction around it.
enum class StatementKind : std::uint8_t { statement, begin, commit, rollback, savepoint, release, rollback_to };

/// One statement that has run, or has failed. Everything in it is valid during the call only.
struct StatementEvent {
    /// As it was sent, with placeholders. A stream, however many round trips it took, is its SELECT; a script of
    /// several statements is one text.
    std::string_view text{};

    /// Is `text` a constant of the program? Then it lives as long as the program, and holds no value from outside;
    /// any other text may have values written into it.
    bool is_constant = false;

    /// The bound values, in the order of the placeholders, as SQL would show them: NULL, true, 42, 1.5, 'O''Brien',
    /// x'00ff', '2016-10-07T00:00:00Z', [1, 2, 3]. Long ones are cut, with their length behind them. A range
    /// whose rows the statement takes one by one, or that goes by COPY, is shown as (1000 rows), without their values;
    /// an error tells its row. Empty unless the observer wants them.
    std::span<const std::string> values{};

    std::chrono::steady_clock::time_point started{};

    /// Until the last row was read or the statement was given up: for a stream, the program's own work between two
    /// rows is part of it.
    std::chrono::nanoseconds duration{};

    /// How many rows were read, or else changed; -1 for a script, whose rows nobody counts.
    std::int64_t rows = 0;

    /// What the database, or its client, answered instead of a result; null if there was none.
    const Error* error = nullptr;

    /// The connection's number, unique in the process: see `connection.number()`.
    std::uint64_t connection = 0;

    /// Which run of its transaction this belongs to, from 1, where that is tried again; else 1.
    int attempt = 1;

    /// Where the program asked for the transaction, the innermost that the calling thread runs with
    /// `transaction(fn)`; line() is 0 outside of one.
    std::source_location place{};

    [[nodiscard]] StatementKind kind() const noexcept;
};

/// A transaction that has failed and will be run again.
struct RetryEvent {
    /// The run that has failed, from 1.
    int attempt = 1;
    /// The time that passes before the next run.
    std::chrono::nanoseconds wait{};
    const Error& error;
    /// Where the program asked for the transaction; line() is 0 if that is not known.
    std::source_location place{};
};

/// A connection of a pool that is lent for longer than PoolSettings::report_lease_after.
struct LeaseEvent {
    std::chrono::nanoseconds held{};
    /// Has it come back by now? Otherwise somebody else came to the pool, and it was found missing.
    bool is_returned = false;
    /// Where it was taken: by `acquire`, `begin` or `transaction`; line() is 0 for a single operation or a stream.
    std::source_location place{};
};

/// Sees what happens on the connections that it is attached to: `connection.observe(observer)`. Derived classes
/// override what they want to hear of.
///
/// One observer may be attached to many connections, which may call it from several threads at once. It is called in
/// the thread that runs the statement, before that thread goes on, so it should be quick. It must not use the
/// connection that calls it, nor detach itself from it. It cannot fail: the functions are noexcept, so an exception
/// that leaves one ends the program.
class Observer {
public:
    Observer() = default;
    Observer(const Observer&) = delete;
    Observer& operator=(const Observer&) = delete;
    virtual ~Observer() = default;

    /// Asked once, when it is attached: is `values` of an event to be filled? That makes a text of each bound value,
    /// and such texts may hold what is secret.
    [[nodiscard]] virtual bool wants_values() const noexcept { return false; }

    virtual void on_statement(const StatementEvent&) noexcept {}
    virtual void on_retry(const RetryEvent&) noexcept {}
    /// Once for each lease, by whichever thread comes to the pool next. The pool may be used.
    virtual void on_overdue_lease(const LeaseEvent&) noexcept {}
};

[[nodiscard]] constexpr std::string_view to_string(StatementKind kind) noexcept {
    switch (kind) {
        case StatementKind::statement: return "statement";
        case StatementKind::begin: return "BEGIN";
        case StatementKind::commit: return "COMMIT";
        case StatementKind::rollback: return "ROLLBACK";
        case StatementKind::savepoint: return "SAVEPOINT";
        case StatementKind::release: return "RELEASE SAVEPOINT";
        case StatementKind::rollback_to: return "ROLLBACK TO SAVEPOINT";
    }
    return "unknown";
}

namespace detail {

/// Takes words from the front of a text, whatever their case.
class WordReader {
public:
    constexpr explicit WordReader(std::string_view text) : rest_{text} { skip_space(); }

    constexpr bool take(std::string_view word) {
        if (rest_.size() < word.size()) return false;
        for (std::size_t i = 0; i != word.size(); ++i)
            if (upper(rest_[i]) != word[i]) return false;
        if (rest_.size() > word.size() && is_word(rest_[word.size()])) return false;
        rest_.remove_prefix(word.size());
        skip_space();
        return true;
    }

    /// Goes behind the next semicolon; nothing is left if there is none.
    constexpr void end_statement() {
        const std::size_t end = rest_.find(';');
        rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
        skip_space();
    }

    [[nodiscard]] constexpr bool is_at_end() const { return rest_.empty(); }

private:
    static constexpr char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }
    static constexpr bool is_word(char c) {
        return (upper(c) >= 'A' && upper(c) <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    }
    constexpr void skip_space() {
        while (!rest_.empty() && (rest_.front() == ' ' || (rest_.front() >= '\t' && rest_.front() <= '\r')))
            rest_.remove_prefix(1);
    }

    std::string_view rest_;
};

/// What the one statement in `text` does to its transaction; a script of several is just a statement.
constexpr StatementKind statement_kind(std::string_view text) noexcept {
    WordReader words{text};
    StatementKind kind = StatementKind::statement;
    if (words.take("BEGIN") || (words.take("START") && words.take("TRANSACTION"))) {
        kind = StatementKind::begin;
    } else if (words.take("COMMIT") || words.take("END")) {
        kind = StatementKind::commit;
    } else if (words.take("ROLLBACK")) {
        (void)(words.take("TRANSACTION") || words.take("WORK"));
        kind = words.take("TO") ? StatementKind::rollback_to : StatementKind::rollback;
    } else if (words.take("SAVEPOINT")) {
        kind = StatementKind::savepoint;
    } else if (words.take("RELEASE")) {
        kind = StatementKind::release;
    } else {
        return kind;
    }
    words.end_statement();
    // A savepoint that was rolled back to is still there, so it is released as well.
    if (kind == StatementKind::rollback_to && words.take("RELEASE")) words.end_statement();
    return words.is_at_end() ? kind : StatementKind::statement;
}

}  // namespace detail

inline StatementKind StatementEvent::kind() const noexcept { return detail::statement_kind(text); }

}  // namespace rowan
