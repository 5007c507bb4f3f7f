#pragma once

#include <rowan/core/view.hpp>
#include <rowan/types/stored.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace rowan {

struct ColumnInfo {
    std::string_view name;
    ColumnType type{};
    bool nullable = false;
};

struct IndexColumn {
    std::uint16_t column = 0;
    bool descending = false;
};

struct Dialect;

namespace detail {

class TextWriter;

/// Writes the condition of a partial index: a column is `column_mark` and its place from 1, as a byte each.
inline constexpr char column_mark = '\1';
using WritePredicate = void (*)(TextWriter&, const Dialect&);

}  // namespace detail

/// A unique constraint or an index: a run of `TableInfo::index_columns`, over all rows or those that fulfil a
/// condition.
struct IndexInfo {
    std::uint16_t first = 0;
    std::uint16_t count = 0;
    bool unique = false;
    // Said on its own: GCC does not compare a function with null in a constant under its sanitizers.
    bool partial = false;
    detail::WritePredicate predicate = nullptr;

    /// Is it a constraint of the table, and not an object of its own?
    [[nodiscard]] constexpr bool is_constraint() const { return unique && !partial; }
};

/// Which columns rowan writes by itself; `none` where there is no such column.
struct ManagedColumns {
    static constexpr std::uint16_t none = 0xffff;

    std::uint16_t version = none;
    std::uint16_t updated_at = none;
    std::uint16_t created_at = none;

    [[nodiscard]] constexpr bool has(std::size_t column) const {
        return column == version || column == updated_at || column == created_at;
    }
};

/// A table as the writers of statements see it: without its C++ type, so that they are compiled once. All of
/// it is in static storage.
struct TableInfo {
    std::string_view name;
    std::string_view schema;
    detail::View<ColumnInfo> columns;
    detail::View<std::uint16_t> key;
    bool generated_key = false;
    detail::View<IndexInfo> indexes;
    detail::View<IndexColumn> index_columns;
    ManagedColumns managed{};

    [[nodiscard]] constexpr detail::View<IndexColumn> columns_of(const IndexInfo& index) const {
        return {index_columns.data() + index.first, index.count};
    }
};

}  // namespace rowan
