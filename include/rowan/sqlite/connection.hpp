#pragma once

#include <rowan/core/result.hpp>
#include <rowan/core/time.hpp>
#include <rowan/query/statement.hpp>
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
#include <rowan/sqlite/dialect.hpp>
#include <rowan/sqlite/errors.hpp>
#include <rowan/sqlite/execution.hpp>
#include <rowan/sqlite/feed.hpp>
#include <rowan/sqlite/feed_target.hpp>
#include <rowan/sqlite/glob.hpp>
#include <rowan/sqlite/limits.hpp>
#include <rowan/sqlite/list.hpp>
#include <rowan/sqlite/open_databases.hpp>
#include <rowan/sqlite/options.hpp>
#include <rowan/sqlite/prepared.hpp>
#include <rowan/sqlite/range.hpp>
#include <rowan/sqlite/server.hpp>
#include <rowan/sqlite/taker.hpp>

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <sqlite3.h>

namespace rowan::sqlite {

namespace detail {

/// What a Connection does. A template, as a program then compiles only those of its functions that it calls.
template <class Self>
class ConnectionOf : public Session<Self> {
public:
    static constexpr const Dialect& dialect = sqlite::dialect;
    using Execution = sqlite::Execution;
    /// SQLite makes its rows one by one in any case.
    using StreamExecution = sqlite::Execution;
    using RowFeed = sqlite::RowFeed;

    /// Opens a file, `:memory:`, or an SQLite URI (`file:…`). Fails with Code::cannot_open, Code::corruption (no
    /// database), or Code::not_supported where the journal mode cannot be had, or after fork() while files were open
    /// (see OpenDatabases).
    [[nodiscard]] static Result<Self> open(std::string path, const Options& options = {}) {
        if (path.find('\0') != std::string::npos)
            return Failure(Error{Category::programming, Code::invalid_url, "a path cannot contain a NUL"});
        const bool in_memory = path == ":memory:";
        if (!in_memory && !OpenDatabases::may_open())
            return Failure(Error{Category::not_supported, Code::not_supported,
                                 "SQLite was in use when this process was forked, and takes its parent's locks for its "
                                 "own, which damages files: fork before the first connection is opened or after the "
                                 "last one is closed, or start a program with exec; nothing was opened"});
        Close close{OpenDatabases::Mark{!in_memory}};
        sqlite3* raw = nullptr;
        const int code = sqlite3_open_v2(path.c_str(), &raw, open_flags(options.access), nullptr);
        Self connection{raw, std::move(close), options.access == Access::read_only};
        if (code != SQLITE_OK) {
            const char* reason = raw != nullptr ? sqlite3_errmsg(raw) : sqlite3_errstr(code);
            return Failure(make_error(code, path + ": " + reason, {}));
        }
        sqlite3_extended_result_codes(raw, 1);
#if defined(SQLITE_DBCONFIG_DQS_DML)
        // A quoted name that no column has would be taken for a string, and each row would hold it.
        sqlite3_db_config(raw, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
        sqlite3_db_config(raw, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
#endif
        constexpr int longest = std::numeric_limits<int>::max();
        const auto timeout = options.busy_timeout.count();
        sqlite3_busy_timeout(raw, timeout < longest ? static_cast<int>(timeout) : longest);
        if (Result<void> ready = connection.configure(options); !ready) return Failure(std::move(ready).error());
        const char* file = sqlite3_db_filename(raw, "main");
        connection.private_ = (file == nullptr || *file == '\0') && path.find("cache=shared") == std::string::npos &&
                              path.find("vfs=memdb") == std::string::npos;
        return connection;
    }

    /// Itself, unless the handle of another scope must be used now.
    [[nodiscard]] Borrowed<Self> borrow(ScopeId scope = outermost) {
        return {static_cast<Self&>(*this), refusal(scope)};
    }
    /// Itself, if one look tells that the handle of this scope may be used now; else null, and `borrow` looks closer.
    [[nodiscard]] Self* ready(ScopeId scope = outermost) noexcept {
        const bool open = scope == outermost || transaction_state() != TransactionState::idle;
        return open && scopes_.allows(scope) && !limits_.have_deadline() ? static_cast<Self*>(this) : nullptr;
    }

    /// Why the handle of `scope` must not be used now, or nothing.
    [[nodiscard]] std::optional<Error> refusal(ScopeId scope) {
        if (auto refused = scopes_.refusal(scope, transaction_state())) return refused;
        return limits_.check(db_.get());
    }

    /// A transaction that is rolled back unless it is committed. Unless the options say otherwise it takes the write
    /// lock at once (BEGIN IMMEDIATE), so that it cannot find out later that another writer was faster.
    [[nodiscard]] Result<BasicTransaction<Self>> begin(const TransactionOptions& options = {}) {
        if (auto refused = scopes_.refusal(outermost, transaction_state())) return Failure(*std::move(refused));
        return BasicTransaction<Self>::open(static_cast<Self&>(*this), options);
    }

    /// The connection itself, for what rowan does not do. It stays the Connection's.
    [[nodiscard]] sqlite3* native() const noexcept { return db_.get(); }

    /// Tells `observer` of every statement from now on, instead of the one before; null tells nobody.
    void observe(std::shared_ptr<Observer> observer) noexcept { observer_.set(std::move(observer)); }
    [[nodiscard]] const std::shared_ptr<Observer>& observer() const noexcept { return observer_.observer(); }

    /// Unique among the connections of the process, whatever their databases.
    [[nodiscard]] std::uint64_t number() const noexcept { return observer_.connection(); }

    // What the Backend concept asks for.
    [[nodiscard]] Result<void> run_script(std::string_view text) {
        if (auto late = limits_.check(db_.get(), text)) [[unlikely]]
            return Failure(*std::move(late));
        return rowan::detail::observe_script(observer_, text, false, [&]() -> Result<void> {
            char* message = nullptr;
            const int code = sqlite3_exec(db_.get(), std::string{text}.c_str(), nullptr, nullptr, &message);
            const std::unique_ptr<char, decltype(&sqlite3_free)> owner{message, &sqlite3_free};
            if (code == SQLITE_OK) return {};
            return Failure(limits().error(code, message != nullptr ? message : sqlite3_errstr(code), text));
        });
    }
    [[nodiscard]] Result<void> start_transaction(const TransactionOptions& options) {
        if (rowan::detail::is_plain(options)) [[likely]]
            return run(read_only_ ? begin_ : begin_immediate_);
        if (auto refused = refusal(options)) return Failure(*std::move(refused));
        const Lock lock = options.lock.value_or(read_only_ || options.read_only ? Lock::deferred : Lock::immediate);
        if (Result<void> limited = limits_.set(db_.get(), options); !limited) return limited;
        Result<void> begun = run(lock == Lock::deferred    ? begin_
                                 : lock == Lock::immediate ? begin_immediate_
                                                           : begin_exclusive_);
        if (!begun) limits_.lift(db_.get());
        return begun;
    }
    [[nodiscard]] Result<void> commit_transaction() {
        auto late = limits_.check(db_.get());
        if (!late) [[likely]]
            return run(commit_);
        Error error = std::move(*late).in_statement("COMMIT");
        if (Result<void> undone = roll_back_transaction(); !undone)
            return Failure(std::move(error).followed_by(std::move(undone).error()));
        return Failure(std::move(error));
    }
    [[nodiscard]] Result<void> roll_back_transaction() {
        limits_.stop(db_.get());
        return run(rollback_);
    }
    /// The same limits, for a savepoint that stands for a transaction.
    [[nodiscard]] Result<void> limit_savepoint(const TransactionOptions& options) {
        return limits_.set(db_.get(), options);
    }
    void lift_limits() noexcept { limits_.lift(db_.get()); }
    [[nodiscard]] TransactionState transaction_state() const noexcept {
        return sqlite3_get_autocommit(db_.get()) != 0 ? TransactionState::idle : TransactionState::open;
    }
    [[nodiscard]] Result<std::vector<ResultColumn>> describe(const Statement& statement) {
        // Prepared afresh, as the schema is now.
        const Statement once{statement.text(), statement.parameters(), Statement::Kept::no};
        return Execution{*this, once}.describe();
    }
    [[nodiscard]] Scopes& scopes() noexcept { return scopes_; }

    // What a pool asks for.
    [[nodiscard]] ConnectionState state() const noexcept { return ConnectionState::ready; }
    /// Reads the file's header.
    [[nodiscard]] Result<void> ping(std::chrono::milliseconds) { return run_script("PRAGMA schema_version"); }
    /// There is no such thing here: what pragmas and temporary tables have changed, a new connection undoes.
    [[nodiscard]] Result<void> reset_session() {
        return Failure(Error{Category::not_supported, Code::not_supported,
                             "an SQLite connection cannot forget what was set: open a new one"});
    }
    /// Is it in memory (or a temporary file), and shared with nobody?
    [[nodiscard]] bool is_private() const noexcept { return private_; }

    // What health checks and statistics ask for.
    [[nodiscard]] Result<ServerStatus> status() const {
        return ServerStatus{.version = std::string{"SQLite "} + sqlite3_libversion()};
    }
    [[nodiscard]] Result<StorageStatistics> storage() {
        return detail::storage<StorageStatistics>(static_cast<Self&>(*this));
    }
    [[nodiscard]] Result<std::optional<std::int64_t>> table_bytes(const std::string& table) {
        return detail::table_bytes<std::int64_t>(static_cast<Self&>(*this), table);
    }

    // What ranges ask for, whose statements take rows from a feed.
    [[nodiscard]] rowan::detail::FeedProgram feed_program(const Statement& statement) const noexcept {
        return prepared_.feed_program(statement);
    }
    void remember_feed(const Statement& statement, rowan::detail::FeedProgram program) noexcept {
        prepared_.remember_feed(statement, program);
    }
    [[nodiscard]] Result<rowan::detail::FeedTarget> look_at_target(const TableInfo& table, bool updates) const {
        return sqlite::look_at_target(db_.get(), table, updates);
    }

    [[nodiscard]] PreparedStatements& prepared() noexcept { return prepared_; }
    [[nodiscard]] const TransactionLimits& limits() const noexcept { return limits_; }
    [[nodiscard]] const ObserverSlot& observer_slot() const noexcept { return observer_; }
    [[nodiscard]] TakerSeat& taker_seat() const noexcept { return *seat_; }

protected:
    /// Closes it in the process that opened it: what a child did would be undone or stored for the parent.
    struct Close {
        OpenDatabases::Mark mark;

        void operator()(sqlite3* db) const noexcept {
            if (!mark.is_inherited()) sqlite3_close_v2(db);
        }
    };

    ConnectionOf(sqlite3* db, Close close, bool read_only) : db_{db, std::move(close)}, read_only_{read_only} {}

private:
    static int open_flags(Access access) {
        // One thread at a time uses a connection, so SQLite's own mutexes would only cost time.
        constexpr int common = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI;
        switch (access) {
            case Access::read_only: return common | SQLITE_OPEN_READONLY;
            case Access::read_write: return common | SQLITE_OPEN_READWRITE;
            case Access::create: break;
        }
        return common | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    }

    [[nodiscard]] std::optional<Error> refusal(const TransactionOptions& options) const {
        if (auto refused = rowan::detail::contradiction(options)) return refused;
        if (options.deferrable)
            return Error{Category::not_supported, Code::not_supported,
                         "SQLite has no deferrable transactions: leave that out, as a transaction that is read_only "
                         "cannot fail for others' sake there; nothing was sent"};
        // SQLite would begin without the lock, and say nothing.
        if (read_only_ && options.lock && *options.lock != Lock::deferred)
            return Error{Category::operational, Code::read_only,
                         "this connection was opened read-only, so its transactions can take no write lock: leave out "
                         "lock; nothing was sent"};
        return std::nullopt;
    }

    [[nodiscard]] Result<void> configure(const Options& options) {
        for (const int code : {register_list(db_.get()), register_feed(db_.get()), register_taker(db_.get(), seat_),
                               register_glob(db_.get()), register_range(db_.get())})
            if (code != SQLITE_OK) return Failure(make_error(code, sqlite3_errmsg(db_.get()), {}));
        static constexpr const char* synchronous[] = {"OFF", "NORMAL", "FULL", "EXTRA"};
        std::string script = "PRAGMA foreign_keys = ";
        script += options.foreign_keys ? "ON" : "OFF";
        script += "; PRAGMA synchronous = ";
        script += synchronous[static_cast<std::size_t>(options.synchronous)];
        if (Result<void> done = run_script(script); !done) return done;
        // A read-only connection takes the journal as it is; looking at the schema tells whether this is a database.
        return read_only_ ? run_script("SELECT 1 FROM sqlite_schema LIMIT 1") : set_journal(options);
    }

    /// Another connection that opens the same file makes the change of the journal fail at once, whatever the busy
    /// timeout (the change needs the file for itself), so it is tried again until the time is over.
    [[nodiscard]] Result<void> set_journal(const Options& options) {
        static constexpr const char* names[] = {"wal", "delete", "truncate", "persist", "memory", "off"};
        const std::string_view wanted = names[static_cast<std::size_t>(options.journal)];
        const std::string pragma = "PRAGMA journal_mode = " + std::string{wanted};
        const auto deadline = std::chrono::steady_clock::now() + options.busy_timeout;
        while (true) {
            std::string mode;
            Result<void> set = ask(pragma.c_str(), mode);
            if (set && (mode == wanted || mode == "memory")) return {};
            if (set)
                return Failure(Error{Category::not_supported, Code::not_supported,
                                     "this database cannot use journal_mode " + std::string{wanted} + ", it stays " +
                                         mode + ": choose that in the options"});
            if (set.error().code() != Code::busy || std::chrono::steady_clock::now() >= deadline) return set;
            sqlite3_sleep(2);
        }
    }

    /// The first value of a statement's only row, as text.
    [[nodiscard]] Result<void> ask(const char* text, std::string& answer) {
        const auto take = [](void* target, int, char** values, char**) {
            *static_cast<std::string*>(target) = values[0] != nullptr ? values[0] : "";
            return 0;
        };
        const int code = sqlite3_exec(db_.get(), text, take, &answer, nullptr);
        if (code == SQLITE_OK) return {};
        return Failure(make_error(code, sqlite3_errmsg(db_.get()), text));
    }

    [[nodiscard]] Result<void> run(const Statement& statement) {
        const Result<std::int64_t> ran = Execution{*this, statement}.run();
        if (!ran) return Failure(ran.error());
        return {};
    }

    static inline constinit Statement begin_{"BEGIN", {}};
    static inline constinit Statement begin_immediate_{"BEGIN IMMEDIATE", {}};
    static inline constinit Statement begin_exclusive_{"BEGIN EXCLUSIVE", {}};
    static inline constinit Statement commit_{"COMMIT", {}};
    static inline constinit Statement rollback_{"ROLLBACK", {}};

    // The statements go before the connection that they were prepared on.
    std::unique_ptr<sqlite3, Close> db_;
    /// SQLite's, as long as the connection is open.
    TakerSeat* seat_ = nullptr;
    PreparedStatements prepared_;
    TransactionLimits limits_;
    Scopes scopes_;
    ObserverSlot observer_;
    bool read_only_;
    bool private_ = false;
};

}  // namespace detail

/// A connection to one SQLite database. Used by one thread at a time; it may be moved to another thread, and must
/// not be moved in memory while a repository or transaction works on it.
class Connection : public detail::ConnectionOf<Connection> {
    friend ConnectionOf;
    using ConnectionOf::ConnectionOf;
};

}  // namespace rowan::sqlite
