#pragma once

#include <rowan/core/result.hpp>
#include <rowan/core/row_conflict.hpp>
#include <rowan/query/conflict_error.hpp>
#include <rowan/query/row.hpp>
#include <rowan/query/select.hpp>
#include <rowan/query/statement.hpp>
#include <rowan/repository/one_row.hpp>
#include <rowan/repository/row_identity.hpp>
#include <rowan/repository/rows.hpp>
#include <rowan/schema/managed.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <tuple>
#include <utility>

namespace rowan {

/// Asks for the rows as they are now, where they are not as expected: `update(entity, carry_current)`, then
/// `carried_row<T>(error)` or `error.conflicts()[i].current<T>()`.
enum class Carry : bool { nothing, current };
inline constexpr Carry carry_current = Carry::current;

namespace detail {

/// The row is not there, and nothing says that it ever was.
template <class T, class Row>
[[gnu::cold]] RowConflict missing_row(const Row& row, std::size_t index = 0) {
    RowConflict conflict;
    conflict.what = RowConflict::What::missing;
    conflict.index = index;
    conflict.key = key_text<T>(row);
    return conflict;
}

/// A row that was not as expected; `current` is the row as it is, if it is there.
template <class T, class Row>
[[gnu::cold]] RowConflict conflict_of(const Row& row, std::optional<T> current, std::size_t index, Carry carry) {
    RowConflict conflict = missing_row<T>(row, index);
    conflict.expected = row.version();
    if (!current) {
        if (conflict.expected >= 1) conflict.what = RowConflict::What::deleted;
        return conflict;
    }
    conflict.what = RowConflict::What::modified;
    conflict.found = version_of(*current);
    if (carry == Carry::current) conflict.carry(*std::move(current));
    return conflict;
}

/// The database gives the row as it was expected, yet changes none.
[[gnu::cold]] inline Error left_unchanged(const TableInfo& table, const Statement& statement) {
    ErrorDetails details{.category = Category::internal, .code = Code::internal_error};
    details.table = table.name;
    details.message = details.table +
                      ": the row is as expected, but the database did not change it: does a trigger, rule "
                      "or policy keep it from that?";
    details.statement = statement.text();
    return Error{std::move(details)};
}

/// How often a change is sent again whose row is there when it is asked for, but was not found by the change: it may
/// have come in between.
inline constexpr int tries = 3;

/// No row has the key that was asked for.
template <class T, class Row>
[[gnu::cold]] Error missing(const Row& row, const Statement& statement) {
    return conflict_error(table_info<T>, missing_row<T>(row), statement.text());
}

/// Fills `current` with the row that has the key of `row`. Is there such a row?
template <class T, class Connection, class Row>
Result<bool> read_current(Connection& connection, const Row& row, T& current) {
    using Execution = typename Connection::Execution;
    FoundRow work{&row, &current, false};
    Result<void> read = read_by_key<T>(connection, &put_key_of<Row, Execution>, work);
    if (!read) return Failure(std::move(read).error());
    return work.found;
}

/// Calls `change(changed)`, which tells how many rows it changed. Nothing where that was the row; else why it was not.
template <class T, class Connection, class Row, class Change>
Result<std::optional<RowConflict>> change_row(Connection& connection, const Statement& statement, const Row& row,
                                              std::size_t index, Carry carry, Change change) {
    for (int i = 0; i != tries; ++i) {
        std::int64_t changed = 0;
        if (Result<void> ran = change(changed); !ran) return Failure(std::move(ran).error());
        if (changed != 0) return std::optional<RowConflict>{};
        if constexpr (!Row::checked) {
            return missing_row<T>(row, index);
        } else {
            std::optional<T> current{std::in_place};
            Result<bool> there = read_current(connection, row, *current);
            if (!there) return Failure(std::move(there).error());
            if (!*there) current.reset();
            RowConflict conflict = conflict_of(row, std::move(current), index, carry);
            if (conflict.what != RowConflict::What::modified || conflict.found != conflict.expected) return conflict;
        }
    }
    return Failure(left_unchanged(table_info<T>, statement));
}

}  // namespace detail
}  // namespace rowan
