#pragma once

#include <rowan/core/result.hpp>
#include <rowan/query/select.hpp>
#include <rowan/query/statement.hpp>
#include <rowan/repository/query_run.hpp>
#include <rowan/repository/query_values.hpp>
#include <rowan/repository/stream.hpp>
#include <rowan/session/loan.hpp>

#include <memory>
#include <utility>

namespace rowan::detail {

/// Opens the rows of a query that `Read` reads: `use(rows)` gets a pointer to them.
template <class Row, class Shape, class Read, class Db, class Values, class Use>
auto stream(Db& db, const Values& values, Use use) {
    static_assert(!Shape::backwards, "rowan: before(...) gives a page: limit(n).all()");
    return db.hold([&]<class Connection>(Connection& connection, Loan loan) {
        const Statement& statement = query_statement<Shape, Wanted::rows, Db, Connection>();
        auto rows =
            std::make_unique<ConnectionRows<Row, Connection, Read>>(connection, std::move(loan), statement, Read{});
        using Outcome = decltype(use(rows));
        Result<void> filled =
            fill<Wanted::rows, Shape, Connection>(rows->parameters(), values, values.limit, statement);
        if (!filled) return Outcome{Failure(std::move(filled).error())};
        return use(rows);
    });
}

}  // namespace rowan::detail
