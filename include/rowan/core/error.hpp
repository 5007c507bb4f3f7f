#pragma once

#include <rowan/core/row_conflict.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rowan {

/// Who must act?
enum class Category : std::uint8_t {
    data,           ///< a value does not fit: whoever supplied it
    integrity,      ///< a constraint of the schema was violated: the caller decides
    operational,    ///< server, file, network or load: whoever runs the database, or a retry
    programming,    ///< the program or its schema is wrong: its author
    internal,       ///< a transaction or the database itself is in a state that it should not be in
    not_supported,  ///< this database cannot do it
    state,          ///< the row is not as the caller believed: read it again
};

/// What exactly?
enum class Code : std::uint8_t {
    // data
    invalid_value,
    value_out_of_range,
    inexact_value,
    null_value,
    type_mismatch,
    invalid_text,
    not_a_number,
    unknown_enumerator,
    // integrity
    integrity_violation,
    not_null_violation,
    foreign_key_violation,
    unique_violation,
    check_violation,
    exclusion_violation,
    trigger_violation,
    // operational
    operational_error,
    disconnect,
    /// The connection was lost during COMMIT, or during a statement that commits by itself: it may or may not be
    /// stored.
    in_doubt,
    authentication,
    serialization_failure,
    deadlock,
    busy,
    read_only,
    disk_full,
    too_many_connections,
    out_of_memory,
    limit_exceeded,
    lock_timeout,
    cancelled,
    timeout,
    cannot_connect_now,
    cannot_connect,
    cannot_open,
    io_error,
    pool_timeout,
    // programming
    programming_error,
    syntax_error,
    undefined_table,
    undefined_column,
    duplicate_object,
    unknown_database,
    unknown_schema,
    permission_denied,
    lost_statement,
    cardinality_violation,
    multiple_rows,
    raised,
    misuse,
    wrong_handle,
    invalid_url,
    // internal
    internal_error,
    invalid_transaction_state,
    transaction_aborted,
    transaction_lost,
    corruption,
    // not supported
    not_supported,
    stale_plan,
    // state
    not_found,
    stale,
};

[[nodiscard]] constexpr std::string_view to_string(Category category) noexcept {
    switch (category) {
        case Category::data: return "data";
        case Category::integrity: return "integrity";
        case Category::operational: return "operational";
        case Category::programming: return "programming";
        case Category::internal: return "internal";
        case Category::not_supported: return "not_supported";
        case Category::state: return "state";
    }
    return "unknown";
}

[[nodiscard]] constexpr std::string_view to_string(Code code) noexcept {
    switch (code) {
        case Code::invalid_value: return "invalid_value";
        case Code::value_out_of_range: return "value_out_of_range";
        case Code::inexact_value: return "inexact_value";
        case Code::null_value: return "null_value";
        case Code::type_mismatch: return "type_mismatch";
        case Code::invalid_text: return "invalid_text";
        case Code::not_a_number: return "not_a_number";
        case Code::unknown_enumerator: return "unknown_enumerator";
        case Code::integrity_violation: return "integrity_violation";
        case Code::not_null_violation: return "not_null_violation";
        case Code::foreign_key_violation: return "foreign_key_violation";
        case Code::unique_violation: return "unique_violation";
        case Code::check_violation: return "check_violation";
        case Code::exclusion_violation: return "exclusion_violation";
        case Code::trigger_violation: return "trigger_violation";
        case Code::operational_error: return "operational_error";
        case Code::disconnect: return "disconnect";
        case Code::in_doubt: return "in_doubt";
        case Code::authentication: return "authentication";
        case Code::serialization_failure: return "serialization_failure";
        case Code::deadlock: return "deadlock";
        case Code::busy: return "busy";
        case Code::read_only: return "read_only";
        case Code::disk_full: return "disk_full";
        case Code::too_many_connections: return "too_many_connections";
        case Code::out_of_memory: return "out_of_memory";
        case Code::limit_exceeded: return "limit_exceeded";
        case Code::lock_timeout: return "lock_timeout";
        case Code::cancelled: return "cancelled";
        case Code::timeout: return "timeout";
        case Code::cannot_connect_now: return "cannot_connect_now";
        case Code::cannot_connect: return "cannot_connect";
        case Code::cannot_open: return "cannot_open";
        case Code::io_error: return "io_error";
        case Code::pool_timeout: return "pool_timeout";
        case Code::programming_error: return "programming_error";
        case Code::syntax_error: return "syntax_error";
        case Code::undefined_table: return "undefined_table";
        case Code::undefined_column: return "undefined_column";
        case Code::duplicate_object: return "duplicate_object";
        case Code::unknown_database: return "unknown_database";
        case Code::unknown_schema: return "unknown_schema";
        case Code::permission_denied: return "permission_denied";
        case Code::lost_statement: return "lost_statement";
        case Code::cardinality_violation: return "cardinality_violation";
        case Code::multiple_rows: return "multiple_rows";
        case Code::raised: return "raised";
        case Code::misuse: return "misuse";
        case Code::wrong_handle: return "wrong_handle";
        case Code::invalid_url: return "invalid_url";
        case Code::internal_error: return "internal_error";
        case Code::invalid_transaction_state: return "invalid_transaction_state";
        case Code::transaction_aborted: return "transaction_aborted";
        case Code::transaction_lost: return "transaction_lost";
        case Code::corruption: return "corruption";
        case Code::not_supported: return "not_supported";
        case Code::stale_plan: return "stale_plan";
        case Code::not_found: return "not_found";
        case Code::stale: return "stale";
    }
    return "unknown";
}

/// What an Error knows. Backends fill it in; users read it through Error's functions.
struct ErrorDetails {
    Category category{};
    Code code{};
    bool retryable = false;
    std::string message{};
    std::string native_code{};         ///< SQLSTATE, or the extended result code in decimal digits
    std::string_view native_system{};  ///< what native_code is counted in; text of static lifetime
    std::string constraint{};
    std::string table{};
    std::string column{};  ///< several are separated by ", "
    std::string statement{};
    std::vector<RowConflict> conflicts{};
    int attempts = 0;
    std::optional<std::size_t> row{};  ///< which item of the range that was handed over, from 0
};

/// Why an operation failed. One pointer wide, so that `Result<T>` costs the ordinary way nothing; a copy
/// copies the details. It holds no password and none of the values that were bound to the statement, but for the keys
/// of rows that are not as the caller believed.
class Error {
public:
    [[gnu::cold]] explicit Error(ErrorDetails details) : known_{new Known{std::move(details)}} {}

    [[gnu::cold]] Error(Category category, Code code, std::string message)
        : Error{ErrorDetails{.category = category, .code = code, .message = std::move(message)}} {}

    [[gnu::cold]] Error(const Error& other) : known_{new Known{*other.known_}} {}
    Error(Error&& other) noexcept : known_{std::exchange(other.known_, nullptr)} {}
    Error& operator=(const Error& other) { return *this = Error{other}; }
    Error& operator=(Error&& other) noexcept {
        std::swap(known_, other.known_);
        return *this;
    }
    ~Error() {
        if (known_ != nullptr) forget(known_);
    }

    [[nodiscard]] Category category() const noexcept { return known_->details.category; }
    [[nodiscard]] Code code() const noexcept { return known_->details.code; }

    /// May the whole transaction be run again, from its BEGIN, with a chance to succeed? After a
    /// disconnect that takes a new connection. Never true when the transaction may have been committed.
    [[nodiscard]] bool retryable() const noexcept { return known_->details.retryable; }

    /// One sentence for a person.
    [[nodiscard]] const std::string& message() const noexcept { return known_->details.message; }
    /// The database's own code: a SQLSTATE or an extended result code. Empty for rowan's own errors.
    [[nodiscard]] const std::string& native_code() const noexcept { return known_->details.native_code; }
    /// Constraint, table and column are filled where the database names them, or rowan knows them.
    [[nodiscard]] const std::string& constraint() const noexcept { return known_->details.constraint; }
    [[nodiscard]] const std::string& table() const noexcept { return known_->details.table; }
    [[nodiscard]] const std::string& column() const noexcept { return known_->details.column; }
    /// The statement's text, with placeholders in the place of values.
    [[nodiscard]] const std::string& statement() const noexcept { return known_->details.statement; }
    /// The rows that are not as the caller believed, for Code::stale and Code::not_found: each one of a range.
    [[nodiscard]] const std::vector<RowConflict>& conflicts() const noexcept { return known_->details.conflicts; }
    /// What failed as well while this error was handled (a ROLLBACK, say), or null.
    [[nodiscard]] const Error* secondary() const noexcept { return known_->secondary; }
    /// Which item of a range it befell, from 0, where many rows were to be stored at once and that is known: a value
    /// that its column cannot hold, and a constraint that the row violates.
    [[nodiscard]] std::optional<std::size_t> row() const noexcept { return known_->details.row; }
    /// How often a transaction with rowan::retry was run, this error being the last one's; 0 for other errors.
    [[nodiscard]] int attempts() const noexcept { return known_->details.attempts; }

    /// Everything in one line: `category/code: message (SQLSTATE 23505)`.
    [[nodiscard]] std::string to_string() const {
        std::string text{rowan::to_string(category())};
        text.append("/").append(rowan::to_string(code())).append(": ").append(message());
        if (!native_code().empty())
            text.append(" (").append(known_->details.native_system).append(" ").append(native_code()).append(")");
        if (row()) text.append("; row ").append(std::to_string(*row())).append(" of the range, counted from 0");
        if (category() == Category::programming && !statement().empty())
            text.append("; the statement was: ").append(statement());
        if (secondary() != nullptr) text.append("; then: ").append(secondary()->to_string());
        if (attempts() > 1) text.append("; given up after ").append(std::to_string(attempts())).append(" attempts");
        return text;
    }

    /// This error, with what failed in turn while it was handled.
    [[nodiscard]] Error followed_by(Error secondary) && {
        delete std::exchange(known_->secondary, new Error{std::move(secondary)});
        return std::move(*this);
    }

    /// This error, with the text of the statement that it befell.
    [[nodiscard]] Error in_statement(std::string_view text) && {
        known_->details.statement = text;
        return std::move(*this);
    }

    /// This error, as that of an item of a range. Only where the row is to blame: no server or disk that fails
    /// meanwhile.
    [[nodiscard]] Error in_row(std::size_t row) && {
        if (category() == Category::data || category() == Category::integrity) known_->details.row = row;
        return std::move(*this);
    }

    /// This error, as the one of a number of attempts.
    [[nodiscard]] Error after_attempts(int attempts) && {
        known_->details.attempts = attempts;
        return std::move(*this);
    }

    /// What this error means where more is known than the database knows. It is not retryable.
    [[nodiscard]] Error as(Category category, Code code, std::string message) && {
        known_->details.category = category;
        known_->details.code = code;
        known_->details.message = std::move(message);
        known_->details.retryable = false;
        return std::move(*this);
    }

private:
    /// Owned by plain pointers: std::unique_ptr would be a good part of what this header costs to compile.
    struct Known {
        explicit Known(ErrorDetails given) : details{std::move(given)} {}
        Known(const Known& other)
            : details{other.details}, secondary{other.secondary != nullptr ? new Error{*other.secondary} : nullptr} {}
        Known& operator=(const Known&) = delete;
        ~Known() { delete secondary; }

        ErrorDetails details;
        Error* secondary = nullptr;
    };

    [[gnu::cold, gnu::noinline]] static void forget(Known* known) noexcept { delete known; }

    Known* known_;
};

static_assert(sizeof(Error) == sizeof(void*));

/// The row of the first conflict as it is now: see RowConflict::current. Lives as long as the error or a copy of it.
template <class T>
[[nodiscard]] const T* carried_row(const Error& error) noexcept {
    return error.conflicts().empty() ? nullptr : error.conflicts().front().template current<T>();
}

}  // namespace rowan
