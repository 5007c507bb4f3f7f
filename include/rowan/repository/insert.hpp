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

template <class T>
using KeyMember = reflect::Field<T, table<T>.key_columns()[0]>;

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

/// Takes the key that the database has made.
template <class T>
Fault take_key(T& entity, std::int64_t made) {
    if constexpr (has_generated_key<T>) {
        // The same function as the one that looks at the key.
        auto& key = const_cast<KeyMember<T>&>(generated_key(std::as_const(entity)));
        if (!std::in_range<KeyMember<T>>(made)) return Fault::out_of_range;
        key = static_cast<KeyMember<T>>(made);
    }
    return Fault::none;
}

/// Inserts one row; a key that the database makes is written to the entity.
template <class T>
struct InsertOne {
    template <class Connection>
    static Result<void> run(void* context, Connection& connection) {
        constexpr const Dialect& dialect = Connection::dialect;
        constexpr bool can_leave_key_out = inserted_columns<T, dialect, true> == Columns::all_but_generated;
        T& entity = *static_cast<T*>(context);
        const Timestamp now = time_of_change<T>();
        const bool generate = wants_key(entity);
        const Pass pass = generate && can_leave_key_out ? Pass::insert_without_key : Pass::insert;
        const Statement& statement = insert_statement<T, dialect>(generate);
        const InsertedRow<T> row{entity, pass, now};
        std::int64_t made = 0;
        Result<void> ran =
            insert_with(connection, statement, &InsertedRow<T>::template put<typename Connection::Execution>, &row,
                        generate ? &made : nullptr);
        if (!ran) return ran;
        if (generate)
            if (const Fault fault = take_key(entity, made); fault != Fault::none)
                return read_failure({fault, place_of<T>(table<T>.key_columns()[0])}, statement);
        stamp_inserted(entity, now);
        return ran;
    }
};

}  // namespace rowan::detail
