#pragma once

#include <rowan/core/error.hpp>
#include <rowan/core/violation.hpp>
#include <rowan/postgres/libpq.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace rowan::postgres {

/// When an error came: it decides whether a transaction may be run again.
enum class Phase : std::uint8_t {
    connect,
    statement,   ///< of a transaction, or one that only reads
    autocommit,  ///< a statement that commits by itself
    commit,
};

/// What a SQLSTATE means.
struct Meaning {
    Category category;
    Code code;
    bool retryable = false;
};

namespace detail {

struct Known {
    std::string_view state;
    Meaning meaning;
};

// https://www.postgresql.org/docs/current/errcodes-appendix.html: single codes first, then whole classes.
inline constexpr Known known_states[] = {
    {"08007", {Category::operational, Code::in_doubt}},
    {"08P01", {Category::operational, Code::operational_error}},
    {"21000", {Category::programming, Code::cardinality_violation}},
    {"22003", {Category::data, Code::value_out_of_range}},
    {"22008", {Category::data, Code::value_out_of_range}},
    {"22021", {Category::data, Code::invalid_text}},
    {"22004", {Category::data, Code::null_value}},
    {"23502", {Category::integrity, Code::not_null_violation}},
    {"23503", {Category::integrity, Code::foreign_key_violation}},
    {"23505", {Category::integrity, Code::unique_violation}},
    {"23514", {Category::integrity, Code::check_violation}},
    {"23P01", {Category::integrity, Code::exclusion_violation}},
    {"25006", {Category::internal, Code::read_only}},
    {"25P02", {Category::internal, Code::transaction_aborted}},
    {"25P03", {Category::internal, Code::disconnect}},
    {"40001", {Category::operational, Code::serialization_failure, true}},
    {"40002", {Category::integrity, Code::integrity_violation}},
    {"40003", {Category::operational, Code::in_doubt}},
    {"40P01", {Category::operational, Code::deadlock, true}},
    {"42501", {Category::programming, Code::permission_denied}},
    {"42601", {Category::programming, Code::syntax_error}},
    {"42703", {Category::programming, Code::undefined_column}},
    {"42P01", {Category::programming, Code::undefined_table}},
    {"42P06", {Category::programming, Code::duplicate_object}},
    {"42P07", {Category::programming, Code::duplicate_object}},
    {"42710", {Category::programming, Code::duplicate_object}},
    {"53100", {Category::operational, Code::disk_full}},
    {"53200", {Category::operational, Code::out_of_memory}},
    {"53300", {Category::operational, Code::too_many_connections}},
    {"55P03", {Category::operational, Code::lock_timeout}},
    {"57014", {Category::operational, Code::cancelled}},
    {"57P01", {Category::operational, Code::disconnect}},
    {"57P02", {Category::operational, Code::disconnect}},
    {"57P03", {Category::operational, Code::cannot_connect_now}},
    {"57P05", {Category::operational, Code::disconnect}},
    {"XX001", {Category::internal, Code::corruption}},
    {"XX002", {Category::internal, Code::corruption}},
};

inline constexpr Known known_classes[] = {
    {"08", {Category::operational, Code::disconnect}},
    {"0A", {Category::not_supported, Code::not_supported}},
    {"22", {Category::data, Code::invalid_value}},
    {"23", {Category::integrity, Code::integrity_violation}},
    {"25", {Category::internal, Code::invalid_transaction_state}},
    {"26", {Category::programming, Code::lost_statement}},
    {"28", {Category::operational, Code::authentication}},
    {"3D", {Category::programming, Code::unknown_database}},
    {"3F", {Category::programming, Code::unknown_schema}},
    {"40", {Category::operational, Code::operational_error}},
    {"42", {Category::programming, Code::programming_error}},
    {"44", {Category::integrity, Code::check_violation}},
    {"53", {Category::operational, Code::operational_error}},
    {"54", {Category::operational, Code::limit_exceeded}},
    {"55", {Category::operational, Code::operational_error}},
    {"57", {Category::operational, Code::operational_error}},
    {"58", {Category::operational, Code::io_error}},
    {"P0", {Category::programming, Code::raised}},
    {"XX", {Category::internal, Code::internal_error}},
};

}  // namespace detail

/// From a SQLSTATE to rowan's categories.
[[nodiscard]] constexpr Meaning classify(std::string_view sqlstate, Phase phase) noexcept {
    Meaning meaning{Category::programming, Code::programming_error};
    for (const auto& known : detail::known_classes)
        if (sqlstate.substr(0, 2) == known.state) meaning = known.meaning;
    for (const auto& known : detail::known_states)
        if (sqlstate == known.state) meaning = known.meaning;
    // A new connection helps where the old one was lost, unless it may have committed before.
    if (meaning.category == Category::operational && meaning.code == Code::disconnect)
        meaning.retryable = phase != Phase::commit;
    // A server that is full or still starting takes the next attempt to connect.
    if (phase == Phase::connect &&
        (meaning.code == Code::too_many_connections || meaning.code == Code::cannot_connect_now))
        meaning.retryable = true;
    return meaning;
}

namespace detail {

/// Errors about values quote the value. It is none of an error's business.
inline std::string without_values(std::string_view message) {
    const std::size_t first = message.find('"');
    const std::size_t last = message.rfind('"');
    std::string text{message};
    if (first != last) text.replace(first + 1, last - first - 1, "…");
    return text;
}

/// `Key (a, b)=(1, 2) already exists.`: the columns, without the values. It is the only place that names them.
inline std::string_view key_columns(std::string_view detail) {
    const std::size_t open = detail.find('(');
    const std::size_t close = detail.find(")=(");
    if (open == std::string_view::npos || close == std::string_view::npos || close < open) return {};
    return detail.substr(open + 1, close - open - 1);
}

inline std::string_view field(const PGresult* result, int code) {
    const char* text = PQresultErrorField(result, code);
    return text != nullptr ? std::string_view{text} : std::string_view{};
}

/// The SQLSTATE in `FATAL:  28P01: …`, which verbose messages carry between two colons, or nothing.
inline std::string_view find_sqlstate(std::string_view message) {
    for (std::size_t at = message.find(":  "); at != std::string_view::npos; at = message.find(":  ", at + 1)) {
        const std::string_view state = message.substr(at + 3, 5);
        if (state.size() == 5 && message.substr(at + 8, 2) == ": " &&
            state.find_first_not_of("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string_view::npos)
            return state;
    }
    return {};
}

/// Has the server ended the session by its own will? It says so before it commits, or not at all: a session that is
/// ended in a crash (57P02) may have committed.
constexpr bool was_ended(std::string_view sqlstate) {
    return sqlstate == "57P01" || sqlstate == "57P05" || sqlstate == "25P03";
}

/// `said` is what libpq has to say, or the server had: the result of a call that lost the connection has no fields.
inline ErrorDetails lost_connection(Phase phase, std::string_view said) {
    const std::string_view sqlstate = find_sqlstate(said);
    const bool committing = phase == Phase::commit || (phase == Phase::autocommit && !was_ended(sqlstate));
    ErrorDetails error{.category = Category::operational,
                       .code = committing ? Code::in_doubt : Code::disconnect,
                       .retryable = !committing};
    if (const Meaning told = classify(sqlstate, phase); !committing && told.code == Code::disconnect) {
        error.category = told.category;
        error.retryable = told.retryable;
    }
    error.message = !committing ? "the connection was lost"
                    : phase == Phase::commit
                        ? "the connection was lost during COMMIT: the transaction may or may not be stored"
                        : "the connection was lost during a statement that commits by itself: it may or may not be "
                          "stored (in a transaction there is no doubt before COMMIT)";
    std::string line{said.substr(0, said.find('\n'))};
    if (const std::size_t at = line.find(sqlstate); !sqlstate.empty() && at != std::string::npos)
        line.erase(at, sqlstate.size() + 2);
    if (!line.empty()) error.message.append(": ").append(line);
    error.native_code = sqlstate;
    return error;
}

/// What the server has told of a statement that failed.
inline ErrorDetails told_error(const PGresult* result, Phase phase) {
    const std::string_view sqlstate = field(result, PG_DIAG_SQLSTATE);
    const std::string_view primary = field(result, PG_DIAG_MESSAGE_PRIMARY);
    const Meaning meaning = classify(sqlstate, phase);
    ErrorDetails error{.category = meaning.category, .code = meaning.code, .retryable = meaning.retryable};
    // The only error of this class that preparing again cures is known by the function that raises it.
    if (error.category == Category::not_supported && field(result, PG_DIAG_SOURCE_FUNCTION) == "RevalidateCachedQuery")
        error.code = Code::stale_plan;
    error.constraint = field(result, PG_DIAG_CONSTRAINT_NAME);
    error.table = field(result, PG_DIAG_TABLE_NAME);
    error.column = field(result, PG_DIAG_COLUMN_NAME);
    if (error.category == Category::integrity) {
        // A foreign key's detail names columns of either table, and only its words tell of which.
        if (error.column.empty() && error.code != Code::foreign_key_violation)
            error.column = key_columns(field(result, PG_DIAG_MESSAGE_DETAIL));
        error.message = rowan::detail::describe_violation(error, primary);
    } else if (error.category == Category::data) {
        error.message = without_values(primary);
    } else {
        error.message = primary;
        if (const auto hint = field(result, PG_DIAG_MESSAGE_HINT); !hint.empty())
            error.message.append(" (").append(hint).append(")");
    }
    return error;
}

/// With what every error of a statement has.
inline Error finish_error(ErrorDetails error, std::string_view sqlstate, std::string_view statement) {
    if (!sqlstate.empty()) error.native_code = sqlstate;
    error.native_system = "SQLSTATE";
    error.statement = statement;
    return Error{std::move(error)};
}

}  // namespace detail

/// The error of a failed call. `result` may be null, where libpq itself failed.
[[gnu::cold, nodiscard]] inline Error make_error(PGconn* connection, const PGresult* result, Phase phase,
                                                 std::string_view statement) {
    const std::string_view sqlstate = detail::field(result, PG_DIAG_SQLSTATE);
    const std::string said = PQerrorMessage(connection);
    // Where sending has failed, only reading finds that the connection has ended.
    for (int i = 0; i != 2 && sqlstate.empty() && PQstatus(connection) == CONNECTION_OK; ++i)
        (void)PQconsumeInput(connection);
    ErrorDetails error;
    if (PQstatus(connection) == CONNECTION_BAD) {
        error = detail::lost_connection(phase, said);
    } else if (sqlstate.empty()) {
        error = {.category = Category::internal, .code = Code::internal_error};
        error.message = said;
    } else {
        error = detail::told_error(result, phase);
    }
    return detail::finish_error(std::move(error), sqlstate, statement);
}

}  // namespace rowan::postgres
