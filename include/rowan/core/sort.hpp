#pragma once

#include <cstddef>
#include <utility>

namespace rowan::detail {

/// Sorts `count` items in place, by `before(a, b)`: a heapsort, which takes the same time whatever the order was, and
/// allocates nothing. (<algorithm> alone costs more to compile than what rowan makes of SQL in it.)
template <class Item, class Before>
void sort(Item* items, std::size_t count, Before before) {
    const auto sink = [&](std::size_t place, std::size_t end) {
        Item item = std::move(items[place]);
        for (std::size_t child = 2 * place + 1; child < end; child = 2 * place + 1) {
            if (child + 1 != end && before(items[child], items[child + 1])) ++child;
            if (!before(item, items[child])) break;
            items[place] = std::move(items[child]);
            place = child;
        }
        items[place] = std::move(item);
    };
    for (std::size_t place = count / 2; place != 0;) sink(--place, count);
    for (std::size_t end = count; end > 1;) {
        --end;
        std::swap(items[0], items[end]);
        sink(0, end);
    }
}

}  // namespace rowan::detail
