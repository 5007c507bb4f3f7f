#pragma once

#include <rowan/core/text.hpp>
#include <rowan/core/view.hpp>
#include <rowan/schema/dialect.hpp>
#include <rowan/types/stored.hpp>

#include <cstddef>
#include <string_view>

namespace rowan::sqlite {

namespace detail {

/// The names that give a column its affinity (https://www.sqlite.org/datatype3.html). A timestamp is a number of
/// microseconds since 1970 UTC, a date is text, as SQLite's own date functions write it.
constexpr std::string_view type_name(ColumnType type) {
    switch (type) {
        case ColumnType::boolean:
        case ColumnType::int16:
        case ColumnType::int32:
        case ColumnType::int64:
        case ColumnType::timestamp: return "INTEGER";
        case ColumnType::float32:
        case ColumnType::float64: return "REAL";
        case ColumnType::text:
        case ColumnType::date: return "TEXT";
        case ColumnType::blob: return "BLOB";
    }
    return "BLOB";
}

constexpr std::string_view array_type(Stored) { return {}; }

/// LIKE does not tell capitals apart, so that `like` becomes GLOB, whose pattern the function rowan_glob makes. The
/// rest of a division of a time before 1970 is negative, so it is brought to the front of its unit by hand.
constexpr std::string_view spelling(Function function) {
    switch (function) {
        case Function::contains: return "instr(\1, \2) > 0";
        case Function::starts_with: return "substr(\1, 1, length(\2)) = \2";
        case Function::ends_with: return "length(\2) = 0 OR substr(\1, -length(\2)) = \2";
        case Function::like: return "\1 GLOB rowan_glob(\2)";
        case Function::ilike: return "\1 LIKE \2 ESCAPE '\\'";
        case Function::distinct: return "\1 IS NOT \2";
        case Function::not_distinct: return "\1 IS \2";
        case Function::other_text: return "\1 COLLATE BINARY IS NOT \2";
        case Function::in_list: return "\1 IN rowan_list(\2)";
        case Function::not_in_list: return "\1 NOT IN rowan_list(\2)";
        case Function::truncate_to_second: return "\1 - (\1 % 1000000 + 1000000) % 1000000";
        case Function::truncate_to_minute: return "\1 - (\1 % 60000000 + 60000000) % 60000000";
        case Function::truncate_to_hour: return "\1 - (\1 % 3600000000 + 3600000000) % 3600000000";
        case Function::truncate_to_day: return "\1 - (\1 % 86400000000 + 86400000000) % 86400000000";
        // The first Monday was the fifth day.
        case Function::truncate_to_week:
            return "\1 - ((\1 - 345600000000) % 604800000000 + 604800000000) % 604800000000";
        case Function::truncate_to_month:
            return "CAST(strftime('%s', (\1 - (\1 % 1000000 + 1000000) % 1000000) / 1000000, 'unixepoch', 'start of "
                   "month') AS INTEGER) * 1000000";
        case Function::truncate_to_year:
            return "CAST(strftime('%s', (\1 - (\1 % 1000000 + 1000000) % 1000000) / 1000000, 'unixepoch', 'start of "
                   "year') AS INTEGER) * 1000000";
        case Function::add_microseconds: return "\1 + \2";
        case Function::microseconds_between: return "\1 - \2";
        case Function::length: return "length(\1)";
        case Function::substring: return "substr(\1, \2, \3)";
        case Function::round: return "round(\1)";
        case Function::greatest:
        case Function::greatest_or_null: return "max(\1, \2)";
        case Function::least:
        case Function::least_or_null: return "min(\1, \2)";
        case Function::json_text:
            // A boolean would come as a number.
            return "CASE json_type(\1, \2) WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' ELSE "
                   "CAST(json_extract(\1, \2) AS TEXT) END";
    }
    return {};
}

/// The functions of range.hpp.
constexpr std::string_view assigned(ColumnType type) {
    switch (type) {
        case ColumnType::int16: return "rowan_integer(\1, 16)";
        case ColumnType::int32: return "rowan_integer(\1, 32)";
        case ColumnType::int64:
        case ColumnType::timestamp: return "rowan_integer(\1, 64)";
        case ColumnType::float32: return "rowan_float(\1)";
        default: return {};
    }
}

/// `$."a"."b"`
constexpr void write_json_path(rowan::detail::TextWriter& out, rowan::detail::View<std::string_view> steps) {
    out << '$';
    for (const std::string_view step : steps) out << ".\"" << step << '"';
}

constexpr void write_live_name(rowan::detail::TextWriter& out, std::string_view schema, std::string_view table) {
    if (!schema.empty()) out << schema << '_';
    out << table;
}

/// Does the declared type hold this word, which gives it its affinity?
constexpr bool says(std::string_view type, std::string_view word) {
    for (std::size_t at = 0; at + word.size() <= type.size(); ++at) {
        std::size_t same = 0;
        while (same != word.size()) {
            const char c = type[at + same];
            if ((c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c) != word[same]) break;
            ++same;
        }
        if (same == word.size()) return true;
    }
    return false;
}

enum class Affinity { integer, text, blob, real, numeric };

/// https://www.sqlite.org/datatype3.html
constexpr Affinity affinity_of(std::string_view live) {
    return says(live, "INT")                                                ? Affinity::integer
           : says(live, "CHAR") || says(live, "CLOB") || says(live, "TEXT") ? Affinity::text
           : live.empty() || says(live, "BLOB")                             ? Affinity::blob
           : says(live, "REAL") || says(live, "FLOA") || says(live, "DOUB") ? Affinity::real
                                                                            : Affinity::numeric;
}

/// Any column holds any value, but its affinity may turn it into another.
constexpr Fit fit(ColumnType type, std::string_view live) {
    const Affinity affinity = affinity_of(live);
    // Without a type of its own a column keeps everything as it is.
    if (affinity == Affinity::blob) return Fit::good;
    bool good = false;
    switch (type) {
        case ColumnType::boolean:
        case ColumnType::int16:
        case ColumnType::int32:
        case ColumnType::int64:
        case ColumnType::timestamp: good = affinity == Affinity::integer || affinity == Affinity::numeric; break;
        case ColumnType::float32:
        case ColumnType::float64: good = affinity == Affinity::real || affinity == Affinity::numeric; break;
        case ColumnType::text: good = affinity == Affinity::text; break;
        // A date is no number, and stays text in a NUMERIC column, as DATE is.
        case ColumnType::date: good = affinity == Affinity::text || affinity == Affinity::numeric; break;
        case ColumnType::blob: break;
    }
    return good ? Fit::good : Fit::wrong;
}

/// What Cell reads as what: integers as real numbers, and text as timestamps, as well.
constexpr Fit reads(ColumnType type, std::string_view live) {
    const bool real = type == ColumnType::float32 || type == ColumnType::float64;
    if (real && affinity_of(live) == Affinity::integer) return Fit::good;
    if (type == ColumnType::timestamp && affinity_of(live) == Affinity::text) return Fit::good;
    return fit(type, live);
}

constexpr void write_create_schema(rowan::detail::TextWriter&, std::string_view) {}

}  // namespace detail

inline constexpr Dialect dialect{
    .identifier_limit = 0,
    .has_schemas = false,
    .null_generates_key = true,
    // It puts its rows into a table of its own first, which makes a change three to five times as dear.
    .returning_is_dear = true,
    .array_parameters = false,
    .row_locks = false,
    .parameter_mark = '?',
    // INTEGER PRIMARY KEY is the rowid itself, and makes the next number for a NULL. AUTOINCREMENT would add a table of
    // its own and a quarter to the cost of an insert: https://www.sqlite.org/autoinc.html
    .generated_key = "",
    // Milliseconds are what the clock of SQL has here.
    .default_now = "(CAST(strftime('%s', 'now') AS INTEGER) * 1000000 + CAST(substr(strftime('%f', 'now'), 4) AS "
                   "INTEGER) * 1000)",
    .begin_ddl = "",
    // The grammar has OFFSET only behind LIMIT.
    .no_limit = " LIMIT -1",
    .explain = "EXPLAIN QUERY PLAN ",
    .upsert_outcome = "",
    // An INTEGER PRIMARY KEY is never NULL, and made where it is left out.
    .live_columns = "SELECT name, type, \"notnull\" OR (pk > 0 AND upper(type) = 'INTEGER'), dflt_value IS NOT NULL OR "
                    "(pk > 0 AND upper(type) = 'INTEGER') FROM pragma_table_xinfo($1) WHERE hidden <> 1",
    .write_live_name = &detail::write_live_name,
    .fit = &detail::fit,
    .reads = &detail::reads,
    .type_name = &detail::type_name,
    .array_type = &detail::array_type,
    .spelling = &detail::spelling,
    .assigned = &detail::assigned,
    .write_json_path = &detail::write_json_path,
    .write_create_schema = &detail::write_create_schema,
    .feed = "rowan_rows",
    .tally = "rowan_tally",
    .take = "rowan_take",
    .take_all = "rowan_take_all",
    .set = "rowan_set",
    .set_member = "rowan_member",
};

}  // namespace rowan::sqlite
