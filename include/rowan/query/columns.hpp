#pragma once

#include <rowan/core/text.hpp>
#include <rowan/core/view.hpp>
#include <rowan/schema/info.hpp>
#include <rowan/schema/naming.hpp>
#include <rowan/schema/table_info.hpp>
#include <rowan/types/stored.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace rowan::detail {

/// Which columns of a table a statement names, in which order.
enum class Columns : std::uint8_t {
    all,
    all_but_generated,
    changeable,  ///< what the program changes: all but the key and what rowan writes
    written,     ///< the same, then the time of the change
    key,
    key_and_version,  ///< what finds a row as it was
    written_then_key_and_version,
};

constexpr bool is_key(const TableInfo& table, std::size_t column) {
    for (const std::uint16_t part : table.key)
        if (part == column) return true;
    return false;
}

/// Counts the columns of the set, and writes their places to `out` unless it is null.
constexpr std::size_t list_columns(const TableInfo& table, Columns set, std::uint16_t* out) {
    std::size_t count = 0;
    const auto add = [&](std::size_t column) {
        if (out != nullptr) out[count] = static_cast<std::uint16_t>(column);
        ++count;
    };
    const auto add_if_there = [&](std::uint16_t managed) {
        if (managed != ManagedColumns::none) add(managed);
    };
    const bool writes = set == Columns::written || set == Columns::written_then_key_and_version;
    for (std::size_t i = 0; i != table.columns.size(); ++i)
        if (set == Columns::all || (set == Columns::all_but_generated && !(table.generated_key && is_key(table, i))) ||
            ((writes || set == Columns::changeable) && !is_key(table, i) && !table.managed.has(i)))
            add(i);
    if (writes) add_if_there(table.managed.updated_at);
    if (set == Columns::key || set == Columns::key_and_version || set == Columns::written_then_key_and_version)
        for (const std::uint16_t part : table.key) add(part);
    if (set == Columns::key_and_version || set == Columns::written_then_key_and_version)
        add_if_there(table.managed.version);
    return count;
}

template <class T, Columns set>
inline constexpr auto column_list = [] {
    std::array<std::uint16_t, list_columns(table_info<T>, set, nullptr)> columns{};
    list_columns(table_info<T>, set, columns.data());
    return columns;
}();

/// The forms in which the columns of a set travel: one value a parameter, or a list of them.
template <class T, Columns set, bool lists = false>
inline constexpr auto column_forms = [] {
    std::array<Form, column_list<T, set>.size()> forms{};
    for (std::size_t i = 0; i != forms.size(); ++i)
        forms[i] = {stored_as(table_info<T>.columns[column_list<T, set>[i]].type), lists};
    return forms;
}();

constexpr void write_column(TextWriter& out, const Dialect& dialect, const TableInfo& table, std::size_t column) {
    write_identifier(out, dialect, table.columns[column].name);
}

constexpr void write_columns(TextWriter& out, const Dialect& dialect, const TableInfo& table,
                             View<std::uint16_t> columns) {
    Separator comma{", "};
    for (const std::uint16_t column : columns) {
        out << comma;
        write_column(out, dialect, table, column);
    }
}

/// The names of all columns of T's table as they stand in a SELECT, for any database that takes names so long.
template <class T>
struct ColumnNames {
    static constexpr void write(TextWriter& out) {
        Separator comma{", "};
        for (const ColumnInfo& column : table_info<T>.columns) write_identifier(out << comma, Dialect{}, column.name);
    }
    static constexpr std::size_t longest = [] {
        std::size_t longest = 0;
        for (const ColumnInfo& column : table_info<T>.columns)
            if (column.name.size() > longest) longest = column.name.size();
        return longest;
    }();
};

template <class T>
constexpr void write_all_columns(TextWriter& out, const Dialect& dialect) {
    if (dialect.identifier_limit != 0 && ColumnNames<T>::longest > dialect.identifier_limit)
        this_identifier_is_longer_than_the_database_allows();
    out << text_of<ColumnNames<T>>;
}

constexpr void write_parameter(TextWriter& out, const Dialect& dialect, std::size_t number) {
    out << dialect.parameter_mark;
    out.number(number);
}

/// `"a" = $1, "b" = $2`, or with another separator.
constexpr void write_assignments(TextWriter& out, const Dialect& dialect, const TableInfo& table,
                                 View<std::uint16_t> columns, std::size_t first_parameter, std::string_view separator) {
    Separator between{separator};
    for (const std::uint16_t column : columns) {
        out << between;
        write_column(out, dialect, table, column);
        out << " = ";
        write_parameter(out, dialect, first_parameter++);
    }
}

}  // namespace rowan::detail
