#include <rowan/rowan.hpp>

#include <cstdint>
#include <memory>
#include <ranges>
#include <string>
#include <vector>

#include "fresh.hpp"
#include "recorder.hpp"

/// Ranges into tables whose triggers, or whose own conflict clauses, have a say in what is stored.
namespace {

using rowan::Code;
using rowan::UpsertCounts;
using rowan::Upserted;

struct Level {
    std::int64_t id{};
    std::int64_t sensor{};
    std::int64_t value{};
};

}  // namespace

template <>
inline constexpr auto rowan::table<Level> =
    rowan::describe<Level>("levels").key<&Level::id>(rowan::generated).unique<&Level::sensor>();

namespace {

constexpr auto same_sensor = rowan::on_conflict<&Level::sensor>;

/// Levels of the sensors 0, 1, 2, …
std::vector<Level> levels(std::int64_t count, std::int64_t value) {
    std::vector<Level> rows;
    for (std::int64_t i = 0; i != count; ++i) rows.push_back({.sensor = i, .value = value});
    return rows;
}

template <class Db>
struct Station : Fresh<Db> {
    rowan::Repository<Level, typename Db::Connection> rows{this->connection};
    std::shared_ptr<Recorder> recorder = std::make_shared<Recorder>();

    Station() {
        rowan::must(rows.create_table());
        if constexpr (!Db::is_sqlite)
            this->execute(
                "CREATE FUNCTION leave_out() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$");
    }

    /// `event` is INSERT or UPDATE.
    void leave_out(const std::string& name, const std::string& event, const std::string& condition) {
        this->execute("CREATE TRIGGER " + name + " BEFORE " + event + " ON levels " +
                      (Db::is_sqlite ? "WHEN " + condition + " BEGIN SELECT RAISE(IGNORE); END"
                                     : "FOR EACH ROW WHEN (" + condition + ") EXECUTE FUNCTION leave_out()"));
    }

    /// The statements of `work`.
    template <class Work>
    std::string journey(Work work) {
        this->connection.observe(recorder);
        rowan::must(work());
        this->connection.observe(nullptr);
        return kinds(recorder->take());
    }

    /// What upserts of a range tell, having been undone.
    template <class Range, class Policy>
    UpsertCounts tried(Range&& range, const Policy& policy) {
        auto tx = rowan::must(this->connection.begin());
        const UpsertCounts counts = rowan::must(rowan::repository<Level>(tx).upsert(range, policy));
        rowan::must(tx.rollback());
        return counts;
    }

    /// The same, one by one.
    template <class Policy>
    UpsertCounts one_by_one(const std::vector<Level>& all, const Policy& policy) {
        UpsertCounts counts;
        auto tx = rowan::must(this->connection.begin());
        auto inside = rowan::repository<Level>(tx);
        for (const Level& level : all) {
            const Upserted done = rowan::must(inside.upsert(level, policy));
            ++(done == Upserted::inserted  ? counts.inserted
               : done == Upserted::updated ? counts.updated
                                           : counts.unchanged);
        }
        rowan::must(tx.rollback());
        return counts;
    }
};

}  // namespace

TEST_CASE_TEMPLATE("a range tells what was stored, as single rows do, whatever triggers leave out", Db, Sqlite,
                   Postgres) {
    Station<Db> station;
    auto& rows = station.rows;
    rowan::must(rows.insert(levels(3, 1)));
    const std::vector<Level> next = levels(7, 2);
    const auto update = same_sensor.do_update();
    CHECK(station.tried(next, update) == UpsertCounts{4, 3, 0});

    // Made while the statement is compiled already.
    station.leave_out("no_update", "UPDATE", "new.sensor = 1");
    CHECK(station.tried(next, update) == UpsertCounts{4, 2, 1});
    CHECK(station.one_by_one(next, update) == UpsertCounts{4, 2, 1});

    station.leave_out("no_insert", "INSERT", "new.sensor = 5");
    CHECK(station.tried(next, update) == UpsertCounts{3, 2, 2});
    CHECK(station.one_by_one(next, update) == UpsertCounts{3, 2, 2});
    CHECK(station.tried(std::views::all(next) | std::views::take(6), update) == UpsertCounts{2, 2, 2});
    CHECK(station.tried(next, same_sensor.do_nothing()) == UpsertCounts{3, 0, 4});
    const auto higher = update.where(rowan::excluded<&Level::value> > rowan::col<&Level::value>);
    CHECK(station.tried(next, higher) == UpsertCounts{3, 2, 2});
    CHECK(station.tried(std::vector<Level>{}, update) == UpsertCounts{});
    CHECK(station.tried(levels(1, 1), higher) == UpsertCounts{0, 0, 1});
    CHECK(rowan::must(rows.upsert(next, update)) == UpsertCounts{3, 2, 2});
    CHECK(rowan::must(rows.where(rowan::col<&Level::value> == 2).count()) == 5);

    CHECK(rowan::must(rows.insert(std::vector<Level>{{.sensor = 5}, {.sensor = 9}, {.id = 700, .sensor = 5}})) == 1);
    // A key that was made for another row must not be taken for this one's.
    CHECK(error_of(rows.insert(Level{.sensor = 5})).code() == Code::internal_error);
    CHECK(rowan::must(rows.count()) == 7);

    // What triggers do behind it does not hide the key.
    station.execute(Db::is_sqlite ? "CREATE TRIGGER behind AFTER INSERT ON levels BEGIN UPDATE levels SET value = 0 "
                                    "WHERE id < 0; SELECT RAISE(IGNORE); END"
                                  : "CREATE TRIGGER behind AFTER INSERT ON levels FOR EACH ROW EXECUTE FUNCTION "
                                    "leave_out()");
    const Level stored = rowan::must(rows.insert(Level{.sensor = 10}));
    CHECK(rowan::must(rows.get(stored.id)).sensor == 10);
    CHECK(rowan::must(rows.insert(std::vector<Level>{{.sensor = 11}, {.sensor = 5}, {.sensor = 12}})) == 2);
    CHECK(station.tried(levels(15, 4), update) == station.one_by_one(levels(15, 4), update));

    // An error names its row, and undoes the others.
    std::vector<Level> wrong = levels(14, 3);
    wrong[13].id = 1;
    const rowan::Error error = error_of(rows.upsert(wrong, update));
    CHECK(error.code() == Code::unique_violation);
    if constexpr (Db::is_sqlite) CHECK(error.row() == 13);
    CHECK(rowan::must(rows.where(rowan::col<&Level::value> == 3).count()) == 0);
}

TEST_CASE_TEMPLATE("rows that a trigger of a view stores are counted, and upserts of them refused", Db, Sqlite,
                   Postgres) {
    Station<Db> station;
    auto& rows = station.rows;
    rowan::must(rows.insert(levels(2, 1)));
    rowan::must(rows.upsert(levels(2, 1), same_sensor.do_update()));
    station.execute("CREATE TABLE base (id bigint, sensor bigint, value bigint);"
                    "ALTER TABLE levels RENAME TO old_levels; CREATE VIEW levels AS SELECT * FROM base");
    if constexpr (Db::is_sqlite)
        station.execute("CREATE TRIGGER stores INSTEAD OF INSERT ON levels BEGIN INSERT INTO base VALUES "
                        "(coalesce(new.id, 1000 + new.sensor), new.sensor, new.value); END");
    else
        station.execute("CREATE FUNCTION store() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN new.id := "
                        "coalesce(new.id, 1000 + new.sensor); INSERT INTO base VALUES (new.id, new.sensor, "
                        "new.value); RETURN new; END $$; CREATE TRIGGER stores INSTEAD OF INSERT ON levels FOR EACH "
                        "ROW EXECUTE FUNCTION store()");
    CHECK(rowan::must(rows.insert(levels(7, 2))) == 7);
    CHECK(rowan::must(rows.insert(std::vector<Level>{{.id = 1, .sensor = 50}, {.sensor = 51}})) == 2);
    CHECK(rowan::must(rows.insert(std::vector<Level>{})) == 0);
    CHECK(rowan::must(rows.insert(levels(1500, 3))) == 1500);
    CHECK(rowan::must(rows.count()) == 1509);
    CHECK(rowan::must(rows.insert(Level{.id = 2, .sensor = 60})).id == 2);
    if constexpr (Db::is_sqlite)
        // It tells no key of what a trigger has stored.
        CHECK(error_of(rows.insert(Level{.sensor = 61})).message().find("view") != std::string::npos);
    else
        CHECK(rowan::must(rows.insert(Level{.sensor = 61})).id == 1061);
    CHECK(rowan::must(rows.count()) == 1511);

    CHECK(error_of(rows.upsert(levels(2, 4), same_sensor.do_update())).category() == rowan::Category::programming);
    CHECK(error_of(rows.upsert(levels(2, 4), same_sensor.do_nothing())).category() == rowan::Category::programming);
    CHECK(rowan::must(rows.count()) == 1511);
    station.execute("DROP VIEW levels; ALTER TABLE old_levels RENAME TO levels");
    CHECK(rowan::must(rows.upsert(levels(3, 5), same_sensor.do_update())) == UpsertCounts{1, 2, 0});
}

TEST_CASE("SQLite: a range in memory needs a transaction only where a statement may keep a part of it") {
    Station<Sqlite> station;
    auto& rows = station.rows;
    std::int64_t next = 0;
    const auto insert = [&] { return rows.insert(std::vector<Level>{{.sensor = ++next}, {.sensor = ++next}}); };
    const auto upsert = [&] { return rows.upsert(levels(3, ++next), same_sensor.do_update()); };
    const auto fail = [&](auto&& work) {
        const std::int64_t before = rowan::must(rows.count());
        CHECK_FALSE(work());
        CHECK(station.connection.transaction_state() == rowan::TransactionState::idle);
        CHECK(rowan::must(rows.count()) == before);
    };
    const std::vector<Level> twice{{.sensor = 1000}, {.sensor = 1001}, {.sensor = 1000}};
    const auto insert_twice = [&] { return rows.insert(twice); };

    // The first time, the table is looked at.
    CHECK(station.journey(insert) == "BEGIN, ?, COMMIT");
    CHECK(station.journey(insert) == "?");
    CHECK(station.journey(upsert) == "BEGIN, ?, COMMIT");
    CHECK(station.journey(upsert) == "?");
    fail(insert_twice);
    CHECK(error_of(insert_twice()).row() == 2);
    // Who makes rows on the way could see whether a transaction is open.
    CHECK(station.journey([&] {
        return rows.insert(std::views::iota(500, 503) |
                           std::views::transform([](int i) { return Level{.sensor = i}; }));
    }) == "BEGIN, ?, COMMIT");
    CHECK(station.journey([&] {
        return station.connection.transaction(
            [&](auto& tx) { return rowan::repository<Level>(tx).insert(levels(0, 0)); });
    }) == "BEGIN, SAVEPOINT, ?, RELEASE SAVEPOINT, COMMIT");

    SUBCASE("a trigger that another connection has made") {
        auto other = station.connect();
        rowan::must(other.execute(rowan::unsafe_sql{"CREATE TRIGGER third BEFORE INSERT ON Levels WHEN new.sensor = "
                                                    "1001 BEGIN SELECT RAISE(FAIL, 'no'); END"}));
        fail(insert_twice);
        fail([&] { return rows.upsert(twice, same_sensor.do_update()); });
        CHECK(station.journey(insert) == "BEGIN, ?, COMMIT");
        CHECK(station.journey(upsert) == "BEGIN, ?, COMMIT");
        // A change of the schema that is undone.
        auto tx = rowan::must(station.connection.begin());
        rowan::must(tx.execute(rowan::unsafe_sql{"DROP TRIGGER third"}));
        auto inside = rowan::repository<Level>(tx);
        for (int i = 0; i != 2; ++i) rowan::must(inside.insert(std::vector<Level>{{.sensor = ++next}}));
        rowan::must(tx.rollback());
        fail(insert_twice);
        rowan::must(other.execute(rowan::unsafe_sql{"DROP TRIGGER third"}));
        // It finds that out in the transaction that it has for the trigger.
        CHECK(station.journey(insert) == "BEGIN, ?, ?, COMMIT");
        CHECK(station.journey(insert) == "?");
    }
    SUBCASE("a reader that the end of the statement has to wait for") {
        station.execute("PRAGMA journal_mode = delete; PRAGMA busy_timeout = 10");
        rowan::must(insert());
        auto other = rowan::must(
            rowan::sqlite::Connection::open(station.database.path(), {.journal = rowan::sqlite::Journal::rollback}));
        auto reading = rowan::must(other.begin({.lock = rowan::Lock::deferred}));
        CHECK(rowan::must(rowan::repository<Level>(reading).count()) != 0);
        CHECK(error_of(insert()).code() == Code::busy);
        rowan::must(reading.rollback());
        fail(insert_twice);
        CHECK(station.journey(insert) == "?");
    }
    SUBCASE("a trigger of another table that a change goes on to") {
        station.execute("CREATE TABLE notes (sensor INTEGER REFERENCES levels (sensor) ON UPDATE CASCADE);"
                        "CREATE TRIGGER second BEFORE UPDATE ON notes WHEN new.sensor = 2001 BEGIN SELECT RAISE(FAIL, "
                        "'no'); END; INSERT INTO notes SELECT sensor FROM levels");
        const auto by_id = rowan::on_conflict<&Level::id>.do_update();
        const auto move_all = [&](std::int64_t base) {
            return rows.upsert(std::vector<Level>{{.id = 1, .sensor = base}, {.id = 2, .sensor = base + 1}}, by_id);
        };
        CHECK(station.journey([&] { return move_all(3000); }) == "BEGIN, ?, COMMIT");
        for (int i = 0; i != 2; ++i) {
            CHECK_FALSE(move_all(2000));
            CHECK(rowan::must(rows.get(1)).sensor == 3000);
        }
        CHECK(station.journey([&] { return move_all(4000); }) == "BEGIN, ?, COMMIT");
        CHECK(station.journey(insert) == "?, BEGIN, ?, COMMIT");
        CHECK(station.journey(insert) == "?");
    }
    SUBCASE("a temporary trigger") {
        station.execute("CREATE TEMP TRIGGER third BEFORE INSERT ON main.levels WHEN new.sensor = 1001 BEGIN SELECT "
                        "RAISE(FAIL, 'no'); END");
        fail(insert_twice);
        CHECK(station.journey(insert).ends_with("?, COMMIT"));
    }
    SUBCASE("a conflict clause of the table") {
        station.execute("PRAGMA case_sensitive_like = ON");
        station.execute("DROP TABLE levels; CREATE TABLE levels (id INTEGER PRIMARY KEY, sensor INTEGER UNIQUE ON "
                        "CONFLICT FAIL, value INTEGER)");
        fail(insert_twice);
        CHECK(station.journey(insert).ends_with("?, COMMIT"));
        station.execute("DROP TABLE levels; CREATE TABLE levels (id INTEGER PRIMARY KEY ON CONFLICT IGNORE, sensor "
                        "INTEGER UNIQUE, value INTEGER)");
        CHECK(rowan::must(rows.insert(std::vector<Level>{{.id = 1, .sensor = 1}, {.id = 1, .sensor = 2}})) == 1);
        CHECK(rowan::must(rows.upsert(std::vector<Level>{{.id = 1, .sensor = 2}, {.id = 3, .sensor = 1}, {.sensor = 9}},
                                      same_sensor.do_update())) == UpsertCounts{1, 1, 1});
    }
    SUBCASE("a table of a database that is attached") {
        station.execute("DROP TABLE levels; ATTACH ':memory:' AS more; CREATE TABLE more.levels (id INTEGER PRIMARY "
                        "KEY, sensor INTEGER UNIQUE, value INTEGER); CREATE TRIGGER more.third BEFORE INSERT ON levels "
                        "WHEN new.sensor = 1001 BEGIN SELECT RAISE(FAIL, 'no'); END");
        fail(insert_twice);
        CHECK(station.journey(insert).ends_with("?, COMMIT"));
    }
}
