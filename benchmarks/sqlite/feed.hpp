#pragma once

#include <cstdint>
#include <span>
#include <support/candle.hpp>
#include <vector>

#include <sqlite3.h>

/// The best hand-written way to hand SQLite many rows: one statement that reads them from the caller's own memory,
/// through an eponymous table-valued function written for just this struct, and an aggregate function that takes rows
/// out.
namespace bench::sqlite {

/// `candle_rows(?)` reads a span of candles and `candle_keys(?)` a span of keys, both bound with sqlite3_bind_pointer;
/// `candle_take(?, id, …)` appends to a vector of candles.
int register_feeds(sqlite3* db);

inline constexpr const char* rows_pointer = "bench_candle_rows";
inline constexpr const char* keys_pointer = "bench_candle_keys";
inline constexpr const char* take_pointer = "bench_candle_take";

using RowSpan = std::span<const Candle>;
using KeySpan = std::span<const std::int64_t>;
using Taken = std::vector<Candle>;

}  // namespace bench::sqlite
