#include <rowan/rowan.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "fresh.hpp"
#include "recorder.hpp"

namespace {

struct Order {
    std::int64_t id{};
    std::string symbol{};
    std::int64_t quantity{};
    rowan::Version version{};
    rowan::UpdatedAt updated_at{};

    friend bool operator==(const Order&, const Order&) = default;
};

struct Quote {
    std::string symbol{};
    double price{};
    std::optional<std::string> note{};

    friend bool operator==(const Quote&, const Quote&) = default;
};

}  // namespace

template <>
inline constexpr auto rowan::table<Order> = rowan::describe<Order>("orders").key<&Order::id>(rowan::generated);
template <>
inline constexpr auto rowan::table<Quote> = rowan::describe<Quote>("quotes").key<&Quote::symbol>();

namespace {

using rowan::Code;
using rowan::repository;
using rowan::Result;
using rowan::sql;
using rowan::unsafe_sql;

constexpr auto same_symbol = rowan::on_conflict<&Quote::symbol>;

template <class Db>
struct Market : Fresh<Db> {
    Market() {
        rowan::must(repository<Order>(this->connection).create_table());
        rowan::must(repository<Quote>(this->connection).create_table());
        rowan::must(repository<Quote>(this->connection).insert({.symbol = "BTC", .price = 1}));
        rowan::must(repository<Quote>(this->connection).insert({.symbol = "ETH", .price = 2, .note = "ether"}));
    }
    std::vector<std::string> symbols() {
        std::vector<std::string> found;
        for (const Quote& quote :
             rowan::must(repository<Quote>(this->connection).order_by(rowan::asc<&Quote::symbol>).all()))
            found.push_back(quote.symbol);
        return found;
    }
};

using Symbols = std::vector<std::string>;

auto inserting(const Quote& quote) {
    return [&quote](auto& step) { return repository<Quote>(step).insert(quote); };
}

}  // namespace

TEST_CASE_TEMPLATE("unlike operations each have a result of their own", Db, Sqlite, Postgres) {
    Market<Db> market;
    auto& db = market.connection;
    const Order order{.symbol = "BTC", .quantity = 5};
    const Quote changed{.symbol = "ETH", .price = 3};
    // The first time statements are prepared on the way, the second time they are there.
    for (std::int64_t round = 1; round != 3; ++round) {
        const auto [stored, found, missing, absent, updated, upserted, patched, count, erased, by_hand] = db.pipeline(
            [&](auto& step) { return repository<Order>(step).insert(order); },
            [&](auto& step) { return repository<Quote>(step).find("BTC"); },
            [&](auto& step) { return repository<Quote>(step).find("XRP"); },
            [&](auto& step) { return repository<Quote>(step).get("XRP"); },
            [&](auto& step) { return repository<Quote>(step).update(changed); },
            [&](auto& step) {
                return repository<Quote>(step).upsert({.symbol = "ADA", .price = 4}, same_symbol.do_update());
            },
            [&](auto& step) {
                return repository<Quote>(step).patch("BTC", rowan::set<&Quote::note> = std::optional<std::string>{"b"});
            },
            [&](auto& step) { return repository<Quote>(step).where(rowan::col<&Quote::price> >= 2.0).count(); },
            [&](auto& step) { return repository<Quote>(step).erase("ADA"); },
            [&](auto& step) {
                return step.template query<std::tuple<std::string, double>>(
                    sql<"SELECT symbol, price FROM quotes WHERE symbol >= $1 ORDER BY 1">, "A");
            });
        static_assert(std::is_same_v<decltype(found), const Result<std::optional<Quote>>>);
        const Order row = rowan::must(stored);
        CHECK(row.id == round);
        CHECK(row.version.value == 1);
        CHECK(rowan::must(rowan::repository<Order>(db).get(row.id)) == row);
        CHECK(rowan::must(found) == Quote{"BTC", 1, round == 1 ? std::nullopt : std::optional<std::string>{"b"}});
        CHECK(rowan::must(missing) == std::nullopt);
        CHECK(error_of(absent).code() == Code::not_found);
        CHECK(rowan::must(updated) == changed);
        CHECK(rowan::must(upserted) == rowan::Upserted::inserted);
        CHECK(rowan::must(patched) == Quote{"BTC", 1, "b"});
        CHECK(rowan::must(count) == 2);
        CHECK(rowan::must(erased));
        CHECK(rowan::must(by_hand) == std::vector<std::tuple<std::string, double>>{{"BTC", 1.0}, {"ETH", 3.0}});
    }
}

TEST_CASE_TEMPLATE("outside of a transaction a step that fails undoes nothing of the others", Db, Sqlite, Postgres) {
    Market<Db> market;
    const Quote first{"ADA", 1, {}};
    const Quote twice{"BTC", 1, {}};
    const std::string nul(1, '\0');
    const Quote last{"XRP", 1, {}};
    const auto [stored, violated, unknown, faulty, stored_too] = market.connection.pipeline(
        inserting(first), inserting(twice),
        [](auto& step) { return step.template query<int>(sql<"SELECT nothing FROM nowhere">); },
        [&](auto& step) { return repository<Quote>(step).find(nul); }, inserting(last));
    CHECK(stored);
    CHECK(stored_too);
    const rowan::Error violation = error_of(violated);
    CHECK(violation.code() == Code::unique_violation);
    CHECK(violation.column() == "symbol");
    CHECK(violation.statement().starts_with("INSERT"));
    CHECK(error_of(unknown).category() == rowan::Category::programming);
    // SQLite stores a NUL in text.
    if constexpr (Db::is_sqlite)
        CHECK(faulty);
    else
        CHECK(error_of(faulty).code() == Code::invalid_text);
    CHECK(market.symbols() == Symbols{"ADA", "BTC", "ETH", "XRP"});
    // Nothing of it is left on the connection.
    CHECK(market.connection.transaction_state() == rowan::TransactionState::idle);
}

TEST_CASE_TEMPLATE("inside of a transaction a pipeline is part of it", Db, Sqlite, Postgres) {
    Market<Db> market;
    const Quote ada{"ADA", 1, {}};
    const Quote btc{"BTC", 1, {}};
    const Quote xrp{"XRP", 1, {}};
    {
        auto tx = rowan::must(market.connection.begin());
        const auto [stored, count] =
            tx.pipeline(inserting(ada), [](auto& step) { return repository<Quote>(step).count(); });
        CHECK(stored);
        CHECK(rowan::must(count) == 3);
        // The connection's own handle refuses as always, and nothing was sent.
        const auto [refused] = market.connection.pipeline(inserting(xrp));
        CHECK(error_of(refused).code() == Code::wrong_handle);
        for (const auto& one : market.connection.pipeline_each(
                 std::vector<int>{1, 2}, [&](auto& step, int) { return repository<Quote>(step).insert(xrp); }))
            CHECK(error_of(one).code() == Code::wrong_handle);
    }
    CHECK(market.symbols() == Symbols{"BTC", "ETH"});
    const Result<void> outcome = market.connection.transaction([&](auto& tx) -> Result<void> {
        // An error in a savepoint leaves the rest as it was.
        const auto inner = tx.savepoint([&](auto& point) -> Result<void> {
            const auto [stored, violated, unlike, behind] = point.pipeline(
                inserting(ada), inserting(btc), [](auto& step) { return repository<Order>(step).count(); },
                [](auto& step) { return repository<Order>(step).count(); });
            CHECK(stored);
            CHECK(error_of(violated).code() == Code::unique_violation);
            // PostgreSQL does nothing more in a transaction that has seen an error. The statement is new here, so it
            // is prepared in vain, once.
            if constexpr (Db::is_sqlite) {
                CHECK(rowan::must(unlike) == 0);
                CHECK(rowan::must(behind) == 0);
            } else {
                CHECK(error_of(unlike).code() == Code::transaction_aborted);
                CHECK(error_of(behind).code() == Code::transaction_aborted);
            }
            return rowan::Failure(error_of(violated));
        });
        CHECK(error_of(inner).code() == Code::unique_violation);
        const auto [stored, count] =
            tx.pipeline(inserting(xrp), [](auto& step) { return repository<Order>(step).count(); });
        CHECK(stored);
        CHECK(rowan::must(count) == 0);
        return {};
    });
    CHECK(outcome);
    CHECK(market.symbols() == Symbols{"BTC", "ETH", "XRP"});
}

TEST_CASE_TEMPLATE("versions and times are those that were stored", Db, Sqlite, Postgres) {
    Market<Db> market;
    auto orders = repository<Order>(market.connection);
    const Order first = rowan::must(orders.insert({.symbol = "BTC", .quantity = 1}));
    const Order second = rowan::must(orders.insert({.symbol = "ETH", .quantity = 2}));
    Order third = rowan::must(orders.insert({.symbol = "XRP", .quantity = 3}));
    rowan::must(orders.update(second));
    const auto [updated, stale, erased, patched, modified] = market.connection.pipeline(
        [&](auto& step) { return repository<Order>(step).update(first); },
        [&](auto& step) { return repository<Order>(step).update(second, rowan::carry_current); },
        [&](auto& step) { return repository<Order>(step).erase(first); },
        [&](auto& step) { return repository<Order>(step).patch(third.id, rowan::set<&Order::quantity> = 3); },
        [&](auto& step) { return repository<Order>(step).insert({.symbol = "ADA"}); });
    CHECK(rowan::must(updated).version.value == 2);
    CHECK(rowan::must(orders.get(first.id)) == rowan::must(updated));
    // The second statement, which tells why, is sent behind the pipeline.
    const rowan::Error conflict = error_of(stale);
    CHECK(conflict.code() == Code::stale);
    CHECK(rowan::carried_row<Order>(conflict)->version.value == 2);
    CHECK(error_of(erased).code() == Code::stale);
    // Nothing was changed: neither version nor time.
    CHECK(rowan::must(patched) == third);
    CHECK(rowan::must(orders.get(rowan::must(modified).id)) == rowan::must(modified));
    // The time is the program's again.
    const Order before = rowan::must(orders.insert({.symbol = "LTC"}));
    CHECK(rowan::must(orders.insert({.symbol = "LTC"})).updated_at != before.updated_at);
}

TEST_CASE_TEMPLATE("what cannot be sent ahead runs in its turn", Db, Sqlite, Postgres) {
    Market<Db> market;
    const Quote ada{"ADA", 1, {}};
    const Quote ltc{"LTC", 1, {}};
    const Quote xrp{"XRP", 1, {}};
    const std::vector<Quote> many{{"DOT", 1, {}}, {"UNI", 1, {}}};
    const auto count = [](auto& step) { return repository<Quote>(step).count(); };
    std::vector<std::string> streamed;
    const auto recorder = std::make_shared<Recorder>();
    market.connection.observe(recorder);
    const auto [one, counted, range, range_count, nested, nested_count, script, streamed_all, ahead, inner, last] =
        market.connection.pipeline(
            inserting(ada), count, [&](auto& step) { return repository<Quote>(step).insert(many); }, count,
            [&](auto& step) {
                return step.transaction([&](auto& tx) -> Result<void> {
                    rowan::must(repository<Quote>(tx).insert(ltc));
                    rowan::must(repository<Quote>(tx).erase("DOT"));
                    return {};
                });
            },
            count, [](auto& step) { return step.execute(unsafe_sql{"DELETE FROM quotes WHERE symbol = 'UNI'"}); },
            [&](auto& step) {
                streamed.clear();
                return repository<Quote>(step).order_by(rowan::asc<&Quote::symbol>).for_each([&](const Quote& quote) {
                    streamed.push_back(quote.symbol);
                });
            },
            count,
            [&](auto& step) {
                const auto [before, stored] = step.pipeline(count, inserting(xrp));
                CHECK((!before || stored));
                return before;
            },
            count);
    CHECK(one);
    CHECK(rowan::must(counted) == 3);
    CHECK(rowan::must(range) == 2);
    CHECK(rowan::must(range_count) == 5);
    CHECK(nested);
    CHECK(rowan::must(nested_count) == 5);
    CHECK(script);
    CHECK(streamed_all);
    CHECK(streamed == Symbols{"ADA", "BTC", "ETH", "LTC"});
    CHECK(rowan::must(ahead) == 4);
    CHECK(rowan::must(inner) == 4);
    CHECK(rowan::must(last) == 5);
    // Nobody was told of what was given up.
    for (const Seen& seen : recorder->take()) CHECK_MESSAGE(seen.error.empty(), seen.text);
}

TEST_CASE_TEMPLATE("an observer is told of each statement once", Db, Sqlite, Postgres) {
    Market<Db> market;
    const auto recorder = std::make_shared<Recorder>(true);
    market.connection.observe(recorder);
    const Quote ada{"ADA", 1, {}};
    const Quote btc{"BTC", 1, {}};
    (void)market.connection.pipeline(
        inserting(ada), [](auto& step) { return repository<Quote>(step).all(); }, inserting(btc),
        [](auto& step) { return step.execute(sql<"UPDATE quotes SET price = $1">, 7.5); },
        // Text that is gone when the answer comes.
        [](auto& step) {
            const std::string text = "SELECT count(*) FROM quotes WHERE symbol = $" + std::to_string(1);
            return step.template query<std::int64_t>(unsafe_sql{text}, std::string(3, 'x'));
        });
    const std::vector<Seen> seen = recorder->take();
    REQUIRE(seen.size() == 5);
    CHECK(seen[4].text.starts_with("SELECT count(*) FROM quotes"));
    CHECK(seen[4].values == std::vector<std::string>{"'xxx'"});
    CHECK_FALSE(seen[4].is_constant);
    CHECK(seen[0].text.starts_with("INSERT"));
    CHECK(seen[0].values == std::vector<std::string>{"'ADA'", "1", "NULL"});
    CHECK(seen[0].rows == 1);
    CHECK(seen[1].rows == 3);
    CHECK(seen[2].error == "unique_violation");
    CHECK(seen[3].values == std::vector<std::string>{"7.5"});
    CHECK(seen[3].rows == 3);
    for (const Seen& one : seen) CHECK(one.connection == market.connection.number());
    CHECK(market.connection.observer() == recorder);
    rowan::must(repository<Quote>(market.connection).count());
    CHECK(recorder->take().size() == 1);
}

TEST_CASE_TEMPLATE("a range of any length comes back in its order", Db, Sqlite, Postgres) {
    Market<Db> market;
    // Too much for the buffers of either end, both ways.
    const std::string large(100'000, 'x');
    std::vector<Quote> quotes;
    for (int i = 0; i != 1'000; ++i)
        quotes.push_back({"S" + std::to_string(i), i / 8.0, i % 2 == 0 ? std::optional{large} : std::nullopt});
    quotes[700] = quotes[699];
    const auto stored = market.connection.transaction([&](auto& tx) -> Result<std::vector<Result<Quote>>> {
        return tx.pipeline_each(std::vector<Quote>(quotes.begin(), quotes.begin() + 600),
                                [](auto& step, const Quote& quote) { return repository<Quote>(step).insert(quote); });
    });
    CHECK(rowan::must(stored).size() == 600);
    const auto rest = market.connection.pipeline_each(
        std::vector<Quote>(quotes.begin() + 600, quotes.end()),
        [](auto& step, const Quote& quote) { return repository<Quote>(step).upsert(quote, same_symbol.do_nothing()); });
    REQUIRE(rest.size() == 400);
    CHECK(rowan::must(rest[99]) == rowan::Upserted::inserted);
    CHECK(rowan::must(rest[100]) == rowan::Upserted::unchanged);
    std::vector<Result<std::optional<Quote>>> found = market.connection.pipeline_each(
        quotes, [](auto& step, const Quote& quote) { return repository<Quote>(step).find(quote.symbol); });
    REQUIRE(found.size() == 1'000);
    bool all = true;
    for (std::size_t i = 0; i != found.size(); ++i) all = all && rowan::must(found[i]) == quotes[i];
    CHECK(all);
    CHECK(market.connection
              .pipeline_each(std::vector<Quote>{},
                             [](auto& step, const Quote& quote) { return repository<Quote>(step).find(quote.symbol); })
              .empty());
}

TEST_CASE_TEMPLATE("a session that only reads has pipelines that only read", Db, Sqlite, Postgres) {
    Market<Db> market;
    auto db = rowan::must(rowan::open(market.url()));
    const auto read = db.read_only([](auto& reader) -> Result<std::int64_t> {
        const auto [found, count] = reader.pipeline([](auto& step) { return repository<Quote>(step).find("BTC"); },
                                                    [](auto& step) { return repository<Quote>(step).count(); });
        CHECK(rowan::must(found).has_value());
        return count;
    });
    CHECK(rowan::must(read) == 2);
}
