#pragma once

#include <rowan/core/result.hpp>
#include <rowan/core/time.hpp>
#include <rowan/postgres/errors.hpp>
#include <rowan/postgres/libpq.hpp>
#include <rowan/postgres/link.hpp>
#include <rowan/postgres/wait.hpp>

namespace rowan::postgres::detail {

/// Asks the server for nothing, and waits for its answer no longer than that: a machine that went without a word would
/// otherwise be waited for until TCP gives up. After a time-out the connection is in the middle of something.
[[nodiscard]] inline Result<void> ping(Link& link, std::chrono::milliseconds at_most) {
    using Clock = std::chrono::steady_clock;
    PGconn* connection = link.connection.get();
    const auto deadline = Clock::now() + at_most;
    const auto failure = [&](PGresult* result) {
        return Failure(make_error(connection, result, Phase::statement, "(ping)"));
    };
    if (PQsendQuery(connection, "") == 0) return failure(nullptr);
    while (true) {
        if (PQconsumeInput(connection) == 0) return failure(nullptr);
        if (PQisBusy(connection) == 0) break;
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
        if (left.count() <= 0)
            return Failure(Error{Category::operational, Code::disconnect,
                                 "the server did not answer in time when it was asked whether it is there"});
        wait_for(PQsocket(connection), /*reading*/ true, left);
    }
    Result<void> answer{};
    while (const OwnedResult result{PQgetResult(connection)})
        if (answer && PQresultStatus(result.get()) != PGRES_EMPTY_QUERY) answer = failure(result.get());
    return answer;
}

}  // namespace rowan::postgres::detail
