// Several operations in one round trip, each with a result of its own. On the database that DATABASE_URL names, or in
// memory.

#include <rowan/rowan.hpp>

#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

struct Order {
    std::int64_t id{};
    std::string symbol{};
    std::int64_t quantity{};
    bool open = true;
    rowan::Version version{};
};

struct Position {
    std::string symbol{};
    std::int64_t quantity{};
};

template <>
inline constexpr auto rowan::table<Order> =
    rowan::describe<Order>("orders").in("rowan_pipeline").key<&Order::id>(rowan::generated);
template <>
inline constexpr auto rowan::table<Position> =
    rowan::describe<Position>("positions").in("rowan_pipeline").key<&Position::symbol>();

constexpr auto add_to_position = rowan::on_conflict<&Position::symbol>.do_update(
    rowan::set<& Position::quantity> = rowan::col<&Position::quantity> + rowan::excluded<&Position::quantity>);

int main() {
    const char* const url = std::getenv("DATABASE_URL");
    auto db = rowan::must(rowan::open(url != nullptr ? url : "sqlite::memory:"));
    rowan::Repository<Order> orders{db};
    rowan::Repository<Position> positions{db};
    rowan::must(orders.drop_table());
    rowan::must(positions.drop_table());
    rowan::must(orders.create_table());
    rowan::must(positions.create_table());

    // On PostgreSQL all of them are sent before the first answer is waited for; on SQLite they run one by one.
    const Order order{.symbol = "BTC-USD", .quantity = 5};
    auto [stored, position, open_orders] = db.pipeline(
        [&](auto& step) { return rowan::repository<Order>(step).insert(order); },
        [&](auto& step) { return rowan::repository<Position>(step).find("BTC-USD"); },
        [&](auto& step) { return rowan::repository<Order>(step).where(rowan::col<&Order::open> == true).count(); });
    std::cout << "order " << rowan::must(stored).id
              << " is stored; position: " << (rowan::must(position) ? "there" : "none yet")
              << "; open orders: " << rowan::must(open_orders) << '\n';

    // Many alike. One that fails undoes nothing of the others.
    const std::vector<Order> more{{.id = 10, .symbol = "ETH-USD", .quantity = 1},
                                  {.id = 11, .symbol = "LTC-USD", .quantity = 2},
                                  {.id = 10, .symbol = "BTC-USD", .quantity = 3}};
    const std::vector<rowan::Result<Order>> results =
        db.pipeline_each(more, [](auto& step, const Order& one) { return rowan::repository<Order>(step).insert(one); });
    for (const rowan::Result<Order>& result : results)
        std::cout << (result ? "stored " + result->symbol : result.error().message()) << '\n';

    // In a transaction they are part of it: all or nothing, in two round trips more.
    const auto filled = db.transaction([&](rowan::Transaction& tx) -> rowan::Result<void> {
        Order done = *stored;
        done.open = false;
        const Position bought{.symbol = done.symbol, .quantity = done.quantity};
        auto [closed, added] =
            tx.pipeline([&](auto& step) { return rowan::repository<Order>(step).update(done); },
                        [&](auto& step) { return rowan::repository<Position>(step).upsert(bought, add_to_position); });
        if (!closed) return rowan::Failure(closed.error());
        if (!added) return rowan::Failure(added.error());
        return {};
    });
    rowan::must(filled);
    std::cout << "position: " << rowan::must(positions.get("BTC-USD")).quantity
              << "; version of the order: " << rowan::must(orders.get(stored->id)).version.value << '\n';

    rowan::must(orders.drop_table());
    rowan::must(positions.drop_table());
}
