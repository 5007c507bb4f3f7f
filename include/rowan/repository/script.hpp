#pragma once

#include <rowan/core/result.hpp>
#include <rowan/schema/ddl.hpp>
#include <rowan/session/transaction.hpp>

#include <string_view>

namespace rowan::detail {

/// Runs all statements of a script, or none. One function for all tables.
template <class Connection>
Result<void> run_whole(Connection& connection, std::string_view script) {
    return run_in(BasicTransaction<Connection>::open(connection), [&](auto&) { return connection.run_script(script); });
}

template <class T>
struct CreateOne {
    template <class Connection>
    static Result<void> run(void*, Connection& connection) {
        constexpr std::string_view text = text_of<CreateTable<T, Connection::dialect>>;
        return run_whole(connection, text);
    }
};

}  // namespace rowan::detail
