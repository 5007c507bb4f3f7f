#pragma once

#include <rowan/rowan.hpp>

#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include <boost/describe/enum.hpp>

/// A struct with every type that can be a column, and rows of random values for it.
namespace every_type {

enum class Side : std::int8_t { buy = 1, sell = -1 };
BOOST_DESCRIBE_ENUM(Side, buy, sell)

enum class Venue : std::uint16_t { first = 1, last = 65535 };

struct Row {
    std::int64_t id{};
    bool flag{};
    std::int8_t i8{};
    std::int16_t i16{};
    std::int32_t i32{};
    std::int64_t i64{};
    std::uint8_t u8{};
    std::uint16_t u16{};
    std::uint32_t u32{};
    std::uint64_t u64{};
    float real{};
    double wide{};
    std::string text{};
    std::vector<std::byte> blob{};
    Side side = Side::buy;
    Side side_number = Side::buy;
    Venue venue{};
    rowan::Timestamp time{};
    std::chrono::year_month_day day = std::chrono::year{1970} / 1 / 1;
    std::optional<bool> maybe_flag{};
    std::optional<std::int8_t> maybe_i8{};
    std::optional<std::int64_t> maybe_i64{};
    std::optional<std::uint32_t> maybe_u32{};
    std::optional<float> maybe_real{};
    std::optional<double> maybe_wide{};
    std::optional<std::string> maybe_text{};
    std::optional<std::vector<std::byte>> maybe_blob{};
    std::optional<Side> maybe_side{};
    std::optional<Side> maybe_side_number{};
    std::optional<Venue> maybe_venue{};
    std::optional<rowan::Timestamp> maybe_time{};
    std::optional<std::chrono::year_month_day> maybe_day{};
};

template <class T>
bool same_bits(const T& a, const T& b) {
    if constexpr (std::is_same_v<T, double>)
        return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
    else if constexpr (std::is_same_v<T, float>)
        return std::bit_cast<std::uint32_t>(a) == std::bit_cast<std::uint32_t>(b);
    else
        return a == b;
}

template <class T>
bool same_bits(const std::optional<T>& a, const std::optional<T>& b) {
    return a.has_value() == b.has_value() && (!a || same_bits(*a, *b));
}

/// Equal to the last bit, also where == would call two doubles equal.
inline bool same_row(const Row& a, const Row& b) {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
        const auto left = rowan::reflect::tie(a);
        const auto right = rowan::reflect::tie(b);
        return (same_bits(std::get<I>(left), std::get<I>(right)) && ...);
    }(std::make_index_sequence<rowan::reflect::field_count<Row>>{});
}

class RandomRows {
public:
    explicit RandomRows(std::uint64_t seed) : random_{seed} {}

    Row next() {
        Row row;
        row.flag = coin();
        row.i8 = integer<std::int8_t>();
        row.i16 = integer<std::int16_t>();
        row.i32 = integer<std::int32_t>();
        row.i64 = integer<std::int64_t>();
        row.u8 = integer<std::uint8_t>();
        row.u16 = integer<std::uint16_t>();
        row.u32 = integer<std::uint32_t>();
        row.u64 = integer<std::uint64_t>() >> 1;
        row.real = real();
        row.wide = wide();
        row.text = text();
        row.blob = blob();
        row.side = side();
        row.side_number = side();
        row.venue = static_cast<Venue>(integer<std::uint16_t>());
        row.time = time();
        row.day = day();
        maybe(row.maybe_flag, [&] { return coin(); });
        maybe(row.maybe_i8, [&] { return integer<std::int8_t>(); });
        maybe(row.maybe_i64, [&] { return integer<std::int64_t>(); });
        maybe(row.maybe_u32, [&] { return integer<std::uint32_t>(); });
        maybe(row.maybe_real, [&] { return real(); });
        maybe(row.maybe_wide, [&] { return wide(); });
        maybe(row.maybe_text, [&] { return text(); });
        maybe(row.maybe_blob, [&] { return blob(); });
        maybe(row.maybe_side, [&] { return side(); });
        maybe(row.maybe_side_number, [&] { return side(); });
        maybe(row.maybe_venue, [&] { return static_cast<Venue>(integer<std::uint16_t>()); });
        maybe(row.maybe_time, [&] { return time(); });
        maybe(row.maybe_day, [&] { return day(); });
        return row;
    }

private:
    bool coin() { return (random_() & 1) != 0; }

    template <class T, class Make>
    void maybe(std::optional<T>& value, Make make) {
        if (random_() % 3 != 0) value = make();
    }

    /// Every third is at an end of its range.
    template <class T>
    T integer() {
        switch (random_() % 9) {
            case 0: return std::numeric_limits<T>::min();
            case 1: return std::numeric_limits<T>::max();
            case 2: return T{0};
            default: return static_cast<T>(random_());
        }
    }

    /// Any bits but those of NaN and of -0.0, which SQLite does not keep.
    double wide() {
        constexpr double ends[] = {std::numeric_limits<double>::infinity(),   -std::numeric_limits<double>::infinity(),
                                   std::numeric_limits<double>::denorm_min(), std::numeric_limits<double>::max(),
                                   std::numeric_limits<double>::lowest(),     0.1};
        if (random_() % 6 == 0) return ends[random_() % std::size(ends)];
        const double value = std::bit_cast<double>(random_());
        return value != value || value == 0 ? 0.0 : value;
    }

    float real() {
        const float value = std::bit_cast<float>(static_cast<std::uint32_t>(random_()));
        return value != value || value == 0 ? 0.0F : value;
    }

    std::string text() {
        static constexpr const char* pieces[] = {"a",  "'",  "\"",   "\\", "%",  "ß", "日本",
                                                 "🕯", "\n", "\x01", " ",  "$1", "?"};
        std::string made;
        for (std::uint64_t left = random_() % 24; left != 0; --left) made += pieces[random_() % std::size(pieces)];
        return made;
    }

    std::vector<std::byte> blob() {
        std::vector<std::byte> bytes(random_() % 40);
        for (std::byte& byte : bytes) byte = static_cast<std::byte>(random_());
        return bytes;
    }

    Side side() { return coin() ? Side::buy : Side::sell; }

    /// From the year 1 to 9999, which both databases hold.
    rowan::Timestamp time() {
        const auto microseconds = static_cast<std::int64_t>(random_() % 315'000'000'000'000'000);
        return rowan::Timestamp{std::chrono::microseconds{microseconds - 62'135'000'000'000'000}};
    }

    std::chrono::year_month_day day() { return std::chrono::floor<std::chrono::days>(time()); }

    std::mt19937_64 random_;
};

}  // namespace every_type

template <>
inline constexpr auto rowan::table<every_type::Row> = rowan::describe<every_type::Row>("every_type")
                                                          .by_value<&every_type::Row::side_number>()
                                                          .by_value<&every_type::Row::maybe_side_number>();
