#pragma once

#include <rowan/sqlite/cell.hpp>

#include <cstddef>
#include <memory>

#include <sqlite3.h>

namespace rowan::sqlite {

/// The values of a row, in order. Whoever made them says how long they are there.
class Row {
public:
    explicit Row(sqlite3_value** values) : values_{values} {}
    [[nodiscard]] Cell cell(int column) const { return Cell{values_[column]}; }

private:
    sqlite3_value** values_;
};

/// The values of the row at which a statement stands, up to its next step.
class FetchedRow {
public:
    FetchedRow(sqlite3_stmt* statement, int columns) {
        if (static_cast<std::size_t>(columns) > few) [[unlikely]]
            many_.reset(new sqlite3_value*[static_cast<std::size_t>(columns)]);
        sqlite3_value** const values = many_ ? many_.get() : few_;
        for (int i = 0; i != columns; ++i) values[i] = sqlite3_column_value(statement, i);
    }

    operator Row() { return Row{many_ ? many_.get() : few_}; }

private:
    static constexpr std::size_t few = 64;

    // Not cleared, as each value is set before it is read.
    sqlite3_value* few_[few];
    std::unique_ptr<sqlite3_value*[]> many_{};
};

}  // namespace rowan::sqlite
