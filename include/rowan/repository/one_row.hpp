#pragma once

#include <rowan/core/result.hpp>
#include <rowan/query/conflict_error.hpp>
#include <rowan/query/row.hpp>
#include <rowan/query/select.hpp>
#include <rowan/query/statement.hpp>
#include <rowan/query/take.hpp>
#include <rowan/repository/row_identity.hpp>
#include <rowan/repository/rows.hpp>
#include <rowan/repository/taken_row.hpp>
#include <rowan/schema/key.hpp>
#include <rowan/schema/table_info.hpp>

#include <cstddef>
#include <cstdint>
#include <utility>

/// Statements of one row, without the struct's type: a connection has each of these functions once, whatever it stores.
namespace rowan::detail {

/// Names a row by a simple key.
struct KeyRow {
    const void* key;
    const TableInfo* table;
};

/// One function for all structs that have a key of this type.
template <class Value, class Sink>
ValueFault put_simple_key(Sink& sink, const void* what) {
    const KeyRow& row = *static_cast<const KeyRow*>(what);
    const Fault fault = Type<Value>::write(sink, *static_cast<const Value*>(row.key));
    if (fault != Fault::none) [[unlikely]]
        return {fault, {row.table, row.table->key[0]}};
    return {};
}

/// `row` names a row: see row_identity.hpp.
template <class Row, class Sink>
ValueFault put_identity(Sink& sink, const void* row) {
    return static_cast<const Row*>(row)->put(sink);
}
template <class Row, class Sink>
ValueFault put_key_of(Sink& sink, const void* row) {
    return static_cast<const Row*>(row)->put_key(sink);
}

// What operations on one row work on. Without initializers: compilers clear the whole object first where it has some.

struct InsertedRow {
    PassedRow row;
    /// Is the database to make the key?
    bool makes_key;
    /// That key.
    std::int64_t made;
};

struct UpdatedRow {
    PassedRow row;
    KeyRow key;
};

struct ErasedRow {
    KeyRow key;
    std::int64_t erased;
};

struct FoundRow {
    /// What names the row.
    const void* what;
    void* entity;
    bool found;
};

template <class T, class Connection>
[[gnu::always_inline]] inline const Statement& select_by_key() {
    return statement<SelectByKey<T, Connection::dialect, Wanted::rows>>;
}

/// Tells how many rows were changed.
template <class Connection>
[[gnu::noinline]] Result<void> change_with(Connection& connection, const Statement& statement,
                                           Put<typename Connection::Execution> put, const void* what,
                                           std::int64_t& changed) {
    typename Connection::Execution execution{connection, statement};
    if (const ValueFault found = put(execution, what)) [[unlikely]]
        return write_failure(found, statement);
    Result<std::int64_t> ran = execution.run();
    if (!ran) [[unlikely]]
        return Failure(std::move(ran).error());
    changed = *ran;
    return {};
}

template <class Connection>
[[gnu::noinline]] Result<void> insert_with(Connection& connection, const Statement& statement,
                                           Put<typename Connection::Execution> put, InsertedRow& work) {
    typename Connection::Execution execution{connection, statement};
    if (const ValueFault found = put(execution, &work.row)) [[unlikely]]
        return write_failure(found, statement);
    Result<std::int64_t> ran = work.makes_key ? execution.run_insert() : execution.run();
    if (!ran) [[unlikely]]
        return Failure(std::move(ran).error());
    work.made = *ran;
    return {};
}

/// No row has that key.
[[gnu::cold]] inline Error missing_key(const TableInfo& table, Put<KeyText> put, const void* row,
                                       const Statement& statement) {
    KeyText text{table};
    // What has just been written to a statement can be shown as well.
    (void)put(text, row);
    RowConflict conflict;
    conflict.what = RowConflict::What::missing;
    conflict.key = std::move(text.text());
    return conflict_error(table, std::move(conflict), statement.text());
}

/// The row must be there; `put_key` tells its key where it is not.
template <class Connection>
[[gnu::noinline]] Result<void> update_with(Connection& connection, const Statement& statement,
                                           Put<typename Connection::Execution> put, UpdatedRow& work,
                                           Put<KeyText> put_key) {
    typename Connection::Execution execution{connection, statement};
    if (const ValueFault found = put(execution, &work.row)) [[unlikely]]
        return write_failure(found, statement);
    Result<std::int64_t> ran = execution.run();
    if (!ran) [[unlikely]]
        return Failure(std::move(ran).error());
    if (*ran == 0) [[unlikely]]
        return Failure(missing_key(*work.key.table, put_key, &work.key, statement));
    return {};
}

/// Fills the struct with the row, if there is one.
template <class Connection>
[[gnu::noinline]] Result<void> read_with(Connection& connection, const Statement& statement,
                                         Put<typename Connection::Execution> put,
                                         Get<RowOf<typename Connection::Execution>> get, std::size_t columns,
                                         FoundRow& work) {
    typename Connection::Execution execution{connection, statement};
    if (const ValueFault fault = put(execution, work.what)) [[unlikely]]
        return write_failure(fault, statement);
    Result<bool> next = execution.next();
    if (!next) [[unlikely]]
        return Failure(std::move(next).error());
    if (!*next) return {};
    work.found = true;
    if (const ValueFault fault = get_from(execution, get, columns, work.entity)) [[unlikely]]
        return read_failure(fault, statement);
    return {};
}

/// The same by a statement that hands the row over; `shown` is the one that gives it.
template <class Connection>
[[gnu::noinline]] Result<void> take_with(Connection& connection, const Statement& statement, const Statement& shown,
                                         Put<typename Connection::Execution> put,
                                         Get<RowOf<typename Connection::Execution>> get, std::size_t columns,
                                         FoundRow& work) {
    using Execution = typename Connection::Execution;
    Execution execution{connection, statement, shown};
    if (const ValueFault fault = put(execution, work.what)) [[unlikely]]
        return write_failure(fault, shown);
    TakenRow<RowOf<Execution>> taken{get, work.entity, {}};
    typename Execution::RowTaker taker{&taken, &taken.take, columns};
    Result<void> ran = execution.run_take_one(taker);
    taker.rethrow();
    if (taken.fault) [[unlikely]]
        return read_failure(taken.fault, shown);
    work.found = taker.rows() != 0;
    return ran;
}

/// Fills a struct with the row of T that has a key, if there is one. `put` puts the key.
template <class T, class Connection>
[[gnu::always_inline]] inline Result<void> read_by_key(Connection& connection, Put<typename Connection::Execution> put,
                                                       FoundRow& work) {
    using Execution = typename Connection::Execution;
    constexpr auto get = &get_row<T, RowOf<Execution>>;
    const Statement& plain = select_by_key<T, Connection>();
    if constexpr (takes_rows<T, Execution>)
        return take_with(connection, statement<TakeByKey<T, Connection::dialect>>, plain, put, get,
                         reflect::field_count<T>, work);
    else
        return read_with(connection, plain, put, get, reflect::field_count<T>, work);
}

}  // namespace rowan::detail
