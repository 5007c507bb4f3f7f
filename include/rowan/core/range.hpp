#pragma once

#include <concepts>
#include <iterator>
#include <utility>

namespace rowan::detail {

namespace range_access {

using std::begin;
using std::end;

template <class Range>
using Begin = decltype(begin(std::declval<Range&>()));
template <class Range>
using End = decltype(end(std::declval<Range&>()));

template <class Range>
Begin<Range> first(Range& range) {
    return begin(range);
}
template <class Range>
End<Range> last(Range& range) {
    return end(range);
}

}  // namespace range_access

/// Can the range be read twice without running anything of the program's? Then nobody sees whether a transaction is
/// open meanwhile.
template <class Range>
inline constexpr bool lies_in_memory = std::contiguous_iterator<range_access::Begin<Range>>;

/// R can be walked through at least once, and its values are Items: std::ranges::input_range, whose header costs more
/// to include than the rest of what it is needed for.
template <class R, class Item>
concept RangeOf =
    std::input_iterator<range_access::Begin<R>> && std::sentinel_for<range_access::End<R>, range_access::Begin<R>> &&
    std::same_as<std::iter_value_t<range_access::Begin<R>>, Item>;

}  // namespace rowan::detail
