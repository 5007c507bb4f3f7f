#pragma once

#include <rowan/core/result.hpp>
#include <rowan/query/select.hpp>
#include <rowan/query/statement.hpp>
#include <rowan/repository/query_run.hpp>
#include <rowan/repository/query_values.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace rowan::detail {

/// How the database would run a query whose rows `Read` reads, a step a line.
template <class Shape, class Read, class Db, class Values>
Result<std::string> explain(Db& db, const Values& values) {
    return db.lend([&]<class Connection>(Connection& connection) -> Result<std::string> {
        const Statement& sent =
            sent_by<Read, Shape, Connection>(query_statement<Shape, Wanted::rows, Db, Connection>());
        const std::string text = std::string{Connection::dialect.explain}.append(sent.text());
        const Statement statement{text, sent.parameters(), Statement::Kept::no};
        typename Connection::Execution execution{connection, statement};
        Result<void> filled = fill<Wanted::rows, Shape, Connection>(execution, values, values.limit, statement);
        if (!filled) return Failure(std::move(filled).error());
        std::string plan;
        while (true) {
            const Result<bool> row = execution.next();
            if (!row) return Failure(row.error());
            if (!*row) return plan;
            std::string_view step;
            // The step stands in the last column.
            (void)execution.cell(execution.columns() - 1).get(step);
            plan.append(step).append("\n");
        }
    });
}

}  // namespace rowan::detail
