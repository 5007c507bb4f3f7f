#include <rowan/rowan.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "fresh.hpp"
#include "recorder.hpp"

namespace {

using rowan::col;
using rowan::set;
using rowan::sql;
using namespace std::chrono_literals;

constexpr std::chrono::year_month_day first_date{2016y / 10 / 7};
constexpr std::chrono::sys_days first_day{first_date};

struct Sample {
    std::int64_t id{};
    bool valid{};
    double value{};
    std::string text{};
    std::optional<std::string> note{};
    std::vector<std::byte> bytes{};
    rowan::Timestamp time{};
    std::chrono::year_month_day day{first_date};
};

template <class Db>
struct Samples : Fresh<Db> {
    rowan::Repository<Sample, typename Db::Connection> samples{this->connection};
    std::shared_ptr<Recorder> recorder = std::make_shared<Recorder>(true);

    Samples() {
        rowan::must(samples.create_table());
        this->connection.observe(recorder);
    }

    /// The values of the only statement since the last look.
    std::vector<std::string> values() {
        const auto seen = recorder->take();
        REQUIRE(seen.size() == 1);
        return seen[0].values;
    }

    /// How one value is shown.
    template <class Value>
    std::string shown(const Value& value) {
        (void)this->connection.template query<std::int64_t>(sql<"SELECT id FROM sample WHERE $1 IS NULL">, value);
        const auto all = values();
        REQUIRE(all.size() == 1);
        return all[0];
    }
};

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE_TEMPLATE("bound values are shown as SQL would write them", Db, Sqlite, Postgres) {
    Samples<Db> fixture;
    rowan::must(fixture.samples.insert({.id = 7,
                                        .valid = true,
                                        .value = 1.5,
                                        .text = "O'Brien",
                                        .note = {},
                                        .bytes = {std::byte{0}, std::byte{255}},
                                        .time = rowan::Timestamp{first_day} + 3h + 4min + 5s,
                                        .day = first_date}));
    CHECK(fixture.values() ==
          Texts{"7", "true", "1.5", "'O''Brien'", "NULL", "x'00ff'", "'2016-10-07T03:04:05Z'", "'2016-10-07'"});
    CHECK(fixture.shown(std::numeric_limits<std::int64_t>::min()) == "-9223372036854775808");
    CHECK(fixture.shown(0.1) == "0.1");
    CHECK(fixture.shown(1e300) == "1e+300");
    CHECK(fixture.shown(std::string{"naïve 漢字 🙂"}) == "'naïve 漢字 🙂'");
    CHECK(fixture.shown(std::string{}) == "''");
    CHECK(fixture.shown(std::string{"''"}) == "''''''");
    CHECK(fixture.shown(rowan::Timestamp{first_day} + 1us) == "'2016-10-07T00:00:00.000001Z'");
    CHECK(fixture.shown(rowan::Timestamp{} - 1us) == "'1969-12-31T23:59:59.999999Z'");
    CHECK(fixture.shown(std::optional<std::int64_t>{}) == "NULL");
}

TEST_CASE_TEMPLATE("long values are cut between characters, with their length", Db, Sqlite, Postgres) {
    Samples<Db> fixture;
    CHECK(fixture.shown(std::string(200, 'x')) == "'" + std::string(200, 'x') + "'");
    CHECK(fixture.shown(std::string(201, 'x')) == "'" + std::string(200, 'x') + "…' (201 bytes)");
    // The 200th byte is the middle of a character of three.
    std::string chinese;
    for (int i = 0; i != 1000; ++i) chinese += "漢";
    CHECK(fixture.shown(chinese) == "'" + chinese.substr(0, 198) + "…' (3000 bytes)");

    std::string hex;
    for (int i = 0; i != 100; ++i) hex += "2a";
    CHECK(fixture.shown(std::vector<std::byte>(100, std::byte{42})) == "x'" + hex + "'");
    CHECK(fixture.shown(std::vector<std::byte>(5000, std::byte{42})) == "x'" + hex + "…' (5000 bytes)");
}

TEST_CASE_TEMPLATE("a list is shown as one value, the same on every database", Db, Sqlite, Postgres) {
    Samples<Db> fixture;
    auto& samples = fixture.samples;
    const auto ids = [&](int count) {
        std::vector<std::int64_t> all;
        for (int i = 1; i <= count; ++i) all.push_back(i);
        (void)rowan::must(samples.where(col<&Sample::id>.in(all)).count());
        return fixture.values();
    };
    CHECK(ids(0) == Texts{"[]"});
    CHECK(ids(3) == Texts{"[1, 2, 3]"});
    CHECK(ids(10) == Texts{"[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]"});
    CHECK(ids(11) == Texts{"[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, …] (11 values)"});
    CHECK(ids(5000) == Texts{"[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, …] (5000 values)"});

    (void)rowan::must(
        samples.where(col<&Sample::text>.in(Texts{"a", "it's", std::string(300, 'x')}) and col<&Sample::id> > 4)
            .count());
    CHECK(fixture.values() == Texts{"['a', 'it''s', '" + std::string(200, 'x') + "…' (300 bytes)]", "4"});
    (void)rowan::must(samples.where(col<&Sample::valid>.in(std::vector<bool>{true, false})).count());
    CHECK(fixture.values() == Texts{"[true, false]"});
    (void)rowan::must(samples.where(col<&Sample::time>.in(std::vector{rowan::Timestamp{first_day}})).count());
    CHECK(fixture.values() == Texts{"['2016-10-07T00:00:00Z']"});
    (void)rowan::must(samples.where(col<&Sample::day>.in(std::vector{first_date})).count());
    CHECK(fixture.values() == Texts{"['2016-10-07']"});
    (void)rowan::must(samples.where(col<&Sample::value>.in(std::vector{0.5, 2.0})).count());
    CHECK(fixture.values() == Texts{"[0.5, 2]"});
}

TEST_CASE_TEMPLATE("the values of a batch, a stream and a statement that fails are shown", Db, Sqlite, Postgres) {
    Samples<Db> fixture;
    std::vector<Sample> all;
    for (int i = 1; i <= 20; ++i) all.push_back({.id = i, .text = "row " + std::to_string(i), .note = "n"});
    all[1].note.reset();
    rowan::must(fixture.samples.insert(all));
    auto seen = fixture.recorder->take();
    // SQLite fetches the rows from the range, in a transaction; PostgreSQL is sent arrays, one a column.
    REQUIRE(seen.size() == (Db::is_sqlite ? 3 : 1));
    CHECK(seen[Db::is_sqlite ? 1 : 0].rows == 20);
    if constexpr (Db::is_sqlite) {
        CHECK(seen[1].values == Texts{"(20 rows)"});
        // A trigger that leaves out rows makes each an upsert of its own.
        fixture.execute("CREATE TRIGGER out BEFORE UPDATE ON sample WHEN new.id = 2 BEGIN SELECT RAISE(IGNORE); END");
        (void)fixture.recorder->take();
        const auto policy = rowan::on_conflict<&Sample::id>.do_update().where(col<&Sample::value> < 3.0);
        CHECK(rowan::must(fixture.samples.upsert(std::vector(all.begin(), all.begin() + 3), policy)) ==
              rowan::UpsertCounts{0, 2, 1});
        seen = fixture.recorder->take();
        REQUIRE(seen.size() == 6);
        for (const std::size_t i : {1U, 2U, 3U}) CHECK(seen[i].values == Texts{"(1 row)", "3"});
        CHECK(seen[4].values == Texts{"(0 rows)", "3"});
        CHECK(seen[2].rows == 0);
        fixture.execute("DROP TRIGGER out");
        (void)fixture.recorder->take();
    } else {
        REQUIRE(seen[0].values.size() == 8);
        CHECK(seen[0].values[0] == "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, …] (20 values)");
        CHECK(seen[0].values[4] == "['n', NULL, 'n', 'n', 'n', 'n', 'n', 'n', 'n', 'n', …] (20 values)");
    }

    for (const auto& row : rowan::must(fixture.samples.where(col<&Sample::text> == "row 3").stream())) rowan::must(row);
    CHECK(fixture.values() == Texts{"'row 3'"});

    CHECK(!fixture.samples.insert(all[2]));
    seen = fixture.recorder->take();
    REQUIRE(seen.size() == 1);
    CHECK(seen[0].error == "unique_violation");
    REQUIRE(seen[0].values.size() == 8);
    CHECK(seen[0].values[0] == "3");

    rowan::must(fixture.samples.patch_only(3, set<& Sample::note> = "new"));
    CHECK(fixture.values() == Texts{"'new'", "3"});
}

TEST_CASE("a time that four digits cannot show is the number that it is") {
    rowan::detail::ValueTexts values;
    (void)values.put(rowan::Timestamp{std::chrono::microseconds{std::numeric_limits<std::int64_t>::max()}});
    (void)values.put(std::chrono::sys_days{std::chrono::days{4'000'000}});
    CHECK(values.texts()[0] == "9223372036854775807");
    CHECK(values.texts()[1] == "4000000");
}
