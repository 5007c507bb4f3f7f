#pragma once

#include <rowan/core/range.hpp>
#include <rowan/core/result.hpp>
#include <rowan/query/change_arrays.hpp>
#include <rowan/query/conflict_error.hpp>
#include <rowan/query/row.hpp>
#include <rowan/query/stamp.hpp>
#include <rowan/query/statement.hpp>
#include <rowan/repository/change.hpp>
#include <rowan/repository/conflict.hpp>
#include <rowan/repository/row_identity.hpp>
#include <rowan/repository/rows.hpp>
#include <rowan/session/transaction.hpp>
#include <rowan/types/timestamp.hpp>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

/// Changes of many rows, each by its key and, where it has one, its version: all or nothing. Where parameters may be
/// arrays, all rows go in few statements first. Should those not find every row, or break a constraint, which may hang
/// on the order of the rows, they are undone, and the rows go one by one: then each one that was not as expected is
/// named.
namespace rowan::detail {

/// How many rows there were, if each was found.
template <class T, class Text, class Connection, class Range>
Result<std::optional<std::size_t>> change_by_arrays(Connection& connection, Range& range, Timestamp now) {
    const Statement& statement = detail::statement<Text>;
    using Outcome = Result<std::optional<std::size_t>>;
    Outcome outcome = run_in(BasicTransaction<Connection>::open(connection), [&](auto& tx) -> Outcome {
        typename Connection::ArrayExecution execution{connection, statement, statement.parameters().size()};
        std::size_t wanted = 0;
        std::size_t changed = 0;
        const auto send = [&]() -> Result<void> {
            const Result<std::int64_t> ran = execution.run();
            if (!ran) return Failure(ran.error());
            changed += static_cast<std::size_t>(*ran);
            return {};
        };
        for (const T& entity : range) {
            if (const ValueFault found = write_entity<T, Text::columns>(execution, entity, now))
                return write_failure(found, statement);
            ++wanted;
            if (!execution.is_full()) continue;
            if (Result<void> sent = send(); !sent) return Failure(std::move(sent).error());
            if (changed != wanted) break;
        }
        if (!execution.is_empty())
            if (Result<void> sent = send(); !sent) return Failure(std::move(sent).error());
        if (changed == wanted) return wanted;
        if (Result<void> undone = tx.rollback(); !undone) return Failure(std::move(undone).error());
        return std::optional<std::size_t>{};
    });
    if (!outcome && outcome.error().category() == Category::integrity) return std::optional<std::size_t>{};
    return outcome;
}

/// Calls `change(entity, index)` for every item of a range in one transaction. A conflict does not end it, so that the
/// error names every row that was not as expected. What `matters` says is no conflict is left out.
template <class T, class Connection, class Range, class Change, class Matters>
Result<void> change_one_by_one(Connection& connection, Range& range, const Statement& statement, Change change,
                               Matters matters) {
    return run_in(BasicTransaction<Connection>::open(connection), [&](auto&) -> Result<void> {
        std::vector<RowConflict> conflicts;
        std::size_t index = 0;
        for (const T& entity : range) {
            Result<std::optional<RowConflict>> conflict = change(entity, index++);
            if (!conflict) return Failure(std::move(conflict).error());
            if (*conflict && matters(**conflict)) conflicts.push_back(**std::move(conflict));
        }
        if (conflicts.empty()) return {};
        return Failure(conflict_error(table_info<T>, std::move(conflicts), true, statement.text()));
    });
}

/// The items of a range as a vector.
template <class T, class Range>
std::vector<T> collect(Range&& range) {
    if constexpr (std::is_same_v<Range, std::vector<T>>) {
        return std::forward<Range>(range);
    } else {
        std::vector<T> items;
        if constexpr (requires { range.size(); }) items.reserve(static_cast<std::size_t>(range.size()));
        for (auto&& item : range) items.push_back(std::forward<decltype(item)>(item));
        return items;
    }
}

/// Gives the rows as they are stored, in the order of the range.
template <class T, class Connection, class Range>
Result<std::vector<T>> update_range(Connection& connection, Range&& range, Carry carry) {
    const Timestamp now = time_of_change<T>();
    std::vector<T> entities = collect<T>(std::forward<Range>(range));
    bool done = entities.empty();
    if constexpr (Connection::dialect.array_parameters) {
        if (entities.size() > 1) {
            using Text = UpdateArrays<T, Connection::dialect>;
            const auto changed = change_by_arrays<T, Text>(connection, entities, now);
            if (!changed) return Failure(changed.error());
            done = changed->has_value();
        }
    }
    if (!done) {
        Result<void> changed = change_one_by_one<T>(
            connection, entities, update_statement<T, Connection>(),
            [&](const T& entity, std::size_t index) { return update_row(connection, entity, now, index, carry); },
            [](const RowConflict&) { return true; });
        if (!changed) return Failure(std::move(changed).error());
    }
    for (T& entity : entities) stamp_updated(entity, now);
    return entities;
}

/// Gives how many rows were removed. Those that are gone already are none of them, and no conflict.
template <class T, class Connection, class Range>
Result<std::size_t> erase_range(Connection& connection, Range& range, [[maybe_unused]] Carry carry) {
    if constexpr (Connection::dialect.array_parameters) {
        if constexpr (!std::forward_iterator<range_access::Begin<Range>>) {
            // It may have to be read twice.
            std::vector<T> entities = collect<T>(range);
            return erase_range<T>(connection, entities, carry);
        } else {
            const auto erased =
                change_by_arrays<T, EraseArrays<T, Connection::dialect>>(connection, range, Timestamp{});
            if (!erased) return Failure(erased.error());
            if (*erased) return **erased;
        }
    }
    std::size_t erased = 0;
    Result<void> done = change_one_by_one<T>(
        connection, range, erase_statement<T, Connection, RowOfEntity<T>>(),
        [&](const T& entity, std::size_t index) -> Result<std::optional<RowConflict>> {
            const RowOfEntity<T> row{entity};
            if constexpr (has_version<T>) {
                Result<std::optional<RowConflict>> conflict = erase_row<T>(connection, row, index, carry);
                if (conflict && !*conflict) ++erased;
                return conflict;
            } else {
                std::int64_t rows = 0;
                if (Result<void> ran = run_erase<T>(connection, row, rows); !ran)
                    return Failure(std::move(ran).error());
                erased += static_cast<std::size_t>(rows);
                return std::optional<RowConflict>{};
            }
        },
        [](const RowConflict& conflict) { return conflict.what == RowConflict::What::modified; });
    if (!done) return Failure(std::move(done).error());
    return erased;
}

}  // namespace rowan::detail
