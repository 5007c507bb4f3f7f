#include <rowan/rowan.hpp>

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "fresh.hpp"

namespace {

using rowan::asc;
using rowan::Code;
using rowan::col;
using rowan::Error;
using rowan::excluded;
using rowan::on_conflict;
using rowan::set;
using rowan::UpsertCounts;
using rowan::Upserted;

struct Stock {
    std::int64_t id{};
    std::string place{};
    std::string ware{};
    std::int64_t amount{};
    std::int64_t version{};
    std::optional<std::string> note{};

    friend bool operator==(const Stock&, const Stock&) = default;
};

/// Its target may be NULL.
struct Label {
    std::int64_t id{};
    std::optional<std::string> code{};
    std::int64_t uses{};
};

struct Excluded {
    std::int64_t id{};
    std::int64_t value{};
    std::int64_t sum{};

    friend bool operator==(const Excluded&, const Excluded&) = default;
};
/// The same name where capitals do not count.
struct Shouted {
    std::int64_t id{};
    std::int64_t value{};
    std::int64_t sum{};

    friend bool operator==(const Shouted&, const Shouted&) = default;
};

struct Shelved {
    std::string place{};
    std::string ware{};
    std::int64_t amount{};
    std::int64_t version{};

    friend bool operator==(const Shelved&, const Shelved&) = default;
};

}  // namespace

template <>
inline constexpr auto rowan::table<Stock> = rowan::describe<Stock>("stock").unique<&Stock::place, &Stock::ware>();
template <>
inline constexpr auto rowan::table<Label> = rowan::describe<Label>("label").unique<&Label::code>();
template <>
inline constexpr auto rowan::table<Excluded> = rowan::describe<Excluded>("excluded").key<&Excluded::id>();
template <>
inline constexpr auto rowan::table<Shouted> = rowan::describe<Shouted>("EXCLUDED").key<&Shouted::id>();
template <>
inline constexpr auto rowan::table<Shelved> =
    rowan::describe<Shelved>("shelved").in("store house").key<&Shelved::place, &Shelved::ware>();

namespace {

constexpr auto same_ware = on_conflict<&Stock::place, &Stock::ware>;

template <class Db>
struct Store : Fresh<Db> {
    rowan::Repository<Stock, typename Db::Connection> stock{this->connection};

    Store() {
        rowan::must(stock.create_table());
        rowan::must(stock.insert({0, "north", "nails", 10, 1, "old"}));
    }

    std::vector<Stock> rows() { return rowan::must(stock.order_by(asc<&Stock::id>).all()); }
};

}  // namespace

TEST_CASE_TEMPLATE("an upsert sets what the policy says, and nothing else", Db, Sqlite, Postgres) {
    Store<Db> store;
    const Stock more{0, "north", "nails", 5, 7, "new"};
    // What was to be inserted.
    CHECK(rowan::must(store.stock.upsert(
              more, same_ware.do_update(set<& Stock::version> = excluded<&Stock::version>))) == Upserted::updated);
    CHECK(store.rows() == std::vector<Stock>{{1, "north", "nails", 10, 7, "old"}});
    // What is there with it.
    CHECK(rowan::must(store.stock.upsert(
              more, same_ware.do_update(set<& Stock::amount> = col<&Stock::amount> + excluded<&Stock::amount>))) ==
          Upserted::updated);
    CHECK(store.rows() == std::vector<Stock>{{1, "north", "nails", 15, 7, "old"}});
    // Constants.
    CHECK(rowan::must(store.stock.upsert(more, same_ware.do_update(set<& Stock::note> = "checked"))) ==
          Upserted::updated);
    CHECK(rowan::must(store.stock.upsert(more, same_ware.do_update(set<& Stock::version> = 100))) == Upserted::updated);
    CHECK(store.rows() == std::vector<Stock>{{1, "north", "nails", 15, 100, "checked"}});
    CHECK(rowan::must(store.stock.upsert(more, same_ware.do_update(set<& Stock::note> = std::nullopt))) ==
          Upserted::updated);
    CHECK(store.rows() == std::vector<Stock>{{1, "north", "nails", 15, 100, std::nullopt}});
    // Several at once see the row as it was.
    const auto many = same_ware.do_update(set<& Stock::amount> = col<&Stock::amount> * 2 - excluded<&Stock::amount>,
                                          set<& Stock::version> = col<&Stock::amount> + 1,
                                          set<& Stock::note> = rowan::coalesce(col<&Stock::note>, "none"),
                                          set<& Stock::ware> = rowan::upper(excluded<&Stock::ware>));
    CHECK(rowan::must(store.stock.upsert(more, many)) == Upserted::updated);
    CHECK(store.rows() == std::vector<Stock>{{1, "north", "NAILS", 25, 16, "none"}});
    // There is no such row any more, so it is inserted as it came.
    CHECK(rowan::must(store.stock.upsert(more, many)) == Upserted::inserted);
    auto rows = store.rows();
    REQUIRE(rows.size() == 2);
    rows[1].id = 0;
    CHECK(rows[1] == more);
}

TEST_CASE_TEMPLATE("an upsert changes only rows for which its condition is true", Db, Sqlite, Postgres) {
    Store<Db> store;
    const auto if_newer = same_ware.do_update().where(excluded<&Stock::version> > col<&Stock::version>);
    CHECK(rowan::must(store.stock.upsert({0, "north", "nails", 3, 1, "same age"}, if_newer)) == Upserted::unchanged);
    CHECK(rowan::must(store.stock.upsert({0, "north", "nails", 3, 0, "older"}, if_newer)) == Upserted::unchanged);
    CHECK(store.rows() == std::vector<Stock>{{1, "north", "nails", 10, 1, "old"}});
    CHECK(rowan::must(store.stock.upsert({0, "north", "nails", 3, 2, "newer"}, if_newer)) == Upserted::updated);
    CHECK(store.rows() == std::vector<Stock>{{1, "north", "nails", 3, 2, "newer"}});
    // A new row is inserted, whatever the condition.
    CHECK(rowan::must(store.stock.upsert({0, "south", "nails", 1, -5, {}}, if_newer)) == Upserted::inserted);

    // A condition with values, behind assignments with values.
    const auto capped = same_ware
                            .do_update(set<& Stock::amount> = col<&Stock::amount> + excluded<&Stock::amount> + 100,
                                       set<& Stock::note> = "added")
                            .where(col<&Stock::amount> < 50 and col<&Stock::note> != "locked" and
                                   excluded<&Stock::place>.in({"north", "south"}));
    CHECK(rowan::must(store.stock.upsert({0, "north", "nails", 1, 0, {}}, capped)) == Upserted::updated);
    CHECK(rowan::must(store.stock.upsert({0, "north", "nails", 1, 0, {}}, capped)) == Upserted::unchanged);
    CHECK(store.rows().at(0) == Stock{1, "north", "nails", 104, 2, "added"});

    const auto one_column = same_ware.template do_update<&Stock::amount>().where(col<&Stock::amount> == 104);
    CHECK(rowan::must(store.stock.upsert({0, "north", "nails", 8, 9, {}}, one_column)) == Upserted::updated);
    CHECK(store.rows().at(0) == Stock{1, "north", "nails", 8, 2, "added"});
    // NULL is not true.
    const auto noted = same_ware.do_update().where(excluded<&Stock::note> == col<&Stock::note>);
    CHECK(rowan::must(store.stock.upsert({0, "north", "nails", 0, 0, {}}, noted)) == Upserted::unchanged);
    CHECK(store.rows().at(0) == Stock{1, "north", "nails", 8, 2, "added"});
}

TEST_CASE_TEMPLATE("a range of upserts counts rows inserted, updated and left alone by the condition", Db, Sqlite,
                   Postgres) {
    Store<Db> store;
    const auto ware = [](int i) { return "ware " + std::to_string(i); };
    std::vector<Stock> rows;
    for (int i = 0; i != 2500; ++i) rows.push_back({0, "north", ware(i), i, i % 3, {}});
    const auto if_newer =
        same_ware
            .do_update(set<& Stock::amount> = col<&Stock::amount> + excluded<&Stock::amount>,
                       set<& Stock::version> = excluded<&Stock::version>, set<& Stock::note> = "newer")
            .where(excluded<&Stock::version> > col<&Stock::version>);
    CHECK(rowan::must(store.stock.upsert(rows, if_newer)) == UpsertCounts{2500, 0, 0});
    // The same policy again: nothing is newer.
    CHECK(rowan::must(store.stock.upsert(rows, if_newer)) == UpsertCounts{0, 0, 2500});
    for (Stock& row : rows) row.version = 2;
    rows.push_back({0, "south", "nails", 1, 1, {}});
    // Of every three rows one had version 2 already.
    CHECK(rowan::must(store.stock.upsert(rows, if_newer)) == UpsertCounts{1, 1667, 833});
    CHECK(rowan::must(store.stock.where(col<&Stock::note> == "newer").count()) == 1667);
    CHECK(rowan::must(store.stock.where(col<&Stock::ware> == ware(1500)).one()).amount == 3000);
    CHECK(rowan::must(store.stock.where(col<&Stock::ware> == ware(1502)).one()).amount == 1502);
}

TEST_CASE_TEMPLATE("rows of one range that are alike are added up one after the other, as if they came alone", Db,
                   Sqlite, Postgres) {
    Store<Db> store;
    const auto add = same_ware.do_update(set<& Stock::amount> = col<&Stock::amount> + excluded<&Stock::amount>);
    std::vector<Stock> rows;
    for (int i = 0; i != 1500; ++i)
        rows.push_back({0, "north", i % 2 == 0 ? "nails" : "screw " + std::to_string(i % 300), 1, 0, {}});
    // 150 kinds of screws; nails are there already.
    CHECK(rowan::must(store.stock.upsert(rows, add)) == UpsertCounts{150, 1350, 0});
    CHECK(rowan::must(store.stock.get(1)).amount == 760);
    CHECK(rowan::must(store.stock.where(col<&Stock::ware> == "screw 299").one()).amount == 5);
    CHECK(rowan::must(store.stock.count()) == 151);
}

TEST_CASE_TEMPLATE("of rows of one range that are alike, a condition compares each with the one before", Db, Sqlite,
                   Postgres) {
    Store<Db> store;
    const auto if_newer = same_ware.do_update().where(excluded<&Stock::version> > col<&Stock::version>);
    const std::vector<Stock> rows{{0, "north", "nails", 1, 5, {}}, {0, "north", "nails", 2, 4, {}},
                                  {0, "north", "nails", 3, 6, {}}, {0, "south", "nails", 4, 3, {}},
                                  {0, "south", "nails", 5, 3, {}}, {0, "south", "nails", 6, 9, {}}};
    CHECK(rowan::must(store.stock.upsert(rows, if_newer)) == UpsertCounts{1, 3, 2});
    auto stored = store.rows();
    REQUIRE(stored.size() == 2);
    CHECK(stored[0] == Stock{1, "north", "nails", 3, 6, {}});
    CHECK(stored[1].amount == 6);
    // None of them is newer: nothing is touched, though they are alike.
    CHECK(rowan::must(store.stock.upsert(rows, if_newer)) == UpsertCounts{0, 0, 6});
    CHECK(store.rows() == stored);
}

TEST_CASE_TEMPLATE("NULLs in the conflict target are never alike: they are inserted again and again", Db, Sqlite,
                   Postgres) {
    Fresh<Db> fresh;
    auto labels = rowan::repository<Label>(fresh.connection);
    rowan::must(labels.create_table());
    const auto use = on_conflict<&Label::code>.do_update(set<& Label::uses> = col<&Label::uses> + 1);
    CHECK(rowan::must(labels.upsert({0, std::nullopt, 1}, use)) == Upserted::inserted);
    CHECK(rowan::must(labels.upsert({0, std::nullopt, 1}, use)) == Upserted::inserted);
    CHECK(rowan::must(labels.upsert({0, "", 1}, use)) == Upserted::inserted);
    CHECK(rowan::must(labels.upsert({0, "", 1}, use)) == Upserted::updated);
    CHECK(rowan::must(labels.upsert({0, std::nullopt, 1}, on_conflict<&Label::code>.do_nothing())) ==
          Upserted::inserted);
    const std::vector<Label> rows{{0, std::nullopt, 1}, {0, "", 1}, {0, std::nullopt, 1}};
    CHECK(rowan::must(labels.upsert(rows, use)) == UpsertCounts{2, 1, 0});
    CHECK(rowan::must(labels.where(col<&Label::code>.is_null()).count()) == 5);
    CHECK(rowan::must(labels.where(col<&Label::code> == "").one()).uses == 3);
}

TEST_CASE_TEMPLATE("a value that cannot be written is named, and nothing is stored", Db, Sqlite, Postgres) {
    Store<Db> store;
    const auto before = store.rows();
    const Stock row{0, "south", "nails", 1, 1, {}};
    const auto is_told = [&](const Error& error, std::string_view column) {
        CHECK(error.category() == rowan::Category::data);
        CHECK(error.code() == Code::value_out_of_range);
        CHECK(error.table() == "stock");
        CHECK(error.column() == column);
        CHECK(store.rows() == before);
    };
    const std::uint64_t too_large = std::uint64_t{1} << 63;
    const auto assigned = same_ware.do_update(set<& Stock::note> = "x", set<& Stock::amount> = too_large);
    is_told(error_of(store.stock.upsert(row, assigned)), "amount");
    is_told(error_of(store.stock.upsert(std::vector(3, row), assigned)), "amount");
    const auto compared = same_ware.do_update().where(col<&Stock::version> < too_large);
    is_told(error_of(store.stock.upsert(row, compared)), "version");
    is_told(error_of(store.stock.upsert(std::vector(1500, row), compared)), "version");
    is_told(error_of(store.stock.upsert(
                row, same_ware.do_update().where(excluded<&Stock::amount>.in(std::vector{too_large})))),
            "amount");
    // The connection goes on.
    CHECK(rowan::must(store.stock.upsert(row, same_ware.do_update())) == Upserted::inserted);
}

TEST_CASE_TEMPLATE("an error of the database in an upsert leaves all rows as they were", Db, Sqlite, Postgres) {
    Store<Db> store;
    rowan::must(store.stock.insert({0, "south", "nails", 1, 1, {}}));
    const auto before = store.rows();
    // Both would be the same ware then.
    const auto rename = same_ware.do_update(set<& Stock::place> = "south");
    CHECK(error_of(store.stock.upsert({0, "north", "nails", 0, 0, {}}, rename)).code() == Code::unique_violation);
    const std::vector<Stock> rows{{0, "east", "nails", 1, 1, {}}, {0, "north", "nails", 1, 1, {}}};
    CHECK(error_of(store.stock.upsert(rows, rename)).code() == Code::unique_violation);
    CHECK(store.rows() == before);
}

TEST_CASE_TEMPLATE("a policy may be kept and used for many rows, its texts by view", Db, Sqlite, Postgres) {
    Store<Db> store;
    std::string note = "first, and too long for the string itself";
    const auto mark = same_ware.do_update(set<& Stock::note> = note);
    CHECK(rowan::must(store.stock.upsert({0, "north", "nails", 0, 0, {}}, mark)) == Upserted::updated);
    CHECK(rowan::must(store.stock.get(1)).note == note);
    CHECK(rowan::must(store.stock.upsert({0, "south", "nails", 0, 0, {}}, mark)) == Upserted::inserted);
    CHECK(rowan::must(store.stock.upsert({0, "south", "nails", 0, 0, {}}, mark)) == Upserted::updated);
    CHECK(rowan::must(store.stock.where(col<&Stock::note> == note).count()) == 2);
    // A temporary is kept whole.
    const auto kept = same_ware.do_update(set<& Stock::note> = std::string(100, 'x'));
    CHECK(rowan::must(store.stock.upsert({0, "north", "nails", 0, 0, {}}, kept)) == Upserted::updated);
    CHECK(rowan::must(store.stock.upsert({0, "south", "nails", 0, 0, {}}, kept)) == Upserted::updated);
    CHECK(rowan::must(store.stock.where(col<&Stock::note> == std::string(100, 'x')).count()) == 2);
}

TEST_CASE_TEMPLATE("rows of a table in a schema are upserted with expressions", Db, Sqlite, Postgres) {
    Fresh<Db> fresh;
    auto shelved = rowan::repository<Shelved>(fresh.connection);
    // The schema is the same in every test.
    rowan::must(shelved.drop_table());
    rowan::must(shelved.create_table());
    const auto add = on_conflict<&Shelved::ware, &Shelved::place>
                         .do_update(set<&Shelved::amount> = col<&Shelved::amount> + excluded<&Shelved::amount>)
                         .where(col<&Shelved::version> <= excluded<&Shelved::version>);
    CHECK(rowan::must(shelved.upsert(std::vector<Shelved>{{"a", "x", 1, 1}, {"b", "x", 1, 1}}, add)) ==
          UpsertCounts{2, 0, 0});
    CHECK(rowan::must(shelved.upsert(std::vector<Shelved>{{"a", "x", 5, 1}, {"b", "x", 5, 0}, {"c", "x", 5, 0}},
                                     add)) == UpsertCounts{1, 1, 1});
    // A table without a generated key: SQLite tells by its rowid what was done.
    CHECK(rowan::must(shelved.upsert({"c", "x", 1, 9}, add)) == Upserted::updated);
    CHECK(rowan::must(shelved.order_by(asc<&Shelved::place>).all()) ==
          std::vector<Shelved>{{"a", "x", 6, 1}, {"b", "x", 1, 1}, {"c", "x", 6, 0}});
    rowan::must(shelved.drop_table());
}

namespace {

template <class Row, class Db>
void upsert_into() {
    Fresh<Db> fresh;
    auto rows = rowan::repository<Row>(fresh.connection);
    rowan::must(rows.create_table());
    constexpr auto by_id = on_conflict<&Row::id>;
    const auto add = by_id
                         .do_update(set<& Row::value> = excluded<&Row::value>,
                                    set<& Row::sum> = col<&Row::sum> + excluded<&Row::sum>)
                         .where(excluded<&Row::value> > col<&Row::value>);
    CHECK(rowan::must(rows.upsert({1, 10, 100}, add)) == Upserted::inserted);
    CHECK(rowan::must(rows.upsert({1, 20, 11}, add)) == Upserted::updated);
    CHECK(rowan::must(rows.upsert({1, 20, 11}, add)) == Upserted::unchanged);
    CHECK(rowan::must(rows.get(1)) == Row{1, 20, 111});
    CHECK(rowan::must(rows.upsert(std::vector<Row>{{1, 21, 1}, {2, 5, 5}}, add)) == UpsertCounts{1, 1, 0});
    CHECK(rowan::must(rows.get(1)) == Row{1, 21, 112});
    CHECK(rowan::must(rows.upsert({2, 6, 7}, by_id.do_update())) == Upserted::updated);
    CHECK(rowan::must(rows.get(2)) == Row{2, 6, 7});
    CHECK(rowan::must(rows.upsert({2, 0, 0}, by_id.do_nothing())) == Upserted::unchanged);
}

}  // namespace

TEST_CASE_TEMPLATE("a table may be called as the row that was to be inserted is", Db, Sqlite, Postgres) {
    upsert_into<Excluded, Db>();
    upsert_into<Shouted, Db>();
}
