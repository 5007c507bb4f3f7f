#include <rowan/rowan.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "fresh.hpp"

namespace {

using namespace std::chrono_literals;
using rowan::col;
using rowan::from;
using rowan::Timestamp;
using rowan::truncate;
using rowan::Unit;

struct Job {
    std::int64_t id{};
    Timestamp start{};
    std::optional<Timestamp> end{};
};

constexpr auto start = col<&Job::start>;
constexpr auto end = col<&Job::end>;

constexpr Timestamp moment(std::chrono::year_month_day day, std::chrono::microseconds time = {}) {
    return Timestamp{std::chrono::sys_days{day}} + time;
}
using namespace std::chrono;
constexpr Timestamp friday = moment(2016y / October / 7, 1h + 2min + 3s + 4us);

template <class Db>
struct Jobs : Fresh<Db> {
    rowan::Repository<Job, typename Db::Connection> rows{this->connection};

    Jobs() { rowan::must(rows.create_table()); }
    void store(Timestamp from, std::optional<Timestamp> to = {}) {
        rowan::must(rows.everywhere().erase());
        rowan::must(rows.insert({1, from, to}));
    }
    template <class... Items>
    [[nodiscard]] auto ask(Items... items) {
        return rowan::must(rows.query().select(items...).one());
    }
};

}  // namespace

TEST_CASE_TEMPLATE("a timestamp and a duration make a timestamp", Db, Sqlite, Postgres) {
    Jobs<Db> jobs;
    jobs.store(friday);
    CHECK(jobs.ask(start + 1us, 90min + start, start - days{40}, start + 0s, start - -1h, end + 1h) ==
          std::tuple{friday + 1us, friday + 90min, friday - days{40}, friday, friday + 1h, std::optional<Timestamp>{}});
    CHECK(rowan::must(jobs.rows.where(start + 24h > friday + 23h && start - 1h < friday).count()) == 1);
    // Microseconds are kept over centuries, and before 1970.
    constexpr auto far = days{365 * 900} + 1us;
    const Timestamp old = moment(1600y / January / 1, 1us);
    jobs.store(old, old);
    CHECK(jobs.ask(start + far, end + far - far) == std::tuple{old + far, std::optional{old}});
}

TEST_CASE_TEMPLATE("two timestamps make microseconds", Db, Sqlite, Postgres) {
    Jobs<Db> jobs;
    const Timestamp later = friday + days{1} + 5us;
    jobs.store(friday, later);
    constexpr std::int64_t day = 86'400'000'000;
    CHECK(jobs.ask(end - start, start - end, start - friday, later - start, start - moment(2016y / October / 7)) ==
          std::tuple{std::optional{day + 5}, std::optional{-day - 5}, std::int64_t{0}, day + 5,
                     std::int64_t{3'723'000'004}});
    CHECK(jobs.ask((end - start) / 1'000'000) == std::tuple{std::optional<std::int64_t>{86'400}});
    CHECK(rowan::must(jobs.rows.where(end - start > day).count()) == 1);
    CHECK(jobs.ask(rowan::avg(end - start)) == std::tuple{std::optional<double>{day + 5}});
    jobs.store(moment(1000y / March / 1, 1us), moment(2900y / March / 1));
    CHECK(jobs.ask(end - start) ==
          std::tuple{std::optional{(moment(2900y / March / 1) - moment(1000y / March / 1, 1us)).count()}});
    jobs.store(friday);
    CHECK(jobs.ask(end - start) == std::tuple{std::optional<std::int64_t>{}});
}

TEST_CASE_TEMPLATE("weeks begin on Mondays, of UTC", Db, Sqlite, Postgres) {
    Jobs<Db> jobs;
    const auto week_of = [&](Timestamp time) {
        jobs.store(time);
        return std::get<0>(jobs.ask(truncate<Unit::week>(start)));
    };
    const Timestamp monday = moment(2016y / October / 3);
    CHECK(week_of(friday) == monday);
    CHECK(week_of(monday) == monday);
    CHECK(week_of(monday - 1us) == moment(2016y / September / 26));
    CHECK(week_of(monday + days{7} - 1us) == monday);
    CHECK(week_of(moment(1970y / January / 1)) == moment(1969y / December / 29));
    CHECK(week_of(moment(1969y / December / 28, 23h)) == moment(1969y / December / 22));
    CHECK(week_of(moment(1970y / January / 5)) == moment(1970y / January / 5));
    jobs.store(friday);
    CHECK(rowan::must(jobs.rows.query()
                          .group_by(truncate<Unit::week>(start))
                          .select(truncate<Unit::week>(start), rowan::count())
                          .all()) == std::vector<std::tuple<Timestamp, std::int64_t>>{{monday, 1}});
}

TEST_CASE_TEMPLATE("times are moved where they are stored", Db, Sqlite, Postgres) {
    Jobs<Db> jobs;
    jobs.store(friday);
    CHECK(rowan::must(jobs.rows.everywhere().update(rowan::set<& Job::start> = start + 1h,
                                                    rowan::set<& Job::end> = start + 2h)) == 1);
    const Job row = rowan::must(jobs.rows.get({1}));
    CHECK(row.start == friday + 1h);
    CHECK(row.end == friday + 2h);
}

namespace {

template <class Item, const rowan::Dialect& dialect>
constexpr std::string_view written = [] {
    using Query = decltype(from<Job>().select(std::declval<Item>()));
    constexpr std::string_view whole =
        rowan::detail::text_of<rowan::detail::QueryText<typename Query::QueryShape, dialect>>;
    return whole.substr(7, whole.size() - 7 - std::string_view{R"( FROM "job")"}.size());
}();

static_assert(written<decltype(start + 1h), rowan::postgres::dialect> ==
              R"(("start" + ($1 / 3600000000) * interval '1 hour' + ($1 % 3600000000) * interval '1 microsecond'))");
static_assert(written<decltype(start - 1h), rowan::sqlite::dialect> == R"(("start" + ?1))");
static_assert(written<decltype(end - start), rowan::postgres::dialect> ==
              R"(((extract(epoch FROM "end" - "start") * 1000000)::bigint))");
static_assert(written<decltype(end - friday), rowan::sqlite::dialect> == R"(("end" - ?1))");
static_assert(written<decltype(truncate<Unit::week>(start)), rowan::postgres::dialect> ==
              R"((date_trunc('week', "start", 'UTC')))");

}  // namespace
