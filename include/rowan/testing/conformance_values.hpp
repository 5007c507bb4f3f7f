#pragma once

#include <rowan/core/sql.hpp>
#include <rowan/query/expression.hpp>
#include <rowan/query/functions.hpp>
#include <rowan/query/operators.hpp>
#include <rowan/testing/conformance_case.hpp>

#include <bit>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

/// What a value looks like when it comes back.
namespace rowan::testing::detail {

template <class T>
bool same_value(const T& a, const T& b) {
    if constexpr (std::is_floating_point_v<T>)
        // Only the sign of a zero may be lost, and which NaN it is.
        return a == b || (std::isnan(a) && std::isnan(b));
    else
        return a == b;
}

/// Stores a row with `value` in this member, and reads it back.
template <auto Member, class Subject, class Value>
Result<Value> there_and_back(Subject& subject, const Value& value) {
    must(subject.connection.execute(unsafe_sql{"DELETE FROM rowan_conformance_values"}));
    ConformanceValues row{.id = 1};
    row.*Member = value;
    auto stored = subject.values().insert(row);
    if (!stored) return Failure(std::move(stored).error());
    auto found = subject.values().get(1);
    if (!found) return Failure(std::move(found).error());
    expect((*found.*Member).has_value(), "a value that was stored is no NULL when it is read");
    return *std::move(*found.*Member);
}

template <auto Member, class Subject, class Value>
void expect_exact(Subject& subject, const Value& value, std::string_view what) {
    const Value back = must(there_and_back<Member>(subject, value));
    expect(same_value(back, value), what);
    // Also as the parameter of a condition, but for what is equal to nothing.
    if (value != value) return;
    const auto found = must(subject.values().where(col<Member> == value).count());
    expect(found == 1, std::string{what} + " (in a condition)");
}

/// A value that not every database has a place for comes back as it was, or is refused, and nothing is stored then.
template <auto Member, class Subject, class Value>
void expect_exact_or_refused(Subject& subject, const Value& value, std::string_view what) {
    const Result<Value> back = there_and_back<Member>(subject, value);
    if (back) return expect(same_value(*back, value), what);
    expect(back.error().category() == Category::data,
           std::string{what} + " (or refused with Category::data, and not with " + back.error().to_string() + ")");
    expect(must(subject.values().count()) == 0, "nothing is stored of a row with a value that is refused");
}

template <class Open>
void check_values(ConformanceSuite<Open>& suite) {
    using Subject = ConformanceSubject<Open>;
    using Row = ConformanceValues;
    constexpr std::string_view theme = "values";

    suite.run(theme, "booleans come back", [](Subject& s) {
        expect_exact<&Row::flag>(s, true, "true comes back");
        expect_exact<&Row::flag>(s, false, "false comes back");
    });
    suite.run(theme, "integers come back, up to their limits", [](Subject& s) {
        using Limits = std::numeric_limits<std::int64_t>;
        for (const std::int64_t value : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{1} << 53, Limits::min(),
                                         Limits::max(), (std::int64_t{1} << 53) + 1})
            expect_exact<&Row::integer>(s, value, "the integer " + std::to_string(value) + " comes back");
        for (const std::int16_t value : {std::int16_t{-32768}, std::int16_t{32767}})
            expect_exact<&Row::small>(s, value, "the smallest and the largest of 16 bits come back");
        for (const std::int32_t value : {std::int32_t{-2147483647} - 1, std::int32_t{2147483647}})
            expect_exact<&Row::medium>(s, value, "the smallest and the largest of 32 bits come back");
    });
    suite.run(theme, "doubles and floats come back to the last bit", [](Subject& s) {
        using Limits = std::numeric_limits<double>;
        for (const double value : {0.0, 0.1, -1.0 / 3, 1e300, 5e-300, Limits::max(), Limits::lowest(), Limits::min(),
                                   Limits::denorm_min(), Limits::epsilon()})
            expect_exact<&Row::real>(s, value, "the double " + std::to_string(value) + " comes back");
        for (const float value : {0.1F, std::numeric_limits<float>::max(), std::numeric_limits<float>::denorm_min()})
            expect_exact<&Row::single>(s, value, "the float " + std::to_string(value) + " comes back");
    });
    suite.run(theme, "infinities and NaN come back or are refused", [](Subject& s) {
        using Limits = std::numeric_limits<double>;
        expect_exact_or_refused<&Row::real>(s, Limits::infinity(), "infinity comes back");
        expect_exact_or_refused<&Row::real>(s, -Limits::infinity(), "negative infinity comes back");
        expect_exact_or_refused<&Row::real>(s, Limits::quiet_NaN(), "NaN comes back");
        expect_exact_or_refused<&Row::real>(s, -0.0, "negative zero comes back as a zero");
    });
    suite.run(theme, "text comes back, byte for byte", [](Subject& s) {
        for (const char* text : {"",
                                 " ",
                                 "'",
                                 "''",
                                 "\"",
                                 "\\",
                                 "\\'",
                                 "%_",
                                 "$1 ?1 :a @b",
                                 "--",
                                 "/*",
                                 ";",
                                 "\n\r\t",
                                 "\x01\x7F",
                                 "NULL",
                                 "null",
                                 "0",
                                 " both ",
                                 "\xC3\x9F",
                                 "\xE6\x97\xA5\xE6\x9C\xAC",
                                 "\xF0\x9F\x95\xAF",
                                 "e\xCC\x81"})
            expect_exact<&Row::text>(s, std::string{text}, "the text \"" + std::string{text} + "\" comes back");
    });
    suite.run(theme, "text of a megabyte comes back", [](Subject& s) {
        std::string text;
        for (int i = 0; text.size() < 1'000'000; ++i) text += std::to_string(i) + '\'';
        expect_exact<&Row::text>(s, text, "a text of a megabyte comes back");
    });
    suite.run(theme, "text with a NUL comes back whole or is refused", [](Subject& s) {
        using namespace std::string_literals;
        for (const std::string& text : {"a\0b"s, "\0"s, "end\0"s})
            expect_exact_or_refused<&Row::text>(s, text, "a text with a NUL comes back whole");
    });
    suite.run(theme, "bytes come back, each of the 256, none and millions", [](Subject& s) {
        using Blob = std::vector<std::byte>;
        Blob all;
        for (int i = 0; i != 256; ++i) all.push_back(static_cast<std::byte>(i));
        Blob many;
        for (int i = 0; i != 3'000'000; ++i) many.push_back(static_cast<std::byte>(i * 7));
        expect_exact<&Row::blob>(s, Blob{}, "no bytes come back, and are no NULL");
        expect_exact<&Row::blob>(s, Blob{std::byte{0}}, "a NUL byte comes back");
        expect_exact<&Row::blob>(s, all, "each byte comes back");
        expect_exact<&Row::blob>(s, many, "three million bytes come back");
    });
    suite.run(theme, "timestamps come back to the microsecond", [](Subject& s) {
        using namespace std::chrono;
        const auto at = [](year_month_day day, microseconds rest) { return Timestamp{sys_days{day}} + rest; };
        for (const Timestamp time :
             {Timestamp{}, Timestamp{microseconds{1}}, Timestamp{microseconds{-1}}, at(1970y / 1 / 1, 999'999us),
              at(1583y / 1 / 1, 1us), at(1y / 1 / 1, 0us), at(2024y / 2 / 29, 23h + 59min + 59s + 999'999us),
              at(9999y / 12 / 31, 23h + 59min + 59s + 999'999us)})
            expect_exact<&Row::time>(
                s, time, "the moment " + std::to_string(time.time_since_epoch().count()) + " us from 1970 comes back");
        expect_exact_or_refused<&Row::time>(s, Timestamp::min(), "the first moment of all comes back");
        expect_exact_or_refused<&Row::time>(s, Timestamp::max(), "the last moment of all comes back");
        expect_exact_or_refused<&Row::time>(s, at(10000y / 1 / 1, 0us), "the year 10000 comes back");
    });
    suite.run(theme, "dates come back", [](Subject& s) {
        using namespace std::chrono;
        for (const year_month_day day :
             {1970y / 1 / 1, 1969y / 12 / 31, 2000y / 2 / 29, 1y / 1 / 1, 1582y / 10 / 15, 9999y / 12 / 31})
            expect_exact<&Row::day>(s, day, "the day " + std::to_string(int{day.year()}) + " comes back");
        expect_exact_or_refused<&Row::day>(s, year_month_day{10000y / 1 / 1}, "a day of the year 10000 comes back");
        expect_exact_or_refused<&Row::day>(s, year_month_day{-1y / 1 / 1}, "a day of the year -1 comes back");
        expect_exact_or_refused<&Row::day>(s, year_month_day{2023y / 2 / 30}, "a day that is none is refused");
    });
    suite.run(theme, "NULL is NULL in each form, and told from empty", [](Subject& s) {
        must(s.values().insert({.id = 1}));
        must(s.values().insert({.id = 2, .text = "", .blob = std::vector<std::byte>{}}));
        const Row nothing = must(s.values().get(1));
        expect(!nothing.flag && !nothing.small && !nothing.medium && !nothing.integer && !nothing.single &&
                   !nothing.real && !nothing.text && !nothing.blob && !nothing.time && !nothing.day,
               "a NULL of each form comes back as one");
        const Row empty = must(s.values().get(2));
        expect(empty.text && empty.blob, "empty text and no bytes are no NULL");
        expect(must(s.values().where(col<&Row::text>.is_null()).count()) == 1, "one text is NULL");
    });
    suite.run(theme, "a row has each value in its own column", [](Subject& s) {
        using namespace std::chrono;
        const Row row{.id = 7,
                      .flag = true,
                      .small = std::int16_t{1},
                      .medium = 2,
                      .integer = 3,
                      .single = 4.5F,
                      .real = 5.5,
                      .text = "six",
                      .blob = std::vector{std::byte{7}},
                      .time = Timestamp{8us},
                      .day = 2009y / 9 / 9};
        must(s.values().insert(row));
        const Row back = must(s.values().get(7));
        expect(back.flag == row.flag && back.small == row.small && back.medium == row.medium &&
                   back.integer == row.integer && back.single == row.single && back.real == row.real &&
                   back.text == row.text && back.blob == row.blob && back.time == row.time && back.day == row.day,
               "each value is in its own column");
    });
    suite.run(theme, "a value that does not fit the variable is refused, never cut", [](Subject& s) {
        const auto wide = s.connection.template query<std::int32_t>(sql<"SELECT CAST(3000000000 AS bigint)">);
        expect_error(wide, Category::data, Code::value_out_of_range, "reading 3000000000 into 32 bits");
        const auto null = s.connection.template query<std::int64_t>(sql<"SELECT CAST(NULL AS bigint)">);
        expect_error(null, Category::data, Code::null_value, "reading NULL into an integer that is no optional");
        const auto text = s.connection.template query<std::int64_t>(sql<"SELECT 'twelve'">);
        expect(expect_error(text, "reading text into an integer").category() == Category::data,
               "reading text into an integer is Category::data");
        expect(must(s.connection.template query<std::int64_t>(sql<"SELECT CAST(12 AS integer)">)).at(0) == 12,
               "a narrow integer is widened");
    });
    suite.run(theme, "columns are found by their names, whatever their order", [](Subject& s) {
        must(s.items().insert({.name = "one", .amount = 11}));
        const auto rows = must(s.connection.template query<ConformanceItem>(
            sql<"SELECT amount, id, name FROM rowan_conformance_items WHERE name = $1">, "one"));
        expect(rows.size() == 1 && rows[0].name == "one" && rows[0].amount == 11, "columns are found by name");
        const auto none =
            s.connection.template query<ConformanceItem>(sql<"SELECT id, name FROM rowan_conformance_items">);
        expect_error(none, Category::programming, Code::undefined_column, "a query without a column of the struct");
    });
    suite.run(theme, "arguments of a statement by hand arrive in their order", [](Subject& s) {
        must(s.connection.execute(
            sql<"INSERT INTO rowan_conformance_values (id, integer, text, real) VALUES ($1, $2, $3, $4)">, 1, 2, "3",
            4.5));
        const Row row = must(s.values().get(1));
        expect(row.integer == 2 && row.text == "3" && row.real == 4.5, "arguments arrive in their order");
    });
}

}  // namespace rowan::testing::detail
