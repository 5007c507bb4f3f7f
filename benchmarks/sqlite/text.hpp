#pragma once

/// The statements that all competitors send which do not make their own.
namespace bench::sqlite::text {

#define ROWAN_BENCH_COLUMNS                                                                                            \
    "exchange, symbol, timeframe, start_time, open, high, low, close, volume, trades, updated_at"
#define ROWAN_BENCH_INSERT                                                                                             \
    "INSERT INTO candle (" ROWAN_BENCH_COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"
#define ROWAN_BENCH_ON_CONFLICT " ON CONFLICT (exchange, symbol, timeframe, start_time) DO "
#define ROWAN_BENCH_OVERWRITE                                                                                          \
    "UPDATE SET open = excluded.open, high = excluded.high, low = excluded.low, close = excluded.close, volume = "     \
    "excluded.volume, trades = excluded.trades, updated_at = excluded.updated_at"

inline constexpr const char* insert = ROWAN_BENCH_INSERT;
inline constexpr const char* upsert_nothing = ROWAN_BENCH_INSERT ROWAN_BENCH_ON_CONFLICT "NOTHING";
inline constexpr const char* upsert_update = ROWAN_BENCH_INSERT ROWAN_BENCH_ON_CONFLICT ROWAN_BENCH_OVERWRITE;
inline constexpr const char* find = "SELECT id, " ROWAN_BENCH_COLUMNS " FROM candle WHERE id = ?1";
inline constexpr const char* range =
    "SELECT id, " ROWAN_BENCH_COLUMNS " FROM candle WHERE id >= ?1 AND id < ?2 ORDER BY id";
inline constexpr const char* update =
    "UPDATE candle SET exchange = ?1, symbol = ?2, timeframe = ?3, start_time = ?4, open = ?5, high = ?6, low = ?7, "
    "close = ?8, volume = ?9, trades = ?10, updated_at = ?11 WHERE id = ?12";
inline constexpr const char* patch = "UPDATE candle SET close = ?1, volume = ?2 WHERE id = ?3";
inline constexpr const char* erase = "DELETE FROM candle WHERE id = ?1";
inline constexpr const char* page_at = "SELECT id, " ROWAN_BENCH_COLUMNS " FROM candle ORDER BY id LIMIT ?1 OFFSET ?2";
inline constexpr const char* page_behind =
    "SELECT id, " ROWAN_BENCH_COLUMNS " FROM candle WHERE id > ?1 ORDER BY id LIMIT ?2";
inline constexpr const char* users = "SELECT id, name, hair_color FROM users";
inline constexpr const char* users_with_posts = "SELECT u.id, u.name, u.hair_color, p.id, p.user_id, p.title, p.body "
                                                "FROM users AS u LEFT JOIN posts AS p ON u.id = "
                                                "p.user_id WHERE u.hair_color = ?1";
inline constexpr const char* insert_user = "INSERT INTO users (name, hair_color) VALUES (?1, ?2)";

}  // namespace bench::sqlite::text
