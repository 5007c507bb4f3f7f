#include <cstddef>
#include <exception>
#include <sqlite/feed.hpp>
#include <string>

namespace bench::sqlite {

namespace {

struct Rows {
    using Item = Candle;
    static constexpr const char* pointer = rows_pointer;
    static constexpr const char* schema = "CREATE TABLE x(id, exchange, symbol, timeframe, start_time, open, high, "
                                          "low, close, volume, trades, updated_at, "
                                          "feed HIDDEN)";
    static constexpr int feed_column = 12;
    static constexpr sqlite3_int64 estimate = 1'000'000;

    static void text(sqlite3_context* context, const std::string& value) {
        sqlite3_result_text(context, value.data(), static_cast<int>(value.size()), SQLITE_STATIC);
    }
    static void give(const Candle& candle, int column, sqlite3_context* context) {
        switch (column) {
            case 0: return sqlite3_result_int64(context, candle.id);
            case 1: return text(context, candle.exchange);
            case 2: return text(context, candle.symbol);
            case 3: return text(context, candle.timeframe);
            case 4: return sqlite3_result_int64(context, candle.start_time);
            case 5: return sqlite3_result_double(context, candle.open);
            case 6: return sqlite3_result_double(context, candle.high);
            case 7: return sqlite3_result_double(context, candle.low);
            case 8: return sqlite3_result_double(context, candle.close);
            case 9: return sqlite3_result_double(context, candle.volume);
            case 10: return sqlite3_result_int64(context, candle.trades);
            case 11: return sqlite3_result_int64(context, candle.updated_at);
            default: return;
        }
    }
};

struct Keys {
    using Item = std::int64_t;
    static constexpr const char* pointer = keys_pointer;
    static constexpr const char* schema = "CREATE TABLE x(key INTEGER, feed HIDDEN)";
    static constexpr int feed_column = 1;
    static constexpr sqlite3_int64 estimate = 1'000;

    static void give(std::int64_t key, int column, sqlite3_context* context) {
        if (column == 0) sqlite3_result_int64(context, key);
    }
};

template <class Feed>
struct Cursor : sqlite3_vtab_cursor {
    const typename Feed::Item* at = nullptr;
    const typename Feed::Item* end = nullptr;
    const typename Feed::Item* begin = nullptr;
};

template <class Feed>
const sqlite3_module* module_of() {
    static const sqlite3_module module = [] {
        sqlite3_module made{};
        made.xConnect = [](sqlite3* db, void*, int, const char* const*, sqlite3_vtab** table, char**) {
            sqlite3_vtab_config(db, SQLITE_VTAB_DIRECTONLY);
            const int code = sqlite3_declare_vtab(db, Feed::schema);
            if (code == SQLITE_OK) *table = new sqlite3_vtab{};
            return code;
        };
        made.xDisconnect = [](sqlite3_vtab* table) {
            delete table;
            return SQLITE_OK;
        };
        made.xBestIndex = [](sqlite3_vtab*, sqlite3_index_info* info) {
            for (int i = 0; i != info->nConstraint; ++i) {
                const auto& constraint = info->aConstraint[i];
                if (constraint.iColumn != Feed::feed_column || constraint.op != SQLITE_INDEX_CONSTRAINT_EQ) continue;
                if (constraint.usable == 0) return SQLITE_CONSTRAINT;
                info->aConstraintUsage[i].argvIndex = 1;
                info->aConstraintUsage[i].omit = 1;
            }
            // Dear enough not to be read again for each row of a table.
            info->estimatedCost = static_cast<double>(Feed::estimate);
            info->estimatedRows = Feed::estimate;
            return SQLITE_OK;
        };
        made.xOpen = [](sqlite3_vtab*, sqlite3_vtab_cursor** cursor) {
            *cursor = new Cursor<Feed>{};
            return SQLITE_OK;
        };
        made.xClose = [](sqlite3_vtab_cursor* cursor) {
            delete static_cast<Cursor<Feed>*>(cursor);
            return SQLITE_OK;
        };
        made.xFilter = [](sqlite3_vtab_cursor* base, int, const char*, int count, sqlite3_value** values) {
            using Span = std::span<const typename Feed::Item>;
            const auto* span =
                count == 1 ? static_cast<const Span*>(sqlite3_value_pointer(values[0], Feed::pointer)) : nullptr;
            if (span == nullptr) return SQLITE_MISUSE;
            auto* cursor = static_cast<Cursor<Feed>*>(base);
            cursor->begin = cursor->at = span->data();
            cursor->end = span->data() + span->size();
            return SQLITE_OK;
        };
        made.xNext = [](sqlite3_vtab_cursor* cursor) {
            ++static_cast<Cursor<Feed>*>(cursor)->at;
            return SQLITE_OK;
        };
        made.xEof = [](sqlite3_vtab_cursor* base) {
            const auto* cursor = static_cast<Cursor<Feed>*>(base);
            return static_cast<int>(cursor->at == cursor->end);
        };
        made.xColumn = [](sqlite3_vtab_cursor* cursor, sqlite3_context* context, int column) {
            Feed::give(*static_cast<Cursor<Feed>*>(cursor)->at, column, context);
            return SQLITE_OK;
        };
        made.xRowid = [](sqlite3_vtab_cursor* base, sqlite3_int64* rowid) {
            const auto* cursor = static_cast<Cursor<Feed>*>(base);
            *rowid = cursor->at - cursor->begin;
            return SQLITE_OK;
        };
        return made;
    }();
    return &module;
}

void take_row(sqlite3_context* context, int, sqlite3_value** values) {
    auto* rows = static_cast<Taken*>(sqlite3_value_pointer(values[0], take_pointer));
    if (rows == nullptr) return sqlite3_result_error_code(context, SQLITE_MISUSE);
    try {
        Candle& candle = rows->emplace_back();
        const auto text = [&](int i) {
            const auto* begin = reinterpret_cast<const char*>(sqlite3_value_text(values[i]));
            return std::string_view{begin, static_cast<std::size_t>(sqlite3_value_bytes(values[i]))};
        };
        candle.id = sqlite3_value_int64(values[1]);
        candle.exchange = text(2);
        candle.symbol = text(3);
        candle.timeframe = text(4);
        candle.start_time = sqlite3_value_int64(values[5]);
        candle.open = sqlite3_value_double(values[6]);
        candle.high = sqlite3_value_double(values[7]);
        candle.low = sqlite3_value_double(values[8]);
        candle.close = sqlite3_value_double(values[9]);
        candle.volume = sqlite3_value_double(values[10]);
        candle.trades = sqlite3_value_int64(values[11]);
        candle.updated_at = sqlite3_value_int64(values[12]);
    } catch (const std::exception&) {
        sqlite3_result_error_nomem(context);
    }
}

}  // namespace

int register_feeds(sqlite3* db) {
    int code = sqlite3_create_module_v2(db, "candle_rows", module_of<Rows>(), nullptr, nullptr);
    if (code == SQLITE_OK) code = sqlite3_create_module_v2(db, "candle_keys", module_of<Keys>(), nullptr, nullptr);
    if (code == SQLITE_OK)
        code = sqlite3_create_function_v2(
            db, "candle_take", 13, SQLITE_UTF8 | SQLITE_DIRECTONLY, nullptr, nullptr, &take_row,
            [](sqlite3_context* context) { sqlite3_result_null(context); }, nullptr);
    return code;
}

}  // namespace bench::sqlite
