#pragma once

#include <rowan/core/result.hpp>
#include <rowan/query/assignment.hpp>
#include <rowan/query/erase.hpp>
#include <rowan/query/row.hpp>
#include <rowan/query/statement.hpp>
#include <rowan/query/update.hpp>
#include <rowan/repository/rows.hpp>

#include <cstdint>
#include <optional>
#include <tuple>
#include <utility>

namespace rowan::detail {

/// No row has the key that was asked for.
template <class T>
Error not_found(const Statement& statement) {
    ErrorDetails details{.category = Category::state, .code = Code::not_found};
    details.table = table_info<T>.name;
    details.message = details.table + " has no row with this key";
    details.statement = statement.text();
    return Error{std::move(details)};
}

template <class T, class Connection>
Result<T> update_one(Connection& connection, T entity) {
    const Statement& statement = detail::statement<Update<T, Connection::dialect>>;
    typename Connection::Execution execution{connection, statement};
    if (const ValueFault found = write_entity<T, Columns::all_but_key_then_key>(execution, entity))
        return write_failure(found, statement);
    const Result<std::int64_t> changed = execution.run();
    if (!changed) return Failure(changed.error());
    if (*changed == 0) return Failure(not_found<T>(statement));
    return entity;
}

template <class T, class Connection, class... Assignments>
Result<T> patch_one(Connection& connection, const Key<T>& key, const Assignments&... assignments) {
    static_assert(sizeof...(Assignments) != 0, "rowan: a patch needs something to set: patch(key, set<&T::m> = value)");
    using Text = UpdateWhere<T, Connection::dialect, HasKey<T>, true, typename Assignments::Shape...>;
    const Statement& statement = detail::statement<Text>;
    typename Connection::Execution execution{connection, statement};
    if (const ValueFault found =
            put_values(typename Text::SetParameters{}, execution, std::tuple_cat(as_references(assignments.values)...)))
        return write_failure(found, statement);
    if (const ValueFault found = write_key<T>(execution, key)) return write_failure(found, statement);
    Result<std::optional<T>> row = read_row<T>(execution, statement, ReadEntity{});
    if (!row) return Failure(std::move(row).error());
    if (!*row) return Failure(not_found<T>(statement));
    return std::move(**row);
}

/// `write` puts the key into the statement.
template <class T, class Connection, class Write>
Result<bool> erase_one(Connection& connection, Write write) {
    const Statement& statement = detail::statement<Erase<T, Connection::dialect>>;
    typename Connection::Execution execution{connection, statement};
    if (const ValueFault found = write(execution)) return write_failure(found, statement);
    const Result<std::int64_t> changed = execution.run();
    if (!changed) return Failure(changed.error());
    return *changed != 0;
}

}  // namespace rowan::detail
