#pragma once

#include <charconv>
#include <cmath>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "candle.hpp"
#include "time.hpp"

/// Takes one line apart, field by field. The first thing that is wrong with it stays in `problem`.
class CandleLine {
public:
    explicit CandleLine(std::string_view line) : rest_{line} {
        for (std::string* text : {&candle.exchange, &candle.symbol, &candle.timeframe})
            if (text->assign(next()).empty()) refuse("a name is empty");
        const std::string_view time = next();
        if (const auto parsed = parse_time(time))
            candle.start_time = *parsed;
        else
            refuse("bad time '" + std::string{time} + "', expected 2016-10-07T00:00:00Z");
        for (double* number : {&candle.open, &candle.high, &candle.low, &candle.close, &candle.volume}) read(*number);
        if (!ended_) refuse("more than 9 fields");
        if (candle.high < candle.low) refuse("high is below low");
        if (std::fmax(candle.open, candle.close) > candle.high || std::fmin(candle.open, candle.close) < candle.low)
            refuse("open or close is outside of low to high");
        if (candle.volume < 0) refuse("volume is negative");
    }

    Candle candle{};
    std::string problem{};

private:
    void refuse(std::string reason) {
        if (problem.empty()) problem = std::move(reason);
    }

    std::string_view next() {
        if (ended_) refuse("missing field: 9 are needed");
        const std::size_t comma = rest_.find(',');
        const std::string_view field = rest_.substr(0, comma);
        ended_ = comma == std::string_view::npos;
        rest_.remove_prefix(ended_ ? rest_.size() : comma + 1);
        return field;
    }

    void read(double& number) {
        const std::string_view field = next();
        const char* const end = field.data() + field.size();
        const auto [stopped, wrong] = std::from_chars(field.data(), end, number);
        if (field.empty() || wrong != std::errc{} || stopped != end || !std::isfinite(number))
            refuse("bad number '" + std::string{field} + "'");
    }

    std::string_view rest_;
    bool ended_ = false;
};

struct BadLine {
    std::size_t number;
    std::string problem;
};

struct CandleFile {
    std::vector<Candle> candles{};
    std::vector<BadLine> bad_lines{};
};

/// Reads a file whose first line names the columns; nothing where it cannot be opened.
inline std::optional<CandleFile> read_candles(const std::string& path) {
    std::ifstream in{path};
    if (!in) return std::nullopt;
    CandleFile file;
    std::string line;
    std::getline(in, line);
    for (std::size_t number = 2; std::getline(in, line); ++number) {
        if (!line.empty() && line.back() == '\r') line.pop_back();
        if (line.empty()) continue;
        CandleLine read{line};
        if (read.problem.empty())
            file.candles.push_back(std::move(read.candle));
        else
            file.bad_lines.push_back({number, std::move(read.problem)});
    }
    return file;
}
