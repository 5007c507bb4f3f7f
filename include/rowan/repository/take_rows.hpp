#pragma once

#include <rowan/core/result.hpp>
#include <rowan/core/sort.hpp>
#include <rowan/query/row.hpp>
#include <rowan/query/statement.hpp>
#include <rowan/reflect/fields.hpp>
#include <rowan/repository/rows.hpp>
#include <rowan/schema/table_info.hpp>
#include <rowan/session/room.hpp>

#include <cstddef>
#include <utility>
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

/// Brings the rows into another order, in place: `order` names the row that comes in each place, and is used up. (To
/// move them into a second vector would cost the compiler more.)
template <class T>
void arrange(std::vector<T>& rows, std::vector<std::size_t>& order) {
    for (std::size_t first = 0; first != order.size(); ++first) {
        if (order[first] == first) continue;
        T kept = std::move(rows[first]);
        std::size_t place = first;
        for (std::size_t next = order[place]; next != first; next = order[place]) {
            rows[place] = std::move(rows[next]);
            order[place] = place;
            place = next;
        }
        rows[place] = std::move(kept);
        order[place] = place;
    }
}

/// Sorts by an integer key, if need be: the numbers, and then each row goes to its place once.
template <class T>
void sort_by_key(std::vector<T>& rows) {
    constexpr std::size_t column = table_info<T>.key[0];
    const auto key = [](const T& row) { return reflect::member<column>(row); };
    std::size_t next = 1;
    while (next < rows.size() && !(key(rows[next]) < key(rows[next - 1]))) ++next;
    if (next >= rows.size()) return;
    std::vector<std::pair<decltype(key(rows[0])), std::size_t>> numbers;
    numbers.reserve(rows.size());
    for (std::size_t i = 0; i != rows.size(); ++i) numbers.emplace_back(key(rows[i]), i);
    sort(numbers.data(), numbers.size(), [](const auto& a, const auto& b) { return a < b; });
    std::vector<std::size_t> order;
    order.reserve(rows.size());
    for (const auto& [number, row] : numbers) order.push_back(row);
    arrange(rows, order);
}

/// All rows of a TakeText that has its parameters. There is room for as many as the last time from the beginning: to
/// grow is to move each row once or twice. Room for twice as many as came, or more, is given back.
template <bool by_key, class T, class Execution>
Result<void> take_rows(Execution& execution, const Statement& statement, std::vector<T>& rows) {
    using Taker = typename Execution::RowTaker;
    using Taken = TakenRows<T, typename Taker::Row>;
    make_room(rows, execution.expected_rows());
    Taken taken{rows};
    Taker taker{&taken, &Taken::take};
    Result<void> ran = execution.run_take(taker);
    taker.rethrow();
    if (taken.fault) return read_failure(taken.fault, statement);
    if constexpr (by_key) {
        if (ran) sort_by_key(rows);
    } else {
        if (ran) arrange(rows, taker.order());
    }
    give_room_back(rows);
    return ran;
}

}  // namespace rowan::detail
