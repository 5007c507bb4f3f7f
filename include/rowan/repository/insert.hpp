#pragma once

#include <rowan/core/result.hpp>
#include <rowan/query/insert.hpp>
#include <rowan/query/row.hpp>
#include <rowan/query/stamp.hpp>
#include <rowan/query/statement.hpp>
#include <rowan/repository/one_row.hpp>
#include <rowan/repository/rows.hpp>
#include <rowan/types/timestamp.hpp>

#include <cstdint>
#include <type_traits>
#include <utility>

namespace rowan::detail {

/// Is the database to make this row's key?
template <class T>
bool wants_key(const T& entity) {
    if constexpr (has_generated_key<T>)
        return generated_key(entity) == 0;
    else
        return false;
}

/// The INSERT of a row. `generate`: the database makes its key.
template <class T, const Dialect& dialect>
const Statement& insert_statement([[maybe_unused]] bool generate) {
    if constexpr (has_generated_key<T>)
        if (generate) return statement<Insert<T, dialect, true>>;
    return statement<Insert<T, dialect, false>>;
}

/// Inserts one row.
template <class T>
struct InsertOne {
    template <class Connection>
    static Result<void> run(void* context, Connection& connection) {
        constexpr bool can_leave_key_out = inserted_columns<T, Connection::dialect, true> == Columns::all_but_generated;
        auto& work = *static_cast<InsertedRow*>(context);
        if constexpr (has_times<T>) work.row.now = time_of_change<T>();
        work.row.pass = work.makes_key && can_leave_key_out ? Pass::insert_without_key : Pass::insert;
        const Statement& statement = insert_statement<T, Connection::dialect>(work.makes_key);
        if constexpr (!has_generated_key<T> || std::is_same_v<KeyMember<T>, std::int64_t>) {
            return insert_with(connection, statement, &put_row<T, typename Connection::Execution>, work);
        } else {
            Result<void> ran = insert_with(connection, statement, &put_row<T, typename Connection::Execution>, work);
            if (ran && work.makes_key && !std::in_range<KeyMember<T>>(work.made))
                return read_failure({Fault::out_of_range, place_of<T>(table_info<T>.key[0])}, statement);
            return ran;
        }
    }
};

/// The same; gives the entity what was stored with it.
template <class Db, class T>
void insert_row(Db& db, Result<T>& stored) {
    T& entity = *stored;
    InsertedRow work{{&entity, Pass::insert, Timestamp{}}, false, 0};
    if constexpr (has_generated_key<T>) {
        // The function that is there for const ones serves as well.
        auto& key = const_cast<KeyMember<T>&>(generated_key(static_cast<const T&>(entity)));
        work.makes_key = key == 0;
        settle(db.template perform<InsertOne<T>>(&work), stored);
        if (!stored) return;
        if (work.makes_key) key = static_cast<KeyMember<T>>(work.made);
    } else {
        settle(db.template perform<InsertOne<T>>(&work), stored);
        if (!stored) return;
    }
    if constexpr (has_managed<T>) stamp_inserted(entity, work.row.now);
}

}  // namespace rowan::detail
