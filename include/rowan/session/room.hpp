#pragma once

#include <cstddef>
#include <utility>
#include <vector>

/// Room for rows before they come: to grow is to move each of them once or twice, into memory that the system has yet
/// to give.
namespace rowan::detail {

/// For as many as are expected, within reason.
template <class Row>
void make_room(std::vector<Row>& rows, std::size_t expected) {
    constexpr std::size_t most = (std::size_t{64} << 20) / sizeof(Row);
    rows.reserve(expected < most ? expected : most);
}

/// For those of an execution whose first row is there, if it knows how many there are: see the Execution concept.
template <class Row, class Execution>
void make_room_for_rest(std::vector<Row>& rows, const Execution& execution) {
    if constexpr (requires { execution.rows_left(); }) {
        if (const std::size_t expected = execution.rows_expected(); expected != 0)
            make_room(rows, rows.size() + expected);
        else
            rows.reserve(rows.size() + execution.rows_left());
    }
}

/// Moves them to where they just fit. (shrink_to_fit would cost the compiler as much as reading the rows.)
template <class Row>
[[gnu::cold, gnu::noinline]] void fit_room(std::vector<Row>& rows) {
    std::vector<Row> fitting(rows.size());
    for (std::size_t i = 0; i != rows.size(); ++i) fitting[i] = std::move(rows[i]);
    rows.swap(fitting);
}

/// Room for twice as many as came, or more, is given back.
template <class Row>
void give_room_back(std::vector<Row>& rows) {
    if (rows.capacity() > 2 * rows.size()) fit_room(rows);
}

/// The same where `make_room_for_rest` may have made it.
template <class Row, class Execution>
void give_room_back(std::vector<Row>& rows, const Execution& execution) {
    if constexpr (requires { execution.rows_left(); }) give_room_back(rows);
}

}  // namespace rowan::detail
