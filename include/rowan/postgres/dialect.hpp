#pragma once

#include <rowan/core/text.hpp>
#include <rowan/core/view.hpp>
#include <rowan/schema/dialect.hpp>
#include <rowan/types/stored.hpp>

#include <cstddef>
#include <initializer_list>
#include <string_view>

namespace rowan::postgres {

namespace detail {

constexpr std::string_view type_name(ColumnType type) {
    switch (type) {
        case ColumnType::boolean: return "boolean";
        case ColumnType::int16: return "smallint";
        case ColumnType::int32: return "integer";
        case ColumnType::int64: return "bigint";
        case ColumnType::float32: return "real";
        case ColumnType::float64: return "double precision";
        case ColumnType::text: return "text";
        case ColumnType::blob: return "bytea";
        case ColumnType::timestamp: return "timestamptz";
        case ColumnType::date: return "date";
    }
    return "text";
}

constexpr std::string_view array_type(Stored form) {
    switch (form) {
        case Stored::boolean: return "boolean[]";
        case Stored::integer: return "bigint[]";
        case Stored::real: return "double precision[]";
        case Stored::text: return "text[]";
        case Stored::blob: return "bytea[]";
        case Stored::timestamp: return "timestamptz[]";
        case Stored::date: return "date[]";
    }
    return "text[]";
}

constexpr std::string_view spelling(Function function) {
    switch (function) {
        case Function::contains: return "strpos(\1, \2) > 0";
        case Function::starts_with: return "starts_with(\1, \2)";
        case Function::ends_with: return "right(\1, length(\2)) = \2";
        case Function::like: return "\1 LIKE \2";
        case Function::ilike: return "\1 ILIKE \2";
        case Function::distinct: return "\1 IS DISTINCT FROM \2";
        case Function::not_distinct: return "\1 IS NOT DISTINCT FROM \2";
        // As text, since a type such as citext compares in its own way.
        case Function::other_text: return "\1::text COLLATE \"C\" IS DISTINCT FROM \2";
        case Function::in_list: return "\1 = ANY(\2)";
        case Function::not_in_list: return "\1 <> ALL(\2)";
        // With the zone said aloud the result does not depend on the session.
        case Function::truncate_to_second: return "date_trunc('second', \1, 'UTC')";
        case Function::truncate_to_minute: return "date_trunc('minute', \1, 'UTC')";
        case Function::truncate_to_hour: return "date_trunc('hour', \1, 'UTC')";
        case Function::truncate_to_day: return "date_trunc('day', \1, 'UTC')";
        case Function::truncate_to_week: return "date_trunc('week', \1, 'UTC')";
        case Function::truncate_to_month: return "date_trunc('month', \1, 'UTC')";
        case Function::truncate_to_year: return "date_trunc('year', \1, 'UTC')";
        // An interval is multiplied as a double: in two parts no microsecond is lost.
        case Function::add_microseconds:
            return "\1 + (\2 / 3600000000) * interval '1 hour' + (\2 % 3600000000) * interval '1 microsecond'";
        case Function::microseconds_between: return "(extract(epoch FROM \1 - \2) * 1000000)::bigint";
        case Function::length: return "length(\1)::bigint";
        case Function::substring: return "substr(\1, \2::integer, \3::integer)";
        // round brings a half to the next even number. From 2^52 on there is no fraction.
        case Function::round: return "CASE WHEN abs(\1) < 4503599627370496 THEN trunc(\1 + sign(\1) * 0.5) ELSE \1 END";
        case Function::greatest: return "greatest(\1, \2)";
        case Function::least: return "least(\1, \2)";
        // greatest and least leave NULLs out.
        case Function::greatest_or_null: return "CASE WHEN \1 IS NOT NULL AND \2 IS NOT NULL THEN greatest(\1, \2) END";
        case Function::least_or_null: return "CASE WHEN \1 IS NOT NULL AND \2 IS NOT NULL THEN least(\1, \2) END";
        case Function::json_text: return "\1::jsonb #>> \2";
    }
    return {};
}

constexpr std::string_view assigned(ColumnType) { return {}; }

/// `{"a","b"}`: a text array.
constexpr void write_json_path(rowan::detail::TextWriter& out, rowan::detail::View<std::string_view> steps) {
    rowan::detail::Separator comma{","};
    out << '{';
    for (const std::string_view step : steps) out << comma << '"' << step << '"';
    out << '}';
}

constexpr void write_live_name(rowan::detail::TextWriter& out, std::string_view schema, std::string_view table) {
    if (!schema.empty()) out.quoted(schema) << '.';
    out.quoted(table);
}

constexpr bool is_one_of(std::string_view type, std::initializer_list<std::string_view> types) {
    for (const std::string_view candidate : types)
        if (candidate == type) return true;
    return false;
}

/// 0 for what is no integer.
constexpr int integer_bits(std::string_view type) {
    return type == "smallint" ? 16 : type == "integer" ? 32 : type == "bigint" ? 64 : 0;
}

/// What can be written to the column and read from it. The types' names are those of format_type.
constexpr Fit fit(ColumnType type, std::string_view live) {
    const auto integer = [&](int bits) {
        if (live == "numeric") return Fit::good;
        const int live_bits = integer_bits(live);
        if (live_bits == 0) return Fit::wrong;
        return live_bits < bits ? Fit::narrower : Fit::good;
    };
    const auto among = [&](std::initializer_list<std::string_view> types) {
        return is_one_of(live, types) ? Fit::good : Fit::wrong;
    };
    switch (type) {
        case ColumnType::boolean: return among({"boolean"});
        case ColumnType::int16: return integer(16);
        case ColumnType::int32: return integer(32);
        case ColumnType::int64: return integer(64);
        case ColumnType::float32: return among({"real", "double precision"});
        case ColumnType::float64: return live == "real" ? Fit::narrower : among({"double precision"});
        // With a length of its own a column takes only texts that short.
        case ColumnType::text:
            return is_one_of(live, {"character varying", "character"}) ? Fit::narrower : among({"text"});
        case ColumnType::blob: return among({"bytea"});
        case ColumnType::timestamp: return among({"timestamp with time zone", "timestamp without time zone"});
        case ColumnType::date: return among({"date"});
    }
    return Fit::wrong;
}

/// What Cell reads as what.
constexpr Fit reads(ColumnType type, std::string_view live) {
    const auto integer = [&](int bits) {
        if (live == "numeric") return Fit::good;
        const int live_bits = live == "oid" ? 33 : integer_bits(live);
        if (live_bits == 0) return Fit::wrong;
        return live_bits > bits ? Fit::wider : Fit::good;
    };
    switch (type) {
        case ColumnType::int16: return integer(16);
        case ColumnType::int32: return integer(32);
        case ColumnType::int64: return integer(64);
        case ColumnType::float32:
            if (live == "double precision") return Fit::wider;
            [[fallthrough]];
        case ColumnType::float64:
            return is_one_of(live, {"real", "double precision", "integer", "smallint"}) ? Fit::good : Fit::wrong;
        case ColumnType::text:
            return is_one_of(live,
                             {"text", "character varying", "character", "name", "json", "jsonb", "numeric", "uuid"})
                       ? Fit::good
                       : Fit::wrong;
        default: return fit(type, live);
    }
}

/// CREATE SCHEMA IF NOT EXISTS asks for the right to create schemas even where it finds the schema.
constexpr void write_create_schema(rowan::detail::TextWriter& out, std::string_view name) {
    // A name that holds the tag would end the quotes.
    std::size_t underscores = 0;
    if (name.find("$rowan$") != name.npos)
        for (underscores = 1; const char c : name) underscores += c == '_' ? 1 : 0;
    const auto write_tag = [&] {
        out << "$rowan";
        for (std::size_t i = 0; i != underscores; ++i) out << '_';
        out << '$';
    };
    out << "DO ";
    write_tag();
    out << " BEGIN IF NOT EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = ";
    out.quoted(name, '\'') << ") THEN CREATE SCHEMA ";
    out.quoted(name) << "; END IF; END ";
    write_tag();
}

}  // namespace detail

inline constexpr Dialect dialect{
    // NAMEDATALEN - 1: a longer name would be cut silently.
    .identifier_limit = 63,
    .has_schemas = true,
    .null_generates_key = false,
    .returning_is_dear = false,
    .array_parameters = true,
    .row_locks = true,
    .parameter_mark = '$',
    .generated_key = " GENERATED BY DEFAULT AS IDENTITY",
    .default_now = "now()",
    // Two connections that create the same table at once would otherwise collide in the catalogue, in spite of IF NOT
    // EXISTS. The number is "rowan" in ASCII.
    .begin_ddl = "SELECT pg_advisory_xact_lock(491496923502)",
    .no_limit = "",
    .explain = "EXPLAIN ",
    // A row that was updated carries the number of the transaction that locked its old version.
    .upsert_outcome = "(xmax = 0)",
    // A type without its length, unless it has one: text of any length is written "character varying" then.
    .live_columns = "SELECT attname::text, CASE WHEN atttypid = 'varchar'::regtype AND atttypmod = -1 THEN 'text' ELSE "
                    "format_type(atttypid, NULL) END, attnotnull, atthasdef OR attidentity <> '' FROM "
                    "pg_catalog.pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped "
                    "ORDER BY attnum",
    .write_live_name = &detail::write_live_name,
    .fit = &detail::fit,
    .reads = &detail::reads,
    .type_name = &detail::type_name,
    .array_type = &detail::array_type,
    .spelling = &detail::spelling,
    .assigned = &detail::assigned,
    .write_json_path = &detail::write_json_path,
    .write_create_schema = &detail::write_create_schema,
};

}  // namespace rowan::postgres
