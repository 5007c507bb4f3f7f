#pragma once

#include <rowan/postgres/libpq.hpp>
#include <rowan/postgres/literals.hpp>
#include <rowan/postgres/parameters.hpp>
#include <rowan/query/statement.hpp>

#include <cstddef>
#include <string>
#include <utility>

/// Rows that are taken as they arrive, by COPY, instead of when all of them are there as a result.
namespace rowan::postgres::arriving {

/// From how many rows on. COPY takes half of the client's work, but the statement is planned anew for it.
inline constexpr std::size_t fewest = 100'000;

/// What is left of the answer is thrown away. Gives the last that there was, or `result`.
inline OwnedResult skip_rest(PGconn* connection, OwnedResult result = {}) {
    while (OwnedResult next{PQgetResult(connection)}) {
        result = std::move(next);
        if (PQresultStatus(result.get()) != PGRES_COPY_OUT) continue;
        // Its rows are no results, and it is told of again until they are read.
        char* row = nullptr;
        int size = 0;
        while ((size = PQgetCopyData(connection, &row, /*async*/ 0)) > 0) PQfreemem(row);
        if (size != -1 && PQstatus(connection) == CONNECTION_OK) break;
    }
    return result;
}

/// Sends a SELECT with its parameters by COPY. The result has no rows but their types, and they come as CopyOut reads
/// them: the connection is busy until then. Otherwise it is an error, or null where the statement cannot be written so.
[[gnu::cold, nodiscard]] inline OwnedResult start(PGconn* connection, const Statement& statement,
                                                  const Parameters& parameters) {
    using Writer = Literals<std::string>;
    const Writer writer{connection, statement, parameters};
    // COPY does not tell the types. Both statements are one transaction, so that the tables stay as they are in
    // between. Lists do without their values: they are compared with and no more, and may be long.
    std::string text = "SELECT * FROM (";
    if (!writer.append_to(text, Writer::Lists::null)) return nullptr;
    text += ") AS rowan_rows LIMIT 0; COPY (";
    if (!writer.append_to(text, Writer::Lists::as_they_are)) return nullptr;
    text += ") TO STDOUT (FORMAT binary)";
    // What an earlier user of the connection has left.
    (void)skip_rest(connection);
    if (PQsendQuery(connection, text.c_str()) == 0)
        return OwnedResult{PQmakeEmptyPGresult(connection, PGRES_FATAL_ERROR)};
    OwnedResult types{PQgetResult(connection)};
    if (PQresultStatus(types.get()) != PGRES_TUPLES_OK) return skip_rest(connection, std::move(types));
    OwnedResult begun{PQgetResult(connection)};
    if (PQresultStatus(begun.get()) == PGRES_COPY_OUT) return types;
    return skip_rest(connection, std::move(begun));
}

}  // namespace rowan::postgres::arriving
