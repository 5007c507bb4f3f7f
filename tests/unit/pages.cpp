#include <rowan/rowan.hpp>

#include <algorithm>
#include <chrono>

#include "fresh.hpp"

namespace {

using rowan::asc;
using rowan::Code;
using rowan::col;
using rowan::desc;

struct Trade {
    std::int64_t id{};
    std::string symbol{};
    double price{};
    rowan::Timestamp time{};

    friend bool operator==(const Trade&, const Trade&) = default;
};

template <class Db>
struct Trades : Fresh<Db> {
    rowan::Repository<Trade, typename Db::Connection> repository{this->connection};
    std::vector<Trade> rows{};

    Trades() {
        rowan::must(repository.create_table());
        // Many rows share a symbol, a price and a time.
        for (std::int64_t i = 1; i <= 60; ++i)
            rows.push_back({.id = i,
                            .symbol = i % 3 == 0 ? "ETH" : "BTC",
                            .price = static_cast<double>(i % 5),
                            .time = rowan::Timestamp{std::chrono::seconds{i / 7}}});
        rowan::must(repository.insert(rows));
    }

    /// All pages of a query, forwards.
    template <class Query>
    std::vector<Trade> forwards(const Query& query, std::int64_t size) {
        std::vector<Trade> all = rowan::must(query.limit(size).all());
        for (std::size_t before = 0; before != all.size() && !all.empty();) {
            before = all.size();
            const auto page = rowan::must(query.after(query.cursor(all.back())).limit(size).all());
            CHECK(page.size() <= static_cast<std::size_t>(size));
            all.insert(all.end(), page.begin(), page.end());
        }
        return all;
    }

    /// All pages of a query from its last row to its first.
    template <class Query>
    std::vector<Trade> backwards(const Query& query, const Trade& last, std::int64_t size) {
        std::vector<Trade> all{last};
        for (std::size_t before = 0; before != all.size();) {
            before = all.size();
            const auto page = rowan::must(query.before(query.cursor(all.front())).limit(size).all());
            all.insert(all.begin(), page.begin(), page.end());
        }
        return all;
    }
};

}  // namespace

template <>
inline constexpr auto rowan::table<Trade> = rowan::describe<Trade>("trades").unique<&Trade::time, &Trade::id>();

TEST_CASE_TEMPLATE("pages together are all rows, each once, in order, forwards and backwards", Db, Sqlite, Postgres) {
    Trades<Db> trades;
    const auto check = [&](const auto& query) {
        const std::vector<Trade> expected = rowan::must(query.all());
        for (const std::int64_t size : {1, 7, 60, 100}) {
            CAPTURE(size);
            CHECK(trades.forwards(query, size) == expected);
            CHECK(trades.backwards(query, expected.back(), size) == expected);
        }
    };
    check(trades.repository.order_by(asc<&Trade::id>));
    check(trades.repository.order_by(desc<&Trade::id>));
    check(trades.repository.order_by(desc<&Trade::time>, asc<&Trade::id>));
    check(trades.repository.order_by(asc<&Trade::symbol>, desc<&Trade::price>, desc<&Trade::time>, asc<&Trade::id>));
    check(trades.repository.where(col<&Trade::price> > 1 or col<&Trade::symbol> == "ETH")
              .order_by(desc<&Trade::price>, desc<&Trade::id>));
}

TEST_CASE_TEMPLATE("rows that come and go do not move the other pages", Db, Sqlite, Postgres) {
    Trades<Db> trades;
    const auto query = trades.repository.order_by(asc<&Trade::id>);
    const auto first = rowan::must(query.limit(10).all());
    rowan::must(trades.repository.where(col<&Trade::id> <= 5).erase());
    rowan::must(trades.repository.insert({.id = -1, .symbol = "new"}));
    const auto second = rowan::must(query.after(query.cursor(first.back())).limit(10).all());
    REQUIRE(second.size() == 10);
    CHECK(second.front().id == 11);
    CHECK(rowan::must(query.after(query.cursor(first.back())).count()) == 50);
    CHECK(rowan::must(query.before(query.cursor(first.front())).all()).size() == 1);
}

TEST_CASE_TEMPLATE("a cursor goes into a token and comes back", Db, Sqlite, Postgres) {
    Trades<Db> trades;
    const auto query =
        trades.repository.order_by(asc<&Trade::symbol>, desc<&Trade::price>, asc<&Trade::time>, asc<&Trade::id>);
    using Cursor = typename decltype(query)::Cursor;
    Trade row = trades.rows[20];
    row.symbol = std::string{"a\0ß'\"", 7};
    row.price = -0.1;
    const std::string token = rowan::must(query.cursor(row).token());
    CHECK(token.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") ==
          std::string::npos);
    CHECK(rowan::must(Cursor::parse(token)).values() == query.cursor(row).values());
    const std::string real = rowan::must(query.cursor(trades.rows[20]).token());
    CHECK(rowan::must(query.after(rowan::must(Cursor::parse(real))).all()) ==
          rowan::must(query.after(query.cursor(trades.rows[20])).all()));
}

TEST_CASE("a broken token is an error that says so") {
    const auto query = rowan::from<Trade>().order_by(asc<&Trade::symbol>, asc<&Trade::id>);
    using Cursor = decltype(query)::Cursor;
    const std::string token = rowan::must(query.cursor({.id = 7, .symbol = "BTC"}).token());
    const auto refused = [](std::string_view text) {
        const rowan::Error error = error_of(Cursor::parse(text));
        CHECK(error.code() == Code::invalid_value);
        CHECK(error.message() == "this page token is broken, or was made for another order");
    };
    refused("");
    refused("A");
    refused("not a token!");
    refused(token + "A");
    refused(token + "=");
    for (std::size_t i = 0; i != token.size(); ++i) {
        refused(token.substr(0, i));
        std::string changed = token;
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        refused(changed);
    }
    // Made for another order, another direction, another table.
    const auto other = rowan::from<Trade>().order_by(asc<&Trade::symbol>, desc<&Trade::id>);
    refused(rowan::must(other.cursor({.id = 7, .symbol = "BTC"}).token()));
    const auto fewer = rowan::from<Trade>().order_by(asc<&Trade::id>);
    refused(rowan::must(fewer.cursor({.id = 7}).token()));
}

namespace {

template <class Query>
constexpr std::string_view text_after =
    rowan::detail::text_of<rowan::detail::QueryText<typename Query::QueryShape, rowan::postgres::dialect>>;

using Uniform = decltype(rowan::from<Trade>().order_by(desc<&Trade::time>, desc<&Trade::id>));
using AfterUniform = decltype(std::declval<Uniform>().after(std::declval<Uniform::Cursor>()));
static_assert(text_after<AfterUniform> ==
              R"(SELECT "id", "symbol", "price", "time" FROM "trades" WHERE ("time", "id") < ($1, $2) )"
              R"(ORDER BY "time" DESC, "id" DESC)");
using BeforeUniform = decltype(std::declval<Uniform>().before(std::declval<Uniform::Cursor>()));
static_assert(text_after<BeforeUniform> ==
              R"(SELECT "id", "symbol", "price", "time" FROM "trades" WHERE ("time", "id") > ($1, $2) )"
              R"(ORDER BY "time", "id")");
using Mixed = decltype(rowan::from<Trade>().order_by(asc<&Trade::symbol>, desc<&Trade::time>, asc<&Trade::id>));
using AfterMixed = decltype(std::declval<Mixed>().after(std::declval<Mixed::Cursor>()));
static_assert(text_after<AfterMixed> ==
              R"(SELECT "id", "symbol", "price", "time" FROM "trades" WHERE "symbol" >= $1 AND ("symbol" > $1 OR )"
              R"(("symbol" = $1 AND ("time" < $2 OR ("time" = $2 AND ("id" > $3))))) )"
              R"(ORDER BY "symbol", "time" DESC, "id")");
using Only = decltype(rowan::from<Trade>().order_by(asc<&Trade::id>));
using AfterOnly = decltype(std::declval<Only>().after(std::declval<Only::Cursor>()));
static_assert(text_after<AfterOnly> ==
              R"(SELECT "id", "symbol", "price", "time" FROM "trades" WHERE "id" > $1 ORDER BY "id")");

}  // namespace
