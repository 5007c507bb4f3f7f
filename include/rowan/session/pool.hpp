#pragma once

#include <rowan/core/result.hpp>
#include <rowan/core/time.hpp>
#include <rowan/session/borrowed.hpp>
#include <rowan/session/loan.hpp>
#include <rowan/session/observer.hpp>
#include <rowan/session/pool_core.hpp>
#include <rowan/session/pool_settings.hpp>
#include <rowan/session/pooled.hpp>
#include <rowan/session/scopes.hpp>
#include <rowan/session/transaction.hpp>
#include <rowan/session/transaction_options.hpp>

#include <concepts>
#include <memory>
#include <optional>
#include <source_location>
#include <string>
#include <type_traits>
#include <utility>

namespace rowan {

/// What a pool needs of a connection, beyond what a repository does:
///
/// - `state` tells what can be told without asking the other end.
/// - `ping(at_most)` asks it, and is back by then.
/// - `reset_session` undoes what a borrower has set; it may fail, and the connection is closed then.
/// - `is_private`: is its database its own, and gone with it? Then the pool has this connection only.
template <class C>
concept Poolable = std::move_constructible<C> && requires(C& connection, std::chrono::milliseconds at_most) {
    { connection.state() } -> std::same_as<ConnectionState>;
    { connection.ping(at_most) } -> std::same_as<Result<void>>;
    { connection.reset_session() } -> std::same_as<Result<void>>;
    { connection.is_private() } -> std::same_as<bool>;
    { connection.roll_back_transaction() } -> std::same_as<Result<void>>;
    { connection.observe(std::shared_ptr<Observer>{}) } -> std::same_as<void>;
    { connection.transaction_state() } -> std::same_as<TransactionState>;
    { connection.scopes() } -> std::same_as<Scopes&>;
    { connection.borrow() } -> std::same_as<Borrowed<C>>;
};

namespace detail {

template <class Connection>
class PooledConnection final : public Pooled {
public:
    explicit PooledConnection(Connection made) : connection{std::move(made)} {}

    ConnectionState state() noexcept override { return connection.state(); }
    bool answers(std::chrono::milliseconds at_most) noexcept override { return connection.ping(at_most).has_value(); }
    bool clean(Reset reset) noexcept override {
        const bool left_open = connection.scopes().innermost() != outermost;
        connection.scopes().clear();
        if (Surrounding* surrounding = connection.scopes().surrounding()) return !left_open || surrounding->undo();
        if (connection.transaction_state() != TransactionState::idle && !connection.roll_back_transaction())
            return false;
        return reset == Reset::transaction || connection.reset_session().has_value();
    }

    void observe(std::shared_ptr<Observer> observer) override { connection.observe(std::move(observer)); }

    Connection connection;
};

template <class Connection, class Open>
class ConnectorOf final : public Connector {
public:
    explicit ConnectorOf(Open open) : open_{std::move(open)} {}

    Result<std::unique_ptr<Pooled>> connect(std::chrono::milliseconds at_most) override {
        Result<Connection> opened = open_(at_most);
        if (!opened) return Failure(std::move(opened).error());
        return std::make_unique<PooledConnection<Connection>>(*std::move(opened));
    }

private:
    Open open_;
};

}  // namespace detail

/// A connection that is the caller's until this goes, or `give_back`. A repository or transaction works on `*lease`,
/// and must be gone before it. May be moved to another thread.
template <class Connection>
class [[nodiscard]] Lease {
public:
    Lease(Connection& connection, detail::Pooled& pooled, Loan loan)
        : connection_{&connection}, pooled_{&pooled}, loan_{std::move(loan)} {}

    Connection& operator*() const noexcept { return *connection_; }
    Connection* operator->() const noexcept { return connection_; }

    /// Gives it back before its time. An open transaction is rolled back.
    void give_back() noexcept {
        connection_ = nullptr;
        loan_.end();
    }

    /// Has it closed when it goes back: for what has been done to it that no other borrower should meet.
    void invalidate() noexcept { pooled_->unwanted = true; }

private:
    Connection* connection_;
    detail::Pooled* pooled_;
    Loan loan_;
};

/// Connections of one type, shared by threads. A repository over a pool takes a connection for each operation,
/// `transaction` one for the whole. Every function may be called by several threads at once.
///
/// A thread that has a transaction open uses its handle: the pool itself refuses meanwhile, as what it did would not be
/// part of the transaction; `acquire` gives a connection for what shall not be. After fork() the child's pool is empty
/// and opens connections of its own: those of the parent are never used or closed by it, and handles from before the
/// fork refuse there. (SQLite itself cannot have that: there the child gets Code::not_supported.)
///
/// Costs a mutex twice a checkout, allocates nothing, and makes no round trip unless the settings ask for one.
/// Connections that are lent must come back before the program ends; the pool itself may go first.
template <Poolable Connection>
class BasicPool : public Session<BasicPool<Connection>> {
public:
    /// Opens the first connection, and fails as that does. `open(at_most)` gives a `Result<Connection>`, within a time;
    /// it is called whenever a further one is needed, by any thread that uses the pool.
    ///
    /// A connection that `is_private` (an SQLite database in memory) makes a pool of this one, whatever the settings
    /// say: another connection would see another database.
    template <class Open>
        requires std::is_invocable_r_v<Result<Connection>, Open&, std::chrono::milliseconds>
    [[nodiscard]] static Result<BasicPool> open(Open open, PoolSettings settings = {}) {
        if (auto refused = detail::refusal_of(settings)) return Failure(*std::move(refused));
        Result<Connection> first = open(settings.timeout);
        if (!first) return Failure(std::move(first).error());
        return BasicPool{std::make_unique<detail::ConnectorOf<Connection, Open>>(std::move(open)), settings,
                         *std::move(first)};
    }

    /// The same, with what `Connection::open(url, at_most)` opens.
    [[nodiscard]] static Result<BasicPool> open(std::string url, PoolSettings settings = {})
        requires requires(std::chrono::milliseconds at_most) {
            { Connection::open(url, at_most) } -> std::same_as<Result<Connection>>;
        }
    {
        return open(
            [url = std::move(url)](std::chrono::milliseconds at_most) { return Connection::open(url, at_most); },
            settings);
    }

    /// A connection for one call, and one for a stream.
    [[nodiscard]] Borrowed<Connection> borrow() { return borrow(detail::Claim::call); }
    [[nodiscard]] Borrowed<Connection> borrow_for_stream() { return borrow(detail::Claim::stream); }

    /// A transaction on a connection of its own, which goes back when the transaction ends. Rolled back unless it is
    /// committed.
    [[nodiscard]] Result<BasicTransaction<Connection>> begin(
        const TransactionOptions& options = {}, std::source_location where = std::source_location::current()) {
        Result<detail::Pooled*> pooled = core_->take(detail::Claim::transaction, where);
        if (!pooled) return Failure(std::move(pooled).error());
        Loan loan = loan_of(**pooled);
        Result<BasicTransaction<Connection>> begun = connection_of(**pooled).begin(options);
        if (begun) begun->keep(std::move(loan));
        return begun;
    }

    /// A connection for as long as the caller wants. `where` is named when it is held for too long.
    [[nodiscard]] Result<Lease<Connection>> acquire(std::source_location where = std::source_location::current()) {
        Result<detail::Pooled*> pooled = core_->take(detail::Claim::lease, where);
        if (!pooled) return Failure(std::move(pooled).error());
        return Lease<Connection>{connection_of(**pooled), **pooled, loan_of(**pooled)};
    }

    /// Why this thread must use its transaction's handle now, or nothing.
    [[nodiscard]] std::optional<Error> refusal() { return core_->refusal(); }

    /// Tells `observer` of every statement of those who borrow a connection from now on, of transactions that are run
    /// again, and of leases that are overdue; null tells nobody.
    void observe(std::shared_ptr<Observer> observer) { core_->observe(std::move(observer)); }
    [[nodiscard]] std::shared_ptr<Observer> observer() { return core_->observer(); }

    [[nodiscard]] PoolStatistics statistics() { return core_->statistics(); }
    /// As they are in force.
    [[nodiscard]] const PoolSettings& settings() const noexcept { return core_->settings(); }

    /// A pool of `first`, and of what `connector` opens.
    BasicPool(std::unique_ptr<detail::Connector> connector, PoolSettings settings, Connection first) {
        if (first.is_private()) {
            settings.size = 1;
            settings.max_overflow = 0;
            settings.recycle = {};
            settings.reset = Reset::transaction;
        }
        core_.reset(new detail::PoolCore<detail::Pooled>{std::move(connector), settings});
        core_->adopt(std::make_unique<detail::PooledConnection<Connection>>(std::move(first)));
    }

private:
    [[nodiscard]] Borrowed<Connection> borrow(detail::Claim claim) {
        Result<detail::Pooled*> pooled = core_->take(claim);
        if (!pooled) return std::move(pooled).error();
        Loan loan = loan_of(**pooled);
        return connection_of(**pooled).borrow().until(std::move(loan));
    }

    struct Close {
        void operator()(detail::PoolCore<detail::Pooled>* core) const noexcept { core->close(); }
    };

    static Connection& connection_of(detail::Pooled& pooled) {
        return static_cast<detail::PooledConnection<Connection>&>(pooled).connection;
    }

    Loan loan_of(detail::Pooled& pooled) {
        return {[](void* lender, void* lent, Loan::Stage stage) noexcept {
                    auto& core = *static_cast<detail::PoolCore<detail::Pooled>*>(lender);
                    auto& connection = *static_cast<detail::Pooled*>(lent);
                    stage == Loan::Stage::ended ? core.give_back(connection) : core.relax(connection);
                },
                core_.get(), &pooled};
    }

    std::unique_ptr<detail::PoolCore<detail::Pooled>, Close> core_;
};

template <class Connection>
inline constexpr bool chooses_at_run_time<BasicPool<Connection>> = chooses_at_run_time<Connection>;
template <class Connection>
inline constexpr bool renews_connection<BasicPool<Connection>> = true;

}  // namespace rowan
