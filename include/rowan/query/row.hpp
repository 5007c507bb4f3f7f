#pragma once

#include <rowan/core/inline.hpp>
#include <rowan/query/columns.hpp>
#include <rowan/query/fault_error.hpp>
#include <rowan/query/stamp.hpp>
#include <rowan/reflect/fields.hpp>
#include <rowan/schema/codec.hpp>
#include <rowan/schema/key.hpp>
#include <rowan/schema/managed.hpp>
#include <rowan/types/integer.hpp>
#include <rowan/types/timestamp.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <type_traits>
#include <utility>

/// Whole structs to parameters, and rows to structs.
namespace rowan::detail {

template <class T>
inline constexpr bool has_generated_key = table<T>.has_generated_key();

/// The first column of the key; of the table, where it has no key.
template <class T>
inline constexpr std::uint16_t first_of_key = table<T>.key_columns().empty() ? 0 : table<T>.key_columns()[0];

template <class T>
using KeyMember = reflect::Field<T, first_of_key<T>>;

template <class T>
constexpr auto& generated_key(T& entity) {
    return reflect::member<first_of_key<std::remove_const_t<T>>>(entity);
}

template <class T>
constexpr Place place_of(std::size_t column) {
    return {&table_info<T>, column};
}

template <class T>
inline constexpr auto in_key = [] {
    std::array<bool, reflect::field_count<T>> in{};
    for (const std::uint16_t column : table<T>.key_columns()) in[column] = true;
    return in;
}();

template <class Value>
constexpr bool is_zero(const Value& value) {
    if constexpr (Integer<Value>)
        return value == 0;
    else
        return false;
}

template <class Value>
constexpr decltype(auto) inserted_as(const Value& value, [[maybe_unused]] Timestamp now) {
    if constexpr (is_managed<Value>)
        return stamped<true>(value, now);
    else
        return (value);
}

/// Is the key one value of a type that is stored the same way wherever it is?
template <class T>
inline constexpr bool has_simple_key = [] {
    if constexpr (table<T>.key_columns().size() == 1)
        return !std::is_enum_v<KeyMember<T>>;
    else
        return false;
}();

/// Which members are put in their order: all, with the key or without one that the database makes, or those only that
/// the program changes, alone or with a key that is simple behind them.
enum class Pass : std::uint8_t { insert, insert_without_key, change, change_by_key };

/// Its function is part of the caller's, so that each member is written from its place in the struct.
template <class T, class Sink>
struct MemberWriter {
    Sink& sink;
    Pass pass;
    Timestamp now;

    template <class... Members>
    ROWAN_ALWAYS_INLINE ValueFault operator()(const Members&... members) const {
        return write(std::index_sequence_for<Members...>{}, members...);
    }

private:
    template <std::size_t... I, class... Members>
    ROWAN_ALWAYS_INLINE ValueFault write(std::index_sequence<I...>, const Members&... members) const {
        // Else it is looked for at each member.
        Sink& to = sink;
        constexpr bool generated = has_generated_key<T>;
        [[maybe_unused]] const bool changes = pass == Pass::change || pass == Pass::change_by_key;
        [[maybe_unused]] const bool skips_key = changes || (pass == Pass::insert_without_key && generated);
        Fault fault{};
        std::size_t column{};
        (void)((fault = (in_key<T>[I] && skips_key) || (is_managed<Members> && changes) ? Fault::none
                        : in_key<T>[I] && generated && is_zero(members)
                            ? to.put_null()
                            : CodecOf<T, I, Members>::write(to, inserted_as(members, now)),
                fault == Fault::none || (column = I, false)) &&
               ...);
        if constexpr (has_simple_key<T>)
            if (pass == Pass::change_by_key && fault == Fault::none) {
                column = first_of_key<T>;
                const auto& key = reflect::detail::Pick<first_of_key<T>>{}(members...);
                fault = Type<std::remove_cvref_t<decltype(key)>>::write(to, key);
            }
        return {fault, place_of<T>(column)};
    }
};

/// Puts parameters from `what`: a struct, or what names a row.
template <class Sink>
using Put = ValueFault (*)(Sink& sink, const void* what);

/// Fills `entity` from a row.
template <class Row>
using Get = ValueFault (*)(const Row& row, void* entity);

/// A struct that goes into a statement at the time `now`.
struct PassedRow {
    const void* entity;
    Pass pass;
    Timestamp now;
};

/// The same for every statement, so that the compiler makes it once for each struct and each kind of sink.
template <class T, class Sink>
ValueFault put_row(Sink& sink, const void* what) {
    const PassedRow& row = *static_cast<const PassedRow*>(what);
    return reflect::with_members(*static_cast<const T*>(row.entity), MemberWriter<T, Sink>{sink, row.pass, row.now});
}

template <class T, class Sink>
ValueFault write_in_order(Sink& sink, const T& entity, Pass pass, Timestamp now) {
    const PassedRow row{&entity, pass, now};
    return put_row<T>(sink, &row);
}

/// Columns that rowan writes get what belongs there at the time `now`.
template <class T, std::size_t column, class Sink>
ValueFault write_changed(Sink& sink, const T& entity, [[maybe_unused]] Timestamp now) {
    const auto& member = reflect::member<column>(entity);
    if constexpr (managed_columns<T>.has(column))
        return {Codec<T, column>::write(sink, stamped<false>(member, now)), place_of<T>(column)};
    else
        return {Codec<T, column>::write(sink, member), place_of<T>(column)};
}

/// Puts the columns of a set one by one, as they are listed.
template <class T, Columns set, class Sink>
ValueFault write_listed(Sink& sink, const T& entity, Timestamp now) {
    constexpr auto& columns = column_list<T, set>;
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
        ValueFault found;
        (void)((found = write_changed<T, columns[I]>(sink, entity, now), found.fault == Fault::none) && ...);
        return found;
    }(std::make_index_sequence<columns.size()>{});
}

/// Puts the columns of a set into `sink`, and stops at the first that cannot be written. A generated key of 0
/// goes in as NULL. Columns that rowan writes get what belongs there at the time `now`.
template <class T, Columns set, class Sink>
ValueFault write_entity(Sink& sink, const T& entity, Timestamp now) {
    if constexpr (set == Columns::all || set == Columns::all_but_generated) {
        return write_in_order(sink, entity, set == Columns::all ? Pass::insert : Pass::insert_without_key, now);
    } else if constexpr (set == Columns::written_then_key_and_version) {
        if (const ValueFault found = write_in_order(sink, entity, Pass::change, now)) return found;
        if constexpr (constexpr std::uint16_t time = managed_columns<T>.updated_at; time != ManagedColumns::none)
            if (const ValueFault found = write_changed<T, time>(sink, entity, now)) return found;
        return write_listed<T, Columns::key_and_version>(sink, entity, now);
    } else {
        return write_listed<T, set>(sink, entity, now);
    }
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
            (void)((found = {write_passed<T, columns[I]>(sink, std::get<I>(key)), place_of<T>(columns[I])},
                    found.fault == Fault::none) &&
                   ...);
            return found;
        }(std::make_index_sequence<columns.size()>{});
    }
}

/// As MemberWriter.
template <class T, class Row>
struct MemberReader {
    const Row& row;
    int first;

    template <class... Members>
    ROWAN_ALWAYS_INLINE ValueFault operator()(Members&... members) const {
        return read(std::index_sequence_for<Members...>{}, members...);
    }

private:
    template <std::size_t... I, class... Members>
    ROWAN_ALWAYS_INLINE ValueFault read(std::index_sequence<I...>, Members&... members) const {
        const Row& from = row;
        const int at = first;
        Fault fault{};
        std::size_t column{};
        (void)((fault = CodecOf<T, I, Members>::read(from.cell(at + static_cast<int>(I)), members),
                fault == Fault::none || (column = I, false)) &&
               ...);
        return {fault, place_of<T>(column)};
    }
};

/// The same for every statement, so that the compiler makes it once for each struct and each kind of row.
template <class T, class Row>
ValueFault get_row(const Row& row, void* entity) {
    return reflect::with_members(*static_cast<T*>(entity), MemberReader<T, Row>{row, 0});
}

/// Fills `entity` from a row that has all of its columns in order, from `first` on.
template <class T, class Row>
ValueFault read_entity(const Row& row, T& entity, std::size_t first = 0) {
    return reflect::with_members(entity, MemberReader<T, Row>{row, static_cast<int>(first)});
}

}  // namespace rowan::detail
