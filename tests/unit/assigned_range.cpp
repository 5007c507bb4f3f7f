#include <rowan/rowan.hpp>

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fresh.hpp"

namespace {

using rowan::case_when;
using rowan::cast;
using rowan::col;
using rowan::excluded;
using rowan::set;

struct Counter {
    std::int64_t id{};
    std::int16_t small{};
    std::int32_t medium{};
    std::int64_t large{};
    std::optional<std::int32_t> maybe{};
    float real{};
};

constexpr std::int32_t most = std::numeric_limits<std::int32_t>::max();
constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();

template <class Db>
struct Counters : Fresh<Db> {
    rowan::Repository<Counter, typename Db::Connection> rows{this->connection};

    Counters() {
        rowan::must(rows.create_table());
        rowan::must(rows.insert(std::vector<Counter>{{1, 1, 2, 3, 4, 0.5F}, {2, 300, most, largest, {}, 3e38F}}));
    }
    [[nodiscard]] Counter row(std::int64_t id) { return rowan::must(rows.get({id})); }
};

void check_refused(const rowan::Error& error) {
    CHECK(error.category() == rowan::Category::data);
    CHECK(error.code() == rowan::Code::value_out_of_range);
    CHECK(!error.retryable());
}

}  // namespace

TEST_CASE_TEMPLATE("an expression that leaves the column's range is refused, and no row is changed", Db, Sqlite,
                   Postgres) {
    Counters<Db> counters;
    auto& rows = counters.rows;
    check_refused(error_of(rows.everywhere().update(set<& Counter::small> = col<&Counter::small> * 1000)));
    check_refused(error_of(rows.everywhere().update(set<& Counter::medium> = col<&Counter::medium> * 10)));
    check_refused(error_of(rows.everywhere().update(set<& Counter::medium> = col<&Counter::large>)));
    check_refused(error_of(rows.everywhere().update(set<& Counter::maybe> = col<&Counter::medium> + 1)));
    check_refused(error_of(rows.everywhere().update(set<& Counter::large> = col<&Counter::large> * 2)));
    check_refused(error_of(rows.everywhere().update(set<& Counter::real> = col<&Counter::real> * 10.0)));
    check_refused(error_of(rows.everywhere().update(
        set<& Counter::medium> = case_when(col<&Counter::id> == 1, 1).otherwise(std::int64_t{most} + 1))));
    check_refused(error_of(rows.patch({2}, set<& Counter::medium> = col<&Counter::medium> + 1)));
    rowan::Patch<Counter> patch;
    patch.set<&Counter::medium>(col<&Counter::medium> + 1);
    check_refused(error_of(rows.patch({2}, patch)));
    const Counter row = counters.row(2);
    CHECK(row.small == 300);
    CHECK(row.medium == most);
    CHECK(row.large == largest);
    CHECK(row.real == 3e38F);
    CHECK(counters.row(1).medium == 2);
}

TEST_CASE_TEMPLATE("the last number of the range is stored, on both sides, and NULL stays NULL", Db, Sqlite, Postgres) {
    Counters<Db> counters;
    auto& rows = counters.rows;
    CHECK(rowan::must(rows.everywhere().update(
              set<& Counter::small> = col<&Counter::small> - col<&Counter::small> - 32768,
              set<& Counter::medium> = cast<std::int64_t>(col<&Counter::id>) - col<&Counter::id> + most,
              set<& Counter::large> = col<&Counter::large> - col<&Counter::large> - largest - 1,
              set<& Counter::maybe> = col<&Counter::maybe> * 2)) == 2);
    const Counter row = counters.row(1);
    CHECK(row.small == -32768);
    CHECK(row.medium == most);
    CHECK(row.large == std::numeric_limits<std::int64_t>::min());
    CHECK(row.maybe == 8);
    CHECK(!counters.row(2).maybe);
}

TEST_CASE_TEMPLATE("what is assigned to a float is rounded to one", Db, Sqlite, Postgres) {
    Counters<Db> counters;
    CHECK(rowan::must(counters.rows.where(col<&Counter::id> == 1)
                          .update(set<& Counter::real> = cast<double>(col<&Counter::real>) * 0.2)) == 1);
    CHECK(counters.row(1).real == 0.1F);
}

TEST_CASE_TEMPLATE("an upsert that accumulates too much is refused, and the batch with it", Db, Sqlite, Postgres) {
    Counters<Db> counters;
    const auto add = rowan::on_conflict<&Counter::id>.do_update(set<& Counter::medium> =
                                                                    col<&Counter::medium> + excluded<&Counter::medium>);
    check_refused(error_of(counters.rows.upsert(Counter{2, 0, 1, 0, {}, 0}, add)));
    check_refused(error_of(counters.rows.upsert(
        std::vector<Counter>{{1, 0, 5, 0, {}, 0}, {2, 0, 1, 0, {}, 0}, {3, 0, 1, 0, {}, 0}}, add)));
    CHECK(rowan::must(counters.rows.count()) == 2);
    CHECK(counters.row(1).medium == 2);
    CHECK(rowan::must(counters.rows.upsert(Counter{1, 0, most - 2, 0, {}, 0}, add)) == rowan::Upserted::updated);
    CHECK(counters.row(1).medium == most);
}

TEST_CASE_TEMPLATE("the error says what the expression came to", Db, Sqlite, Postgres) {
    Counters<Db> counters;
    const auto error = error_of(counters.rows.patch({2}, set<& Counter::medium> = col<&Counter::medium> + 1));
    if constexpr (Db::is_sqlite)
        CHECK(error.message() ==
              "an expression comes to 2147483648, which is outside the range of the 32-bit integer that it is assigned "
              "to: nothing was stored");
    else
        CHECK(error.message() == "integer out of range");
    CHECK(error.statement().find("UPDATE") == 0);
}

using rowan::detail::AssignmentShape;

template <class Assigned>
constexpr std::string_view written =
    rowan::detail::text_of<rowan::detail::UpdateWhere<Counter, rowan::sqlite::dialect, rowan::detail::Nothing, false,
                                                      typename Assigned::Shape>>;

static_assert(written<decltype(set<& Counter::medium> = 5)> == R"(UPDATE "counter" SET "medium" = ?1)");
static_assert(written<decltype(set<& Counter::maybe> = col<&Counter::medium>)> ==
              R"(UPDATE "counter" SET "maybe" = "medium")");
static_assert(written<decltype(set<& Counter::medium> = col<&Counter::medium> + 1)> ==
              R"(UPDATE "counter" SET "medium" = rowan_integer("medium" + ?1, 32))");
