#pragma once

#include <rowan/types/type.hpp>

#include <chrono>

namespace rowan {

/// A day of the proleptic Gregorian calendar. One that does not exist, such as February 30, is refused.
template <>
struct Type<std::chrono::year_month_day> {
    static constexpr ColumnType column = ColumnType::date;

    template <class Sink>
    static Fault write(Sink& sink, std::chrono::year_month_day value) {
        if (!value.ok()) return Fault::invalid_value;
        return sink.put(std::chrono::sys_days{value});
    }

    template <class Cell>
    static Fault read(const Cell& cell, std::chrono::year_month_day& value) {
        using namespace std::chrono;
        constexpr sys_days first{year::min() / January / 1};
        constexpr sys_days last{year::max() / December / 31};
        sys_days day{};
        if (const Fault fault = cell.get(day); fault != Fault::none) return fault;
        if (day < first || day > last) return Fault::out_of_range;
        value = year_month_day{day};
        return Fault::none;
    }
};

}  // namespace rowan
