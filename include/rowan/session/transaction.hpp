#pragma once

#include <rowan/core/result.hpp>
#include <rowan/core/unsafe_sql.hpp>
#include <rowan/session/borrowed.hpp>
#include <rowan/session/by_hand.hpp>
#include <rowan/session/loan.hpp>
#include <rowan/session/origin.hpp>
#include <rowan/session/reading_session.hpp>
#include <rowan/session/retry.hpp>
#include <rowan/session/scopes.hpp>
#include <rowan/session/transaction_options.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <source_location>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace rowan {

template <class Db>
class BasicTransaction;
template <class Db>
class BasicReadOnly;

template <class Db>
inline constexpr bool chooses_at_run_time<BasicTransaction<Db>> = chooses_at_run_time<Db>;

namespace detail {

/// What `fn(tx)` gives, as a Result.
template <class Fn, class Tx>
struct OutcomeOf {
    using Returned = std::invoke_result_t<Fn, Tx&>;
    using type = std::conditional_t<is_result<Returned>, Returned, Result<Returned>>;
};
template <class Fn, class Tx>
    requires is_result<std::invoke_result_t<Fn, Tx&>>
struct OutcomeOf<Fn, Tx> {
    using type = std::invoke_result_t<Fn, Tx&>;
};
template <class Fn, class Tx>
using Outcome = typename OutcomeOf<Fn, Tx>::type;

/// Runs `fn` in a transaction that has been begun: commits when it succeeds, rolls back when it gives an error or
/// throws.
template <class Tx, class Fn>
Outcome<Fn, Tx> run_in(Result<Tx> begun, Fn&& fn) {
    if (!begun) return Failure(std::move(begun).error());
    Tx& tx = *begun;
    Outcome<Fn, Tx> outcome = [&]() -> Outcome<Fn, Tx> {
        if constexpr (is_result<std::invoke_result_t<Fn, Tx&>>) {
            return std::forward<Fn>(fn)(tx);
        } else if constexpr (std::is_void_v<std::invoke_result_t<Fn, Tx&>>) {
            std::forward<Fn>(fn)(tx);
            return {};
        } else {
            return std::forward<Fn>(fn)(tx);
        }
    }();
    Result<void> ended = !tx.active() ? Result<void>{} : outcome ? tx.commit() : tx.rollback();
    if (ended) return outcome;
    if (!outcome) return Failure(std::move(outcome).error().followed_by(std::move(ended).error()));
    Error error = std::move(ended).error();
    if (Result<void> undone = tx.rollback(); !undone)
        return Failure(std::move(error).followed_by(std::move(undone).error()));
    return Failure(std::move(error));
}

/// `where` is for those who lend connections, and may be asked who has them.
template <class Db>
auto begin(Db& db, const TransactionOptions& options, [[maybe_unused]] const std::source_location& where) {
    if constexpr (requires { db.begin(options, where); })
        return db.begin(options, where);
    else
        return db.begin(options);
}

/// Tells at its end whether the transaction has been committed by then.
template <class Tx>
struct CommitWatch {
    const Tx& tx;
    bool& committed;
    CommitWatch(const Tx& watched, bool& told) : tx{watched}, committed{told} {}
    CommitWatch(const CommitWatch&) = delete;
    CommitWatch& operator=(const CommitWatch&) = delete;
    ~CommitWatch() { committed = tx.committed(); }
};

/// Why a savepoint on a `Db` cannot have these options, or nothing. Only one that stands for a transaction has any.
template <class Db>
std::optional<Error> refusal_of_savepoint(Db& db, const TransactionOptions& options) {
    const Scopes& scopes = db.scopes();
    if (scopes.surrounding() == nullptr || scopes.innermost() != outermost) return options_of_savepoint();
    constexpr bool can_limit = requires { db.limit_savepoint(options); };
    if (!can_limit && has_limits(options)) return options_of_savepoint();
    return scopes.surrounding()->refusal(options);
}

/// A transaction as a read-only session.
template <class Db>
Result<BasicReadOnly<Db>> as_read_only(Result<BasicTransaction<Db>> begun);

}  // namespace detail

/// What connections, databases and transactions share: running SQL by hand, and transactions. `Self` has
/// `borrow()` and `begin(options)`; its `observer()`, if it has one, is told of each attempt that is followed by
/// another.
template <class Self>
class Session : public ReadingSession<Self> {
    using ReadingSession<Self>::self;

public:
    /// Runs statements without parameters, separated by semicolons.
    [[nodiscard]] Result<void> execute(unsafe_sql sql) {
        // The databases' clients would take it for the end, and leave the rest out silently.
        if (sql.text.find('\0') != std::string_view::npos)
            return Failure(
                Error{Category::programming, Code::syntax_error, "SQL cannot contain a NUL: nothing was sent"});
        return self().lend([&](auto& connection) { return connection.run_script(sql.text); });
    }

    /// Runs one statement with parameters, and gives the number of rows that it changed.
    template <class Sql, class... Arguments>
        requires(sizeof...(Arguments) != 0 || !std::same_as<Sql, unsafe_sql>)
    [[nodiscard]] Result<std::int64_t> execute(Sql sql, const Arguments&... arguments) {
        detail::require_arguments<Sql, sizeof...(Arguments)>();
        return self().lend([&](auto& connection) { return detail::execute_by_hand(connection, sql, arguments...); });
    }

    /// Runs `fn(tx)` in a transaction: commits if it returns a value, rolls back if it returns an error or throws
    /// (the exception goes on). Inside a transaction it is a savepoint: an error undoes only what `fn` did.
    ///
    /// Gives what `fn` gives, as a Result; or the error of BEGIN or COMMIT. Code::in_doubt means that the
    /// connection was lost during COMMIT: the transaction may or may not be stored. While `fn` runs, only
    /// `tx` may be used: this handle refuses.
    template <class Fn>
    auto transaction(Fn&& fn, std::source_location where = std::source_location::current()) {
        return this->transaction(TransactionOptions{}, std::forward<Fn>(fn), where);
    }

    /// The same with options: `transaction({.isolation = rowan::Isolation::serializable}, fn)`.
    template <class Fn>
    auto transaction(const TransactionOptions& options, Fn&& fn,
                     std::source_location where = std::source_location::current()) {
        const detail::OriginGuard origin{where};
        return detail::run_in(detail::begin(self(), options, where), std::forward<Fn>(fn));
    }

    /// Runs `fn(tx)` in a transaction, and where it could not be stored but may be the next time, rolls back, waits and
    /// calls it again: see rowan::retry. The error of the last attempt says how many there were (Error::attempts).
    /// Inside a transaction it is Code::misuse, and `fn` is not called: only the whole can be run again.
    template <class Fn>
    auto transaction(const retry& policy, Fn&& fn, std::source_location where = std::source_location::current()) {
        return this->transaction(policy, TransactionOptions{}, std::forward<Fn>(fn), where);
    }
    template <class Fn>
    auto transaction(const retry& policy, TransactionOptions options, Fn&& fn,
                     std::source_location where = std::source_location::current()) {
        options.outermost = true;
        return again(policy, where, [&](bool& stored) {
            return detail::run_in(detail::begin(self(), options, where), [&]<class Tx>(Tx& tx) {
                const detail::CommitWatch<Tx> watch{tx, stored};
                return fn(tx);
            });
        });
    }

    /// Runs `fn(reader)` in a transaction that only reads: `reader` is a BasicReadOnly, whose repositories have no
    /// functions that write, and the database refuses writes as well. It takes no write lock. Inside a transaction it
    /// is Code::misuse. For one moment seen by all statements, ask for Isolation::repeatable_read.
    template <class Fn>
    auto read_only(Fn&& fn, std::source_location where = std::source_location::current()) {
        return this->read_only(TransactionOptions{}, std::forward<Fn>(fn), where);
    }
    template <class Fn>
    auto read_only(TransactionOptions options, Fn&& fn, std::source_location where = std::source_location::current()) {
        options.read_only = true;
        const detail::OriginGuard origin{where};
        return detail::run_in(detail::as_read_only(detail::begin(self(), options, where)), std::forward<Fn>(fn));
    }
    /// The same, and runs it again where that helps: see `transaction`.
    template <class Fn>
    auto read_only(const retry& policy, TransactionOptions options, Fn&& fn,
                   std::source_location where = std::source_location::current()) {
        options.read_only = true;
        return again(policy, where, [&](bool&) {
            return detail::run_in(detail::as_read_only(detail::begin(self(), options, where)), fn);
        });
    }

protected:
    Session() = default;
    ~Session() = default;
    Session(const Session&) = default;
    Session& operator=(const Session&) = default;

private:
    template <class Attempt>
    auto again(const retry& policy, const std::source_location& where, Attempt attempt) {
        return detail::retry_loop(
            policy, renews_connection<Self>,
            [&](int number, bool& stored) {
                const detail::OriginGuard origin{where, number};
                return attempt(stored);
            },
            [&](const Retried& retried) {
                if constexpr (requires { self().observer(); })
                    if (const auto& observer = self().observer())
                        observer->on_retry({retried.attempt, retried.wait, retried.error, where});
            });
    }
};

/// An open transaction or savepoint on a `Db` (a connection or a Database), which must outlive it. Rolled back
/// when it is dropped without commit. Used by one thread at a time, like the connection.
template <class Db>
class [[nodiscard]] BasicTransaction : public Session<BasicTransaction<Db>> {
public:
    /// A transaction, or a savepoint where one is open already, which has no options.
    static Result<BasicTransaction> open(Db& db, const TransactionOptions& options = {}) {
        const bool nested = db.transaction_state() != TransactionState::idle;
        const bool has_options = options != TransactionOptions{};
        if (nested && has_options)
            if (auto refused = detail::refusal_of_savepoint(db, options)) return Failure(*std::move(refused));
        BasicTransaction tx{db, nested};
        Result<void> begun = nested ? tx.run("SAVEPOINT ") : db.start_transaction(options);
        if (begun) {
            tx.limited_ = detail::has_limits(options);
            if (nested && tx.limited_)
                if constexpr (requires { db.limit_savepoint(options); })
                    if (Result<void> limited = db.limit_savepoint(options); !limited)
                        return Failure(std::move(limited).error());
            return tx;
        }
        db.scopes().leave(tx.scope_);
        tx.db_ = nullptr;
        return Failure(std::move(begun).error());
    }

    BasicTransaction(BasicTransaction&& other) noexcept
        : db_{std::exchange(other.db_, nullptr)},
          scope_{other.scope_},
          nested_{other.nested_},
          limited_{other.limited_},
          ended_{other.ended_},
          committed_{other.committed_},
          loan_{std::move(other.loan_)} {}
    BasicTransaction& operator=(BasicTransaction&& other) noexcept {
        if (this != &other) {
            drop();
            db_ = std::exchange(other.db_, nullptr);
            scope_ = other.scope_;
            nested_ = other.nested_;
            limited_ = other.limited_;
            ended_ = other.ended_;
            committed_ = other.committed_;
            loan_ = std::move(other.loan_);
        }
        return *this;
    }
    ~BasicTransaction() { drop(); }

    /// Neither committed nor rolled back, and none around it either.
    [[nodiscard]] bool active() const noexcept { return db_ != nullptr && db_->scopes().is_open(scope_); }

    /// Was it stored, or may it have been (Code::in_doubt)? For a savepoint: was it left to the transaction around?
    [[nodiscard]] bool committed() const noexcept { return committed_; }

    /// Stores what was done; for a savepoint, leaves it to the transaction around. Where it fails and the
    /// transaction is still `active`, it may be called again (SQLite was busy, say) or rolled back.
    [[nodiscard]] Result<void> commit() {
        if (auto refused = refusal()) return Failure(end_if_lost(*std::move(refused)));
        Result<void> ended = nested_ ? run("RELEASE SAVEPOINT ") : db_->commit_transaction();
        committed_ = ended || ended.error().code() == Code::in_doubt;
        if (ended || db_->transaction_state() == TransactionState::idle) leave();
        return ended;
    }

    /// Undoes what was done, also what was done in savepoints inside that are still open. Does nothing to a
    /// transaction that has ended.
    [[nodiscard]] Result<void> rollback() {
        if (!active()) return {};
        if (db_->scopes().is_inherited()) [[unlikely]] {
            // The parent goes on with it.
            leave();
            return Failure(Scopes::inherited());
        }
        Result<void> undone{};
        // The database may have rolled back by itself.
        if (db_->transaction_state() != TransactionState::idle)
            undone = nested_ ? run("ROLLBACK TO SAVEPOINT ", "; RELEASE SAVEPOINT ") : db_->roll_back_transaction();
        leave();
        return undone;
    }

    /// A savepoint inside, as a handle of its own. It has no options.
    [[nodiscard]] Result<BasicTransaction> begin(const TransactionOptions& options = {}) {
        if (auto refused = refusal()) return Failure(*std::move(refused));
        return open(*db_, options);
    }

    /// Runs `fn(tx)` in a savepoint: see `transaction`.
    template <class Fn>
    auto savepoint(Fn&& fn, std::source_location place = std::source_location::current()) {
        return this->transaction(std::forward<Fn>(fn), place);
    }

    /// The connection, unless this handle must not be used now.
    [[nodiscard]] Borrowed<Db> borrow() {
        if (db_ == nullptr) [[unlikely]]
            return not_there();
        return db_->borrow(scope_);
    }
    [[nodiscard]] auto* ready() noexcept
        requires requires(Db& db) { db.ready(outermost); }
    {
        return db_ != nullptr ? db_->ready(scope_) : nullptr;
    }

    /// For pools: the connection is lent for this transaction, until it ends.
    void keep(Loan loan) { loan_ = std::move(loan); }

private:
    BasicTransaction(Db& db, bool nested) : db_{&db}, scope_{db.scopes().enter()}, nested_{nested} {}

    [[nodiscard]] Error not_there() const {
        return ended_ ? Scopes::ended()
                      : Error{Category::programming, Code::wrong_handle,
                              "this transaction or savepoint was moved from: nothing was sent"};
    }

    [[nodiscard]] std::optional<Error> refusal() const {
        if (db_ == nullptr) return not_there();
        return db_->scopes().refusal(scope_, db_->transaction_state());
    }

    Error end_if_lost(Error error) {
        if (error.code() == Code::transaction_lost) leave();
        return error;
    }

    /// It has ended: the connection goes back at once, if it was lent for this transaction and no savepoint's handle
    /// knows it any more.
    void leave() noexcept {
        const bool innermost = db_->scopes().innermost() == scope_;
        db_->scopes().leave(scope_);
        if (limited_) db_->lift_limits();
        db_ = nullptr;
        ended_ = true;
        if (innermost)
            loan_.end();
        else
            loan_.relax();
    }

    void drop() noexcept {
        if (db_ == nullptr) return;
        // A destructor has nobody to tell: what cannot be rolled back is rolled back by the database when the
        // connection goes.
        (void)rollback();
        db_ = nullptr;
    }

    /// `command` with this savepoint's name, then `second` with it.
    Result<void> run(std::string_view command, std::string_view second = {}) {
        const std::string savepoint = "rowan_" + std::to_string(scope_);
        std::string text{command};
        text += savepoint;
        if (!second.empty()) text.append(second).append(savepoint);
        return db_->run_script(text);
    }

    Db* db_;
    ScopeId scope_;
    bool nested_;
    /// The connection keeps to limits that end with this transaction.
    bool limited_ = false;
    bool ended_ = false;
    bool committed_ = false;
    Loan loan_{};
};

}  // namespace rowan
