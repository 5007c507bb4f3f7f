#pragma once

#include <rowan/core/inline.hpp>
#include <rowan/types/type.hpp>

#include <concepts>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <utility>

namespace rowan {

/// The integer types, signed and unsigned. Characters (`char`, `char8_t`, …) are none of them: whether they
/// are text or numbers is not ours to guess.
template <class T>
concept Integer = std::integral<T> && !std::same_as<T, bool> && !std::same_as<T, char> && !std::same_as<T, wchar_t> &&
                  !std::same_as<T, char8_t> && !std::same_as<T, char16_t> && !std::same_as<T, char32_t>;

/// The smallest column that holds every value; std::uint64_t goes into a 64-bit column, and what is over its
/// limit is refused when it is written.
template <Integer T>
struct Type<T> {
    static constexpr ColumnType column = [] {
        constexpr int bits = std::numeric_limits<T>::digits;
        if (bits <= 15) return ColumnType::int16;
        return bits <= 31 ? ColumnType::int32 : ColumnType::int64;
    }();

    template <class Sink>
    ROWAN_ALWAYS_INLINE static Fault write(Sink& sink, T value) {
        if constexpr (std::numeric_limits<T>::digits > 63)
            if (!std::in_range<std::int64_t>(value)) return Fault::out_of_range;
        return sink.put(static_cast<std::int64_t>(value));
    }

    template <class Cell>
    ROWAN_ALWAYS_INLINE static Fault read(const Cell& cell, T& value) {
        std::int64_t wide{};
        if (const Fault fault = cell.get(wide); fault != Fault::none) return fault;
        if (!std::in_range<T>(wide)) return Fault::out_of_range;
        value = static_cast<T>(wide);
        return Fault::none;
    }
};

}  // namespace rowan
