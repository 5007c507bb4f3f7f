#include <rowan/rowan.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "locking.hpp"

namespace {

using locking::Position;
using locking::Positions;
using rowan::col;
using rowan::excluded;
using rowan::set;
using rowan::Upserted;
using rowan::Version;

constexpr auto same_symbol = rowan::on_conflict<&Position::symbol>;

struct Summary {
    std::string symbol{};
    rowan::Version version{};
    rowan::UpdatedAt updated_at{};
};
struct Plain {
    std::string symbol{};
    std::int64_t version{};
    rowan::Timestamp updated_at{};
};

template <const rowan::Dialect& dialect>
std::string created() {
    return std::string{rowan::detail::text_of<rowan::detail::CreateTable<Position, dialect>>};
}

}  // namespace

TEST_CASE("a version reads as the number that it is") {
    constexpr Version three = 3;
    static_assert(three == 3 && 3 == three && three == 3u && three == Version{3} && three != 4);
    static_assert(three < 4 && 2 < three && three <= Version{3} && three > std::int16_t{-1});
    static_assert(Version{} == 0);
    const std::int64_t number = three + 1;
    CHECK(number == 4);
    constexpr rowan::UpdatedAt never;
    static_assert(never == rowan::Timestamp{});
    const rowan::Timestamp time = rowan::UpdatedAt{rowan::Timestamp{std::chrono::seconds{7}}};
    CHECK(time - never == std::chrono::seconds{7});
    CHECK(rowan::CreatedAt{time} > never);
}

TEST_CASE("the columns that rowan keeps are never NULL, and have defaults for rows that others store") {
    const std::string sqlite = created<rowan::sqlite::dialect>();
    CHECK(sqlite.find(R"("version" INTEGER NOT NULL DEFAULT 1, "updated_at" INTEGER NOT NULL DEFAULT (CAST()") !=
          std::string::npos);
    const std::string postgres = created<rowan::postgres::dialect>();
    CHECK(postgres.find(R"("version" bigint NOT NULL DEFAULT 1, "updated_at" timestamptz NOT NULL DEFAULT now(), )"
                        R"("created_at" timestamptz NOT NULL DEFAULT now(),)") != std::string::npos);
}

TEST_CASE_TEMPLATE("a row that another program stored can be changed like any other", Db, Sqlite, Postgres) {
    Positions<Db> positions;
    const auto before = std::chrono::floor<std::chrono::milliseconds>(locking::now());
    positions.execute("INSERT INTO positions (symbol, size) VALUES ('BTC', 1)");
    const Position row = rowan::must(positions.mine.get(1));
    CHECK(row.version == 1);
    CHECK(row.updated_at >= before);
    CHECK(row.updated_at <= locking::now());
    CHECK(row.created_at == row.updated_at);
    CHECK(rowan::must(positions.mine.update(row)).version == 2);
    CHECK(rowan::must(rowan::verify<Position>(positions.connection)).empty());
}

TEST_CASE_TEMPLATE("an upsert starts at version 1, and counts the stored version on", Db, Sqlite, Postgres) {
    Positions<Db> positions;
    const auto upsert = [&](double size, const auto& policy) {
        return rowan::must(positions.mine.upsert({.symbol = "BTC", .size = size}, policy));
    };
    const auto row = [&] { return rowan::must(positions.mine.get(1)); };
    CHECK(upsert(1, same_symbol.do_update()) == Upserted::inserted);
    const Position first = row();
    CHECK(first.version == 1);
    CHECK(first.created_at == first.updated_at);

    CHECK(upsert(2, same_symbol.do_update()) == Upserted::updated);
    const Position second = row();
    CHECK(second.size == 2);
    CHECK(second.version == 2);
    CHECK(second.updated_at > first.updated_at);
    CHECK(second.created_at == first.created_at);

    CHECK(upsert(3, same_symbol.template do_update<&Position::size>()) == Upserted::updated);
    CHECK(row().version == 3);
    CHECK(row().updated_at > second.updated_at);
    CHECK(upsert(4, same_symbol.do_update(set<& Position::size> = col<&Position::size> + excluded<&Position::size>)) ==
          Upserted::updated);
    CHECK(row().version == 4);
    CHECK(row().size == 7);
    CHECK(row().created_at == first.created_at);

    CHECK(upsert(5, same_symbol.do_nothing()) == Upserted::unchanged);
    CHECK(row().version == 4);
    // Only while it has the version that the caller has seen.
    CHECK(upsert(6, same_symbol.do_update().where(col<&Position::version> == first.version)) == Upserted::unchanged);
    CHECK(upsert(6, same_symbol.do_update().where(col<&Position::version> == 4)) == Upserted::updated);
    CHECK(row().version == 5);
    CHECK(row().size == 6);

    // By key, too.
    Position by_key = row();
    by_key.size = 8;
    CHECK(rowan::must(positions.mine.upsert(by_key, rowan::on_conflict<&Position::id>.do_update())) ==
          Upserted::updated);
    CHECK(row().version == 6);
}

TEST_CASE_TEMPLATE("an upserted range does the same, also where a row comes twice", Db, Sqlite, Postgres) {
    Positions<Db> positions;
    const Position first = positions.stored("BTC");
    const std::vector<Position> rows{{.symbol = "BTC", .size = 2}, {.symbol = "ETH", .size = 2}};
    CHECK(rowan::must(positions.mine.upsert(rows, same_symbol.do_update())) == rowan::UpsertCounts{1, 1, 0});
    CHECK(rowan::must(positions.mine.template find_by<&Position::symbol>("BTC"))->version == 2);
    CHECK(rowan::must(positions.mine.template find_by<&Position::symbol>("ETH"))->version == 1);
    const std::vector<Position> twice{{.symbol = "BTC", .size = 3}, {.symbol = "BTC", .size = 4}};
    CHECK(rowan::must(positions.mine.upsert(twice, same_symbol.do_update())) == rowan::UpsertCounts{0, 2, 0});
    const Position last = rowan::must(positions.mine.get(first.id));
    CHECK(last.version == 4);
    CHECK(last.size == 4);
    CHECK(last.created_at == first.created_at);
    CHECK(error_of(positions.mine.update(first)).code() == rowan::Code::stale);
}

TEST_CASE_TEMPLATE("an inserted range has versions and times, and keeps times of creation that it brings", Db, Sqlite,
                   Postgres) {
    Positions<Db> positions;
    const rowan::Timestamp long_ago{std::chrono::seconds{1}};
    const auto before = locking::now();
    CHECK(rowan::must(positions.mine.insert(std::vector<Position>{
              {.symbol = "BTC", .version = 8}, {.id = 70, .symbol = "ETH", .created_at = long_ago}})) == 2);
    const Position btc = *rowan::must(positions.mine.template find_by<&Position::symbol>("BTC"));
    CHECK(btc.version == 1);
    CHECK(btc.updated_at >= before);
    CHECK(btc.created_at == btc.updated_at);
    const Position eth = rowan::must(positions.mine.get(70));
    CHECK(eth.version == 1);
    CHECK(eth.created_at == long_ago);
}

TEST_CASE_TEMPLATE("updates by a condition count every row on", Db, Sqlite, Postgres) {
    Positions<Db> positions;
    const Position btc = positions.stored("BTC", 1);
    const Position eth = positions.stored("ETH", 2);
    const Position ltc = positions.stored("LTC", 3);
    auto above_one = positions.mine.where(col<&Position::size> > 1);
    CHECK(rowan::must(above_one.update(set<& Position::note> = "big")) == 2);
    CHECK(rowan::must(positions.mine.get(btc.id)) == btc);
    const Position second = rowan::must(positions.mine.get(eth.id));
    CHECK(second.version == 2);
    CHECK(second.updated_at > eth.updated_at);
    CHECK(second.created_at == eth.created_at);
    CHECK(error_of(positions.mine.update(ltc)).code() == rowan::Code::stale);

    const auto changed = rowan::must(above_one.update_returning(set<& Position::size> = col<&Position::size> * 10,
                                                                set<& Position::note> = std::nullopt));
    REQUIRE(changed.size() == 2);
    CHECK(changed[0].version == 3);
    CHECK(changed[0] == rowan::must(positions.mine.get(changed[0].id)));

    CHECK(rowan::must(positions.mine.everywhere().update(set<& Position::size> = 0)) == 3);
    CHECK(rowan::must(positions.mine.get(btc.id)).version == 2);
    const auto all = rowan::must(positions.mine.everywhere().update_returning(set<& Position::size> = 1));
    REQUIRE(all.size() == 3);
    CHECK(all[1] == rowan::must(positions.mine.get(all[1].id)));
    CHECK(rowan::must(positions.mine.where(col<&Position::version> == 3).erase()) == 1);
    CHECK(rowan::must(positions.mine.where(col<&Position::version> == 5).erase_returning()).size() == 2);
}

TEST_CASE_TEMPLATE("versions and times are compared, listed, sorted and selected like numbers and times", Db, Sqlite,
                   Postgres) {
    Positions<Db> positions;
    const Position btc = positions.stored("BTC");
    const Position eth = rowan::must(positions.mine.update(positions.stored("ETH")));
    const auto symbols = [&](auto condition) {
        std::string text;
        for (const Position& row :
             rowan::must(positions.mine.where(condition).order_by(rowan::asc<&Position::id>).all()))
            text += row.symbol;
        return text;
    };
    CHECK(symbols(col<&Position::version> == 1) == "BTC");
    CHECK(symbols(col<&Position::version> == eth.version) == "ETH");
    CHECK(symbols(col<&Position::version> > std::int16_t{0}) == "BTCETH");
    CHECK(symbols(col<&Position::version> + 1 == 3) == "ETH");
    CHECK(symbols(col<&Position::version>.in(std::vector<Version>{1, 9})) == "BTC");
    CHECK(symbols(col<&Position::version>.in(std::vector{2, 9})) == "ETH");
    CHECK(symbols(col<&Position::version>.between(btc.version, 1)) == "BTC");
    CHECK(symbols(col<&Position::updated_at> == eth.updated_at) == "ETH");
    CHECK(symbols(col<&Position::updated_at> < rowan::Timestamp{eth.updated_at}) == "BTC");
    CHECK(symbols(col<&Position::updated_at> > col<&Position::created_at>) == "ETH");
    CHECK(symbols(col<&Position::created_at>.in(std::vector{btc.created_at})) == "BTC");
    CHECK(rowan::must(positions.mine.template find_by<&Position::version>(2))->symbol == "ETH");
    CHECK(rowan::must(positions.mine.template find_by<&Position::updated_at>(btc.updated_at))->symbol == "BTC");

    const auto query = positions.mine.where(col<&Position::version> == 2);
    const auto plain = rowan::must(
        query.template select<Plain>(col<&Position::symbol>, col<&Position::version>, col<&Position::updated_at>)
            .one());
    CHECK(plain.version == 2);
    CHECK(plain.updated_at == eth.updated_at);
    const auto summary = rowan::must(
        query.template select<Summary>(col<&Position::symbol>, col<&Position::version>, col<&Position::updated_at>)
            .one());
    CHECK(summary.version == 2);
    CHECK(summary.updated_at == eth.updated_at);
    const std::tuple<std::int64_t, rowan::Timestamp> values =
        rowan::must(query.select(col<&Position::version>, col<&Position::updated_at>).one());
    CHECK(values == std::tuple{std::int64_t{2}, rowan::Timestamp{eth.updated_at}});
    const auto highest =
        rowan::must(positions.mine.query()
                        .select(rowan::max(col<&Position::version>), rowan::max(col<&Position::updated_at>))
                        .one());
    CHECK(std::get<0>(highest) == 2);
    CHECK(std::get<1>(highest) == eth.updated_at);
    const auto by_hand = rowan::must(positions.connection.template query<Summary>(
        rowan::sql<"SELECT symbol, version, updated_at FROM positions WHERE version = $1">, eth.version));
    REQUIRE(by_hand.size() == 1);
    CHECK(by_hand[0].version == 2);
}

TEST_CASE_TEMPLATE("pages may be ordered by the time of the last change, and filters ask for versions", Db, Sqlite,
                   Postgres) {
    Positions<Db> positions;
    for (int i = 0; i != 5; ++i) positions.stored("S" + std::to_string(i));
    const auto recent = positions.mine.order_by(rowan::desc<&Position::updated_at>, rowan::asc<&Position::version>,
                                                rowan::desc<&Position::id>);
    const auto first = rowan::must(recent.limit(2).all());
    using Cursor = typename decltype(recent)::Cursor;
    const auto cursor = rowan::must(Cursor::parse(rowan::must(recent.cursor(first.back()).token())));
    const auto second = rowan::must(recent.after(cursor).limit(2).all());
    REQUIRE(second.size() == 2);
    CHECK(first[0].symbol + first[1].symbol + second[0].symbol + second[1].symbol == "S4S3S2S1");

    rowan::Filter<Position> filter;
    filter.add(col<&Position::version> == first[0].version).add(col<&Position::updated_at> >= second[1].updated_at);
    rowan::must(filter.order_by("updated_at"));
    const auto filtered = rowan::must(positions.mine.matching(filter).all());
    REQUIRE(filtered.size() == 4);
    CHECK(filtered[0].symbol == "S1");
}
