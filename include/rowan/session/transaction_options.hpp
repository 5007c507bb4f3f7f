#pragma once

#include <rowan/core/error.hpp>
#include <rowan/core/time.hpp>

#include <cstdint>
#include <optional>

namespace rowan {

/// What a transaction may see of others that run at the same time.
enum class Isolation : std::uint8_t {
    read_committed,   ///< each statement sees what was committed before it began
    repeatable_read,  ///< all statements see what was committed before the first one
    serializable,     ///< and the outcome is that of some order, one after the other
};

/// When a transaction locks a database that has one writer at a time.
enum class Lock : std::uint8_t {
    deferred,   ///< with its first write: it may find out then that another writer was faster
    immediate,  ///< at once, against other writers
    exclusive,  ///< at once, against readers as well, where there is no write-ahead log
};

/// What a transaction is begun with: `db.transaction({.isolation = rowan::Isolation::serializable}, fn)`. What is not
/// said is left to the database. What it cannot do is Code::not_supported, what contradicts itself Code::misuse, and
/// nothing is sent then. A savepoint has no options: inside a transaction they are Code::misuse.
struct TransactionOptions {
    /// At least this much. SQLite always gives `serializable`.
    std::optional<Isolation> isolation{};

    /// A write is Code::read_only. (PostgreSQL: READ ONLY. SQLite: query_only until the transaction ends, and no write
    /// lock.)
    bool read_only = false;

    /// Waits for a moment from which on no serialization failure can come. Needs `read_only` and
    /// Isolation::serializable. PostgreSQL only.
    bool deferrable = false;

    /// The time for the whole transaction, from BEGIN to COMMIT, on a steady clock; 0 for no limit. A statement is
    /// stopped when it is over (on PostgreSQL up to a tenth of it later), another one or COMMIT is not sent: each is
    /// Code::timeout, and all is rolled back. PostgreSQL ends the connection of a program that keeps the transaction
    /// for a second longer than this without a statement. Costs a round trip more at BEGIN there, and ten at most
    /// until COMMIT; on SQLite it takes the place of progress and busy handlers of the program's own.
    std::chrono::milliseconds timeout{0};

    /// SQLite only, where `immediate` is the default, and `deferred` with `read_only`.
    std::optional<Lock> lock{};

    /// Code::misuse where a transaction is open already, instead of a savepoint in it.
    bool outermost = false;

    friend bool operator==(const TransactionOptions&, const TransactionOptions&) = default;
};

namespace detail {

/// Does the database get to hear of none of them?
[[nodiscard]] inline bool is_plain(const TransactionOptions& options) noexcept {
    return !options.isolation && !options.read_only && !options.deferrable && options.timeout.count() == 0 &&
           !options.lock;
}

/// What no database could make sense of.
[[nodiscard]] inline std::optional<Error> contradiction(const TransactionOptions& options) {
    const auto misuse = [](const char* message) { return Error{Category::programming, Code::misuse, message}; };
    if (options.timeout.count() < 0)
        return misuse("a transaction's timeout cannot be negative, and 0 is none: nothing was sent");
    if (options.deferrable && !(options.read_only && options.isolation == Isolation::serializable))
        return misuse(
            "deferrable means something only with read_only = true and isolation = Isolation::serializable: nothing "
            "was sent");
    if (options.read_only && options.lock && *options.lock != Lock::deferred)
        return misuse("a transaction that is read_only takes no write lock: leave out lock; nothing was sent");
    return std::nullopt;
}

/// Are there limits to lift when it is over?
[[nodiscard]] inline bool has_limits(const TransactionOptions& options) noexcept {
    return options.read_only || options.timeout.count() != 0;
}

[[nodiscard]] inline Error options_of_savepoint() {
    return {Category::programming, Code::misuse,
            "a transaction is open here already: a savepoint in it has no options and is not run again, so give them "
            "to the outermost transaction; nothing was sent"};
}

}  // namespace detail
}  // namespace rowan
