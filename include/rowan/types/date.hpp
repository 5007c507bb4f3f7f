#pragma once

#include <rowan/core/time.hpp>
#include <rowan/types/calendar.hpp>
#include <rowan/types/type.hpp>

#include <concepts>

namespace rowan {

namespace detail {

/// std::chrono::year_month_day, or one that is made like it: whoever has such a member has included its header, which
/// others need not compile.
template <class Date>
concept YearMonthDay = requires(const Date date, std::chrono::sys_days point) {
    { date.ok() } -> std::same_as<bool>;
    static_cast<int>(date.year());
    static_cast<unsigned>(date.month());
    static_cast<unsigned>(date.day());
    std::chrono::sys_days{date};
    Date{point};
};

}  // namespace detail

/// A day of the proleptic Gregorian calendar, as a std::chrono::year_month_day. One that does not exist, such as
/// February 30, is refused, and so is one in the database whose year that type has no room for.
template <detail::YearMonthDay Date>
struct Type<Date> {
    static constexpr ColumnType column = ColumnType::date;

    template <class Sink>
    static Fault write(Sink& sink, const Date& value) {
        if (!value.ok()) return Fault::invalid_value;
        return sink.put(std::chrono::sys_days{value});
    }

    template <class Cell>
    static Fault read(const Cell& cell, Date& value) {
        constexpr std::chrono::sys_days first = detail::day_of({-32767, 1, 1});
        constexpr std::chrono::sys_days last = detail::day_of({32767, 12, 31});
        std::chrono::sys_days day{};
        if (const Fault fault = cell.get(day); fault != Fault::none) return fault;
        if (day < first || day > last) return Fault::out_of_range;
        value = Date{day};
        return Fault::none;
    }
};

}  // namespace rowan
