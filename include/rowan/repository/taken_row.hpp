#pragma once

#include <rowan/query/fault_error.hpp>
#include <rowan/query/row.hpp>
#include <rowan/reflect/fields.hpp>

/// Rows that a statement hands over, instead of being asked for each value: see the Execution concept.
namespace rowan::detail {

/// Are whole rows of T handed over?
template <class T, class Execution>
inline constexpr bool takes_rows = false;
template <class T, class Execution>
    requires requires { typename Execution::RowTaker; }
inline constexpr bool takes_rows<T, Execution> = reflect::field_count<T> <= Execution::RowTaker::widest;

/// Where the only row goes.
template <class Row>
struct TakenRow {
    Get<Row> get;
    void* entity;
    ValueFault fault;

    static bool take(void* self, const Row& row) {
        TakenRow& taken = *static_cast<TakenRow*>(self);
        taken.fault = taken.get(row, taken.entity);
        return !taken.fault;
    }
};

}  // namespace rowan::detail
