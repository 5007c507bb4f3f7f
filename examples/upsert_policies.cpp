// What can happen to a row that is there already. On the database that DATABASE_URL names, or in memory.

#include <rowan/rowan.hpp>

#include <cstdlib>
#include <iostream>
#include <vector>

struct Quote {
    std::string exchange{}, symbol{};
    double bid{}, ask{};
};

template <>
inline constexpr auto rowan::table<Quote> =
    rowan::describe<Quote>("quote").in("rowan_examples").key<&Quote::exchange, &Quote::symbol>();

constexpr auto on_same_quote = rowan::on_conflict<&Quote::exchange, &Quote::symbol>;

const char* to_string(rowan::Upserted outcome) {
    switch (outcome) {
        case rowan::Upserted::inserted: return "inserted ";
        case rowan::Upserted::updated: return "updated  ";
        case rowan::Upserted::unchanged: return "unchanged";
    }
    return "";
}

template <class Policy>
void show(rowan::Repository<Quote>& quotes, const char* name, const Quote& quote, Policy policy) {
    const rowan::Upserted outcome = rowan::must(quotes.upsert(quote, policy));
    const Quote stored = rowan::must(quotes.get({quote.exchange, quote.symbol}));
    std::cout << name << " with " << quote.bid << " / " << quote.ask << "  " << to_string(outcome)
              << "  stored: " << stored.bid << " / " << stored.ask << '\n';
}

int main() {
    const char* const url = std::getenv("DATABASE_URL");
    auto db = rowan::must(rowan::open(url != nullptr ? url : "sqlite::memory:"));
    rowan::Repository<Quote> quotes{db};
    rowan::must(quotes.drop_table());
    rowan::must(quotes.create_table());

    show(quotes, "do_nothing()     ", {"coinbase", "BTC-USD", 100, 101}, on_same_quote.do_nothing());
    show(quotes, "do_nothing()     ", {"coinbase", "BTC-USD", 200, 201}, on_same_quote.do_nothing());
    show(quotes, "do_update()      ", {"coinbase", "BTC-USD", 300, 301}, on_same_quote.do_update());
    show(quotes, "do_update<&bid>()", {"coinbase", "BTC-USD", 400, 401}, on_same_quote.do_update<&Quote::bid>());

    // A range goes in as a whole or not at all. Of rows that are alike in the conflict target, the last one stays.
    const std::vector<Quote> batch{
        {"coinbase", "BTC-USD", 500, 501}, {"okx", "BTC-USD", 502, 503}, {"okx", "BTC-USD", 504, 505}};
    const auto counts = rowan::must(quotes.upsert(batch, on_same_quote.do_update()));
    std::cout << "a batch of 3: " << counts.inserted << " inserted, " << counts.updated << " updated, "
              << counts.unchanged << " unchanged; okx asks " << rowan::must(quotes.get({"okx", "BTC-USD"})).ask << '\n';

    // on_conflict<&Quote::bid> would not compile: it is neither the key nor a unique constraint of the table.
    rowan::must(quotes.drop_table());
}
