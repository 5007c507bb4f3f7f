#include <sqlite/place.hpp>

namespace bench::sqlite {

namespace {

// BIGINT has the affinity of INTEGER; SOCI reads no more than 32 bits of a column that is declared INTEGER.
constexpr const char* candle_columns =
    "exchange TEXT NOT NULL, symbol TEXT NOT NULL, timeframe TEXT NOT NULL, start_time BIGINT NOT NULL, open REAL NOT "
    "NULL, high REAL NOT NULL, low REAL NOT NULL, close REAL NOT NULL, volume REAL NOT NULL, trades BIGINT NOT NULL, "
    "updated_at BIGINT NOT NULL";

std::string_view text_at(sqlite3_stmt* statement, int column) {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
    return {text, static_cast<std::size_t>(sqlite3_column_bytes(statement, column))};
}

}  // namespace

SqliteKeeper::SqliteKeeper(sqlite3* db, const Place& place) : db_{db}, place_{place} {
    if (place.is_file) execute(db, "PRAGMA journal_mode = WAL");
    execute(db, "PRAGMA synchronous = NORMAL");
    const std::string key = place.autoincrement ? "INTEGER PRIMARY KEY AUTOINCREMENT" : "INTEGER PRIMARY KEY";
    execute(db, ("CREATE TABLE candle (id " + key + ", " + candle_columns +
                 ", UNIQUE (exchange, symbol, timeframe, start_time))")
                    .c_str());
    execute(db, (std::string{"CREATE TABLE source (id INTEGER PRIMARY KEY, "} + candle_columns + ")").c_str());
    // As diesel_bench has them.
    execute(
        db,
        "CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, name VARCHAR NOT NULL, hair_color VARCHAR);"
        "CREATE TABLE posts (id INTEGER PRIMARY KEY AUTOINCREMENT, user_id INTEGER NOT NULL, title VARCHAR NOT NULL, "
        "body TEXT)");
    execute(db, "CREATE TABLE settled (done INTEGER)");
}

void SqliteKeeper::load(std::span<const Candle> candles) {
    execute(db_, "BEGIN");
    const Prepared insert = prepare(db_, "INSERT INTO source VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", 0);
    for (const Candle& candle : candles) {
        sqlite3_stmt* statement = insert.get();
        int column = 0;
        const auto put_text = [&](const std::string& text) {
            check(db_,
                  sqlite3_bind_text(statement, ++column, text.data(), static_cast<int>(text.size()), SQLITE_STATIC));
        };
        const auto put_integer = [&](std::int64_t value) {
            check(db_, sqlite3_bind_int64(statement, ++column, value));
        };
        put_integer(candle.id);
        for (const std::string* text : {&candle.exchange, &candle.symbol, &candle.timeframe}) put_text(*text);
        put_integer(candle.start_time);
        for (const double value : {candle.open, candle.high, candle.low, candle.close, candle.volume})
            check(db_, sqlite3_bind_double(statement, ++column, value));
        put_integer(candle.trades);
        put_integer(candle.updated_at);
        check(db_, sqlite3_step(statement), SQLITE_DONE);
        check(db_, sqlite3_reset(statement));
    }
    execute(db_, "COMMIT");
}

void SqliteKeeper::fill(const char* condition) {
    std::string script = "BEGIN; DELETE FROM candle;";
    if (place_.autoincrement) script += "DELETE FROM sqlite_sequence;";
    script += std::string{"INSERT INTO candle SELECT * FROM source WHERE "} + condition + "; COMMIT";
    execute(db_, script.c_str());
    settle();
}

std::uint64_t SqliteKeeper::digest() {
    Digest digest;
    const Prepared select = prepare(db_,
                                    "SELECT exchange, symbol, timeframe, start_time, open, high, low, close, volume, "
                                    "trades, updated_at FROM candle ORDER BY exchange, symbol, timeframe, start_time",
                                    0);
    int code = 0;
    while ((code = sqlite3_step(select.get())) == SQLITE_ROW) {
        for (int i = 0; i != 3; ++i) digest.add(text_at(select.get(), i));
        digest.add(std::int64_t{sqlite3_column_int64(select.get(), 3)});
        for (int i = 4; i != 9; ++i) digest.add(sqlite3_column_double(select.get(), i));
        for (int i = 9; i != 11; ++i) digest.add(std::int64_t{sqlite3_column_int64(select.get(), i)});
    }
    check(db_, code, SQLITE_DONE);
    return digest.value();
}

void SqliteKeeper::load_users(std::span<const User> users) {
    execute(db_, "BEGIN; DELETE FROM users; DELETE FROM posts; DELETE FROM sqlite_sequence");
    const Prepared insert = prepare(db_, "INSERT INTO users (name, hair_color) VALUES (?, ?)", 0);
    for (const User& user : users) {
        check(db_, sqlite3_bind_text(insert.get(), 1, user.name.c_str(), -1, SQLITE_STATIC));
        if (user.hair_color)
            check(db_, sqlite3_bind_text(insert.get(), 2, user.hair_color->c_str(), -1, SQLITE_STATIC));
        else
            check(db_, sqlite3_bind_null(insert.get(), 2));
        check(db_, sqlite3_step(insert.get()), SQLITE_DONE);
        check(db_, sqlite3_reset(insert.get()));
    }
    execute(db_, "COMMIT");
    settle();
}

std::uint64_t SqliteKeeper::digest_users() {
    Digest digest;
    const Prepared select = prepare(db_, "SELECT id, name, hair_color FROM users ORDER BY id", 0);
    int code = 0;
    while ((code = sqlite3_step(select.get())) == SQLITE_ROW) {
        digest.add(std::int64_t{sqlite3_column_int64(select.get(), 0)});
        digest.add(text_at(select.get(), 1));
        digest.add(text_at(select.get(), 2));
    }
    check(db_, code, SQLITE_DONE);
    return digest.value();
}

void SqliteKeeper::settle() {
    if (!place_.is_file) return;
    // The first commit of a new log waits for the disk, which would hide all else of a single row.
    execute(db_, "PRAGMA wal_checkpoint(TRUNCATE); DELETE FROM settled; INSERT INTO settled VALUES (1)");
}

}  // namespace bench::sqlite
