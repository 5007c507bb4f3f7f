#pragma once

#include <rowan/query/kept_time.hpp>
#include <rowan/reflect/fields.hpp>
#include <rowan/schema/managed.hpp>
#include <rowan/types/managed.hpp>
#include <rowan/types/timestamp.hpp>

/// What goes into the columns that rowan writes by itself.
namespace rowan::detail {

/// The time of a change to T's table: the epoch where its rows have no times.
///
/// The program's clock, not the database's: the row that is given back has the time that was stored without a RETURNING
/// or a second statement, and both databases give microseconds, where SQL's own clock has milliseconds on one of them.
template <class T>
Timestamp time_of_change() {
    if constexpr (has_times<T>)
        return kept_time != nullptr ? kept_time->get() : current_time();
    else
        return {};
}

/// What stands in the column behind a change at `now`, or, for a version that is not inserted, before it.
template <bool inserts>
constexpr Version stamped(Version version, Timestamp) {
    return inserts ? Version{1} : version;
}
template <bool inserts>
constexpr UpdatedAt stamped(UpdatedAt, Timestamp now) {
    return now;
}
template <bool inserts>
constexpr CreatedAt stamped(CreatedAt created, Timestamp now) {
    return inserts && created == CreatedAt{} ? CreatedAt{now} : created;
}

/// Gives a row that was inserted at `now` what was stored with it.
template <class T>
void stamp_inserted([[maybe_unused]] T& entity, [[maybe_unused]] Timestamp now) {
    constexpr ManagedColumns managed = managed_columns<T>;
    const auto stamp = [now](auto& member) { member = stamped<true>(member, now); };
    if constexpr (managed.version != ManagedColumns::none) stamp(reflect::member<managed.version>(entity));
    if constexpr (managed.updated_at != ManagedColumns::none) stamp(reflect::member<managed.updated_at>(entity));
    if constexpr (managed.created_at != ManagedColumns::none) stamp(reflect::member<managed.created_at>(entity));
}

/// The same for a row that was updated.
template <class T>
void stamp_updated([[maybe_unused]] T& entity, [[maybe_unused]] Timestamp now) {
    constexpr ManagedColumns managed = managed_columns<T>;
    if constexpr (has_version<T>) ++reflect::member<managed.version>(entity).value;
    if constexpr (managed.updated_at != ManagedColumns::none) reflect::member<managed.updated_at>(entity) = now;
}

}  // namespace rowan::detail
