#pragma once

#include <rowan/core/result.hpp>
#include <rowan/query/conflict_error.hpp>
#include <rowan/query/stamp.hpp>
#include <rowan/query/statement.hpp>
#include <rowan/repository/change.hpp>
#include <rowan/repository/conflict.hpp>
#include <rowan/repository/row_identity.hpp>
#include <rowan/session/transaction.hpp>
#include <rowan/types/timestamp.hpp>

#include <cstddef>
#include <iterator>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

/// Changes of many rows, each by its key and, where it has one, its version: all or nothing.
namespace rowan::detail {

/// Calls `change(entity, index)` for every item of a range in one transaction. A conflict does not end it, so that the
/// error names every row that was not as expected. What `keep` says is no conflict is left out.
template <class T, class Connection, class Range, class Change, class Keep>
Result<void> change_range(Connection& connection, Range& range, const Statement& statement, Change change, Keep keep) {
    return run_in(BasicTransaction<Connection>::open(connection), [&](auto&) -> Result<void> {
        std::vector<RowConflict> conflicts;
        std::size_t index = 0;
        for (auto&& entity : range) {
            Result<std::optional<RowConflict>> conflict = change(entity, index++);
            if (!conflict) return Failure(std::move(conflict).error());
            if (*conflict && keep(**conflict)) conflicts.push_back(**std::move(conflict));
        }
        if (conflicts.empty()) return {};
        return Failure(conflict_error(table_info<T>, std::move(conflicts), true, statement.text()));
    });
}

/// Gives the rows as they are stored, in the order of the range.
template <class T, class Connection, class Range>
Result<std::vector<T>> update_range(Connection& connection, Range&& range, Carry carry) {
    const Timestamp now = time_of_change<T>();
    std::vector<T> entities;
    if constexpr (std::is_same_v<Range, std::vector<T>>)
        entities = std::forward<Range>(range);
    else
        for (auto&& entity : range) entities.push_back(std::forward<decltype(entity)>(entity));
    Result<void> done = change_range<T>(
        connection, entities, update_statement<T, Connection>(),
        [&](const T& entity, std::size_t index) { return update_row(connection, entity, now, index, carry); },
        [](const RowConflict&) { return true; });
    if (!done) return Failure(std::move(done).error());
    for (T& entity : entities) stamp_updated(entity, now);
    return entities;
}

/// Gives how many rows were removed. Those that are gone already are none of them, and no conflict.
template <class T, class Connection, class Range>
Result<std::size_t> erase_range(Connection& connection, Range&& range, Carry carry) {
    std::size_t erased = 0;
    Result<void> done = change_range<T>(
        connection, range, erase_statement<T, Connection, RowOfEntity<T>>(),
        [&](const T& entity, std::size_t index) {
            auto conflict = erase_row<T>(connection, RowOfEntity<T>{entity}, index, carry);
            if (conflict && !*conflict) ++erased;
            return conflict;
        },
        [](const RowConflict& conflict) { return conflict.what == RowConflict::What::modified; });
    if (!done) return Failure(std::move(done).error());
    return erased;
}

}  // namespace rowan::detail
