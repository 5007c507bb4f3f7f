#pragma once

#include <rowan/postgres/libpq.hpp>

#include <cstddef>
#include <utility>

/// Rows that are taken as they arrive, in libpq's single-row mode, instead of when all of them are there.
namespace rowan::postgres::arriving {

/// From how many rows on. One by one they are twice the work for libpq, which pays where all of them would take memory
/// that the system has yet to give.
inline constexpr std::size_t fewest = 100'000;

/// Asks for the answer to what was just sent row by row.
inline void ask_for_rows(PGconn* connection) { (void)PQsetSingleRowMode(connection); }

/// Is it a row, behind which others may come?
inline bool is_row(const PGresult* result) { return PQresultStatus(result) == PGRES_SINGLE_TUPLE; }

/// What is left of the answer is thrown away. Gives the last that there was, or `result`.
inline OwnedResult skip_rest(PGconn* connection, OwnedResult result = {}) {
    while (OwnedResult next{PQgetResult(connection)}) result = std::move(next);
    return result;
}

}  // namespace rowan::postgres::arriving
