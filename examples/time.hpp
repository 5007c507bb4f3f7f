#pragma once

#include <rowan/rowan.hpp>

#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>

/// `2016-10-07T00:00:00Z`, and nothing else.
inline std::optional<rowan::Timestamp> parse_time(std::string_view text) {
    using namespace std::chrono;
    if (text.size() != 20 || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' ||
        text[16] != ':' || text[19] != 'Z')
        return std::nullopt;
    bool valid = true;
    const auto number = [&](std::size_t at, std::size_t digits) {
        const char* const end = text.data() + at + digits;
        unsigned value = 0;
        const auto [stopped, problem] = std::from_chars(text.data() + at, end, value);
        valid = valid && problem == std::errc{} && stopped == end;
        return value;
    };
    const year_month_day date{year{static_cast<int>(number(0, 4))}, month{number(5, 2)}, day{number(8, 2)}};
    const unsigned hour = number(11, 2), minute = number(14, 2), second = number(17, 2);
    if (!valid || !date.ok() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
    return sys_days{date} + hours{hour} + minutes{minute} + seconds{second};
}

/// `2016-10-07 00:00`, in UTC.
inline std::string time_text(rowan::Timestamp time) {
    using namespace std::chrono;
    const auto day = floor<days>(time);
    const year_month_day date{day};
    const hh_mm_ss of_day{floor<minutes>(time - day)};
    char text[64];
    std::snprintf(text, sizeof text, "%04d-%02u-%02u %02d:%02d", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                  static_cast<int>(of_day.hours().count()), static_cast<int>(of_day.minutes().count()));
    return text;
}
