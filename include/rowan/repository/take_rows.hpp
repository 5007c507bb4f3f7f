#pragma once

#include <rowan/core/result.hpp>
#include <rowan/query/row.hpp>
#include <rowan/query/statement.hpp>
#include <rowan/reflect/fields.hpp>
#include <rowan/repository/rows.hpp>

#include <cstddef>
#include <vector>

namespace rowan::detail {

/// Are whole rows of T handed over by the statement, instead of being asked for?
template <class T, class Execution>
inline constexpr bool takes_rows = false;
template <class T, class Execution>
    requires requires { typename Execution::RowTaker; }
inline constexpr bool takes_rows<T, Execution> = reflect::field_count<T> <= Execution::RowTaker::widest;

template <class T, class Row>
struct TakenRows {
    std::vector<T>& rows;
    ValueFault fault{};

    static bool take(void* self, const Row& row) {
        auto& taken = *static_cast<TakenRows*>(self);
        taken.fault = read_entity(row, taken.rows.emplace_back());
        return !taken.fault;
    }
};

/// Appends all rows of a TakeText that has its parameters. `listed`: they are those of a list of keys.
template <class T, class Execution>
Result<void> take_rows(Execution& execution, const Statement& statement, std::vector<T>& rows, bool listed) {
    using Taker = typename Execution::RowTaker;
    using Taken = TakenRows<T, typename Taker::Row>;
    if (listed) rows.reserve(execution.listed());
    Taken taken{rows};
    Taker taker{&taken, &Taken::take};
    Result<void> ran = execution.run_take(taker);
    taker.rethrow();
    if (taken.fault) return read_failure(taken.fault, statement);
    if (ran) taker.arrange(rows);
    return ran;
}

}  // namespace rowan::detail
