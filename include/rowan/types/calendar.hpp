#pragma once

#include <rowan/core/time.hpp>

#include <cstdint>

/// Days of the proleptic Gregorian calendar, without <chrono>'s types for them: see core/time.hpp.
namespace rowan::detail {

/// Need not exist.
struct CalendarDate {
    std::int64_t year;
    unsigned month;
    unsigned day;
};

[[nodiscard]] constexpr bool exists(const CalendarDate& date) {
    if (date.month < 1 || date.month > 12) return false;
    const bool is_leap = date.year % 4 == 0 && (date.year % 100 != 0 || date.year % 400 == 0);
    const unsigned length = date.month == 2 ? (is_leap ? 29 : 28) : 30 + (date.month + date.month / 8) % 2;
    return date.day >= 1 && date.day <= length;
}

// Years begin in March here, so that the odd days come last: in a year the leap day, in 400 years, which are 146,097
// days, the day without which the century would be as long as the others. After Howard Hinnant's
// https://howardhinnant.github.io/date_algorithms.html, which proves both functions.
inline constexpr std::int64_t days_of_era = 146'097;
inline constexpr std::int64_t days_to_1970 = 719'468;  // from 0000-03-01

/// Of a date that exists.
[[nodiscard]] constexpr std::chrono::sys_days day_of(const CalendarDate& date) {
    const std::int64_t year = date.month > 2 ? date.year : date.year - 1;
    const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
    const std::int64_t year_of_era = year - era * 400;
    const std::int64_t month = date.month > 2 ? date.month - 3 : date.month + 9;
    const std::int64_t day_of_year = (153 * month + 2) / 5 + date.day - 1;
    const std::int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return std::chrono::sys_days{
        std::chrono::days{static_cast<std::chrono::days::rep>(era * days_of_era + day_of_era - days_to_1970)}};
}

/// Of a day that is no more than two thousand million years away.
[[nodiscard]] constexpr CalendarDate date_of(std::chrono::sys_days point) {
    const std::int64_t day = std::int64_t{point.time_since_epoch().count()} + days_to_1970;
    const std::int64_t era = (day >= 0 ? day : day - (days_of_era - 1)) / days_of_era;
    const std::int64_t day_of_era = day - era * days_of_era;
    const std::int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const std::int64_t month = (5 * day_of_year + 2) / 153;
    const bool is_next_year = month >= 10;
    return {era * 400 + year_of_era + (is_next_year ? 1 : 0),
            static_cast<unsigned>(is_next_year ? month - 9 : month + 3),
            static_cast<unsigned>(day_of_year - (153 * month + 2) / 5 + 1)};
}

}  // namespace rowan::detail
