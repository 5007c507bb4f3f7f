#pragma once

#include <rowan/types/type.hpp>

#include <cstddef>
#include <span>
#include <vector>

namespace rowan {

/// A view is written without a copy; it cannot be a column, as nobody would own what is read.
template <>
struct Type<std::span<const std::byte>> {
    template <class Sink>
    static Fault write(Sink& sink, std::span<const std::byte> value) {
        return sink.put(value);
    }
};

/// Bytes, any of them, in any number.
template <>
struct Type<std::vector<std::byte>> {
    static constexpr ColumnType column = ColumnType::blob;

    template <class Sink>
    static Fault write(Sink& sink, const std::vector<std::byte>& value) {
        return sink.put(std::span<const std::byte>{value.data(), value.size()});
    }

    template <class Cell>
    static Fault read(const Cell& cell, std::vector<std::byte>& value) {
        std::span<const std::byte> bytes;
        if (const Fault fault = cell.get(bytes); fault != Fault::none) return fault;
        value.assign(bytes.data(), bytes.data() + bytes.size());
        return Fault::none;
    }
};

}  // namespace rowan
