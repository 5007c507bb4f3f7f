#pragma once

#include <rowan/core/result.hpp>
#include <rowan/session/borrowed.hpp>
#include <rowan/session/by_hand.hpp>
#include <rowan/session/loan.hpp>
#include <rowan/session/task.hpp>

#include <type_traits>
#include <utility>
#include <vector>

namespace rowan {

namespace detail {

// In pipeline.hpp.
template <class Db, class... Steps>
auto run_pipeline(Db& db, Steps&... steps);
template <class Db, class Range, class Step>
auto run_pipeline_each(Db& db, Range& range, Step& step);

}  // namespace detail

/// What all that lend a connection share: lending it for a call, and reading by hand. `Self` has `borrow()`, which
/// gives a Borrowed connection, and `borrow_for_stream()` where a connection that is lent for longer is another matter.
template <class Self>
class ReadingSession {
public:
    /// Calls `fn(connection)` with a connection of its own type, unless another handle must be used now.
    template <class Fn>
    auto lend(Fn&& fn) {
        if constexpr (requires { self().ready(); })
            return lend_own(fn);
        else
            return lend_borrowed(fn);
    }

    /// The same for `Work::run(context, connection)`, a function template: far cheaper to compile where there are many.
    template <class Work>
    [[gnu::always_inline]] Result<void> perform(void* context) {
        using Connection = std::remove_reference_t<decltype(*self().borrow())>;
        if constexpr (!chooses_at_run_time<Connection> && requires { self().ready(); })
            if (Connection* connection = self().ready()) [[likely]]
                return Work::run(context, *connection);
        return lend_to(detail::task<Work, Connection>(context));
    }

    /// Runs one statement and gives its rows. `Row` is a struct whose members are found among the columns by name, a
    /// std::tuple in the order of the columns, or one value for one column:
    /// `query<Count>(sql<"SELECT symbol, count(*) AS n FROM candles WHERE exchange = $1 GROUP BY 1">, "okx")`.
    template <class Row, class Sql, class... Arguments>
    [[nodiscard]] Result<std::vector<Row>> query(Sql sql, const Arguments&... arguments) {
        detail::require_arguments<Sql, sizeof...(Arguments)>();
        return self().lend([&](auto& connection) { return detail::query_by_hand<Row>(connection, sql, arguments...); });
    }

    /// Runs unlike operations in one round trip where the database can (PostgreSQL), else one by one; each has a Result
    /// of its own, in a std::tuple of them:
    ///
    ///     auto [stored, found] = db.pipeline([&](auto& step) { return rowan::repository<Order>(step).insert(order); },
    ///                                        [&](auto& step) { return rowan::repository<Candle>(step).find(key); });
    ///
    /// The operations take effect in their order. Outside of a transaction each stands for itself, as without a
    /// pipeline: one that fails undoes nothing of the others. Inside of one they are part of it.
    ///
    /// A step is called once to send its statement and again with the answer, so it must do one operation on `step`,
    /// give its Result whatever that is, and nothing else: no counting, no moving from what it captures. What it gives
    /// the first time is dropped. A statement more that an operation may need, as to tell why a row was not changed,
    /// is sent behind the pipeline's, and waits for its own answer.
    ///
    /// What cannot be sent without waiting runs alone, in its turn, between two round trips: ranges, transactions,
    /// `for_each`, scripts and by hand all but SELECT, INSERT, UPDATE, DELETE, WITH and VALUES. Everything does in a
    /// transaction with a timeout, in a pipeline inside of a step, and outside of a transaction where prepared
    /// statements are off, as poolers lose their way then. All on one connection, which a pool lends for the whole.
    template <class... Steps>
    [[nodiscard]] auto pipeline(Steps&&... steps) {
        return detail::run_pipeline(self(), steps...);
    }

    /// The same for many alike: `fn(step, item)` for each item of a range, whose iterators can be walked again. Gives a
    /// std::vector of Results in the range's order. A round trip takes up to 256 of them.
    template <class Range, class Fn>
    [[nodiscard]] auto pipeline_each(Range&& range, Fn&& fn) {
        return detail::run_pipeline_each(self(), range, fn);
    }

    /// Calls `fn(connection, loan)`, as `lend` does, for what goes on behind the call: the connection is there as long
    /// as the loan lives.
    template <class Fn>
    auto hold(Fn&& fn) {
        auto lent = [&] {
            if constexpr (requires { self().borrow_for_stream(); })
                return self().borrow_for_stream();
            else
                return self().borrow();
        }();
        const auto use = [&](auto& connection) { return fn(connection, std::move(lent).loan()); };
        using Outcome = decltype(detail::visit(*lent, use));
        if (!lent) [[unlikely]]
            return Outcome{Failure(std::move(lent).error())};
        return detail::visit(*lent, use);
    }

private:
    /// One function for all work.
    template <class Task>
    Result<void> lend_to(const Task& task) {
        return lend(task);
    }

    /// A connection of one's own is not given back.
    template <class Fn>
    auto lend_own(Fn& fn) {
        auto* connection = self().ready();
        using Outcome = decltype(detail::visit(*connection, fn));
        if (connection == nullptr) [[unlikely]] {
            auto lent = self().borrow();
            if (!lent) return Outcome{Failure(std::move(lent).error())};
            connection = &*lent;
        }
        return detail::visit(*connection, fn);
    }

    template <class Fn>
    auto lend_borrowed(Fn& fn) {
        auto lent = self().borrow();
        using Outcome = decltype(detail::visit(*lent, fn));
        Outcome outcome = lent ? detail::visit(*lent, fn) : Outcome{Failure(std::move(lent).error())};
        if (outcome && lent.is_left_open()) [[unlikely]]
            outcome = Failure(detail::left_open());
        return outcome;
    }

protected:
    ReadingSession() = default;
    ~ReadingSession() = default;
    ReadingSession(const ReadingSession&) = default;
    ReadingSession& operator=(const ReadingSession&) = default;

    Self& self() { return static_cast<Self&>(*this); }
};

}  // namespace rowan
