#include <rowan/rowan.hpp>

#include <chrono>
#include <cmath>

#include <boost/describe/enum.hpp>

#include "fresh.hpp"

namespace {

using rowan::asc;
using rowan::Code;
using rowan::col;
using rowan::desc;

enum class Kind { limit, market };
BOOST_DESCRIBE_ENUM(Kind, limit, market)

struct Trade {
    std::int64_t id{};
    std::string symbol{};
    double price{};
    std::int32_t size{};
    bool open{};
    Kind kind{};
    rowan::Timestamp time{};
    std::optional<std::string> note{};
};

rowan::Timestamp at(int minute) { return rowan::Timestamp{std::chrono::minutes{minute}}; }

template <class Db>
struct Trades : Fresh<Db> {
    rowan::Repository<Trade, typename Db::Connection> repository{this->connection};

    Trades() {
        rowan::must(repository.create_table());
        const std::vector<Trade> rows{
            {.id = 1, .symbol = "BTC", .price = 10, .size = 1, .open = true, .kind = Kind::limit, .time = at(1)},
            {.id = 2, .symbol = "BTC", .price = 20, .size = 2, .open = false, .kind = Kind::market, .time = at(2)},
            {.id = 3,
             .symbol = "ETH",
             .price = 5,
             .size = 3,
             .open = true,
             .kind = Kind::limit,
             .time = at(3),
             .note = "n"},
            {.id = 4,
             .symbol = "O'Neil\"\\%_",
             .price = 7.5,
             .size = -4,
             .open = false,
             .kind = Kind::market,
             .time = at(4),
             .note = ""},
        };
        rowan::must(repository.insert(rows));
    }

    /// The ids for which a condition is true.
    template <class Condition>
    std::vector<std::int64_t> ids(Condition condition) {
        std::vector<std::int64_t> found;
        for (const Trade& trade : rowan::must(repository.where(condition).order_by(asc<&Trade::id>).all()))
            found.push_back(trade.id);
        CHECK(rowan::must(repository.where(condition).count()) == static_cast<std::int64_t>(found.size()));
        CHECK(rowan::must(repository.where(condition).exists()) == !found.empty());
        return found;
    }
};

using Ids = std::vector<std::int64_t>;

}  // namespace

TEST_CASE_TEMPLATE("every comparison finds just its rows", Db, Sqlite, Postgres) {
    Trades<Db> trades;
    CHECK(trades.ids(col<&Trade::price> == 10.0) == Ids{1});
    CHECK(trades.ids(col<&Trade::price> != 10.0) == Ids{2, 3, 4});
    CHECK(trades.ids(col<&Trade::price> < 10.0) == Ids{3, 4});
    CHECK(trades.ids(col<&Trade::price> <= 10.0) == Ids{1, 3, 4});
    CHECK(trades.ids(col<&Trade::price> > 10.0) == Ids{2});
    CHECK(trades.ids(col<&Trade::price> >= 10.0) == Ids{1, 2});
    CHECK(trades.ids(col<&Trade::price> > 7) == Ids{1, 2, 4});
    CHECK(trades.ids(col<&Trade::price> > 7.0F) == Ids{1, 2, 4});
    CHECK(trades.ids(col<&Trade::size> == 2) == Ids{2});
    CHECK(trades.ids(col<&Trade::size> < std::int64_t{3'000'000'000}) == Ids{1, 2, 3, 4});
    CHECK(trades.ids(col<&Trade::size> == std::uint8_t{3}) == Ids{3});
    CHECK(trades.ids(col<&Trade::open> == true) == Ids{1, 3});
    CHECK(trades.ids(col<&Trade::kind> == Kind::market) == Ids{2, 4});
    CHECK(trades.ids(col<&Trade::time> >= at(3)) == Ids{3, 4});
    CHECK(trades.ids(col<&Trade::time> < std::chrono::sys_seconds{std::chrono::minutes{2}}) == Ids{1});
    CHECK(trades.ids(col<&Trade::symbol> == "BTC") == Ids{1, 2});
    CHECK(trades.ids(col<&Trade::symbol> == "O'Neil\"\\%_") == Ids{4});
    CHECK(trades.ids(col<&Trade::symbol> == "' OR 1=1 --").empty());
    CHECK(trades.ids(col<&Trade::symbol> > std::string_view{"BTC"}) == Ids{3, 4});
    CHECK(trades.ids(col<&Trade::note> == "") == Ids{4});
    CHECK(trades.ids(col<&Trade::note> != "") == Ids{3});
    CHECK(trades.ids(col<&Trade::note>.is_null()) == Ids{1, 2});
    CHECK(trades.ids(col<&Trade::note>.is_not_null()) == Ids{3, 4});
}

TEST_CASE_TEMPLATE("and, or and not bind as they do in C++", Db, Sqlite, Postgres) {
    Trades<Db> trades;
    const auto btc = col<&Trade::symbol> == "BTC";
    const auto open = col<&Trade::open> == true;
    const auto cheap = col<&Trade::price> < 8;
    CHECK(trades.ids(btc and open) == Ids{1});
    CHECK(trades.ids(btc or open) == Ids{1, 2, 3});
    CHECK(trades.ids(not btc) == Ids{3, 4});
    CHECK(trades.ids(not(btc or open)) == Ids{4});
    CHECK(trades.ids(not(btc and open)) == Ids{2, 3, 4});
    CHECK(trades.ids(btc or (open and cheap)) == Ids{1, 2, 3});
    CHECK(trades.ids((btc or open) and cheap) == Ids{3});
    CHECK(trades.ids(cheap and (btc or open)) == Ids{3});
    CHECK(trades.ids(not cheap and not open) == Ids{2});
    CHECK(trades.ids(not not btc) == Ids{1, 2});
    // As in SQL, neither a comparison with NULL nor its negation is true.
    CHECK(trades.ids(not(col<&Trade::note> == "n")) == Ids{4});
}

TEST_CASE_TEMPLATE("order, limit and first", Db, Sqlite, Postgres) {
    Trades<Db> trades;
    auto& all = trades.repository;
    const auto ids = [](const rowan::Result<std::vector<Trade>>& rows) {
        Ids found;
        for (const Trade& trade : rowan::must(rows)) found.push_back(trade.id);
        return found;
    };
    CHECK(ids(all.order_by(desc<&Trade::price>).all()) == Ids{2, 1, 4, 3});
    CHECK(ids(all.order_by(asc<&Trade::symbol>, desc<&Trade::id>).all()) == Ids{2, 1, 3, 4});
    CHECK(ids(all.order_by(asc<&Trade::id>).limit(2).all()) == Ids{1, 2});
    CHECK(ids(all.order_by(asc<&Trade::id>).limit(0).all()).empty());
    CHECK(ids(all.order_by(asc<&Trade::id>).limit(1'000'000'000'000).all()) == Ids{1, 2, 3, 4});
    CHECK(ids(all.order_by(asc<&Trade::id>).order_by(desc<&Trade::id>).limit(1).all()) == Ids{4});
    CHECK(error_of(all.limit(-1).all()).code() == Code::misuse);
    CHECK(error_of(all.limit(-1).count()).code() == Code::misuse);

    CHECK(rowan::must(all.order_by(desc<&Trade::time>).first())->id == 4);
    CHECK(rowan::must(all.where(col<&Trade::symbol> == "none").first()) == std::nullopt);
    CHECK(rowan::must(all.order_by(asc<&Trade::id>).limit(3).first())->id == 1);
    CHECK(rowan::must(all.limit(0).first()) == std::nullopt);
    CHECK(rowan::must(all.limit(3).count()) == 3);
    CHECK(rowan::must(all.limit(30).count()) == 4);
    CHECK(rowan::must(all.limit(0).exists()) == false);
    CHECK(rowan::must(all.limit(1).exists()) == true);
    CHECK(rowan::must(all.count()) == 4);
    CHECK(rowan::must(all.all()).size() == 4);
}

TEST_CASE_TEMPLATE("a query can be kept, narrowed and run again", Db, Sqlite, Postgres) {
    Trades<Db> trades;
    // A temporary string is kept by the query itself.
    auto make = [&] {
        return trades.repository.where(col<&Trade::symbol> == std::string(200, 'B').substr(199) + "TC");
    };
    const auto btc = make();
    CHECK(rowan::must(btc.count()) == 2);
    const auto open = btc.where(col<&Trade::open> == true);
    CHECK(rowan::must(open.count()) == 1);
    CHECK(rowan::must(btc.count()) == 2);
    rowan::must(trades.repository.insert({.id = 9, .symbol = "BTC", .open = true}));
    CHECK(rowan::must(open.count()) == 2);
    CHECK(rowan::must(btc.where(col<&Trade::price> > 15).all()).size() == 1);
}

TEST_CASE_TEMPLATE("a value that cannot be sent is an error that names the column", Db, Sqlite, Postgres) {
    Trades<Db> trades;
    const auto code = [](const auto& result, const char* column) {
        const rowan::Error error = error_of(result);
        CHECK(error.column() == column);
        return error.code();
    };
    CHECK(code(trades.repository.where(col<&Trade::size> == ~std::uint64_t{0}).all(), "size") ==
          Code::value_out_of_range);
    CHECK(code(trades.repository.where(col<&Trade::price> == (std::int64_t{1} << 53) + 1).all(), "price") ==
          Code::inexact_value);
    CHECK(code(trades.repository.where(col<&Trade::open> == true and col<&Trade::kind> == static_cast<Kind>(9)).count(),
               "kind") == Code::unknown_enumerator);
    if constexpr (Db::is_sqlite)
        CHECK(code(trades.repository.where(col<&Trade::price> == std::nan("")).all(), "price") == Code::not_a_number);
    else
        CHECK(code(trades.repository.where(col<&Trade::symbol> == std::string_view{"a\0b", 3}).first(), "symbol") ==
              Code::invalid_text);
    // The connection is as good as before.
    CHECK(rowan::must(trades.repository.count()) == 4);
}

TEST_CASE_TEMPLATE("a row that cannot be read is an error that names the column", Db, Sqlite, Postgres) {
    Trades<Db> trades;
    trades.execute("UPDATE trade SET kind = 'stop' WHERE id = 3");
    for (const rowan::Error& error : {error_of(trades.repository.all()), error_of(trades.repository.get(3)),
                                      error_of(trades.repository.where(col<&Trade::id> == 3).first())}) {
        CHECK(error.code() == Code::unknown_enumerator);
        CHECK(error.column() == "kind");
        CHECK(error.table() == "trade");
        CHECK(error.statement().find("SELECT") == 0);
    }
    CHECK(rowan::must(trades.repository.get(1)).id == 1);
}
