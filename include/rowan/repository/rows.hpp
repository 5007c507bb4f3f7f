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

template <class T>
Failure write_failure(ColumnFault found, const Statement& statement) {
    return Failure(fault_error(table_info<T>, found, true, statement.text()));
}

/// The next row, if there is one.
template <class T, class Execution>
Result<std::optional<T>> read_row(Execution& execution, const Statement& statement) {
    const Result<bool> row = execution.next();
    if (!row) return Failure(row.error());
    if (!*row) return std::nullopt;
    Result<std::optional<T>> read;
    if (const ColumnFault found = read_entity(execution, read->emplace()))
        return Failure(fault_error(table_info<T>, found, false, statement.text()));
    return read;
}

/// All rows that are left.
template <class T, class Execution>
Result<std::vector<T>> read_rows(Execution& execution, const Statement& statement) {
    Result<std::vector<T>> rows;
    while (true) {
        const Result<bool> row = execution.next();
        if (!row) return Failure(row.error());
        if (!*row) return rows;
        if (const ColumnFault found = read_entity(execution, rows->emplace_back()))
            return Failure(fault_error(table_info<T>, found, false, statement.text()));
    }
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
