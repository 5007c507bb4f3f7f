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

/// Inserts one row; a key that the database makes is written to `entity`.
template <bool generate, class T, class Connection>
Result<void> insert_row(Connection& connection, T& entity, Timestamp now) {
    using Text = Insert<T, Connection::dialect, generate>;
    const Statement& statement = detail::statement<Text>;
    typename Connection::Execution execution{connection, statement};
    if (const ValueFault found = write_entity<T, Text::columns>(execution, entity, now))
        return write_failure(found, statement);
    if constexpr (generate) {
        Result<std::int64_t> made = execution.run_insert();
        if (!made) return Failure(std::move(made).error());
        using Member = std::remove_reference_t<decltype(generated_key(entity))>;
        if (!std::in_range<Member>(*made))
            return read_failure({Fault::out_of_range, place_of<T>(table<T>.key_columns()[0])}, statement);
        generated_key(entity) = static_cast<Member>(*made);
    } else {
        if (const Result<std::int64_t> ran = execution.run(); !ran) return Failure(ran.error());
    }
    return {};
}

template <class T, class Connection>
Result<void> insert_one(Connection& connection, T& entity) {
    const Timestamp now = time_of_change<T>();
    Result<void> done = [&] {
        if constexpr (has_generated_key<T>)
            if (wants_key(entity)) return insert_row<true>(connection, entity, now);
        return insert_row<false>(connection, entity, now);
    }();
    if (done) stamp_inserted(entity, now);
    return done;
}

}  // namespace rowan::detail
