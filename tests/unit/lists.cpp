#include <rowan/rowan.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <list>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

#include <boost/describe/enum.hpp>
#include <sqlite3.h>

#include "fresh.hpp"

namespace {

using rowan::asc;
using rowan::Code;
using rowan::col;
using rowan::Error;
using rowan::from;
using rowan::set;
using rowan::unsafe_sql;

enum class Side { buy, sell, hold };
BOOST_DESCRIBE_ENUM(Side, buy, sell, hold)
enum class Venue : std::uint8_t { here = 1, there = 200 };

using Bytes = std::vector<std::byte>;
using Day = std::chrono::year_month_day;

/// A row whose values of any type differ from those of the other rows.
struct Thing {
    std::int64_t id{};
    bool flag{};
    std::int8_t tiny{};
    std::uint32_t number{};
    std::uint64_t large{};
    float single{};
    double real{};
    std::string text{};
    Bytes bytes{};
    Side side{};
    Side side_number{};
    Venue venue{};
    rowan::Timestamp time{};
    Day day{};
    std::optional<std::int32_t> maybe_number{};
    std::optional<std::string> maybe_text{};
    std::optional<Side> maybe_side{};
    std::optional<Day> maybe_day{};
};

struct Tag {
    std::int64_t id{};
    std::int64_t thing{};
    std::string word{};
};

rowan::Timestamp at(std::int64_t microseconds) { return rowan::Timestamp{std::chrono::microseconds{microseconds}}; }

Bytes bytes_of(std::string_view text) {
    Bytes bytes;
    for (const char c : text) bytes.push_back(static_cast<std::byte>(c));
    return bytes;
}

}  // namespace

template <>
inline constexpr auto rowan::table<Thing> = rowan::describe<Thing>("thing").by_value<&Thing::side_number>();

namespace {

using Ids = std::vector<std::int64_t>;

template <class Db>
struct Things : Fresh<Db> {
    rowan::Repository<Thing, typename Db::Connection> things{this->connection};
    rowan::Repository<Tag, typename Db::Connection> tags{this->connection};

    Things() {
        using std::chrono::year;
        rowan::must(things.create_table());
        rowan::must(tags.create_table());
        rowan::must(things.insert(
            std::vector<Thing>{{1, true, -128, 0, 0, 0.1F, 0.1, "one", bytes_of("a\1"), Side::buy, Side::buy,
                                Venue::here, at(0), year{1970} / 1 / 1, 1, "x", Side::buy, year{1970} / 1 / 1},
                               {2, false, 0, 4'000'000'000, std::uint64_t{1} << 62, 1.5F, -1e300, "it's", bytes_of("b"),
                                Side::sell, Side::sell, Venue::there, at(-1), year{1969} / 12 / 31, std::nullopt,
                                std::nullopt, std::nullopt, std::nullopt},
                               {3,
                                false,
                                127,
                                7,
                                9,
                                -2.25F,
                                7,
                                "",
                                {},
                                Side::hold,
                                Side::hold,
                                Venue::here,
                                at(1'000'000),
                                year{2024} / 2 / 29,
                                -1,
                                "",
                                Side::hold,
                                year{2024} / 2 / 29}}));
        rowan::must(tags.insert(std::vector<Tag>{{1, 1, "red"}, {2, 1, "round"}, {3, 2, "red"}, {4, 3, "blue"}}));
    }

    template <class Condition>
    Ids ids(Condition condition) {
        Ids found;
        for (const Thing& thing : rowan::must(things.where(condition).order_by(asc<&Thing::id>).all()))
            found.push_back(thing.id);
        return found;
    }

    /// The rows whose `Member` is, and those whose `Member` is not, as that of rows 1 and 3.
    template <auto Member>
    void first_and_third() {
        const std::vector<Thing> all = rowan::must(things.order_by(asc<&Thing::id>).all());
        using Value = rowan::detail::required_t<rowan::reflect::MemberOf<Member>>;
        std::vector<Value> wanted;
        if constexpr (rowan::detail::is_optional<rowan::reflect::MemberOf<Member>>)
            wanted = {*(all[0].*Member), *(all[2].*Member)};
        else
            wanted = {all[0].*Member, all[2].*Member};
        CHECK(ids(col<Member>.in(wanted)) == Ids{1, 3});
        CHECK(ids(not col<Member>.not_in(wanted)) == Ids{1, 3});
        // NULL is neither in it nor not.
        const Ids second = rowan::detail::is_optional<rowan::reflect::MemberOf<Member>> ? Ids{} : Ids{2};
        CHECK(ids(col<Member>.not_in(wanted)) == second);
        CHECK(ids(not col<Member>.in(wanted)) == second);
        wanted.clear();
        CHECK(ids(col<Member>.in(wanted)).empty());
        for (int i = 0; i != 100; ++i) {
            if constexpr (rowan::detail::is_optional<rowan::reflect::MemberOf<Member>>)
                wanted.push_back(*(all[0].*Member));
            else
                wanted.push_back(all[0].*Member);
        }
        CHECK(ids(col<Member>.in(wanted)) == Ids{1});
    }

    template <auto Member, class Value>
    Error refused(const Value& value) {
        const std::vector<Value> many{value};
        const Error error = error_of(things.where(col<Member>.in(many)).all());
        CHECK(error.category() == rowan::Category::data);
        CHECK(error.table() == "thing");
        CHECK(error_of(things.where(col<Member>.not_in(many)).count()).code() == error.code());
        return error;
    }
};

}  // namespace

TEST_CASE_TEMPLATE("a list may hold values of every type", Db, Sqlite, Postgres) {
    Things<Db> things;
    things.template first_and_third<&Thing::id>();
    things.template first_and_third<&Thing::tiny>();
    things.template first_and_third<&Thing::large>();
    things.template first_and_third<&Thing::single>();
    things.template first_and_third<&Thing::real>();
    things.template first_and_third<&Thing::text>();
    things.template first_and_third<&Thing::bytes>();
    things.template first_and_third<&Thing::side>();
    things.template first_and_third<&Thing::side_number>();
    things.template first_and_third<&Thing::time>();
    things.template first_and_third<&Thing::day>();
    things.template first_and_third<&Thing::maybe_number>();
    things.template first_and_third<&Thing::maybe_text>();
    things.template first_and_third<&Thing::maybe_side>();
    things.template first_and_third<&Thing::maybe_day>();
    // Rows 1 and 3 are alike in this one.
    CHECK(things.ids(col<&Thing::venue>.in({Venue::here})) == Ids{1, 3});
    CHECK(things.ids(col<&Thing::venue>.not_in({Venue::here})) == Ids{2});
    CHECK(things.ids(col<&Thing::flag>.in({true})) == Ids{1});
    CHECK(things.ids(col<&Thing::flag>.not_in({true})) == Ids{2, 3});
    CHECK(things.ids(col<&Thing::flag>.in(std::vector<bool>{true, false})) == Ids{1, 2, 3});
}

TEST_CASE_TEMPLATE("a list may hold other types than the column, where they compare", Db, Sqlite, Postgres) {
    Things<Db> things;
    CHECK(things.ids(col<&Thing::tiny>.in(std::vector<std::int64_t>{-128, 99'999})) == Ids{1});
    CHECK(things.ids(col<&Thing::large>.in(std::vector{9})) == Ids{3});
    CHECK(things.ids(col<&Thing::real>.in(std::vector{7, 8})) == Ids{3});
    CHECK(things.ids(col<&Thing::real>.in(std::vector{-2.25F, 7.0F})) == Ids{3});
    CHECK(things.ids(col<&Thing::single>.in({0.1F})) == Ids{1});
    CHECK(things.ids(col<&Thing::text>.in(std::vector<const char*>{"one", ""})) == Ids{1, 3});
    CHECK(things.ids(col<&Thing::text>.in(std::vector<std::string_view>{"it's", std::string_view{}})) == Ids{2, 3});
    const Bytes owned = bytes_of("b");
    CHECK(things.ids(col<&Thing::bytes>.in(std::vector<std::span<const std::byte>>{owned, {}})) == Ids{2, 3});
    CHECK(things.ids(col<&Thing::time>.in(std::vector{std::chrono::sys_seconds{std::chrono::seconds{1}}})) == Ids{3});
    CHECK(things.ids(col<&Thing::day>.in(std::vector{std::chrono::sys_days{}})) == Ids{1});
    // An expression has no column to compare with.
    CHECK(things.ids((col<&Thing::id> + 1).in({2, 3})) == Ids{1, 2});
    CHECK(things.ids((col<&Thing::real> * 2).in({14.0})) == Ids{3});
    CHECK(things.ids(rowan::upper(col<&Thing::text>).in({"ONE"})) == Ids{1});
    CHECK(things.ids(rowan::coalesce(col<&Thing::maybe_text>, "none").in({"none", "x"})) == Ids{1, 2});
    CHECK(things.ids(rowan::cast<std::string>(col<&Thing::id>).in({"3"})) == Ids{3});
}

TEST_CASE_TEMPLATE("any range of values is a list", Db, Sqlite, Postgres) {
    Things<Db> things;
    const auto id = col<&Thing::id>;
    const std::list<int> list{1, 3};
    const std::set<std::int64_t> tree{1, 3};
    const std::deque<short> queue{1, 3};
    const std::array<long, 2> array{1, 3};
    const int plain[] = {1, 3};
    std::vector<std::int64_t> changing{1, 3};
    CHECK(things.ids(id.in(list)) == Ids{1, 3});
    CHECK(things.ids(id.in(tree)) == Ids{1, 3});
    CHECK(things.ids(id.in(queue)) == Ids{1, 3});
    CHECK(things.ids(id.in(array)) == Ids{1, 3});
    CHECK(things.ids(id.in(plain)) == Ids{1, 3});
    CHECK(things.ids(id.in(std::span{array})) == Ids{1, 3});
    CHECK(things.ids(id.in(std::initializer_list<std::int64_t>{1, 3})) == Ids{1, 3});
    CHECK(things.ids(id.in({1, 3})) == Ids{1, 3});
    CHECK(things.ids(id.not_in({1, 3})) == Ids{2});
    CHECK(things.ids(id.in(std::set<int>{3, 1})) == Ids{1, 3});
    CHECK(things.ids(id.in(std::array<int, 0>{})).empty());
    CHECK(things.ids(id.not_in(std::list<int>{})) == Ids{1, 2, 3});

    // A range with a name is looked at when the query is run; a temporary is kept.
    const auto query = things.things.where(id.in(changing));
    const auto kept = things.things.where(id.in(std::vector<std::int64_t>(50, 2)));
    CHECK(rowan::must(query.count()) == 2);
    changing = {2};
    CHECK(rowan::must(query.one()).id == 2);
    changing.clear();
    CHECK_FALSE(rowan::must(query.exists()));
    CHECK(rowan::must(kept.one()).id == 2);
    CHECK(rowan::must(kept.one()).id == 2);
}

TEST_CASE_TEMPLATE("a list of 200,000 items", Db, Sqlite, Postgres) {
    Things<Db> things;
    std::vector<std::int64_t> numbers(200'000);
    std::vector<std::string> texts(200'000);
    for (std::size_t i = 0; i != numbers.size(); ++i) {
        numbers[i] = static_cast<std::int64_t>(i) + 2;
        texts[i] = "word " + std::to_string(i);
    }
    texts.back() = "it's";
    CHECK(things.ids(col<&Thing::id>.in(numbers)) == Ids{2, 3});
    CHECK(things.ids(col<&Thing::id>.not_in(numbers)) == Ids{1});
    CHECK(things.ids(col<&Thing::text>.in(texts)) == Ids{2});
    CHECK(things.ids(col<&Thing::text>.not_in(texts) and col<&Thing::id>.in(numbers)) == Ids{3});
    // The next statement is not burdened with it.
    CHECK(things.ids(col<&Thing::id>.in({1})) == Ids{1});
}

TEST_CASE_TEMPLATE("several lists in one statement, the same one twice", Db, Sqlite, Postgres) {
    Things<Db> things;
    const std::vector<std::int64_t> wanted{1, 2};
    const std::vector<std::string> texts{"it's", "one", ""};
    CHECK(things.ids(col<&Thing::id>.in(wanted) and not col<&Thing::large>.in(wanted)) == Ids{1, 2});
    CHECK(things.ids(col<&Thing::id>.in(wanted) and col<&Thing::maybe_number>.in(wanted)) == Ids{1});
    CHECK(things.ids(col<&Thing::id>.in(wanted) or col<&Thing::text>.in(texts) or col<&Thing::id>.in(wanted)) ==
          Ids{1, 2, 3});
    CHECK(things.ids(col<&Thing::text>.in(texts) and col<&Thing::id> > 1 and col<&Thing::id>.not_in({3}) and
                     col<&Thing::side>.in({Side::sell})) == Ids{2});
}

TEST_CASE_TEMPLATE("lists in updates, erases, subqueries, joins, projections and orders", Db, Sqlite, Postgres) {
    Things<Db> things;
    const std::vector<std::int64_t> wanted{1, 2};
    const std::vector<std::string> words{"red", "green"};

    const auto tagged = from<Tag>().where(col<&Tag::word>.in(words)).select(col<&Tag::thing>);
    CHECK(things.ids(col<&Thing::id>.in(tagged)) == Ids{1, 2});
    CHECK(things.ids(col<&Thing::id>.in({2, 3}) and col<&Thing::id>.in(tagged) and col<&Thing::text> == "it's") ==
          Ids{2});
    CHECK(things.ids(rowan::exists(from<Tag>().where(col<&Tag::thing> == col<&Thing::id> and
                                                     col<&Tag::word>.in({"blue", "round"})))) == Ids{1, 3});

    const auto joined = from<Thing>(things.connection)
                            .template join<Tag>(col<&Tag::thing> == col<&Thing::id> and col<&Tag::word>.in(words))
                            .where(col<&Thing::id>.in(wanted))
                            .order_by(col<&Tag::id>.in({3}).desc(), asc<&Tag::id>)
                            .select(col<&Tag::id>, col<&Thing::id>.in({2}));
    CHECK(rowan::must(joined.all()) == std::vector<std::tuple<std::int64_t, bool>>{{3, true}, {1, false}});
    CHECK(rowan::must(joined.count()) == 2);

    CHECK(rowan::must(
              things.things.where(col<&Thing::id>.in(wanted))
                  .update(set<& Thing::text> =
                              rowan::case_when(col<&Thing::side>.in({Side::sell}), "sold").otherwise(col<&Thing::text>),
                          set<& Thing::maybe_number> = 5)) == 2);
    CHECK(rowan::must(things.things.get(1)).text == "one");
    CHECK(rowan::must(things.things.get(2)).text == "sold");
    CHECK(rowan::must(things.things.get(3)).maybe_number == -1);
    CHECK(rowan::must(things.tags.where(col<&Tag::word>.not_in(words)).erase_returning()).size() == 2);
    CHECK(
        rowan::must(
            things.tags.where(col<&Tag::thing>.in(from<Thing>().where(col<&Thing::id>.in({2})).select(col<&Thing::id>)))
                .erase()) == 1);
    CHECK(rowan::must(things.tags.query().all()).at(0).id == 1);

    // Whether an upsert changes the row that is there.
    const auto if_listed = rowan::on_conflict<&Tag::id>.do_update().where(col<&Tag::word>.in(words));
    CHECK(rowan::must(things.tags.upsert({1, 1, "grey"}, if_listed)) == rowan::Upserted::updated);
    CHECK(rowan::must(things.tags.upsert({1, 1, "white"}, if_listed)) == rowan::Upserted::unchanged);
    CHECK(rowan::must(things.tags.upsert(std::vector<Tag>{{1, 1, "white"}, {9, 1, "black"}}, if_listed)) ==
          rowan::UpsertCounts{1, 0, 1});
    CHECK(rowan::must(things.tags.get(1)).word == "grey");
}

TEST_CASE_TEMPLATE("an item that cannot be written is told by its column", Db, Sqlite, Postgres) {
    Things<Db> things;
    CHECK(things.template refused<&Thing::large>(std::numeric_limits<std::uint64_t>::max()).column() == "large");
    CHECK(things.template refused<&Thing::side>(static_cast<Side>(9)).code() == Code::unknown_enumerator);
    CHECK(things.template refused<&Thing::side_number>(static_cast<Side>(9)).code() == Code::unknown_enumerator);
    CHECK(things.template refused<&Thing::day>(std::chrono::year{2023} / 2 / 29).code() == Code::invalid_value);
    CHECK(things.template refused<&Thing::real>((std::int64_t{1} << 53) + 1).code() == Code::inexact_value);
    using namespace std::string_literals;
    const std::vector texts{"one"s, "a\0b"s};
    if constexpr (Db::is_sqlite) {
        // Its text may hold any byte.
        CHECK(things.ids(col<&Thing::text>.in(texts)) == Ids{1});
        rowan::must(things.tags.insert({0, 1, texts[1]}));
        CHECK(rowan::must(things.tags.where(col<&Tag::word>.in(texts)).count()) == 1);
        CHECK(things.template refused<&Thing::real>(std::numeric_limits<double>::quiet_NaN()).code() ==
              Code::not_a_number);
    } else {
        CHECK(things.template refused<&Thing::text>(texts[1]).code() == Code::invalid_text);
        CHECK(things.template refused<&Thing::time>(rowan::Timestamp::min()).code() == Code::value_out_of_range);
    }
    // A condition with a list that could be written works afterwards.
    CHECK(things.ids(col<&Thing::text>.in({"one"})) == Ids{1});
}

TEST_CASE_TEMPLATE("a range that has gone after a statement is not looked at again", Db, Sqlite, Postgres) {
    Things<Db> things;
    const auto find = [&](std::vector<std::string> texts) { return things.ids(col<&Thing::text>.in(texts)); };
    CHECK(find({"one", "a longer text that is stored apart from its string"}) == Ids{1});
    CHECK(find({"it's"}) == Ids{2});
    // Other statements of the connection do not touch it, nor does its end.
    CHECK(rowan::must(things.things.count()) == 3);
    CHECK(rowan::must(things.things.get(3)).text.empty());
    {
        auto range = std::make_unique<std::vector<std::string>>(1000, std::string(100, 'x'));
        const auto query = things.things.where(col<&Thing::text>.in(*range));
        CHECK_FALSE(rowan::must(query.exists()));
        range.reset();
    }
    // The same statement with another range.
    CHECK(find({"", "one"}) == Ids{1, 3});
}

TEST_CASE("SQL that a person writes cannot misuse rowan's lists on SQLite") {
    Things<Sqlite> things;
    auto& db = things.connection;
    const auto count = [&](const std::string& sql) { return db.query<std::int64_t>(unsafe_sql{sql}); };
    // Only rowan makes the pointer that is a list; anything else is an empty one.
    CHECK(rowan::must(count("SELECT count(*) FROM rowan_list")) == std::vector{0L});
    CHECK(rowan::must(count("SELECT count(*) FROM rowan_list()")) == std::vector{0L});
    CHECK(rowan::must(count("SELECT count(*) FROM rowan_list(1)")) == std::vector{0L});
    CHECK(rowan::must(count("SELECT count(*) FROM rowan_list(NULL)")) == std::vector{0L});
    CHECK(rowan::must(count("SELECT count(*) FROM rowan_list('rowan_list')")) == std::vector{0L});
    CHECK(rowan::must(count("SELECT count(*) FROM rowan_list(x'0000000000000001')")) == std::vector{0L});
    CHECK(rowan::must(count("SELECT count(*) FROM rowan_list WHERE list = 94000000000000")) == std::vector{0L});
    CHECK(rowan::must(count("SELECT count(*) FROM rowan_list WHERE list > 1 OR list IS NULL")) == std::vector{0L});
    CHECK(rowan::must(count("SELECT count(*) FROM thing, rowan_list(thing.id)")) == std::vector{0L});
    CHECK(rowan::must(count("SELECT count(*) FROM thing WHERE id IN rowan_list(id)")) == std::vector{0L});
    CHECK(rowan::must(count("SELECT value FROM rowan_list(1) ORDER BY rowid, list")).empty());
    CHECK(rowan::must(count("SELECT count(*) FROM rowan_list(1) AS a, rowan_list(2) AS b")) == std::vector{0L});
    // Whatever it says, it comes back.
    (void)count("SELECT count(*) FROM rowan_list(1) WHERE list = 2");
    (void)count("SELECT count(*) FROM rowan_list AS a LEFT JOIN rowan_list AS b ON a.list = b.list");
    CHECK(error_of(count("SELECT * FROM rowan_list(1, 2)")).category() == rowan::Category::programming);
    CHECK(error_of(db.execute(unsafe_sql{"INSERT INTO rowan_list (value) VALUES (1)"})).category() ==
          rowan::Category::programming);
    CHECK(error_of(db.execute(unsafe_sql{"DELETE FROM rowan_list"})).category() == rowan::Category::programming);
    CHECK(error_of(db.execute(unsafe_sql{"CREATE VIRTUAL TABLE mine USING rowan_list"})).category() ==
          rowan::Category::programming);
    // What would be run by those who do not know it must not use it.
    rowan::must(db.execute(unsafe_sql{"CREATE VIEW listed AS SELECT value FROM rowan_list(1)"}));
    CHECK(error_of(count("SELECT * FROM listed")).category() == rowan::Category::programming);
    rowan::must(db.execute(unsafe_sql{"CREATE TRIGGER listing AFTER INSERT ON tag BEGIN "
                                      "UPDATE thing SET real = 0 WHERE id IN (SELECT value FROM rowan_list(1)); END"}));
    CHECK(error_of(things.tags.insert({0, 1, "new"})).category() == rowan::Category::programming);
    CHECK(rowan::must(things.tags.count()) == 4);
    rowan::must(db.execute(unsafe_sql{"DROP TRIGGER listing"}));

    CHECK(things.ids(col<&Thing::id>.in({1, 2})) == Ids{1, 2});
}

TEST_CASE("the function that makes GLOB patterns takes anything on SQLite") {
    Fresh<Sqlite> fresh;
    auto& db = fresh.connection;
    const auto glob = [&](const std::string& argument) {
        return rowan::must(db.query<std::optional<std::string>>(unsafe_sql{"SELECT rowan_glob(" + argument + ")"}))[0];
    };
    CHECK(glob("NULL") == std::nullopt);
    CHECK(glob("''") == "");
    CHECK(glob("12") == "12");
    CHECK(glob("'a%b_c'") == "a*b?c");
    CHECK(glob("'\\%\\_\\\\'") == "%_\\");
    CHECK(glob("'*?[]'") == "[*][?][[]]");
    CHECK(glob("'\\*'") == "[*]");
    // A backslash at the end has nothing to take.
    CHECK(glob("'a\\'") == "a\\");
    CHECK(error_of(db.query<std::string>(unsafe_sql{"SELECT rowan_glob()"})).category() ==
          rowan::Category::programming);
    CHECK(error_of(db.query<std::string>(unsafe_sql{"SELECT rowan_glob('a', 'b')"})).category() ==
          rowan::Category::programming);
}
