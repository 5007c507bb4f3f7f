#pragma once

#include <rowan/core/result.hpp>
#include <rowan/query/columns.hpp>
#include <rowan/query/erase.hpp>
#include <rowan/query/patch.hpp>
#include <rowan/query/row.hpp>
#include <rowan/query/stamp.hpp>
#include <rowan/query/statement.hpp>
#include <rowan/query/update.hpp>
#include <rowan/repository/conflict.hpp>
#include <rowan/repository/row_identity.hpp>
#include <rowan/repository/rows.hpp>
#include <rowan/types/timestamp.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

/// Changes of one row, by its key and, where it is checked, its version.
namespace rowan::detail {

template <class T, class Connection>
const Statement& update_statement() {
    return statement<Update<T, Connection::dialect>>;
}

/// How many rows were updated, at `now`: one, or none. The entity is left as it is.
template <class T, class Connection>
Result<std::int64_t> run_update(Connection& connection, const T& entity, Timestamp now) {
    const Statement& statement = update_statement<T, Connection>();
    typename Connection::Execution execution{connection, statement};
    if (const ValueFault found = write_entity<T, Columns::written_then_key_and_version>(execution, entity, now))
        return write_failure(found, statement);
    return execution.run();
}

/// Updates a row; a conflict where it was not as the entity has it.
template <class T, class Connection>
Result<std::optional<RowConflict>> update_row(Connection& connection, const T& entity, Timestamp now, std::size_t index,
                                              Carry carry) {
    return change_row<T>(connection, update_statement<T, Connection>(), RowOfEntity<T>{entity}, index, carry,
                         [&] { return run_update(connection, entity, now); });
}

template <class T, class Connection>
Result<void> update_one(Connection& connection, T& entity, [[maybe_unused]] Carry carry) {
    const Timestamp now = time_of_change<T>();
    if constexpr (has_version<T>) {
        Result<std::optional<RowConflict>> conflict = update_row(connection, entity, now, 0, carry);
        if (!conflict) return Failure(std::move(conflict).error());
        if (*conflict)
            return Failure(
                conflict_error(table_info<T>, **std::move(conflict), update_statement<T, Connection>().text()));
    } else {
        Result<std::int64_t> updated = run_update(connection, entity, now);
        if (!updated) return Failure(std::move(updated).error());
        if (*updated == 0) return Failure(missing<T>(RowOfEntity<T>{entity}, update_statement<T, Connection>()));
    }
    stamp_updated(entity, now);
    return {};
}

template <class T, class Connection, class Row>
const Statement& erase_statement() {
    return statement<Erase<T, Connection::dialect, identity<Row::checked>>>;
}

/// How many rows were removed: one, or none.
template <class T, class Connection, class Row>
Result<std::int64_t> run_erase(Connection& connection, const Row& row) {
    const Statement& statement = erase_statement<T, Connection, Row>();
    typename Connection::Execution execution{connection, statement};
    if (const ValueFault found = row.put(execution)) return write_failure(found, statement);
    return execution.run();
}

/// Removes a row; a conflict where it was not as expected.
template <class T, class Connection, class Row>
Result<std::optional<RowConflict>> erase_row(Connection& connection, const Row& row, std::size_t index, Carry carry) {
    return change_row<T>(connection, erase_statement<T, Connection, Row>(), row, index, carry,
                         [&] { return run_erase<T>(connection, row); });
}

/// Did it remove the row? Where the row is gone already, that is no conflict.
template <class T, class Connection, class Row>
Result<bool> erase_one(Connection& connection, const Row& row, Carry carry) {
    if constexpr (Row::checked) {
        Result<std::optional<RowConflict>> conflict = erase_row<T>(connection, row, 0, carry);
        if (!conflict) return Failure(std::move(conflict).error());
        if (!*conflict) return true;
        if ((*conflict)->what != RowConflict::What::modified) return false;
        return Failure(
            conflict_error(table_info<T>, **std::move(conflict), erase_statement<T, Connection, Row>().text()));
    } else {
        Result<std::int64_t> erased = run_erase<T>(connection, row);
        if (!erased) return Failure(std::move(erased).error());
        return *erased != 0;
    }
}

}  // namespace rowan::detail
