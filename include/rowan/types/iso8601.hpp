#pragma once

#include <rowan/core/time.hpp>
#include <rowan/types/calendar.hpp>
#include <rowan/types/timestamp.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

/// Dates and times as text, after ISO 8601 and without regard to the locale.
namespace rowan::detail {

/// Reads digits from the front of a text.
class DigitReader {
public:
    constexpr explicit DigitReader(std::string_view text) : rest_{text} {}

    /// A number of exactly `count` digits; -1 if there is none.
    constexpr int number(std::size_t count) {
        if (rest_.size() < count) return -1;
        int value = 0;
        for (std::size_t i = 0; i != count; ++i) {
            if (rest_[i] < '0' || rest_[i] > '9') return -1;
            value = value * 10 + (rest_[i] - '0');
        }
        rest_.remove_prefix(count);
        return value;
    }

    constexpr bool skip(char c) {
        if (rest_.empty() || rest_.front() != c) return false;
        rest_.remove_prefix(1);
        return true;
    }

    /// Up to six digits of a fraction of a second as microseconds; -1 if there is none, or more digits than that
    /// and not all of them 0.
    constexpr int microseconds() {
        int value = 0;
        int count = 0;
        for (; !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; rest_.remove_prefix(1), ++count) {
            if (count < 6)
                value = value * 10 + (rest_.front() - '0');
            else if (rest_.front() != '0')
                return -1;
        }
        if (count == 0) return -1;
        for (; count < 6; ++count) value *= 10;
        return value;
    }

    [[nodiscard]] constexpr bool empty() const { return rest_.empty(); }

private:
    std::string_view rest_;
};

constexpr bool read_date(DigitReader& in, std::chrono::sys_days& day) {
    const int year = in.number(4);
    if (year < 0 || !in.skip('-')) return false;
    const int month = in.number(2);
    if (month < 0 || !in.skip('-')) return false;
    const int day_of_month = in.number(2);
    if (day_of_month < 0) return false;
    const CalendarDate date{year, static_cast<unsigned>(month), static_cast<unsigned>(day_of_month)};
    if (!exists(date)) return false;
    day = day_of(date);
    return true;
}

/// `2016-10-07`.
constexpr bool parse_date(std::string_view text, std::chrono::sys_days& day) {
    DigitReader in{text};
    return read_date(in, day) && in.empty();
}

/// `2016-10-07T00:00:00Z`, `2016-10-07 00:00:00.123456+02:00`; without a zone it is UTC; seconds and their
/// fraction, up to microseconds, may be missing.
constexpr bool parse_timestamp(std::string_view text, Timestamp& time) {
    DigitReader in{text};
    std::chrono::sys_days day{};
    if (!read_date(in, day) || !(in.skip('T') || in.skip(' '))) return false;
    const int hour = in.number(2);
    if (hour < 0 || hour > 23 || !in.skip(':')) return false;
    const int minute = in.number(2);
    if (minute < 0 || minute > 59) return false;
    int second = 0;
    int fraction = 0;
    if (in.skip(':')) {
        second = in.number(2);
        if (second < 0 || second > 59) return false;
        if (in.skip('.') && (fraction = in.microseconds()) < 0) return false;
    }
    int offset = 0;
    if (!in.skip('Z') && !in.empty()) {
        const bool west = in.skip('-');
        if (!west && !in.skip('+')) return false;
        const int hours = in.number(2);
        if (hours < 0 || hours > 23) return false;
        int minutes = 0;
        if (!in.empty()) {
            (void)in.skip(':');
            minutes = in.number(2);
            if (minutes < 0 || minutes > 59) return false;
        }
        offset = (hours * 60 + minutes) * (west ? -1 : 1);
    }
    if (!in.empty()) return false;
    const std::int64_t seconds = (std::int64_t{hour} * 60 + minute - offset) * 60 + second;
    time = Timestamp{day} + std::chrono::microseconds{seconds * 1'000'000 + fraction};
    return true;
}

inline constexpr std::size_t date_length = 10;

/// Writes `2016-10-07` to `out`; false for a year outside 0 to 9999, which four digits cannot show.
constexpr bool format_date(std::chrono::sys_days day, char (&out)[date_length]) {
    // date_of wants a day that is not too far away.
    if (day < day_of({0, 1, 1}) || day > day_of({9999, 12, 31})) return false;
    const CalendarDate date = date_of(day);
    const auto digits = [&](std::size_t at, std::size_t count, unsigned value) {
        for (std::size_t i = count; i != 0; value /= 10) out[at + --i] = static_cast<char>('0' + value % 10);
    };
    digits(0, 4, static_cast<unsigned>(date.year));
    out[4] = '-';
    digits(5, 2, date.month);
    out[7] = '-';
    digits(8, 2, date.day);
    return true;
}

/// Appends `2016-10-07T00:00:00Z`, with six digits of a fraction where there is one. False, and nothing appended, for a
/// year outside 0 to 9999.
template <class Text>
bool append_timestamp(Text& text, Timestamp time) {
    constexpr std::int64_t day_length = std::int64_t{24} * 3600 * 1'000'000;
    const std::int64_t count = time.time_since_epoch().count();
    const std::int64_t days = count / day_length - (count % day_length < 0 ? 1 : 0);
    char day[date_length];
    if (!format_date(std::chrono::sys_days{std::chrono::days{days}}, day)) return false;
    const auto append = [&](char before, int size, std::int64_t value) {
        char digits[6];
        for (int i = size; i != 0; value /= 10) digits[--i] = static_cast<char>('0' + value % 10);
        text += before;
        text.append(digits, static_cast<std::size_t>(size));
    };
    const std::int64_t microseconds = count - days * day_length;
    const std::int64_t seconds = microseconds / 1'000'000;
    text.append(day, sizeof day);
    append('T', 2, seconds / 3600);
    append(':', 2, seconds / 60 % 60);
    append(':', 2, seconds % 60);
    if (const std::int64_t fraction = microseconds % 1'000'000; fraction != 0) append('.', 6, fraction);
    text += 'Z';
    return true;
}

}  // namespace rowan::detail
