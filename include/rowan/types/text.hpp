#pragma once

#include <rowan/core/inline.hpp>
#include <rowan/types/type.hpp>

#include <string>
#include <string_view>

namespace rowan {

/// A view is written without a copy; it cannot be a column, as nobody would own what is read.
template <>
struct Type<std::string_view> {
    template <class Sink>
    ROWAN_ALWAYS_INLINE static Fault write(Sink& sink, std::string_view value) {
        return sink.put(value);
    }
};

/// UTF-8 text.
template <>
struct Type<std::string> {
    static constexpr ColumnType column = ColumnType::text;

    template <class Sink>
    ROWAN_ALWAYS_INLINE static Fault write(Sink& sink, const std::string& value) {
        return sink.put(std::string_view{value});
    }

    template <class Cell>
    ROWAN_ALWAYS_INLINE static Fault read(const Cell& cell, std::string& value) {
        std::string_view text;
        if (const Fault fault = cell.get(text); fault != Fault::none) return fault;
        value.assign(text.data(), text.size());
        return Fault::none;
    }
};

}  // namespace rowan
