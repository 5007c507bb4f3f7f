#pragma once

#include <rowan/core/result.hpp>
#include <rowan/postgres/errors.hpp>
#include <rowan/postgres/libpq.hpp>
#include <rowan/postgres/link.hpp>
#include <rowan/query/statement.hpp>
#include <rowan/session/result_column.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rowan::postgres {

namespace detail {

/// `'{1,2}'`, of what `number(column)` gives.
template <class Number>
std::string literal_array(int columns, Number number) {
    std::string text = "'{";
    for (int i = 0; i != columns; ++i) text.append(i == 0 ? "" : ",").append(std::to_string(number(i)));
    return text.append("}'");
}

/// A question for the types' names, and for which columns are tables' and take no NULL.
inline std::string question_about(const PGresult* described) {
    const int columns = PQnfields(described);
    return "SELECT CASE WHEN c.type = 'varchar'::regtype AND c.modifier = -1 THEN 'text' ELSE format_type(c.type, "
           "NULL) "
           "END, CASE WHEN k.relkind IN ('r', 'p') THEN a.attnotnull END FROM unnest(" +
           literal_array(columns, [&](int i) { return PQftype(described, i); }) + "::oid[], " +
           literal_array(columns, [&](int i) { return PQfmod(described, i); }) + "::integer[], " +
           literal_array(columns, [&](int i) { return PQftable(described, i); }) + "::oid[], " +
           literal_array(columns, [&](int i) { return PQftablecol(described, i); }) +
           "::integer[]) WITH ORDINALITY AS c(type, modifier, relation, number, place) LEFT JOIN pg_catalog.pg_class k "
           "ON k.oid = c.relation LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.relation AND a.attnum = "
           "c.number ORDER BY c.place";
}

/// Over one and the same connection to the server.
[[nodiscard]] inline Result<std::vector<ResultColumn>> describe_here(Link& link, const Statement& statement) {
    PGconn* connection = link.connection.get();
    const auto fail = [&](const OwnedResult& result) {
        return Failure(make_error(connection, result.get(), Phase::statement, statement.text()));
    };
    const std::vector<Oid>& types = link.prepared.types_of(statement);
    const OwnedResult prepared{
        PQprepare(connection, "", statement.text().data(), static_cast<int>(types.size()), types.data())};
    if (PQresultStatus(prepared.get()) != PGRES_COMMAND_OK) return fail(prepared);
    const OwnedResult described{PQdescribePrepared(connection, "")};
    if (PQresultStatus(described.get()) != PGRES_COMMAND_OK) return fail(described);
    std::vector<ResultColumn> columns;
    if (PQnfields(described.get()) == 0) return columns;
    const Result<OwnedResult> answer = run_text(link, question_about(described.get()).c_str(), Phase::statement);
    if (!answer) return Failure(answer.error());
    for (int i = 0; i != PQnfields(described.get()); ++i) {
        ResultColumn& column = columns.emplace_back();
        column.name = PQfname(described.get(), i);
        column.type = PQgetvalue(answer->get(), i, 0);
        if (PQgetisnull(answer->get(), i, 1) == 0)
            column.nullability = *PQgetvalue(answer->get(), i, 1) == 't' ? Nullability::never : Nullability::maybe;
    }
    return columns;
}

}  // namespace detail

/// The columns that a statement would give, without running it: three round trips, and nothing stays prepared.
[[nodiscard]] inline Result<std::vector<ResultColumn>> describe(Link& link, const Statement& statement) {
    if (auto refused = refusal_to_send(link)) return Failure(*std::move(refused));
    // A pooler may change servers between two round trips, but not in a transaction.
    if (link.prepares || PQtransactionStatus(link.connection.get()) != PQTRANS_IDLE)
        return detail::describe_here(link, statement);
    if (Result<OwnedResult> begun = run_text(link, "BEGIN", Phase::statement); !begun)
        return Failure(std::move(begun).error());
    Result<std::vector<ResultColumn>> columns = detail::describe_here(link, statement);
    Result<OwnedResult> ended = run_text(link, "ROLLBACK", Phase::statement);
    if (columns && !ended) return Failure(std::move(ended).error());
    return columns;
}

}  // namespace rowan::postgres
