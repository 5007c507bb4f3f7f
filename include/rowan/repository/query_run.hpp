#pragma once

#include <rowan/core/result.hpp>
#include <rowan/query/select.hpp>
#include <rowan/query/statement.hpp>
#include <rowan/query/take.hpp>
#include <rowan/repository/query_values.hpp>
#include <rowan/session/scopes.hpp>

#include <cstdint>

/// How a query is run. What only its text and values tell from another one, a function for each kind of connection, is
/// kept apart from all that leads there, which is made once for each kind of result.
namespace rowan::detail {

/// One call of a query. Whoever made it knows the types.
struct QueryCall {
    const void* values;
    std::int64_t limit;
    /// Takes what comes.
    void* target;
};

template <class Shape, Wanted wanted, class Db, class Connection>
[[gnu::always_inline]] inline const Statement& query_statement() {
    static_assert(Shape::lock == RowLock::none || Connection::dialect.row_locks || chooses_at_run_time<Db>,
                  "rowan: this database has no row locks, so for_update cannot be said: a transaction that writes "
                  "has locked the whole database already");
    return statement<QueryText<Shape, Connection::dialect, wanted>>;
}

template <class Read, class Execution>
inline constexpr bool takes_its_rows = false;
template <class Read, class Execution>
    requires requires { requires Read::template takes<Execution>; }
inline constexpr bool takes_its_rows<Read, Execution> = true;

/// What is sent to read the rows of a query whose plain text is that of `plain`.
template <class Read, class Used, class Connection>
[[gnu::always_inline]] inline const Statement& sent_by([[maybe_unused]] const Statement& plain) {
    if constexpr (takes_its_rows<Read, typename Connection::Execution>)
        return statement<TakeText<Used, Connection::dialect>>;
    else
        return plain;
}

/// A query with the shape `Used`, whose rows `Read` reads.
template <class Used, Wanted wanted, class Values, class Read, class Db>
struct QueryRun {
    template <class Connection>
    static Result<void> run(void* context, Connection& connection) {
        const QueryCall& call = *static_cast<const QueryCall*>(context);
        const Values& values = *static_cast<const Values*>(call.values);
        const Statement& statement = query_statement<Used, wanted, Db, Connection>();
        auto execution = begin(connection, statement);
        if (Result<void> filled = fill<wanted, Used, Connection>(execution, values, call.limit, statement); !filled)
            return filled;
        return Read::read(execution, statement, call.target);
    }

private:
    /// Of the statement, or of one that hands its rows over.
    template <class Connection>
    [[gnu::always_inline]] static auto begin(Connection& connection, const Statement& shown) {
        using Execution = typename Connection::Execution;
        if constexpr (takes_its_rows<Read, Execution>)
            return Execution{connection, sent_by<Read, Used, Connection>(shown), shown};
        else
            return Execution{connection, shown};
    }
};

}  // namespace rowan::detail
