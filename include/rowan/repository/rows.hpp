#pragma once

#include <rowan/core/result.hpp>
#include <rowan/query/row.hpp>
#include <rowan/query/statement.hpp>
#include <rowan/schema/table_info.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

/// From a statement that has its parameters to what the caller asked for.
namespace rowan::detail {

inline Failure write_failure(ValueFault found, const Statement& statement) {
    return Failure(fault_error(found, true, statement.text()));
}

inline Failure read_failure(ValueFault found, const Statement& statement) {
    return Failure(fault_error(found, false, statement.text()));
}

inline Failure negative_limit() {
    return Failure(Error{Category::programming, Code::misuse, "limit and offset take a number of rows, 0 or more"});
}

inline Error several_rows(const Statement& statement) {
    return Error{Category::programming, Code::multiple_rows,
                 "more than one row fulfils a condition that must fit one only: use where(...).all() or first()"}
        .in_statement(statement.text());
}

/// How a row of a whole table becomes a T.
struct ReadEntity {
    template <class Source, class T>
    ValueFault operator()(const Source& source, T& entity) const {
        return read_entity(source, entity);
    }
};

/// The next row, if there is one. `read(execution, row)` fills a row.
template <class Row, class Execution, class Read>
Result<std::optional<Row>> read_row(Execution& execution, const Statement& statement, Read read) {
    const Result<bool> found = execution.next();
    if (!found) return Failure(found.error());
    Result<std::optional<Row>> row;
    if (!*found) return row;
    if (const ValueFault fault = read(execution, row->emplace())) return read_failure(fault, statement);
    return row;
}

/// The only row, if there is one: another one behind it is an error.
template <class Row, class Execution, class Read>
Result<std::optional<Row>> read_row_or_none(Execution& execution, const Statement& statement, Read read) {
    Result<std::optional<Row>> row = read_row<Row>(execution, statement, read);
    if (!row || !*row) return row;
    const Result<bool> another = execution.next();
    if (!another) return Failure(another.error());
    if (*another) return Failure(several_rows(statement));
    return row;
}

/// The only row: none, or another one behind it, is an error.
template <class Row, class Execution, class Read>
Result<Row> read_only_row(Execution& execution, const Statement& statement, Read read) {
    Result<std::optional<Row>> row = read_row_or_none<Row>(execution, statement, read);
    if (!row) return Failure(std::move(row).error());
    if (!*row)
        return Failure(
            Error{Category::state, Code::not_found, "no row fulfils the query that must give one"}.in_statement(
                statement.text()));
    return std::move(**row);
}

/// All rows that are left.
template <class Row, class Execution, class Read>
Result<std::vector<Row>> read_rows(Execution& execution, const Statement& statement, Read read) {
    Result<std::vector<Row>> rows;
    while (true) {
        const Result<bool> found = execution.next();
        if (!found) return Failure(found.error());
        if (!*found) return rows;
        if (const ValueFault fault = read(execution, rows->emplace_back())) return read_failure(fault, statement);
    }
}

template <class Row>
void reverse(std::vector<Row>& rows) {
    for (std::size_t i = 0; i < rows.size() / 2; ++i) std::swap(rows[i], rows[rows.size() - 1 - i]);
}

/// The only value of the only row that a count or an EXISTS gives.
template <class Value, class Execution>
Result<Value> read_value(Execution& execution) {
    const Result<bool> row = execution.next();
    if (!row) return Failure(row.error());
    Value value{};
    if (!*row || execution.cell(0).get(value) != Fault::none)
        return Failure(Error{Category::internal, Code::internal_error,
                             "the database gave no value where a statement always gives one"});
    return value;
}

}  // namespace rowan::detail
