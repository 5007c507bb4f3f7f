#include <rowan/types/calendar.hpp>
#include <rowan/types/date.hpp>

#include <chrono>
#include <cstdint>
#include <optional>

#include <doctest/doctest.h>

namespace {

using rowan::detail::CalendarDate;
using rowan::detail::date_of;
using rowan::detail::day_of;
using rowan::detail::exists;
using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::year_month_day;

CalendarDate told(const year_month_day& date) {
    return {static_cast<int>(date.year()), static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day())};
}

bool same(const CalendarDate& one, const CalendarDate& other) {
    return one.year == other.year && one.month == other.month && one.day == other.day;
}

/// A day of the program's own, as libraries before C++20 have it.
struct OwnDay {
    sys_days point{};
    OwnDay() = default;
    explicit OwnDay(sys_days of) : point{of} {}
    explicit operator sys_days() const { return point; }
    [[nodiscard]] bool ok() const { return true; }
    [[nodiscard]] int year() const { return static_cast<int>(year_month_day{point}.year()); }
    [[nodiscard]] unsigned month() const { return static_cast<unsigned>(year_month_day{point}.month()); }
    [[nodiscard]] unsigned day() const { return static_cast<unsigned>(year_month_day{point}.day()); }
};

static_assert(rowan::Storable<year_month_day>);
static_assert(rowan::Storable<std::optional<year_month_day>>);
static_assert(rowan::Storable<OwnDay>);
static_assert(!rowan::Storable<std::chrono::year_month_day_last>);
static_assert(!rowan::Storable<std::chrono::year_month_weekday>);
static_assert(!rowan::Storable<sys_days>);
static_assert(day_of({1970, 1, 1}) == sys_days{});
static_assert(!exists({2024, 0, 1}) && !exists({2024, 13, 1}) && !exists({2024, 1, 0}) && !exists({2024, 1, 32}));

}  // namespace

TEST_CASE("every day that a year_month_day can be is the same day by numbers, and back") {
    std::int64_t wrong = 0;
    const sys_days end = sys_days{std::chrono::year::max() / 12 / 31} + days{1};
    for (sys_days day{std::chrono::year::min() / 1 / 1}; day != end; day += days{1}) {
        const CalendarDate date = told(year_month_day{day});
        if (day_of(date) != day || !same(date_of(day), date)) ++wrong;
    }
    CHECK(wrong == 0);
}

TEST_CASE("a date exists if a year_month_day says so") {
    std::int64_t wrong = 0;
    for (int year = -401; year != 2402; ++year)
        for (unsigned month = 0; month != 15; ++month)
            for (unsigned day = 0; day != 34; ++day) {
                const year_month_day date{std::chrono::year{year}, std::chrono::month{month}, std::chrono::day{day}};
                if (exists({year, month, day}) != date.ok()) ++wrong;
            }
    CHECK(wrong == 0);
}

TEST_CASE("days whose year is no 16-bit number are dates as well") {
    for (const std::int64_t year : {-5'000'000, -40'000, 32'768, 5'000'000}) {
        CAPTURE(year);
        CHECK(same(date_of(day_of({year, 2, 28}) + days{1}), {year, 2, 29}));
        CHECK(same(date_of(day_of({year, 3, 1}) - days{60}), {year, 1, 1}));
        CHECK(same(date_of(day_of({year, 12, 31}) + days{1}), {year + 1, 1, 1}));
    }
}
