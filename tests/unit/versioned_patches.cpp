#include <rowan/rowan.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "locking.hpp"

namespace {

using locking::Position;
using locking::Positions;
using rowan::Code;
using rowan::col;
using rowan::Error;
using rowan::set;
using What = rowan::RowConflict::What;

enum class Colour : std::int16_t { red, green };

/// A member of each stored form.
struct Forms {
    std::int64_t id{};
    bool flag{};
    float real{};
    double wide{};
    std::string text{};
    std::vector<std::byte> bytes{};
    rowan::Timestamp time{};
    std::chrono::year_month_day day{std::chrono::year{2000} / 1 / 1};
    Colour colour{};
    std::optional<std::int32_t> number{};
    rowan::Version version{};
};

}  // namespace

TEST_CASE_TEMPLATE("a patch by key counts the version on, whatever it is", Db, Sqlite, Postgres) {
    Positions<Db> positions;
    const Position mine = positions.stored("BTC");
    rowan::must(positions.others.update(mine));
    const auto before = locking::now();
    const Position patched = rowan::must(positions.mine.patch(mine.id, set<& Position::size> = 5));
    CHECK(patched.version == 3);
    CHECK(patched.size == 5);
    CHECK(patched.updated_at >= before);
    CHECK(patched.created_at == mine.created_at);
    CHECK(rowan::must(positions.mine.get(mine.id)) == patched);
    const Position added = rowan::must(positions.mine.patch(mine.id, set<& Position::size> = col<&Position::size> + 1,
                                                            set<& Position::note> = "more"));
    CHECK(added.version == 4);
    CHECK(added.size == 6);
    CHECK(added.note == "more");

    const Error error = error_of(positions.mine.patch(99, set<& Position::size> = 5));
    CHECK(error.code() == Code::not_found);
    CHECK(error.message() == "positions has no row with this key: id = 99");
}

TEST_CASE_TEMPLATE("a patch of an entity, or by key and version, is refused where the row was modified", Db, Sqlite,
                   Postgres) {
    Positions<Db> positions;
    const Position mine = positions.stored("BTC");
    Position theirs = mine;
    theirs.note = "theirs";
    theirs = rowan::must(positions.others.update(theirs));

    const rowan::Patch<Position> chosen = rowan::Patch<Position>{}.template set<&Position::size>(5);
    for (const Error& error : {error_of(positions.mine.patch(mine, set<& Position::size> = 5)),
                               error_of(positions.mine.patch(rowan::at_version(mine.id, 1), set<& Position::size> = 5)),
                               error_of(positions.mine.patch(mine, chosen)),
                               error_of(positions.mine.patch(rowan::at_version(mine.id, 1), chosen)),
                               // What it would set is there already, but not because this caller knew.
                               error_of(positions.mine.patch(mine, set<& Position::note> = "theirs")),
                               error_of(positions.mine.patch(mine, rowan::Patch<Position>{}))}) {
        CHECK(error.code() == Code::stale);
        REQUIRE(error.conflicts().size() == 1);
        CHECK(error.conflicts()[0].what == What::modified);
        CHECK(error.conflicts()[0].expected == 1);
        CHECK(error.conflicts()[0].found == 2);
        CHECK(rowan::carried_row<Position>(error) == nullptr);
    }
    CHECK(*rowan::carried_row<Position>(error_of(positions.mine.patch(mine, rowan::carry_current, chosen))) == theirs);
    CHECK(rowan::must(positions.mine.get(mine.id)) == theirs);

    CHECK(rowan::must(positions.mine.patch(theirs, set<& Position::size> = 5)).version == 3);
    CHECK(rowan::must(positions.mine.patch(rowan::at_version(mine.id, 3), set<& Position::size> = 6)).version == 4);
    const Position last = rowan::must(
        positions.mine.patch(rowan::at_version(mine.id, 4), rowan::Patch<Position>{}.template set<&Position::size>(7)));
    CHECK(last.version == 5);
    CHECK(last.note == "theirs");
    CHECK(rowan::must(positions.mine.patch(last, rowan::Patch<Position>{})) == last);

    CHECK(rowan::must(positions.others.erase(last.id)));
    CHECK(error_of(positions.mine.patch(last, set<& Position::size> = 5)).conflicts()[0].what == What::deleted);
    CHECK(error_of(positions.mine.patch(last, chosen)).conflicts()[0].what == What::deleted);
    CHECK(error_of(positions.mine.patch(last, rowan::Patch<Position>{})).conflicts()[0].what == What::deleted);
    CHECK(error_of(positions.mine.patch(Position{.id = 8}, chosen)).code() == Code::not_found);
}

TEST_CASE_TEMPLATE("a patch that gives no row back is one all the same", Db, Sqlite, Postgres) {
    Positions<Db> positions;
    const Position mine = positions.stored("BTC");
    const rowan::Patch<Position> chosen = rowan::Patch<Position>{}.template set<&Position::note>("chosen");
    rowan::must(positions.mine.patch_only(mine.id, set<& Position::size> = 5));
    rowan::must(positions.mine.patch_only(mine.id, chosen));
    Position now = rowan::must(positions.mine.get(mine.id));
    CHECK(now.version == 3);
    CHECK(now.size == 5);
    CHECK(now.note == "chosen");
    CHECK(now.created_at == mine.created_at);
    rowan::must(positions.mine.patch_only(now, set<& Position::size> = 6));
    rowan::must(positions.mine.patch_only(rowan::at_version(mine.id, 4), set<& Position::size> = 7));
    now = rowan::must(positions.mine.get(mine.id));
    CHECK(now.version == 5);
    CHECK(now.size == 7);
    // What is there already, or nothing at all.
    rowan::must(positions.mine.patch_only(now, set<& Position::size> = 7));
    rowan::must(positions.mine.patch_only(now, chosen));
    rowan::must(positions.mine.patch_only(now, rowan::Patch<Position>{}));
    CHECK(rowan::must(positions.mine.get(mine.id)) == now);

    for (const Error& error :
         {error_of(positions.mine.patch_only(mine, set<& Position::size> = 8)),
          error_of(positions.mine.patch_only(rowan::at_version(mine.id, 1), set<& Position::size> = 8)),
          error_of(positions.mine.patch_only(mine, chosen)),
          error_of(positions.mine.patch_only(mine, rowan::Patch<Position>{}))}) {
        CHECK(error.code() == Code::stale);
        REQUIRE(error.conflicts().size() == 1);
        CHECK(error.conflicts()[0].found == 5);
        CHECK(rowan::carried_row<Position>(error) == nullptr);
    }
    CHECK(*rowan::carried_row<Position>(
              error_of(positions.mine.patch_only(mine, rowan::carry_current, set<& Position::size> = 8))) == now);
    CHECK(error_of(positions.mine.patch_only(99, set<& Position::size> = 5)).code() == Code::not_found);
    CHECK(error_of(positions.mine.patch_only(99, chosen)).code() == Code::not_found);
    CHECK(rowan::must(positions.mine.get(mine.id)) == now);
}

TEST_CASE_TEMPLATE("a patch gives its row inside of a transaction as outside, and under a key that it changes", Db,
                   Sqlite, Postgres) {
    Positions<Db> positions;
    const Position mine = positions.stored("BTC");
    Position patched = rowan::must(positions.connection.transaction([&](auto& tx) {
        return rowan::repository<Position>(tx).patch(mine, set<&Position::size> = col<&Position::size> + 1);
    }));
    CHECK(patched.version == 2);
    CHECK(rowan::must(positions.mine.get(mine.id)) == patched);
    patched = rowan::must(positions.mine.patch(mine.id, set<& Position::id> = 70, set<& Position::note> = "moved"));
    CHECK(patched.id == 70);
    CHECK(patched.note == "moved");
    CHECK(rowan::must(positions.mine.all()) == std::vector{patched});
}

TEST_CASE_TEMPLATE("only the columns of the patch are written, not what else the entity has", Db, Sqlite, Postgres) {
    Positions<Db> positions;
    Position mine = positions.stored("BTC");
    mine.note = "never stored";
    const Position patched = rowan::must(positions.mine.patch(mine, set<& Position::size> = 5));
    CHECK(patched.note == std::nullopt);
    CHECK(patched.size == 5);
}

TEST_CASE_TEMPLATE("a patch that changes nothing writes nothing, and gives the row", Db, Sqlite, Postgres) {
    Positions<Db> positions;
    const Position mine = positions.stored("BTC", 2);
    // Whatever is written shows here.
    if constexpr (Db::is_sqlite)
        positions.execute("CREATE TRIGGER refuse BEFORE UPDATE ON positions BEGIN SELECT RAISE(ABORT, 'written'); END");
    else
        positions.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''written''; END'; "
            "CREATE TRIGGER refuse BEFORE UPDATE ON positions FOR EACH ROW EXECUTE FUNCTION refuse()");
    using Chosen = rowan::Patch<Position>;
    CHECK(rowan::must(positions.mine.patch(mine.id, set<& Position::size> = 2)) == mine);
    CHECK(rowan::must(positions.mine.patch(mine, set<& Position::size> = 2, set<& Position::symbol> = "BTC")) == mine);
    CHECK(rowan::must(positions.mine.patch(mine, set<& Position::note> = std::nullopt)) == mine);
    CHECK(rowan::must(positions.mine.patch(rowan::at_version(mine.id, 1),
                                           set<& Position::size> = col<&Position::size> * 1)) == mine);
    CHECK(rowan::must(positions.mine.patch(mine.id, Chosen{}.template set<&Position::size>(2))) == mine);
    CHECK(rowan::must(positions.mine.patch(
              mine, Chosen{}.template set<&Position::note>(std::nullopt).template set<&Position::symbol>("BTC"))) ==
          mine);
    CHECK(rowan::must(positions.mine.patch(mine, Chosen{})) == mine);

    // One column that differs is enough.
    CHECK_FALSE(positions.mine.patch(mine, set<& Position::size> = 2, set<& Position::symbol> = "ETH"));
    CHECK_FALSE(positions.mine.patch(mine, set<& Position::note> = ""));
    CHECK_FALSE(
        positions.mine.patch(mine, Chosen{}.template set<&Position::size>(2).template set<&Position::note>("new")));
    CHECK(rowan::must(positions.mine.get(mine.id)) == mine);
}

TEST_CASE_TEMPLATE("a patch sees each change of a value, and of nothing else", Db, Sqlite, Postgres) {
    Fresh<Db> fresh;
    auto rows = rowan::repository<Forms>(fresh.connection);
    rowan::must(rows.create_table());
    const rowan::Timestamp time{std::chrono::microseconds{1476000000123456}};
    const std::chrono::year_month_day day{std::chrono::year{2016} / 10 / 7};
    const Forms row = rowan::must(rows.insert({.real = 0.1F, .wide = 0.1, .text = "a", .time = time, .day = day}));
    std::int64_t version = 1;
    const auto set_twice = [&](auto assignment) {
        CHECK(rowan::must(rows.patch(row.id, assignment)).version == ++version);
        CHECK(rowan::must(rows.patch(row.id, assignment)).version == version);
    };
    set_twice(set<& Forms::flag> = true);
    set_twice(set<& Forms::real> = 0.3F);
    set_twice(set<& Forms::wide> = 0.3);
    set_twice(set<& Forms::text> = "A");
    set_twice(set<& Forms::text> = "A ");
    set_twice(set<& Forms::text> = "");
    set_twice(set<& Forms::bytes> = std::vector<std::byte>{std::byte{0}, std::byte{255}});
    set_twice(set<& Forms::time> = time + std::chrono::microseconds{1});
    set_twice(set<& Forms::day> = std::chrono::year{2016} / 10 / 8);
    set_twice(set<& Forms::colour> = Colour::green);
    set_twice(set<& Forms::number> = 0);
    set_twice(set<& Forms::number> = std::nullopt);
    CHECK(rowan::must(rows.patch(row.id, set<& Forms::real> = 0.3F, set<& Forms::wide> = 0.3)).version == version);
}

TEST_CASE_TEMPLATE("a column that compares without regard to capitals loses none", Db, Sqlite, Postgres) {
    Fresh<Db> fresh;
    if constexpr (Db::is_sqlite) {
        fresh.execute(
            "CREATE TABLE positions (id INTEGER PRIMARY KEY, symbol TEXT NOT NULL COLLATE NOCASE UNIQUE, size REAL NOT "
            "NULL, note TEXT COLLATE NOCASE, version INTEGER NOT NULL, updated_at INTEGER NOT NULL, created_at INTEGER "
            "NOT NULL)");
    } else {
        fresh.execute(
            "CREATE COLLATION no_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false); CREATE "
            "TABLE "
            "positions (id bigint PRIMARY KEY GENERATED BY DEFAULT AS IDENTITY, symbol text COLLATE no_case NOT NULL "
            "UNIQUE, size float8 NOT NULL, note varchar COLLATE no_case, version bigint NOT NULL, updated_at "
            "timestamptz NOT NULL, created_at timestamptz NOT NULL)");
    }
    auto rows = rowan::repository<Position>(fresh.connection);
    const Position row = rowan::must(rows.insert({.symbol = "btc", .note = "abc"}));
    CHECK(rowan::must(rows.template find_by<&Position::symbol>("BTC")));
    const Position patched =
        rowan::must(rows.patch(row, set<& Position::symbol> = "BTC", set<& Position::note> = "abc"));
    CHECK(patched.version == 2);
    CHECK(patched.symbol == "BTC");
    const Position again =
        rowan::must(rows.patch(patched, rowan::Patch<Position>{}.template set<&Position::note>("ABC")));
    CHECK(again.version == 3);
    CHECK(again.note == "ABC");
}

TEST_CASE_TEMPLATE("a value that a patch cannot write is refused, and nothing is written", Db, Sqlite, Postgres) {
    Fresh<Db> fresh;
    auto rows = rowan::repository<Forms>(fresh.connection);
    rowan::must(rows.create_table());
    const Forms row = rowan::must(rows.insert({}));
    const std::chrono::year_month_day too_early{std::chrono::year{-32767} / 1 / 1};
    const Error error = error_of(rows.patch(row, set<& Forms::wide> = 3, set<& Forms::day> = too_early));
    CHECK(error.code() == Code::value_out_of_range);
    CHECK(error.column() == "day");
    CHECK(error_of(rows.patch(row, rowan::Patch<Forms>{}.template set<&Forms::day>(too_early))).column() == "day");
    CHECK(rowan::must(rows.get(row.id)).version == 1);
}
