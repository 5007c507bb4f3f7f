#pragma once

#include <rowan/core/inline.hpp>
#include <rowan/core/result.hpp>
#include <rowan/query/row.hpp>
#include <rowan/query/statement.hpp>
#include <rowan/reflect/fields.hpp>
#include <rowan/schema/table_info.hpp>
#include <rowan/session/room.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

/// From a statement that has its parameters to what the caller asked for.
namespace rowan::detail {

[[gnu::cold]] inline Failure write_failure(ValueFault found, const Statement& statement) {
    return Failure(fault_error(found, true, statement.text()));
}

[[gnu::cold]] inline Failure read_failure(ValueFault found, const Statement& statement) {
    return Failure(fault_error(found, false, statement.text()));
}

[[gnu::cold]] inline Failure negative_limit() {
    return Failure(Error{Category::programming, Code::misuse, "limit and offset take a number of rows, 0 or more"});
}

[[gnu::cold]] inline Error several_rows(const Statement& statement) {
    return Error{Category::programming, Code::multiple_rows,
                 "more than one row fulfils a condition that must fit one only: use where(...).all() or first()"}
        .in_statement(statement.text());
}

[[gnu::cold]] inline Error no_row(const Statement& statement) {
    return Error{Category::state, Code::not_found, "no row fulfils the query that must give one"}.in_statement(
        statement.text());
}

template <class Source>
struct RowOfSource {
    using type = Source;
};
template <class Source>
    requires requires { typename Source::Row; }
struct RowOfSource<Source> {
    using type = typename Source::Row;
};

/// What whole structs are read from: the Row of an Execution that has one, else the Execution itself.
template <class Source>
using RowOf = typename RowOfSource<Source>::type;

/// Fills `entity` from the row at which an Execution stands.
template <class Source>
ROWAN_ALWAYS_INLINE inline ValueFault get_from(const Source& source, Get<RowOf<Source>> get,
                                               [[maybe_unused]] std::size_t columns, void* entity) {
    if constexpr (std::is_same_v<RowOf<Source>, Source>) {
        return get(source, entity);
    } else {
        auto values = source.row(columns);
        return get(values, entity);
    }
}

/// How a row of a whole table becomes a T.
struct ReadEntity {
    template <class Source, class T>
    ValueFault operator()(const Source& source, T& entity) const {
        return get_from(source, &get_row<T, RowOf<Source>>, reflect::field_count<T>, &entity);
    }
};

/// Fills `row` with the next row, if there is one. `read(execution, row)` fills a row.
template <class Row, class Execution, class Read>
Result<void> read_row(Execution& execution, const Statement& statement, Read read, std::optional<Row>& row) {
    Result<bool> found = execution.next();
    if (!found) return Failure(std::move(found).error());
    if (*found)
        if (const ValueFault fault = read(execution, row.emplace())) return read_failure(fault, statement);
    return {};
}

/// Fills `entity` with the next row, a whole one. Is there one?
template <class T, class Execution>
ROWAN_ALWAYS_INLINE inline Result<bool> read_row_into(Execution& execution, const Statement& statement, T& entity) {
    Result<bool> found = execution.next();
    if (found && *found)
        if (const ValueFault fault = ReadEntity{}(execution, entity)) return read_failure(fault, statement);
    return found;
}

/// The same for the only row: another one behind it is an error.
template <class Row, class Execution, class Read>
Result<void> read_row_or_none(Execution& execution, const Statement& statement, Read read, std::optional<Row>& row) {
    if (Result<void> filled = read_row(execution, statement, read, row); !filled || !row) return filled;
    Result<bool> another = execution.next();
    if (!another) return Failure(std::move(another).error());
    if (*another) return Failure(several_rows(statement));
    return {};
}

/// Fills `row` with the next row; `none()` is the error where there is none.
template <class Row, class Execution, class Read, class None>
Result<void> read_some_row(Execution& execution, const Statement& statement, Read read, Row& row, None none) {
    Result<bool> found = execution.next();
    if (!found) return Failure(std::move(found).error());
    if (!*found) return Failure(none());
    if (const ValueFault fault = read(execution, row)) return read_failure(fault, statement);
    return {};
}

/// Fills `row` with the only row: none, or another one behind it, is an error.
template <class Row, class Execution, class Read>
Result<void> read_only_row(Execution& execution, const Statement& statement, Read read, Row& row) {
    Result<void> filled = read_some_row(execution, statement, read, row, [&] { return no_row(statement); });
    if (!filled) return filled;
    Result<bool> another = execution.next();
    if (!another) return Failure(std::move(another).error());
    if (*another) return Failure(several_rows(statement));
    return filled;
}

/// Appends all rows that are left.
template <class Row, class Execution, class Read>
Result<void> read_rows(Execution& execution, const Statement& statement, Read read, std::vector<Row>& rows) {
    Result<bool> found = execution.next();
    if (found) make_room_for_rest(rows, execution);
    while (found && *found) {
        if (const ValueFault fault = read(execution, rows.emplace_back())) return read_failure(fault, statement);
        found = execution.next();
    }
    if (!found) return Failure(std::move(found).error());
    give_room_back(rows, execution);
    return {};
}

/// The same, where the rows are the result.
template <class Row, class Execution, class Read>
Result<std::vector<Row>> read_rows(Execution& execution, const Statement& statement, Read read) {
    Result<std::vector<Row>> rows;
    settle(read_rows(execution, statement, read, *rows), rows);
    return rows;
}

template <class Row, class Execution, class Read>
Result<std::optional<Row>> read_row(Execution& execution, const Statement& statement, Read read) {
    Result<std::optional<Row>> row;
    settle(read_row(execution, statement, read, *row), row);
    return row;
}

template <class Row>
void reverse(std::vector<Row>& rows) {
    for (std::size_t i = 0; i < rows.size() / 2; ++i) std::swap(rows[i], rows[rows.size() - 1 - i]);
}

/// The only value of the only row that a count or an EXISTS gives.
template <class Value, class Execution>
Result<void> read_value(Execution& execution, Value& value) {
    Result<bool> row = execution.next();
    if (!row) return Failure(std::move(row).error());
    if (!*row || execution.cell(0).get(value) != Fault::none)
        return Failure(Error{Category::internal, Code::internal_error,
                             "the database gave no value where a statement always gives one"});
    return {};
}
template <class Value, class Execution>
Result<Value> read_value(Execution& execution) {
    Result<Value> value;
    settle(read_value(execution, *value), value);
    return value;
}

}  // namespace rowan::detail
