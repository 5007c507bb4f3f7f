#pragma once

#include <rowan/core/result.hpp>
#include <rowan/session/borrowed.hpp>
#include <rowan/session/by_hand.hpp>
#include <rowan/session/loan.hpp>

#include <utility>
#include <vector>

namespace rowan {

/// What all that lend a connection share: lending it for a call, and reading by hand. `Self` has `borrow()`, which
/// gives a Borrowed connection, and `borrow_for_stream()` where a connection that is lent for longer is another matter.
template <class Self>
class ReadingSession {
public:
    /// Calls `fn(connection)` with a connection of its own type, unless another handle must be used now.
    template <class Fn>
    auto lend(Fn&& fn) {
        auto lent = self().borrow();
        using Outcome = decltype(detail::visit(*lent, fn));
        if (!lent) [[unlikely]]
            return Outcome{Failure(std::move(lent).error())};
        Outcome outcome = detail::visit(*lent, fn);
        if (outcome && lent.is_left_open()) [[unlikely]]
            outcome = Failure(detail::left_open());
        return outcome;
    }

    /// Runs one statement and gives its rows. `Row` is a struct whose members are found among the columns by name, a
    /// std::tuple in the order of the columns, or one value for one column:
    /// `query<Count>(sql<"SELECT symbol, count(*) AS n FROM candles WHERE exchange = $1 GROUP BY 1">, "okx")`.
    template <class Row, class Sql, class... Arguments>
    [[nodiscard]] Result<std::vector<Row>> query(Sql sql, const Arguments&... arguments) {
        detail::require_arguments<Sql, sizeof...(Arguments)>();
        return self().lend([&](auto& connection) { return detail::query_by_hand<Row>(connection, sql, arguments...); });
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

protected:
    ReadingSession() = default;
    ~ReadingSession() = default;
    ReadingSession(const ReadingSession&) = default;
    ReadingSession& operator=(const ReadingSession&) = default;

    Self& self() { return static_cast<Self&>(*this); }
};

}  // namespace rowan
