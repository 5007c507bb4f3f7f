#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

/// The row of most workloads: twelve columns, unique in the first four behind the key. The strings are short enough to
/// live without an allocation, so that what is counted is the library's own.
struct Candle {
    std::int64_t id{};
    std::string exchange{}, symbol{}, timeframe{};
    std::int64_t start_time{};
    double open{}, high{}, low{}, close{}, volume{};
    std::int64_t trades{}, updated_at{};
};

/// A checksum that no two different lists of values share by accident.
class Digest {
public:
    void add(std::uint64_t value) {
        state_ = (state_ ^ value) * 0x9E3779B97F4A7C15u;
        state_ ^= state_ >> 29;
    }
    void add(std::int64_t value) { add(static_cast<std::uint64_t>(value)); }
    void add(double value) { add(std::bit_cast<std::uint64_t>(value)); }
    void add(std::string_view text) {
        add(static_cast<std::uint64_t>(text.size()));
        for (const char c : text) add(static_cast<std::uint64_t>(static_cast<unsigned char>(c)));
    }
    void add(const std::optional<std::string>& text) {
        add(std::uint64_t{text.has_value()});
        if (text) add(std::string_view{*text});
    }
    /// All but the key, which a database is free to make as it likes.
    void add_values(const Candle& candle) {
        add(std::string_view{candle.exchange});
        add(std::string_view{candle.symbol});
        add(std::string_view{candle.timeframe});
        add(candle.start_time);
        for (const double value : {candle.open, candle.high, candle.low, candle.close, candle.volume}) add(value);
        add(candle.trades);
        add(candle.updated_at);
    }
    void add(const Candle& candle) {
        add(candle.id);
        add_values(candle);
    }

    [[nodiscard]] std::uint64_t value() const { return state_; }

private:
    std::uint64_t state_ = 0x2545F4914F6CDD1Du;
};

/// The same rows at each call, in the order of time, as they would come from exchanges. Keys count from 1.
inline std::vector<Candle> make_candles(std::size_t count) {
    static constexpr const char* exchanges[] = {"coinbase", "kraken", "binance"};
    static constexpr const char* symbols[] = {"BTC-USD", "ETH-USD", "LTC-USD", "SOL-USD",
                                              "ADA-USD", "XRP-USD", "DOT-USD"};
    std::mt19937_64 random{20161007};
    const auto cents = [&](std::uint64_t most) { return static_cast<double>(random() % most) / 100; };
    std::vector<Candle> candles(count);
    for (std::size_t i = 0; i != count; ++i) {
        Candle& candle = candles[i];
        candle.id = static_cast<std::int64_t>(i) + 1;
        candle.exchange = exchanges[i % 3];
        candle.symbol = symbols[i / 3 % 7];
        candle.timeframe = "1m";
        candle.start_time = 1'475'798'400'000'000 + static_cast<std::int64_t>(i / 21) * 60'000'000;
        candle.open = 100 + cents(1'000'000);
        candle.close = 100 + cents(1'000'000);
        candle.high = std::max(candle.open, candle.close) + cents(10'000);
        candle.low = std::min(candle.open, candle.close) - cents(5'000);
        candle.volume = cents(100'000'000);
        candle.trades = static_cast<std::int64_t>(random() % 10'000);
        candle.updated_at = candle.start_time + 61'000'000;
    }
    return candles;
}

/// The same rows with other prices: what an upsert or an update writes.
inline std::vector<Candle> with_news(std::vector<Candle> candles) {
    for (Candle& candle : candles) {
        candle.close += 0.25;
        candle.volume += 17;
        candle.trades += 3;
        candle.updated_at += 1'000'000;
    }
    return candles;
}

/// The rows as they are before they are stored: the database makes the key.
inline std::vector<Candle> without_keys(std::vector<Candle> candles) {
    for (Candle& candle : candles) candle.id = 0;
    return candles;
}

/// `count` different keys out of those from 1 to `rows`, in a random order that is the same at each call.
inline std::vector<std::int64_t> make_keys(std::size_t count, std::size_t rows) {
    std::vector<std::int64_t> keys(rows);
    for (std::size_t i = 0; i != rows; ++i) keys[i] = static_cast<std::int64_t>(i) + 1;
    std::mt19937_64 random{42};
    for (std::size_t i = 0; i != count; ++i) std::swap(keys[i], keys[i + random() % (rows - i)]);
    keys.resize(count);
    return keys;
}

/// diesel_bench's tables: https://github.com/diesel-rs/diesel/tree/main/diesel_bench
struct User {
    std::int64_t id{};
    std::string name{};
    std::optional<std::string> hair_color{};
};
struct Post {
    std::int64_t id{}, user_id{};
    std::string title{};
    std::optional<std::string> body{};
};

enum class HairColor { none, black_or_brown, constant };

inline std::vector<User> make_users(std::size_t count, HairColor color) {
    std::vector<User> users(count);
    for (std::size_t i = 0; i != count; ++i) {
        users[i].name = "User " + std::to_string(i);
        if (color == HairColor::black_or_brown) users[i].hair_color = i % 2 == 0 ? "black" : "brown";
        if (color == HairColor::constant) users[i].hair_color = "hair_color";
    }
    return users;
}

}  // namespace bench
