#pragma once

#include <rowan/core/text.hpp>
#include <rowan/core/view.hpp>
#include <rowan/schema/mismatch.hpp>
#include <rowan/types/stored.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace rowan {

/// What databases spell differently in expressions. See Dialect::spelling.
enum class Function : std::uint8_t {
    contains,            ///< does text 1 contain text 2?
    starts_with,         ///< does text 1 start with text 2?
    ends_with,           ///< does text 1 end with text 2?
    like,                ///< does text 1 match pattern 2, capitals told apart?
    ilike,               ///< the same, capitals not told apart
    distinct,            ///< 1 and 2 differ, where NULL is a value like any other
    not_distinct,        ///< 1 and 2 are the same, where NULL is a value like any other
    other_text,          ///< text 1 has other bytes than text 2, whatever its column's collation; NULL is a value
    in_list,             ///< is 1 one of the list 2?
    not_in_list,         ///< is 1 none of the list 2?
    truncate_to_second,  ///< the second of timestamp 1, in UTC; and so on
    truncate_to_minute,
    truncate_to_hour,
    truncate_to_day,
    truncate_to_week,
    truncate_to_month,
    truncate_to_year,
    add_microseconds,      ///< timestamp 1, number 2 of microseconds later
    microseconds_between,  ///< from timestamp 2 to timestamp 1
    length,                ///< how many characters text 1 has, or bytes
    substring,             ///< from text 1 at character 2, from 1, number 3 of them
    round,                 ///< the nearest whole number to double 1, a half away from 0
    greatest,              ///< the larger of 1 and 2, which are not NULL
    least,                 ///< the smaller of 1 and 2, which are not NULL
    greatest_or_null,      ///< the larger of 1 and 2, NULL if one of them is
    least_or_null,         ///< the smaller of 1 and 2, NULL if one of them is
    json_text,             ///< the member of JSON 1 at path 2, as text
};

/// How one database spells SQL where databases differ. Each backend has one object of it, which the compiler reads.
struct Dialect {
    /// The longest name in bytes that the database keeps whole; 0 if any.
    std::size_t identifier_limit;
    /// Tables live in schemas; otherwise a schema's name becomes a prefix of the table's.
    bool has_schemas;
    /// A NULL for a generated key asks for a new one, as leaving its column out does everywhere.
    bool null_generates_key;
    /// RETURNING costs more than a SELECT by the key behind the statement, and a generated key is known without it.
    bool returning_is_dear;
    /// A parameter may be an array that a statement turns into rows, so that one constant text takes any number.
    bool array_parameters;
    /// SELECT … FOR UPDATE [SKIP LOCKED].
    bool row_locks;
    /// What stands before a parameter's number.
    char parameter_mark;
    /// What follows the type of a generated key's column.
    std::string_view generated_key;
    /// The present moment as the default of a timestamp's column.
    std::string_view default_now;
    /// A statement that lets only one connection at a time change the schema; may be empty.
    std::string_view begin_ddl;
    /// What stands in front of OFFSET where there is no LIMIT; may be empty.
    std::string_view no_limit;
    /// What stands in front of a statement to have its plan shown.
    std::string_view explain;
    /// An expression that is true for a row that an upsert inserted; empty where the connection knows that without
    /// asking.
    std::string_view upsert_outcome;
    /// A statement that lists the columns of the table that parameter 1 names: name, type, takes no NULL, can be left
    /// out.
    std::string_view live_columns;
    /// Writes a table's name as `live_columns` wants it.
    void (*write_live_name)(detail::TextWriter&, std::string_view schema, std::string_view table);
    /// How well a column of that type serves as one of ours, to be written and read.
    Fit (*fit)(ColumnType, std::string_view live_type);
    /// How well values of that type are read as those of one of our columns.
    Fit (*reads)(ColumnType, std::string_view live_type);
    /// What CREATE TABLE and CAST call a type.
    std::string_view (*type_name)(ColumnType);
    /// What a cast to an array of values of a form is called, where there are arrays.
    std::string_view (*array_type)(Stored);
    /// A pattern in which the bytes 1, 2 and 3 stand for the operands. Operands are in parentheses where they need to
    /// be.
    std::string_view (*spelling)(Function);
    /// A pattern like those around an expression that is assigned to a column, so that the statement fails where the
    /// value is none of the column's; empty where the database looks at that itself.
    std::string_view (*assigned)(ColumnType);
    /// Writes a path of member names into a JSON document, without the quotes of a string.
    void (*write_json_path)(detail::TextWriter&, detail::View<std::string_view> steps);
    /// Writes the statement that makes a schema where it is missing.
    void (*write_create_schema)(detail::TextWriter&, std::string_view name);
    /// A table-valued function whose argument is a feed (Connection::RowFeed), with columns c0, c1, …; empty where
    /// there is none.
    std::string_view feed{};
    /// A function that is true and counts how often a feed, its argument, was asked that.
    std::string_view tally{};
    /// A function that hands a row, its arguments, to the taker of the statement that runs (Execution::RowTaker), and
    /// gives the row's number; and one that does so for all rows at once, in no order. Empty where there is none.
    std::string_view take{};
    std::string_view take_all{};
    /// A table-valued function whose argument is a list of integers, with each of them once in its column
    /// `set_member`; empty where there is none.
    std::string_view set{};
    std::string_view set_member{};
};

}  // namespace rowan
