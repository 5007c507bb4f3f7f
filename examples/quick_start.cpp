#include <rowan/rowan.hpp>

#include <iostream>

struct Trade {
    std::int64_t id{};
    std::string symbol{};
    double price{};
    std::optional<std::string> note{};
};

int main() {
    auto db = rowan::must(rowan::open("sqlite::memory:"));  // or postgresql://user@host/database
    rowan::Repository<Trade> trades{db};
    rowan::must(trades.create_table());

    rowan::must(trades.insert({.symbol = "ETH-USD", .price = 351.59}));
    auto btc = rowan::must(trades.insert({.symbol = "BTC-USD", .price = 4580.01, .note = "first"}));
    btc.price = 4591.5;
    rowan::must(trades.update(btc));

    auto dear = trades.where(rowan::col<&Trade::price> > 1000).order_by(rowan::desc<&Trade::price>).all();
    for (const Trade& trade : rowan::must(dear))
        std::cout << trade.id << ' ' << trade.symbol << ' ' << trade.price << ' ' << trade.note.value_or("-") << '\n';
}
