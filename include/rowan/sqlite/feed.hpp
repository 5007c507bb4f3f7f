#pragma once

#include <rowan/sqlite/value.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <limits>
#include <new>
#include <string>

#include <sqlite3.h>

/// Rows of the program as a table: `INSERT INTO t (a, b) SELECT c0, c1 FROM rowan_rows(?1)`, where the parameter is a
/// pointer to a RowFeed. So any number of rows is one statement, which takes each row when it is due and copies no
/// text. https://www.sqlite.org/vtab.html, https://www.sqlite.org/bindptr.html
namespace rowan::sqlite {

/// What a feed gave when it was asked for a row.
enum class Fed : std::uint8_t {
    row,
    end,
    refused,  ///< there is a row, but it cannot be stored
};

/// Rows for one statement, each asked for when it is due. Like all of a connection, for one thread.
class RowFeed : public ValueSink<RowFeed> {
public:
    /// How many columns rows can have.
    static constexpr std::size_t widest = 127;
    static constexpr const char* pointer_type = "rowan_rows";

    /// `next(source, feed)` puts the values of the next row, if there is one. It may throw.
    using Next = Fed (*)(void* source, RowFeed& feed);

    RowFeed(void* source, Next next) : source_{source}, next_{next} {}
    RowFeed(const RowFeed&) = delete;
    RowFeed& operator=(const RowFeed&) = delete;

    /// Where the next value of the row goes.
    [[nodiscard]] Value& place() { return values_[width_++]; }

    /// How many rows it has given.
    [[nodiscard]] const std::size_t& rows() const noexcept { return rows_; }
    /// Has it been asked for more than there is?
    [[nodiscard]] bool is_over() const noexcept { return last_ == Fed::end; }
    /// How many rows were about to be updated by an upsert.
    [[nodiscard]] std::size_t tally() const noexcept { return tally_; }

    /// Throws what the range has thrown, once the statement that it went through is over.
    void rethrow() const {
        if (exception_) std::rethrow_exception(exception_);
    }

    /// From now on gives rows to no program but this one; 0: to any. Others find it empty, and it is `is_refused`.
    void accept(int program) noexcept {
        accepted_ = program;
        program_ = 0;
        refused_ = false;
    }
    [[nodiscard]] bool is_refused() const noexcept { return refused_; }
    /// The number of the program that has asked since, unique on the connection, or 0. A statement that is compiled
    /// anew, as it is when the schema changes, has another one.
    [[nodiscard]] int program() const noexcept { return program_; }

    // What the functions below use.
    [[nodiscard]] bool enter(int program) noexcept {
        program_ = program;
        refused_ = accepted_ != 0 && accepted_ != program;
        if (refused_) last_ = Fed::end;
        return !refused_;
    }
    [[nodiscard]] Fed advance() noexcept {
        width_ = 0;
        last_ = ask();
        if (last_ == Fed::row) ++rows_;
        return last_;
    }
    [[nodiscard]] const Value& value(std::size_t column) const noexcept { return values_[column]; }
    void count() noexcept { ++tally_; }

private:
    /// Nothing may be thrown through C.
    [[nodiscard]] Fed ask() noexcept {
#if defined(__cpp_exceptions)
        try {
            return next_(source_, *this);
        } catch (...) {
            exception_ = std::current_exception();
            return Fed::refused;
        }
#else
        return next_(source_, *this);
#endif
    }

    void* source_;
    Next next_;
    std::size_t width_ = 0;
    std::size_t rows_ = 0;
    std::size_t tally_ = 0;
    Fed last_ = Fed::row;
    bool refused_ = false;
    int accepted_ = 0;
    int program_ = 0;
    std::exception_ptr exception_{};
    std::array<Value, widest> values_;
};

namespace detail {

struct FeedTable : sqlite3_vtab {
    /// The number of the program that was compiled last.
    int* program = nullptr;
};

struct FeedCursor : sqlite3_vtab_cursor {
    RowFeed* feed = nullptr;
};

inline constexpr int feed_pointer_column = 0;

inline int connect_feed(sqlite3* db, void* program, int, const char* const*, sqlite3_vtab** table, char**) {
    sqlite3_vtab_config(db, SQLITE_VTAB_DIRECTONLY);
    char columns[16 + 5 * RowFeed::widest + 24];
    char* end = columns;
    const auto add = [&](const char* text) {
        while (*text != '\0') *end++ = *text++;
    };
    add("CREATE TABLE x(feed HIDDEN");
    for (std::size_t i = 0; i != RowFeed::widest; ++i) {
        add(",c");
        if (i >= 100) *end++ = static_cast<char>('0' + i / 100);
        if (i >= 10) *end++ = static_cast<char>('0' + i / 10 % 10);
        *end++ = static_cast<char>('0' + i % 10);
    }
    add(")");
    *end = '\0';
    const int code = sqlite3_declare_vtab(db, columns);
    if (code != SQLITE_OK) return code;
    *table = new (std::nothrow) FeedTable{{}, static_cast<int*>(program)};
    return *table != nullptr ? SQLITE_OK : SQLITE_NOMEM;
}

inline int disconnect_feed(sqlite3_vtab* table) {
    delete static_cast<FeedTable*>(table);
    return SQLITE_OK;
}

inline int plan_feed(sqlite3_vtab* table, sqlite3_index_info* info) {
    for (int i = 0; i != info->nConstraint; ++i) {
        const auto& constraint = info->aConstraint[i];
        if (constraint.iColumn != feed_pointer_column || constraint.op != SQLITE_INDEX_CONSTRAINT_EQ) continue;
        if (constraint.usable == 0) return SQLITE_CONSTRAINT;
        info->aConstraintUsage[i].argvIndex = 1;
        info->aConstraintUsage[i].omit = 1;
    }
    int& program = *static_cast<FeedTable*>(table)->program;
    program = program == std::numeric_limits<int>::max() ? 1 : program + 1;
    info->idxNum = program;
    // It can be read once.
    info->estimatedCost = 1e9;
    info->estimatedRows = 1'000'000;
    return SQLITE_OK;
}

inline int open_feed(sqlite3_vtab*, sqlite3_vtab_cursor** cursor) {
    *cursor = new (std::nothrow) FeedCursor{};
    return *cursor != nullptr ? SQLITE_OK : SQLITE_NOMEM;
}

inline int close_feed(sqlite3_vtab_cursor* cursor) {
    delete static_cast<FeedCursor*>(cursor);
    return SQLITE_OK;
}

inline int advance_feed(sqlite3_vtab_cursor* base) {
    if (static_cast<FeedCursor*>(base)->feed->advance() != Fed::refused) return SQLITE_OK;
    // The one who made the feed knows more; this is for an observer of the statement.
    base->pVtab->zErrMsg = sqlite3_mprintf("the range could not give its next row, or one that can be stored");
    return SQLITE_MISMATCH;
}

inline int filter_feed(sqlite3_vtab_cursor* base, int program, const char*, int count, sqlite3_value** values) {
    auto* cursor = static_cast<FeedCursor*>(base);
    cursor->feed =
        count == 1 ? static_cast<RowFeed*>(sqlite3_value_pointer(values[0], RowFeed::pointer_type)) : nullptr;
    return cursor->feed != nullptr && cursor->feed->enter(program) ? advance_feed(base) : SQLITE_OK;
}

inline int feed_is_over(sqlite3_vtab_cursor* base) {
    const RowFeed* feed = static_cast<FeedCursor*>(base)->feed;
    return feed == nullptr || feed->is_over() ? 1 : 0;
}

inline int feed_column(sqlite3_vtab_cursor* base, sqlite3_context* context, int column) {
    if (column != feed_pointer_column)
        static_cast<FeedCursor*>(base)->feed->value(static_cast<std::size_t>(column - 1)).give(context);
    return SQLITE_OK;
}

inline int feed_rowid(sqlite3_vtab_cursor* base, sqlite3_int64* rowid) {
    *rowid = static_cast<sqlite3_int64>(static_cast<FeedCursor*>(base)->feed->rows());
    return SQLITE_OK;
}

/// Without xCreate it is there without CREATE VIRTUAL TABLE, and never stored.
inline constexpr sqlite3_module feed_module = [] {
    sqlite3_module made{};
    made.xConnect = &connect_feed;
    made.xBestIndex = &plan_feed;
    made.xDisconnect = &disconnect_feed;
    made.xOpen = &open_feed;
    made.xClose = &close_feed;
    made.xFilter = &filter_feed;
    made.xNext = &advance_feed;
    made.xEof = &feed_is_over;
    made.xColumn = &feed_column;
    made.xRowid = &feed_rowid;
    return made;
}();

/// `rowan_tally(feed)`: true, and counts how often it was asked.
inline void call_tally(sqlite3_context* context, int, sqlite3_value** values) {
    auto* feed = static_cast<RowFeed*>(sqlite3_value_pointer(values[0], RowFeed::pointer_type));
    if (feed != nullptr) feed->count();
    sqlite3_result_int(context, 1);
}

}  // namespace detail

[[nodiscard]] inline int register_feed(sqlite3* db) {
    int* program = new (std::nothrow) int{0};
    if (program == nullptr) return SQLITE_NOMEM;
    const auto forget = [](void* given) { delete static_cast<int*>(given); };
    const int code = sqlite3_create_module_v2(db, "rowan_rows", &detail::feed_module, program, forget);
    if (code != SQLITE_OK) return code;
    return sqlite3_create_function_v2(db, "rowan_tally", 1, SQLITE_UTF8 | SQLITE_DIRECTONLY, nullptr,
                                      &detail::call_tally, nullptr, nullptr, nullptr);
}

}  // namespace rowan::sqlite
