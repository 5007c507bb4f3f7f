#pragma once

#include <rowan/core/result.hpp>
#include <rowan/query/row.hpp>
#include <rowan/query/stamp.hpp>
#include <rowan/query/statement.hpp>
#include <rowan/query/upsert.hpp>
#include <rowan/repository/insert.hpp>
#include <rowan/repository/rows.hpp>
#include <rowan/session/upserted.hpp>
#include <rowan/types/timestamp.hpp>

#include <cstdint>
#include <type_traits>

namespace rowan::detail {

/// The integer key that comes with a row, or 0.
template <class T>
std::int64_t integer_key(const T& entity) {
    if constexpr (key_size<T> == 1) {
        const auto& key = reflect::member<table<T>.key_columns()[0]>(entity);
        if constexpr (Integer<std::remove_cvref_t<decltype(key)>>) return static_cast<std::int64_t>(key);
    }
    return 0;
}

template <bool generate, class Policy, class T, class Connection>
Result<Upserted> upsert_row(Connection& connection, const T& entity, const Policy& policy, Timestamp now) {
    using Text = Upsert<T, Connection::dialect, generate, Policy>;
    const Statement& statement = detail::statement<Text>;
    typename Connection::Execution execution{connection, statement};
    if (const ValueFault found = write_entity<T, Text::columns>(execution, entity, now))
        return write_failure(found, statement);
    if (const ValueFault found =
            put_values(typename Conflict<T, Policy>::Parameters{}, execution, policy.action.values))
        return write_failure(found, statement);
    return execution.run_upsert(integer_key(entity));
}

template <class T, class Connection, class Policy>
Result<Upserted> upsert_one(Connection& connection, const T& entity, const Policy& policy,
                            Timestamp now = time_of_change<T>()) {
    if constexpr (has_generated_key<T>)
        if (wants_key(entity)) return upsert_row<true>(connection, entity, policy, now);
    return upsert_row<false>(connection, entity, policy, now);
}

}  // namespace rowan::detail
