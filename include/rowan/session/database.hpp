#pragma once

#include <rowan/core/result.hpp>
#include <rowan/session/any_connection.hpp>
#include <rowan/session/pool.hpp>
#include <rowan/session/pool_settings.hpp>
#include <rowan/session/scopes.hpp>
#include <rowan/session/transaction.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace rowan {

/// Connections to the database that a URL names, chosen when the program runs.
using Pool = BasicPool<AnyConnection>;

/// The database that a URL names, chosen when the program runs: a pool of connections to it. May be used by several
/// threads at once, and moved while nobody uses it and no transaction or repository works on it.
class Database : public Pool {
public:
    explicit Database(Pool pool) : Pool{std::move(pool)} {}

    /// A connection that is there already. It stays the only one, and is not replaced when it breaks.
    template <class Connection>
        requires AnyConnection::holds<Connection>
    explicit Database(Connection&& connection)
        : Pool{std::make_unique<detail::ConnectorOf<AnyConnection, NoFurther>>(NoFurther{}),
               PoolSettings{.size = 1, .max_overflow = 0}, AnyConnection{std::forward<Connection>(connection)}} {}

private:
    struct NoFurther {
        Result<AnyConnection> operator()(std::chrono::milliseconds) const {
            return Failure(Error{Category::operational, Code::disconnect,
                                 "the connection that this database was made of is gone, and there is no URL to open "
                                 "another: nothing was sent"});
        }
    };
};

template <>
inline constexpr bool chooses_at_run_time<Pool> = true;
template <>
inline constexpr bool chooses_at_run_time<Database> = true;

using Transaction = BasicTransaction<AnyConnection>;

/// Opens the database that `url` names:
///
///     sqlite:market.db, sqlite::memory:, sqlite:///var/lib/market.db?synchronous=full   (see sqlite::parse_url)
///     postgresql://user:password@host:5432/database, postgres://…                        (see
///     postgres::Connection::open)
///
/// Reserved characters in a part are percent-encoded. The first connection is opened at once, further ones as threads
/// need them. Fails with Code::invalid_url, or as the connection does; no error repeats a password.
[[nodiscard]] inline Result<Database> open(std::string_view url, const PoolSettings& settings = {}) {
    Result<Pool> pool = Pool::open(std::string{url}, settings);
    if (!pool) return Failure(std::move(pool).error());
    return Database{*std::move(pool)};
}

}  // namespace rowan
