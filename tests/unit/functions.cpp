#include <rowan/rowan.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "fresh.hpp"

namespace {

using rowan::cast;
using rowan::col;
using rowan::concat;
using rowan::constant;
using rowan::from;
using rowan::greatest;
using rowan::least;
using rowan::length;
using rowan::nullif;
using rowan::substr;

struct Thing {
    std::int64_t id{};
    std::string name{};
    std::optional<std::string> note{};
    std::vector<std::byte> bytes{};
    std::int32_t number{};
    std::int64_t large{};
    std::optional<std::int32_t> maybe{};
    double real{};
    float small{};
};

constexpr auto name = col<&Thing::name>;
constexpr auto note = col<&Thing::note>;
constexpr auto number = col<&Thing::number>;
constexpr auto large = col<&Thing::large>;
constexpr auto maybe = col<&Thing::maybe>;
constexpr auto real = col<&Thing::real>;

template <class Db>
struct Things : Fresh<Db> {
    rowan::Repository<Thing, typename Db::Connection> rows{this->connection};

    Things() { rowan::must(rows.create_table()); }
    void store(Thing thing) {
        rowan::must(rows.everywhere().erase());
        rowan::must(rows.insert(std::move(thing)));
    }
    /// What the expressions come to in the only row.
    template <class... Items>
    [[nodiscard]] auto ask(Items... items) {
        return rowan::must(rows.query().select(items...).one());
    }
};

using Text = std::optional<std::string>;
using Number = std::optional<std::int64_t>;

}  // namespace

TEST_CASE_TEMPLATE("texts are joined, and NULL takes the others with it", Db, Sqlite, Postgres) {
    Things<Db> things;
    things.store({.name = "O'Neil \"%\\", .note = "é日"});
    CHECK(
        things.ask(concat(name, ", ", note), concat("<", name, ">"), concat(name, name)) ==
        std::tuple{Text{"O'Neil \"%\\, é日"}, std::string{"<O'Neil \"%\\>"}, std::string{"O'Neil \"%\\O'Neil \"%\\"}});
    CHECK(things.ask(concat(name, cast<std::string>(col<&Thing::number>)) == "O'Neil \"%\\0") == std::tuple{true});
    const std::string kept = "!";
    CHECK(things.ask(concat(note, kept, std::string{"?"})) == std::tuple{Text{"é日!?"}});
    things.store({.name = "x"});
    CHECK(things.ask(concat(name, note), concat(name, rowan::coalesce(note, "")), concat(name, "")) ==
          std::tuple{Text{}, std::string{"x"}, std::string{"x"}});
}

TEST_CASE_TEMPLATE("length counts characters, and bytes", Db, Sqlite, Postgres) {
    Things<Db> things;
    things.store({.name = "né日", .note = "", .bytes = {std::byte{0}, std::byte{200}}});
    CHECK(things.ask(length(name), length(note), length(col<&Thing::bytes>)) ==
          std::tuple{std::int64_t{3}, Number{0}, std::int64_t{2}});
    things.store({});
    CHECK(things.ask(length(name), length(note), length(col<&Thing::bytes>)) ==
          std::tuple{std::int64_t{0}, Number{}, std::int64_t{0}});
    // It is no narrow number, also where the database counts in 32 bits.
    things.store({.name = "12345", .number = std::numeric_limits<std::int32_t>::max()});
    CHECK(things.ask(length(name) * number) == std::tuple{5 * std::int64_t{std::numeric_limits<std::int32_t>::max()}});
}

TEST_CASE_TEMPLATE("trim takes away spaces and nothing else", Db, Sqlite, Postgres) {
    Things<Db> things;
    things.store({.name = "  a b\t ", .note = "   "});
    CHECK(things.ask(rowan::trim(name), rowan::ltrim(name), rowan::rtrim(name), rowan::trim(note)) ==
          std::tuple{std::string{"a b\t"}, std::string{"a b\t "}, std::string{"  a b\t"}, Text{""}});
    things.store({});
    CHECK(things.ask(rowan::trim(note)) == std::tuple{Text{}});
}

TEST_CASE_TEMPLATE("substr leaves out what lies outside the text", Db, Sqlite, Postgres) {
    Things<Db> things;
    things.store({.name = "aé日d"});
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    constexpr auto least_number = std::numeric_limits<std::int64_t>::min();
    CHECK(things.ask(substr(name, 1, 2), substr(name, 2, 2), substr(name, 4, 9), substr(name, 5, 1)) ==
          std::tuple{std::string{"aé"}, std::string{"é日"}, std::string{"d"}, std::string{}});
    CHECK(things.ask(substr(name, 0, 2), substr(name, -1, 3), substr(name, -5, 2), substr(name, 2, -1)) ==
          std::tuple{std::string{"a"}, std::string{"a"}, std::string{}, std::string{}});
    CHECK(things.ask(substr(name, 2, most), substr(name, most, most), substr(name, least_number, most),
                     substr(name, 1U, std::numeric_limits<std::uint64_t>::max())) ==
          std::tuple{std::string{"é日d"}, std::string{}, std::string{}, std::string{"aé日d"}});
    CHECK(things.ask(substr(note, 1, 1)) == std::tuple{Text{}});
}

TEST_CASE_TEMPLATE("abs and the minus sign", Db, Sqlite, Postgres) {
    Things<Db> things;
    constexpr auto least_number = std::numeric_limits<std::int32_t>::min();
    things.store({.number = least_number, .large = -7, .real = -2.5, .small = -0.5F});
    CHECK(things.ask(rowan::abs(number), rowan::abs(large), rowan::abs(real), rowan::abs(col<&Thing::small>),
                     rowan::abs(maybe)) ==
          std::tuple{-std::int64_t{least_number}, std::int64_t{7}, 2.5, 0.5, Number{}});
    CHECK(things.ask(-number, -large, -real, - -large, 1 - -large, -(large + 1), -maybe, -constant<-3> - 1) ==
          std::tuple{-std::int64_t{least_number}, std::int64_t{7}, 2.5, std::int64_t{-7}, std::int64_t{-6},
                     std::int64_t{6}, Number{}, std::int64_t{2}});
    things.store({.large = std::numeric_limits<std::int64_t>::min()});
    const auto error = error_of(things.rows.query().select(rowan::abs(large)).one());
    CHECK(error.category() == rowan::Category::data);
    CHECK(error.code() == rowan::Code::value_out_of_range);
    CHECK(error_of(things.rows.query().select(-large).one()).category() == rowan::Category::data);
}

TEST_CASE_TEMPLATE("the rest of a division has the sign of the left side", Db, Sqlite, Postgres) {
    Things<Db> things;
    things.store({.number = -7, .large = 7});
    CHECK(things.ask(number % 3, large % 3, large % -3, number % large, maybe % 2, large % number % 5) ==
          std::tuple{std::int64_t{-1}, std::int64_t{1}, std::int64_t{1}, std::int64_t{0}, Number{}, std::int64_t{0}});
    CHECK(things.ask(large - number % 3 * 2, (large - number) % 3) == std::tuple{std::int64_t{9}, std::int64_t{2}});
    CHECK(rowan::must(things.rows.where(large % 2 == 1).count()) == 1);
}

TEST_CASE_TEMPLATE("a half is rounded away from 0", Db, Sqlite, Postgres) {
    Things<Db> things;
    const auto rounded = [&](double value) {
        things.store({.real = value});
        return std::get<0>(things.ask(rowan::round(real)));
    };
    for (const auto& [value, expected] :
         std::vector<std::pair<double, double>>{{0.5, 1},
                                                {1.5, 2},
                                                {2.5, 3},
                                                {-0.5, -1},
                                                {-2.5, -3},
                                                {2.4999, 2},
                                                {-0.3, 0},
                                                {1e300, 1e300},
                                                {4503599627370497.0, 4503599627370497.0},
                                                {-9007199254740993.0, -9007199254740993.0}})
        CHECK(rounded(value) == expected);
    const auto cents = [&](double value) {
        things.store({.real = value});
        return std::get<0>(things.ask(rowan::round<2>(real)));
    };
    for (const auto& [value, expected] : std::vector<std::pair<double, double>>{{1.234, 1.23},
                                                                                {1.235, 1.24},
                                                                                {2.675, 2.68},
                                                                                {1.005, 1.0},
                                                                                {-1.255, -1.25},
                                                                                {0.1 + 0.2, 0.3},
                                                                                {1e20, 1e20}})
        CHECK(cents(value) == expected);
    things.store({.small = 0.15F});
    CHECK(things.ask(rowan::round<1>(col<&Thing::small>)) == std::tuple{0.2});
    CHECK(rowan::must(things.rows.query().select(rowan::round(rowan::avg(maybe))).one()) ==
          std::tuple{std::optional<double>{}});
}

TEST_CASE_TEMPLATE("nullif makes a value NULL", Db, Sqlite, Postgres) {
    Things<Db> things;
    things.store({.name = "x", .note = "", .number = 5, .maybe = 5});
    CHECK(things.ask(nullif(note, ""), nullif(name, ""), nullif(number, maybe), nullif(number, 4)) ==
          std::tuple{Text{}, Text{"x"}, std::optional<std::int32_t>{}, std::optional<std::int32_t>{5}});
    CHECK(rowan::must(things.rows.where(nullif(note, "").is_null()).count()) == 1);
    things.store({.name = "x"});
    CHECK(things.ask(nullif(note, ""), nullif(number, maybe)) == std::tuple{Text{}, std::optional<std::int32_t>{0}});
}

TEST_CASE_TEMPLATE("greatest and least, where NULL is the answer as soon as one is NULL", Db, Sqlite, Postgres) {
    Things<Db> things;
    things.store({.name = "b", .number = 3, .large = 9, .maybe = 4, .real = 3.5});
    CHECK(things.ask(greatest(number, 5), greatest(number, large), least(number, large, 2), greatest(number, real),
                     least(name, "a"), greatest(name, "a", "c")) ==
          std::tuple{std::int32_t{5}, std::int64_t{9}, std::int32_t{2}, 3.5, std::string{"a"}, std::string{"c"}});
    CHECK(things.ask(greatest(maybe, 1), least(number, maybe)) ==
          std::tuple{std::optional<std::int32_t>{4}, std::optional<std::int32_t>{3}});
    things.store({.number = 3});
    CHECK(things.ask(greatest(maybe, 1), least(number, maybe, 9), greatest(number, rowan::coalesce(maybe, 7))) ==
          std::tuple{std::optional<std::int32_t>{}, std::optional<std::int32_t>{}, std::int32_t{7}});
}

TEST_CASE_TEMPLATE("functions are written to columns as well", Db, Sqlite, Postgres) {
    Things<Db> things;
    things.store({.id = 1, .name = " a ", .number = 7});
    CHECK(rowan::must(things.rows.where(length(name) == 3)
                          .update(rowan::set<& Thing::name> = rowan::trim(name),
                                  rowan::set<& Thing::number> = -number % 4,
                                  rowan::set<& Thing::note> = nullif(name, " a "))) == 1);
    const Thing row = rowan::must(things.rows.get({1}));
    CHECK(row.name == "a");
    CHECK(row.number == -3);
    CHECK(!row.note);
}

namespace {

template <class Item, const rowan::Dialect& dialect>
constexpr std::string_view written = [] {
    using Query = decltype(from<Thing>().select(std::declval<Item>()));
    constexpr std::string_view whole =
        rowan::detail::text_of<rowan::detail::QueryText<typename Query::QueryShape, dialect>>;
    return whole.substr(7, whole.size() - 7 - std::string_view{R"( FROM "thing")"}.size());
}();

template <class Item>
constexpr bool reads(Item, std::string_view postgres, std::string_view sqlite) {
    return written<Item, rowan::postgres::dialect> == postgres && written<Item, rowan::sqlite::dialect> == sqlite;
}

static_assert(reads(concat(name, ", ", note), R"(("name" || $1 || "note"))", R"(("name" || ?1 || "note"))"));
static_assert(reads(length(name), R"((length("name")::bigint))", R"((length("name")))"));
static_assert(reads(rowan::trim(name), R"(trim("name"))", R"(trim("name"))"));
static_assert(reads(rowan::rtrim(rowan::ltrim(name)), R"(rtrim(ltrim("name")))", R"(rtrim(ltrim("name")))"));
static_assert(reads(substr(name, 2, 3), R"((substr("name", $1::integer, $2::integer)))",
                    R"((substr("name", ?1, ?2)))"));
static_assert(reads(rowan::abs(number), R"(abs(CAST("number" AS bigint)))", R"(abs(CAST("number" AS INTEGER)))"));
static_assert(reads(rowan::abs(real), R"(abs("real"))", R"(abs("real"))"));
static_assert(reads(-large, R"((-"large"))", R"((-"large"))"));
static_assert(reads(- -large - -constant<-3>, R"((-(-"large")) - (-(-3)))", R"((-(-"large")) - (-(-3)))"));
static_assert(reads(large % 3 + 1, R"("large" % $1 + $2)", R"("large" % ?1 + ?2)"));
static_assert(reads(large % (large % 3), R"("large" % ("large" % $1))", R"("large" % ("large" % ?1))"));
static_assert(
    reads(rowan::round(real),
          R"((CASE WHEN abs("real") < 4503599627370496 THEN trunc("real" + sign("real") * 0.5) ELSE "real" END))",
          R"((round("real")))"));
static_assert(written<decltype(rowan::round<2>(real)), rowan::sqlite::dialect> == R"((round(("real" * 100))) / 100)");
static_assert(reads(nullif(note, ""), R"(nullif("note", $1))", R"(nullif("note", ?1))"));
static_assert(reads(greatest(number, 5), R"((greatest("number", $1)))", R"((max("number", ?1)))"));
static_assert(reads(least(maybe, 5),
                    R"((CASE WHEN "maybe" IS NOT NULL AND $1 IS NOT NULL THEN least("maybe", $1) END))",
                    R"((min("maybe", ?1)))"));

}  // namespace
