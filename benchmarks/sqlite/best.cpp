#include <sqlite/competitors.hpp>
#include <sqlite/feed.hpp>
#include <sqlite/hand.hpp>
#include <sqlite/text.hpp>
#include <string_view>
#include <utility>

namespace bench::sqlite {

namespace {

/// The best hand-written code that we know: a connection without mutexes, text bound without a copy (SQLITE_STATIC), no
/// clear_bindings (all parameters are bound anew), statements prepared to stay (SQLITE_PREPARE_PERSISTENT), each column
/// looked up once, and one statement for many rows.
class Best {
public:
    explicit Best(const Place& place)
        : db_{(place.clear(), open(place.path(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX))},
          keeper_{db_.get(), place},
          is_file_{place.is_file} {
        check(register_feeds(db_.get()));
    }

    Keeper& keeper() { return keeper_; }
    void begin() { run(begin_); }
    void commit() { run(commit_); }

    std::int64_t insert(const Candle& candle) {
        sqlite3_stmt* statement = insert_.get(text::insert);
        bind_values(statement, candle);
        run(statement);
        return sqlite3_last_insert_rowid(db_.get());
    }
    std::int64_t upsert_nothing(const Candle& candle) {
        return write(upsert_nothing_.get(text::upsert_nothing), candle);
    }
    std::int64_t upsert_update(const Candle& candle) { return write(upsert_update_.get(text::upsert_update), candle); }

    std::optional<Candle> find(std::int64_t id) {
        sqlite3_stmt* statement = find_.get(text::find);
        check(sqlite3_bind_int64(statement, 1, id));
        std::optional<Candle> candle;
        const int code = sqlite3_step(statement);
        if (code == SQLITE_ROW)
            read(statement, candle.emplace());
        else
            check(code, SQLITE_DONE);
        check(sqlite3_reset(statement));
        return candle;
    }

    /// A range of many rows goes through the aggregate, one call of sqlite3_step for all.
    std::vector<Candle> range(std::int64_t first, std::int64_t end) {
        std::vector<Candle> found;
        sqlite3_stmt* statement = take_range_.get("SELECT candle_take(?3, id, " ROWAN_BENCH_COLUMNS
                                                  ") FROM candle WHERE id >= ?1 AND id < ?2");
        check(sqlite3_bind_int64(statement, 1, first));
        check(sqlite3_bind_int64(statement, 2, end));
        check(sqlite3_bind_pointer(statement, 3, &found, take_pointer, nullptr));
        check(sqlite3_step(statement), SQLITE_ROW);
        check(sqlite3_reset(statement));
        return found;
    }
    std::vector<Candle> page_at(std::int64_t offset, std::int64_t count) {
        return page(page_at_.get(text::page_at), count, offset, count);
    }
    std::vector<Candle> page_behind(std::int64_t id, std::int64_t count) {
        return page(page_behind_.get(text::page_behind), id, count, count);
    }

    std::int64_t update(const Candle& candle) {
        sqlite3_stmt* statement = update_.get(text::update);
        bind_values(statement, candle);
        check(sqlite3_bind_int64(statement, 12, candle.id));
        run(statement);
        return sqlite3_changes(db_.get());
    }
    std::int64_t patch(const Candle& candle, double close, double volume) {
        sqlite3_stmt* statement = patch_.get(text::patch);
        check(sqlite3_bind_double(statement, 1, close));
        check(sqlite3_bind_double(statement, 2, volume));
        check(sqlite3_bind_int64(statement, 3, candle.id));
        run(statement);
        return sqlite3_changes(db_.get());
    }
    std::int64_t erase(std::int64_t id) {
        sqlite3_stmt* statement = erase_.get(text::erase);
        check(sqlite3_bind_int64(statement, 1, id));
        run(statement);
        return sqlite3_changes(db_.get());
    }

    std::uint64_t insert_many(RowSpan rows) {
        return feed(insert_many_.get("INSERT INTO candle (" ROWAN_BENCH_COLUMNS ") SELECT " ROWAN_BENCH_COLUMNS
                                     " FROM candle_rows(?1)"),
                    rows, rows_pointer);
    }
    std::uint64_t upsert_nothing_many(RowSpan rows) {
        return feed(upsert_nothing_many_.get("INSERT INTO candle (" ROWAN_BENCH_COLUMNS ") SELECT " ROWAN_BENCH_COLUMNS
                                             " FROM candle_rows(?1) WHERE true" ROWAN_BENCH_ON_CONFLICT "NOTHING"),
                    rows, rows_pointer);
    }
    std::uint64_t upsert_update_many(RowSpan rows) {
        return feed(
            upsert_update_many_.get("INSERT INTO candle (" ROWAN_BENCH_COLUMNS ") SELECT " ROWAN_BENCH_COLUMNS
                                    " FROM candle_rows(?1) WHERE true" ROWAN_BENCH_ON_CONFLICT ROWAN_BENCH_OVERWRITE),
            rows, rows_pointer);
    }
    /// In memory an update from a module is slower than row by row, on disk it is faster.
    std::uint64_t update_many(RowSpan rows) {
        if (is_file_)
            return feed(update_many_.get("UPDATE candle SET exchange = r.exchange, symbol = r.symbol, timeframe = "
                                         "r.timeframe, start_time = r.start_time, open = r.open, high = r.high, low = "
                                         "r.low, close = r.close, volume = r.volume, trades = r.trades, updated_at = "
                                         "r.updated_at FROM candle_rows(?1) AS r WHERE candle.id = r.id"),
                        rows, rows_pointer);
        std::int64_t changed = 0;
        begin();
        for (const Candle& row : rows) changed += update(row);
        commit();
        return static_cast<std::uint64_t>(changed);
    }
    std::vector<Candle> find_many(KeySpan keys) {
        std::vector<Candle> found;
        found.reserve(keys.size());
        sqlite3_stmt* statement = find_many_.get("SELECT candle_take(?2, id, " ROWAN_BENCH_COLUMNS
                                                 ") FROM candle_keys(?1) AS k CROSS JOIN candle ON id = k.key");
        check(sqlite3_bind_pointer(statement, 1, &keys, keys_pointer, nullptr));
        check(sqlite3_bind_pointer(statement, 2, &found, take_pointer, nullptr));
        check(sqlite3_step(statement), SQLITE_ROW);
        check(sqlite3_reset(statement));
        return found;
    }
    std::uint64_t erase_many(KeySpan keys) {
        return feed(erase_many_.get("DELETE FROM candle WHERE id IN candle_keys(?1)"), keys, keys_pointer);
    }

    std::vector<User> users() {
        sqlite3_stmt* statement = users_.get(text::users);
        std::vector<User> found;
        int code = 0;
        while ((code = sqlite3_step(statement)) == SQLITE_ROW) read(statement, found.emplace_back());
        check(code, SQLITE_DONE);
        check(sqlite3_reset(statement));
        return found;
    }

    std::vector<std::pair<User, std::optional<Post>>> users_with_posts(std::string_view color) {
        sqlite3_stmt* statement = users_with_posts_.get(text::users_with_posts);
        bind_text(statement, 1, color);
        std::vector<std::pair<User, std::optional<Post>>> found;
        int code = 0;
        while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
            auto& [user, post] = found.emplace_back();
            read(statement, user);
            sqlite3_value* id = sqlite3_column_value(statement, 3);
            if (sqlite3_value_type(id) == SQLITE_NULL) continue;
            post.emplace();
            post->id = sqlite3_value_int64(id);
            post->user_id = sqlite3_column_int64(statement, 4);
            post->title = text_at(statement, 5);
            if (sqlite3_column_type(statement, 6) != SQLITE_NULL) post->body = text_at(statement, 6);
        }
        check(code, SQLITE_DONE);
        check(sqlite3_reset(statement));
        return found;
    }

    /// One statement with as many rows as the batch has, kept prepared for the next batch of that size.
    std::size_t insert_users(std::span<const User> users) {
        if (users.size() != users_in_statement_) {
            std::string sql = "INSERT INTO users (name, hair_color) VALUES (?, ?)";
            for (std::size_t i = 1; i != users.size(); ++i) sql += ", (?, ?)";
            insert_users_ = prepare(db_.get(), sql.c_str(), SQLITE_PREPARE_PERSISTENT);
            users_in_statement_ = users.size();
        }
        int parameter = 0;
        for (const User& user : users) {
            bind_text(insert_users_.get(), ++parameter, user.name);
            if (user.hair_color)
                bind_text(insert_users_.get(), ++parameter, *user.hair_color);
            else
                check(sqlite3_bind_null(insert_users_.get(), ++parameter));
        }
        run(insert_users_.get());
        return static_cast<std::size_t>(sqlite3_changes(db_.get()));
    }

private:
    /// Prepared at its first use.
    class Lazy {
    public:
        explicit Lazy(sqlite3* db) : db_{db} {}
        sqlite3_stmt* get(const char* text) {
            if (!statement_) [[unlikely]]
                statement_ = prepare(db_, text, SQLITE_PREPARE_PERSISTENT);
            return statement_.get();
        }

    private:
        sqlite3* db_;
        Prepared statement_{};
    };

    void check(int code, int wanted = SQLITE_OK) const { sqlite::check(db_.get(), code, wanted); }
    void run(const Prepared& statement) { run(statement.get()); }
    void run(sqlite3_stmt* statement) {
        check(sqlite3_step(statement), SQLITE_DONE);
        check(sqlite3_reset(statement));
    }
    std::int64_t write(sqlite3_stmt* statement, const Candle& candle) {
        bind_values(statement, candle);
        const int before = sqlite3_total_changes(db_.get());
        run(statement);
        return sqlite3_total_changes(db_.get()) - before;
    }
    template <class Span>
    std::uint64_t feed(sqlite3_stmt* statement, Span span, const char* type) {
        check(sqlite3_bind_pointer(statement, 1, &span, type, nullptr));
        const int before = sqlite3_total_changes(db_.get());
        run(statement);
        return static_cast<std::uint64_t>(sqlite3_total_changes(db_.get()) - before);
    }

    void bind_text(sqlite3_stmt* statement, int parameter, std::string_view text) {
        check(sqlite3_bind_text(statement, parameter, text.data(), static_cast<int>(text.size()), SQLITE_STATIC));
    }
    void bind_values(sqlite3_stmt* statement, const Candle& candle) {
        bind_text(statement, 1, candle.exchange);
        bind_text(statement, 2, candle.symbol);
        bind_text(statement, 3, candle.timeframe);
        check(sqlite3_bind_int64(statement, 4, candle.start_time));
        check(sqlite3_bind_double(statement, 5, candle.open));
        check(sqlite3_bind_double(statement, 6, candle.high));
        check(sqlite3_bind_double(statement, 7, candle.low));
        check(sqlite3_bind_double(statement, 8, candle.close));
        check(sqlite3_bind_double(statement, 9, candle.volume));
        check(sqlite3_bind_int64(statement, 10, candle.trades));
        check(sqlite3_bind_int64(statement, 11, candle.updated_at));
    }

    static std::string_view text_at(sqlite3_stmt* statement, int column) {
        // Values of a connection without mutexes may be read in place.
        sqlite3_value* value = sqlite3_column_value(statement, column);
        const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(value));
        return {text, static_cast<std::size_t>(sqlite3_value_bytes(value))};
    }
    static void read(sqlite3_stmt* statement, Candle& candle) {
        candle.id = sqlite3_column_int64(statement, 0);
        candle.exchange = text_at(statement, 1);
        candle.symbol = text_at(statement, 2);
        candle.timeframe = text_at(statement, 3);
        candle.start_time = sqlite3_column_int64(statement, 4);
        candle.open = sqlite3_column_double(statement, 5);
        candle.high = sqlite3_column_double(statement, 6);
        candle.low = sqlite3_column_double(statement, 7);
        candle.close = sqlite3_column_double(statement, 8);
        candle.volume = sqlite3_column_double(statement, 9);
        candle.trades = sqlite3_column_int64(statement, 10);
        candle.updated_at = sqlite3_column_int64(statement, 11);
    }
    static void read(sqlite3_stmt* statement, User& user) {
        user.id = sqlite3_column_int64(statement, 0);
        user.name = text_at(statement, 1);
        sqlite3_value* color = sqlite3_column_value(statement, 2);
        if (sqlite3_value_type(color) == SQLITE_NULL) return;
        const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(color));
        user.hair_color.emplace(text, static_cast<std::size_t>(sqlite3_value_bytes(color)));
    }
    std::vector<Candle> page(sqlite3_stmt* statement, std::int64_t first, std::int64_t second, std::int64_t count) {
        check(sqlite3_bind_int64(statement, 1, first));
        check(sqlite3_bind_int64(statement, 2, second));
        std::vector<Candle> found;
        found.reserve(static_cast<std::size_t>(count));
        int code = 0;
        while ((code = sqlite3_step(statement)) == SQLITE_ROW) read(statement, found.emplace_back());
        check(code, SQLITE_DONE);
        check(sqlite3_reset(statement));
        return found;
    }

    Database db_;
    SqliteKeeper keeper_;
    bool is_file_;
    Prepared begin_ = prepare(db_.get(), "BEGIN IMMEDIATE", SQLITE_PREPARE_PERSISTENT);
    Prepared commit_ = prepare(db_.get(), "COMMIT", SQLITE_PREPARE_PERSISTENT);
    Lazy insert_{db_.get()}, upsert_nothing_{db_.get()}, upsert_update_{db_.get()}, find_{db_.get()},
        take_range_{db_.get()}, page_at_{db_.get()}, page_behind_{db_.get()}, update_{db_.get()}, patch_{db_.get()},
        erase_{db_.get()}, insert_many_{db_.get()}, upsert_nothing_many_{db_.get()}, upsert_update_many_{db_.get()},
        update_many_{db_.get()}, find_many_{db_.get()}, erase_many_{db_.get()}, users_{db_.get()},
        users_with_posts_{db_.get()};
    Prepared insert_users_{};
    std::size_t users_in_statement_ = 0;
};

}  // namespace

void enter_best(Suite& suite, const Course& course) { enter<Best>(suite, "best", course); }

}  // namespace bench::sqlite
