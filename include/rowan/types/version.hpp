#pragma once

#include <rowan/types/integer.hpp>
#include <rowan/types/type.hpp>

#include <compare>
#include <cstdint>

namespace rowan {

/// A member of this type makes its table's rows versioned: 1 when a row is inserted, one more with each change that
/// goes through rowan. `Repository::update`, `patch` and `erase` of a struct change its row only while it still has the
/// struct's version, else they give Code::stale. 0 in a struct that was never stored.
///
/// Reads like a std::int64_t. rowan alone writes it: no `set<&T::version>` compiles.
struct Version {
    std::int64_t value = 0;

    constexpr Version() = default;
    constexpr Version(std::int64_t number) : value{number} {}
    constexpr operator std::int64_t() const { return value; }

    friend constexpr bool operator==(Version, Version) = default;
    friend constexpr auto operator<=>(Version, Version) = default;
    // Without these, a Version beside an int could be compared in two ways.
    template <Integer Number>
    friend constexpr bool operator==(Version left, Number right) {
        return left.value == static_cast<std::int64_t>(right);
    }
    template <Integer Number>
    friend constexpr std::strong_ordering operator<=>(Version left, Number right) {
        return left.value <=> static_cast<std::int64_t>(right);
    }
};

template <>
struct Type<Version> : Type<std::int64_t> {
    using Type<std::int64_t>::read;

    template <class Cell>
    static Fault read(const Cell& cell, Version& version) {
        return read(cell, version.value);
    }
};

}  // namespace rowan
