#pragma once

#include <rowan/core/inline.hpp>
#include <rowan/core/real.hpp>
#include <rowan/core/result.hpp>
#include <rowan/core/time.hpp>
#include <rowan/query/statement.hpp>
#include <rowan/session/observation.hpp>
#include <rowan/session/result_column.hpp>
#include <rowan/session/upserted.hpp>
#include <rowan/sqlite/cell.hpp>
#include <rowan/sqlite/describe.hpp>
#include <rowan/sqlite/errors.hpp>
#include <rowan/sqlite/feed.hpp>
#include <rowan/sqlite/limits.hpp>
#include <rowan/sqlite/list.hpp>
#include <rowan/sqlite/prepared.hpp>
#include <rowan/sqlite/row.hpp>
#include <rowan/sqlite/taker.hpp>
#include <rowan/types/fault.hpp>
#include <rowan/types/iso8601.hpp>
#include <rowan/types/stored.hpp>
#include <rowan/types/timestamp.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <sqlite3.h>

namespace rowan::sqlite {

/// A statement under way: see the Execution concept. Text and bytes are bound without a copy. A template of a
/// connection's handle, as a program then compiles only those of its functions that it calls.
template <class Handle>
class ExecutionOn {
public:
    using RowTaker = sqlite::RowTaker;
    using Row = sqlite::Row;

    template <class Connection>
    ExecutionOn(Connection& connection, const Statement& statement) : ExecutionOn{connection, statement, statement} {}

    /// Runs `statement`, and calls it by the text of `shown` where it fails or is observed.
    template <class Connection>
    ExecutionOn(Connection& connection, const Statement& statement, const Statement& shown)
        : ExecutionOn{connection.native(),
                      connection.prepared(),
                      connection.limits(),
                      connection.observer_slot(),
                      connection.taker_seat(),
                      statement,
                      shown} {}

    ExecutionOn(const ExecutionOn&) = delete;
    ExecutionOn& operator=(const ExecutionOn&) = delete;
    ~ExecutionOn() {
        if (observation_ != nullptr) [[unlikely]]
            drop_observation();
        prepared_.give_back(taken_);
        if (lists_ != nullptr) [[unlikely]]
            drop_lists();
    }

    ROWAN_ALWAYS_INLINE Fault put_null() {
        if (const int code = sqlite3_bind_null(taken_.statement, ++parameter_); (code | attention_) != 0) [[unlikely]]
            if (auto* values = note(code)) (void)values->put_null();
        return Fault::none;
    }
    ROWAN_ALWAYS_INLINE Fault put(bool value) {
        return note(sqlite3_bind_int64(taken_.statement, ++parameter_, value ? 1 : 0), value);
    }
    ROWAN_ALWAYS_INLINE Fault put(std::int64_t value) {
        return note(sqlite3_bind_int64(taken_.statement, ++parameter_, value), value);
    }
    ROWAN_ALWAYS_INLINE Fault put(double value) {
        // SQLite would store NULL.
        if (rowan::detail::is_nan(value)) return Fault::not_a_number;
        return note(sqlite3_bind_double(taken_.statement, ++parameter_, value), value);
    }
    ROWAN_ALWAYS_INLINE Fault put(std::string_view value) {
        // A null pointer would mean NULL.
        const char* text = value.data() != nullptr ? value.data() : "";
        return note(sqlite3_bind_text64(taken_.statement, ++parameter_, text, value.size(), SQLITE_STATIC, SQLITE_UTF8),
                    value);
    }
    Fault put(std::span<const std::byte> value) {
        const void* bytes = value.data() != nullptr ? static_cast<const void*>(value.data()) : "";
        return note(sqlite3_bind_blob64(taken_.statement, ++parameter_, bytes, value.size(), SQLITE_STATIC), value);
    }
    Fault put(Timestamp value) {
        return note(sqlite3_bind_int64(taken_.statement, ++parameter_, value.time_since_epoch().count()), value);
    }
    Fault put(std::chrono::sys_days value) {
        char text[rowan::detail::date_length];
        if (!rowan::detail::format_date(value, text)) return Fault::out_of_range;
        return note(sqlite3_bind_text(taken_.statement, ++parameter_, text, sizeof text, SQLITE_TRANSIENT), value);
    }

    /// A list for `rowan_list(?)`: `fill(list)` puts its values.
    template <class Fill>
    Fault put_list(Stored stored, Fill fill) {
        lists_ = new BoundList{{}, lists_};
        List& list = lists_->list;
        if (const Fault fault = fill(list); fault != Fault::none) return fault;
        const int code = sqlite3_bind_pointer(taken_.statement, ++parameter_, &list, List::pointer_type, nullptr);
        if ((code | attention_) != 0) [[unlikely]]
            if (auto* values = note(code)) list.show(*values, stored);
        return Fault::none;
    }

    /// The rows of `rowan_rows(?)`, which must outlive the run.
    void put_feed(RowFeed& feed) {
        const int code = sqlite3_bind_pointer(taken_.statement, ++parameter_, &feed, RowFeed::pointer_type, nullptr);
        if ((code | attention_) != 0) [[unlikely]]
            if (auto* values = note(code)) values->put_rows_of(feed.rows());
    }

    [[nodiscard]] Result<bool> next() {
        const int code = step();
        if (code == SQLITE_ROW) return true;
        if (code == SQLITE_DONE) return false;
        return Failure(error(code));
    }

    /// Runs a query that hands its rows to `taker`.
    [[nodiscard]] Result<void> run_take(RowTaker& taker) {
        const TakerSeat::Seated seated{seat_, taker};
        taker_ = &taker;
        int code = SQLITE_ROW;
        while ((code = step()) == SQLITE_ROW) {
            sqlite3_value* number = sqlite3_column_value(taken_.statement, 0);
            if (sqlite3_value_type(number) == SQLITE_INTEGER)
                taker.place(static_cast<std::size_t>(sqlite3_value_int64(number)));
        }
        taker_ = nullptr;
        if (code != SQLITE_DONE) return Failure(error(code));
        prepared_.remember_rows(statement_, taker.rows());
        return {};
    }
    /// The same for a query that has one row at most.
    [[nodiscard]] Result<void> run_take_one(RowTaker& taker) {
        const TakerSeat::Seated seated{seat_, taker};
        const int code = step();
        if (code != SQLITE_ROW && code != SQLITE_DONE) [[unlikely]]
            return Failure(error(code));
        return {};
    }

    /// How many rows to make room for: as many as there were the last time.
    [[nodiscard]] std::size_t expected_rows() const { return prepared_.rows(statement_); }

    [[nodiscard]] Result<std::int64_t> run() {
        const int before = sqlite3_total_changes(db_);
        if (const int code = finish(); code != SQLITE_DONE) [[unlikely]]
            return Failure(error(code));
        return changed_since(before);
    }

    /// Runs an INSERT and gives the key that the database made.
    [[nodiscard]] Result<std::int64_t> run_insert() {
        if (const int code = finish(); code != SQLITE_DONE) [[unlikely]]
            return Failure(error(code));
        // The last key would be that of another row.
        if (sqlite3_changes(db_) == 0) [[unlikely]]
            return Failure(Error{Category::internal, Code::internal_error,
                                 "the row was not stored, or by a trigger, so that its key is not known: does a "
                                 "trigger leave it out, or stand in for the INSERT of a view?"});
        return sqlite3_last_insert_rowid(db_);
    }

    /// Runs an upsert and tells what it did. An insert sets the last rowid, so a rowid that cannot be this row's
    /// is set before: the smallest, unless `key`, the integer key that comes with the row, is just that.
    /// Tables WITHOUT ROWID do not set it: there an insert looks like an update.
    [[nodiscard]] Result<Upserted> run_upsert(std::int64_t key) {
        constexpr std::int64_t smallest = std::numeric_limits<std::int64_t>::min();
        const std::int64_t other = key == smallest ? 0 : smallest;
        sqlite3_set_last_insert_rowid(db_, other);
        const Result<std::int64_t> changed = run();
        if (!changed) return Failure(changed.error());
        if (sqlite3_last_insert_rowid(db_) != other) return Upserted::inserted;
        return *changed != 0 ? Upserted::updated : Upserted::unchanged;
    }

    [[nodiscard]] int columns() const { return sqlite3_column_count(taken_.statement); }
    [[nodiscard]] std::string_view column_name(int column) const {
        return sqlite3_column_name(taken_.statement, column);
    }

    [[nodiscard]] Cell cell(int column) const { return {taken_.statement, column}; }
    /// The first values of the row.
    [[nodiscard]] FetchedRow row(std::size_t columns) const { return {taken_.statement, static_cast<int>(columns)}; }

    /// The columns that the statement would give.
    [[nodiscard]] Result<std::vector<ResultColumn>> describe() const {
        if (code_ != SQLITE_OK) return Failure(error(code_));
        return sqlite::describe(db_, taken_.statement);
    }

private:
    struct BoundList {
        List list;
        BoundList* earlier;
    };

    ExecutionOn(Handle* db, PreparedStatements& prepared, const TransactionLimits& limits, const ObserverSlot& slot,
                TakerSeat& seat, const Statement& statement, const Statement& shown)
        : db_{db},
          prepared_{prepared},
          limits_{limits},
          seat_{seat},
          statement_{statement},
          shown_{shown},
          taken_{prepared.take_idle(statement)} {
        if (taken_.statement == nullptr || !slot.is_empty()) [[unlikely]]
            begin(slot);
    }

    /// What seldom needs to be done first.
    [[gnu::cold, gnu::noinline]] void begin(const ObserverSlot& slot) {
        if (taken_.statement == nullptr) taken_ = prepared_.prepare(db_, statement_);
        code_ = attention_ = taken_.code;
        if (slot.is_empty()) return;
        observation_ = new Observation{slot, shown_.text(), statement_.is_kept()};
        attention_ = 1;
    }

    template <class Value>
    ROWAN_ALWAYS_INLINE Fault note(int code, Value value) {
        if ((code | attention_) != 0) [[unlikely]]
            show(code, value);
        return Fault::none;
    }
    template <class Value>
    [[gnu::cold, gnu::noinline]] void show(int code, Value value) {
        if (auto* values = note(code)) (void)values->put(value);
    }

    /// Keeps the first failure; gives the place for the values that an observer wants.
    [[gnu::cold]] rowan::detail::ValueTexts* note(int code) {
        if (code_ == SQLITE_OK) code_ = code;
        attention_ = 1;
        return observation_ != nullptr ? observation_->values() : nullptr;
    }

    [[gnu::cold, nodiscard]] int step_with_attention() {
        if (observation_ == nullptr) return code_;
        if (!observation_->is_started()) {
            changes_ = sqlite3_total_changes(db_);
            observation_->start();
        }
        const int code = code_ == SQLITE_OK ? sqlite3_step(taken_.statement) : code_;
        if (code == SQLITE_ROW) {
            observation_->count_row();
        } else if (code == SQLITE_DONE) {
            end_observation(nullptr);
        } else {
            const Error failed = error(code);
            end_observation(&failed);
        }
        return code;
    }

    void end_observation(const Error* error) noexcept {
        std::int64_t rows = taker_ != nullptr ? static_cast<std::int64_t>(taker_->rows()) : observation_->rows();
        if (rows == 0 && error == nullptr) rows = changed_since(changes_);
        observation_->end(rows, error);
    }

    [[gnu::cold, gnu::noinline]] void drop_observation() noexcept {
        end_observation(nullptr);
        delete observation_;
    }

    [[gnu::noinline]] void drop_lists() noexcept {
        while (lists_ != nullptr) delete std::exchange(lists_, lists_->earlier);
    }

    /// How many rows the statement has changed. What is no INSERT, UPDATE or DELETE leaves the number of an earlier
    /// one.
    [[nodiscard]] std::int64_t changed_since(int before) const noexcept {
        if (sqlite3_total_changes(db_) == before) return 0;
#if SQLITE_VERSION_NUMBER >= 3037000
        return sqlite3_changes64(db_);
#else
        return sqlite3_changes(db_);
#endif
    }

    [[nodiscard]] int step() { return attention_ == 0 ? sqlite3_step(taken_.statement) : step_with_attention(); }

    /// Runs it to its end, whatever rows it gives.
    [[nodiscard]] int finish() {
        int code = step();
        while (code == SQLITE_ROW) [[unlikely]]
            code = step();
        return code;
    }

    [[gnu::cold, gnu::noinline, nodiscard]] Error error(int code) const {
        if (code == PreparedStatements::several)
            return Error{Category::programming, Code::syntax_error,
                         "a text with parameters or rows holds one statement, but here is another behind it: run each "
                         "alone, or all with execute(unsafe_sql{text})"}
                .in_statement(shown_.text());
        // A later call may have put its own message in the place of the first failure's.
        const bool current = sqlite3_extended_errcode(db_) == code;
        return limits_.error(code, current ? sqlite3_errmsg(db_) : sqlite3_errstr(code), shown_.text());
    }

    Handle* db_;
    PreparedStatements& prepared_;
    const TransactionLimits& limits_;
    TakerSeat& seat_;
    const Statement& statement_;
    const Statement& shown_;
    PreparedStatements::Taken taken_;
    /// Its own, and known to the statement until that is bound anew or reset.
    BoundList* lists_ = nullptr;
    int parameter_ = 0;
    int code_ = SQLITE_OK;
    /// Not 0 when something has failed or an observer looks on, so that the ordinary way has one number to look at.
    int attention_ = 0;
    int changes_ = 0;
    const RowTaker* taker_ = nullptr;
    /// Its own. A smart pointer would be looked at once more in the ordinary way.
    Observation* observation_ = nullptr;
};

using Execution = ExecutionOn<sqlite3>;

}  // namespace rowan::sqlite
