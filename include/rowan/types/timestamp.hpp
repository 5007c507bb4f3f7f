#pragma once

#include <rowan/core/time.hpp>
#include <rowan/types/type.hpp>

namespace rowan {

/// A point in time: microseconds since 1970-01-01T00:00:00 UTC, leap seconds not counted.
using Timestamp = std::chrono::sys_time<std::chrono::microseconds>;

template <>
struct Type<Timestamp> {
    static constexpr ColumnType column = ColumnType::timestamp;

    template <class Sink>
    static Fault write(Sink& sink, Timestamp value) {
        return sink.put(value);
    }

    template <class Cell>
    static Fault read(const Cell& cell, Timestamp& value) {
        return cell.get(value);
    }
};

}  // namespace rowan
