// What a program sees of its own database work: a line for each statement, the slowest ones, a summary of all, and a
// test that finds a query which is run for each row of another. On a database in memory.

#include <rowan/observe.hpp>
#include <rowan/rowan.hpp>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct Customer {
    std::int64_t id{};
    std::string name{};
};

struct Order {
    std::int64_t id{};
    std::int64_t customer{};
    double amount{};
};

template <>
inline constexpr auto rowan::table<Order> = rowan::describe<Order>("orders").index<&Order::customer>();

/// A handler of ours: it counts what has failed.
class FailureCounter : public rowan::Observer {
public:
    void on_statement(const rowan::StatementEvent& event) noexcept override {
        if (event.error != nullptr) ++failures;
    }
    int failures = 0;
};

double total_of(rowan::Database& db, const Customer& customer) {
    double total = 0;
    for (const Order& order :
         rowan::must(rowan::repository<Order>(db).where(rowan::col<&Order::customer> == customer.id).all()))
        total += order.amount;
    return total;
}

int main() {
    using namespace std::chrono_literals;
    auto db = rowan::must(rowan::open("sqlite::memory:"));
    rowan::Repository<Customer> customers{db};
    rowan::Repository<Order> orders{db};
    rowan::must(customers.create_table());
    rowan::must(orders.create_table());

    std::puts("A line for each statement; the values are shown, as the log was asked for them:\n");
    db.observe(std::make_shared<rowan::StatementLog>(stdout, rowan::Disclosure{.values = true}));
    rowan::must(db.transaction([](rowan::Transaction& tx) -> rowan::Result<void> {
        const Customer ada = rowan::must(rowan::repository<Customer>(tx).insert({.name = "Ada"}));
        rowan::must(rowan::repository<Order>(tx).insert({.customer = ada.id, .amount = 12.5}));
        return {};
    }));
    (void)orders.insert({.id = 1, .customer = 1});
    rowan::must(db.execute(rowan::unsafe_sql{"UPDATE customer SET name = 'Ada L.' WHERE id = 1"}));

    auto summary = std::make_shared<rowan::StatementSummary>();
    auto slow = std::make_shared<rowan::SlowQueries>(100us);
    auto failures = std::make_shared<FailureCounter>();
    db.observe(std::make_shared<rowan::Observers>(summary, slow, failures));

    std::vector<Order> many;
    for (int i = 0; i != 5000; ++i) many.push_back({.customer = 1 + i % 50, .amount = 0.5 * i});
    rowan::must(orders.insert(many));
    for (int i = 0; i != 1000; ++i) rowan::must(orders.find(1 + i));
    rowan::must(orders.where(rowan::col<&Order::amount> > 100.0).count());
    (void)orders.insert({.id = 1});

    std::printf("\nThe slowest of %llu that took 100 us or longer:\n\n",
                static_cast<unsigned long long>(slow->count()));
    for (const rowan::SlowQuery& query : slow->slowest())
        std::printf("%8.3f ms  %s\n", std::chrono::duration<double, std::milli>{query.duration}.count(),
                    query.text.c_str());

    std::printf("\nAll of them (%d failed):\n\n%s", failures->failures, summary->to_text().c_str());

    std::puts("\nA test that finds the query which is run for each row of another:\n");
    db.observe(nullptr);
    for (int i = 0; i != 9; ++i) rowan::must(customers.insert({.name = "customer " + std::to_string(i)}));
    {
        const rowan::RepeatGuard guard{
            db, {.count = 5}, [](const std::string& message) { std::puts(message.c_str()); }};
        for (const Customer& customer : rowan::must(customers.query().all())) (void)total_of(db, customer);
    }
}
