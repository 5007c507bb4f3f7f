#pragma once

#include <cstddef>
#include <string_view>

namespace rowan {

/// A text as a template argument: `as<"total">`.
template <std::size_t size>
struct FixedString {
    char characters[size]{};

    // NOLINTNEXTLINE(google-explicit-constructor): a literal is meant to become one
    constexpr FixedString(const char (&text)[size]) {
        for (std::size_t i = 0; i != size; ++i) characters[i] = text[i];
    }

    [[nodiscard]] constexpr std::string_view view() const { return {characters, size - 1}; }
};

}  // namespace rowan
