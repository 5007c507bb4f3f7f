#pragma once

// A backend that is not one of rowan's own, and needs nothing of rowan changed: SQLite's connection, with somebody at
// the line. docs/backends.md goes through it.

#include <rowan/repository/repository.hpp>
#include <rowan/session/backend.hpp>
#include <rowan/session/pool.hpp>
#include <rowan/sqlite.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

/// A connection that asks its `Tap` before each statement, shows it each outcome, and each value on its way:
///
/// - `before(sql)` gives a Result<bool>: true to go on, false to leave the statement out and say that it worked, or an
///   error in its place.
/// - `after(sql, outcome)` gives the outcome that the caller sees.
/// - `pass(value)` gives the value, or the options of a transaction, that the database gets.
template <class Tap>
class TappedConnection : public rowan::Session<TappedConnection<Tap>> {
    using Inner = rowan::sqlite::Connection;

public:
    /// A statement under way.
    class Execution {
    public:
        Execution(TappedConnection& connection, const rowan::Statement& statement)
            : tap_{connection.tap_}, text_{statement.text()}, inner_{connection.inner_, statement} {}

        rowan::Fault put_null() { return inner_.put_null(); }
        template <class Value>
        rowan::Fault put(const Value& value) {
            return inner_.put(tap_.pass(value));
        }
        template <class Fill>
        rowan::Fault put_list(rowan::Stored form, Fill fill) {
            return inner_.put_list(form, fill);
        }

        /// The statement begins with its first row.
        rowan::Result<bool> next() {
            if (std::exchange(begun_, true)) return tap_.after(text_, inner_.next());
            return ask(tap_, text_, [&] { return inner_.next(); });
        }
        rowan::Result<std::int64_t> run() {
            return ask(tap_, text_, [&] { return inner_.run(); });
        }
        rowan::Result<std::int64_t> run_insert() {
            return ask(tap_, text_, [&] { return inner_.run_insert(); });
        }
        rowan::Result<rowan::Upserted> run_upsert(std::int64_t key) {
            return ask(tap_, text_, [&] { return inner_.run_upsert(key); });
        }

        auto cell(int column) const { return inner_.cell(column); }
        int columns() const { return inner_.columns(); }
        std::string_view column_name(int column) const { return inner_.column_name(column); }

    private:
        Tap& tap_;
        std::string_view text_;
        typename Inner::Execution inner_;
        bool begun_ = false;
    };
    /// SQLite makes its rows one by one in any case.
    using StreamExecution = Execution;
    static constexpr const rowan::Dialect& dialect = Inner::dialect;

    static rowan::Result<TappedConnection> open(const std::string& path, Tap tap = {},
                                                const rowan::sqlite::Options& options = {}) {
        rowan::Result<Inner> opened = Inner::open(path, options);
        if (!opened) return rowan::Failure(std::move(opened).error());
        return TappedConnection{*std::move(opened), std::move(tap)};
    }

    Tap& tap() { return tap_; }

    // What repositories and handles ask for. Whether a handle may be used now, the inner connection knows.
    rowan::Borrowed<TappedConnection> borrow(rowan::ScopeId scope = rowan::outermost) {
        return {*this, inner_.refusal(scope)};
    }
    rowan::Result<rowan::BasicTransaction<TappedConnection>> begin(const rowan::TransactionOptions& options = {}) {
        if (auto refused = scopes().refusal(rowan::outermost, transaction_state()))
            return rowan::Failure(*std::move(refused));
        return rowan::BasicTransaction<TappedConnection>::open(*this, options);
    }

    // What the Backend concept asks for.
    rowan::Result<void> run_script(std::string_view text) {
        return ask(tap_, text, [&] { return inner_.run_script(text); });
    }
    rowan::Result<void> start_transaction(const rowan::TransactionOptions& options) {
        return ask(tap_, "BEGIN", [&] { return inner_.start_transaction(tap_.pass(options)); });
    }
    rowan::Result<void> commit_transaction() {
        return ask(tap_, "COMMIT", [&] { return inner_.commit_transaction(); });
    }
    rowan::Result<void> roll_back_transaction() {
        return ask(tap_, "ROLLBACK", [&] { return inner_.roll_back_transaction(); });
    }
    void lift_limits() noexcept { inner_.lift_limits(); }
    rowan::TransactionState transaction_state() { return inner_.transaction_state(); }
    rowan::Result<std::vector<rowan::ResultColumn>> describe(const rowan::Statement& statement) {
        return inner_.describe(statement);
    }
    rowan::Scopes& scopes() { return inner_.scopes(); }
    void observe(std::shared_ptr<rowan::Observer> observer) { inner_.observe(std::move(observer)); }
    const std::shared_ptr<rowan::Observer>& observer() { return inner_.observer(); }

    // What a pool asks for.
    rowan::ConnectionState state() { return inner_.state(); }
    rowan::Result<void> ping(std::chrono::milliseconds at_most) {
        return ask(tap_, "ping", [&] { return inner_.ping(at_most); });
    }
    rowan::Result<void> reset_session() { return inner_.reset_session(); }
    bool is_private() { return inner_.is_private(); }

private:
    TappedConnection(Inner inner, Tap tap) : inner_{std::move(inner)}, tap_{std::move(tap)} {}

    template <class Run>
    static auto ask(Tap& tap, std::string_view text, Run run) {
        using Outcome = decltype(run());
        rowan::Result<bool> wanted = tap.before(text);
        if (!wanted) return Outcome{rowan::Failure(std::move(wanted).error())};
        return tap.after(text, *wanted ? run() : Outcome{});
    }

    Inner inner_;
    Tap tap_;
};
