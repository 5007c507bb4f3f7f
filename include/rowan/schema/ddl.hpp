#pragma once

#include <rowan/core/text.hpp>
#include <rowan/schema/info.hpp>
#include <rowan/schema/naming.hpp>
#include <rowan/schema/table_info.hpp>
#include <rowan/types/integer.hpp>

#include <cstddef>
#include <string_view>

namespace rowan::detail {

/// The table's name without its schema: how statements call it once it is known.
constexpr void write_bare_table_name(TextWriter& out, const Dialect& dialect, const TableInfo& table) {
    if (table.schema.empty() || dialect.has_schemas) {
        write_identifier(out, dialect, table.name);
        return;
    }
    char text[512]{};
    TextWriter whole{text};
    whole << table.schema << '_' << table.name;
    write_identifier(out, dialect, whole.text());
}

constexpr void write_table_name(TextWriter& out, const Dialect& dialect, const TableInfo& table) {
    if (dialect.has_schemas && !table.schema.empty()) {
        write_identifier(out, dialect, table.schema);
        out << '.';
    }
    write_bare_table_name(out, dialect, table);
}

/// The name without its ending: the table's and the columns'. Where there are no schemas, names are shared by all
/// tables, so the prefix is part of them.
constexpr void write_index_stem(TextWriter& out, const Dialect& dialect, const TableInfo& table,
                                const IndexInfo& index) {
    if (!dialect.has_schemas && !table.schema.empty()) out << table.schema << '_';
    out << table.name;
    for (const IndexColumn& item : table.columns_of(index)) out << '_' << table.columns[item.column].name;
}

/// How many indexes of the table before this one have the same stem and ending.
constexpr std::size_t namesakes_before(const Dialect& dialect, const TableInfo& table, const IndexInfo& index) {
    char wanted[2048]{};
    TextWriter stem{wanted};
    write_index_stem(stem, dialect, table, index);
    std::size_t count = 0;
    for (const IndexInfo& other : table.indexes) {
        if (other.first == index.first) break;
        char text[2048]{};
        TextWriter out{text};
        write_index_stem(out, dialect, table, other);
        if (other.unique == index.unique && out.text() == stem.text()) ++count;
    }
    return count;
}

/// `table_column_column_key` for a unique constraint, `…_idx` for an index, as the field names them; a number tells
/// those apart that differ in direction only.
constexpr void write_index_name(TextWriter& out, const Dialect& dialect, const TableInfo& table,
                                const IndexInfo& index) {
    char text[2048]{};
    TextWriter name{text};
    write_index_stem(name, dialect, table, index);
    name << (index.unique ? "_key" : "_idx");
    if (const std::size_t before = namesakes_before(dialect, table, index); before != 0) name.number(before);
    write_limited(out, name.text(), dialect.identifier_limit);
}

constexpr void write_index_columns(TextWriter& out, const Dialect& dialect, const TableInfo& table,
                                   const IndexInfo& index) {
    Separator comma{", "};
    out << '(';
    for (const IndexColumn& item : table.columns_of(index)) {
        out << comma;
        write_identifier(out, dialect, table.columns[item.column].name);
        if (item.descending) out << " DESC";
    }
    out << ')';
}

/// The condition of a partial index, with the columns' names.
constexpr void write_predicate(TextWriter& out, const Dialect& dialect, const TableInfo& table,
                               WritePredicate predicate) {
    char text[2048]{};
    TextWriter marked{text};
    predicate(marked, dialect);
    for (std::size_t i = 0; i != marked.size(); ++i) {
        if (text[i] != column_mark)
            out << text[i];
        else
            write_identifier(out, dialect,
                             table.columns[static_cast<std::size_t>(static_cast<unsigned char>(text[++i])) - 1].name);
    }
}

constexpr void write_create_table(TextWriter& out, const Dialect& dialect, const TableInfo& table) {
    Separator comma{", "};
    out << "CREATE TABLE IF NOT EXISTS ";
    write_table_name(out, dialect, table);
    out << " (";
    for (std::size_t i = 0; i != table.columns.size(); ++i) {
        const ColumnInfo& column = table.columns[i];
        const bool is_key = table.key.size() == 1 && table.key[0] == i;
        out << comma;
        write_identifier(out, dialect, column.name);
        out << ' ' << dialect.type_name(column.type);
        if (is_key && table.generated_key)
            out << dialect.generated_key;
        else if (!column.nullable)
            out << " NOT NULL";
        if (is_key) out << " PRIMARY KEY";
        // Rows that other programs store without them have them as well.
        if (i == table.managed.version)
            out << " DEFAULT 1";
        else if (table.managed.has(i))
            out << " DEFAULT " << dialect.default_now;
    }
    if (table.key.size() > 1) {
        Separator key_comma{", "};
        out << comma << "PRIMARY KEY (";
        for (const std::uint16_t i : table.key) {
            out << key_comma;
            write_identifier(out, dialect, table.columns[i].name);
        }
        out << ')';
    }
    for (const IndexInfo& index : table.indexes) {
        if (!index.is_constraint()) continue;
        out << comma << "CONSTRAINT ";
        write_index_name(out, dialect, table, index);
        out << " UNIQUE ";
        write_index_columns(out, dialect, table, index);
    }
    out << ')';
}

constexpr void write_create_index(TextWriter& out, const Dialect& dialect, const TableInfo& table,
                                  const IndexInfo& index) {
    out << (index.unique ? "CREATE UNIQUE INDEX IF NOT EXISTS " : "CREATE INDEX IF NOT EXISTS ");
    write_index_name(out, dialect, table, index);
    out << " ON ";
    write_table_name(out, dialect, table);
    out << ' ';
    write_index_columns(out, dialect, table, index);
    if (index.partial) {
        out << " WHERE ";
        write_predicate(out, dialect, table, index.predicate);
    }
}

/// Everything that T's table needs to be there, as one script.
template <class T, const Dialect& dialect>
struct CreateTable {
    static constexpr void write(TextWriter& out) {
        constexpr TableInfo table = table_info<T>;
        Separator semicolon{"; "};
        if (!dialect.begin_ddl.empty()) out << semicolon << dialect.begin_ddl;
        if (dialect.has_schemas && !table.schema.empty()) {
            out << semicolon;
            dialect.write_create_schema(out, table.schema);
        }
        out << semicolon;
        write_create_table(out, dialect, table);
        for (const IndexInfo& index : table.indexes) {
            if (index.is_constraint()) continue;
            out << semicolon;
            write_create_index(out, dialect, table, index);
        }
    }
};

template <class T, const Dialect& dialect>
struct DropTable {
    static constexpr void write(TextWriter& out) {
        out << "DROP TABLE IF EXISTS ";
        write_table_name(out, dialect, table_info<T>);
    }
};

}  // namespace rowan::detail
