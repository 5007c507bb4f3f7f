#pragma once

#include <rowan/core/inline.hpp>
#include <rowan/core/time.hpp>
#include <rowan/types/calendar.hpp>
#include <rowan/types/fault.hpp>
#include <rowan/types/timestamp.hpp>

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <utility>

/// The binary format of parameters and results: big-endian, times counted from the year 2000.
namespace rowan::postgres::wire {

namespace detail {

// Byte by byte, but without a loop, which compilers would keep: they make one instruction of it. But they do so after
// they have decided that it is too long to be part of the caller.
template <class Number, std::size_t... I>
ROWAN_ALWAYS_INLINE constexpr void store(char* out, Number value, std::index_sequence<I...>) {
    ((out[I] = static_cast<char>(static_cast<unsigned char>(value >> (8 * (sizeof value - 1 - I))))), ...);
}
template <class Number, std::size_t... I>
ROWAN_ALWAYS_INLINE constexpr Number load(const char* in, std::index_sequence<I...>) {
    return static_cast<Number>(
        ((static_cast<Number>(static_cast<unsigned char>(in[I])) << (8 * (sizeof(Number) - 1 - I))) | ...));
}

}  // namespace detail

template <std::unsigned_integral Number>
constexpr void store(char* out, Number value) {
    detail::store(out, value, std::make_index_sequence<sizeof value>{});
}

template <std::signed_integral Number>
constexpr void store(char* out, Number value) {
    store(out, static_cast<std::make_unsigned_t<Number>>(value));
}

inline void store(char* out, double value) { store(out, std::bit_cast<std::uint64_t>(value)); }

template <std::unsigned_integral Number>
ROWAN_ALWAYS_INLINE constexpr Number load_unsigned(const char* in) {
    return detail::load<Number>(in, std::make_index_sequence<sizeof(Number)>{});
}

template <std::signed_integral Number>
ROWAN_ALWAYS_INLINE constexpr Number load(const char* in) {
    return static_cast<Number>(load_unsigned<std::make_unsigned_t<Number>>(in));
}

inline double load_double(const char* in) { return std::bit_cast<double>(load_unsigned<std::uint64_t>(in)); }
inline float load_float(const char* in) { return std::bit_cast<float>(load_unsigned<std::uint32_t>(in)); }

inline constexpr std::chrono::sys_days epoch = rowan::detail::day_of({2000, 1, 1});

// The ranges that the server takes; the numbers at both ends of the integers mean infinity.
// https://github.com/postgres/postgres/blob/master/src/include/datatype/timestamp.h
inline constexpr std::int64_t first_timestamp = -211813488000000000;
inline constexpr std::int64_t end_timestamp = 9223371331200000000;
inline constexpr std::int64_t first_day = -2451545;

constexpr Fault from_timestamp(Timestamp time, std::int64_t& microseconds) {
    constexpr std::int64_t shift = std::chrono::microseconds{epoch.time_since_epoch()}.count();
    const std::int64_t count = time.time_since_epoch().count();
    if (count < first_timestamp + shift) return Fault::out_of_range;
    microseconds = count - shift;
    return microseconds < end_timestamp ? Fault::none : Fault::out_of_range;
}

constexpr Fault to_timestamp(std::int64_t microseconds, Timestamp& time) {
    constexpr std::int64_t shift = std::chrono::microseconds{epoch.time_since_epoch()}.count();
    if (microseconds == std::numeric_limits<std::int64_t>::min() ||
        microseconds > std::numeric_limits<std::int64_t>::max() - shift)
        return Fault::out_of_range;
    time = Timestamp{std::chrono::microseconds{microseconds + shift}};
    return Fault::none;
}

constexpr Fault from_days(std::chrono::sys_days day, std::int32_t& days) {
    const std::int64_t count = (day - epoch).count();
    if (count < first_day) return Fault::out_of_range;
    days = static_cast<std::int32_t>(count);
    return Fault::none;
}

constexpr Fault to_days(std::int32_t days, std::chrono::sys_days& day) {
    if (days == std::numeric_limits<std::int32_t>::min() || days == std::numeric_limits<std::int32_t>::max())
        return Fault::out_of_range;
    day = epoch + std::chrono::days{days};
    return Fault::none;
}

}  // namespace rowan::postgres::wire
