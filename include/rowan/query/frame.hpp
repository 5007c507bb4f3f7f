#pragma once

#include <rowan/core/text.hpp>

#include <cstdint>
#include <limits>

/// Which rows of its window a window function looks at: `rows_between(preceding<6>, current_row)`.
namespace rowan {

namespace detail {

/// A row by its distance from the current one.
template <std::int64_t distance>
struct RowAt {};

inline constexpr std::int64_t window_start = std::numeric_limits<std::int64_t>::min();
inline constexpr std::int64_t window_end = std::numeric_limits<std::int64_t>::max();

/// The rows that the database looks at by itself: of a window with an order those up to the current one, and those that
/// share its place; of another one all.
struct NoFrame {
    static constexpr bool has_current = true;
    static constexpr void write(TextWriter&, bool) {}
};

template <std::int64_t first, std::int64_t last>
struct Frame {
    static constexpr bool has_current = first <= 0 && last >= 0;

    static constexpr void write(TextWriter& out, bool behind_another) {
        out << (behind_another ? " " : "") << "ROWS BETWEEN ";
        write_row(out, first);
        out << " AND ";
        write_row(out, last);
    }

private:
    static constexpr void write_row(TextWriter& out, std::int64_t distance) {
        if (distance == 0) {
            out << "CURRENT ROW";
            return;
        }
        if (distance == window_start || distance == window_end)
            out << "UNBOUNDED";
        else
            out.number(static_cast<std::uint64_t>(distance < 0 ? -distance : distance));
        out << (distance < 0 ? " PRECEDING" : " FOLLOWING");
    }
};

template <class F>
inline constexpr bool is_frame = false;
template <>
inline constexpr bool is_frame<NoFrame> = true;
template <std::int64_t first, std::int64_t last>
inline constexpr bool is_frame<Frame<first, last>> = true;
template <class F>
concept AnyFrame = is_frame<F>;

}  // namespace detail

/// So many rows before the current one, behind it; the current one; the window's first, its last.
template <std::uint32_t rows>
inline constexpr detail::RowAt<-static_cast<std::int64_t>(rows)> preceding{};
template <std::uint32_t rows>
inline constexpr detail::RowAt<static_cast<std::int64_t>(rows)> following{};
inline constexpr detail::RowAt<0> current_row{};
inline constexpr detail::RowAt<detail::window_start> unbounded_preceding{};
inline constexpr detail::RowAt<detail::window_end> unbounded_following{};

/// From one row of the window to another, both included, as far as they are there. Where the current row is not among
/// them there may be none, so that all but counts may be NULL.
template <std::int64_t first, std::int64_t last>
[[nodiscard]] constexpr auto rows_between(detail::RowAt<first>, detail::RowAt<last>) {
    static_assert(first <= last && first != detail::window_end && last != detail::window_start,
                  "rowan: a frame has its first row before its last: rows_between(preceding<2>, current_row)");
    return detail::Frame<first, last>{};
}

}  // namespace rowan
