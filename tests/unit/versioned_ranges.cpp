#include <rowan/rowan.hpp>

#include <array>
#include <cstdint>
#include <list>
#include <ranges>
#include <string>
#include <vector>

#include "locking.hpp"

namespace {

using locking::Position;
using locking::Positions;
using rowan::Code;
using rowan::Error;
using What = rowan::RowConflict::What;

struct Label {
    std::string code{};
    std::string text{};

    friend bool operator==(const Label&, const Label&) = default;
};

}  // namespace

template <>
inline constexpr auto rowan::table<Label> = rowan::describe<Label>("labels").key<&Label::code>();

namespace {

template <class Fixture>
std::vector<Position> store(Fixture& positions, int count) {
    std::vector<Position> rows;
    for (int i = 0; i != count; ++i) rows.push_back(positions.stored("S" + std::to_string(i), i));
    return rows;
}

}  // namespace

TEST_CASE_TEMPLATE("a range is updated whole, and comes back with its new versions", Db, Sqlite, Postgres) {
    Positions<Db> positions;
    std::vector<Position> rows = store(positions, 5);
    for (Position& row : rows) row.size += 100;
    const std::vector<Position> updated = rowan::must(positions.mine.update(rows));
    REQUIRE(updated.size() == 5);
    CHECK(updated[3].version == 2);
    CHECK(updated[3].size == 103);
    CHECK(updated[3].updated_at > rows[3].updated_at);
    CHECK(rowan::must(positions.mine.order_by(rowan::asc<&Position::id>).all()) == updated);

    // Whatever its kind; what a view makes on the way is read once.
    CHECK(rowan::must(positions.mine.update(std::list<Position>(updated.begin(), updated.end()))).back().version == 3);
    const auto view = std::views::iota(std::size_t{0}, updated.size()) | std::views::transform([&](std::size_t i) {
                          Position row = updated[i];
                          row.version = 3;
                          row.size = static_cast<double>(i);
                          return row;
                      });
    std::vector<Position> last = rowan::must(positions.mine.update(view));
    CHECK(last.back().version == 4);
    CHECK(last.back().size == 4);
    last = rowan::must(positions.mine.update(std::move(last)));
    CHECK(last.front().version == 5);
    CHECK(rowan::must(positions.mine.get(last.front().id)) == last.front());
    CHECK(rowan::must(positions.mine.update(std::vector<Position>{})).empty());
}

TEST_CASE_TEMPLATE("the error of a range names each row that is stale or missing, and nothing is changed", Db, Sqlite,
                   Postgres) {
    Positions<Db> positions;
    std::vector<Position> rows = store(positions, 6);
    rowan::must(positions.others.update(rows[1]));
    rowan::must(positions.others.erase(rows[3].id));
    rowan::must(positions.others.update(rowan::must(positions.others.update(rows[4]))));
    rows.push_back({.id = 77, .symbol = "none"});
    const auto before = rowan::must(positions.mine.order_by(rowan::asc<&Position::id>).all());
    for (Position& row : rows) row.size += 100;

    const Error error = error_of(positions.mine.update(rows));
    CHECK(error.code() == Code::stale);
    CHECK(error.table() == "positions");
    CHECK(
        error.message() ==
        "positions: 4 rows are not as expected, so nothing was changed; id = 2 was modified by someone else: version 1 "
        "was expected, but it has version 2; id = 4 was deleted by someone else: version 1 was expected, but it is "
        "gone; id = 5 was modified by someone else: version 1 was expected, but it has version 3; id = 77 is not "
        "there");
    REQUIRE(error.conflicts().size() == 4);
    const auto& conflicts = error.conflicts();
    CHECK(conflicts[0].index == 1);
    CHECK(conflicts[0].what == What::modified);
    CHECK(conflicts[0].key == "id = 2");
    CHECK(conflicts[1].index == 3);
    CHECK(conflicts[1].what == What::deleted);
    CHECK(conflicts[2].index == 4);
    CHECK(conflicts[2].found == 3);
    CHECK(conflicts[3].index == 6);
    CHECK(conflicts[3].what == What::missing);
    CHECK(conflicts[0].template current<Position>() == nullptr);
    CHECK(rowan::must(positions.mine.order_by(rowan::asc<&Position::id>).all()) == before);

    const Error carrying = error_of(positions.mine.update(rows, rowan::carry_current));
    REQUIRE(carrying.conflicts().size() == 4);
    CHECK(*carrying.conflicts()[0].template current<Position>() == before[1]);
    CHECK(carrying.conflicts()[1].template current<Position>() == nullptr);
    CHECK(*carrying.conflicts()[2].template current<Position>() == before[3]);

    // Where none of them ever was, nothing is stale.
    CHECK(error_of(positions.mine.update(std::array{Position{.id = 77}, Position{.id = 78}})).code() ==
          Code::not_found);
}

TEST_CASE_TEMPLATE("a long list of stale rows has a short message, and all rows by code", Db, Sqlite, Postgres) {
    Positions<Db> positions;
    std::vector<Position> rows;
    for (int i = 0; i != 200; ++i) rows.push_back({.symbol = "S" + std::to_string(i)});
    rowan::must(positions.mine.insert(rows));
    rows = rowan::must(positions.mine.order_by(rowan::asc<&Position::id>).all());
    REQUIRE(rows.size() == 200);
    CHECK(rows[199].version == 1);
    CHECK(rows[199].created_at > rowan::Timestamp{});
    rowan::must(positions.others.update(rows));
    const Error error = error_of(positions.mine.update(rows));
    CHECK(error.conflicts().size() == 200);
    CHECK(error.conflicts()[199].key == "id = 200");
    CHECK(error.message().starts_with("positions: 200 rows are not as expected, so nothing was changed; id = 1 "));
    CHECK(error.message().ends_with("; and 190 more"));
    CHECK(error.message().size() < 1500);
    CHECK(error_of(positions.mine.erase(rows)).conflicts().size() == 200);
}

TEST_CASE_TEMPLATE("a row that comes twice in a range is stale the second time", Db, Sqlite, Postgres) {
    Positions<Db> positions;
    const Position row = positions.stored("BTC");
    const Error error = error_of(positions.mine.update(std::vector{row, row}));
    CHECK(error.code() == Code::stale);
    REQUIRE(error.conflicts().size() == 1);
    CHECK(error.conflicts()[0].index == 1);
    CHECK(rowan::must(positions.mine.get(row.id)) == row);
}

TEST_CASE_TEMPLATE("another error ends the update of a range, and nothing is changed", Db, Sqlite, Postgres) {
    Positions<Db> positions;
    std::vector<Position> rows = store(positions, 3);
    const std::vector<Position> before = rows;
    rows[0].size = 100;
    rows[1].symbol = "S2";
    CHECK(error_of(positions.mine.update(rows)).code() == Code::unique_violation);
    CHECK(rowan::must(positions.mine.order_by(rowan::asc<&Position::id>).all()) == before);
}

TEST_CASE_TEMPLATE("a range inside a transaction is undone alone", Db, Sqlite, Postgres) {
    Positions<Db> positions;
    std::vector<Position> rows = store(positions, 3);
    auto tx = rowan::must(positions.connection.begin());
    auto inside = rowan::repository<Position>(tx);
    rows[2] = rowan::must(inside.update(rows[2]));
    std::vector<Position> with_stale = rows;
    with_stale[1].version = 8;
    CHECK(error_of(inside.update(with_stale)).code() == Code::stale);
    CHECK(error_of(inside.erase(with_stale)).code() == Code::stale);
    rowan::must(inside.update(rows));
    rowan::must(tx.commit());
    CHECK(rowan::must(positions.mine.get(rows[0].id)).version == 2);
    CHECK(rowan::must(positions.mine.get(rows[2].id)).version == 3);
}

TEST_CASE_TEMPLATE("a range is erased whole, and each stale row of it is named", Db, Sqlite, Postgres) {
    Positions<Db> positions;
    std::vector<Position> rows = store(positions, 5);
    rows[1] = rowan::must(positions.others.update(rows[1]));
    Position stale = rows[1];
    stale.version = 1;
    const Error error = error_of(positions.mine.erase(std::vector{rows[0], stale, rows[2]}, rowan::carry_current));
    CHECK(error.code() == Code::stale);
    REQUIRE(error.conflicts().size() == 1);
    CHECK(error.conflicts()[0].index == 1);
    CHECK(error.conflicts()[0].found == 2);
    CHECK(*rowan::carried_row<Position>(error) == rows[1]);
    CHECK(rowan::must(positions.mine.count()) == 5);

    CHECK(rowan::must(positions.others.erase(rows[0])));
    // What is gone already is not counted, and no conflict.
    CHECK(rowan::must(positions.mine.erase(rows)) == 4);
    CHECK(rowan::must(positions.mine.count()) == 0);
    CHECK(rowan::must(positions.mine.erase(rows)) == 0);
}

TEST_CASE_TEMPLATE("ranges of structs without a version are updated and erased by key", Db, Sqlite, Postgres) {
    Fresh<Db> fresh;
    auto labels = rowan::repository<Label>(fresh.connection);
    rowan::must(labels.create_table());
    const std::vector<Label> stored{{"a", "1"}, {"b", "2"}, {"c", "3"}};
    rowan::must(labels.insert(stored));
    const std::vector<Label> changed{{"b", "20"}, {"c", "30"}};
    CHECK(rowan::must(labels.update(changed)) == changed);
    CHECK(rowan::must(labels.get("b")).text == "20");

    const Error error = error_of(labels.update(std::vector<Label>{{"a", "9"}, {"x", "9"}, {"y", "9"}}));
    CHECK(error.code() == Code::not_found);
    CHECK(
        error.message() ==
        "labels: 2 rows are not as expected, so nothing was changed; code = 'x' is not there; code = 'y' is not there");
    CHECK(error.conflicts()[1].index == 2);
    CHECK(rowan::must(labels.get("a")).text == "1");
    CHECK(rowan::must(labels.erase(std::vector<Label>{{"a", ""}, {"x", ""}, {"b", ""}})) == 2);
    CHECK(rowan::must(labels.count()) == 1);
}

TEST_CASE_TEMPLATE("many rows go in and out in batches, and a stale one in a late batch undoes the early ones", Db,
                   Sqlite, Postgres) {
    Positions<Db> positions;
    std::vector<Position> rows;
    for (int i = 0; i != 2500; ++i) rows.push_back({.symbol = "S" + std::to_string(i)});
    rowan::must(positions.mine.insert(rows));
    const auto by_id = positions.mine.order_by(rowan::asc<&Position::id>);
    rows = rowan::must(by_id.all());
    for (Position& row : rows) {
        row.size = static_cast<double>(row.id) / 2;
        if (row.id % 3 == 0) row.note = "it's number " + std::to_string(row.id);
    }
    rows = rowan::must(positions.mine.update(rows));
    REQUIRE(rows.size() == 2500);
    CHECK(rowan::must(by_id.all()) == rows);
    CHECK(rows[2000].version == 2);

    Position& late = rows[2100];
    late.version = 1;
    const Error error = error_of(positions.mine.update(rows));
    REQUIRE(error.conflicts().size() == 1);
    CHECK(error.conflicts()[0].index == 2100);
    CHECK(error.conflicts()[0].found == 2);
    CHECK(error_of(positions.mine.erase(rows)).conflicts().size() == 1);
    late.version = 2;
    CHECK(rowan::must(by_id.all()) == rows);
    CHECK(rowan::must(positions.mine.erase(rows)) == 2500);
    CHECK(rowan::must(positions.mine.count()) == 0);
}

TEST_CASE_TEMPLATE("the rows of a range are changed in its order, as far as constraints tell", Db, Sqlite, Postgres) {
    Positions<Db> positions;
    std::vector<Position> rows = store(positions, 3);
    // Each takes the symbol that the one before has just left.
    rows[2].symbol = "free";
    rows[1].symbol = "S2";
    rows[0].symbol = "S1";
    const std::vector<Position> updated = rowan::must(positions.mine.update(std::vector{rows[2], rows[1], rows[0]}));
    CHECK(updated[2].symbol == "S1");
    CHECK(rowan::must(positions.mine.get(rows[0].id)) == updated[2]);

    Fresh<Db> fresh;
    auto labels = rowan::repository<Label>(fresh.connection);
    rowan::must(labels.create_table());
    rowan::must(labels.insert(std::vector<Label>{{"a", "1"}, {"b", "2"}}));
    // Without a version, the last one stays.
    CHECK(rowan::must(labels.update(std::vector<Label>{{"a", "2"}, {"b", "3"}, {"a", "4"}})).size() == 3);
    CHECK(rowan::must(labels.get("a")).text == "4");
    CHECK(rowan::must(labels.erase(std::vector<Label>{{"a", ""}, {"a", ""}})) == 1);
}
