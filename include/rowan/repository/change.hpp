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
#include <rowan/repository/one_row.hpp>
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

/// Tells how many rows were updated, at `now`: one, or none. The entity is left as it is.
template <class T, class Connection>
Result<void> run_update(Connection& connection, const T& entity, Timestamp now, std::int64_t& updated) {
    const UpdatedRow<T> row{entity, now};
    return change_with(connection, update_statement<T, Connection>(),
                       &UpdatedRow<T>::template put<typename Connection::Execution>, &row, updated);
}

/// Updates a row; a conflict where it was not as the entity has it.
template <class T, class Connection>
Result<std::optional<RowConflict>> update_row(Connection& connection, const T& entity, Timestamp now, std::size_t index,
                                              Carry carry) {
    return change_row<T>(connection, update_statement<T, Connection>(), RowOfEntity<T>{entity}, index, carry,
                         [&](std::int64_t& updated) { return run_update(connection, entity, now, updated); });
}

template <class T>
struct UpdateOne {
    T* entity;
    Carry carry;

    template <class Connection>
    static Result<void> run(void* context, Connection& connection) {
        [[maybe_unused]] const auto [updated, carry] = *static_cast<const UpdateOne*>(context);
        T& entity = *updated;
        const Timestamp now = time_of_change<T>();
        if constexpr (has_version<T>) {
            Result<std::optional<RowConflict>> conflict = update_row(connection, entity, now, 0, carry);
            if (!conflict) return Failure(std::move(conflict).error());
            if (*conflict)
                return Failure(
                    conflict_error(table_info<T>, **std::move(conflict), update_statement<T, Connection>().text()));
        } else {
            std::int64_t rows = 0;
            if (Result<void> ran = run_update(connection, entity, now, rows); !ran) return ran;
            if (rows == 0) return Failure(missing<T>(RowOfEntity<T>{entity}, update_statement<T, Connection>()));
        }
        stamp_updated(entity, now);
        return {};
    }
};

template <class T, class Connection, class Row>
const Statement& erase_statement() {
    return statement<Erase<T, Connection::dialect, identity<Row::checked>>>;
}

/// Tells how many rows were removed: one, or none.
template <class T, class Connection, class Row>
Result<void> run_erase(Connection& connection, const Row& row, std::int64_t& erased) {
    return change_with(connection, erase_statement<T, Connection, Row>(),
                       &put_identity<Row, typename Connection::Execution>, &row, erased);
}

/// Removes a row; a conflict where it was not as expected.
template <class T, class Connection, class Row>
Result<std::optional<RowConflict>> erase_row(Connection& connection, const Row& row, std::size_t index, Carry carry) {
    return change_row<T>(connection, erase_statement<T, Connection, Row>(), row, index, carry,
                         [&](std::int64_t& erased) { return run_erase<T>(connection, row, erased); });
}

/// Did it remove the row? Where the row is gone already, that is no conflict.
template <class T, class Row>
struct EraseOne {
    const Row& row;
    Carry carry;
    std::int64_t erased = 0;

    template <class Connection>
    static Result<void> run(void* context, Connection& connection) {
        auto& [row, carry, erased] = *static_cast<EraseOne*>(context);
        if constexpr (Row::checked) {
            Result<std::optional<RowConflict>> conflict = erase_row<T>(connection, row, 0, carry);
            if (!conflict) return Failure(std::move(conflict).error());
            erased = *conflict ? 0 : 1;
            if (!*conflict || (*conflict)->what != RowConflict::What::modified) return {};
            return Failure(
                conflict_error(table_info<T>, **std::move(conflict), erase_statement<T, Connection, Row>().text()));
        } else {
            return run_erase<T>(connection, row, erased);
        }
    }
};

}  // namespace rowan::detail
