#include <rowan/rowan.hpp>

#include "fresh.hpp"

namespace {

struct Order {
    std::int64_t id{};
    std::string symbol{};
    double price{};
    rowan::Version version{};
    rowan::UpdatedAt updated_at{};
    rowan::CreatedAt created_at{};

    friend bool operator==(const Order&, const Order&) = default;
};

}  // namespace

TEST_CASE_TEMPLATE("a row is stored with version 1, and each update counts on", Db, Sqlite, Postgres) {
    Fresh<Db> fresh;
    auto orders = rowan::repository<Order>(fresh.connection);
    rowan::must(orders.create_table());
    const auto before = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
    const Order stored = rowan::must(orders.insert({.symbol = "BTC", .price = 1}));
    CHECK(stored.version == 1);
    CHECK(stored.updated_at >= before);
    CHECK(stored.created_at == stored.updated_at);
    CHECK(rowan::must(orders.get(stored.id)) == stored);

    Order changed = stored;
    changed.price = 2;
    const Order updated = rowan::must(orders.update(changed));
    CHECK(updated.version == 2);
    CHECK(updated.updated_at >= stored.updated_at);
    CHECK(updated.created_at == stored.created_at);
    CHECK(rowan::must(orders.get(stored.id)) == updated);
    const auto error = error_of(orders.update(changed));
    CHECK(error.code() == rowan::Code::stale);
    CHECK(error.category() == rowan::Category::state);
    CHECK_FALSE(error.retryable());
    CHECK(error.table() == "order");
    CHECK(error.message() ==
          "order: id = 1 was modified by someone else: version 1 was expected, but it has version 2; read it again and "
          "repeat the change");
    CHECK(rowan::must(orders.get(stored.id)) == updated);
}
