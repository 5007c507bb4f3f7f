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
[[gnu::always_inline]] inline const Statement& update_statement() {
    return statement<Update<T, Connection::dialect>>;
}

template <class T, class Sink>
ValueFault put_updated(Sink& sink, const void* what) {
    const PassedRow& row = *static_cast<const PassedRow*>(what);
    return write_entity<T, Columns::written_then_key_and_version>(sink, *static_cast<const T*>(row.entity), row.now);
}

/// Tells how many rows were updated, at `now`: one, or none. The entity is left as it is.
template <class T, class Connection>
Result<void> run_update(Connection& connection, const T& entity, Timestamp now, std::int64_t& updated) {
    const PassedRow row{&entity, Pass::change, now};
    return change_with(connection, update_statement<T, Connection>(), &put_updated<T, typename Connection::Execution>,
                       &row, updated);
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

/// The same where rowan adds nothing to what the entity has.
template <class T>
struct UpdatePlain {
    template <class Connection>
    static Result<void> run(void* context, Connection& connection) {
        return update_with(connection, update_statement<T, Connection>(), &put_row<T, typename Connection::Execution>,
                           *static_cast<UpdatedRow*>(context), &put_simple_key<KeyMember<T>, KeyText>);
    }
};

template <class Db, class T>
Result<void> update_entity(Db& db, T& entity, [[maybe_unused]] Carry carry) {
    if constexpr (has_simple_key<T> && !has_version<T> && managed_columns<T>.updated_at == ManagedColumns::none) {
        const auto& key = reflect::member<first_of_key<T>>(static_cast<const T&>(entity));
        UpdatedRow work{{&entity, Pass::change_by_key, Timestamp{}}, {&key, &table_info<T>}};
        return db.template perform<UpdatePlain<T>>(&work);
    } else {
        UpdateOne<T> work{&entity, carry};
        return db.template perform<UpdateOne<T>>(&work);
    }
}

template <class T, class Connection, class Row>
[[gnu::always_inline]] inline const Statement& erase_statement() {
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

/// Removes a row by a simple key.
template <class T>
struct EraseByKey {
    template <class Connection>
    static Result<void> run(void* context, Connection& connection) {
        ErasedRow& work = *static_cast<ErasedRow*>(context);
        return change_with(connection, erase_statement<T, Connection, RowByKey<T>>(),
                           &put_simple_key<Key<T>, typename Connection::Execution>, &work.key, work.erased);
    }
};

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
