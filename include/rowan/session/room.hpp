#pragma once

#include <cstddef>
#include <utility>
#include <vector>

/// Room for rows before they come: to grow is to move each of them once or twice, into memory that the system has yet
/// to give.
namespace rowan::detail {

/// For how many rows of `size` bytes to make room where so many are expected: within reason.
[[nodiscard]] inline std::size_t room_for(std::size_t expected, std::size_t size) noexcept {
    const std::size_t most = (std::size_t{64} << 20) / size;
    return expected < most ? expected : most;
}

/// The same for those of an execution whose first row is there, and which knows how many there are: see the Execution
/// concept.
template <class Execution>
[[nodiscard]] std::size_t room_for_rest(const Execution& execution, std::size_t size) {
    const std::size_t expected = execution.rows_expected();
    return expected != 0 ? room_for(expected, size) : execution.rows_left();
}

/// Makes room, if the execution can tell for how many.
template <class Row, class Execution>
void make_room_for_rest(std::vector<Row>& rows, const Execution& execution) {
    if constexpr (requires { execution.rows_left(); })
        rows.reserve(rows.size() + room_for_rest(execution, sizeof(Row)));
}

/// Moves them to where they just fit. (shrink_to_fit would cost the compiler as much as reading the rows.)
template <class Row>
[[gnu::cold, gnu::noinline]] void fit_room(std::vector<Row>& rows) {
    std::vector<Row> fitting(rows.size());
    for (std::size_t i = 0; i != rows.size(); ++i) fitting[i] = std::move(rows[i]);
    rows.swap(fitting);
}

/// Room that `make_room_for_rest` may have made for twice as many as came, or more, is given back.
template <class Row, class Execution>
void give_room_back(std::vector<Row>& rows, const Execution& execution) {
    if constexpr (requires { execution.rows_left(); })
        if (rows.capacity() > 2 * rows.size()) fit_room(rows);
}

}  // namespace rowan::detail
