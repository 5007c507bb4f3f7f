#include <rowan/rowan.hpp>

#include "fresh.hpp"

namespace {

using rowan::UpsertCounts;
using rowan::Upserted;

struct Candle {
    std::int64_t id{};
    std::string symbol{};
    std::int32_t minute{};
    double close{};
    double volume{};
    std::optional<std::string> note{};

    friend bool operator==(const Candle&, const Candle&) = default;
};

struct Setting {
    std::string id{};
    std::string value{};
};

struct Counter {
    std::int64_t id{};
    std::int64_t value{};
};

}  // namespace

template <>
inline constexpr auto rowan::table<Candle> =
    rowan::describe<Candle>("candles").unique<&Candle::symbol, &Candle::minute>();
template <>
inline constexpr auto rowan::table<Counter> = rowan::describe<Counter>("counter").key<&Counter::id>();

namespace {

constexpr auto same_minute = rowan::on_conflict<&Candle::minute, &Candle::symbol>;

}  // namespace

TEST_CASE_TEMPLATE("an upsert tells what it did", Db, Sqlite, Postgres) {
    Fresh<Db> fresh;
    auto candles = rowan::repository<Candle>(fresh.connection);
    rowan::must(candles.create_table());
    const Candle first{.symbol = "BTC", .minute = 1, .close = 10, .volume = 1, .note = "first"};
    const Candle again{.symbol = "BTC", .minute = 1, .close = 20, .volume = 2};

    CHECK(rowan::must(candles.upsert(first, same_minute.do_nothing())) == Upserted::inserted);
    CHECK(rowan::must(candles.upsert(again, same_minute.do_nothing())) == Upserted::unchanged);
    const Candle kept = rowan::must(candles.get(1));
    CHECK(kept == Candle{1, "BTC", 1, 10, 1, "first"});

    CHECK(rowan::must(candles.upsert(again, same_minute.template do_update<&Candle::close>())) == Upserted::updated);
    CHECK(rowan::must(candles.get(1)) == Candle{1, "BTC", 1, 20, 1, "first"});

    CHECK(rowan::must(candles.upsert(again, same_minute.do_update())) == Upserted::updated);
    CHECK(rowan::must(candles.get(1)) == Candle{1, "BTC", 1, 20, 2, std::nullopt});

    CHECK(rowan::must(candles.upsert({.symbol = "ETH", .minute = 1}, same_minute.do_update())) == Upserted::inserted);
    CHECK(rowan::must(candles.count()) == 2);
}

TEST_CASE_TEMPLATE("an upsert by key, generated or not", Db, Sqlite, Postgres) {
    Fresh<Db> fresh;
    auto candles = rowan::repository<Candle>(fresh.connection);
    rowan::must(candles.create_table());
    constexpr auto by_id = rowan::on_conflict<&Candle::id>;
    CHECK(rowan::must(candles.upsert({.id = 5, .symbol = "BTC"}, by_id.do_update())) == Upserted::inserted);
    CHECK(rowan::must(candles.upsert({.id = 5, .symbol = "ETH"}, by_id.do_update())) == Upserted::updated);
    CHECK(rowan::must(candles.upsert({.id = 5, .symbol = "LTC"}, by_id.do_nothing())) == Upserted::unchanged);
    CHECK(rowan::must(candles.get(5)).symbol == "ETH");
    CHECK(rowan::must(candles.upsert({.symbol = "made"}, by_id.do_update())) == Upserted::inserted);

    auto settings = rowan::repository<Setting>(fresh.connection);
    rowan::must(settings.create_table());
    constexpr auto by_name = rowan::on_conflict<&Setting::id>;
    CHECK(rowan::must(settings.upsert({"theme", "dark"}, by_name.do_update())) == Upserted::inserted);
    CHECK(rowan::must(settings.upsert({"theme", "light"}, by_name.do_update())) == Upserted::updated);
    CHECK(rowan::must(settings.upsert({"theme", "blue"}, by_name.do_nothing())) == Upserted::unchanged);
    CHECK(rowan::must(settings.get("theme")).value == "light");
}

TEST_CASE_TEMPLATE("what an upsert did is told for every number that a key can be", Db, Sqlite, Postgres) {
    Fresh<Db> fresh;
    auto counters = rowan::repository<Counter>(fresh.connection);
    rowan::must(counters.create_table());
    constexpr auto by_id = rowan::on_conflict<&Counter::id>;
    for (const std::int64_t id : {std::int64_t{0}, std::int64_t{1}, std::int64_t{-1},
                                  std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()}) {
        CAPTURE(id);
        CHECK(rowan::must(counters.upsert({id, 1}, by_id.do_update())) == Upserted::inserted);
        CHECK(rowan::must(counters.upsert({id, 2}, by_id.do_update())) == Upserted::updated);
        CHECK(rowan::must(counters.upsert({id, 3}, by_id.do_nothing())) == Upserted::unchanged);
        CHECK(rowan::must(counters.get(id)).value == 2);
    }
}

TEST_CASE_TEMPLATE("a range of upserts counts what happened", Db, Sqlite, Postgres) {
    Fresh<Db> fresh;
    auto candles = rowan::repository<Candle>(fresh.connection);
    rowan::must(candles.create_table());
    std::vector<Candle> rows;
    for (int i = 0; i != 2500; ++i) rows.push_back({.symbol = "BTC", .minute = i, .close = 1});

    CHECK(rowan::must(candles.upsert(rows, same_minute.do_nothing())) == UpsertCounts{2500, 0, 0});
    CHECK(rowan::must(candles.upsert(rows, same_minute.do_nothing())) == UpsertCounts{0, 0, 2500});
    for (Candle& candle : rows) candle.close = 2;
    rows.push_back({.symbol = "ETH", .minute = 7});
    CHECK(rowan::must(candles.upsert(rows, same_minute.do_update())) == UpsertCounts{1, 2500, 0});
    CHECK(rowan::must(candles.where(rowan::col<&Candle::close> == 2).count()) == 2500);
    CHECK(rowan::must(candles.upsert(std::vector<Candle>{}, same_minute.do_update())) == UpsertCounts{});
}

TEST_CASE_TEMPLATE("of rows that are alike in one range, do_update keeps the last and do_nothing the first", Db, Sqlite,
                   Postgres) {
    Fresh<Db> fresh;
    auto candles = rowan::repository<Candle>(fresh.connection);
    rowan::must(candles.create_table());
    std::vector<Candle> rows;
    for (int i = 0; i != 1500; ++i) rows.push_back({.symbol = "BTC", .minute = i % 1400, .close = i * 1.0});

    CHECK(rowan::must(candles.upsert(rows, same_minute.do_nothing())) == UpsertCounts{1400, 0, 100});
    CHECK(rowan::must(candles.where(rowan::col<&Candle::minute> == 3).first())->close == 3);
    rowan::must(candles.drop_table());
    rowan::must(candles.create_table());
    CHECK(rowan::must(candles.upsert(rows, same_minute.do_update())) == UpsertCounts{1400, 100, 0});
    CHECK(rowan::must(candles.where(rowan::col<&Candle::minute> == 3).first())->close == 1403);

    // Only where a later one goes beyond the one before it; as one by one.
    const auto higher = same_minute.template do_update<&Candle::close>().where(rowan::excluded<&Candle::close> >
                                                                               rowan::col<&Candle::close>);
    const std::vector<Candle> steps{{.symbol = "LTC", .minute = 1, .close = 1},
                                    {.symbol = "LTC", .minute = 1, .close = 3},
                                    {.symbol = "LTC", .minute = 1, .close = 2},
                                    {.symbol = "LTC", .minute = 1, .close = 4}};
    UpsertCounts single;
    for (const Candle& step : steps) {
        const Upserted done = rowan::must(candles.upsert(step, higher));
        ++(done == Upserted::inserted  ? single.inserted
           : done == Upserted::updated ? single.updated
                                       : single.unchanged);
    }
    CHECK(single == UpsertCounts{1, 2, 1});
    CHECK(rowan::must(candles.where(rowan::col<&Candle::symbol> == "LTC").erase()) == 1);
    CHECK(rowan::must(candles.upsert(steps, higher)) == single);
    CHECK(rowan::must(candles.where(rowan::col<&Candle::symbol> == "LTC").first())->close == 4);

    // Twice in one batch, also where the rest of it is new.
    const std::vector<Candle> twice{{.symbol = "ETH", .minute = 1, .close = 1},
                                    {.symbol = "ETH", .minute = 1, .close = 2},
                                    {.symbol = "ETH", .minute = 2, .close = 3}};
    CHECK(rowan::must(candles.upsert(twice, same_minute.do_update())) == UpsertCounts{2, 1, 0});
    CHECK(rowan::must(candles.where(rowan::col<&Candle::symbol> == "ETH" and rowan::col<&Candle::minute> == 1).first())
              ->close == 2);
}

TEST_CASE_TEMPLATE("a range of upserts is all or nothing", Db, Sqlite, Postgres) {
    Fresh<Db> fresh;
    auto candles = rowan::repository<Candle>(fresh.connection);
    rowan::must(candles.create_table());
    rowan::must(candles.insert({.id = 77, .symbol = "key", .minute = 1}));
    std::vector<Candle> rows;
    for (int i = 0; i != 1500; ++i) rows.push_back({.symbol = "BTC", .minute = i});
    // Collides with the key, which is not the conflict target.
    rows.push_back({.id = 77, .symbol = "other", .minute = 2});
    CHECK(error_of(candles.upsert(rows, same_minute.do_update())).code() == rowan::Code::unique_violation);
    CHECK(rowan::must(candles.count()) == 1);

    rowan::must(fresh.connection.transaction([&](auto& tx) -> rowan::Result<void> {
        auto inside = rowan::repository<Candle>(tx);
        CHECK(!inside.upsert(rows, same_minute.do_update()));
        // The transaction goes on.
        rowan::must(inside.insert({.symbol = "later", .minute = 9}));
        return {};
    }));
    CHECK(rowan::must(candles.count()) == 2);
}
