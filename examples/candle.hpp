#pragma once

#include <rowan/rowan.hpp>

struct Candle {
    std::int64_t id{};
    std::string exchange{}, symbol{}, timeframe{};
    rowan::Timestamp start_time{};
    double open{}, high{}, low{}, close{}, volume{};
};

// data_ingestion.market_data on PostgreSQL, data_ingestion_market_data on SQLite.
template <>
inline constexpr auto rowan::table<Candle> =
    rowan::describe<Candle>("market_data")
        .in("data_ingestion")
        .key<&Candle::id>(rowan::generated)
        .unique<&Candle::exchange, &Candle::symbol, &Candle::timeframe, &Candle::start_time>()
        .index<&Candle::symbol, rowan::desc<&Candle::start_time>>();

inline constexpr auto on_same_candle =
    rowan::on_conflict<&Candle::exchange, &Candle::symbol, &Candle::timeframe, &Candle::start_time>;
