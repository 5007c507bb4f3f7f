#pragma once

#include <rowan/core/result.hpp>
#include <rowan/core/sort.hpp>
#include <rowan/query/statement.hpp>
#include <rowan/query/take.hpp>
#include <rowan/reflect/fields.hpp>
#include <rowan/repository/rows.hpp>
#include <rowan/repository/taken_row.hpp>
#include <rowan/repository/whole_rows.hpp>
#include <rowan/schema/table_info.hpp>

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace rowan::detail {

/// Where many rows go.
template <class Row>
struct TakenRows {
    const RowsOf<Row>& kind;
    void* rows;
    ValueFault fault{};

    static bool take(void* self, const Row& row) {
        TakenRows& taken = *static_cast<TakenRows*>(self);
        taken.fault = taken.kind.get(row, taken.kind.append(taken.rows));
        return !taken.fault;
    }
};

/// Brings rows into another order, in place: `order` names the row that comes in each place, and is used up. `move(to,
/// from)` moves a row of `size` bytes; `kept` is one more.
inline void arrange(std::byte* rows, std::size_t size, void (*move)(void* to, void* from), void* kept,
                    std::vector<std::size_t>& order) {
    for (std::size_t first = 0; first != order.size(); ++first) {
        if (order[first] == first) continue;
        move(kept, rows + first * size);
        std::size_t place = first;
        for (std::size_t next = order[place]; next != first; next = order[place]) {
            move(rows + place * size, rows + next * size);
            order[place] = place;
            place = next;
        }
        move(rows + place * size, kept);
        order[place] = place;
    }
}

template <class T>
void move_row(void* to, void* from) {
    *static_cast<T*>(to) = std::move(*static_cast<T*>(from));
}

/// Brings rows that have been taken into their order. `order` names, where that is known, which of them comes in each
/// place.
template <class T, TakenOrder = TakenOrder::by_statement>
struct Reordered {
    static void arrange(void* rows, std::vector<std::size_t>& order) {
        if (order.empty()) return;
        T kept{};
        detail::arrange(reinterpret_cast<std::byte*>(static_cast<std::vector<T>*>(rows)->data()), sizeof(T),
                        &move_row<T>, &kept, order);
    }
};

template <class T>
struct Reordered<T, TakenOrder::any> {
    static void arrange(void*, std::vector<std::size_t>&) {}
};

/// Mostly they have this order already; else the keys are sorted, and then each row goes to its place once.
template <class T>
struct Reordered<T, TakenOrder::by_key> {
    static void arrange(void* target, std::vector<std::size_t>& order) {
        auto& rows = *static_cast<std::vector<T>*>(target);
        const auto key = [&](std::size_t i) {
            return static_cast<std::int64_t>(reflect::member<table_info<T>.key[0]>(rows[i]));
        };
        std::size_t next = 1;
        while (next < rows.size() && !(key(next) < key(next - 1))) ++next;
        if (next >= rows.size()) return;
        std::vector<std::pair<std::int64_t, std::size_t>> numbers;
        numbers.reserve(rows.size());
        for (std::size_t i = 0; i != rows.size(); ++i) numbers.emplace_back(key(i), i);
        sort(numbers.data(), numbers.size(), [](const auto& a, const auto& b) { return a < b; });
        order.clear();
        order.reserve(rows.size());
        for (const auto& [number, row] : numbers) order.push_back(row);
        Reordered<T>::arrange(target, order);
    }
};

/// All rows of a TakeText that has its parameters, into the std::vector `rows`, brought into their order by `arrange`.
/// There is room for as many as the last time from the beginning; what is twice too much, or more, is given back.
template <class Execution>
[[gnu::noinline]] Result<void> take_rows(Execution& execution, const Statement& statement,
                                         const RowsOf<RowOf<Execution>>& kind, void* rows,
                                         void (*arrange)(void* rows, std::vector<std::size_t>& order)) {
    using Taken = TakenRows<RowOf<Execution>>;
    const std::size_t room = room_for(execution.expected_rows(), kind.size);
    if (room != 0) kind.make_room(rows, room);
    Taken taken{kind, rows};
    typename Execution::RowTaker taker{&taken, &Taken::take, kind.columns};
    Result<void> ran = execution.run_take(taker);
    taker.rethrow();
    if (taken.fault) return read_failure(taken.fault, statement);
    if (ran) arrange(rows, taker.order());
    if (room > 2 * taker.rows()) kind.make_room(rows, taker.rows());
    return ran;
}

}  // namespace rowan::detail
