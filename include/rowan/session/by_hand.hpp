#pragma once

#include <rowan/core/result.hpp>
#include <rowan/core/sql.hpp>
#include <rowan/core/text.hpp>
#include <rowan/core/unsafe_sql.hpp>
#include <rowan/query/by_hand.hpp>
#include <rowan/query/statement.hpp>
#include <rowan/session/room.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

/// Runs SQL that a person wrote, on a connection.
namespace rowan::detail {

/// Are there as many arguments as the literal has placeholders? Text of the run time is counted at run time.
template <class Sql, std::size_t arguments>
struct ArgumentCount {
    static constexpr bool fits = std::is_same_v<Sql, unsafe_sql>;
    static_assert(fits, "rowan: SQL is given as sql<\"...\">, or as unsafe_sql{text} where it is made at run time");
};
template <FixedString sql, std::size_t arguments>
struct ArgumentCount<SqlLiteral<sql>, arguments> {
    static constexpr bool fits = placeholders_in<sql>() == arguments;
    static_assert(fits,
                  "rowan: the statement has another number of placeholders ($1, $2, ...) than arguments are given");
};

template <class Sql, std::size_t arguments>
constexpr void require_arguments() {
    (void)ArgumentCount<Sql, arguments>::fits;
}

/// Calls `use(connection, statement)` with the statement that a literal is there.
template <class... Arguments, FixedString sql, class Connection, class Use>
auto with_statement(SqlLiteral<sql>, Connection& connection, Use use) {
    return use(connection, statement<HandText<sql, Connection::dialect, Argument<Arguments>::form()...>>);
}

/// Text that was made at run time is prepared for this time only.
template <class... Arguments, class Connection, class Use>
auto with_statement(unsafe_sql sql, Connection& connection, Use use) {
    std::string text(sql.text.size(), '\0');
    TextWriter writer{text.data()};
    const std::size_t highest = write_placeholders(writer, sql.text, Connection::dialect.parameter_mark);
    const Statement once{text, argument_forms<Arguments...>, Statement::Kept::no};
    using Outcome = decltype(use(connection, once));
    // The databases' clients would take it for the end, and leave the rest out silently.
    if (sql.text.find('\0') != std::string_view::npos)
        return Outcome{
            Failure(Error{Category::programming, Code::syntax_error, "SQL cannot contain a NUL: nothing was sent"})};
    if (highest != sizeof...(Arguments))
        return Outcome{Failure(Error{Category::programming, Code::misuse,
                                     "the statement has another number of placeholders ($1, $2, …) than arguments are "
                                     "given: nothing was sent"}
                                   .in_statement(sql.text))};
    return use(connection, once);
}

template <class Row, class Connection, class Sql, class... Arguments>
Result<std::vector<Row>> query_by_hand(Connection& connection, Sql sql, const Arguments&... arguments) {
    return with_statement<Arguments...>(
        sql, connection, [&](Connection& used, const Statement& statement) -> Result<std::vector<Row>> {
            typename Connection::Execution execution{used, statement};
            if (auto failed = write_arguments(execution, statement.text(), arguments...))
                return Failure(*std::move(failed));
            RowByName<Row> reader;
            std::vector<Row> rows;
            for (bool first = true;; first = false) {
                Result<bool> found = execution.next();
                if (!found) return Failure(std::move(found).error());
                if (first)
                    if (auto failed = reader.bind(execution))
                        return Failure((*std::move(failed)).in_statement(statement.text()));
                if (!*found) break;
                if (first) make_room_for_rest(rows, execution);
                // Not in its place, as a std::vector<bool> has none.
                Row row{};
                if (auto failed = reader.read(execution, row, statement.text())) return Failure(*std::move(failed));
                rows.push_back(std::move(row));
            }
            give_room_back(rows, execution);
            return rows;
        });
}

template <class Connection, class Sql, class... Arguments>
Result<std::int64_t> execute_by_hand(Connection& connection, Sql sql, const Arguments&... arguments) {
    return with_statement<Arguments...>(
        sql, connection, [&](Connection& used, const Statement& statement) -> Result<std::int64_t> {
            typename Connection::Execution execution{used, statement};
            if (auto failed = write_arguments(execution, statement.text(), arguments...))
                return Failure(*std::move(failed));
            return execution.run();
        });
}

}  // namespace rowan::detail
