#pragma once

#include <rowan/core/result.hpp>
#include <rowan/core/time.hpp>
#include <rowan/postgres/errors.hpp>
#include <rowan/postgres/libpq.hpp>
#include <rowan/session/deadline.hpp>

#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace rowan::postgres {

/// The deadline of the transaction that is open on a connection. The server counts anew for each statement
/// (statement_timeout), so it is told from time to time how much is left.
class TransactionLimits {
    using milliseconds = std::chrono::milliseconds;

public:
    /// Begins to count. `begin` is BEGIN with its options, and is given what tells the server.
    [[nodiscard]] Result<void> set(PGconn* connection, milliseconds timeout, std::string& begin) {
        deadline_.set(timeout);
        // Before BEGIN, as a query inside would take the transaction's snapshot.
        constexpr const char* question =
            "SELECT (extract(epoch FROM current_setting('statement_timeout')::interval) * 1000)::int, "
            "(extract(epoch FROM current_setting('idle_in_transaction_session_timeout')::interval) * 1000)::int";
        const OwnedResult own{PQexec(connection, question)};
        if (PQresultStatus(own.get()) != PGRES_TUPLES_OK) {
            lift();
            return Failure(make_error(connection, own.get(), Phase::statement, question));
        }
        own_ = milliseconds{std::atoi(PQgetvalue(own.get(), 0, 0))};
        const milliseconds own_idle{std::atoi(PQgetvalue(own.get(), 0, 1))};
        // Whoever comes back a little late finds the connection still there.
        constexpr milliseconds grace{1000};
        begin.append("; SET LOCAL statement_timeout = ").append(number(tell(deadline_.timeout())));
        begin.append("; SET LOCAL idle_in_transaction_session_timeout = ")
            .append(number(smaller(deadline_.timeout() + grace, own_idle)));
        first_told_ = told_;
        return {};
    }

    /// Begins to count, and keeps it from the server.
    void set(milliseconds timeout) {
        deadline_.set(timeout);
        first_told_ = told_ = {};
    }

    void lift() noexcept { deadline_.clear(); }
    [[nodiscard]] bool is_set() const noexcept { return deadline_.is_set(); }

    /// Why nothing may be sent any more, or nothing.
    [[nodiscard]] std::optional<Error> refusal() const { return deadline_.refusal(); }

    /// Why `statement` must not be sent, or nothing. Tells the server how much time is left, where it would let a
    /// statement run a tenth of the whole time too long.
    [[nodiscard]] std::optional<Error> check(PGconn* connection, std::string_view statement) {
        if (!deadline_.is_set()) [[likely]]
            return std::nullopt;
        if (statement.starts_with("ROLLBACK")) {
            // What was said inside of a savepoint is forgotten with it.
            told_ = first_told_;
            return std::nullopt;
        }
        if (statement.starts_with("BEGIN")) return std::nullopt;
        if (auto late = deadline_.refusal()) return std::move(*late).in_statement(statement);
        const milliseconds left = deadline_.left();
        if (told_ <= left + deadline_.timeout() / 10 || PQtransactionStatus(connection) != PQTRANS_INTRANS)
            return std::nullopt;
        const std::string text = "SET LOCAL statement_timeout = " + number(tell(left));
        const OwnedResult set{PQexec(connection, text.c_str())};
        if (PQresultStatus(set.get()) == PGRES_COMMAND_OK) return std::nullopt;
        return explain(make_error(connection, set.get(), Phase::statement, text));
    }

    /// An error as it is, or as the deadline's.
    [[nodiscard]] Error explain(Error error) const {
        if (!deadline_.is_set()) return error;
        return deadline_.explain(std::move(error));
    }

private:
    static std::string number(milliseconds time) { return std::to_string(time.count()); }

    /// A limit that the session has already may be the smaller one; 0 is none.
    static milliseconds smaller(milliseconds limit, milliseconds own) {
        return own.count() == 0 ? limit : limit < own ? limit : own;
    }

    milliseconds tell(milliseconds left) { return told_ = smaller(left, own_); }

    rowan::detail::Deadline deadline_{};
    milliseconds own_{};
    milliseconds told_{};
    milliseconds first_told_{};
};

}  // namespace rowan::postgres
