#pragma once

#include <rowan/core/text.hpp>
#include <rowan/core/type_list.hpp>
#include <rowan/reflect/fields.hpp>
#include <rowan/schema/codec.hpp>
#include <rowan/schema/info.hpp>
#include <rowan/schema/managed.hpp>
#include <rowan/schema/table.hpp>
#include <rowan/types/optional.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace rowan {

namespace detail {

/// The names of the table and its columns, end to end: those that a compiler gives have its whole spelling of the
/// member around them, and a Table has room for far more than it holds.
template <class T>
struct NamesOf {
    static constexpr void write(TextWriter& out) {
        out << table<T>.name();
        for (const ColumnOptions& column : table<T>.columns()) out << column.name;
    }
};

template <std::size_t column_count, std::size_t key_size, std::size_t index_count, std::size_t index_column_count>
struct TableParts {
    std::array<ColumnInfo, column_count> columns{};
    std::array<std::uint16_t, key_size> key{};
    std::array<IndexInfo, index_count> indexes{};
    std::array<IndexColumn, index_column_count> index_columns{};
};

template <class To, class From>
constexpr void copy_items(To& to, const From& from) {
    for (std::size_t i = 0; i != from.size(); ++i) to[i] = from[i];
}

template <class T>
inline constexpr auto table_parts =
    []<std::size_t... I, class... Members>(std::index_sequence<I...>, TypeList<Members...>) {
        constexpr auto& all = table<T>;
        TableParts<sizeof...(I), all.key_columns().size(), all.indexes().size(), all.index_columns().size()> parts{
            {ColumnInfo{{}, CodecOf<T, I, Members>::column, is_optional<Members>}...}};
        std::size_t at = all.name().size();
        for (std::size_t i = 0; i != sizeof...(I); ++i) {
            parts.columns[i].name = text_of<NamesOf<T>>.substr(at, all.columns()[i].name.size());
            at += parts.columns[i].name.size();
        }
        copy_items(parts.key, all.key_columns());
        copy_items(parts.indexes, all.indexes());
        copy_items(parts.index_columns, all.index_columns());
        return parts;
    }(std::make_index_sequence<reflect::field_count<T>>{}, reflect::MemberTypes<T>{});

}  // namespace detail

/// T's table without T.
template <class T>
inline constexpr TableInfo table_info{.name = detail::text_of<detail::NamesOf<T>>.substr(0, table<T>.name().size()),
                                      .schema = table<T>.schema(),
                                      .columns = detail::table_parts<T>.columns,
                                      .key = detail::table_parts<T>.key,
                                      .generated_key = table<T>.has_generated_key(),
                                      .indexes = detail::table_parts<T>.indexes,
                                      .index_columns = detail::table_parts<T>.index_columns,
                                      .managed = detail::managed_columns<T>};

}  // namespace rowan
