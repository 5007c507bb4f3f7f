#pragma once

#include <rowan/core/error.hpp>
#include <rowan/core/must.hpp>
#include <rowan/core/result.hpp>
#include <rowan/session/any_connection.hpp>
#include <rowan/session/database.hpp>
#include <rowan/session/pool.hpp>
#include <rowan/session/scopes.hpp>
#include <rowan/session/transaction_options.hpp>
#include <rowan/session/writable.hpp>

#include <chrono>
#include <concepts>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace rowan::testing {

namespace detail {

/// The transaction of a test, as its connection sees it. A savepoint stands where the last call of the connection's own
/// handle began: where a call fails, and the database would refuse all that follows in the same transaction, the next
/// one goes back to it.
template <class Connection>
class TestTransaction final : public Surrounding {
public:
    explicit TestTransaction(Connection& connection, const TransactionOptions& options)
        : connection_{connection}, options_{options} {
        must(connection.start_transaction(options));
        connection.scopes().surround(this);
    }
    TestTransaction(const TestTransaction&) = delete;
    TestTransaction& operator=(const TestTransaction&) = delete;
    ~TestTransaction() = default;

    void end() noexcept {
        connection_.scopes().surround(nullptr);
        connection_.scopes().clear();
        // It goes with the connection otherwise.
        if (connection_.transaction_state() != TransactionState::idle) (void)connection_.roll_back_transaction();
        connection_.lift_limits();
    }

    std::optional<Error> enter() override {
        const TransactionState state = connection_.transaction_state();
        if (state == TransactionState::idle)
            return Error{Category::internal, Code::transaction_lost,
                         "the test's transaction has ended: it was ended by hand (COMMIT or ROLLBACK in SQL), or the "
                         "database has rolled it back after an error; nothing was sent"};
        Result<void> ready =
            connection_.run_script(state == TransactionState::failed ? "ROLLBACK TO SAVEPOINT rowan_test"
                                   : has_savepoint_ ? "RELEASE SAVEPOINT rowan_test; SAVEPOINT rowan_test"
                                                    : "SAVEPOINT rowan_test");
        if (!ready) return std::move(ready).error();
        has_savepoint_ = true;
        return std::nullopt;
    }

    bool undo() noexcept override {
        return has_savepoint_ && connection_.run_script("ROLLBACK TO SAVEPOINT rowan_test").has_value();
    }

    std::optional<Error> refusal(const TransactionOptions& options) const override {
        if (auto refused = rowan::detail::contradiction(options)) return refused;
        const char* missing = nullptr;
        if (options.isolation && *options.isolation != Isolation::read_committed &&
            (!options_.isolation || *options_.isolation < *options.isolation))
            missing = "isolation";
        else if (options.lock && (!options_.lock || *options_.lock < *options.lock))
            missing = "lock";
        else if (options.deferrable && !options_.deferrable)
            missing = "deferrable";
        if (missing == nullptr) return std::nullopt;
        return Error{Category::not_supported, Code::not_supported,
                     std::string{"this transaction is a savepoint of a test's transaction, which was not begun with "} +
                         missing + ": give RolledBack the options that the code under test asks for; nothing was sent"};
    }

private:
    Connection& connection_;
    TransactionOptions options_;
    bool has_savepoint_ = false;
};

}  // namespace detail

/// What a test's transaction can be on.
template <class Db>
concept HasOneConnection =
    rowan::detail::holds<std::same_as<Db, Database> || requires(Db& db, const TransactionOptions& options) {
        db.start_transaction(options);
        db.scopes();
    }, "rowan: RolledBack is of a connection or of rowan::Database: a pool would open connections outside of the test">;

/// A connection, or a Database, for one test: whatever the test and the code under test do with it, nothing is stored,
/// as all of it is one transaction that is rolled back at the end.
///
///     rowan::testing::RolledBack<rowan::Database> db{"postgresql://…"};
///     open_account(*db, "Ada");        // takes a rowan::Database&, begins and commits transactions
///     CHECK(balance(*db, "Ada") == 0);
///
/// `Db` is sqlite::Connection, postgres::Connection, AnyConnection (made from an open connection), or Database (made
/// from a URL). The code under test gets the thing itself. Its transactions are savepoints: `transaction(fn)`, `begin`,
/// `read_only` and retry work as they do elsewhere, and an error outside of a transaction undoes one call only. Options
/// that a savepoint cannot have (an isolation level, a lock, deferrable) must be those that this is made with, else
/// they are Code::not_supported; with `timeout` no statement is stopped in its middle on PostgreSQL.
///
/// What differs from committing: other connections see nothing of it; deferred constraints are not checked; on
/// PostgreSQL now() stands still, and NOTIFY is not delivered; locks are kept until the end, so that two tests that
/// write the same SQLite file run one after the other. What sequences have given out is not taken back on PostgreSQL:
/// generated keys have gaps, and a test must not expect certain ones. SQL by hand must not contain COMMIT or ROLLBACK:
/// what follows is refused then (Code::transaction_lost).
///
/// Costs a round trip more for each call outside of a transaction. Where the transaction cannot be begun, the
/// constructor throws rowan::Exception (see `must`). Neither copied nor moved. Used by one thread at a time, but for
/// Database, which has just one connection: threads wait for each other, and a thread that needs two at once waits in
/// vain.
template <HasOneConnection Db>
class RolledBack {
public:
    explicit RolledBack(Db connection, const TransactionOptions& options = {})
        : connection_{std::move(connection)}, transaction_{connection_, options} {}
    RolledBack(const RolledBack&) = delete;
    RolledBack& operator=(const RolledBack&) = delete;
    ~RolledBack() { transaction_.end(); }

    [[nodiscard]] Db& operator*() noexcept { return connection_; }
    [[nodiscard]] Db* operator->() noexcept { return &connection_; }

private:
    Db connection_;
    detail::TestTransaction<Db> transaction_;
};

template <>
class RolledBack<Database> {
public:
    explicit RolledBack(std::string_view url, const TransactionOptions& options = {})
        : RolledBack{must(AnyConnection::open(url)), options} {}
    explicit RolledBack(AnyConnection connection, const TransactionOptions& options = {})
        : database_{must(Pool::open(OnlyOnce{std::make_unique<AnyConnection>(std::move(connection))},
                                    {.size = 1, .max_overflow = 0}))} {
        AnyConnection& only = *must(database_.acquire());
        transaction_.emplace(only, options);
    }
    RolledBack(const RolledBack&) = delete;
    RolledBack& operator=(const RolledBack&) = delete;
    ~RolledBack() {
        // The pool has closed it if it was lost.
        if (auto lease = database_.acquire(); lease && (*lease)->scopes().surrounding() == &*transaction_)
            transaction_->end();
    }

    [[nodiscard]] Database& operator*() noexcept { return database_; }
    [[nodiscard]] Database* operator->() noexcept { return &database_; }

private:
    /// A second connection would be outside of the transaction, and what is done there would stay.
    struct OnlyOnce {
        Result<AnyConnection> operator()(std::chrono::milliseconds) {
            if (connection == nullptr)
                return Failure(Error{Category::operational, Code::disconnect,
                                     "the connection of the test's transaction is gone: nothing was sent"});
            return std::move(*std::exchange(connection, nullptr));
        }
        std::unique_ptr<AnyConnection> connection;
    };

    Database database_;
    std::optional<detail::TestTransaction<AnyConnection>> transaction_{};
};

}  // namespace rowan::testing
