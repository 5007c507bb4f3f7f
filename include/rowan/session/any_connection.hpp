#pragma once

#include <rowan/backends.hpp>
#include <rowan/core/result.hpp>
#include <rowan/core/time.hpp>
#include <rowan/session/borrowed.hpp>
#include <rowan/session/connection_state.hpp>
#include <rowan/session/observer.hpp>
#include <rowan/session/scopes.hpp>
#include <rowan/session/server_status.hpp>
#include <rowan/session/task.hpp>
#include <rowan/session/transaction.hpp>
#include <rowan/session/transaction_options.hpp>
#if ROWAN_HAS_SQLITE
#include <rowan/sqlite/connection.hpp>
#include <rowan/sqlite/url.hpp>
#endif
#if ROWAN_HAS_POSTGRES
#include <rowan/postgres/connection.hpp>
#endif

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace rowan {

class AnyConnection;

template <>
inline constexpr bool chooses_at_run_time<AnyConnection> = true;

namespace detail {

/// A connection that is one of several, and does what all of them do. A template, as a program then compiles only those
/// of its functions that it calls.
template <class Self, class... Connections>
class OneOf : public Session<Self> {
public:
    /// Is this one of those that it can be?
    template <class Connection>
    static constexpr bool holds = (std::is_same_v<std::remove_reference_t<Connection>, Connections> || ...);

    /// A connection that is there already.
    template <class Connection>
        requires holds<Connection>
    explicit OneOf(Connection&& connection) {
        std::get<std::optional<Connection>>(connections_).emplace(std::forward<Connection>(connection));
    }

    /// Itself, unless the handle of another scope must be used now.
    [[nodiscard]] Borrowed<Self> borrow(ScopeId scope = outermost) {
        return {static_cast<Self&>(*this), visit([&](auto& connection) { return connection.refusal(scope); })};
    }

    [[nodiscard]] Self* ready(ScopeId scope = outermost) noexcept {
        const bool is_ready = visit([&](auto& connection) { return connection.ready(scope) != nullptr; });
        return is_ready ? static_cast<Self*>(this) : nullptr;
    }

    /// A transaction that is rolled back unless it is committed.
    [[nodiscard]] Result<BasicTransaction<Self>> begin(const TransactionOptions& options = {}) {
        if (auto refused = scopes().refusal(outermost, transaction_state())) return Failure(*std::move(refused));
        return BasicTransaction<Self>::open(static_cast<Self&>(*this), options);
    }

    /// Calls `fn(connection)` with the connection of its own type, whether or not it should be used now.
    template <std::size_t last = sizeof...(Connections) - 1, class Fn>
    decltype(auto) visit(Fn&& fn) {
        if constexpr (last != 0) {
            if (auto& connection = std::get<last>(connections_)) return fn(*connection);
            return this->template visit<last - 1>(fn);
        } else {
            return fn(*std::get<0>(connections_));
        }
    }

    template <class Work>
    [[gnu::always_inline]] static Task<Connections...> task(void* context) {
        return {{&Work::template run<Connections>}..., context};
    }

    /// Tells `observer` of every statement from now on, instead of the one before; null tells nobody.
    void observe(std::shared_ptr<Observer> observer) {
        visit([&](auto& connection) { connection.observe(std::move(observer)); });
    }
    [[nodiscard]] const std::shared_ptr<Observer>& observer() {
        return visit([](auto& connection) -> const std::shared_ptr<Observer>& { return connection.observer(); });
    }

    /// Unique among the connections of the process, whatever their databases.
    [[nodiscard]] std::uint64_t number() {
        return visit([](auto& connection) { return connection.number(); });
    }

    /// The connection if it is of this type, or null.
    template <class Connection>
    [[nodiscard]] Connection* get_if() noexcept {
        auto& connection = std::get<std::optional<Connection>>(connections_);
        return connection ? &*connection : nullptr;
    }

    // What BasicTransaction asks for.
    [[nodiscard]] Result<void> run_script(std::string_view text) {
        return visit([&](auto& connection) { return connection.run_script(text); });
    }
    [[nodiscard]] Result<void> start_transaction(const TransactionOptions& options) {
        return visit([&](auto& connection) { return connection.start_transaction(options); });
    }
    [[nodiscard]] Result<void> limit_savepoint(const TransactionOptions& options) {
        return visit([&](auto& connection) { return connection.limit_savepoint(options); });
    }
    void lift_limits() noexcept {
        visit([](auto& connection) { connection.lift_limits(); });
    }
    [[nodiscard]] Result<void> commit_transaction() {
        return visit([](auto& connection) { return connection.commit_transaction(); });
    }
    [[nodiscard]] Result<void> roll_back_transaction() {
        return visit([](auto& connection) { return connection.roll_back_transaction(); });
    }
    [[nodiscard]] TransactionState transaction_state() {
        return visit([](auto& connection) { return connection.transaction_state(); });
    }
    [[nodiscard]] Scopes& scopes() {
        return visit([](auto& connection) -> Scopes& { return connection.scopes(); });
    }

    // What a pool asks for.
    [[nodiscard]] ConnectionState state() {
        return visit([](auto& connection) { return connection.state(); });
    }
    [[nodiscard]] Result<void> ping(std::chrono::milliseconds at_most) {
        return visit([&](auto& connection) { return connection.ping(at_most); });
    }
    [[nodiscard]] Result<void> reset_session() {
        return visit([](auto& connection) { return connection.reset_session(); });
    }
    [[nodiscard]] bool is_private() {
        return visit([](auto& connection) { return connection.is_private(); });
    }

    // What health checks and statistics ask for.
    [[nodiscard]] Result<ServerStatus> status() {
        return visit([](auto& connection) { return connection.status(); });
    }
    [[nodiscard]] Result<StorageStatistics> storage() {
        return visit([](auto& connection) { return connection.storage(); });
    }

private:
    /// One of them. (A std::variant would be smaller by the others, and costs more to compile.)
    std::tuple<std::optional<Connections>...> connections_;
};

using OneOfBackends = OneOf<AnyConnection
#if ROWAN_HAS_SQLITE
                            ,
                            sqlite::Connection
#endif
#if ROWAN_HAS_POSTGRES
                            ,
                            postgres::Connection
#endif
                            >;

}  // namespace detail

/// One connection to the database that a URL names, chosen when the program runs. Which one it is, is asked once
/// per operation, never per column. Used by one thread at a time; it may be moved to another thread, and must not
/// be moved in memory while a repository or transaction works on it.
class AnyConnection : public detail::OneOfBackends {
public:
    using detail::OneOfBackends::OneOf;

    /// Opens what `url` names: see rowan::open. Waits for a server no longer than `at_most`.
    template <class Any = AnyConnection>
    [[nodiscard]] static Result<Any> open(std::string_view url,
                                          std::chrono::milliseconds at_most = std::chrono::milliseconds::max()) {
        const auto starts = [&](std::string_view scheme) { return url.substr(0, scheme.size()) == scheme; };
        if (starts("sqlite:")) return open_sqlite<Any>(url.substr(7));
        if (starts("postgresql://") || starts("postgres://")) return open_postgres<Any>(url, at_most);
        return Failure(
            Error{Category::programming, Code::invalid_url, "a database URL starts with sqlite: or postgresql://"});
    }

private:
    template <class Any>
    [[nodiscard]] static Result<Any> open_sqlite([[maybe_unused]] std::string_view location) {
#if ROWAN_HAS_SQLITE
        Result<sqlite::Location> place = sqlite::parse_url(location);
        if (!place) return Failure(std::move(place).error());
        Result<sqlite::Connection> opened = sqlite::Connection::open(std::move(place->path), place->options);
        if (!opened) return Failure(std::move(opened).error());
        return Any{*std::move(opened)};
#else
        return Failure(Error{Category::not_supported, Code::not_supported,
                             "this program was built without SQLite: sqlite3.h was not found, or was switched off"});
#endif
    }

    template <class Any>
    [[nodiscard]] static Result<Any> open_postgres([[maybe_unused]] std::string_view url,
                                                   [[maybe_unused]] std::chrono::milliseconds at_most) {
#if ROWAN_HAS_POSTGRES
        Result<postgres::Connection> opened = postgres::Connection::open(std::string{url}, at_most);
        if (!opened) return Failure(std::move(opened).error());
        return Any{*std::move(opened)};
#else
        return Failure(
            Error{Category::not_supported, Code::not_supported,
                  "this program was built without PostgreSQL: libpq-fe.h was not found, or was switched off"});
#endif
    }
};

}  // namespace rowan
