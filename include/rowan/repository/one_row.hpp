#pragma once

#include <rowan/core/result.hpp>
#include <rowan/query/row.hpp>
#include <rowan/query/statement.hpp>
#include <rowan/repository/rows.hpp>
#include <rowan/types/timestamp.hpp>

#include <cstdint>
#include <utility>

/// Statements of one row, without the struct's type: a connection has each of these functions once, whatever it stores.
namespace rowan::detail {

/// Puts parameters from `what`: a struct, or what names a row.
template <class Sink>
using Put = ValueFault (*)(Sink& sink, const void* what);

/// Fills `entity` from a row.
template <class Row>
using Get = ValueFault (*)(const Row& row, void* entity);

/// A struct that goes in at `now`.
template <class T>
struct InsertedRow {
    const T& entity;
    Pass pass;
    Timestamp now;

    template <class Sink>
    static ValueFault put(Sink& sink, const void* what) {
        const auto& [entity, pass, now] = *static_cast<const InsertedRow*>(what);
        return write_in_order(sink, entity, pass, now);
    }
};

/// One that is updated at `now`.
template <class T>
struct UpdatedRow {
    const T& entity;
    Timestamp now;

    template <class Sink>
    static ValueFault put(Sink& sink, const void* what) {
        const auto& [entity, now] = *static_cast<const UpdatedRow*>(what);
        return write_entity<T, Columns::written_then_key_and_version>(sink, entity, now);
    }
};

/// `row` names a row: see row_identity.hpp.
template <class Row, class Sink>
ValueFault put_identity(Sink& sink, const void* row) {
    return static_cast<const Row*>(row)->put(sink);
}
template <class Row, class Sink>
ValueFault put_key_of(Sink& sink, const void* row) {
    return static_cast<const Row*>(row)->put_key(sink);
}

template <class T, class Row>
ValueFault get_entity(const Row& row, void* entity) {
    return read_entity(row, *static_cast<T*>(entity));
}

/// Tells how many rows were changed.
template <class Connection>
[[gnu::noinline]] Result<void> change_with(Connection& connection, const Statement& statement,
                                           Put<typename Connection::Execution> put, const void* what,
                                           std::int64_t& changed) {
    typename Connection::Execution execution{connection, statement};
    if (const ValueFault found = put(execution, what)) return write_failure(found, statement);
    Result<std::int64_t> ran = execution.run();
    if (!ran) return Failure(std::move(ran).error());
    changed = *ran;
    return {};
}

/// Tells the key that the database has made, unless `key` is null.
template <class Connection>
[[gnu::noinline]] Result<void> insert_with(Connection& connection, const Statement& statement,
                                           Put<typename Connection::Execution> put, const void* entity,
                                           std::int64_t* key) {
    typename Connection::Execution execution{connection, statement};
    if (const ValueFault found = put(execution, entity)) return write_failure(found, statement);
    Result<std::int64_t> ran = key != nullptr ? execution.run_insert() : execution.run();
    if (!ran) return Failure(std::move(ran).error());
    if (key != nullptr) *key = *ran;
    return {};
}

/// Fills `entity` with the row, if there is one.
template <class Connection>
[[gnu::noinline]] Result<void> read_with(Connection& connection, const Statement& statement,
                                         Put<typename Connection::Execution> put, const void* what,
                                         Get<typename Connection::Execution> get, void* entity, bool& found) {
    typename Connection::Execution execution{connection, statement};
    if (const ValueFault fault = put(execution, what)) return write_failure(fault, statement);
    Result<bool> next = execution.next();
    if (!next) return Failure(std::move(next).error());
    found = *next;
    if (found)
        if (const ValueFault fault = get(execution, entity)) return read_failure(fault, statement);
    return {};
}

}  // namespace rowan::detail
