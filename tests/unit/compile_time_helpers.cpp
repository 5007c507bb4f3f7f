#include <rowan/core/text.hpp>
#include <rowan/core/url.hpp>
#include <rowan/schema/naming.hpp>
#include <rowan/types/iso8601.hpp>

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

namespace {

using namespace rowan::detail;
using namespace std::chrono_literals;
using rowan::Timestamp;

/// What `write` writes, measured first as the statements are.
template <class Write>
std::string written(Write write) {
    TextWriter measure;
    write(measure);
    std::string text(measure.size(), '?');
    TextWriter fill{text.data()};
    write(fill);
    CHECK(fill.size() == text.size());
    return text;
}

struct Greeting {
    static constexpr void write(TextWriter& out) {
        Separator comma{", "};
        for (const std::uint64_t number : {0u, 7u, 10u}) (out << comma).number(number);
        out << '!';
    }
};
struct Silence {
    static constexpr void write(TextWriter&) {}
};

static_assert(text_of<Greeting> == "0, 7, 10!");
static_assert(characters_of<Greeting>.text[9] == '\0');
static_assert(text_of<Silence>.empty());

std::string snake_case(std::string_view name) {
    return written([&](TextWriter& out) { write_snake_case(out, name); });
}

std::string limited(std::string_view name, std::size_t limit) {
    return written([&](TextWriter& out) { write_limited(out, name, limit); });
}

std::optional<Timestamp> timestamp(std::string_view text) {
    Timestamp time{};
    if (!parse_timestamp(text, time)) return std::nullopt;
    return time;
}

std::optional<std::chrono::sys_days> date(std::string_view text) {
    std::chrono::sys_days day{};
    if (!parse_date(text, day)) return std::nullopt;
    return day;
}

std::optional<std::string> percent_decoded(std::string_view text) {
    std::string decoded = "what was there before";
    if (!percent_decode(text, decoded)) return std::nullopt;
    return decoded;
}

std::optional<std::string> formatted(std::chrono::sys_days day) {
    char text[date_length];
    if (!format_date(day, text)) return std::nullopt;
    return std::string{text, sizeof text};
}

constexpr std::chrono::sys_days day_of(int year, unsigned month, unsigned day) {
    return std::chrono::year{year} / static_cast<int>(month) / static_cast<int>(day);
}

}  // namespace

TEST_CASE("a writer takes text, characters and numbers, and measures them without a buffer") {
    CHECK(written([](TextWriter& out) { out << "text" << ' ' << std::string_view{"and"} << std::string{" more"}; }) ==
          "text and more");
    CHECK(written([](TextWriter&) {}) == "");
    CHECK(written([](TextWriter& out) { out << "" << std::string_view{"a\0b", 3}; }) == std::string("a\0b", 3));
    const auto number = [](std::uint64_t value) { return written([&](TextWriter& out) { out.number(value); }); };
    CHECK(number(0) == "0");
    CHECK(number(9) == "9");
    CHECK(number(10) == "10");
    CHECK(number(1234567890) == "1234567890");
    CHECK(number(std::numeric_limits<std::uint64_t>::max()) == "18446744073709551615");
}

TEST_CASE("quoted text has its marks doubled and nothing else changed") {
    const auto quoted = [](std::string_view text, char mark) {
        return written([&](TextWriter& out) { out.quoted(text, mark); });
    };
    CHECK(quoted("plain", '"') == R"("plain")");
    CHECK(quoted("", '"') == R"("")");
    CHECK(quoted(R"(")", '"') == R"("""")");
    CHECK(quoted(R"("a""b")", '"') == R"("""a""""b""")");
    CHECK(quoted("it's \"so\"", '\'') == R"('it''s "so"')");
    CHECK(quoted(R"(back\slash)", '\'') == R"('back\slash')");
}

TEST_CASE("a separator stands between items only") {
    const auto joined = [](const std::vector<std::string>& items) {
        return written([&](TextWriter& out) {
            Separator separator{" AND "};
            for (const std::string& item : items) out << separator << item;
        });
    };
    CHECK(joined({}) == "");
    CHECK(joined({"a"}) == "a");
    CHECK(joined({"a", "b", "c"}) == "a AND b AND c");
    CHECK(joined({"", ""}) == " AND ");
}

TEST_CASE("type names become snake case") {
    CHECK(snake_case("Note") == "note");
    CHECK(snake_case("OrderBook") == "order_book");
    CHECK(snake_case("HTTPRequest") == "http_request");
    CHECK(snake_case("Level2Quote") == "level2_quote");
    CHECK(snake_case("L2Quote") == "l2_quote");
    CHECK(snake_case("ParseHTTP") == "parse_http");
    CHECK(snake_case("SHA256Sum") == "sha256_sum");
    CHECK(snake_case("HTTP2Server") == "http2_server");
    CHECK(snake_case("Utf8") == "utf8");
    CHECK(snake_case("A") == "a");
    CHECK(snake_case("AB") == "ab");
    CHECK(snake_case("ABc") == "a_bc");
    CHECK(snake_case("already_snake") == "already_snake");
    CHECK(snake_case("Half_Snake") == "half_snake");
    CHECK(snake_case("lowerCamel") == "lower_camel");
    CHECK(snake_case("Größe") == "größe");
    CHECK(snake_case("") == "");
    static_assert(text_of<SnakeCaseOf<Greeting>> == "greeting");
}

TEST_CASE("a name within the limit is kept whole") {
    CHECK(limited("short", 63) == R"("short")");
    CHECK(limited(std::string(63, 'x'), 63) == '"' + std::string(63, 'x') + '"');
    CHECK(limited(std::string(2000, 'x'), 0) == '"' + std::string(2000, 'x') + '"');
    CHECK(limited(R"(with "quotes")", 63) == R"("with ""quotes""")");
    CHECK(limited("", 63) == R"("")");
}

TEST_CASE("a name over the limit is cut and told apart by a hash of the whole") {
    const std::string one = limited(std::string(63, 'x') + '1', 63);
    const std::string two = limited(std::string(63, 'x') + '2', 63);
    CHECK(one.size() == 65);
    CHECK(one.starts_with('"' + std::string(54, 'x') + '_'));
    CHECK(one != two);
    CHECK(one.find_last_not_of("0123456789abcdef", one.size() - 2) == 55);
    CHECK(limited(std::string(63, 'x') + '1', 63) == one);
    // The hash must never change: an index that is there would be made again under another name.
    CHECK(fnv1a("") == 0x811c9dc5u);
    CHECK(fnv1a("a") == 0xe40c292cu);
    CHECK(fnv1a("foobar") == 0xbf9cf968u);
    CHECK(limited("abcdefghijk", 10) == "\"a_" + [] {
        std::string hexadecimal;
        for (unsigned shift = 32; shift != 0;)
            hexadecimal += "0123456789abcdef"[(fnv1a("abcdefghijk") >> (shift -= 4)) & 15];
        return hexadecimal;
    }() + '"');
}

TEST_CASE("a name is cut between characters of UTF-8, and quotes inside count once") {
    for (const std::string character : {"ä", "名", "🙂"})
        for (std::size_t shift = 0; shift != 4; ++shift) {
            std::string name(shift, 'x');
            while (name.size() <= 70) name += character;
            const std::string cut = limited(name, 63);
            const std::string kept = cut.substr(1, cut.size() - 2 - 9);
            CHECK(kept == name.substr(0, kept.size()));
            CHECK((kept.size() - shift) % character.size() == 0);
            CHECK(kept.size() <= 54);
            CHECK(kept.size() > 54 - character.size());
        }
    // 63 bytes after the server has read it.
    const std::string marks = limited(std::string(64, '"'), 63);
    CHECK(marks.size() == 1 + 2 * 54 + 9 + 1);
}

TEST_CASE("percent signs are decoded, and what is no code is refused") {
    CHECK(percent_decoded("") == "");
    CHECK(percent_decoded("plain/text?x=1") == "plain/text?x=1");
    CHECK(percent_decoded("%41%62%2f%2F") == "Ab//");
    CHECK(percent_decoded("%25%2525") == "%%25");
    CHECK(percent_decoded("a+b") == "a+b");
    CHECK(percent_decoded("gr%C3%B6%c3%9fe") == "größe");
    CHECK(percent_decoded("%") == std::nullopt);
    CHECK(percent_decoded("%4") == std::nullopt);
    CHECK(percent_decoded("abc%") == std::nullopt);
    CHECK(percent_decoded("abc%f") == std::nullopt);
    CHECK(percent_decoded("%zz") == std::nullopt);
    CHECK(percent_decoded("%4g") == std::nullopt);
    CHECK(percent_decoded("%%41") == std::nullopt);
    CHECK(percent_decoded("% 41") == std::nullopt);
    CHECK(percent_decoded("%00") == std::nullopt);
    CHECK(percent_decoded(std::string_view{"a\0b", 3}) == std::nullopt);
}

TEST_CASE("the parameters of a URL are told one by one, decoded") {
    using Seen = std::vector<std::string>;
    Seen seen;
    const auto all = [&](std::string_view query) {
        seen.clear();
        return for_each_parameter(query, [&](const std::string& name, const std::string& value) {
            seen.push_back(name + '=' + value);
            return name != "stop";
        });
    };
    CHECK(all(""));
    CHECK(seen.empty());
    CHECK(all("a=1&b=2"));
    CHECK(seen == Seen{"a=1", "b=2"});
    CHECK(all("&&a=%26&b&c=&d=x=y&"));
    CHECK(seen == Seen{"a=&", "b=", "c=", "d=x=y"});
    CHECK(!all("a=1&stop=2&b=3"));
    CHECK(seen == Seen{"a=1", "stop=2"});
    CHECK(!all("a=1&b=%zz&c=3"));
    CHECK(seen == Seen{"a=1"});
    CHECK(!all("%=1"));
}

TEST_CASE("dates are read where they exist") {
    CHECK(date("1970-01-01") == day_of(1970, 1, 1));
    CHECK(date("2016-10-07") == day_of(2016, 10, 7));
    CHECK(date("2024-02-29") == day_of(2024, 2, 29));
    CHECK(date("2000-02-29") == day_of(2000, 2, 29));
    CHECK(date("0000-01-01") == day_of(0, 1, 1));
    CHECK(date("0000-02-29") == day_of(0, 2, 29));
    CHECK(date("9999-12-31") == day_of(9999, 12, 31));
    for (const char* none : {"2023-02-29",  "1900-02-29",  "2100-02-29", "2024-02-30", "2024-04-31",  "2024-00-01",
                             "2024-13-01",  "2024-01-00",  "2024-01-32", "99-01-01",   "10000-01-01", "-001-01-01",
                             "+2024-01-1",  "2024-1-01",   "2024-01-1",  "2024/01/01", "20240101",    "2024-01-01 ",
                             " 2024-01-01", "2024-01-01T", "2024-01-0x", "2024-01--1", "today",       "٢٠٢٤-01-01"})
        CHECK_MESSAGE(date(none) == std::nullopt, none);
    CHECK(date(std::string_view{"2024-01-01\0", 11}) == std::nullopt);
}

TEST_CASE("dates are written as they are read") {
    CHECK(formatted(day_of(1970, 1, 1)) == "1970-01-01");
    CHECK(formatted(day_of(2024, 2, 29)) == "2024-02-29");
    CHECK(formatted(day_of(0, 1, 1)) == "0000-01-01");
    CHECK(formatted(day_of(9999, 12, 31)) == "9999-12-31");
    CHECK(formatted(day_of(987, 6, 5)) == "0987-06-05");
    CHECK(formatted(day_of(-1, 12, 31)) == std::nullopt);
    CHECK(formatted(day_of(10000, 1, 1)) == std::nullopt);
    // A year_month_day has 16 bits for the year, so that this day looks like one of 2000.
    CHECK(formatted(day_of(2000, 1, 1) + std::chrono::days{23'936'532}) == std::nullopt);
    int differing = 0;
    for (std::chrono::sys_days day = day_of(1896, 1, 1); day != day_of(2104, 12, 31); day += std::chrono::days{1})
        if (date(*formatted(day)) != day) ++differing;
    CHECK(differing == 0);
}

TEST_CASE("timestamps are read with and without seconds, fraction and zone") {
    const Timestamp noon = day_of(2016, 10, 7) + 12h;
    CHECK(timestamp("2016-10-07T12:00:00Z") == noon);
    CHECK(timestamp("2016-10-07 12:00:00") == noon);
    CHECK(timestamp("2016-10-07T12:00") == noon);
    CHECK(timestamp("2016-10-07 12:00Z") == noon);
    CHECK(timestamp("2016-10-07T12:34:56") == noon + 34min + 56s);
    CHECK(timestamp("2016-10-07T00:00:00.000001Z") == noon - 12h + 1us);
    CHECK(timestamp("2016-10-07T23:59:59.999999Z") == noon + 12h - 1us);
    CHECK(timestamp("1969-12-31T23:59:59.999999Z") == Timestamp{-1us});
    CHECK(timestamp("0000-01-01T00:00:00Z") == Timestamp{day_of(0, 1, 1)});
    CHECK(timestamp("9999-12-31T23:59:59.999999Z") == Timestamp{day_of(9999, 12, 31)} + 24h - 1us);
}

TEST_CASE("a fraction has one to six digits, and only zeros behind them") {
    const Timestamp whole = day_of(2016, 10, 7);
    CHECK(timestamp("2016-10-07T00:00:00.1Z") == whole + 100000us);
    CHECK(timestamp("2016-10-07T00:00:00.12Z") == whole + 120000us);
    CHECK(timestamp("2016-10-07T00:00:00.123Z") == whole + 123000us);
    CHECK(timestamp("2016-10-07T00:00:00.1234Z") == whole + 123400us);
    CHECK(timestamp("2016-10-07T00:00:00.12345Z") == whole + 123450us);
    CHECK(timestamp("2016-10-07T00:00:00.123456Z") == whole + 123456us);
    CHECK(timestamp("2016-10-07T00:00:00.1234560Z") == whole + 123456us);
    CHECK(timestamp("2016-10-07T00:00:00.12345600Z") == whole + 123456us);
    CHECK(timestamp("2016-10-07T00:00:00.123456000") == whole + 123456us);
    CHECK(timestamp("2016-10-07T00:00:00.000000000Z") == whole);
    // Microseconds are all that a Timestamp holds: digits are never dropped.
    CHECK(timestamp("2016-10-07T00:00:00.1234567Z") == std::nullopt);
    CHECK(timestamp("2016-10-07T00:00:00.12345678Z") == std::nullopt);
    CHECK(timestamp("2016-10-07T00:00:00.123456789Z") == std::nullopt);
    CHECK(timestamp("2016-10-07T00:00:00.000000001Z") == std::nullopt);
    CHECK(timestamp("2016-10-07T00:00:00.Z") == std::nullopt);
    CHECK(timestamp("2016-10-07T00:00:00.") == std::nullopt);
    CHECK(timestamp("2016-10-07T00:00.5Z") == std::nullopt);
}

TEST_CASE("an offset from UTC is taken off") {
    const Timestamp midnight = day_of(2024, 3, 1);
    CHECK(timestamp("2024-03-01T02:00:00+02:00") == midnight);
    CHECK(timestamp("2024-03-01T02:00:00+0200") == midnight);
    CHECK(timestamp("2024-03-01T02:00:00+02") == midnight);
    CHECK(timestamp("2024-02-29T19:00:00-05:00") == midnight);
    CHECK(timestamp("2024-03-01T05:45:00+05:45") == midnight);
    CHECK(timestamp("2024-02-29T20:30:00.5-03:30") == midnight + 500ms);
    CHECK(timestamp("2024-03-01T00:00:00-00:00") == midnight);
    CHECK(timestamp("2024-03-01T23:59+23:59") == midnight);
    for (const char* none :
         {"2024-03-01T00:00:00+24:00", "2024-03-01T00:00:00+02:60", "2024-03-01T00:00:00+2",
          "2024-03-01T00:00:00+02:", "2024-03-01T00:00:00+02:0", "2024-03-01T00:00:00+02:000", "2024-03-01T00:00:00+",
          "2024-03-01T00:00:00-", "2024-03-01T00:00:00+-2", "2024-03-01T00:00:00Z+02:00", "2024-03-01T00:00:00+02:00Z",
          "2024-03-01T00:00:00ZZ", "2024-03-01T00:00:00z", "2024-03-01T00:00:00 UTC"})
        CHECK_MESSAGE(timestamp(none) == std::nullopt, none);
}

TEST_CASE("what is no timestamp is refused") {
    for (const char* none : {"",
                             "now",
                             "2024-03-01",
                             "2024-03-01T",
                             "2024-02-30T00:00:00Z",
                             "2023-02-29T00:00:00Z",
                             "2024-03-01T24:00:00Z",
                             "2024-03-01T00:60:00Z",
                             "2024-03-01T00:00:60Z",
                             "2024-03-01T00:00:61Z",
                             "2024-03-01t00:00:00Z",
                             "2024-03-01_00:00:00Z",
                             "2024-03-01  00:00:00Z",
                             "2024-03-01T0:00:00Z",
                             "2024-03-01T-1:00:00Z",
                             "2024-03-01T00:00:0Z",
                             "2024-03-01T00-00-00Z",
                             "2024-03-01T00:00:00,5Z",
                             " 2024-03-01T00:00:00Z",
                             "2024-03-01T00:00:00Z ",
                             "1709251200",
                             "2024-W09-5T00:00:00Z"})
        CHECK_MESSAGE(timestamp(none) == std::nullopt, none);
    CHECK(timestamp(std::string_view{"2024-03-01T00:00:00Z\0", 21}) == std::nullopt);
}

TEST_CASE("no beginning of a timestamp is read beyond its end, nor taken for another one") {
    const std::string whole = "2016-10-07 12:34:56.123456+02:00";
    for (std::size_t size = 0; size <= whole.size(); ++size) {
        // In memory of its own, so that a sanitizer sees a read behind it.
        const std::vector<char> exact(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
        const bool minutes = size == 16;
        const bool seconds = size == 19;
        const bool fraction = size >= 21 && size <= 26;
        const bool zone = size == 29 || size == 32;
        const std::string_view beginning{exact.data(), exact.size()};
        CHECK_MESSAGE(timestamp(beginning).has_value() == (minutes || seconds || fraction || zone), beginning);
        CHECK_MESSAGE(date(beginning).has_value() == (size == 10), beginning);
    }
}

static_assert([] {
    Timestamp time{};
    return parse_timestamp("2016-10-07T00:00:00Z", time) && time == Timestamp{day_of(2016, 10, 7)};
}());
