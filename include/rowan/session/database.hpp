#pragma once

#include <rowan/core/result.hpp>
#include <rowan/core/time.hpp>
#include <rowan/session/any_connection.hpp>
#include <rowan/session/health.hpp>
#include <rowan/session/observer.hpp>
#include <rowan/session/pool.hpp>
#include <rowan/session/pool_settings.hpp>
#include <rowan/session/read_only.hpp>
#include <rowan/session/replicas.hpp>
#include <rowan/session/scopes.hpp>
#include <rowan/session/statistics.hpp>
#include <rowan/session/transaction.hpp>
#include <rowan/session/transaction_options.hpp>

#include <cstddef>
#include <memory>
#include <source_location>
#include <string>
#include <string_view>
#include <utility>

namespace rowan {

/// Connections to the database that a URL names, chosen when the program runs.
using Pool = BasicPool<AnyConnection>;

class Database;
template <>
inline constexpr bool chooses_at_run_time<Database> = true;
template <>
inline constexpr bool renews_connection<Database> = true;

namespace detail {

/// What a Database does. A template, as a program then compiles only those of its functions that it calls.
template <class Self, class Connection>
class DatabaseOf : public Session<Self> {
public:
    using Pool = BasicPool<Connection>;

    explicit DatabaseOf(Pool pool) : primary_{std::move(pool)} {}

    /// A connection that is there already. It stays the only one, and is not replaced when it breaks.
    template <class Given>
        requires Connection::template
    holds<Given> explicit DatabaseOf(Given&& connection)
        : primary_{std::make_unique<ConnectorOf<Connection, NoFurther>>(NoFurther{}),
                   PoolSettings{.size = 1, .max_overflow = 0}, Connection{std::forward<Given>(connection)}} {}

    /// See BasicPool.
    [[nodiscard]] Borrowed<Connection> borrow() { return primary_.borrow(); }
    [[nodiscard]] Borrowed<Connection> borrow_for_stream() { return primary_.borrow_for_stream(); }

    /// A transaction on a connection of its own, rolled back unless it is committed.
    [[nodiscard]] Result<BasicTransaction<Connection>> begin(
        const TransactionOptions& options = {}, std::source_location where = std::source_location::current()) {
        // A replica has no serializable transactions.
        if (options.read_only && options.isolation != Isolation::serializable && replicas_ != nullptr) {
            if (auto refused = primary_.refusal()) return Failure(*std::move(refused));
            for (std::size_t i = 0; i != replicas_->size(); ++i) {
                Pool* replica = replicas_->choose();
                if (replica == nullptr) break;
                Result<BasicTransaction<Connection>> begun = replica->begin(options, where);
                if (begun || begun.error().category() != Category::operational) return begun;
                replicas_->leave_out(replica);
            }
        }
        return primary_.begin(options, where);
    }

    /// A connection for as long as the caller wants.
    [[nodiscard]] Result<Lease<Connection>> acquire(std::source_location where = std::source_location::current()) {
        return primary_.acquire(where);
    }

    /// See BasicPool.
    void observe(std::shared_ptr<Observer> observer) {
        if (replicas_ != nullptr) replicas_->observe(observer);
        primary_.observe(std::move(observer));
    }
    [[nodiscard]] std::shared_ptr<Observer> observer() { return primary_.observer(); }

    /// Read-only sessions go there from now on; not while other threads use this database.
    void use_replicas(ReplicaSettings settings) {
        replicas_ = std::make_unique<Replicas<Pool>>(std::move(settings), primary_.settings());
        replicas_->observe(primary_.observer());
    }

    /// How the primary is, and each replica. Never fails: what is wrong stands in it. Takes two round trips a server,
    /// and waits for a connection like others.
    [[nodiscard]] Health health() {
        Health health = health_of(primary_);
        if (replicas_ != nullptr) health.replicas = replicas_->health();
        return health;
    }

    /// What the primary holds: `stats<Candle, Order>()` counts these tables' rows and bytes as well. Counting reads the
    /// whole table or an index of it.
    template <class... Structs>
    [[nodiscard]] Result<DatabaseStatistics> stats() {
        return primary_.lend(
            [](auto& connection) { return statistics_on<DatabaseStatistics, Structs...>(connection); });
    }

    /// The connections to the primary.
    [[nodiscard]] Pool& pool() noexcept { return primary_; }

private:
    struct NoFurther {
        Result<Connection> operator()(std::chrono::milliseconds) const {
            return Failure(Error{Category::operational, Code::disconnect,
                                 "the connection that this database was made of is gone, and there is no URL to open "
                                 "another: nothing was sent"});
        }
    };

    Pool primary_;
    std::unique_ptr<Replicas<Pool>> replicas_{};
};

}  // namespace detail

/// The database that a URL names, chosen when the program runs: a pool of connections to it. May be used by several
/// threads at once, and moved while nobody uses it and no transaction or repository works on it.
class Database : public detail::DatabaseOf<Database, AnyConnection> {
public:
    using DatabaseOf::DatabaseOf;
};

using Transaction = BasicTransaction<AnyConnection>;
using ReadOnly = BasicReadOnly<AnyConnection>;

/// Opens the database that `url` names:
///
///     sqlite:market.db, sqlite::memory:, sqlite:///var/lib/market.db?synchronous=full   (see sqlite::parse_url)
///     postgresql://user:password@host:5432/database, postgres://…                        (see
///     postgres::Connection::open)
///
/// Reserved characters in a part are percent-encoded. The first connection is opened at once, further ones as threads
/// need them. Read-only sessions go to replicas, where there are any; one that is not there now may come later. Fails
/// with Code::invalid_url, or as the connection does; no error repeats a password.
template <class Opened = Database>
[[nodiscard]] Result<Opened> open(std::string_view url, const PoolSettings& settings = {},
                                  ReplicaSettings replicas = {}) {
    Result<Pool> pool = Pool::open(std::string{url}, settings);
    if (!pool) return Failure(std::move(pool).error());
    Opened database{*std::move(pool)};
    if (!replicas.urls.empty()) database.use_replicas(std::move(replicas));
    return database;
}

}  // namespace rowan
