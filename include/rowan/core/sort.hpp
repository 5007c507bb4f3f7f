#pragma once

#include <cstddef>
#include <utility>

namespace rowan::detail {

/// Sorts by a heap, which takes about the same time whatever the order was.
template <class Item, class Before>
void heap_sort(Item* items, std::size_t count, Before before) {
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

template <class Item, class Before>
void insertion_sort(Item* items, std::size_t count, Before before) {
    for (std::size_t i = 1; i < count; ++i) {
        Item item = std::move(items[i]);
        std::size_t place = i;
        for (; place != 0 && before(item, items[place - 1]); --place) items[place] = std::move(items[place - 1]);
        items[place] = std::move(item);
    }
}

/// Sorts items, which can be copied, in place by `before(a, b)`, and allocates nothing: std::sort's way, a quicksort
/// that turns to a heap where it would take long. (<algorithm> is dear to compile, whatever is used of it.)
template <class Item, class Before>
void sort(Item* items, std::size_t count, Before before, int depth = 40) {
    constexpr std::size_t few = 16;
    while (count > few) {
        if (depth-- == 0) return heap_sort(items, count, before);
        const Item& a = items[0];
        const Item& b = items[count / 2];
        const Item& c = items[count - 1];
        const Item pivot = before(a, b) ? (before(b, c)   ? b
                                           : before(a, c) ? c
                                                          : a)
                                        : (before(a, c)   ? a
                                           : before(b, c) ? c
                                                          : b);
        // Each run ends at the pivot at the latest, or at what was swapped; neither part is empty.
        std::size_t left = 0;
        std::size_t right = count - 1;
        while (true) {
            while (before(items[left], pivot)) ++left;
            while (before(pivot, items[right])) --right;
            if (left >= right) break;
            std::swap(items[left++], items[right--]);
        }
        const std::size_t middle = right + 1;
        sort(items + middle, count - middle, before, depth);
        count = middle;
    }
    insertion_sort(items, count, before);
}

}  // namespace rowan::detail
