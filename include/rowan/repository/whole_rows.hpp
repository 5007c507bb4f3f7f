#pragma once

#include <rowan/core/result.hpp>
#include <rowan/query/row.hpp>
#include <rowan/query/statement.hpp>
#include <rowan/reflect/fields.hpp>
#include <rowan/repository/rows.hpp>
#include <rowan/session/room.hpp>

#include <cstddef>
#include <vector>

/// Whole rows into a std::vector, by functions that know the struct by its description only: the reading is compiled
/// once for a connection, and not for each struct.
namespace rowan::detail {

/// A struct, and what is done with a std::vector of them.
template <class Row>
struct RowsOf {
    Get<Row> get;
    std::size_t columns;
    std::size_t size;
    /// Gives the new one.
    void* (*append)(void* rows);
    /// Moves them to where `count` of them fit; null where nobody knows how many will come.
    void (*make_room)(void* rows, std::size_t count);
};

template <class T>
void* append_row(void* rows) {
    return &static_cast<std::vector<T>*>(rows)->emplace_back();
}

/// To make more room as well as less. (shrink_to_fit would cost the compiler as much as reading the rows.)
template <class T>
[[gnu::cold]] void make_room(void* target, std::size_t count) {
    auto& rows = *static_cast<std::vector<T>*>(target);
    std::vector<T> roomy;
    roomy.reserve(count);
    for (T& row : rows) roomy.emplace_back() = std::move(row);
    rows.swap(roomy);
}

/// Does it know how many rows are left when the first is there?
template <class Execution>
inline constexpr bool knows_rest = requires(const Execution& execution) { execution.rows_left(); };

/// No variable, which would be dearer for each struct than its few words where they are passed.
template <class T, class Row, bool knows_room>
[[gnu::always_inline]] inline RowsOf<Row> rows_of() {
    return {&get_row<T, Row>, reflect::field_count<T>, sizeof(T), &append_row<T>, knows_room ? &make_room<T> : nullptr};
}

/// Fills `rows`, which is empty, with all that are left.
template <class Execution>
[[gnu::noinline]] Result<void> read_rows(Execution& execution, const Statement& statement,
                                         const RowsOf<RowOf<Execution>>& kind, void* rows) {
    Result<bool> found = execution.next();
    std::size_t room = 0;
    if constexpr (knows_rest<Execution>)
        if (found && *found) kind.make_room(rows, room = room_for_rest(execution, kind.size));
    std::size_t count = 0;
    for (; found && *found; ++count) {
        if (const ValueFault fault = get_from(execution, kind.get, kind.columns, kind.append(rows)))
            return read_failure(fault, statement);
        found = execution.next();
    }
    if (!found) return Failure(std::move(found).error());
    if constexpr (knows_rest<Execution>)
        if (room > 2 * count) kind.make_room(rows, count);
    return {};
}

template <class T, class Execution>
Result<void> read_rows(Execution& execution, const Statement& statement, ReadEntity, std::vector<T>& rows) {
    return read_rows(execution, statement, rows_of<T, RowOf<Execution>, knows_rest<Execution>>(), &rows);
}
template <class T, class Execution>
Result<std::vector<T>> read_rows(Execution& execution, const Statement& statement, ReadEntity read) {
    Result<std::vector<T>> rows;
    settle(read_rows(execution, statement, read, *rows), rows);
    return rows;
}

}  // namespace rowan::detail
