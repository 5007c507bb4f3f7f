#pragma once

#include <rowan/core/result.hpp>
#include <rowan/core/time.hpp>
#include <rowan/postgres/connect.hpp>
#include <rowan/postgres/copy.hpp>
#include <rowan/postgres/describe.hpp>
#include <rowan/postgres/dialect.hpp>
#include <rowan/postgres/errors.hpp>
#include <rowan/postgres/execution.hpp>
#include <rowan/postgres/libpq.hpp>
#include <rowan/postgres/link.hpp>
#include <rowan/postgres/ping.hpp>
#include <rowan/postgres/pipeline.hpp>
#include <rowan/postgres/server.hpp>
#include <rowan/postgres/streaming.hpp>
#include <rowan/postgres/url.hpp>
#include <rowan/session/backend.hpp>
#include <rowan/session/borrowed.hpp>
#include <rowan/session/connection_state.hpp>
#include <rowan/session/observation.hpp>
#include <rowan/session/pipeline.hpp>
#include <rowan/session/read_only.hpp>
#include <rowan/session/result_column.hpp>
#include <rowan/session/scopes.hpp>
#include <rowan/session/server_status.hpp>
#include <rowan/session/transaction.hpp>
#include <rowan/session/transaction_options.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace rowan::postgres {

/// A connection to a PostgreSQL server, through libpq. Parameters and results are binary; statements are prepared on
/// the server. Used by one thread at a time; it may be moved to another thread, and must not be moved in memory while a
/// repository or transaction works on it.
class Connection : public Session<Connection> {
public:
    static constexpr const Dialect& dialect = postgres::dialect;
    using Execution = postgres::Execution;
    using ArrayExecution = postgres::ArrayExecution;
    using CopyExecution = postgres::CopyExecution;
    using StreamExecution = postgres::StreamExecution;
    using Pipeline = postgres::Pipeline;

    /// Opens `postgresql://user:password@host:port/database?option=value`, with all of libpq's options
    /// (https://www.postgresql.org/docs/current/libpq-connect.html); what is missing comes from PGHOST and the like.
    /// Waits 10 s for the server unless connect_timeout or PGCONNECT_TIMEOUT say otherwise. Text is UTF-8 and the
    /// session's time zone UTC. Fails with Code::invalid_url, cannot_connect, authentication, unknown_database,
    /// too_many_connections or cannot_connect_now; no error repeats the password.
    ///
    /// `?prepared_statements=off` is rowan's own: each statement is sent with its text, and nothing is kept on the
    /// server between two transactions, as a pooler wants it that gives each transaction another connection (pgbouncer
    /// with pool_mode=transaction). The server parses and plans each time: a small statement takes about twice as
    /// long. What a session sets (SET, LISTEN, temporary tables, advisory locks of the session, Reset::session) has no
    /// meaning there; an `options` parameter is refused by pgbouncer itself unless it is told to ignore it.
    ///
    /// `at_most` bounds the wait further, where that is shorter.
    [[nodiscard]] static Result<Connection> open(const std::string& url,
                                                 std::chrono::milliseconds at_most = std::chrono::milliseconds::max()) {
        const Result<Url> parsed = parse_url(url);
        if (!parsed) return Failure(parsed.error());
        Result<OwnedConnection> line = detail::connect(parsed->libpq, at_most);
        if (!line) return Failure(std::move(line).error());
        Connection connection{*std::move(line)};
        connection.link_->prepares = parsed->prepared_statements;
        if (Result<void> set = connection.use_utc(); !set) return Failure(std::move(set).error());
        return connection;
    }

    /// Itself, unless the handle of another scope must be used now.
    [[nodiscard]] Borrowed<Connection> borrow(ScopeId scope = outermost) { return {*this, refusal(scope)}; }
    /// Itself, if one look tells that the handle of this scope may be used now; else null, and `borrow` looks closer.
    [[nodiscard]] Connection* ready(ScopeId scope = outermost) noexcept {
        const bool open = scope == outermost || transaction_state() != TransactionState::idle;
        return open && scopes_.allows(scope) ? this : nullptr;
    }

    /// Why the handle of `scope` must not be used now, or nothing.
    [[nodiscard]] std::optional<Error> refusal(ScopeId scope) const {
        return scopes_.refusal(scope, transaction_state());
    }

    /// A transaction that is rolled back unless it is committed.
    template <class Self = Connection>
    [[nodiscard]] Result<BasicTransaction<Self>> begin(const TransactionOptions& options = {}) {
        if (auto refused = refusal(outermost)) return Failure(*std::move(refused));
        return BasicTransaction<Self>::open(*this, options);
    }

    /// The connection itself, for what rowan does not do. It stays the Connection's.
    [[nodiscard]] PGconn* native() const noexcept { return link_->connection.get(); }

    /// Tells `observer` of every statement from now on, instead of the one before; null tells nobody.
    void observe(std::shared_ptr<Observer> observer) noexcept { link_->observer.set(std::move(observer)); }
    [[nodiscard]] const std::shared_ptr<Observer>& observer() const noexcept { return link_->observer.observer(); }

    /// Unique among the connections of the process, whatever their databases.
    [[nodiscard]] std::uint64_t number() const noexcept { return link_->observer.connection(); }

    // What the Backend concept asks for.
    [[nodiscard]] Result<void> run_script(std::string_view text) {
        return run(std::string{text}.c_str(), false, Phase::autocommit);
    }
    [[nodiscard]] Result<void> start_transaction(const TransactionOptions& options) {
        if (rowan::detail::is_plain(options)) [[likely]]
            return run("BEGIN", true);
        if (auto refused = rowan::detail::contradiction(options)) return Failure(*std::move(refused));
        if (options.lock)
            return Failure(Error{Category::not_supported, Code::not_supported,
                                 "PostgreSQL has no lock that a transaction takes as a whole: leave out lock, and lock "
                                 "rows with for_update() or choose an isolation level; nothing was sent"});
        return start(options);
    }

    [[nodiscard]] Result<void> commit_transaction() {
        if (auto late = link_->limits.refusal()) {
            Error error = std::move(*late).in_statement("COMMIT");
            if (Result<void> undone = roll_back_transaction(); !undone)
                return Failure(std::move(error).followed_by(std::move(undone).error()));
            return Failure(std::move(error));
        }
        return rowan::detail::observe_script(link_->observer, "COMMIT", true, [&] { return commit(); });
    }

    [[nodiscard]] Result<void> roll_back_transaction() {
        // The server has rolled back already.
        if (PQstatus(native()) == CONNECTION_BAD) return {};
        return run("ROLLBACK", true);
    }

    /// The same limits, for a savepoint that stands for a transaction. The server is not told of the timeout, as it
    /// would keep to it beyond the savepoint: no statement is stopped in its middle.
    [[nodiscard]] Result<void> limit_savepoint(const TransactionOptions& options) {
        if (options.timeout.count() != 0) link_->limits.set(options.timeout);
        return options.read_only ? run_script("SET TRANSACTION READ ONLY") : Result<void>{};
    }
    void lift_limits() noexcept { link_->limits.lift(); }

    [[nodiscard]] TransactionState transaction_state() const noexcept {
        switch (PQtransactionStatus(native())) {
            case PQTRANS_IDLE: return TransactionState::idle;
            case PQTRANS_INERROR: return TransactionState::failed;
            case PQTRANS_ACTIVE:
                return link_->interceptor == nullptr || link_->interceptor->is_in_transaction()
                           ? TransactionState::open
                           : TransactionState::idle;
            default: return TransactionState::open;
        }
    }

    [[nodiscard]] Result<std::vector<ResultColumn>> describe(const Statement& statement) {
        return postgres::describe(*link_, statement);
    }
    [[nodiscard]] Scopes& scopes() noexcept { return scopes_; }

    // What a pool asks for.
    [[nodiscard]] ConnectionState state() const noexcept {
        if (Pipeline::is_left_open(*link_)) return ConnectionState::broken;
        switch (PQstatus(native()) == CONNECTION_OK ? PQtransactionStatus(native()) : PQTRANS_UNKNOWN) {
            case PQTRANS_IDLE:
            case PQTRANS_INTRANS:
            case PQTRANS_INERROR: return ConnectionState::ready;
            case PQTRANS_ACTIVE: return ConnectionState::busy;
            case PQTRANS_UNKNOWN: break;
        }
        return ConnectionState::broken;
    }
    /// One round trip.
    [[nodiscard]] Result<void> ping(std::chrono::milliseconds at_most) { return detail::ping(*link_, at_most); }
    /// One round trip. What DISCARD ALL does, but for prepared statements and plans, which the next borrower can use.
    [[nodiscard]] Result<void> reset_session() {
        if (Result<void> done = run_script("CLOSE ALL; SET SESSION AUTHORIZATION DEFAULT; RESET ALL; UNLISTEN *; "
                                           "SELECT pg_advisory_unlock_all(); DISCARD TEMP; DISCARD SEQUENCES");
            !done)
            return done;
        return use_utc();
    }
    [[nodiscard]] bool is_private() const noexcept { return false; }

    // What health checks and statistics ask for, a round trip each. Templates, as a program then compiles those only
    // that it calls.
    template <class Status = ServerStatus>
    [[nodiscard]] Result<Status> status() {
        return detail::server_status<Status>(*this);
    }
    template <class Statistics = StorageStatistics>
    [[nodiscard]] Result<Statistics> storage() {
        return detail::storage<Statistics>(*this);
    }
    template <class Bytes = std::int64_t>
    [[nodiscard]] Result<std::optional<Bytes>> table_bytes(const std::string& table) {
        return detail::table_bytes<Bytes>(*this, table);
    }

    [[nodiscard]] Link& link() noexcept { return *link_; }

private:
    explicit Connection(OwnedConnection line) : link_{std::make_unique<Link>()} { link_->connection = std::move(line); }

    /// Timestamps without a zone are converted with the session's.
    [[nodiscard]] Result<void> use_utc() {
        const char* zone = PQparameterStatus(native(), "TimeZone");
        if (zone != nullptr && std::string_view{zone} == "UTC") return {};
        return run_script("SET TIME ZONE 'UTC'");
    }

    /// BEGIN with what the options ask for, in one round trip, but where there is a timeout two.
    [[nodiscard]] Result<void> start(const TransactionOptions& options) {
        if (auto refused = refusal_to_send(*link_)) return Failure(*std::move(refused));
        static constexpr std::string_view levels[] = {"READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE"};
        std::string text = "BEGIN";
        if (options.isolation)
            text.append(" ISOLATION LEVEL ").append(levels[static_cast<std::size_t>(*options.isolation)]);
        if (options.read_only) text += " READ ONLY";
        if (options.deferrable) text += " DEFERRABLE";
        if (options.timeout.count() != 0)
            if (Result<void> set = link_->limits.set(native(), options.timeout, text); !set) return set;
        Result<void> begun = run(text.c_str(), false);
        if (begun) return begun;
        link_->limits.lift();
        if (transaction_state() != TransactionState::idle)
            if (Result<void> undone = roll_back_transaction(); !undone)
                return Failure(std::move(begun).error().followed_by(std::move(undone).error()));
        return begun;
    }

    [[nodiscard]] Result<void> commit() {
        // A connection that is known to be gone before COMMIT is sent has not committed. The first look may meet the
        // server's last words, the second one its end.
        const auto is_gone = [&] { return PQconsumeInput(native()) == 0 || PQstatus(native()) == CONNECTION_BAD; };
        if (is_gone() || is_gone()) return Failure(make_error(native(), nullptr, Phase::statement, "COMMIT"));
        Result<OwnedResult> result = run_text(*link_, "COMMIT", Phase::commit);
        if (!result) return Failure(std::move(result).error());
        if (std::string_view{PQcmdStatus(result->get())} == "COMMIT") return {};
        return Failure(Error{Category::internal, Code::transaction_aborted,
                             "COMMIT was answered with ROLLBACK, as a statement of the transaction had failed before: "
                             "nothing is stored"}
                           .in_statement("COMMIT"));
    }

    [[nodiscard]] Result<void> run(const char* text, bool is_constant, Phase phase = Phase::statement) {
        return rowan::detail::observe_script(link_->observer, text, is_constant, [&]() -> Result<void> {
            Result<OwnedResult> result = run_text(*link_, text, phase);
            if (!result) return Failure(std::move(result).error());
            return {};
        });
    }

    std::unique_ptr<Link> link_;
    Scopes scopes_;
};

}  // namespace rowan::postgres
