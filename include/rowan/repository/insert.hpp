#pragma once

#include <rowan/core/result.hpp>
#include <rowan/query/insert.hpp>
#include <rowan/query/row.hpp>
#include <rowan/query/stamp.hpp>
#include <rowan/query/statement.hpp>
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

/// Takes the key that the database has made.
template <class T>
Fault take_key(T& entity, std::int64_t made) {
    if constexpr (has_generated_key<T>) {
        using Member = std::remove_reference_t<decltype(generated_key(entity))>;
        if (!std::in_range<Member>(made)) return Fault::out_of_range;
        generated_key(entity) = static_cast<Member>(made);
    }
    return Fault::none;
}

/// Inserts one row; a key that the database makes is written to `entity`.
template <class T, class Connection>
Result<void> insert_one(Connection& connection, T& entity) {
    constexpr const Dialect& dialect = Connection::dialect;
    const Timestamp now = time_of_change<T>();
    const bool generate = wants_key(entity);
    const Statement& statement = insert_statement<T, dialect>(generate);
    typename Connection::Execution execution{connection, statement};
    constexpr bool can_leave_key_out = inserted_columns<T, dialect, true> == Columns::all_but_generated;
    const Pass pass = generate && can_leave_key_out ? Pass::insert_without_key : Pass::insert;
    if (const ValueFault found = write_in_order(execution, entity, pass, now)) return write_failure(found, statement);
    Result<std::int64_t> ran = generate ? execution.run_insert() : execution.run();
    if (!ran) return Failure(std::move(ran).error());
    if (generate)
        if (const Fault fault = take_key(entity, *ran); fault != Fault::none)
            return read_failure({fault, place_of<T>(table<T>.key_columns()[0])}, statement);
    stamp_inserted(entity, now);
    return {};
}

}  // namespace rowan::detail
