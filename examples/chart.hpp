#pragma once

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include "candle.hpp"
#include "terminal.hpp"
#include "time.hpp"

/// Draws candles side by side: a body from open to close (full where the price rose, shaded where it fell), and
/// a wick from low to high. Wicks are exact to half a line.
inline void draw_chart(const std::vector<Candle>& candles) {
    constexpr int lines = 14;
    if (candles.empty()) return;
    double top = candles[0].high, bottom = candles[0].low;
    for (const Candle& candle : candles) {
        top = std::max(top, candle.high);
        bottom = std::min(bottom, candle.low);
    }
    // Half lines, from the top.
    const auto level = [&](double price) {
        return top > bottom ? static_cast<int>(std::lround((top - price) / (top - bottom) * (2 * lines - 1))) : lines;
    };
    const auto glyph = [&](const Candle& candle, int line) -> std::string {
        const auto covers = [&](double high, double low, int half) {
            return level(high) <= 2 * line + half && 2 * line + half <= level(low);
        };
        const double upper = std::max(candle.open, candle.close), lower = std::min(candle.open, candle.close);
        if (covers(upper, lower, 0) || covers(upper, lower, 1)) return candle.close < candle.open ? "▒" : "█";
        const bool high_half = covers(candle.high, candle.low, 0), low_half = covers(candle.high, candle.low, 1);
        return high_half ? (low_half ? "│" : "╵") : (low_half ? "╷" : " ");
    };
    for (int line = 0; line != lines; ++line) {
        std::string row;
        for (const Candle& candle : candles) {
            const std::string cell = glyph(candle, line);
            row += cell == " " ? cell : paint(candle.close < candle.open ? Colour::red : Colour::green, cell);
        }
        row.erase(row.find_last_not_of(' ') + 1);
        const double price = top - (top - bottom) * (2 * line + 0.5) / (2 * lines - 1);
        std::printf("  %s %s\n", (line % 3 == 1 ? decimals(price, 10) + " ┤" : std::string(10, ' ') + " │").c_str(),
                    row.c_str());
    }
    std::string axis;
    for (std::size_t i = 0; i < candles.size(); i += 15) {
        axis.resize(i, ' ');
        axis += time_text(candles[i].start_time).substr(11);
    }
    std::printf("  %10s   %s\n", "", axis.c_str());
}
