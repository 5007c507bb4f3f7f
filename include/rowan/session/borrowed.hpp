#pragma once

#include <rowan/core/error.hpp>
#include <rowan/session/loan.hpp>
#include <rowan/session/scopes.hpp>

#include <optional>
#include <utility>

namespace rowan {

/// A connection that somebody has asked for: theirs until this goes, or refused. What `borrow` gives.
template <class Connection>
class [[nodiscard]] Borrowed {
public:
    /// There is none, and why.
    Borrowed(Error refused) : refused_{std::move(refused)} {}
    /// This one, unless it is refused.
    Borrowed(Connection& connection, std::optional<Error> refused)
        : connection_{&connection}, refused_{std::move(refused)} {}

    [[nodiscard]] explicit operator bool() const noexcept { return !refused_; }
    [[nodiscard]] Connection& operator*() const noexcept { return *connection_; }
    /// Why it was refused.
    [[nodiscard]] Error error() && { return *std::move(refused_); }

    /// Is a transaction under way that was begun by hand on a connection that goes back after the call?
    [[nodiscard]] bool is_left_open() const {
        return !loan_.is_empty() && connection_->transaction_state() != TransactionState::idle &&
               connection_->scopes().surrounding() == nullptr;
    }

    /// The same, to be given back.
    [[nodiscard]] Borrowed until(Loan loan) && noexcept {
        loan_ = std::move(loan);
        return std::move(*this);
    }
    /// Who takes the loan gives the connection back.
    [[nodiscard]] Loan loan() && noexcept { return std::move(loan_); }

private:
    Connection* connection_ = nullptr;
    std::optional<Error> refused_{};
    Loan loan_{};
};

namespace detail {

[[gnu::cold, nodiscard]] inline Error left_open() {
    return {Category::programming, Code::misuse,
            "a transaction was begun by hand on a pool, whose connections go back after each call: it was rolled back; "
            "use transaction(fn) or begin(), or acquire() a connection"};
}

/// Calls `fn(connection)` with the connection of its own type.
template <class Connection, class Fn>
decltype(auto) visit(Connection& connection, Fn& fn) {
    if constexpr (chooses_at_run_time<Connection>)
        return connection.visit(fn);
    else
        return fn(connection);
}

}  // namespace detail
}  // namespace rowan
