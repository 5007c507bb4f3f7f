#pragma once

#include <rowan/sqlite/cell.hpp>

#include <cstddef>
#include <exception>
#include <vector>

#include <sqlite3.h>

/// Rows handed to the program by SQL: `SELECT rowan_take(?1, a, b) FROM t ORDER BY a`, where the parameter is a pointer
/// to a RowTaker. It gives each row a number, so that a statement which has to sort sorts numbers instead of rows.
/// `rowan_take_all` is an aggregate, which has one result for all rows, but no order. Both cost less than to ask the
/// statement for each value of each row. https://www.sqlite.org/appfunc.html, https://www.sqlite.org/bindptr.html
namespace rowan::sqlite {

/// The values of a row that is handed over.
class TakenRow {
public:
    explicit TakenRow(sqlite3_value** values) : values_{values} {}
    [[nodiscard]] Cell cell(int column) const { return Cell{values_[column]}; }

private:
    sqlite3_value** values_;
};

/// Takes the rows of one statement. Like all of a connection, for one thread. A template, as a program then compiles
/// only those of its functions that it calls.
template <class Number>
class RowTakerOf {
public:
    using Row = TakenRow;
    /// How many columns rows can have: functions have up to 127 arguments.
    static constexpr std::size_t widest = 126;
    static constexpr const char* pointer_type = "rowan_taker";

    /// `take(target, row)` keeps a row; false: it cannot, and the statement ends. It may throw.
    using Take = bool (*)(void* target, const TakenRow& row);

    RowTakerOf(void* target, Take how) : target_{target}, take_{how} {}
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
    [[nodiscard]] bool take(sqlite3_value** values) noexcept {
#if defined(__cpp_exceptions)
        try {
            return take_(target_, TakenRow{values}) && ++rows_ != 0;
        } catch (...) {
            exception_ = std::current_exception();
            return false;
        }
#else
        return take_(target_, TakenRow{values}) && ++rows_ != 0;
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
    std::size_t rows_ = 0;
    std::size_t placed_ = 0;
    /// Empty as long as the rows come in their order.
    std::vector<Number> order_{};
    std::exception_ptr exception_{};
};

using RowTaker = RowTakerOf<std::size_t>;

namespace detail {

/// The taker, if it has taken the row.
inline RowTaker* take_row(sqlite3_context* context, sqlite3_value** values) {
    auto* taker = static_cast<RowTaker*>(sqlite3_value_pointer(values[0], RowTaker::pointer_type));
    if (taker != nullptr && taker->take(values + 1)) [[likely]]
        return taker;
    // The one who made the taker knows more; this is for an observer of the statement.
    sqlite3_result_error(context, "a row could not be read", -1);
    sqlite3_result_error_code(context, SQLITE_MISMATCH);
    return nullptr;
}

inline void call_take(sqlite3_context* context, int, sqlite3_value** values) {
    if (const RowTaker* taker = take_row(context, values))
        sqlite3_result_int64(context, static_cast<sqlite3_int64>(taker->rows() - 1));
}

inline void step_take_all(sqlite3_context* context, int, sqlite3_value** values) { take_row(context, values); }
inline void end_take_all(sqlite3_context* context) { sqlite3_result_null(context); }

}  // namespace detail

[[nodiscard]] inline int register_taker(sqlite3* db) {
    constexpr int flags = SQLITE_UTF8 | SQLITE_DIRECTONLY;
    const int code =
        sqlite3_create_function_v2(db, "rowan_take", -1, flags, nullptr, &detail::call_take, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return code;
    return sqlite3_create_function_v2(db, "rowan_take_all", -1, flags, nullptr, nullptr, &detail::step_take_all,
                                      &detail::end_take_all, nullptr);
}

}  // namespace rowan::sqlite
