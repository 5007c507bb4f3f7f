#pragma once

#include <rowan/query/columns.hpp>
#include <rowan/query/fault_error.hpp>
#include <rowan/query/stamp.hpp>
#include <rowan/reflect/fields.hpp>
#include <rowan/schema/codec.hpp>
#include <rowan/schema/key.hpp>
#include <rowan/schema/managed.hpp>
#include <rowan/types/timestamp.hpp>

#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>

/// Whole structs to parameters, and rows to structs.
namespace rowan::detail {

template <class T>
inline constexpr bool has_generated_key = table<T>.has_generated_key();

template <class T>
constexpr auto& generated_key(T& entity) {
    return std::get<table<std::remove_const_t<T>>.key_columns()[0]>(reflect::tie(entity));
}

template <class T>
constexpr Place place_of(std::size_t column) {
    return {&table_info<T>, column};
}

/// Puts the columns of a set into `sink`, and stops at the first that cannot be written. A generated key of 0
/// goes in as NULL. Columns that rowan writes get what belongs there at the time `now`.
template <class T, Columns set, class Sink>
ValueFault write_entity(Sink& sink, const T& entity, [[maybe_unused]] Timestamp now) {
    constexpr auto& columns = column_list<T, set>;
    [[maybe_unused]] constexpr bool inserts = set == Columns::all || set == Columns::all_but_generated;
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
        ValueFault found;
        [[maybe_unused]] const auto fields = reflect::tie(entity);
        [[maybe_unused]] const auto put = [&]<std::size_t Column>(const auto& field) {
            if constexpr (has_generated_key<T> && set == Columns::all && Column == table<T>.key_columns()[0])
                found.fault = field == 0 ? sink.put_null() : Codec<T, Column>::write(sink, field);
            else if constexpr (managed_columns<T>.has(Column))
                found.fault = Codec<T, Column>::write(sink, stamped<inserts>(field, now));
            else
                found.fault = Codec<T, Column>::write(sink, field);
            if (found.fault == Fault::none) return true;
            found.place = place_of<T>(Column);
            return false;
        };
        (void)(put.template operator()<columns[I]>(std::get<columns[I]>(fields)) && ...);
        return found;
    }(std::make_index_sequence<columns.size()>{});
}

/// The row that the entity stands for, as it was: its key, and its version where it has one.
template <class T, Columns set = Columns::key, class Sink>
ValueFault write_identity(Sink& sink, const T& entity) {
    static_assert(set == Columns::key || set == Columns::key_and_version);
    return write_entity<T, set>(sink, entity, Timestamp{});
}

template <class T, std::size_t Column, class Sink, class Value>
Fault write_passed(Sink& sink, const Value& value) {
    if constexpr (std::is_same_v<Value, reflect::Field<T, Column>>)
        return Codec<T, Column>::write(sink, value);
    else
        return Type<Value>::write(sink, value);
}

template <class T, class Sink>
ValueFault write_key(Sink& sink, const Key<T>& key) {
    constexpr auto columns = table<T>.key_columns();
    if constexpr (columns.size() == 1) {
        return {write_passed<T, columns[0]>(sink, key), place_of<T>(columns[0])};
    } else {
        return [&]<std::size_t... I>(std::index_sequence<I...>) {
            ValueFault found;
            (void)((found.place = place_of<T>(columns[I]),
                    found.fault = write_passed<T, columns[I]>(sink, std::get<I>(key)), found.fault == Fault::none) &&
                   ...);
            return found;
        }(std::make_index_sequence<columns.size()>{});
    }
}

/// Fills `entity` from a row that has all of its columns in order, from `first` on.
template <class T, class Row>
ValueFault read_entity(const Row& row, T& entity, std::size_t first = 0) {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
        ValueFault found;
        auto fields = reflect::tie(entity);
        (void)((found.fault = Codec<T, I>::read(row.cell(static_cast<int>(first + I)), std::get<I>(fields)),
                found.fault == Fault::none || (found.place = place_of<T>(I), false)) &&
               ...);
        return found;
    }(std::make_index_sequence<reflect::field_count<T>>{});
}

}  // namespace rowan::detail
