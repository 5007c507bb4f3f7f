#include <rowan/rowan.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <ranges>
#include <stdexcept>
#include <string>
#include <vector>

#include "fresh.hpp"

namespace {

struct Reading {
    std::int64_t id{};
    std::int64_t sensor{};
    std::chrono::year_month_day day{};
    std::optional<std::string> note{};
};

struct Count {
    std::int64_t id{};
    std::int64_t seen{};
};

}  // namespace

template <>
inline constexpr auto rowan::table<Reading> =
    rowan::describe<Reading>("readings").key<&Reading::id>(rowan::generated).unique<&Reading::sensor>();

namespace {

using rowan::Code;
using rowan::UpsertCounts;

constexpr auto same_sensor = rowan::on_conflict<&Reading::sensor>;
constexpr std::chrono::year_month_day a_day{std::chrono::year{2026}, std::chrono::month{2}, std::chrono::day{3}};
constexpr std::chrono::year_month_day no_day{std::chrono::year{2026}, std::chrono::month{2}, std::chrono::day{30}};

std::vector<Reading> readings(std::int64_t count) {
    std::vector<Reading> rows;
    for (std::int64_t i = 0; i != count; ++i) rows.push_back({.sensor = i, .day = a_day});
    return rows;
}

/// Gives its items once, each made when it is asked for.
auto made(std::int64_t count, std::int64_t fails_at = -1) {
    return std::views::iota(std::int64_t{0}, count) | std::views::transform([fails_at](std::int64_t i) {
               if (i == fails_at) throw std::runtime_error{"no more"};
               return Reading{.sensor = i, .day = a_day, .note = std::string(50, 'n')};
           });
}

template <class Db>
struct Station : Fresh<Db> {
    rowan::Repository<Reading, typename Db::Connection> rows{this->connection};

    Station() { rowan::must(rows.create_table()); }

    std::int64_t count() { return rowan::must(rows.count()); }
};

}  // namespace

TEST_CASE_TEMPLATE("a value that cannot be stored tells its row, and nothing is stored", Db, Sqlite, Postgres) {
    Station<Db> station;
    std::vector<Reading> rows = readings(1200);
    rows[1117].day = no_day;

    const auto check = [&](const rowan::Error& error) {
        CHECK(error.code() == Code::invalid_value);
        CHECK(error.column() == "day");
        CHECK(error.row() == 1117);
        CHECK(error.to_string().find("row 1117 of the range") != std::string::npos);
        CHECK(station.count() == 0);
    };
    check(error_of(station.rows.insert(rows)));
    // Now that the statement and its table are known, too.
    check(error_of(station.rows.insert(rows)));
    check(error_of(station.rows.upsert(rows, same_sensor.do_update())));
    check(error_of(station.rows.upsert(rows, same_sensor.do_update())));
    check(error_of(station.rows.upsert(rows, same_sensor.do_nothing())));

    // Inside a transaction as well, which goes on.
    rowan::must(station.connection.transaction([&](auto& tx) -> rowan::Result<void> {
        auto inside = rowan::repository<Reading>(tx);
        CHECK(error_of(inside.insert(rows)).row() == 1117);
        CHECK(rowan::must(inside.count()) == 0);
        CHECK(rowan::must(inside.insert(readings(3))) == 3);
        return {};
    }));
    CHECK(station.count() == 3);
}

TEST_CASE_TEMPLATE("nothing of a range is left in a transaction, whatever the table has no constraints", Db, Sqlite,
                   Postgres) {
    Fresh<Db> fresh;
    // No constraint could fail here, so that SQLite would keep no record of what to undo for the statement alone.
    fresh.execute("CREATE TABLE readings (id BIGINT, sensor BIGINT, day TEXT, note TEXT)");
    std::vector<Reading> rows = readings(20);
    for (std::size_t i = 0; i != rows.size(); ++i) rows[i].id = static_cast<std::int64_t>(i) + 1;
    rows[17].day = no_day;
    rowan::must(fresh.connection.transaction([&](auto& tx) {
        auto inside = rowan::repository<Reading>(tx);
        CHECK(error_of(inside.insert(rows)).row() == 17);
        CHECK(rowan::must(inside.count()) == 0);
    }));
}

TEST_CASE("a violated constraint tells its row where it is found as the row comes") {
    Station<Sqlite> station;
    std::vector<Reading> rows = readings(40);
    rows[33].sensor = 7;
    const rowan::Error twice = error_of(station.rows.insert(rows));
    CHECK(twice.code() == Code::unique_violation);
    CHECK(twice.row() == 33);
    CHECK(station.count() == 0);

    rows = readings(40);
    rows[0].id = 5;
    rows[39].id = 5;
    CHECK(error_of(station.rows.upsert(rows, same_sensor.do_nothing())).row() == 39);
    CHECK(station.count() == 0);

    // With a trigger, all rows are taken before the first is stored.
    station.execute("CREATE TRIGGER checks AFTER INSERT ON readings BEGIN SELECT RAISE(ABORT, 'not today') WHERE "
                    "new.sensor = 7; END");
    const rowan::Error refused = error_of(station.rows.insert(readings(40)));
    CHECK(refused.code() == Code::trigger_violation);
    CHECK_FALSE(refused.row());
    CHECK(station.count() == 0);
}

TEST_CASE_TEMPLATE("a range is read once, item by item, and what it throws undoes it", Db, Sqlite, Postgres) {
    Station<Db> station;
    CHECK_THROWS_WITH(static_cast<void>(station.rows.insert(made(1700, 1650))), "no more");
    CHECK(station.count() == 0);
    CHECK(rowan::must(station.rows.insert(made(1500))) == 1500);
    CHECK(rowan::must(station.rows.where(rowan::col<&Reading::note> == std::string(50, 'n')).count()) == 1500);
    CHECK(rowan::must(station.rows.upsert(made(1600), same_sensor.do_nothing())) == UpsertCounts{100, 0, 1500});

    CHECK_THROWS_WITH(static_cast<void>(station.rows.upsert(made(1700, 1650), same_sensor.do_update())), "no more");
    CHECK(station.count() == 1600);
    // The connection works as before.
    CHECK(rowan::must(station.rows.upsert(made(1), same_sensor.do_update())) == UpsertCounts{0, 1, 0});

    rowan::must(station.connection.transaction([&](auto& tx) {
        auto inside = rowan::repository<Reading>(tx);
        CHECK_THROWS_WITH(static_cast<void>(inside.upsert(made(1700, 1650), same_sensor.do_update())), "no more");
        CHECK(rowan::must(inside.count()) == 1600);
    }));
}

TEST_CASE_TEMPLATE("what an upsert of a range did is counted where triggers look on", Db, Sqlite, Postgres) {
    Station<Db> station;
    auto& rows = station.rows;
    rowan::must(rows.insert(readings(4)));
    if constexpr (Db::is_sqlite) {
        station.execute("CREATE TABLE log (sensor)");
        station.execute("CREATE TRIGGER logs AFTER UPDATE ON readings BEGIN INSERT INTO log VALUES (new.sensor); END");
        station.execute("CREATE TRIGGER logs_too AFTER INSERT ON readings BEGIN INSERT INTO log VALUES (-1), (-2); "
                        "END");
    }
    using rowan::col;
    using rowan::excluded;
    std::vector<Reading> next = readings(7);
    next[1].note = next[6].note = "a note";
    const auto noted = same_sensor.do_update().where(excluded<&Reading::note>.is_not_null() or
                                                     col<&Reading::sensor> == std::int64_t{2});
    CHECK(rowan::must(rows.upsert(next, noted)) == UpsertCounts{3, 2, 2});
    CHECK(rowan::must(rows.template find_by<&Reading::sensor>(1))->note == "a note");
    CHECK(rowan::must(rows.upsert(next, same_sensor.do_nothing())) == UpsertCounts{0, 0, 7});
}

TEST_CASE("what a trigger leaves out is counted as unchanged") {
    Station<Sqlite> station;
    rowan::must(station.rows.insert(readings(3)));
    station.execute("CREATE TRIGGER keeps BEFORE UPDATE ON readings WHEN new.sensor = 1 BEGIN SELECT RAISE(IGNORE); "
                    "END");
    CHECK(rowan::must(station.rows.upsert(readings(3), same_sensor.do_update())) == UpsertCounts{0, 2, 1});
    station.execute("CREATE TRIGGER leaves_out BEFORE INSERT ON readings WHEN new.sensor > 3 BEGIN SELECT "
                    "RAISE(IGNORE); END");
    CHECK(rowan::must(station.rows.upsert(readings(6), same_sensor.do_nothing())) == UpsertCounts{1, 0, 5});
    std::vector<Reading> rows = readings(2);
    rows[0].sensor = 9;
    rows[1].sensor = -1;
    CHECK(rowan::must(station.rows.insert(rows)) == 1);
}

TEST_CASE_TEMPLATE("keys of a range may be mixed: some the program's, some the database's", Db, Sqlite, Postgres) {
    Station<Db> station;
    std::vector<Reading> rows = readings(6);
    rows[1].id = 100;
    rows[4].id = 50;
    CHECK(rowan::must(station.rows.insert(rows)) == 6);
    CHECK(rowan::must(station.rows.get(100)).sensor == 1);
    CHECK(rowan::must(station.rows.get(50)).sensor == 4);
    CHECK(rowan::must(station.rows.template find_by<&Reading::sensor>(5))->id != 0);
}

TEST_CASE_TEMPLATE("a range may read from the connection that stores it", Db, Sqlite, Postgres) {
    Station<Db> station;
    rowan::must(rowan::repository<Count>(station.connection).create_table());
    rowan::must(station.rows.insert(readings(1300)));
    rowan::must(station.connection.transaction([&](auto& tx) {
        auto stream = rowan::must(rowan::repository<Reading>(tx).order_by(rowan::asc<&Reading::sensor>).stream());
        auto copied = stream | std::views::transform([](const rowan::Result<Reading>& row) {
                          return Count{.id = rowan::must(row).id, .seen = rowan::must(row).sensor};
                      });
        auto counts = rowan::repository<Count>(tx);
        CHECK(rowan::must(counts.insert(copied)) == 1300);
        CHECK(rowan::must(counts.where(rowan::col<&Count::seen> == 1299).count()) == 1);
    }));
}

TEST_CASE_TEMPLATE("while a range is stored, its connection does nothing else", Db, Sqlite, Postgres) {
    Station<Db> station;
    std::optional<Code> refused;
    auto meddling = std::views::iota(1000, 1002) | std::views::transform([&](int i) {
                        if (const auto counted = station.rows.count(); !counted) refused = counted.error().code();
                        return Reading{.sensor = i, .day = a_day};
                    });
    CHECK(rowan::must(station.rows.insert(meddling)) == 2);
    CHECK(refused == Code::wrong_handle);
}

TEST_CASE_TEMPLATE("a trigger that lets the rows before it be stored does not split a range", Db, Sqlite, Postgres) {
    Station<Db> station;
    // The other database's triggers have no such mode.
    station.execute(Db::is_sqlite ? "CREATE TRIGGER third BEFORE INSERT ON readings WHEN new.sensor = 2 BEGIN SELECT "
                                    "RAISE(FAIL, 'no third'); END"
                                  : "ALTER TABLE readings ADD CHECK (sensor <> 2)");
    CHECK(error_of(station.rows.insert(readings(4))).category() == rowan::Category::integrity);
    CHECK(error_of(station.rows.upsert(readings(4), same_sensor.do_update())).category() == rowan::Category::integrity);
    CHECK(station.count() == 0);
    const auto outcome = station.connection.transaction([&](auto& tx) {
        rowan::Repository<Reading, std::remove_reference_t<decltype(tx)>> rows{tx};
        CHECK(rowan::must(rows.insert(readings(1))) == 1);
        CHECK_FALSE(rows.insert(made(4)));
        return rows.count();
    });
    CHECK(rowan::must(outcome) == 1);
    CHECK(station.count() == 1);
}
