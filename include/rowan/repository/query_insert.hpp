#pragma once

#include <rowan/core/result.hpp>
#include <rowan/query/insert_from.hpp>
#include <rowan/query/select.hpp>
#include <rowan/query/statement.hpp>
#include <rowan/repository/query_values.hpp>

#include <cstdint>
#include <utility>

namespace rowan::detail {

/// Stores a row of T's table for each row of a query, whose projection is AssignedItems, and gives their number.
template <class T, class Shape, class Db, class Values>
Result<std::int64_t> insert_rows(Db& db, const Values& values) {
    return db.lend([&]<class Connection>(Connection& connection) -> Result<std::int64_t> {
        const Statement& statement = detail::statement<InsertFrom<T, Connection::dialect, Shape>>;
        typename Connection::Execution execution{connection, statement};
        Result<void> filled = fill<Wanted::rows, Shape, Connection>(execution, values, values.limit, statement);
        if (!filled) return Failure(std::move(filled).error());
        return execution.run();
    });
}

}  // namespace rowan::detail
