#pragma once

#include <rowan/core/text.hpp>
#include <rowan/types/stored.hpp>

#include <concepts>
#include <cstddef>
#include <string_view>

namespace rowan {

/// How one database spells SQL where databases differ. All of it is known to the compiler.
///
/// - `identifier_limit`: the longest name in bytes that the database keeps whole; 0 if any.
/// - `has_schemas`: tables live in schemas; otherwise a schema's name becomes a prefix of the table's.
/// - `null_generates_key`: a NULL for a generated key asks for a new one; otherwise its column is left out.
/// - `array_parameters`: a parameter may be an array, so that one constant text takes any number of rows.
/// - `parameter_mark`: what stands before a parameter's number.
/// - `generated_key`: what follows the type of a generated key's column.
/// - `begin_ddl`: a statement that lets only one connection at a time change the schema; may be empty.
/// - `upsert_outcome`: an expression that is true for a row that an upsert inserted; empty where the
///   connection knows that without asking.
/// - `type_name(type)`: what CREATE TABLE calls a column's type.
/// - `write_create_schema(out, name)`: the statement that makes a schema where it is missing.
template <class D>
concept Dialect = requires(detail::TextWriter& out, ColumnType type, std::string_view name) {
    { D::identifier_limit } -> std::convertible_to<std::size_t>;
    { D::has_schemas } -> std::convertible_to<bool>;
    { D::null_generates_key } -> std::convertible_to<bool>;
    { D::array_parameters } -> std::convertible_to<bool>;
    { D::parameter_mark } -> std::convertible_to<char>;
    { D::generated_key } -> std::convertible_to<std::string_view>;
    { D::begin_ddl } -> std::convertible_to<std::string_view>;
    { D::upsert_outcome } -> std::convertible_to<std::string_view>;
    { D::type_name(type) } -> std::convertible_to<std::string_view>;
    D::write_create_schema(out, name);
};

}  // namespace rowan
