#pragma once

#include <rowan/types/type.hpp>

namespace rowan {

template <>
struct Type<bool> {
    static constexpr ColumnType column = ColumnType::boolean;

    template <class Sink>
    static Fault write(Sink& sink, bool value) {
        return sink.put(value);
    }

    template <class Cell>
    static Fault read(const Cell& cell, bool& value) {
        return cell.get(value);
    }
};

}  // namespace rowan
