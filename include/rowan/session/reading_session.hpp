#pragma once

#include <rowan/core/result.hpp>
#include <rowan/session/by_hand.hpp>
#include <rowan/session/loan.hpp>

#include <vector>

namespace rowan {

/// What all that lend a connection share: reading by hand. `Self` has `lend(fn)`.
template <class Self>
class ReadingSession {
public:
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
        return self().lend([&](auto& connection) { return fn(connection, Loan{}); });
    }

protected:
    ReadingSession() = default;
    ~ReadingSession() = default;
    ReadingSession(const ReadingSession&) = default;
    ReadingSession& operator=(const ReadingSession&) = default;

    Self& self() { return static_cast<Self&>(*this); }
};

}  // namespace rowan
