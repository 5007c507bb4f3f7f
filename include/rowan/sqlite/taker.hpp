#pragma once

#include <rowan/sqlite/row.hpp>

#include <cstddef>
#include <exception>
#include <utility>
#include <vector>

#include <sqlite3.h>

/// Rows handed to the program by SQL: `SELECT rowan_take(a, b) FROM t ORDER BY a` gives each row to the RowTaker that
/// sits in the connection's TakerSeat, and a number, so that a statement which has to sort sorts numbers instead of
/// rows. `rowan_take_all` is an aggregate, which has one result for all rows, but no order. Both cost less than to ask
/// the statement for each value of each row. https://www.sqlite.org/appfunc.html
namespace rowan::sqlite {

/// Takes the rows of one statement. Like all of a connection, for one thread. A template, as a program then compiles
/// only those of its functions that it calls.
template <class Number>
class RowTakerOf {
public:
    /// How many columns rows can have: functions have up to 127 arguments.
    static constexpr std::size_t widest = 127;

    /// `take(target, row)` keeps a row; false: it cannot, and the statement ends. It may throw.
    using Take = bool (*)(void* target, const Row& row);

    RowTakerOf(void* target, Take how, std::size_t columns)
        : target_{target}, take_{how}, columns_{static_cast<int>(columns)} {}
    RowTakerOf(const RowTakerOf&) = delete;
    RowTakerOf& operator=(const RowTakerOf&) = delete;

    [[nodiscard]] std::size_t rows() const noexcept { return rows_; }

    /// Throws what `take` has thrown.
    void rethrow() const {
        if (exception_) std::rethrow_exception(exception_);
    }

    /// Which of the rows, in the order in which they were taken, comes in which place; empty where they came in order.
    [[nodiscard]] std::vector<std::size_t>& order() noexcept { return order_; }

    // What the functions below and an Execution use.
    [[nodiscard]] bool take(sqlite3_value** values, int columns) noexcept {
        // Somebody else's statement, from within the one that this is for.
        if (columns != columns_) [[unlikely]]
            return false;
#if defined(__cpp_exceptions)
        try {
            return take_(target_, Row{values}) && ++rows_ != 0;
        } catch (...) {
            exception_ = std::current_exception();
            return false;
        }
#else
        return take_(target_, Row{values}) && ++rows_ != 0;
#endif
    }
    /// The row of that number is next in the statement's order.
    void place(std::size_t row) {
        if (order_.empty()) {
            if (row == placed_) {
                ++placed_;
                return;
            }
            order_.reserve(rows_);
            for (std::size_t i = 0; i != placed_; ++i) order_.push_back(i);
        }
        order_.push_back(row);
    }

private:
    void* target_;
    Take take_;
    int columns_;
    std::size_t rows_ = 0;
    std::size_t placed_ = 0;
    /// Empty as long as the rows come in their order.
    std::vector<Number> order_{};
    std::exception_ptr exception_{};
};

using RowTaker = RowTakerOf<std::size_t>;

/// Where the functions of a connection look for who takes the rows of the statement that is under way. It belongs to
/// SQLite, so that it stays where they know it to be. (A parameter with a pointer would be bound for each statement
/// and asked for its type for each row.)
struct TakerSeat {
    RowTaker* taker = nullptr;

    /// Takes the seat for as long as a statement runs, which may run another one from within.
    class Seated {
    public:
        Seated(TakerSeat& seat, RowTaker& taker) : seat_{seat}, outer_{std::exchange(seat.taker, &taker)} {}
        Seated(const Seated&) = delete;
        Seated& operator=(const Seated&) = delete;
        ~Seated() { seat_.taker = outer_; }

    private:
        TakerSeat& seat_;
        RowTaker* outer_;
    };
};

namespace detail {

/// The taker, if it has taken the row.
inline RowTaker* take_row(sqlite3_context* context, int columns, sqlite3_value** values) {
    RowTaker* const taker = static_cast<TakerSeat*>(sqlite3_user_data(context))->taker;
    if (taker != nullptr && taker->take(values, columns)) [[likely]]
        return taker;
    // The one who made the taker knows more; this is for an observer of the statement.
    sqlite3_result_error(context, "a row could not be read", -1);
    sqlite3_result_error_code(context, SQLITE_MISMATCH);
    return nullptr;
}

inline void call_take(sqlite3_context* context, int columns, sqlite3_value** values) {
    if (const RowTaker* taker = take_row(context, columns, values))
        sqlite3_result_int64(context, static_cast<sqlite3_int64>(taker->rows() - 1));
}

inline void step_take_all(sqlite3_context* context, int columns, sqlite3_value** values) {
    take_row(context, columns, values);
}
inline void end_take_all(sqlite3_context* context) { sqlite3_result_null(context); }

}  // namespace detail

/// Gives the connection the functions, and `seat` their seat, which is there as long as the connection.
[[nodiscard]] inline int register_taker(sqlite3* db, TakerSeat*& seat) {
    constexpr int flags = SQLITE_UTF8 | SQLITE_DIRECTONLY;
    seat = new TakerSeat;
    const auto destroy = [](void* own) { delete static_cast<TakerSeat*>(own); };
    // Also where it fails, the seat is destroyed by SQLite.
    const int code =
        sqlite3_create_function_v2(db, "rowan_take", -1, flags, seat, &detail::call_take, nullptr, nullptr, destroy);
    if (code != SQLITE_OK) return code;
    return sqlite3_create_function_v2(db, "rowan_take_all", -1, flags, seat, nullptr, &detail::step_take_all,
                                      &detail::end_take_all, nullptr);
}

}  // namespace rowan::sqlite
