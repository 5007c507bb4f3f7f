#pragma once

#include <rowan/rowan.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <boost/describe/enum.hpp>

/// The tables that every recipe of the cookbook works on.

//<
struct Stock {
    std::string symbol{};
    std::string name{};
    std::string sector{};
    double price{};
    std::optional<double> dividend{};
};

struct Customer {
    std::int64_t id{};
    std::string name{};
    std::optional<std::string> city{};
    std::optional<std::int64_t> invited_by{};
    std::string settings{};  // JSON
};

enum class Side { buy, sell };
BOOST_DESCRIBE_ENUM(Side, buy, sell)

struct Order {
    std::int64_t id{};
    std::int64_t customer_id{};
    std::string symbol{};
    Side side{};
    std::int64_t amount{};
    double price{};
    rowan::Timestamp placed{};
    std::optional<rowan::Timestamp> filled{};
};

struct Candle {
    std::string symbol{};
    rowan::Timestamp start{};
    double high{}, low{}, close{};
    std::int64_t volume{};
};

template <>
inline constexpr auto rowan::table<Stock> = rowan::describe<Stock>("stocks").key<&Stock::symbol>();
template <>
inline constexpr auto rowan::table<Customer> = rowan::describe<Customer>("customers");
template <>
inline constexpr auto rowan::table<Order> =
    rowan::describe<Order>("orders").index<&Order::symbol, rowan::desc<&Order::placed>>();
template <>
inline constexpr auto rowan::table<Candle> = rowan::describe<Candle>("candles").key<&Candle::symbol, &Candle::start>();
//>

namespace cookbook {

//<
using namespace std::chrono_literals;
using rowan::asc, rowan::col, rowan::desc, rowan::from, rowan::Nulls, rowan::set, rowan::Unit;
using rowan::avg, rowan::case_when, rowan::cast, rowan::coalesce, rowan::concat, rowan::count, rowan::count_distinct,
    rowan::excluded, rowan::exists, rowan::greatest, rowan::json_text, rowan::lag, rowan::least, rowan::length,
    rowan::lower, rowan::max, rowan::min, rowan::nullif, rowan::order_by, rowan::partition_by, rowan::row_number,
    rowan::scalar, rowan::selected, rowan::substr, rowan::sum, rowan::trim, rowan::truncate;
using rowan::current_row, rowan::following, rowan::preceding, rowan::rows_between, rowan::unbounded_following,
    rowan::unbounded_preceding;

// 1 March 2024, and the time of day on it, in UTC.
inline constexpr std::chrono::sys_days march_1 = 2024y / 3 / 1;
//>

/// Fills fresh tables. Keys are made by the database, so that later rows get new ones.
inline rowan::Result<void> fill(rowan::Database& db) {
    const auto at = [](int day, std::chrono::minutes time) {
        return rowan::Timestamp{march_1 + std::chrono::days{day - 1} + time};
    };
    const std::vector<Stock> stocks{
        {.symbol = "ACME", .name = "Acme Corp", .sector = "industry", .price = 120, .dividend = 2.5},
        {.symbol = "BOLT", .name = "Bolt Motors", .sector = "industry", .price = 75.5, .dividend = {}},
        {.symbol = "CLOU", .name = "Cloud 9", .sector = "software", .price = 310, .dividend = {}},
        {.symbol = "DATA", .name = "Data & Sons", .sector = "software", .price = 48, .dividend = 0.5},
        {.symbol = "EURO", .name = "100% Euro Fund", .sector = "fund", .price = 99.5, .dividend = 1.25},
        {.symbol = "FIFT", .name = "50_50 Fund", .sector = "fund", .price = 101, .dividend = {}},
    };
    const std::vector<Customer> customers{
        {.name = "Ada", .city = "Berlin", .invited_by = {}, .settings = R"({"theme": "dark", "limit": {"day": 500}})"},
        {.name = "Bob", .city = "Paris", .invited_by = 1, .settings = R"({"theme": "light"})"},
        {.name = "Cleo", .city = {}, .invited_by = 1, .settings = R"({"theme": "dark"})"},
        {.name = "adam", .city = "Berlin", .invited_by = 2, .settings = R"({"limit": {"day": 50}})"},
        {.name = "Eve", .city = "Oslo", .invited_by = 4, .settings = "{}"},
    };
    const auto order = [](std::int64_t customer, const char* symbol, Side side, std::int64_t amount, double price,
                          rowan::Timestamp placed, std::optional<rowan::Timestamp> filled) {
        return Order{.customer_id = customer,
                     .symbol = symbol,
                     .side = side,
                     .amount = amount,
                     .price = price,
                     .placed = placed,
                     .filled = filled};
    };
    const std::vector<Order> orders{
        order(1, "ACME", Side::buy, 10, 118, at(1, 9h + 5min), at(1, 9h + 6min)),
        order(2, "ACME", Side::buy, 5, 119, at(1, 9h + 40min), at(1, 10h + 2min)),
        order(1, "CLOU", Side::buy, 2, 305.5, at(1, 10h + 15min), at(1, 10h + 15min)),
        order(3, "BOLT", Side::buy, 20, 75, at(1, 11h + 30min), at(1, 12h)),
        order(1, "ACME", Side::sell, 4, 121.5, at(1, 23h + 59min), at(2, 9h)),
        order(2, "DATA", Side::buy, 20, 47.5, at(2, 9h + 1min), at(2, 9h + 1min)),
        order(4, "ACME", Side::buy, 10, 120, at(2, 9h + 30min), std::nullopt),
        order(3, "BOLT", Side::sell, 8, 80, at(2, 9h + 45min), std::nullopt),
        order(2, "EURO", Side::buy, 1, 99.5, at(2, 10h), std::nullopt),
    };
    const std::vector<Candle> candles{
        {.symbol = "ACME", .start = at(1, 9h), .high = 119, .low = 117.5, .close = 118.5, .volume = 300},
        {.symbol = "ACME", .start = at(1, 10h), .high = 121, .low = 118, .close = 120.5, .volume = 450},
        {.symbol = "ACME", .start = at(1, 11h), .high = 122, .low = 119.5, .close = 120, .volume = 250},
        {.symbol = "ACME", .start = at(2, 9h), .high = 123, .low = 120, .close = 122, .volume = 500},
        {.symbol = "BOLT", .start = at(1, 9h), .high = 76, .low = 74, .close = 75, .volume = 80},
        {.symbol = "BOLT", .start = at(1, 11h), .high = 77.5, .low = 75, .close = 77, .volume = 120},
        {.symbol = "BOLT", .start = at(2, 9h), .high = 77, .low = 73.5, .close = 75.5, .volume = 200},
    };
    return db.transaction([&](auto& tx) -> rowan::Result<void> {
        const auto store = [&]<class T>(const std::vector<T>& rows) -> rowan::Result<void> {
            auto repository = rowan::repository<T>(tx);
            if (auto made = repository.create_table(); !made) return made;
            if (auto stored = repository.insert(rows); !stored) return rowan::Failure(stored.error());
            return {};
        };
        if (auto stored = store(stocks); !stored) return stored;
        if (auto stored = store(customers); !stored) return stored;
        if (auto stored = store(orders); !stored) return stored;
        return store(candles);
    });
}

}  // namespace cookbook
