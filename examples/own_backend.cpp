// A backend of one's own: SQLite's connection with somebody at the line, who writes down each statement and lets some
// of them fail. It passes the conformance suite, and shows what a program does when its database is in trouble.

#include <rowan/testing/conformance.hpp>
#include <rowan/testing/fresh_database.hpp>

#include <chrono>
#include <iostream>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tapped_connection.hpp"

/// What all connections share: the statements that were run, and the one that is to fail.
class Line {
public:
    /// The next statement that begins with this text fails, as often as said.
    void fail(std::string_view beginning, rowan::Code code, int times = 1) {
        const std::lock_guard lock{mutex_};
        beginning_ = beginning;
        code_ = code;
        times_ = times;
    }

    rowan::Result<bool> before(std::string_view sql) {
        const std::lock_guard lock{mutex_};
        const bool fails = times_ != 0 && sql.substr(0, beginning_.size()) == beginning_;
        statements_.push_back((fails ? "(fails) " : "") + std::string{sql.substr(0, 60)});
        if (!fails) return true;
        --times_;
        return rowan::Failure(rowan::Error{rowan::ErrorDetails{.category = rowan::Category::operational,
                                                               .code = code_,
                                                               .retryable = code_ != rowan::Code::in_doubt,
                                                               .message = "this was ordered",
                                                               .statement = std::string{sql}}});
    }

    std::vector<std::string> take() {
        const std::lock_guard lock{mutex_};
        return std::exchange(statements_, {});
    }

private:
    std::mutex mutex_;
    std::vector<std::string> statements_;
    std::string beginning_;
    rowan::Code code_{};
    int times_ = 0;
};

struct Recorder {
    std::shared_ptr<Line> line = std::make_shared<Line>();

    rowan::Result<bool> before(std::string_view sql) { return line->before(sql); }
    template <class Outcome>
    Outcome after(std::string_view, Outcome outcome) {
        return outcome;
    }
    template <class Value>
    const Value& pass(const Value& value) {
        return value;
    }
};

using Connection = TappedConnection<Recorder>;
static_assert(rowan::Backend<Connection> && rowan::Poolable<Connection>);

struct Order {
    std::int64_t id{};
    std::string symbol{};
    double price{};
};

template <>
inline constexpr auto rowan::table<Order> = rowan::describe<Order>("orders").key<&Order::id>(rowan::generated);

using Orders = rowan::BasicPool<Connection>;

/// Stores an order, and tells how often the function ran, and what was sent.
void try_order(Orders& db, Line& line, const char* symbol) {
    (void)line.take();
    int attempts = 0;
    const auto stored = db.transaction(rowan::retry{.base = std::chrono::milliseconds{1}}, [&](auto& tx) {
        ++attempts;
        return rowan::repository<Order>(tx).insert({.symbol = symbol, .price = 100});
    });
    std::cout << symbol << ": " << (stored ? "stored" : stored.error().to_string()) << ", attempts: " << attempts
              << '\n';
    for (const std::string& statement : line.take()) std::cout << "    " << statement << '\n';
}

int main() {
    const auto fresh = rowan::must(rowan::testing::FreshDatabase::make());
    const auto line = std::make_shared<Line>();
    const auto open = [&](auto...) { return Connection::open(fresh.path(), Recorder{line}); };

    int passed = 0;
    for (const auto& result : rowan::testing::conformance([&] { return open(); })) {
        if (result.failed()) {
            std::cerr << result.to_string() << '\n';
            return 1;
        }
        ++passed;
    }
    std::cout << "the conformance suite: " << passed << " cases, none failed\n";

    auto db = rowan::must(Orders::open(open));
    rowan::must(rowan::repository<Order>(db).create_table());
    try_order(db, *line, "BTC-USD");
    // The database is busy: the whole transaction is run again.
    line->fail("INSERT", rowan::Code::busy, 2);
    try_order(db, *line, "ETH-USD");
    // COMMIT may have worked or not: nobody but the program can know what to do.
    line->fail("COMMIT", rowan::Code::in_doubt);
    try_order(db, *line, "LTC-USD");

    const auto count = rowan::must(rowan::repository<Order>(db).count());
    std::cout << count << " orders are stored\n";
    return count == 2 ? 0 : 1;
}
