#include <rowan/rowan.hpp>

#include <chrono>
#include <cmath>
#include <limits>

#include "fresh.hpp"

namespace {

using rowan::asc;
using rowan::col;
using rowan::desc;

using rowan::avg;
using rowan::case_when;
using rowan::coalesce;
using rowan::count;
using rowan::count_distinct;
using rowan::lag;
using rowan::lead;
using rowan::lower;
using rowan::max;
using rowan::min;
using rowan::sum;
using rowan::upper;

struct Item {
    std::int64_t id{};
    std::string name{};
    std::int32_t amount{};
    double price{};
    std::optional<std::string> note{};
    std::optional<double> weight{};
    rowan::Timestamp time{};
};

rowan::Timestamp at(std::int64_t seconds) { return rowan::Timestamp{std::chrono::seconds{seconds}}; }

template <class Db>
struct Items : Fresh<Db> {
    rowan::Repository<Item, typename Db::Connection> repository{this->connection};

    Items() {
        rowan::must(repository.create_table());
        const std::vector<Item> rows{
            {.id = 1, .name = "Apple", .amount = 10, .price = 1.5, .note = "red", .weight = 0.5, .time = at(86399)},
            {.id = 2, .name = "apple pie", .amount = 3, .price = 12, .note = {}, .weight = {}, .time = at(86400)},
            {.id = 3, .name = "100%_\\real", .amount = -7, .price = 0.25, .note = "", .weight = 2, .time = at(-1)},
            {.id = 4, .name = "", .amount = 0, .price = 8, .note = "red", .weight = {}, .time = at(951826500)},
        };
        rowan::must(repository.insert(rows));
    }

    template <class Condition>
    std::vector<std::int64_t> ids(Condition condition) {
        return column(repository.where(condition).order_by(asc<&Item::id>).select(col<&Item::id>));
    }

    /// The values of a query that selects one expression.
    template <class Query>
    auto column(const Query& query) {
        std::vector<std::tuple_element_t<0, typename Query::Row>> values;
        for (auto& [value] : rowan::must(query.all())) values.push_back(value);
        return values;
    }

    /// The values of one expression for all rows, by id.
    template <class Expression>
    auto each(Expression expression) {
        return column(repository.order_by(asc<&Item::id>).select(expression));
    }
};

using Ids = std::vector<std::int64_t>;
template <class T>
using Maybe = std::vector<std::optional<T>>;

}  // namespace

TEST_CASE_TEMPLATE("arithmetic binds as it does in C++", Db, Sqlite, Postgres) {
    Items<Db> items;
    const auto amount = col<&Item::amount>;
    const auto price = col<&Item::price>;
    CHECK(items.each(amount + 1) == Ids{11, 4, -6, 1});
    CHECK(items.each(1 - amount) == Ids{-9, -2, 8, 1});
    CHECK(items.each(amount - (amount - 1)) == Ids{1, 1, 1, 1});
    CHECK(items.each(amount - amount - 1) == Ids{-1, -1, -1, -1});
    CHECK(items.each((amount + 1) * 2) == Ids{22, 8, -12, 2});
    CHECK(items.each(amount + 1 * 2) == Ids{12, 5, -5, 2});
    CHECK(items.each(2 * (amount + 1)) == Ids{22, 8, -12, 2});
    CHECK(items.each(amount * price) == std::vector<double>{15, 36, -1.75, 0});
    CHECK(items.each(price * 2) == std::vector<double>{3, 24, 0.5, 16});
    CHECK(items.each(amount / 2) == Ids{5, 1, -3, 0});
    CHECK(items.each(12 / (amount + 2)) == Ids{1, 2, -2, 6});
    CHECK(items.each(price / 4 / 2) == std::vector<double>{0.1875, 1.5, 0.03125, 1});
    CHECK(items.each(price / (price / 2)) == std::vector<double>{2, 2, 2, 2});
    CHECK(items.ids(amount * price > 10) == Ids{1, 2});
    CHECK(items.ids(amount + 1 == col<&Item::id> + 10) == Ids{1});
    CHECK(items.ids((amount > 0) == (price > 5)) == Ids{2, 3});
    CHECK(items.each(col<&Item::weight> * 2) == Maybe<double>{1, std::nullopt, 4, std::nullopt});
}

TEST_CASE_TEMPLATE("between takes both ends", Db, Sqlite, Postgres) {
    Items<Db> items;
    CHECK(items.ids(col<&Item::amount>.between(0, 3)) == Ids{2, 4});
    CHECK(items.ids(not col<&Item::amount>.between(0, 3)) == Ids{1, 3});
    CHECK(items.ids(col<&Item::amount>.between(3, 0)).empty());
    CHECK(items.ids(col<&Item::amount>.between(0, 3) and col<&Item::price> > 10) == Ids{2});
    CHECK(items.ids(col<&Item::name>.between("A", "Z")) ==
          (items.ids(col<&Item::name> >= "A" and col<&Item::name> <= "Z")));
}

TEST_CASE_TEMPLATE("in takes ranges of any kind and length", Db, Sqlite, Postgres) {
    Items<Db> items;
    const std::vector<std::int64_t> wanted{1, 3, 99};
    CHECK(items.ids(col<&Item::id>.in(wanted)) == Ids{1, 3});
    CHECK(items.ids(col<&Item::id>.not_in(wanted)) == Ids{2, 4});
    CHECK(items.ids(col<&Item::id>.in({2, 4})) == Ids{2, 4});
    CHECK(items.ids(col<&Item::id>.in(std::vector<int>{})).empty());
    CHECK(items.ids(col<&Item::id>.not_in(std::vector<int>{})) == Ids{1, 2, 3, 4});
    CHECK(items.ids(not col<&Item::id>.in({2, 4})) == Ids{1, 3});
    CHECK(items.ids(col<&Item::name>.in({"Apple", "", "100%_\\real"})) == Ids{1, 3, 4});
    CHECK(items.ids(col<&Item::name>.in(std::vector<std::string_view>{"apple pie"})) == Ids{2});
    CHECK(items.ids(col<&Item::price>.in(std::vector<double>{1.5, 0.25})) == Ids{1, 3});
    CHECK(items.ids(col<&Item::time>.in({at(-1), at(86400)})) == Ids{2, 3});
    // NULL is in no list, and not outside of one either.
    CHECK(items.ids(col<&Item::note>.in({"red"})) == Ids{1, 4});
    CHECK(items.ids(col<&Item::note>.not_in({"red"})) == Ids{3});
    std::vector<std::int64_t> many(100'000);
    for (std::size_t i = 0; i != many.size(); ++i) many[i] = static_cast<std::int64_t>(i) + 3;
    CHECK(items.ids(col<&Item::id>.in(many)) == Ids{3, 4});
    CHECK(items.ids(col<&Item::id>.in(wanted) and col<&Item::name>.in({"Apple"}) and col<&Item::amount> == 10) ==
          Ids{1});

    const std::vector<std::uint64_t> too_large{1, std::numeric_limits<std::uint64_t>::max()};
    const rowan::Error error = error_of(items.repository.where(col<&Item::id>.in(too_large)).all());
    CHECK(error.code() == rowan::Code::value_out_of_range);
    CHECK(error.column() == "id");
}

TEST_CASE_TEMPLATE("text is searched for what it is, not for a pattern", Db, Sqlite, Postgres) {
    Items<Db> items;
    const auto name = col<&Item::name>;
    CHECK(items.ids(name.contains("pple")) == Ids{1, 2});
    CHECK(items.ids(name.contains("%")) == Ids{3});
    CHECK(items.ids(name.contains("_\\")) == Ids{3});
    CHECK(items.ids(name.contains("")) == Ids{1, 2, 3, 4});
    CHECK(items.ids(name.starts_with("app")) == Ids{2});
    CHECK(items.ids(name.starts_with("100%_")) == Ids{3});
    CHECK(items.ids(name.starts_with("")) == Ids{1, 2, 3, 4});
    CHECK(items.ids(name.ends_with("e")) == Ids{1, 2});
    CHECK(items.ids(name.ends_with("\\real")) == Ids{3});
    CHECK(items.ids(name.ends_with("")) == Ids{1, 2, 3, 4});
    CHECK(items.ids(name.ends_with("a longer text than any of them")).empty());
    CHECK(items.ids(col<&Item::note>.contains("e")) == Ids{1, 4});
    CHECK(items.ids(not col<&Item::note>.contains("e")) == Ids{3});

    CHECK(items.ids(name.like("%pple%")) == Ids{1, 2});
    CHECK(items.ids(name.like("apple%")) == Ids{2});
    CHECK(items.ids(name.like("APPLE%")).empty());
    CHECK(items.ids(name.ilike("APPLE%")) == Ids{1, 2});
    CHECK(items.ids(name.like("A____")) == Ids{1});
    CHECK(items.ids(name.like("%\\%%")) == Ids{3});
    CHECK(items.ids(name.like("100\\%\\_\\\\real")) == Ids{3});
    CHECK(items.ids(name.like("")) == Ids{4});
    CHECK(items.ids(name.like("[A]pple")).empty());
    CHECK(items.ids(name.like("*")).empty());
    CHECK(items.ids(lower(name) == "apple") == Ids{1});
    CHECK(items.ids(upper(name).starts_with("APPLE")) == Ids{1, 2});
}

TEST_CASE_TEMPLATE("NULL can be compared by those who ask for it", Db, Sqlite, Postgres) {
    Items<Db> items;
    const auto note = col<&Item::note>;
    CHECK(items.ids(note.is_distinct_from("red")) == Ids{2, 3});
    CHECK(items.ids(note.is_not_distinct_from("red")) == Ids{1, 4});
    CHECK(items.ids(note.is_not_distinct_from(std::nullopt)) == Ids{2});
    CHECK(items.ids(note.is_distinct_from(std::nullopt)) == Ids{1, 3, 4});
    CHECK(items.ids(note.is_not_distinct_from(std::optional<std::string>{})) == Ids{2});
    CHECK(items.ids(note.is_not_distinct_from(std::optional<std::string>{"red"})) == Ids{1, 4});
    CHECK(items.ids(note.is_not_distinct_from(col<&Item::name>)).empty());
    CHECK(items.each(coalesce(note, "none")) == std::vector<std::string>{"red", "none", "", "red"});
    CHECK(items.each(coalesce(note, col<&Item::name>)) == std::vector<std::string>{"red", "apple pie", "", "red"});
    CHECK(items.ids(coalesce(note, "none") == "none") == Ids{2});
    CHECK(items.each(note.is_null()) == std::vector<bool>{false, true, false, false});
}

TEST_CASE_TEMPLATE("case_when gives the value behind the first condition that is true", Db, Sqlite, Postgres) {
    Items<Db> items;
    const auto amount = col<&Item::amount>;
    CHECK(items.each(case_when(amount > 5, "many").when(amount > 0, "some").otherwise("none")) ==
          std::vector<std::string>{"many", "some", "none", "none"});
    CHECK(items.each(case_when(amount < 0, 0).otherwise(amount)) == Ids{10, 3, 0, 0});
    CHECK(items.ids(case_when(amount > 5, 1).otherwise(2) == 1) == Ids{1});
}

TEST_CASE_TEMPLATE("casts", Db, Sqlite, Postgres) {
    Items<Db> items;
    CHECK(items.each(rowan::cast<double>(col<&Item::amount>) / 4) == std::vector<double>{2.5, 0.75, -1.75, 0});
    CHECK(items.each(rowan::cast<std::string>(col<&Item::amount>)) == std::vector<std::string>{"10", "3", "-7", "0"});
}

TEST_CASE_TEMPLATE("timestamps are cut to their second, minute, hour, day, month and year", Db, Sqlite, Postgres) {
    using rowan::Unit;
    Items<Db> items;
    const auto time = col<&Item::time>;
    using Times = std::vector<rowan::Timestamp>;
    // 1970-01-01T23:59:59, 1970-01-02, 1969-12-31T23:59:59, 2000-02-29T12:15:00
    CHECK(items.each(rowan::truncate<Unit::minute>(time)) == Times{at(86340), at(86400), at(-60), at(951826500)});
    CHECK(items.each(rowan::truncate<Unit::hour>(time)) == Times{at(82800), at(86400), at(-3600), at(951825600)});
    CHECK(items.each(rowan::truncate<Unit::day>(time)) == Times{at(0), at(86400), at(-86400), at(951782400)});
    CHECK(items.each(rowan::truncate<Unit::month>(time)) == Times{at(0), at(0), at(-2678400), at(949363200)});
    CHECK(items.each(rowan::truncate<Unit::year>(time)) == Times{at(0), at(0), at(-31536000), at(946684800)});
    rowan::must(items.repository.insert({.id = 5, .time = rowan::Timestamp{std::chrono::microseconds{-1}}}));
    CHECK(items.each(rowan::truncate<Unit::second>(time)).back() == at(-1));
    CHECK(items.each(rowan::truncate<Unit::month>(time)).back() == at(-2678400));
    CHECK(items.ids(rowan::truncate<Unit::day>(time) == at(0)) == Ids{1});
}

TEST_CASE_TEMPLATE("members of JSON are text", Db, Sqlite, Postgres) {
    Items<Db> items;
    rowan::must(items.repository.everywhere().erase());
    rowan::must(items.repository.insert(
        std::vector<Item>{{.id = 1, .name = R"({"a": {"b c": "it's"}, "n": 1.5, "t": true, "f": false, "z": null})"},
                          {.id = 2, .name = R"({"a": "flat"})"}}));
    CHECK(items.each(rowan::json_text<"a", "b c">(col<&Item::name>)) == Maybe<std::string>{"it's", std::nullopt});
    CHECK(items.each(rowan::json_text<"n">(col<&Item::name>)) == Maybe<std::string>{"1.5", std::nullopt});
    CHECK(items.each(rowan::json_text<"t">(col<&Item::name>)) == Maybe<std::string>{"true", std::nullopt});
    CHECK(items.each(rowan::json_text<"f">(col<&Item::name>)) == Maybe<std::string>{"false", std::nullopt});
    CHECK(items.each(rowan::json_text<"z">(col<&Item::name>)) == Maybe<std::string>{std::nullopt, std::nullopt});
    CHECK(items.ids(rowan::json_text<"a">(col<&Item::name>) == "flat") == Ids{2});
}

TEST_CASE_TEMPLATE("aggregates of all rows, of groups and of no rows", Db, Sqlite, Postgres) {
    Items<Db> items;
    auto query = items.repository.query();
    const auto amount = col<&Item::amount>;
    const auto [rows, notes, kinds, total, mean, least, most, name] =
        rowan::must(query
                        .select(rowan::count(), count(col<&Item::note>), count_distinct(col<&Item::note>), sum(amount),
                                avg(amount), min(col<&Item::price>), max(col<&Item::time>), max(col<&Item::name>))
                        .one());
    CHECK(rows == 4);
    CHECK(notes == 3);
    CHECK(kinds == 2);
    CHECK(total == 6);
    CHECK(mean == 1.5);
    CHECK(least == 0.25);
    CHECK(most == at(951826500));
    CHECK(name.has_value());

    const auto none = query.where(amount > 100);
    CHECK(
        rowan::must(none.select(rowan::count(), sum(amount), coalesce(sum(amount), 0), max(col<&Item::name>)).one()) ==
        std::tuple{std::int64_t{0}, std::optional<std::int64_t>{}, std::int64_t{0}, std::optional<std::string>{}});

    const auto grouped = query.group_by(col<&Item::note>).order_by(col<&Item::note>.template asc<rowan::Nulls::last>());
    const auto sums = grouped.select(col<&Item::note>, sum(amount), rowan::count());
    using Row = std::tuple<std::optional<std::string>, std::int64_t, std::int64_t>;
    CHECK(rowan::must(sums.all()) == std::vector<Row>{{"", -7, 1}, {"red", 10, 2}, {std::nullopt, 3, 1}});
    CHECK(rowan::must(sums.count()) == 3);
    CHECK(rowan::must(grouped.having(rowan::count() > 1).select(col<&Item::note>, sum(amount)).all()).size() == 1);
    CHECK(rowan::must(query
                          .select(rowan::count().filter(amount > 0), sum(amount).filter(amount > 0),
                                  sum(amount).filter(amount > 100))
                          .one()) ==
          std::tuple{std::int64_t{2}, std::optional<std::int64_t>{13}, std::optional<std::int64_t>{}});
    CHECK(rowan::must(query.select(sum(col<&Item::price> * amount)).one()) == std::tuple{std::optional{49.25}});
}

TEST_CASE_TEMPLATE("windows look at the rows around", Db, Sqlite, Postgres) {
    Items<Db> items;
    auto query = items.repository.query().order_by(asc<&Item::id>);
    const auto id = col<&Item::id>;
    const auto amount = col<&Item::amount>;
    using rowan::order_by;
    using rowan::partition_by;
    const auto rows =
        rowan::must(query
                        .select(id, rowan::row_number().over(order_by(desc<&Item::price>)),
                                sum(amount).over(order_by(asc<&Item::id>)), lag(amount).over(order_by(asc<&Item::id>)),
                                lead(col<&Item::name>).over(order_by(asc<&Item::id>)),
                                rowan::count().over(partition_by(coalesce(col<&Item::note>, ""))))
                        .all());
    using Row = std::tuple<std::int64_t, std::int64_t, std::int64_t, std::optional<std::int32_t>,
                           std::optional<std::string>, std::int64_t>;
    CHECK(rows == std::vector<Row>{{1, 3, 10, std::nullopt, "apple pie", 2},
                                   {2, 1, 13, 10, "100%_\\real", 2},
                                   {3, 4, 6, 3, "", 2},
                                   {4, 2, 6, -7, std::nullopt, 2}});
    CHECK(rowan::must(query
                          .select(rowan::rank().over(partition_by(amount > 0), order_by(desc<&Item::amount>)),
                                  rowan::dense_rank().over(order_by((amount * 0).asc())))
                          .first()) == std::tuple{std::int64_t{1}, std::int64_t{1}});
}

TEST_CASE_TEMPLATE("projections fill structs by name, and tuples in order", Db, Sqlite, Postgres) {
    struct Priced {
        double total{};
        std::string name{};
        std::optional<std::string> note{};
    };
    Items<Db> items;
    const auto rows =
        rowan::must(items.repository.order_by(asc<&Item::id>)
                        .template select<Priced>(col<&Item::name>, col<&Item::note>,
                                                 (col<&Item::price> * col<&Item::amount>).template as<"total">())
                        .all());
    REQUIRE(rows.size() == 4);
    CHECK(rows[0].name == "Apple");
    CHECK(rows[0].total == 15);
    CHECK(rows[1].note == std::nullopt);
}

TEST_CASE_TEMPLATE("offset, distinct and nulls first", Db, Sqlite, Postgres) {
    Items<Db> items;
    auto ordered = items.repository.order_by(asc<&Item::id>).select(col<&Item::id>);
    CHECK(items.column(ordered.offset(1)) == Ids{2, 3, 4});
    CHECK(items.column(ordered.limit(2).offset(1)) == Ids{2, 3});
    CHECK(items.column(ordered.offset(4)).empty());
    CHECK(rowan::must(ordered.offset(1).count()) == 3);
    CHECK(rowan::must(ordered.offset(3).exists()));
    CHECK_FALSE(rowan::must(ordered.offset(4).exists()));
    CHECK(error_of(ordered.offset(-1).all()).code() == rowan::Code::misuse);
    CHECK(rowan::must(items.repository.query().select(col<&Item::note>).distinct().count()) == 3);
    CHECK(items.column(items.repository.order_by(col<&Item::weight>.template asc<rowan::Nulls::first>(), asc<&Item::id>)
                           .select(col<&Item::id>)) == Ids{2, 4, 1, 3});
    CHECK(items.column(items.repository.order_by(col<&Item::weight>.template desc<rowan::Nulls::last>(), asc<&Item::id>)
                           .select(col<&Item::id>)) == Ids{3, 1, 2, 4});
    CHECK(items.column(items.repository.order_by((col<&Item::amount> * -1).asc()).select(col<&Item::id>)) ==
          Ids{1, 2, 4, 3});
}

TEST_CASE_TEMPLATE("one row, not none and not two", Db, Sqlite, Postgres) {
    Items<Db> items;
    CHECK(rowan::must(items.repository.where(col<&Item::id> == 2).one()).name == "apple pie");
    CHECK(error_of(items.repository.where(col<&Item::id> == 9).one()).code() == rowan::Code::not_found);
    CHECK(error_of(items.repository.where(col<&Item::id> > 1).one()).code() == rowan::Code::multiple_rows);
    CHECK(rowan::must(items.repository.where(col<&Item::id> > 1).order_by(asc<&Item::id>).limit(1).one()).id == 2);
}

TEST_CASE_TEMPLATE("rows are updated and erased by criteria", Db, Sqlite, Postgres) {
    Items<Db> items;
    auto& repository = items.repository;
    CHECK(rowan::must(repository.where(col<&Item::amount> > 0)
                          .update(rowan::set<& Item::amount> = col<&Item::amount> + 1,
                                  rowan::set<& Item::note> = "seen", rowan::set<& Item::weight> = std::nullopt)) == 2);
    CHECK(rowan::must(repository.get(1)).amount == 11);
    CHECK(rowan::must(repository.get(2)).note == "seen");
    CHECK(rowan::must(repository.get(1)).weight == std::nullopt);
    CHECK(rowan::must(repository.get(3)).weight == 2);
    CHECK(rowan::must(repository.where(col<&Item::id> == 99).update(rowan::set<& Item::price> = 1)) == 0);

    const auto changed =
        rowan::must(repository.where(col<&Item::id>.in({1, 3})).update_returning(rowan::set<& Item::price> = 5.5));
    REQUIRE(changed.size() == 2);
    CHECK(changed[0].price == 5.5);
    const auto removed = rowan::must(repository.where(col<&Item::id> == 3).erase_returning());
    REQUIRE(removed.size() == 1);
    CHECK(removed[0].name == "100%_\\real");
    CHECK(rowan::must(repository.where(col<&Item::id> == 3).erase()) == 0);
    CHECK(rowan::must(repository.everywhere().update(rowan::set<& Item::amount> = 0)) == 3);
    CHECK(rowan::must(repository.everywhere().update_returning(rowan::set<& Item::amount> = 1)).size() == 3);
    CHECK(rowan::must(repository.everywhere().erase()) == 3);
    CHECK(rowan::must(repository.count()) == 0);
    CHECK(rowan::must(repository.everywhere().erase_returning()).empty());
}

TEST_CASE_TEMPLATE("a patch sets its columns only", Db, Sqlite, Postgres) {
    Items<Db> items;
    auto& repository = items.repository;
    const Item before = rowan::must(repository.get(1));
    const Item after = rowan::must(repository.patch(1, rowan::set<& Item::amount> = col<&Item::amount> * 2,
                                                    rowan::set<& Item::note> = std::optional<std::string>{"x"}));
    CHECK(after.amount == 20);
    CHECK(after.note == "x");
    CHECK(after.name == before.name);
    CHECK(rowan::must(repository.get(1)).amount == 20);
    CHECK(error_of(repository.patch(77, rowan::set<& Item::amount> = 1)).code() == rowan::Code::not_found);
    rowan::must(repository.patch_only(1, rowan::set<& Item::note> = std::nullopt));
    CHECK(rowan::must(repository.get(1)).note == std::nullopt);
    CHECK(error_of(repository.patch_only(77, rowan::set<& Item::amount> = 1)).code() == rowan::Code::not_found);
    const rowan::Error error = error_of(repository.patch(1, rowan::set<& Item::amount> = std::uint64_t{1} << 63));
    CHECK(error.code() == rowan::Code::value_out_of_range);
    CHECK(error.column() == "amount");
    CHECK(rowan::must(repository.get(1)).amount == 20);
}
