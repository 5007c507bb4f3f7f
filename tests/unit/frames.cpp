#include <rowan/rowan.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "fresh.hpp"

namespace {

using rowan::asc;
using rowan::col;
using rowan::count;
using rowan::current_row;
using rowan::first_value;
using rowan::following;
using rowan::from;
using rowan::lag;
using rowan::last_value;
using rowan::lead;
using rowan::order_by;
using rowan::partition_by;
using rowan::preceding;
using rowan::rows_between;
using rowan::sum;
using rowan::unbounded_following;
using rowan::unbounded_preceding;

struct Day {
    std::int64_t id{};
    std::string place{};
    std::int32_t rain{};
    std::optional<std::int32_t> snow{};
};

constexpr auto rain = col<&Day::rain>;
constexpr auto snow = col<&Day::snow>;
constexpr auto in_order = [] { return order_by(asc<&Day::id>); };

template <class Db>
struct Days : Fresh<Db> {
    rowan::Repository<Day, typename Db::Connection> rows{this->connection};

    Days() {
        rowan::must(rows.create_table());
        rowan::must(rows.insert(
            std::vector<Day>{{1, "a", 1, 5}, {2, "a", 2, {}}, {3, "b", 4, 6}, {4, "a", 8, {}}, {5, "b", 16, 7}}));
    }
    /// What the expression comes to in each row.
    template <class Item>
    [[nodiscard]] auto ask(Item item) {
        using Value = std::tuple_element_t<0, typename decltype(rows.query().select(item))::Row>;
        std::vector<Value> values;
        for (const auto& [value] : rowan::must(rows.query().order_by(asc<&Day::id>).select(item).all()))
            values.push_back(value);
        return values;
    }
};

using Numbers = std::vector<std::int64_t>;
using Maybe = std::vector<std::optional<std::int64_t>>;
using Narrow = std::vector<std::int32_t>;
using MaybeNarrow = std::vector<std::optional<std::int32_t>>;
constexpr std::nullopt_t none = std::nullopt;

}  // namespace

TEST_CASE_TEMPLATE("a frame says which rows a window function looks at", Db, Sqlite, Postgres) {
    Days<Db> days;
    CHECK(days.ask(sum(rain).over(in_order(), rows_between(preceding<1>, current_row))) == Numbers{1, 3, 6, 12, 24});
    CHECK(days.ask(sum(rain).over(in_order(), rows_between(preceding<1>, following<1>))) == Numbers{3, 7, 14, 28, 24});
    CHECK(days.ask(sum(rain).over(in_order(), rows_between(current_row, unbounded_following))) ==
          Numbers{31, 30, 28, 24, 16});
    CHECK(days.ask(sum(rain).over(partition_by(col<&Day::place>), in_order(),
                                  rows_between(unbounded_preceding, current_row))) == Numbers{1, 3, 4, 11, 20});
    CHECK(days.ask(count().over(in_order(), rows_between(preceding<2>, preceding<1>))) == Numbers{0, 1, 2, 2, 2});
    CHECK(days.ask(
              sum(rain).over(partition_by(col<&Day::place>), rows_between(unbounded_preceding, unbounded_following))) ==
          Numbers{11, 11, 20, 11, 20});
    CHECK(days.ask(count().over(rows_between(current_row, current_row))) == Numbers{1, 1, 1, 1, 1});
    CHECK(days.ask(sum(rain).filter(rain > 2).over(in_order(), rows_between(preceding<1>, current_row))) ==
          Maybe{none, none, 4, 12, 24});
}

TEST_CASE_TEMPLATE("a frame without the current row may have no row", Db, Sqlite, Postgres) {
    Days<Db> days;
    CHECK(days.ask(sum(rain).over(in_order(), rows_between(following<1>, following<2>))) == Maybe{6, 12, 24, 16, none});
    CHECK(days.ask(rowan::max(rain).over(in_order(), rows_between(unbounded_preceding, preceding<1>))) ==
          MaybeNarrow{none, 1, 2, 4, 8});
}

TEST_CASE_TEMPLATE("the first and the last value of a frame", Db, Sqlite, Postgres) {
    Days<Db> days;
    const auto whole = rows_between(unbounded_preceding, unbounded_following);
    CHECK(days.ask(first_value(rain).over(partition_by(col<&Day::place>), in_order())) == Narrow{1, 1, 4, 1, 4});
    CHECK(days.ask(last_value(rain).over(partition_by(col<&Day::place>), in_order(), whole)) ==
          Narrow{8, 8, 16, 8, 16});
    // By itself the frame ends with the current row.
    CHECK(days.ask(last_value(rain).over(in_order())) == Narrow{1, 2, 4, 8, 16});
    CHECK(days.ask(last_value(snow).over(in_order(), rows_between(preceding<1>, current_row))) ==
          MaybeNarrow{5, none, 6, none, 7});
    CHECK(days.ask(first_value(rain).over(in_order(), rows_between(following<2>, following<3>))) ==
          MaybeNarrow{4, 8, 16, none, none});
}

TEST_CASE_TEMPLATE("lag and lead look further, and know what to say at the end", Db, Sqlite, Postgres) {
    Days<Db> days;
    CHECK(days.ask(lag(rain).over(in_order())) == MaybeNarrow{none, 1, 2, 4, 8});
    CHECK(days.ask(lag<2>(rain).over(in_order())) == MaybeNarrow{none, none, 1, 2, 4});
    CHECK(days.ask(lag(rain, 0).over(in_order())) == Narrow{0, 1, 2, 4, 8});
    CHECK(days.ask(lead<3>(rain, -1).over(in_order())) == Narrow{8, 16, -1, -1, -1});
    CHECK(days.ask(lead(rain, rain).over(in_order())) == Narrow{2, 4, 8, 16, 16});
    CHECK(days.ask(lead(snow, 0).over(in_order())) == MaybeNarrow{none, 6, none, 7, 0});
    CHECK(days.ask(lag(col<&Day::place>, "nowhere").over(in_order())) ==
          std::vector<std::string>{"nowhere", "a", "a", "b", "a"});
    CHECK(days.ask(lag(rain, snow).over(in_order())) == MaybeNarrow{5, 1, 2, 4, 8});
}

namespace {

template <class Item>
constexpr std::string_view written = [] {
    using Query = decltype(from<Day>().select(std::declval<Item>()));
    constexpr std::string_view whole =
        rowan::detail::text_of<rowan::detail::QueryText<typename Query::QueryShape, rowan::postgres::dialect>>;
    return whole.substr(7, whole.size() - 7 - std::string_view{R"( FROM "day")"}.size());
}();

static_assert(written<decltype(count().over(in_order(), rows_between(preceding<2>, following<1>)))> ==
              R"(count(*) OVER (ORDER BY "id" ROWS BETWEEN 2 PRECEDING AND 1 FOLLOWING))");
static_assert(written<decltype(count().over(rows_between(unbounded_preceding, current_row)))> ==
              R"(count(*) OVER (ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW))");
static_assert(written<decltype(count().over(partition_by(rain), rows_between(current_row, unbounded_following)))> ==
              R"(count(*) OVER (PARTITION BY "rain" ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING))");
static_assert(written<decltype(first_value(rain).over(in_order()))> == R"(first_value("rain") OVER (ORDER BY "id"))");
static_assert(written<decltype(lead<2>(rain, 7).over(in_order()))> == R"(lead("rain", 2, $1) OVER (ORDER BY "id"))");
static_assert(written<decltype(lag(rain).over(in_order()))> == R"(lag("rain") OVER (ORDER BY "id"))");

}  // namespace
