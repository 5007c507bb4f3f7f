#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <string>
#include <vector>

#include "candle.hpp"
#include "chart.hpp"
#include "csv.hpp"
#include "terminal.hpp"
#include "time.hpp"

/// Prints how much of a file could be read, and why not the rest.
inline void show_file(const CandleFile& file, const std::string& rate) {
    constexpr std::size_t most = 20;
    const std::string counts =
        with_commas(file.candles.size()) + " candles read, " + with_commas(file.bad_lines.size()) + " lines refused";
    std::printf("%-55s %s\n", counts.c_str(), rate.c_str());
    for (std::size_t i = 0; i != std::min(most, file.bad_lines.size()); ++i)
        std::printf("  line %zu: %s\n", file.bad_lines[i].number, file.bad_lines[i].problem.c_str());
    if (file.bad_lines.size() > most) std::printf("  and %zu more\n", file.bad_lines.size() - most);
}

using Candles = rowan::Repository<Candle>;

/// The candles of one exchange, symbol and timeframe. `like` must outlive the query, which keeps views of its text.
inline auto series(const Candle& like) {
    return rowan::col<&Candle::exchange> == like.exchange && rowan::col<&Candle::symbol> == like.symbol &&
           rowan::col<&Candle::timeframe> == like.timeframe;
}

inline bool same_series(const Candle& left, const Candle& right) {
    return left.exchange == right.exchange && left.symbol == right.symbol && left.timeframe == right.timeframe;
}

/// Prints the latest candle of each series, and how many there are.
inline rowan::Result<void> show_latest(Candles& candles, const std::vector<Candle>& kinds) {
    std::printf("\n%s\n", paint(Colour::bold, "Latest candle                      open       high        low      close"
                                              "         rows")
                              .c_str());
    for (const Candle& kind : kinds) {
        const auto latest = candles.where(series(kind)).order_by(rowan::desc<&Candle::start_time>).first();
        if (!latest) return rowan::Failure(latest.error());
        const auto count = candles.where(series(kind)).count();
        if (!count) return rowan::Failure(count.error());
        if (!*latest) continue;
        const Candle& last = **latest;
        std::printf("  %-9s %s %s %s %s %s %s\n", last.symbol.c_str(), time_text(last.start_time).c_str(),
                    decimals(last.open, 10).c_str(), decimals(last.high, 10).c_str(), decimals(last.low, 10).c_str(),
                    decimals(last.close, 10).c_str(), with_commas(static_cast<std::size_t>(*count), 12).c_str());
    }
    return {};
}

/// Draws the last hour of a series.
inline rowan::Result<void> show_last_hour(Candles& candles, const Candle& kind) {
    const auto latest = candles.where(series(kind)).order_by(rowan::desc<&Candle::start_time>).first();
    if (!latest) return rowan::Failure(latest.error());
    if (!*latest) return {};
    const auto hour = candles.where(series(kind))
                          .where(rowan::col<&Candle::start_time> > (*latest)->start_time - std::chrono::hours{1})
                          .order_by(rowan::asc<&Candle::start_time>)
                          .all();
    if (!hour) return rowan::Failure(hour.error());
    std::printf("\n%s\n", paint(Colour::bold, kind.symbol + ", the hour to " + time_text((*latest)->start_time) +
                                                  " UTC, a candle a minute")
                              .c_str());
    draw_chart(*hour);
    return {};
}
