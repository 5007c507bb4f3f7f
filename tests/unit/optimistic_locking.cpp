#include <rowan/rowan.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>

#include <boost/describe/class.hpp>

#include "locking.hpp"

namespace {

using locking::Position;
using locking::Positions;
using rowan::Code;
using rowan::Error;
using What = rowan::RowConflict::What;

/// The same as a mixin, which needs a description.
struct Described : rowan::OptimisticLock {
    std::int64_t id{};
    std::string symbol{};
};
BOOST_DESCRIBE_STRUCT(Described, (rowan::OptimisticLock), (id, symbol))

struct Part {
    std::string order{};
    std::int32_t number{};
    std::string what{};
    rowan::Version version{};
};

struct Unmarked {
    std::int64_t id{};
    std::string text{};
};

/// Only some of the members that rowan keeps.
struct Counted {
    std::int64_t id{};
    rowan::Version version{};
};
struct Timed {
    std::int64_t id{};
    std::string text{};
    rowan::UpdatedAt changed{};
};
struct Born {
    std::int64_t id{};
    std::string text{};
    rowan::CreatedAt born{};
};

}  // namespace

template <>
inline constexpr auto rowan::table<Part> = rowan::describe<Part>("parts").key<&Part::order, &Part::number>();

TEST_CASE_TEMPLATE("a row is stored with version 1, and each update counts on", Db, Sqlite, Postgres) {
    Positions<Db> positions;
    const auto before = locking::now();
    const Position stored = positions.stored("BTC");
    CHECK(stored.version == 1);
    CHECK(stored.updated_at >= before);
    CHECK(stored.updated_at <= locking::now());
    CHECK(stored.created_at == stored.updated_at);
    CHECK(rowan::must(positions.mine.get(stored.id)) == stored);

    Position changed = stored;
    changed.size = 2;
    // What is written to them by hand does not matter.
    changed.updated_at = rowan::Timestamp{};
    const auto between = locking::now();
    const Position updated = rowan::must(positions.mine.update(changed));
    CHECK(updated.version == 2);
    CHECK(updated.updated_at >= between);
    CHECK(updated.created_at == stored.created_at);
    CHECK(updated.size == 2);
    CHECK(rowan::must(positions.mine.get(stored.id)) == updated);
    CHECK(rowan::must(positions.mine.update(updated)).version == 3);
    CHECK(rowan::must(positions.others.get(stored.id)).version == 3);
}

TEST_CASE_TEMPLATE("the time of creation is kept where a row brings one, and never written again", Db, Sqlite,
                   Postgres) {
    Positions<Db> positions;
    const rowan::Timestamp long_ago = std::chrono::sys_days{std::chrono::year{2016} / 10 / 7};
    Position imported = rowan::must(positions.mine.insert({.symbol = "BTC", .version = 9, .created_at = long_ago}));
    CHECK(imported.created_at == long_ago);
    CHECK(imported.updated_at > long_ago);
    CHECK(imported.version == 1);
    CHECK(rowan::must(positions.mine.get(imported.id)) == imported);

    imported.created_at = rowan::Timestamp{};
    rowan::must(positions.mine.update(imported));
    CHECK(rowan::must(positions.mine.get(imported.id)).created_at == long_ago);
}

TEST_CASE_TEMPLATE("an update of a row that was modified meanwhile is stale, and loses nothing", Db, Sqlite, Postgres) {
    Positions<Db> positions;
    Position mine = positions.stored("BTC");
    Position theirs = rowan::must(positions.others.get(mine.id));
    theirs.size = 20;
    theirs = rowan::must(positions.others.update(theirs));
    theirs = rowan::must(positions.others.update(theirs));

    mine.size = 10;
    const Error error = error_of(positions.mine.update(mine));
    CHECK(error.code() == Code::stale);
    CHECK(error.category() == rowan::Category::state);
    CHECK_FALSE(error.retryable());
    CHECK(error.table() == "positions");
    CHECK(error.statement().starts_with("UPDATE"));
    CHECK(error.message() ==
          "positions: id = 1 was modified by someone else: version 1 was expected, but it has version "
          "3; read it again and repeat the change");
    REQUIRE(error.conflicts().size() == 1);
    const rowan::RowConflict& conflict = error.conflicts()[0];
    CHECK(conflict.what == What::modified);
    CHECK(conflict.key == "id = 1");
    CHECK(conflict.expected == 1);
    CHECK(conflict.found == 3);
    CHECK(conflict.index == 0);
    // Only who asks for the row pays for it.
    CHECK(rowan::carried_row<Position>(error) == nullptr);
    CHECK(rowan::must(positions.mine.get(mine.id)) == theirs);

    mine = rowan::must(positions.mine.get(mine.id));
    mine.size += 10;
    CHECK(rowan::must(positions.mine.update(mine)).size == 30);
}

TEST_CASE_TEMPLATE("an update of a row that was deleted meanwhile is stale; of one that never was, not found", Db,
                   Sqlite, Postgres) {
    Positions<Db> positions;
    const Position mine = positions.stored("BTC");
    CHECK(rowan::must(positions.others.erase(mine.id)));
    const Error deleted = error_of(positions.mine.update(mine));
    CHECK(deleted.code() == Code::stale);
    CHECK(deleted.message() == "positions: id = 1 was deleted by someone else: version 1 was expected, but it is gone");
    REQUIRE(deleted.conflicts().size() == 1);
    CHECK(deleted.conflicts()[0].what == What::deleted);
    CHECK(deleted.conflicts()[0].found == 0);

    const Error missing = error_of(positions.mine.update({.id = 7, .symbol = "ETH"}));
    CHECK(missing.code() == Code::not_found);
    CHECK(missing.message() == "positions has no row with this key: id = 7");
    CHECK(missing.conflicts()[0].what == What::missing);

    // A struct that was never read would overwrite what it has not seen.
    const Position other = positions.stored("LTC");
    const Error unread = error_of(positions.mine.update({.id = other.id, .symbol = "ETH"}));
    CHECK(unread.code() == Code::stale);
    CHECK(unread.message() ==
          "positions: id = " + std::to_string(other.id) +
              " is there with version 1, but this struct was never stored or read; read it again and "
              "repeat the change");
    CHECK(rowan::must(positions.mine.count()) == 1);
}

TEST_CASE_TEMPLATE("the error of a stale row carries the row as it is now, where that is asked for", Db, Sqlite,
                   Postgres) {
    Positions<Db> positions;
    const Position mine = positions.stored("BTC");
    Position theirs = mine;
    theirs.size = 20;
    theirs = rowan::must(positions.others.update(theirs));

    std::optional<Error> kept;
    {
        const Error error = error_of(positions.mine.update(mine, rowan::carry_current));
        REQUIRE(rowan::carried_row<Position>(error) != nullptr);
        CHECK(*rowan::carried_row<Position>(error) == theirs);
        // As another type than its own it is not given.
        CHECK(rowan::carried_row<Part>(error) == nullptr);
        kept = error;
    }
    CHECK(*rowan::carried_row<Position>(*kept) == theirs);
    CHECK(*rowan::carried_row<Position>(error_of(positions.mine.erase(mine, rowan::carry_current))) == theirs);
    CHECK(*rowan::carried_row<Position>(
              error_of(positions.mine.patch(mine, rowan::carry_current, rowan::set<& Position::size> = 3))) == theirs);
    CHECK(*rowan::carried_row<Position>(
              error_of(positions.mine.erase(rowan::at_version(mine.id, 1), rowan::carry_current))) == theirs);
    CHECK(*rowan::carried_row<Position>(error_of(positions.mine.patch(
              rowan::at_version(mine.id, 1), rowan::carry_current, rowan::set<& Position::size> = 3))) == theirs);

    CHECK(rowan::must(positions.others.erase(theirs)));
    CHECK(rowan::carried_row<Position>(error_of(positions.mine.update(mine, rowan::carry_current))) == nullptr);
}

TEST_CASE_TEMPLATE("erasing an entity checks its version, erasing a key does not", Db, Sqlite, Postgres) {
    Positions<Db> positions;
    const Position mine = positions.stored("BTC");
    const Position theirs = rowan::must(positions.others.update(mine));
    const Error error = error_of(positions.mine.erase(mine));
    CHECK(error.code() == Code::stale);
    CHECK(error.statement().starts_with("DELETE"));
    CHECK(error.conflicts()[0].what == What::modified);
    CHECK(error.conflicts()[0].found == 2);
    CHECK(error_of(positions.mine.erase(rowan::at_version(mine.id, 1))).code() == Code::stale);
    CHECK(rowan::must(positions.mine.count()) == 1);
    CHECK(rowan::must(positions.mine.erase(theirs)));
    CHECK(rowan::must(positions.mine.count()) == 0);
    // It is gone, which is what was asked for.
    CHECK_FALSE(rowan::must(positions.mine.erase(theirs)));
    CHECK_FALSE(rowan::must(positions.mine.erase(mine)));
    CHECK_FALSE(rowan::must(positions.mine.erase(rowan::at_version(mine.id, 1))));

    const Position second = positions.stored("ETH");
    rowan::must(positions.others.update(second));
    CHECK(rowan::must(positions.mine.erase(second.id)));
    const Position third = positions.stored("LTC");
    CHECK(rowan::must(positions.mine.erase(rowan::at_version(third.id, third.version))));
    CHECK(rowan::must(positions.mine.count()) == 0);
}

TEST_CASE_TEMPLATE("the mixin of a described struct does the same", Db, Sqlite, Postgres) {
    Fresh<Db> fresh;
    auto rows = rowan::repository<Described>(fresh.connection);
    rowan::must(rows.create_table());
    Described first;
    first.symbol = "BTC";
    const Described stored = rowan::must(rows.insert(first));
    CHECK(stored.version == 1);
    CHECK(stored.updated_at > rowan::Timestamp{});
    const Described updated = rowan::must(rows.update(stored));
    CHECK(updated.version == 2);
    CHECK(error_of(rows.update(stored)).code() == Code::stale);
    const Described patched = rowan::must(rows.patch(updated, rowan::set<& Described::symbol> = "ETH"));
    CHECK(patched.version == 3);
    CHECK(rowan::must(rows.where(rowan::col<&Described::version> == 3).one()).symbol == "ETH");
    CHECK(error_of(rows.erase(updated)).code() == Code::stale);
    CHECK(rowan::must(rows.erase(patched)));
    static_assert(rowan::table<Described>.columns()[0].name == "version");
}

TEST_CASE_TEMPLATE("the key of several columns is shown as text", Db, Sqlite, Postgres) {
    Fresh<Db> fresh;
    auto parts = rowan::repository<Part>(fresh.connection);
    rowan::must(parts.create_table());
    const Part part = rowan::must(parts.insert({.order = "it's", .number = -3, .what = "wheel"}));
    rowan::must(parts.update(part));
    const Error error = error_of(parts.update(part));
    CHECK(error.conflicts()[0].key == "order = 'it''s', number = -3");
    CHECK(error_of(parts.erase(rowan::at_version(std::tuple{"it's", -3}, 1))).conflicts()[0].key ==
          "order = 'it''s', number = -3");
    CHECK(rowan::must(parts.patch(rowan::at_version(std::tuple{"it's", -3}, 2), rowan::set<& Part::what> = "door"))
              .version == 3);

    // A number that the key cannot hold is no other row.
    const Error too_large =
        error_of(parts.erase(rowan::at_version(std::tuple{"it's", (std::int64_t{1} << 32) - 3}, 3)));
    CHECK(too_large.code() == Code::value_out_of_range);
    CHECK(rowan::must(parts.count()) == 1);

    // A long key does not bury the rest of the sentence; the error has all of it.
    const std::string long_name(5000, 'x');
    const Part named = rowan::must(parts.insert({.order = long_name, .number = 1}));
    rowan::must(parts.update(named));
    const Error long_error = error_of(parts.update(named));
    CHECK(long_error.message().size() < 400);
    CHECK(long_error.conflicts()[0].key == "order = '" + long_name + "', number = 1");
}

TEST_CASE_TEMPLATE("a struct may have any of them", Db, Sqlite, Postgres) {
    Fresh<Db> fresh;
    auto counted = rowan::repository<Counted>(fresh.connection);
    rowan::must(counted.create_table());
    const Counted row = rowan::must(counted.insert({}));
    CHECK(row.version == 1);
    CHECK(rowan::must(counted.update(row)).version == 2);
    CHECK(error_of(counted.update(row)).code() == Code::stale);
    CHECK(rowan::must(counted.get(row.id)).version == 2);

    auto timed = rowan::repository<Timed>(fresh.connection);
    rowan::must(timed.create_table());
    const Timed first = rowan::must(timed.insert({.text = "a"}));
    const Timed second = rowan::must(timed.update(first));
    CHECK(second.changed >= first.changed);
    CHECK(rowan::must(timed.get(first.id)).changed == second.changed);
    CHECK(rowan::must(timed.patch(first.id, rowan::set<& Timed::text> = "a")).changed == second.changed);
    CHECK(rowan::must(timed.patch(first, rowan::set<& Timed::text> = "b")).changed >= second.changed);
    CHECK(rowan::must(timed.erase(first)));
    CHECK(error_of(timed.update(first)).code() == Code::not_found);

    auto born = rowan::repository<Born>(fresh.connection);
    rowan::must(born.create_table());
    const Born child = rowan::must(born.insert({.text = "a"}));
    CHECK(child.born > rowan::Timestamp{});
    rowan::must(born.update({.id = child.id, .text = "b"}));
    CHECK(rowan::must(born.patch(child.id, rowan::set<& Born::text> = "c")).born == child.born);

    auto unmarked = rowan::repository<Unmarked>(fresh.connection);
    rowan::must(unmarked.create_table());
    const Unmarked plain = rowan::must(unmarked.insert({.text = "a"}));
    CHECK(rowan::must(unmarked.patch(plain, rowan::set<& Unmarked::text> = "b")).text == "b");
    const Error missing = error_of(unmarked.patch(77, rowan::set<& Unmarked::text> = "b"));
    CHECK(missing.code() == Code::not_found);
    CHECK(missing.message() == "unmarked has no row with this key: id = 77");
    CHECK(error_of(unmarked.update({.id = 77})).conflicts()[0].what == What::missing);
}

TEST_CASE_TEMPLATE("inside a transaction a stale row is an error that can be handled, and work goes on", Db, Sqlite,
                   Postgres) {
    Positions<Db> positions;
    const Position mine = positions.stored("BTC");
    const Position theirs = rowan::must(positions.others.update(mine));
    const auto done = positions.connection.transaction([&](auto& tx) -> rowan::Result<Position> {
        auto repository = rowan::repository<Position>(tx);
        auto first = repository.update(mine, rowan::carry_current);
        CHECK(first.error().code() == Code::stale);
        Position again = *rowan::carried_row<Position>(first.error());
        again.size = 5;
        return repository.update(again);
    });
    CHECK(rowan::must(done).version == 3);
    CHECK(rowan::must(positions.mine.get(mine.id)) == *done);
}

TEST_CASE_TEMPLATE("a database that silently keeps its row is told from a stale one", Db, Sqlite, Postgres) {
    Positions<Db> positions;
    const Position mine = positions.stored("BTC");
    if constexpr (Db::is_sqlite)
        positions.execute("CREATE TRIGGER keep BEFORE UPDATE ON positions BEGIN SELECT RAISE(IGNORE); END");
    else
        positions.execute(
            "CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; CREATE TRIGGER keep "
            "BEFORE UPDATE ON positions FOR EACH ROW EXECUTE FUNCTION keep()");
    for (const Error& error :
         {error_of(positions.mine.update(mine)), error_of(positions.mine.patch(mine, rowan::set<& Position::size> = 7)),
          error_of(positions.mine.patch(mine.id, rowan::set<& Position::size> = 7))}) {
        CHECK(error.code() == Code::internal_error);
        CHECK(error.message().find("does a trigger, rule or policy keep it from that?") != std::string::npos);
    }
    CHECK(rowan::must(positions.mine.get(mine.id)) == mine);
}

TEST_CASE_TEMPLATE("what does not fit, and what the database refuses, leaves row and version as they were", Db, Sqlite,
                   Postgres) {
    Positions<Db> positions;
    const Position mine = positions.stored("BTC");
    positions.stored("ETH");
    Position changed = mine;
    changed.symbol = "ETH";
    CHECK(error_of(positions.mine.update(changed)).code() == Code::unique_violation);
    CHECK(error_of(positions.mine.patch(mine, rowan::set<& Position::symbol> = "ETH")).code() ==
          Code::unique_violation);
    CHECK(rowan::must(positions.mine.get(mine.id)) == mine);
    CHECK(rowan::must(positions.mine.update(mine)).version == 2);
}
