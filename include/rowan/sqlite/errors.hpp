#pragma once

#include <rowan/core/error.hpp>
#include <rowan/core/violation.hpp>

#include <string>
#include <string_view>
#include <utility>

#include <sqlite3.h>

namespace rowan::sqlite {

/// What a result code means.
struct Meaning {
    Category category;
    Code code;
    bool retryable = false;
};

/// From an extended result code (https://www.sqlite.org/rescode.html) to rowan's categories.
[[nodiscard]] constexpr Meaning classify(int extended_code) noexcept {
    switch (extended_code) {
        case SQLITE_CONSTRAINT_UNIQUE:
        case SQLITE_CONSTRAINT_PRIMARYKEY:
        case SQLITE_CONSTRAINT_ROWID: return {Category::integrity, Code::unique_violation};
        case SQLITE_CONSTRAINT_FOREIGNKEY: return {Category::integrity, Code::foreign_key_violation};
        case SQLITE_CONSTRAINT_NOTNULL: return {Category::integrity, Code::not_null_violation};
        case SQLITE_CONSTRAINT_CHECK: return {Category::integrity, Code::check_violation};
        case SQLITE_CONSTRAINT_TRIGGER: return {Category::integrity, Code::trigger_violation};
#if defined(SQLITE_CONSTRAINT_DATATYPE)
        case SQLITE_CONSTRAINT_DATATYPE: return {Category::data, Code::type_mismatch};
#endif
        // A statement that was under way when its transaction was rolled back.
        case SQLITE_ABORT_ROLLBACK: return {Category::internal, Code::transaction_lost};
        // A stale snapshot never becomes fresh by waiting: only a new transaction helps.
        case SQLITE_BUSY_SNAPSHOT: return {Category::operational, Code::serialization_failure, true};
        default: break;
    }
    switch (extended_code & 0xFF) {
        case SQLITE_CONSTRAINT: return {Category::integrity, Code::integrity_violation};
        case SQLITE_MISMATCH: return {Category::data, Code::type_mismatch};
        case SQLITE_TOOBIG: return {Category::data, Code::value_out_of_range};
        case SQLITE_BUSY:
        case SQLITE_LOCKED: return {Category::operational, Code::busy, true};
        case SQLITE_READONLY: return {Category::operational, Code::read_only};
        case SQLITE_IOERR: return {Category::operational, Code::io_error};
        case SQLITE_FULL: return {Category::operational, Code::disk_full};
        case SQLITE_CANTOPEN: return {Category::operational, Code::cannot_open};
        case SQLITE_INTERRUPT: return {Category::operational, Code::cancelled};
        case SQLITE_NOMEM: return {Category::operational, Code::out_of_memory};
        case SQLITE_PERM:
        case SQLITE_AUTH: return {Category::programming, Code::permission_denied};
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB: return {Category::internal, Code::corruption};
        case SQLITE_INTERNAL: return {Category::internal, Code::internal_error};
        case SQLITE_MISUSE:
        case SQLITE_RANGE: return {Category::programming, Code::misuse};
        case SQLITE_SCHEMA: return {Category::not_supported, Code::stale_plan};
        default: return {Category::programming, Code::programming_error};
    }
}

namespace detail {

/// SQLite names the place of a violation only in its message: `UNIQUE constraint failed: t.a, t.b`, `index 'i'`
/// for an index on expressions, a CHECK's name. (https://www.sqlite.org/src: src/insert.c)
template <class Details>
void read_place(Details& error, std::string_view message) {
    constexpr std::string_view marker = "constraint failed: ";
    const std::size_t at = message.find(marker);
    if (at == std::string_view::npos) return;
    std::string_view place = message.substr(at + marker.size());
    if (error.code == Code::check_violation) {
        error.constraint = place;
        return;
    }
    if (constexpr std::string_view index = "index '"; place.substr(0, index.size()) == index) {
        place.remove_prefix(index.size());
        error.constraint = place.substr(0, place.find('\''));
        return;
    }
    while (!place.empty()) {
        const std::size_t comma = place.find(", ");
        const std::string_view item = place.substr(0, comma);
        const std::size_t dot = item.find('.');
        if (dot == std::string_view::npos) return;
        error.table = item.substr(0, dot);
        if (!error.column.empty()) error.column += ", ";
        error.column += item.substr(dot + 1);
        place = comma == std::string_view::npos ? std::string_view{} : place.substr(comma + 2);
    }
}

/// What SQLite says with its general code is told apart by its message only.
template <class Details>
void refine(Details& error, std::string_view message) {
    const auto starts = [&](std::string_view with) { return message.substr(0, with.size()) == with; };
    if (starts("no such table"))
        error.code = Code::undefined_table;
    else if (starts("no such column") || message.find(" has no column named ") != std::string_view::npos)
        error.code = Code::undefined_column;
    else if (message.find("syntax error") != std::string_view::npos)
        error.code = Code::syntax_error;
    else if (message.find(" already exists") != std::string_view::npos)
        error.code = Code::duplicate_object;
    // From sum and abs.
    if (message != "integer overflow") return;
    error.category = Category::data;
    error.code = Code::value_out_of_range;
}

}  // namespace detail

/// The error of a failed call: `extended_code` is what the call gave, `message` what sqlite3_errmsg said then. A
/// template, as what follows is compiled only where it is called.
template <class Details = ErrorDetails>
[[gnu::cold, nodiscard]] Error make_error(int extended_code, std::string_view message, std::string_view statement) {
    const Meaning meaning = classify(extended_code);
    Details error{.category = meaning.category, .code = meaning.code, .retryable = meaning.retryable};
    error.native_code = std::to_string(extended_code);
    error.native_system = "SQLite";
    error.statement = statement;
    if (error.category == Category::integrity) {
        detail::read_place(error, message);
        error.message = rowan::detail::describe_violation(error, message);
    } else {
        if (error.code == Code::programming_error) detail::refine(error, message);
        error.message = message;
    }
    return Error{std::move(error)};
}

}  // namespace rowan::sqlite
