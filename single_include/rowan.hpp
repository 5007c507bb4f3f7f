// rowan in one file, written by single_include/generate.cmake from include/rowan. Do not edit.
// Boost Software License, Version 1.0: https://www.boost.org/LICENSE_1_0.txt

#pragma once

// ---- rowan/rowan.hpp ----


// Everything, with the backends whose client header is found: see backends.hpp.

// ---- rowan/backends.hpp ----


// Which backends are there. The CMake targets say which (ROWAN_WITH_…); without them, those whose client header is
// found. ROWAN_NO_SQLITE and ROWAN_NO_POSTGRES switch one off in any case.

#if defined(ROWAN_NO_SQLITE)
#define ROWAN_HAS_SQLITE 0
#elif defined(ROWAN_WITH_SQLITE)
#define ROWAN_HAS_SQLITE 1
#elif defined(ROWAN_WITH_POSTGRES)
#define ROWAN_HAS_SQLITE 0
#elif __has_include(<sqlite3.h>)
#define ROWAN_HAS_SQLITE 1
#else
#define ROWAN_HAS_SQLITE 0
#endif

#if defined(ROWAN_NO_POSTGRES)
#define ROWAN_HAS_POSTGRES 0
#elif defined(ROWAN_WITH_POSTGRES)
#define ROWAN_HAS_POSTGRES 1
#elif defined(ROWAN_WITH_SQLITE)
#define ROWAN_HAS_POSTGRES 0
#elif __has_include(<libpq-fe.h>) || __has_include(<postgresql/libpq-fe.h>)
#define ROWAN_HAS_POSTGRES 1
#else
#define ROWAN_HAS_POSTGRES 0
#endif

#if !ROWAN_HAS_SQLITE && !ROWAN_HAS_POSTGRES
#error "rowan: no database client found: install SQLite (sqlite3.h) or libpq (libpq-fe.h), or say where they are"
#endif

// What the backends share comes before them, so that either may be switched off alone, also in the single header.
// clang-format off

// ---- rowan/core/must.hpp ----



// ---- rowan/core/result.hpp ----



// ---- rowan/core/error.hpp ----



// ---- rowan/core/row_conflict.hpp ----


#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace rowan {

namespace detail {

/// Its address stands for the type T.
template <class T>
inline constexpr char type_mark = 0;

}  // namespace detail

/// A row that is not as the caller believed.
struct RowConflict {
    enum class What : std::uint8_t {
        modified,  ///< it is there, with another version
        deleted,   ///< it is gone, though the caller's version says that it was stored once
        missing,   ///< there is no row with this key, and nothing says that there ever was
    };

    What what{};
    /// The row's place in the range, from 0; 0 where the operation was about one row.
    std::size_t index = 0;
    /// The key's columns and values, such as `id = 7` or `exchange = 'okx', number = 3`.
    std::string key{};
    /// The version that the caller had, and the one that the row has: 0 where there is none.
    std::int64_t expected = 0;
    std::int64_t found = 0;

    /// The row as it was when the conflict was found. Null unless `carry_current` asked for it, the row is there, and
    /// it is a T.
    template <class T>
    [[nodiscard]] const T* current() const noexcept {
        return type_ == &detail::type_mark<T> ? static_cast<const T*>(row_.get()) : nullptr;
    }

    template <class T>
    void carry(T row) {
        row_ = std::make_shared<const T>(std::move(row));
        type_ = &detail::type_mark<T>;
    }

private:
    std::shared_ptr<const void> row_{};
    const char* type_ = nullptr;
};

[[nodiscard]] constexpr std::string_view to_string(RowConflict::What what) noexcept {
    switch (what) {
        case RowConflict::What::modified: return "modified";
        case RowConflict::What::deleted: return "deleted";
        case RowConflict::What::missing: return "missing";
    }
    return "unknown";
}

}  // namespace rowan

#include <cstddef>
#include <cstdint>
#include <memory>
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

class Error;

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
    std::unique_ptr<Error> secondary{};
    int attempts = 0;
    std::optional<std::size_t> row{};  ///< which item of the range that was handed over, from 0
};

/// Why an operation failed. One pointer wide, so that `Result<T>` costs the ordinary way nothing; a copy
/// copies the details. It holds no password and none of the values that were bound to the statement, but for the keys
/// of rows that are not as the caller believed.
class Error {
public:
    [[gnu::cold]] explicit Error(ErrorDetails details) : details_{std::make_unique<ErrorDetails>(std::move(details))} {}

    [[gnu::cold]] Error(Category category, Code code, std::string message)
        : Error{ErrorDetails{.category = category, .code = code, .message = std::move(message)}} {}

    [[gnu::cold]] Error(const Error& other) : details_{std::make_unique<ErrorDetails>(other.copy())} {}
    Error(Error&&) noexcept = default;
    Error& operator=(const Error& other) {
        if (this != &other) details_ = std::make_unique<ErrorDetails>(other.copy());
        return *this;
    }
    Error& operator=(Error&&) noexcept = default;
    ~Error() = default;

    [[nodiscard]] Category category() const noexcept { return details_->category; }
    [[nodiscard]] Code code() const noexcept { return details_->code; }

    /// May the whole transaction be run again, from its BEGIN, with a chance to succeed? After a
    /// disconnect that takes a new connection. Never true when the transaction may have been committed.
    [[nodiscard]] bool retryable() const noexcept { return details_->retryable; }

    /// One sentence for a person.
    [[nodiscard]] const std::string& message() const noexcept { return details_->message; }
    /// The database's own code: a SQLSTATE or an extended result code. Empty for rowan's own errors.
    [[nodiscard]] const std::string& native_code() const noexcept { return details_->native_code; }
    /// Constraint, table and column are filled where the database names them, or rowan knows them.
    [[nodiscard]] const std::string& constraint() const noexcept { return details_->constraint; }
    [[nodiscard]] const std::string& table() const noexcept { return details_->table; }
    [[nodiscard]] const std::string& column() const noexcept { return details_->column; }
    /// The statement's text, with placeholders in the place of values.
    [[nodiscard]] const std::string& statement() const noexcept { return details_->statement; }
    /// The rows that are not as the caller believed, for Code::stale and Code::not_found: each one of a range.
    [[nodiscard]] const std::vector<RowConflict>& conflicts() const noexcept { return details_->conflicts; }
    /// What failed as well while this error was handled (a ROLLBACK, say), or null.
    [[nodiscard]] const Error* secondary() const noexcept { return details_->secondary.get(); }
    /// Which item of a range it befell, from 0, where many rows were to be stored at once and that is known: a value
    /// that its column cannot hold, and a constraint that the row violates.
    [[nodiscard]] std::optional<std::size_t> row() const noexcept { return details_->row; }
    /// How often a transaction with rowan::retry was run, this error being the last one's; 0 for other errors.
    [[nodiscard]] int attempts() const noexcept { return details_->attempts; }

    /// Everything in one line: `category/code: message (SQLSTATE 23505)`.
    [[nodiscard]] std::string to_string() const {
        std::string text{rowan::to_string(category())};
        text.append("/").append(rowan::to_string(code())).append(": ").append(message());
        if (!native_code().empty())
            text.append(" (").append(details_->native_system).append(" ").append(native_code()).append(")");
        if (row()) text.append("; row ").append(std::to_string(*row())).append(" of the range, counted from 0");
        if (category() == Category::programming && !statement().empty())
            text.append("; the statement was: ").append(statement());
        if (secondary() != nullptr) text.append("; then: ").append(secondary()->to_string());
        if (attempts() > 1) text.append("; given up after ").append(std::to_string(attempts())).append(" attempts");
        return text;
    }

    /// This error, with what failed in turn while it was handled.
    [[nodiscard]] Error followed_by(Error secondary) && {
        details_->secondary = std::make_unique<Error>(std::move(secondary));
        return std::move(*this);
    }

    /// This error, with the text of the statement that it befell.
    [[nodiscard]] Error in_statement(std::string_view text) && {
        details_->statement = text;
        return std::move(*this);
    }

    /// This error, as that of an item of a range. Only where the row is to blame: no server or disk that fails
    /// meanwhile.
    [[nodiscard]] Error in_row(std::size_t row) && {
        if (category() == Category::data || category() == Category::integrity) details_->row = row;
        return std::move(*this);
    }

    /// This error, as the one of a number of attempts.
    [[nodiscard]] Error after_attempts(int attempts) && {
        details_->attempts = attempts;
        return std::move(*this);
    }

    /// What this error means where more is known than the database knows. It is not retryable.
    [[nodiscard]] Error as(Category category, Code code, std::string message) && {
        details_->category = category;
        details_->code = code;
        details_->message = std::move(message);
        details_->retryable = false;
        return std::move(*this);
    }

private:
    [[gnu::cold, nodiscard]] ErrorDetails copy() const {
        const ErrorDetails& from = *details_;
        return {from.category,   from.code,        from.retryable,
                from.message,    from.native_code, from.native_system,
                from.constraint, from.table,       from.column,
                from.statement,  from.conflicts,   from.secondary ? std::make_unique<Error>(*from.secondary) : nullptr,
                from.attempts,   from.row};
    }

    std::unique_ptr<ErrorDetails> details_;
};

static_assert(sizeof(Error) == sizeof(void*));

/// The row of the first conflict as it is now: see RowConflict::current. Lives as long as the error or a copy of it.
template <class T>
[[nodiscard]] const T* carried_row(const Error& error) noexcept {
    return error.conflicts().empty() ? nullptr : error.conflicts().front().template current<T>();
}

}  // namespace rowan

#if defined(ROWAN_USE_STD_EXPECTED)
#include <expected>
#include <utility>
#else
#include <tl/expected.hpp>
#endif

namespace rowan {

/// A value, or the reason why there is none. `tl::expected` by default; define ROWAN_USE_STD_EXPECTED in
/// every translation unit of the program to get `std::expected` where the compiler has it.
#if defined(ROWAN_USE_STD_EXPECTED)
template <class T>
using Result = std::expected<T, Error>;
using Failure = std::unexpected<Error>;
namespace detail {
/// Makes a Result whose value is made of the arguments behind it, where it is.
inline constexpr std::in_place_t in_place{};
}  // namespace detail
#else
template <class T>
using Result = tl::expected<T, Error>;
using Failure = tl::unexpected<Error>;
namespace detail {
inline constexpr tl::in_place_t in_place{};
}  // namespace detail
#endif

namespace detail {

/// Puts the error of what has run, if any, in the place of the value that it was to fill. One function of the result,
/// where giving it by value through every layer would take dozens.
template <class T>
void settle(Result<void> ran, Result<T>& result) {
    if (!ran) result = Failure(std::move(ran).error());
}

template <class R>
inline constexpr bool is_result = false;
template <class T>
inline constexpr bool is_result<Result<T>> = true;

}  // namespace detail
}  // namespace rowan

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <type_traits>
#include <utility>

namespace rowan {

/// What `must` throws. `what()` is the error's whole message.
class Exception : public std::exception {
public:
    explicit Exception(Error error) : error_{std::move(error)}, text_{error_.to_string()} {}

    [[nodiscard]] const char* what() const noexcept override { return text_.c_str(); }
    [[nodiscard]] const Error& error() const noexcept { return error_; }

private:
    Error error_;
    std::string text_;
};

namespace detail {

[[noreturn, gnu::cold]] inline void raise(Error error) {
#if defined(__cpp_exceptions)
    throw Exception{std::move(error)};
#else
    std::fputs(error.to_string().append("\n").c_str(), stderr);
    std::abort();
#endif
}

}  // namespace detail

/// The value of `result`; an error is thrown as rowan::Exception. For scripts and tests. In a program that
/// is built without exceptions the message goes to stderr and the program is aborted.
template <class T>
T must(Result<T>&& result) {
    if (!result) detail::raise(std::move(result).error());
    if constexpr (!std::is_void_v<T>) return *std::move(result);
}
template <class T>
T must(const Result<T>& result) {
    if (!result) detail::raise(result.error());
    if constexpr (!std::is_void_v<T>) return *result;
}

}  // namespace rowan

// ---- rowan/core/url.hpp ----


#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace rowan::detail {

constexpr int hexadecimal_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/// `%41` → `A` (RFC 3986, section 2.1). Nothing where a `%` is not followed by two hexadecimal digits, or where
/// the text would hold a NUL.
inline std::optional<std::string> percent_decoded(std::string_view text) {
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t i = 0; i != text.size(); ++i) {
        char c = text[i];
        if (c == '%') {
            if (i + 2 >= text.size()) return std::nullopt;
            const int high = hexadecimal_digit(text[i + 1]);
            const int low = hexadecimal_digit(text[i + 2]);
            if (high < 0 || low < 0) return std::nullopt;
            c = static_cast<char>(high * 16 + low);
            i += 2;
        }
        if (c == '\0') return std::nullopt;
        decoded += c;
    }
    return decoded;
}

/// Calls `use(name, value)`, both decoded, for each `name=value` of a URL's query, until it gives false. False if
/// it did, or if a part cannot be decoded.
template <class Use>
bool for_each_parameter(std::string_view query, Use use) {
    while (!query.empty()) {
        const std::string_view item = query.substr(0, query.find('&'));
        query.remove_prefix(item.size() == query.size() ? item.size() : item.size() + 1);
        if (item.empty()) continue;
        const std::size_t equals = item.find('=');
        const auto name = percent_decoded(item.substr(0, equals));
        const auto value =
            percent_decoded(equals == std::string_view::npos ? std::string_view{} : item.substr(equals + 1));
        if (!name || !value || !use(*name, *value)) return false;
    }
    return true;
}

}  // namespace rowan::detail

// ---- rowan/core/violation.hpp ----



#include <string>
#include <string_view>

namespace rowan::detail {

/// One sentence about a constraint that a row violated, in the same words for every database: from the error's
/// table, column and constraint, as far as they are known; otherwise what the database said.
inline std::string describe_violation(const ErrorDetails& error, std::string_view native_message) {
    std::string where = error.table;
    if (where.empty()) return std::string{native_message};
    if (!error.column.empty())
        where.append("(").append(error.column).append(")");
    else if (!error.constraint.empty())
        where.append(" (constraint ").append(error.constraint).append(")");
    else
        return std::string{native_message};
    switch (error.code) {
        case Code::unique_violation: return where.append(" already holds this row");
        case Code::not_null_violation: return where.append(" must not be NULL");
        case Code::foreign_key_violation:
            return where.append(" breaks a foreign key: the other row is missing, or rows still point to this one");
        case Code::check_violation: return where.append(" fails its check");
        case Code::exclusion_violation: return where.append(" excludes this row");
        default: return std::string{native_message};
    }
}

}  // namespace rowan::detail

// ---- rowan/repository/repository.hpp ----



// ---- rowan/core/range.hpp ----


#include <concepts>
#include <iterator>
#include <utility>

namespace rowan::detail {

namespace range_access {

using std::begin;
using std::end;

template <class Range>
using Begin = decltype(begin(std::declval<Range&>()));
template <class Range>
using End = decltype(end(std::declval<Range&>()));

template <class Range>
Begin<Range> first(Range& range) {
    return begin(range);
}
template <class Range>
End<Range> last(Range& range) {
    return end(range);
}

}  // namespace range_access

/// R can be walked through at least once, and its values are Items: std::ranges::input_range, whose header costs more
/// to include than the rest of what it is needed for.
template <class R, class Item>
concept RangeOf =
    std::input_iterator<range_access::Begin<R>> && std::sentinel_for<range_access::End<R>, range_access::Begin<R>> &&
    std::same_as<std::iter_value_t<range_access::Begin<R>>, Item>;

}  // namespace rowan::detail

// ---- rowan/core/text.hpp ----


#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace rowan::detail {

/// Takes text piece by piece. Without a buffer it only measures, so that one writing function serves
/// both passes of StaticText: the first finds the length, the second fills an array of just that size.
class TextWriter {
public:
    constexpr TextWriter() = default;
    constexpr explicit TextWriter(char* buffer) : buffer_{buffer} {}

    constexpr TextWriter& operator<<(std::string_view text) {
        if (buffer_ != nullptr)
            for (std::size_t i = 0; i != text.size(); ++i) buffer_[size_ + i] = text[i];
        size_ += text.size();
        return *this;
    }

    constexpr TextWriter& operator<<(char c) {
        if (buffer_ != nullptr) buffer_[size_] = c;
        ++size_;
        return *this;
    }

    constexpr TextWriter& number(std::uint64_t value) {
        char digits[20]{};
        std::size_t first = sizeof digits;
        do {
            digits[--first] = static_cast<char>('0' + value % 10);
            value /= 10;
        } while (value != 0);
        return *this << std::string_view{digits + first, sizeof digits - first};
    }

    /// `text` between two `mark`s, every mark inside doubled: the SQL standard's way of quoting both
    /// identifiers (`"`) and strings (`'`).
    constexpr TextWriter& quoted(std::string_view text, char mark = '"') {
        *this << mark;
        for (char c : text) {
            if (c == mark) *this << mark;
            *this << c;
        }
        return *this << mark;
    }

    [[nodiscard]] constexpr std::size_t size() const { return size_; }

private:
    char* buffer_ = nullptr;
    std::size_t size_ = 0;
};

/// Writes what stands between the items of a list: nothing before the first, `text` before the others.
class Separator {
public:
    constexpr explicit Separator(std::string_view text) : text_{text} {}

    friend constexpr TextWriter& operator<<(TextWriter& out, Separator& separator) {
        if (separator.first_)
            separator.first_ = false;
        else
            out << separator.text_;
        return out;
    }

private:
    std::string_view text_;
    bool first_ = true;
};

template <class Text>
constexpr auto build_text() {
    constexpr std::size_t size = [] {
        TextWriter measure;
        Text::write(measure);
        return measure.size();
    }();
    std::array<char, size + 1> characters{};
    TextWriter fill{characters.data()};
    Text::write(fill);
    return characters;
}

/// The characters that `Text::write(TextWriter&)` writes, with a terminating NUL, in read-only data.
template <class Text>
inline constexpr auto characters_of = build_text<Text>();

template <class Text>
inline constexpr std::string_view text_of{characters_of<Text>.data(), characters_of<Text>.size() - 1};

}  // namespace rowan::detail

// ---- rowan/query/column.hpp ----



// ---- rowan/core/fixed_string.hpp ----


#include <cstddef>
#include <string_view>

namespace rowan {

/// A text as a template argument: `as<"total">`.
template <std::size_t size>
struct FixedString {
    char characters[size]{};

    // NOLINTNEXTLINE(google-explicit-constructor): a literal is meant to become one
    constexpr FixedString(const char (&text)[size]) {
        for (std::size_t i = 0; i != size; ++i) characters[i] = text[i];
    }

    [[nodiscard]] constexpr std::string_view view() const { return {characters, size - 1}; }
};

}  // namespace rowan

// ---- rowan/core/type_list.hpp ----


#include <cstddef>

namespace rowan::detail {

template <class... Types>
struct TypeList {
    static constexpr std::size_t size = sizeof...(Types);
};

template <class... Lists>
struct ConcatLists {
    using type = TypeList<>;
};
template <class... Types>
struct ConcatLists<TypeList<Types...>> {
    using type = TypeList<Types...>;
};
template <class... First, class... Second, class... Rest>
struct ConcatLists<TypeList<First...>, TypeList<Second...>, Rest...> {
    using type = typename ConcatLists<TypeList<First..., Second...>, Rest...>::type;
};

template <class... Lists>
using Concat = typename ConcatLists<Lists...>::type;

}  // namespace rowan::detail

// ---- rowan/query/columns.hpp ----



// ---- rowan/schema/info.hpp ----



// ---- rowan/types/stored.hpp ----


#include <cstdint>

namespace rowan {

/// The columns that rowan makes. A dialect spells them.
enum class ColumnType : std::uint8_t {
    boolean,
    int16,
    int32,
    int64,
    float32,
    float64,
    text,
    blob,
    timestamp,
    date,
};

/// The forms in which a value travels to and from a database. A backend knows just these: every type of the
/// program is turned into one of them.
enum class Stored : std::uint8_t { boolean, integer, real, text, blob, timestamp, date };

/// What a parameter of a statement is: one value, or a list of values of one form.
struct Form {
    Stored stored = Stored::text;
    bool is_list = false;

    friend constexpr bool operator==(Form, Form) = default;
};

[[nodiscard]] constexpr Stored stored_as(ColumnType type) noexcept {
    switch (type) {
        case ColumnType::boolean: return Stored::boolean;
        case ColumnType::int16:
        case ColumnType::int32:
        case ColumnType::int64: return Stored::integer;
        case ColumnType::float32:
        case ColumnType::float64: return Stored::real;
        case ColumnType::text: return Stored::text;
        case ColumnType::blob: return Stored::blob;
        case ColumnType::timestamp: return Stored::timestamp;
        case ColumnType::date: return Stored::date;
    }
    return Stored::text;
}

}  // namespace rowan

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace rowan {

struct ColumnInfo {
    std::string_view name;
    ColumnType type{};
    bool nullable = false;
};

struct IndexColumn {
    std::uint16_t column = 0;
    bool descending = false;
};

struct Dialect;

namespace detail {

class TextWriter;

/// Writes the condition of a partial index: a column is `column_mark` and its place from 1, as a byte each.
inline constexpr char column_mark = '\1';
using WritePredicate = void (*)(TextWriter&, const Dialect&);

}  // namespace detail

/// A unique constraint or an index: a run of `TableInfo::index_columns`, over all rows or those that fulfil a
/// condition.
struct IndexInfo {
    std::uint16_t first = 0;
    std::uint16_t count = 0;
    bool unique = false;
    // Said on its own: GCC does not compare a function with null in a constant under its sanitizers.
    bool partial = false;
    detail::WritePredicate predicate = nullptr;

    /// Is it a constraint of the table, and not an object of its own?
    [[nodiscard]] constexpr bool is_constraint() const { return unique && !partial; }
};

/// Which columns rowan writes by itself; `none` where there is no such column.
struct ManagedColumns {
    static constexpr std::uint16_t none = 0xffff;

    std::uint16_t version = none;
    std::uint16_t updated_at = none;
    std::uint16_t created_at = none;

    [[nodiscard]] constexpr bool has(std::size_t column) const {
        return column == version || column == updated_at || column == created_at;
    }
};

/// A table as the writers of statements see it: without its C++ type, so that they are compiled once. All of
/// it is in static storage.
struct TableInfo {
    std::string_view name;
    std::string_view schema;
    std::span<const ColumnInfo> columns;
    std::span<const std::uint16_t> key;
    bool generated_key = false;
    std::span<const IndexInfo> indexes;
    std::span<const IndexColumn> index_columns;
    ManagedColumns managed{};

    [[nodiscard]] constexpr std::span<const IndexColumn> columns_of(const IndexInfo& index) const {
        return index_columns.subspan(index.first, index.count);
    }
};

}  // namespace rowan

// ---- rowan/schema/naming.hpp ----



// ---- rowan/core/characters.hpp ----


/// ASCII, whatever the locale.
namespace rowan::detail {

constexpr bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
constexpr bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace rowan::detail

// ---- rowan/reflect/pretty.hpp ----


#include <cstddef>
#include <string_view>

namespace rowan::reflect {

/// Where the character constant that begins at `i`, such as '>' or '\'', ends.
constexpr std::size_t last_of_character(std::string_view text, std::size_t i) {
    const std::size_t end = text.find('\'', i + (text.substr(i + 1, 1) == "\\" ? 3 : 2));
    return end < text.size() ? end : text.size() - 1;
}

/// The last identifier of a type as a compiler spells it: `Type` of `ns::Outer<int>::Type<char>`. What stands in
/// brackets is passed over, also `{anonymous}` and the arguments of a function that the type is local to.
constexpr std::string_view last_identifier(std::string_view text) {
    std::size_t begin = 0;
    std::size_t end = 0;
    int depth = 0;
    for (std::size_t i = 0; i != text.size(); ++i) {
        const char c = text[i];
        if (c == '<' || c == '(' || c == '[' || c == '{')
            ++depth;
        else if (c == '>' || c == ')' || c == ']' || c == '}')
            --depth;
#if !defined(_MSC_VER) || defined(__clang__)
        // A character as a template argument, such as '>' or '\''.
        else if (c == '\'')
            i = last_of_character(text, i);
#endif
        else if (depth == 0 && (c == ':' || c == ' '))
            begin = end = i + 1;
        else if (depth == 0)
            end = i + 1;
    }
    return text.substr(begin, end - begin);
}

/// The name of a type, without namespaces, surrounding classes and template arguments. Clang and GCC end the
/// pretty name with `T = …]` or `T = …; std::string_view = …]`, MSVC puts it between `<` and `>(`.
template <class T>
constexpr std::string_view type_name() {
#if defined(_MSC_VER) && !defined(__clang__)
    std::string_view text = __FUNCSIG__;
    text = text.substr(0, text.rfind(">("));
    text = text.substr(text.find("type_name<") + 10);
#else
    std::string_view text = __PRETTY_FUNCTION__;
    text = text.substr(text.find("T = ") + 4);
#if defined(__clang__)
    text.remove_suffix(1);
#else
    text = text.substr(0, text.rfind("; std::string_view"));
#endif
#endif
    return last_identifier(text);
}

/// Carries a pointer into an object as a template argument: Clang before 18 accepts a pointer to a
/// subobject only inside a class.
template <class Member>
struct Location {
    const Member* pointer;
};
template <class Member>
Location(const Member*) -> Location<Member>;

/// What stands behind the last `.`, `:` or `>` before the closing brackets. By hand, as the compiler runs it for every
/// member of every struct, and the functions of std::string_view take it several times as long.
constexpr std::string_view last_member(const char* text, std::size_t size) {
    std::size_t end = size;
    while (end != 0 && (text[end - 1] == ')' || text[end - 1] == '}' || text[end - 1] == ']')) --end;
    std::size_t begin = end;
    while (begin != 0 && text[begin - 1] != '.' && text[begin - 1] != ':' && text[begin - 1] != '>') --begin;
    return {text + begin, end - begin};
}

/// The name of the member that a pointer to a subobject points to. (`auto`, since GCC explains a std::string_view
/// behind the name.)
template <Location Where>
constexpr auto member_name() {
#if defined(_MSC_VER) && !defined(__clang__)
    const std::string_view text = __FUNCSIG__;
    return last_member(text.data(), text.rfind(">("));
#else
    return last_member(__PRETTY_FUNCTION__, sizeof __PRETTY_FUNCTION__ - 1);
#endif
}

}  // namespace rowan::reflect

// ---- rowan/schema/dialect.hpp ----



// ---- rowan/schema/mismatch.hpp ----


#include <cstdint>
#include <string>
#include <string_view>

namespace rowan {

/// Where a program and the live schema of its database have drifted apart.
struct Mismatch {
    enum class Kind : std::uint8_t {
        missing_table,     ///< the table is not there
        missing_column,    ///< the struct has a member that the table has no column for
        wrong_type,        ///< the column's values cannot be the member's
        narrower_type,     ///< the column cannot hold every value of the member
        wider_type,        ///< the column may hold values that the member cannot
        may_be_null,       ///< the column may be NULL, but the member is no std::optional
        never_null,        ///< the member is a std::optional, but the column takes no NULL
        unknown_required,  ///< the table wants a column that the struct does not have: an INSERT would fail
        refused_query,     ///< the database does not accept a query
    };

    Kind kind{};
    std::string table{};
    std::string column{};
    /// One sentence that names all of it.
    std::string message{};
};

[[nodiscard]] constexpr std::string_view to_string(Mismatch::Kind kind) noexcept {
    switch (kind) {
        case Mismatch::Kind::missing_table: return "missing_table";
        case Mismatch::Kind::missing_column: return "missing_column";
        case Mismatch::Kind::wrong_type: return "wrong_type";
        case Mismatch::Kind::narrower_type: return "narrower_type";
        case Mismatch::Kind::wider_type: return "wider_type";
        case Mismatch::Kind::may_be_null: return "may_be_null";
        case Mismatch::Kind::never_null: return "never_null";
        case Mismatch::Kind::unknown_required: return "unknown_required";
        case Mismatch::Kind::refused_query: return "refused_query";
    }
    return "unknown";
}

/// How well a column of a live type serves as one of rowan's.
enum class Fit : std::uint8_t { good, narrower, wider, wrong };

}  // namespace rowan

#include <cstddef>
#include <cstdint>
#include <span>
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
    void (*write_json_path)(detail::TextWriter&, std::span<const std::string_view> steps);
    /// Writes the statement that makes a schema where it is missing.
    void (*write_create_schema)(detail::TextWriter&, std::string_view name);
    /// A table-valued function whose argument is a feed (Connection::RowFeed), with columns c0, c1, …; empty where
    /// there is none.
    std::string_view feed{};
    /// A function that is true and counts how often a feed, its argument, was asked that.
    std::string_view tally{};
    /// A function that hands a row, its further arguments, to a taker (Execution::RowTaker), its first, and gives the
    /// row's number; and one that does so for all rows at once, in no order. Empty where there is none.
    std::string_view take{};
    std::string_view take_all{};
    /// A table-valued function whose argument is a list of integers, with each of them once in its column
    /// `set_member`; empty where there is none.
    std::string_view set{};
    std::string_view set_member{};
};

}  // namespace rowan

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace rowan::detail {

/// `OrderBook` → `order_book`, `HTTPRequest` → `http_request`, `SHA256Sum` → `sha256_sum`.
constexpr void write_snake_case(TextWriter& out, std::string_view name) {
    for (std::size_t i = 0; i != name.size(); ++i) {
        if (!is_upper(name[i])) {
            out << name[i];
            continue;
        }
        const bool after_word = i != 0 && (is_lower(name[i - 1]) || is_digit(name[i - 1]));
        const bool ends_acronym = i != 0 && is_upper(name[i - 1]) && i + 1 != name.size() && is_lower(name[i + 1]);
        if (after_word || ends_acronym) out << '_';
        out << static_cast<char>(name[i] - 'A' + 'a');
    }
}

template <class T>
struct SnakeCaseOf {
    static constexpr void write(TextWriter& out) { write_snake_case(out, reflect::type_name<T>()); }
};

/// FNV-1a, 32 bits: http://www.isthe.com/chongo/tech/comp/fnv/
constexpr std::uint32_t fnv1a(std::string_view text) {
    std::uint32_t hash = 2166136261u;
    for (char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
    return hash;
}

/// Writes a name of at most `limit` bytes (0: any length): a longer one is cut, at the start of a UTF-8
/// sequence, and told apart by the hash of its whole text.
constexpr void write_limited(TextWriter& out, std::string_view name, std::size_t limit) {
    constexpr std::string_view hexadecimal = "0123456789abcdef";
    constexpr std::size_t tail = 9;
    if (limit == 0 || name.size() <= limit) {
        out.quoted(name);
        return;
    }
    std::size_t kept = limit - tail;
    while (kept != 0 && (static_cast<unsigned char>(name[kept]) & 0xC0) == 0x80) --kept;
    char text[256]{};
    TextWriter cut{text};
    cut << name.substr(0, kept) << '_';
    const std::uint32_t hash = fnv1a(name);
    for (unsigned shift = 32; shift != 0;) cut << hexadecimal[(hash >> (shift -= 4)) & 15];
    out.quoted({text, cut.size()});
}

// Not constexpr on purpose: a compiler that reaches one of these while it makes a constant stops and shows
// its name.
inline void an_identifier_must_not_be_empty() {}
inline void an_identifier_must_not_contain_a_NUL() {}
inline void this_identifier_is_longer_than_the_database_allows() {}

/// A table's or column's name, quoted; its length is checked against what the dialect keeps.
constexpr void write_identifier(TextWriter& out, const Dialect& dialect, std::string_view name) {
    if (name.empty()) an_identifier_must_not_be_empty();
    for (char c : name)
        if (c == '\0') an_identifier_must_not_contain_a_NUL();
    if (dialect.identifier_limit != 0 && name.size() > dialect.identifier_limit)
        this_identifier_is_longer_than_the_database_allows();
    out.quoted(name);
}

}  // namespace rowan::detail

// ---- rowan/schema/table_info.hpp ----



// ---- rowan/reflect/fields.hpp ----



// ---- rowan/reflect/aggregate.hpp ----



// ---- rowan/reflect/bindings.hpp ----


#include <cstddef>

namespace rowan::reflect::aggregate {

/// Up to here `bind` knows aggregates; std::tuple, which is dearer to compile, serves larger ones.
inline constexpr std::size_t most_bindings = 24;

/// `fn(members...)` of an aggregate with `count` members. A pack of structured bindings would say it in one line, but
/// the language has none yet.
// clang-format off
template <std::size_t count, class T, class Fn>
constexpr decltype(auto) bind(T& value, Fn&& fn) {
    if constexpr (count == 1) { auto& [a] = value; return fn(a); }
    else if constexpr (count == 2) { auto& [a, b] = value; return fn(a, b); }
    else if constexpr (count == 3) { auto& [a, b, c] = value; return fn(a, b, c); }
    else if constexpr (count == 4) { auto& [a, b, c, d] = value; return fn(a, b, c, d); }
    else if constexpr (count == 5) { auto& [a, b, c, d, e] = value; return fn(a, b, c, d, e); }
    else if constexpr (count == 6) { auto& [a, b, c, d, e, f] = value; return fn(a, b, c, d, e, f); }
    else if constexpr (count == 7) { auto& [a, b, c, d, e, f, g] = value; return fn(a, b, c, d, e, f, g); }
    else if constexpr (count == 8) { auto& [a, b, c, d, e, f, g, h] = value; return fn(a, b, c, d, e, f, g, h); }
    else if constexpr (count == 9) { auto& [a, b, c, d, e, f, g, h, i] = value; return fn(a, b, c, d, e, f, g, h, i); }
    else if constexpr (count == 10) { auto& [a, b, c, d, e, f, g, h, i, j] = value; return fn(a, b, c, d, e, f, g, h, i, j); }
    else if constexpr (count == 11) { auto& [a, b, c, d, e, f, g, h, i, j, k] = value; return fn(a, b, c, d, e, f, g, h, i, j, k); }
    else if constexpr (count == 12) { auto& [a, b, c, d, e, f, g, h, i, j, k, l] = value; return fn(a, b, c, d, e, f, g, h, i, j, k, l); }
    else if constexpr (count == 13) { auto& [a, b, c, d, e, f, g, h, i, j, k, l, m] = value; return fn(a, b, c, d, e, f, g, h, i, j, k, l, m); }
    else if constexpr (count == 14) { auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n] = value; return fn(a, b, c, d, e, f, g, h, i, j, k, l, m, n); }
    else if constexpr (count == 15) { auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o] = value; return fn(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o); }
    else if constexpr (count == 16) { auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = value; return fn(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p); }
    else if constexpr (count == 17) { auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q] = value; return fn(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q); }
    else if constexpr (count == 18) { auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r] = value; return fn(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r); }
    else if constexpr (count == 19) { auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s] = value; return fn(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s); }
    else if constexpr (count == 20) { auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t] = value; return fn(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t); }
    else if constexpr (count == 21) { auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u] = value; return fn(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u); }
    else if constexpr (count == 22) { auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v] = value; return fn(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v); }
    else if constexpr (count == 23) { auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w] = value; return fn(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w); }
    else if constexpr (count == 24) { auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x] = value; return fn(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x); }
}
// clang-format on

}  // namespace rowan::reflect::aggregate

// ---- rowan/reflect/count.hpp ----


#include <cstddef>
#include <exception>
#include <utility>

namespace rowan::reflect {

namespace detail {

/// Never called. Defined all the same, since Clang asks for it where a std::optional holds a type of an anonymous
/// namespace.
struct Anything {
    template <class Member>
    operator Member() const noexcept {
        std::terminate();
    }
    explicit Anything(std::size_t);
};

template <class T, class Indices>
inline constexpr bool takes_flat = false;

template <class T, std::size_t... I>
inline constexpr bool takes_flat<T, std::index_sequence<I...>> = requires { T{Anything{I}...}; };

template <class T, std::size_t count>
inline constexpr bool takes = takes_flat<T, std::make_index_sequence<count>>;

/// T takes `least` initializers, but not `most`.
template <class T, std::size_t least, std::size_t most>
constexpr std::size_t count_between() {
    if constexpr (most - least <= 1)
        return least;
    else if constexpr (constexpr std::size_t middle = least + (most - least) / 2; takes<T, middle>)
        return count_between<T, middle, most>();
    else
        return count_between<T, least, middle>();
}

template <class T, std::size_t least = 0, std::size_t guess = 8>
constexpr std::size_t count_flat() {
    if constexpr (takes<T, guess>)
        return count_flat<T, guess, guess * 2>();
    else
        return count_between<T, least, guess>();
}

}  // namespace detail

/// How many flat initializers the aggregate T takes, each left out or not: its members, unless there are C arrays.
template <class T>
inline constexpr std::size_t count_members = detail::count_flat<T>();

}  // namespace rowan::reflect

#include <boost/pfr/core.hpp>
#if __has_include(<boost/pfr/core_name.hpp>)
#include <boost/pfr/core_name.hpp>
#endif

#include <array>
#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

/// Plain aggregates: small ones by structured bindings, others through Boost.PFR.
namespace rowan::reflect::aggregate {

/// References to the members of `value`, in the order of their declaration.
template <class T>
constexpr auto tie(T& value) noexcept {
    return boost::pfr::structure_tie(value);
}

/// `fn(members...)`, in the order of their declaration.
template <class T, class Fn>
constexpr decltype(auto) with_members(T& value, Fn&& fn) {
    constexpr std::size_t count = reflect::count_members<std::remove_const_t<T>>;
    if constexpr (count <= most_bindings)
        return bind<count>(value, fn);
    else
        return std::apply(fn, tie(value));
}

/// An object that is never defined: only the addresses of its members are looked at, by the compiler.
template <class T>
struct Imagined {
    const T value;
};
#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wundefined-internal"
#pragma clang diagnostic ignored "-Wundefined-var-template"
#endif
template <class T>
extern const Imagined<T> imagined;

/// Where the members are. A function, as a variable would be there at run time as well.
template <class T>
consteval auto places() {
    return with_members(imagined<T>.value,
                        [](const auto&... member) { return std::array<const void*, sizeof...(member)>{&member...}; });
}

template <class T>
consteval auto names() {
    return []<std::size_t... I>(std::index_sequence<I...>) {
#if defined(BOOST_PFR_CORE_NAME_ENABLED) && BOOST_PFR_CORE_NAME_ENABLED
        return std::array<std::string_view, sizeof...(I)>{boost::pfr::get_name<I, T>()...};
#else
        return std::array<std::string_view, sizeof...(I)>{member_name<Location{places<T>()[I]}>()...};
#endif
    }(std::make_index_sequence<reflect::count_members<T>>{});
}

/// The place of a member among those of T; the number of members where it is none of them.
template <class T, class Member>
consteval std::size_t index(Member T::*member) {
    constexpr auto all = places<T>();
    const void* const place = &(imagined<T>.value.*member);
    std::size_t i = 0;
    while (i != all.size() && all[i] != place) ++i;
    return i;
}
#if defined(__clang__)
#pragma clang diagnostic pop
#endif

}  // namespace rowan::reflect::aggregate

// ---- rowan/reflect/described.hpp ----


#include <array>
#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>

#include <boost/describe/members.hpp>
#include <boost/describe/modifiers.hpp>

/// Structs that BOOST_DESCRIBE_STRUCT lists, through Boost.Describe: members of bases first.
namespace rowan::reflect::described {

template <class T>
using Members = boost::describe::describe_members<T, boost::describe::mod_public | boost::describe::mod_inherited>;

template <class List>
struct Listed;

template <template <class...> class List, class... Member>
struct Listed<List<Member...>> {
    static constexpr std::array<std::string_view, sizeof...(Member)> names{Member::name...};

    template <class T>
    static constexpr auto tie(T& value) noexcept {
        return std::tie(value.*Member::pointer...);
    }

    template <class T, class Fn>
    static constexpr decltype(auto) with_members(T& value, Fn&& fn) {
        return fn(value.*Member::pointer...);
    }

    template <class Pointer>
    static constexpr std::size_t index(Pointer member) {
        std::size_t found = sizeof...(Member);
        std::size_t i = 0;
        const auto look = [&](auto candidate) {
            if constexpr (std::is_same_v<decltype(candidate), Pointer>)
                if (candidate == member) found = i;
            ++i;
        };
        (look(Member::pointer), ...);
        return found;
    }
};

}  // namespace rowan::reflect::described

// ---- rowan/reflect/requirements.hpp ----



#include <cstddef>
#include <type_traits>
#include <utility>

#include <boost/describe/members.hpp>

namespace rowan::reflect {

/// Has BOOST_DESCRIBE_STRUCT or BOOST_DESCRIBE_CLASS listed the members of T?
template <class T>
concept Described = boost::describe::has_describe_members<T>::value;

namespace detail {

template <class T>
struct AnyBaseOf {
    template <class Base>
        requires(std::is_base_of_v<Base, T> && !std::is_same_v<Base, T>)
    operator Base() const noexcept;
};

template <class T>
concept StartsWithBase = requires { T{AnyBaseOf<T>{}}; };

template <class T>
concept HasBase = !std::is_empty_v<T> && StartsWithBase<T>;

template <class T, class Before, class After>
inline constexpr bool takes_pair = false;

template <class T, std::size_t... Before, std::size_t... After>
inline constexpr bool takes_pair<T, std::index_sequence<Before...>, std::index_sequence<After...>> = requires {
    T{Anything{Before}..., {Anything{0}, Anything{1}}, Anything{After}...};
};

/// Count is how many flat initializers T takes. A C array takes several of them for one member, so once a
/// pair in braces stands for all of it, one initializer for each of the rest is too many. Any other member
/// takes a single one, in braces or not.
template <class T, std::size_t Count, std::size_t I>
inline constexpr bool starts_array =
    takes_pair<T, std::make_index_sequence<I>, std::make_index_sequence<0>> &&
    !takes_pair<T, std::make_index_sequence<I>, std::make_index_sequence<Count - I - 1>>;

template <class T, class Indices>
inline constexpr bool takes_braced = false;

/// One initializer in braces for each: with a C array among the members these are too many. Not every other type takes
/// one, so that only a yes tells anything.
template <class T, std::size_t... I>
inline constexpr bool takes_braced<T, std::index_sequence<I...>> = requires { T{{Anything{I}}...}; };

template <class T, std::size_t Count>
constexpr bool has_array() {
    if constexpr (Count < 2 || takes_braced<T, std::make_index_sequence<Count>>)
        return false;
    else
        return []<std::size_t... I>(std::index_sequence<I...>) {
            return (starts_array<T, Count, I> || ...);
        }(std::make_index_sequence<Count - 1>{});
}

}  // namespace detail

/// Stops the compiler with one sentence where the members of T cannot be seen; true otherwise.
template <class T>
consteval bool require_reflectable() {
    static_assert(std::is_class_v<T>, "rowan: only a struct can be a row; a union, an enum or a built-in type cannot");
    if constexpr (std::is_class_v<T> && !Described<T>) {
        static_assert(std::is_aggregate_v<T>,
                      "rowan: this struct has private members, constructors or virtual functions, so its "
                      "members cannot be seen: make it a plain aggregate, or list them with "
                      "BOOST_DESCRIBE_STRUCT");
        if constexpr (std::is_aggregate_v<T>)
            static_assert(std::is_default_constructible_v<T>,
                          "rowan: this struct cannot be made with T{}, so no row can be read into it: a "
                          "reference member must become a value or a pointer-free key, a const member must "
                          "get a default or lose its const");
        static_assert(!std::is_empty_v<T>, "rowan: this struct has no members, so there is nothing to store");
        if constexpr (std::is_aggregate_v<T> && std::is_default_constructible_v<T> && !std::is_empty_v<T>) {
            static_assert(!detail::HasBase<T>,
                          "rowan: this struct has a base class, so its members cannot be seen: list them "
                          "with BOOST_DESCRIBE_STRUCT(T, (Base), (members...))");
            if constexpr (!detail::HasBase<T>)
                static_assert(!detail::has_array<T, count_members<T>>(),
                              "rowan: a C array cannot be a column: use std::string for text or "
                              "std::vector<std::byte> for bytes");
        }
    }
    return true;
}

/// Whether require_reflectable would let T pass: keeps the errors that would follow its sentence away.
template <class T>
constexpr bool reflectable() {
    if constexpr (!std::is_class_v<T>)
        return false;
    else if constexpr (Described<T>)
        return true;
    else if constexpr (!std::is_aggregate_v<T> || !std::is_default_constructible_v<T> || std::is_empty_v<T>)
        return false;
    else if constexpr (detail::HasBase<T>)
        return false;
    else
        return !detail::has_array<T, count_members<T>>();
}

}  // namespace rowan::reflect

#include <array>
#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

/// What the rest of rowan knows of a struct: its members' count, types, names and places. Which library
/// found them is hidden here, so that the language's own reflection can take its place one day. What
/// require_reflectable refuses has no members here, so that no further errors bury its sentence.
namespace rowan::reflect {

/// References to all members of `value`, as a std::tuple, in column order: in order of declaration, those of
/// described bases first.
template <class T>
constexpr auto tie(T& value) noexcept {
    if constexpr (Described<std::remove_const_t<T>>)
        return described::Listed<described::Members<std::remove_const_t<T>>>::tie(value);
    else if constexpr (reflectable<std::remove_const_t<T>>())
        return aggregate::tie(value);
    else
        return std::tuple<>{};
}

/// `fn(members...)`, in the same order, without a tuple: far cheaper to compile.
template <class T, class Fn>
constexpr decltype(auto) with_members(T& value, Fn&& fn) {
    if constexpr (Described<std::remove_const_t<T>>)
        return described::Listed<described::Members<std::remove_const_t<T>>>::with_members(value, fn);
    else if constexpr (reflectable<std::remove_const_t<T>>())
        return aggregate::with_members(value, fn);
    else
        return fn();
}

namespace detail {

template <class T>
consteval auto names() {
    if constexpr (Described<T>)
        return described::Listed<described::Members<T>>::names;
    else if constexpr (reflectable<T>())
        return aggregate::names<T>();
    else
        return std::array<std::string_view, 0>{};
}

template <class T, class Member, class Class>
consteval std::size_t index(Member Class::*member) {
    if constexpr (Described<T>)
        return described::Listed<described::Members<T>>::index(member);
    else
        return aggregate::index<T, Member>(member);
}

struct ListTypes {
    template <class... Members>
    constexpr rowan::detail::TypeList<Members...> operator()(Members&...) const {
        return {};
    }
};

template <class List, std::size_t I>
struct Listed;
template <class... Members, std::size_t I>
struct Listed<rowan::detail::TypeList<Members...>, I> : std::tuple_element<I, std::tuple<Members...>> {};

template <class Member>
struct MemberPointer;
template <class Member, class Class>
struct MemberPointer<Member Class::*> {
    using class_type = Class;
    using member_type = Member;
};

}  // namespace detail

template <class T>
inline constexpr auto names = detail::names<T>();

template <class T>
inline constexpr std::size_t field_count = names<T>.size();

template <class T>
using Fields = decltype(tie(std::declval<T&>()));

/// The types of the members, as a TypeList.
template <class T>
using MemberTypes = decltype(with_members(std::declval<T&>(), detail::ListTypes{}));

template <class T, std::size_t I>
using Field = typename detail::Listed<MemberTypes<T>, I>::type;

namespace detail {

template <std::size_t I>
struct Pick {
    template <class First, class... Rest>
    constexpr auto& operator()(First& first, Rest&... rest) const {
        if constexpr (I == 0)
            return first;
        else
            return Pick<I - 1>{}(rest...);
    }
};

}  // namespace detail

/// The member in column I.
template <std::size_t I, class T>
constexpr auto& member(T& value) {
    return with_members(value, detail::Pick<I>{});
}

/// `M` of `M C::*`.
template <auto Member>
using MemberOf = typename detail::MemberPointer<decltype(Member)>::member_type;

/// `C` of `M C::*`.
template <auto Member>
using ClassOf = typename detail::MemberPointer<decltype(Member)>::class_type;

/// Can `Member` be a member of T: one of its own or of a base?
template <class T, auto Member>
inline constexpr bool belongs_to = std::is_base_of_v<ClassOf<Member>, T>;

/// The column of `Member` in T.
template <class T, auto Member>
constexpr std::size_t index_of() {
    static_assert(belongs_to<T, Member>, "rowan: this member belongs to another struct than the table's");
    if constexpr (belongs_to<T, Member>) {
        constexpr std::size_t index = detail::index<T>(Member);
        static_assert(index < field_count<T>,
                      "rowan: this member is not among the described ones: add it to BOOST_DESCRIBE_STRUCT");
        return index;
    } else {
        return 0;
    }
}

}  // namespace rowan::reflect

// ---- rowan/schema/codec.hpp ----



// ---- rowan/schema/table.hpp ----



// ---- rowan/schema/managed.hpp ----



// ---- rowan/types/managed.hpp ----



// ---- rowan/types/row_times.hpp ----



// ---- rowan/types/timestamp.hpp ----



// ---- rowan/types/type.hpp ----



// ---- rowan/types/fault.hpp ----


#include <cstdint>

namespace rowan {

/// Why one value could not be written or read. One byte, so that the path of every value stays short; the
/// sentence with the column's name is made only when there is one to make.
enum class [[nodiscard]] Fault : std::uint8_t {
    none,
    null_value,
    type_mismatch,
    out_of_range,
    inexact,
    nul_byte,
    not_a_number,
    unknown_enumerator,
    invalid_value,
};

}  // namespace rowan

#include <type_traits>

namespace rowan {

/// How a C++ type is stored in one column. A specialisation has
///
///     static constexpr ColumnType column;                             // what CREATE TABLE says
///     template <class Sink> static Fault write(Sink&, const T&);      // sink.put(value in a Stored form)
///     template <class Cell> static Fault read(const Cell&, T&);       // cell.get(value in a Stored form)
///
/// and may be written for a type of the program's own; it usually calls those of a type that is there.
/// `sink.put` takes bool, std::int64_t, double, std::string_view, std::span<const std::byte>, Timestamp or
/// std::chrono::sys_days, and `sink.put_null()` a NULL; text and bytes must live until the statement has run.
/// `cell.get` fills one of the same and says Fault::null_value for NULL; text and bytes that it gives are
/// valid until the next row.
template <class T>
struct Type;

/// T has a Type that can be written: a column's type, or a view of one such as std::string_view.
template <class T>
concept Writable = requires { sizeof(Type<T>); };

/// T can be a column.
template <class T>
concept Storable = Writable<T> && requires { Type<T>::column; };

}  // namespace rowan

#include <chrono>

namespace rowan {

/// A point in time: microseconds since 1970-01-01T00:00:00 UTC, leap seconds not counted.
using Timestamp = std::chrono::sys_time<std::chrono::microseconds>;

template <>
struct Type<Timestamp> {
    static constexpr ColumnType column = ColumnType::timestamp;

    template <class Sink>
    static Fault write(Sink& sink, Timestamp value) {
        return sink.put(value);
    }

    template <class Cell>
    static Fault read(const Cell& cell, Timestamp& value) {
        return cell.get(value);
    }
};

}  // namespace rowan

namespace rowan {

/// When the row was last written, as a Timestamp of the writing program's clock: set by each insert, update, patch and
/// upsert that goes through rowan. No `set<&T::updated_at>` compiles.
struct UpdatedAt : Timestamp {
    constexpr UpdatedAt() = default;
    constexpr UpdatedAt(Timestamp time) : Timestamp{time} {}
};

/// When the row was inserted, as a Timestamp of the writing program's clock, unless the struct comes with a time of its
/// own, as imports do. Never written again: what an update finds in it is not sent.
struct CreatedAt : Timestamp {
    constexpr CreatedAt() = default;
    constexpr CreatedAt(Timestamp time) : Timestamp{time} {}
};

template <>
struct Type<UpdatedAt> : Type<Timestamp> {};
template <>
struct Type<CreatedAt> : Type<Timestamp> {};

}  // namespace rowan

// ---- rowan/types/version.hpp ----



// ---- rowan/types/integer.hpp ----



#include <concepts>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <utility>

namespace rowan {

/// The integer types, signed and unsigned. Characters (`char`, `char8_t`, …) are none of them: whether they
/// are text or numbers is not ours to guess.
template <class T>
concept Integer = std::integral<T> && !std::same_as<T, bool> && !std::same_as<T, char> && !std::same_as<T, wchar_t> &&
                  !std::same_as<T, char8_t> && !std::same_as<T, char16_t> && !std::same_as<T, char32_t>;

/// The smallest column that holds every value; std::uint64_t goes into a 64-bit column, and what is over its
/// limit is refused when it is written.
template <Integer T>
struct Type<T> {
    static constexpr ColumnType column = [] {
        constexpr int bits = std::numeric_limits<T>::digits;
        if (bits <= 15) return ColumnType::int16;
        return bits <= 31 ? ColumnType::int32 : ColumnType::int64;
    }();

    template <class Sink>
    [[gnu::always_inline]] static Fault write(Sink& sink, T value) {
        if constexpr (std::numeric_limits<T>::digits > 63)
            if (!std::in_range<std::int64_t>(value)) return Fault::out_of_range;
        return sink.put(static_cast<std::int64_t>(value));
    }

    template <class Cell>
    [[gnu::always_inline]] static Fault read(const Cell& cell, T& value) {
        std::int64_t wide{};
        if (const Fault fault = cell.get(wide); fault != Fault::none) return fault;
        if (!std::in_range<T>(wide)) return Fault::out_of_range;
        value = static_cast<T>(wide);
        return Fault::none;
    }
};

}  // namespace rowan

#include <compare>
#include <cstdint>

namespace rowan {

/// A member of this type makes its table's rows versioned: 1 when a row is inserted, one more with each change that
/// goes through rowan. `Repository::update`, `patch` and `erase` of a struct change its row only while it still has the
/// struct's version, else they give Code::stale. 0 in a struct that was never stored.
///
/// Reads like a std::int64_t. rowan alone writes it: no `set<&T::version>` compiles.
struct Version {
    std::int64_t value = 0;

    constexpr Version() = default;
    constexpr Version(std::int64_t number) : value{number} {}
    constexpr operator std::int64_t() const { return value; }

    friend constexpr bool operator==(Version, Version) = default;
    friend constexpr auto operator<=>(Version, Version) = default;
    // Without these, a Version beside an int could be compared in two ways.
    template <Integer Number>
    friend constexpr bool operator==(Version left, Number right) {
        return left.value == static_cast<std::int64_t>(right);
    }
    template <Integer Number>
    friend constexpr std::strong_ordering operator<=>(Version left, Number right) {
        return left.value <=> static_cast<std::int64_t>(right);
    }
};

template <>
struct Type<Version> : Type<std::int64_t> {
    using Type<std::int64_t>::read;

    template <class Cell>
    static Fault read(const Cell& cell, Version& version) {
        return read(cell, version.value);
    }
};

}  // namespace rowan

#include <cstdint>
#include <type_traits>

namespace rowan::detail {

/// Is it the type of a column that rowan writes by itself?
template <class Member>
inline constexpr bool is_managed =
    std::is_same_v<Member, Version> || std::is_same_v<Member, UpdatedAt> || std::is_same_v<Member, CreatedAt>;

/// What a member's column is compared with and calculated as: itself, but for managed ones.
template <class Member>
struct Plain {
    using type = Member;
};
template <>
struct Plain<Version> {
    using type = std::int64_t;
};
template <>
struct Plain<UpdatedAt> {
    using type = Timestamp;
};
template <>
struct Plain<CreatedAt> {
    using type = Timestamp;
};
template <class Member>
using plain_t = typename Plain<Member>::type;

}  // namespace rowan::detail

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

/// The columns that rowan writes by itself. They are found by the type of the member.
namespace rowan::detail {

/// The first member of a type, and how many there are.
struct Found {
    std::uint16_t column = ManagedColumns::none;
    std::size_t count = 0;
};

template <class T, class Wanted>
constexpr Found find_members() {
    return []<class... Members>(TypeList<Members...>) {
        Found found;
        std::uint16_t column = 0;
        const auto look = [&](bool matches) {
            if (matches && ++found.count == 1) found.column = column;
            ++column;
        };
        (look(std::is_same_v<Members, Wanted>), ...);
        return found;
    }(reflect::MemberTypes<T>{});
}

template <class T>
inline constexpr ManagedColumns managed_columns{.version = find_members<T, Version>().column,
                                                .updated_at = find_members<T, UpdatedAt>().column,
                                                .created_at = find_members<T, CreatedAt>().column};

template <class T>
inline constexpr bool has_version = managed_columns<T>.version != ManagedColumns::none;

/// Is there anything that rowan writes with each change of a row?
template <class T>
inline constexpr bool marks_changes = has_version<T> || managed_columns<T>.updated_at != ManagedColumns::none;

/// True in any case, so that the sentence is said once.
template <class T>
consteval bool require_managed() {
    static_assert(find_members<T, Version>().count <= 1 && find_members<T, UpdatedAt>().count <= 1 &&
                      find_members<T, CreatedAt>().count <= 1,
                  "rowan: a row has one version, one time of its last change and one of its creation: keep one "
                  "rowan::Version, UpdatedAt and CreatedAt each, and store further ones as integers and timestamps");
    return true;
}

template <class Member>
consteval bool require_no_managed_key() {
    static_assert(
        !is_managed<Member>,
        "rowan: a rowan::Version, UpdatedAt or CreatedAt cannot belong to the key, as rowan itself writes it: "
        "store the key as an integer or a timestamp");
    return true;
}

/// Stops the compiler where the program would write what rowan writes; true in any case.
template <class Member>
consteval bool require_settable() {
    static_assert(!is_managed<Member>,
                  "rowan: a rowan::Version, UpdatedAt or CreatedAt is written by rowan itself: leave it out");
    return true;
}

}  // namespace rowan::detail

// ---- rowan/schema/ordering.hpp ----


namespace rowan {

/// A member with a direction, for indexes and for `order_by`.
template <auto Member, bool IsDescending>
struct Ordering {
    static constexpr auto member = Member;
    static constexpr bool descending = IsDescending;
};

template <auto Member>
inline constexpr Ordering<Member, false> asc{};

template <auto Member>
inline constexpr Ordering<Member, true> desc{};

namespace detail {

/// `&T::m` alone means ascending.
template <auto Item>
struct OrderingOf {
    using type = Ordering<Item, false>;
};
template <auto Member, bool IsDescending, Ordering<Member, IsDescending> Item>
struct OrderingOf<Item> {
    using type = Ordering<Member, IsDescending>;
};

}  // namespace detail
}  // namespace rowan

// ---- rowan/schema/requirements.hpp ----



// ---- rowan/types/enumeration.hpp ----



// ---- rowan/reflect/enumerators.hpp ----


#include <array>
#include <cstddef>
#include <string_view>
#include <type_traits>

#include <boost/describe/enumerators.hpp>

namespace rowan::reflect {

template <class Enum>
concept DescribedEnum = std::is_enum_v<Enum> && boost::describe::has_describe_enumerators<Enum>::value;

template <class Enum>
struct Enumerator {
    Enum value;
    std::string_view name;
};

namespace detail {

template <class List>
struct ListedEnumerators;

template <template <class...> class List, class... Listed>
struct ListedEnumerators<List<Listed...>> {
    template <class Enum>
    static constexpr std::array<Enumerator<Enum>, sizeof...(Listed)> all{
        Enumerator<Enum>{Listed::value, Listed::name}...};
};

}  // namespace detail

/// The enumerators that BOOST_DESCRIBE_ENUM lists for Enum.
template <DescribedEnum Enum>
inline constexpr auto& enumerators =
    detail::ListedEnumerators<boost::describe::describe_enumerators<Enum>>::template all<Enum>;

}  // namespace rowan::reflect

#include <string_view>
#include <type_traits>

namespace rowan {

namespace detail {

/// An enum over an integer type, not over bool or a character type.
template <class Enum>
concept NumberedEnum = std::is_enum_v<Enum> && Integer<std::underlying_type_t<Enum>>;

/// An enum as its enumerators' names, which BOOST_DESCRIBE_ENUM lists.
template <class Enum>
struct EnumByName {
    static constexpr ColumnType column = ColumnType::text;

    template <class Sink>
    static Fault write(Sink& sink, Enum value) {
        for (const auto& enumerator : reflect::enumerators<Enum>)
            if (enumerator.value == value) return sink.put(enumerator.name);
        return Fault::unknown_enumerator;
    }

    template <class Cell>
    static Fault read(const Cell& cell, Enum& value) {
        std::string_view name;
        if (const Fault fault = cell.get(name); fault != Fault::none) return fault;
        for (const auto& enumerator : reflect::enumerators<Enum>)
            if (enumerator.name == name) {
                value = enumerator.value;
                return Fault::none;
            }
        return Fault::unknown_enumerator;
    }
};

/// An enum as its number. Where the enumerators are described, a number that is none of them is refused.
template <NumberedEnum Enum>
struct EnumByValue {
    using Number = std::underlying_type_t<Enum>;
    static constexpr ColumnType column = Type<Number>::column;

    static bool known(Enum value) {
        if constexpr (reflect::DescribedEnum<Enum>) {
            for (const auto& enumerator : reflect::enumerators<Enum>)
                if (enumerator.value == value) return true;
            return false;
        } else {
            return true;
        }
    }

    template <class Sink>
    static Fault write(Sink& sink, Enum value) {
        if (!known(value)) return Fault::unknown_enumerator;
        return Type<Number>::write(sink, static_cast<Number>(value));
    }

    template <class Cell>
    static Fault read(const Cell& cell, Enum& value) {
        Number number{};
        if (const Fault fault = Type<Number>::read(cell, number); fault != Fault::none) return fault;
        if (!known(static_cast<Enum>(number))) return Fault::unknown_enumerator;
        value = static_cast<Enum>(number);
        return Fault::none;
    }
};

}  // namespace detail

/// A described enum is stored by name, another by value; a table may choose otherwise for its column.
template <reflect::DescribedEnum Enum>
struct Type<Enum> : detail::EnumByName<Enum> {};

template <class Enum>
    requires(!reflect::DescribedEnum<Enum> && detail::NumberedEnum<Enum>)
struct Type<Enum> : detail::EnumByValue<Enum> {};

}  // namespace rowan

// ---- rowan/types/optional.hpp ----



#include <optional>

namespace rowan {

namespace detail {

/// `Value`, stored the way of `Inner`, or NULL.
template <class Value, class Inner>
struct Nullable {
    static constexpr ColumnType column = Inner::column;

    template <class Sink>
    static Fault write(Sink& sink, const std::optional<Value>& value) {
        return value ? Inner::write(sink, *value) : sink.put_null();
    }

    template <class Cell>
    static Fault read(const Cell& cell, std::optional<Value>& value) {
        const Fault fault = Inner::read(cell, value.emplace());
        if (fault != Fault::null_value) return fault;
        value.reset();
        return Fault::none;
    }
};

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

template <class T>
struct Required {
    using type = T;
};
template <class T>
struct Required<std::optional<T>> {
    using type = T;
};

/// T without its std::optional.
template <class T>
using required_t = typename Required<T>::type;

}  // namespace detail

template <Storable Value>
    requires(!detail::is_optional<Value>)
struct Type<std::optional<Value>> : detail::Nullable<Value, Type<Value>> {};

}  // namespace rowan

#include <concepts>
#include <cstddef>
#include <type_traits>
#include <utility>

namespace rowan {

namespace detail {

template <class T>
concept Character = std::same_as<T, char> || std::same_as<T, wchar_t> || std::same_as<T, char8_t> ||
                    std::same_as<T, char16_t> || std::same_as<T, char32_t>;

template <class Struct, std::size_t Index, class Member>
consteval bool require_column() {
    if constexpr (std::is_const_v<Member>)
        static_assert(!std::is_const_v<Member>,
                      "rowan: a const member cannot be a column, as no row could be read into it: drop the const");
    else if constexpr (std::is_array_v<Member>)
        static_assert(!std::is_array_v<Member>, "rowan: a C array cannot be a column: use std::string for text or "
                                                "std::vector<std::byte> for bytes");
    else if constexpr (std::is_pointer_v<Member>)
        static_assert(!std::is_pointer_v<Member>,
                      "rowan: a pointer cannot be a column, as nobody would own what is read: store the value, "
                      "in a std::optional if it may be missing");
    else if constexpr (std::is_union_v<Member>)
        static_assert(!std::is_union_v<Member>,
                      "rowan: a union cannot be a column: give each alternative a std::optional member");
    else if constexpr (Character<Member>)
        static_assert(!Character<Member>,
                      "rowan: a character type cannot be a column: use std::string for text, std::int8_t for a "
                      "number, or an enum");
    else if constexpr (is_optional<Member> && is_managed<required_t<Member>>)
        static_assert(!is_optional<Member>, "rowan: a rowan::Version, UpdatedAt or CreatedAt is never missing: take it "
                                            "out of the std::optional");
    else if constexpr (std::is_enum_v<required_t<Member>>)
        static_assert(Storable<Member>,
                      "rowan: an enum over bool or a character type cannot be stored by value: give it an integer "
                      "type, or describe it with BOOST_DESCRIBE_ENUM to store its names");
    else
        static_assert(Storable<Member>,
                      "rowan: nothing says how this member is stored: use one of rowan's column types, or write "
                      "a rowan::Type for its type");
    return true;
}

}  // namespace detail

/// Stops the compiler with one sentence where T or one of its members cannot be stored; true otherwise.
template <class T>
consteval bool require_storable() {
    if constexpr (reflect::require_reflectable<T>() && reflect::reflectable<T>())
        []<std::size_t... I, class... Members>(std::index_sequence<I...>, detail::TypeList<Members...>) {
            return (detail::require_column<T, I, Members>() && ...);
        }(std::make_index_sequence<reflect::field_count<T>>{}, reflect::MemberTypes<T>{});
    return true;
}

}  // namespace rowan

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

namespace rowan {

/// Says that the database makes the key: see Table::key.
struct Generated {};
inline constexpr Generated generated{};

/// How an enum's column holds it.
enum class EnumStorage : std::uint8_t { by_default, by_name, by_value };

namespace detail {

inline void a_table_can_have_at_most_16_unique_constraints_and_indexes() {}
inline void the_unique_constraints_and_indexes_of_a_table_can_name_at_most_64_columns() {}

struct ColumnOptions {
    std::string_view name;
    EnumStorage storage = EnumStorage::by_default;
};

}  // namespace detail

/// What a struct says of its table. A value of the compiler: each call gives a changed copy, and the last
/// one is stored in `rowan::table<T>`.
template <class T>
class Table {
public:
    static_assert(require_storable<T>() && detail::require_managed<T>());

    constexpr explicit Table(std::string_view name) : name_{name} {
        for (std::size_t i = 0; i != columns_.size(); ++i) columns_[i].name = reflect::names<T>[i];
        if constexpr (constexpr std::size_t id = id_column(); id != reflect::field_count<T>) {
            static_assert(detail::require_no_managed_key<reflect::Field<T, id>>());
            key_[key_count_++] = id;
            generated_ = Integer<reflect::Field<T, id>>;
        }
    }

    /// The schema that holds the table; where the database has none, a prefix of the table's name.
    [[nodiscard]] constexpr Table in(std::string_view schema) const {
        Table changed = *this;
        changed.schema_ = schema;
        return changed;
    }

    /// The primary key, of one column or of several: its values come with the row.
    template <auto... Members>
    [[nodiscard]] constexpr Table key() const {
        static_assert(sizeof...(Members) != 0, "rowan: a key needs at least one member: .key<&T::m>()");
        static_assert((!detail::is_optional<reflect::MemberOf<Members>> && ...),
                      "rowan: a key's member cannot be std::optional: a key is never NULL");
        static_assert((detail::require_no_managed_key<reflect::MemberOf<Members>>() && ...));
        Table changed = *this;
        changed.key_ = {};
        changed.key_count_ = 0;
        ((changed.key_[changed.key_count_++] = static_cast<std::uint16_t>(reflect::index_of<T, Members>())), ...);
        changed.generated_ = false;
        return changed;
    }

    /// A key that the database makes where the row comes with 0; any other number is stored as it is given.
    template <auto Member>
    [[nodiscard]] constexpr Table key(Generated) const {
        static_assert(Integer<reflect::MemberOf<Member>>,
                      "rowan: a generated key must be an integer, such as std::int64_t");
        Table changed = key<Member>();
        changed.generated_ = Integer<reflect::MemberOf<Member>>;
        return changed;
    }

    /// No two rows are alike in all these columns. A NULL is like nothing, not even another NULL.
    template <auto... Members>
    [[nodiscard]] constexpr Table unique() const {
        static_assert(sizeof...(Members) != 0, "rowan: unique needs at least one member: .unique<&T::m>()");
        return with_index<Ordering<Members, false>...>(true);
    }

    /// The same among those rows only that fulfil a condition without parameters:
    /// `.unique<&T::user>(rowan::col<&T::active> == rowan::constant<true>)`.
    template <auto... Members, class Predicate>
    [[nodiscard]] constexpr Table unique(const Predicate&) const {
        return with_index<Ordering<Members, false>...>(true, true, &Predicate::template write_alone<T>);
    }

    /// An index over `&T::m` (ascending), `rowan::asc<&T::m>` or `rowan::desc<&T::m>`.
    template <auto... Columns>
    [[nodiscard]] constexpr Table index() const {
        static_assert(sizeof...(Columns) != 0, "rowan: an index needs at least one member: .index<&T::m>()");
        return with_index<typename detail::OrderingOf<Columns>::type...>(false);
    }

    /// The same over those rows only that fulfil a condition without parameters.
    template <auto... Columns, class Predicate>
    [[nodiscard]] constexpr Table index(const Predicate&) const {
        return with_index<typename detail::OrderingOf<Columns>::type...>(false, true,
                                                                         &Predicate::template write_alone<T>);
    }

    /// The column's name where it is not the member's.
    template <auto Member>
    [[nodiscard]] constexpr Table column(std::string_view name) const {
        Table changed = *this;
        changed.columns_[reflect::index_of<T, Member>()].name = name;
        return changed;
    }

    /// Stores an enum as its enumerator's name, whatever the default of its type.
    template <auto Member>
    [[nodiscard]] constexpr Table by_name() const {
        constexpr bool described = reflect::DescribedEnum<detail::required_t<reflect::MemberOf<Member>>>;
        static_assert(described, "rowan: by_name needs the enumerators' names: list them with BOOST_DESCRIBE_ENUM");
        return with_storage<Member>(described ? EnumStorage::by_name : EnumStorage::by_default);
    }

    /// Stores an enum as its number, whatever the default of its type.
    template <auto Member>
    [[nodiscard]] constexpr Table by_value() const {
        using Enum = detail::required_t<reflect::MemberOf<Member>>;
        if constexpr (!std::is_enum_v<Enum>)
            static_assert(std::is_enum_v<Enum>, "rowan: by_value is for members of an enum type");
        else
            static_assert(detail::NumberedEnum<Enum>, "rowan: an enum over bool or a character type cannot be stored "
                                                      "by value: give it an integer type, or store its names");
        return with_storage<Member>(detail::NumberedEnum<Enum> ? EnumStorage::by_value : EnumStorage::by_default);
    }

    [[nodiscard]] constexpr std::string_view name() const { return name_; }
    [[nodiscard]] constexpr std::string_view schema() const { return schema_; }
    [[nodiscard]] constexpr const auto& columns() const { return columns_; }
    [[nodiscard]] constexpr std::span<const std::uint16_t> key_columns() const { return {key_.data(), key_count_}; }
    [[nodiscard]] constexpr bool has_generated_key() const { return generated_; }
    [[nodiscard]] constexpr std::span<const IndexInfo> indexes() const { return {indexes_.data(), index_count_}; }
    [[nodiscard]] constexpr std::span<const IndexColumn> index_columns() const {
        return {index_columns_.data(), index_column_count_};
    }

private:
    static constexpr std::uint16_t id_column() {
        std::uint16_t i = 0;
        while (i != reflect::field_count<T> && reflect::names<T>[i] != "id") ++i;
        return i;
    }

    template <class... Orderings>
    [[nodiscard]] constexpr Table with_index(bool unique, bool partial = false,
                                             detail::WritePredicate predicate = nullptr) const {
        Table changed = *this;
        if (index_count_ == indexes_.size()) detail::a_table_can_have_at_most_16_unique_constraints_and_indexes();
        if (index_column_count_ + sizeof...(Orderings) > index_columns_.size())
            detail::the_unique_constraints_and_indexes_of_a_table_can_name_at_most_64_columns();
        changed.indexes_[changed.index_count_++] = {static_cast<std::uint16_t>(index_column_count_),
                                                    static_cast<std::uint16_t>(sizeof...(Orderings)), unique, partial,
                                                    predicate};
        ((changed.index_columns_[changed.index_column_count_++] = {static_cast<std::uint16_t>(
                                                                       reflect::index_of<T, Orderings::member>()),
                                                                   Orderings::descending}),
         ...);
        return changed;
    }

    template <auto Member>
    [[nodiscard]] constexpr Table with_storage(EnumStorage storage) const {
        Table changed = *this;
        changed.columns_[reflect::index_of<T, Member>()].storage = storage;
        return changed;
    }

    std::string_view name_;
    std::string_view schema_{};
    std::array<detail::ColumnOptions, reflect::field_count<T>> columns_{};
    std::array<std::uint16_t, 16> key_{};
    std::size_t key_count_ = 0;
    bool generated_ = false;
    std::array<IndexInfo, 16> indexes_{};
    std::size_t index_count_ = 0;
    std::array<IndexColumn, 64> index_columns_{};
    std::size_t index_column_count_ = 0;
};

/// Starts the description of T's table: named as given, else as T in snake_case. A member called `id` is the
/// key, generated if it is an integer, until `key` says otherwise.
template <class T>
[[nodiscard]] constexpr Table<T> describe(std::string_view name = detail::text_of<detail::SnakeCaseOf<T>>) {
    return Table<T>{name};
}

/// T's table. Specialise it right behind the struct, before anything uses it:
///
///     template <>
///     inline constexpr auto rowan::table<Candle> = rowan::describe<Candle>("candles").unique<&Candle::time>();
template <class T>
inline constexpr Table<T> table = describe<T>();

}  // namespace rowan

#include <cstddef>
#include <optional>
#include <type_traits>

namespace rowan::detail {

template <class Member, EnumStorage storage>
struct CodecFor {
    using type = Type<Member>;
};
template <class Enum>
    requires std::is_enum_v<Enum>
struct CodecFor<Enum, EnumStorage::by_name> {
    using type = EnumByName<Enum>;
};
template <class Enum>
    requires std::is_enum_v<Enum>
struct CodecFor<Enum, EnumStorage::by_value> {
    using type = EnumByValue<Enum>;
};
template <class Enum, EnumStorage storage>
    requires(storage != EnumStorage::by_default)
struct CodecFor<std::optional<Enum>, storage> {
    using type = Nullable<Enum, typename CodecFor<Enum, storage>::type>;
};

template <class T, std::size_t I, class Member>
struct MemberCodec {
    using type = Type<Member>;
};
template <class T, std::size_t I, class Member>
    requires std::is_enum_v<required_t<Member>>
struct MemberCodec<T, I, Member> {
    using type = typename CodecFor<Member, table<T>.columns()[I].storage>::type;
};

/// How column I of T's table holds its member, or one without std::optional: only an enum has a choice.
template <class T, std::size_t I, class Member>
using CodecOf = typename MemberCodec<T, I, Member>::type;

template <class T, std::size_t I>
using Codec = CodecOf<T, I, reflect::Field<T, I>>;

/// The same for a value that is compared with the column: never NULL.
template <class T, std::size_t I>
using RequiredCodec = CodecOf<T, I, required_t<reflect::Field<T, I>>>;

}  // namespace rowan::detail

#include <array>
#include <cstddef>
#include <utility>

namespace rowan {

namespace detail {

template <class T>
inline constexpr auto column_infos =
    []<std::size_t... I, class... Members>(std::index_sequence<I...>, TypeList<Members...>) {
        return std::array<ColumnInfo, sizeof...(I)>{
            ColumnInfo{table<T>.columns()[I].name, CodecOf<T, I, Members>::column, is_optional<Members>}...};
    }(std::make_index_sequence<reflect::field_count<T>>{}, reflect::MemberTypes<T>{});

}  // namespace detail

/// T's table without T.
template <class T>
inline constexpr TableInfo table_info{.name = table<T>.name(),
                                      .schema = table<T>.schema(),
                                      .columns = detail::column_infos<T>,
                                      .key = table<T>.key_columns(),
                                      .generated_key = table<T>.has_generated_key(),
                                      .indexes = table<T>.indexes(),
                                      .index_columns = table<T>.index_columns(),
                                      .managed = detail::managed_columns<T>};

}  // namespace rowan

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
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
                             std::span<const std::uint16_t> columns) {
    Separator comma{", "};
    for (const std::uint16_t column : columns) {
        out << comma;
        write_column(out, dialect, table, column);
    }
}

constexpr void write_parameter(TextWriter& out, const Dialect& dialect, std::size_t number) {
    out << dialect.parameter_mark;
    out.number(number);
}

/// `"a" = $1, "b" = $2`, or with another separator.
constexpr void write_assignments(TextWriter& out, const Dialect& dialect, const TableInfo& table,
                                 std::span<const std::uint16_t> columns, std::size_t first_parameter,
                                 std::string_view separator) {
    Separator between{separator};
    for (const std::uint16_t column : columns) {
        out << between;
        write_column(out, dialect, table, column);
        out << " = ";
        write_parameter(out, dialect, first_parameter++);
    }
}

}  // namespace rowan::detail

// ---- rowan/query/expression.hpp ----



// ---- rowan/core/tuple.hpp ----


#include <cstddef>
#include <tuple>
#include <utility>

/// std::tuple_cat for the few values of an expression: what it does to be general costs more to compile than the rest
/// of the expression.
namespace rowan::detail {

template <class... A, class... B, std::size_t... I, std::size_t... J>
constexpr std::tuple<A..., B...> join_items(std::tuple<A...>& first, std::tuple<B...>& second,
                                            std::index_sequence<I...>, std::index_sequence<J...>) {
    return std::tuple<A..., B...>{static_cast<A&&>(std::get<I>(first))..., static_cast<B&&>(std::get<J>(second))...};
}

constexpr std::tuple<> join() { return {}; }

template <class... A>
constexpr std::tuple<A...> join(std::tuple<A...> only) {
    return only;
}

template <class... A, class... B, class... Rest>
constexpr auto join(std::tuple<A...> first, std::tuple<B...> second, Rest... rest) {
    if constexpr (sizeof...(Rest) != 0)
        return join(join(std::move(first), std::move(second)), std::move(rest)...);
    else if constexpr (sizeof...(A) == 0)
        return second;
    else if constexpr (sizeof...(B) == 0)
        return first;
    else
        return join_items(first, second, std::index_sequence_for<A...>{}, std::index_sequence_for<B...>{});
}

}  // namespace rowan::detail

// ---- rowan/query/aggregate_shapes.hpp ----



// ---- rowan/query/function_shapes.hpp ----



// ---- rowan/query/shape.hpp ----



// ---- rowan/query/fault_error.hpp ----



#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace rowan::detail {

/// Which value: a column's, or one that belongs to no column, where `table` is null.
struct Place {
    const TableInfo* table = nullptr;
    std::size_t column = 0;
};

/// The first value that could not be written or read.
struct ValueFault {
    Fault fault = Fault::none;
    Place place{};

    [[nodiscard]] constexpr explicit operator bool() const { return fault != Fault::none; }
};

struct FaultText {
    Code code;
    std::string_view writing;
    std::string_view reading;
};

constexpr FaultText describe_fault(Fault fault) {
    switch (fault) {
        case Fault::none: break;
        case Fault::null_value:
            return {Code::null_value, "is NULL where none is allowed",
                    "is NULL, but the member is not a std::optional"};
        case Fault::type_mismatch:
            return {Code::type_mismatch, "cannot take a value of this type",
                    "holds a value of another type than the member, and none that can be widened exactly"};
        case Fault::out_of_range:
            return {Code::value_out_of_range, "cannot hold this value: it is outside the column's range",
                    "holds a value outside the member's range"};
        case Fault::inexact:
            return {Code::inexact_value, "cannot hold this value without losing digits",
                    "holds a value that the member cannot hold without losing digits"};
        case Fault::nul_byte:
            return {Code::invalid_text, "cannot hold text with a NUL byte in this database",
                    "holds text with a NUL byte"};
        case Fault::not_a_number:
            return {Code::not_a_number, "cannot hold NaN in this database: it would become NULL", "holds NaN"};
        case Fault::unknown_enumerator:
            return {Code::unknown_enumerator, "cannot hold this value: it is none of the enum's enumerators",
                    "holds a value that is none of the enum's enumerators"};
        case Fault::invalid_value:
            return {Code::invalid_value, "cannot hold this value: it is not valid for its type",
                    "holds a value that is not valid for the member's type"};
    }
    return {Code::internal_error, "failed without a reason", "failed without a reason"};
}

[[gnu::cold]] inline Error fault_error(ValueFault found, bool writing, std::string_view statement) {
    const FaultText text = describe_fault(found.fault);
    ErrorDetails details{.category = Category::data, .code = text.code};
    details.statement = statement;
    if (found.place.table != nullptr) {
        details.table = found.place.table->name;
        details.column = found.place.table->columns[found.place.column].name;
        details.message.append(details.table).append(".").append(details.column);
    } else {
        details.message = writing ? "a value in a condition" : "an expression";
    }
    details.message.append(" ").append(writing ? text.writing : text.reading);
    return Error{std::move(details)};
}

}  // namespace rowan::detail

// ---- rowan/query/operand.hpp ----



// ---- rowan/types/blob.hpp ----



#include <cstddef>
#include <span>
#include <vector>

namespace rowan {

/// A view is written without a copy; it cannot be a column, as nobody would own what is read.
template <>
struct Type<std::span<const std::byte>> {
    template <class Sink>
    static Fault write(Sink& sink, std::span<const std::byte> value) {
        return sink.put(value);
    }
};

/// Bytes, any of them, in any number.
template <>
struct Type<std::vector<std::byte>> {
    static constexpr ColumnType column = ColumnType::blob;

    template <class Sink>
    static Fault write(Sink& sink, const std::vector<std::byte>& value) {
        return sink.put(std::span<const std::byte>{value});
    }

    template <class Cell>
    static Fault read(const Cell& cell, std::vector<std::byte>& value) {
        std::span<const std::byte> bytes;
        if (const Fault fault = cell.get(bytes); fault != Fault::none) return fault;
        value.assign(bytes.begin(), bytes.end());
        return Fault::none;
    }
};

}  // namespace rowan

// ---- rowan/types/text.hpp ----



#include <string>
#include <string_view>

namespace rowan {

/// A view is written without a copy; it cannot be a column, as nobody would own what is read.
template <>
struct Type<std::string_view> {
    template <class Sink>
    [[gnu::always_inline]] static Fault write(Sink& sink, std::string_view value) {
        return sink.put(value);
    }
};

/// UTF-8 text.
template <>
struct Type<std::string> {
    static constexpr ColumnType column = ColumnType::text;

    template <class Sink>
    [[gnu::always_inline]] static Fault write(Sink& sink, const std::string& value) {
        return sink.put(std::string_view{value});
    }

    template <class Cell>
    [[gnu::always_inline]] static Fault read(const Cell& cell, std::string& value) {
        std::string_view text;
        if (const Fault fault = cell.get(text); fault != Fault::none) return fault;
        value.assign(text.data(), text.size());
        return Fault::none;
    }
};

}  // namespace rowan

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace rowan::detail {

template <class T>
concept Floating = std::same_as<T, float> || std::same_as<T, double>;

/// Doubles hold every integer up to here: 2^53.
inline constexpr std::int64_t exact_limit = std::int64_t{1} << 53;

/// What an expression keeps of a value that it compares with a column of type Member: text and bytes by view,
/// so that they must outlive the query, unless they come as temporaries; everything else by value.
template <class Member, class Value>
struct Held {
    using type = Member;
};
template <Integer Member, Integer Value>
struct Held<Member, Value> {
    using type = Value;
};
template <Integer Member>
struct Held<Member, Version> {
    using type = std::int64_t;
};
template <Floating Member, class Value>
    requires(Floating<Value> || Integer<Value>)
struct Held<Member, Value> {
    using type = Value;
};
template <class Value>
struct Held<std::string, Value> {
    using type = std::string_view;
};
template <class Value>
struct Held<std::vector<std::byte>, Value> {
    using type = std::span<const std::byte>;
};

/// `Value` is deduced from a forwarding reference: no reference for a temporary.
template <class Member, class Value>
struct HeldFor : Held<Member, std::remove_cvref_t<Value>> {};
template <>
struct HeldFor<std::string, std::string> {
    using type = std::string;
};
template <>
struct HeldFor<std::vector<std::byte>, std::vector<std::byte>> {
    using type = std::vector<std::byte>;
};

/// May a value be compared with a column of type Member? If not, one sentence stops the compiler, and false keeps
/// the errors that would follow it away.
template <class Member, class Value>
consteval bool require_comparable() {
    constexpr bool nothing =
        is_optional<Value> || std::is_same_v<Value, std::nullopt_t> || std::is_same_v<Value, std::nullptr_t>;
    static_assert(
        !nothing,
        "rowan: a column is compared with a value that may be missing, and = NULL is never true: compare "
        "with *value where there is one, and use is_null() or is_not_distinct_from(value) where there is none");
    if constexpr (nothing) {
        return false;
    } else {
        if constexpr (Integer<Member>) {
            constexpr bool like = Integer<Value> || std::is_same_v<Value, Version>;
            static_assert(like, "rowan: an integer column is compared with something that is no integer: convert the "
                                "value to the member's type");
            return like;
        } else if constexpr (std::is_same_v<Member, float>) {
            constexpr bool like = std::is_same_v<Value, float> || Integer<Value>;
            static_assert(like, "rowan: a float column is compared with something that is neither a float nor an "
                                "integer: a double has digits that no float has, so convert the value to float");
            return like;
        } else if constexpr (std::is_same_v<Member, double>) {
            constexpr bool like = Floating<Value> || Integer<Value>;
            static_assert(like,
                          "rowan: a double column is compared with something that is no number: convert the value "
                          "to double");
            return like;
        } else if constexpr (std::is_same_v<Member, bool>) {
            constexpr bool like = std::is_same_v<Value, bool>;
            static_assert(like, "rowan: a bool column is compared with something that is no bool: convert the value to "
                                "bool");
            return like;
        } else if constexpr (std::is_same_v<Member, std::string>) {
            constexpr bool like = std::convertible_to<const Value&, std::string_view>;
            static_assert(like, "rowan: a text column is compared with something that is no text: convert the value to "
                                "std::string");
            return like;
        } else if constexpr (std::is_enum_v<Member>) {
            constexpr bool like = std::is_same_v<Value, Member>;
            static_assert(like, "rowan: an enum column is compared with something that is not of its enum: name the "
                                "enumerator");
            return like;
        } else {
            constexpr bool like = std::convertible_to<const Value&, typename Held<Member, Value>::type>;
            static_assert(like, "rowan: a column is compared with a value of an unlike type: convert the value to the "
                                "member's type");
            return like;
        }
    }
}

/// Puts a held value into `sink` as a value of type Member that `Codec` stores.
template <class Member, class Codec, class Sink, class Value>
Fault write_operand(Sink& sink, const Value& value) {
    if constexpr (Floating<Member> && Integer<Value>) {
        if (std::cmp_greater(value, exact_limit) || std::cmp_less(value, -exact_limit)) return Fault::inexact;
        return sink.put(static_cast<double>(value));
    } else if constexpr (std::is_same_v<Value, Member>) {
        return Codec::write(sink, value);
    } else if constexpr (std::is_same_v<Member, std::string>) {
        return sink.put(std::string_view{value});
    } else if constexpr (std::is_same_v<Member, std::vector<std::byte>>) {
        return sink.put(std::span<const std::byte>{value});
    } else if constexpr (!Integer<Value> && !Floating<Value> && std::is_trivially_copyable_v<Member>) {
        // An item of a list that becomes a Member by itself, as a point in whole seconds becomes a Timestamp.
        return Codec::write(sink, Member(value));
    } else {
        return Type<Value>::write(sink, value);
    }
}

}  // namespace rowan::detail

// ---- rowan/query/scope.hpp ----



// ---- rowan/schema/ddl.hpp ----



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
    write_identifier(out, dialect, {text, whole.size()});
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
        if (other.unique == index.unique && std::string_view{text, out.size()} == std::string_view{wanted, stem.size()})
            ++count;
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
    write_limited(out, {text, name.size()}, dialect.identifier_limit);
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

#include <cstddef>
#include <string_view>
#include <type_traits>

namespace rowan::detail {

/// A table in a statement: T's, under a name of its own where `alias` is not empty. `is_optional`: a row of it may be
/// missing, as its columns then are NULL.
template <class T, FixedString name = "", bool is_optional = false>
struct Source {
    using Entity = T;
    static constexpr std::string_view alias = name.view();
    /// What stands in front of its columns; the table's own name where it is empty.
    static constexpr std::string_view qualifier = alias;
    static constexpr bool optional = is_optional;
};

/// The tables whose columns an expression may name. `qualified`: columns are written with their table's name, as
/// several tables are there. `grouped`: an aggregate always has a row to work on.
template <class OuterScope, bool is_qualified, bool is_grouped, class... Sources>
struct Scope {
    using Outer = OuterScope;
    static constexpr bool qualified = is_qualified;
    static constexpr bool grouped = is_grouped;
};

template <class Scope, bool wanted>
struct GroupedScope;
template <class Outer, bool qualified, bool grouped, class... Sources, bool wanted>
struct GroupedScope<Scope<Outer, qualified, grouped, Sources...>, wanted> {
    using type = Scope<Outer, qualified, wanted, Sources...>;
};
/// The same scope, where an aggregate always has a row to work on, or may have none.
template <class Scope, bool wanted = true>
using Grouped = typename GroupedScope<Scope, wanted>::type;

/// The scope of a statement on T's table alone.
template <class T>
using TableScope = Scope<void, false, false, Source<T>>;

/// The scope of a condition in the description of T's table, which is written before that table is known: columns are
/// marked by their place, and get their names when the description is complete (see write_predicate).
template <class T>
struct DescriptionScope {
    static constexpr bool qualified = false;
    static constexpr bool grouped = false;
};

template <class Scope>
inline constexpr bool describes = false;
template <class T>
inline constexpr bool describes<DescriptionScope<T>> = true;

/// Where a column is: which source of the scope, or of the one around it.
template <class Scope, auto Member, FixedString alias>
struct Located;

struct NotLocated {};

template <class Found, class Candidate, auto Member, FixedString alias>
struct Pick {
    static constexpr bool matches =
        Candidate::alias == alias.view() && reflect::belongs_to<typename Candidate::Entity, Member>;
    static_assert(!matches || std::is_same_v<Found, NotLocated>,
                  "rowan: this column could be of several tables of the query: give each its own name, as in "
                  "join<T, \"name\">(...), and the column the same, as in col<&T::m, \"name\">");
    using type = std::conditional_t<matches, Candidate, Found>;
};

template <auto Member, FixedString alias, class Found, class... Candidates>
struct PickFrom {
    using type = Found;
};
template <auto Member, FixedString alias, class Found, class First, class... Rest>
struct PickFrom<Member, alias, Found, First, Rest...>
    : PickFrom<Member, alias, typename Pick<Found, First, Member, alias>::type, Rest...> {};

template <class Outer, bool qualified, bool grouped, class... Sources, auto Member, FixedString alias>
struct Located<Scope<Outer, qualified, grouped, Sources...>, Member, alias> {
    using Here = typename PickFrom<Member, alias, NotLocated, Sources...>::type;

    static constexpr auto find() {
        constexpr bool here = !std::is_same_v<Here, NotLocated>;
        static_assert(here || !std::is_void_v<Outer>,
                      "rowan: this column's table is not in the query: start from it, join it, or name it as the "
                      "query does, as in col<&T::m, \"name\">");
        if constexpr (here)
            return std::type_identity<Here>{};
        else if constexpr (std::is_void_v<Outer>)
            return std::type_identity<Source<reflect::ClassOf<Member>>>{};
        else
            return std::type_identity<typename Located<Outer, Member, alias>::type>{};
    }

    using type = typename decltype(find())::type;
};

template <class T, auto Member, FixedString alias>
struct Located<DescriptionScope<T>, Member, alias> {
    using Here = Source<T>;
    using type = Source<T>;
};

/// A name for the source in front of its columns.
template <class Source>
constexpr void write_qualifier(TextWriter& out, const Dialect& dialect) {
    if constexpr (!Source::qualifier.empty())
        write_identifier(out, dialect, Source::qualifier);
    else
        write_bare_table_name(out, dialect, table_info<typename Source::Entity>);
}

}  // namespace rowan::detail

#include <array>
#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace rowan::detail {

/// How tightly an expression holds together, loosest first.
enum class Binding { disjunction, conjunction, negation, comparison, sum, product, atom };

/// An expression is split in two. Its *shape* is a type without a value: the compiler makes the statement's text from
/// it, so that queries which differ in values only share one statement. The values lie in a tuple, in the order of
/// their parameters. A shape derives from ShapeBase and has
///
///     static constexpr Binding binding;                                // for parentheses
///     template <class Scope> static constexpr bool nullable;           // may it be NULL there?
///     template <class Scope> using Parameters;                         // TypeList of what takes the values
///     template <class Scope> static constexpr void write(TextWriter&, const Dialect&, std::size_t& parameter);
///     template <class Scope> using Codec;                              // how its value is read
///     using Type;                                                      // its C++ type, without std::optional
struct ShapeBase {
    static constexpr Binding binding = Binding::atom;
    /// The shapes that it is made of, if it is made of any: see grouping.hpp.
    using Operands = TypeList<>;
    /// What a projection calls it.
    static constexpr std::string_view name{};
    /// The column that it is, if it is one.
    template <class Scope>
    static constexpr Place place() {
        return {};
    }
};

/// What a value is compared with where only its type is known.
template <class Value>
struct ShapeOf : ShapeBase {
    using Type = Value;
    template <class Scope>
    using Codec = rowan::Type<Value>;
};

/// Writes `Inner`, in parentheses where it binds more loosely than its surroundings.
template <class Inner, class Scope>
constexpr void write_inside(TextWriter& out, const Dialect& dialect, std::size_t& parameter, Binding outer) {
    const bool open = Inner::binding < outer;
    if (open) out << '(';
    Inner::template write<Scope>(out, dialect, parameter);
    if (open) out << ')';
}

/// Takes one value of a statement: as an operand of `Like` would be written.
template <class Like, class Scope>
struct OneValue {
    using Codec = typename Like::template Codec<Scope>;
    static constexpr Form form{stored_as(Codec::column), false};

    template <class Sink, class Held>
    static ValueFault write(Sink& sink, const Held& held) {
        return {write_operand<typename Like::Type, Codec>(sink, held), Like::template place<Scope>()};
    }
};

/// A value where an operand of `Like` could stand.
template <class Like>
struct ValueShape : ShapeBase {
    using Type = typename Like::Type;
    static constexpr bool is_value = true;
    template <class Scope>
    static constexpr bool nullable = false;
    template <class Scope>
    using Codec = typename Like::template Codec<Scope>;
    template <class Scope>
    using Parameters = TypeList<OneValue<Like, Scope>>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        write_parameter(out, dialect, parameter++);
    }
};

/// Puts values into `sink`, each by its taker, up to the first that cannot be written.
template <class... Takers, class... Held, class Sink, std::size_t... I>
ValueFault put_each(TypeList<Takers...>, Sink& sink, const std::tuple<Held...>& values, std::index_sequence<I...>) {
    ValueFault found;
    (void)((found = Takers::write(sink, std::get<I>(values)), found.fault == Fault::none) && ...);
    return found;
}
template <class... Takers, class... Held, class Sink>
ValueFault put_values(TypeList<Takers...> takers, Sink& sink, const std::tuple<Held...>& values) {
    static_assert(sizeof...(Takers) == sizeof...(Held));
    return put_each(takers, sink, values, std::index_sequence_for<Held...>{});
}

/// The same values without copies.
template <class... Held>
std::tuple<const Held&...> as_references(const std::tuple<Held...>& values) {
    return std::apply([](const Held&... value) { return std::tuple<const Held&...>{value...}; }, values);
}

/// The forms of a list of value takers.
template <class... Takers>
constexpr auto forms_of(TypeList<Takers...>) {
    return std::array<Form, sizeof...(Takers)>{Takers::form...};
}

}  // namespace rowan::detail

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace rowan::detail {

/// A function that databases spell differently: the dialect's pattern, with the operands in its gaps. An operand may
/// stand in several; its parameters keep their numbers then.
template <Function function, class Value, class... Inner>
struct PatternShape : ShapeBase {
    using Type = Value;
    using Operands = TypeList<Inner...>;
    template <class Scope>
    using Codec = rowan::Type<Type>;
    static constexpr bool is_distinct_test = function == Function::distinct || function == Function::not_distinct;

    template <class Scope>
    static constexpr bool nullable =
        function == Function::json_text || (!is_distinct_test && (Inner::template nullable<Scope> || ...));
    template <class Scope>
    using Parameters = Concat<typename Inner::template Parameters<Scope>...>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        const std::array<std::size_t, sizeof...(Inner) + 1> first = [&] {
            std::array<std::size_t, sizeof...(Inner) + 1> numbers{parameter};
            std::size_t i = 0;
            ((numbers[i + 1] = numbers[i] + Inner::template Parameters<Scope>::size, ++i), ...);
            return numbers;
        }();
        out << '(';
        for (const char c : dialect.spelling(function)) {
            if (c > static_cast<char>(sizeof...(Inner)) || c <= 0) {
                out << c;
                continue;
            }
            std::size_t i = 0;
            const auto write_operand = [&]<class Operand> {
                if (++i != static_cast<std::size_t>(c)) return;
                std::size_t number = first[i - 1];
                write_inside<Operand, Scope>(out, dialect, number, Binding::atom);
            };
            (write_operand.template operator()<Inner>(), ...);
        }
        out << ')';
        parameter = first.back();
    }
};

/// `name(operand, …)`, spelled alike everywhere. NULL where an operand is, unless `any_null` is false.
template <FixedString function, class Value, bool any_null, class... Inner>
struct CallShape : ShapeBase {
    using Type = Value;
    using Operands = TypeList<Inner...>;
    template <class Scope>
    using Codec = rowan::Type<Type>;
    template <class Scope>
    static constexpr bool nullable =
        any_null ? (Inner::template nullable<Scope> || ...) : (Inner::template nullable<Scope> && ...);
    template <class Scope>
    using Parameters = Concat<typename Inner::template Parameters<Scope>...>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        Separator comma{", "};
        out << function.view() << '(';
        ((out << comma, Inner::template write<Scope>(out, dialect, parameter)), ...);
        out << ')';
    }
};

/// `Inner`, whose value is read as that of `Like`.
template <class Inner, class Like>
struct ReadAs : Inner {
    template <class Scope>
    using Codec = typename Like::template Codec<Scope>;
};

/// A path into a JSON document, as a constant text, the way the dialect writes it.
template <FixedString... steps>
struct JsonPathShape : ShapeBase {
    using Type = std::string;
    template <class Scope>
    using Codec = rowan::Type<Type>;
    template <class Scope>
    static constexpr bool nullable = false;
    template <class Scope>
    using Parameters = TypeList<>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t&) {
        char text[512]{};
        TextWriter path{text};
        dialect.write_json_path(path, std::array{steps.view()...});
        out.quoted({text, path.size()}, '\'');
    }
};

/// `CAST(operand AS type)`.
template <class Value, class Operand>
struct CastShape : ShapeBase {
    using Type = Value;
    using Operands = TypeList<Operand>;
    template <class Scope>
    using Codec = rowan::Type<Type>;
    template <class Scope>
    static constexpr bool nullable = Operand::template nullable<Scope>;
    template <class Scope>
    using Parameters = typename Operand::template Parameters<Scope>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        out << "CAST(";
        Operand::template write<Scope>(out, dialect, parameter);
        out << " AS " << dialect.type_name(rowan::Type<Value>::column) << ')';
    }
};

/// Takes a whole range in one parameter.
template <class Like, class Scope>
struct ManyValues {
    using Codec = typename Like::template Codec<Scope>;
    static constexpr Form form{stored_as(Codec::column), true};

    template <class Sink, class Range>
    static ValueFault write(Sink& sink, const Range& range) {
        const Fault fault = sink.put_list(form.stored, [&](auto& list) {
            for (const auto& value : range) {
                const Fault found = write_operand<typename Like::Type, Codec>(list, value);
                if (found != Fault::none) return found;
            }
            return Fault::none;
        });
        return {fault, Like::template place<Scope>()};
    }
};

/// A list of values like those of `Like`, in one parameter.
template <class Like>
struct ListShape : ShapeBase {
    using Type = typename Like::Type;
    template <class Scope>
    using Codec = rowan::Type<Type>;
    template <class Scope>
    static constexpr bool nullable = false;
    template <class Scope>
    using Parameters = TypeList<ManyValues<Like, Scope>>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        write_parameter(out, dialect, parameter++);
        // Only here does the type stand in the text: a list is always a parameter of its own.
        if (dialect.array_parameters) out << "::" << dialect.array_type(ManyValues<Like, Scope>::form.stored);
    }
};

/// `WHEN condition THEN value`, once or more.
template <class Condition, class Value>
struct WhenShape {
    using Operands = TypeList<Condition, Value>;

    template <class Scope>
    static constexpr bool nullable = Value::template nullable<Scope>;
    template <class Scope>
    using Parameters =
        Concat<typename Condition::template Parameters<Scope>, typename Value::template Parameters<Scope>>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        out << " WHEN ";
        Condition::template write<Scope>(out, dialect, parameter);
        out << " THEN ";
        Value::template write<Scope>(out, dialect, parameter);
    }
};

/// `CASE WHEN … ELSE otherwise END`.
template <class Value, class Otherwise, class... Whens>
struct CaseShape : ShapeBase {
    using Type = Value;
    using Operands = Concat<typename Whens::Operands..., TypeList<Otherwise>>;
    template <class Scope>
    using Codec = rowan::Type<Type>;
    template <class Scope>
    static constexpr bool nullable = Otherwise::template nullable<Scope> || (Whens::template nullable<Scope> || ...);
    template <class Scope>
    using Parameters =
        Concat<typename Whens::template Parameters<Scope>..., typename Otherwise::template Parameters<Scope>>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        out << "CASE";
        (Whens::template write<Scope>(out, dialect, parameter), ...);
        out << " ELSE ";
        Otherwise::template write<Scope>(out, dialect, parameter);
        out << " END";
    }
};

}  // namespace rowan::detail

#include <cstddef>
#include <cstdint>

namespace rowan::detail {

/// `count(*)`.
struct CountRowsShape : ShapeBase {
    using Type = std::int64_t;
    template <class Scope>
    using Codec = rowan::Type<Type>;
    static constexpr bool counts = true;

    template <class Scope>
    static constexpr bool nullable = false;
    template <class Scope>
    using Parameters = TypeList<>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect&, std::size_t&) {
        out << "count(*)";
    }
};

/// `count(x)` or `count(DISTINCT x)`.
template <class Operand, bool distinct>
struct CountShape : ShapeBase {
    using Type = std::int64_t;
    using Operands = TypeList<Operand>;
    template <class Scope>
    using Codec = rowan::Type<Type>;
    static constexpr bool counts = true;

    template <class Scope>
    static constexpr bool nullable = false;
    template <class Scope>
    using Parameters = typename Operand::template Parameters<Scope>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        out << "count(" << (distinct ? "DISTINCT " : "");
        Operand::template write<Scope>(out, dialect, parameter);
        out << ')';
    }
};

/// sum, avg, min or max: NULL where no row was counted.
template <FixedString function, class Value, class Operand>
struct AggregateShape : ShapeBase {
    using Type = Value;
    using Operands = TypeList<Operand>;
    template <class Scope>
    using Codec = rowan::Type<Type>;
    static constexpr bool counts = false;

    template <class Scope>
    static constexpr bool nullable = !Scope::grouped || Operand::template nullable<Scope>;
    template <class Scope>
    using Parameters = typename Operand::template Parameters<Scope>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        out << function.view() << '(';
        Operand::template write<Scope>(out, dialect, parameter);
        out << ')';
    }
};

/// min or max: of the column's own type, read as the column is.
template <FixedString function, class Operand>
struct ExtremeShape : AggregateShape<function, typename Operand::Type, Operand> {
    template <class Scope>
    using Codec = typename Operand::template Codec<Scope>;
};

/// `aggregate FILTER (WHERE condition)`: sum, avg, min and max of no row are NULL.
template <class Aggregate, class Condition>
struct FilterShape : ShapeBase {
    using Type = typename Aggregate::Type;
    using Operands = Concat<typename Aggregate::Operands, TypeList<Condition>>;
    static constexpr bool counts = Aggregate::counts;

    template <class Scope>
    static constexpr bool nullable = !Aggregate::counts;
    template <class Scope>
    using Codec = typename Aggregate::template Codec<Scope>;
    template <class Scope>
    using Parameters =
        Concat<typename Aggregate::template Parameters<Scope>, typename Condition::template Parameters<Scope>>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        Aggregate::template write<Scope>(out, dialect, parameter);
        out << " FILTER (WHERE ";
        Condition::template write<Scope>(out, dialect, parameter);
        out << ')';
    }
};

/// A sum of integers, which a database may give as a decimal, whose division has a fraction. The cast stands around
/// FILTER and OVER: `Inner` has them.
template <class Inner>
struct IntegerSumShape : CastShape<std::int64_t, Inner> {};

/// What FILTER and OVER stand behind, and what is made of it together with them.
template <class Shape>
struct Aggregated {
    using Bare = Shape;
    template <class Extended>
    using Whole = Extended;
};
template <class Inner>
struct Aggregated<IntegerSumShape<Inner>> {
    using Bare = Inner;
    template <class Extended>
    using Whole = IntegerSumShape<Extended>;
};

}  // namespace rowan::detail

// ---- rowan/query/operator_shapes.hpp ----



#include <cstddef>
#include <string_view>

namespace rowan::detail {

enum class Operator : unsigned char {
    equal,
    not_equal,
    less,
    less_equal,
    greater,
    greater_equal,
    conjunction,
    disjunction,
    plus,
    minus,
    times,
    divided_by,
    modulo,
};

constexpr std::string_view spelling(Operator op) {
    switch (op) {
        case Operator::equal: return " = ";
        case Operator::not_equal: return " <> ";
        case Operator::less: return " < ";
        case Operator::less_equal: return " <= ";
        case Operator::greater: return " > ";
        case Operator::greater_equal: return " >= ";
        case Operator::conjunction: return " AND ";
        case Operator::disjunction: return " OR ";
        case Operator::plus: return " + ";
        case Operator::minus: return " - ";
        case Operator::times: return " * ";
        case Operator::divided_by: return " / ";
        case Operator::modulo: return " % ";
    }
    return " = ";
}

constexpr Binding binding_of(Operator op) {
    switch (op) {
        case Operator::conjunction: return Binding::conjunction;
        case Operator::disjunction: return Binding::disjunction;
        case Operator::plus:
        case Operator::minus: return Binding::sum;
        case Operator::times:
        case Operator::divided_by:
        case Operator::modulo: return Binding::product;
        default: return Binding::comparison;
    }
}

/// `left op right`, with a value of type Value.
template <Operator op, class Value, class Left, class Right>
struct BinaryShape : ShapeBase {
    using Type = Value;
    using Operands = TypeList<Left, Right>;
    template <class Scope>
    using Codec = rowan::Type<Type>;
    static constexpr Binding binding = binding_of(op);

    template <class Scope>
    static constexpr bool nullable = Left::template nullable<Scope> || Right::template nullable<Scope>;
    template <class Scope>
    using Parameters = Concat<typename Left::template Parameters<Scope>, typename Right::template Parameters<Scope>>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        // A comparison of comparisons, and what is subtracted or divided by, needs parentheses at equal binding.
        constexpr bool chains = binding != Binding::comparison;
        constexpr bool associates = op == Operator::conjunction || op == Operator::disjunction;
        constexpr auto tighter = static_cast<Binding>(static_cast<int>(binding) + 1);
        write_inside<Left, Scope>(out, dialect, parameter, chains ? binding : tighter);
        out << spelling(op);
        write_inside<Right, Scope>(out, dialect, parameter, associates ? binding : tighter);
    }
};

template <class Inner>
struct NotShape : ShapeBase {
    using Type = bool;
    using Operands = TypeList<Inner>;
    template <class Scope>
    using Codec = rowan::Type<Type>;
    static constexpr Binding binding = Binding::negation;

    template <class Scope>
    static constexpr bool nullable = Inner::template nullable<Scope>;
    template <class Scope>
    using Parameters = typename Inner::template Parameters<Scope>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        out << "NOT (";
        Inner::template write<Scope>(out, dialect, parameter);
        out << ')';
    }
};

/// In parentheses, as a minus sign behind another one would start a comment.
template <class Value, class Inner>
struct NegationShape : ShapeBase {
    using Type = Value;
    using Operands = TypeList<Inner>;
    template <class Scope>
    using Codec = rowan::Type<Type>;

    template <class Scope>
    static constexpr bool nullable = Inner::template nullable<Scope>;
    template <class Scope>
    using Parameters = typename Inner::template Parameters<Scope>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        out << "(-";
        write_inside<Inner, Scope>(out, dialect, parameter, Binding::atom);
        out << ')';
    }
};

template <class Inner, bool is_null>
struct NullTestShape : ShapeBase {
    using Type = bool;
    using Operands = TypeList<Inner>;
    template <class Scope>
    using Codec = rowan::Type<Type>;
    static constexpr Binding binding = Binding::comparison;

    template <class Scope>
    static constexpr bool nullable = false;
    template <class Scope>
    using Parameters = typename Inner::template Parameters<Scope>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        static_assert(Inner::template nullable<Scope>,
                      "rowan: this is never NULL here: the member is not a std::optional, and its table is not "
                      "left-joined");
        write_inside<Inner, Scope>(out, dialect, parameter, Binding::sum);
        out << (is_null ? " IS NULL" : " IS NOT NULL");
    }
};

/// `value BETWEEN low AND high`, both included.
template <class Inner, class Low, class High>
struct BetweenShape : ShapeBase {
    using Type = bool;
    using Operands = TypeList<Inner, Low, High>;
    template <class Scope>
    using Codec = rowan::Type<Type>;
    static constexpr Binding binding = Binding::comparison;

    template <class Scope>
    static constexpr bool nullable =
        Inner::template nullable<Scope> || Low::template nullable<Scope> || High::template nullable<Scope>;
    template <class Scope>
    using Parameters = Concat<typename Inner::template Parameters<Scope>, typename Low::template Parameters<Scope>,
                              typename High::template Parameters<Scope>>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        write_inside<Inner, Scope>(out, dialect, parameter, Binding::sum);
        out << " BETWEEN ";
        write_inside<Low, Scope>(out, dialect, parameter, Binding::sum);
        out << " AND ";
        write_inside<High, Scope>(out, dialect, parameter, Binding::sum);
    }
};

}  // namespace rowan::detail

// ---- rowan/query/order.hpp ----



#include <cstddef>
#include <tuple>
#include <utility>

namespace rowan {

/// Where NULLs come in an order. By default it is left to the database: some take them for the smallest values, some
/// for the largest.
enum class Nulls : unsigned char { by_default, first, last };

namespace detail {

template <class Inner, bool descending, Nulls nulls>
struct OrderShape {
    using Key = Inner;
    static constexpr bool is_descending = descending;

    template <class Scope>
    using Parameters = typename Inner::template Parameters<Scope>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        Inner::template write<Scope>(out, dialect, parameter);
        if (descending) out << " DESC";
        if (nulls == Nulls::first) out << " NULLS FIRST";
        if (nulls == Nulls::last) out << " NULLS LAST";
    }
};

/// What stands behind ORDER BY.
template <class... Orders>
struct OrderShapes {
    using Keys = TypeList<typename Orders::Key...>;

    template <class Scope>
    using Parameters = Concat<typename Orders::template Parameters<Scope>...>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        Separator comma{", "};
        ((out << comma, Orders::template write<Scope>(out, dialect, parameter)), ...);
    }
};

}  // namespace detail

/// An expression with a direction: what `asc()` and `desc()` of an expression give.
template <class OrderedShape, class... Held>
struct Ordered {
    using Shape = OrderedShape;
    std::tuple<Held...> values;
};

namespace detail {

template <class T>
inline constexpr bool is_ordered = false;
template <class Shape, class... Held>
inline constexpr bool is_ordered<Ordered<Shape, Held...>> = true;

/// The items of an ORDER BY with their values.
template <class Shapes_, class... Held>
struct OrderList {
    using Shapes = Shapes_;
    std::tuple<Held...> values{};
};

/// The expressions of a PARTITION BY with their values.
template <class Shapes_, class... Held>
struct PartitionList {
    using Shapes = Shapes_;
    std::tuple<Held...> values{};
};

}  // namespace detail
}  // namespace rowan

// ---- rowan/query/subquery_shapes.hpp ----



#include <cstddef>
#include <string_view>
#include <type_traits>

namespace rowan::detail {

/// What a SELECT gives: the rows, how many there are, or whether there is one.
enum class Wanted : unsigned char { rows, count, existence };

/// An expression under a name of its own.
template <class Inner, FixedString own_name>
struct NamedShape : Inner {
    static constexpr std::string_view name = own_name.view();
};

/// May a value of type Value be compared with the only expression that a query selects?
template <class Value, class Items>
inline constexpr bool compares_with_only = true;
template <class Value, class Item>
inline constexpr bool compares_with_only<Value, TypeList<Item>> =
    std::is_same_v<Value, typename Item::Type> ||
    ((Integer<Value> || Floating<Value>)&&(Integer<typename Item::Type> || Floating<typename Item::Type>));

/// The only expression that a query selects.
template <class Items>
struct OnlyItem {
    static_assert(!std::is_same_v<Items, Items>,
                  "rowan: scalar takes a query that selects just one column: select(col<&T::m>)");
    using type = ShapeOf<bool>;
};
template <class Item>
struct OnlyItem<TypeList<Item>> {
    using type = Item;
};
template <class Query>
using OnlyItemOf = typename OnlyItem<typename Query::Projection::Items>::type;

/// `value IN (SELECT …)`, or NOT IN.
template <class Inner, class Query, bool wanted>
struct InSubqueryShape : ShapeBase {
    using Type = bool;
    using Operands = TypeList<Inner>;
    using Subquery = Query;
    template <class Scope>
    using Codec = rowan::Type<Type>;
    static constexpr Binding binding = Binding::comparison;

    template <class Scope>
    static constexpr bool nullable = Inner::template nullable<Scope>;
    template <class Scope>
    using Parameters = Concat<typename Inner::template Parameters<Scope>, typename Query::template Parameters<Scope>>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        static_assert(Query::columns == 1, "rowan: a query behind in must select just one column: select(col<&T::m>)");
        static_assert(compares_with_only<typename Inner::Type, typename Query::Projection::Items>,
                      "rowan: the query behind in selects a column of an unlike type: cast<T>(...) one of them");
        if constexpr (!wanted && Query::columns == 1)
            static_assert(
                !OnlyItemOf<Query>::template nullable<typename Query::template ScopeIn<Scope>>,
                "rowan: not_in over a column that may be NULL is never true as soon as one is: narrow the query "
                "with is_not_null() and coalesce(...), or say not exists(...)");
        write_inside<Inner, Scope>(out, dialect, parameter, Binding::sum);
        out << (wanted ? " IN (" : " NOT IN (");
        Query::template write<Scope>(out, dialect, parameter);
        out << ')';
    }
};

/// `EXISTS (SELECT …)`.
template <class Query>
struct ExistsShape : ShapeBase {
    using Type = bool;
    using Subquery = Query;
    template <class Scope>
    using Codec = rowan::Type<Type>;
    template <class Scope>
    static constexpr bool nullable = false;
    template <class Scope>
    using Parameters = typename Query::template Parameters<Scope, Wanted::existence>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        Query::template write<Scope, Wanted::existence>(out, dialect, parameter);
    }
};

/// `(SELECT one value …)`: NULL where there is no row.
template <class Query>
struct ScalarShape : ShapeBase {
    using Type = typename OnlyItemOf<Query>::Type;
    using Subquery = Query;
    template <class Scope>
    static constexpr bool nullable = true;
    template <class Scope>
    using Codec = typename OnlyItemOf<Query>::template Codec<typename Query::template ScopeIn<Scope>>;
    template <class Scope>
    using Parameters = typename Query::template Parameters<Scope>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        out << '(';
        Query::template write<Scope>(out, dialect, parameter);
        out << ')';
    }
};

}  // namespace rowan::detail

// ---- rowan/query/window_shapes.hpp ----



// ---- rowan/query/frame.hpp ----



#include <cstdint>
#include <limits>

/// Which rows of its window a window function looks at: `rows_between(preceding<6>, current_row)`.
namespace rowan {

namespace detail {

/// A row by its distance from the current one.
template <std::int64_t distance>
struct RowAt {};

inline constexpr std::int64_t window_start = std::numeric_limits<std::int64_t>::min();
inline constexpr std::int64_t window_end = std::numeric_limits<std::int64_t>::max();

/// The rows that the database looks at by itself: of a window with an order those up to the current one, and those that
/// share its place; of another one all.
struct NoFrame {
    static constexpr bool has_current = true;
    static constexpr void write(TextWriter&, bool) {}
};

template <std::int64_t first, std::int64_t last>
struct Frame {
    static constexpr bool has_current = first <= 0 && last >= 0;

    static constexpr void write(TextWriter& out, bool behind_another) {
        out << (behind_another ? " " : "") << "ROWS BETWEEN ";
        write_row(out, first);
        out << " AND ";
        write_row(out, last);
    }

private:
    static constexpr void write_row(TextWriter& out, std::int64_t distance) {
        if (distance == 0) {
            out << "CURRENT ROW";
            return;
        }
        if (distance == window_start || distance == window_end)
            out << "UNBOUNDED";
        else
            out.number(static_cast<std::uint64_t>(distance < 0 ? -distance : distance));
        out << (distance < 0 ? " PRECEDING" : " FOLLOWING");
    }
};

template <class F>
inline constexpr bool is_frame = false;
template <>
inline constexpr bool is_frame<NoFrame> = true;
template <std::int64_t first, std::int64_t last>
inline constexpr bool is_frame<Frame<first, last>> = true;
template <class F>
concept AnyFrame = is_frame<F>;

}  // namespace detail

/// So many rows before the current one, behind it; the current one; the window's first, its last.
template <std::uint32_t rows>
inline constexpr detail::RowAt<-static_cast<std::int64_t>(rows)> preceding{};
template <std::uint32_t rows>
inline constexpr detail::RowAt<static_cast<std::int64_t>(rows)> following{};
inline constexpr detail::RowAt<0> current_row{};
inline constexpr detail::RowAt<detail::window_start> unbounded_preceding{};
inline constexpr detail::RowAt<detail::window_end> unbounded_following{};

/// From one row of the window to another, both included, as far as they are there. Where the current row is not among
/// them there may be none, so that all but counts may be NULL.
template <std::int64_t first, std::int64_t last>
[[nodiscard]] constexpr auto rows_between(detail::RowAt<first>, detail::RowAt<last>) {
    static_assert(first <= last && first != detail::window_end && last != detail::window_start,
                  "rowan: a frame has its first row before its last: rows_between(preceding<2>, current_row)");
    return detail::Frame<first, last>{};
}

}  // namespace rowan

#include <cstddef>
#include <cstdint>

namespace rowan::detail {

/// `row_number()`, `rank()`, …: only behind it can OVER stand.
template <FixedString function>
struct RankingShape : ShapeBase {
    using Type = std::int64_t;
    template <class Scope>
    using Codec = rowan::Type<Type>;
    template <class Scope>
    static constexpr bool nullable = false;
    template <class Scope>
    using Parameters = TypeList<>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect&, std::size_t&) {
        out << function.view() << "()";
    }
};

/// `lag(x, rows, otherwise)`, or lead: NULL at the end of the window where nothing is said of it.
template <FixedString function, std::uint32_t rows, class Inner, class... Otherwise>
struct NeighbourShape : ShapeBase {
    using Type = typename Inner::Type;
    using Operands = TypeList<Inner, Otherwise...>;
    template <class Scope>
    static constexpr bool nullable =
        sizeof...(Otherwise) == 0 || Inner::template nullable<Scope> || (Otherwise::template nullable<Scope> || ...);
    template <class Scope>
    using Codec = typename Inner::template Codec<Scope>;
    template <class Scope>
    using Parameters =
        Concat<typename Inner::template Parameters<Scope>, typename Otherwise::template Parameters<Scope>...>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        out << function.view() << '(';
        Inner::template write<Scope>(out, dialect, parameter);
        if (rows != 1 || sizeof...(Otherwise) != 0) {
            out << ", ";
            out.number(rows);
        }
        ((out << ", ", Otherwise::template write<Scope>(out, dialect, parameter)), ...);
        out << ')';
    }
};

/// `first_value(x)` or `last_value(x)`: NULL where the frame has no row.
template <FixedString function, class Inner>
struct FrameValueShape : CallShape<function, typename Inner::Type, true, Inner> {
    template <class Scope>
    static constexpr bool nullable = !Scope::grouped || Inner::template nullable<Scope>;
    template <class Scope>
    using Codec = typename Inner::template Codec<Scope>;
};

template <class... Partition>
struct PartitionShapes {};

/// `function OVER (PARTITION BY … ORDER BY … ROWS BETWEEN …)`.
template <class Function, class Partition, class Order, class Frame>
struct OverShape;

template <class Function, class... Partition, class... Order, class Frame>
struct OverShape<Function, PartitionShapes<Partition...>, OrderShapes<Order...>, Frame> : ShapeBase {
    using Type = typename Function::Type;
    using Operands = Concat<typename Function::Operands, TypeList<Partition..., typename Order::Key...>>;
    // A window around a row has that row in it, unless its frame was moved.
    template <class Scope>
    static constexpr bool nullable = Function::template nullable<Grouped<Scope, Frame::has_current>>;
    template <class Scope>
    using Codec = typename Function::template Codec<Scope>;
    template <class Scope>
    using Parameters =
        Concat<typename Function::template Parameters<Scope>, typename Partition::template Parameters<Scope>...,
               typename Order::template Parameters<Scope>...>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        Function::template write<Scope>(out, dialect, parameter);
        out << " OVER (";
        if constexpr (sizeof...(Partition) != 0) {
            Separator comma{", "};
            out << "PARTITION BY ";
            ((out << comma, Partition::template write<Scope>(out, dialect, parameter)), ...);
        }
        if constexpr (sizeof...(Order) != 0) {
            out << (sizeof...(Partition) != 0 ? " " : "") << "ORDER BY ";
            OrderShapes<Order...>::template write<Scope>(out, dialect, parameter);
        }
        Frame::write(out, sizeof...(Partition) + sizeof...(Order) != 0);
        out << ')';
    }
};

}  // namespace rowan::detail

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace rowan::detail {

template <class Shape, class... Held>
class Expression;

template <class E>
inline constexpr bool is_expression = false;
template <class Shape, class... Held>
inline constexpr bool is_expression<Expression<Shape, Held...>> = true;

/// E is an expression.
template <class E>
concept AnyExpression = is_expression<std::remove_cvref_t<E>>;

template <AnyExpression E>
using ShapeIn = typename std::remove_cvref_t<E>::Shape;

/// E is an expression that is true or false.
template <class E>
concept Condition = AnyExpression<E> && std::is_same_v<typename ShapeIn<E>::Type, bool>;

template <class T>
concept Number = Integer<T> || Floating<T>;

template <class Shape, class... Held>
constexpr Expression<Shape, Held...> expression_of(std::tuple<Held...>&& values) {
    return {static_cast<std::tuple<Held...>&&>(values)};
}

/// An expression of `Shape`, with the values of its operands in order.
template <class Shape, AnyExpression... Operands>
constexpr auto combine(Operands&&... operands) {
    return expression_of<Shape>(join(static_cast<Operands&&>(operands).values...));
}

/// A value that is compared with an expression of `Like`.
template <class Like, class Value>
constexpr auto make_value(Value&& value) {
    using Kept = typename HeldFor<typename Like::Type, Value>::type;
    return Expression<ValueShape<Like>, Kept>{std::tuple<Kept>{Kept(std::forward<Value>(value))}};
}

/// `right` as an operand beside an expression of `Like`: an expression as it is, a value as a parameter.
template <class Like, class Right>
constexpr auto operand_beside(Right&& right) {
    if constexpr (AnyExpression<Right>) {
        using Type = typename ShapeIn<Right>::Type;
        using Other = typename Like::Type;
        static_assert(std::is_same_v<Type, Other> || (Integer<Type> && Integer<Other>) ||
                          (Number<Type> && Number<Other>),
                      "rowan: two expressions of unlike types are compared: cast<T>(...) one of them");
        return std::remove_cvref_t<Right>{std::forward<Right>(right)};
    } else if constexpr (require_comparable<typename Like::Type, std::remove_cvref_t<Right>>()) {
        return make_value<Like>(std::forward<Right>(right));
    } else {
        return make_value<Like>(typename Like::Type{});
    }
}

/// `right` as an operand that brings its own type.
template <class Right>
constexpr auto operand_of_its_own(Right&& right) {
    if constexpr (AnyExpression<Right>)
        return std::remove_cvref_t<Right>{std::forward<Right>(right)};
    else if constexpr (std::convertible_to<Right, std::string_view>)
        return make_value<ShapeOf<std::string>>(std::forward<Right>(right));
    else
        return make_value<ShapeOf<std::remove_cvref_t<Right>>>(std::forward<Right>(right));
}

template <class T>
using ShapeOfOperand = ShapeIn<decltype(operand_of_its_own(std::declval<T>()))>;

/// Takes a value that may be missing.
template <class Like, class Scope>
struct MaybeValue {
    static constexpr Form form = OneValue<Like, Scope>::form;

    template <class Sink, class Held>
    static ValueFault write(Sink& sink, const std::optional<Held>& held) {
        if (held) return OneValue<Like, Scope>::write(sink, *held);
        return {sink.put_null(), Like::template place<Scope>()};
    }
};

template <class Like>
struct MaybeValueShape : ValueShape<Like> {
    template <class Scope>
    static constexpr bool nullable = true;
    template <class Scope>
    using Parameters = TypeList<MaybeValue<Like, Scope>>;
};

/// A range that outlives the query, seen through a pointer; a temporary is kept whole.
template <class Range>
struct RangeView {
    const Range* range;
    [[nodiscard]] auto begin() const { return std::begin(*range); }
    [[nodiscard]] auto end() const { return std::end(*range); }
};

template <class R>
concept ConstRange = requires(const R& range) {
    std::begin(range);
    std::end(range);
};

template <class Range>
using ItemOf = std::remove_cvref_t<decltype(*std::begin(std::declval<const Range&>()))>;

/// A part of a statement with a value: a column, a constant, or what functions and operators make of them.
///
/// Text and bytes that are not temporaries are kept by view and must outlive the query; so must ranges.
template <class ExpressionShape, class... Held>
class Expression {
public:
    using Shape = ExpressionShape;
    using Type = typename Shape::Type;

    std::tuple<Held...> values{};

    /// Writes it as a condition in the description of T's table: see write_predicate.
    template <class T>
    static constexpr void write_alone(TextWriter& out, const Dialect& dialect) {
        static_assert(sizeof...(Held) == 0, "rowan: the condition of an index cannot have parameters: write a value as "
                                            "rowan::constant<value>");
        std::size_t none = 1;
        if constexpr (sizeof...(Held) == 0) Shape::template write<DescriptionScope<T>>(out, dialect, none);
    }

    template <Nulls nulls = Nulls::by_default>
    [[nodiscard]] constexpr auto asc() const {
        return Ordered<OrderShape<Shape, false, nulls>, Held...>{values};
    }
    template <Nulls nulls = Nulls::by_default>
    [[nodiscard]] constexpr auto desc() const {
        return Ordered<OrderShape<Shape, true, nulls>, Held...>{values};
    }

    /// The name of the column in a projection: that of the member that takes it.
    template <FixedString name>
    [[nodiscard]] constexpr auto as() const {
        return combine<NamedShape<Shape, name>>(*this);
    }

    [[nodiscard]] constexpr auto is_null() const { return combine<NullTestShape<Shape, true>>(*this); }
    [[nodiscard]] constexpr auto is_not_null() const { return combine<NullTestShape<Shape, false>>(*this); }

    /// From `low` to `high`, both included.
    template <class Low, class High>
    [[nodiscard]] constexpr auto between(Low&& low, High&& high) const {
        auto first = operand_beside<Shape>(std::forward<Low>(low));
        auto last = operand_beside<Shape>(std::forward<High>(high));
        return combine<BetweenShape<Shape, ShapeIn<decltype(first)>, ShapeIn<decltype(last)>>>(*this, std::move(first),
                                                                                               std::move(last));
    }

    /// Is it one of the values of a range, or of the rows of a query with one column? Of an empty range: never. One
    /// constant text whatever the length.
    template <class Many>
    [[nodiscard]] constexpr auto in(Many&& many) const {
        return listed<Function::in_list, true>(std::forward<Many>(many));
    }
    [[nodiscard]] auto in(std::initializer_list<Type> many) const { return in(std::vector<Type>(many)); }

    /// Is it none of them? Of an empty range: always, unless it is NULL itself.
    template <class Many>
    [[nodiscard]] constexpr auto not_in(Many&& many) const {
        return listed<Function::not_in_list, false>(std::forward<Many>(many));
    }
    [[nodiscard]] auto not_in(std::initializer_list<Type> many) const { return not_in(std::vector<Type>(many)); }

    /// Does it differ from a value, or an expression, where NULL is a value like any other? std::nullopt may be given.
    template <class Right>
    [[nodiscard]] constexpr auto is_distinct_from(Right&& right) const {
        return distinct<Function::distinct>(std::forward<Right>(right));
    }
    template <class Right>
    [[nodiscard]] constexpr auto is_not_distinct_from(Right&& right) const {
        return distinct<Function::not_distinct>(std::forward<Right>(right));
    }

    /// SQL's LIKE: `%` stands for any text, `_` for any character, a backslash takes the next one literally. Capitals
    /// are told apart, on every database; by `ilike` not (on some databases for ASCII only).
    template <class Right>
    [[nodiscard]] constexpr auto like(Right&& pattern) const {
        return text_test<Function::like>(std::forward<Right>(pattern));
    }
    template <class Right>
    [[nodiscard]] constexpr auto ilike(Right&& pattern) const {
        return text_test<Function::ilike>(std::forward<Right>(pattern));
    }
    /// Is the text in it, at its start, at its end? Every character of the text means itself.
    template <class Right>
    [[nodiscard]] constexpr auto contains(Right&& text) const {
        return text_test<Function::contains>(std::forward<Right>(text));
    }
    template <class Right>
    [[nodiscard]] constexpr auto starts_with(Right&& text) const {
        return text_test<Function::starts_with>(std::forward<Right>(text));
    }
    template <class Right>
    [[nodiscard]] constexpr auto ends_with(Right&& text) const {
        return text_test<Function::ends_with>(std::forward<Right>(text));
    }

    /// Only of the rows for which `condition` is true: behind an aggregate.
    template <Condition Where>
    [[nodiscard]] constexpr auto filter(Where condition) const {
        using Aggregate = typename Aggregated<Shape>::Bare;
        static_assert(
            requires { Aggregate::counts; },
            "rowan: filter belongs behind an aggregate, as in sum(x).filter(condition)");
        using Filtered = FilterShape<Aggregate, ShapeIn<Where>>;
        return combine<typename Aggregated<Shape>::template Whole<Filtered>>(*this, std::move(condition));
    }

    /// The function over a window: `.over(partition_by(…), order_by(…), rows_between(…, …))`, each of which may be left
    /// out.
    template <class Partition, class... First, class Order, class... Second, AnyFrame Frame = NoFrame>
    [[nodiscard]] constexpr auto over(const PartitionList<Partition, First...>& partition,
                                      const OrderList<Order, Second...>& order, Frame = {}) const {
        using Windowed = OverShape<typename Aggregated<Shape>::Bare, Partition, Order, Frame>;
        return with_values<typename Aggregated<Shape>::template Whole<Windowed>>(
            std::tuple_cat(values, partition.values, order.values));
    }
    template <class Partition, class... First, AnyFrame Frame = NoFrame>
    [[nodiscard]] constexpr auto over(const PartitionList<Partition, First...>& partition, Frame frame = {}) const {
        return over(partition, OrderList<OrderShapes<>>{}, frame);
    }
    template <class Order, class... Second, AnyFrame Frame = NoFrame>
    [[nodiscard]] constexpr auto over(const OrderList<Order, Second...>& order, Frame frame = {}) const {
        return over(PartitionList<PartitionShapes<>>{}, order, frame);
    }
    template <AnyFrame Frame = NoFrame>
    [[nodiscard]] constexpr auto over(Frame frame = {}) const {
        return over(PartitionList<PartitionShapes<>>{}, OrderList<OrderShapes<>>{}, frame);
    }

private:
    template <class NewShape, class... Values>
    static constexpr auto with_values(std::tuple<Values...> all) {
        return Expression<NewShape, Values...>{std::move(all)};
    }

    template <Function function, class Right>
    constexpr auto text_test(Right&& right) const {
        static_assert(std::is_same_v<Type, std::string>, "rowan: this is a test of text, on something that is no text");
        auto text = operand_beside<Shape>(std::forward<Right>(right));
        return combine<PatternShape<function, bool, Shape, ShapeIn<decltype(text)>>>(*this, std::move(text));
    }

    template <Function function, class Right>
    constexpr auto distinct(Right&& right) const {
        using Value = std::remove_cvref_t<Right>;
        if constexpr (std::is_same_v<Value, std::nullopt_t>) {
            return distinct<function>(std::optional<Type>{});
        } else if constexpr (is_optional<Value>) {
            (void)require_comparable<Type, typename Value::value_type>();
            using Maybe = MaybeValueShape<Shape>;
            return combine<PatternShape<function, bool, Shape, Maybe>>(
                *this, Expression<Maybe, Value>{std::tuple<Value>{std::forward<Right>(right)}});
        } else {
            auto other = operand_beside<Shape>(std::forward<Right>(right));
            return combine<PatternShape<function, bool, Shape, ShapeIn<decltype(other)>>>(*this, std::move(other));
        }
    }

    template <Function function, bool wanted, class Many>
    constexpr auto listed(Many&& many) const {
        using Range = std::remove_cvref_t<Many>;
        if constexpr (requires { typename Range::QueryShape; }) {
            return with_values<InSubqueryShape<Shape, typename Range::QueryShape, wanted>>(
                std::tuple_cat(values, many.values()));
        } else {
            static_assert(ConstRange<Range>, "rowan: in takes a range of values, or a query that selects one column");
            if constexpr (takes_items<Range>()) {
                using Kept = std::conditional_t<std::is_lvalue_reference_v<Many>, RangeView<Range>, Range>;
                using Listed = PatternShape<function, bool, Shape, ListShape<Shape>>;
                if constexpr (std::is_lvalue_reference_v<Many>)
                    return with_values<Listed>(std::tuple_cat(values, std::tuple<Kept>{Kept{&many}}));
                else
                    return with_values<Listed>(std::tuple_cat(values, std::tuple<Kept>{std::move(many)}));
            } else {
                return listed<function, wanted>(std::vector<Type>{});
            }
        }
    }

    template <class Range>
    static constexpr bool takes_items() {
        if constexpr (ConstRange<Range>)
            return require_comparable<Type, ItemOf<Range>>();
        else
            return false;
    }
};

}  // namespace rowan::detail

// ---- rowan/query/operators.hpp ----



// ---- rowan/query/time_operators.hpp ----



#include <chrono>
#include <concepts>
#include <cstdint>
#include <type_traits>
#include <utility>

/// Timestamps and durations. A duration of the program is a value; one that a database calculates is a number of
/// microseconds.
namespace rowan::detail {

/// E is an expression of timestamps.
template <class E>
concept TimeExpression = AnyExpression<E> && std::same_as<typename ShapeIn<E>::Type, Timestamp>;

template <class T>
concept TimeValue = !AnyExpression<T> && std::convertible_to<const std::remove_cvref_t<T>&, Timestamp>;

template <TimeExpression Time>
constexpr auto add_microseconds(Time&& time, std::chrono::microseconds duration) {
    using Number = ShapeOf<std::int64_t>;
    return combine<PatternShape<Function::add_microseconds, Timestamp, ShapeIn<Time>, ValueShape<Number>>>(
        std::forward<Time>(time), make_value<Number>(std::int64_t{duration.count()}));
}

template <class Rep, class Period>
constexpr std::chrono::microseconds in_microseconds(std::chrono::duration<Rep, Period> duration) {
    constexpr bool exact = std::is_convertible_v<std::chrono::duration<Rep, Period>, std::chrono::microseconds>;
    static_assert(exact, "rowan: a timestamp counts microseconds, and this duration is finer or has a fraction: "
                         "std::chrono::duration_cast<std::chrono::microseconds>(...) it");
    if constexpr (exact)
        return duration;
    else
        return {};
}

/// So much later.
template <TimeExpression Time, class Rep, class Period>
constexpr auto operator+(Time&& time, std::chrono::duration<Rep, Period> duration) {
    return add_microseconds(std::forward<Time>(time), in_microseconds(duration));
}
template <class Rep, class Period, TimeExpression Time>
constexpr auto operator+(std::chrono::duration<Rep, Period> duration, Time&& time) {
    return add_microseconds(std::forward<Time>(time), in_microseconds(duration));
}
/// So much earlier.
template <TimeExpression Time, class Rep, class Period>
constexpr auto operator-(Time&& time, std::chrono::duration<Rep, Period> duration) {
    return add_microseconds(std::forward<Time>(time), -in_microseconds(duration));
}

/// Microseconds from the second to the first, a std::int64_t.
template <AnyExpression Left, AnyExpression Right>
constexpr auto microseconds_between(Left&& left, Right&& right) {
    return combine<PatternShape<Function::microseconds_between, std::int64_t, ShapeIn<Left>, ShapeIn<Right>>>(
        std::forward<Left>(left), std::forward<Right>(right));
}
template <TimeExpression Left, TimeValue Right>
constexpr auto operator-(Left&& left, Right&& right) {
    return microseconds_between(std::forward<Left>(left), make_value<ShapeIn<Left>>(std::forward<Right>(right)));
}
template <TimeValue Left, TimeExpression Right>
constexpr auto operator-(Left&& left, Right&& right) {
    return microseconds_between(make_value<ShapeIn<Right>>(std::forward<Left>(left)), std::forward<Right>(right));
}

}  // namespace rowan::detail

#include <cstdint>
#include <type_traits>
#include <utility>

/// The operators of C++ on expressions. They are found by argument-dependent lookup, as expressions live here.
namespace rowan {

/// The value as another type, as the database converts it: `cast<double>(col<&T::count>)`.
template <Storable Value, detail::AnyExpression Inner>
[[nodiscard]] constexpr auto cast(Inner inner) {
    return detail::combine<detail::CastShape<Value, typename Inner::Shape>>(std::move(inner));
}

namespace detail {

template <Operator op, AnyExpression Left, class Right>
constexpr auto compare(Left&& left, Right&& right) {
    auto other = operand_beside<ShapeIn<Left>>(std::forward<Right>(right));
    return combine<BinaryShape<op, bool, ShapeIn<Left>, ShapeIn<decltype(other)>>>(std::forward<Left>(left),
                                                                                   std::move(other));
}

template <AnyExpression Left, class Right>
constexpr auto operator==(Left&& left, Right&& right) {
    return compare<Operator::equal>(std::forward<Left>(left), std::forward<Right>(right));
}
template <AnyExpression Left, class Right>
constexpr auto operator!=(Left&& left, Right&& right) {
    return compare<Operator::not_equal>(std::forward<Left>(left), std::forward<Right>(right));
}
template <AnyExpression Left, class Right>
constexpr auto operator<(Left&& left, Right&& right) {
    return compare<Operator::less>(std::forward<Left>(left), std::forward<Right>(right));
}
template <AnyExpression Left, class Right>
constexpr auto operator<=(Left&& left, Right&& right) {
    return compare<Operator::less_equal>(std::forward<Left>(left), std::forward<Right>(right));
}
template <AnyExpression Left, class Right>
constexpr auto operator>(Left&& left, Right&& right) {
    return compare<Operator::greater>(std::forward<Left>(left), std::forward<Right>(right));
}
template <AnyExpression Left, class Right>
constexpr auto operator>=(Left&& left, Right&& right) {
    return compare<Operator::greater_equal>(std::forward<Left>(left), std::forward<Right>(right));
}

template <Condition Left, Condition Right>
constexpr auto operator&&(Left&& left, Right&& right) {
    return combine<BinaryShape<Operator::conjunction, bool, ShapeIn<Left>, ShapeIn<Right>>>(std::forward<Left>(left),
                                                                                            std::forward<Right>(right));
}
template <Condition Left, Condition Right>
constexpr auto operator||(Left&& left, Right&& right) {
    return combine<BinaryShape<Operator::disjunction, bool, ShapeIn<Left>, ShapeIn<Right>>>(std::forward<Left>(left),
                                                                                            std::forward<Right>(right));
}
template <Condition Inner>
constexpr auto operator!(Inner&& inner) {
    return combine<NotShape<ShapeIn<Inner>>>(std::forward<Inner>(inner));
}

template <class Left, class Right>
concept Arithmetic =
    (AnyExpression<Left> || AnyExpression<Right>)&&(AnyExpression<Left> || Number<std::remove_cvref_t<Left>>)&&(
        AnyExpression<Right> || Number<std::remove_cvref_t<Right>>);

/// Is it an expression of integers that have less than 64 bits in the database?
template <class Operand>
constexpr bool is_narrow() {
    if constexpr (AnyExpression<Operand>) {
        using Type = typename ShapeIn<Operand>::Type;
        if constexpr (Integer<Type>) return rowan::Type<Type>::column != ColumnType::int64;
    }
    return false;
}

template <class... Operands>
using Calculated = std::conditional_t<(Floating<Operands> || ...), double, std::int64_t>;

/// Integers become std::int64_t, others double. Where the result leaves that range the statement fails, or what it
/// gives cannot be read; it is never cut.
template <Operator op, class Left, class Right>
constexpr auto calculate(Left&& left, Right&& right) {
    using First = typename ShapeOfOperand<Left>::Type;
    using Second = typename ShapeOfOperand<Right>::Type;
    static_assert(Number<First> && Number<Second>, "rowan: only numbers can be calculated with: cast<double>(...) it");
    using Value = Calculated<First, Second>;
    // A database may calculate with two narrow integers as narrowly, and the result, which is wider, would not fit.
    if constexpr (is_narrow<Left>() && is_narrow<Right>())
        return calculate<op>(combine<CastShape<std::int64_t, ShapeIn<Left>>>(std::forward<Left>(left)),
                             std::forward<Right>(right));
    else
        return combine<BinaryShape<op, Value, ShapeOfOperand<Left>, ShapeOfOperand<Right>>>(
            operand_of_its_own(std::forward<Left>(left)), operand_of_its_own(std::forward<Right>(right)));
}

template <class Left, class Right>
    requires Arithmetic<Left, Right>
constexpr auto operator+(Left&& left, Right&& right) {
    return calculate<Operator::plus>(std::forward<Left>(left), std::forward<Right>(right));
}
template <class Left, class Right>
    requires Arithmetic<Left, Right>
constexpr auto operator-(Left&& left, Right&& right) {
    if constexpr (TimeExpression<Left> && TimeExpression<Right>)
        return microseconds_between(std::forward<Left>(left), std::forward<Right>(right));
    else
        return calculate<Operator::minus>(std::forward<Left>(left), std::forward<Right>(right));
}
template <class Left, class Right>
    requires Arithmetic<Left, Right>
constexpr auto operator*(Left&& left, Right&& right) {
    return calculate<Operator::times>(std::forward<Left>(left), std::forward<Right>(right));
}
/// Of integers, the fraction is cut off. By zero it is an error or NULL, as the database has it.
template <class Left, class Right>
    requires Arithmetic<Left, Right>
constexpr auto operator/(Left&& left, Right&& right) {
    return calculate<Operator::divided_by>(std::forward<Left>(left), std::forward<Right>(right));
}
/// What a division leaves over, with the sign of the left side. By zero it is an error or NULL, as the database has it.
template <class Left, class Right>
    requires Arithmetic<Left, Right>
constexpr auto operator%(Left&& left, Right&& right) {
    static_assert(Integer<typename ShapeOfOperand<Left>::Type> && Integer<typename ShapeOfOperand<Right>::Type>,
                  "rowan: % is for integers: cast<std::int64_t>(...) what is none");
    return calculate<Operator::modulo>(std::forward<Left>(left), std::forward<Right>(right));
}
template <AnyExpression Inner>
constexpr auto operator-(Inner&& inner) {
    using Value = typename ShapeIn<Inner>::Type;
    static_assert(Number<Value>, "rowan: only numbers can be calculated with: cast<double>(...) it");
    if constexpr (is_narrow<Inner>())
        return -cast<std::int64_t>(std::forward<Inner>(inner));
    else
        return combine<NegationShape<Calculated<Value>, ShapeIn<Inner>>>(std::forward<Inner>(inner));
}

}  // namespace detail
}  // namespace rowan

#include <cstddef>
#include <string_view>

namespace rowan {

namespace detail {

template <auto Member, FixedString alias>
struct ColumnShape : ShapeBase {
    using Type = plain_t<required_t<reflect::MemberOf<Member>>>;
    using Class = reflect::ClassOf<Member>;
    static constexpr bool is_column = true;
    static constexpr std::string_view name = reflect::names<Class>[reflect::index_of<Class, Member>()];

    /// Its table, if it is one of the scope's own and not of a query around it.
    template <class Scope>
    using Here = typename Located<Scope, Member, alias>::Here;
    template <class Scope>
    using Table = typename Located<Scope, Member, alias>::type;
    template <class Scope>
    static constexpr std::size_t column = reflect::index_of<typename Table<Scope>::Entity, Member>();

    template <class Scope>
    static constexpr bool nullable = Table<Scope>::optional || is_optional<reflect::MemberOf<Member>>;
    template <class Scope>
    using Codec = RequiredCodec<typename Table<Scope>::Entity, column<Scope>>;
    template <class Scope>
    using Parameters = TypeList<>;

    template <class Scope>
    static constexpr Place place() {
        return {&table_info<typename Table<Scope>::Entity>, column<Scope>};
    }

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t&) {
        if constexpr (Scope::qualified) {
            write_qualifier<Table<Scope>>(out, dialect);
            out << '.';
        }
        if constexpr (describes<Scope>)
            out << column_mark << static_cast<char>(column<Scope> + 1);
        else
            write_column(out, dialect, table_info<typename Table<Scope>::Entity>, column<Scope>);
    }
};

}  // namespace detail

/// A column in an expression: `col<&T::price> > 100.0`. `name` is that of the table in the query, where it has one of
/// its own.
template <auto Member, FixedString name = "">
inline constexpr detail::Expression<detail::ColumnShape<Member, name>> col{};

/// The value that an upsert wanted to insert.
template <auto Member>
inline constexpr detail::Expression<detail::ColumnShape<Member, "excluded">> excluded{};

}  // namespace rowan

// ---- rowan/query/select.hpp ----



// ---- rowan/query/grouping.hpp ----



#include <cstddef>
#include <type_traits>

/// Where rows are grouped, a column has one value a group only if it is grouped itself or stands inside an aggregate.
/// Some databases take it from any row of the group otherwise.
namespace rowan::detail {

/// A shape that makes one value of many rows: `counts` says that it is never NULL.
template <class Shape>
concept Aggregate = requires { Shape::counts; };

template <class Shape>
concept Column = requires { Shape::is_column; };

template <class Shape>
concept Subqueried = requires { typename Shape::Subquery; };

/// Is there an aggregate in it, other than as the function of a window, or in a query of its own?
template <class Shape>
inline constexpr bool aggregates = false;
template <class... Shapes>
inline constexpr bool aggregates<TypeList<Shapes...>> =
    ((Aggregate<Shapes> || aggregates<typename Shapes::Operands>) || ...);

/// Without a name of its own.
template <class Shape>
struct Unnamed {
    using type = Shape;
};
template <class Inner, FixedString name>
struct Unnamed<NamedShape<Inner, name>> : Unnamed<Inner> {};

/// May what is selected, kept by HAVING or ordered by from groups name this? `QueryScope` is that of the grouped query.
template <class QueryScope, class Groups>
struct Grouping;

template <class QueryScope, class... Groups>
struct Grouping<QueryScope, TypeList<Groups...>> {
    /// `Local` is the query's scope, or that of a query inside it.
    template <class Local, class... Shapes>
    static consteval bool allow(TypeList<Shapes...>) {
        return (allows<Local, typename Unnamed<Shapes>::type>() && ...);
    }

    /// Is the whole key of this table grouped?
    template <class Table>
    static consteval bool has_key() {
        constexpr const TableInfo& table = table_info<typename Table::Entity>;
        for (const std::uint16_t part : table.key)
            if (!(is_column_of<typename Unnamed<Groups>::type, Table>(part) || ...)) return false;
        return !table.key.empty();
    }

private:
    template <class Local, class Shape>
    static consteval bool allows() {
        if constexpr ((std::is_same_v<Shape, typename Unnamed<Groups>::type> || ...) || Aggregate<Shape>)
            return true;
        else if constexpr (Column<Shape>)
            return is_settled<Local, Shape>();
        else if constexpr (Subqueried<Shape>)
            return allow<Local>(typename Shape::Operands{}) && allows_query<Local, typename Shape::Subquery>();
        else
            return allow<Local>(typename Shape::Operands{});
    }

    /// A query inside may name the columns of this one.
    template <class Local, class Query>
    static consteval bool allows_query() {
        if constexpr (requires { typename Query::From; })
            return allow<typename Query::template ScopeIn<Local>>(typename Query::template Parts<>{});
        else if constexpr (requires { typename Query::Second; })
            return allows_query<Local, typename Query::First>() && allows_query<Local, typename Query::Second>();
        else
            return true;
    }

    /// The column of a query around this one, or of one inside, has one value here; one of this query if the whole key
    /// of its table is grouped.
    template <class Local, class Shape>
    static consteval bool is_settled() {
        using Table = typename Shape::template Here<Local>;
        if constexpr (!std::is_same_v<Table, NotLocated>)
            return !std::is_same_v<Local, QueryScope> || has_key<Table>();
        else if constexpr (std::is_void_v<typename Local::Outer>)
            return true;
        else
            return is_settled<typename Local::Outer, Shape>();
    }

    template <class Shape, class Table>
    static consteval bool is_column_of(std::size_t column) {
        if constexpr (Column<Shape>) {
            if constexpr (std::is_same_v<typename Shape::template Here<QueryScope>, Table>)
                return Shape::template column<QueryScope> == column;
        }
        return false;
    }
};

}  // namespace rowan::detail

// ---- rowan/query/projection.hpp ----



// ---- rowan/query/row.hpp ----



// ---- rowan/query/stamp.hpp ----



// ---- rowan/query/kept_time.hpp ----



#include <chrono>
#include <optional>

namespace rowan::detail {

/// The program's clock, in the microseconds that databases keep.
inline Timestamp current_time() {
    return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
}

/// The time of an operation that is run twice, and is to be the same both times: when it was asked for first.
class KeptTime {
public:
    [[nodiscard]] Timestamp get() {
        if (!time_) time_ = current_time();
        return *time_;
    }

private:
    std::optional<Timestamp> time_{};
};

/// That of the operation which the calling thread runs; mostly null: none.
inline thread_local constinit KeptTime* kept_time = nullptr;

/// As long as it lives, the calling thread's operations take the time from where it points to.
class KeptTimeGuard {
public:
    KeptTimeGuard() = default;
    KeptTimeGuard(const KeptTimeGuard&) = delete;
    KeptTimeGuard& operator=(const KeptTimeGuard&) = delete;
    ~KeptTimeGuard() { point_to_before(); }

    void point_to(KeptTime& time) noexcept { kept_time = &time; }
    void point_to_before() noexcept { kept_time = before_; }

private:
    KeptTime* before_ = kept_time;
};

}  // namespace rowan::detail

/// What goes into the columns that rowan writes by itself.
namespace rowan::detail {

/// The time of a change to T's table: the epoch where its rows have no times.
///
/// The program's clock, not the database's: the row that is given back has the time that was stored without a RETURNING
/// or a second statement, and both databases give microseconds, where SQL's own clock has milliseconds on one of them.
template <class T>
Timestamp time_of_change() {
    constexpr ManagedColumns managed = managed_columns<T>;
    if constexpr (managed.updated_at != ManagedColumns::none || managed.created_at != ManagedColumns::none)
        return kept_time != nullptr ? kept_time->get() : current_time();
    else
        return {};
}

/// What stands in the column behind a change at `now`, or, for a version that is not inserted, before it.
template <bool inserts>
constexpr Version stamped(Version version, Timestamp) {
    return inserts ? Version{1} : version;
}
template <bool inserts>
constexpr UpdatedAt stamped(UpdatedAt, Timestamp now) {
    return now;
}
template <bool inserts>
constexpr CreatedAt stamped(CreatedAt created, Timestamp now) {
    return inserts && created == CreatedAt{} ? CreatedAt{now} : created;
}

/// Gives a row that was inserted at `now` what was stored with it.
template <class T>
void stamp_inserted([[maybe_unused]] T& entity, [[maybe_unused]] Timestamp now) {
    constexpr ManagedColumns managed = managed_columns<T>;
    const auto stamp = [now](auto& member) { member = stamped<true>(member, now); };
    if constexpr (managed.version != ManagedColumns::none) stamp(reflect::member<managed.version>(entity));
    if constexpr (managed.updated_at != ManagedColumns::none) stamp(reflect::member<managed.updated_at>(entity));
    if constexpr (managed.created_at != ManagedColumns::none) stamp(reflect::member<managed.created_at>(entity));
}

/// The same for a row that was updated.
template <class T>
void stamp_updated([[maybe_unused]] T& entity, [[maybe_unused]] Timestamp now) {
    constexpr ManagedColumns managed = managed_columns<T>;
    if constexpr (has_version<T>) ++reflect::member<managed.version>(entity).value;
    if constexpr (managed.updated_at != ManagedColumns::none) reflect::member<managed.updated_at>(entity) = now;
}

}  // namespace rowan::detail

// ---- rowan/schema/key.hpp ----



#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace rowan {

namespace detail {

/// How a value of type Member is passed without a copy of its characters or bytes.
template <class Member>
struct Passed {
    using type = Member;
};
template <>
struct Passed<std::string> {
    using type = std::string_view;
};
template <>
struct Passed<std::vector<std::byte>> {
    using type = std::span<const std::byte>;
};

template <class T>
inline constexpr std::size_t key_size = table<T>.key_columns().size();

/// Stands for the key of a table without one. It takes any value, so that what asks for a key stops the compiler with
/// its own sentence.
struct NoKey {
    template <class... Value>
    constexpr NoKey(const Value&...) {}
};

template <class T>
struct KeyOf {
    static constexpr auto make = []<std::size_t... I>(std::index_sequence<I...>) {
        return std::tuple<typename Passed<reflect::Field<T, table<T>.key_columns()[I]>>::type...>{};
    };
    using Parts = decltype(make(std::make_index_sequence<key_size<T>>{}));
    using type = Parts;
};
template <class T>
    requires(key_size<T> == 1)
struct KeyOf<T> {
    using type = typename Passed<reflect::Field<T, table<T>.key_columns()[0]>>::type;
};

template <class T>
    requires(key_size<T> == 0)
struct KeyOf<T> {
    using type = NoKey;
};

}  // namespace detail

/// What identifies a row of T: the key's value, or a std::tuple of them where it has several columns. Text and
/// bytes are views.
template <class T>
using Key = typename detail::KeyOf<T>::type;

}  // namespace rowan

#include <array>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <type_traits>
#include <utility>

/// Whole structs to parameters, and rows to structs.
namespace rowan::detail {

template <class T>
inline constexpr bool has_generated_key = table<T>.has_generated_key();

template <class T>
constexpr auto& generated_key(T& entity) {
    return reflect::member<table<std::remove_const_t<T>>.key_columns()[0]>(entity);
}

template <class T>
constexpr Place place_of(std::size_t column) {
    return {&table_info<T>, column};
}

template <class T>
inline constexpr auto in_key = [] {
    std::array<bool, reflect::field_count<T>> in{};
    for (const std::uint16_t column : table<T>.key_columns()) in[column] = true;
    return in;
}();

template <class Value>
constexpr bool is_zero(const Value& value) {
    if constexpr (Integer<Value>)
        return value == 0;
    else
        return false;
}

template <class Value>
constexpr decltype(auto) inserted_as(const Value& value, [[maybe_unused]] Timestamp now) {
    if constexpr (is_managed<Value>)
        return stamped<true>(value, now);
    else
        return (value);
}

/// Which members are put in their order: all, with the key or without one that the database makes, or those only that
/// the program changes.
enum class Pass : std::uint8_t { insert, insert_without_key, change };

/// Its function is part of the caller's, so that each member is written from its place in the struct.
template <class T, class Sink>
struct MemberWriter {
    Sink& sink;
    Pass pass;
    Timestamp now;

    template <class... Members>
    [[gnu::always_inline]] ValueFault operator()(const Members&... members) const {
        return write(std::index_sequence_for<Members...>{}, members...);
    }

private:
    template <std::size_t... I, class... Members>
    [[gnu::always_inline]] ValueFault write(std::index_sequence<I...>, const Members&... members) const {
        // Else it is looked for at each member.
        Sink& to = sink;
        constexpr bool generated = has_generated_key<T>;
        [[maybe_unused]] const bool skips_key = pass == Pass::change || (pass == Pass::insert_without_key && generated);
        [[maybe_unused]] const bool skips_managed = pass == Pass::change;
        Fault fault{};
        std::size_t column{};
        (void)((fault = (in_key<T>[I] && skips_key) || (is_managed<Members> && skips_managed) ? Fault::none
                        : in_key<T>[I] && generated && is_zero(members)
                            ? to.put_null()
                            : CodecOf<T, I, Members>::write(to, inserted_as(members, now)),
                fault == Fault::none || (column = I, false)) &&
               ...);
        return {fault, place_of<T>(column)};
    }
};

/// The same for every statement, so that the compiler makes it once for each struct and each kind of sink.
template <class T, class Sink>
ValueFault write_in_order(Sink& sink, const T& entity, Pass pass, Timestamp now) {
    return reflect::with_members(entity, MemberWriter<T, Sink>{sink, pass, now});
}

/// Columns that rowan writes get what belongs there at the time `now`.
template <class T, std::size_t column, class Sink>
ValueFault write_changed(Sink& sink, const T& entity, [[maybe_unused]] Timestamp now) {
    const auto& member = reflect::member<column>(entity);
    if constexpr (managed_columns<T>.has(column))
        return {Codec<T, column>::write(sink, stamped<false>(member, now)), place_of<T>(column)};
    else
        return {Codec<T, column>::write(sink, member), place_of<T>(column)};
}

/// Puts the columns of a set one by one, as they are listed.
template <class T, Columns set, class Sink>
ValueFault write_listed(Sink& sink, const T& entity, Timestamp now) {
    constexpr auto& columns = column_list<T, set>;
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
        ValueFault found;
        (void)((found = write_changed<T, columns[I]>(sink, entity, now), found.fault == Fault::none) && ...);
        return found;
    }(std::make_index_sequence<columns.size()>{});
}

/// Puts the columns of a set into `sink`, and stops at the first that cannot be written. A generated key of 0
/// goes in as NULL. Columns that rowan writes get what belongs there at the time `now`.
template <class T, Columns set, class Sink>
ValueFault write_entity(Sink& sink, const T& entity, Timestamp now) {
    if constexpr (set == Columns::all || set == Columns::all_but_generated) {
        return write_in_order(sink, entity, set == Columns::all ? Pass::insert : Pass::insert_without_key, now);
    } else if constexpr (set == Columns::written_then_key_and_version) {
        if (const ValueFault found = write_in_order(sink, entity, Pass::change, now)) return found;
        if constexpr (constexpr std::uint16_t time = managed_columns<T>.updated_at; time != ManagedColumns::none)
            if (const ValueFault found = write_changed<T, time>(sink, entity, now)) return found;
        return write_listed<T, Columns::key_and_version>(sink, entity, now);
    } else {
        return write_listed<T, set>(sink, entity, now);
    }
}

/// The row that the entity stands for, as it was: its key, and its version where it has one.
template <class T, Columns set = Columns::key, class Sink>
ValueFault write_identity(Sink& sink, const T& entity) {
    static_assert(set == Columns::key || set == Columns::key_and_version);
    return write_entity<T, set>(sink, entity, Timestamp{});
}

template <class T, std::size_t Column, class Sink, class Value>
Fault write_passed(Sink& sink, const Value& value) {
    if constexpr (std::is_same_v<Value, reflect::Field<T, Column>>)
        return Codec<T, Column>::write(sink, value);
    else
        return Type<Value>::write(sink, value);
}

template <class T, class Sink>
ValueFault write_key(Sink& sink, const Key<T>& key) {
    constexpr auto columns = table<T>.key_columns();
    if constexpr (columns.size() == 1) {
        return {write_passed<T, columns[0]>(sink, key), place_of<T>(columns[0])};
    } else {
        return [&]<std::size_t... I>(std::index_sequence<I...>) {
            ValueFault found;
            (void)((found.place = place_of<T>(columns[I]),
                    found.fault = write_passed<T, columns[I]>(sink, std::get<I>(key)), found.fault == Fault::none) &&
                   ...);
            return found;
        }(std::make_index_sequence<columns.size()>{});
    }
}

/// As MemberWriter.
template <class T, class Row>
struct MemberReader {
    const Row& row;
    int first;

    template <class... Members>
    [[gnu::always_inline]] ValueFault operator()(Members&... members) const {
        return read(std::index_sequence_for<Members...>{}, members...);
    }

private:
    template <std::size_t... I, class... Members>
    [[gnu::always_inline]] ValueFault read(std::index_sequence<I...>, Members&... members) const {
        const Row& from = row;
        const int at = first;
        Fault fault{};
        std::size_t column{};
        (void)((fault = CodecOf<T, I, Members>::read(from.cell(at + static_cast<int>(I)), members),
                fault == Fault::none || (column = I, false)) &&
               ...);
        return {fault, place_of<T>(column)};
    }
};

/// Fills `entity` from a row that has all of its columns in order, from `first` on.
template <class T, class Row>
ValueFault read_entity(const Row& row, T& entity, std::size_t first = 0) {
    return reflect::with_members(entity, MemberReader<T, Row>{row, static_cast<int>(first)});
}

}  // namespace rowan::detail

#include <cstddef>
#include <optional>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

/// What a query selects, and how a row of it becomes a value of the program.
namespace rowan::detail {

/// The sources of a scope.
template <class Scope>
struct SourcesIn;
template <class Outer, bool qualified, bool grouped, class... Sources>
struct SourcesIn<Scope<Outer, qualified, grouped, Sources...>> {
    using type = TypeList<Sources...>;
};

/// Reads the columns of one source, from `first` on.
template <class Source>
struct EntityReader {
    using Entity = typename Source::Entity;
    using Value = std::conditional_t<Source::optional, std::optional<Entity>, Entity>;
    static constexpr std::size_t width = reflect::field_count<Entity>;

    /// A column that is NULL only where the whole row is missing.
    static constexpr std::size_t telling_column() {
        std::size_t i = 0;
        while (i != width && table_info<Entity>.columns[i].nullable) ++i;
        return i;
    }

    template <class Row>
    static ValueFault read(const Row& row, std::size_t first, Value& value) {
        if constexpr (Source::optional) {
            static_assert(telling_column() != width,
                          "rowan: a left-joined struct needs a member that is not std::optional, to tell a missing row "
                          "from one of NULLs");
            if (row.cell(static_cast<int>(first + telling_column())).is_null()) {
                value.reset();
                return {};
            }
            return read_entity(row, value.emplace(), first);
        } else {
            return read_entity(row, value, first);
        }
    }
};

/// All columns of all tables: a struct for one table, a tuple of structs for several.
struct WholeRows {
    using Items = void;
    using Parts = TypeList<>;
    static constexpr std::size_t columns = 0;

    /// Has each of them one value a group?
    template <class Scope, class Groups>
    static constexpr bool settled = []<class... Sources>(TypeList<Sources...>) {
        return (Groups::template has_key<Sources>() && ...);
    }(typename SourcesIn<Scope>::type{});

    template <class Scope>
    using Parameters = TypeList<>;

    template <class Sources>
    struct RowOf;
    template <class Only>
    struct RowOf<TypeList<Only>> {
        using type = typename EntityReader<Only>::Value;
    };
    template <class First, class Second, class... More>
    struct RowOf<TypeList<First, Second, More...>> {
        using type = std::tuple<typename EntityReader<First>::Value, typename EntityReader<Second>::Value,
                                typename EntityReader<More>::Value...>;
    };
    template <class Scope>
    using Row = typename RowOf<typename SourcesIn<Scope>::type>::type;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t&) {
        Separator comma{", "};
        const auto write_source = [&]<class Source> {
            const TableInfo& table = table_info<typename Source::Entity>;
            for (std::size_t i = 0; i != table.columns.size(); ++i) {
                out << comma;
                if constexpr (Scope::qualified) {
                    write_qualifier<Source>(out, dialect);
                    out << '.';
                }
                write_column(out, dialect, table, i);
            }
        };
        [&]<class... Sources>(TypeList<Sources...>) {
            (write_source.template operator()<Sources>(), ...);
        }(typename SourcesIn<Scope>::type{});
    }

    template <class Scope, class RowSource>
    static ValueFault read(const RowSource& source, Row<Scope>& row) {
        return [&]<class... Sources>(TypeList<Sources...>) {
            if constexpr (sizeof...(Sources) == 1) {
                return (EntityReader<Sources>::read(source, 0, row), ...);
            } else {
                ValueFault found;
                std::size_t first = 0;
                [&]<std::size_t... I>(std::index_sequence<I...>) {
                    (void)((found = EntityReader<Sources>::read(source, first, std::get<I>(row)),
                            first += EntityReader<Sources>::width, found.fault == Fault::none) &&
                           ...);
                }(std::index_sequence_for<Sources...>{});
                return found;
            }
        }(typename SourcesIn<Scope>::type{});
    }
};

/// How the value of an expression is read: a std::optional where it may be NULL.
template <class Shape, class Scope>
struct ItemReader {
    using Codec = typename Shape::template Codec<Scope>;
    using Required = typename Shape::Type;
    static constexpr bool nullable = Shape::template nullable<Scope>;
    using Value = std::conditional_t<nullable, std::optional<Required>, Required>;

    template <class RowSource, class Target>
    static ValueFault read(const RowSource& source, std::size_t column, Target& target) {
        using Reader = std::conditional_t<is_optional<Target>, Nullable<Required, Codec>, Codec>;
        return {Reader::read(source.cell(static_cast<int>(column)), target), Shape::template place<Scope>()};
    }
};

template <class Scope, class... Shapes>
constexpr void write_items(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
    Separator comma{", "};
    const auto write_item = [&]<class Shape> {
        out << comma;
        Shape::template write<Scope>(out, dialect, parameter);
        if constexpr (!Shape::name.empty()) {
            out << " AS ";
            write_identifier(out, dialect, Shape::name);
        }
    };
    (write_item.template operator()<Shapes>(), ...);
}

/// Expressions, as a tuple.
template <class... Shapes>
struct TupleOf {
    using Items = TypeList<Shapes...>;
    using Parts = Items;
    template <class Scope, class Groups>
    static constexpr bool settled = true;
    static constexpr std::size_t columns = sizeof...(Shapes);

    template <class Scope>
    using Parameters = Concat<typename Shapes::template Parameters<Scope>...>;
    template <class Scope>
    using Row = std::tuple<typename ItemReader<Shapes, Scope>::Value...>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        write_items<Scope, Shapes...>(out, dialect, parameter);
    }

    template <class Scope, class RowSource>
    static ValueFault read(const RowSource& source, Row<Scope>& row) {
        return [&]<std::size_t... I>(std::index_sequence<I...>) {
            ValueFault found;
            (void)((found = ItemReader<Shapes, Scope>::read(source, I, std::get<I>(row)), found.fault == Fault::none) &&
                   ...);
            return found;
        }(std::index_sequence_for<Shapes...>{});
    }
};

/// Expressions, as the members of a struct that bear their names.
template <class Struct, class... Shapes>
struct StructOf {
    using Items = TypeList<Shapes...>;
    using Parts = Items;
    template <class Scope, class Groups>
    static constexpr bool settled = true;
    static constexpr std::size_t columns = sizeof...(Shapes);

    template <class Scope>
    using Parameters = Concat<typename Shapes::template Parameters<Scope>...>;
    template <class Scope>
    using Row = Struct;

    /// The selected column with the name of a member; `columns` if there is none.
    static constexpr std::size_t column_of(std::string_view name) {
        const std::string_view names[] = {Shapes::name...};
        std::size_t i = 0;
        while (i != columns && names[i] != name) ++i;
        return i;
    }

    static constexpr bool names_match() {
        if (reflect::field_count<Struct> != columns) return false;
        for (const std::string_view name : reflect::names<Struct>)
            if (column_of(name) == columns) return false;
        return true;
    }

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        static_assert(names_match(),
                      "rowan: the selected columns and the members of the struct differ in number or name: name each "
                      "expression like its member, as in sum(x).as<\"total\">()");
        if constexpr (names_match()) static_assert(require_types<Scope>());
        write_items<Scope, Shapes...>(out, dialect, parameter);
    }

    template <class Scope, class RowSource>
    static ValueFault read(const RowSource& source, Struct& row) {
        if constexpr (names_match()) {
            return [&]<std::size_t... I>(std::index_sequence<I...>) {
                ValueFault found;
                auto fields = reflect::tie(row);
                (void)((found = read_field<Scope, I>(source, std::get<I>(fields)), found.fault == Fault::none) && ...);
                return found;
            }(std::make_index_sequence<columns>{});
        } else {
            return {};
        }
    }

private:
    template <class Scope, std::size_t field>
    using ReaderOf =
        ItemReader<std::tuple_element_t<column_of(reflect::names<Struct>[field]), std::tuple<Shapes...>>, Scope>;

    template <class Scope, std::size_t field>
    static constexpr bool require_type() {
        using Member = reflect::Field<Struct, field>;
        using Reader = ReaderOf<Scope, field>;
        // A column of a managed member is a plain number or time, and reads as the member as well.
        constexpr bool same = std::is_same_v<required_t<Member>, typename Reader::Required> ||
                              std::is_same_v<Type<Member>, typename Reader::Codec>;
        constexpr bool has_room = is_optional<Member> || !Reader::nullable;
        static_assert(same, "rowan: a selected column is of another type than the member of the same name: "
                            "cast<T>(...) it, or change the member");
        static_assert(!same || has_room,
                      "rowan: a selected column may be NULL, but the member of the same name is no std::optional: "
                      "coalesce(...) it, or change the member");
        return same && has_room;
    }

    template <class Scope>
    static constexpr bool require_types() {
        return []<std::size_t... I>(std::index_sequence<I...>) {
            return (require_type<Scope, I>() && ...);
        }(std::make_index_sequence<columns>{});
    }

    template <class Scope, std::size_t field, class RowSource, class Target>
    static ValueFault read_field(const RowSource& source, Target& target) {
        if constexpr (require_type<Scope, field>())
            return ReaderOf<Scope, field>::read(source, column_of(reflect::names<Struct>[field]), target);
        else
            return {};
    }
};

}  // namespace rowan::detail

#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace rowan::detail {

/// A clause that is not there.
struct Nothing {
    using Operands = TypeList<>;
    template <class Scope>
    using Parameters = TypeList<>;
};

/// How many rows at most: a constant, a parameter, or any number. An offset is a parameter or none.
template <std::size_t count>
struct LimitTo : Nothing {};
struct NumberParameter {
    template <class Scope>
    using Parameters = TypeList<OneValue<ShapeOf<std::int64_t>, Scope>>;
};

constexpr void write_limit(TextWriter&, const Dialect&, std::size_t&, Nothing) {}
constexpr void write_limit(TextWriter& out, const Dialect& dialect, std::size_t& parameter, NumberParameter) {
    out << " LIMIT ";
    write_parameter(out, dialect, parameter++);
}
template <std::size_t count>
constexpr void write_limit(TextWriter& out, const Dialect&, std::size_t&, LimitTo<count>) {
    out << " LIMIT ";
    out.number(count);
}

template <class Limit, class Offset>
constexpr void write_limit_and_offset(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
    write_limit(out, dialect, parameter, Limit{});
    if constexpr (!std::is_same_v<Offset, Nothing>) {
        if constexpr (std::is_same_v<Limit, Nothing>) out << dialect.no_limit;
        out << " OFFSET ";
        write_parameter(out, dialect, parameter++);
    }
}

/// `JOIN table ON condition`; a source that is optional makes it a LEFT JOIN.
template <class JoinedSource, class On>
struct JoinShape {
    using Source = JoinedSource;
    using Condition = On;
};

/// What stands behind FROM.
template <class FirstSource, class... Joins>
struct FromShape {
    using First = FirstSource;
    using Conditions = TypeList<typename Joins::Condition...>;
    static constexpr bool joined = sizeof...(Joins) != 0;
    static constexpr bool qualified = joined || !First::alias.empty();

    template <class Join>
    using With = FromShape<FirstSource, Joins..., Join>;

    template <class Outer, bool grouped>
    using ScopeIn = Scope<Outer, qualified || !std::is_void_v<Outer>, grouped, First, typename Joins::Source...>;

    template <class Scope>
    using Parameters = Concat<typename Joins::Condition::template Parameters<Scope>...>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        out << " FROM ";
        write_source<First>(out, dialect);
        (write_join<Joins, Scope>(out, dialect, parameter), ...);
    }

private:
    template <class Source>
    static constexpr void write_source(TextWriter& out, const Dialect& dialect) {
        write_table_name(out, dialect, table_info<typename Source::Entity>);
        if constexpr (!Source::alias.empty()) {
            out << " AS ";
            write_identifier(out, dialect, Source::alias);
        }
    }

    template <class Join, class Scope>
    static constexpr void write_join(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        out << (Join::Source::optional ? " LEFT JOIN " : " JOIN ");
        write_source<typename Join::Source>(out, dialect);
        out << " ON ";
        Join::Condition::template write<Scope>(out, dialect, parameter);
    }
};

template <class... Shapes>
struct GroupShapes {
    using Items = TypeList<Shapes...>;
    static constexpr bool any = sizeof...(Shapes) != 0;

    template <class Scope>
    using Parameters = Concat<typename Shapes::template Parameters<Scope>...>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        Separator comma{", "};
        ((out << comma, Shapes::template write<Scope>(out, dialect, parameter)), ...);
    }
};

enum class RowLock : unsigned char { none, update, update_skip_locked };

/// The clauses of a SELECT, in the order in which they are written.
template <class FromClause, class ProjectionClause = WholeRows, class WhereClause = Nothing,
          class GroupClause = GroupShapes<>, class HavingClause = Nothing, class OrderClause = OrderShapes<>,
          class LimitClause = Nothing, class OffsetClause = Nothing, bool is_distinct = false,
          RowLock row_lock = RowLock::none, bool is_backwards = false>
struct SelectShape {
    using From = FromClause;
    using Projection = ProjectionClause;
    using Where = WhereClause;
    using Group = GroupClause;
    using Having = HavingClause;
    using Order = OrderClause;
    using Limit = LimitClause;
    using Offset = OffsetClause;
    static constexpr bool distinct = is_distinct;
    static constexpr RowLock lock = row_lock;
    /// The rows come in the opposite of the order that was asked for, and are turned round when they are here.
    static constexpr bool backwards = is_backwards;
    static constexpr std::size_t columns = Projection::columns;

    /// What it is made of, for a query around it; a template, as few queries ask.
    template <class = void>
    using Parts = Concat<typename Projection::Parts, typename From::Conditions, TypeList<Where, Having>,
                         typename Group::Items, typename Order::Keys>;

    template <class Outer>
    using ScopeIn = typename From::template ScopeIn<Outer, Group::any>;
    template <class Outer>
    using Row = typename Projection::template Row<ScopeIn<Outer>>;

    /// Fills a row from what the statement gives.
    template <class Outer, class RowSource>
    static ValueFault read(const RowSource& source, Row<Outer>& row) {
        return Projection::template read<ScopeIn<Outer>>(source, row);
    }

    template <class NewFrom>
    using WithFrom =
        SelectShape<NewFrom, Projection, Where, Group, Having, Order, Limit, Offset, distinct, lock, backwards>;
    template <class NewProjection>
    using WithProjection =
        SelectShape<From, NewProjection, Where, Group, Having, Order, Limit, Offset, distinct, lock, backwards>;
    template <class NewWhere>
    using WithWhere =
        SelectShape<From, Projection, NewWhere, Group, Having, Order, Limit, Offset, distinct, lock, backwards>;
    template <class NewGroup>
    using WithGroup =
        SelectShape<From, Projection, Where, NewGroup, Having, Order, Limit, Offset, distinct, lock, backwards>;
    template <class NewHaving>
    using WithHaving =
        SelectShape<From, Projection, Where, Group, NewHaving, Order, Limit, Offset, distinct, lock, backwards>;
    template <class NewOrder>
    using WithOrder =
        SelectShape<From, Projection, Where, Group, Having, NewOrder, Limit, Offset, distinct, lock, backwards>;
    template <class NewLimit>
    using WithLimit =
        SelectShape<From, Projection, Where, Group, Having, Order, NewLimit, Offset, distinct, lock, backwards>;
    template <class NewOffset>
    using WithOffset =
        SelectShape<From, Projection, Where, Group, Having, Order, Limit, NewOffset, distinct, lock, backwards>;
    template <class NewWhere, class NewOrder>
    using Backwards =
        SelectShape<From, Projection, NewWhere, Group, Having, NewOrder, Limit, Offset, distinct, lock, true>;
    template <bool new_distinct, RowLock new_lock>
    using WithFlags =
        SelectShape<From, Projection, Where, Group, Having, Order, Limit, Offset, new_distinct, new_lock, backwards>;

    /// Only a whole query whose rows were not merged or cut counts as it stands.
    static constexpr bool counts_rows = !Group::any && !distinct && std::is_same_v<Limit, Nothing> &&
                                        std::is_same_v<Offset, Nothing> && std::is_same_v<Having, Nothing>;
    template <Wanted wanted>
    static constexpr bool has_projection = wanted == Wanted::rows || distinct;
    template <Wanted wanted>
    static constexpr bool has_order = wanted == Wanted::rows;

    template <class Outer, Wanted wanted = Wanted::rows, class Scope = ScopeIn<Outer>>
    using Parameters =
        Concat<std::conditional_t<has_projection<wanted>, typename Projection::template Parameters<Scope>, TypeList<>>,
               typename From::template Parameters<Scope>, typename Where::template Parameters<Scope>,
               typename Group::template Parameters<Scope>, typename Having::template Parameters<Scope>,
               std::conditional_t<has_order<wanted>, typename Order::template Parameters<Scope>, TypeList<>>,
               typename Limit::template Parameters<Scope>, typename Offset::template Parameters<Scope>>;

    template <class Outer, Wanted wanted = Wanted::rows>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        if constexpr (wanted == Wanted::rows) {
            write_rows<Outer, wanted>(out, dialect, parameter);
        } else if constexpr (wanted == Wanted::existence) {
            out << "EXISTS (";
            write_rows<Outer, wanted>(out, dialect, parameter);
            out << ')';
        } else if constexpr (counts_rows) {
            out << "SELECT count(*)";
            write_tail<Outer, wanted>(out, dialect, parameter);
        } else {
            out << "SELECT count(*) FROM (";
            write_rows<Outer, wanted>(out, dialect, parameter);
            out << ") AS limited";
        }
    }

    /// What stands behind the projection.
    template <class Outer, Wanted wanted>
    static constexpr void write_tail(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        using Scope = ScopeIn<Outer>;
        From::template write<Scope>(out, dialect, parameter);
        if constexpr (!std::is_same_v<Where, Nothing>) {
            static_assert(!aggregates<TypeList<Where>>,
                          "rowan: where chooses rows before they are grouped, so that no aggregate can stand in it: "
                          "say having(...)");
            out << " WHERE ";
            Where::template write<Scope>(out, dialect, parameter);
        }
        if constexpr (Group::any) {
            static_assert(
                Group::template Parameters<Scope>::size == 0,
                "rowan: a value in a grouped expression is a parameter of its own, so that the database would "
                "not know the expression again where it is selected: write it as rowan::constant<value>");
            out << " GROUP BY ";
            Group::template write<Scope>(out, dialect, parameter);
        }
        if constexpr (!std::is_same_v<Having, Nothing>) {
            out << " HAVING ";
            Having::template write<Scope>(out, dialect, parameter);
        }
        if constexpr (has_order<wanted> && !std::is_same_v<Order, OrderShapes<>>) {
            static_assert(
                !distinct || Order::template Parameters<Scope>::size == 0,
                "rowan: a value in the order of distinct rows is a parameter of its own, so that the database "
                "would not know the expression again where it is selected: write it as rowan::constant<value>");
            out << " ORDER BY ";
            Order::template write<Scope>(out, dialect, parameter);
        }
        write_limit_and_offset<Limit, Offset>(out, dialect, parameter);
        if (lock == RowLock::update) out << " FOR UPDATE";
        if (lock == RowLock::update_skip_locked) out << " FOR UPDATE SKIP LOCKED";
    }

private:
    /// Is there one row a group, or one of all rows?
    static constexpr bool is_grouped =
        Group::any || aggregates<Concat<typename Projection::Parts, TypeList<Having>, typename Order::Keys>>;

    template <class Outer, Wanted wanted>
    static consteval bool require_grouped() {
        using Scope = ScopeIn<Outer>;
        using Groups = Grouping<Scope, typename Group::Items>;
        using Selected = std::conditional_t<has_projection<wanted>, typename Projection::Parts, TypeList<>>;
        using Ordered = std::conditional_t<has_order<wanted>, typename Order::Keys, TypeList<>>;
        constexpr bool whole = !has_projection<wanted> || Projection::template settled<Scope, Groups>;
        constexpr bool grouped = Groups::template allow<Scope>(Concat<Selected, TypeList<Having>, Ordered>{});
        static_assert(
            whole && grouped,
            "rowan: a column that is selected, ordered by or in having has no single value in a group: name it "
            "in group_by(...), or take min(...), max(...) or another aggregate of it");
        return true;
    }

    template <class Outer, Wanted wanted>
    static constexpr void write_rows(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        if constexpr (is_grouped) static_assert(require_grouped<Outer, wanted>());
        out << "SELECT " << (distinct ? "DISTINCT " : "");
        if constexpr (has_projection<wanted>)
            Projection::template write<ScopeIn<Outer>>(out, dialect, parameter);
        else
            out << '1';
        write_tail<Outer, wanted>(out, dialect, parameter);
    }
};

/// A query as a statement.
template <class Query, const Dialect& dialect, Wanted wanted = Wanted::rows>
struct QueryText {
    static constexpr auto parameters() { return forms_of(typename Query::template Parameters<void, wanted>{}); }

    static constexpr void write(TextWriter& out) {
        std::size_t parameter = 1;
        if (wanted == Wanted::existence) out << "SELECT ";
        Query::template write<void, wanted>(out, dialect, parameter);
    }
};

/// The condition that a row has a key: its parameters are bound by write_key.
template <class T>
struct HasKey {
    using Operands = TypeList<>;
    template <class Scope>
    using Parameters = TypeList<>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        constexpr auto& key = column_list<T, Columns::key>;
        write_assignments(out, dialect, table_info<T>, key, parameter, " AND ");
        parameter += key.size();
    }
};

/// The row with a key, or whether there is one.
template <class T, const Dialect& dialect, Wanted wanted>
struct SelectByKey {
    static constexpr auto parameters() { return column_forms<T, Columns::key>; }

    static constexpr void write(TextWriter& out) {
        std::size_t parameter = 1;
        if (wanted == Wanted::existence) out << "SELECT ";
        SelectShape<FromShape<Source<T>>, WholeRows, HasKey<T>>::template write<void, wanted>(out, dialect, parameter);
    }
};

}  // namespace rowan::detail

// ---- rowan/query/upsert_policy.hpp ----



#include <tuple>
#include <type_traits>
#include <utility>

/// What the caller says of rows that are there already: `on_conflict<&T::a>.do_update()`. How it is spelled is
/// upsert.hpp's.
namespace rowan {

/// Leave the row that is there as it is.
struct DoNothing {
    std::tuple<> values{};
};

namespace detail {

/// Overwrite `Members` of the row that is there; without members, all columns but those of the key and of the conflict
/// target.
template <auto... Members>
struct Overwrite {};

/// Set what the assignments say.
template <class... AssignmentShapes>
struct SetTo {};

}  // namespace detail

/// Change the row that is there, where `Where` is true.
template <class What, class WhereShape, class... Held>
struct DoUpdate {
    std::tuple<Held...> values{};

    /// Only rows for which this is true: `.where(excluded<&T::updated_at> > col<&T::updated_at>)`.
    template <detail::Condition Where>
    [[nodiscard]] constexpr auto where(Where condition) const {
        static_assert(std::is_same_v<WhereShape, detail::Nothing>,
                      "rowan: where was called twice: join the conditions with and");
        return [&]<class... All>(std::tuple<All...> all) {
            return DoUpdate<What, typename Where::Shape, All...>{std::move(all)};
        }(std::tuple_cat(values, condition.values));
    }
};

namespace detail {

/// `Action`, where the conflict target is the partial unique index with that condition.
template <class PredicateShape, class Action>
struct OnPartial : Action {};

template <class PredicateShape, class Action>
constexpr auto on_partial(Action action) {
    if constexpr (std::is_void_v<PredicateShape>)
        return action;
    else
        return OnPartial<PredicateShape, Action>{std::move(action)};
}

/// The condition of an action's conflict target, or void.
template <class Action>
struct PredicateOf {
    using type = void;
};
template <class PredicateShape, class Action>
struct PredicateOf<OnPartial<PredicateShape, Action>> {
    using type = PredicateShape;
};

}  // namespace detail

/// What to do with a row that is there already, where "already" means the same values in `Target`, which must be the
/// key or a unique constraint of the table.
template <class ActionType, auto... Target>
struct UpsertPolicy {
    using Action = ActionType;
    Action action{};

    /// See DoUpdate::where.
    template <detail::Condition Where>
    [[nodiscard]] constexpr auto where(Where condition) const {
        auto narrowed =
            detail::on_partial<typename detail::PredicateOf<Action>::type>(action.where(std::move(condition)));
        return UpsertPolicy<decltype(narrowed), Target...>{std::move(narrowed)};
    }
};

template <class PredicateShape, auto... Target>
struct ConflictTarget {
    static_assert(sizeof...(Target) != 0,
                  "rowan: on_conflict needs the members of a key or unique constraint: on_conflict<&T::m>");

    [[nodiscard]] constexpr auto do_nothing() const { return policy(DoNothing{}); }

    /// Overwrites these members, or all but the key and the conflict target.
    template <auto... Members>
    [[nodiscard]] constexpr auto do_update() const {
        return policy(DoUpdate<detail::Overwrite<Members...>, detail::Nothing>{});
    }

    /// Sets what the assignments say: `do_update(set<&T::total> = col<&T::total> + excluded<&T::total>)`.
    template <class First, class... Rest>
        requires requires { typename First::Shape; }
    [[nodiscard]] constexpr auto do_update(First first, Rest... rest) const {
        return [&]<class... All>(std::tuple<All...> all) {
            using What = detail::SetTo<typename First::Shape, typename Rest::Shape...>;
            return policy(DoUpdate<What, detail::Nothing, All...>{std::move(all)});
        }(std::tuple_cat(first.values, rest.values...));
    }

    /// The partial unique index with this condition, as it was declared: `.unique<&T::m>(condition)`.
    template <detail::Condition Predicate>
    [[nodiscard]] constexpr auto among(const Predicate&) const {
        return ConflictTarget<typename Predicate::Shape, Target...>{};
    }

private:
    template <class Action>
    static constexpr auto policy(Action action) {
        auto complete = detail::on_partial<PredicateShape>(std::move(action));
        return UpsertPolicy<decltype(complete), Target...>{std::move(complete)};
    }
};

template <auto... Target>
using OnConflict = ConflictTarget<void, Target...>;

/// `rowan::on_conflict<&T::a, &T::b>.do_nothing()` or `.do_update()` or `.do_update<&T::c>()`.
template <auto... Target>
inline constexpr OnConflict<Target...> on_conflict{};

}  // namespace rowan

// ---- rowan/repository/change.hpp ----



// ---- rowan/query/erase.hpp ----



// ---- rowan/query/update.hpp ----



// ---- rowan/query/touch.hpp ----



#include <cstddef>
#include <tuple>
#include <type_traits>

/// What every change of a row sets besides what the program asks for.
namespace rowan::detail {

/// `"version" = "version" + 1`. The row's own version is named with its table where another row is in sight.
template <class QualifiedBy = void>
constexpr void write_version_bump(TextWriter& out, const Dialect& dialect, const TableInfo& table) {
    write_column(out, dialect, table, table.managed.version);
    out << " = ";
    if constexpr (!std::is_void_v<QualifiedBy>) {
        write_qualifier<QualifiedBy>(out, dialect);
        out << '.';
    }
    write_column(out, dialect, table, table.managed.version);
    out << " + 1";
}

/// Stands behind the assignments of an UPDATE: the new version, and the time of the change, which is a parameter.
struct TouchShape {
    template <class T>
    static constexpr bool has_time = managed_columns<T>.updated_at != ManagedColumns::none;

    template <class T, class Scope>
    using ParametersFor = std::conditional_t<has_time<T>, TypeList<OneValue<ShapeOf<Timestamp>, Scope>>, TypeList<>>;

    template <class T>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        if constexpr (has_version<T>) {
            out << ", ";
            write_version_bump(out, dialect, table_info<T>);
        }
        if constexpr (has_time<T>) {
            out << ", ";
            write_column(out, dialect, table_info<T>, table_info<T>.managed.updated_at);
            out << " = ";
            write_parameter(out, dialect, parameter++);
        }
    }

    /// The values of the parameters.
    template <class T>
    static auto values(Timestamp now) {
        if constexpr (has_time<T>)
            return std::tuple{now};
        else
            return std::tuple<>{};
    }
};

}  // namespace rowan::detail

#include <cstddef>
#include <type_traits>

namespace rowan::detail {

/// All columns of the row with the entity's key, and with its version where it has one: `UPDATE "t" SET "a" = $1,
/// "version" = "version" + 1 WHERE "id" = $2 AND "version" = $3`.
template <class T, const Dialect& dialect>
struct Update {
    static constexpr auto parameters() { return column_forms<T, Columns::written_then_key_and_version>; }

    static constexpr void write(TextWriter& out) {
        constexpr auto& set = column_list<T, Columns::written>;
        constexpr auto& row = column_list<T, Columns::key_and_version>;
        out << "UPDATE ";
        write_table_name(out, dialect, table_info<T>);
        out << " SET ";
        write_assignments(out, dialect, table_info<T>, set, 1, ", ");
        if constexpr (has_version<T>) {
            if (!set.empty()) out << ", ";
            write_version_bump(out, dialect, table_info<T>);
        }
        out << " WHERE ";
        write_assignments(out, dialect, table_info<T>, row, 1 + set.size(), " AND ");
    }
};

/// `WHERE condition`, or nothing for all rows.
template <class T, class Where>
constexpr void write_where(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
    if constexpr (!std::is_same_v<Where, Nothing>) {
        out << " WHERE ";
        Where::template write<TableScope<T>>(out, dialect, parameter);
    }
}

template <class T>
constexpr void write_returning(TextWriter& out, const Dialect& dialect) {
    out << " RETURNING ";
    write_columns(out, dialect, table_info<T>, column_list<T, Columns::all>);
}

/// `UPDATE "t" SET assignments WHERE condition`, with the changed rows where they are wanted.
template <class T, const Dialect& dialect, class Where, bool returning, class... Assignments>
struct UpdateWhere {
    using Parameters =
        Concat<typename Assignments::template Parameters<TableScope<T>>..., TouchShape::ParametersFor<T, TableScope<T>>,
               typename Where::template Parameters<TableScope<T>>>;

    static constexpr auto parameters() { return forms_of(Parameters{}); }

    static constexpr void write(TextWriter& out) {
        std::size_t parameter = 1;
        Separator comma{", "};
        out << "UPDATE ";
        write_table_name(out, dialect, table_info<T>);
        out << " SET ";
        ((out << comma, Assignments::template write<T, TableScope<T>>(out, dialect, parameter)), ...);
        TouchShape::write<T>(out, dialect, parameter);
        write_where<T, Where>(out, dialect, parameter);
        if constexpr (returning) write_returning<T>(out, dialect);
    }
};

}  // namespace rowan::detail

#include <cstddef>

namespace rowan::detail {

/// The row with a key, or with a key and a version: `DELETE FROM "t" WHERE "id" = $1`.
template <class T, const Dialect& dialect, Columns row = Columns::key>
struct Erase {
    static constexpr auto parameters() { return column_forms<T, row>; }

    static constexpr void write(TextWriter& out) {
        out << "DELETE FROM ";
        write_table_name(out, dialect, table_info<T>);
        out << " WHERE ";
        write_assignments(out, dialect, table_info<T>, column_list<T, row>, 1, " AND ");
    }
};

/// The rows for which a condition is true, given back where they are wanted.
template <class T, const Dialect& dialect, class Where, bool returning>
struct EraseWhere {
    static constexpr auto parameters() { return forms_of(typename Where::template Parameters<TableScope<T>>{}); }

    static constexpr void write(TextWriter& out) {
        std::size_t parameter = 1;
        out << "DELETE FROM ";
        write_table_name(out, dialect, table_info<T>);
        write_where<T, Where>(out, dialect, parameter);
        if constexpr (returning) write_returning<T>(out, dialect);
    }
};

}  // namespace rowan::detail

// ---- rowan/query/patch.hpp ----



#include <array>
#include <cstddef>

/// Some columns of one row. Where rows are marked when they change, a patch whose values are there already does not
/// change its row: the UPDATE then finds none, and PatchProbe tells that from a row that is gone.
namespace rowan::detail {

/// Which columns find the row: its key, or the version that the program has seen as well.
template <bool checked>
inline constexpr Columns identity = checked ? Columns::key_and_version : Columns::key;

/// The parameters of assignments, then those of the row's identity.
template <class T, Columns row, std::size_t count>
constexpr auto followed_by_identity(const std::array<Form, count>& set) {
    constexpr auto& key = column_forms<T, row>;
    std::array<Form, count + key.size()> forms{};
    for (std::size_t i = 0; i != forms.size(); ++i) forms[i] = i < count ? set[i] : key[i - count];
    return forms;
}

/// The test whether any of the assignments would change its column. Their values are the parameters from 1 on.
template <class T, class... Assignments>
constexpr void write_change_test(TextWriter& out, const Dialect& dialect) {
    std::size_t parameter = 1;
    Separator between{" OR "};
    out << '(';
    ((out << between, Assignments::template write_change<T, TableScope<T>>(out, dialect, parameter)), ...);
    out << ')';
}

/// `returning`: it gives the row.
template <class T, const Dialect& dialect, bool checked, bool returning, class... Assignments>
struct PatchRow {
    using SetParameters = Concat<typename Assignments::template Parameters<TableScope<T>>...,
                                 TouchShape::ParametersFor<T, TableScope<T>>>;

    static constexpr auto parameters() { return followed_by_identity<T, identity<checked>>(forms_of(SetParameters{})); }

    static constexpr void write(TextWriter& out) {
        std::size_t parameter = 1;
        Separator comma{", "};
        out << "UPDATE ";
        write_table_name(out, dialect, table_info<T>);
        out << " SET ";
        ((out << comma, Assignments::template write<T, TableScope<T>>(out, dialect, parameter)), ...);
        TouchShape::write<T>(out, dialect, parameter);
        out << " WHERE ";
        write_assignments(out, dialect, table_info<T>, column_list<T, identity<checked>>, parameter, " AND ");
        if constexpr (marks_changes<T>) {
            out << " AND ";
            write_change_test<T, Assignments...>(out, dialect);
        }
        if constexpr (returning) write_returning<T>(out, dialect);
    }
};

/// The row with a key, and behind its columns whether the assignments would change it.
template <class T, const Dialect& dialect, class... Assignments>
struct PatchProbe {
    using SetParameters = Concat<typename Assignments::template Parameters<TableScope<T>>...>;

    static constexpr auto parameters() { return followed_by_identity<T, Columns::key>(forms_of(SetParameters{})); }

    static constexpr void write(TextWriter& out) {
        out << "SELECT ";
        write_columns(out, dialect, table_info<T>, column_list<T, Columns::all>);
        out << ", ";
        write_change_test<T, Assignments...>(out, dialect);
        out << " FROM ";
        write_table_name(out, dialect, table_info<T>);
        out << " WHERE ";
        write_assignments(out, dialect, table_info<T>, column_list<T, Columns::key>, SetParameters::size + 1, " AND ");
    }
};

}  // namespace rowan::detail

// ---- rowan/query/statement.hpp ----



#include <atomic>
#include <cstdint>
#include <span>
#include <string_view>

namespace rowan {

/// One statement of the program: a constant text, the forms of its parameters, and a number under which each
/// connection keeps it prepared. The number is given at the statement's first use, so that a connection
/// finds it with one look into an array. Objects live as long as the program. Safe from any thread.
class Statement {
public:
    /// Is a connection to keep it prepared? One that is made at run time, for one time, it must not.
    enum class Kept : bool { no, yes };

    constexpr Statement(std::string_view text, std::span<const Form> parameters, Kept kept = Kept::yes)
        : text_{text}, parameters_{parameters}, kept_{kept} {}

    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

    [[nodiscard]] std::string_view text() const noexcept { return text_; }
    [[nodiscard]] std::span<const Form> parameters() const noexcept { return parameters_; }

    [[nodiscard]] bool is_kept() const noexcept { return kept_ == Kept::yes; }

    /// Its number, or the greatest there is, as long as nobody has asked for it.
    [[nodiscard]] std::uint32_t known_slot() const noexcept { return slot_.load(std::memory_order_relaxed) - 1; }

    [[nodiscard]] std::uint32_t slot() const noexcept {
        const std::uint32_t known = slot_.load(std::memory_order_relaxed);
        return (known != 0 ? known : take_slot()) - 1;
    }

private:
    [[nodiscard]] std::uint32_t take_slot() const noexcept {
        std::uint32_t expected = 0;
        const std::uint32_t fresh = next_slot().fetch_add(1, std::memory_order_relaxed);
        return slot_.compare_exchange_strong(expected, fresh, std::memory_order_relaxed) ? fresh : expected;
    }

    [[nodiscard]] static std::atomic<std::uint32_t>& next_slot() noexcept {
        static constinit std::atomic<std::uint32_t> next{1};
        return next;
    }

    std::string_view text_;
    std::span<const Form> parameters_;
    mutable std::atomic<std::uint32_t> slot_{0};
    Kept kept_;
};

namespace detail {

template <class Text>
inline constexpr auto parameters_of = Text::parameters();

/// The statement whose text `Text::write` writes and whose parameters `Text::parameters()` lists.
template <class Text>
inline constinit Statement statement{text_of<Text>, parameters_of<Text>};

}  // namespace detail
}  // namespace rowan

// ---- rowan/repository/conflict.hpp ----



// ---- rowan/query/conflict_error.hpp ----



#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Sentences about rows that are not as the caller believed.
namespace rowan::detail {

/// The text, or its beginning where it is long, cut between two characters.
inline std::string shortened(std::string_view text, std::size_t limit) {
    if (text.size() <= limit) return std::string{text};
    while (limit != 0 && (static_cast<unsigned char>(text[limit]) & 0xc0) == 0x80) --limit;
    return std::string{text.substr(0, limit)} + "…";
}

[[gnu::cold]] inline std::string describe_conflict(const RowConflict& conflict) {
    std::string text = shortened(conflict.key, 200);
    const std::string expected = std::to_string(conflict.expected);
    switch (conflict.what) {
        case RowConflict::What::modified:
            if (conflict.expected == 0)
                return text.append(" is there with version ")
                    .append(std::to_string(conflict.found))
                    .append(", but this struct was never stored or read");
            text.append(" was modified by someone else: version ")
                .append(expected)
                .append(" was expected, but it has ");
            return text.append("version ").append(std::to_string(conflict.found));
        case RowConflict::What::deleted:
            text.append(" was deleted by someone else: version ").append(expected).append(" was expected");
            return text.append(", but it is gone");
        case RowConflict::What::missing: return text.append(" is not there");
    }
    return text;
}

/// Of rows that an operation did not find as it expected them: one at least. Nothing of the operation is stored.
[[gnu::cold]] inline Error conflict_error(const TableInfo& table, std::vector<RowConflict> conflicts, bool of_range,
                                          std::string_view statement) {
    const bool stale = std::any_of(conflicts.begin(), conflicts.end(), [](const RowConflict& conflict) {
        return conflict.what != RowConflict::What::missing;
    });
    ErrorDetails details{.category = Category::state, .code = stale ? Code::stale : Code::not_found};
    details.table = table.name;
    details.statement = statement;
    std::string& message = details.message;
    message = table.name;
    if (!of_range) {
        const RowConflict& only = conflicts.front();
        if (only.what == RowConflict::What::missing)
            message.append(" has no row with this key: ").append(shortened(only.key, 200));
        else
            message.append(": ").append(describe_conflict(only));
        if (only.what == RowConflict::What::modified) message.append("; read it again and repeat the change");
    } else {
        // A long list would bury what it says. The error has them all.
        constexpr std::size_t shown = 10;
        message.append(": ").append(std::to_string(conflicts.size()));
        message.append(conflicts.size() == 1 ? " row is" : " rows are")
            .append(" not as expected, so nothing was changed");
        for (std::size_t i = 0; i != std::min(shown, conflicts.size()); ++i)
            message.append("; ").append(describe_conflict(conflicts[i]));
        if (conflicts.size() > shown)
            message.append("; and ").append(std::to_string(conflicts.size() - shown)).append(" more");
    }
    details.conflicts = std::move(conflicts);
    return Error{std::move(details)};
}

/// The same of one row.
[[gnu::cold]] inline Error conflict_error(const TableInfo& table, RowConflict conflict, std::string_view statement) {
    std::vector<RowConflict> conflicts;
    conflicts.push_back(std::move(conflict));
    return conflict_error(table, std::move(conflicts), false, statement);
}

}  // namespace rowan::detail

// ---- rowan/repository/row_identity.hpp ----



// ---- rowan/query/value_text.hpp ----



// ---- rowan/types/iso8601.hpp ----



#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

/// Dates and times as text, after ISO 8601 and without regard to the locale.
namespace rowan::detail {

/// Reads digits from the front of a text.
class DigitReader {
public:
    constexpr explicit DigitReader(std::string_view text) : rest_{text} {}

    /// A number of exactly `count` digits; -1 if there is none.
    constexpr int number(std::size_t count) {
        if (rest_.size() < count) return -1;
        int value = 0;
        for (std::size_t i = 0; i != count; ++i) {
            if (rest_[i] < '0' || rest_[i] > '9') return -1;
            value = value * 10 + (rest_[i] - '0');
        }
        rest_.remove_prefix(count);
        return value;
    }

    constexpr bool skip(char c) {
        if (rest_.empty() || rest_.front() != c) return false;
        rest_.remove_prefix(1);
        return true;
    }

    /// Up to six digits of a fraction of a second as microseconds; -1 if there is none, or more digits than that
    /// and not all of them 0.
    constexpr int microseconds() {
        int value = 0;
        int count = 0;
        for (; !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; rest_.remove_prefix(1), ++count) {
            if (count < 6)
                value = value * 10 + (rest_.front() - '0');
            else if (rest_.front() != '0')
                return -1;
        }
        if (count == 0) return -1;
        for (; count < 6; ++count) value *= 10;
        return value;
    }

    [[nodiscard]] constexpr bool empty() const { return rest_.empty(); }

private:
    std::string_view rest_;
};

constexpr bool read_date(DigitReader& in, std::chrono::sys_days& day) {
    const int year = in.number(4);
    if (year < 0 || !in.skip('-')) return false;
    const int month = in.number(2);
    if (month < 0 || !in.skip('-')) return false;
    const int day_of_month = in.number(2);
    if (day_of_month < 0) return false;
    const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                           std::chrono::day{static_cast<unsigned>(day_of_month)}};
    if (!date.ok()) return false;
    day = date;
    return true;
}

/// `2016-10-07`.
constexpr bool parse_date(std::string_view text, std::chrono::sys_days& day) {
    DigitReader in{text};
    return read_date(in, day) && in.empty();
}

/// `2016-10-07T00:00:00Z`, `2016-10-07 00:00:00.123456+02:00`; without a zone it is UTC; seconds and their
/// fraction, up to microseconds, may be missing.
constexpr bool parse_timestamp(std::string_view text, Timestamp& time) {
    DigitReader in{text};
    std::chrono::sys_days day{};
    if (!read_date(in, day) || !(in.skip('T') || in.skip(' '))) return false;
    const int hour = in.number(2);
    if (hour < 0 || hour > 23 || !in.skip(':')) return false;
    const int minute = in.number(2);
    if (minute < 0 || minute > 59) return false;
    int second = 0;
    int fraction = 0;
    if (in.skip(':')) {
        second = in.number(2);
        if (second < 0 || second > 59) return false;
        if (in.skip('.') && (fraction = in.microseconds()) < 0) return false;
    }
    int offset = 0;
    if (!in.skip('Z') && !in.empty()) {
        const bool west = in.skip('-');
        if (!west && !in.skip('+')) return false;
        const int hours = in.number(2);
        if (hours < 0 || hours > 23) return false;
        int minutes = 0;
        if (!in.empty()) {
            (void)in.skip(':');
            minutes = in.number(2);
            if (minutes < 0 || minutes > 59) return false;
        }
        offset = (hours * 60 + minutes) * (west ? -1 : 1);
    }
    if (!in.empty()) return false;
    time = Timestamp{day} + std::chrono::hours{hour} + std::chrono::minutes{minute - offset} +
           std::chrono::seconds{second} + std::chrono::microseconds{fraction};
    return true;
}

inline constexpr std::size_t date_length = 10;

/// Writes `2016-10-07` to `out`; false for a year outside 0 to 9999, which four digits cannot show.
constexpr bool format_date(std::chrono::sys_days day, char (&out)[date_length]) {
    const std::chrono::year_month_day date{day};
    const int year = static_cast<int>(date.year());
    if (year < 0 || year > 9999) return false;
    const auto digits = [&](std::size_t at, std::size_t count, unsigned value) {
        for (std::size_t i = count; i != 0; value /= 10) out[at + --i] = static_cast<char>('0' + value % 10);
    };
    digits(0, 4, static_cast<unsigned>(year));
    out[4] = '-';
    digits(5, 2, static_cast<unsigned>(date.month()));
    out[7] = '-';
    digits(8, 2, static_cast<unsigned>(date.day()));
    return true;
}

}  // namespace rowan::detail

#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace rowan::detail {

/// A ParameterSink that shows values to a person: text in quotes, bytes in hexadecimal digits, times after ISO 8601.
class ValueText {
public:
    Fault put_null() { return add("NULL"); }
    Fault put(bool value) { return add(value ? "true" : "false"); }
    Fault put(std::int64_t value) { return add_number(value); }
    Fault put(double value) { return add_number(value); }
    Fault put(std::string_view value) {
        text_ += '\'';
        for (const char c : value) {
            if (c == '\'') text_ += c;
            // A NUL would end the text for whoever reads the error through a pointer.
            if (c == '\0')
                text_ += "\\0";
            else
                text_ += c;
        }
        return add("'");
    }
    Fault put(std::span<const std::byte> value) {
        constexpr std::string_view digits = "0123456789abcdef";
        text_ += "x'";
        for (const std::byte byte : value) {
            text_ += digits[std::to_integer<std::size_t>(byte >> 4)];
            text_ += digits[std::to_integer<std::size_t>(byte & std::byte{15})];
        }
        return add("'");
    }
    Fault put(Timestamp value) {
        if (value < Timestamp{first_day} || value >= Timestamp{last_day}) {
            (void)add_number(std::int64_t{value.time_since_epoch().count()});
            return add(" microseconds since 1970");
        }
        const auto day = std::chrono::floor<std::chrono::days>(value);
        (void)put(day);
        const std::chrono::hh_mm_ss time{value - day};
        add_digits('T', time.hours().count(), 2);
        add_digits(':', time.minutes().count(), 2);
        add_digits(':', time.seconds().count(), 2);
        if (time.subseconds().count() != 0) add_digits('.', time.subseconds().count(), 6);
        return add("Z");
    }
    Fault put(std::chrono::sys_days value) {
        if (value < first_day || value >= last_day) {
            (void)add_number(std::int64_t{value.time_since_epoch().count()});
            return add(" days since 1970");
        }
        char text[date_length];
        (void)format_date(value, text);
        return add({text, sizeof text});
    }

    [[nodiscard]] std::string& text() { return text_; }

private:
    // The years that four digits show.
    static constexpr std::chrono::sys_days first_day{std::chrono::year{0} / 1 / 1};
    static constexpr std::chrono::sys_days last_day{std::chrono::year{10000} / 1 / 1};

    Fault add(std::string_view text) {
        text_ += text;
        return Fault::none;
    }

    template <class Number>
    Fault add_number(Number value) {
        char digits[32];
        const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
        return add({digits, static_cast<std::size_t>(end - digits)});
    }

    void add_digits(char before, std::int64_t value, std::size_t width) {
        const std::string digits = std::to_string(value);
        text_ += before;
        if (digits.size() < width) text_.append(width - digits.size(), '0');
        text_ += digits;
    }

    std::string text_;
};

}  // namespace rowan::detail

#include <cstddef>
#include <cstdint>
#include <string>
#include <tuple>
#include <utility>

namespace rowan {

/// A row as it was when it had this version: what `at_version` gives.
template <class K>
struct AtVersion {
    K key;
    Version version;
};

/// Names a row and the version that the caller has seen, where no struct is at hand: `patch(at_version(7, 3), …)`.
template <class K>
[[nodiscard]] constexpr AtVersion<K> at_version(K key, Version version) {
    return {std::move(key), version};
}

namespace detail {

/// 0 where there is none.
template <class T>
std::int64_t version_of([[maybe_unused]] const T& entity) {
    if constexpr (has_version<T>)
        return std::get<managed_columns<T>.version>(reflect::tie(entity));
    else
        return 0;
}

// Three ways to name the row that an operation is about. `checked`: only while it has that version.

template <class T>
struct RowByKey {
    static constexpr bool checked = false;
    const Key<T>& key;

    template <class Sink>
    ValueFault put_key(Sink& sink) const {
        return write_key<T>(sink, key);
    }
    template <class Sink>
    ValueFault put(Sink& sink) const {
        return put_key(sink);
    }
    [[nodiscard]] static std::int64_t version() { return 0; }
};

template <class T>
struct RowOfEntity {
    static constexpr bool checked = has_version<T>;
    const T& entity;

    template <class Sink>
    ValueFault put_key(Sink& sink) const {
        return write_identity<T>(sink, entity);
    }
    template <class Sink>
    ValueFault put(Sink& sink) const {
        return write_identity<T, Columns::key_and_version>(sink, entity);
    }
    [[nodiscard]] std::int64_t version() const { return version_of(entity); }
};

/// A part of a key, converted. An integer that the key's type does not hold would name another row: `fits` is false
/// then.
template <class Part, class Value>
Part part_of_key(const Value& value, bool& fits) {
    if constexpr (Integer<Part> && Integer<Value>) {
        fits = fits && std::in_range<Part>(value);
        return static_cast<Part>(value);
    } else {
        return value;
    }
}

template <class T>
class RowAtVersion {
public:
    static constexpr bool checked = true;

    template <class K>
    explicit RowAtVersion(const AtVersion<K>& row) : key_{convert(row.key, fits_)}, seen_{row.version} {}

    template <class Sink>
    ValueFault put_key(Sink& sink) const {
        if (!fits_) return {Fault::out_of_range, place_of<T>(table<T>.key_columns()[0])};
        return write_key<T>(sink, key_);
    }
    template <class Sink>
    ValueFault put(Sink& sink) const {
        if (const ValueFault found = put_key(sink)) return found;
        return {Type<Version>::write(sink, seen_), place_of<T>(managed_columns<T>.version)};
    }
    [[nodiscard]] std::int64_t version() const { return seen_; }

private:
    template <class K>
    static Key<T> convert(const K& key, [[maybe_unused]] bool& fits) {
        if constexpr (key_size<T> == 1)
            return part_of_key<Key<T>>(key, fits);
        else if constexpr (key_size<T> > 1)
            return [&]<std::size_t... I>(std::index_sequence<I...>) {
                return Key<T>{part_of_key<std::tuple_element_t<I, Key<T>>>(std::get<I>(key), fits)...};
            }(std::make_index_sequence<key_size<T>>{});
        else
            return key;
    }

    bool fits_ = true;
    Key<T> key_;
    Version seen_;
};

/// A ValueText that puts the key's columns in front: `exchange = 'okx', number = 3`.
class KeyText {
public:
    explicit KeyText(const TableInfo& table) : table_{table} {}

    template <class Value>
    Fault put(const Value& value) {
        name();
        return values_.put(value);
    }
    Fault put_null() {
        name();
        return values_.put_null();
    }
    [[nodiscard]] std::string& text() { return values_.text(); }

private:
    void name() {
        if (next_ != 0) text() += ", ";
        text().append(table_.columns[table_.key[next_++]].name).append(" = ");
    }

    const TableInfo& table_;
    ValueText values_{};
    std::size_t next_ = 0;
};

template <class T, class Row>
[[gnu::cold]] std::string key_text(const Row& row) {
    KeyText text{table_info<T>};
    // What has just been written to a statement can be shown as well.
    (void)row.put_key(text);
    return std::move(text.text());
}

}  // namespace detail
}  // namespace rowan

// ---- rowan/repository/rows.hpp ----



#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

/// From a statement that has its parameters to what the caller asked for.
namespace rowan::detail {

[[gnu::cold]] inline Failure write_failure(ValueFault found, const Statement& statement) {
    return Failure(fault_error(found, true, statement.text()));
}

[[gnu::cold]] inline Failure read_failure(ValueFault found, const Statement& statement) {
    return Failure(fault_error(found, false, statement.text()));
}

[[gnu::cold]] inline Failure negative_limit() {
    return Failure(Error{Category::programming, Code::misuse, "limit and offset take a number of rows, 0 or more"});
}

[[gnu::cold]] inline Error several_rows(const Statement& statement) {
    return Error{Category::programming, Code::multiple_rows,
                 "more than one row fulfils a condition that must fit one only: use where(...).all() or first()"}
        .in_statement(statement.text());
}

[[gnu::cold]] inline Error no_row(const Statement& statement) {
    return Error{Category::state, Code::not_found, "no row fulfils the query that must give one"}.in_statement(
        statement.text());
}

/// How a row of a whole table becomes a T.
struct ReadEntity {
    template <class Source, class T>
    ValueFault operator()(const Source& source, T& entity) const {
        return read_entity(source, entity);
    }
};

/// Fills `row` with the next row, if there is one. `read(execution, row)` fills a row.
template <class Row, class Execution, class Read>
Result<void> read_row(Execution& execution, const Statement& statement, Read read, std::optional<Row>& row) {
    Result<bool> found = execution.next();
    if (!found) return Failure(std::move(found).error());
    if (*found)
        if (const ValueFault fault = read(execution, row.emplace())) return read_failure(fault, statement);
    return {};
}

/// Fills `entity` with the next row, a whole one. Is there one?
template <class T, class Execution>
[[gnu::always_inline]] inline Result<bool> read_row_into(Execution& execution, const Statement& statement, T& entity) {
    Result<bool> found = execution.next();
    if (found && *found)
        if (const ValueFault fault = read_entity(execution, entity)) return read_failure(fault, statement);
    return found;
}

/// The same for the only row: another one behind it is an error.
template <class Row, class Execution, class Read>
Result<void> read_row_or_none(Execution& execution, const Statement& statement, Read read, std::optional<Row>& row) {
    if (Result<void> filled = read_row(execution, statement, read, row); !filled || !row) return filled;
    Result<bool> another = execution.next();
    if (!another) return Failure(std::move(another).error());
    if (*another) return Failure(several_rows(statement));
    return {};
}

/// Fills `row` with the next row; `none()` is the error where there is none.
template <class Row, class Execution, class Read, class None>
Result<void> read_some_row(Execution& execution, const Statement& statement, Read read, Row& row, None none) {
    Result<bool> found = execution.next();
    if (!found) return Failure(std::move(found).error());
    if (!*found) return Failure(none());
    if (const ValueFault fault = read(execution, row)) return read_failure(fault, statement);
    return {};
}

/// Fills `row` with the only row: none, or another one behind it, is an error.
template <class Row, class Execution, class Read>
Result<void> read_only_row(Execution& execution, const Statement& statement, Read read, Row& row) {
    Result<void> filled = read_some_row(execution, statement, read, row, [&] { return no_row(statement); });
    if (!filled) return filled;
    Result<bool> another = execution.next();
    if (!another) return Failure(std::move(another).error());
    if (*another) return Failure(several_rows(statement));
    return filled;
}

/// Appends all rows that are left.
template <class Row, class Execution, class Read>
Result<void> read_rows(Execution& execution, const Statement& statement, Read read, std::vector<Row>& rows) {
    while (true) {
        Result<bool> found = execution.next();
        if (!found) return Failure(std::move(found).error());
        if (!*found) return {};
        if (const ValueFault fault = read(execution, rows.emplace_back())) return read_failure(fault, statement);
    }
}

/// The same, where the rows are the result.
template <class Row, class Execution, class Read>
Result<std::vector<Row>> read_rows(Execution& execution, const Statement& statement, Read read) {
    Result<std::vector<Row>> rows;
    settle(read_rows(execution, statement, read, *rows), rows);
    return rows;
}

template <class Row, class Execution, class Read>
Result<std::optional<Row>> read_row(Execution& execution, const Statement& statement, Read read) {
    Result<std::optional<Row>> row;
    settle(read_row(execution, statement, read, *row), row);
    return row;
}

template <class Row>
void reverse(std::vector<Row>& rows) {
    for (std::size_t i = 0; i < rows.size() / 2; ++i) std::swap(rows[i], rows[rows.size() - 1 - i]);
}

/// The only value of the only row that a count or an EXISTS gives.
template <class Value, class Execution>
Result<Value> read_value(Execution& execution) {
    const Result<bool> row = execution.next();
    if (!row) return Failure(row.error());
    Value value{};
    if (!*row || execution.cell(0).get(value) != Fault::none)
        return Failure(Error{Category::internal, Code::internal_error,
                             "the database gave no value where a statement always gives one"});
    return value;
}

}  // namespace rowan::detail

#include <cstddef>
#include <cstdint>
#include <optional>
#include <tuple>
#include <utility>

namespace rowan {

/// Asks for the rows as they are now, where they are not as expected: `update(entity, carry_current)`, then
/// `carried_row<T>(error)` or `error.conflicts()[i].current<T>()`.
enum class Carry : bool { nothing, current };
inline constexpr Carry carry_current = Carry::current;

namespace detail {

/// The row is not there, and nothing says that it ever was.
template <class T, class Row>
[[gnu::cold]] RowConflict missing_row(const Row& row, std::size_t index = 0) {
    RowConflict conflict;
    conflict.what = RowConflict::What::missing;
    conflict.index = index;
    conflict.key = key_text<T>(row);
    return conflict;
}

/// A row that was not as expected; `current` is the row as it is, if it is there.
template <class T, class Row>
[[gnu::cold]] RowConflict conflict_of(const Row& row, std::optional<T> current, std::size_t index, Carry carry) {
    RowConflict conflict = missing_row<T>(row, index);
    conflict.expected = row.version();
    if (!current) {
        if (conflict.expected >= 1) conflict.what = RowConflict::What::deleted;
        return conflict;
    }
    conflict.what = RowConflict::What::modified;
    conflict.found = version_of(*current);
    if (carry == Carry::current) conflict.carry(*std::move(current));
    return conflict;
}

/// The database gives the row as it was expected, yet changes none.
[[gnu::cold]] inline Error left_unchanged(const TableInfo& table, const Statement& statement) {
    ErrorDetails details{.category = Category::internal, .code = Code::internal_error};
    details.table = table.name;
    details.message = details.table +
                      ": the row is as expected, but the database did not change it: does a trigger, rule "
                      "or policy keep it from that?";
    details.statement = statement.text();
    return Error{std::move(details)};
}

/// How often a change is sent again whose row is there when it is asked for, but was not found by the change: it may
/// have come in between.
inline constexpr int tries = 3;

/// No row has the key that was asked for.
template <class T, class Row>
[[gnu::cold]] Error missing(const Row& row, const Statement& statement) {
    return conflict_error(table_info<T>, missing_row<T>(row), statement.text());
}

/// Fills `current` with the row that has the key of `row`. Is there such a row?
template <class T, class Connection, class Row>
Result<bool> read_current(Connection& connection, const Row& row, T& current) {
    const Statement& statement = detail::statement<SelectByKey<T, Connection::dialect, Wanted::rows>>;
    typename Connection::Execution execution{connection, statement};
    if (const ValueFault found = row.put_key(execution)) return write_failure(found, statement);
    return read_row_into(execution, statement, current);
}

/// Calls `change()`, which gives how many rows it changed. Nothing where that was the row; else why it was not.
template <class T, class Connection, class Row, class Change>
Result<std::optional<RowConflict>> change_row(Connection& connection, const Statement& statement, const Row& row,
                                              std::size_t index, Carry carry, Change change) {
    for (int i = 0; i != tries; ++i) {
        const Result<std::int64_t> changed = change();
        if (!changed) return Failure(changed.error());
        if (*changed != 0) return std::optional<RowConflict>{};
        if constexpr (!Row::checked) {
            return missing_row<T>(row, index);
        } else {
            std::optional<T> current{std::in_place};
            const Result<bool> there = read_current(connection, row, *current);
            if (!there) return Failure(there.error());
            if (!*there) current.reset();
            RowConflict conflict = conflict_of(row, std::move(current), index, carry);
            if (conflict.what != RowConflict::What::modified || conflict.found != conflict.expected) return conflict;
        }
    }
    return Failure(left_unchanged(table_info<T>, statement));
}

}  // namespace detail
}  // namespace rowan

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

/// Changes of one row, by its key and, where it is checked, its version.
namespace rowan::detail {

template <class T, class Connection>
const Statement& update_statement() {
    return statement<Update<T, Connection::dialect>>;
}

/// How many rows were updated, at `now`: one, or none. The entity is left as it is.
template <class T, class Connection>
Result<std::int64_t> run_update(Connection& connection, const T& entity, Timestamp now) {
    const Statement& statement = update_statement<T, Connection>();
    typename Connection::Execution execution{connection, statement};
    if (const ValueFault found = write_entity<T, Columns::written_then_key_and_version>(execution, entity, now))
        return write_failure(found, statement);
    return execution.run();
}

/// Updates a row; a conflict where it was not as the entity has it.
template <class T, class Connection>
Result<std::optional<RowConflict>> update_row(Connection& connection, const T& entity, Timestamp now, std::size_t index,
                                              Carry carry) {
    return change_row<T>(connection, update_statement<T, Connection>(), RowOfEntity<T>{entity}, index, carry,
                         [&] { return run_update(connection, entity, now); });
}

template <class T, class Connection>
Result<void> update_one(Connection& connection, T& entity, [[maybe_unused]] Carry carry) {
    const Timestamp now = time_of_change<T>();
    if constexpr (has_version<T>) {
        Result<std::optional<RowConflict>> conflict = update_row(connection, entity, now, 0, carry);
        if (!conflict) return Failure(std::move(conflict).error());
        if (*conflict)
            return Failure(
                conflict_error(table_info<T>, **std::move(conflict), update_statement<T, Connection>().text()));
    } else {
        const Result<std::int64_t> updated = run_update(connection, entity, now);
        if (!updated) return Failure(updated.error());
        if (*updated == 0) return Failure(missing<T>(RowOfEntity<T>{entity}, update_statement<T, Connection>()));
    }
    stamp_updated(entity, now);
    return {};
}

template <class T, class Connection, class Row>
const Statement& erase_statement() {
    return statement<Erase<T, Connection::dialect, identity<Row::checked>>>;
}

/// How many rows were removed: one, or none.
template <class T, class Connection, class Row>
Result<std::int64_t> run_erase(Connection& connection, const Row& row) {
    const Statement& statement = erase_statement<T, Connection, Row>();
    typename Connection::Execution execution{connection, statement};
    if (const ValueFault found = row.put(execution)) return write_failure(found, statement);
    return execution.run();
}

/// Removes a row; a conflict where it was not as expected.
template <class T, class Connection, class Row>
Result<std::optional<RowConflict>> erase_row(Connection& connection, const Row& row, std::size_t index, Carry carry) {
    return change_row<T>(connection, erase_statement<T, Connection, Row>(), row, index, carry,
                         [&] { return run_erase<T>(connection, row); });
}

/// Did it remove the row? Where the row is gone already, that is no conflict.
template <class T, class Connection, class Row>
Result<bool> erase_one(Connection& connection, const Row& row, Carry carry) {
    if constexpr (Row::checked) {
        Result<std::optional<RowConflict>> conflict = erase_row<T>(connection, row, 0, carry);
        if (!conflict) return Failure(std::move(conflict).error());
        if (!*conflict) return true;
        if ((*conflict)->what != RowConflict::What::modified) return false;
        return Failure(
            conflict_error(table_info<T>, **std::move(conflict), erase_statement<T, Connection, Row>().text()));
    } else {
        const Result<std::int64_t> erased = run_erase<T>(connection, row);
        if (!erased) return Failure(erased.error());
        return *erased != 0;
    }
}

}  // namespace rowan::detail

// ---- rowan/repository/change_range.hpp ----



// ---- rowan/query/change_arrays.hpp ----



// ---- rowan/query/insert.hpp ----



namespace rowan::detail {

/// Can rows of T be sent as arrays? Not where nothing is left to send, as the database makes the only column.
template <class T, const Dialect& dialect>
inline constexpr bool takes_arrays = dialect.array_parameters && !column_list<T, Columns::all_but_generated>.empty();

/// Which columns an INSERT names: all, but for a key that the database is to make. Where a NULL does as well, that is
/// what a table that has nothing but its key gets.
template <class T, const Dialect& dialect, bool generate>
inline constexpr Columns inserted_columns =
    generate && !(dialect.null_generates_key && column_list<T, Columns::all_but_generated>.empty())
        ? Columns::all_but_generated
        : Columns::all;

constexpr void write_inserted_columns(TextWriter& out, const Dialect& dialect, const TableInfo& table,
                                      std::span<const std::uint16_t> columns) {
    if (columns.empty()) return;
    out << " (";
    write_columns(out, dialect, table, columns);
    out << ')';
}

constexpr void write_insert_into(TextWriter& out, const Dialect& dialect, const TableInfo& table,
                                 std::span<const std::uint16_t> columns) {
    out << "INSERT INTO ";
    write_table_name(out, dialect, table);
    write_inserted_columns(out, dialect, table, columns);
}

constexpr void write_values(TextWriter& out, const Dialect& dialect, std::size_t count) {
    if (count == 0) {
        out << " DEFAULT VALUES";
        return;
    }
    Separator comma{", "};
    out << " VALUES (";
    for (std::size_t i = 1; i <= count; ++i) {
        out << comma;
        write_parameter(out, dialect, i);
    }
    out << ')';
}

/// Rows from arrays, a parameter a column. In the list of SELECT, as the one function call in FROM that takes all
/// arrays would store each of them away before the first row is made.
constexpr void write_unnest(TextWriter& out, const Dialect& dialect, const TableInfo& table,
                            std::span<const std::uint16_t> columns) {
    Separator comma{", "};
    std::size_t parameter = 0;
    out << " SELECT ";
    for (const std::uint16_t column : columns) {
        out << comma << "unnest(";
        write_parameter(out, dialect, ++parameter);
        out << "::" << dialect.array_type(stored_as(table.columns[column].type)) << ')';
    }
}

/// One row. `generate`: the database makes the key, and gives it back where the connection does not know it anyway.
template <class T, const Dialect& dialect, bool generate>
struct Insert {
    static constexpr Columns columns = inserted_columns<T, dialect, generate>;

    static constexpr auto parameters() { return column_forms<T, columns>; }

    static constexpr void write(TextWriter& out) {
        write_insert_into(out, dialect, table_info<T>, column_list<T, columns>);
        write_values(out, dialect, column_list<T, columns>.size());
        if constexpr (generate && !dialect.returning_is_dear) {
            out << " RETURNING ";
            write_column(out, dialect, table_info<T>, table_info<T>.key[0]);
        }
    }
};

/// Any number of rows, where parameters may be arrays.
template <class T, const Dialect& dialect, bool generate>
struct InsertArrays {
    static constexpr Columns columns = inserted_columns<T, dialect, generate>;

    static constexpr auto parameters() { return column_forms<T, columns, true>; }

    static constexpr void write(TextWriter& out) {
        write_insert_into(out, dialect, table_info<T>, column_list<T, columns>);
        write_unnest(out, dialect, table_info<T>, column_list<T, columns>);
    }
};

}  // namespace rowan::detail

#include <cstdint>
#include <span>
#include <string_view>

/// Changes of many rows in one statement, where parameters may be arrays. Its row count tells whether each was found,
/// not which one was not.
namespace rowan::detail {

constexpr void write_joined_column(TextWriter& out, const Dialect& dialect, const TableInfo& table,
                                   std::string_view source, std::size_t column) {
    out << source << '.';
    write_column(out, dialect, table, column);
}

/// The rows of the arrays, called `given`, that are about the rows of the table, called `stored`.
constexpr void write_given(TextWriter& out, const Dialect& dialect, const TableInfo& table,
                           std::span<const std::uint16_t> columns, std::span<const std::uint16_t> identity) {
    out << '(';
    write_unnest(out, dialect, table, columns);
    out << ") AS given (";
    write_columns(out, dialect, table, columns);
    out << ") WHERE ";
    Separator between{" AND "};
    for (const std::uint16_t column : identity) {
        out << between;
        write_joined_column(out, dialect, table, "stored", column);
        out << " = ";
        write_joined_column(out, dialect, table, "given", column);
    }
}

template <class T, const Dialect& dialect>
struct UpdateArrays {
    static constexpr Columns columns = Columns::written_then_key_and_version;

    static constexpr auto parameters() { return column_forms<T, columns, true>; }

    static constexpr void write(TextWriter& out) {
        constexpr const TableInfo& table = table_info<T>;
        Separator comma{", "};
        out << "UPDATE ";
        write_table_name(out, dialect, table);
        out << " AS stored SET ";
        for (const std::uint16_t column : column_list<T, Columns::written>) {
            out << comma;
            write_column(out, dialect, table, column);
            out << " = ";
            write_joined_column(out, dialect, table, "given", column);
        }
        if constexpr (has_version<T>) {
            out << comma;
            write_version_bump<Source<T, "stored">>(out, dialect, table);
        }
        out << " FROM ";
        write_given(out, dialect, table, column_list<T, columns>, column_list<T, Columns::key_and_version>);
    }
};

template <class T, const Dialect& dialect>
struct EraseArrays {
    static constexpr Columns columns = Columns::key_and_version;

    static constexpr auto parameters() { return column_forms<T, columns, true>; }

    static constexpr void write(TextWriter& out) {
        constexpr const TableInfo& table = table_info<T>;
        out << "DELETE FROM ";
        write_table_name(out, dialect, table);
        out << " AS stored USING ";
        write_given(out, dialect, table, column_list<T, columns>, column_list<T, columns>);
    }
};

}  // namespace rowan::detail

// ---- rowan/session/transaction.hpp ----



// ---- rowan/core/unsafe_sql.hpp ----


#include <string_view>

namespace rowan {

/// SQL text that the program made at run time. The name is there to be searched for in a review: whoever
/// writes it vouches that no value from outside was pasted into the text. The text must outlive the call.
struct unsafe_sql {
    constexpr explicit unsafe_sql(std::string_view sql) : text{sql} {}
    std::string_view text;
};

}  // namespace rowan

// ---- rowan/session/borrowed.hpp ----



// ---- rowan/session/loan.hpp ----


#include <utility>

namespace rowan {

/// A connection that is lent for longer than one call, by a pool: it is given back when this goes. Empty where the
/// connection is the caller's own.
class Loan {
public:
    /// `Stage::relaxed`: the work is done, but a handle may still point to the connection.
    enum class Stage : bool { relaxed, ended };
    using GiveBack = void (*)(void* lender, void* lent, Stage stage) noexcept;

    Loan() = default;
    Loan(GiveBack give_back, void* lender, void* lent) : give_back_{give_back}, lender_{lender}, lent_{lent} {}
    Loan(Loan&& other) noexcept
        : give_back_{std::exchange(other.give_back_, nullptr)}, lender_{other.lender_}, lent_{other.lent_} {}
    Loan& operator=(Loan&& other) noexcept {
        if (this != &other) {
            end();
            give_back_ = std::exchange(other.give_back_, nullptr);
            lender_ = other.lender_;
            lent_ = other.lent_;
        }
        return *this;
    }
    ~Loan() { end(); }

    [[nodiscard]] bool is_empty() const noexcept { return give_back_ == nullptr; }

    void end() noexcept {
        if (give_back_ != nullptr) std::exchange(give_back_, nullptr)(lender_, lent_, Stage::ended);
    }
    void relax() noexcept {
        if (give_back_ != nullptr) give_back_(lender_, lent_, Stage::relaxed);
    }

private:
    GiveBack give_back_ = nullptr;
    void* lender_ = nullptr;
    void* lent_ = nullptr;
};

}  // namespace rowan

// ---- rowan/session/scopes.hpp ----



// ---- rowan/session/fork.hpp ----


#if !defined(_WIN32)
#include <atomic>
#include <pthread.h>
#endif

namespace rowan::detail {

#if !defined(_WIN32)
inline std::atomic<unsigned> forks{0};

/// How many forks lie between the first call and this process: what was opened under another number belongs to a
/// parent.
inline unsigned process_generation() noexcept {
    [[maybe_unused]] static const int registered =
        ::pthread_atfork(nullptr, nullptr, [] { forks.fetch_add(1, std::memory_order_relaxed); });
    return forks.load(std::memory_order_relaxed);
}

/// The same, where somebody has made the first call.
inline unsigned process_generation_now() noexcept { return forks.load(std::memory_order_relaxed); }
#else
inline unsigned process_generation() noexcept { return 0; }
inline unsigned process_generation_now() noexcept { return 0; }
#endif

}  // namespace rowan::detail

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace rowan {

/// What a connection's transaction is like, as the database itself sees it.
enum class TransactionState : std::uint8_t {
    idle,    ///< none: each statement stands for itself
    open,    ///< one is under way
    failed,  ///< one is under way, and after an error it can only be rolled back
};

/// Is a `Db` one of several databases, so that only the run of the program tells what it can do?
template <class Db>
inline constexpr bool chooses_at_run_time = false;

/// Does each `begin()` of a `Db` take a connection that works, a new one if need be? Only then is a transaction run
/// again whose connection was lost.
template <class Db>
inline constexpr bool renews_connection = false;

struct TransactionOptions;

/// A transaction that is open around all work on a connection, and is not for those who work there: a test's, which
/// rolls it back. Their transactions are savepoints in it, and what is done outside of those stands for itself, as
/// without it.
class Surrounding {
public:
    /// The connection's own handle is about to be used: why it must not be, or nothing.
    [[nodiscard]] virtual std::optional<Error> enter() = 0;
    /// Undoes what was done since; false where that fails.
    [[nodiscard]] virtual bool undo() noexcept = 0;
    /// Why a savepoint cannot stand for a transaction with these options, or nothing.
    [[nodiscard]] virtual std::optional<Error> refusal(const TransactionOptions& options) const = 0;

protected:
    ~Surrounding() = default;
};

/// Names a handle that works on a connection: the connection itself (0), or a transaction or savepoint.
using ScopeId = std::uint64_t;
inline constexpr ScopeId outermost = 0;

/// The transactions and savepoints that are open on one connection, innermost last. Only the innermost
/// handle may be used: what an outer one did meanwhile would be undone or kept with the inner one.
class Scopes {
public:
    [[nodiscard]] ScopeId enter() {
        open_.push_back(++last_);
        return last_;
    }

    /// Ends `scope` and all that were opened inside it.
    void leave(ScopeId scope) noexcept { open_.resize(place_of(scope)); }

    /// Ends all of them.
    void clear() noexcept { open_.clear(); }

    [[nodiscard]] ScopeId innermost() const noexcept { return open_.empty() ? outermost : open_.back(); }

    [[nodiscard]] bool is_open(ScopeId scope) const noexcept {
        return scope == outermost || place_of(scope) != open_.size();
    }

    /// May a handle be used now, as far as that is known here? That of a transaction only while there is one.
    [[nodiscard]] bool allows(ScopeId scope) const noexcept {
        return scope == innermost() && (scope != outermost || surrounding_ == nullptr) && !is_inherited();
    }

    /// Why a handle must not be used now, or nothing.
    [[nodiscard]] std::optional<Error> refusal(ScopeId scope, TransactionState state) const {
        if (allows(scope) && (scope == outermost || state != TransactionState::idle)) [[likely]]
            return std::nullopt;
        return explain(scope);
    }

    /// From here on all work is done inside of a transaction that is open; null: no more.
    void surround(Surrounding* surrounding) noexcept { surrounding_ = surrounding; }
    [[nodiscard]] Surrounding* surrounding() const noexcept { return surrounding_; }

    /// Was the connection opened before fork(), by the parent of this process? Then whatever is done with it is done to
    /// the parent's session.
    [[nodiscard]] bool is_inherited() const noexcept { return process_ != detail::process_generation_now(); }

    [[gnu::cold, nodiscard]] static Error inherited() {
        return {Category::programming, Code::wrong_handle,
                "this connection was opened before fork() and is the parent's: open one in this process, or use the "
                "pool, which does; nothing was sent"};
    }
    [[gnu::cold, nodiscard]] static Error ended() {
        return {Category::programming, Code::wrong_handle, "this transaction or savepoint has ended: nothing was sent"};
    }

private:
    /// Among the open ones, or their number where it is none of them.
    [[nodiscard]] std::size_t place_of(ScopeId scope) const noexcept {
        std::size_t i = 0;
        while (i != open_.size() && open_[i] != scope) ++i;
        return i;
    }

    [[gnu::cold, gnu::noinline, nodiscard]] std::optional<Error> explain(ScopeId scope) const {
        if (is_inherited()) return inherited();
        if (scope == outermost && innermost() == outermost) return surrounding_->enter();
        if (!is_open(scope)) return ended();
        if (scope != innermost())
            return Error{Category::programming, Code::wrong_handle,
                         "a transaction or savepoint is open inside: use its own handle until it ends; nothing was "
                         "sent"};
        return Error{Category::internal, Code::transaction_lost,
                     "the database has rolled this transaction back by itself, after an earlier error: roll back and "
                     "start again; nothing was sent"};
    }

    std::vector<ScopeId> open_;
    ScopeId last_ = outermost;
    Surrounding* surrounding_ = nullptr;
    unsigned process_ = detail::process_generation();
};

/// Keeps a connection's own handle from being used as long as it lives; inside a transaction, whose handle is the
/// innermost, it does nothing.
class ScopeGuard {
public:
    explicit ScopeGuard(Scopes& scopes)
        : scopes_{scopes.innermost() == outermost ? &scopes : nullptr},
          scope_{scopes_ != nullptr ? scopes.enter() : outermost} {}
    ScopeGuard(const ScopeGuard&) = delete;
    ScopeGuard& operator=(const ScopeGuard&) = delete;
    ~ScopeGuard() {
        if (scopes_ != nullptr) scopes_->leave(scope_);
    }

private:
    Scopes* scopes_;
    ScopeId scope_;
};

}  // namespace rowan

#include <optional>
#include <utility>

namespace rowan {

/// A connection that somebody has asked for: theirs until this goes, or refused. What `borrow` gives.
template <class Connection>
class [[nodiscard]] Borrowed {
public:
    /// There is none, and why.
    Borrowed(Error refused) : refused_{std::move(refused)} {}
    /// This one, unless it is refused.
    Borrowed(Connection& connection, std::optional<Error> refused)
        : connection_{&connection}, refused_{std::move(refused)} {}

    [[nodiscard]] explicit operator bool() const noexcept { return !refused_; }
    [[nodiscard]] Connection& operator*() const noexcept { return *connection_; }
    /// Why it was refused.
    [[nodiscard]] Error error() && { return *std::move(refused_); }

    /// Is a transaction under way that was begun by hand on a connection that goes back after the call?
    [[nodiscard]] bool is_left_open() const {
        return !loan_.is_empty() && connection_->transaction_state() != TransactionState::idle &&
               connection_->scopes().surrounding() == nullptr;
    }

    /// The same, to be given back.
    [[nodiscard]] Borrowed until(Loan loan) && noexcept {
        loan_ = std::move(loan);
        return std::move(*this);
    }
    /// Who takes the loan gives the connection back.
    [[nodiscard]] Loan loan() && noexcept { return std::move(loan_); }

private:
    Connection* connection_ = nullptr;
    std::optional<Error> refused_{};
    Loan loan_{};
};

namespace detail {

[[gnu::cold, nodiscard]] inline Error left_open() {
    return {Category::programming, Code::misuse,
            "a transaction was begun by hand on a pool, whose connections go back after each call: it was rolled back; "
            "use transaction(fn) or begin(), or acquire() a connection"};
}

/// Calls `fn(connection)` with the connection of its own type.
template <class Connection, class Fn>
decltype(auto) visit(Connection& connection, Fn& fn) {
    if constexpr (chooses_at_run_time<Connection>)
        return connection.visit(fn);
    else
        return fn(connection);
}

}  // namespace detail
}  // namespace rowan

// ---- rowan/session/by_hand.hpp ----



// ---- rowan/core/sql.hpp ----



namespace rowan {

template <FixedString text>
struct SqlLiteral {};

/// SQL that the program's author wrote: `sql<"SELECT symbol FROM market_data WHERE exchange = $1">`. Parameters are $1,
/// $2, … on every database; the compiler counts them against the arguments.
template <FixedString text>
inline constexpr SqlLiteral<text> sql{};

}  // namespace rowan

// ---- rowan/query/by_hand.hpp ----



// ---- rowan/query/placeholders.hpp ----



#include <cstddef>
#include <string_view>

/// Finds the parameters in SQL that a person wrote.
namespace rowan::detail {

constexpr bool is_name_character(char c) {
    return is_digit(c) || is_lower(c) || is_upper(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

/// The end of what starts at `at` with `open` and ends with `close`; the end of the text if it is not closed.
constexpr std::size_t end_of(std::string_view sql, std::size_t at, std::size_t open, std::string_view close) {
    // Not with find, which GCC does not take for a constant under its sanitizers.
    for (std::size_t i = at + open; i + close.size() <= sql.size(); ++i)
        if (sql.substr(i, close.size()) == close) return i + close.size();
    return sql.size();
}

/// The end of a string in which a backslash takes the next character literally.
constexpr std::size_t end_of_escaped(std::string_view sql, std::size_t at) {
    for (std::size_t i = at + 1; i < sql.size(); ++i) {
        if (sql[i] == '\'') return i + 1;
        if (sql[i] == '\\') ++i;
    }
    return sql.size();
}

/// Does `E` stand in front of the quote, as a word of its own?
constexpr bool takes_escapes(std::string_view sql, std::size_t quote) {
    return quote != 0 && (sql[quote - 1] == 'E' || sql[quote - 1] == 'e') &&
           (quote == 1 || (!is_name_character(sql[quote - 2]) && sql[quote - 2] != '$'));
}

/// The end of the quoted text, comment or dollar-quoted text that starts at `at`; `at` itself if none does. A doubled
/// quote inside needs no care: it ends one text and starts the next.
constexpr std::size_t end_of_literal(std::string_view sql, std::size_t at) {
    const char c = sql[at];
    const std::string_view rest = sql.substr(at);
    if (c == '\'' && takes_escapes(sql, at)) return end_of_escaped(sql, at);
    if (c == '\'' || c == '"' || c == '`') return end_of(sql, at, 1, sql.substr(at, 1));
    if (rest.substr(0, 2) == "--") return end_of(sql, at, 2, "\n");
    if (rest.substr(0, 2) == "/*") return end_of(sql, at, 2, "*/");
    if (c == '$' && (at == 0 || !is_name_character(sql[at - 1]))) {
        std::size_t end = 1;
        while (end < rest.size() && is_name_character(rest[end]) && !(end == 1 && is_digit(rest[end]))) ++end;
        if (end < rest.size() && rest[end] == '$') return end_of(sql, at, end + 1, rest.substr(0, end + 1));
    }
    return at;
}

/// Writes `sql` with `mark` in the place of the `$` of each parameter, and gives the highest number that it found.
constexpr std::size_t write_placeholders(TextWriter& out, std::string_view sql, char mark) {
    std::size_t highest = 0;
    for (std::size_t i = 0; i < sql.size();) {
        if (const std::size_t end = end_of_literal(sql, i); end != i) {
            out << sql.substr(i, end - i);
            i = end;
        } else if (sql[i] == '$' && i + 1 < sql.size() && is_digit(sql[i + 1]) &&
                   (i == 0 || !is_name_character(sql[i - 1]))) {
            std::size_t number = 0;
            out << mark;
            for (++i; i < sql.size() && is_digit(sql[i]); ++i) {
                number = number * 10 + static_cast<std::size_t>(sql[i] - '0');
                out << sql[i];
            }
            if (number > highest) highest = number;
        } else {
            out << sql[i++];
        }
    }
    return highest;
}

}  // namespace rowan::detail

#include <array>
#include <concepts>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

/// SQL that a person wrote: its arguments and its rows.
namespace rowan::detail {

/// How an argument of type T is written.
template <class T>
struct Argument {
    static_assert(Storable<T>, "rowan: this argument has a type that no parameter can take: use one of rowan's column "
                               "types, or write a rowan::Type for it");
    static constexpr Form form() {
        if constexpr (Storable<T>)
            return {stored_as(Type<T>::column), false};
        else
            return {};
    }
    template <class Sink>
    static Fault write(Sink& sink, const T& value) {
        if constexpr (Storable<T>)
            return Type<T>::write(sink, value);
        else
            return Fault::invalid_value;
    }
};
template <class T>
    requires(std::convertible_to<const T&, std::string_view> && !std::is_null_pointer_v<T>)
struct Argument<T> {
    static constexpr Form form() { return {Stored::text, false}; }
    template <class Sink>
    static Fault write(Sink& sink, const T& value) {
        return sink.put(std::string_view{value});
    }
};
template <>
struct Argument<std::span<const std::byte>> {
    static constexpr Form form() { return {Stored::blob, false}; }
    template <class Sink>
    static Fault write(Sink& sink, std::span<const std::byte> value) {
        return sink.put(value);
    }
};
template <class T>
struct Argument<std::optional<T>> {
    static constexpr Form form() { return Argument<T>::form(); }
    template <class Sink>
    static Fault write(Sink& sink, const std::optional<T>& value) {
        return value ? Argument<T>::write(sink, *value) : sink.put_null();
    }
};

/// Names arguments, and columns that belong to no table, by `name`.
inline Error hand_error(Fault fault, bool writing, std::string_view name, std::string_view statement) {
    const FaultText text = describe_fault(fault);
    ErrorDetails details{.category = Category::data, .code = text.code};
    details.message.append(name).append(" ").append(writing ? text.writing : text.reading);
    if (!writing) details.column = name;
    details.statement = statement;
    return Error{std::move(details)};
}

/// The error of the first argument that cannot be written.
template <class Sink, class... Arguments>
std::optional<Error> write_arguments(Sink& sink, std::string_view statement, const Arguments&... arguments) {
    std::size_t number = 0;
    Fault fault = Fault::none;
    (void)((++number, fault = Argument<Arguments>::write(sink, arguments), fault == Fault::none) && ...);
    if (fault == Fault::none) return std::nullopt;
    return hand_error(fault, true, "argument $" + std::to_string(number), statement);
}

template <class... Arguments>
inline constexpr std::array<Form, sizeof...(Arguments)> argument_forms{Argument<Arguments>::form()...};

template <FixedString sql>
constexpr std::size_t placeholders_in() {
    TextWriter nowhere;
    return write_placeholders(nowhere, sql.view(), '$');
}

/// A literal as a statement whose arguments have these forms.
template <FixedString sql, const Dialect& dialect, Form... forms>
struct HandText {
    static constexpr auto parameters() { return std::array<Form, sizeof...(forms)>{forms...}; }
    static constexpr void write(TextWriter& out) { write_placeholders(out, sql.view(), dialect.parameter_mark); }
};

/// A statement that does not give the columns that were asked for.
inline Error wrong_columns(std::string message, std::string_view column = {}) {
    ErrorDetails details{.category = Category::programming, .code = Code::undefined_column};
    details.message = std::move(message);
    details.column = column;
    return Error{std::move(details)};
}

/// Are there as many columns as values?
template <class Execution>
std::optional<Error> count_columns(const Execution& execution, std::size_t values) {
    const auto columns = static_cast<std::size_t>(execution.columns());
    if (columns == values) return std::nullopt;
    return wrong_columns("the number of columns that the statement gives is " + std::to_string(columns) + ", but " +
                         std::to_string(values) + " is read");
}

/// How the rows of a statement that rowan did not write become values of type Row. `bind` looks at the columns once,
/// when the statement has run, and `read` gives the error of the first value that does not fit.
template <class Row>
class RowByName {
public:
    static_assert(require_storable<Row>());

    /// Finds the column of each member.
    template <class Execution>
    std::optional<Error> bind(const Execution& execution) {
        for (std::size_t i = 0; i != columns_.size(); ++i) {
            const std::string_view wanted = table_info<Row>.columns[i].name;
            int column = 0;
            while (column != execution.columns() && execution.column_name(column) != wanted) ++column;
            if (column == execution.columns())
                return wrong_columns(std::string{"the statement gives no column "}.append(wanted), wanted);
            columns_[i] = column;
        }
        return std::nullopt;
    }

    template <class Execution>
    std::optional<Error> read(const Execution& execution, Row& row, std::string_view statement) const {
        return [&]<std::size_t... I>(std::index_sequence<I...>) -> std::optional<Error> {
            ValueFault found;
            auto fields = reflect::tie(row);
            (void)((found.fault = Codec<Row, I>::read(execution.cell(columns_[I]), std::get<I>(fields)),
                    found.fault == Fault::none || (found.place = place_of<Row>(I), false)) &&
                   ...);
            if (!found) return std::nullopt;
            return fault_error(found, false, statement);
        }(std::make_index_sequence<reflect::field_count<Row>>{});
    }

private:
    std::array<int, reflect::field_count<Row>> columns_{};
};

/// Values in the order of their columns.
template <class... Values>
class RowByName<std::tuple<Values...>> {
public:
    template <class Execution>
    std::optional<Error> bind(const Execution& execution) {
        return count_columns(execution, sizeof...(Values));
    }

    template <class Execution>
    std::optional<Error> read(const Execution& execution, std::tuple<Values...>& row,
                              std::string_view statement) const {
        return [&]<std::size_t... I>(std::index_sequence<I...>) -> std::optional<Error> {
            Fault fault = Fault::none;
            int column = -1;
            (void)((fault = Type<Values>::read(execution.cell(++column), std::get<I>(row)), fault == Fault::none) &&
                   ...);
            if (fault == Fault::none) return std::nullopt;
            return hand_error(fault, false, execution.column_name(column), statement);
        }(std::index_sequence_for<Values...>{});
    }
};

/// A row of one column: its value alone.
template <Storable Value>
class RowByName<Value> {
public:
    template <class Execution>
    std::optional<Error> bind(const Execution& execution) {
        return count_columns(execution, 1);
    }

    template <class Execution>
    std::optional<Error> read(const Execution& execution, Value& value, std::string_view statement) const {
        const Fault fault = Type<Value>::read(execution.cell(0), value);
        if (fault == Fault::none) return std::nullopt;
        return hand_error(fault, false, execution.column_name(0), statement);
    }
};

}  // namespace rowan::detail

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

/// Runs SQL that a person wrote, on a connection.
namespace rowan::detail {

/// Are there as many arguments as the literal has placeholders? Text of the run time is counted at run time.
template <class Sql, std::size_t arguments>
struct ArgumentCount {
    static constexpr bool fits = std::is_same_v<Sql, unsafe_sql>;
    static_assert(fits, "rowan: SQL is given as sql<\"...\">, or as unsafe_sql{text} where it is made at run time");
};
template <FixedString sql, std::size_t arguments>
struct ArgumentCount<SqlLiteral<sql>, arguments> {
    static constexpr bool fits = placeholders_in<sql>() == arguments;
    static_assert(fits,
                  "rowan: the statement has another number of placeholders ($1, $2, ...) than arguments are given");
};

template <class Sql, std::size_t arguments>
constexpr void require_arguments() {
    (void)ArgumentCount<Sql, arguments>::fits;
}

/// Calls `use(connection, statement)` with the statement that a literal is there.
template <class... Arguments, FixedString sql, class Connection, class Use>
auto with_statement(SqlLiteral<sql>, Connection& connection, Use use) {
    return use(connection, statement<HandText<sql, Connection::dialect, Argument<Arguments>::form()...>>);
}

/// Text that was made at run time is prepared for this time only.
template <class... Arguments, class Connection, class Use>
auto with_statement(unsafe_sql sql, Connection& connection, Use use) {
    std::string text(sql.text.size(), '\0');
    TextWriter writer{text.data()};
    const std::size_t highest = write_placeholders(writer, sql.text, Connection::dialect.parameter_mark);
    const Statement once{text, argument_forms<Arguments...>, Statement::Kept::no};
    using Outcome = decltype(use(connection, once));
    // The databases' clients would take it for the end, and leave the rest out silently.
    if (sql.text.find('\0') != std::string_view::npos)
        return Outcome{
            Failure(Error{Category::programming, Code::syntax_error, "SQL cannot contain a NUL: nothing was sent"})};
    if (highest != sizeof...(Arguments))
        return Outcome{Failure(Error{Category::programming, Code::misuse,
                                     "the statement has another number of placeholders ($1, $2, …) than arguments are "
                                     "given: nothing was sent"}
                                   .in_statement(sql.text))};
    return use(connection, once);
}

template <class Row, class Connection, class Sql, class... Arguments>
Result<std::vector<Row>> query_by_hand(Connection& connection, Sql sql, const Arguments&... arguments) {
    return with_statement<Arguments...>(
        sql, connection, [&](Connection& used, const Statement& statement) -> Result<std::vector<Row>> {
            typename Connection::Execution execution{used, statement};
            if (auto failed = write_arguments(execution, statement.text(), arguments...))
                return Failure(*std::move(failed));
            RowByName<Row> reader;
            std::vector<Row> rows;
            for (bool first = true;; first = false) {
                const Result<bool> found = execution.next();
                if (!found) return Failure(found.error());
                if (first)
                    if (auto failed = reader.bind(execution))
                        return Failure((*std::move(failed)).in_statement(statement.text()));
                if (!*found) return rows;
                // Not in its place, as a std::vector<bool> has none.
                Row row{};
                if (auto failed = reader.read(execution, row, statement.text())) return Failure(*std::move(failed));
                rows.push_back(std::move(row));
            }
        });
}

template <class Connection, class Sql, class... Arguments>
Result<std::int64_t> execute_by_hand(Connection& connection, Sql sql, const Arguments&... arguments) {
    return with_statement<Arguments...>(
        sql, connection, [&](Connection& used, const Statement& statement) -> Result<std::int64_t> {
            typename Connection::Execution execution{used, statement};
            if (auto failed = write_arguments(execution, statement.text(), arguments...))
                return Failure(*std::move(failed));
            return execution.run();
        });
}

}  // namespace rowan::detail

// ---- rowan/session/origin.hpp ----


#include <source_location>

namespace rowan::detail {

/// Where the statements that a thread runs come from.
struct Origin {
    std::source_location place{};
    int attempt = 1;
};

/// A thread's own, as `transaction(fn)` and all that `fn` does run in one thread, whatever connection they get.
inline thread_local constinit Origin origin{};

/// As long as it lives, the calling thread's statements come from `place`.
class OriginGuard {
public:
    explicit OriginGuard(std::source_location place) : before_{origin} { origin.place = place; }
    /// The same, in a run, counted from 1, of a transaction that may be tried again.
    OriginGuard(std::source_location place, int attempt) : before_{origin} { origin = {place, attempt}; }
    OriginGuard(const OriginGuard&) = delete;
    OriginGuard& operator=(const OriginGuard&) = delete;
    ~OriginGuard() { origin = before_; }

private:
    Origin before_;
};

}  // namespace rowan::detail

// ---- rowan/session/reading_session.hpp ----



#include <utility>
#include <vector>

namespace rowan {

namespace detail {

// In pipeline.hpp.
template <class Db, class... Steps>
auto run_pipeline(Db& db, Steps&... steps);
template <class Db, class Range, class Step>
auto run_pipeline_each(Db& db, Range& range, Step& step);

}  // namespace detail

/// What all that lend a connection share: lending it for a call, and reading by hand. `Self` has `borrow()`, which
/// gives a Borrowed connection, and `borrow_for_stream()` where a connection that is lent for longer is another matter.
template <class Self>
class ReadingSession {
public:
    /// Calls `fn(connection)` with a connection of its own type, unless another handle must be used now.
    template <class Fn>
    auto lend(Fn&& fn) {
        if constexpr (requires { self().ready(); })
            return lend_own(fn);
        else
            return lend_borrowed(fn);
    }

    /// Runs one statement and gives its rows. `Row` is a struct whose members are found among the columns by name, a
    /// std::tuple in the order of the columns, or one value for one column:
    /// `query<Count>(sql<"SELECT symbol, count(*) AS n FROM candles WHERE exchange = $1 GROUP BY 1">, "okx")`.
    template <class Row, class Sql, class... Arguments>
    [[nodiscard]] Result<std::vector<Row>> query(Sql sql, const Arguments&... arguments) {
        detail::require_arguments<Sql, sizeof...(Arguments)>();
        return self().lend([&](auto& connection) { return detail::query_by_hand<Row>(connection, sql, arguments...); });
    }

    /// Runs unlike operations in one round trip where the database can (PostgreSQL), else one by one; each has a Result
    /// of its own, in a std::tuple of them:
    ///
    ///     auto [stored, found] = db.pipeline([&](auto& step) { return rowan::repository<Order>(step).insert(order); },
    ///                                        [&](auto& step) { return rowan::repository<Candle>(step).find(key); });
    ///
    /// The operations take effect in their order. Outside of a transaction each stands for itself, as without a
    /// pipeline: one that fails undoes nothing of the others. Inside of one they are part of it.
    ///
    /// A step is called once to send its statement and again with the answer, so it must do one operation on `step`,
    /// give its Result whatever that is, and nothing else: no counting, no moving from what it captures. What it gives
    /// the first time is dropped. A statement more that an operation may need, as to tell why a row was not changed,
    /// is sent behind the pipeline's, and waits for its own answer.
    ///
    /// What cannot be sent without waiting runs alone, in its turn, between two round trips: ranges, transactions,
    /// `for_each`, scripts and by hand all but SELECT, INSERT, UPDATE, DELETE, WITH and VALUES. Everything does in a
    /// transaction with a timeout, in a pipeline inside of a step, and outside of a transaction where prepared
    /// statements are off, as poolers lose their way then. All on one connection, which a pool lends for the whole.
    template <class... Steps>
    [[nodiscard]] auto pipeline(Steps&&... steps) {
        return detail::run_pipeline(self(), steps...);
    }

    /// The same for many alike: `fn(step, item)` for each item of a range, whose iterators can be walked again. Gives a
    /// std::vector of Results in the range's order. A round trip takes up to 256 of them.
    template <class Range, class Fn>
    [[nodiscard]] auto pipeline_each(Range&& range, Fn&& fn) {
        return detail::run_pipeline_each(self(), range, fn);
    }

    /// Calls `fn(connection, loan)`, as `lend` does, for what goes on behind the call: the connection is there as long
    /// as the loan lives.
    template <class Fn>
    auto hold(Fn&& fn) {
        auto lent = [&] {
            if constexpr (requires { self().borrow_for_stream(); })
                return self().borrow_for_stream();
            else
                return self().borrow();
        }();
        const auto use = [&](auto& connection) { return fn(connection, std::move(lent).loan()); };
        using Outcome = decltype(detail::visit(*lent, use));
        if (!lent) [[unlikely]]
            return Outcome{Failure(std::move(lent).error())};
        return detail::visit(*lent, use);
    }

private:
    /// A connection of one's own is not given back.
    template <class Fn>
    auto lend_own(Fn& fn) {
        auto* connection = self().ready();
        using Outcome = decltype(detail::visit(*connection, fn));
        if (connection == nullptr) [[unlikely]] {
            auto lent = self().borrow();
            if (!lent) return Outcome{Failure(std::move(lent).error())};
            connection = &*lent;
        }
        return detail::visit(*connection, fn);
    }

    template <class Fn>
    auto lend_borrowed(Fn& fn) {
        auto lent = self().borrow();
        using Outcome = decltype(detail::visit(*lent, fn));
        if (!lent) [[unlikely]]
            return Outcome{Failure(std::move(lent).error())};
        Outcome outcome = detail::visit(*lent, fn);
        if (outcome && lent.is_left_open()) [[unlikely]]
            outcome = Failure(detail::left_open());
        return outcome;
    }

protected:
    ReadingSession() = default;
    ~ReadingSession() = default;
    ReadingSession(const ReadingSession&) = default;
    ReadingSession& operator=(const ReadingSession&) = default;

    Self& self() { return static_cast<Self&>(*this); }
};

}  // namespace rowan

// ---- rowan/session/retry.hpp ----



#include <algorithm>
#include <chrono>
#include <cstdint>
#include <thread>
#include <utility>

namespace rowan {

/// What else is worth another attempt.
struct RetryOn {
    /// A row was changed by somebody else since it was read (Code::stale): a function that reads it anew meets the new
    /// one.
    bool stale = false;
    /// A lock could not be had within `lock_timeout` (Code::lock_timeout).
    bool lock_timeout = false;
};

/// How a transaction is run again that could not be stored this time, but may be the next time:
/// `db.transaction(rowan::retry{.attempts = 5}, fn)`.
///
/// That is so for serialization failures, deadlocks, a database that is busy or locked (see Error::retryable), what
/// `on` adds, and, from a pool, a connection that was lost before COMMIT was sent. Anything else, an exception and
/// Code::in_doubt above all, ends it at once. Before each attempt the last one has been rolled back, and `fn` is called
/// from its beginning: what it did outside of the database is done again, so it should do nothing there.
///
/// It waits before each further attempt, for a random time from 0 up to `base`, then up to twice that and so on, never
/// more than `limit`, so that those who were in each other's way do not meet again.
struct retry {
    /// How often `fn` is called at most, and at least once.
    int attempts = 10;
    std::chrono::milliseconds base{5};
    std::chrono::milliseconds limit{1000};
    /// No attempt begins after this. (TransactionOptions::timeout is the limit of each attempt.)
    std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
    RetryOn on{};
};

/// An attempt has failed, and there will be another one.
struct Retried {
    /// The one that has failed, from 1.
    int attempt;
    /// How long is waited before the next one.
    std::chrono::nanoseconds wait;
    const Error& error;
};

namespace detail {

/// Random enough to keep competitors apart. (The generators of <random> cost many times more to compile.)
[[nodiscard]] inline std::uint64_t random_bits() noexcept {
    // splitmix64. Threads differ by the address, programs, also those that one has forked into, by the clock.
    thread_local std::uint64_t state = 0;
    state += 0x9E3779B97F4A7C15U + (static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(&state)) << 20U);
    std::uint64_t bits =
        state ^ static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
    bits = (bits ^ (bits >> 30U)) * 0xBF58476D1CE4E5B9U;
    bits = (bits ^ (bits >> 27U)) * 0x94D049BB133111EBU;
    return bits ^ (bits >> 31U);
}

/// The longest wait behind an attempt, from 1. A day is forever, and can be counted in nanoseconds.
[[nodiscard]] constexpr std::chrono::nanoseconds longest_wait(const retry& policy, int attempt) noexcept {
    using std::chrono::milliseconds;
    constexpr milliseconds zero{0};
    constexpr milliseconds day{24 * 3600 * 1000};
    const milliseconds limit = std::clamp(policy.limit, zero, day);
    milliseconds wait = std::clamp(policy.base, zero, limit);
    for (int i = 1; i != attempt && wait != zero && wait < limit; ++i) wait *= 2;
    return std::min(wait, limit);
}

[[nodiscard]] inline std::chrono::nanoseconds choose_wait(const retry& policy, int attempt) noexcept {
    const auto longest = static_cast<std::uint64_t>(longest_wait(policy, attempt).count());
    return std::chrono::nanoseconds{static_cast<std::int64_t>(random_bits() % (longest + 1))};
}

[[nodiscard]] inline bool is_worth_retry(const Error& error, const RetryOn& on, bool renews_connection) noexcept {
    // What could not even be rolled back would be in the way of the next attempt.
    if (error.secondary() != nullptr && !renews_connection) return false;
    switch (error.code()) {
        case Code::in_doubt: return false;
        case Code::disconnect: return renews_connection && error.retryable();
        case Code::stale: return on.stale;
        case Code::lock_timeout: return on.lock_timeout;
        default: return error.retryable();
    }
}

/// Calls `attempt(number, stored)`, from 1, until it succeeds, or another call is not worth it; `notify(Retried)`
/// between two. An attempt sets `stored` when it fails although it has stored something: it must not be run again.
template <class Attempt, class Notify>
auto retry_loop(const retry& policy, bool renews_connection, Attempt attempt, Notify notify) {
    for (int number = 1;; ++number) {
        bool stored = false;
        auto outcome = attempt(number, stored);
        if (outcome) return outcome;
        const auto wait = choose_wait(policy, number);
        const bool again = !stored && number < policy.attempts &&
                           is_worth_retry(outcome.error(), policy.on, renews_connection) &&
                           std::chrono::steady_clock::now() + wait < policy.deadline;
        if (!again) {
            outcome.error() = std::move(outcome.error()).after_attempts(number);
            return outcome;
        }
        notify(Retried{number, wait, outcome.error()});
        std::this_thread::sleep_for(wait);
    }
}

}  // namespace detail
}  // namespace rowan

// ---- rowan/session/transaction_options.hpp ----



#include <chrono>
#include <cstdint>
#include <optional>

namespace rowan {

/// What a transaction may see of others that run at the same time.
enum class Isolation : std::uint8_t {
    read_committed,   ///< each statement sees what was committed before it began
    repeatable_read,  ///< all statements see what was committed before the first one
    serializable,     ///< and the outcome is that of some order, one after the other
};

/// When a transaction locks a database that has one writer at a time.
enum class Lock : std::uint8_t {
    deferred,   ///< with its first write: it may find out then that another writer was faster
    immediate,  ///< at once, against other writers
    exclusive,  ///< at once, against readers as well, where there is no write-ahead log
};

/// What a transaction is begun with: `db.transaction({.isolation = rowan::Isolation::serializable}, fn)`. What is not
/// said is left to the database. What it cannot do is Code::not_supported, what contradicts itself Code::misuse, and
/// nothing is sent then. A savepoint has no options: inside a transaction they are Code::misuse.
struct TransactionOptions {
    /// At least this much. SQLite always gives `serializable`.
    std::optional<Isolation> isolation{};

    /// A write is Code::read_only. (PostgreSQL: READ ONLY. SQLite: query_only until the transaction ends, and no write
    /// lock.)
    bool read_only = false;

    /// Waits for a moment from which on no serialization failure can come. Needs `read_only` and
    /// Isolation::serializable. PostgreSQL only.
    bool deferrable = false;

    /// The time for the whole transaction, from BEGIN to COMMIT, on a steady clock; 0 for no limit. A statement is
    /// stopped when it is over (on PostgreSQL up to a tenth of it later), another one or COMMIT is not sent: each is
    /// Code::timeout, and all is rolled back. PostgreSQL ends the connection of a program that keeps the transaction
    /// for a second longer than this without a statement. Costs a round trip more at BEGIN there, and ten at most
    /// until COMMIT; on SQLite it takes the place of progress and busy handlers of the program's own.
    std::chrono::milliseconds timeout{0};

    /// SQLite only, where `immediate` is the default, and `deferred` with `read_only`.
    std::optional<Lock> lock{};

    /// Code::misuse where a transaction is open already, instead of a savepoint in it.
    bool outermost = false;

    friend bool operator==(const TransactionOptions&, const TransactionOptions&) = default;
};

namespace detail {

/// Does the database get to hear of none of them?
[[nodiscard]] inline bool is_plain(const TransactionOptions& options) noexcept {
    return !options.isolation && !options.read_only && !options.deferrable && options.timeout.count() == 0 &&
           !options.lock;
}

/// What no database could make sense of.
[[nodiscard]] inline std::optional<Error> contradiction(const TransactionOptions& options) {
    const auto misuse = [](const char* message) { return Error{Category::programming, Code::misuse, message}; };
    if (options.timeout.count() < 0)
        return misuse("a transaction's timeout cannot be negative, and 0 is none: nothing was sent");
    if (options.deferrable && !(options.read_only && options.isolation == Isolation::serializable))
        return misuse(
            "deferrable means something only with read_only = true and isolation = Isolation::serializable: nothing "
            "was sent");
    if (options.read_only && options.lock && *options.lock != Lock::deferred)
        return misuse("a transaction that is read_only takes no write lock: leave out lock; nothing was sent");
    return std::nullopt;
}

/// Are there limits to lift when it is over?
[[nodiscard]] inline bool has_limits(const TransactionOptions& options) noexcept {
    return options.read_only || options.timeout.count() != 0;
}

[[nodiscard]] inline Error options_of_savepoint() {
    return {Category::programming, Code::misuse,
            "a transaction is open here already: a savepoint in it has no options and is not run again, so give them "
            "to the outermost transaction; nothing was sent"};
}

}  // namespace detail
}  // namespace rowan

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <source_location>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace rowan {

template <class Db>
class BasicTransaction;
template <class Db>
class BasicReadOnly;

template <class Db>
inline constexpr bool chooses_at_run_time<BasicTransaction<Db>> = chooses_at_run_time<Db>;

namespace detail {

/// What `fn(tx)` gives, as a Result.
template <class Fn, class Tx>
struct OutcomeOf {
    using Returned = std::invoke_result_t<Fn, Tx&>;
    using type = std::conditional_t<is_result<Returned>, Returned, Result<Returned>>;
};
template <class Fn, class Tx>
    requires is_result<std::invoke_result_t<Fn, Tx&>>
struct OutcomeOf<Fn, Tx> {
    using type = std::invoke_result_t<Fn, Tx&>;
};
template <class Fn, class Tx>
using Outcome = typename OutcomeOf<Fn, Tx>::type;

/// Runs `fn` in a transaction that has been begun: commits when it succeeds, rolls back when it gives an error or
/// throws.
template <class Tx, class Fn>
Outcome<Fn, Tx> run_in(Result<Tx> begun, Fn&& fn) {
    if (!begun) return Failure(std::move(begun).error());
    Tx& tx = *begun;
    Outcome<Fn, Tx> outcome = [&]() -> Outcome<Fn, Tx> {
        if constexpr (is_result<std::invoke_result_t<Fn, Tx&>>) {
            return std::forward<Fn>(fn)(tx);
        } else if constexpr (std::is_void_v<std::invoke_result_t<Fn, Tx&>>) {
            std::forward<Fn>(fn)(tx);
            return {};
        } else {
            return std::forward<Fn>(fn)(tx);
        }
    }();
    Result<void> ended = !tx.active() ? Result<void>{} : outcome ? tx.commit() : tx.rollback();
    if (ended) return outcome;
    if (!outcome) return Failure(std::move(outcome).error().followed_by(std::move(ended).error()));
    Error error = std::move(ended).error();
    if (Result<void> undone = tx.rollback(); !undone)
        return Failure(std::move(error).followed_by(std::move(undone).error()));
    return Failure(std::move(error));
}

/// `where` is for those who lend connections, and may be asked who has them.
template <class Db>
auto begin(Db& db, const TransactionOptions& options, [[maybe_unused]] const std::source_location& where) {
    if constexpr (requires { db.begin(options, where); })
        return db.begin(options, where);
    else
        return db.begin(options);
}

/// Tells at its end whether the transaction has been committed by then.
template <class Tx>
struct CommitWatch {
    const Tx& tx;
    bool& committed;
    CommitWatch(const Tx& watched, bool& told) : tx{watched}, committed{told} {}
    CommitWatch(const CommitWatch&) = delete;
    CommitWatch& operator=(const CommitWatch&) = delete;
    ~CommitWatch() { committed = tx.committed(); }
};

/// Why a savepoint on a `Db` cannot have these options, or nothing. Only one that stands for a transaction has any.
template <class Db>
std::optional<Error> refusal_of_savepoint(Db& db, const TransactionOptions& options) {
    const Scopes& scopes = db.scopes();
    if (scopes.surrounding() == nullptr || scopes.innermost() != outermost) return options_of_savepoint();
    constexpr bool can_limit = requires { db.limit_savepoint(options); };
    if (!can_limit && has_limits(options)) return options_of_savepoint();
    return scopes.surrounding()->refusal(options);
}

/// A transaction as a read-only session.
template <class Db>
Result<BasicReadOnly<Db>> as_read_only(Result<BasicTransaction<Db>> begun);

}  // namespace detail

/// What connections, databases and transactions share: running SQL by hand, and transactions. `Self` has
/// `borrow()` and `begin(options)`; its `observer()`, if it has one, is told of each attempt that is followed by
/// another.
template <class Self>
class Session : public ReadingSession<Self> {
    using ReadingSession<Self>::self;

public:
    /// Runs statements without parameters, separated by semicolons.
    [[nodiscard]] Result<void> execute(unsafe_sql sql) {
        // The databases' clients would take it for the end, and leave the rest out silently.
        if (sql.text.find('\0') != std::string_view::npos)
            return Failure(
                Error{Category::programming, Code::syntax_error, "SQL cannot contain a NUL: nothing was sent"});
        return self().lend([&](auto& connection) { return connection.run_script(sql.text); });
    }

    /// Runs one statement with parameters, and gives the number of rows that it changed.
    template <class Sql, class... Arguments>
        requires(sizeof...(Arguments) != 0 || !std::same_as<Sql, unsafe_sql>)
    [[nodiscard]] Result<std::int64_t> execute(Sql sql, const Arguments&... arguments) {
        detail::require_arguments<Sql, sizeof...(Arguments)>();
        return self().lend([&](auto& connection) { return detail::execute_by_hand(connection, sql, arguments...); });
    }

    /// Runs `fn(tx)` in a transaction: commits if it returns a value, rolls back if it returns an error or throws
    /// (the exception goes on). Inside a transaction it is a savepoint: an error undoes only what `fn` did.
    ///
    /// Gives what `fn` gives, as a Result; or the error of BEGIN or COMMIT. Code::in_doubt means that the
    /// connection was lost during COMMIT: the transaction may or may not be stored. While `fn` runs, only
    /// `tx` may be used: this handle refuses.
    template <class Fn>
    auto transaction(Fn&& fn, std::source_location where = std::source_location::current()) {
        return this->transaction(TransactionOptions{}, std::forward<Fn>(fn), where);
    }

    /// The same with options: `transaction({.isolation = rowan::Isolation::serializable}, fn)`.
    template <class Fn>
    auto transaction(const TransactionOptions& options, Fn&& fn,
                     std::source_location where = std::source_location::current()) {
        const detail::OriginGuard origin{where};
        return detail::run_in(detail::begin(self(), options, where), std::forward<Fn>(fn));
    }

    /// Runs `fn(tx)` in a transaction, and where it could not be stored but may be the next time, rolls back, waits and
    /// calls it again: see rowan::retry. The error of the last attempt says how many there were (Error::attempts).
    /// Inside a transaction it is Code::misuse, and `fn` is not called: only the whole can be run again.
    template <class Fn>
    auto transaction(const retry& policy, Fn&& fn, std::source_location where = std::source_location::current()) {
        return this->transaction(policy, TransactionOptions{}, std::forward<Fn>(fn), where);
    }
    template <class Fn>
    auto transaction(const retry& policy, TransactionOptions options, Fn&& fn,
                     std::source_location where = std::source_location::current()) {
        options.outermost = true;
        return again(policy, where, [&](bool& stored) {
            return detail::run_in(detail::begin(self(), options, where), [&]<class Tx>(Tx& tx) {
                const detail::CommitWatch<Tx> watch{tx, stored};
                return fn(tx);
            });
        });
    }

    /// Runs `fn(reader)` in a transaction that only reads: `reader` is a BasicReadOnly, whose repositories have no
    /// functions that write, and the database refuses writes as well. It takes no write lock. Inside a transaction it
    /// is Code::misuse. For one moment seen by all statements, ask for Isolation::repeatable_read.
    template <class Fn>
    auto read_only(Fn&& fn, std::source_location where = std::source_location::current()) {
        return this->read_only(TransactionOptions{}, std::forward<Fn>(fn), where);
    }
    template <class Fn>
    auto read_only(TransactionOptions options, Fn&& fn, std::source_location where = std::source_location::current()) {
        options.read_only = true;
        const detail::OriginGuard origin{where};
        return detail::run_in(detail::as_read_only(detail::begin(self(), options, where)), std::forward<Fn>(fn));
    }
    /// The same, and runs it again where that helps: see `transaction`.
    template <class Fn>
    auto read_only(const retry& policy, TransactionOptions options, Fn&& fn,
                   std::source_location where = std::source_location::current()) {
        options.read_only = true;
        return again(policy, where, [&](bool&) {
            return detail::run_in(detail::as_read_only(detail::begin(self(), options, where)), fn);
        });
    }

protected:
    Session() = default;
    ~Session() = default;
    Session(const Session&) = default;
    Session& operator=(const Session&) = default;

private:
    template <class Attempt>
    auto again(const retry& policy, const std::source_location& where, Attempt attempt) {
        return detail::retry_loop(
            policy, renews_connection<Self>,
            [&](int number, bool& stored) {
                const detail::OriginGuard origin{where, number};
                return attempt(stored);
            },
            [&](const Retried& retried) {
                if constexpr (requires { self().observer(); })
                    if (const auto& observer = self().observer())
                        observer->on_retry({retried.attempt, retried.wait, retried.error, where});
            });
    }
};

/// An open transaction or savepoint on a `Db` (a connection or a Database), which must outlive it. Rolled back
/// when it is dropped without commit. Used by one thread at a time, like the connection.
template <class Db>
class [[nodiscard]] BasicTransaction : public Session<BasicTransaction<Db>> {
public:
    /// A transaction, or a savepoint where one is open already, which has no options.
    static Result<BasicTransaction> open(Db& db, const TransactionOptions& options = {}) {
        const bool nested = db.transaction_state() != TransactionState::idle;
        const bool has_options = options != TransactionOptions{};
        if (nested && has_options)
            if (auto refused = detail::refusal_of_savepoint(db, options)) return Failure(*std::move(refused));
        BasicTransaction tx{db, nested};
        Result<void> begun = nested ? tx.run("SAVEPOINT ") : db.start_transaction(options);
        if (begun) {
            tx.limited_ = detail::has_limits(options);
            if (nested && tx.limited_)
                if constexpr (requires { db.limit_savepoint(options); })
                    if (Result<void> limited = db.limit_savepoint(options); !limited)
                        return Failure(std::move(limited).error());
            return tx;
        }
        db.scopes().leave(tx.scope_);
        tx.db_ = nullptr;
        return Failure(std::move(begun).error());
    }

    BasicTransaction(BasicTransaction&& other) noexcept
        : db_{std::exchange(other.db_, nullptr)},
          scope_{other.scope_},
          nested_{other.nested_},
          limited_{other.limited_},
          ended_{other.ended_},
          committed_{other.committed_},
          loan_{std::move(other.loan_)} {}
    BasicTransaction& operator=(BasicTransaction&& other) noexcept {
        if (this != &other) {
            drop();
            db_ = std::exchange(other.db_, nullptr);
            scope_ = other.scope_;
            nested_ = other.nested_;
            limited_ = other.limited_;
            ended_ = other.ended_;
            committed_ = other.committed_;
            loan_ = std::move(other.loan_);
        }
        return *this;
    }
    ~BasicTransaction() { drop(); }

    /// Neither committed nor rolled back, and none around it either.
    [[nodiscard]] bool active() const noexcept { return db_ != nullptr && db_->scopes().is_open(scope_); }

    /// Was it stored, or may it have been (Code::in_doubt)? For a savepoint: was it left to the transaction around?
    [[nodiscard]] bool committed() const noexcept { return committed_; }

    /// Stores what was done; for a savepoint, leaves it to the transaction around. Where it fails and the
    /// transaction is still `active`, it may be called again (SQLite was busy, say) or rolled back.
    [[nodiscard]] Result<void> commit() {
        if (auto refused = refusal()) return Failure(end_if_lost(*std::move(refused)));
        Result<void> ended = nested_ ? run("RELEASE SAVEPOINT ") : db_->commit_transaction();
        committed_ = ended || ended.error().code() == Code::in_doubt;
        if (ended || db_->transaction_state() == TransactionState::idle) leave();
        return ended;
    }

    /// Undoes what was done, also what was done in savepoints inside that are still open. Does nothing to a
    /// transaction that has ended.
    [[nodiscard]] Result<void> rollback() {
        if (!active()) return {};
        if (db_->scopes().is_inherited()) [[unlikely]] {
            // The parent goes on with it.
            leave();
            return Failure(Scopes::inherited());
        }
        Result<void> undone{};
        // The database may have rolled back by itself.
        if (db_->transaction_state() != TransactionState::idle)
            undone = nested_ ? run("ROLLBACK TO SAVEPOINT ", "; RELEASE SAVEPOINT ") : db_->roll_back_transaction();
        leave();
        return undone;
    }

    /// A savepoint inside, as a handle of its own. It has no options.
    [[nodiscard]] Result<BasicTransaction> begin(const TransactionOptions& options = {}) {
        if (auto refused = refusal()) return Failure(*std::move(refused));
        return open(*db_, options);
    }

    /// Runs `fn(tx)` in a savepoint: see `transaction`.
    template <class Fn>
    auto savepoint(Fn&& fn, std::source_location place = std::source_location::current()) {
        return this->transaction(std::forward<Fn>(fn), place);
    }

    /// The connection, unless this handle must not be used now.
    [[nodiscard]] Borrowed<Db> borrow() {
        if (db_ == nullptr) [[unlikely]]
            return not_there();
        return db_->borrow(scope_);
    }
    [[nodiscard]] auto* ready() noexcept
        requires requires(Db& db) { db.ready(outermost); }
    {
        return db_ != nullptr ? db_->ready(scope_) : nullptr;
    }

    /// For pools: the connection is lent for this transaction, until it ends.
    void keep(Loan loan) { loan_ = std::move(loan); }

private:
    BasicTransaction(Db& db, bool nested) : db_{&db}, scope_{db.scopes().enter()}, nested_{nested} {}

    [[nodiscard]] Error not_there() const {
        return ended_ ? Scopes::ended()
                      : Error{Category::programming, Code::wrong_handle,
                              "this transaction or savepoint was moved from: nothing was sent"};
    }

    [[nodiscard]] std::optional<Error> refusal() const {
        if (db_ == nullptr) return not_there();
        return db_->scopes().refusal(scope_, db_->transaction_state());
    }

    Error end_if_lost(Error error) {
        if (error.code() == Code::transaction_lost) leave();
        return error;
    }

    /// It has ended: the connection goes back at once, if it was lent for this transaction and no savepoint's handle
    /// knows it any more.
    void leave() noexcept {
        const bool innermost = db_->scopes().innermost() == scope_;
        db_->scopes().leave(scope_);
        if (limited_) db_->lift_limits();
        db_ = nullptr;
        ended_ = true;
        if (innermost)
            loan_.end();
        else
            loan_.relax();
    }

    void drop() noexcept {
        if (db_ == nullptr) return;
        // A destructor has nobody to tell: what cannot be rolled back is rolled back by the database when the
        // connection goes.
        (void)rollback();
        db_ = nullptr;
    }

    /// `command` with this savepoint's name, then `second` with it.
    Result<void> run(std::string_view command, std::string_view second = {}) {
        const std::string savepoint = "rowan_" + std::to_string(scope_);
        std::string text{command};
        text += savepoint;
        if (!second.empty()) text.append(second).append(savepoint);
        return db_->run_script(text);
    }

    Db* db_;
    ScopeId scope_;
    bool nested_;
    /// The connection keeps to limits that end with this transaction.
    bool limited_ = false;
    bool ended_ = false;
    bool committed_ = false;
    Loan loan_{};
};

}  // namespace rowan

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

/// Changes of many rows, each by its key and, where it has one, its version: all or nothing. Where parameters may be
/// arrays, all rows go in few statements first. Should those not find every row, or break a constraint, which may hang
/// on the order of the rows, they are undone, and the rows go one by one: then each one that was not as expected is
/// named.
namespace rowan::detail {

/// How many rows there were, if each was found.
template <class T, class Text, class Connection, class Range>
Result<std::optional<std::size_t>> change_by_arrays(Connection& connection, Range& range, Timestamp now) {
    const Statement& statement = detail::statement<Text>;
    using Outcome = Result<std::optional<std::size_t>>;
    Outcome outcome = run_in(BasicTransaction<Connection>::open(connection), [&](auto& tx) -> Outcome {
        typename Connection::ArrayExecution execution{connection, statement, statement.parameters().size()};
        std::size_t wanted = 0;
        std::size_t changed = 0;
        const auto send = [&]() -> Result<void> {
            const Result<std::int64_t> ran = execution.run();
            if (!ran) return Failure(ran.error());
            changed += static_cast<std::size_t>(*ran);
            return {};
        };
        for (const T& entity : range) {
            if (const ValueFault found = write_entity<T, Text::columns>(execution, entity, now))
                return write_failure(found, statement);
            ++wanted;
            if (!execution.is_full()) continue;
            if (Result<void> sent = send(); !sent) return Failure(std::move(sent).error());
            if (changed != wanted) break;
        }
        if (!execution.is_empty())
            if (Result<void> sent = send(); !sent) return Failure(std::move(sent).error());
        if (changed == wanted) return wanted;
        if (Result<void> undone = tx.rollback(); !undone) return Failure(std::move(undone).error());
        return std::optional<std::size_t>{};
    });
    if (!outcome && outcome.error().category() == Category::integrity) return std::optional<std::size_t>{};
    return outcome;
}

/// Calls `change(entity, index)` for every item of a range in one transaction. A conflict does not end it, so that the
/// error names every row that was not as expected. What `matters` says is no conflict is left out.
template <class T, class Connection, class Range, class Change, class Matters>
Result<void> change_one_by_one(Connection& connection, Range& range, const Statement& statement, Change change,
                               Matters matters) {
    return run_in(BasicTransaction<Connection>::open(connection), [&](auto&) -> Result<void> {
        std::vector<RowConflict> conflicts;
        std::size_t index = 0;
        for (const T& entity : range) {
            Result<std::optional<RowConflict>> conflict = change(entity, index++);
            if (!conflict) return Failure(std::move(conflict).error());
            if (*conflict && matters(**conflict)) conflicts.push_back(**std::move(conflict));
        }
        if (conflicts.empty()) return {};
        return Failure(conflict_error(table_info<T>, std::move(conflicts), true, statement.text()));
    });
}

/// The items of a range as a vector.
template <class T, class Range>
std::vector<T> collect(Range&& range) {
    if constexpr (std::is_same_v<Range, std::vector<T>>) {
        return std::forward<Range>(range);
    } else {
        std::vector<T> items;
        if constexpr (std::ranges::sized_range<Range>) items.reserve(std::ranges::size(range));
        for (auto&& item : range) items.push_back(std::forward<decltype(item)>(item));
        return items;
    }
}

/// Gives the rows as they are stored, in the order of the range.
template <class T, class Connection, class Range>
Result<std::vector<T>> update_range(Connection& connection, Range&& range, Carry carry) {
    const Timestamp now = time_of_change<T>();
    std::vector<T> entities = collect<T>(std::forward<Range>(range));
    bool done = entities.empty();
    if constexpr (Connection::dialect.array_parameters) {
        if (entities.size() > 1) {
            using Text = UpdateArrays<T, Connection::dialect>;
            const auto changed = change_by_arrays<T, Text>(connection, entities, now);
            if (!changed) return Failure(changed.error());
            done = changed->has_value();
        }
    }
    if (!done) {
        Result<void> changed = change_one_by_one<T>(
            connection, entities, update_statement<T, Connection>(),
            [&](const T& entity, std::size_t index) { return update_row(connection, entity, now, index, carry); },
            [](const RowConflict&) { return true; });
        if (!changed) return Failure(std::move(changed).error());
    }
    for (T& entity : entities) stamp_updated(entity, now);
    return entities;
}

/// Gives how many rows were removed. Those that are gone already are none of them, and no conflict.
template <class T, class Connection, class Range>
Result<std::size_t> erase_range(Connection& connection, Range& range, [[maybe_unused]] Carry carry) {
    if constexpr (Connection::dialect.array_parameters) {
        if constexpr (!std::forward_iterator<range_access::Begin<Range>>) {
            // It may have to be read twice.
            std::vector<T> entities = collect<T>(range);
            return erase_range<T>(connection, entities, carry);
        } else {
            const auto erased =
                change_by_arrays<T, EraseArrays<T, Connection::dialect>>(connection, range, Timestamp{});
            if (!erased) return Failure(erased.error());
            if (*erased) return **erased;
        }
    }
    std::size_t erased = 0;
    Result<void> done = change_one_by_one<T>(
        connection, range, erase_statement<T, Connection, RowOfEntity<T>>(),
        [&](const T& entity, std::size_t index) -> Result<std::optional<RowConflict>> {
            const RowOfEntity<T> row{entity};
            if constexpr (has_version<T>) {
                Result<std::optional<RowConflict>> conflict = erase_row<T>(connection, row, index, carry);
                if (conflict && !*conflict) ++erased;
                return conflict;
            } else {
                const Result<std::int64_t> ran = run_erase<T>(connection, row);
                if (!ran) return Failure(ran.error());
                erased += static_cast<std::size_t>(*ran);
                return std::optional<RowConflict>{};
            }
        },
        [](const RowConflict& conflict) { return conflict.what == RowConflict::What::modified; });
    if (!done) return Failure(std::move(done).error());
    return erased;
}

}  // namespace rowan::detail

// ---- rowan/repository/compound.hpp ----



// ---- rowan/query/arranged.hpp ----



// ---- rowan/query/constant.hpp ----



#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>

namespace rowan {

namespace detail {

/// Lets a literal of any of these kinds be a template argument.
template <class Value>
struct ConstantValue {
    Value value;

    // NOLINTNEXTLINE(google-explicit-constructor): a literal is meant to become one
    constexpr ConstantValue(Value given) : value{given} {}
};
template <std::size_t size>
struct ConstantValue<FixedString<size>> {
    FixedString<size> value;

    // NOLINTNEXTLINE(google-explicit-constructor): a literal is meant to become one
    constexpr ConstantValue(const char (&text)[size]) : value{text} {}
};
template <std::size_t size>
ConstantValue(const char (&)[size]) -> ConstantValue<FixedString<size>>;

template <ConstantValue constant>
struct ConstantShape : ShapeBase {
    using Value = std::remove_const_t<decltype(constant.value)>;
    static constexpr bool is_boolean = std::same_as<Value, bool>;
    static constexpr bool is_integer = std::integral<Value> && !is_boolean;
    using Type = std::conditional_t<is_boolean, bool, std::conditional_t<is_integer, std::int64_t, std::string>>;

    template <class Scope>
    using Codec = rowan::Type<Type>;
    template <class Scope>
    static constexpr bool nullable = false;
    template <class Scope>
    using Parameters = TypeList<>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect&, std::size_t&) {
        if constexpr (is_boolean) {
            out << (constant.value ? "TRUE" : "FALSE");
        } else if constexpr (is_integer) {
            // In parentheses, as a minus sign behind another one would start a comment.
            if (constant.value < 0) out << "(-";
            out.number(constant.value < 0 ? std::uint64_t{0} - static_cast<std::uint64_t>(constant.value)
                                          : static_cast<std::uint64_t>(constant.value));
            if (constant.value < 0) out << ')';
        } else {
            out.quoted(constant.value.view(), '\'');
        }
    }
};

}  // namespace detail

/// A value that is part of the statement's text, not a parameter: `constant<true>`, `constant<5>`, `constant<"open">`.
/// The conditions of partial indexes are made of these.
template <detail::ConstantValue value>
inline constexpr detail::Expression<detail::ConstantShape<value>> constant{};

}  // namespace rowan

// ---- rowan/query/read_columns.hpp ----



#include <array>
#include <cstddef>
#include <string_view>
#include <tuple>

/// What a program reads from the columns of a result, to be compared with what the database gives.
namespace rowan::detail {

struct ReadColumn {
    /// Empty if it has none.
    std::string_view name;
    ColumnType type{};
    /// May it be NULL?
    bool nullable = false;
    /// The column that it is, if it is one.
    Place place{};
};

/// The columns of whole rows, a source behind the other.
template <class Scope, class... Sources>
constexpr auto columns_read_by(WholeRows, TypeList<Sources...>) {
    std::array<ReadColumn, (EntityReader<Sources>::width + ...)> columns{};
    std::size_t i = 0;
    const auto add = [&]<class Source> {
        constexpr const TableInfo& table = table_info<typename Source::Entity>;
        for (std::size_t column = 0; column != table.columns.size(); ++column)
            columns[i++] = {table.columns[column].name,
                            table.columns[column].type,
                            table.columns[column].nullable || Source::optional,
                            {&table, column}};
    };
    (add.template operator()<Sources>(), ...);
    return columns;
}

template <class Shape, class Scope, class Target>
constexpr ReadColumn column_read_as() {
    const Place place = Shape::template place<Scope>();
    const std::string_view name =
        Shape::name.empty() && place.table != nullptr ? place.table->columns[place.column].name : Shape::name;
    return {name, ItemReader<Shape, Scope>::Codec::column, is_optional<Target>, place};
}

template <class Scope, class Sources, class... Shapes>
constexpr auto columns_read_by(TupleOf<Shapes...>, Sources) {
    return std::array<ReadColumn, sizeof...(Shapes)>{
        column_read_as<Shapes, Scope, typename ItemReader<Shapes, Scope>::Value>()...};
}

template <class Struct, std::size_t field = 0>
constexpr bool is_optional_member(std::string_view name) {
    if constexpr (field == reflect::field_count<Struct>)
        return false;
    else if (reflect::names<Struct>[field] == name)
        return is_optional<reflect::Field<Struct, field>>;
    else
        return is_optional_member<Struct, field + 1>(name);
}

template <class Scope, class Sources, class Struct, class... Shapes>
constexpr auto columns_read_by(StructOf<Struct, Shapes...>, Sources) {
    std::array<ReadColumn, sizeof...(Shapes)> columns{
        column_read_as<Shapes, Scope, typename ItemReader<Shapes, Scope>::Value>()...};
    for (ReadColumn& column : columns) column.nullable = is_optional_member<Struct>(column.name);
    return columns;
}

/// What a typed query reads.
template <class Query, class Scope = typename Query::template ScopeIn<void>>
inline constexpr auto columns_of_query =
    columns_read_by<Scope>(typename Query::Projection{}, typename SourcesIn<Scope>::type{});

/// What the rows of a statement that a person wrote become: members by their columns' names, others by their places.
template <class Row>
struct RowColumns {
    static constexpr bool by_name = true;
    static constexpr auto columns = [] {
        constexpr const TableInfo& table = table_info<Row>;
        std::array<ReadColumn, reflect::field_count<Row>> columns{};
        for (std::size_t i = 0; i != columns.size(); ++i)
            columns[i] = {table.columns[i].name, table.columns[i].type, table.columns[i].nullable, {}};
        return columns;
    }();
};
template <class... Values>
struct RowColumns<std::tuple<Values...>> {
    static constexpr bool by_name = false;
    static constexpr std::array<ReadColumn, sizeof...(Values)> columns{
        ReadColumn{{}, Type<Values>::column, is_optional<Values>, {}}...};
};
template <Storable Value>
struct RowColumns<Value> : RowColumns<std::tuple<Value>> {};

}  // namespace rowan::detail

// ---- rowan/query/set_operation.hpp ----



#include <cstddef>
#include <string_view>
#include <type_traits>

/// The rows of two queries together.
namespace rowan::detail {

/// What stands around a query that is made of others when it is counted.
template <class Shape, class Outer, Wanted wanted>
constexpr void write_wanted(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
    if (wanted == Wanted::existence) out << "EXISTS (";
    if (wanted == Wanted::count) out << "SELECT count(*) FROM (";
    Shape::template write_rows<Outer>(out, dialect, parameter);
    if (wanted == Wanted::existence) out << ')';
    if (wanted == Wanted::count) out << ") AS counted";
}

enum class SetOperation : unsigned char { union_all, union_distinct, intersect, except };

constexpr std::string_view spelling(SetOperation operation) {
    switch (operation) {
        case SetOperation::union_all: return " UNION ALL ";
        case SetOperation::union_distinct: return " UNION ";
        case SetOperation::intersect: return " INTERSECT ";
        case SetOperation::except: return " EXCEPT ";
    }
    return " UNION ALL ";
}

/// A part is written without parentheses, so that an order or limit in it would be that of the whole.
template <class Query>
inline constexpr bool ends_open = !requires { Query::is_arranged; };
template <class Query>
    requires requires { typename Query::From; }
inline constexpr bool ends_open<Query> =
    std::is_same_v<typename Query::Order, OrderShapes<>> && std::is_same_v<typename Query::Limit, Nothing> &&
    std::is_same_v<typename Query::Offset, Nothing> && Query::lock == RowLock::none;

template <SetOperation op, class First, class Second>
struct SetOperationShape;

/// Is it a single SELECT, or several whose order of evaluation does not matter beside another one of `op`?
template <SetOperation op, class Query>
inline constexpr bool joins_freely = requires { typename Query::From; };
template <SetOperation op, class First, class Second>
inline constexpr bool joins_freely<op, SetOperationShape<op, First, Second>> =
    op != SetOperation::except && joins_freely<op, First> && joins_freely<op, Second>;

/// Some databases let INTERSECT bind more tightly than the others, some go from left to right in any case.
template <SetOperation op, class Query>
inline constexpr bool stands_first = requires { typename Query::From; };
template <SetOperation op, SetOperation inner, class First, class Second>
inline constexpr bool stands_first<op, SetOperationShape<inner, First, Second>> =
    op != SetOperation::intersect || joins_freely<op, SetOperationShape<inner, First, Second>>;

/// The rows of one query, with, without or among those of another.
template <SetOperation op, class FirstQuery, class SecondQuery>
struct SetOperationShape {
    using First = FirstQuery;
    using Second = SecondQuery;
    static_assert(ends_open<First> && ends_open<Second>,
                  "rowan: the parts of union_all, union_, intersect and except have no order_by, limit or offset of "
                  "their own: order the whole, as in a.union_all(b).order_by(...)");

    static constexpr std::size_t columns = First::columns;
    template <class Outer>
    using Row = typename First::template Row<Outer>;
    template <class Outer, Wanted wanted = Wanted::rows>
    using Parameters = Concat<typename First::template Parameters<Outer>, typename Second::template Parameters<Outer>>;
    template <class Outer>
    using ScopeIn = typename First::template ScopeIn<Outer>;
    using Projection = typename First::Projection;

    template <class Outer, Wanted wanted = Wanted::rows>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        write_wanted<SetOperationShape, Outer, wanted>(out, dialect, parameter);
    }

    template <class Outer>
    static constexpr void write_rows(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        write_part<First, stands_first<op, First>, Outer>(out, dialect, parameter);
        out << spelling(op);
        write_part<Second, joins_freely<op, Second>, Outer>(out, dialect, parameter);
    }

    template <class Outer, class RowSource>
    static ValueFault read(const RowSource& source, Row<Outer>& row) {
        return First::template read<Outer>(source, row);
    }

private:
    /// Parentheses would do, but not all databases take them here.
    template <class Query, bool bare, class Outer>
    static constexpr void write_part(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        if (!bare) out << "SELECT * FROM (";
        Query::template write<Outer>(out, dialect, parameter);
        if (!bare) out << ") AS part";
    }
};

}  // namespace rowan::detail

#include <concepts>
#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>

/// The order and limit of a query that is made of others. Such a query is ordered by what it selects.
namespace rowan {

namespace detail {

template <ConstantValue which, bool descending, Nulls nulls>
struct SelectedOrder {};

}  // namespace detail

/// A selected column in the order of a union: by its name, `selected<"total">.desc()`, or its place from 1,
/// `selected<2>.asc()`.
template <detail::ConstantValue which>
struct Selected {
    template <Nulls nulls = Nulls::by_default>
    [[nodiscard]] constexpr auto asc() const {
        return detail::SelectedOrder<which, false, nulls>{};
    }
    template <Nulls nulls = Nulls::by_default>
    [[nodiscard]] constexpr auto desc() const {
        return detail::SelectedOrder<which, true, nulls>{};
    }
};
template <detail::ConstantValue which>
inline constexpr Selected<which> selected{};

namespace detail {

/// `2 DESC`: the second column that is selected.
template <std::size_t place, bool descending, Nulls nulls>
struct PlaceShape {
    template <class>
    static constexpr void write(TextWriter& out, const Dialect&, std::size_t&) {
        out.number(place);
        if (descending) out << " DESC";
        if (nulls == Nulls::first) out << " NULLS FIRST";
        if (nulls == Nulls::last) out << " NULLS LAST";
    }
};

/// The place of what an item of ORDER BY names among what Query selects, from 1; 0 if it is not there.
template <class Query, ConstantValue which, bool descending, Nulls nulls>
constexpr std::size_t place_of(SelectedOrder<which, descending, nulls>) {
    constexpr const auto& columns = columns_of_query<Query>;
    if constexpr (std::integral<std::remove_const_t<decltype(which.value)>>) {
        return which.value > 0 && static_cast<std::size_t>(which.value) <= columns.size()
                   ? static_cast<std::size_t>(which.value)
                   : 0;
    } else {
        for (std::size_t i = 0; i != columns.size(); ++i)
            if (columns[i].name == which.value.view()) return i + 1;
        return 0;
    }
}
template <class Shape, class... Selected>
constexpr std::size_t place_among(TypeList<Selected...>) {
    std::size_t place = 0;
    (void)((++place, std::is_same_v<typename Unnamed<Shape>::type, typename Unnamed<Selected>::type>) || ... ||
           (place = 0, false));
    return place;
}
/// A column of whole rows.
template <class Shape, class Scope, class... Sources>
constexpr std::size_t place_in_rows(TypeList<Sources...>) {
    if constexpr (Column<Shape>) {
        using Here = typename Shape::template Here<Scope>;
        std::size_t before = 0;
        if (((std::is_same_v<Here, Sources> || (before += EntityReader<Sources>::width, false)) || ...))
            return before + Shape::template column<Scope> + 1;
    }
    return 0;
}
template <class Query, class Key, bool descending, Nulls nulls, class... Held>
constexpr std::size_t place_of(Ordered<OrderShape<Key, descending, nulls>, Held...>) {
    if constexpr (!std::is_void_v<typename Query::Projection::Items>) {
        return place_among<Key>(typename Query::Projection::Items{});
    } else {
        using Scope = typename Query::template ScopeIn<void>;
        return place_in_rows<Key, Scope>(typename SourcesIn<Scope>::type{});
    }
}
template <class Query, auto Member, bool descending>
constexpr std::size_t place_of(Ordering<Member, descending>) {
    return place_of<Query>(Ordered<OrderShape<ColumnShape<Member, "">, descending, Nulls::by_default>>{});
}

template <std::size_t place, ConstantValue which, bool descending, Nulls nulls>
PlaceShape<place, descending, nulls> at_place(SelectedOrder<which, descending, nulls>);
template <std::size_t place, class Key, bool descending, Nulls nulls, class... Held>
PlaceShape<place, descending, nulls> at_place(Ordered<OrderShape<Key, descending, nulls>, Held...>);
template <std::size_t place, auto Member, bool descending>
PlaceShape<place, descending, Nulls::by_default> at_place(Ordering<Member, descending>);

/// An item of ORDER BY as a place.
template <class Query, class Item>
struct PlacedItem {
    static constexpr std::size_t place = place_of<Query>(Item{});
    static_assert(place != 0, "rowan: a query that is made of others is ordered by what it selects, and this is not "
                              "selected: name a selected column, or say selected<\"name\"> or selected<1>");
    using type = decltype(at_place<place>(Item{}));
};

/// A query made of others, with the clauses that apply to all of it.
template <class Query, class PlaceShapes = TypeList<>, class LimitClause = Nothing, class OffsetClause = Nothing>
struct ArrangedShape;

template <class Query, class... Places, class LimitClause, class OffsetClause>
struct ArrangedShape<Query, TypeList<Places...>, LimitClause, OffsetClause> {
    using Limit = LimitClause;
    using Offset = OffsetClause;
    using Projection = typename Query::Projection;
    using Inner = Query;
    static constexpr bool is_arranged = true;
    static constexpr std::size_t columns = Query::columns;

    template <class... Items>
    using WithOrder =
        ArrangedShape<Query, TypeList<typename PlacedItem<Query, Items>::type...>, LimitClause, OffsetClause>;
    template <class NewLimit>
    using WithLimit = ArrangedShape<Query, TypeList<Places...>, NewLimit, OffsetClause>;
    template <class NewOffset>
    using WithOffset = ArrangedShape<Query, TypeList<Places...>, LimitClause, NewOffset>;

    template <class Outer>
    using Row = typename Query::template Row<Outer>;
    template <class Outer>
    using ScopeIn = typename Query::template ScopeIn<Outer>;
    template <class Outer, Wanted wanted = Wanted::rows>
    using Parameters = Concat<typename Query::template Parameters<Outer>, typename Limit::template Parameters<Outer>,
                              typename Offset::template Parameters<Outer>>;

    template <class Outer, Wanted wanted = Wanted::rows>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        write_wanted<ArrangedShape, Outer, wanted>(out, dialect, parameter);
    }

    template <class Outer>
    static constexpr void write_rows(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        Query::template write<Outer>(out, dialect, parameter);
        Separator comma{", "};
        if (sizeof...(Places) != 0) out << " ORDER BY ";
        ((out << comma, Places::template write<Outer>(out, dialect, parameter)), ...);
        write_limit_and_offset<Limit, Offset>(out, dialect, parameter);
    }

    template <class Outer, class RowSource>
    static ValueFault read(const RowSource& source, Row<Outer>& row) {
        return Query::template read<Outer>(source, row);
    }
};

/// Shape, ready to be arranged.
template <class Shape>
struct Arranged {
    using type = ArrangedShape<Shape>;
};
template <class Query, class Places, class Limit, class Offset>
struct Arranged<ArrangedShape<Query, Places, Limit, Offset>> {
    using type = ArrangedShape<Query, Places, Limit, Offset>;
};

}  // namespace detail
}  // namespace rowan

// ---- rowan/query/compound.hpp ----



#include <cstddef>
#include <string_view>
#include <type_traits>

/// Queries that have names in another.
namespace rowan::detail {

/// A query under the name of Struct's table, for the query behind it.
template <class Struct, class Query, bool is_recursive>
struct CteShape {
    static constexpr bool recursive = is_recursive;
    static constexpr bool fills = std::is_same_v<typename Query::template Row<void>, Struct>;

    using Parameters = typename Query::template Parameters<void>;

    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        constexpr TableInfo table = table_info<Struct>;
        static_assert(fills, "rowan: a query behind with<T> must fill T: select<T>(...)");
        if constexpr (!fills) return;
        write_bare_table_name(out, dialect, table);
        out << " (";
        if constexpr (!std::is_void_v<typename Query::Projection::Items>)
            write_names(out, dialect, typename Query::Projection::Items{});
        else
            write_columns(out, dialect, table, column_list<Struct, Columns::all>);
        out << ") AS (";
        Query::template write<void>(out, dialect, parameter);
        out << ')';
    }

private:
    /// The columns of the struct's table in the order in which the query selects them.
    template <class... Items>
    static constexpr void write_names(TextWriter& out, const Dialect& dialect, TypeList<Items...>) {
        Separator comma{", "};
        const auto write_name = [&](std::string_view member) {
            std::size_t i = 0;
            while (i + 1 < reflect::field_count<Struct> && reflect::names<Struct>[i] != member) ++i;
            out << comma;
            write_column(out, dialect, table_info<Struct>, i);
        };
        (write_name(Items::name), ...);
    }
};

/// `WITH … main`.
template <class Main, class... Ctes>
struct WithShape {
    static constexpr std::size_t columns = Main::columns;
    /// May a limit be written behind it?
    static constexpr bool takes_limit = std::is_same_v<typename Main::Limit, Nothing> &&
                                        std::is_same_v<typename Main::Offset, Nothing> && Main::lock == RowLock::none;
    using Projection = typename Main::Projection;
    template <class Outer>
    using Row = typename Main::template Row<void>;
    template <class Outer>
    using ScopeIn = typename Main::template ScopeIn<void>;
    template <class Outer, Wanted wanted = Wanted::rows>
    using Parameters = Concat<typename Ctes::Parameters..., typename Main::template Parameters<void>>;

    template <class Outer, Wanted wanted = Wanted::rows>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        write_wanted<WithShape, Outer, wanted>(out, dialect, parameter);
    }

    template <class>
    static constexpr void write_rows(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        Separator comma{", "};
        out << "WITH " << ((Ctes::recursive || ...) ? "RECURSIVE " : "");
        ((out << comma, Ctes::write(out, dialect, parameter)), ...);
        out << ' ';
        Main::template write<void>(out, dialect, parameter);
    }

    template <class, class RowSource>
    static ValueFault read(const RowSource& source, Row<void>& row) {
        return Main::template read<void>(source, row);
    }
};

}  // namespace rowan::detail

// ---- rowan/repository/query.hpp ----



// ---- rowan/query/functions.hpp ----



// ---- rowan/query/choice_functions.hpp ----



#include <cstddef>
#include <type_traits>
#include <utility>

/// Functions that choose one of their operands.
namespace rowan {

namespace detail {

/// NULL wherever the two are alike.
template <class First, class Second>
struct NullIfShape : CallShape<"nullif", typename First::Type, true, First, Second> {
    template <class Scope>
    static constexpr bool nullable = true;
    template <class Scope>
    using Codec = typename First::template Codec<Scope>;
};

/// The larger or smaller of two, as a value of `Like`. Databases agree only where neither is NULL.
template <Function function, Function function_or_null, class Like, class First, class Second>
struct ExtremumShape : PatternShape<function, typename Like::Type, First, Second> {
    using OrNull = PatternShape<function_or_null, typename Like::Type, First, Second>;

    template <class Scope>
    using Codec = typename Like::template Codec<Scope>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        if constexpr (OrNull::template nullable<Scope>)
            OrNull::template write<Scope>(out, dialect, parameter);
        else
            PatternShape<function, typename Like::Type, First, Second>::template write<Scope>(out, dialect, parameter);
    }
};

/// What the larger of two is read as: as the first, or as what is calculated of unlike numbers.
template <class First, class Second>
struct CommonShape {
    using type = ShapeOf<Calculated<typename First::Type, typename Second::Type>>;
};
template <class First, class Second>
    requires std::is_same_v<typename First::Type, typename Second::Type>
struct CommonShape<First, Second> {
    using type = First;
};

template <Function function, Function or_null, AnyExpression First, class Second>
constexpr auto extremum(First first, Second&& second) {
    auto other = operand_beside<typename First::Shape>(std::forward<Second>(second));
    using Other = ShapeIn<decltype(other)>;
    using Like = typename CommonShape<typename First::Shape, Other>::type;
    return combine<ExtremumShape<function, or_null, Like, typename First::Shape, Other>>(std::move(first),
                                                                                         std::move(other));
}

}  // namespace detail

/// NULL if the two are alike, else the first: `nullif(col<&T::note>, "")`.
template <detail::AnyExpression First, class Second>
[[nodiscard]] constexpr auto nullif(First first, Second&& second) {
    auto other = detail::operand_beside<typename First::Shape>(std::forward<Second>(second));
    return detail::combine<detail::NullIfShape<typename First::Shape, detail::ShapeIn<decltype(other)>>>(
        std::move(first), std::move(other));
}

/// The largest, the smallest of an expression and others of its type, or values. NULL if one of them is, as with
/// operators: coalesce those that are to be left out. Text is compared as the database sorts it.
template <detail::AnyExpression First, class Second, class... More>
[[nodiscard]] constexpr auto greatest(First first, Second&& second, More&&... more) {
    auto larger = detail::extremum<Function::greatest, Function::greatest_or_null>(std::move(first),
                                                                                   std::forward<Second>(second));
    if constexpr (sizeof...(More) == 0)
        return larger;
    else
        return greatest(std::move(larger), std::forward<More>(more)...);
}
template <detail::AnyExpression First, class Second, class... More>
[[nodiscard]] constexpr auto least(First first, Second&& second, More&&... more) {
    auto smaller =
        detail::extremum<Function::least, Function::least_or_null>(std::move(first), std::forward<Second>(second));
    if constexpr (sizeof...(More) == 0)
        return smaller;
    else
        return least(std::move(smaller), std::forward<More>(more)...);
}

}  // namespace rowan

// ---- rowan/query/number_functions.hpp ----



#include <cstdint>
#include <type_traits>
#include <utility>

namespace rowan {

/// Without its sign: of integers a std::int64_t, of others a double.
template <detail::AnyExpression Inner>
[[nodiscard]] constexpr auto abs(Inner inner) {
    using Value = typename Inner::Type;
    static_assert(detail::Number<Value>, "rowan: abs is for numbers");
    if constexpr (detail::is_narrow<Inner>())
        return abs(cast<std::int64_t>(std::move(inner)));
    else
        return detail::combine<detail::CallShape<"abs", detail::Calculated<Value>, true, typename Inner::Shape>>(
            std::move(inner));
}

/// The nearest number with so many digits behind the point, a half away from 0, as a double:
/// `round<2>(col<&T::price>)`. It is calculated as `round(x * 100) / 100` in doubles, alike on every database: 2.675 is
/// less than what is written here and becomes 2.67.
template <int digits = 0, detail::AnyExpression Inner>
[[nodiscard]] constexpr auto round(Inner inner) {
    static_assert(detail::Floating<typename Inner::Type>, "rowan: round is for float and double");
    static_assert(digits >= 0 && digits <= 15, "rowan: round<digits> takes from 0 to 15 digits behind the point");
    if constexpr (std::is_same_v<typename Inner::Type, float>) {
        return round<digits>(cast<double>(std::move(inner)));
    } else if constexpr (digits > 0) {
        constexpr std::int64_t scale = [] {
            std::int64_t power = 1;
            for (int i = 0; i != digits; ++i) power *= 10;
            return power;
        }();
        return round(std::move(inner) * constant<scale>) / constant<scale>;
    } else {
        return detail::combine<detail::PatternShape<Function::round, double, typename Inner::Shape>>(std::move(inner));
    }
}

}  // namespace rowan

// ---- rowan/query/text_functions.hpp ----



#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace rowan {

namespace detail {

/// `a || b || c`
template <class... Parts>
struct ConcatShape : ShapeBase {
    using Type = std::string;
    using Operands = TypeList<Parts...>;
    template <class Scope>
    using Codec = rowan::Type<Type>;
    template <class Scope>
    static constexpr bool nullable = (Parts::template nullable<Scope> || ...);
    template <class Scope>
    using Parameters = Concat<typename Parts::template Parameters<Scope>...>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        Separator bars{" || "};
        out << '(';
        ((out << bars, write_inside<Parts, Scope>(out, dialect, parameter, Binding::atom)), ...);
        out << ')';
    }
};

template <FixedString function, AnyExpression Text>
constexpr auto text_call(Text text) {
    static_assert(std::is_same_v<typename Text::Type, std::string>,
                  "rowan: trim, ltrim and rtrim are for text: cast<std::string>(...) what is none");
    return combine<CallShape<function, std::string, true, typename Text::Shape>>(std::move(text));
}

}  // namespace detail

/// Texts, one behind the other: `concat(col<&T::first>, " ", col<&T::last>)`. NULL if one of them is: coalesce it.
template <class... Parts>
    requires(detail::AnyExpression<Parts> || ...)
[[nodiscard]] constexpr auto concat(Parts&&... parts) {
    constexpr bool texts = (std::is_same_v<typename detail::ShapeOfOperand<Parts>::Type, std::string> && ...);
    static_assert(texts, "rowan: concat is for text: cast<std::string>(...) what is none");
    return detail::combine<detail::ConcatShape<detail::ShapeOfOperand<Parts>...>>(
        detail::operand_of_its_own(std::forward<Parts>(parts))...);
}

/// The characters of a text (on some databases up to a NUL), or the bytes of a blob, as a std::int64_t.
template <detail::AnyExpression Inner>
[[nodiscard]] constexpr auto length(Inner inner) {
    using Type = typename Inner::Type;
    constexpr bool has_length = std::is_same_v<Type, std::string> || std::is_same_v<Type, std::vector<std::byte>>;
    static_assert(has_length, "rowan: length is for text and bytes: cast<std::string>(...) what is neither");
    return detail::combine<detail::PatternShape<Function::length, std::int64_t, typename Inner::Shape>>(
        std::move(inner));
}

/// Without the spaces (no other white space) at its ends, its beginning, its end.
template <detail::AnyExpression Text>
[[nodiscard]] constexpr auto trim(Text text) {
    return detail::text_call<"trim">(std::move(text));
}
template <detail::AnyExpression Text>
[[nodiscard]] constexpr auto ltrim(Text text) {
    return detail::text_call<"ltrim">(std::move(text));
}
template <detail::AnyExpression Text>
[[nodiscard]] constexpr auto rtrim(Text text) {
    return detail::text_call<"rtrim">(std::move(text));
}

/// `count` characters of a text from the one at `start`, which is 1 for the first; what lies outside the text is left
/// out, also before the first. A negative count is 0.
template <detail::AnyExpression Text, Integer Start, Integer Count>
[[nodiscard]] constexpr auto substr(Text text, Start start, Count count) {
    static_assert(std::is_same_v<typename Text::Type, std::string>, "rowan: substr is for text");
    // Databases differ in what lies outside the text, and take 32 bits.
    constexpr std::int64_t longest = std::numeric_limits<std::int32_t>::max();
    const auto clamp = [&](auto number) {
        if (std::cmp_greater(number, longest)) return longest;
        return std::cmp_less(number, -longest) ? -longest : static_cast<std::int64_t>(number);
    };
    const std::int64_t first = std::max<std::int64_t>(clamp(start), 1);
    const std::int64_t length =
        std::max<std::int64_t>(clamp(start) + std::max<std::int64_t>(clamp(count), 0) - first, 0);
    using Number = detail::ShapeOf<std::int64_t>;
    using Shape = detail::PatternShape<Function::substring, std::string, typename Text::Shape,
                                       detail::ValueShape<Number>, detail::ValueShape<Number>>;
    return detail::combine<Shape>(std::move(text), detail::make_value<Number>(first),
                                  detail::make_value<Number>(std::min(length, longest)));
}

}  // namespace rowan

// ---- rowan/query/window_functions.hpp ----



#include <cstdint>
#include <utility>

/// Functions of a row among others, behind which `.over(…)` stands.
namespace rowan {

/// The row's number in its window, from 1; rows that are alike in the order get different numbers, the same rank, or
/// the same rank without gaps.
[[nodiscard]] constexpr auto row_number() { return detail::Expression<detail::RankingShape<"row_number">>{}; }
[[nodiscard]] constexpr auto rank() { return detail::Expression<detail::RankingShape<"rank">>{}; }
[[nodiscard]] constexpr auto dense_rank() { return detail::Expression<detail::RankingShape<"dense_rank">>{}; }

namespace detail {

template <FixedString function, std::uint32_t rows, AnyExpression Inner, class Default>
constexpr auto neighbour(Inner inner, Default&& value) {
    auto other = operand_beside<typename Inner::Shape>(std::forward<Default>(value));
    return combine<NeighbourShape<function, rows, typename Inner::Shape, ShapeIn<decltype(other)>>>(std::move(inner),
                                                                                                    std::move(other));
}

}  // namespace detail

/// The value in the row before, in the row behind, or so many rows away: `lag<2>(x)`. Where there is none, the default,
/// or NULL without one.
template <std::uint32_t rows = 1, detail::AnyExpression Inner>
[[nodiscard]] constexpr auto lag(Inner inner) {
    return detail::combine<detail::NeighbourShape<"lag", rows, typename Inner::Shape>>(std::move(inner));
}
template <std::uint32_t rows = 1, detail::AnyExpression Inner, class Default>
[[nodiscard]] constexpr auto lag(Inner inner, Default&& value) {
    return detail::neighbour<"lag", rows>(std::move(inner), std::forward<Default>(value));
}
template <std::uint32_t rows = 1, detail::AnyExpression Inner>
[[nodiscard]] constexpr auto lead(Inner inner) {
    return detail::combine<detail::NeighbourShape<"lead", rows, typename Inner::Shape>>(std::move(inner));
}
template <std::uint32_t rows = 1, detail::AnyExpression Inner, class Default>
[[nodiscard]] constexpr auto lead(Inner inner, Default&& value) {
    return detail::neighbour<"lead", rows>(std::move(inner), std::forward<Default>(value));
}

/// The value in the first, in the last row of the frame. Without a frame of its own a window with an order ends with
/// the current row: for the last of all say `rows_between(unbounded_preceding, unbounded_following)`.
template <detail::AnyExpression Inner>
[[nodiscard]] constexpr auto first_value(Inner inner) {
    return detail::combine<detail::FrameValueShape<"first_value", typename Inner::Shape>>(std::move(inner));
}
template <detail::AnyExpression Inner>
[[nodiscard]] constexpr auto last_value(Inner inner) {
    return detail::combine<detail::FrameValueShape<"last_value", typename Inner::Shape>>(std::move(inner));
}

}  // namespace rowan

#include <cstdint>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

namespace rowan {

/// In small letters, in capitals: as the database understands it (some only ASCII).
template <detail::AnyExpression Text>
[[nodiscard]] constexpr auto lower(Text text) {
    static_assert(std::is_same_v<typename Text::Type, std::string>, "rowan: lower is for text");
    return detail::combine<detail::CallShape<"lower", std::string, true, typename Text::Shape>>(std::move(text));
}
template <detail::AnyExpression Text>
[[nodiscard]] constexpr auto upper(Text text) {
    static_assert(std::is_same_v<typename Text::Type, std::string>, "rowan: upper is for text");
    return detail::combine<detail::CallShape<"upper", std::string, true, typename Text::Shape>>(std::move(text));
}

/// The first of the two that is not NULL.
template <detail::AnyExpression First, class Second>
[[nodiscard]] constexpr auto coalesce(First first, Second&& second) {
    auto other = detail::operand_beside<typename First::Shape>(std::forward<Second>(second));
    using Shape = detail::CallShape<"coalesce", typename First::Type, false, typename First::Shape,
                                    detail::ShapeIn<decltype(other)>>;
    return detail::combine<detail::ReadAs<Shape, typename First::Shape>>(std::move(first), std::move(other));
}

/// Parts of a timestamp, in UTC.
enum class Unit : unsigned char { second, minute, hour, day, week, month, year };

/// The timestamp at which its second, minute, … or year began; weeks begin on Mondays.
template <Unit unit, detail::AnyExpression Time>
[[nodiscard]] constexpr auto truncate(Time time) {
    static_assert(std::is_same_v<typename Time::Type, Timestamp>, "rowan: truncate is for timestamps");
    constexpr auto function =
        static_cast<Function>(static_cast<int>(Function::truncate_to_second) + static_cast<int>(unit));
    return detail::combine<detail::PatternShape<function, Timestamp, typename Time::Shape>>(std::move(time));
}

/// Rows, or those for which an expression is not NULL.
[[nodiscard]] constexpr auto count() { return detail::Expression<detail::CountRowsShape>{}; }
template <detail::AnyExpression Inner>
[[nodiscard]] constexpr auto count(Inner inner) {
    return detail::combine<detail::CountShape<typename Inner::Shape, false>>(std::move(inner));
}
template <detail::AnyExpression Inner>
[[nodiscard]] constexpr auto count_distinct(Inner inner) {
    return detail::combine<detail::CountShape<typename Inner::Shape, true>>(std::move(inner));
}

/// Of integers std::int64_t, of others double. Of no row it is NULL, so the member that takes it is a std::optional
/// unless the query groups. A sum of integers over the limit is an error.
template <detail::AnyExpression Inner>
[[nodiscard]] constexpr auto sum(Inner inner) {
    using Type = typename Inner::Type;
    static_assert(detail::Number<Type>, "rowan: sum is for numbers");
    if constexpr (Integer<Type>)
        return detail::combine<
            detail::IntegerSumShape<detail::AggregateShape<"sum", std::int64_t, typename Inner::Shape>>>(
            std::move(inner));
    else
        return detail::combine<detail::AggregateShape<"sum", double, detail::CastShape<double, typename Inner::Shape>>>(
            std::move(inner));
}
/// Always a double.
template <detail::AnyExpression Inner>
[[nodiscard]] constexpr auto avg(Inner inner) {
    static_assert(detail::Number<typename Inner::Type>, "rowan: avg is for numbers");
    return detail::combine<detail::AggregateShape<"avg", double, detail::CastShape<double, typename Inner::Shape>>>(
        std::move(inner));
}
template <detail::AnyExpression Inner>
[[nodiscard]] constexpr auto min(Inner inner) {
    return detail::combine<detail::ExtremeShape<"min", typename Inner::Shape>>(std::move(inner));
}
template <detail::AnyExpression Inner>
[[nodiscard]] constexpr auto max(Inner inner) {
    return detail::combine<detail::ExtremeShape<"max", typename Inner::Shape>>(std::move(inner));
}

namespace detail {

template <auto Member, bool descending>
constexpr auto as_ordered(Ordering<Member, descending>) {
    if constexpr (descending)
        return col<Member>.desc();
    else
        return col<Member>.asc();
}
template <class Shape, class... Held>
constexpr auto as_ordered(Ordered<Shape, Held...> ordered) {
    return ordered;
}
template <class Shape, class... Held>
constexpr auto as_ordered(const Expression<Shape, Held...>& expression) {
    return expression.asc();
}

}  // namespace detail

/// The order of a window's rows: `rowan::asc<&T::m>`, `rowan::desc<&T::m>`, or an expression's `.asc()` or `.desc()`.
template <class... Items>
[[nodiscard]] constexpr auto order_by(Items... items) {
    return [&]<class... Held>(std::tuple<Held...> all) {
        using Shapes = detail::OrderShapes<typename decltype(detail::as_ordered(items))::Shape...>;
        return detail::OrderList<Shapes, Held...>{std::move(all)};
    }(std::tuple_cat(detail::as_ordered(items).values...));
}

/// The rows of a window: those alike in all these expressions.
template <detail::AnyExpression... Items>
[[nodiscard]] constexpr auto partition_by(Items... items) {
    return [&]<class... Held>(std::tuple<Held...> all) {
        return detail::PartitionList<detail::PartitionShapes<typename Items::Shape...>, Held...>{std::move(all)};
    }(std::tuple_cat(items.values...));
}

namespace detail {

/// `CASE` that has no ELSE yet.
template <class Value, class WhenShapes, class... Held>
class CaseBuilder;

template <class Value, class... Whens, class... Held>
class CaseBuilder<Value, TypeList<Whens...>, Held...> {
public:
    constexpr explicit CaseBuilder(std::tuple<Held...> values) : values_{std::move(values)} {}

    template <Condition Where, class Result>
    [[nodiscard]] constexpr auto when(Where condition, Result&& result) const {
        auto value = operand_beside<ShapeOf<Value>>(std::forward<Result>(result));
        using When = WhenShape<typename Where::Shape, ShapeIn<decltype(value)>>;
        return [&]<class... All>(std::tuple<All...> all) {
            return CaseBuilder<Value, TypeList<Whens..., When>, All...>{std::move(all)};
        }(std::tuple_cat(values_, condition.values, value.values));
    }

    template <class Result>
    [[nodiscard]] constexpr auto otherwise(Result&& result) const {
        auto value = operand_beside<ShapeOf<Value>>(std::forward<Result>(result));
        using Shape = CaseShape<Value, ShapeIn<decltype(value)>, Whens...>;
        return [&]<class... All>(std::tuple<All...> all) {
            return Expression<Shape, All...>{std::move(all)};
        }(std::tuple_cat(values_, value.values));
    }

private:
    std::tuple<Held...> values_;
};

}  // namespace detail

/// `case_when(condition, value).when(condition, value).otherwise(value)`: the value behind the first condition that is
/// true. All values are of the first one's type, where integers are std::int64_t and other numbers double.
template <detail::Condition Where, class Result>
[[nodiscard]] constexpr auto case_when(Where condition, Result&& result) {
    using Given = typename detail::ShapeOfOperand<Result>::Type;
    using Value =
        std::conditional_t<Integer<Given>, std::int64_t, std::conditional_t<detail::Floating<Given>, double, Given>>;
    return detail::CaseBuilder<Value, detail::TypeList<>>{std::tuple<>{}}.when(std::move(condition),
                                                                               std::forward<Result>(result));
}

/// Does the query give a row?
template <class Query>
[[nodiscard]] constexpr auto exists(const Query& query) {
    return [&]<class... Held>(std::tuple<Held...> values) {
        return detail::Expression<detail::ExistsShape<typename Query::QueryShape>, Held...>{std::move(values)};
    }(query.template values<detail::Wanted::existence>());
}

/// The only value of a query that selects one column and gives at most one row; NULL where it gives none.
template <class Query>
[[nodiscard]] constexpr auto scalar(const Query& query) {
    return [&]<class... Held>(std::tuple<Held...> values) {
        return detail::Expression<detail::ScalarShape<typename Query::QueryShape>, Held...>{std::move(values)};
    }(query.values());
}

/// The member of a JSON document at a path, as text: `json_text<"address", "city">(col<&T::document>)`. NULL where
/// there is none.
template <FixedString... path, detail::AnyExpression Document>
[[nodiscard]] constexpr auto json_text(Document document) {
    static_assert(std::is_same_v<typename Document::Type, std::string>, "rowan: json_text is for text that holds JSON");
    static_assert(sizeof...(path) != 0, "rowan: json_text needs the path of a member: json_text<\"name\">(document)");
    return detail::combine<detail::PatternShape<Function::json_text, std::string, typename Document::Shape,
                                                detail::JsonPathShape<path...>>>(
        std::move(document), detail::Expression<detail::JsonPathShape<path...>>{});
}

}  // namespace rowan

// ---- rowan/query/insert_from.hpp ----



// ---- rowan/query/assignment.hpp ----



#include <cstddef>
#include <optional>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace rowan {

namespace detail {

template <auto Member, class AssignedValue>
struct AssignmentShape {
    using Value = AssignedValue;
    static constexpr auto member = Member;

    template <class Scope>
    using Parameters = typename Value::template Parameters<Scope>;

    template <class T, class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        write_column(out, dialect, table_info<T>, reflect::index_of<T, Member>());
        out << " = ";
        write_value<T, Scope>(out, dialect, parameter);
    }

    /// What is assigned to the column of T's table, where it comes from the tables of Scope.
    template <class T, class Scope>
    static constexpr void write_value(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        static_assert(is_optional<reflect::MemberOf<Member>> || !Value::template nullable<Scope>,
                      "rowan: a value that may be NULL is assigned to a column that is never NULL: coalesce it");
        constexpr ColumnType type = table_info<T>.columns[reflect::index_of<T, Member>()].type;
        const std::string_view pattern = needs_no_look<Scope, type>() ? std::string_view{} : dialect.assigned(type);
        const std::size_t gap = pattern.find('\1');
        out << pattern.substr(0, gap);
        Value::template write<Scope>(out, dialect, parameter);
        if (!pattern.empty()) out << pattern.substr(gap + 1);
    }

    /// Writes the test whether the column has another value than this one.
    template <class T, class Scope>
    static constexpr void write_change(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        constexpr Stored form = stored_as(table_info<T>.columns[reflect::index_of<T, Member>()].type);
        constexpr Function test = form == Stored::text ? Function::other_text : Function::distinct;
        PatternShape<test, bool, ColumnShape<Member, "">, Value>::template write<Scope>(out, dialect, parameter);
    }

private:
    /// A value was looked at when it became a parameter; another column of the same type holds nothing else.
    template <class Scope, ColumnType type>
    static consteval bool needs_no_look() {
        if constexpr (requires { Value::is_value; })
            return true;
        else if constexpr (requires { Value::is_column; })
            return Value::template Codec<Scope>::column == type;
        else
            return false;
    }
};

/// The test whether an assignment would change anything, with the parameters of the assignment itself.
template <class Assignment>
struct ChangeShape {
    template <class Scope>
    using Parameters = TypeList<>;

    template <class T, class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        Assignment::template write_change<T, Scope>(out, dialect, parameter);
    }
};

}  // namespace detail

/// `column = value`: what `set<&T::m> = value` gives.
template <class AssignmentShape, class... Held>
struct Assignment {
    using Shape = AssignmentShape;
    std::tuple<Held...> values;
};

/// Names a member to assign to: `set<&T::m> = value`, where the value is one of the member's type, std::nullopt for a
/// member that may be missing, or an expression.
template <auto Member>
struct Setter {
    template <class Value>
    constexpr auto operator=(Value&& value) const {
        using Declared = reflect::MemberOf<Member>;
        static_assert(detail::require_settable<Declared>());
        using Like = detail::ColumnShape<Member, "">;
        using Given = std::remove_cvref_t<Value>;
        if constexpr (std::is_same_v<Given, std::nullopt_t> || detail::is_optional<Given>) {
            static_assert(detail::is_optional<Declared>,
                          "rowan: a value that may be missing is assigned to a member that is no std::optional");
            if constexpr (detail::is_optional<Declared> && fits<Given>()) {
                using Kept = std::conditional_t<std::is_same_v<Given, std::nullopt_t>, Declared, Given>;
                return make(detail::Expression<detail::MaybeValueShape<Like>, Kept>{
                    std::tuple<Kept>{Kept(std::forward<Value>(value))}});
            } else {
                return make(detail::make_value<Like>(typename Like::Type{}));
            }
        } else {
            if constexpr (detail::AnyExpression<Value>)
                static_assert(!Integer<typename Like::Type> || !detail::Floating<typename Given::Type>,
                              "rowan: an expression with a fraction is assigned to an integer member: "
                              "cast<std::int64_t>(...) it");
            return make(detail::operand_beside<Like>(std::forward<Value>(value)));
        }
    }

private:
    template <class Given>
    static constexpr bool fits() {
        if constexpr (detail::is_optional<Given>)
            return detail::require_comparable<detail::required_t<reflect::MemberOf<Member>>,
                                              typename Given::value_type>();
        else
            return true;
    }

    template <class Shape, class... Held>
    static constexpr auto make(detail::Expression<Shape, Held...> value) {
        return Assignment<detail::AssignmentShape<Member, Shape>, Held...>{std::move(value.values)};
    }
};

template <auto Member>
inline constexpr Setter<Member> set{};

}  // namespace rowan

#include <array>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <type_traits>
#include <utility>

/// Rows that a query gives, stored without passing through the program.
namespace rowan::detail {

template <class Shape>
concept IsValue = requires { Shape::is_value; };

/// The columns of T's table that rowan writes by itself, behind those that are assigned: the first version is a
/// constant, the times are parameters.
template <class T>
struct StampedColumns {
    static constexpr ManagedColumns managed = managed_columns<T>;
    static constexpr std::size_t times =
        (managed.updated_at != ManagedColumns::none ? 1 : 0) + (managed.created_at != ManagedColumns::none ? 1 : 0);
    static constexpr std::size_t count = times + (has_version<T> ? 1 : 0);

    /// The values of the parameters.
    static auto values(Timestamp now) {
        return [&]<std::size_t... I>(std::index_sequence<I...>) {
            return std::tuple{((void)I, now)...};
        }(std::make_index_sequence<times>{});
    }

    template <class Scope>
    using Taker = OneValue<ShapeOf<Timestamp>, Scope>;
    template <class Scope>
    using Parameters = std::conditional_t<
        times == 0, TypeList<>,
        std::conditional_t<times == 1, TypeList<Taker<Scope>>, TypeList<Taker<Scope>, Taker<Scope>>>>;
};

/// What is assigned to columns of T's table, as what a query selects.
template <class T, class... Assignments>
struct AssignedItems {
    using Stamped = StampedColumns<T>;
    using Items = TypeList<typename Assignments::Value...>;
    using Parts = Items;
    template <class Scope, class Groups>
    static constexpr bool settled = true;
    static constexpr std::size_t columns = sizeof...(Assignments) + Stamped::count;
    static constexpr std::array<std::uint16_t, columns> places = [] {
        std::array<std::uint16_t, columns> places{
            static_cast<std::uint16_t>(reflect::index_of<T, Assignments::member>())...};
        std::size_t i = sizeof...(Assignments);
        const ManagedColumns managed = Stamped::managed;
        for (const std::uint16_t column : {managed.version, managed.updated_at, managed.created_at})
            if (column != ManagedColumns::none) places[i++] = column;
        return places;
    }();

    /// A plain value is written as the column's own; expressions are made of the query's tables.
    template <class Assignment, class Scope>
    using ScopeOf = std::conditional_t<IsValue<typename Assignment::Value>, TableScope<T>, Scope>;

    template <class Scope>
    using Parameters = Concat<typename Assignments::template Parameters<ScopeOf<Assignments, Scope>>...,
                              typename Stamped::template Parameters<Scope>>;
    template <class Scope>
    using Row = std::tuple<>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        Separator comma{", "};
        ((out << comma, Assignments::template write_value<T, ScopeOf<Assignments, Scope>>(out, dialect, parameter)),
         ...);
        if (has_version<T>) out << comma << '1';
        for (std::size_t i = 0; i != Stamped::times; ++i) {
            out << comma;
            write_parameter(out, dialect, parameter++);
        }
    }

    /// Is every column set that takes no NULL, and that neither rowan nor the database makes?
    static constexpr bool is_complete() {
        constexpr const TableInfo& table = table_info<T>;
        for (std::size_t i = 0; i != table.columns.size(); ++i) {
            bool found = table.columns[i].nullable || (table.generated_key && is_key(table, i));
            for (const std::uint16_t place : places) found = found || place == i;
            if (!found) return false;
        }
        return true;
    }
};

/// `INSERT INTO "t" ("a", "b") SELECT …`, whose projection is AssignedItems.
template <class T, const Dialect& dialect, class Query>
struct InsertFrom {
    static constexpr auto parameters() { return forms_of(typename Query::template Parameters<void>{}); }

    static constexpr void write(TextWriter& out) {
        std::size_t parameter = 1;
        write_insert_into(out, dialect, table_info<T>, Query::Projection::places);
        out << ' ';
        Query::template write<void>(out, dialect, parameter);
    }
};

}  // namespace rowan::detail

// ---- rowan/query/take.hpp ----



#include <cstddef>
#include <type_traits>

namespace rowan::detail {

/// May a function be called with each row of this query? Not where rows are merged or left out after they were made.
template <class Query>
inline constexpr bool gives_each_row = false;
template <class Query>
    requires requires { typename Query::Projection; }
inline constexpr bool gives_each_row<Query> =
    std::is_same_v<typename Query::Projection, WholeRows> && !Query::From::qualified && Query::counts_rows;

/// Is a column the whole key of its table, and an integer?
template <auto Member>
inline constexpr bool is_integer_key = [] {
    constexpr const TableInfo& info = table_info<reflect::ClassOf<Member>>;
    return Integer<reflect::MemberOf<Member>> && info.key.size() == 1 &&
           info.key[0] == reflect::index_of<reflect::ClassOf<Member>, Member>();
}();

/// How rows that are taken are to be ordered.
enum class TakenOrder : unsigned char {
    any,
    by_key,  ///< by an integer key, ascending: mostly they come like that, and if not, the program can sort them
    by_statement,
};

template <class Order>
inline constexpr TakenOrder taken_order = TakenOrder::by_statement;
template <>
inline constexpr TakenOrder taken_order<OrderShapes<>> = TakenOrder::any;
template <auto Member, FixedString alias>
inline constexpr TakenOrder taken_order<OrderShapes<OrderShape<ColumnShape<Member, alias>, false, Nulls::by_default>>> =
    is_integer_key<Member> ? TakenOrder::by_key : TakenOrder::by_statement;

template <class Query>
inline constexpr bool is_in_key_order = false;
template <class Query>
    requires gives_each_row<Query>
inline constexpr bool is_in_key_order<Query> = taken_order<typename Query::Order> == TakenOrder::by_key;

/// Does a condition choose the rows that have one of a list of integer keys?
template <class Where>
inline constexpr bool is_among_keys = false;
template <auto Member, FixedString alias>
inline constexpr bool is_among_keys<
    PatternShape<Function::in_list, bool, ColumnShape<Member, alias>, ListShape<ColumnShape<Member, alias>>>> =
    is_integer_key<Member>;

/// A query of whole rows that hands them to a function, which the last parameter belongs to.
template <class Query, const Dialect& dialect>
struct TakeText {
    static constexpr auto parameters() { return forms_of(typename Query::template Parameters<void>{}); }

    static constexpr void write(TextWriter& out) {
        constexpr bool ordered = taken_order<typename Query::Order> == TakenOrder::by_statement;
        std::size_t parameter = 1;
        out << "SELECT " << (ordered ? dialect.take : dialect.take_all) << '(';
        write_parameter(out, dialect, parameters().size() + 1);
        out << ", ";
        Query::Projection::template write<typename Query::template ScopeIn<void>>(out, dialect, parameter);
        out << ')';
        if constexpr (!ordered && is_among_keys<typename Query::Where>)
            write_keys(out, parameter);
        else if constexpr (!ordered)
            Query::template WithOrder<OrderShapes<>>::template write_tail<void, Wanted::rows>(out, dialect, parameter);
        else
            Query::template write_tail<void, Wanted::rows>(out, dialect, parameter);
    }

private:
    /// From key to row, without the index of its own that IN makes of a list.
    static constexpr void write_keys(TextWriter& out, std::size_t parameter) {
        using Entity = typename Query::From::First::Entity;
        out << " FROM " << dialect.set << '(';
        write_parameter(out, dialect, parameter);
        out << ") CROSS JOIN ";
        write_table_name(out, dialect, table_info<Entity>);
        out << " ON ";
        write_column(out, dialect, table_info<Entity>, table_info<Entity>.key[0]);
        out << " = " << dialect.set_member;
    }
};

}  // namespace rowan::detail

// ---- rowan/repository/cursor.hpp ----



// ---- rowan/query/keyset.hpp ----



// ---- rowan/query/upsert.hpp ----



#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

namespace rowan::detail {

/// Is the set of columns that of `candidate`, in any order?
constexpr bool same_columns(std::span<const std::uint16_t> set, auto candidate, auto column_of) {
    if (set.size() != candidate.size()) return false;
    for (const auto& item : candidate) {
        bool found = false;
        for (const std::uint16_t column : set) found = found || column == column_of(item);
        if (!found) return false;
    }
    return true;
}

/// How the condition of a partial index was declared.
template <class T, class Predicate>
constexpr WritePredicate predicate_of() {
    return &Expression<Predicate>::template write_alone<T>;
}

template <class T, class Predicate>
constexpr bool is_key_or_unique(std::span<const std::uint16_t> columns) {
    constexpr const TableInfo& table = table_info<T>;
    constexpr bool partial = !std::is_void_v<Predicate>;
    if (!partial && same_columns(columns, table.key, [](std::uint16_t column) { return column; })) return true;
    for (const IndexInfo& index : table.indexes) {
        if (!index.unique || index.partial != partial) continue;
        if constexpr (partial)
            if (index.predicate != predicate_of<T, Predicate>()) continue;
        if (same_columns(columns, table.columns_of(index), [](const IndexColumn& item) { return item.column; }))
            return true;
    }
    return false;
}

constexpr bool contains(std::span<const std::uint16_t> columns, std::size_t column) {
    for (const std::uint16_t candidate : columns)
        if (candidate == column) return true;
    return false;
}

template <class T, auto... Members>
inline constexpr std::array<std::uint16_t, sizeof...(Members)> places{
    static_cast<std::uint16_t>(reflect::index_of<T, Members>())...};

constexpr void write_conflict(TextWriter& out, const Dialect& dialect, const TableInfo& table,
                              std::span<const std::uint16_t> target) {
    out << " ON CONFLICT (";
    write_columns(out, dialect, table, target);
    out << ')';
}

constexpr void write_from_excluded(TextWriter& out, const Dialect& dialect, const TableInfo& table,
                                   std::size_t column) {
    write_column(out, dialect, table, column);
    out << " = excluded.";
    write_column(out, dialect, table, column);
}

constexpr void write_excluded(TextWriter& out, const Dialect& dialect, const TableInfo& table,
                              std::span<const std::uint16_t> columns, std::span<const std::uint16_t> but) {
    Separator comma{", "};
    out << " DO UPDATE SET ";
    for (const std::uint16_t column : columns) {
        if (contains(but, column)) continue;
        out << comma;
        write_from_excluded(out, dialect, table, column);
    }
}

/// Is the table called like the row that was to be inserted, which would hide that row?
constexpr bool is_called_excluded(const TableInfo& table) {
    constexpr std::string_view excluded = "excluded";
    if (table.name.size() != excluded.size()) return false;
    for (std::size_t i = 0; i != excluded.size(); ++i)
        if (table.name[i] != excluded[i] && table.name[i] != excluded[i] - 'a' + 'A') return false;
    return true;
}

/// The table of an upsert, under another name where it needs one.
template <class T>
struct UpsertTarget : Source<T> {
    static constexpr std::string_view qualifier = is_called_excluded(table_info<T>) ? "existing" : "";
};

/// The row that is there, and the one that was to be inserted.
template <class T>
using UpsertScope = Scope<void, true, false, UpsertTarget<T>, Source<T, "excluded">>;

template <class T>
constexpr void write_upsert_into(TextWriter& out, const Dialect& dialect, std::span<const std::uint16_t> columns) {
    out << "INSERT INTO ";
    write_table_name(out, dialect, table_info<T>);
    if constexpr (!UpsertTarget<T>::qualifier.empty()) {
        out << " AS ";
        write_identifier(out, dialect, UpsertTarget<T>::qualifier);
    }
    write_inserted_columns(out, dialect, table_info<T>, columns);
}

/// What takes the values of a policy.
template <class T, class Action>
struct ActionParameters {
    using type = TypeList<>;
};
template <class T, class What, class Where, class... Held>
struct ActionParameters<T, DoUpdate<What, Where, Held...>> {
    using type = typename Where::template Parameters<UpsertScope<T>>;
};
template <class T, class... Assignments, class Where, class... Held>
struct ActionParameters<T, DoUpdate<SetTo<Assignments...>, Where, Held...>> {
    using type = Concat<typename Assignments::template Parameters<UpsertScope<T>>...,
                        typename Where::template Parameters<UpsertScope<T>>>;
};

template <class T, class Predicate, class Action>
struct ActionParameters<T, OnPartial<Predicate, Action>> : ActionParameters<T, Action> {};

/// Are the rows that are updated counted, by the feed that is parameter 1?
enum class RowTally : bool { no, yes };

/// The conflict clause of a policy.
template <class T, class Policy>
struct Conflict;

template <class T, class Action, auto... Target>
struct Conflict<T, UpsertPolicy<Action, Target...>> {
    static constexpr auto& target = places<T, Target...>;

    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter,
                                RowTally tally = RowTally::no) {
        using Predicate = typename PredicateOf<Action>::type;
        constexpr bool known = is_key_or_unique<T, Predicate>(target);
        static_assert(known, "rowan: the members of on_conflict are neither the key nor a unique constraint of the "
                             "table: declare them with .unique<...>(), or name those of a declared one");
        if constexpr (known) {
            write_conflict(out, dialect, table_info<T>, target);
            if constexpr (!std::is_void_v<Predicate>) {
                out << " WHERE ";
                write_predicate(out, dialect, table_info<T>, predicate_of<T, Predicate>());
            }
            write_action(out, dialect, parameter, tally, static_cast<Action*>(nullptr));
        }
    }

    using Parameters = typename ActionParameters<T, Action>::type;

private:
    static constexpr void write_action(TextWriter& out, const Dialect&, std::size_t&, RowTally, DoNothing*) {
        out << " DO NOTHING";
    }

    template <class What, class Where, class... Held>
    static constexpr void write_action(TextWriter& out, const Dialect& dialect, std::size_t& parameter, RowTally tally,
                                       DoUpdate<What, Where, Held...>*) {
        write_what(out, dialect, parameter, static_cast<What*>(nullptr));
        write_touch(out, dialect);
        const bool counts = tally == RowTally::yes;
        constexpr bool always = std::is_same_v<Where, Nothing>;
        if constexpr (!always) {
            // Unlike AND, CASE promises an order: only where the condition is true, the row is counted.
            out << (counts ? " WHERE CASE WHEN " : " WHERE ");
            Where::template write<UpsertScope<T>>(out, dialect, parameter);
            if (counts) out << " THEN ";
        } else if (counts) {
            out << " WHERE ";
        }
        if (!counts) return;
        out << dialect.tally << '(';
        write_parameter(out, dialect, 1);
        out << (always ? ")" : ") END");
    }

    /// The row that is there counts on from its own version; the other one has the time.
    static constexpr void write_touch(TextWriter& out, const Dialect& dialect) {
        if constexpr (has_version<T>) {
            out << ", ";
            write_version_bump<UpsertTarget<T>>(out, dialect, table_info<T>);
        }
        if constexpr (constexpr std::uint16_t time = managed_columns<T>.updated_at; time != ManagedColumns::none) {
            out << ", ";
            write_from_excluded(out, dialect, table_info<T>, time);
        }
    }

    template <auto... Members>
    static constexpr void write_what(TextWriter& out, const Dialect& dialect, std::size_t&, Overwrite<Members...>*) {
        if constexpr (sizeof...(Members) != 0) {
            static_assert((require_settable<reflect::MemberOf<Members>>() && ...));
            write_excluded(out, dialect, table_info<T>, places<T, Members...>, {});
        } else {
            constexpr auto& candidates = column_list<T, Columns::changeable>;
            constexpr bool any = [] {
                for (const std::uint16_t column : candidates)
                    if (!contains(target, column)) return true;
                return false;
            }();
            static_assert(any, "rowan: do_update has nothing to update, as every column belongs to the key or to the "
                               "conflict target: use do_nothing()");
            if constexpr (any) write_excluded(out, dialect, table_info<T>, candidates, target);
        }
    }

    template <class... Assignments>
    static constexpr void write_what(TextWriter& out, const Dialect& dialect, std::size_t& parameter,
                                     SetTo<Assignments...>*) {
        Separator comma{", "};
        out << " DO UPDATE SET ";
        ((out << comma, Assignments::template write<T, UpsertScope<T>>(out, dialect, parameter)), ...);
    }
};

/// Does a policy leave the rows that are there alone?
template <class Policy>
inline constexpr bool only_inserts = std::is_base_of_v<DoNothing, typename Policy::Action>;

/// The forms of a row's parameters, then of the policy's.
template <class T, class Policy, Columns columns, bool lists>
constexpr auto upsert_forms() {
    constexpr auto row = column_forms<T, columns, lists>;
    constexpr auto policy = forms_of(typename Conflict<T, Policy>::Parameters{});
    std::array<Form, row.size() + policy.size()> forms{};
    for (std::size_t i = 0; i != forms.size(); ++i) forms[i] = i < row.size() ? row[i] : policy[i - row.size()];
    return forms;
}

/// One row, or nothing, or an update of the row that is there.
template <class T, const Dialect& dialect, bool generate, class Policy>
struct Upsert {
    static constexpr Columns columns = inserted_columns<T, dialect, generate>;

    static constexpr auto parameters() { return upsert_forms<T, Policy, columns, false>(); }

    static constexpr void write(TextWriter& out) {
        std::size_t parameter = column_list<T, columns>.size() + 1;
        write_upsert_into<T>(out, dialect, column_list<T, columns>);
        write_values(out, dialect, column_list<T, columns>.size());
        Conflict<T, Policy>::write(out, dialect, parameter);
        // Where nothing is ever updated, the number of rows tells all.
        if (!only_inserts<Policy> && !dialect.upsert_outcome.empty()) out << " RETURNING " << dialect.upsert_outcome;
    }
};

/// Any number of rows, where parameters may be arrays: gives how many were inserted, and how many updated; where none
/// is ever updated, its number of rows is that of those inserted.
template <class T, const Dialect& dialect, bool generate, class Policy>
struct UpsertArrays {
    static constexpr Columns columns = inserted_columns<T, dialect, generate>;

    static constexpr auto parameters() { return upsert_forms<T, Policy, columns, true>(); }

    static constexpr void write(TextWriter& out) {
        if constexpr (only_inserts<Policy>) {
            write_upsert(out);
        } else {
            out << "WITH outcome AS (";
            write_upsert(out);
            out << " RETURNING " << dialect.upsert_outcome
                << " AS inserted) SELECT count(*) FILTER (WHERE inserted), count(*) FILTER (WHERE NOT inserted) FROM "
                   "outcome";
        }
    }

private:
    static constexpr void write_upsert(TextWriter& out) {
        std::size_t parameter = column_list<T, columns>.size() + 1;
        write_upsert_into<T>(out, dialect, column_list<T, columns>);
        write_unnest(out, dialect, table_info<T>, column_list<T, columns>);
        Conflict<T, Policy>::write(out, dialect, parameter);
    }
};

}  // namespace rowan::detail

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

/// Pages by the last row's values instead of an offset: the database goes straight to the page through an index, and
/// rows that come or go meanwhile neither repeat nor hide others. https://use-the-index-luke.com/no-offset
namespace rowan::detail {

/// One key of an order that can be paged: a plain column.
template <class Order>
struct PageKey {
    static constexpr bool is_column = false;
};
template <auto Member, FixedString alias, bool descending, Nulls nulls>
struct PageKey<OrderShape<ColumnShape<Member, alias>, descending, nulls>> {
    static constexpr bool is_column = true;
    static constexpr auto member = Member;
    using Value = reflect::MemberOf<Member>;
    using Reversed = OrderShape<ColumnShape<Member, alias>, !descending, nulls>;
};

/// Is the order of T's rows one that no two rows share: does it name all columns of the key, or of a unique constraint?
template <class T, class... Orders>
constexpr bool is_total_order() {
    const std::array<std::uint16_t, sizeof...(Orders)> columns{
        static_cast<std::uint16_t>(reflect::index_of<T, PageKey<Orders>::member>())...};
    constexpr const TableInfo& table = table_info<T>;
    const auto has_all = [&](const auto& wanted, auto column_of) {
        for (const auto& item : wanted)
            if (!contains(columns, column_of(item)) || table.columns[column_of(item)].nullable) return false;
        return !wanted.empty();
    };
    if (has_all(table.key, [](std::uint16_t column) { return column; })) return true;
    for (const IndexInfo& index : table.indexes)
        if (index.unique && has_all(table.columns_of(index), [](const IndexColumn& item) { return item.column; }))
            return true;
    return false;
}

template <class T, class Orders>
struct Paging;

template <class T, class... Orders>
struct Paging<T, OrderShapes<Orders...>> {
    static consteval bool require() {
        constexpr bool ordered = sizeof...(Orders) != 0;
        static_assert(ordered, "rowan: pages need an order: order_by(rowan::asc<&T::m>, ...)");
        constexpr bool columns = (PageKey<Orders>::is_column && ...);
        static_assert(columns, "rowan: pages are ordered by plain columns: order_by(rowan::asc<&T::m>, ...)");
        if constexpr (ordered && columns) {
            constexpr bool required = (!is_optional<typename PageKey<Orders>::Value> && ...);
            static_assert(required, "rowan: pages cannot be ordered by a column that may be NULL: NULLs have no place "
                                    "between values");
            constexpr bool total = is_total_order<T, Orders...>();
            static_assert(total,
                          "rowan: two rows could share a place in this order, so that a page could begin between "
                          "them: end the order with the key or a unique column");
            return required && total;
        }
        return false;
    }
};

template <bool first, bool... rest>
inline constexpr bool all_same = ((rest == first) && ...);

/// Behind a row, or before it. In an order of one direction that is a comparison of rows, `(a, b) > ($1, $2)`, which an
/// index serves; else `a >= $1 AND (a > $1 OR (a = $1 AND (b < $2)))`, whose first part an index serves.
template <bool before, class... Orders>
struct KeysetShape : ShapeBase {
    using Type = bool;
    template <class Scope>
    using Codec = rowan::Type<bool>;

    static constexpr std::array<bool, sizeof...(Orders)> falls{(Orders::is_descending != before)...};
    static constexpr bool one_direction = all_same<(Orders::is_descending != before)...>;
    static constexpr Binding binding = one_direction ? Binding::comparison : Binding::conjunction;

    template <class Scope>
    static constexpr bool nullable = false;
    template <class Scope>
    using Parameters = TypeList<OneValue<typename Orders::Key, Scope>...>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        if constexpr (one_direction) {
            const bool open = sizeof...(Orders) != 1;
            std::size_t none = 0;
            Separator key_comma{", "};
            Separator value_comma{", "};
            if (open) out << '(';
            ((out << key_comma, Orders::Key::template write<Scope>(out, dialect, none)), ...);
            out << (open ? ")" : "") << (falls[0] ? " < " : " > ") << (open ? "(" : "");
            for (std::size_t i = 0; i != sizeof...(Orders); ++i) {
                out << value_comma;
                write_parameter(out, dialect, parameter + i);
            }
            if (open) out << ')';
        } else {
            std::size_t i = 0;
            (write_key<Orders, Scope>(out, dialect, parameter, i++), ...);
            for (i = 1; i != sizeof...(Orders); ++i) out << "))";
            out << ')';
        }
        parameter += sizeof...(Orders);
    }

private:
    template <class Order, class Scope>
    static constexpr void compare(TextWriter& out, const Dialect& dialect, std::size_t number, std::string_view op) {
        std::size_t none = 0;
        Order::Key::template write<Scope>(out, dialect, none);
        out << op;
        write_parameter(out, dialect, number);
    }

    template <class Order, class Scope>
    static constexpr void write_key(TextWriter& out, const Dialect& dialect, std::size_t parameter, std::size_t i) {
        if (i == 0) {
            compare<Order, Scope>(out, dialect, parameter, falls[0] ? " <= " : " >= ");
            out << " AND (";
        }
        compare<Order, Scope>(out, dialect, parameter + i, falls[i] ? " < " : " > ");
        if (i + 1 == sizeof...(Orders)) return;
        out << " OR (";
        compare<Order, Scope>(out, dialect, parameter + i, " = ");
        out << " AND (";
    }
};

}  // namespace rowan::detail

// ---- rowan/repository/token.hpp ----



#include <array>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

/// Values as one opaque text: base64url (RFC 4648, section 5, without padding) of the values in their Stored forms,
/// with a mark in front and a checksum behind.
namespace rowan::detail {

inline constexpr std::string_view base64_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

inline std::string base64_of(std::string_view bytes) {
    std::string text;
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (const char c : bytes) {
        bits = bits << 8 | static_cast<unsigned char>(c);
        for (count += 8; count >= 6; count -= 6) text += base64_alphabet[bits >> (count - 6) & 63];
    }
    if (count != 0) text += base64_alphabet[bits << (6 - count) & 63];
    return text;
}

/// False for a character that is none of the alphabet, and for a text that no bytes give.
inline bool read_base64(std::string_view text, std::string& bytes) {
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (const char c : text) {
        const std::size_t digit = base64_alphabet.find(c);
        if (digit == std::string_view::npos) return false;
        bits = bits << 6 | static_cast<std::uint32_t>(digit);
        count += 6;
        if (count < 8) continue;
        count -= 8;
        bytes += static_cast<char>(bits >> count & 255);
    }
    return count < 6 && (bits & ((1u << count) - 1)) == 0;
}

/// The sink that a token is written to.
class TokenWriter {
public:
    explicit TokenWriter(std::uint32_t mark) { (void)number(mark, 4); }

    static Fault put_null() { return Fault::null_value; }
    Fault put(bool value) { return number(value ? 1 : 0, 1); }
    Fault put(std::int64_t value) { return number(static_cast<std::uint64_t>(value), 8); }
    Fault put(double value) { return number(std::bit_cast<std::uint64_t>(value), 8); }
    Fault put(std::string_view value) {
        (void)number(value.size(), 4);
        bytes_ += value;
        return Fault::none;
    }
    Fault put(std::span<const std::byte> value) {
        return put(std::string_view{reinterpret_cast<const char*>(value.data()), value.size()});
    }
    Fault put(Timestamp value) { return put(std::int64_t{value.time_since_epoch().count()}); }
    Fault put(std::chrono::sys_days value) { return put(std::int64_t{value.time_since_epoch().count()}); }

    [[nodiscard]] std::string finish() {
        (void)number(fnv1a(bytes_), 4);
        return base64_of(bytes_);
    }

private:
    Fault number(std::uint64_t value, std::size_t size) {
        for (std::size_t i = 0; i != size; ++i) bytes_ += static_cast<char>(value >> (8 * i) & 255);
        return Fault::none;
    }

    std::string bytes_;
};

/// The cell that a token's values are read from, one after the other.
class TokenReader {
public:
    TokenReader(std::string_view token, std::uint32_t mark) {
        if (!read_base64(token, bytes_) || bytes_.size() < 8) return;
        const std::string_view body{bytes_.data(), bytes_.size() - 4};
        end_ = bytes_.size();
        at_ = body.size();
        const bool whole = number(4) == fnv1a(body);
        at_ = 0;
        end_ = body.size();
        good_ = number(4) == mark && whole;
    }

    [[nodiscard]] bool is_good() const { return good_; }
    [[nodiscard]] bool is_at_end() const { return good_ && at_ == end_; }

    Fault get(bool& value) const {
        value = number(1) != 0;
        return outcome();
    }
    Fault get(std::int64_t& value) const {
        value = static_cast<std::int64_t>(number(8));
        return outcome();
    }
    Fault get(double& value) const {
        value = std::bit_cast<double>(number(8));
        return outcome();
    }
    Fault get(std::string_view& value) const {
        const std::uint64_t size = number(4);
        if (!fits(size)) return Fault::invalid_value;
        value = std::string_view{bytes_}.substr(at_, static_cast<std::size_t>(size));
        at_ += static_cast<std::size_t>(size);
        return Fault::none;
    }
    Fault get(std::span<const std::byte>& value) const {
        std::string_view text;
        const Fault fault = get(text);
        value = std::as_bytes(std::span{text});
        return fault;
    }
    Fault get(Timestamp& value) const {
        std::int64_t count{};
        const Fault fault = get(count);
        value = Timestamp{std::chrono::microseconds{count}};
        return fault;
    }
    Fault get(std::chrono::sys_days& value) const {
        std::int64_t count{};
        const Fault fault = get(count);
        value = std::chrono::sys_days{std::chrono::days{count}};
        return fault;
    }

private:
    [[nodiscard]] bool fits(std::uint64_t size) const {
        if (size > end_ - at_) good_ = false;
        return good_;
    }

    std::uint64_t number(std::size_t size) const {
        if (size > end_ - at_) {
            good_ = false;
            return 0;
        }
        std::uint64_t value = 0;
        for (std::size_t i = size; i != 0; --i) value = value << 8 | static_cast<unsigned char>(bytes_[at_ + i - 1]);
        at_ += size;
        return value;
    }

    [[nodiscard]] Fault outcome() const { return good_ ? Fault::none : Fault::invalid_value; }

    std::string bytes_{};
    mutable std::size_t at_ = 0;
    std::size_t end_ = 0;
    mutable bool good_ = false;
};

}  // namespace rowan::detail

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

namespace rowan {

/// A place in the order of T's rows: the values of one row in the columns of that order. `Query::cursor` makes it of a
/// row, `after` and `before` start from it.
template <class T, class Orders>
class Cursor;

template <class T, class... Orders>
class Cursor<T, detail::OrderShapes<Orders...>> {
public:
    using Values = std::tuple<typename detail::PageKey<Orders>::Value...>;

    explicit Cursor(Values values) : values_{std::move(values)} {}

    [[nodiscard]] const Values& values() const { return values_; }

    /// The cursor as text for a URL: letters, digits, `-` and `_`. It can be read by whoever sees it, and is checked
    /// against mistakes, not against forgery: what it holds is bound as values, never as SQL.
    [[nodiscard]] Result<std::string> token() const {
        detail::TokenWriter writer{order_mark()};
        const detail::ValueFault found = [&]<std::size_t... I>(std::index_sequence<I...>) {
            detail::ValueFault fault;
            (void)((fault.fault = CodecAt<I>::write(writer, std::get<I>(values_)),
                    fault.place = {&table_info<T>, column_at<I>()}, fault.fault == Fault::none) &&
                   ...);
            return fault;
        }(std::index_sequence_for<Orders...>{});
        if (found.fault != Fault::none) return Failure(detail::fault_error(found, true, {}));
        return writer.finish();
    }

    /// Reads what `token` gave. Code::invalid_value if it was cut, changed, or made for another order.
    [[nodiscard]] static Result<Cursor> parse(std::string_view token) {
        detail::TokenReader reader{token, order_mark()};
        Values values{};
        const bool good = [&]<std::size_t... I>(std::index_sequence<I...>) {
            return (reader.is_good() && ... && (CodecAt<I>::read(reader, std::get<I>(values)) == Fault::none));
        }(std::index_sequence_for<Orders...>{});
        if (!good || !reader.is_at_end())
            return Failure(
                Error{Category::data, Code::invalid_value, "this page token is broken, or was made for another order"});
        return Cursor{std::move(values)};
    }

private:
    template <std::size_t I>
    static constexpr std::size_t column_at() {
        return reflect::index_of<T, detail::PageKey<std::tuple_element_t<I, std::tuple<Orders...>>>::member>();
    }
    template <std::size_t I>
    using CodecAt = detail::Codec<T, column_at<I>()>;

    /// Tells orders apart: the table's name, and the columns' with their directions.
    static constexpr std::uint32_t order_mark() {
        std::uint32_t mark = detail::fnv1a(table_info<T>.name);
        ((mark = (mark ^
                  detail::fnv1a(table_info<T>.columns[reflect::index_of<T, detail::PageKey<Orders>::member>()].name)) *
                 (Orders::is_descending ? 16777619u : 2166136261u)),
         ...);
        return mark;
    }

    Values values_;
};

namespace detail {

/// The place of a row in an order in which no two rows share one.
template <class T, class... Orders>
auto cursor_of(const T& row, OrderShapes<Orders...>) {
    if constexpr (Paging<T, OrderShapes<Orders...>>::require()) {
        const auto fields = reflect::tie(row);
        return Cursor<T, OrderShapes<Orders...>>{
            {std::get<reflect::index_of<T, PageKey<Orders>::member>()>(fields)...}};
    }
}

/// The condition that a row lies behind the cursor, or before it.
template <bool before, class T, class... Orders>
auto keyset(const Cursor<T, OrderShapes<Orders...>>& cursor, OrderShapes<Orders...>) {
    return [&]<class... Held>(const std::tuple<Held...>& held) {
        return Expression<KeysetShape<before, Orders...>, Held...>{held};
    }(cursor.values());
}

}  // namespace detail
}  // namespace rowan

// ---- rowan/repository/query_parts.hpp ----



// ---- rowan/repository/take_rows.hpp ----



#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace rowan::detail {

/// Are whole rows of T handed over by the statement, instead of being asked for?
template <class T, class Execution>
inline constexpr bool takes_rows = false;
template <class T, class Execution>
    requires requires { typename Execution::RowTaker; }
inline constexpr bool takes_rows<T, Execution> = reflect::field_count<T> <= Execution::RowTaker::widest;

template <class T, class Row>
struct TakenRows {
    std::vector<T>& rows;
    ValueFault fault{};

    static bool take(void* self, const Row& row) {
        auto& taken = *static_cast<TakenRows*>(self);
        taken.fault = read_entity(row, taken.rows.emplace_back());
        return !taken.fault;
    }
};

/// Sorts by an integer key, if need be: the numbers, and then each row goes to its place once.
template <class T>
void sort_by_key(std::vector<T>& rows) {
    constexpr std::size_t column = table_info<T>.key[0];
    const auto key = [](const T& row) { return reflect::member<column>(row); };
    const auto precedes = [&](const T& a, const T& b) { return key(a) < key(b); };
    if (std::is_sorted(rows.begin(), rows.end(), precedes)) return;
    std::vector<std::pair<decltype(key(rows[0])), std::size_t>> order;
    order.reserve(rows.size());
    for (std::size_t i = 0; i != rows.size(); ++i) order.emplace_back(key(rows[i]), i);
    std::sort(order.begin(), order.end());
    std::vector<T> sorted;
    sorted.reserve(rows.size());
    for (const auto& [number, row] : order) sorted.push_back(std::move(rows[row]));
    rows = std::move(sorted);
}

/// All rows of a TakeText that has its parameters. There is room for as many as the last time from the beginning: to
/// grow is to move each row once or twice. Room for twice as many as came, or more, is given back.
template <bool by_key, class T, class Execution>
Result<void> take_rows(Execution& execution, const Statement& statement, std::vector<T>& rows) {
    using Taker = typename Execution::RowTaker;
    using Taken = TakenRows<T, typename Taker::Row>;
    constexpr std::size_t most = (std::size_t{64} << 20) / sizeof(T);
    rows.reserve(std::min(execution.expected_rows(), most));
    Taken taken{rows};
    Taker taker{&taken, &Taken::take};
    Result<void> ran = execution.run_take(taker);
    taker.rethrow();
    if (taken.fault) return read_failure(taken.fault, statement);
    if constexpr (by_key) {
        if (ran) sort_by_key(rows);
    } else {
        if (ran) taker.arrange(rows);
    }
    if (rows.capacity() > 2 * rows.size()) rows.shrink_to_fit();
    return ran;
}

}  // namespace rowan::detail

#include <cstdint>
#include <optional>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

/// What Query is made of.
namespace rowan::detail {

/// The values of a query, a tuple a clause.
template <class Projection = std::tuple<>, class From = std::tuple<>, class Where = std::tuple<>,
          class Group = std::tuple<>, class Having = std::tuple<>, class Order = std::tuple<>>
struct QueryValues {
    Projection projection{};
    From from{};
    Where where{};
    Group group{};
    Having having{};
    Order order{};
    std::int64_t limit = 0;
    std::int64_t offset = 0;
};

/// Does a clause have values?
template <class Values>
inline constexpr bool any = !std::is_same_v<Values, std::tuple<>>;

/// What becomes of the rows of a query: classes of the row only, not of the query, so that queries share what follows.
template <class Row, class Reader, bool each_row, bool by_key>
struct AllRows {
    std::vector<Row>& rows;

    /// Are they taken, by a statement of its own?
    template <class Execution>
    static constexpr bool takes = each_row && takes_rows<Row, Execution>;

    template <class Execution>
    Result<void> operator()(Execution& execution, const Statement& statement) const {
        if constexpr (takes<Execution>)
            return take_rows<by_key>(execution, statement, rows);
        else
            return read_rows(execution, statement, Reader{}, rows);
    }
};
template <class Row, class Reader>
struct FirstRow {
    std::optional<Row>& row;

    template <class Execution>
    Result<void> operator()(Execution& execution, const Statement& statement) const {
        return read_row(execution, statement, Reader{}, row);
    }
};
template <class Row, class Reader>
struct OneRow {
    Row& row;

    template <class Execution>
    Result<void> operator()(Execution& execution, const Statement& statement) const {
        return read_only_row(execution, statement, Reader{}, row);
    }
};
template <class Row, class Reader>
struct OneRowOrNone {
    std::optional<Row>& row;

    template <class Execution>
    Result<void> operator()(Execution& execution, const Statement& statement) const {
        return read_row_or_none(execution, statement, Reader{}, row);
    }
};
template <class Value>
struct OneValueOf {
    template <class Execution>
    Result<Value> operator()(Execution& execution, const Statement&) const {
        return read_value<Value>(execution);
    }
};

/// The `Db` of a query that is only part of another.
struct NoDatabase {
    /// Becomes whatever the caller gives, so that the sentence is the only error.
    struct Anything {
        template <class Outcome>
        operator Outcome() const {
            return Failure(Error{Category::programming, Code::misuse, {}});
        }
    };

    template <class Fn>
    Anything lend(Fn&&) {
        static_assert(!std::is_same_v<Fn, Fn>, "rowan: this query is part of another and has no database: start it as "
                                               "from<T>(db) to run it");
        return {};
    }
    template <class Fn>
    Anything hold(Fn&& fn) {
        return lend(fn);
    }
};

/// The text of a query on the database that `db` is.
template <class Shape, class Db>
std::string_view text_on(Db& db) {
    std::string_view text;
    (void)db.lend([&]<class Connection>(Connection&) -> Result<void> {
        text = text_of<QueryText<Shape, Connection::dialect>>;
        return {};
    });
    return text;
}

template <SetOperation op, class Db, class First, class Second>
auto make_set_operation(Db* db, const First& first, const Second& second);

/// The functions that put the rows of two queries together, for a class that derives from it. A row is one of `Self`'s
/// type in both.
template <class Self>
class SetOperations {
public:
    /// The rows of this query, then those of `other`, also where they are alike.
    template <class Other>
    auto union_all(const Other& other) const {
        return with<SetOperation::union_all>(other);
    }
    /// The rows of both, each once. NULLs are alike here, as in `intersect` and `except`.
    template <class Other>
    auto union_(const Other& other) const {
        return with<SetOperation::union_distinct>(other);
    }
    /// The rows that both have, each once.
    template <class Other>
    auto intersect(const Other& other) const {
        return with<SetOperation::intersect>(other);
    }
    /// The rows of this query that `other` does not have, each once.
    template <class Other>
    auto except(const Other& other) const {
        return with<SetOperation::except>(other);
    }

private:
    template <SetOperation op, class Other>
    auto with(const Other& other) const {
        const Self& self = static_cast<const Self&>(*this);
        return make_set_operation<op>(self.database(), self, other);
    }
};

/// What two calls of where, or of having, come to.
template <class Previous, class Shape>
struct Both {
    using type = BinaryShape<Operator::conjunction, bool, Previous, Shape>;
};
template <class Shape>
struct Both<Nothing, Shape> {
    using type = Shape;
};

}  // namespace rowan::detail

// ---- rowan/repository/stream.hpp ----



#include <cstddef>
#include <iterator>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace rowan {

namespace detail {

/// Where a stream's rows come from, whatever the connection.
template <class Row>
class RowSource {
public:
    RowSource() = default;
    RowSource(const RowSource&) = delete;
    RowSource& operator=(const RowSource&) = delete;
    virtual ~RowSource() = default;
    virtual Result<bool> next(Row& row) = 0;
};

/// A SELECT under way on a connection. The values of its parameters must outlive its first row.
template <class Row, class Connection, class Read>
class ConnectionRows final : public RowSource<Row> {
public:
    ConnectionRows(Connection& connection, Loan loan, const Statement& statement, Read read)
        : loan_{std::move(loan)},
          guard_{connection.scopes()},
          execution_{connection, statement},
          statement_{statement},
          read_{read} {}

    [[nodiscard]] auto& parameters() { return execution_; }

    Result<bool> next(Row& row) override {
        if (process_ != process_generation()) [[unlikely]]
            return Failure(Scopes::inherited());
        Result<bool> found = execution_.next();
        if (!found || !*found) return found;
        row = Row{};
        if (const ValueFault fault = read_(execution_, row)) return read_failure(fault, statement_);
        return found;
    }

private:
    Loan loan_;
    ScopeGuard guard_;
    typename Connection::StreamExecution execution_;
    const Statement& statement_;
    Read read_;
    unsigned process_ = process_generation();
};

/// Calls `fn` with a row: does it want more?
template <class Fn, class Row>
Result<bool> offer(Fn& fn, Row& row) {
    using Answer = std::invoke_result_t<Fn&, Row&>;
    if constexpr (std::is_void_v<Answer>) {
        fn(row);
        return true;
    } else if constexpr (std::is_same_v<Answer, bool>) {
        return fn(row);
    } else {
        static_assert(std::is_same_v<Answer, Result<void>>,
                      "rowan: the function of for_each gives nothing, a bool (false: enough) or a Result<void>");
        Result<void> answer = fn(row);
        if (!answer) return Failure(std::move(answer).error());
        return true;
    }
}

/// Calls `fn` with row after row, up to the end or until it has enough.
template <class Row, class Fn>
Result<void> for_each_row(RowSource<Row>& rows, Fn& fn) {
    Row row{};
    while (true) {
        const Result<bool> found = rows.next(row);
        if (!found) return Failure(found.error());
        if (!*found) return {};
        const Result<bool> more = offer(fn, row);
        if (!more) return Failure(more.error());
        if (!*more) return {};
    }
}

}  // namespace detail

/// The rows of a query, read as they are looked at, in bounded memory:
///
///     for (rowan::Result<Trade>& trade : trades.where(…).stream()) …
///
/// An input range: it is read once. A row that cannot be had is an error, and the last. It may be left in the middle.
/// While it lives, the connection's own handle refuses other work; inside a transaction, the transaction's handle does
/// not; a Database or pool lends it a connection of its own. It must not outlive what it was made from.
template <class Row>
class Stream {
public:
    explicit Stream(std::unique_ptr<detail::RowSource<Row>> source) : source_{std::move(source)} {}

    class Iterator {
    public:
        using value_type = Result<Row>;
        using difference_type = std::ptrdiff_t;
        using iterator_concept = std::input_iterator_tag;

        Iterator() = default;
        explicit Iterator(Stream& stream) : stream_{&stream} { stream.advance(); }

        Result<Row>& operator*() const { return *stream_->current_; }
        Iterator& operator++() {
            stream_->advance();
            return *this;
        }
        void operator++(int) { ++*this; }
        bool operator==(std::default_sentinel_t) const { return !stream_->current_.has_value(); }

    private:
        Stream* stream_ = nullptr;
    };

    [[nodiscard]] Iterator begin() { return Iterator{*this}; }
    [[nodiscard]] std::default_sentinel_t end() const { return {}; }

private:
    void advance() {
        if (source_ == nullptr) return current_.reset();
        if (!current_) current_.emplace();
        const Result<bool> found = source_->next(**current_);
        if (found && *found) return;
        // The last one; whatever it held of the connection is given back at once.
        source_.reset();
        if (found)
            current_.reset();
        else
            current_ = Failure(found.error());
    }

    std::unique_ptr<detail::RowSource<Row>> source_;
    std::optional<Result<Row>> current_{};
};

}  // namespace rowan

// ---- rowan/repository/write.hpp ----



#include <cstdint>
#include <tuple>
#include <utility>
#include <vector>

/// Changes of all rows that fulfil a condition.
namespace rowan::detail {

/// Runs an UPDATE or DELETE whose parameters `put` writes: gives the number of rows, or the rows.
template <class T, bool returning, class Connection, class Put>
auto run_change(Connection& connection, const Statement& statement, Put put) {
    using Outcome = std::conditional_t<returning, Result<std::vector<T>>, Result<std::int64_t>>;
    typename Connection::Execution execution{connection, statement};
    if (const ValueFault found = put(execution)) return Outcome{write_failure(found, statement)};
    if constexpr (returning)
        return read_rows<T>(execution, statement, ReadEntity{});
    else
        return execution.run();
}

template <class T, bool returning, class Where, class Db, class... WhereHeld, class... Assignments>
auto update_where(Db& db, const std::tuple<WhereHeld...>& where, const Assignments&... assignments) {
    static_assert(sizeof...(Assignments) != 0, "rowan: an update needs something to set: update(set<&T::m> = value)");
    return db.lend([&]<class Connection>(Connection& connection) {
        using Text = UpdateWhere<T, Connection::dialect, Where, returning, typename Assignments::Shape...>;
        return run_change<T, returning>(connection, statement<Text>, [&](auto& sink) {
            return put_values(typename Text::Parameters{}, sink,
                              std::tuple_cat(as_references(assignments.values)...,
                                             TouchShape::values<T>(time_of_change<T>()), as_references(where)));
        });
    });
}

template <class T, bool returning, class Where, class Db, class... WhereHeld>
auto erase_where(Db& db, const std::tuple<WhereHeld...>& where) {
    return db.lend([&]<class Connection>(Connection& connection) {
        using Text = EraseWhere<T, Connection::dialect, Where, returning>;
        return run_change<T, returning>(connection, statement<Text>, [&](auto& sink) {
            return put_values(typename Where::template Parameters<TableScope<T>>{}, sink, where);
        });
    });
}

}  // namespace rowan::detail

namespace rowan {

/// All rows of a table, said aloud: what `Repository::everywhere` gives, so that no forgotten condition changes them.
template <class T, class Db>
class Everywhere {
public:
    explicit Everywhere(Db& db) : db_{&db} {}

    /// See Query::update and Query::erase.
    template <class... Assignments>
    [[nodiscard]] Result<std::int64_t> update(const Assignments&... assignments) const {
        return detail::update_where<T, false, detail::Nothing>(*db_, std::tuple<>{}, assignments...);
    }
    template <class... Assignments>
    [[nodiscard]] Result<std::vector<T>> update_returning(const Assignments&... assignments) const {
        return detail::update_where<T, true, detail::Nothing>(*db_, std::tuple<>{}, assignments...);
    }
    [[nodiscard]] Result<std::int64_t> erase() const {
        return detail::erase_where<T, false, detail::Nothing>(*db_, std::tuple<>{});
    }
    [[nodiscard]] Result<std::vector<T>> erase_returning() const {
        return detail::erase_where<T, true, detail::Nothing>(*db_, std::tuple<>{});
    }

private:
    Db* db_;
};

}  // namespace rowan

// ---- rowan/session/writable.hpp ----



namespace rowan {

/// Does a `Db` lend its connection for reading only?
template <class Db>
inline constexpr bool is_read_only = false;

namespace detail {

/// A condition whose sentence the compiler shows where it does not hold.
template <bool condition, FixedString sentence>
inline constexpr bool holds = condition;

}  // namespace detail

/// A connection, transaction or Database whose repositories have the functions that write. A read-only session's do
/// not.
template <class Db>
concept WritableSession =
    detail::holds<!is_read_only<Db>,
                  "rowan: a read-only session does not write: use transaction(fn) in the place of read_only(fn)">;

}  // namespace rowan

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace rowan {

/// A SELECT as it grows: each call gives a new query. Nothing is sent before `all`, `first`, `one`, `count`, `exists`,
/// `for_each`, `update` or `erase`; each may be called again. Each gives the database's error, or Category::data with
/// the column's name where a value does not fit.
///
/// A row is the table's struct; with joins a std::tuple of structs, where a left-joined one is a std::optional; with
/// `select` a tuple of values or a struct of the program. A query keeps a pointer to `Db`, and views of text, bytes and
/// ranges that were not temporaries.
template <class Db, class Shape, class Values>
class [[nodiscard]] Query : public detail::SetOperations<Query<Db, Shape, Values>> {
public:
    using QueryShape = Shape;
    using Row = typename Shape::template Row<void>;
    /// The struct of the table that the query starts from.
    using Entity = typename Shape::From::First::Entity;
    /// A place in this query's order.
    using Cursor = rowan::Cursor<Entity, typename Shape::Order>;

    Query(Db* db, Values values) : db_{db}, values_{std::move(values)} {}

    /// Only rows for which this is true as well.
    template <detail::Condition Where>
    auto where(Where condition) const {
        using Joined = typename detail::Both<typename Shape::Where, typename Where::Shape>::type;
        return with<typename Shape::template WithWhere<Joined>>(
            values_.projection, values_.from, detail::join(values_.where, std::move(condition).values), values_.group,
            values_.having, values_.order);
    }

    /// Rows of T's table beside those that are there, for which `on` is true. `name` tells tables of the same T apart.
    template <class T, FixedString name = "", detail::Condition On>
    auto join(On on) const {
        return joined<detail::Source<T, name>>(std::move(on));
    }
    /// The same, but a row that has none beside it stays, with an empty std::optional<T>.
    template <class T, FixedString name = "", detail::Condition On>
    auto left_join(On on) const {
        return joined<detail::Source<T, name, true>>(std::move(on));
    }

    /// One row for all that are alike in these expressions.
    template <detail::AnyExpression... Items>
    auto group_by(Items... items) const {
        return with<typename Shape::template WithGroup<detail::GroupShapes<typename Items::Shape...>>>(
            values_.projection, values_.from, values_.where, detail::join(items.values...), values_.having,
            values_.order);
    }

    /// Only groups for which this is true.
    template <detail::Condition Having>
    auto having(Having condition) const {
        using Joined = typename detail::Both<typename Shape::Having, typename Having::Shape>::type;
        return with<typename Shape::template WithHaving<Joined>>(
            values_.projection, values_.from, values_.where, values_.group,
            detail::join(values_.having, std::move(condition).values), values_.order);
    }

    /// `rowan::asc<&T::m>`, `rowan::desc<&T::m>`, or an expression's `.asc()` or `.desc()`, the most significant first.
    /// Replaces an earlier order.
    template <class... Items>
    auto order_by(Items... items) const {
        static_assert(sizeof...(Items) != 0,
                      "rowan: order_by needs at least one rowan::asc<&T::m> or rowan::desc<&T::m>");
        static_assert(!Shape::backwards,
                      "rowan: order_by comes in front of before(...), whose place is one in that order");
        auto list = rowan::order_by(items...);
        return with<typename Shape::template WithOrder<typename decltype(list)::Shapes>>(
            values_.projection, values_.from, values_.where, values_.group, values_.having, std::move(list.values));
    }

    /// At most `count` rows; `offset` leaves out the first ones. A negative number is an error, told when the query is
    /// run.
    auto limit(std::int64_t count) const {
        auto query = same<typename Shape::template WithLimit<detail::NumberParameter>>();
        query.values_.limit = count;
        return query;
    }
    auto offset(std::int64_t count) const {
        auto query = same<typename Shape::template WithOffset<detail::NumberParameter>>();
        query.values_.offset = count;
        return query;
    }

    /// Of rows that are alike, one.
    auto distinct() const { return same<typename Shape::template WithFlags<true, Shape::lock>>(); }

    /// Locks the rows until the end of the transaction, against other writers. On a database without row locks it does
    /// not compile, or is Code::not_supported where the database is chosen at run time; `skip_locked` leaves out those
    /// that others have locked.
    auto for_update() const
        requires WritableSession<Db>
    {
        return same<typename Shape::template WithFlags<Shape::distinct, detail::RowLock::update>>();
    }
    auto skip_locked() const {
        static_assert(Shape::lock != detail::RowLock::none, "rowan: skip_locked belongs behind for_update()");
        return same<typename Shape::template WithFlags<Shape::distinct, detail::RowLock::update_skip_locked>>();
    }

    /// These expressions instead of whole rows: a std::tuple of their values.
    template <detail::AnyExpression... Items>
    auto select(Items... items) const {
        return projected<detail::TupleOf<typename Items::Shape...>>(items...);
    }
    /// The same into the members of `Struct` that bear the expressions' names: a column has its member's, any other
    /// expression the one that `.as<"name">()` gives.
    template <class Struct, detail::AnyExpression... Items>
    auto select(Items... items) const {
        static_assert(require_storable<Struct>());
        return projected<detail::StructOf<Struct, typename Items::Shape...>>(items...);
    }

    /// A row's place in the order, for `after` and `before`. The order must be one that no two rows share: it ends with
    /// the key or a unique column.
    [[nodiscard]] auto cursor(const Entity& row) const { return detail::cursor_of(row, typename Shape::Order{}); }

    /// Only rows behind that place, or before it: with `limit`, a page. The rows come in the query's order in both
    /// cases.
    [[nodiscard]] auto after(const Cursor& cursor) const {
        require_pages();
        return where(detail::keyset<false>(cursor, typename Shape::Order{}));
    }
    [[nodiscard]] auto before(const Cursor& cursor) const {
        require_pages();
        return reversed(detail::keyset<true>(cursor, typename Shape::Order{}), typename Shape::Order{});
    }

    [[nodiscard]] Result<std::vector<Row>> all() const {
        Result<std::vector<Row>> rows;
        using Rows = detail::AllRows<Row, Reader, detail::gives_each_row<Shape>, detail::is_in_key_order<Shape>>;
        detail::settle(run<detail::Wanted::rows, Shape>(values_.limit, Rows{*rows}), rows);
        if constexpr (Shape::backwards)
            if (rows) detail::reverse(*rows);
        return rows;
    }

    /// The first row, if there is any.
    [[nodiscard]] Result<std::optional<Row>> first() const {
        static_assert(!Shape::backwards, "rowan: before(...) gives a page: limit(n).all()");
        Result<std::optional<Row>> row;
        detail::settle(run<detail::Wanted::rows, Limited<1>>(limit_up_to(1), detail::FirstRow<Row, Reader>{*row}), row);
        return row;
    }

    /// The only row: Code::not_found if there is none, Code::multiple_rows if there are more.
    [[nodiscard]] Result<Row> one() const {
        Result<Row> row;
        detail::settle(run<detail::Wanted::rows, Limited<2>>(limit_up_to(2), detail::OneRow<Row, Reader>{*row}), row);
        return row;
    }

    /// Calls `fn(row)` for row after row, in bounded memory: a million rows need no more than a few thousand. `fn`
    /// gives nothing, a bool (false: enough), or a Result<void> whose error ends it and is given back. While it runs,
    /// the connection's own handle refuses other work; inside a transaction, the transaction's handle does not.
    template <class Fn>
    [[nodiscard]] Result<void> for_each(Fn fn) const {
        return streamed([&](auto& rows) -> Result<void> { return detail::for_each_row<Row>(*rows, fn); });
    }

    /// The same as a range: see Stream.
    [[nodiscard]] Result<Stream<Row>> stream() const {
        return streamed([](auto& rows) -> Result<Stream<Row>> { return Stream<Row>{std::move(rows)}; });
    }

    /// The only row, if there is any; Code::multiple_rows if there are more.
    [[nodiscard]] Result<std::optional<Row>> one_or_none() const {
        Result<std::optional<Row>> row;
        detail::settle(run<detail::Wanted::rows, Limited<2>>(limit_up_to(2), detail::OneRowOrNone<Row, Reader>{*row}),
                       row);
        return row;
    }

    [[nodiscard]] Result<std::int64_t> count() const {
        return run<detail::Wanted::count, Shape>(values_.limit, detail::OneValueOf<std::int64_t>{});
    }

    [[nodiscard]] Result<bool> exists() const {
        return run<detail::Wanted::existence, Shape>(values_.limit, detail::OneValueOf<bool>{});
    }

    /// Sets columns of all rows that fulfil the condition: `update(set<&T::a> = 1, set<&T::b> = col<&T::b> + 1)`. Gives
    /// their number.
    template <class... Assignments>
        requires WritableSession<Db>
    [[nodiscard]] Result<std::int64_t> update(const Assignments&... assignments) const {
        if constexpr (require_changeable())
            return detail::update_where<Entity, false, typename Shape::Where>(*db_, values_.where, assignments...);
        else
            return 0;
    }
    /// The same, and gives the rows as they are then.
    template <class... Assignments>
        requires WritableSession<Db>
    [[nodiscard]] Result<std::vector<Row>> update_returning(const Assignments&... assignments) const {
        if constexpr (require_changeable())
            return detail::update_where<Entity, true, typename Shape::Where>(*db_, values_.where, assignments...);
        else
            return {};
    }

    /// Removes all rows that fulfil the condition, and gives their number.
    [[nodiscard]] Result<std::int64_t> erase() const
        requires WritableSession<Db>
    {
        if constexpr (require_changeable())
            return detail::erase_where<Entity, false, typename Shape::Where>(*db_, values_.where);
        else
            return 0;
    }
    /// The same, and gives the rows as they were.
    [[nodiscard]] Result<std::vector<Row>> erase_returning() const
        requires WritableSession<Db>
    {
        if constexpr (require_changeable())
            return detail::erase_where<Entity, true, typename Shape::Where>(*db_, values_.where);
        else
            return {};
    }

    /// Stores a row of T's table for each row of this query, and gives their number:
    ///
    ///     old_orders.insert_into<Archived>(set<&Archived::order> = col<&Order::id>, set<&Archived::year> = 2024)
    ///
    /// All or nothing; the rows do not pass through the program. A key that the database makes is left out, or set; a
    /// version and the times of creation and change are written as an insert writes them.
    template <class T, class... Assignments>
        requires WritableSession<Db>
    [[nodiscard]] Result<std::int64_t> insert_into(const Assignments&... assignments) const {
        using Items = detail::AssignedItems<T, typename Assignments::Shape...>;
        static_assert(Items::is_complete(), "rowan: a member of T that is no std::optional is not set: name it in "
                                            "insert_into<T>(set<&T::m> = value, ...)");
        // What rowan writes by itself comes behind what is assigned.
        using Stamped = typename Items::Stamped;
        const auto stamps = Stamped::values(detail::time_of_change<T>());
        return projected<Items>(assignments..., Stamps<std::remove_const_t<decltype(stamps)>>{stamps})
            .template run_insert_into<T>();
    }

    /// The statement that `all` sends: a constant of the program. (Where a database hands rows over by a function, its
    /// call, which is not shown here, stands around the columns.)
    [[nodiscard]] std::string_view sql() const { return detail::text_on<Shape>(*db_); }

    /// How the database would run it, as the database says it, a step a line.
    [[nodiscard]] Result<std::string> explain() const {
        return db_->lend([&]<class Connection>(Connection& connection) -> Result<std::string> {
            const Statement& plain = statement_on<Shape, detail::Wanted::rows, Connection>();
            const std::string text = std::string{Connection::dialect.explain}.append(plain.text());
            const Statement statement{text, plain.parameters(), Statement::Kept::no};
            typename Connection::Execution execution{connection, statement};
            if (Result<void> filled =
                    fill<detail::Wanted::rows, Shape, Connection>(execution, values_.limit, statement);
                !filled)
                return Failure(std::move(filled).error());
            std::string plan;
            while (true) {
                const Result<bool> row = execution.next();
                if (!row) return Failure(row.error());
                if (!*row) return plan;
                std::string_view step;
                // The step stands in the last column.
                (void)execution.cell(execution.columns() - 1).get(step);
                plan.append(step).append("\n");
            }
        });
    }

    [[nodiscard]] Db* database() const { return db_; }

    /// The values in the order of their parameters, for a query that this one is a part of.
    template <detail::Wanted wanted = detail::Wanted::rows>
    [[nodiscard]] auto values() const {
        const auto when = [](auto present, const auto& values) {
            if constexpr (decltype(present)::value)
                return values;
            else
                return std::tuple<>{};
        };
        return std::tuple_cat(when(std::bool_constant<Shape::template has_projection<wanted>>{}, values_.projection),
                              values_.from, values_.where, values_.group, values_.having,
                              when(std::bool_constant<Shape::template has_order<wanted>>{}, values_.order),
                              when(std::bool_constant<has_limit<Shape>>{}, std::tuple{values_.limit}),
                              when(std::bool_constant<has_offset>{}, std::tuple{values_.offset}));
    }

private:
    template <class, class, class>
    friend class Query;

    template <class S>
    static constexpr bool has_limit = std::is_same_v<typename S::Limit, detail::NumberParameter>;
    static constexpr bool has_offset = std::is_same_v<typename Shape::Offset, detail::NumberParameter>;

    /// Cut to a constant number of rows, unless the query has a limit of its own.
    template <std::size_t count>
    using Limited =
        std::conditional_t<has_limit<Shape>, Shape, typename Shape::template WithLimit<detail::LimitTo<count>>>;

    [[nodiscard]] std::int64_t limit_up_to(std::int64_t rows) const {
        return values_.limit < rows ? values_.limit : rows;
    }

    struct ReadProjection {
        template <class Source>
        detail::ValueFault operator()(const Source& source, Row& row) const {
            return Shape::Projection::template read<typename Shape::template ScopeIn<void>>(source, row);
        }
    };

    /// Whole rows of one table are read alike by all queries, and so by one function.
    using Reader =
        std::conditional_t<std::is_same_v<Row, Entity> && std::is_same_v<typename Shape::Projection, detail::WholeRows>,
                           detail::ReadEntity, ReadProjection>;

    static constexpr bool require_changeable() {
        constexpr bool plain = std::is_same_v<typename Shape::Projection, detail::WholeRows> && !Shape::Group::any &&
                               !Shape::From::qualified && !Shape::distinct &&
                               std::is_same_v<typename Shape::Limit, detail::Nothing> &&
                               std::is_same_v<typename Shape::Offset, detail::Nothing> &&
                               std::is_same_v<typename Shape::Order, detail::OrderShapes<>>;
        constexpr bool has_condition = !std::is_same_v<typename Shape::Where, detail::Nothing>;
        static_assert(plain,
                      "rowan: only a query of one table with where(...) and nothing else can be updated or erased");
        static_assert(
            !plain || has_condition,
            "rowan: this would change every row of the table: say where(...), or everywhere() if that is meant");
        return plain && has_condition;
    }

    static constexpr void require_pages() {
        static_assert(!Shape::From::joined && !Shape::Group::any,
                      "rowan: pages are made of one table's rows: in a join or a grouping several rows share a place");
        (void)detail::Paging<Entity, typename Shape::Order>::require();
    }

    template <class NewShape, class P, class F, class W, class G, class H, class O>
    auto with(P projection, F from, W where, G group, H having, O order) const {
        using NewValues = detail::QueryValues<P, F, W, G, H, O>;
        return Query<Db, NewShape, NewValues>{db_, NewValues{std::move(projection), std::move(from), std::move(where),
                                                             std::move(group), std::move(having), std::move(order),
                                                             values_.limit, values_.offset}};
    }

    template <class NewShape>
    auto same() const {
        return Query<Db, NewShape, Values>{db_, values_};
    }

    template <class Source, class On>
    auto joined(On on) const {
        using From = typename Shape::From::template With<detail::JoinShape<Source, typename On::Shape>>;
        return with<typename Shape::template WithFrom<From>>(
            values_.projection, detail::join(values_.from, std::move(on).values), values_.where, values_.group,
            values_.having, values_.order);
    }

    template <class Where, class... Orders>
    auto reversed(Where condition, detail::OrderShapes<Orders...>) const {
        using Joined = typename detail::Both<typename Shape::Where, typename Where::Shape>::type;
        using Order = detail::OrderShapes<typename detail::PageKey<Orders>::Reversed...>;
        return with<typename Shape::template Backwards<Joined, Order>>(
            values_.projection, values_.from, detail::join(values_.where, std::move(condition).values), values_.group,
            values_.having, values_.order);
    }

    template <class Projection, class... Items>
    auto projected(const Items&... items) const {
        static_assert(sizeof...(Items) != 0, "rowan: select needs at least one expression");
        return with<typename Shape::template WithProjection<Projection>>(
            detail::join(items.values...), values_.from, values_.where, values_.group, values_.having, values_.order);
    }

    template <class Stamped>
    struct Stamps {
        Stamped values;
    };

    /// The projection is AssignedItems.
    template <class T>
    [[nodiscard]] Result<std::int64_t> run_insert_into() const {
        return db_->lend([&]<class Connection>(Connection& connection) -> Result<std::int64_t> {
            const Statement& statement = detail::statement<detail::InsertFrom<T, Connection::dialect, Shape>>;
            typename Connection::Execution execution{connection, statement};
            Result<void> filled = fill<detail::Wanted::rows, Shape, Connection>(execution, values_.limit, statement);
            if (!filled) return Failure(std::move(filled).error());
            return execution.run();
        });
    }

    /// Puts the values of a SELECT with the shape `Used`.
    template <detail::Wanted wanted, class Used, class Sink>
    detail::ValueFault put(Sink& sink, std::int64_t limit) const {
        using Scope = typename Used::template ScopeIn<void>;
        detail::ValueFault found;
        if constexpr (Used::template has_projection<wanted> && detail::any<decltype(values_.projection)>)
            found =
                detail::put_values(typename Used::Projection::template Parameters<Scope>{}, sink, values_.projection);
        if constexpr (detail::any<decltype(values_.from)>)
            if (!found)
                found = detail::put_values(typename Used::From::template Parameters<Scope>{}, sink, values_.from);
        if constexpr (detail::any<decltype(values_.where)>)
            if (!found)
                found = detail::put_values(typename Used::Where::template Parameters<Scope>{}, sink, values_.where);
        if constexpr (detail::any<decltype(values_.group)>)
            if (!found)
                found = detail::put_values(typename Used::Group::template Parameters<Scope>{}, sink, values_.group);
        if constexpr (detail::any<decltype(values_.having)>)
            if (!found)
                found = detail::put_values(typename Used::Having::template Parameters<Scope>{}, sink, values_.having);
        if constexpr (Used::template has_order<wanted> && detail::any<decltype(values_.order)>)
            if (!found)
                found = detail::put_values(typename Used::Order::template Parameters<Scope>{}, sink, values_.order);
        if constexpr (has_limit<Used>)
            if (!found) (void)sink.put(limit);
        if constexpr (has_offset)
            if (!found) (void)sink.put(values_.offset);
        return found;
    }

    /// Puts all values, unless one cannot be put.
    template <detail::Wanted wanted, class Used, class Connection, class Sink>
    Result<void> fill(Sink& sink, std::int64_t limit, const Statement& statement) const {
        if constexpr (Shape::lock != detail::RowLock::none && !Connection::dialect.row_locks)
            return Failure(Error{Category::not_supported, Code::not_supported,
                                 "this database has no row locks, so for_update cannot be said: a transaction that "
                                 "writes has locked the whole database already"});
        if ((has_limit<Used> && limit < 0) || values_.offset < 0) return detail::negative_limit();
        if (const detail::ValueFault found = put<wanted, Used>(sink, limit))
            return detail::write_failure(found, statement);
        return {};
    }

    template <class Used, detail::Wanted wanted, class Connection>
    static const Statement& statement_on() {
        static_assert(Shape::lock == detail::RowLock::none || Connection::dialect.row_locks || chooses_at_run_time<Db>,
                      "rowan: this database has no row locks, so for_update cannot be said: a transaction that writes "
                      "has locked the whole database already");
        return detail::statement<detail::QueryText<Used, Connection::dialect, wanted>>;
    }

    /// Of the statement, or of one that hands its rows over.
    template <class Read, class Used, class Connection>
    static auto execution_for(Connection& connection, const Statement& statement) {
        using Execution = typename Connection::Execution;
        if constexpr (requires { requires Read::template takes<Execution>; })
            return Execution{connection, detail::statement<detail::TakeText<Used, Connection::dialect>>, statement};
        else
            return Execution{connection, statement};
    }

    template <detail::Wanted wanted, class Used, class Read>
    auto run(std::int64_t limit, Read read) const {
        return db_->lend([&]<class Connection>(Connection& connection) {
            const Statement& statement = statement_on<Used, wanted, Connection>();
            auto execution = execution_for<Read, Used>(connection, statement);
            using Outcome = decltype(read(execution, statement));
            if (Result<void> filled = fill<wanted, Used, Connection>(execution, limit, statement); !filled)
                return Outcome{Failure(std::move(filled).error())};
            return read(execution, statement);
        });
    }

    /// `use(rows)` gets a pointer to the rows as they stream.
    template <class Use>
    auto streamed(Use use) const {
        static_assert(!Shape::backwards, "rowan: before(...) gives a page: limit(n).all()");
        return db_->hold([&]<class Connection>(Connection& connection, Loan loan) {
            const Statement& statement = statement_on<Shape, detail::Wanted::rows, Connection>();
            using Rows = detail::ConnectionRows<Row, Connection, ReadProjection>;
            auto rows = std::make_unique<Rows>(connection, std::move(loan), statement, ReadProjection{});
            using Outcome = decltype(use(rows));
            Result<void> filled =
                fill<detail::Wanted::rows, Shape, Connection>(rows->parameters(), values_.limit, statement);
            if (!filled) return Outcome{Failure(std::move(filled).error())};
            return use(rows);
        });
    }

    Db* db_;
    Values values_;
};

namespace detail {

template <class T, FixedString name = "">
using TableQueryShape = SelectShape<FromShape<Source<T, name>>>;

}  // namespace detail

/// A query of T's table, to be joined, narrowed and run. `name` tells tables of the same T apart.
template <class T, FixedString name = "", class Db>
auto from(Db& db) {
    return Query<Db, detail::TableQueryShape<T, name>, detail::QueryValues<>>{&db, {}};
}

/// The same as a part of another query: behind `in`, `exists` or `scalar`.
template <class T, FixedString name = "">
auto from() {
    return Query<detail::NoDatabase, detail::TableQueryShape<T, name>, detail::QueryValues<>>{nullptr, {}};
}

}  // namespace rowan

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace rowan {

/// A query that is made of others and complete: it is run, or is a part of another. See Query for what its functions
/// give.
template <class Db, class Shape, class... Held>
class [[nodiscard]] CompoundQuery : public detail::SetOperations<CompoundQuery<Db, Shape, Held...>> {
public:
    using QueryShape = Shape;
    using Row = typename Shape::template Row<void>;

    CompoundQuery(Db* db, std::tuple<Held...> values, std::int64_t limit = 0, std::int64_t offset = 0)
        : db_{db}, values_{std::move(values)}, limit_{limit}, offset_{offset} {}

    /// The order of the whole, by what it selects: `rowan::asc<&T::m>`, an expression's `.desc()`,
    /// `selected<"name">.asc()` or `selected<2>.desc()`. Replaces an earlier order.
    template <class... Items>
    auto order_by(Items...) const {
        static_assert(sizeof...(Items) != 0,
                      "rowan: order_by needs at least one rowan::asc<&T::m> or rowan::desc<&T::m>");
        return with<typename Arrangeable::template WithOrder<Items...>>(limit_, offset_);
    }
    /// See Query::limit.
    auto limit(std::int64_t count) const {
        return with<typename Arrangeable::template WithLimit<detail::NumberParameter>>(count, offset_);
    }
    auto offset(std::int64_t count) const {
        return with<typename Arrangeable::template WithOffset<detail::NumberParameter>>(limit_, count);
    }

    [[nodiscard]] Result<std::vector<Row>> all() const {
        return run<detail::Wanted::rows, Shape>(limit_, [](auto& execution, const Statement& statement) {
            return detail::read_rows<Row>(execution, statement, ReadRow{});
        });
    }
    [[nodiscard]] Result<std::optional<Row>> first() const {
        return run<detail::Wanted::rows, Limited<1>>(std::min<std::int64_t>(limit_, 1),
                                                     [](auto& execution, const Statement& statement) {
                                                         return detail::read_row<Row>(execution, statement, ReadRow{});
                                                     });
    }
    [[nodiscard]] Result<Row> one() const {
        return run<detail::Wanted::rows, Limited<2>>(
            std::min<std::int64_t>(limit_, 2), [](auto& execution, const Statement& statement) -> Result<Row> {
                Result<Row> row;
                const Result<void> found = detail::read_only_row(execution, statement, ReadRow{}, *row);
                if (!found) return Failure(found.error());
                return row;
            });
    }
    [[nodiscard]] Result<std::int64_t> count() const {
        return run<detail::Wanted::count, Shape>(
            limit_, [](auto& execution, const Statement&) { return detail::read_value<std::int64_t>(execution); });
    }
    [[nodiscard]] Result<bool> exists() const {
        return run<detail::Wanted::existence, Shape>(
            limit_, [](auto& execution, const Statement&) { return detail::read_value<bool>(execution); });
    }

    [[nodiscard]] std::string_view sql() const { return detail::text_on<Shape>(*db_); }

    [[nodiscard]] Db* database() const { return db_; }

    template <detail::Wanted = detail::Wanted::rows>
    [[nodiscard]] auto values() const {
        return std::tuple_cat(values_, numbers<Shape>(limit_));
    }

private:
    using Arrangeable = typename detail::Arranged<Shape>::type;

    template <class S>
    static constexpr bool has_limit() {
        if constexpr (requires { S::is_arranged; })
            return std::is_same_v<typename S::Limit, detail::NumberParameter>;
        else
            return false;
    }
    template <class S>
    static constexpr bool has_offset() {
        if constexpr (requires { S::is_arranged; })
            return std::is_same_v<typename S::Offset, detail::NumberParameter>;
        else
            return false;
    }

    /// Behind a query with a limit of its own there is no room for another.
    static constexpr bool takes_limit = [] {
        if constexpr (requires { Shape::takes_limit; })
            return Shape::takes_limit;
        else
            return !has_limit<Shape>();
    }();
    template <std::size_t count>
    struct LimitedTo {
        using type = typename Arrangeable::template WithLimit<detail::LimitTo<count>>;
    };
    template <std::size_t count>
    using Limited = typename std::conditional_t<takes_limit, LimitedTo<count>, std::type_identity<Shape>>::type;

    /// The values of limit and offset, where `Used` has them.
    template <class Used>
    [[nodiscard]] auto numbers(std::int64_t limit) const {
        if constexpr (has_limit<Used>() && has_offset<Used>())
            return std::tuple{limit, offset_};
        else if constexpr (has_limit<Used>())
            return std::tuple{limit};
        else if constexpr (has_offset<Used>())
            return std::tuple{offset_};
        else
            return std::tuple<>{};
    }

    template <class NewShape>
    auto with(std::int64_t limit, std::int64_t offset) const {
        static_assert(
            !requires { Shape::takes_limit; }, "rowan: order_by, limit and offset belong to the query behind with: "
                                               "with<T>(...).query(from<T>(db).order_by(...).limit(n))");
        return CompoundQuery<Db, NewShape, Held...>{db_, values_, limit, offset};
    }

    struct ReadRow {
        template <class Source>
        detail::ValueFault operator()(const Source& source, Row& row) const {
            return Shape::template read<void>(source, row);
        }
    };

    /// Runs the query as `Used`, which may be limited.
    template <detail::Wanted wanted, class Used, class Read>
    auto run(std::int64_t limit, Read read) const {
        return db_->lend([&]<class Connection>(Connection& connection) {
            const Statement& statement = detail::statement<detail::QueryText<Used, Connection::dialect, wanted>>;
            typename Connection::Execution execution{connection, statement};
            using Outcome = decltype(read(execution, statement));
            using Parameters = typename Used::template Parameters<void, wanted>;
            if (limit < 0 || offset_ < 0) return Outcome{detail::negative_limit()};
            if (const detail::ValueFault found = detail::put_values(
                    Parameters{}, execution, std::tuple_cat(detail::as_references(values_), numbers<Used>(limit))))
                return Outcome{detail::write_failure(found, statement)};
            return read(execution, statement);
        });
    }

    Db* db_;
    std::tuple<Held...> values_;
    std::int64_t limit_;
    std::int64_t offset_;
};

namespace detail {

template <class Shape, class Db, class... Held>
auto make_compound(Db* db, std::tuple<Held...> values) {
    return CompoundQuery<Db, Shape, Held...>{db, std::move(values)};
}

template <SetOperation op, class Db, class First, class Second>
auto make_set_operation(Db* db, const First& first, const Second& second) {
    static_assert(std::is_same_v<typename First::Row, typename Second::Row>,
                  "rowan: union_all, union_, intersect and except join queries that give rows of the same type");
    using Shape = SetOperationShape<op, typename First::QueryShape, typename Second::QueryShape>;
    return make_compound<Shape>(db, std::tuple_cat(first.values(), second.values()));
}

/// Queries that have names, for the one that `query` adds.
template <class Ctes, class... Held>
class WithBuilder;

template <class... Ctes, class... Held>
class WithBuilder<TypeList<Ctes...>, Held...> {
public:
    explicit WithBuilder(std::tuple<Held...> values) : values_{std::move(values)} {}

    template <class Struct, class Query>
    [[nodiscard]] auto with(const Query& query) const {
        return add<CteShape<Struct, typename Query::QueryShape, false>>(query.values());
    }

    template <class Struct, class Base, class Step>
    [[nodiscard]] auto with_recursive(const Base& base, const Step& step) const {
        const auto both = make_set_operation<SetOperation::union_all>(static_cast<NoDatabase*>(nullptr), base, step);
        return add<CteShape<Struct, typename decltype(both)::QueryShape, true>>(both.values());
    }

    /// The query that may name the structs of all these as if they were tables.
    template <class Db, class Shape, class Values>
    [[nodiscard]] auto query(const Query<Db, Shape, Values>& main) const {
        return make_compound<WithShape<Shape, Ctes...>>(main.database(), std::tuple_cat(values_, main.values()));
    }

private:
    template <class Cte, class... Added>
    [[nodiscard]] auto add(const std::tuple<Added...>& added) const {
        return WithBuilder<TypeList<Ctes..., Cte>, Held..., Added...>{std::tuple_cat(values_, added)};
    }

    std::tuple<Held...> values_;
};

}  // namespace detail

/// A common table expression: the rows of a query as if they were a table of `Struct`, which the query fills.
///
///     rowan::with<Total>(rowan::from<Order>().group_by(…).select<Total>(…))
///         .query(rowan::from<Customer>(db).join<Total>(…))
///         .all();
template <class Struct, class Query>
[[nodiscard]] auto with(const Query& query) {
    return detail::WithBuilder<detail::TypeList<>>{std::tuple<>{}}.template with<Struct>(query);
}

/// The same for a tree: the rows of `base`, and again and again those of `step`, which starts from or joins `Struct`,
/// until it gives none.
template <class Struct, class Base, class Step>
[[nodiscard]] auto with_recursive(const Base& base, const Step& step) {
    return detail::WithBuilder<detail::TypeList<>>{std::tuple<>{}}.template with_recursive<Struct>(base, step);
}

}  // namespace rowan

// ---- rowan/repository/insert.hpp ----



#include <cstdint>
#include <type_traits>
#include <utility>

namespace rowan::detail {

/// Is the database to make this row's key?
template <class T>
bool wants_key(const T& entity) {
    if constexpr (has_generated_key<T>)
        return generated_key(entity) == 0;
    else
        return false;
}

/// The INSERT of a row. `generate`: the database makes its key.
template <class T, const Dialect& dialect>
const Statement& insert_statement([[maybe_unused]] bool generate) {
    if constexpr (has_generated_key<T>)
        if (generate) return statement<Insert<T, dialect, true>>;
    return statement<Insert<T, dialect, false>>;
}

/// Takes the key that the database has made.
template <class T>
Fault take_key(T& entity, std::int64_t made) {
    if constexpr (has_generated_key<T>) {
        using Member = std::remove_reference_t<decltype(generated_key(entity))>;
        if (!std::in_range<Member>(made)) return Fault::out_of_range;
        generated_key(entity) = static_cast<Member>(made);
    }
    return Fault::none;
}

/// Inserts one row; a key that the database makes is written to `entity`.
template <class T, class Connection>
Result<void> insert_one(Connection& connection, T& entity) {
    constexpr const Dialect& dialect = Connection::dialect;
    const Timestamp now = time_of_change<T>();
    const bool generate = wants_key(entity);
    const Statement& statement = insert_statement<T, dialect>(generate);
    typename Connection::Execution execution{connection, statement};
    constexpr bool can_leave_key_out = inserted_columns<T, dialect, true> == Columns::all_but_generated;
    const Pass pass = generate && can_leave_key_out ? Pass::insert_without_key : Pass::insert;
    if (const ValueFault found = write_in_order(execution, entity, pass, now)) return write_failure(found, statement);
    const Result<std::int64_t> ran = generate ? execution.run_insert() : execution.run();
    if (!ran) return Failure(ran.error());
    if (generate)
        if (const Fault fault = take_key(entity, *ran); fault != Fault::none)
            return read_failure({fault, place_of<T>(table<T>.key_columns()[0])}, statement);
    stamp_inserted(entity, now);
    return {};
}

}  // namespace rowan::detail

// ---- rowan/repository/insert_range.hpp ----



// ---- rowan/repository/copy_range.hpp ----



#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

/// Inserts of many rows where a database has a way to load them in bulk.
namespace rowan::detail {

/// Inserts rows in arrays, and once they have filled a batch, in bulk. Few rows take one statement that way; for many,
/// that statement has shown that they can be inserted, and keeps the table as it is while its columns' types, which a
/// load in bulk must know, are looked up.
template <class T, class Connection>
class CopyInserter {
public:
    explicit CopyInserter(Connection& connection) : connection_{connection} {}

    Result<void> add(const T& entity) {
        // Rows with and without a key of their own need different statements; their order is kept.
        const bool generate = wants_key(entity);
        if (generate != generating_) {
            if (Result<void> sent = send(); !sent) return sent;
            arrays_.reset();
            bulk_.reset();
            generating_ = generate;
        }
        return generate ? put<true>(entity) : put<false>(entity);
    }

    /// Takes all rows for one statement, which is sent by `finish`; false where they do not fit in one. Nothing is
    /// sent.
    template <class Range>
    Result<bool> take_all(Range& range) {
        for (const T& entity : range) {
            const bool generate = wants_key(entity);
            if (row_ != 0 && generate != generating_) return false;
            generating_ = generate;
            if (Result<void> taken = generate ? collect<true>(entity) : collect<false>(entity); !taken)
                return Failure(std::move(taken).error());
            if (arrays_->is_full()) return false;
        }
        return true;
    }

    Result<std::size_t> finish() {
        if (Result<void> sent = send(); !sent) return Failure(std::move(sent).error());
        return count_;
    }

private:
    using Arrays = typename Connection::ArrayExecution;
    using Bulk = typename Connection::CopyExecution;

    template <bool generate>
    using ArraysText = InsertArrays<T, Connection::dialect, generate && has_generated_key<T>>;
    template <bool generate>
    using BulkText = typename Bulk::template Text<T, ArraysText<generate>::columns>;

    template <bool generate>
    Result<void> put(const T& entity) {
        if (bulk_) {
            if (Result<void> written = write<generate>(*bulk_, statement<BulkText<generate>>, entity); !written)
                return written;
            return bulk_->is_full() ? send() : Result<void>{};
        }
        if (Result<void> collected = collect<generate>(entity); !collected || !arrays_->is_full()) return collected;
        if (Result<void> sent = send(); !sent) return sent;
        return prepare_bulk<generate>();
    }

    template <bool generate>
    Result<void> collect(const T& entity) {
        const Statement& by_arrays = statement<ArraysText<generate>>;
        if (!arrays_) arrays_.emplace(connection_, by_arrays, by_arrays.parameters().size());
        return write<generate>(*arrays_, by_arrays, entity);
    }

    template <bool generate, class Sink>
    Result<void> write(Sink& sink, const Statement& used, const T& entity) {
        if (const ValueFault found = write_entity<T, ArraysText<generate>::columns>(sink, entity, now_))
            return Failure(fault_error(found, true, used.text()).in_row(row_));
        ++row_;
        return {};
    }

    /// From now on in bulk, where that is possible.
    template <bool generate>
    Result<void> prepare_bulk() {
        const Statement& in_bulk = statement<BulkText<generate>>;
        std::optional<typename Bulk::Layout>& layout = layouts_[generate];
        if (!layout) {
            auto found =
                Bulk::layout(connection_, in_bulk, table_info<T>, column_list<T, ArraysText<generate>::columns>);
            if (!found) return Failure(std::move(found).error());
            layout = *std::move(found);
        }
        if (layout->empty()) return {};
        bulk_.emplace(connection_, in_bulk, table_info<T>, *layout);
        arrays_.reset();
        return {};
    }

    Result<void> send() {
        if (bulk_ && !bulk_->is_empty()) return count(bulk_->run());
        if (arrays_ && !arrays_->is_empty()) return count(arrays_->run());
        return {};
    }

    Result<void> count(Result<std::int64_t> ran) {
        if (!ran) {
            // The row among those that were sent, which were the last.
            if (const auto row = ran.error().row()) return Failure(std::move(ran).error().in_row(sent_ + *row));
            return Failure(std::move(ran).error());
        }
        sent_ = row_;
        count_ += static_cast<std::size_t>(*ran);
        return {};
    }

    Connection& connection_;
    std::optional<Arrays> arrays_{};
    std::optional<typename Bulk::Layout> layouts_[2]{};
    std::optional<Bulk> bulk_{};
    bool generating_ = false;
    Timestamp now_ = time_of_change<T>();
    std::size_t row_ = 0;
    std::size_t sent_ = 0;
    std::size_t count_ = 0;
};

}  // namespace rowan::detail

// ---- rowan/repository/feed_range.hpp ----



// ---- rowan/query/feed.hpp ----



#include <array>
#include <cstddef>
#include <cstdint>

/// Statements that ask the program for row after row: parameter 1 is a feed, for any number of rows.
namespace rowan::detail {

/// `SELECT c0, c1 FROM rows(?1)`
constexpr void write_feed(TextWriter& out, const Dialect& dialect, std::size_t columns) {
    Separator comma{", "};
    out << " SELECT ";
    for (std::size_t i = 0; i != columns; ++i) {
        out << comma << 'c';
        out.number(i);
    }
    out << " FROM " << dialect.feed << '(';
    write_parameter(out, dialect, 1);
    out << ')';
}

template <class T, const Dialect& dialect>
struct InsertFeed {
    static constexpr auto parameters() { return std::array<Form, 0>{}; }

    static constexpr void write(TextWriter& out) {
        write_insert_into(out, dialect, table_info<T>, column_list<T, Columns::all>);
        write_feed(out, dialect, column_list<T, Columns::all>.size());
    }
};

/// Counts the rows that it is about to update.
template <class T, const Dialect& dialect, class Policy>
struct UpsertFeed {
    static constexpr auto parameters() { return forms_of(typename Conflict<T, Policy>::Parameters{}); }

    static constexpr void write(TextWriter& out) {
        std::size_t parameter = 2;
        write_upsert_into<T>(out, dialect, column_list<T, Columns::all>);
        write_feed(out, dialect, column_list<T, Columns::all>.size());
        // Otherwise ON would be taken for the condition of a join.
        out << " WHERE true";
        Conflict<T, Policy>::write(out, dialect, parameter, RowTally::yes);
    }
};

}  // namespace rowan::detail

// ---- rowan/session/upserted.hpp ----


#include <cstddef>
#include <cstdint>

namespace rowan {

/// What an upsert did to its row.
enum class Upserted : std::uint8_t { inserted, updated, unchanged };

/// What an upsert of a range did.
struct UpsertCounts {
    std::size_t inserted = 0;
    std::size_t updated = 0;
    std::size_t unchanged = 0;

    friend bool operator==(const UpsertCounts&, const UpsertCounts&) = default;
};

}  // namespace rowan

#include <cstddef>
#include <cstdint>
#include <optional>
#include <type_traits>
#include <utility>

/// Many rows in one statement, which asks the range for each when it is due.
namespace rowan::detail {

/// Do the rows of T go through a feed?
template <class T, class Connection>
inline constexpr bool takes_feed = false;
template <class T, class Connection>
    requires requires { typename Connection::RowFeed; }
inline constexpr bool takes_feed<T, Connection> = column_list<T, Columns::all>.size() <= Connection::RowFeed::widest;

/// Gives the items of a range to a feed, and keeps the one that is due.
template <class T, class Feed, class Range>
class FedItems {
public:
    FedItems(Range& range, Timestamp now)
        : at_{range_access::first(range)}, end_{range_access::last(range)}, now_{now} {}
    FedItems(const FedItems&) = delete;
    FedItems& operator=(const FedItems&) = delete;

    static auto next(void* source, Feed& feed) { return static_cast<FedItems*>(source)->give(feed); }

    /// Why the last item could not be stored.
    [[nodiscard]] const ValueFault& fault() const { return fault_; }

private:
    using Reference = decltype(*std::declval<range_access::Begin<Range>&>());
    using Status = decltype(std::declval<Feed&>().advance());
    static constexpr bool is_kept_elsewhere =
        std::is_reference_v<Reference> && std::is_same_v<std::remove_cvref_t<Reference>, T>;

    Status give(Feed& feed) {
        if (begun_) ++at_;
        begun_ = true;
        if (at_ == end_) return Status::end;
        if constexpr (is_kept_elsewhere) {
            const T& item = *at_;
            fault_ = write_entity<T, Columns::all>(feed, item, now_);
        } else {
            item_.emplace(*at_);
            fault_ = write_entity<T, Columns::all>(feed, *item_, now_);
        }
        return fault_ ? Status::refused : Status::row;
    }

    struct Nothing {};

    range_access::Begin<Range> at_;
    range_access::End<Range> end_;
    [[no_unique_address]] std::conditional_t<is_kept_elsewhere, Nothing, std::optional<T>> item_{};
    Timestamp now_;
    ValueFault fault_{};
    bool begun_ = false;
};

/// Runs the statement, all or nothing, and gives how many rows were changed; `count(feed, changed)` makes the result of
/// that. `put_rest(execution)` puts the parameters behind the feed.
template <class T, class Connection, class Range, class PutRest, class Count>
auto run_feed(Connection& connection, Range& range, const Statement& statement, PutRest put_rest, Count count) {
    using Feed = typename Connection::RowFeed;
    using Outcome = Result<decltype(count(std::declval<const Feed&>(), std::size_t{}))>;
    const auto run = [&]() -> Outcome {
        FedItems<T, Feed, Range> source{range, time_of_change<T>()};
        Feed feed{&source, &FedItems<T, Feed, Range>::next};
        const Result<std::int64_t> ran = [&]() -> Result<std::int64_t> {
            typename Connection::Execution execution{connection, statement};
            execution.put_feed(feed);
            if (const ValueFault found = put_rest(execution)) return write_failure(found, statement);
            return execution.run();
        }();
        feed.rethrow();
        if (const ValueFault found = source.fault())
            return Failure(fault_error(found, true, statement.text()).in_row(feed.rows()));
        if (ran) return count(feed, static_cast<std::size_t>(*ran));
        Error error = ran.error();
        // Where all rows had been taken before the first was stored, nobody knows which of them it was.
        if (feed.rows() == 0 || feed.is_over()) return Failure(std::move(error));
        return Failure(std::move(error).in_row(feed.rows() - 1));
    };
    // One statement is not always whole by itself: a trigger's RAISE(FAIL) keeps the rows before.
    return run_in(BasicTransaction<Connection>::open(connection), [&](auto&) { return run(); });
}

template <class T, class Connection, class Range>
Result<std::size_t> insert_feed(Connection& connection, Range& range) {
    return run_feed<T>(
        connection, range, statement<InsertFeed<T, Connection::dialect>>, [](auto&) { return ValueFault{}; },
        [](const auto&, std::size_t changed) { return changed; });
}

template <class T, class Connection, class Range, class Policy>
Result<UpsertCounts> upsert_feed(Connection& connection, Range& range, const Policy& policy) {
    return run_feed<T>(
        connection, range, statement<UpsertFeed<T, Connection::dialect, Policy>>,
        [&](auto& execution) {
            return put_values(typename Conflict<T, Policy>::Parameters{}, execution, policy.action.values);
        },
        [](const auto& feed, std::size_t changed) {
            // A trigger may still have kept a row from being updated.
            const std::size_t updated = feed.tally() < changed ? feed.tally() : changed;
            return UpsertCounts{.inserted = changed - updated, .updated = updated, .unchanged = feed.rows() - changed};
        });
}

}  // namespace rowan::detail

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <utility>

/// Inserts of all rows of a range, or none, in the fastest way that the database has.
namespace rowan::detail {

/// Inserts rows one by one.
template <class T, class Connection>
class RowInserter {
public:
    explicit RowInserter(Connection& connection) : connection_{connection} {}

    Result<void> add(const T& entity) {
        Result<void> added = wants_key(entity) ? put<true>(entity) : put<false>(entity);
        if (!added) return Failure(std::move(added).error().in_row(count_));
        ++count_;
        return added;
    }

    Result<std::size_t> finish() { return count_; }

private:
    template <bool generate>
    Result<void> put(const T& entity) {
        using Text = Insert<T, Connection::dialect, generate && has_generated_key<T>>;
        const Statement& statement = detail::statement<Text>;
        typename Connection::Execution execution{connection_, statement};
        if (const ValueFault found = write_entity<T, Text::columns>(execution, entity, now_))
            return write_failure(found, statement);
        if (const Result<std::int64_t> ran = execution.run(); !ran) return Failure(ran.error());
        return {};
    }

    Connection& connection_;
    Timestamp now_ = time_of_change<T>();
    std::size_t count_ = 0;
};

/// Inserts rows in arrays: one statement, and one round trip, for many.
template <class T, class Connection>
class ArrayInserter {
public:
    explicit ArrayInserter(Connection& connection) : connection_{connection} {}

    Result<void> add(const T& entity) {
        // Rows with and without a key of their own need different statements; their order is kept.
        const bool generate = wants_key(entity);
        if (generate != generating_) {
            if (Result<void> sent = send(); !sent) return sent;
            execution_.reset();
            generating_ = generate;
        }
        return generate ? put<true>(entity) : put<false>(entity);
    }

    Result<std::size_t> finish() {
        if (Result<void> sent = send(); !sent) return Failure(std::move(sent).error());
        return count_;
    }

private:
    template <bool generate>
    using Text = InsertArrays<T, Connection::dialect, generate && has_generated_key<T>>;

    template <bool generate>
    Result<void> put(const T& entity) {
        const Statement& statement = detail::statement<Text<generate>>;
        if (!execution_) execution_.emplace(connection_, statement, statement.parameters().size());
        if (const ValueFault found = write_entity<T, Text<generate>::columns>(*execution_, entity, now_))
            return Failure(fault_error(found, true, statement.text()).in_row(row_));
        ++row_;
        return execution_->is_full() ? send() : Result<void>{};
    }

    Result<void> send() {
        if (!execution_ || execution_->is_empty()) return {};
        const Result<std::int64_t> ran = execution_->run();
        if (!ran) return Failure(ran.error());
        count_ += static_cast<std::size_t>(*ran);
        return {};
    }

    Connection& connection_;
    std::optional<typename Connection::ArrayExecution> execution_{};
    bool generating_ = false;
    Timestamp now_ = time_of_change<T>();
    std::size_t row_ = 0;
    std::size_t count_ = 0;
};

template <class T, class Connection>
auto make_inserter(Connection& connection) {
    if constexpr (takes_arrays<T, Connection::dialect> && requires { typename Connection::CopyExecution; })
        return CopyInserter<T, Connection>{connection};
    else if constexpr (takes_arrays<T, Connection::dialect>)
        return ArrayInserter<T, Connection>{connection};
    else
        return RowInserter<T, Connection>{connection};
}

/// Can the range be read twice without running anything of the program's? Then nobody sees whether a transaction is
/// open meanwhile.
template <class Range>
inline constexpr bool lies_in_memory = std::contiguous_iterator<range_access::Begin<Range>>;

/// Hands every item of a range to a writer: all or nothing. Where one statement takes them all, it needs no transaction
/// around it, nor the round trips for that.
template <class Connection, class Range, class MakeWriter>
auto write_range(Connection& connection, Range&& range, MakeWriter make_writer) {
    using Writer = decltype(make_writer(connection));
    using Counted = decltype(make_writer(connection).finish());
    if constexpr (requires(Writer& writer) {
                      requires lies_in_memory<Range>;
                      writer.take_all(range);
                  }) {
        constexpr auto most = static_cast<std::ptrdiff_t>(Connection::ArrayExecution::most_rows);
        if (connection.transaction_state() == TransactionState::idle &&
            range_access::last(range) - range_access::first(range) < most) {
            Writer writer = make_writer(connection);
            const Result<bool> taken = writer.take_all(range);
            if (!taken) return Counted{Failure(taken.error())};
            if (*taken) return writer.finish();
        }
    }
    return run_in(BasicTransaction<Connection>::open(connection), [&](auto&) -> Counted {
        auto writer = make_writer(connection);
        for (const auto& entity : range)
            if (Result<void> added = writer.add(entity); !added) return Failure(std::move(added).error());
        return writer.finish();
    });
}

/// Gives the number of rows. The range is read once.
template <class T, class Connection, class Range>
Result<std::size_t> insert_range(Connection& connection, Range&& range) {
    if constexpr (takes_feed<T, Connection>)
        return insert_feed<T>(connection, range);
    else
        return write_range(connection, std::forward<Range>(range), &make_inserter<T, Connection>);
}

}  // namespace rowan::detail

// ---- rowan/repository/matching.hpp ----



// ---- rowan/query/any_sink.hpp ----



#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

namespace rowan::detail {

/// A ParameterSink whose type is not known: what conditions that are collected at run time put their values into.
class AnySink {
public:
    AnySink() = default;
    AnySink(const AnySink&) = delete;
    AnySink& operator=(const AnySink&) = delete;

    virtual Fault put_null() = 0;
    virtual Fault put(bool value) = 0;
    virtual Fault put(std::int64_t value) = 0;
    virtual Fault put(double value) = 0;
    virtual Fault put(std::string_view value) = 0;
    virtual Fault put(std::span<const std::byte> value) = 0;
    virtual Fault put(Timestamp value) = 0;
    virtual Fault put(std::chrono::sys_days value) = 0;

    template <class Fill>
    Fault put_list(Stored form, Fill fill) {
        return fill_list(
            form, [](void* context, AnySink& list) { return (*static_cast<Fill*>(context))(list); }, &fill);
    }

protected:
    using FillList = Fault (*)(void* context, AnySink& list);

    ~AnySink() = default;
    virtual Fault fill_list(Stored form, FillList fill, void* context) = 0;
};

template <class Sink>
class SinkAdapter final : public AnySink {
public:
    explicit SinkAdapter(Sink& sink) : sink_{sink} {}

    Fault put_null() override { return sink_.put_null(); }
    Fault put(bool value) override { return sink_.put(value); }
    Fault put(std::int64_t value) override { return sink_.put(value); }
    Fault put(double value) override { return sink_.put(value); }
    Fault put(std::string_view value) override { return sink_.put(value); }
    Fault put(std::span<const std::byte> value) override { return sink_.put(value); }
    Fault put(Timestamp value) override { return sink_.put(value); }
    Fault put(std::chrono::sys_days value) override { return sink_.put(value); }

private:
    Fault fill_list(Stored form, FillList fill, void* context) override {
        if constexpr (requires { sink_.put_list(form, [](auto&) { return Fault::none; }); }) {
            return sink_.put_list(form, [&](auto& list) {
                SinkAdapter<std::remove_reference_t<decltype(list)>> adapter{list};
                return fill(context, adapter);
            });
        } else {
            return Fault::invalid_value;
        }
    }

    Sink& sink_;
};

}  // namespace rowan::detail

// ---- rowan/query/filter.hpp ----



// ---- rowan/query/run_time_part.hpp ----



#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

/// Statements whose parts are chosen when the program runs. Each part was checked by the compiler; only which of them
/// are there is not known before.
namespace rowan::detail {

/// A condition on T's table, or an assignment to one of its columns.
template <class T>
class RunTimePart {
public:
    RunTimePart() = default;
    RunTimePart(const RunTimePart&) = delete;
    RunTimePart& operator=(const RunTimePart&) = delete;
    virtual ~RunTimePart() = default;

    virtual void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) const = 0;
    virtual void list_forms(std::vector<Form>& forms) const = 0;
    virtual ValueFault put(AnySink& sink) const = 0;
};

/// `Shape::write` is called through `Writer`.
template <class T, class Shape, class Writer, class... Held>
class TypedPart final : public RunTimePart<T> {
public:
    explicit TypedPart(std::tuple<Held...> values) : values_{std::move(values)} {}

    void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) const override {
        Writer::template write<T, Shape>(out, dialect, parameter);
    }
    void list_forms(std::vector<Form>& forms) const override {
        for (const Form form : forms_of(Parameters{})) forms.push_back(form);
    }
    ValueFault put(AnySink& sink) const override { return put_values(Parameters{}, sink, values_); }

private:
    using Parameters = typename Shape::template Parameters<TableScope<T>>;

    std::tuple<Held...> values_;
};

struct ConditionWriter {
    template <class T, class Shape>
    static void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        write_inside<Shape, TableScope<T>>(out, dialect, parameter, Binding::conjunction);
    }
};

struct AssignmentWriter {
    template <class T, class Shape>
    static void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        Shape::template write<T, TableScope<T>>(out, dialect, parameter);
    }
};

template <class T, class Writer, class Shape, class... Held>
std::shared_ptr<const RunTimePart<T>> make_part(std::tuple<Held...> values) {
    return std::make_shared<TypedPart<T, Shape, Writer, Held...>>(std::move(values));
}

template <class T>
using RunTimeParts = std::vector<std::shared_ptr<const RunTimePart<T>>>;

template <class T>
void write_parts(TextWriter& out, const Dialect& dialect, std::size_t& parameter, const RunTimeParts<T>& parts,
                 std::string_view separator) {
    Separator between{separator};
    for (const auto& part : parts) {
        out << between;
        part->write(out, dialect, parameter);
    }
}

template <class T>
ValueFault put_parts(const RunTimeParts<T>& parts, AnySink& sink) {
    ValueFault found;
    for (const auto& part : parts) {
        found = part->put(sink);
        if (found) break;
    }
    return found;
}

template <class T>
std::vector<Form> forms_of_parts(const RunTimeParts<T>& parts) {
    std::vector<Form> forms;
    for (const auto& part : parts) part->list_forms(forms);
    return forms;
}

/// What `write(out)` writes, as a string.
template <class Write>
std::string run_time_text(Write write) {
    TextWriter measure;
    write(measure);
    std::string text(measure.size(), '\0');
    TextWriter fill{text.data()};
    write(fill);
    return text;
}

/// A text that was made at run time, as a statement.
class RunTimeStatement {
public:
    RunTimeStatement(std::string text, std::vector<Form> forms)
        : text_{std::move(text)}, forms_{std::move(forms)}, statement_{text_, forms_, Statement::Kept::no} {}

    [[nodiscard]] const Statement& statement() const { return statement_; }

private:
    std::string text_;
    std::vector<Form> forms_;
    Statement statement_;
};

}  // namespace rowan::detail

#include <cstddef>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace rowan {

enum class Direction : unsigned char { ascending, descending };

/// Conditions and an order that a form or a request chooses, for `Repository::matching`. Each condition is typed and
/// was checked by the compiler, its values are always bound; only the choice is made at run time. Cheap to copy.
///
///     rowan::Filter<Trade> filter;
///     if (form.symbol) filter.add(rowan::col<&Trade::symbol> == *form.symbol);
///     if (auto sorted = filter.order_by(form.sort, rowan::Direction::descending); !sorted) …
///
/// Text, bytes and ranges that are not temporaries are kept by view and must outlive the filter.
template <class T>
class Filter {
public:
    /// Only rows for which this is true as well. For alternatives join conditions with `or`.
    template <detail::Condition Where>
    Filter& add(Where condition) {
        conditions_.push_back(
            detail::make_part<T, detail::ConditionWriter, typename Where::Shape>(std::move(condition).values));
        return *this;
    }

    /// Sorts by the member of this name, after those that were named before. Code::undefined_column, and no change, if
    /// T has no such member: the name may come from outside.
    [[nodiscard]] Result<void> order_by(std::string_view member, Direction direction = Direction::ascending) {
        for (std::size_t i = 0; i != reflect::field_count<T>; ++i)
            if (reflect::names<T>[i] == member) {
                order_.emplace_back(i, direction);
                return {};
            }
        return Failure(Error{Category::programming, Code::undefined_column,
                             "unknown column: " + std::string{table_info<T>.name} +
                                 " has no member of this name to "
                                 "sort by: nothing was sent"});
    }

    [[nodiscard]] const detail::RunTimeParts<T>& conditions() const { return conditions_; }
    [[nodiscard]] const std::vector<std::pair<std::size_t, Direction>>& order() const { return order_; }

private:
    detail::RunTimeParts<T> conditions_;
    std::vector<std::pair<std::size_t, Direction>> order_;
};

/// Columns to change that are chosen at run time, for `Repository::patch`. Only what was set is written; with nothing
/// set nothing is.
template <class T>
class Patch {
public:
    /// The value as `rowan::set` takes it: one of the member's type, std::nullopt, or an expression.
    template <auto Member, class Value>
    Patch& set(Value&& value) {
        auto assignment = (rowan::set<Member> = std::forward<Value>(value));
        using Shape = typename decltype(assignment)::Shape;
        assignments_.push_back(detail::make_part<T, detail::AssignmentWriter, Shape>(std::move(assignment.values)));
        if constexpr (detail::marks_changes<T>)
            changes_.push_back(
                detail::make_part<T, detail::AssignmentWriter, detail::ChangeShape<Shape>>(std::tuple<>{}));
        return *this;
    }

    [[nodiscard]] bool empty() const { return assignments_.empty(); }
    [[nodiscard]] const detail::RunTimeParts<T>& assignments() const { return assignments_; }
    /// The tests whether they would change anything, with the parameters of the assignments. Empty where nothing asks.
    [[nodiscard]] const detail::RunTimeParts<T>& changes() const { return changes_; }

private:
    detail::RunTimeParts<T> assignments_;
    detail::RunTimeParts<T> changes_;
};

}  // namespace rowan

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace rowan {

namespace detail {

/// The rows of a statement that was made at run time, as they come. `Query` puts its values, and keeps them until the
/// first row.
template <class T, class Connection, class Query>
class RunTimeRows final : public RowSource<T> {
public:
    RunTimeRows(Connection& connection, Loan loan, Query query, std::string text, std::vector<Form> forms)
        : query_{std::move(query)},
          statement_{std::move(text), std::move(forms)},
          rows_{connection, std::move(loan), statement_.statement(), ReadEntity{}} {}

    [[nodiscard]] const Statement& statement() const { return statement_.statement(); }
    [[nodiscard]] const Query& query() const { return query_; }
    [[nodiscard]] auto& parameters() { return rows_.parameters(); }

    Result<bool> next(T& row) override { return rows_.next(row); }

private:
    Query query_;
    RunTimeStatement statement_;
    ConnectionRows<T, Connection, ReadEntity> rows_;
};

/// The opposite order.
template <class Orders>
struct ReversedOrder;
template <class... Orders>
struct ReversedOrder<OrderShapes<Orders...>> {
    using type = OrderShapes<typename PageKey<Orders>::Reversed...>;
};

}  // namespace detail

/// The rows that a Filter chooses: what `Repository::matching` gives. The statement is made anew for each call and not
/// kept prepared. See Query for what the functions give.
///
/// The rows come in the order that the filter names, or in one that `order_by` fixes here: only that one has pages, as
/// the compiler then knows the type of the cursor. With both, each call is Code::misuse.
template <class T, class Db, class Orders = detail::OrderShapes<>, bool backwards = false>
class [[nodiscard]] MatchingQuery {
public:
    /// A place in the order that `order_by` gave.
    using Cursor = rowan::Cursor<T, Orders>;

    MatchingQuery(Db& db, Filter<T> filter, std::optional<std::int64_t> limit = {}, std::int64_t offset = 0)
        : db_{&db}, filter_{std::move(filter)}, limit_{limit}, offset_{offset} {}

    /// See Query::order_by.
    template <class... Items>
    [[nodiscard]] auto order_by(Items... items) const {
        static_assert(sizeof...(Items) != 0,
                      "rowan: order_by needs at least one rowan::asc<&T::m> or rowan::desc<&T::m>");
        static_assert(!backwards, "rowan: order_by comes in front of before(...), whose place is one in that order");
        using List = decltype(rowan::order_by(items...));
        static_assert(std::is_same_v<List, detail::OrderList<typename List::Shapes>>,
                      "rowan: the order of a filter's rows cannot hold a value: write it as rowan::constant<value>");
        return MatchingQuery<T, Db, typename List::Shapes>{*db_, filter_, limit_, offset_};
    }

    [[nodiscard]] MatchingQuery limit(std::int64_t count) const { return {*db_, filter_, count, offset_}; }
    [[nodiscard]] MatchingQuery offset(std::int64_t count) const { return {*db_, filter_, limit_, count}; }

    /// See Query::cursor, after and before.
    [[nodiscard]] auto cursor(const T& row) const { return detail::cursor_of(row, Orders{}); }
    [[nodiscard]] MatchingQuery after(const Cursor& cursor) const {
        (void)detail::Paging<T, Orders>::require();
        MatchingQuery query = *this;
        query.filter_.add(detail::keyset<false>(cursor, Orders{}));
        return query;
    }
    [[nodiscard]] auto before(const Cursor& cursor) const {
        (void)detail::Paging<T, Orders>::require();
        using Reversed = typename detail::ReversedOrder<Orders>::type;
        Filter<T> filter = filter_;
        filter.add(detail::keyset<true>(cursor, Orders{}));
        return MatchingQuery<T, Db, Reversed, true>{*db_, std::move(filter), limit_, offset_};
    }

    [[nodiscard]] Result<std::vector<T>> all() const {
        return run<detail::Wanted::rows>(limit_, [](auto& execution, const Statement& statement) {
            Result<std::vector<T>> rows = detail::read_rows<T>(execution, statement, detail::ReadEntity{});
            if constexpr (backwards)
                if (rows) std::reverse(rows->begin(), rows->end());
            return rows;
        });
    }
    [[nodiscard]] Result<std::optional<T>> first() const {
        static_assert(!backwards, "rowan: before(...) gives a page: limit(n).all()");
        const std::int64_t one = limit_ && *limit_ < 1 ? *limit_ : 1;
        return run<detail::Wanted::rows>(one, [](auto& execution, const Statement& statement) {
            return detail::read_row<T>(execution, statement, detail::ReadEntity{});
        });
    }
    /// The number of rows that the filter chooses, whatever limit and offset leave of them: what a page of a list
    /// needs. Ask it of the query without `after` and `before`, which are conditions.
    [[nodiscard]] Result<std::int64_t> count() const {
        return run<detail::Wanted::count>(std::nullopt, [](auto& execution, const Statement&) {
            return detail::read_value<std::int64_t>(execution);
        });
    }

    /// See Query::for_each and Query::stream. A stream keeps the filter; what the filter keeps by view must live until
    /// the first row.
    template <class Fn>
    [[nodiscard]] Result<void> for_each(Fn fn) const {
        const Result<Rows> rows = open_rows();
        if (!rows) return Failure(rows.error());
        return detail::for_each_row<T>(**rows, fn);
    }
    [[nodiscard]] Result<Stream<T>> stream() const {
        Result<Rows> rows = open_rows();
        if (!rows) return Failure(std::move(rows).error());
        return Stream<T>{*std::move(rows)};
    }

private:
    using Rows = std::unique_ptr<detail::RowSource<T>>;
    static constexpr bool has_order = !std::is_same_v<Orders, detail::OrderShapes<>>;

    template <detail::Wanted wanted>
    [[nodiscard]] std::string text(const Dialect& dialect, bool limited) const {
        return detail::run_time_text([&](detail::TextWriter& out) {
            std::size_t parameter = 1;
            out << "SELECT ";
            if (wanted == detail::Wanted::rows)
                detail::write_columns(out, dialect, table_info<T>, detail::column_list<T, detail::Columns::all>);
            else
                out << "count(*)";
            out << " FROM ";
            detail::write_table_name(out, dialect, table_info<T>);
            if (!filter_.conditions().empty()) out << " WHERE ";
            detail::write_parts(out, dialect, parameter, filter_.conditions(), " AND ");
            if (wanted != detail::Wanted::rows) return;
            write_order(out, dialect, parameter);
            if (limited) {
                out << " LIMIT ";
                detail::write_parameter(out, dialect, parameter++);
            }
            if (offset_ == 0) return;
            if (!limited) out << dialect.no_limit;
            out << " OFFSET ";
            detail::write_parameter(out, dialect, parameter++);
        });
    }

    void write_order(detail::TextWriter& out, const Dialect& dialect, std::size_t& parameter) const {
        if (has_order || !filter_.order().empty()) out << " ORDER BY ";
        if constexpr (has_order) return Orders::template write<detail::TableScope<T>>(out, dialect, parameter);
        detail::Separator comma{", "};
        for (const auto& [column, direction] : filter_.order()) {
            out << comma;
            detail::write_column(out, dialect, table_info<T>, column);
            if (direction == Direction::descending) out << " DESC";
        }
    }

    template <detail::Wanted wanted>
    [[nodiscard]] std::vector<Form> forms(bool limited) const {
        std::vector<Form> forms = detail::forms_of_parts(filter_.conditions());
        if (limited) forms.push_back({Stored::integer});
        if (wanted == detail::Wanted::rows && offset_ != 0) forms.push_back({Stored::integer});
        return forms;
    }

    /// Puts all values, unless one cannot be put.
    template <detail::Wanted wanted, class Sink>
    Result<void> fill(Sink& values, std::optional<std::int64_t> limit, const Statement& statement) const {
        if ((limit && *limit < 0) || offset_ < 0) return detail::negative_limit();
        if (has_order && !filter_.order().empty())
            return Failure(Error{Category::programming, Code::misuse,
                                 "the rows are ordered twice: by the filter's order_by and by that of matching(...)"});
        detail::SinkAdapter sink{values};
        if (const detail::ValueFault found = detail::put_parts(filter_.conditions(), sink))
            return detail::write_failure(found, statement);
        if (limit) (void)values.put(*limit);
        if (wanted == detail::Wanted::rows && offset_ != 0) (void)values.put(offset_);
        return {};
    }

    template <detail::Wanted wanted, class Read>
    auto run(std::optional<std::int64_t> limit, Read read) const {
        return db_->lend([&]<class Connection>(Connection& connection) {
            const bool limited = limit.has_value();
            const detail::RunTimeStatement made{text<wanted>(Connection::dialect, limited), forms<wanted>(limited)};
            typename Connection::Execution execution{connection, made.statement()};
            using Outcome = decltype(read(execution, made.statement()));
            if (Result<void> filled = fill<wanted>(execution, limit, made.statement()); !filled)
                return Outcome{Failure(std::move(filled).error())};
            return read(execution, made.statement());
        });
    }

    [[nodiscard]] Result<Rows> open_rows() const {
        static_assert(!backwards, "rowan: before(...) gives a page: limit(n).all()");
        return db_->hold([this](auto& connection, Loan loan) { return this->open_on(connection, std::move(loan)); });
    }

    // A function of its own: Clang 16 leaves out the virtual functions of classes that are first needed in a generic
    // lambda with this result.
    template <class Connection>
    [[nodiscard]] Result<Rows> open_on(Connection& connection, Loan loan) const {
        constexpr auto wanted = detail::Wanted::rows;
        const bool limited = limit_.has_value();
        auto rows = std::make_unique<detail::RunTimeRows<T, Connection, MatchingQuery>>(
            connection, std::move(loan), *this, text<wanted>(Connection::dialect, limited), forms<wanted>(limited));
        Result<void> filled = rows->query().template fill<wanted>(rows->parameters(), limit_, rows->statement());
        if (!filled) return Failure(std::move(filled).error());
        return Rows{std::move(rows)};
    }

    Db* db_;
    Filter<T> filter_;
    std::optional<std::int64_t> limit_;
    std::int64_t offset_;
};

}  // namespace rowan

// ---- rowan/repository/patch.hpp ----



#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

/// Changes of some columns of one row.
namespace rowan::detail {

/// How a patch gives the row that it has changed.
enum class Giving : std::uint8_t {
    nothing,    ///< not at all
    returning,  ///< its UPDATE does
    reading,    ///< a SELECT behind it does, in the same transaction
};

/// Where RETURNING is dear, the row is read by its key, if that is not what the patch changes.
template <class T, const Dialect& dialect, bool wanted, class... Shapes>
inline constexpr Giving giving_of =
    !wanted                                                                                    ? Giving::nothing
    : dialect.returning_is_dear && !(in_key<T>[reflect::index_of<T, Shapes::member>()] || ...) ? Giving::reading
                                                                                               : Giving::returning;

/// Runs the UPDATE of a patch, whose values `put(execution)` puts. Was the row changed? Then it is in `patched`, where
/// it is given.
template <Giving giving, class T, class Connection, class Row, class Put>
Result<bool> run_patch(Connection& connection, const Statement& update, const Row& row, T& patched, Put put) {
    if constexpr (giving == Giving::reading) {
        Result<bool> changed = run_patch<Giving::nothing>(connection, update, row, patched, put);
        // Changes that a view's trigger makes are not counted: there the row alone tells.
        if (!changed || (marks_changes<T> && !*changed)) return changed;
        return read_current(connection, row, patched);
    } else {
        typename Connection::Execution execution{connection, update};
        if (const ValueFault found = put(execution)) return write_failure(found, update);
        if (const ValueFault found = row.put(execution)) return write_failure(found, update);
        if constexpr (giving == Giving::returning) {
            return read_row_into(execution, update, patched);
        } else {
            const Result<std::int64_t> changed = execution.run();
            if (!changed) return Failure(changed.error());
            return *changed != 0;
        }
    }
}

/// The same where rows are not marked when they change: one that was not changed is not there.
template <Giving giving, class T, class Connection, class Row, class Put>
Result<void> run_plain_patch(Connection& connection, const Statement& update, const Row& row, T& patched, Put put) {
    const Result<bool> changed = run_patch<giving>(connection, update, row, patched, put);
    if (!changed) return Failure(changed.error());
    if (!*changed) return Failure(missing<T>(row, update));
    return {};
}

/// The same where they are: `probe`, whose values `put_probe(execution)` puts, tells why `update` changed none.
template <Giving giving, class T, class Connection, class Row, class Put, class PutProbe>
Result<void> run_marked_patch(Connection& connection, const Statement& update, const Statement& probe, const Row& row,
                              Carry carry, T& patched, Put put, PutProbe put_probe) {
    const auto fail = [&](std::optional<T> current) {
        return Failure(conflict_error(table_info<T>, conflict_of(row, std::move(current), 0, carry), update.text()));
    };
    for (int i = 0; i != tries; ++i) {
        const Result<bool> changed = run_patch<giving>(connection, update, row, patched, put);
        if (!changed) return Failure(changed.error());
        if (*changed) return {};

        typename Connection::Execution execution{connection, probe};
        if (const ValueFault found = put_probe(execution)) return write_failure(found, probe);
        if (const ValueFault found = row.put_key(execution)) return write_failure(found, probe);
        const Result<bool> there = read_row_into(execution, probe, patched);
        if (!there) return Failure(there.error());
        if (!*there) return fail({});
        if constexpr (Row::checked)
            if (version_of(patched) != row.version()) return fail(std::move(patched));
        bool would_change{};
        if (const Fault fault = execution.cell(static_cast<int>(reflect::field_count<T>)).get(would_change);
            fault != Fault::none)
            return read_failure({fault, {}}, probe);
        if (!would_change) return {};
    }
    return Failure(left_unchanged(table_info<T>, update));
}

/// Fills `patched` with the row as it is then, where it is `wanted`.
template <bool wanted, class T, class Connection, class Row, class... Assignments>
Result<void> patch_one(Connection& connection, const Row& row, [[maybe_unused]] Carry carry, T& patched,
                       const Assignments&... assignments) {
    static_assert(sizeof...(Assignments) != 0, "rowan: a patch needs something to set: patch(key, set<&T::m> = value)");
    constexpr Giving giving = giving_of<T, Connection::dialect, wanted, typename Assignments::Shape...>;
    using Text =
        PatchRow<T, Connection::dialect, Row::checked, giving == Giving::returning, typename Assignments::Shape...>;
    const auto values = std::tuple_cat(as_references(assignments.values)...);
    const auto touch = TouchShape::values<T>(time_of_change<T>());
    const auto put = [&](auto& sink) {
        return put_values(typename Text::SetParameters{}, sink, std::tuple_cat(values, as_references(touch)));
    };
    const auto run = [&]() -> Result<void> {
        if constexpr (marks_changes<T>) {
            using Probe = PatchProbe<T, Connection::dialect, typename Assignments::Shape...>;
            return run_marked_patch<giving>(
                connection, statement<Text>, statement<Probe>, row, carry, patched, put,
                [&](auto& sink) { return put_values(typename Probe::SetParameters{}, sink, values); });
        } else {
            return run_plain_patch<giving>(connection, statement<Text>, row, patched, put);
        }
    };
    if constexpr (giving == Giving::reading)
        // The row is to be the one that was patched, not what others have made of it since.
        if (connection.transaction_state() == TransactionState::idle)
            return run_in(BasicTransaction<Connection>::open(connection), [&](auto&) { return run(); });
    return run();
}

/// The statements of PatchRow and PatchProbe for a patch that is chosen at run time.
template <class T>
class ChosenPatch {
public:
    ChosenPatch(const Dialect& dialect, const Patch<T>& patch, Columns row, bool returning)
        : update_{run_time_text([&](TextWriter& out) { write_update(out, dialect, patch, row, returning); }),
                  forms(patch, TouchShape::has_time<T>, row)},
          probe_{run_time_text([&](TextWriter& out) {
                     if (marks_changes<T>) write_probe(out, dialect, patch);
                 }),
                 forms(patch, false, Columns::key)} {}

    [[nodiscard]] const Statement& update() const { return update_.statement(); }
    [[nodiscard]] const Statement& probe() const { return probe_.statement(); }

private:
    static std::vector<Form> forms(const Patch<T>& patch, bool with_time, Columns row) {
        std::vector<Form> all = forms_of_parts(patch.assignments());
        if (with_time) all.push_back({Stored::timestamp});
        for (const std::uint16_t column : columns_of(row))
            all.push_back({stored_as(table_info<T>.columns[column].type)});
        return all;
    }

    static std::span<const std::uint16_t> columns_of(Columns row) {
        if (row == Columns::key) return column_list<T, Columns::key>;
        return column_list<T, Columns::key_and_version>;
    }

    static void write_change_test(TextWriter& out, const Dialect& dialect, const Patch<T>& patch) {
        std::size_t parameter = 1;
        out << '(';
        write_parts(out, dialect, parameter, patch.changes(), " OR ");
        out << ')';
    }

    static void write_update(TextWriter& out, const Dialect& dialect, const Patch<T>& patch, Columns row,
                             bool returning) {
        std::size_t parameter = 1;
        out << "UPDATE ";
        write_table_name(out, dialect, table_info<T>);
        out << " SET ";
        write_parts(out, dialect, parameter, patch.assignments(), ", ");
        TouchShape::write<T>(out, dialect, parameter);
        out << " WHERE ";
        write_assignments(out, dialect, table_info<T>, columns_of(row), parameter, " AND ");
        if (marks_changes<T>) {
            out << " AND ";
            write_change_test(out, dialect, patch);
        }
        if (returning) write_returning<T>(out, dialect);
    }

    static void write_probe(TextWriter& out, const Dialect& dialect, const Patch<T>& patch) {
        std::size_t parameter = 1;
        parameter += forms_of_parts(patch.assignments()).size();
        out << "SELECT ";
        write_columns(out, dialect, table_info<T>, column_list<T, Columns::all>);
        out << ", ";
        write_change_test(out, dialect, patch);
        out << " FROM ";
        write_table_name(out, dialect, table_info<T>);
        out << " WHERE ";
        write_assignments(out, dialect, table_info<T>, columns_of(Columns::key), parameter, " AND ");
    }

    RunTimeStatement update_;
    RunTimeStatement probe_;
};

/// The same where the columns are chosen at run time. Its statement is compiled each time, so RETURNING is no dearer
/// than a second one.
template <bool wanted, class T, class Connection, class Row>
Result<void> patch_chosen(Connection& connection, const Row& row, [[maybe_unused]] Carry carry, T& patched,
                          const Patch<T>& patch) {
    if (patch.empty()) {
        const Result<bool> there = read_current(connection, row, patched);
        if (!there) return Failure(there.error());
        const Statement& asked = statement<SelectByKey<T, Connection::dialect, Wanted::rows>>;
        if constexpr (Row::checked) {
            if (!*there || version_of(patched) != row.version()) {
                std::optional<T> current;
                if (*there) current = std::move(patched);
                return Failure(
                    conflict_error(table_info<T>, conflict_of(row, std::move(current), 0, carry), asked.text()));
            }
        } else if (!*there) {
            return Failure(missing<T>(row, asked));
        }
        return {};
    }
    constexpr Giving giving = wanted ? Giving::returning : Giving::nothing;
    const ChosenPatch<T> chosen{Connection::dialect, patch, identity<Row::checked>, wanted};
    const Timestamp now = time_of_change<T>();
    const auto put_probe = [&](auto& execution) {
        SinkAdapter sink{execution};
        return put_parts(patch.assignments(), sink);
    };
    const auto put = [&](auto& execution) {
        ValueFault found = put_probe(execution);
        if constexpr (TouchShape::has_time<T>)
            if (!found) found.fault = execution.put(now);
        return found;
    };
    if constexpr (marks_changes<T>)
        return run_marked_patch<giving>(connection, chosen.update(), chosen.probe(), row, carry, patched, put,
                                        put_probe);
    else
        return run_plain_patch<giving>(connection, chosen.update(), row, patched, put);
}

}  // namespace rowan::detail

// ---- rowan/repository/requirements.hpp ----



namespace rowan::detail {

// True in any case, so that the sentence is said once.

template <class T>
consteval bool require_key() {
    static_assert(key_size<T> != 0,
                  "rowan: this struct has no key: call a member id, or describe one with .key<&T::member>()");
    return true;
}

template <class T>
consteval bool require_more_than_key() {
    static_assert(!column_list<T, Columns::written>.empty() || has_version<T>,
                  "rowan: every column of this table belongs to the key, so there is nothing to update");
    return true;
}

template <class T>
consteval bool require_version() {
    static_assert(has_version<T>,
                  "rowan: this struct has no rowan::Version that could be compared: give it one, or leave "
                  "at_version out");
    return true;
}

}  // namespace rowan::detail

// ---- rowan/repository/script.hpp ----



#include <string_view>

namespace rowan::detail {

/// Runs all statements of a script, or none. One function for all tables.
template <class Connection>
Result<void> run_whole(Connection& connection, std::string_view script) {
    return run_in(BasicTransaction<Connection>::open(connection), [&](auto&) { return connection.run_script(script); });
}

}  // namespace rowan::detail

// ---- rowan/repository/upsert.hpp ----



#include <cstdint>
#include <type_traits>

namespace rowan::detail {

/// The integer key that comes with a row, or 0.
template <class T>
std::int64_t integer_key(const T& entity) {
    if constexpr (key_size<T> == 1) {
        const auto& key = reflect::member<table<T>.key_columns()[0]>(entity);
        if constexpr (Integer<std::remove_cvref_t<decltype(key)>>) return static_cast<std::int64_t>(key);
    }
    return 0;
}

template <bool generate, class Policy, class T, class Connection>
Result<Upserted> upsert_row(Connection& connection, const T& entity, const Policy& policy, Timestamp now) {
    using Text = Upsert<T, Connection::dialect, generate, Policy>;
    const Statement& statement = detail::statement<Text>;
    typename Connection::Execution execution{connection, statement};
    if (const ValueFault found = write_entity<T, Text::columns>(execution, entity, now))
        return write_failure(found, statement);
    if (const ValueFault found =
            put_values(typename Conflict<T, Policy>::Parameters{}, execution, policy.action.values))
        return write_failure(found, statement);
    return execution.run_upsert(integer_key(entity));
}

template <class T, class Connection, class Policy>
Result<Upserted> upsert_one(Connection& connection, const T& entity, const Policy& policy,
                            Timestamp now = time_of_change<T>()) {
    if constexpr (has_generated_key<T>)
        if (wants_key(entity)) return upsert_row<true>(connection, entity, policy, now);
    return upsert_row<false>(connection, entity, policy, now);
}

}  // namespace rowan::detail

// ---- rowan/repository/upsert_range.hpp ----



#include <cstddef>
#include <optional>
#include <utility>

/// Upserts of all rows of a range, or none, in the fastest way that the database has.
namespace rowan::detail {

/// Upserts rows one by one.
template <class T, class Policy, class Connection>
class RowUpserter {
public:
    RowUpserter(Connection& connection, const Policy& policy) : connection_{connection}, policy_{policy} {}

    Result<void> add(const T& entity) {
        Result<Upserted> done = upsert_one(connection_, entity, policy_, now_);
        if (!done) return Failure(std::move(done).error().in_row(row_));
        ++row_;
        switch (*done) {
            case Upserted::inserted: ++counts_.inserted; break;
            case Upserted::updated: ++counts_.updated; break;
            case Upserted::unchanged: ++counts_.unchanged; break;
        }
        return {};
    }

    Result<UpsertCounts> finish() { return counts_; }

private:
    Connection& connection_;
    const Policy& policy_;
    Timestamp now_ = time_of_change<T>();
    std::size_t row_ = 0;
    UpsertCounts counts_;
};

/// Upserts rows in arrays. A statement may not touch one row twice, so a batch that holds a key twice is undone
/// and written row by row: the last one wins, as it does where rows are always written one by one.
template <class T, class Policy, class Connection>
class ArrayUpserter {
public:
    ArrayUpserter(Connection& connection, const Policy& policy) : connection_{connection}, policy_{policy} {}

    Result<void> add(const T& entity) {
        const bool generate = wants_key(entity);
        if (generate != generating_) {
            if (Result<void> sent = send(); !sent) return sent;
            execution_.reset();
            generating_ = generate;
        }
        return generate ? put<true>(entity) : put<false>(entity);
    }

    /// Takes all rows for one statement, which is sent by `finish`; false where they do not fit in one. Nothing is
    /// sent.
    template <class Range>
        requires only_inserts<Policy>
    Result<bool> take_all(Range& range) {
        for (const T& entity : range) {
            const bool generate = wants_key(entity);
            if (row_ != 0 && generate != generating_) return false;
            generating_ = generate;
            if (Result<void> taken = generate ? collect<true>(entity) : collect<false>(entity); !taken)
                return Failure(std::move(taken).error());
            if (execution_->is_full()) return false;
        }
        return true;
    }

    Result<UpsertCounts> finish() {
        if (Result<void> sent = send(); !sent) return Failure(std::move(sent).error());
        return counts_;
    }

private:
    template <bool generate>
    using Text = UpsertArrays<T, Connection::dialect, generate && has_generated_key<T>, Policy>;

    template <bool generate>
    Result<void> put(const T& entity) {
        Result<void> collected = collect<generate>(entity);
        return collected && execution_->is_full() ? send() : collected;
    }

    template <bool generate>
    Result<void> collect(const T& entity) {
        const Statement& statement = detail::statement<Text<generate>>;
        if (!execution_) execution_.emplace(connection_, statement, column_list<T, Text<generate>::columns>.size());
        if (const ValueFault found = write_entity<T, Text<generate>::columns>(*execution_, entity, now_))
            return Failure(fault_error(found, true, statement.text()).in_row(row_));
        ++row_;
        return {};
    }

    Result<void> send() {
        if (!execution_ || execution_->is_empty()) return {};
        const auto put_policy = [&](auto& sink) {
            return put_values(typename Conflict<T, Policy>::Parameters{}, sink, policy_.action.values);
        };
        Result<UpsertCounts> done = run(put_policy);
        execution_->clear();
        if (!done) {
            if (const auto row = done.error().row()) return Failure(std::move(done).error().in_row(sent_ + *row));
            return Failure(std::move(done).error());
        }
        sent_ = row_;
        counts_.inserted += done->inserted;
        counts_.updated += done->updated;
        counts_.unchanged += done->unchanged;
        return {};
    }

    template <class PutPolicy>
    Result<UpsertCounts> run(PutPolicy put_policy) {
        // Rows that are left alone may be met twice.
        if constexpr (only_inserts<Policy>) {
            return execution_->run_upsert(put_policy);
        } else {
            Result<UpsertCounts> done = run_in(BasicTransaction<Connection>::open(connection_),
                                               [&](auto&) { return execution_->run_upsert(put_policy); });
            if (!done && done.error().code() == Code::cardinality_violation)
                return execution_->run_upsert_one_by_one(put_policy);
            return done;
        }
    }

    Connection& connection_;
    const Policy& policy_;
    std::optional<typename Connection::ArrayExecution> execution_{};
    bool generating_ = false;
    Timestamp now_ = time_of_change<T>();
    std::size_t row_ = 0;
    std::size_t sent_ = 0;
    UpsertCounts counts_;
};

template <class T, class Policy, class Connection>
auto make_upserter(Connection& connection, const Policy& policy) {
    if constexpr (takes_arrays<T, Connection::dialect>)
        return ArrayUpserter<T, Policy, Connection>{connection, policy};
    else
        return RowUpserter<T, Policy, Connection>{connection, policy};
}

/// Tells how many rows were inserted, updated, or left as they are. The range is read once.
template <class T, class Connection, class Range, class Policy>
Result<UpsertCounts> upsert_range(Connection& connection, Range&& range, const Policy& policy) {
    if constexpr (takes_feed<T, Connection>)
        return upsert_feed<T>(connection, range, policy);
    else
        return write_range(connection, std::forward<Range>(range),
                           [&](Connection& used) { return make_upserter<T>(used, policy); });
}

}  // namespace rowan::detail

// ---- rowan/repository/verify.hpp ----



#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace rowan {

namespace detail {

/// A column as the database has it: its name, type, whether it takes no NULL, and whether it can be left out.
using LiveColumn = std::tuple<std::string, std::string, bool, bool>;

inline void report(std::vector<Mismatch>& found, Mismatch::Kind kind, const TableInfo& table, std::string_view column,
                   std::string_view sentence) {
    std::string message{table.name};
    if (!column.empty()) message.append(".").append(column);
    message.append(" ").append(sentence);
    found.push_back({kind, std::string{table.name}, std::string{column}, std::move(message)});
}

inline void compare_column(std::vector<Mismatch>& found, const Dialect& dialect, const TableInfo& table,
                           const ColumnInfo& wanted, const LiveColumn& live) {
    using Kind = Mismatch::Kind;
    const auto& [name, type, not_null, optional] = live;
    const Fit fit = dialect.fit(wanted.type, type);
    if (fit == Fit::wrong)
        report(found, Kind::wrong_type, table, name, "is of type " + type + ", not that of the member");
    if (fit == Fit::narrower)
        report(found, Kind::narrower_type, table, name,
               "is of type " + type + ", which not all values of the member fit");
    if (!not_null && !wanted.nullable)
        report(found, Kind::may_be_null, table, name, "may be NULL, but the member is no std::optional");
    if (not_null && wanted.nullable)
        report(found, Kind::never_null, table, name, "takes no NULL, but the member is a std::optional");
}

inline void compare_table(std::vector<Mismatch>& found, const Dialect& dialect, const TableInfo& table,
                          const std::vector<LiveColumn>& live) {
    using Kind = Mismatch::Kind;
    if (live.empty()) return report(found, Kind::missing_table, table, {}, "is not there");
    for (const ColumnInfo& wanted : table.columns) {
        const LiveColumn* match = nullptr;
        for (const LiveColumn& column : live)
            if (std::get<0>(column) == wanted.name) match = &column;
        if (match == nullptr)
            report(found, Kind::missing_column, table, wanted.name, "is not there");
        else
            compare_column(found, dialect, table, wanted, *match);
    }
    for (const auto& [name, type, not_null, optional] : live) {
        bool known = false;
        for (const ColumnInfo& wanted : table.columns) known = known || wanted.name == name;
        if (!known && not_null && !optional)
            report(found, Kind::unknown_required, table, name, "has no member, but no row can be stored without it");
    }
}

template <class T, class Connection>
Result<void> verify_table(Connection& connection, std::vector<Mismatch>& found) {
    const std::string name = run_time_text(
        [](TextWriter& out) { Connection::dialect.write_live_name(out, table_info<T>.schema, table_info<T>.name); });
    auto live = query_by_hand<LiveColumn>(connection, unsafe_sql{Connection::dialect.live_columns}, name);
    if (!live) return Failure(std::move(live).error());
    compare_table(found, Connection::dialect, table_info<T>, *live);
    return {};
}

}  // namespace detail

/// Compares the tables of these structs with the live schema: `verify<Candle, Order>(db)`. Gives what does not fit; an
/// empty list where all is well. For a start-up check, or a job that finds drift before a user does. Reads the
/// catalogue only, a query a table.
template <class... Structs, class Db>
    requires(sizeof...(Structs) != 0)
[[nodiscard]] Result<std::vector<Mismatch>> verify(Db& db) {
    return db.lend([](auto& connection) -> Result<std::vector<Mismatch>> {
        std::vector<Mismatch> found;
        Result<void> done{};
        (void)((done = detail::verify_table<Structs>(connection, found), done.has_value()) && ...);
        if (!done) return Failure(std::move(done).error());
        return found;
    });
}

}  // namespace rowan

// ---- rowan/repository/verify_query.hpp ----



// ---- rowan/session/result_column.hpp ----


#include <cstdint>
#include <string>

namespace rowan {

/// What the database says of NULLs in a column of a result.
enum class Nullability : std::uint8_t {
    unknown,  ///< it is an expression, or a column of a view
    never,    ///< it is a table's column that takes no NULL; an outer join can make one of it all the same
    maybe,    ///< it is a table's column that takes NULL
};

/// A column of a statement's result, as the database announces it before the statement runs.
struct ResultColumn {
    std::string name{};
    /// As Dialect::reads takes it; empty where the database does not say.
    std::string type{};
    Nullability nullability = Nullability::unknown;
};

}  // namespace rowan

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rowan {

namespace detail {

/// Compares what is read with what a statement gives.
class ResultComparison {
public:
    ResultComparison(std::vector<Mismatch>& found, const Dialect& dialect, std::string_view statement)
        : found_{found}, dialect_{dialect}, statement_{statement} {}

    void by_name(std::span<const ReadColumn> read, const std::vector<ResultColumn>& given) {
        for (const ReadColumn& wanted : read) {
            const ResultColumn* match = nullptr;
            for (const ResultColumn& column : given)
                if (match == nullptr && column.name == wanted.name) match = &column;
            if (match != nullptr)
                compare(wanted, *match, wanted.name);
            else
                report(Mismatch::Kind::missing_column, {}, wanted.name, "is not among the columns of the statement");
        }
    }

    void by_place(std::span<const ReadColumn> read, const std::vector<ResultColumn>& given) {
        if (read.size() != given.size())
            return report(Mismatch::Kind::missing_column, {}, {},
                          "the number of columns is " + std::to_string(given.size()) + ", but " +
                              std::to_string(read.size()) + " are read");
        for (std::size_t i = 0; i != read.size(); ++i)
            compare(read[i], given[i], read[i].name.empty() ? std::string_view{given[i].name} : read[i].name);
    }

private:
    void compare(const ReadColumn& wanted, const ResultColumn& given, std::string_view name) {
        using Kind = Mismatch::Kind;
        const Fit fit = given.type.empty() ? Fit::good : dialect_.reads(wanted.type, given.type);
        if (fit == Fit::wrong)
            report(Kind::wrong_type, wanted.place, name, "is of type " + given.type + ", not of the one that is read");
        // Of an expression a database announces the widest type that it could have.
        if (fit == Fit::wider && given.nullability != Nullability::unknown)
            report(Kind::wider_type, wanted.place, name,
                   "is of type " + given.type + ", of which not all values fit the one that is read");
        if (given.nullability == Nullability::maybe && !wanted.nullable)
            report(Kind::may_be_null, wanted.place, name, "may be NULL, but is not read as a std::optional");
    }

    void report(Mismatch::Kind kind, Place place, std::string_view column, std::string_view sentence) {
        std::string message{column};
        message.append(column.empty() ? "" : " ").append(sentence).append(": ").append(statement_);
        found_.push_back({kind, std::string{place.table != nullptr ? place.table->name : std::string_view{}},
                          std::string{column}, std::move(message)});
    }

    std::vector<Mismatch>& found_;
    const Dialect& dialect_;
    std::string_view statement_;
};

/// Has the database prepare a statement, and `compare` look at its columns. What it refuses is a mismatch.
template <class Connection, class Compare>
Result<void> verify_statement(Connection& connection, const Statement& statement, std::vector<Mismatch>& found,
                              Compare compare) {
    const Result<std::vector<ResultColumn>> columns = connection.describe(statement);
    if (columns) {
        compare(ResultComparison{found, Connection::dialect, statement.text()}, *columns);
        return {};
    }
    const Error& error = columns.error();
    if (error.category() != Category::programming) return Failure(error);
    found.push_back(
        {Mismatch::Kind::refused_query, std::string{error.table()}, std::string{error.column()}, error.to_string()});
    return {};
}

template <class Query>
Result<void> verify_query(const Query& query, std::vector<Mismatch>& found) {
    using Shape = typename Query::QueryShape;
    return query.database()->lend([&]<class Connection>(Connection& connection) {
        return verify_statement(connection, statement<QueryText<Shape, Connection::dialect>>, found,
                                [](ResultComparison comparison, const std::vector<ResultColumn>& given) {
                                    comparison.by_place(columns_of_query<Shape>, given);
                                });
    });
}

}  // namespace detail

/// Has the database prepare these queries, without running them, and compares the columns that they would give with
/// what is read from them: types, and NULL where a table's column takes it but no std::optional is read. What the
/// database refuses is a mismatch as well, with its reason. A query that cannot be asked about at all (the connection
/// is lost, say) is an error. Where a statement is refused inside a transaction, some databases refuse all that follow:
/// verify outside.
template <class First, class... Queries>
[[nodiscard]] Result<std::vector<Mismatch>> verify_queries(const First& first, const Queries&... queries) {
    std::vector<Mismatch> found;
    Result<void> done = detail::verify_query(first, found);
    (void)(done && ... && (done = detail::verify_query(queries, found)).has_value());
    if (!done) return Failure(std::move(done).error());
    return found;
}

/// The same for SQL that a person wrote: `verify<Row>(db, sql<"…">, arguments…)`, with just what `db.query` would take.
/// Nothing is run; of the arguments only the types matter.
template <class Row, class Db, class Sql, class... Arguments>
[[nodiscard]] Result<std::vector<Mismatch>> verify(Db& db, Sql sql, const Arguments&...) {
    detail::require_arguments<Sql, sizeof...(Arguments)>();
    return db.lend([&](auto& connection) {
        return detail::with_statement<Arguments...>(
            sql, connection, [](auto& used, const Statement& statement) -> Result<std::vector<Mismatch>> {
                std::vector<Mismatch> found;
                Result<void> done = detail::verify_statement(
                    used, statement, found,
                    [](detail::ResultComparison comparison, const std::vector<ResultColumn>& given) {
                        using Read = detail::RowColumns<Row>;
                        if constexpr (Read::by_name)
                            comparison.by_name(Read::columns, given);
                        else
                            comparison.by_place(Read::columns, given);
                    });
                if (!done) return Failure(std::move(done).error());
                return found;
            });
    });
}

}  // namespace rowan

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

namespace rowan {

class Database;

/// The rows of T's table. `Db` lends a connection for one operation: a connection itself, a transaction, or a
/// Database. The repository is a pointer to it: cheap to make and to copy, no more thread-safe than the `Db`,
/// which must outlive it and stay where it is. On a read-only session it has no functions that write.
///
/// Every function gives the database's error, or Category::data with the column's name where a value does not
/// fit: nothing is stored then. Statements are constants of the program, prepared once per connection.
template <class T, class Db = Database>
class Repository {
    static_assert(require_storable<T>());

public:
    explicit Repository(Db& db) : db_{&db} {}

    /// Makes the table with its constraints and indexes, and its schema, where they are missing. A table that is
    /// there already is left as it is. All or nothing.
    [[nodiscard]] Result<void> create_table()
        requires WritableSession<Db>
    {
        return db_->lend([]<class Connection>(Connection& connection) {
            return detail::run_whole(connection, detail::text_of<detail::CreateTable<T, Connection::dialect>>);
        });
    }

    /// Drops the table with all its rows, if it is there.
    [[nodiscard]] Result<void> drop_table()
        requires WritableSession<Db>
    {
        return db_->lend([]<class Connection>(Connection& connection) {
            return connection.run_script(detail::text_of<detail::DropTable<T, Connection::dialect>>);
        });
    }

    /// Stores a row, and gives it back as it is stored: with the key that the database made, where the key is
    /// generated and `entity` has 0. Take the row from a temporary or with std::move to save a copy.
    [[nodiscard]] Result<T> insert(const T& entity)
        requires WritableSession<Db>
    {
        Result<T> stored{entity};
        insert_stored(stored);
        return stored;
    }
    [[nodiscard]] Result<T> insert(T&& entity)
        requires WritableSession<Db>
    {
        Result<T> stored{std::move(entity)};
        insert_stored(stored);
        return stored;
    }

    /// Stores all rows of a range, or none, in the fastest way that the database has; gives their number. The
    /// range is read once, in constant memory. An error tells which row it befell, where that is known: see Error::row.
    template <detail::RangeOf<T> Range>
        requires WritableSession<Db>
    [[nodiscard]] Result<std::size_t> insert(Range&& range) {
        return db_->lend(
            [&](auto& connection) { return detail::insert_range<T>(connection, std::forward<Range>(range)); });
    }

    /// Stores a row, or does what `policy` says where it is there already:
    /// `rowan::on_conflict<&T::a, &T::b>.do_nothing()` or `.do_update()`.
    template <class Action, auto... Target>
        requires WritableSession<Db>
    [[nodiscard]] Result<Upserted> upsert(const T& entity, const UpsertPolicy<Action, Target...>& policy) {
        return db_->lend([&](auto& connection) { return detail::upsert_one(connection, entity, policy); });
    }

    /// The same for all rows of a range, or none. Of rows that are alike in the conflict target, the last one
    /// stays with `do_update`, the first one with `do_nothing`.
    template <detail::RangeOf<T> Range, class Action, auto... Target>
        requires WritableSession<Db>
    [[nodiscard]] Result<UpsertCounts> upsert(Range&& range, const UpsertPolicy<Action, Target...>& policy) {
        return db_->lend(
            [&](auto& connection) { return detail::upsert_range<T>(connection, std::forward<Range>(range), policy); });
    }

    /// The row with this key, if there is one.
    [[nodiscard]] Result<std::optional<T>> find(const Key<T>& key) {
        static_assert(detail::require_key<T>());
        // Made once, and where it is returned.
        Result<std::optional<T>> row{detail::in_place, std::in_place};
        Result<bool> found = db_->lend(
            [&](auto& connection) { return detail::read_current(connection, detail::RowByKey<T>{key}, **row); });
        if (!found) [[unlikely]]
            row = Failure(std::move(found).error());
        else if (!*found)
            row->reset();
        return row;
    }

    /// The row with this key; Code::not_found if there is none.
    [[nodiscard]] Result<T> get(const Key<T>& key) {
        Result<T> row;
        Result<bool> found = with_key<detail::Wanted::rows>(key, [&](auto& execution, const Statement& statement) {
            Result<bool> filled = detail::read_row_into(execution, statement, *row);
            if (filled && !*filled) filled = Failure(detail::missing<T>(detail::RowByKey<T>{key}, statement));
            return filled;
        });
        if (!found) row = Failure(std::move(found).error());
        return row;
    }

    [[nodiscard]] Result<bool> exists(const Key<T>& key) {
        return with_key<detail::Wanted::existence>(
            key, [](auto& execution, const Statement&) { return detail::read_value<bool>(execution); });
    }

    /// The row whose `Member` is `value`, if there is one. Code::multiple_rows if there are several: use `where`
    /// to get them.
    template <auto Member>
    [[nodiscard]] Result<std::optional<T>> find_by(
        const typename detail::Passed<detail::required_t<reflect::MemberOf<Member>>>::type& value) {
        return where(col<Member> == value).one_or_none();
    }

    /// Writes all columns of the row with the entity's key, and gives the row as it is stored. Code::not_found
    /// if there is no such row.
    ///
    /// With a rowan::Version, only while the row has the entity's version: else Code::stale, whose message and
    /// `conflicts()` tell whether the row was modified or deleted meanwhile; with `carry_current` the error holds the
    /// row as it is now (see `carried_row`). One statement; a second one only where the first finds no row.
    [[nodiscard]] Result<T> update(const T& entity, Carry carry = Carry::nothing)
        requires WritableSession<Db>
    {
        Result<T> updated{entity};
        update_stored(updated, carry);
        return updated;
    }
    [[nodiscard]] Result<T> update(T&& entity, Carry carry = Carry::nothing)
        requires WritableSession<Db>
    {
        Result<T> updated{std::move(entity)};
        update_stored(updated, carry);
        return updated;
    }

    /// The same for all rows of a range, or none; gives them as they are stored, in the range's order. The error names
    /// each row that is missing or stale: see Error::conflicts.
    template <detail::RangeOf<T> Range>
        requires WritableSession<Db>
    [[nodiscard]] Result<std::vector<T>> update(Range&& range, Carry carry = Carry::nothing) {
        static_assert(detail::require_key<T>() && detail::require_more_than_key<T>());
        return db_->lend(
            [&](auto& connection) { return detail::update_range<T>(connection, std::forward<Range>(range), carry); });
    }

    /// Sets only these columns of the row with this key: `patch(key, set<&T::status> = "done")`, and gives the row as
    /// it is then. Code::not_found if there is none.
    ///
    /// The row's version is counted on, but not compared. Where rows have a Version or an UpdatedAt, values that are
    /// there already change nothing: the row is not written, and keeps both.
    template <class... Assignments>
        requires WritableSession<Db>
    [[nodiscard]] Result<T> patch(const Key<T>& key, const Assignments&... assignments) {
        return patch_row(detail::RowByKey<T>{key}, Carry::nothing, assignments...);
    }

    /// The same for the entity's row, only while it has the entity's version where T has one: else Code::stale, as
    /// `update` gives it. Other changes of the entity are not written.
    template <std::same_as<T> Entity, class... Assignments>
        requires WritableSession<Db>
    [[nodiscard]] Result<T> patch(const Entity& entity, const Assignments&... assignments) {
        return patch_row(detail::RowOfEntity<T>{entity}, Carry::nothing, assignments...);
    }
    template <std::same_as<T> Entity, class... Assignments>
        requires WritableSession<Db>
    [[nodiscard]] Result<T> patch(const Entity& entity, Carry carry, const Assignments&... assignments) {
        return patch_row(detail::RowOfEntity<T>{entity}, carry, assignments...);
    }
    /// The same by key and version: `patch(at_version(key, version), set<&T::status> = "done")`.
    template <class K, class... Assignments>
        requires WritableSession<Db>
    [[nodiscard]] Result<T> patch(const AtVersion<K>& row, const Assignments&... assignments) {
        return patch_row(at(row), Carry::nothing, assignments...);
    }
    template <class K, class... Assignments>
        requires WritableSession<Db>
    [[nodiscard]] Result<T> patch(const AtVersion<K>& row, Carry carry, const Assignments&... assignments) {
        return patch_row(at(row), carry, assignments...);
    }

    /// Sets the columns that `patch` has, chosen at run time. With nothing set, nothing is sent but the question for
    /// the row.
    [[nodiscard]] Result<T> patch(const Key<T>& key, const Patch<T>& patch)
        requires WritableSession<Db>
    {
        return patch_row(detail::RowByKey<T>{key}, Carry::nothing, patch);
    }

    /// The same as `patch`, but does not give the row back, which saves half of the work and more. All else is alike:
    /// what it takes, how versions are compared and counted on, and the errors.
    template <class... Assignments>
        requires WritableSession<Db>
    [[nodiscard]] Result<void> patch_only(const Key<T>& key, const Assignments&... assignments) {
        return patch_row_only(detail::RowByKey<T>{key}, Carry::nothing, assignments...);
    }
    template <std::same_as<T> Entity, class... Assignments>
        requires WritableSession<Db>
    [[nodiscard]] Result<void> patch_only(const Entity& entity, const Assignments&... assignments) {
        return patch_row_only(detail::RowOfEntity<T>{entity}, assignments...);
    }
    template <class K, class... Assignments>
        requires WritableSession<Db>
    [[nodiscard]] Result<void> patch_only(const AtVersion<K>& row, const Assignments&... assignments) {
        return patch_row_only(at(row), assignments...);
    }

    /// Removes the row with this key, whatever its version; false if there is none.
    [[nodiscard]] Result<bool> erase(const Key<T>& key)
        requires WritableSession<Db>
    {
        return erase_row(detail::RowByKey<T>{key}, Carry::nothing);
    }

    /// Removes the row with the entity's key; false if there is none. With a rowan::Version, Code::stale if the row has
    /// been modified since. (A template, so that a list in braces is a key.)
    template <std::same_as<T> Entity>
        requires WritableSession<Db>
    [[nodiscard]] Result<bool> erase(const Entity& entity, Carry carry = Carry::nothing) {
        return erase_row(detail::RowOfEntity<T>{entity}, carry);
    }
    /// The same by key and version: `erase(at_version(key, version))`.
    template <class K>
        requires WritableSession<Db>
    [[nodiscard]] Result<bool> erase(const AtVersion<K>& row, Carry carry = Carry::nothing) {
        return erase_row(at(row), carry);
    }

    /// Removes the rows of all entities of a range, or none; gives how many there were. Code::stale names each row that
    /// has been modified since: see Error::conflicts.
    template <detail::RangeOf<T> Range>
        requires WritableSession<Db>
    [[nodiscard]] Result<std::size_t> erase(Range&& range, Carry carry = Carry::nothing) {
        static_assert(detail::require_key<T>());
        return db_->lend([&](auto& connection) { return detail::erase_range<T>(connection, range, carry); });
    }

    /// All rows, in no particular order.
    [[nodiscard]] Result<std::vector<T>> all() { return query().all(); }
    /// The number of rows.
    [[nodiscard]] Result<std::int64_t> count() { return query().count(); }

    /// The rows for which `condition` is true: `where(rowan::col<&T::m> == value)`.
    template <detail::Condition Where>
    auto where(Where condition) {
        return query().where(std::move(condition));
    }

    /// The rows that a filter chooses at run time.
    auto matching(Filter<T> filter) { return MatchingQuery<T, Db>{*db_, std::move(filter)}; }

    /// All rows in an order: see Query::order_by.
    template <class... Items>
    auto order_by(Items... items) {
        return query().order_by(items...);
    }

    /// Any rows, up to a number: see Query::limit.
    auto limit(std::int64_t count) { return query().limit(count); }

    /// All rows, to be joined, grouped, selected from: see Query.
    auto query() { return from<T>(*db_); }

    /// All rows, to be changed or removed.
    auto everywhere()
        requires WritableSession<Db>
    {
        return Everywhere<T, Db>{*db_};
    }

private:
    void insert_stored(Result<T>& stored) {
        detail::settle(db_->lend([&](auto& connection) { return detail::insert_one(connection, *stored); }), stored);
    }

    void update_stored(Result<T>& updated, Carry carry) {
        static_assert(detail::require_key<T>() && detail::require_more_than_key<T>());
        detail::settle(db_->lend([&](auto& connection) { return detail::update_one(connection, *updated, carry); }),
                       updated);
    }

    template <class Row, class... Assignments>
    [[nodiscard]] Result<T> patch_row(const Row& row, Carry carry, const Assignments&... assignments) {
        Result<T> patched;
        detail::settle(run_patch<true>(row, carry, *patched, assignments...), patched);
        return patched;
    }

    template <class Row, class... Assignments>
    [[nodiscard]] Result<void> patch_row_only(const Row& row, Carry carry, const Assignments&... assignments) {
        // Read only where it tells why the row was not patched.
        T current{};
        return run_patch<false>(row, carry, current, assignments...);
    }
    template <class Row, class... Assignments>
    [[nodiscard]] Result<void> patch_row_only(const Row& row, const Assignments&... assignments) {
        return patch_row_only(row, Carry::nothing, assignments...);
    }

    template <bool wanted, class Row, class... Assignments>
    Result<void> run_patch(const Row& row, Carry carry, T& patched, const Assignments&... assignments) {
        static_assert(detail::require_key<T>());
        return db_->lend([&](auto& connection) {
            return detail::patch_one<wanted>(connection, row, carry, patched, assignments...);
        });
    }
    template <bool wanted, class Row>
    Result<void> run_patch(const Row& row, Carry carry, T& patched, const Patch<T>& patch) {
        static_assert(detail::require_key<T>());
        return db_->lend(
            [&](auto& connection) { return detail::patch_chosen<wanted>(connection, row, carry, patched, patch); });
    }

    template <class Row>
    [[nodiscard]] Result<bool> erase_row(const Row& row, Carry carry) {
        static_assert(detail::require_key<T>());
        return db_->lend([&](auto& connection) { return detail::erase_one<T>(connection, row, carry); });
    }

    template <class K>
    static detail::RowAtVersion<T> at(const AtVersion<K>& row) {
        static_assert(detail::require_version<T>());
        return detail::RowAtVersion<T>{row};
    }

    /// `read` takes the rows with a key.
    template <detail::Wanted wanted, class Read>
    auto with_key(const Key<T>& key, Read read) {
        static_assert(detail::require_key<T>());
        return db_->lend([&]<class Connection>(Connection& connection) {
            const Statement& statement = detail::statement<detail::SelectByKey<T, Connection::dialect, wanted>>;
            typename Connection::Execution execution{connection, statement};
            using Outcome = decltype(read(execution, statement));
            if (const detail::ValueFault found = detail::write_key<T>(execution, key))
                return Outcome{detail::write_failure(found, statement)};
            return read(execution, statement);
        });
    }

    Db* db_;
};

/// The repository of T on a connection, a transaction or a Database.
template <class T, class Db>
[[nodiscard]] Repository<T, Db> repository(Db& db) {
    return Repository<T, Db>{db};
}

}  // namespace rowan

// ---- rowan/session/backend.hpp ----



// ---- rowan/session/observer.hpp ----



#include <chrono>
#include <cstdint>
#include <source_location>
#include <span>
#include <string>
#include <string_view>

namespace rowan {

/// What a statement does to the transaction around it.
enum class StatementKind : std::uint8_t { statement, begin, commit, rollback, savepoint, release, rollback_to };

/// One statement that has run, or has failed. Everything in it is valid during the call only.
struct StatementEvent {
    /// As it was sent, with placeholders. A stream, however many round trips it took, is its SELECT; a script of
    /// several statements is one text.
    std::string_view text{};

    /// Is `text` a constant of the program? Then it lives as long as the program, and holds no value from outside;
    /// any other text may have values written into it.
    bool is_constant = false;

    /// The bound values, in the order of the placeholders, as SQL would show them: NULL, true, 42, 1.5, 'O''Brien',
    /// x'00ff', '2016-10-07T00:00:00Z', [1, 2, 3]. Long ones are cut, with their length behind them. Empty unless the
    /// observer wants them.
    std::span<const std::string> values{};

    std::chrono::steady_clock::time_point started{};

    /// Until the last row was read or the statement was given up: for a stream, the program's own work between two
    /// rows is part of it.
    std::chrono::nanoseconds duration{};

    /// How many rows were read, or else changed; -1 for a script, whose rows nobody counts.
    std::int64_t rows = 0;

    /// What the database, or its client, answered instead of a result; null if there was none.
    const Error* error = nullptr;

    /// The connection's number, unique in the process: see `connection.number()`.
    std::uint64_t connection = 0;

    /// Which run of its transaction this belongs to, from 1, where that is tried again; else 1.
    int attempt = 1;

    /// Where the program asked for the transaction, the innermost that the calling thread runs with
    /// `transaction(fn)`; line() is 0 outside of one.
    std::source_location place{};

    [[nodiscard]] StatementKind kind() const noexcept;
};

/// A transaction that has failed and will be run again.
struct RetryEvent {
    /// The run that has failed, from 1.
    int attempt = 1;
    /// The time that passes before the next run.
    std::chrono::nanoseconds wait{};
    const Error& error;
    /// Where the program asked for the transaction; line() is 0 if that is not known.
    std::source_location place{};
};

/// A connection of a pool that is lent for longer than PoolSettings::report_lease_after.
struct LeaseEvent {
    std::chrono::nanoseconds held{};
    /// Has it come back by now? Otherwise somebody else came to the pool, and it was found missing.
    bool is_returned = false;
    /// Where it was taken: by `acquire`, `begin` or `transaction`; line() is 0 for a single operation or a stream.
    std::source_location place{};
};

/// Sees what happens on the connections that it is attached to: `connection.observe(observer)`. Derived classes
/// override what they want to hear of.
///
/// One observer may be attached to many connections, which may call it from several threads at once. It is called in
/// the thread that runs the statement, before that thread goes on, so it should be quick. It must not use the
/// connection that calls it, nor detach itself from it. It cannot fail: the functions are noexcept, so an exception
/// that leaves one ends the program.
class Observer {
public:
    Observer() = default;
    Observer(const Observer&) = delete;
    Observer& operator=(const Observer&) = delete;
    virtual ~Observer() = default;

    /// Asked once, when it is attached: is `values` of an event to be filled? That makes a text of each bound value,
    /// and such texts may hold what is secret.
    [[nodiscard]] virtual bool wants_values() const noexcept { return false; }

    virtual void on_statement(const StatementEvent&) noexcept {}
    virtual void on_retry(const RetryEvent&) noexcept {}
    /// Once for each lease, by whichever thread comes to the pool next. The pool may be used.
    virtual void on_overdue_lease(const LeaseEvent&) noexcept {}
};

[[nodiscard]] constexpr std::string_view to_string(StatementKind kind) noexcept {
    switch (kind) {
        case StatementKind::statement: return "statement";
        case StatementKind::begin: return "BEGIN";
        case StatementKind::commit: return "COMMIT";
        case StatementKind::rollback: return "ROLLBACK";
        case StatementKind::savepoint: return "SAVEPOINT";
        case StatementKind::release: return "RELEASE SAVEPOINT";
        case StatementKind::rollback_to: return "ROLLBACK TO SAVEPOINT";
    }
    return "unknown";
}

namespace detail {

/// Takes words from the front of a text, whatever their case.
class WordReader {
public:
    constexpr explicit WordReader(std::string_view text) : rest_{text} { skip_space(); }

    constexpr bool take(std::string_view word) {
        if (rest_.size() < word.size()) return false;
        for (std::size_t i = 0; i != word.size(); ++i)
            if (upper(rest_[i]) != word[i]) return false;
        if (rest_.size() > word.size() && is_word(rest_[word.size()])) return false;
        rest_.remove_prefix(word.size());
        skip_space();
        return true;
    }

    /// Goes behind the next semicolon; nothing is left if there is none.
    constexpr void end_statement() {
        const std::size_t end = rest_.find(';');
        rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
        skip_space();
    }

    [[nodiscard]] constexpr bool is_at_end() const { return rest_.empty(); }

private:
    static constexpr char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }
    static constexpr bool is_word(char c) {
        return (upper(c) >= 'A' && upper(c) <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    }
    constexpr void skip_space() {
        while (!rest_.empty() && (rest_.front() == ' ' || (rest_.front() >= '\t' && rest_.front() <= '\r')))
            rest_.remove_prefix(1);
    }

    std::string_view rest_;
};

/// What the one statement in `text` does to its transaction; a script of several is just a statement.
constexpr StatementKind statement_kind(std::string_view text) noexcept {
    WordReader words{text};
    StatementKind kind = StatementKind::statement;
    if (words.take("BEGIN") || (words.take("START") && words.take("TRANSACTION"))) {
        kind = StatementKind::begin;
    } else if (words.take("COMMIT") || words.take("END")) {
        kind = StatementKind::commit;
    } else if (words.take("ROLLBACK")) {
        (void)(words.take("TRANSACTION") || words.take("WORK"));
        kind = words.take("TO") ? StatementKind::rollback_to : StatementKind::rollback;
    } else if (words.take("SAVEPOINT")) {
        kind = StatementKind::savepoint;
    } else if (words.take("RELEASE")) {
        kind = StatementKind::release;
    } else {
        return kind;
    }
    words.end_statement();
    // A savepoint that was rolled back to is still there, so it is released as well.
    if (kind == StatementKind::rollback_to && words.take("RELEASE")) words.end_statement();
    return words.is_at_end() ? kind : StatementKind::statement;
}

}  // namespace detail

inline StatementKind StatementEvent::kind() const noexcept { return detail::statement_kind(text); }

}  // namespace rowan

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace rowan {

/// Takes values in their Stored forms, one after the other. Text and bytes are not copied: they must live until
/// the statement has run. A Fault means that the database has no place for this value.
/// `put_list(form, fill)` takes a list of values of one form, which `fill(list)` puts into a sink of its own; only an
/// Execution has it.
template <class S>
concept ParameterSink = requires(S& sink, bool boolean, std::int64_t integer, double real, std::string_view text,
                                 std::span<const std::byte> bytes, Timestamp time, std::chrono::sys_days day) {
    { sink.put_null() } -> std::same_as<Fault>;
    { sink.put(boolean) } -> std::same_as<Fault>;
    { sink.put(integer) } -> std::same_as<Fault>;
    { sink.put(real) } -> std::same_as<Fault>;
    { sink.put(text) } -> std::same_as<Fault>;
    { sink.put(bytes) } -> std::same_as<Fault>;
    { sink.put(time) } -> std::same_as<Fault>;
    { sink.put(day) } -> std::same_as<Fault>;
};

/// One value of a row. `get` reads whatever the column's actual type is, where the value can be widened
/// exactly; Fault::null_value for NULL. Text and bytes are valid until the next row.
template <class C>
concept ResultCell = requires(const C& cell, bool& boolean, std::int64_t& integer, double& real, std::string_view& text,
                              std::span<const std::byte>& bytes, Timestamp& time, std::chrono::sys_days& day) {
    { cell.is_null() } -> std::same_as<bool>;
    { cell.get(boolean) } -> std::same_as<Fault>;
    { cell.get(integer) } -> std::same_as<Fault>;
    { cell.get(real) } -> std::same_as<Fault>;
    { cell.get(text) } -> std::same_as<Fault>;
    { cell.get(bytes) } -> std::same_as<Fault>;
    { cell.get(time) } -> std::same_as<Fault>;
    { cell.get(day) } -> std::same_as<Fault>;
};

/// A statement under way on a connection: parameters go in through `put`, in order, then `next` gives row after
/// row, or `run` goes to the end and tells how many rows were changed. What failed earlier (the statement could
/// not be prepared, a parameter could not be bound) is told by the first `next` or `run`. Its end leaves the
/// statement prepared for the next time, also where rows were left unread.
///
/// `columns` and `column_name` tell what the rows have, once the first `next` has been called.
///
/// `run_insert` runs an INSERT of one row and gives the key that the database made. `run_upsert` runs an upsert of one
/// row and tells what it did; it is given the row's integer key, or 0 where it has none.
template <class E>
concept Execution = ParameterSink<E> && requires(E& execution, const E& row) {
    { execution.next() } -> std::same_as<Result<bool>>;
    { execution.run() } -> std::same_as<Result<std::int64_t>>;
    { execution.run_insert() } -> std::same_as<Result<std::int64_t>>;
    { execution.run_upsert(std::int64_t{}) } -> std::same_as<Result<Upserted>>;
    { row.cell(0) } -> ResultCell;
    { row.columns() } -> std::same_as<int>;
    { row.column_name(0) } -> std::same_as<std::string_view>;
};

/// A connection to one database, used by one thread at a time. All that rowan needs to work on it:
///
/// - `dialect` spells its SQL, `Execution{connection, statement}` runs a constant statement, prepared once per
///   connection and found again by `statement.slot()`.
/// - `run_script(text)` runs statements without parameters, separated by semicolons.
/// - `start_transaction(options)`, `commit_transaction`, `roll_back_transaction` do just that. Options that the
///   database cannot fulfil are refused. After a failed commit `transaction_state` tells whether the transaction is
///   still there. A commit whose outcome is not known is Code::in_doubt.
/// - `lift_limits` is called when a transaction is over that was started with `read_only` or a `timeout`, however it
///   ended.
/// - `transaction_state` asks what the database says, not what was sent to it, and costs no round trip.
/// - `describe(statement)` has the statement prepared against the schema as it is now, does not run it, and tells the
///   columns that it would give; none for what gives no rows. No values are needed.
/// - `scopes` are kept for the handles that work on the connection.
/// - `observe(observer)` attaches an observer, which is told of each statement once, when it has ended; `observer()` is
///   the one that is attached, or null (session/observation.hpp does most of it).
/// - `StreamExecution{connection, statement}` runs a SELECT like an Execution, with bounded memory; others may run in
///   between, and it may be left in the middle.
/// - Where `dialect.array_parameters`, `ArrayExecution{connection, statement}` takes many rows through `put`, tells
///   when it `is_full` or `is_empty`, which it is at `most_rows` at the latest, and runs them as one statement with
///   `run`; then it may be filled again. `run_upsert` keeps the rows until `clear`, so that `run_upsert_one_by_one` can
///   take them.
/// - Such a database may also have a `CopyExecution{connection, statement, table, layout}`, a faster way for many rows
///   of one table, filled and run likewise. `Text` is its statement. `layout(connection, statement, table, columns)`
///   asks how the columns are to be written, once a row was inserted in the same transaction, and is empty where rows
///   cannot go that way. Its errors may tell a row, counted from the first one that was collected.
/// - A database that asks the program for rows while a statement runs may have a `RowFeed{source, next}`. As a
///   ParameterSink it takes the `widest` columns at most; `advance()` calls `next(source, feed)`, which puts the next
///   row's values and tells `row`, `end` or `refused` of the enum that both give. An Execution takes it by
///   `put_feed(feed)` for `dialect.feed`, a function whose columns are c0, c1, …. It tells how many `rows()` it gave,
///   `is_over()` once it has told the end, `tally()`, how often `dialect.tally` was asked, and `rethrow()` throws what
///   `next` has thrown. The statement is all or nothing by itself where no transaction is open. Without a RowFeed, rows
///   are stored one by one.
template <class C>
concept Backend = std::same_as<decltype(C::dialect), const Dialect&> && Execution<typename C::Execution> &&
                  std::constructible_from<typename C::Execution, C&, const Statement&> &&
                  std::constructible_from<typename C::StreamExecution, C&, const Statement&> &&
                  requires(C& connection, const Statement& statement, std::string_view text,
                           const TransactionOptions& options, std::shared_ptr<Observer> observer) {
                      { connection.run_script(text) } -> std::same_as<Result<void>>;
                      { connection.start_transaction(options) } -> std::same_as<Result<void>>;
                      { connection.commit_transaction() } -> std::same_as<Result<void>>;
                      { connection.roll_back_transaction() } -> std::same_as<Result<void>>;
                      { connection.lift_limits() } noexcept;
                      { connection.transaction_state() } -> std::same_as<TransactionState>;
                      { connection.describe(statement) } -> std::same_as<Result<std::vector<ResultColumn>>>;
                      { connection.scopes() } -> std::same_as<Scopes&>;
                      { connection.observe(observer) } -> std::same_as<void>;
                      { connection.observer() } -> std::same_as<const std::shared_ptr<Observer>&>;
                  };

}  // namespace rowan

// ---- rowan/session/deadline.hpp ----



#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>

namespace rowan::detail {

/// When a transaction must be over.
class Deadline {
public:
    using Clock = std::chrono::steady_clock;

    /// 24 days are forever, and what the databases' clients can count in milliseconds.
    static constexpr std::chrono::milliseconds longest{std::numeric_limits<std::int32_t>::max() - 10'000};

    /// Begins to count.
    void set(std::chrono::milliseconds timeout) noexcept {
        timeout_ = std::min(timeout, longest);
        end_ = Clock::now() + timeout_;
    }
    void clear() noexcept { timeout_ = {}; }

    [[nodiscard]] bool is_set() const noexcept { return timeout_.count() != 0; }
    [[nodiscard]] bool is_over() const noexcept { return is_set() && Clock::now() >= end_; }
    [[nodiscard]] std::chrono::milliseconds timeout() const noexcept { return timeout_; }

    /// At least 1 ms, as 0 is no limit for the databases.
    [[nodiscard]] std::chrono::milliseconds left() const noexcept {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(end_ - Clock::now());
        return std::max(left, std::chrono::milliseconds{1});
    }

    /// Why nothing may be sent any more, or nothing.
    [[nodiscard]] std::optional<Error> refusal() const {
        if (!is_over()) [[likely]]
            return std::nullopt;
        return Error{Category::operational, Code::timeout, sentence() + ": nothing was sent"};
    }

    /// `error`, or where the end of the time has caused it, that.
    [[nodiscard]] Error explain(Error error) const {
        if (!is_over() || (error.code() != Code::cancelled && error.code() != Code::busy)) return error;
        return std::move(error).as(Category::operational, Code::timeout, sentence() + ": " + error.message());
    }

private:
    [[nodiscard]] std::string sentence() const {
        return "the transaction's timeout of " + std::to_string(timeout_.count()) + " ms is over";
    }

    std::chrono::milliseconds timeout_{};
    Clock::time_point end_{};
};

}  // namespace rowan::detail

// ---- rowan/session/read_only.hpp ----



#include <utility>

namespace rowan {

/// A transaction on a `Db` that only reads: what `read_only(fn)` hands over. Its repositories have no functions that
/// write, it has no `execute`, and the database refuses writes as well (Code::read_only), which is for `query` with SQL
/// that should not have been written so; it is no wall against SQL that wants to write. Otherwise like
/// BasicTransaction: ended when it is dropped, used by one thread at a time.
template <class Db>
class [[nodiscard]] BasicReadOnly : public ReadingSession<BasicReadOnly<Db>> {
public:
    explicit BasicReadOnly(BasicTransaction<Db> transaction) : transaction_{std::move(transaction)} {}

    /// Neither committed nor rolled back, and none around it either.
    [[nodiscard]] bool active() const noexcept { return transaction_.active(); }

    /// Ends it. Nothing is stored, but only now what was read at Isolation::serializable is known to be sound.
    [[nodiscard]] Result<void> commit() { return transaction_.commit(); }
    [[nodiscard]] Result<void> rollback() { return transaction_.rollback(); }

    /// Runs `fn(inner)` in a savepoint of this session: an error inside leaves this session usable. While it runs, this
    /// handle refuses.
    template <class Fn>
    auto read_only(Fn&& fn) {
        return detail::run_in(detail::as_read_only(transaction_.begin()), std::forward<Fn>(fn));
    }

    [[nodiscard]] auto borrow() { return transaction_.borrow(); }

private:
    BasicTransaction<Db> transaction_;
};

template <class Db>
inline constexpr bool is_read_only<BasicReadOnly<Db>> = true;
template <class Db>
inline constexpr bool chooses_at_run_time<BasicReadOnly<Db>> = chooses_at_run_time<Db>;

namespace detail {

template <class Db>
Result<BasicReadOnly<Db>> as_read_only(Result<BasicTransaction<Db>> begun) {
    if (!begun) return Failure(std::move(begun).error());
    return BasicReadOnly<Db>{*std::move(begun)};
}

}  // namespace detail
}  // namespace rowan

// ---- rowan/session/observation.hpp ----



// ---- rowan/session/value_texts.hpp ----



#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rowan::detail {

/// Takes values as a statement does (see ParameterSink) and makes of each the text that an observer is shown.
class ValueTexts {
public:
    /// How much of a value is shown: bytes of a text, half as many of a blob; values of a list.
    static constexpr std::size_t longest_text = 200;
    static constexpr std::size_t longest_list = 10;

    Fault put_null() { return add("NULL"); }
    Fault put(bool value) { return add(value ? "true" : "false"); }
    Fault put(std::int64_t value) { return add_number(value); }
    Fault put(double value) { return add_number(value); }

    Fault put(std::string_view value) {
        const std::string_view shown = clipped(value);
        std::string text{'\''};
        for (const char c : shown) {
            text += c;
            if (c == '\'') text += c;
        }
        return add_clipped(std::move(text), shown.size() != value.size(), value.size());
    }

    Fault put(std::span<const std::byte> value) {
        constexpr std::string_view digits = "0123456789abcdef";
        const auto shown = value.first(value.size() < longest_text / 2 ? value.size() : longest_text / 2);
        std::string text{"x'"};
        for (const std::byte byte : shown) {
            text += digits[std::to_integer<std::size_t>(byte >> 4)];
            text += digits[std::to_integer<std::size_t>(byte & std::byte{15})];
        }
        return add_clipped(std::move(text), shown.size() != value.size(), value.size());
    }

    Fault put(std::chrono::sys_days value) {
        char day[date_length];
        if (!format_date(value, day)) return put(std::int64_t{value.time_since_epoch().count()});
        return add(std::string{'\''}.append(day, sizeof day).append(1, '\''));
    }

    Fault put(Timestamp value) {
        const auto days = std::chrono::floor<std::chrono::days>(value);
        char day[date_length];
        // Four digits cannot show its year: the number of microseconds that it is.
        if (!format_date(days, day)) return put(std::int64_t{value.time_since_epoch().count()});
        const std::int64_t microseconds = (value - days).count();
        const std::int64_t seconds = microseconds / 1'000'000;
        std::string text{'\''};
        text.append(day, sizeof day).append(1, 'T');
        append_digits(text, 2, seconds / 3600);
        append_digits(text.append(1, ':'), 2, seconds / 60 % 60);
        append_digits(text.append(1, ':'), 2, seconds % 60);
        if (const std::int64_t fraction = microseconds % 1'000'000; fraction != 0)
            append_digits(text.append(1, '.'), 6, fraction);
        return add(text.append("Z'"));
    }

    /// Rows that are read while the statement runs.
    Fault put_rows() { return add("(rows)"); }

    /// One value that is a list: `fill(*this)` puts `count` values, or the first `longest_list` of them.
    template <class Fill>
    void put_list(std::size_t count, Fill fill) {
        texts_.emplace_back("[");
        in_list_ = true;
        listed_ = 0;
        fill(*this);
        in_list_ = false;
        texts_.back() += ']';
        if (count > longest_list) append_count(count, "values");
    }

    [[nodiscard]] std::span<const std::string> texts() const noexcept { return texts_; }

private:
    /// Not cut within a character.
    static std::string_view clipped(std::string_view value) {
        if (value.size() <= longest_text) return value;
        std::size_t end = longest_text;
        while (end != 0 && (static_cast<unsigned char>(value[end]) & 0xC0) == 0x80) --end;
        return value.substr(0, end);
    }

    static void append_digits(std::string& text, int count, std::int64_t value) {
        char digits[6];
        for (int i = count; i != 0; value /= 10) digits[--i] = static_cast<char>('0' + value % 10);
        text.append(digits, static_cast<std::size_t>(count));
    }

    template <class Number>
    Fault add_number(Number value) {
        char text[32];
        return add({text, static_cast<std::size_t>(std::to_chars(text, text + sizeof text, value).ptr - text)});
    }

    Fault add_clipped(std::string text, bool cut, std::size_t bytes) {
        text += cut ? "…'" : "'";
        (void)add(text);
        if (cut && (!in_list_ || listed_ <= longest_list)) append_count(bytes, "bytes");
        return Fault::none;
    }

    void append_count(std::size_t count, std::string_view what) {
        texts_.back().append(" (").append(std::to_string(count)).append(1, ' ').append(what).append(1, ')');
    }

    Fault add(std::string_view text) {
        if (!in_list_) {
            texts_.emplace_back(text);
        } else if (++listed_ <= longest_list) {
            if (listed_ != 1) texts_.back() += ", ";
            texts_.back() += text;
        } else if (listed_ == longest_list + 1) {
            texts_.back() += ", …";
        }
        return Fault::none;
    }

    std::vector<std::string> texts_;
    std::size_t listed_ = 0;
    bool in_list_ = false;
};

}  // namespace rowan::detail

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

/// What a backend needs to tell an observer of its statements.
namespace rowan {

/// A connection's number, and the place of its observer.
class ObserverSlot {
public:
    ObserverSlot() noexcept : connection_{next_number()} {}

    /// Null detaches. What is under way now is told to nobody.
    void set(std::shared_ptr<Observer> observer) noexcept {
        wants_values_ = observer != nullptr && observer->wants_values();
        observer_ = std::move(observer);
    }

    [[nodiscard]] const std::shared_ptr<Observer>& observer() const noexcept { return observer_; }
    [[nodiscard]] bool is_empty() const noexcept { return observer_ == nullptr; }
    [[nodiscard]] bool wants_values() const noexcept { return wants_values_; }
    [[nodiscard]] std::uint64_t connection() const noexcept { return connection_; }

private:
    [[nodiscard]] static std::uint64_t next_number() noexcept {
        static constinit std::atomic<std::uint64_t> last{0};
        return last.fetch_add(1, std::memory_order_relaxed) + 1;
    }

    std::shared_ptr<Observer> observer_;
    std::uint64_t connection_;
    bool wants_values_ = false;
};

/// A statement under way, for the observer that was attached when it began.
class Observation {
public:
    Observation(const ObserverSlot& slot, std::string_view text, bool is_constant) noexcept
        : slot_{slot}, observer_{slot.observer().get()}, text_{text}, is_constant_{is_constant} {
        if (slot.wants_values()) values_.emplace();
    }

    /// Where to put the bound values, or null if nobody wants them.
    [[nodiscard]] detail::ValueTexts* values() noexcept { return values_ ? &*values_ : nullptr; }

    [[nodiscard]] bool is_started() const noexcept { return is_started_; }
    void start() noexcept {
        is_started_ = true;
        started_ = std::chrono::steady_clock::now();
    }

    void count_row() noexcept { ++rows_; }
    [[nodiscard]] std::int64_t rows() const noexcept { return rows_; }

    /// Tells the observer, the first time only.
    void end(std::int64_t rows, const Error* error) noexcept {
        if (!is_started_ || std::exchange(is_ended_, true) || slot_.observer().get() != observer_) return;
        const auto now = std::chrono::steady_clock::now();
        observer_->on_statement({.text = text_,
                                 .is_constant = is_constant_,
                                 .values = values_ ? values_->texts() : std::span<const std::string>{},
                                 .started = started_,
                                 .duration = now - started_,
                                 .rows = rows,
                                 .error = error,
                                 .connection = slot_.connection(),
                                 .attempt = detail::origin.attempt,
                                 .place = detail::origin.place});
    }

private:
    const ObserverSlot& slot_;
    Observer* observer_;
    std::string_view text_;
    std::optional<detail::ValueTexts> values_{};
    std::chrono::steady_clock::time_point started_{};
    std::int64_t rows_ = 0;
    bool is_constant_;
    bool is_started_ = false;
    bool is_ended_ = false;
};

namespace detail {

/// Runs a script, or a transaction's command: `run()` gives a Result<void>.
template <class Run>
Result<void> observe_script(const ObserverSlot& slot, std::string_view text, bool is_constant, Run run) {
    if (slot.is_empty()) [[likely]]
        return run();
    Observation observation{slot, text, is_constant};
    observation.start();
    Result<void> done = run();
    observation.end(statement_kind(text) == StatementKind::statement ? -1 : 0, done ? nullptr : &done.error());
    return done;
}

}  // namespace detail
}  // namespace rowan

// ---- rowan/session/pipeline.hpp ----



#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace rowan {

template <class Connection, class Db>
class PipelineStep;

template <class Connection, class Db>
inline constexpr bool is_read_only<PipelineStep<Connection, Db>> = is_read_only<Db>;
template <class Connection, class Db>
inline constexpr bool chooses_at_run_time<PipelineStep<Connection, Db>> = chooses_at_run_time<Db>;

namespace detail {

template <class Step, class Db>
using StepBase = std::conditional_t<is_read_only<Db>, ReadingSession<Step>, Session<Step>>;

/// Does a connection send statements ahead? Its `Pipeline{connection, steps}`, if it has one, does so for as many steps
/// (session/pipeline.hpp calls its functions in the order in which they stand here):
///
/// - `is_open()`: can anything be sent ahead now?
/// - `start_step(number)`: the next statement is that of this step. Where it can be sent it is, and fails for the time
///   being; `must_run_alone()` tells that it cannot, `is_full()` that no other step can be taken.
/// - `finish()` waits for all answers, and leaves the connection as it was.
/// - `next_answer()`: the number of the next step that was sent, whose statement gets its answer now; or nothing.
/// - `Pipeline::refusal(connection)`, at any time: why a transaction cannot begin while a pipeline is sent, or nothing.
template <class Connection>
concept HasPipeline = requires { typename Connection::Pipeline; };

}  // namespace detail

/// What a step of a pipeline on a `Db` works on: a session like that, on one connection. Good for the call only.
template <class Connection, class Db>
class PipelineStep : public detail::StepBase<PipelineStep<Connection, Db>, Db> {
public:
    explicit PipelineStep(Connection& connection) : connection_{&connection}, scope_{connection.scopes().innermost()} {}

    /// The connection, unless a transaction's handle must be used now.
    [[nodiscard]] Borrowed<Connection> borrow() { return connection_->borrow(scope_); }

    /// A transaction, or a savepoint in the one around the pipeline.
    [[nodiscard]] Result<BasicTransaction<Connection>> begin(const TransactionOptions& options = {})
        requires(!is_read_only<Db>)
    {
        if constexpr (detail::HasPipeline<Connection>)
            if (auto refused = Connection::Pipeline::refusal(*connection_)) return Failure(*std::move(refused));
        if (auto refused = connection_->scopes().refusal(scope_, connection_->transaction_state()))
            return Failure(*std::move(refused));
        return BasicTransaction<Connection>::open(*connection_, options);
    }

private:
    Connection* connection_;
    ScopeId scope_;
};

namespace detail {

/// How many steps share a round trip at most. Measured: from 128 on more of them gain nothing.
inline constexpr std::size_t longest_pipeline = 256;

/// The steps of a pipeline, by their numbers.
class StepRunner {
public:
    virtual void run(std::size_t step) = 0;

protected:
    StepRunner() = default;
    ~StepRunner() = default;
    StepRunner(const StepRunner&) = delete;
    StepRunner& operator=(const StepRunner&) = delete;
};

/// Runs `count` steps in their order, and sends as many of them ahead as can be.
template <class Connection>
void run_steps(Connection& connection, std::size_t count, StepRunner& steps) {
    std::size_t next = 0;
    if constexpr (HasPipeline<Connection>) {
        // One alone would gain nothing.
        while (count - next > 1) {
            typename Connection::Pipeline pipeline{connection, std::min(count - next, longest_pipeline)};
            if (!pipeline.is_open()) break;
            bool stands_alone = false;
            while (next != count && !stands_alone && !pipeline.is_full()) {
                pipeline.start_step(next);
                steps.run(next);
                stands_alone = pipeline.must_run_alone();
                if (!stands_alone) ++next;
            }
            pipeline.finish();
            while (const std::optional<std::size_t> answered = pipeline.next_answer()) steps.run(*answered);
            if (stands_alone) steps.run(next++);
        }
    }
    for (; next != count; ++next) steps.run(next);
}

/// What a step gives.
template <class Fn, class... Arguments>
struct StepOutcome {
    static constexpr bool is_callable = std::is_invocable_v<Fn&, Arguments...>;
    static_assert(is_callable,
                  "rowan: a step of a pipeline is a function of the step, and with pipeline_each of an item: "
                  "[&](auto& step, const auto& item) { return rowan::repository<T>(step).find(item); }");
    using Given = typename std::conditional_t<is_callable, std::invoke_result<Fn&, Arguments...>,
                                              std::type_identity<Result<void>>>::type;
    static_assert(is_result<Given>,
                  "rowan: a step of a pipeline returns the Result of its operation as it is: [&](auto& step) { return "
                  "rowan::repository<T>(step).insert(row); }");
    using type = std::conditional_t<is_result<Given>, Given, Result<void>>;
};

template <class Step, class... Fns>
class TupleRunner final : public StepRunner {
public:
    using Results = std::tuple<typename StepOutcome<Fns, Step&>::type...>;

    template <class Connection>
    TupleRunner(Connection& connection, Fns&... fns) : step_{connection}, fns_{fns...} {}

    void run(std::size_t step) override {
        [&]<std::size_t... I>(std::index_sequence<I...>) {
            (void)((I == step && (std::get<I>(results_) = std::get<I>(fns_)(step_), true)) || ...);
        }(std::index_sequence_for<Fns...>{});
    }

    [[nodiscard]] Results results() && {
        return std::apply([](auto&... results) { return Results{*std::move(results)...}; }, results_);
    }

private:
    Step step_;
    std::tuple<Fns&...> fns_;
    std::tuple<std::optional<typename StepOutcome<Fns, Step&>::type>...> results_;
};

template <class... Results>
std::tuple<Results...> all_failed(std::type_identity<std::tuple<Results...>>, const Error& error) {
    return {Results{Failure(error)}...};
}

template <class Db, class... Fns>
auto run_pipeline(Db& db, Fns&... fns) {
    auto ran = db.lend([&]<class Connection>(Connection& connection) {
        using Runner = TupleRunner<PipelineStep<Connection, Db>, Fns...>;
        Runner runner{connection, fns...};
        run_steps(connection, sizeof...(Fns), runner);
        return Result<typename Runner::Results>{std::move(runner).results()};
    });
    using Results = typename decltype(ran)::value_type;
    return ran ? *std::move(ran) : all_failed(std::type_identity<Results>{}, ran.error());
}

template <class Step, class Iterator, class Fn>
class EachRunner final : public StepRunner {
public:
    using Outcome = typename StepOutcome<Fn, Step&, std::iter_reference_t<Iterator>>::type;

    template <class Connection>
    EachRunner(Connection& connection, Fn& fn) : step_{connection}, fn_{fn} {}

    void add(Iterator item) {
        items_.push_back(item);
        results_.emplace_back();
    }
    [[nodiscard]] std::size_t size() const { return items_.size(); }

    void run(std::size_t step) override { results_[step] = fn_(step_, *items_[step]); }

    void move_results_to(std::vector<Outcome>& all) {
        for (std::optional<Outcome>& result : results_) all.push_back(*std::move(result));
        items_.clear();
        results_.clear();
    }

private:
    Step step_;
    Fn& fn_;
    std::vector<Iterator> items_{};
    std::vector<std::optional<Outcome>> results_{};
};

template <class Db, class Range, class Fn>
auto run_pipeline_each(Db& db, Range& range, Fn& fn) {
    using std::begin;
    using std::end;
    using Iterator = decltype(begin(range));
    static_assert(std::forward_iterator<Iterator>,
                  "rowan: pipeline_each calls its function twice for an item, so the range must be one that can be "
                  "walked again: put its items into a std::vector first");
    auto ran = db.lend([&]<class Connection>(Connection& connection) {
        using Runner = EachRunner<PipelineStep<Connection, Db>, Iterator, Fn>;
        Runner runner{connection, fn};
        std::vector<typename Runner::Outcome> results;
        const auto last = end(range);
        for (Iterator item = begin(range); item != last;) {
            for (; item != last && runner.size() != longest_pipeline; ++item) runner.add(item);
            run_steps(connection, runner.size(), runner);
            runner.move_results_to(results);
        }
        return Result<std::vector<typename Runner::Outcome>>{std::move(results)};
    });
    using Results = typename decltype(ran)::value_type;
    if (ran) return *std::move(ran);
    Results failed;
    for (Iterator item = begin(range); item != end(range); ++item)
        failed.push_back(typename Results::value_type{Failure(ran.error())});
    return failed;
}

}  // namespace detail
}  // namespace rowan

// ---- rowan/types/all.hpp ----


// Every type that can be a column.

// ---- rowan/types/boolean.hpp ----



namespace rowan {

template <>
struct Type<bool> {
    static constexpr ColumnType column = ColumnType::boolean;

    template <class Sink>
    static Fault write(Sink& sink, bool value) {
        return sink.put(value);
    }

    template <class Cell>
    static Fault read(const Cell& cell, bool& value) {
        return cell.get(value);
    }
};

}  // namespace rowan

// ---- rowan/types/date.hpp ----



#include <chrono>

namespace rowan {

/// A day of the proleptic Gregorian calendar. One that does not exist, such as February 30, is refused.
template <>
struct Type<std::chrono::year_month_day> {
    static constexpr ColumnType column = ColumnType::date;

    template <class Sink>
    static Fault write(Sink& sink, std::chrono::year_month_day value) {
        if (!value.ok()) return Fault::invalid_value;
        return sink.put(std::chrono::sys_days{value});
    }

    template <class Cell>
    static Fault read(const Cell& cell, std::chrono::year_month_day& value) {
        using namespace std::chrono;
        constexpr sys_days first{year::min() / January / 1};
        constexpr sys_days last{year::max() / December / 31};
        sys_days day{};
        if (const Fault fault = cell.get(day); fault != Fault::none) return fault;
        if (day < first || day > last) return Fault::out_of_range;
        value = year_month_day{day};
        return Fault::none;
    }
};

}  // namespace rowan

// ---- rowan/types/floating.hpp ----



// ---- rowan/core/real.hpp ----


/// What <cmath> says of a double, without the cost of including it.
namespace rowan::detail {

constexpr bool is_nan(double value) { return value != value; }
constexpr bool is_finite(double value) { return value - value == 0; }

}  // namespace rowan::detail

#include <limits>

namespace rowan {

template <>
struct Type<double> {
    static constexpr ColumnType column = ColumnType::float64;

    template <class Sink>
    [[gnu::always_inline]] static Fault write(Sink& sink, double value) {
        return sink.put(value);
    }

    template <class Cell>
    [[gnu::always_inline]] static Fault read(const Cell& cell, double& value) {
        return cell.get(value);
    }
};

/// Reading a stored double that no float equals is refused: it would lose digits.
template <>
struct Type<float> {
    static constexpr ColumnType column = ColumnType::float32;

    template <class Sink>
    [[gnu::always_inline]] static Fault write(Sink& sink, float value) {
        return sink.put(static_cast<double>(value));
    }

    template <class Cell>
    [[gnu::always_inline]] static Fault read(const Cell& cell, float& value) {
        double wide{};
        if (const Fault fault = cell.get(wide); fault != Fault::none) return fault;
        constexpr double largest = static_cast<double>(std::numeric_limits<float>::max());
        if (detail::is_finite(wide) && (wide > largest || wide < -largest)) return Fault::out_of_range;
        value = static_cast<float>(wide);
        if (static_cast<double>(value) != wide && !detail::is_nan(wide)) return Fault::inexact;
        return Fault::none;
    }
};

}  // namespace rowan

// ---- rowan/types/optimistic_lock.hpp ----



// ---- rowan/reflect/describe_struct.hpp ----


// BOOST_DESCRIBE_STRUCT, for structs of rowan's own.
#include <boost/describe/class.hpp>

namespace rowan {

/// Version and time of the last change as a base, for structs that are described:
///
///     struct Order : rowan::OptimisticLock { std::int64_t id{}; std::string symbol{}; };
///     BOOST_DESCRIBE_STRUCT(Order, (rowan::OptimisticLock), (id, symbol))
///
/// Plain aggregates have members of type Version and UpdatedAt instead, with the same meaning.
struct OptimisticLock {
    Version version{};
    UpdatedAt updated_at{};

    friend bool operator==(const OptimisticLock&, const OptimisticLock&) = default;
};
BOOST_DESCRIBE_STRUCT(OptimisticLock, (), (version, updated_at))

}  // namespace rowan


// ---- rowan/session/database.hpp ----



// ---- rowan/session/any_connection.hpp ----



// ---- rowan/session/connection_state.hpp ----


#include <cstdint>

namespace rowan {

/// How a connection is, as far as it can tell without asking the other end.
enum class ConnectionState : std::uint8_t {
    ready,
    busy,    ///< in the middle of something that was not read to its end
    broken,  ///< the other end is gone
};

}  // namespace rowan

// ---- rowan/session/server_status.hpp ----


#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace rowan {

/// What a server says of itself.
struct ServerStatus {
    std::string version{};  ///< such as `PostgreSQL 15.14` or `SQLite 3.40.1`
    /// Does it follow another server, and takes no writes?
    bool is_replica = false;
    /// How old what it shows may be, as far as it knows: 0 when it has replayed all that it has received. Nothing for a
    /// server that is no replica, or that cannot tell.
    std::optional<std::chrono::microseconds> lag{};
};

/// What a database takes, and how well its cache serves it.
struct StorageStatistics {
    std::int64_t bytes = 0;
    /// The part of page reads that its cache answered, from 0 to 1, since its statistics were reset (PostgreSQL: of the
    /// whole database) or since the connection was opened (SQLite: of this connection). Nothing before the first read.
    std::optional<double> cache_hits{};
};

}  // namespace rowan
#if ROWAN_HAS_SQLITE

// ---- rowan/sqlite/connection.hpp ----



// ---- rowan/sqlite/dialect.hpp ----



#include <cstddef>
#include <span>
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
constexpr void write_json_path(rowan::detail::TextWriter& out, std::span<const std::string_view> steps) {
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

// ---- rowan/sqlite/errors.hpp ----



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
inline void read_place(ErrorDetails& error, std::string_view message) {
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
inline void refine(ErrorDetails& error, std::string_view message) {
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

/// The error of a failed call: `extended_code` is what the call gave, `message` what sqlite3_errmsg said then.
[[gnu::cold, nodiscard]] inline Error make_error(int extended_code, std::string_view message,
                                                 std::string_view statement) {
    const Meaning meaning = classify(extended_code);
    ErrorDetails error{.category = meaning.category, .code = meaning.code, .retryable = meaning.retryable};
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

// ---- rowan/sqlite/execution.hpp ----



// ---- rowan/sqlite/cell.hpp ----



#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <sqlite3.h>

namespace rowan::sqlite {

/// One value of a row. SQLite types its values, not its columns, so each is looked at as it comes.
class Cell {
public:
    // Unprotected values may be read directly, as rowan opens its connections without mutexes
    // (https://www.sqlite.org/c3ref/value.html), and one look-up serves type, pointer and length.
    Cell(sqlite3_stmt* statement, int column) : value_{sqlite3_column_value(statement, column)} {}
    explicit Cell(sqlite3_value* value) : value_{value} {}

    [[nodiscard]] bool is_null() const { return sqlite3_value_type(value_) == SQLITE_NULL; }

    Fault get(bool& value) const {
        std::int64_t number{};
        if (const Fault fault = get(number); fault != Fault::none) return fault;
        if (number != 0 && number != 1) return Fault::out_of_range;
        value = number == 1;
        return Fault::none;
    }

    [[gnu::always_inline]] Fault get(std::int64_t& value) const {
        const int type = sqlite3_value_type(value_);
        if (type != SQLITE_INTEGER) return other_than(type);
        value = sqlite3_value_int64(value_);
        return Fault::none;
    }

    [[gnu::always_inline]] Fault get(double& value) const {
        const int type = sqlite3_value_type(value_);
        if (type == SQLITE_FLOAT) [[likely]] {
            value = sqlite3_value_double(value_);
            return Fault::none;
        }
        if (type != SQLITE_INTEGER) return other_than(type);
        // A column of NUMERIC affinity keeps 5.0 as 5.
        constexpr std::int64_t exact = std::int64_t{1} << 53;
        const std::int64_t number = sqlite3_value_int64(value_);
        if (number > exact || number < -exact) return Fault::inexact;
        value = static_cast<double>(number);
        return Fault::none;
    }

    [[gnu::always_inline]] Fault get(std::string_view& value) const {
        const int type = sqlite3_value_type(value_);
        if (type != SQLITE_TEXT) return other_than(type);
        // In this order: https://www.sqlite.org/c3ref/column_blob.html
        const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(value_));
        value = {text, static_cast<std::size_t>(sqlite3_value_bytes(value_))};
        return Fault::none;
    }

    Fault get(std::span<const std::byte>& value) const {
        const int type = sqlite3_value_type(value_);
        if (type != SQLITE_BLOB) return other_than(type);
        const auto* bytes = static_cast<const std::byte*>(sqlite3_value_blob(value_));
        value = {bytes, static_cast<std::size_t>(sqlite3_value_bytes(value_))};
        return Fault::none;
    }

    /// Microseconds as rowan writes them, or ISO 8601 text as other programs do.
    Fault get(Timestamp& value) const {
        if (sqlite3_value_type(value_) == SQLITE_TEXT) {
            std::string_view text;
            if (const Fault fault = get(text); fault != Fault::none) return fault;
            return rowan::detail::parse_timestamp(text, value) ? Fault::none : Fault::invalid_value;
        }
        std::int64_t count{};
        if (const Fault fault = get(count); fault != Fault::none) return fault;
        value = Timestamp{std::chrono::microseconds{count}};
        return Fault::none;
    }

    Fault get(std::chrono::sys_days& value) const {
        std::string_view text;
        if (const Fault fault = get(text); fault != Fault::none) return fault;
        return rowan::detail::parse_date(text, value) ? Fault::none : Fault::invalid_value;
    }

private:
    [[gnu::cold, gnu::noinline]] static Fault other_than(int type) {
        return type == SQLITE_NULL ? Fault::null_value : Fault::type_mismatch;
    }

    sqlite3_value* value_;
};

}  // namespace rowan::sqlite

// ---- rowan/sqlite/describe.hpp ----



#include <string_view>
#include <vector>

#include <sqlite3.h>

// Some builds of SQLite leave these functions out. Where the linker can, they are asked for without being demanded.
#if defined(__ELF__) && !defined(SQLITE_ENABLE_COLUMN_METADATA)
#pragma weak sqlite3_column_database_name
#pragma weak sqlite3_column_table_name
#pragma weak sqlite3_column_origin_name
#endif

namespace rowan::sqlite {

namespace detail {

/// Does the column of a table that a result's column comes from take NULL?
inline Nullability nullability(sqlite3* db, sqlite3_stmt* statement, int column) {
#if defined(__ELF__) || defined(SQLITE_ENABLE_COLUMN_METADATA)
#if !defined(SQLITE_ENABLE_COLUMN_METADATA)
    if (&sqlite3_column_database_name == nullptr || &sqlite3_column_table_name == nullptr ||
        &sqlite3_column_origin_name == nullptr)
        return Nullability::unknown;
#endif
    const char* table = sqlite3_column_table_name(statement, column);
    const char* origin = sqlite3_column_origin_name(statement, column);
    if (table == nullptr || origin == nullptr) return Nullability::unknown;
    const char* type = nullptr;
    int not_null = 0;
    int key = 0;
    if (sqlite3_table_column_metadata(db, sqlite3_column_database_name(statement, column), table, origin, &type,
                                      nullptr, &not_null, &key, nullptr) != SQLITE_OK)
        return Nullability::unknown;
    // An INTEGER PRIMARY KEY is the rowid; any other key takes NULL unless it is declared NOT NULL.
    const bool is_rowid = key != 0 && type != nullptr && sqlite3_stricmp(type, "INTEGER") == 0;
    return not_null != 0 || is_rowid ? Nullability::never : Nullability::maybe;
#else
    (void)db, (void)statement, (void)column;
    return Nullability::unknown;
#endif
}

}  // namespace detail

/// The columns that a prepared statement gives.
[[nodiscard]] inline std::vector<ResultColumn> describe(sqlite3* db, sqlite3_stmt* statement) {
    std::vector<ResultColumn> columns;
    for (int i = 0; i != sqlite3_column_count(statement); ++i) {
        const char* type = sqlite3_column_decltype(statement, i);
        columns.push_back({.name = sqlite3_column_name(statement, i),
                           .type = type != nullptr ? type : "",
                           .nullability = detail::nullability(db, statement, i)});
    }
    return columns;
}

}  // namespace rowan::sqlite

// ---- rowan/sqlite/feed.hpp ----



// ---- rowan/sqlite/value.hpp ----



#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <sqlite3.h>

namespace rowan::sqlite {

/// One value that a table-valued function of rowan's gives. Text and bytes are not copied.
struct Value {
    /// A date is text that has a place in the value itself.
    static constexpr int date = -1;

    struct Bytes {
        const char* data;
        std::size_t size;
    };
    union {
        std::int64_t integer;
        double real;
        Bytes bytes;
        char day[rowan::detail::date_length];
    };
    int type;

    void give(sqlite3_context* context) const {
        switch (type) {
            case SQLITE_INTEGER: return sqlite3_result_int64(context, integer);
            case SQLITE_FLOAT: return sqlite3_result_double(context, real);
            case SQLITE_TEXT: return sqlite3_result_text64(context, bytes.data, bytes.size, SQLITE_STATIC, SQLITE_UTF8);
            case SQLITE_BLOB: return sqlite3_result_blob64(context, bytes.data, bytes.size, SQLITE_STATIC);
            case date: return sqlite3_result_text(context, day, sizeof day, SQLITE_TRANSIENT);
            default: return sqlite3_result_null(context);
        }
    }
};

/// Takes values in their stored forms (see ParameterSink) into the places that `Self::place()` gives.
template <class Self>
class ValueSink {
public:
    Fault put_null() {
        place_of_next().type = SQLITE_NULL;
        return Fault::none;
    }
    Fault put(bool value) { return put(std::int64_t{value}); }
    Fault put(std::int64_t value) {
        Value& to = place_of_next();
        to.integer = value;
        to.type = SQLITE_INTEGER;
        return Fault::none;
    }
    Fault put(double value) {
        // SQLite would take it for NULL.
        if (rowan::detail::is_nan(value)) return Fault::not_a_number;
        Value& to = place_of_next();
        to.real = value;
        to.type = SQLITE_FLOAT;
        return Fault::none;
    }
    Fault put(std::string_view value) { return put_bytes(value.data(), value.size(), SQLITE_TEXT); }
    Fault put(std::span<const std::byte> value) {
        return put_bytes(reinterpret_cast<const char*>(value.data()), value.size(), SQLITE_BLOB);
    }
    Fault put(Timestamp value) { return put(std::int64_t{value.time_since_epoch().count()}); }
    Fault put(std::chrono::sys_days value) {
        char day[rowan::detail::date_length];
        if (!rowan::detail::format_date(value, day)) return Fault::out_of_range;
        Value& to = place_of_next();
        for (std::size_t i = 0; i != sizeof day; ++i) to.day[i] = day[i];
        to.type = Value::date;
        return Fault::none;
    }

protected:
    ValueSink() = default;
    ~ValueSink() = default;
    ValueSink(const ValueSink&) = default;
    ValueSink& operator=(const ValueSink&) = default;

private:
    Value& place_of_next() { return static_cast<Self*>(this)->place(); }

    Fault put_bytes(const char* data, std::size_t size, int type) {
        Value& to = place_of_next();
        // A null pointer would mean NULL.
        to.bytes = {data != nullptr ? data : "", size};
        to.type = type;
        return Fault::none;
    }
};

}  // namespace rowan::sqlite

#include <array>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <new>
#include <string>

#include <sqlite3.h>

/// Rows of the program as a table: `INSERT INTO t (a, b) SELECT c0, c1 FROM rowan_rows(?1)`, where the parameter is a
/// pointer to a RowFeed. So any number of rows is one statement, which takes each row when it is due and copies no
/// text. https://www.sqlite.org/vtab.html, https://www.sqlite.org/bindptr.html
namespace rowan::sqlite {

/// What a feed gave when it was asked for a row.
enum class Fed : std::uint8_t {
    row,
    end,
    refused,  ///< there is a row, but it cannot be stored
};

/// Rows for one statement, each asked for when it is due. Like all of a connection, for one thread.
class RowFeed : public ValueSink<RowFeed> {
public:
    /// How many columns rows can have.
    static constexpr std::size_t widest = 127;
    static constexpr const char* pointer_type = "rowan_rows";

    /// `next(source, feed)` puts the values of the next row, if there is one. It may throw.
    using Next = Fed (*)(void* source, RowFeed& feed);

    RowFeed(void* source, Next next) : source_{source}, next_{next} {}
    RowFeed(const RowFeed&) = delete;
    RowFeed& operator=(const RowFeed&) = delete;

    /// Where the next value of the row goes.
    [[nodiscard]] Value& place() { return values_[width_++]; }

    /// How many rows it has given.
    [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
    /// Has it been asked for more than there is?
    [[nodiscard]] bool is_over() const noexcept { return last_ == Fed::end; }
    /// How many rows were about to be updated by an upsert.
    [[nodiscard]] std::size_t tally() const noexcept { return tally_; }

    /// Throws what the range has thrown, once the statement that it went through is over.
    void rethrow() const {
        if (exception_) std::rethrow_exception(exception_);
    }

    // What the functions below use.
    [[nodiscard]] Fed advance() noexcept {
        width_ = 0;
        last_ = ask();
        if (last_ == Fed::row) ++rows_;
        return last_;
    }
    [[nodiscard]] const Value& value(std::size_t column) const noexcept { return values_[column]; }
    void count() noexcept { ++tally_; }

private:
    /// Nothing may be thrown through C.
    [[nodiscard]] Fed ask() noexcept {
#if defined(__cpp_exceptions)
        try {
            return next_(source_, *this);
        } catch (...) {
            exception_ = std::current_exception();
            return Fed::refused;
        }
#else
        return next_(source_, *this);
#endif
    }

    void* source_;
    Next next_;
    std::size_t width_ = 0;
    std::size_t rows_ = 0;
    std::size_t tally_ = 0;
    Fed last_ = Fed::row;
    std::exception_ptr exception_{};
    std::array<Value, widest> values_;
};

namespace detail {

struct FeedCursor : sqlite3_vtab_cursor {
    RowFeed* feed = nullptr;
};

inline constexpr int feed_pointer_column = 0;

inline int connect_feed(sqlite3* db, void*, int, const char* const*, sqlite3_vtab** table, char**) {
    sqlite3_vtab_config(db, SQLITE_VTAB_DIRECTONLY);
    char columns[16 + 5 * RowFeed::widest + 24];
    char* end = columns;
    const auto add = [&](const char* text) {
        while (*text != '\0') *end++ = *text++;
    };
    add("CREATE TABLE x(feed HIDDEN");
    for (std::size_t i = 0; i != RowFeed::widest; ++i) {
        add(",c");
        if (i >= 100) *end++ = static_cast<char>('0' + i / 100);
        if (i >= 10) *end++ = static_cast<char>('0' + i / 10 % 10);
        *end++ = static_cast<char>('0' + i % 10);
    }
    add(")");
    *end = '\0';
    const int code = sqlite3_declare_vtab(db, columns);
    if (code != SQLITE_OK) return code;
    *table = new (std::nothrow) sqlite3_vtab{};
    return *table != nullptr ? SQLITE_OK : SQLITE_NOMEM;
}

inline int disconnect_feed(sqlite3_vtab* table) {
    delete table;
    return SQLITE_OK;
}

inline int plan_feed(sqlite3_vtab*, sqlite3_index_info* info) {
    for (int i = 0; i != info->nConstraint; ++i) {
        const auto& constraint = info->aConstraint[i];
        if (constraint.iColumn != feed_pointer_column || constraint.op != SQLITE_INDEX_CONSTRAINT_EQ) continue;
        if (constraint.usable == 0) return SQLITE_CONSTRAINT;
        info->aConstraintUsage[i].argvIndex = 1;
        info->aConstraintUsage[i].omit = 1;
    }
    // It can be read once.
    info->estimatedCost = 1e9;
    info->estimatedRows = 1'000'000;
    return SQLITE_OK;
}

inline int open_feed(sqlite3_vtab*, sqlite3_vtab_cursor** cursor) {
    *cursor = new (std::nothrow) FeedCursor{};
    return *cursor != nullptr ? SQLITE_OK : SQLITE_NOMEM;
}

inline int close_feed(sqlite3_vtab_cursor* cursor) {
    delete static_cast<FeedCursor*>(cursor);
    return SQLITE_OK;
}

inline int advance_feed(sqlite3_vtab_cursor* base) {
    if (static_cast<FeedCursor*>(base)->feed->advance() != Fed::refused) return SQLITE_OK;
    // The one who made the feed knows more; this is for an observer of the statement.
    base->pVtab->zErrMsg = sqlite3_mprintf("the range could not give its next row, or one that can be stored");
    return SQLITE_MISMATCH;
}

inline int filter_feed(sqlite3_vtab_cursor* base, int, const char*, int count, sqlite3_value** values) {
    auto* cursor = static_cast<FeedCursor*>(base);
    cursor->feed =
        count == 1 ? static_cast<RowFeed*>(sqlite3_value_pointer(values[0], RowFeed::pointer_type)) : nullptr;
    return cursor->feed != nullptr ? advance_feed(base) : SQLITE_OK;
}

inline int feed_is_over(sqlite3_vtab_cursor* base) {
    const RowFeed* feed = static_cast<FeedCursor*>(base)->feed;
    return feed == nullptr || feed->is_over() ? 1 : 0;
}

inline int feed_column(sqlite3_vtab_cursor* base, sqlite3_context* context, int column) {
    if (column != feed_pointer_column)
        static_cast<FeedCursor*>(base)->feed->value(static_cast<std::size_t>(column - 1)).give(context);
    return SQLITE_OK;
}

inline int feed_rowid(sqlite3_vtab_cursor* base, sqlite3_int64* rowid) {
    *rowid = static_cast<sqlite3_int64>(static_cast<FeedCursor*>(base)->feed->rows());
    return SQLITE_OK;
}

/// Without xCreate it is there without CREATE VIRTUAL TABLE, and never stored.
inline constexpr sqlite3_module feed_module = [] {
    sqlite3_module made{};
    made.xConnect = &connect_feed;
    made.xBestIndex = &plan_feed;
    made.xDisconnect = &disconnect_feed;
    made.xOpen = &open_feed;
    made.xClose = &close_feed;
    made.xFilter = &filter_feed;
    made.xNext = &advance_feed;
    made.xEof = &feed_is_over;
    made.xColumn = &feed_column;
    made.xRowid = &feed_rowid;
    return made;
}();

/// `rowan_tally(feed)`: true, and counts how often it was asked.
inline void call_tally(sqlite3_context* context, int, sqlite3_value** values) {
    auto* feed = static_cast<RowFeed*>(sqlite3_value_pointer(values[0], RowFeed::pointer_type));
    if (feed != nullptr) feed->count();
    sqlite3_result_int(context, 1);
}

}  // namespace detail

[[nodiscard]] inline int register_feed(sqlite3* db) {
    const int code = sqlite3_create_module_v2(db, "rowan_rows", &detail::feed_module, nullptr, nullptr);
    if (code != SQLITE_OK) return code;
    return sqlite3_create_function_v2(db, "rowan_tally", 1, SQLITE_UTF8 | SQLITE_DIRECTONLY, nullptr,
                                      &detail::call_tally, nullptr, nullptr, nullptr);
}

}  // namespace rowan::sqlite

// ---- rowan/sqlite/limits.hpp ----



#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <sqlite3.h>

namespace rowan::sqlite {

/// What a connection keeps to while a transaction is open: it may only read, and has a deadline.
class TransactionLimits {
public:
    /// Sets what the options ask for, before BEGIN.
    [[nodiscard]] Result<void> set(sqlite3* db, const TransactionOptions& options) {
        if (options.read_only) {
            Result<std::int64_t> before = ask(db, "PRAGMA query_only");
            if (!before) return Failure(std::move(before).error());
            // What the program has set itself stays.
            if (*before == 0) {
                query_only_ = true;
                if (const int code = read_only(db, true); code != SQLITE_OK)
                    return Failure(make_error(code, sqlite3_errmsg(db), "PRAGMA query_only = ON"));
            }
        }
        if (options.timeout.count() == 0) return {};
        Result<std::int64_t> busy_timeout = ask(db, "PRAGMA busy_timeout");
        if (!busy_timeout) {
            lift(db);
            return Failure(std::move(busy_timeout).error());
        }
        busy_timeout_ = static_cast<int>(*busy_timeout);
        deadline_.set(options.timeout);
        wait_for_locks(db);
        // Some tens of microseconds of work.
        constexpr int steps = 1000;
        const auto is_over = [](void* deadline) {
            return static_cast<const rowan::detail::Deadline*>(deadline)->is_over() ? 1 : 0;
        };
        sqlite3_progress_handler(db, steps, is_over, &deadline_);
        return {};
    }

    [[nodiscard]] bool have_deadline() const noexcept { return deadline_.is_set(); }

    /// Why `text` must not be run any more, or nothing.
    [[nodiscard]] std::optional<Error> check(sqlite3* db, std::string_view text = {}) const {
        if (!deadline_.is_set() || text.starts_with("ROLLBACK")) [[likely]]
            return std::nullopt;
        wait_for_locks(db);
        return deadline_.refusal();
    }

    /// An error as it is, or as the deadline's.
    [[nodiscard]] Error explain(Error error) const {
        if (!deadline_.is_set()) return error;
        return deadline_.explain(std::move(error));
    }

    /// Nothing is stopped any more.
    void stop(sqlite3* db) noexcept {
        if (!deadline_.is_set()) [[likely]]
            return;
        sqlite3_progress_handler(db, 0, nullptr, nullptr);
        sqlite3_busy_timeout(db, busy_timeout_);
        deadline_.clear();
    }

    /// Puts everything back.
    void lift(sqlite3* db) noexcept {
        stop(db);
        // If there is no memory even for that, the next transaction's end does it.
        if (query_only_) query_only_ = read_only(db, false) != SQLITE_OK;
    }

private:
    void wait_for_locks(sqlite3* db) const noexcept {
        const auto left = static_cast<int>(deadline_.left().count());
        sqlite3_busy_timeout(db, std::min(busy_timeout_, left));
    }

    /// SQLite sets the flag when it compiles the PRAGMA. To run it would do nothing more, but that all statements of
    /// the connection are compiled again at their next use; so that is done only should it be needed one day.
    int read_only(sqlite3* db, bool on) noexcept {
        const char* const pragma = on ? "PRAGMA query_only = ON" : "PRAGMA query_only = OFF";
        if (!compiling_is_enough_.value_or(true)) return sqlite3_exec(db, pragma, nullptr, nullptr, nullptr);
        sqlite3_stmt* compiled = nullptr;
        const int code = sqlite3_prepare_v2(db, pragma, -1, &compiled, nullptr);
        sqlite3_finalize(compiled);
        if (code != SQLITE_OK || compiling_is_enough_) return code;
        const Result<std::int64_t> is_on = ask(db, "PRAGMA query_only");
        compiling_is_enough_ = is_on && (*is_on != 0) == on;
        return *compiling_is_enough_ ? SQLITE_OK : read_only(db, on);
    }

    /// The number that a PRAGMA gives, or 0.
    [[nodiscard]] static Result<std::int64_t> ask(sqlite3* db, const char* pragma) {
        std::int64_t answer = 0;
        const auto take = [](void* target, int, char** values, char**) {
            if (values[0] != nullptr) *static_cast<std::int64_t*>(target) = std::atoll(values[0]);
            return 0;
        };
        const int code = sqlite3_exec(db, pragma, take, &answer, nullptr);
        if (code == SQLITE_OK) return answer;
        return Failure(make_error(code, sqlite3_errmsg(db), pragma));
    }

    rowan::detail::Deadline deadline_{};
    int busy_timeout_ = 0;
    bool query_only_ = false;
    std::optional<bool> compiling_is_enough_{};
};

}  // namespace rowan::sqlite

// ---- rowan/sqlite/list.hpp ----



#include <algorithm>
#include <chrono>
#include <cstddef>
#include <new>
#include <span>
#include <string_view>
#include <vector>

#include <sqlite3.h>

/// A list of values as a table: `x IN rowan_list(?1)`, where the parameter is a pointer to a List. So a list of any
/// length is one constant text, its values are neither copied nor turned into text, and nothing that SQL can say makes
/// a pointer. `rowan_set` has each of its integers once, in ascending order: a join to it finds what IN finds.
/// https://www.sqlite.org/vtab.html, https://www.sqlite.org/bindptr.html
namespace rowan::sqlite {

/// The values of one list. Text and bytes are not copied.
class List : public ValueSink<List> {
public:
    /// Where the next value goes.
    [[nodiscard]] Value& place() { return items_.emplace_back(); }

    [[nodiscard]] std::size_t size() const { return items_.size(); }
    [[nodiscard]] const Value& operator[](std::size_t i) const { return items_[i]; }

    /// Each integer once, in ascending order, as keys often come already.
    void make_set() {
        const auto follows = [](const Value& one, const Value& next) { return one.integer >= next.integer; };
        if (std::adjacent_find(items_.begin(), items_.end(), follows) == items_.end()) return;
        std::sort(items_.begin(), items_.end(), [](const Value& a, const Value& b) { return a.integer < b.integer; });
        const auto same = [](const Value& a, const Value& b) { return a.integer == b.integer; };
        items_.erase(std::unique(items_.begin(), items_.end(), same), items_.end());
    }

    /// Hands its values, which are of the form `stored`, to those that an observer is shown.
    void show(rowan::detail::ValueTexts& values, Stored stored) const {
        values.put_list(items_.size(), [&](rowan::detail::ValueTexts& sink) {
            for (std::size_t i = 0; i != items_.size() && i <= sink.longest_list; ++i)
                show_item(sink, items_[i], stored);
        });
    }

    static constexpr const char* pointer_type = "rowan_list";

private:
    static void show_item(rowan::detail::ValueTexts& sink, const Value& item, Stored stored) {
        switch (item.type) {
            case SQLITE_INTEGER:
                if (stored == Stored::boolean)
                    (void)sink.put(item.integer != 0);
                else if (stored == Stored::timestamp)
                    (void)sink.put(Timestamp{std::chrono::microseconds{item.integer}});
                else
                    (void)sink.put(item.integer);
                break;
            case SQLITE_FLOAT: (void)sink.put(item.real); break;
            case SQLITE_TEXT: (void)sink.put(std::string_view{item.bytes.data, item.bytes.size}); break;
            case SQLITE_BLOB: (void)sink.put(std::as_bytes(std::span{item.bytes.data, item.bytes.size})); break;
            case Value::date: (void)sink.put(std::string_view{item.day, sizeof item.day}); break;
            default: (void)sink.put_null(); break;
        }
    }

    std::vector<Value> items_;
};

namespace detail {

struct ListTable : sqlite3_vtab {
    bool is_set = false;
};

struct ListCursor : sqlite3_vtab_cursor {
    const List* list = nullptr;
    std::size_t position = 0;
};

/// What the modules are told by, and how their columns are called: those of a set stand beside a table's.
inline constexpr const char* list_schema = "CREATE TABLE x(value, list HIDDEN)";
inline constexpr const char* set_schema = "CREATE TABLE x(rowan_member, rowan_members HIDDEN)";

inline constexpr int list_value_column = 0;
inline constexpr int list_pointer_column = 1;

inline int connect_list(sqlite3* db, void* is_set, int, const char* const*, sqlite3_vtab** table, char**) {
    sqlite3_vtab_config(db, SQLITE_VTAB_DIRECTONLY);
    const int code = sqlite3_declare_vtab(db, is_set != nullptr ? set_schema : list_schema);
    if (code != SQLITE_OK) return code;
    auto* made = new (std::nothrow) ListTable{};
    if (made == nullptr) return SQLITE_NOMEM;
    made->is_set = is_set != nullptr;
    *table = made;
    return SQLITE_OK;
}

inline int disconnect_list(sqlite3_vtab* table) {
    delete static_cast<ListTable*>(table);
    return SQLITE_OK;
}

inline int plan_list(sqlite3_vtab*, sqlite3_index_info* info) {
    for (int i = 0; i != info->nConstraint; ++i) {
        const auto& constraint = info->aConstraint[i];
        if (constraint.iColumn != list_pointer_column || constraint.op != SQLITE_INDEX_CONSTRAINT_EQ) continue;
        if (constraint.usable == 0) return SQLITE_CONSTRAINT;
        info->aConstraintUsage[i].argvIndex = 1;
        info->aConstraintUsage[i].omit = 1;
        info->estimatedCost = 1;
        info->estimatedRows = 100;
    }
    return SQLITE_OK;
}

inline int open_list(sqlite3_vtab*, sqlite3_vtab_cursor** cursor) {
    *cursor = new (std::nothrow) ListCursor{};
    return *cursor != nullptr ? SQLITE_OK : SQLITE_NOMEM;
}

inline int close_list(sqlite3_vtab_cursor* cursor) {
    delete static_cast<ListCursor*>(cursor);
    return SQLITE_OK;
}

inline int filter_list(sqlite3_vtab_cursor* base, int, const char*, int count, sqlite3_value** values) {
    auto* cursor = static_cast<ListCursor*>(base);
    auto* list = count == 1 ? static_cast<List*>(sqlite3_value_pointer(values[0], List::pointer_type)) : nullptr;
    if (list != nullptr && static_cast<ListTable*>(base->pVtab)->is_set) list->make_set();
    cursor->list = list;
    cursor->position = 0;
    return SQLITE_OK;
}

inline int advance_list(sqlite3_vtab_cursor* cursor) {
    ++static_cast<ListCursor*>(cursor)->position;
    return SQLITE_OK;
}

inline int list_is_over(sqlite3_vtab_cursor* base) {
    const auto* cursor = static_cast<ListCursor*>(base);
    return cursor->list == nullptr || cursor->position >= cursor->list->size() ? 1 : 0;
}

inline int list_column(sqlite3_vtab_cursor* base, sqlite3_context* context, int column) {
    const auto* cursor = static_cast<ListCursor*>(base);
    if (column == list_value_column) (*cursor->list)[cursor->position].give(context);
    return SQLITE_OK;
}

inline int list_rowid(sqlite3_vtab_cursor* cursor, sqlite3_int64* rowid) {
    *rowid = static_cast<sqlite3_int64>(static_cast<ListCursor*>(cursor)->position);
    return SQLITE_OK;
}

/// Without xCreate it is there without CREATE VIRTUAL TABLE, and never stored.
inline const sqlite3_module& list_module() {
    static const sqlite3_module module = [] {
        sqlite3_module made{};
        made.xConnect = &connect_list;
        made.xBestIndex = &plan_list;
        made.xDisconnect = &disconnect_list;
        made.xOpen = &open_list;
        made.xClose = &close_list;
        made.xFilter = &filter_list;
        made.xNext = &advance_list;
        made.xEof = &list_is_over;
        made.xColumn = &list_column;
        made.xRowid = &list_rowid;
        return made;
    }();
    return module;
}

}  // namespace detail

[[nodiscard]] inline int register_list(sqlite3* db) {
    const int code = sqlite3_create_module_v2(db, "rowan_list", &detail::list_module(), nullptr, nullptr);
    if (code != SQLITE_OK) return code;
    static char is_set;
    return sqlite3_create_module_v2(db, "rowan_set", &detail::list_module(), &is_set, nullptr);
}

}  // namespace rowan::sqlite

// ---- rowan/sqlite/prepared.hpp ----



#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <utility>
#include <vector>

#include <sqlite3.h>

namespace rowan::sqlite {

/// The prepared statements of one connection, under the numbers of their Statements.
class PreparedStatements {
public:
    PreparedStatements() = default;
    PreparedStatements(PreparedStatements&&) noexcept = default;
    PreparedStatements& operator=(PreparedStatements&& other) noexcept {
        clear();
        entries_ = std::move(other.entries_);
        process_ = other.process_;
        return *this;
    }
    ~PreparedStatements() { clear(); }

    /// Where a statement is kept; `nowhere` if it is finalized when it is given back.
    using Slot = std::uint32_t;
    static constexpr Slot nowhere = std::numeric_limits<Slot>::max();
    /// The code of a text with another statement behind its first, which SQLite would leave out silently.
    static constexpr int several = SQLITE_ERROR | 255 << 8;

    struct Taken {
        sqlite3_stmt* statement = nullptr;
        int code = SQLITE_OK;
        Slot slot = nowhere;
    };

    /// Lends the prepared form of `statement` until `give_back`, if it is there and idle; else null, and `prepare`
    /// makes one.
    [[nodiscard]] Taken take_idle(const Statement& statement) noexcept {
        const Slot slot = statement.known_slot();
        if (slot >= entries_.size() || entries_[slot].text != statement.text().data()) [[unlikely]]
            return {};
        return {std::exchange(entries_[slot].idle, nullptr), SQLITE_OK, slot};
    }

    /// Compiles `statement`, to be kept when it is given back. While the kept one is under way, or if it is not to be
    /// kept, it is finalized then.
    [[nodiscard]] Taken prepare(sqlite3* db, const Statement& statement) {
        if (!statement.is_kept()) return compile(db, statement.text(), 0);
        const Slot slot = statement.slot();
        if (slot >= entries_.size()) entries_.resize(std::size_t{slot} + 1);
        Entry& entry = entries_[slot];
        Taken taken = compile(db, statement.text(), SQLITE_PREPARE_PERSISTENT);
        if (taken.code == SQLITE_OK && entry.idle == entry.prepared) {
            sqlite3_finalize(entry.prepared);
            entry = {taken.statement, nullptr, statement.text().data(), 0};
            taken.slot = slot;
        }
        return taken;
    }

    void give_back(const Taken& taken) noexcept {
        if (taken.slot == nowhere) [[unlikely]] {
            sqlite3_finalize(taken.statement);
        } else {
            sqlite3_reset(taken.statement);
            entries_[taken.slot].idle = taken.statement;
        }
    }

    /// How many rows the statement gave when it was asked for all of them the last time.
    [[nodiscard]] std::size_t rows(const Statement& statement) const noexcept {
        return statement.is_kept() ? entries_[statement.slot()].rows : 0;
    }
    void remember_rows(const Statement& statement, std::size_t rows) noexcept {
        if (statement.is_kept()) entries_[statement.slot()].rows = rows;
    }

    void clear() noexcept {
        // Those of a parent process are left alone, as their connection is.
        if (process_ == rowan::detail::process_generation())
            for (Entry& entry : entries_) sqlite3_finalize(entry.prepared);
        entries_.clear();
    }

private:
    struct Entry {
        sqlite3_stmt* prepared = nullptr;
        /// The same, unless it is under way.
        sqlite3_stmt* idle = nullptr;
        /// Two shared libraries may number their statements alike: the text tells whose this is.
        const char* text = nullptr;
        std::size_t rows = 0;
    };

    static Taken compile(sqlite3* db, std::string_view text, unsigned flags) {
        Taken taken;
        const char* rest = nullptr;
        const auto length = [&] { return static_cast<int>(text.size() + 1); };
        taken.code = sqlite3_prepare_v3(db, text.data(), length(), flags, &taken.statement, &rest);
        if (taken.code != SQLITE_OK) return taken;
        text.remove_prefix(static_cast<std::size_t>(rest - text.data()));
        if (text.find_first_not_of("; \t\r\n") == std::string_view::npos) return taken;
        // A comment, or another statement.
        sqlite3_stmt* second = nullptr;
        const int code = sqlite3_prepare_v3(db, text.data(), length(), 0, &second, nullptr);
        sqlite3_finalize(second);
        if (code == SQLITE_OK && second == nullptr) return taken;
        sqlite3_finalize(std::exchange(taken.statement, nullptr));
        taken.code = several;
        return taken;
    }

    std::vector<Entry> entries_;
    unsigned process_ = rowan::detail::process_generation();
};

}  // namespace rowan::sqlite

// ---- rowan/sqlite/taker.hpp ----



#include <cstddef>
#include <exception>
#include <utility>
#include <vector>

#include <sqlite3.h>

/// Rows handed to the program by SQL: `SELECT rowan_take(?1, a, b) FROM t ORDER BY a`, where the parameter is a pointer
/// to a RowTaker. It gives each row a number, so that a statement which has to sort sorts numbers instead of rows.
/// `rowan_take_all` is an aggregate, which has one result for all rows, but no order. Both cost less than to ask the
/// statement for each value of each row. https://www.sqlite.org/appfunc.html, https://www.sqlite.org/bindptr.html
namespace rowan::sqlite {

/// The values of a row that is handed over.
class TakenRow {
public:
    explicit TakenRow(sqlite3_value** values) : values_{values} {}
    [[nodiscard]] Cell cell(int column) const { return Cell{values_[column]}; }

private:
    sqlite3_value** values_;
};

/// Takes the rows of one statement. Like all of a connection, for one thread.
class RowTaker {
public:
    using Row = TakenRow;
    /// How many columns rows can have: functions have up to 127 arguments.
    static constexpr std::size_t widest = 126;
    static constexpr const char* pointer_type = "rowan_taker";

    /// `take(target, row)` keeps a row; false: it cannot, and the statement ends. It may throw.
    using Take = bool (*)(void* target, const TakenRow& row);

    RowTaker(void* target, Take how) : target_{target}, take_{how} {}
    RowTaker(const RowTaker&) = delete;
    RowTaker& operator=(const RowTaker&) = delete;

    [[nodiscard]] std::size_t rows() const noexcept { return rows_; }

    /// Throws what `take` has thrown.
    void rethrow() const {
        if (exception_) std::rethrow_exception(exception_);
    }

    /// Brings the rows, which were kept as they came, into the order of the statement.
    template <class T>
    void arrange(std::vector<T>& rows) const {
        if (order_.empty()) return;
        std::vector<T> arranged;
        arranged.reserve(order_.size());
        for (const std::size_t row : order_) arranged.push_back(std::move(rows[row]));
        rows = std::move(arranged);
    }

    // What the functions below and an Execution use.
    [[nodiscard]] bool take(sqlite3_value** values) noexcept {
#if defined(__cpp_exceptions)
        try {
            return take_(target_, TakenRow{values}) && ++rows_ != 0;
        } catch (...) {
            exception_ = std::current_exception();
            return false;
        }
#else
        return take_(target_, TakenRow{values}) && ++rows_ != 0;
#endif
    }
    /// The row of that number is next in the statement's order.
    void place(std::size_t row) {
        if (order_.empty()) {
            if (row == placed_) {
                ++placed_;
                return;
            }
            order_.reserve(rows_);
            for (std::size_t i = 0; i != placed_; ++i) order_.push_back(i);
        }
        order_.push_back(row);
    }

private:
    void* target_;
    Take take_;
    std::size_t rows_ = 0;
    std::size_t placed_ = 0;
    /// Empty as long as the rows come in their order.
    std::vector<std::size_t> order_{};
    std::exception_ptr exception_{};
};

namespace detail {

/// The taker, if it has taken the row.
inline RowTaker* take_row(sqlite3_context* context, sqlite3_value** values) {
    auto* taker = static_cast<RowTaker*>(sqlite3_value_pointer(values[0], RowTaker::pointer_type));
    if (taker != nullptr && taker->take(values + 1)) [[likely]]
        return taker;
    // The one who made the taker knows more; this is for an observer of the statement.
    sqlite3_result_error(context, "a row could not be read", -1);
    sqlite3_result_error_code(context, SQLITE_MISMATCH);
    return nullptr;
}

inline void call_take(sqlite3_context* context, int, sqlite3_value** values) {
    if (const RowTaker* taker = take_row(context, values))
        sqlite3_result_int64(context, static_cast<sqlite3_int64>(taker->rows() - 1));
}

inline void step_take_all(sqlite3_context* context, int, sqlite3_value** values) { take_row(context, values); }
inline void end_take_all(sqlite3_context* context) { sqlite3_result_null(context); }

}  // namespace detail

[[nodiscard]] inline int register_taker(sqlite3* db) {
    constexpr int flags = SQLITE_UTF8 | SQLITE_DIRECTONLY;
    const int code =
        sqlite3_create_function_v2(db, "rowan_take", -1, flags, nullptr, &detail::call_take, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return code;
    return sqlite3_create_function_v2(db, "rowan_take_all", -1, flags, nullptr, nullptr, &detail::step_take_all,
                                      &detail::end_take_all, nullptr);
}

}  // namespace rowan::sqlite

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <sqlite3.h>

namespace rowan::sqlite {

/// A statement under way: see the Execution concept. Text and bytes are bound without a copy.
class Execution {
public:
    using RowTaker = sqlite::RowTaker;

    template <class Connection>
    Execution(Connection& connection, const Statement& statement) : Execution{connection, statement, statement} {}

    /// Runs `statement`, and calls it by the text of `shown` where it fails or is observed.
    template <class Connection>
    Execution(Connection& connection, const Statement& statement, const Statement& shown)
        : Execution{connection.native(), connection.prepared(),
                    connection.limits(), connection.observer_slot(),
                    statement,           shown} {}

    Execution(const Execution&) = delete;
    Execution& operator=(const Execution&) = delete;
    ~Execution() {
        if (observation_ != nullptr) [[unlikely]]
            drop_observation();
        prepared_.give_back(taken_);
        if (lists_ != nullptr) [[unlikely]]
            drop_lists();
    }

    [[gnu::always_inline]] Fault put_null() {
        if (const int code = sqlite3_bind_null(taken_.statement, ++parameter_); (code | attention_) != 0) [[unlikely]]
            if (auto* values = note(code)) (void)values->put_null();
        return Fault::none;
    }
    [[gnu::always_inline]] Fault put(bool value) {
        return note(sqlite3_bind_int64(taken_.statement, ++parameter_, value ? 1 : 0), value);
    }
    [[gnu::always_inline]] Fault put(std::int64_t value) {
        return note(sqlite3_bind_int64(taken_.statement, ++parameter_, value), value);
    }
    [[gnu::always_inline]] Fault put(double value) {
        // SQLite would store NULL.
        if (rowan::detail::is_nan(value)) return Fault::not_a_number;
        return note(sqlite3_bind_double(taken_.statement, ++parameter_, value), value);
    }
    [[gnu::always_inline]] Fault put(std::string_view value) {
        // A null pointer would mean NULL.
        const char* text = value.data() != nullptr ? value.data() : "";
        return note(sqlite3_bind_text64(taken_.statement, ++parameter_, text, value.size(), SQLITE_STATIC, SQLITE_UTF8),
                    value);
    }
    Fault put(std::span<const std::byte> value) {
        const void* bytes = value.data() != nullptr ? static_cast<const void*>(value.data()) : "";
        return note(sqlite3_bind_blob64(taken_.statement, ++parameter_, bytes, value.size(), SQLITE_STATIC), value);
    }
    Fault put(Timestamp value) {
        return note(sqlite3_bind_int64(taken_.statement, ++parameter_, value.time_since_epoch().count()), value);
    }
    Fault put(std::chrono::sys_days value) {
        char text[rowan::detail::date_length];
        if (!rowan::detail::format_date(value, text)) return Fault::out_of_range;
        return note(sqlite3_bind_text(taken_.statement, ++parameter_, text, sizeof text, SQLITE_TRANSIENT), value);
    }

    /// A list for `rowan_list(?)`: `fill(list)` puts its values.
    template <class Fill>
    Fault put_list(Stored stored, Fill fill) {
        lists_ = new BoundList{{}, lists_};
        List& list = lists_->list;
        if (const Fault fault = fill(list); fault != Fault::none) return fault;
        const int code = sqlite3_bind_pointer(taken_.statement, ++parameter_, &list, List::pointer_type, nullptr);
        if ((code | attention_) != 0) [[unlikely]]
            if (auto* values = note(code)) list.show(*values, stored);
        return Fault::none;
    }

    /// The rows of `rowan_rows(?)`, which must outlive the run.
    void put_feed(RowFeed& feed) {
        const int code = sqlite3_bind_pointer(taken_.statement, ++parameter_, &feed, RowFeed::pointer_type, nullptr);
        if ((code | attention_) != 0) [[unlikely]]
            if (auto* values = note(code)) (void)values->put_rows();
    }

    [[nodiscard]] Result<bool> next() {
        const int code = step();
        if (code == SQLITE_ROW) return true;
        if (code == SQLITE_DONE) return false;
        return Failure(error(code));
    }

    /// Runs a query that hands its rows to `taker`.
    [[nodiscard]] Result<void> run_take(RowTaker& taker) {
        const int bound = sqlite3_bind_pointer(taken_.statement, ++parameter_, &taker, RowTaker::pointer_type, nullptr);
        if ((bound | attention_) != 0) [[unlikely]]
            (void)note(bound);
        taker_ = &taker;
        int code = SQLITE_ROW;
        while ((code = attention_ == 0 ? sqlite3_step(taken_.statement) : step_with_attention()) == SQLITE_ROW) {
            sqlite3_value* number = sqlite3_column_value(taken_.statement, 0);
            if (sqlite3_value_type(number) == SQLITE_INTEGER)
                taker.place(static_cast<std::size_t>(sqlite3_value_int64(number)));
        }
        taker_ = nullptr;
        if (code != SQLITE_DONE) return Failure(error(code));
        prepared_.remember_rows(statement_, taker.rows());
        return {};
    }

    /// How many rows to make room for: as many as there were the last time.
    [[nodiscard]] std::size_t expected_rows() const { return prepared_.rows(statement_); }

    [[nodiscard]] Result<std::int64_t> run() {
        const int before = sqlite3_total_changes(db_);
        if (const int code = finish(); code != SQLITE_DONE) [[unlikely]]
            return Failure(error(code));
        return changed_since(before);
    }

    /// Runs an INSERT and gives the key that the database made.
    [[nodiscard]] Result<std::int64_t> run_insert() {
        if (const int code = finish(); code != SQLITE_DONE) [[unlikely]]
            return Failure(error(code));
        return sqlite3_last_insert_rowid(db_);
    }

    /// Runs an upsert and tells what it did. An insert sets the last rowid, so a rowid that cannot be this row's
    /// is set before: the smallest, unless `key`, the integer key that comes with the row, is just that.
    /// Tables WITHOUT ROWID do not set it: there an insert looks like an update.
    [[nodiscard]] Result<Upserted> run_upsert(std::int64_t key) {
        constexpr std::int64_t smallest = std::numeric_limits<std::int64_t>::min();
        const std::int64_t other = key == smallest ? 0 : smallest;
        sqlite3_set_last_insert_rowid(db_, other);
        const Result<std::int64_t> changed = run();
        if (!changed) return Failure(changed.error());
        if (sqlite3_last_insert_rowid(db_) != other) return Upserted::inserted;
        return *changed != 0 ? Upserted::updated : Upserted::unchanged;
    }

    [[nodiscard]] int columns() const { return sqlite3_column_count(taken_.statement); }
    [[nodiscard]] std::string_view column_name(int column) const {
        return sqlite3_column_name(taken_.statement, column);
    }

    [[nodiscard]] Cell cell(int column) const { return {taken_.statement, column}; }

    /// The columns that the statement would give.
    [[nodiscard]] Result<std::vector<ResultColumn>> describe() const {
        if (code_ != SQLITE_OK) return Failure(error(code_));
        return sqlite::describe(db_, taken_.statement);
    }

private:
    struct BoundList {
        List list;
        BoundList* earlier;
    };

    Execution(sqlite3* db, PreparedStatements& prepared, const TransactionLimits& limits, const ObserverSlot& slot,
              const Statement& statement, const Statement& shown)
        : db_{db},
          prepared_{prepared},
          limits_{limits},
          statement_{statement},
          shown_{shown},
          taken_{prepared.take_idle(statement)} {
        if (taken_.statement == nullptr || !slot.is_empty()) [[unlikely]]
            begin(slot);
    }

    /// What seldom needs to be done first.
    [[gnu::cold, gnu::noinline]] void begin(const ObserverSlot& slot) {
        if (taken_.statement == nullptr) taken_ = prepared_.prepare(db_, statement_);
        code_ = attention_ = taken_.code;
        if (slot.is_empty()) return;
        observation_ = new Observation{slot, shown_.text(), statement_.is_kept()};
        attention_ = 1;
    }

    template <class Value>
    [[gnu::always_inline]] Fault note(int code, Value value) {
        if ((code | attention_) != 0) [[unlikely]]
            show(code, value);
        return Fault::none;
    }
    template <class Value>
    [[gnu::cold, gnu::noinline]] void show(int code, Value value) {
        if (auto* values = note(code)) (void)values->put(value);
    }

    /// Keeps the first failure; gives the place for the values that an observer wants.
    [[gnu::cold]] rowan::detail::ValueTexts* note(int code) {
        if (code_ == SQLITE_OK) code_ = code;
        attention_ = 1;
        return observation_ != nullptr ? observation_->values() : nullptr;
    }

    [[gnu::cold, nodiscard]] int step_with_attention() {
        if (observation_ == nullptr) return code_;
        if (!observation_->is_started()) {
            changes_ = sqlite3_total_changes(db_);
            observation_->start();
        }
        const int code = code_ == SQLITE_OK ? sqlite3_step(taken_.statement) : code_;
        if (code == SQLITE_ROW) {
            observation_->count_row();
        } else if (code == SQLITE_DONE) {
            end_observation(nullptr);
        } else {
            const Error failed = error(code);
            end_observation(&failed);
        }
        return code;
    }

    void end_observation(const Error* error) noexcept {
        std::int64_t rows = taker_ != nullptr ? static_cast<std::int64_t>(taker_->rows()) : observation_->rows();
        if (rows == 0 && error == nullptr) rows = changed_since(changes_);
        observation_->end(rows, error);
    }

    [[gnu::cold, gnu::noinline]] void drop_observation() noexcept {
        end_observation(nullptr);
        delete observation_;
    }

    [[gnu::noinline]] void drop_lists() noexcept {
        while (lists_ != nullptr) delete std::exchange(lists_, lists_->earlier);
    }

    /// How many rows the statement has changed. What is no INSERT, UPDATE or DELETE leaves the number of an earlier
    /// one.
    [[nodiscard]] std::int64_t changed_since(int before) const noexcept {
        if (sqlite3_total_changes(db_) == before) return 0;
#if SQLITE_VERSION_NUMBER >= 3037000
        return sqlite3_changes64(db_);
#else
        return sqlite3_changes(db_);
#endif
    }

    [[nodiscard]] int step() { return attention_ == 0 ? sqlite3_step(taken_.statement) : step_with_attention(); }

    /// Runs it to its end, whatever rows it gives.
    [[nodiscard]] int finish() {
        int code = step();
        while (code == SQLITE_ROW) [[unlikely]]
            code = step();
        return code;
    }

    [[gnu::cold, gnu::noinline, nodiscard]] Error error(int code) const {
        if (code == PreparedStatements::several)
            return Error{Category::programming, Code::syntax_error,
                         "a text with parameters or rows holds one statement, but here is another behind it: run each "
                         "alone, or all with execute(unsafe_sql{text})"}
                .in_statement(shown_.text());
        // A later call may have put its own message in the place of the first failure's.
        const bool current = sqlite3_extended_errcode(db_) == code;
        return limits_.explain(make_error(code, current ? sqlite3_errmsg(db_) : sqlite3_errstr(code), shown_.text()));
    }

    sqlite3* db_;
    PreparedStatements& prepared_;
    const TransactionLimits& limits_;
    const Statement& statement_;
    const Statement& shown_;
    PreparedStatements::Taken taken_;
    /// Its own, and known to the statement until that is bound anew or reset.
    BoundList* lists_ = nullptr;
    int parameter_ = 0;
    int code_ = SQLITE_OK;
    /// Not 0 when something has failed or an observer looks on, so that the ordinary way has one number to look at.
    int attention_ = 0;
    int changes_ = 0;
    const RowTaker* taker_ = nullptr;
    /// Its own. A smart pointer would be looked at once more in the ordinary way.
    Observation* observation_ = nullptr;
};

}  // namespace rowan::sqlite

// ---- rowan/sqlite/glob.hpp ----


#include <string>
#include <string_view>

#include <sqlite3.h>

namespace rowan::sqlite {

/// A pattern of LIKE as one of GLOB, which tells capitals apart as other databases' LIKE does: `%` → `*`, `_` → `?`,
/// and what GLOB would take for more than itself in brackets. A backslash takes the next character literally.
[[nodiscard]] inline std::string glob_of(std::string_view like) {
    std::string glob;
    glob.reserve(like.size());
    for (std::size_t i = 0; i != like.size(); ++i) {
        const bool escaped = like[i] == '\\' && i + 1 != like.size();
        const char c = escaped ? like[++i] : like[i];
        if (!escaped && c == '%')
            glob += '*';
        else if (!escaped && c == '_')
            glob += '?';
        else if (c == '*' || c == '?' || c == '[')
            glob.append({'[', c, ']'});
        else
            glob += c;
    }
    return glob;
}

namespace detail {

inline void call_glob(sqlite3_context* context, int, sqlite3_value** values) {
    const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(values[0]));
    if (text == nullptr) return sqlite3_result_null(context);
    const std::string glob = glob_of({text, static_cast<std::size_t>(sqlite3_value_bytes(values[0]))});
    sqlite3_result_text64(context, glob.data(), glob.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

}  // namespace detail

[[nodiscard]] inline int register_glob(sqlite3* db) {
    return sqlite3_create_function_v2(db, "rowan_glob", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, nullptr,
                                      &detail::call_glob, nullptr, nullptr, nullptr);
}

}  // namespace rowan::sqlite

// ---- rowan/sqlite/open_databases.hpp ----



#include <atomic>
#include <utility>

namespace rowan::sqlite {

/// Counts the databases that are open in this process. SQLite knows its own locks by a list in memory, which fork()
/// copies and the locks not: a child that opens the same file believes itself protected by locks that it does not have,
/// or shut out by some that nobody holds. https://www.sqlite.org/howtocorrupt.html (2.6)
class OpenDatabases {
public:
    /// False in a child whose parent had databases open.
    [[nodiscard]] static bool may_open() noexcept {
        const unsigned process = rowan::detail::process_generation();
        if (count_.load() == 0) opener_.store(process);
        return opener_.load() == process;
    }

    /// One of them, until it goes.
    class Mark {
    public:
        explicit Mark(bool counts) noexcept : counts_{counts} {
            if (counts_) ++count_;
        }
        Mark(Mark&& other) noexcept : process_{other.process_}, counts_{std::exchange(other.counts_, false)} {}
        Mark& operator=(Mark&& other) noexcept {
            std::swap(process_, other.process_);
            std::swap(counts_, other.counts_);
            return *this;
        }
        ~Mark() {
            if (counts_ && !is_inherited()) --count_;
        }

        /// Was it opened by a parent of this process?
        [[nodiscard]] bool is_inherited() const noexcept { return process_ != rowan::detail::process_generation(); }

    private:
        unsigned process_ = rowan::detail::process_generation();
        bool counts_;
    };

private:
    static inline std::atomic<int> count_{0};
    static inline std::atomic<unsigned> opener_{0};
};

}  // namespace rowan::sqlite

// ---- rowan/sqlite/options.hpp ----


#include <chrono>
#include <cstdint>

namespace rowan::sqlite {

enum class Journal : std::uint8_t { wal, rollback, truncate, persist, memory, off };
enum class Synchronous : std::uint8_t { off, normal, full, extra };
enum class Access : std::uint8_t { read_only, read_write, create };

/// How a connection is opened. The defaults are those that a program with several readers and one writer wants.
struct Options {
    /// A missing file is created; `read_write` and `read_only` make it an error.
    Access access = Access::create;

    /// WAL: readers and the writer do not wait for each other. It stays with the file, needs a local file system,
    /// and is refused with an error where it cannot be had. A database in memory has none. `rollback` is SQLite's
    /// own default, DELETE.
    Journal journal = Journal::wal;

    /// NORMAL: with WAL a committed transaction survives the end of the program, and the file is never damaged;
    /// the last ones before a power cut may be lost. FULL also keeps those. With another journal than WAL choose
    /// FULL: https://www.sqlite.org/pragma.html#pragma_synchronous
    Synchronous synchronous = Synchronous::normal;

    /// How long a statement waits for another connection's lock before it fails with Code::busy.
    std::chrono::milliseconds busy_timeout{5000};

    /// SQLite itself leaves foreign keys unchecked unless asked.
    bool foreign_keys = true;
};

}  // namespace rowan::sqlite

// ---- rowan/sqlite/range.hpp ----



#include <cstdint>
#include <limits>
#include <string>

#include <sqlite3.h>

/// SQLite's columns hold any number, and an integer that grows too large becomes a real one. What an expression assigns
/// is looked at before it is stored, as otherwise the next read would fail.
namespace rowan::sqlite {

namespace detail {

/// The statement fails with this code, which stands for a value that the database has no room for.
inline void refuse(sqlite3_context* context, const std::string& message) {
    sqlite3_result_error(context, message.c_str(), static_cast<int>(message.size()));
    sqlite3_result_error_code(context, SQLITE_TOOBIG);
}

/// `rowan_integer(value, bits)`
inline void call_integer(sqlite3_context* context, int, sqlite3_value** values) {
    const int type = sqlite3_value_type(values[0]);
    const int bits = sqlite3_value_int(values[1]);
    if (type == SQLITE_INTEGER) {
        const std::int64_t number = sqlite3_value_int64(values[0]);
        const std::int64_t limit = std::numeric_limits<std::int64_t>::max() >> (64 - bits);
        if (number <= limit && number >= -limit - 1) return sqlite3_result_value(context, values[0]);
    } else if (type != SQLITE_FLOAT) {
        return sqlite3_result_value(context, values[0]);
    }
    const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(values[0]));
    refuse(context, std::string{"an expression comes to "} + (text != nullptr ? text : "a number") +
                        ", which is outside the range of the " + std::to_string(bits) +
                        "-bit integer that it is assigned to: nothing was stored");
}

/// `rowan_float(value)`: the nearest float, as a column of that type keeps it elsewhere.
inline void call_float(sqlite3_context* context, int, sqlite3_value** values) {
    const int type = sqlite3_value_type(values[0]);
    if (type != SQLITE_FLOAT && type != SQLITE_INTEGER) return sqlite3_result_value(context, values[0]);
    const double wide = sqlite3_value_double(values[0]);
    const auto narrow = static_cast<float>(wide);
    const bool too_large = rowan::detail::is_finite(wide) && !rowan::detail::is_finite(static_cast<double>(narrow));
    if (too_large || (narrow == 0.0F && wide != 0))
        return refuse(context, "an expression comes to a number outside the range of the float that it is assigned to: "
                               "nothing was stored");
    sqlite3_result_double(context, static_cast<double>(narrow));
}

}  // namespace detail

[[nodiscard]] inline int register_range(sqlite3* db) {
    constexpr int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC;
    const int code = sqlite3_create_function_v2(db, "rowan_integer", 2, flags, nullptr, &detail::call_integer, nullptr,
                                                nullptr, nullptr);
    if (code != SQLITE_OK) return code;
    return sqlite3_create_function_v2(db, "rowan_float", 1, flags, nullptr, &detail::call_float, nullptr, nullptr,
                                      nullptr);
}

}  // namespace rowan::sqlite

// ---- rowan/sqlite/server.hpp ----



#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include <sqlite3.h>

/// What SQLite knows of a database.
namespace rowan::sqlite::detail {

template <class Statistics, class Connection>
Result<Statistics> storage(Connection& connection) {
    auto bytes = rowan::detail::query_by_hand<std::int64_t>(
        connection, sql<"SELECT page_count * page_size FROM pragma_page_count, pragma_page_size">);
    if (!bytes) return Failure(std::move(bytes).error());
    Statistics storage{.bytes = bytes->at(0)};
    int hits = 0;
    int misses = 0;
    int unused = 0;
    sqlite3_db_status(connection.native(), SQLITE_DBSTATUS_CACHE_HIT, &hits, &unused, 0);
    sqlite3_db_status(connection.native(), SQLITE_DBSTATUS_CACHE_MISS, &misses, &unused, 0);
    if (hits + misses != 0) storage.cache_hits = static_cast<double>(hits) / (static_cast<double>(hits) + misses);
    return storage;
}

/// With its indexes. Nothing where SQLite was built without SQLITE_ENABLE_DBSTAT_VTAB.
template <class Bytes, class Connection>
Result<std::optional<Bytes>> table_bytes(Connection& connection, const std::string& table) {
    if (sqlite3_compileoption_used("ENABLE_DBSTAT_VTAB") == 0) return std::nullopt;
    auto rows = rowan::detail::query_by_hand<std::optional<Bytes>>(
        connection,
        sql<"SELECT sum(pgsize) FROM dbstat WHERE name IN (SELECT name FROM sqlite_schema WHERE tbl_name = $1)">,
        table);
    if (!rows) return Failure(std::move(rows).error());
    return rows->at(0);
}

}  // namespace rowan::sqlite::detail

#include <chrono>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <sqlite3.h>

namespace rowan::sqlite {

/// A connection to one SQLite database. Used by one thread at a time; it may be moved to another thread, and must
/// not be moved in memory while a repository or transaction works on it.
class Connection : public Session<Connection> {
public:
    static constexpr const Dialect& dialect = sqlite::dialect;
    using Execution = sqlite::Execution;
    /// SQLite makes its rows one by one in any case.
    using StreamExecution = sqlite::Execution;
    using RowFeed = sqlite::RowFeed;

    /// Opens a file, `:memory:`, or an SQLite URI (`file:…`). Fails with Code::cannot_open, Code::corruption (no
    /// database), or Code::not_supported where the journal mode cannot be had, or after fork() while files were open
    /// (see OpenDatabases).
    [[nodiscard]] static Result<Connection> open(std::string path, const Options& options = {}) {
        if (path.find('\0') != std::string::npos)
            return Failure(Error{Category::programming, Code::invalid_url, "a path cannot contain a NUL"});
        const bool in_memory = path == ":memory:";
        if (!in_memory && !OpenDatabases::may_open())
            return Failure(Error{Category::not_supported, Code::not_supported,
                                 "SQLite was in use when this process was forked, and takes its parent's locks for its "
                                 "own, which damages files: fork before the first connection is opened or after the "
                                 "last one is closed, or start a program with exec; nothing was opened"});
        Close close{OpenDatabases::Mark{!in_memory}};
        sqlite3* raw = nullptr;
        const int code = sqlite3_open_v2(path.c_str(), &raw, open_flags(options.access), nullptr);
        Connection connection{raw, std::move(close), options.access == Access::read_only};
        if (code != SQLITE_OK) {
            const char* reason = raw != nullptr ? sqlite3_errmsg(raw) : sqlite3_errstr(code);
            return Failure(make_error(code, path + ": " + reason, {}));
        }
        sqlite3_extended_result_codes(raw, 1);
#if defined(SQLITE_DBCONFIG_DQS_DML)
        // A quoted name that no column has would be taken for a string, and each row would hold it.
        sqlite3_db_config(raw, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
        sqlite3_db_config(raw, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
#endif
        constexpr int longest = std::numeric_limits<int>::max();
        const auto timeout = options.busy_timeout.count();
        sqlite3_busy_timeout(raw, timeout < longest ? static_cast<int>(timeout) : longest);
        if (Result<void> ready = connection.configure(options); !ready) return Failure(std::move(ready).error());
        const char* file = sqlite3_db_filename(raw, "main");
        connection.private_ = (file == nullptr || *file == '\0') && path.find("cache=shared") == std::string::npos &&
                              path.find("vfs=memdb") == std::string::npos;
        return connection;
    }

    /// Itself, unless the handle of another scope must be used now.
    [[nodiscard]] Borrowed<Connection> borrow(ScopeId scope = outermost) { return {*this, refusal(scope)}; }
    /// Itself, if one look tells that the handle of this scope may be used now; else null, and `borrow` looks closer.
    [[nodiscard]] Connection* ready(ScopeId scope = outermost) noexcept {
        const bool open = scope == outermost || transaction_state() != TransactionState::idle;
        return open && scopes_.allows(scope) && !limits_.have_deadline() ? this : nullptr;
    }

    /// Why the handle of `scope` must not be used now, or nothing.
    [[nodiscard]] std::optional<Error> refusal(ScopeId scope) {
        if (auto refused = scopes_.refusal(scope, transaction_state())) return refused;
        return limits_.check(db_.get());
    }

    /// A transaction that is rolled back unless it is committed. Unless the options say otherwise it takes the write
    /// lock at once (BEGIN IMMEDIATE), so that it cannot find out later that another writer was faster.
    template <class Self = Connection>
    [[nodiscard]] Result<BasicTransaction<Self>> begin(const TransactionOptions& options = {}) {
        if (auto refused = scopes_.refusal(outermost, transaction_state())) return Failure(*std::move(refused));
        return BasicTransaction<Self>::open(*this, options);
    }

    /// The connection itself, for what rowan does not do. It stays the Connection's.
    [[nodiscard]] sqlite3* native() const noexcept { return db_.get(); }

    /// Tells `observer` of every statement from now on, instead of the one before; null tells nobody.
    void observe(std::shared_ptr<Observer> observer) noexcept { observer_.set(std::move(observer)); }
    [[nodiscard]] const std::shared_ptr<Observer>& observer() const noexcept { return observer_.observer(); }

    /// Unique among the connections of the process, whatever their databases.
    [[nodiscard]] std::uint64_t number() const noexcept { return observer_.connection(); }

    // What the Backend concept asks for.
    [[nodiscard]] Result<void> run_script(std::string_view text) {
        if (auto late = limits_.check(db_.get(), text)) [[unlikely]]
            return Failure(*std::move(late));
        return rowan::detail::observe_script(observer_, text, false, [&]() -> Result<void> {
            char* message = nullptr;
            const int code = sqlite3_exec(db_.get(), std::string{text}.c_str(), nullptr, nullptr, &message);
            const std::unique_ptr<char, decltype(&sqlite3_free)> owner{message, &sqlite3_free};
            if (code == SQLITE_OK) return {};
            return Failure(
                limits_.explain(make_error(code, message != nullptr ? message : sqlite3_errstr(code), text)));
        });
    }
    [[nodiscard]] Result<void> start_transaction(const TransactionOptions& options) {
        if (rowan::detail::is_plain(options)) [[likely]]
            return run(read_only_ ? begin_ : begin_immediate_);
        if (auto refused = refusal(options)) return Failure(*std::move(refused));
        const Lock lock = options.lock.value_or(read_only_ || options.read_only ? Lock::deferred : Lock::immediate);
        if (Result<void> limited = limits_.set(db_.get(), options); !limited) return limited;
        Result<void> begun = run(lock == Lock::deferred    ? begin_
                                 : lock == Lock::immediate ? begin_immediate_
                                                           : begin_exclusive_);
        if (!begun) limits_.lift(db_.get());
        return begun;
    }
    [[nodiscard]] Result<void> commit_transaction() {
        auto late = limits_.check(db_.get());
        if (!late) [[likely]]
            return run(commit_);
        Error error = std::move(*late).in_statement("COMMIT");
        if (Result<void> undone = roll_back_transaction(); !undone)
            return Failure(std::move(error).followed_by(std::move(undone).error()));
        return Failure(std::move(error));
    }
    [[nodiscard]] Result<void> roll_back_transaction() {
        limits_.stop(db_.get());
        return run(rollback_);
    }
    /// The same limits, for a savepoint that stands for a transaction.
    [[nodiscard]] Result<void> limit_savepoint(const TransactionOptions& options) {
        return limits_.set(db_.get(), options);
    }
    void lift_limits() noexcept { limits_.lift(db_.get()); }
    [[nodiscard]] TransactionState transaction_state() const noexcept {
        return sqlite3_get_autocommit(db_.get()) != 0 ? TransactionState::idle : TransactionState::open;
    }
    [[nodiscard]] Result<std::vector<ResultColumn>> describe(const Statement& statement) {
        // Prepared afresh, as the schema is now.
        const Statement once{statement.text(), statement.parameters(), Statement::Kept::no};
        return Execution{*this, once}.describe();
    }
    [[nodiscard]] Scopes& scopes() noexcept { return scopes_; }

    // What a pool asks for.
    [[nodiscard]] ConnectionState state() const noexcept { return ConnectionState::ready; }
    /// Reads the file's header.
    [[nodiscard]] Result<void> ping(std::chrono::milliseconds) { return run_script("PRAGMA schema_version"); }
    /// There is no such thing here: what pragmas and temporary tables have changed, a new connection undoes.
    [[nodiscard]] Result<void> reset_session() {
        return Failure(Error{Category::not_supported, Code::not_supported,
                             "an SQLite connection cannot forget what was set: open a new one"});
    }
    /// Is it in memory (or a temporary file), and shared with nobody?
    [[nodiscard]] bool is_private() const noexcept { return private_; }

    // What health checks and statistics ask for. Templates, as a program then compiles those only that it calls.
    [[nodiscard]] Result<ServerStatus> status() const {
        return ServerStatus{.version = std::string{"SQLite "} + sqlite3_libversion()};
    }
    template <class Statistics = StorageStatistics>
    [[nodiscard]] Result<Statistics> storage() {
        return detail::storage<Statistics>(*this);
    }
    template <class Bytes = std::int64_t>
    [[nodiscard]] Result<std::optional<Bytes>> table_bytes(const std::string& table) {
        return detail::table_bytes<Bytes>(*this, table);
    }

    [[nodiscard]] PreparedStatements& prepared() noexcept { return prepared_; }
    [[nodiscard]] const TransactionLimits& limits() const noexcept { return limits_; }
    [[nodiscard]] const ObserverSlot& observer_slot() const noexcept { return observer_; }

private:
    /// Closes it in the process that opened it: what a child did would be undone or stored for the parent.
    struct Close {
        OpenDatabases::Mark mark;

        void operator()(sqlite3* db) const noexcept {
            if (!mark.is_inherited()) sqlite3_close_v2(db);
        }
    };

    Connection(sqlite3* db, Close close, bool read_only) : db_{db, std::move(close)}, read_only_{read_only} {}

    static int open_flags(Access access) {
        // One thread at a time uses a connection, so SQLite's own mutexes would only cost time.
        constexpr int common = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI;
        switch (access) {
            case Access::read_only: return common | SQLITE_OPEN_READONLY;
            case Access::read_write: return common | SQLITE_OPEN_READWRITE;
            case Access::create: break;
        }
        return common | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    }

    [[nodiscard]] std::optional<Error> refusal(const TransactionOptions& options) const {
        if (auto refused = rowan::detail::contradiction(options)) return refused;
        if (options.deferrable)
            return Error{Category::not_supported, Code::not_supported,
                         "SQLite has no deferrable transactions: leave that out, as a transaction that is read_only "
                         "cannot fail for others' sake there; nothing was sent"};
        // SQLite would begin without the lock, and say nothing.
        if (read_only_ && options.lock && *options.lock != Lock::deferred)
            return Error{Category::operational, Code::read_only,
                         "this connection was opened read-only, so its transactions can take no write lock: leave out "
                         "lock; nothing was sent"};
        return std::nullopt;
    }

    [[nodiscard]] Result<void> configure(const Options& options) {
        for (const int code : {register_list(db_.get()), register_feed(db_.get()), register_taker(db_.get()),
                               register_glob(db_.get()), register_range(db_.get())})
            if (code != SQLITE_OK) return Failure(make_error(code, sqlite3_errmsg(db_.get()), {}));
        static constexpr const char* synchronous[] = {"OFF", "NORMAL", "FULL", "EXTRA"};
        std::string script = "PRAGMA foreign_keys = ";
        script += options.foreign_keys ? "ON" : "OFF";
        script += "; PRAGMA synchronous = ";
        script += synchronous[static_cast<std::size_t>(options.synchronous)];
        if (Result<void> done = run_script(script); !done) return done;
        // A read-only connection takes the journal as it is; looking at the schema tells whether this is a database.
        return read_only_ ? run_script("SELECT 1 FROM sqlite_schema LIMIT 1") : set_journal(options);
    }

    /// Another connection that opens the same file makes the change of the journal fail at once, whatever the busy
    /// timeout (the change needs the file for itself), so it is tried again until the time is over.
    [[nodiscard]] Result<void> set_journal(const Options& options) {
        static constexpr const char* names[] = {"wal", "delete", "truncate", "persist", "memory", "off"};
        const std::string_view wanted = names[static_cast<std::size_t>(options.journal)];
        const std::string pragma = "PRAGMA journal_mode = " + std::string{wanted};
        const auto deadline = std::chrono::steady_clock::now() + options.busy_timeout;
        while (true) {
            std::string mode;
            Result<void> set = ask(pragma.c_str(), mode);
            if (set && (mode == wanted || mode == "memory")) return {};
            if (set)
                return Failure(Error{Category::not_supported, Code::not_supported,
                                     "this database cannot use journal_mode " + std::string{wanted} + ", it stays " +
                                         mode + ": choose that in the options"});
            if (set.error().code() != Code::busy || std::chrono::steady_clock::now() >= deadline) return set;
            sqlite3_sleep(2);
        }
    }

    /// The first value of a statement's only row, as text.
    [[nodiscard]] Result<void> ask(const char* text, std::string& answer) {
        const auto take = [](void* target, int, char** values, char**) {
            *static_cast<std::string*>(target) = values[0] != nullptr ? values[0] : "";
            return 0;
        };
        const int code = sqlite3_exec(db_.get(), text, take, &answer, nullptr);
        if (code == SQLITE_OK) return {};
        return Failure(make_error(code, sqlite3_errmsg(db_.get()), text));
    }

    [[nodiscard]] Result<void> run(const Statement& statement) {
        const Result<std::int64_t> ran = Execution{*this, statement}.run();
        if (!ran) return Failure(ran.error());
        return {};
    }

    static inline constinit Statement begin_{"BEGIN", {}};
    static inline constinit Statement begin_immediate_{"BEGIN IMMEDIATE", {}};
    static inline constinit Statement begin_exclusive_{"BEGIN EXCLUSIVE", {}};
    static inline constinit Statement commit_{"COMMIT", {}};
    static inline constinit Statement rollback_{"ROLLBACK", {}};

    // The statements go before the connection that they were prepared on.
    std::unique_ptr<sqlite3, Close> db_;
    PreparedStatements prepared_;
    TransactionLimits limits_;
    Scopes scopes_;
    ObserverSlot observer_;
    bool read_only_;
    bool private_ = false;
};

static_assert(Backend<Connection>);

}  // namespace rowan::sqlite

// ---- rowan/sqlite/url.hpp ----



#include <charconv>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>

namespace rowan::sqlite {

/// A URL's file and options.
struct Location {
    std::string path;
    Options options;
};

namespace detail {

template <class Value, std::size_t count>
bool choose(std::string_view name, const std::pair<std::string_view, Value> (&choices)[count], Value& value) {
    for (const auto& [known, meaning] : choices)
        if (known == name) {
            value = meaning;
            return true;
        }
    return false;
}

inline bool set_option(Options& options, std::string_view name, std::string_view value) {
    if (name == "mode") {
        return choose(
            value,
            {std::pair{std::string_view{"ro"}, Access::read_only}, {"rw", Access::read_write}, {"rwc", Access::create}},
            options.access);
    }
    if (name == "journal_mode") {
        return choose(value,
                      {std::pair{std::string_view{"wal"}, Journal::wal},
                       {"delete", Journal::rollback},
                       {"truncate", Journal::truncate},
                       {"persist", Journal::persist},
                       {"memory", Journal::memory},
                       {"off", Journal::off}},
                      options.journal);
    }
    if (name == "synchronous") {
        return choose(value,
                      {std::pair{std::string_view{"off"}, Synchronous::off},
                       {"normal", Synchronous::normal},
                       {"full", Synchronous::full},
                       {"extra", Synchronous::extra}},
                      options.synchronous);
    }
    if (name == "foreign_keys")
        return choose(value, {std::pair{std::string_view{"on"}, true}, {"off", false}}, options.foreign_keys);
    if (name == "busy_timeout") {
        int milliseconds = 0;
        const auto [end, problem] = std::from_chars(value.data(), value.data() + value.size(), milliseconds);
        if (problem != std::errc{} || end != value.data() + value.size() || milliseconds < 0) return false;
        options.busy_timeout = std::chrono::milliseconds{milliseconds};
        return true;
    }
    return false;
}

}  // namespace detail

/// Reads what stands behind `sqlite:`. The path is relative unless it starts with `/`:
///
///     sqlite:market.db             sqlite://market.db           a file in the working directory
///     sqlite:/var/lib/market.db    sqlite:///var/lib/market.db  a file
///     sqlite::memory:                                           in memory, gone with the connection
///     sqlite:file:market.db?mode=ro                             an SQLite URI, handed over as it is
///
/// `?name=value&…` sets options: mode (ro, rw, rwc), journal_mode (wal, delete, truncate, persist, memory, off),
/// synchronous (off, normal, full, extra), busy_timeout (milliseconds), foreign_keys (on, off). Other names are
/// an error, so that a slip of the pen does not change what is durable.
[[nodiscard]] inline Result<Location> parse_url(std::string_view text) {
    Location location;
    if (text.substr(0, 5) == "file:") {
        location.path = text;
        return location;
    }
    if (text.substr(0, 2) == "//") text.remove_prefix(2);
    const std::string_view file = text.substr(0, text.find('?'));
    auto path = rowan::detail::percent_decoded(file);
    if (!path)
        return Failure(Error{Category::programming, Code::invalid_url,
                             "the path of an sqlite: URL has a broken % sequence, or a NUL"});
    if (path->empty())
        return Failure(Error{Category::programming, Code::invalid_url,
                             "an sqlite: URL needs a path, such as sqlite:market.db, or sqlite::memory:"});
    location.path = *std::move(path);
    std::string refused;
    const bool valid = file.size() == text.size() ||
                       rowan::detail::for_each_parameter(text.substr(file.size() + 1),
                                                         [&](std::string_view name, std::string_view value) {
                                                             refused = name;
                                                             return detail::set_option(location.options, name, value);
                                                         });
    if (!valid)
        return Failure(Error{Category::programming, Code::invalid_url,
                             "an sqlite: URL has an unknown option, or an unknown value for it: " + refused});
    return location;
}

}  // namespace rowan::sqlite
#endif
#if ROWAN_HAS_POSTGRES

// ---- rowan/postgres/connection.hpp ----



// ---- rowan/postgres/connect.hpp ----



// ---- rowan/postgres/errors.hpp ----



// ---- rowan/postgres/libpq.hpp ----


// Debian and Ubuntu keep libpq's header in a folder of its own, which not every build system names.
#if __has_include(<libpq-fe.h>)
#include <libpq-fe.h>
#else
#include <postgresql/libpq-fe.h>
#endif

#include <memory>

namespace rowan::postgres {

struct ClearResult {
    void operator()(PGresult* result) const noexcept { PQclear(result); }
};
using OwnedResult = std::unique_ptr<PGresult, ClearResult>;

}  // namespace rowan::postgres

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

// ---- rowan/postgres/link.hpp ----



// ---- rowan/postgres/limits.hpp ----



#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace rowan::postgres {

/// The deadline of the transaction that is open on a connection. The server counts anew for each statement
/// (statement_timeout), so it is told from time to time how much is left.
class TransactionLimits {
    using milliseconds = std::chrono::milliseconds;

public:
    /// Begins to count. `begin` is BEGIN with its options, and is given what tells the server.
    [[nodiscard]] Result<void> set(PGconn* connection, milliseconds timeout, std::string& begin) {
        deadline_.set(timeout);
        // Before BEGIN, as a query inside would take the transaction's snapshot.
        constexpr const char* question =
            "SELECT (extract(epoch FROM current_setting('statement_timeout')::interval) * 1000)::int, "
            "(extract(epoch FROM current_setting('idle_in_transaction_session_timeout')::interval) * 1000)::int";
        const OwnedResult own{PQexec(connection, question)};
        if (PQresultStatus(own.get()) != PGRES_TUPLES_OK) {
            lift();
            return Failure(make_error(connection, own.get(), Phase::statement, question));
        }
        own_ = milliseconds{std::atoi(PQgetvalue(own.get(), 0, 0))};
        const milliseconds own_idle{std::atoi(PQgetvalue(own.get(), 0, 1))};
        // Whoever comes back a little late finds the connection still there.
        constexpr milliseconds grace{1000};
        begin.append("; SET LOCAL statement_timeout = ").append(number(tell(deadline_.timeout())));
        begin.append("; SET LOCAL idle_in_transaction_session_timeout = ")
            .append(number(smaller(deadline_.timeout() + grace, own_idle)));
        first_told_ = told_;
        return {};
    }

    /// Begins to count, and keeps it from the server.
    void set(milliseconds timeout) {
        deadline_.set(timeout);
        first_told_ = told_ = {};
    }

    void lift() noexcept { deadline_.clear(); }
    [[nodiscard]] bool is_set() const noexcept { return deadline_.is_set(); }

    /// Why nothing may be sent any more, or nothing.
    [[nodiscard]] std::optional<Error> refusal() const { return deadline_.refusal(); }

    /// Why `statement` must not be sent, or nothing. Tells the server how much time is left, where it would let a
    /// statement run a tenth of the whole time too long.
    [[nodiscard]] std::optional<Error> check(PGconn* connection, std::string_view statement) {
        if (!deadline_.is_set()) [[likely]]
            return std::nullopt;
        if (statement.starts_with("ROLLBACK")) {
            // What was said inside of a savepoint is forgotten with it.
            told_ = first_told_;
            return std::nullopt;
        }
        if (statement.starts_with("BEGIN")) return std::nullopt;
        if (auto late = deadline_.refusal()) return std::move(*late).in_statement(statement);
        const milliseconds left = deadline_.left();
        if (told_ <= left + deadline_.timeout() / 10 || PQtransactionStatus(connection) != PQTRANS_INTRANS)
            return std::nullopt;
        const std::string text = "SET LOCAL statement_timeout = " + number(tell(left));
        const OwnedResult set{PQexec(connection, text.c_str())};
        if (PQresultStatus(set.get()) == PGRES_COMMAND_OK) return std::nullopt;
        return explain(make_error(connection, set.get(), Phase::statement, text));
    }

    /// An error as it is, or as the deadline's.
    [[nodiscard]] Error explain(Error error) const {
        if (!deadline_.is_set()) return error;
        return deadline_.explain(std::move(error));
    }

private:
    static std::string number(milliseconds time) { return std::to_string(time.count()); }

    /// A limit that the session has already may be the smaller one; 0 is none.
    static milliseconds smaller(milliseconds limit, milliseconds own) {
        return own.count() == 0 ? limit : std::min(limit, own);
    }

    milliseconds tell(milliseconds left) { return told_ = smaller(left, own_); }

    rowan::detail::Deadline deadline_{};
    milliseconds own_{};
    milliseconds told_{};
    milliseconds first_told_{};
};

}  // namespace rowan::postgres

// ---- rowan/postgres/may_write.hpp ----


#include <cstddef>
#include <string_view>

namespace rowan::postgres {

/// May this text change something? Where that is hard to tell, yes. A SELECT is taken for one that reads, though a
/// function in it might write.
[[nodiscard]] constexpr bool may_write(std::string_view text) noexcept {
    const std::size_t start = text.find_first_not_of(" \t\r\n(");
    if (start == std::string_view::npos) return false;
    text.remove_prefix(start);
    // More than one statement, or a literal with a semicolon.
    if (const std::size_t end = text.find(';'); end != std::string_view::npos)
        if (text.find_first_not_of("; \t\r\n", end) != std::string_view::npos) return true;
    for (const std::string_view reading : {"SELECT", "BEGIN", "SHOW", "SET", "VALUES", "TABLE"}) {
        if (text.size() < reading.size()) continue;
        bool same = true;
        for (std::size_t i = 0; i != reading.size(); ++i) same = same && (text[i] & ~0x20) == reading[i];
        if (same) return false;
    }
    return true;
}

static_assert(!may_write("SELECT 1") && !may_write("\n select 1; ") && !may_write("(SELECT 1) UNION (SELECT 2)"));
static_assert(may_write("INSERT INTO t VALUES (1)") && may_write("SELECT 1; DELETE FROM t") &&
              may_write("WITH x AS ("));

}  // namespace rowan::postgres

// ---- rowan/postgres/parameters.hpp ----



// ---- rowan/postgres/arrays.hpp ----



// ---- rowan/postgres/byte_buffer.hpp ----



// ---- rowan/postgres/wire.hpp ----



#include <bit>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <utility>

/// The binary format of parameters and results: big-endian, times counted from the year 2000.
namespace rowan::postgres::wire {

// Byte by byte, but without a loop, which compilers would keep: they make one instruction of it.
template <std::unsigned_integral Number>
constexpr void store(char* out, Number value) {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
        ((out[I] = static_cast<char>(static_cast<unsigned char>(value >> (8 * (sizeof value - 1 - I))))), ...);
    }(std::make_index_sequence<sizeof value>{});
}

template <std::signed_integral Number>
constexpr void store(char* out, Number value) {
    store(out, static_cast<std::make_unsigned_t<Number>>(value));
}

inline void store(char* out, double value) { store(out, std::bit_cast<std::uint64_t>(value)); }

template <std::unsigned_integral Number>
constexpr Number load_unsigned(const char* in) {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
        return static_cast<Number>(
            ((static_cast<Number>(static_cast<unsigned char>(in[I])) << (8 * (sizeof(Number) - 1 - I))) | ...));
    }(std::make_index_sequence<sizeof(Number)>{});
}

template <std::signed_integral Number>
constexpr Number load(const char* in) {
    return static_cast<Number>(load_unsigned<std::make_unsigned_t<Number>>(in));
}

inline double load_double(const char* in) { return std::bit_cast<double>(load_unsigned<std::uint64_t>(in)); }
inline float load_float(const char* in) { return std::bit_cast<float>(load_unsigned<std::uint32_t>(in)); }

inline constexpr std::chrono::sys_days epoch{std::chrono::year{2000} / std::chrono::January / 1};

// The ranges that the server takes; the numbers at both ends of the integers mean infinity.
// https://github.com/postgres/postgres/blob/master/src/include/datatype/timestamp.h
inline constexpr std::int64_t first_timestamp = -211813488000000000;
inline constexpr std::int64_t end_timestamp = 9223371331200000000;
inline constexpr std::int64_t first_day = -2451545;

constexpr Fault from_timestamp(Timestamp time, std::int64_t& microseconds) {
    constexpr std::int64_t shift = std::chrono::microseconds{epoch.time_since_epoch()}.count();
    const std::int64_t count = time.time_since_epoch().count();
    if (count < first_timestamp + shift) return Fault::out_of_range;
    microseconds = count - shift;
    return microseconds < end_timestamp ? Fault::none : Fault::out_of_range;
}

constexpr Fault to_timestamp(std::int64_t microseconds, Timestamp& time) {
    constexpr std::int64_t shift = std::chrono::microseconds{epoch.time_since_epoch()}.count();
    if (microseconds == std::numeric_limits<std::int64_t>::min() ||
        microseconds > std::numeric_limits<std::int64_t>::max() - shift)
        return Fault::out_of_range;
    time = Timestamp{std::chrono::microseconds{microseconds + shift}};
    return Fault::none;
}

constexpr Fault from_days(std::chrono::sys_days day, std::int32_t& days) {
    const std::int64_t count = (day - epoch).count();
    if (count < first_day) return Fault::out_of_range;
    days = static_cast<std::int32_t>(count);
    return Fault::none;
}

constexpr Fault to_days(std::int32_t days, std::chrono::sys_days& day) {
    if (days == std::numeric_limits<std::int32_t>::min() || days == std::numeric_limits<std::int32_t>::max())
        return Fault::out_of_range;
    day = epoch + std::chrono::days{days};
    return Fault::none;
}

}  // namespace rowan::postgres::wire

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <string_view>
#include <utility>

namespace rowan::postgres {

/// Bytes in the binary format, made in place. A string would first fill with zeros what it is given next.
class ByteBuffer {
public:
    /// The place of `count` more bytes, which the caller fills; valid until the next call.
    [[nodiscard]] char* extend(std::size_t count) {
        if (capacity_ - size_ < count) [[unlikely]]
            grow(count);
        char* const place = bytes_.get() + size_;
        size_ += count;
        return place;
    }

    /// A field that is NULL: only a length.
    void put_null() { wire::store(extend(4), std::int32_t{-1}); }

    /// A field of a fixed size: its length, then its bytes.
    template <class Number>
    void put_number(Number value) {
        char* const place = extend(4 + sizeof value);
        wire::store(place, static_cast<std::int32_t>(sizeof value));
        wire::store(place + 4, value);
    }

    void put_boolean(bool value) { put_number(static_cast<std::uint8_t>(value ? 1 : 0)); }

    /// A field of any size: its length, then its bytes.
    Fault put_bytes(const char* bytes, std::size_t size) {
        if (size > std::numeric_limits<std::int32_t>::max()) return Fault::out_of_range;
        char* const place = extend(4 + size);
        wire::store(place, static_cast<std::int32_t>(size));
        if (size != 0) std::memcpy(place + 4, bytes, size);
        return Fault::none;
    }
    Fault put_text(std::string_view value) {
        if (value.find('\0') != std::string_view::npos) return Fault::nul_byte;
        return put_bytes(value.data(), value.size());
    }

    [[nodiscard]] char* data() { return bytes_.get(); }
    [[nodiscard]] const char* data() const { return bytes_.get(); }
    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] std::size_t capacity() const { return capacity_; }

    /// Only the first `size` bytes stay.
    void shrink(std::size_t size) { size_ = size; }

private:
    void grow(std::size_t count) {
        const std::size_t wanted = size_ + count;
        const std::size_t capacity = wanted < 2 * capacity_ ? 2 * capacity_ : wanted < 256 ? 256 : wanted;
        auto bytes = std::make_unique_for_overwrite<char[]>(capacity);
        if (size_ != 0) std::memcpy(bytes.get(), bytes_.get(), size_);
        bytes_ = std::move(bytes);
        capacity_ = capacity;
    }

    std::unique_ptr<char[]> bytes_{};
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
};

}  // namespace rowan::postgres

// ---- rowan/postgres/oids.hpp ----



/// The types that every server knows by the same numbers:
/// https://github.com/postgres/postgres/blob/master/src/include/catalog/pg_type.dat
namespace rowan::postgres::oid {

inline constexpr Oid boolean = 16;
inline constexpr Oid bytea = 17;
inline constexpr Oid name = 19;
inline constexpr Oid int8 = 20;
inline constexpr Oid int2 = 21;
inline constexpr Oid int4 = 23;
inline constexpr Oid text = 25;
inline constexpr Oid object = 26;
inline constexpr Oid json = 114;
inline constexpr Oid float4 = 700;
inline constexpr Oid float8 = 701;
inline constexpr Oid bpchar = 1042;
inline constexpr Oid varchar = 1043;
inline constexpr Oid date = 1082;
inline constexpr Oid timestamp = 1114;
inline constexpr Oid timestamptz = 1184;
inline constexpr Oid numeric = 1700;
inline constexpr Oid uuid = 2950;
inline constexpr Oid jsonb = 3802;

/// The type that a parameter is declared with.
constexpr Oid of(Stored form) {
    switch (form) {
        case Stored::boolean: return boolean;
        case Stored::integer: return int8;
        case Stored::real: return float8;
        case Stored::text: return text;
        case Stored::blob: return bytea;
        case Stored::timestamp: return timestamptz;
        case Stored::date: return date;
    }
    return text;
}

/// The type of an array of them.
constexpr Oid array_of(Stored form) {
    switch (form) {
        case Stored::boolean: return 1000;
        case Stored::integer: return 1016;
        case Stored::real: return 1022;
        case Stored::text: return 1009;
        case Stored::blob: return 1001;
        case Stored::timestamp: return 1185;
        case Stored::date: return 1182;
    }
    return 1009;
}

}  // namespace rowan::postgres::oid

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

namespace rowan::postgres {

/// Rows, collected as one array a column in the binary format. Values come row by row, in the order of the columns.
/// https://github.com/postgres/postgres/blob/master/src/backend/utils/adt/arrayfuncs.c (array_recv)
class Arrays {
public:
    /// The bytes before the first value.
    static constexpr std::size_t header = 20;

    Arrays() = default;
    explicit Arrays(std::span<const Form> forms) { start(forms); }

    /// Begins anew, with the memory that is there.
    void start(std::span<const Form> forms) {
        columns_.resize(forms.size());
        clear();
        for (std::size_t i = 0; i != forms.size(); ++i) {
            char* const begin = columns_[i].bytes.data();
            wire::store(begin, std::int32_t{1});
            wire::store(begin + 8, std::uint32_t{oid::of(forms[i].stored)});
            wire::store(begin + 16, std::int32_t{1});
        }
    }

    Fault put_null() {
        columns_[next_].has_null = true;
        columns_[next_].bytes.put_null();
        return advance();
    }
    Fault put(bool value) {
        columns_[next_].bytes.put_boolean(value);
        return advance();
    }
    Fault put(std::int64_t value) { return add_number(value); }
    Fault put(double value) { return add_number(value); }
    Fault put(std::string_view value) {
        if (const Fault fault = columns_[next_].bytes.put_text(value); fault != Fault::none) return fault;
        bytes_ += value.size();
        return advance();
    }
    Fault put(std::span<const std::byte> value) {
        const auto* bytes = reinterpret_cast<const char*>(value.data());
        if (const Fault fault = columns_[next_].bytes.put_bytes(bytes, value.size()); fault != Fault::none)
            return fault;
        bytes_ += value.size();
        return advance();
    }
    Fault put(Timestamp value) {
        std::int64_t microseconds{};
        if (const Fault fault = wire::from_timestamp(value, microseconds); fault != Fault::none) return fault;
        return add_number(microseconds);
    }
    Fault put(std::chrono::sys_days value) {
        std::int32_t days{};
        if (const Fault fault = wire::from_days(value, days); fault != Fault::none) return fault;
        return add_number(days);
    }

    [[nodiscard]] std::size_t rows() const { return rows_; }
    [[nodiscard]] std::size_t bytes() const { return bytes_; }

    /// The finished array of a column; valid until the next row.
    [[nodiscard]] std::string_view column(std::size_t i) {
        Column& column = columns_[i];
        char* const begin = column.bytes.data();
        wire::store(begin + 4, std::int32_t{column.has_null ? 1 : 0});
        wire::store(begin + 12, static_cast<std::int32_t>(rows_));
        return {begin, column.bytes.size()};
    }

    [[nodiscard]] std::size_t columns() const { return columns_.size(); }

    /// The bytes of memory that it has.
    [[nodiscard]] std::size_t capacity() const {
        std::size_t sum = 0;
        for (const Column& column : columns_) sum += column.bytes.capacity();
        return sum;
    }

    void clear() {
        for (Column& column : columns_) {
            column.bytes.shrink(0);
            (void)column.bytes.extend(header);
            column.has_null = false;
        }
        rows_ = bytes_ = next_ = 0;
    }

private:
    friend class ArrayRows;

    struct Column {
        ByteBuffer bytes{};
        bool has_null = false;
    };

    template <class Number>
    Fault add_number(Number value) {
        columns_[next_].bytes.put_number(value);
        return advance();
    }

    Fault advance() {
        if (++next_ == columns_.size()) {
            next_ = 0;
            ++rows_;
        }
        return Fault::none;
    }

    std::vector<Column> columns_{};
    std::size_t next_ = 0;
    std::size_t rows_ = 0;
    std::size_t bytes_ = 0;
};

/// The rows of arrays, as arrays of one row.
class ArrayRows {
public:
    /// `all` must outlive this, and not be filled meanwhile.
    explicit ArrayRows(const Arrays& all) : all_{all}, places_(all.columns(), Arrays::header) {}

    /// Makes `one` the next row, if there is one.
    [[nodiscard]] bool next(Arrays& one) {
        if (row_ == all_.rows_) return false;
        ++row_;
        one.columns_.resize(places_.size());
        one.clear();
        for (std::size_t i = 0; i != places_.size(); ++i) {
            const char* const begin = all_.columns_[i].bytes.data();
            const char* const field = begin + places_[i];
            const auto length = wire::load<std::int32_t>(field);
            const std::size_t size = 4 + (length < 0 ? 0 : static_cast<std::size_t>(length));
            std::memcpy(one.columns_[i].bytes.data(), begin, Arrays::header);
            std::memcpy(one.columns_[i].bytes.extend(size), field, size);
            one.columns_[i].has_null = length < 0;
            places_[i] += size;
        }
        one.rows_ = 1;
        return true;
    }

private:
    const Arrays& all_;
    std::vector<std::size_t> places_;
    std::size_t row_ = 0;
};

}  // namespace rowan::postgres

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

namespace rowan::postgres {

/// The parameters of one execution, in the form that libpq wants. Each connection has one and uses it again, so that
/// nothing is allocated once it has grown to the longest list.
class Parameters {
public:
    void start(std::size_t count) {
        if (values_.size() < count) [[unlikely]]
            grow(count);
        next_ = 0;
        if (used_lists_ != 0) [[unlikely]]
            recycle_lists();
    }

    Fault put_null() { return add(nullptr, 0); }
    Fault put(bool value) {
        numbers_[next_][0] = value ? 1 : 0;
        return add(numbers_[next_].data(), 1);
    }
    Fault put(std::int64_t value) { return add_number(value); }
    Fault put(double value) { return add_number(value); }
    Fault put(std::string_view value) {
        // A NUL would end the text, or be refused by the server after a round trip.
        if (value.find('\0') != std::string_view::npos) return Fault::nul_byte;
        return add_bytes(value.data(), value.size());
    }
    Fault put(std::span<const std::byte> value) {
        return add_bytes(reinterpret_cast<const char*>(value.data()), value.size());
    }
    Fault put(Timestamp value) {
        std::int64_t microseconds{};
        if (const Fault fault = wire::from_timestamp(value, microseconds); fault != Fault::none) return fault;
        return add_number(microseconds);
    }
    Fault put(std::chrono::sys_days value) {
        std::int32_t days{};
        if (const Fault fault = wire::from_days(value, days); fault != Fault::none) return fault;
        return add_number(days);
    }

    template <class Fill>
    Fault put_list(Stored stored, Fill fill) {
        const Form form{stored, true};
        if (used_lists_ == lists_.size()) lists_.emplace_back();
        Arrays& list = lists_[used_lists_++];
        list.start({&form, 1});
        if (const Fault fault = fill(list); fault != Fault::none) return fault;
        const std::string_view array = list.column(0);
        return add_bytes(array.data(), array.size());
    }

    [[nodiscard]] int count() const { return static_cast<int>(next_); }
    [[nodiscard]] const char* const* values() const { return values_.data(); }
    [[nodiscard]] const int* lengths() const { return lengths_.data(); }
    [[nodiscard]] const int* formats() const { return formats_.data(); }

private:
    void grow(std::size_t count) {
        values_.resize(count);
        lengths_.resize(count);
        numbers_.resize(count);
        formats_.resize(count, 1);
    }

    Fault add(const char* value, std::size_t length) {
        values_[next_] = value;
        lengths_[next_] = static_cast<int>(length);
        ++next_;
        return Fault::none;
    }

    template <class Number>
    Fault add_number(Number value) {
        wire::store(numbers_[next_].data(), value);
        return add(numbers_[next_].data(), sizeof value);
    }

    Fault add_bytes(const char* bytes, std::size_t size) {
        if (size > std::numeric_limits<int>::max()) return Fault::out_of_range;
        // A null pointer would mean NULL.
        return add(bytes != nullptr ? bytes : "", size);
    }

    /// Short lists keep their memory for the next ones.
    void recycle_lists() {
        constexpr std::size_t longest_kept = std::size_t{1} << 16;
        used_lists_ = 0;
        for (Arrays& list : lists_)
            if (list.capacity() > longest_kept) list = Arrays{};
    }

    // Whose elements stay where they are.
    std::deque<Arrays> lists_;
    std::size_t used_lists_ = 0;
    std::vector<const char*> values_;
    std::vector<int> lengths_;
    std::vector<int> formats_;
    std::vector<std::array<char, 8>> numbers_;
    std::size_t next_ = 0;
};

}  // namespace rowan::postgres

// ---- rowan/postgres/prepared.hpp ----



#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace rowan::postgres {

/// The server-prepared statements of one connection, under the numbers of their Statements.
class PreparedStatements {
public:
    using Name = std::array<char, 24>;

    struct Entry {
        /// Empty until the server has prepared it.
        Name name{};
        /// Two shared libraries may number their statements alike: the text tells whose this is.
        const char* text = nullptr;
        bool may_write = true;

        [[nodiscard]] bool is_ready() const noexcept { return name[0] != '\0'; }
    };

    [[nodiscard]] Entry& entry(const Statement& statement) {
        const std::size_t slot = statement.slot();
        if (slot >= entries_.size()) entries_.resize(slot + 1);
        Entry& entry = entries_[slot];
        if (entry.text != statement.text().data()) [[unlikely]]
            entry = {{}, statement.text().data(), may_write(statement.text())};
        return entry;
    }

    /// Has the server prepare `statement`; a result with an error leaves `entry` as it was. Parameters are declared
    /// with the types of their forms, so that the server converts to the column's type.
    [[nodiscard]] OwnedResult prepare(PGconn* connection, const Statement& statement, Entry& entry) {
        const Name name = next_name();
        const std::vector<Oid>& types = types_of(statement);
        OwnedResult result{
            PQprepare(connection, name.data(), statement.text().data(), static_cast<int>(types.size()), types.data())};
        if (PQresultStatus(result.get()) == PGRES_COMMAND_OK) entry.name = name;
        return result;
    }

    /// The same without waiting for the server: `entry` is ready, unless the answer says that it is not. False where it
    /// could not be sent.
    [[nodiscard]] bool send_prepare(PGconn* connection, const Statement& statement, Entry& entry) {
        const Name name = next_name();
        const std::vector<Oid>& types = types_of(statement);
        if (PQsendPrepare(connection, name.data(), statement.text().data(), static_cast<int>(types.size()),
                          types.data()) == 0)
            return false;
        entry.name = name;
        return true;
    }

    /// The types that a statement's parameters are declared with; valid until the next call.
    [[nodiscard]] const std::vector<Oid>& types_of(const Statement& statement) {
        types_.clear();
        for (const Form form : statement.parameters())
            types_.push_back(form.is_list ? oid::array_of(form.stored) : oid::of(form.stored));
        return types_;
    }

private:
    [[nodiscard]] Name next_name() {
        Name name{"rowan_"};
        std::to_chars(name.data() + 6, name.data() + name.size() - 1, ++last_);
        return name;
    }

    std::vector<Entry> entries_;
    std::vector<Oid> types_;
    std::uint64_t last_ = 0;
};

}  // namespace rowan::postgres

// ---- rowan/postgres/wait.hpp ----


#include <algorithm>
#include <chrono>

#if defined(_WIN32)
#include <winsock2.h>
#else
#include <poll.h>
#include <unistd.h>
#endif

namespace rowan::postgres::detail {

/// Waits until the socket is ready for what libpq wants; false when the time, or a minute, is
/// over.
inline bool wait_for(int socket, bool reading, std::chrono::milliseconds at_most) {
    const int slice = static_cast<int>(std::min<std::chrono::milliseconds::rep>(at_most.count(), 60'000));
#if defined(_WIN32)
    WSAPOLLFD wanted{static_cast<SOCKET>(socket), static_cast<SHORT>(reading ? POLLRDNORM : POLLWRNORM), 0};
    return WSAPoll(&wanted, 1, slice) != 0;
#else
    pollfd wanted{socket, static_cast<short>(reading ? POLLIN : POLLOUT), 0};
    return ::poll(&wanted, 1, slice) != 0;
#endif
}

/// Has the other end closed the line, so that nothing that is sent from now on is heard? What it said before may still
/// be unread. Costs a system call. Where the system cannot tell, false.
inline bool is_closed_by_peer([[maybe_unused]] int socket) {
#if defined(POLLRDHUP)
    pollfd line{socket, POLLRDHUP, 0};
    return ::poll(&line, 1, 0) > 0 && (line.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
#else
    return false;
#endif
}

/// Closes this process's end of a line that another process goes on using.
inline void close_line([[maybe_unused]] int socket) {
#if !defined(_WIN32)
    if (socket >= 0) ::close(socket);
#endif
}

}  // namespace rowan::postgres::detail

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rowan::postgres {

/// Ends the session, in the process that began it. In a child the line is closed without a word, as the server would
/// take that for the parent's.
struct Finish {
    unsigned process = rowan::detail::process_generation();

    [[nodiscard]] bool is_inherited() const noexcept { return process != rowan::detail::process_generation(); }
    void operator()(PGconn* connection) const noexcept {
        if (!is_inherited())
            PQfinish(connection);
        else
            detail::close_line(PQsocket(connection));
    }
};
using OwnedConnection = std::unique_ptr<PGconn, Finish>;

/// Takes statements in the place of the server: see Pipeline.
class Interceptor {
public:
    /// `statement` was to be run with the link's parameters.
    [[nodiscard]] virtual Result<OwnedResult> run(const Statement& statement) = 0;
    /// Something else was to be sent: why it is not.
    [[nodiscard]] virtual Error refuse() = 0;
    /// Was a transaction open when it came? While statements are under way, libpq cannot tell.
    [[nodiscard]] virtual bool is_in_transaction() const noexcept = 0;

protected:
    Interceptor() = default;
    ~Interceptor() = default;
    Interceptor(const Interceptor&) = delete;
    Interceptor& operator=(const Interceptor&) = delete;
};

/// What executions share with their connection: the line to the server, the statements prepared there, and buffers
/// that are used again.
struct Link {
    OwnedConnection connection;
    PreparedStatements prepared{};
    Parameters parameters{};
    TransactionLimits limits{};
    std::string scratch{};
    std::uint64_t streams = 0;
    ObserverSlot observer{};
    /// Mostly null: statements go to the server.
    Interceptor* interceptor = nullptr;
    /// May the server keep statements? Not behind a pooler that changes servers between two transactions.
    bool prepares = true;
};

/// Why nothing but an Execution may be sent now, or nothing.
[[nodiscard]] inline std::optional<Error> refusal_to_send(const Link& link) {
    if (link.interceptor == nullptr) [[likely]]
        return std::nullopt;
    return link.interceptor->refuse();
}

/// What a lost connection means for a statement that is sent now: outside of a transaction one that writes commits by
/// itself, and may have done so when its answer is lost.
[[nodiscard]] inline Phase phase_of(PGconn* connection, bool in_transaction, bool may_write) {
    const bool in_doubt = !in_transaction && may_write && !detail::is_closed_by_peer(PQsocket(connection));
    return in_doubt ? Phase::autocommit : Phase::statement;
}
[[nodiscard]] inline Phase phase_of(PGconn* connection, std::string_view text) {
    return phase_of(connection, PQtransactionStatus(connection) != PQTRANS_IDLE, may_write(text));
}

/// Runs text without parameters. `phase` says how a lost connection is to be understood; `autocommit` where that
/// depends on the text, and on whether a transaction is open.
[[nodiscard]] inline Result<OwnedResult> run_text(Link& link, const char* text, Phase phase) {
    if (auto refused = refusal_to_send(link)) [[unlikely]]
        return Failure(*std::move(refused));
    if (auto late = link.limits.check(link.connection.get(), text)) [[unlikely]]
        return Failure(*std::move(late));
    if (phase == Phase::autocommit) phase = phase_of(link.connection.get(), text);
    OwnedResult result{PQexec(link.connection.get(), text)};
    const ExecStatusType status = PQresultStatus(result.get());
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY) return result;
    if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT) {
        // The next command ends a COPY that nobody feeds or reads.
        const OwnedResult ended{PQexec(link.connection.get(), "")};
        return Failure(Error{Category::not_supported, Code::not_supported,
                             "COPY FROM STDIN and COPY TO STDOUT need libpq's own functions, on native()"}
                           .in_statement(text));
    }
    return Failure(link.limits.explain(make_error(link.connection.get(), result.get(), phase, text)));
}

/// Runs text with parameters, without preparing it: for this time only.
[[nodiscard]] inline Result<OwnedResult> run_once(Link& link, const char* text, const Statement& statement) {
    if (auto refused = refusal_to_send(link)) [[unlikely]]
        return Failure(*std::move(refused));
    if (auto late = link.limits.check(link.connection.get(), statement.text())) [[unlikely]]
        return Failure(*std::move(late));
    const std::vector<Oid>& types = link.prepared.types_of(statement);
    const Parameters& parameters = link.parameters;
    const Phase phase = phase_of(link.connection.get(), text);
    OwnedResult result{PQexecParams(link.connection.get(), text, parameters.count(), types.data(), parameters.values(),
                                    parameters.lengths(), parameters.formats(), /*binary*/ 1)};
    const ExecStatusType status = PQresultStatus(result.get());
    if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK || status == PGRES_EMPTY_QUERY) return result;
    return Failure(link.limits.explain(make_error(link.connection.get(), result.get(), phase, statement.text())));
}

/// Runs a statement with the link's parameters, prepared under its number. A statement that the server has lost, or
/// whose plan no longer fits the table, is prepared again, once and only outside a transaction, which the error would
/// have broken.
[[nodiscard]] inline Result<OwnedResult> run_prepared(Link& link, const Statement& statement) {
    if (!statement.is_kept() || !link.prepares) return run_once(link, statement.text().data(), statement);
    if (auto refused = refusal_to_send(link)) [[unlikely]]
        return Failure(*std::move(refused));
    PGconn* connection = link.connection.get();
    if (auto late = link.limits.check(connection, statement.text())) [[unlikely]]
        return Failure(*std::move(late));
    const Parameters& parameters = link.parameters;
    PreparedStatements::Entry& entry = link.prepared.entry(statement);
    const bool in_transaction = PQtransactionStatus(connection) != PQTRANS_IDLE;
    for (bool again = false;; again = true) {
        if (!entry.is_ready()) {
            const OwnedResult prepared = link.prepared.prepare(connection, statement, entry);
            if (PQresultStatus(prepared.get()) != PGRES_COMMAND_OK)
                return Failure(make_error(connection, prepared.get(), Phase::statement, statement.text()));
        }
        const Phase phase = phase_of(connection, in_transaction, entry.may_write);
        OwnedResult result{PQexecPrepared(connection, entry.name.data(), parameters.count(), parameters.values(),
                                          parameters.lengths(), parameters.formats(), /*binary*/ 1)};
        const ExecStatusType status = PQresultStatus(result.get());
        if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) [[likely]]
            return result;
        Error error = link.limits.explain(make_error(connection, result.get(), phase, statement.text()));
        const bool curable = error.code() == Code::lost_statement || error.code() == Code::stale_plan;
        if (curable) entry.name = {};
        if (!curable || again || in_transaction) return Failure(std::move(error));
    }
}

}  // namespace rowan::postgres

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// From a URL to a connection that is ready.
namespace rowan::postgres::detail {

/// A URL's settings, and those that rowan adds where the URL is silent.
struct Settings {
    std::vector<std::string> names;
    std::vector<std::string> values;
    std::chrono::seconds timeout{10};
};

inline void add(Settings& settings, std::string name, std::string value) {
    settings.names.push_back(std::move(name));
    settings.values.push_back(std::move(value));
}

/// A time-out as the URL or PGCONNECT_TIMEOUT gives it: in seconds, at least 2 as libpq itself counts, 0 for none.
inline std::chrono::seconds read_timeout(const char* text) {
    const long seconds = std::strtol(text, nullptr, 10);
    if (seconds <= 0) return std::chrono::hours{24 * 365};
    return std::chrono::seconds{seconds < 2 ? 2 : seconds};
}

[[nodiscard]] inline Result<Settings> read_settings(const std::string& url) {
    char* reason = nullptr;
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options{PQconninfoParse(url.c_str(), &reason),
                                                                               &PQconninfoFree};
    // libpq's reason quotes the part that it cannot read, which may be the password.
    if (reason != nullptr) PQfreemem(reason);
    if (!options || url.find('\0') != std::string::npos)
        return Failure(Error{Category::programming, Code::invalid_url,
                             "a postgresql:// URL cannot be read: it is postgresql://user:password@host:port/database, "
                             "with reserved characters as %XX"});
    Settings settings;
    if (const char* timeout = std::getenv("PGCONNECT_TIMEOUT")) settings.timeout = read_timeout(timeout);
    for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
        if (option->val == nullptr) continue;
        const std::string_view name = option->keyword;
        if (name == "connect_timeout") settings.timeout = read_timeout(option->val);
        add(settings, option->keyword, option->val);
    }
    add(settings, "client_encoding", "UTF8");
    add(settings, "fallback_application_name", "rowan");
    return settings;
}

/// Connects step by step, as that is the only way to have libpq note the SQLSTATE of a refusal.
[[nodiscard]] inline bool reach_server(PGconn* connection, std::chrono::milliseconds timeout) {
    using Clock = std::chrono::steady_clock;
    const auto deadline = Clock::now() + timeout;
    // It stays so: when the server ends a connection later, its reason comes as text only, too.
    PQsetErrorVerbosity(connection, PQERRORS_VERBOSE);
    for (PostgresPollingStatusType wanted = PGRES_POLLING_WRITING; wanted != PGRES_POLLING_OK;) {
        if (wanted == PGRES_POLLING_FAILED) return false;
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
        if (left.count() <= 0 || PQsocket(connection) < 0) return false;
        if (wait_for(PQsocket(connection), wanted == PGRES_POLLING_READING, left)) wanted = PQconnectPoll(connection);
    }
    return true;
}

inline void replace_all(std::string& text, std::string_view what, std::string_view with) {
    if (what.empty()) return;
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
        text.replace(at, what.size(), with);
}

[[nodiscard]] inline Error connect_error(PGconn* connection) {
    std::string message = PQerrorMessage(connection);
    const std::string sqlstate{find_sqlstate(message)};
    // With several hosts there is a line for each; what VERBOSE adds is for the server's authors.
    message = message.substr(0, message.find("\nLOCATION:"));
    while (!message.empty() && message.back() == '\n') message.pop_back();
    replace_all(message, "\n\t", " ");
    replace_all(message, "\n", " ");
    if (!sqlstate.empty()) replace_all(message, sqlstate + ": ", "");
    // It may come from the URL, the environment or a password file.
    replace_all(message, PQpass(connection), "***");
    // libpq itself has not given up.
    if (PQstatus(connection) != CONNECTION_BAD) message += "the server did not answer in time";
    const Meaning meaning = sqlstate.empty() ? Meaning{Category::operational, Code::cannot_connect, true}
                                             : classify(sqlstate, Phase::connect);
    ErrorDetails error{.category = meaning.category, .code = meaning.code, .retryable = meaning.retryable};
    error.message = std::move(message);
    error.native_code = sqlstate;
    error.native_system = "SQLSTATE";
    return Error{std::move(error)};
}

[[nodiscard]] inline Result<OwnedConnection> connect(const std::string& url, std::chrono::milliseconds at_most) {
    Result<Settings> settings = read_settings(url);
    if (!settings) return Failure(std::move(settings).error());
    std::vector<const char*> names;
    std::vector<const char*> values;
    for (std::size_t i = 0; i != settings->names.size(); ++i) {
        names.push_back(settings->names[i].c_str());
        values.push_back(settings->values[i].c_str());
    }
    names.push_back(nullptr);
    values.push_back(nullptr);
    OwnedConnection connection{PQconnectStartParams(names.data(), values.data(), 0)};
    if (!connection) return Failure(Error{Category::operational, Code::out_of_memory, "no memory for a connection"});
    // What the server has to tell (a table was there already, say) is not for the program's stderr.
    PQsetNoticeProcessor(
        connection.get(), [](void*, const char*) {}, nullptr);
    if (PQstatus(connection.get()) == CONNECTION_BAD ||
        !reach_server(connection.get(), std::min<std::chrono::milliseconds>(settings->timeout, at_most)))
        return Failure(connect_error(connection.get()));
    return connection;
}

}  // namespace rowan::postgres::detail

// ---- rowan/postgres/copy.hpp ----



// ---- rowan/postgres/copy_rows.hpp ----



// ---- rowan/postgres/numeric.hpp ----



#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>

namespace rowan::postgres {

/// A `numeric` in the binary format: a count of digits to the base of 10,000, the weight of the first one, a sign and
/// the number of decimals that are shown.
/// https://github.com/postgres/postgres/blob/master/src/backend/utils/adt/numeric.c (numeric_send)
class Numeric {
public:
    static constexpr std::size_t header = 8;

    Numeric(const char* bytes, std::size_t size) : digits_{bytes + header} {
        if (size < header) return;
        count_ = wire::load<std::int16_t>(bytes);
        weight_ = wire::load<std::int16_t>(bytes + 2);
        sign_ = wire::load_unsigned<std::uint16_t>(bytes + 4);
        scale_ = wire::load<std::int16_t>(bytes + 6);
        valid_ = count_ >= 0 && size == header + 2 * static_cast<std::size_t>(count_);
    }

    Fault get(std::int64_t& value) const {
        if (!valid_) return Fault::invalid_value;
        if (sign_ != positive && sign_ != negative) return Fault::out_of_range;
        // Counting down from 0 reaches the smallest number, too.
        constexpr std::int64_t smallest = std::numeric_limits<std::int64_t>::min();
        std::int64_t result = 0;
        for (int i = 0; i <= weight_; ++i) {
            if (result < (smallest + digit(i)) / 10000) return Fault::out_of_range;
            result = result * 10000 - digit(i);
        }
        for (int i = weight_ + 1; i < count_; ++i)
            if (i >= 0 && digit(i) != 0) return Fault::inexact;
        if (sign_ == positive && result == smallest) return Fault::out_of_range;
        value = sign_ == positive ? -result : result;
        return Fault::none;
    }

    /// All digits, as the server would print them.
    Fault get(std::string& text) const {
        if (!valid_) return Fault::invalid_value;
        text.clear();
        if (sign_ == not_a_number) {
            text = "NaN";
            return Fault::none;
        }
        if (sign_ == negative || sign_ == negative_infinity) text += '-';
        if (sign_ == infinity || sign_ == negative_infinity) {
            text += "Infinity";
            return Fault::none;
        }
        if (weight_ < 0) text += '0';
        for (int i = 0; i <= weight_; ++i) append(text, digit(i), i == 0);
        if (scale_ == 0) return Fault::none;
        text += '.';
        const std::size_t end = text.size() + static_cast<std::size_t>(scale_);
        for (int i = weight_ + 1; text.size() < end; ++i) append(text, digit(i), false);
        text.resize(end);
        return Fault::none;
    }

private:
    static constexpr std::uint16_t positive = 0x0000;
    static constexpr std::uint16_t negative = 0x4000;
    static constexpr std::uint16_t not_a_number = 0xC000;
    static constexpr std::uint16_t infinity = 0xD000;
    static constexpr std::uint16_t negative_infinity = 0xF000;

    /// Trailing zeros, and those between the point and the first digit, are not sent.
    [[nodiscard]] int digit(int i) const {
        return i < 0 || i >= count_ ? 0 : wire::load<std::int16_t>(digits_ + 2 * i);
    }

    static void append(std::string& text, int digit, bool first) {
        const char four[] = {static_cast<char>('0' + digit / 1000), static_cast<char>('0' + digit / 100 % 10),
                             static_cast<char>('0' + digit / 10 % 10), static_cast<char>('0' + digit % 10)};
        std::size_t skip = 0;
        while (first && skip != 3 && four[skip] == '0') ++skip;
        text.append(four + skip, sizeof four - skip);
    }

    const char* digits_;
    int count_ = 0;
    int weight_ = 0;
    std::uint16_t sign_ = 0;
    int scale_ = 0;
    bool valid_ = false;
};

/// A field with an integer as a `numeric`.
inline void write_numeric(ByteBuffer& out, std::int64_t value) {
    std::uint64_t rest = value < 0 ? -static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
    std::int16_t digits[5]{};
    std::size_t count = 0;
    for (; rest != 0; rest /= 10000) digits[count++] = static_cast<std::int16_t>(rest % 10000);
    char* const place = out.extend(4 + Numeric::header + 2 * count);
    wire::store(place, static_cast<std::int32_t>(Numeric::header + 2 * count));
    wire::store(place + 4, static_cast<std::int16_t>(count));
    wire::store(place + 6, static_cast<std::int16_t>(count == 0 ? 0 : count - 1));
    wire::store(place + 8, static_cast<std::uint16_t>(value < 0 ? 0x4000 : 0));
    wire::store(place + 10, std::int16_t{0});
    for (std::size_t i = 0; i != count; ++i) wire::store(place + 12 + 2 * i, digits[count - 1 - i]);
}

}  // namespace rowan::postgres

#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <utility>

namespace rowan::postgres {

/// How a value is written for a column, as COPY converts nothing: it takes the bytes of the column's own type.
enum class CopyAs : std::uint8_t {
    impossible,
    itself,  ///< as a parameter would be
    int4,
    int2,
    float4,
    numeric,
};

/// What an INSERT would convert without losing a value, and an error for what is lost, is done here; other types are
/// the server's to convert.
constexpr CopyAs copy_as(Stored form, Oid column) {
    switch (form) {
        case Stored::integer:
            if (column == oid::int4) return CopyAs::int4;
            if (column == oid::int2) return CopyAs::int2;
            if (column == oid::numeric) return CopyAs::numeric;
            break;
        case Stored::real:
            if (column == oid::float4) return CopyAs::float4;
            break;
        case Stored::text:
            if (column == oid::varchar || column == oid::bpchar) return CopyAs::itself;
            break;
        default: break;
    }
    return column == oid::of(form) ? CopyAs::itself : CopyAs::impossible;
}

/// Rows in the binary format of COPY, one behind the other.
/// https://www.postgresql.org/docs/current/sql-copy.html, "Binary Format"
class CopyRows {
public:
    explicit CopyRows(std::span<const CopyAs> columns) : columns_{columns} { clear(); }

    Fault put_null() {
        bytes_.put_null();
        return advance();
    }
    Fault put(bool value) {
        bytes_.put_boolean(value);
        return advance();
    }
    Fault put(std::int64_t value) {
        switch (columns_[next_]) {
            case CopyAs::int4: return put_narrow<std::int32_t>(value);
            case CopyAs::int2: return put_narrow<std::int16_t>(value);
            case CopyAs::numeric: write_numeric(bytes_, value); return advance();
            default: bytes_.put_number(value); return advance();
        }
    }
    Fault put(double value) {
        if (columns_[next_] == CopyAs::float4) return put_float(value);
        bytes_.put_number(value);
        return advance();
    }
    Fault put(std::string_view value) {
        const Fault fault = bytes_.put_text(value);
        return fault == Fault::none ? advance() : fault;
    }
    Fault put(std::span<const std::byte> value) {
        const Fault fault = bytes_.put_bytes(reinterpret_cast<const char*>(value.data()), value.size());
        return fault == Fault::none ? advance() : fault;
    }
    Fault put(Timestamp value) {
        std::int64_t microseconds{};
        if (const Fault fault = wire::from_timestamp(value, microseconds); fault != Fault::none) return fault;
        bytes_.put_number(microseconds);
        return advance();
    }
    Fault put(std::chrono::sys_days value) {
        std::int32_t days{};
        if (const Fault fault = wire::from_days(value, days); fault != Fault::none) return fault;
        bytes_.put_number(days);
        return advance();
    }

    [[nodiscard]] bool is_empty() const { return bytes_.size() == header.size() + row_header; }
    [[nodiscard]] std::size_t size() const { return bytes_.size(); }

    /// All rows, with their end; valid until they are cleared.
    [[nodiscard]] std::string_view finish() {
        // In the place of the next row's header.
        wire::store(bytes_.data() + bytes_.size() - row_header, std::int16_t{-1});
        return {bytes_.data(), bytes_.size()};
    }

    void clear() {
        bytes_.shrink(0);
        std::memcpy(bytes_.extend(header.size()), header.data(), header.size());
        begin_row();
    }

private:
    static constexpr std::string_view header{"PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19};
    static constexpr std::size_t row_header = 2;

    void begin_row() {
        next_ = 0;
        wire::store(bytes_.extend(row_header), static_cast<std::int16_t>(columns_.size()));
    }

    Fault advance() {
        if (++next_ == columns_.size()) begin_row();
        return Fault::none;
    }

    template <class Number>
    Fault put_narrow(std::int64_t value) {
        if (!std::in_range<Number>(value)) return Fault::out_of_range;
        bytes_.put_number(static_cast<Number>(value));
        return advance();
    }

    /// The server refuses as well what would become infinite or zero by this.
    Fault put_float(double value) {
        // Halfway from the largest number to what would be the next one.
        constexpr double end = 0x1.ffffffp127;
        const bool finite = value - value == 0;
        if (finite && (value >= end || value <= -end)) return Fault::out_of_range;
        const auto narrow = static_cast<float>(value);
        if (narrow == 0 && value != 0) return Fault::out_of_range;
        bytes_.put_number(std::bit_cast<std::uint32_t>(narrow));
        return advance();
    }

    std::span<const CopyAs> columns_;
    ByteBuffer bytes_{};
    std::size_t next_ = 0;
};

}  // namespace rowan::postgres

// ---- rowan/postgres/dialect.hpp ----



#include <cstddef>
#include <initializer_list>
#include <span>
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
constexpr void write_json_path(rowan::detail::TextWriter& out, std::span<const std::string_view> steps) {
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

// ---- rowan/postgres/execution.hpp ----



// ---- rowan/postgres/cell.hpp ----



#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace rowan::postgres {

/// A row of a result.
class ResultRow {
public:
    /// `scratch` holds the text of values that are not text on the wire.
    explicit ResultRow(std::string& scratch) : scratch_{&scratch} {}

    /// Goes in front of the first row of a result, which must outlive this.
    void enter(const PGresult* result) {
        result_ = result;
        row_ = -1;
        // Every row would ask for the types again; the only one need not know them before.
        known_ = PQntuples(result) > 1 ? PQnfields(result) : 0;
        if (known_ > most) known_ = most;
        for (int i = 0; i != known_; ++i) types_[i] = PQftype(result, i);
    }
    /// The number of the row, from 0.
    int advance() { return ++row_; }

    [[nodiscard]] const PGresult* result() const { return result_; }
    [[nodiscard]] int number() const { return row_; }
    [[nodiscard]] Oid type(int column) const { return column < known_ ? types_[column] : PQftype(result_, column); }
    [[nodiscard]] std::string& scratch() const { return *scratch_; }

private:
    static constexpr int most = 32;

    const PGresult* result_ = nullptr;
    std::string* scratch_;
    int row_ = -1;
    int known_ = 0;
    Oid types_[most];
};

/// One value of a row, read by the type that the column really has. Each question to libpq is a call, so none is asked
/// twice: what has a length is not NULL, and numbers and times always have one.
class Cell {
public:
    Cell(const ResultRow& row, int column) : row_{&row}, column_{column} {}

    [[nodiscard]] bool is_null() const { return PQgetisnull(row_->result(), row_->number(), column_) != 0; }

    Fault get(bool& value) const {
        if (size() == 0) return Fault::null_value;
        if (type() != oid::boolean) return Fault::type_mismatch;
        value = *bytes() != 0;
        return Fault::none;
    }

    Fault get(std::int64_t& value) const {
        if (size() == 0) return Fault::null_value;
        switch (type()) {
            case oid::int8: value = wire::load<std::int64_t>(bytes()); return Fault::none;
            case oid::int4: value = wire::load<std::int32_t>(bytes()); return Fault::none;
            case oid::int2: value = wire::load<std::int16_t>(bytes()); return Fault::none;
            case oid::object: value = wire::load_unsigned<std::uint32_t>(bytes()); return Fault::none;
            case oid::numeric: return Numeric{bytes(), size()}.get(value);
            default: return Fault::type_mismatch;
        }
    }

    Fault get(double& value) const {
        if (size() == 0) return Fault::null_value;
        switch (type()) {
            case oid::float8: value = wire::load_double(bytes()); return Fault::none;
            case oid::float4: value = static_cast<double>(wire::load_float(bytes())); return Fault::none;
            case oid::int4: value = wire::load<std::int32_t>(bytes()); return Fault::none;
            case oid::int2: value = wire::load<std::int16_t>(bytes()); return Fault::none;
            default: return Fault::type_mismatch;
        }
    }

    Fault get(std::string_view& value) const {
        const std::size_t length = size();
        if (length == 0 && is_null()) return Fault::null_value;
        switch (type()) {
            case oid::text:
            case oid::varchar:
            case oid::bpchar:
            case oid::name:
            case oid::json: value = {bytes(), length}; return Fault::none;
            // One byte tells the version of the format.
            case oid::jsonb: value = {bytes() + 1, length - 1}; return Fault::none;
            case oid::numeric: return from_scratch(Numeric{bytes(), length}.get(row_->scratch()), value);
            case oid::uuid: write_uuid(); return from_scratch(Fault::none, value);
            default: return Fault::type_mismatch;
        }
    }

    Fault get(std::span<const std::byte>& value) const {
        const std::size_t length = size();
        if (length == 0 && is_null()) return Fault::null_value;
        if (type() != oid::bytea) return Fault::type_mismatch;
        value = {reinterpret_cast<const std::byte*>(bytes()), length};
        return Fault::none;
    }

    /// A timestamp without a zone is taken as UTC.
    Fault get(Timestamp& value) const {
        if (size() == 0) return Fault::null_value;
        if (type() != oid::timestamptz && type() != oid::timestamp) return Fault::type_mismatch;
        return wire::to_timestamp(wire::load<std::int64_t>(bytes()), value);
    }

    Fault get(std::chrono::sys_days& value) const {
        if (size() == 0) return Fault::null_value;
        if (type() != oid::date) return Fault::type_mismatch;
        return wire::to_days(wire::load<std::int32_t>(bytes()), value);
    }

private:
    [[nodiscard]] Oid type() const { return row_->type(column_); }
    [[nodiscard]] const char* bytes() const { return PQgetvalue(row_->result(), row_->number(), column_); }
    [[nodiscard]] std::size_t size() const {
        return static_cast<std::size_t>(PQgetlength(row_->result(), row_->number(), column_));
    }

    Fault from_scratch(Fault fault, std::string_view& value) const {
        value = row_->scratch();
        return fault;
    }

    void write_uuid() const {
        constexpr std::string_view digits = "0123456789abcdef";
        std::string& scratch = row_->scratch();
        scratch.clear();
        for (std::size_t i = 0; i != size(); ++i) {
            if (i == 4 || i == 6 || i == 8 || i == 10) scratch += '-';
            const auto byte = static_cast<unsigned char>(bytes()[i]);
            scratch += digits[byte >> 4];
            scratch += digits[byte & 15];
        }
    }

    const ResultRow* row_;
    int column_;
};

}  // namespace rowan::postgres

// ---- rowan/postgres/value_texts.hpp ----



#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

/// Parameters as they are sent, read back for an observer.
namespace rowan::postgres::detail {

using rowan::detail::ValueTexts;

/// One value in the binary format.
inline void show_value(ValueTexts& values, Stored stored, const char* bytes, std::size_t size) {
    switch (stored) {
        case Stored::boolean: (void)values.put(*bytes != 0); break;
        case Stored::integer: (void)values.put(wire::load<std::int64_t>(bytes)); break;
        case Stored::real: (void)values.put(wire::load_double(bytes)); break;
        case Stored::text: (void)values.put(std::string_view{bytes, size}); break;
        case Stored::blob: (void)values.put(std::as_bytes(std::span{bytes, size})); break;
        case Stored::timestamp: {
            Timestamp time{};
            (void)wire::to_timestamp(wire::load<std::int64_t>(bytes), time);
            (void)values.put(time);
            break;
        }
        case Stored::date: {
            std::chrono::sys_days day{};
            (void)wire::to_days(wire::load<std::int32_t>(bytes), day);
            (void)values.put(day);
            break;
        }
    }
}

/// An array, as Arrays makes it.
inline void show_array(ValueTexts& values, Stored stored, const char* bytes) {
    const auto count = static_cast<std::size_t>(wire::load<std::int32_t>(bytes + 12));
    values.put_list(count, [&](ValueTexts& sink) {
        const char* at = bytes + Arrays::header;
        for (std::size_t i = 0; i != count && i <= ValueTexts::longest_list; ++i) {
            const auto length = wire::load<std::int32_t>(at);
            at += sizeof length;
            if (length < 0) {
                (void)sink.put_null();
                continue;
            }
            show_value(sink, stored, at, static_cast<std::size_t>(length));
            at += length;
        }
    });
}

inline void show_parameters(ValueTexts& values, const Parameters& parameters, std::span<const Form> forms) {
    const auto count = static_cast<std::size_t>(parameters.count());
    for (std::size_t i = 0; i != count && i != forms.size(); ++i) {
        const char* bytes = parameters.values()[i];
        if (bytes == nullptr)
            (void)values.put_null();
        else if (forms[i].is_list)
            show_array(values, forms[i].stored, bytes);
        else
            show_value(values, forms[i].stored, bytes, static_cast<std::size_t>(parameters.lengths()[i]));
    }
}

}  // namespace rowan::postgres::detail

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <utility>

namespace rowan::postgres {

namespace detail {

/// How many rows a command has changed.
inline std::int64_t affected_rows(PGresult* result) {
    // The number of a SELECT is that of the rows it gives.
    if (std::string_view{PQcmdStatus(result)}.substr(0, 6) == "SELECT") return 0;
    const char* text = PQcmdTuples(result);
    std::int64_t count = 0;
    std::from_chars(text, text + std::strlen(text), count);
    return count;
}

/// How many rows a statement has given, or else changed.
inline std::int64_t rows_of(PGresult* result) {
    return PQresultStatus(result) == PGRES_TUPLES_OK ? PQntuples(result) : affected_rows(result);
}

/// The observation of a statement whose parameters are complete, begun.
inline void start_observation(Observation& observation, const Link& link, const Statement& statement) {
    if (ValueTexts* values = observation.values()) show_parameters(*values, link.parameters, statement.parameters());
    observation.start();
}

/// Runs a statement with the link's parameters, and tells its observer; `count(result)` gives the number of rows.
template <class Count>
[[nodiscard]] Result<OwnedResult> run_seen(Link& link, const Statement& statement, Count count) {
    if (link.observer.is_empty()) [[likely]]
        return run_prepared(link, statement);
    Observation observation{link.observer, statement.text(), statement.is_kept()};
    start_observation(observation, link, statement);
    Result<OwnedResult> result = run_prepared(link, statement);
    if (result)
        observation.end(count(result->get()), nullptr);
    else
        observation.end(0, &result.error());
    return result;
}

}  // namespace detail

/// A statement that takes its parameters: the ParameterSink of what runs it.
class Filling {
public:
    Filling(const Filling&) = delete;
    Filling& operator=(const Filling&) = delete;

    /// Any Stored form.
    template <class Value>
    Fault put(const Value& value) {
        return link_.parameters.put(value);
    }
    Fault put_null() { return link_.parameters.put_null(); }
    /// An array: `fill(list)` puts its values.
    template <class Fill>
    Fault put_list(Stored form, Fill fill) {
        return link_.parameters.put_list(form, fill);
    }

protected:
    Filling(Link& link, const Statement& statement) : link_{link}, statement_{statement} {
        link.parameters.start(statement.parameters().size());
    }
    ~Filling() = default;

    Link& link_;
    const Statement& statement_;
};

/// A statement under way: see the Execution concept. One round trip, all rows at once.
class Execution : public Filling {
public:
    template <class Connection>
    Execution(Connection& connection, const Statement& statement)
        : Filling{connection.link(), statement}, row_{link_.scratch} {}

    [[nodiscard]] Result<bool> next() {
        if (!result_) {
            if (Result<void> sent = send(); !sent) return Failure(std::move(sent).error());
            rows_ = PQntuples(result_.get());
            row_.enter(result_.get());
        }
        return row_.advance() < rows_;
    }

    [[nodiscard]] Result<std::int64_t> run() {
        if (Result<void> sent = send(); !sent) return Failure(std::move(sent).error());
        return detail::affected_rows(result_.get());
    }

    /// Runs an INSERT that returns the key that the database made.
    [[nodiscard]] Result<std::int64_t> run_insert() {
        const Result<bool> row = next();
        if (!row) return Failure(row.error());
        std::int64_t key{};
        if (!*row || cell(0).get(key) != Fault::none)
            return Failure(Error{Category::internal, Code::internal_error,
                                 "the row was not stored, or its key is no integer: does a trigger or rule replace "
                                 "the INSERT?"});
        return key;
    }

    /// Runs an upsert that returns whether it inserted: no row where it did nothing. One that never updates returns
    /// nothing, but its number of rows.
    [[nodiscard]] Result<Upserted> run_upsert(std::int64_t) {
        const Result<bool> row = next();
        if (!row) return Failure(row.error());
        if (!*row) return is_inserted(result_.get()) ? Upserted::inserted : Upserted::unchanged;
        bool inserted{};
        (void)cell(0).get(inserted);
        return inserted ? Upserted::inserted : Upserted::updated;
    }

    [[nodiscard]] int columns() const { return PQnfields(result_.get()); }
    [[nodiscard]] std::string_view column_name(int column) const { return PQfname(result_.get(), column); }

    [[nodiscard]] Cell cell(int column) const { return {row_, column}; }

private:
    static bool is_inserted(PGresult* result) {
        return PQresultStatus(result) == PGRES_COMMAND_OK && detail::affected_rows(result) != 0;
    }

    [[nodiscard]] Result<void> send() {
        Result<OwnedResult> result = link_.interceptor == nullptr
                                         ? detail::run_seen(link_, statement_, &detail::rows_of)
                                         : link_.interceptor->run(statement_);
        if (!result) return Failure(std::move(result).error());
        result_ = *std::move(result);
        return {};
    }

    OwnedResult result_{};
    ResultRow row_;
    int rows_ = 0;
};

/// Many rows under way in one statement, whose first parameters are arrays, one a column. Can be filled again after it
/// has run.
class ArrayExecution {
public:
    template <class Connection>
    ArrayExecution(Connection& connection, const Statement& statement, std::size_t columns)
        : link_{connection.link()}, statement_{statement}, arrays_{statement.parameters().first(columns)} {}

    template <class Value>
    Fault put(const Value& value) {
        return arrays_.put(value);
    }
    Fault put_null() { return arrays_.put_null(); }

    [[nodiscard]] bool is_empty() const { return arrays_.rows() == 0; }

    static constexpr std::size_t most_rows = 1000;

    /// Time to send. Measured: from 1,000 rows on a longer batch gains nothing; the bytes bound what a batch of long
    /// texts holds in memory.
    [[nodiscard]] bool is_full() const {
        return arrays_.rows() >= most_rows || arrays_.bytes() >= std::size_t{1} << 22;
    }

    [[nodiscard]] Result<std::int64_t> run() {
        Result<OwnedResult> result = send(
            arrays_, [](auto&) { return rowan::detail::ValueFault{}; }, &detail::affected_rows);
        arrays_.clear();
        if (!result) return Failure(std::move(result).error());
        return detail::affected_rows(result->get());
    }

    /// Runs an upsert that returns how many rows it inserted, and how many it updated, or has a number of rows where it
    /// never updates. `put_rest(sink)` puts the parameters behind the arrays. The rows stay until `clear`.
    template <class PutRest>
    [[nodiscard]] Result<UpsertCounts> run_upsert(PutRest put_rest) {
        return run_upsert(arrays_, put_rest);
    }

    /// The same with a statement a row. An error tells which of the rows was to blame.
    template <class PutRest>
    [[nodiscard]] Result<UpsertCounts> run_upsert_one_by_one(PutRest put_rest) {
        UpsertCounts sum;
        ArrayRows rows{arrays_};
        Arrays one;
        for (std::size_t row = 0; rows.next(one); ++row) {
            Result<UpsertCounts> done = run_upsert(one, put_rest);
            if (!done) return Failure(std::move(done).error().in_row(row));
            sum.inserted += done->inserted;
            sum.updated += done->updated;
            sum.unchanged += done->unchanged;
        }
        return sum;
    }

    void clear() { arrays_.clear(); }

private:
    template <class PutRest>
    [[nodiscard]] Result<UpsertCounts> run_upsert(Arrays& arrays, PutRest put_rest) {
        UpsertCounts counts;
        Result<OwnedResult> result = send(arrays, put_rest, [&](PGresult* answer) {
            read_counts(answer, counts);
            return static_cast<std::int64_t>(counts.inserted + counts.updated);
        });
        if (!result) return Failure(std::move(result).error());
        read_counts(result->get(), counts);
        counts.unchanged = arrays.rows() - counts.inserted - counts.updated;
        return counts;
    }

    void read_counts(PGresult* answer, UpsertCounts& counts) const {
        std::int64_t inserted{};
        std::int64_t updated{};
        if (PQresultStatus(answer) == PGRES_COMMAND_OK) {
            inserted = detail::affected_rows(answer);
        } else {
            ResultRow row{link_.scratch};
            row.enter(answer);
            row.advance();
            (void)Cell{row, 0}.get(inserted);
            (void)Cell{row, 1}.get(updated);
        }
        counts.inserted = static_cast<std::size_t>(inserted);
        counts.updated = static_cast<std::size_t>(updated);
    }

    template <class PutRest, class Count>
    [[nodiscard]] Result<OwnedResult> send(Arrays& arrays, PutRest put_rest, Count count) {
        Parameters& parameters = link_.parameters;
        parameters.start(statement_.parameters().size());
        for (std::size_t i = 0; i != arrays.columns(); ++i) {
            const std::string_view array = arrays.column(i);
            (void)parameters.put(std::as_bytes(std::span{array}));
        }
        if (const auto found = put_rest(parameters))
            return Failure(rowan::detail::fault_error(found, true, statement_.text()));
        return detail::run_seen(link_, statement_, count);
    }

    Link& link_;
    const Statement& statement_;
    Arrays arrays_;
};

}  // namespace rowan::postgres

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rowan::postgres {

namespace detail {

inline constexpr Form copy_target_forms[] = {{Stored::text, false}, {Stored::text, true}};

/// The types of a table's columns, one a row, where COPY does what INSERT does: it passes over rules, and refuses views
/// and tables whose rows are hidden from some. A domain is written as what it is made of.
inline constinit Statement copy_target{
    "SELECT (CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END)::bigint FROM unnest($2) WITH ORDINALITY AS "
    "wanted(name, place) JOIN pg_catalog.pg_class k ON k.oid = pg_catalog.to_regclass($1) JOIN pg_catalog.pg_attribute "
    "a ON a.attrelid = k.oid AND a.attname = wanted.name AND NOT a.attisdropped JOIN pg_catalog.pg_type t ON t.oid = "
    "a.atttypid WHERE k.relkind IN ('r', 'p') AND NOT k.relhasrules AND NOT pg_catalog.row_security_active(k.oid) "
    "ORDER BY wanted.place",
    copy_target_forms};

/// The row that an error names, counted from 0: `COPY candle, line 3, column open`, in the last line of the context.
/// Servers that speak another language are not understood.
inline std::optional<std::size_t> row_of_copy(std::string_view context, std::string_view table) {
    if (const std::size_t last = context.rfind('\n'); last != std::string_view::npos) context.remove_prefix(last + 1);
    for (const std::string_view part : {std::string_view{"COPY "}, table, std::string_view{", line "}}) {
        if (!context.starts_with(part)) return std::nullopt;
        context.remove_prefix(part.size());
    }
    std::size_t line = 0;
    std::from_chars(context.data(), context.data() + context.size(), line);
    return line == 0 ? std::optional<std::size_t>{} : line - 1;
}

}  // namespace detail

/// How the columns of a table are written by COPY; empty where rows must go by INSERT.
using CopyLayout = std::vector<CopyAs>;

/// Many rows under way in one COPY, which is sent at once when it is run, so that the connection is free for others
/// while rows are collected. Needs a transaction around. Can be filled again after it has run.
class CopyExecution {
public:
    using Layout = CopyLayout;

    template <class T, rowan::detail::Columns columns>
    struct Text {
        static constexpr auto parameters() { return rowan::detail::column_forms<T, columns>; }

        static constexpr void write(rowan::detail::TextWriter& out) {
            out << "COPY ";
            rowan::detail::write_table_name(out, dialect, table_info<T>);
            out << " (";
            rowan::detail::write_columns(out, dialect, table_info<T>, rowan::detail::column_list<T, columns>);
            out << ") FROM STDIN (FORMAT binary)";
        }
    };

    /// How these columns can be written now. One round trip. It stays true while the table is locked against changes,
    /// as it is until the transaction's end once a row was inserted.
    template <class Connection>
    [[nodiscard]] static Result<Layout> layout(Connection& connection, const Statement& statement,
                                               const TableInfo& table, std::span<const std::uint16_t> columns) {
        Link& link = connection.link();
        const std::string name = rowan::detail::run_time_text(
            [&](rowan::detail::TextWriter& out) { dialect.write_live_name(out, table.schema, table.name); });
        Execution question{connection, detail::copy_target};
        (void)question.put(std::string_view{name});
        (void)question.put_list(Stored::text, [&](auto& names) {
            for (const std::uint16_t column : columns) (void)names.put(table.columns[column].name);
            return Fault::none;
        });
        // The server takes a time without a zone for one in the session's.
        const char* zone = PQparameterStatus(link.connection.get(), "TimeZone");
        const bool is_utc = zone != nullptr && std::string_view{zone} == "UTC";
        Layout layout;
        for (;;) {
            const Result<bool> row = question.next();
            if (!row) return Failure(row.error());
            if (!*row) break;
            std::int64_t type{};
            (void)question.cell(0).get(type);
            const Stored form = statement.parameters()[layout.size()].stored;
            const bool as_utc = form == Stored::timestamp && type == oid::timestamp && is_utc;
            layout.push_back(as_utc ? CopyAs::itself : copy_as(form, static_cast<Oid>(type)));
            if (layout.back() == CopyAs::impossible) return Layout{};
        }
        if (layout.size() != columns.size()) layout.clear();
        return layout;
    }

    /// The layout must outlive this.
    template <class Connection>
    CopyExecution(Connection& connection, const Statement& statement, const TableInfo& table, const Layout& layout)
        : link_{connection.link()}, statement_{statement}, table_{table}, rows_{layout} {}

    template <class Value>
    Fault put(const Value& value) {
        return rows_.put(value);
    }
    Fault put_null() { return rows_.put_null(); }

    [[nodiscard]] bool is_empty() const { return rows_.is_empty(); }
    /// Time to send: the two round trips of a COPY no longer count.
    [[nodiscard]] bool is_full() const { return rows_.size() >= std::size_t{1} << 20; }

    /// Gives the number of rows. An error tells which of the rows collected was to blame, where the server does.
    [[nodiscard]] Result<std::int64_t> run() {
        if (link_.observer.is_empty()) [[likely]]
            return copy();
        Observation observation{link_.observer, statement_.text(), statement_.is_kept()};
        observation.start();
        Result<std::int64_t> count = copy();
        observation.end(count ? *count : 0, count ? nullptr : &count.error());
        return count;
    }

private:
    [[nodiscard]] Result<std::int64_t> copy() {
        PGconn* connection = link_.connection.get();
        if (auto refused = refusal_to_send(link_)) [[unlikely]]
            return Failure(*std::move(refused));
        if (auto late = link_.limits.check(connection, statement_.text())) [[unlikely]]
            return Failure(*std::move(late));
        const OwnedResult begun{PQexec(connection, statement_.text().data())};
        if (PQresultStatus(begun.get()) != PGRES_COPY_IN) return fail(begun.get());
        const bool sent = send(connection, rows_.finish());
        rows_.clear();
        if (PQputCopyEnd(connection, sent ? nullptr : "not all rows could be sent") != 1) return fail(nullptr);
        OwnedResult result{PQgetResult(connection)};
        while (const OwnedResult more{PQgetResult(connection)})
            if (PQstatus(connection) == CONNECTION_BAD) break;
        if (PQresultStatus(result.get()) != PGRES_COMMAND_OK) return fail(result.get());
        return detail::affected_rows(result.get());
    }

    /// In slices, so that libpq's own buffer stays small.
    static bool send(PGconn* connection, std::string_view bytes) {
        constexpr std::size_t slice = std::size_t{1} << 16;
        for (; !bytes.empty(); bytes.remove_prefix(std::min(slice, bytes.size())))
            if (PQputCopyData(connection, bytes.data(), static_cast<int>(std::min(slice, bytes.size()))) != 1)
                return false;
        return true;
    }

    [[nodiscard]] Failure fail(const PGresult* result) {
        Error error =
            link_.limits.explain(make_error(link_.connection.get(), result, Phase::statement, statement_.text()));
        if (const auto row = detail::row_of_copy(detail::field(result, PG_DIAG_CONTEXT), table_.name))
            error = std::move(error).in_row(*row);
        return Failure(std::move(error));
    }

    Link& link_;
    const Statement& statement_;
    const TableInfo& table_;
    CopyRows rows_;
};

}  // namespace rowan::postgres

// ---- rowan/postgres/describe.hpp ----



#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rowan::postgres {

namespace detail {

/// `'{1,2}'`, of what `number(column)` gives.
template <class Number>
std::string literal_array(int columns, Number number) {
    std::string text = "'{";
    for (int i = 0; i != columns; ++i) text.append(i == 0 ? "" : ",").append(std::to_string(number(i)));
    return text.append("}'");
}

/// A question for the types' names, and for which columns are tables' and take no NULL.
inline std::string question_about(const PGresult* described) {
    const int columns = PQnfields(described);
    return "SELECT CASE WHEN c.type = 'varchar'::regtype AND c.modifier = -1 THEN 'text' ELSE format_type(c.type, "
           "NULL) "
           "END, CASE WHEN k.relkind IN ('r', 'p') THEN a.attnotnull END FROM unnest(" +
           literal_array(columns, [&](int i) { return PQftype(described, i); }) + "::oid[], " +
           literal_array(columns, [&](int i) { return PQfmod(described, i); }) + "::integer[], " +
           literal_array(columns, [&](int i) { return PQftable(described, i); }) + "::oid[], " +
           literal_array(columns, [&](int i) { return PQftablecol(described, i); }) +
           "::integer[]) WITH ORDINALITY AS c(type, modifier, relation, number, place) LEFT JOIN pg_catalog.pg_class k "
           "ON k.oid = c.relation LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.relation AND a.attnum = "
           "c.number ORDER BY c.place";
}

/// Over one and the same connection to the server.
[[nodiscard]] inline Result<std::vector<ResultColumn>> describe_here(Link& link, const Statement& statement) {
    PGconn* connection = link.connection.get();
    const auto fail = [&](const OwnedResult& result) {
        return Failure(make_error(connection, result.get(), Phase::statement, statement.text()));
    };
    const std::vector<Oid>& types = link.prepared.types_of(statement);
    const OwnedResult prepared{
        PQprepare(connection, "", statement.text().data(), static_cast<int>(types.size()), types.data())};
    if (PQresultStatus(prepared.get()) != PGRES_COMMAND_OK) return fail(prepared);
    const OwnedResult described{PQdescribePrepared(connection, "")};
    if (PQresultStatus(described.get()) != PGRES_COMMAND_OK) return fail(described);
    std::vector<ResultColumn> columns;
    if (PQnfields(described.get()) == 0) return columns;
    const Result<OwnedResult> answer = run_text(link, question_about(described.get()).c_str(), Phase::statement);
    if (!answer) return Failure(answer.error());
    for (int i = 0; i != PQnfields(described.get()); ++i) {
        ResultColumn& column = columns.emplace_back();
        column.name = PQfname(described.get(), i);
        column.type = PQgetvalue(answer->get(), i, 0);
        if (PQgetisnull(answer->get(), i, 1) == 0)
            column.nullability = *PQgetvalue(answer->get(), i, 1) == 't' ? Nullability::never : Nullability::maybe;
    }
    return columns;
}

}  // namespace detail

/// The columns that a statement would give, without running it: three round trips, and nothing stays prepared.
[[nodiscard]] inline Result<std::vector<ResultColumn>> describe(Link& link, const Statement& statement) {
    if (auto refused = refusal_to_send(link)) return Failure(*std::move(refused));
    // A pooler may change servers between two round trips, but not in a transaction.
    if (link.prepares || PQtransactionStatus(link.connection.get()) != PQTRANS_IDLE)
        return detail::describe_here(link, statement);
    if (Result<OwnedResult> begun = run_text(link, "BEGIN", Phase::statement); !begun)
        return Failure(std::move(begun).error());
    Result<std::vector<ResultColumn>> columns = detail::describe_here(link, statement);
    Result<OwnedResult> ended = run_text(link, "ROLLBACK", Phase::statement);
    if (columns && !ended) return Failure(std::move(ended).error());
    return columns;
}

}  // namespace rowan::postgres

// ---- rowan/postgres/ping.hpp ----



#include <chrono>

namespace rowan::postgres::detail {

/// Asks the server for nothing, and waits for its answer no longer than that: a machine that went without a word would
/// otherwise be waited for until TCP gives up. After a time-out the connection is in the middle of something.
[[nodiscard]] inline Result<void> ping(Link& link, std::chrono::milliseconds at_most) {
    using Clock = std::chrono::steady_clock;
    PGconn* connection = link.connection.get();
    const auto deadline = Clock::now() + at_most;
    const auto failure = [&](PGresult* result) {
        return Failure(make_error(connection, result, Phase::statement, "(ping)"));
    };
    if (PQsendQuery(connection, "") == 0) return failure(nullptr);
    while (true) {
        if (PQconsumeInput(connection) == 0) return failure(nullptr);
        if (PQisBusy(connection) == 0) break;
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
        if (left.count() <= 0)
            return Failure(Error{Category::operational, Code::disconnect,
                                 "the server did not answer in time when it was asked whether it is there"});
        wait_for(PQsocket(connection), /*reading*/ true, left);
    }
    Result<void> answer{};
    while (const OwnedResult result{PQgetResult(connection)})
        if (answer && PQresultStatus(result.get()) != PGRES_EMPTY_QUERY) answer = failure(result.get());
    return answer;
}

}  // namespace rowan::postgres::detail

// ---- rowan/postgres/pipeline.hpp ----



#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rowan::postgres {

namespace detail {

/// Is it a statement that the server runs among others as it runs it alone? BEGIN, COPY or CALL change what comes
/// behind them.
constexpr bool can_be_sent_ahead(std::string_view text) {
    rowan::detail::WordReader words{text};
    for (const std::string_view first : {"SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "VALUES"})
        if (words.take(first)) return true;
    return false;
}

}  // namespace detail

/// Statements that are sent one behind the other before the first answer is waited for: see HasPipeline. Outside of a
/// transaction each is followed by a Sync, so that the server commits it by itself. In a transaction one Sync behind
/// all of them is enough: it runs nothing more after an error, which is what the server does in any case.
///
/// The same Execution serves both calls of a step: as long as this is the link's interceptor, it gets the statement
/// with its parameters in the place of the server, sends it the first time, and gives the answer the second time.
///
/// libpq sends blocking, but reads what comes in while it waits to write, so that neither end waits for the other one
/// for ever.
class Pipeline final : public Interceptor {
public:
    template <class Connection>
    Pipeline(Connection& connection, std::size_t steps) : Pipeline{connection.link(), connection.scopes(), steps} {}
    Pipeline(const Pipeline&) = delete;
    Pipeline& operator=(const Pipeline&) = delete;
    ~Pipeline() {
        // Where a step has thrown.
        finish();
        if (link_.interceptor == this) link_.interceptor = nullptr;
    }

    [[nodiscard]] bool is_open() const noexcept { return stage_ == Stage::sending; }
    [[nodiscard]] bool is_full() const noexcept { return is_broken_ || sent_.size() == sent_.capacity(); }
    [[nodiscard]] bool must_run_alone() const noexcept { return stands_alone_; }

    void start_step(std::size_t number) {
        keep_time();
        step_ = number;
        has_sent_ = false;
        time_ = {};
        time_guard_.point_to(time_);
    }

    void finish() {
        if (stage_ != Stage::sending) return;
        keep_time();
        time_guard_.point_to_before();
        link_.interceptor = nullptr;
        link_.observer = observer_;
        stage_ = Stage::answering;
#if defined(LIBPQ_HAS_SEND_PIPELINE_SYNC)
        // Where that fails, the answers tell it.
        (void)PQflush(connection());
#endif
#if defined(LIBPQ_HAS_PIPELINING)
        // What was not sent completely has none either.
        const bool needs_sync = is_broken_ || (in_transaction_ && !sent_.empty());
        const bool has_sync = needs_sync && PQpipelineSync(connection()) != 0;
        for (Sent& sent : sent_)
            if (!sent.has_failed) receive(sent);
        if (has_sync) (void)read(false, true);
        (void)PQexitPipelineMode(connection());
#endif
    }

    [[nodiscard]] std::optional<std::size_t> next_answer() {
        if (answered_ == sent_.size()) {
            link_.interceptor = nullptr;
            time_guard_.point_to_before();
            return std::nullopt;
        }
        Sent& sent = sent_[answered_++];
        link_.interceptor = this;
        time_guard_.point_to(sent.time);
        return sent.step;
    }

    template <class Connection>
    [[nodiscard]] static std::optional<Error> refusal(Connection& connection) {
        return refusal_to_send(connection.link());
    }

    /// Could one not be ended? Then the connection is of no use any more.
    [[nodiscard]] static bool is_left_open([[maybe_unused]] const Link& link) noexcept {
#if defined(LIBPQ_HAS_PIPELINING)
        return PQpipelineStatus(link.connection.get()) != PQ_PIPELINE_OFF;
#else
        return false;
#endif
    }

    [[nodiscard]] Result<OwnedResult> run(const Statement& statement) override {
        if (stage_ == Stage::answering) return answer(statement);
        if (!has_sent_ && !stands_alone_) {
            if (!detail::can_be_sent_ahead(statement.text())) return Failure(refuse());
            has_sent_ = true;
            send(statement);
        }
        return Failure(under_way());
    }

    [[nodiscard]] Error refuse() override {
        if (stage_ == Stage::answering) return changed_its_mind();
        if (!has_sent_) stands_alone_ = true;
        return under_way();
    }

    [[nodiscard]] bool is_in_transaction() const noexcept override { return in_transaction_; }

private:
    enum class Stage : std::uint8_t { closed, sending, answering };

    struct Sent {
        std::size_t step;
        /// Of the program's own statements; one that is made at run time is gone when its step is called again.
        const Statement* statement;
        std::string own_text{};
        Phase phase{};
        bool prepares = false;
        bool has_failed = false;
        rowan::detail::KeptTime time{};
        std::optional<Observation> observation{};
        /// Nothing: the statement has had no effect, and is to be run as usual.
        std::optional<Result<OwnedResult>> answer{};

        [[nodiscard]] std::string_view text() const {
            return statement != nullptr ? statement->text() : std::string_view{own_text};
        }
    };

    /// What has come of a statement.
    struct Received {
        OwnedResult given{};
        OwnedResult failed{};
        bool is_prepared = true;
        bool is_aborted = false;
        bool is_synced = false;
    };

    Pipeline(Link& link, const Scopes& scopes, std::size_t steps) : link_{link} {
#if defined(LIBPQ_HAS_PIPELINING)
        // Another pipeline is under way.
        if (link.interceptor != nullptr) {
            (void)link.interceptor->refuse();
            return;
        }
        const PGTransactionStatusType state = PQtransactionStatus(connection());
        if (state != PQTRANS_IDLE && state != PQTRANS_INTRANS) return;
        in_transaction_ = state == PQTRANS_INTRANS;
        // The server counts a timeout anew for each statement, and nobody could tell it in between how much is left.
        if (link.limits.is_set()) return;
        // Each statement has a savepoint of its own.
        if (scopes.surrounding() != nullptr && scopes.innermost() == outermost) return;
        // Poolers take the first answer for the end, and give the server to somebody else.
        if (!link.prepares && !in_transaction_) return;
        sent_.reserve(steps);
        if (PQenterPipelineMode(connection()) == 0) return;
        is_in_doubt_ = !in_transaction_ && !detail::is_closed_by_peer(PQsocket(connection()));
        // Who observes is told of each statement when its answer is there, not of what a step was given before.
        observer_ = link.observer;
        link.observer.set(nullptr);
        link.interceptor = this;
        stage_ = Stage::sending;
#else
        (void)scopes;
        (void)steps;
#endif
    }

    [[nodiscard]] PGconn* connection() const noexcept { return link_.connection.get(); }

    [[nodiscard]] static Error under_way() {
        return {Category::internal, Code::internal_error,
                "the statement is under way, and this step of a pipeline will be called again with its answer"};
    }
    [[nodiscard]] static Error changed_its_mind() {
        return {Category::programming, Code::misuse,
                "a step of a pipeline did something else when it was called again: its first statement has been run, "
                "and the answer is lost; a step is one operation and nothing else"};
    }

    /// The time that a step took when it was called first is that of the second time.
    void keep_time() {
        if (has_sent_) sent_.back().time = time_;
    }

    void send(const Statement& statement) {
        Sent& sent = sent_.emplace_back(Sent{.step = step_, .statement = &statement});
        if (!statement.is_kept()) {
            sent.statement = nullptr;
            sent.own_text = statement.text();
        }
        sent.phase = is_in_doubt_ && may_write(sent.text()) ? Phase::autocommit : Phase::statement;
        if (!observer_.is_empty()) {
            sent.observation.emplace(observer_, sent.text(), statement.is_kept());
            detail::start_observation(*sent.observation, link_, statement);
        }
        if (send(statement, sent)) return;
        // Without a Sync it is not stored.
        is_broken_ = sent.has_failed = true;
        settle(sent, make_error(connection(), nullptr, Phase::statement, sent.text()));
    }

    [[nodiscard]] bool send([[maybe_unused]] const Statement& statement, [[maybe_unused]] Sent& sent) {
#if defined(LIBPQ_HAS_PIPELINING)
        const Parameters& parameters = link_.parameters;
        if (statement.is_kept() && link_.prepares) {
            PreparedStatements::Entry& entry = link_.prepared.entry(statement);
            if (!entry.is_ready()) {
                sent.prepares = true;
                if (!link_.prepared.send_prepare(connection(), statement, entry)) return false;
            }
            if (PQsendQueryPrepared(connection(), entry.name.data(), parameters.count(), parameters.values(),
                                    parameters.lengths(), parameters.formats(), /*binary*/ 1) == 0)
                return false;
        } else {
            const std::vector<Oid>& types = link_.prepared.types_of(statement);
            if (PQsendQueryParams(connection(), statement.text().data(), parameters.count(), types.data(),
                                  parameters.values(), parameters.lengths(), parameters.formats(), /*binary*/ 1) == 0)
                return false;
        }
        if (in_transaction_) return true;
            // Newer clients let the syncs wait for each other; older ones flush with each.
#if defined(LIBPQ_HAS_SEND_PIPELINE_SYNC)
        return PQsendPipelineSync(connection()) != 0;
#else
        return PQpipelineSync(connection()) != 0;
#endif
#else
        return false;
#endif
    }

    /// Up to the end of the statement's results, or of its Sync.
    [[nodiscard]] Received read([[maybe_unused]] bool prepares, [[maybe_unused]] bool up_to_sync) {
        Received received{.is_prepared = !prepares};
#if defined(LIBPQ_HAS_PIPELINING)
        // A null stands behind the results of each statement, PREPARE included, and none behind a Sync. Two in a row
        // are the end of a lost connection.
        const int last_null = up_to_sync || prepares ? 2 : 1;
        for (int nulls = 0; nulls != last_null && !received.is_synced;) {
            OwnedResult result{PQgetResult(connection())};
            if (!result) {
                ++nulls;
                continue;
            }
            if (up_to_sync) nulls = 0;
            switch (PQresultStatus(result.get())) {
                case PGRES_PIPELINE_SYNC: received.is_synced = true; break;
                case PGRES_PIPELINE_ABORTED: received.is_aborted = true; break;
                case PGRES_COMMAND_OK:
                case PGRES_TUPLES_OK:
                    if (!received.is_prepared)
                        received.is_prepared = true;
                    else
                        received.given = std::move(result);
                    break;
                default:
                    if (!received.failed) received.failed = std::move(result);
            }
        }
#endif
        return received;
    }

    void receive(Sent& sent) {
        Received received = read(sent.prepares, !in_transaction_);
        if (sent.prepares && !received.is_prepared) forget(sent);
        const std::string_view sqlstate = detail::field(received.failed.get(), PG_DIAG_SQLSTATE);
        const bool is_told = !sqlstate.empty() || received.given || received.is_aborted;
        if (!is_told || (!in_transaction_ && !received.is_synced)) return settle(sent, lost(sent, received));
        if (!received.failed && !received.given) return settle(sent, not_run(sent));
        if (!received.failed) {
            if (sent.observation) sent.observation->end(detail::rows_of(received.given.get()), nullptr);
            sent.answer = std::move(received.given);
            return;
        }
        Error error =
            detail::finish_error(detail::told_error(received.failed.get(), sent.phase), sqlstate, sent.text());
        if (error.code() == Code::lost_statement || error.code() == Code::stale_plan) {
            forget(sent);
            // It is prepared again, unless the error has broken a transaction.
            if (!in_transaction_) {
                sent.observation.reset();
                return;
            }
        }
        settle(sent, std::move(error));
    }

    /// The server does not know it.
    void forget(const Sent& sent) {
        if (sent.statement != nullptr) link_.prepared.entry(*sent.statement).name = {};
    }

    /// An error that the server has not told: mostly the end of the connection. What it said last befell all that it
    /// did not answer.
    [[nodiscard]] Error lost(const Sent& sent, const Received& received) {
        const char* said = received.failed ? PQresultErrorMessage(received.failed.get()) : PQerrorMessage(connection());
        if (PQstatus(connection()) != CONNECTION_BAD) {
            ErrorDetails error{.category = Category::internal, .code = Code::internal_error};
            error.message = said;
            return detail::finish_error(std::move(error), {}, sent.text());
        }
        if (last_words_.empty()) last_words_ = said;
        return detail::finish_error(detail::lost_connection(sent.phase, last_words_), {}, sent.text());
    }

    [[nodiscard]] static Error not_run(const Sent& sent) {
        ErrorDetails error{.category = Category::internal, .code = Code::transaction_aborted};
        error.message = "a statement of the transaction has failed before: this one was not run";
        return detail::finish_error(std::move(error), "25P02", sent.text());
    }

    static void settle(Sent& sent, Error error) {
        if (sent.observation) sent.observation->end(0, &error);
        sent.answer = Failure(std::move(error));
    }

    [[nodiscard]] Result<OwnedResult> answer(const Statement& statement) {
        // What the step does from here on goes the usual way.
        link_.interceptor = nullptr;
        Sent& sent = sent_[answered_ - 1];
        if (sent.statement != nullptr ? sent.statement != &statement : sent.own_text != statement.text())
            return Failure(changed_its_mind());
        if (!sent.answer) return detail::run_seen(link_, statement, &detail::rows_of);
        return *std::move(sent.answer);
    }

    Link& link_;
    Stage stage_ = Stage::closed;
    bool in_transaction_ = false;
    bool is_in_doubt_ = false;
    bool is_broken_ = false;
    bool has_sent_ = false;
    bool stands_alone_ = false;
    std::size_t step_ = 0;
    std::size_t answered_ = 0;
    /// Never grows beyond what is reserved: observations point into their texts.
    std::vector<Sent> sent_{};
    ObserverSlot observer_{};
    std::string last_words_{};
    rowan::detail::KeptTime time_{};
    rowan::detail::KeptTimeGuard time_guard_{};
};

}  // namespace rowan::postgres

// ---- rowan/postgres/server.hpp ----



#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

/// What the server knows of itself.
namespace rowan::postgres::detail {

template <class Status, class Connection>
Result<Status> server_status(Connection& connection) {
    // A replica that has replayed all that it has received is behind by nothing that it could know of, however long ago
    // the last transaction was; one that receives nothing goes by that.
    auto rows = rowan::detail::query_by_hand<std::tuple<std::string, bool, std::optional<std::int64_t>>>(
        connection,
        sql<"SELECT current_setting('server_version'), pg_is_in_recovery(), CASE WHEN NOT pg_is_in_recovery() THEN "
            "NULL "
            "WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() AND EXISTS (SELECT FROM pg_stat_wal_receiver) "
            "THEN 0 ELSE (extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()) * 1000000)::bigint "
            "END">);
    if (!rows) return Failure(std::move(rows).error());
    const auto& [version, is_replica, lag] = rows->at(0);
    Status status{.version = "PostgreSQL " + version.substr(0, version.find(' ')), .is_replica = is_replica};
    if (lag) status.lag = std::chrono::microseconds{*lag};
    return status;
}

template <class Statistics, class Connection>
Result<Statistics> storage(Connection& connection) {
    auto rows = rowan::detail::query_by_hand<std::tuple<std::int64_t, std::optional<double>>>(
        connection, sql<"SELECT pg_database_size(datname), blks_hit::float8 / nullif(blks_hit + blks_read, 0) "
                        "FROM pg_stat_database WHERE datname = current_database()">);
    if (!rows) return Failure(std::move(rows).error());
    const auto& [bytes, cache_hits] = rows->at(0);
    return Statistics{bytes, cache_hits};
}

/// With indexes and what is stored out of line. `table` is quoted where it has to be.
template <class Bytes, class Connection>
Result<std::optional<Bytes>> table_bytes(Connection& connection, const std::string& table) {
    auto rows = rowan::detail::query_by_hand<std::optional<Bytes>>(
        connection, sql<"SELECT pg_total_relation_size(to_regclass($1))">, table);
    if (!rows) return Failure(std::move(rows).error());
    return rows->at(0);
}

}  // namespace rowan::postgres::detail

// ---- rowan/postgres/streaming.hpp ----



#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace rowan::postgres {

/// A SELECT under way that holds only a part of its rows in memory: a cursor on the server. Other statements may run in
/// between, and it may be left in the middle. Outside a transaction it begins one, as a cursor needs it, and ends it.
///
/// A cursor rather than single-row mode, which is a quarter faster but keeps the connection for itself, and can be left
/// early only by cancelling, which would break a transaction, or by reading all that is left.
class StreamExecution : public Filling {
public:
    /// How many rows travel at once: enough that round trips are rare, few enough that memory stays small.
    static constexpr std::string_view rows_a_fetch = "2000";

    template <class Connection>
    StreamExecution(Connection& connection, const Statement& statement)
        : Filling{connection.link(), statement}, row_{link_.scratch} {
        if (!link_.observer.is_empty()) [[unlikely]]
            observation_.emplace(link_.observer, statement.text(), statement.is_kept());
    }
    ~StreamExecution() {
        close();
        if (observation_) observation_->end(observation_->rows(), nullptr);
    }

    [[nodiscard]] Result<bool> next() {
        if (observation_) [[unlikely]]
            return advance_seen();
        return advance();
    }

    [[nodiscard]] Cell cell(int column) const { return {row_, column}; }

private:
    [[nodiscard]] Result<bool> advance() {
        if (name_.empty())
            if (Result<void> declared = declare(); !declared) return Failure(std::move(declared).error());
        if (rows_ >= 0 && row_.advance() < rows_) return true;
        // Fewer rows than asked for were the last.
        if (rows_ >= 0 && last_) return false;
        if (Result<void> fetched = fetch(); !fetched) return Failure(std::move(fetched).error());
        return rows_ != 0;
    }

    [[nodiscard]] Result<bool> advance_seen() {
        if (!observation_->is_started()) detail::start_observation(*observation_, link_, statement_);
        Result<bool> row = advance();
        if (row && *row)
            observation_->count_row();
        else
            observation_->end(observation_->rows(), row ? nullptr : &row.error());
        return row;
    }

    [[nodiscard]] Result<void> run(const std::string& text) {
        Result<OwnedResult> result = run_text(link_, text.c_str(), Phase::statement);
        if (!result) return Failure(std::move(result).error());
        return {};
    }

    [[nodiscard]] Result<void> declare() {
        own_transaction_ = PQtransactionStatus(link_.connection.get()) == PQTRANS_IDLE;
        if (own_transaction_)
            if (Result<void> begun = run("BEGIN"); !begun) return begun;
        name_ = "rowan_stream_" + std::to_string(++link_.streams);
        const std::string text = "DECLARE " + name_ + " NO SCROLL CURSOR FOR " + std::string{statement_.text()};
        Result<OwnedResult> declared = run_once(link_, text.c_str(), statement_);
        if (declared) return {};
        failed_ = true;
        return Failure(std::move(declared).error());
    }

    [[nodiscard]] Result<void> fetch() {
        if (auto late = link_.limits.check(link_.connection.get(), statement_.text())) [[unlikely]]
            return Failure(*std::move(late));
        const std::string text = "FETCH " + std::string{rows_a_fetch} + " FROM " + name_;
        OwnedResult result{PQexecParams(link_.connection.get(), text.c_str(), 0, nullptr, nullptr, nullptr, nullptr,
                                        /*binary*/ 1)};
        if (PQresultStatus(result.get()) != PGRES_TUPLES_OK) {
            failed_ = true;
            return Failure(link_.limits.explain(
                make_error(link_.connection.get(), result.get(), Phase::statement, statement_.text())));
        }
        result_ = std::move(result);
        rows_ = PQntuples(result_.get());
        row_.enter(result_.get());
        row_.advance();
        last_ = std::to_string(rows_) != rows_a_fetch;
        return {};
    }

    /// Nobody is left to hear of an error, and nothing was written.
    void close() noexcept {
        if (name_.empty() || PQstatus(link_.connection.get()) == CONNECTION_BAD) return;
        if (link_.connection.get_deleter().is_inherited()) return;
        if (own_transaction_)
            (void)run(failed_ ? "ROLLBACK" : "COMMIT");
        else if (!failed_)
            (void)run("CLOSE " + name_);
    }

    std::string name_{};
    OwnedResult result_{};
    ResultRow row_;
    int rows_ = -1;
    bool last_ = false;
    bool failed_ = false;
    bool own_transaction_ = false;
    std::optional<Observation> observation_{};
};

}  // namespace rowan::postgres

// ---- rowan/postgres/url.hpp ----



#include <algorithm>
#include <string>
#include <string_view>

namespace rowan::postgres {

/// A URL as libpq takes it, and what was rowan's own in it.
struct Url {
    std::string libpq;
    bool prepared_statements = true;
};

/// Takes rowan's own parameters out of a URL, which libpq would refuse. What is no URL stays as it is.
[[nodiscard]] inline Result<Url> parse_url(std::string_view text) {
    Url url{std::string{text}};
    const std::size_t scheme = text.find("://");
    const std::string_view name = text.substr(0, std::min(scheme, text.size()));
    if (name != "postgresql" && name != "postgres") return url;
    // libpq takes a ? before the @ for a part of the password.
    std::size_t start = text.find_first_of("@/", scheme + 3);
    if (start == std::string_view::npos || text[start] == '/') start = scheme + 3;
    const std::size_t mark = text.find('?', start);
    if (mark == std::string_view::npos) return url;
    url.libpq.resize(mark);
    char before = '?';
    for (std::string_view rest = text.substr(mark + 1); !rest.empty();) {
        const std::string_view item = rest.substr(0, rest.find('&'));
        rest.remove_prefix(std::min(item.size() + 1, rest.size()));
        const std::size_t equals = std::min(item.find('='), item.size());
        if (rowan::detail::percent_decoded(item.substr(0, equals)) == "prepared_statements") {
            const auto value = rowan::detail::percent_decoded(item.substr(std::min(equals + 1, item.size())));
            if (value != "on" && value != "off")
                return Failure(Error{Category::programming, Code::invalid_url,
                                     "prepared_statements of a postgresql:// URL is on, or off for a pooler in "
                                     "transaction mode"});
            url.prepared_statements = value == "on";
            continue;
        }
        url.libpq.append(1, before).append(item);
        before = '&';
    }
    return url;
}

}  // namespace rowan::postgres

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace rowan::postgres {

/// A connection to a PostgreSQL server, through libpq. Parameters and results are binary; statements are prepared on
/// the server. Used by one thread at a time; it may be moved to another thread, and must not be moved in memory while a
/// repository or transaction works on it.
class Connection : public Session<Connection> {
public:
    static constexpr const Dialect& dialect = postgres::dialect;
    using Execution = postgres::Execution;
    using ArrayExecution = postgres::ArrayExecution;
    using CopyExecution = postgres::CopyExecution;
    using StreamExecution = postgres::StreamExecution;
    using Pipeline = postgres::Pipeline;

    /// Opens `postgresql://user:password@host:port/database?option=value`, with all of libpq's options
    /// (https://www.postgresql.org/docs/current/libpq-connect.html); what is missing comes from PGHOST and the like.
    /// Waits 10 s for the server unless connect_timeout or PGCONNECT_TIMEOUT say otherwise. Text is UTF-8 and the
    /// session's time zone UTC. Fails with Code::invalid_url, cannot_connect, authentication, unknown_database,
    /// too_many_connections or cannot_connect_now; no error repeats the password.
    ///
    /// `?prepared_statements=off` is rowan's own: each statement is sent with its text, and nothing is kept on the
    /// server between two transactions, as a pooler wants it that gives each transaction another connection (pgbouncer
    /// with pool_mode=transaction). The server parses and plans each time: a small statement takes about twice as
    /// long. What a session sets (SET, LISTEN, temporary tables, advisory locks of the session, Reset::session) has no
    /// meaning there; an `options` parameter is refused by pgbouncer itself unless it is told to ignore it.
    ///
    /// `at_most` bounds the wait further, where that is shorter.
    [[nodiscard]] static Result<Connection> open(const std::string& url,
                                                 std::chrono::milliseconds at_most = std::chrono::milliseconds::max()) {
        const Result<Url> parsed = parse_url(url);
        if (!parsed) return Failure(parsed.error());
        Result<OwnedConnection> line = detail::connect(parsed->libpq, at_most);
        if (!line) return Failure(std::move(line).error());
        Connection connection{*std::move(line)};
        connection.link_->prepares = parsed->prepared_statements;
        if (Result<void> set = connection.use_utc(); !set) return Failure(std::move(set).error());
        return connection;
    }

    /// Itself, unless the handle of another scope must be used now.
    [[nodiscard]] Borrowed<Connection> borrow(ScopeId scope = outermost) { return {*this, refusal(scope)}; }
    /// Itself, if one look tells that the handle of this scope may be used now; else null, and `borrow` looks closer.
    [[nodiscard]] Connection* ready(ScopeId scope = outermost) noexcept {
        const bool open = scope == outermost || transaction_state() != TransactionState::idle;
        return open && scopes_.allows(scope) ? this : nullptr;
    }

    /// Why the handle of `scope` must not be used now, or nothing.
    [[nodiscard]] std::optional<Error> refusal(ScopeId scope) const {
        return scopes_.refusal(scope, transaction_state());
    }

    /// A transaction that is rolled back unless it is committed.
    template <class Self = Connection>
    [[nodiscard]] Result<BasicTransaction<Self>> begin(const TransactionOptions& options = {}) {
        if (auto refused = refusal(outermost)) return Failure(*std::move(refused));
        return BasicTransaction<Self>::open(*this, options);
    }

    /// The connection itself, for what rowan does not do. It stays the Connection's.
    [[nodiscard]] PGconn* native() const noexcept { return link_->connection.get(); }

    /// Tells `observer` of every statement from now on, instead of the one before; null tells nobody.
    void observe(std::shared_ptr<Observer> observer) noexcept { link_->observer.set(std::move(observer)); }
    [[nodiscard]] const std::shared_ptr<Observer>& observer() const noexcept { return link_->observer.observer(); }

    /// Unique among the connections of the process, whatever their databases.
    [[nodiscard]] std::uint64_t number() const noexcept { return link_->observer.connection(); }

    // What the Backend concept asks for.
    [[nodiscard]] Result<void> run_script(std::string_view text) {
        return run(std::string{text}.c_str(), false, Phase::autocommit);
    }
    [[nodiscard]] Result<void> start_transaction(const TransactionOptions& options) {
        if (rowan::detail::is_plain(options)) [[likely]]
            return run("BEGIN", true);
        if (auto refused = rowan::detail::contradiction(options)) return Failure(*std::move(refused));
        if (options.lock)
            return Failure(Error{Category::not_supported, Code::not_supported,
                                 "PostgreSQL has no lock that a transaction takes as a whole: leave out lock, and lock "
                                 "rows with for_update() or choose an isolation level; nothing was sent"});
        return start(options);
    }

    [[nodiscard]] Result<void> commit_transaction() {
        if (auto late = link_->limits.refusal()) {
            Error error = std::move(*late).in_statement("COMMIT");
            if (Result<void> undone = roll_back_transaction(); !undone)
                return Failure(std::move(error).followed_by(std::move(undone).error()));
            return Failure(std::move(error));
        }
        return rowan::detail::observe_script(link_->observer, "COMMIT", true, [&] { return commit(); });
    }

    [[nodiscard]] Result<void> roll_back_transaction() {
        // The server has rolled back already.
        if (PQstatus(native()) == CONNECTION_BAD) return {};
        return run("ROLLBACK", true);
    }

    /// The same limits, for a savepoint that stands for a transaction. The server is not told of the timeout, as it
    /// would keep to it beyond the savepoint: no statement is stopped in its middle.
    [[nodiscard]] Result<void> limit_savepoint(const TransactionOptions& options) {
        if (options.timeout.count() != 0) link_->limits.set(options.timeout);
        return options.read_only ? run_script("SET TRANSACTION READ ONLY") : Result<void>{};
    }
    void lift_limits() noexcept { link_->limits.lift(); }

    [[nodiscard]] TransactionState transaction_state() const noexcept {
        switch (PQtransactionStatus(native())) {
            case PQTRANS_IDLE: return TransactionState::idle;
            case PQTRANS_INERROR: return TransactionState::failed;
            case PQTRANS_ACTIVE:
                return link_->interceptor == nullptr || link_->interceptor->is_in_transaction()
                           ? TransactionState::open
                           : TransactionState::idle;
            default: return TransactionState::open;
        }
    }

    [[nodiscard]] Result<std::vector<ResultColumn>> describe(const Statement& statement) {
        return postgres::describe(*link_, statement);
    }
    [[nodiscard]] Scopes& scopes() noexcept { return scopes_; }

    // What a pool asks for.
    [[nodiscard]] ConnectionState state() const noexcept {
        if (Pipeline::is_left_open(*link_)) return ConnectionState::broken;
        switch (PQstatus(native()) == CONNECTION_OK ? PQtransactionStatus(native()) : PQTRANS_UNKNOWN) {
            case PQTRANS_IDLE:
            case PQTRANS_INTRANS:
            case PQTRANS_INERROR: return ConnectionState::ready;
            case PQTRANS_ACTIVE: return ConnectionState::busy;
            case PQTRANS_UNKNOWN: break;
        }
        return ConnectionState::broken;
    }
    /// One round trip.
    [[nodiscard]] Result<void> ping(std::chrono::milliseconds at_most) { return detail::ping(*link_, at_most); }
    /// One round trip. What DISCARD ALL does, but for prepared statements and plans, which the next borrower can use.
    [[nodiscard]] Result<void> reset_session() {
        if (Result<void> done = run_script("CLOSE ALL; SET SESSION AUTHORIZATION DEFAULT; RESET ALL; UNLISTEN *; "
                                           "SELECT pg_advisory_unlock_all(); DISCARD TEMP; DISCARD SEQUENCES");
            !done)
            return done;
        return use_utc();
    }
    [[nodiscard]] bool is_private() const noexcept { return false; }

    // What health checks and statistics ask for, a round trip each. Templates, as a program then compiles those only
    // that it calls.
    template <class Status = ServerStatus>
    [[nodiscard]] Result<Status> status() {
        return detail::server_status<Status>(*this);
    }
    template <class Statistics = StorageStatistics>
    [[nodiscard]] Result<Statistics> storage() {
        return detail::storage<Statistics>(*this);
    }
    template <class Bytes = std::int64_t>
    [[nodiscard]] Result<std::optional<Bytes>> table_bytes(const std::string& table) {
        return detail::table_bytes<Bytes>(*this, table);
    }

    [[nodiscard]] Link& link() noexcept { return *link_; }

private:
    explicit Connection(OwnedConnection line) : link_{std::make_unique<Link>()} { link_->connection = std::move(line); }

    /// Timestamps without a zone are converted with the session's.
    [[nodiscard]] Result<void> use_utc() {
        const char* zone = PQparameterStatus(native(), "TimeZone");
        if (zone != nullptr && std::string_view{zone} == "UTC") return {};
        return run_script("SET TIME ZONE 'UTC'");
    }

    /// BEGIN with what the options ask for, in one round trip, but where there is a timeout two.
    [[nodiscard]] Result<void> start(const TransactionOptions& options) {
        if (auto refused = refusal_to_send(*link_)) return Failure(*std::move(refused));
        static constexpr std::string_view levels[] = {"READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE"};
        std::string text = "BEGIN";
        if (options.isolation)
            text.append(" ISOLATION LEVEL ").append(levels[static_cast<std::size_t>(*options.isolation)]);
        if (options.read_only) text += " READ ONLY";
        if (options.deferrable) text += " DEFERRABLE";
        if (options.timeout.count() != 0)
            if (Result<void> set = link_->limits.set(native(), options.timeout, text); !set) return set;
        Result<void> begun = run(text.c_str(), false);
        if (begun) return begun;
        link_->limits.lift();
        if (transaction_state() != TransactionState::idle)
            if (Result<void> undone = roll_back_transaction(); !undone)
                return Failure(std::move(begun).error().followed_by(std::move(undone).error()));
        return begun;
    }

    [[nodiscard]] Result<void> commit() {
        // A connection that is known to be gone before COMMIT is sent has not committed. The first look may meet the
        // server's last words, the second one its end.
        const auto is_gone = [&] { return PQconsumeInput(native()) == 0 || PQstatus(native()) == CONNECTION_BAD; };
        if (is_gone() || is_gone()) return Failure(make_error(native(), nullptr, Phase::statement, "COMMIT"));
        Result<OwnedResult> result = run_text(*link_, "COMMIT", Phase::commit);
        if (!result) return Failure(std::move(result).error());
        if (std::string_view{PQcmdStatus(result->get())} == "COMMIT") return {};
        return Failure(Error{Category::internal, Code::transaction_aborted,
                             "COMMIT was answered with ROLLBACK, as a statement of the transaction had failed before: "
                             "nothing is stored"}
                           .in_statement("COMMIT"));
    }

    [[nodiscard]] Result<void> run(const char* text, bool is_constant, Phase phase = Phase::statement) {
        return rowan::detail::observe_script(link_->observer, text, is_constant, [&]() -> Result<void> {
            Result<OwnedResult> result = run_text(*link_, text, phase);
            if (!result) return Failure(std::move(result).error());
            return {};
        });
    }

    std::unique_ptr<Link> link_;
    Scopes scopes_;
};

static_assert(Backend<Connection>);

}  // namespace rowan::postgres
#endif

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

namespace rowan {

class AnyConnection;

template <>
inline constexpr bool chooses_at_run_time<AnyConnection> = true;

namespace detail {

/// A connection that is one of several, and does what all of them do. A template, as a program then compiles only those
/// of its functions that it calls.
template <class Self, class... Connections>
class OneOf : public Session<Self> {
public:
    /// Is this one of those that it can be?
    template <class Connection>
    static constexpr bool holds = (std::is_same_v<std::remove_reference_t<Connection>, Connections> || ...);

    /// A connection that is there already.
    template <class Connection>
        requires holds<Connection>
    explicit OneOf(Connection&& connection) : connection_{std::forward<Connection>(connection)} {}

    /// Itself, unless the handle of another scope must be used now.
    [[nodiscard]] Borrowed<Self> borrow(ScopeId scope = outermost) {
        return {static_cast<Self&>(*this), visit([&](auto& connection) { return connection.refusal(scope); })};
    }

    [[nodiscard]] Self* ready(ScopeId scope = outermost) noexcept {
        const bool is_ready = visit([&](auto& connection) { return connection.ready(scope) != nullptr; });
        return is_ready ? static_cast<Self*>(this) : nullptr;
    }

    /// A transaction that is rolled back unless it is committed.
    [[nodiscard]] Result<BasicTransaction<Self>> begin(const TransactionOptions& options = {}) {
        if (auto refused = scopes().refusal(outermost, transaction_state())) return Failure(*std::move(refused));
        return BasicTransaction<Self>::open(static_cast<Self&>(*this), options);
    }

    /// Calls `fn(connection)` with the connection of its own type, whether or not it should be used now. (std::visit
    /// would throw for a variant without a value, which this one always has.)
    template <std::size_t last = sizeof...(Connections) - 1, class Fn>
    decltype(auto) visit(Fn&& fn) {
        if constexpr (last != 0) {
            if (auto* connection = std::get_if<last>(&connection_)) return fn(*connection);
            return this->template visit<last - 1>(fn);
        } else {
            return fn(*std::get_if<0>(&connection_));
        }
    }

    /// Tells `observer` of every statement from now on, instead of the one before; null tells nobody.
    void observe(std::shared_ptr<Observer> observer) {
        visit([&](auto& connection) { connection.observe(std::move(observer)); });
    }
    [[nodiscard]] const std::shared_ptr<Observer>& observer() {
        return visit([](auto& connection) -> const std::shared_ptr<Observer>& { return connection.observer(); });
    }

    /// Unique among the connections of the process, whatever their databases.
    [[nodiscard]] std::uint64_t number() {
        return visit([](auto& connection) { return connection.number(); });
    }

    /// The connection if it is of this type, or null.
    template <class Connection>
    [[nodiscard]] Connection* get_if() noexcept {
        return std::get_if<Connection>(&connection_);
    }

    // What BasicTransaction asks for.
    [[nodiscard]] Result<void> run_script(std::string_view text) {
        return visit([&](auto& connection) { return connection.run_script(text); });
    }
    [[nodiscard]] Result<void> start_transaction(const TransactionOptions& options) {
        return visit([&](auto& connection) { return connection.start_transaction(options); });
    }
    [[nodiscard]] Result<void> limit_savepoint(const TransactionOptions& options) {
        return visit([&](auto& connection) { return connection.limit_savepoint(options); });
    }
    void lift_limits() noexcept {
        visit([](auto& connection) { connection.lift_limits(); });
    }
    [[nodiscard]] Result<void> commit_transaction() {
        return visit([](auto& connection) { return connection.commit_transaction(); });
    }
    [[nodiscard]] Result<void> roll_back_transaction() {
        return visit([](auto& connection) { return connection.roll_back_transaction(); });
    }
    [[nodiscard]] TransactionState transaction_state() {
        return visit([](auto& connection) { return connection.transaction_state(); });
    }
    [[nodiscard]] Scopes& scopes() {
        return visit([](auto& connection) -> Scopes& { return connection.scopes(); });
    }

    // What a pool asks for.
    [[nodiscard]] ConnectionState state() {
        return visit([](auto& connection) { return connection.state(); });
    }
    [[nodiscard]] Result<void> ping(std::chrono::milliseconds at_most) {
        return visit([&](auto& connection) { return connection.ping(at_most); });
    }
    [[nodiscard]] Result<void> reset_session() {
        return visit([](auto& connection) { return connection.reset_session(); });
    }
    [[nodiscard]] bool is_private() {
        return visit([](auto& connection) { return connection.is_private(); });
    }

    // What health checks and statistics ask for.
    [[nodiscard]] Result<ServerStatus> status() {
        return visit([](auto& connection) { return connection.status(); });
    }
    [[nodiscard]] Result<StorageStatistics> storage() {
        return visit([](auto& connection) { return connection.storage(); });
    }

private:
    std::variant<Connections...> connection_;
};

using OneOfBackends = OneOf<AnyConnection
#if ROWAN_HAS_SQLITE
                            ,
                            sqlite::Connection
#endif
#if ROWAN_HAS_POSTGRES
                            ,
                            postgres::Connection
#endif
                            >;

}  // namespace detail

/// One connection to the database that a URL names, chosen when the program runs. Which one it is, is asked once
/// per operation, never per column. Used by one thread at a time; it may be moved to another thread, and must not
/// be moved in memory while a repository or transaction works on it.
class AnyConnection : public detail::OneOfBackends {
public:
    using detail::OneOfBackends::OneOf;

    /// Opens what `url` names: see rowan::open. Waits for a server no longer than `at_most`.
    template <class Any = AnyConnection>
    [[nodiscard]] static Result<Any> open(std::string_view url,
                                          std::chrono::milliseconds at_most = std::chrono::milliseconds::max()) {
        const auto starts = [&](std::string_view scheme) { return url.substr(0, scheme.size()) == scheme; };
        if (starts("sqlite:")) return open_sqlite<Any>(url.substr(7));
        if (starts("postgresql://") || starts("postgres://")) return open_postgres<Any>(url, at_most);
        return Failure(
            Error{Category::programming, Code::invalid_url, "a database URL starts with sqlite: or postgresql://"});
    }

private:
    template <class Any>
    [[nodiscard]] static Result<Any> open_sqlite([[maybe_unused]] std::string_view location) {
#if ROWAN_HAS_SQLITE
        Result<sqlite::Location> place = sqlite::parse_url(location);
        if (!place) return Failure(std::move(place).error());
        Result<sqlite::Connection> opened = sqlite::Connection::open(std::move(place->path), place->options);
        if (!opened) return Failure(std::move(opened).error());
        return Any{*std::move(opened)};
#else
        return Failure(Error{Category::not_supported, Code::not_supported,
                             "this program was built without SQLite: sqlite3.h was not found, or was switched off"});
#endif
    }

    template <class Any>
    [[nodiscard]] static Result<Any> open_postgres([[maybe_unused]] std::string_view url,
                                                   [[maybe_unused]] std::chrono::milliseconds at_most) {
#if ROWAN_HAS_POSTGRES
        Result<postgres::Connection> opened = postgres::Connection::open(std::string{url}, at_most);
        if (!opened) return Failure(std::move(opened).error());
        return Any{*std::move(opened)};
#else
        return Failure(
            Error{Category::not_supported, Code::not_supported,
                  "this program was built without PostgreSQL: libpq-fe.h was not found, or was switched off"});
#endif
    }
};

}  // namespace rowan

// ---- rowan/session/health.hpp ----



// ---- rowan/session/pool_settings.hpp ----



#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace rowan {

/// What a pool does with a connection that comes back. An open or failed transaction is rolled back in any case, and
/// a connection that is broken, or still at work, is closed.
enum class Reset : std::uint8_t {
    /// Nothing more, and no round trip: what the borrower has set (a role, a search path, a pragma, a temporary table)
    /// stays with the connection.
    transaction,
    /// The session is as new for the next borrower, but for its prepared statements. PostgreSQL: one round trip each
    /// time (what DISCARD ALL does, without DEALLOCATE). SQLite: the connection is closed.
    session,
};

/// How a pool behaves. The defaults are those of SQLAlchemy's QueuePool; see
/// https://docs.sqlalchemy.org/en/20/core/pooling.html.
struct PoolSettings {
    /// Connections that are kept open. They are opened as they are needed, the first one at once.
    int size = 5;

    /// Further connections for a rush, closed as they come back; -1: as many as are asked for.
    int max_overflow = 10;

    /// For all of waiting, connecting and asking whether the server is there. 0 waits for nothing.
    std::chrono::milliseconds timeout{30'000};

    /// A connection that is older is replaced when it is next asked for; 0: never. For servers, proxies and firewalls
    /// that drop old connections.
    std::chrono::milliseconds recycle{0};

    /// Up to this part of `recycle` is taken off by chance, so that a pool does not reconnect all at once.
    double jitter = 0.1;

    /// Ask the server before a connection is lent, if it was idle for longer than `ping_after`; one that does not
    /// answer is replaced. Costs a round trip then.
    bool pre_ping = false;
    std::chrono::milliseconds ping_after{500};

    Reset reset = Reset::transaction;

    /// A connection that is lent for longer is told to the pool's observer, with the place that took it; 0: never.
    std::chrono::milliseconds report_lease_after{0};
};

namespace detail {

/// Why a pool cannot be made with these settings, or nothing.
[[nodiscard]] inline std::optional<Error> refusal_of(const PoolSettings& settings) {
    const char* reason = settings.size < 1                         ? "size: a pool keeps 1 connection or more"
                         : settings.max_overflow < -1              ? "max_overflow: 0 or more, or -1 for any"
                         : settings.timeout.count() < 0            ? "timeout: 0 or more"
                         : settings.recycle.count() < 0            ? "recycle: 0 for never, or more"
                         : settings.ping_after.count() < 0         ? "ping_after: 0 or more"
                         : settings.report_lease_after.count() < 0 ? "report_lease_after: 0 for never, or more"
                         : !(settings.jitter >= 0 && settings.jitter <= 1.0) ? "jitter: a part from 0 to 1"
                                                                             : nullptr;
    if (reason == nullptr) return std::nullopt;
    return Error{Category::programming, Code::misuse, std::string{"a setting of the pool is out of range: "} + reason};
}

}  // namespace detail

/// What a pool has done, and how it stands.
struct PoolStatistics {
    int size = 0;      ///< as set: connections to be kept
    int open = 0;      ///< connections that are open, or being opened
    int idle = 0;      ///< open, and nobody's
    int in_use = 0;    ///< lent
    int overflow = 0;  ///< open beyond `size`
    int waiting = 0;   ///< threads that wait for one
    std::uint64_t checkouts = 0;
    std::uint64_t waits = 0;  ///< checkouts that had to wait for another's return
    std::chrono::nanoseconds wait_time{};
    std::uint64_t timeouts = 0;
    std::uint64_t created = 0;
    std::uint64_t failed_connects = 0;
    std::uint64_t recycled = 0;     ///< replaced for their age
    std::uint64_t invalidated = 0;  ///< closed because they were broken, or of a server that had gone
    std::uint64_t overdue = 0;      ///< lent for longer than `report_lease_after`
};

}  // namespace rowan

#include <chrono>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace rowan {

/// How a database is doing, for a health check.
struct Health {
    bool is_reachable = false;
    /// Of a question without work. Includes no connecting and no waiting for a connection.
    std::chrono::nanoseconds round_trip{};
    ServerStatus server{};
    PoolStatistics pool{};
    /// Why it is not reachable.
    std::optional<Error> error{};
    /// Of the replicas, in the order in which they were named.
    std::vector<Health> replicas{};
};

namespace detail {

/// Asks a pool's server how it is. A connection is taken as `acquire` does, and waits as long.
template <class AnyPool>
Health health_of(AnyPool& pool) {
    Health health;
    const auto ask = [&]() -> Result<void> {
        auto lease = pool.acquire();
        if (!lease) return Failure(std::move(lease).error());
        const auto began = std::chrono::steady_clock::now();
        if (Result<void> there = (*lease)->ping(pool.settings().timeout); !there) return there;
        health.round_trip = std::chrono::steady_clock::now() - began;
        Result<ServerStatus> status = (*lease)->status();
        if (!status) return Failure(std::move(status).error());
        health.server = *std::move(status);
        return {};
    };
    Result<void> asked = ask();
    health.is_reachable = asked.has_value();
    if (!asked) health.error = std::move(asked).error();
    health.pool = pool.statistics();
    return health;
}

}  // namespace detail
}  // namespace rowan

// ---- rowan/session/pool.hpp ----



// ---- rowan/session/pool_core.hpp ----



// ---- rowan/session/checkout_deadline.hpp ----


#include <algorithm>
#include <chrono>
#include <optional>

namespace rowan::detail {

/// One time limit over several steps; the clock is first read where something may take time.
class CheckoutDeadline {
    using Clock = std::chrono::steady_clock;

public:
    explicit CheckoutDeadline(std::chrono::milliseconds limit) : limit_{limit} {}

    [[nodiscard]] Clock::time_point at() {
        // Longer ones would be beyond the clock's range.
        constexpr std::chrono::milliseconds longest = std::chrono::hours{24 * 365};
        if (!at_) at_ = Clock::now() + std::min(limit_, longest);
        return *at_;
    }
    [[nodiscard]] std::chrono::milliseconds left() {
        const auto rest = std::chrono::ceil<std::chrono::milliseconds>(at() - Clock::now());
        return std::max(rest, std::chrono::milliseconds{0});
    }

private:
    std::chrono::milliseconds limit_;
    std::optional<Clock::time_point> at_{};
};

}  // namespace rowan::detail

// ---- rowan/session/pooled.hpp ----



#include <chrono>
#include <cstdint>
#include <memory>
#include <source_location>
#include <thread>

/// A connection as a pool sees it, whatever its type.
namespace rowan::detail {

using PoolClock = std::chrono::steady_clock;

/// What a checkout is for.
enum class Claim : std::uint8_t {
    call,         ///< one operation
    transaction,  ///< a transaction, whose handle must be used by its thread meanwhile
    stream,       ///< rows that are read as they are looked at
    lease,        ///< a connection that the caller asked for
};

class Pooled {
public:
    Pooled() = default;
    Pooled(const Pooled&) = delete;
    Pooled& operator=(const Pooled&) = delete;
    virtual ~Pooled() = default;

    /// What can be told without asking anybody.
    [[nodiscard]] virtual ConnectionState state() noexcept = 0;
    /// Does the other end answer within this time?
    [[nodiscard]] virtual bool answers(std::chrono::milliseconds at_most) noexcept = 0;
    /// Ends what the borrower has left open; false where that fails, or where a new connection is cheaper.
    [[nodiscard]] virtual bool clean(Reset reset) noexcept = 0;

    virtual void observe(std::shared_ptr<Observer> observer) = 0;

    // What follows is the pool's.
    PoolClock::time_point opened{};
    PoolClock::time_point returned{};
    PoolClock::time_point taken{};
    std::chrono::nanoseconds lifetime{};  ///< 0: for ever
    std::uint64_t generation = 0;
    std::uint64_t observers = 0;
    unsigned process = 0;
    std::source_location where{};
    std::thread::id user{};
    Claim claim = Claim::call;
    bool reported = false;
    bool unwanted = false;
};

/// Opens the connections of a pool.
class Connector {
public:
    Connector() = default;
    Connector(const Connector&) = delete;
    Connector& operator=(const Connector&) = delete;
    virtual ~Connector() = default;
    /// Called by several threads at once.
    [[nodiscard]] virtual Result<std::unique_ptr<Pooled>> connect(std::chrono::milliseconds at_most) = 0;
};

}  // namespace rowan::detail

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <source_location>
#include <string>
#include <thread>
#include <utility>
#include <vector>

/// A pool of connections of any type: who has which, and who waits.
namespace rowan::detail {

/// Connections go to the last one first, so that those beyond need stay idle; waiting threads are served first come,
/// first served. Lives as long as its pool, and then until the last connection has come back.
class PoolCore {
public:
    PoolCore(std::unique_ptr<Connector> connector, const PoolSettings& settings)
        : connector_{std::move(connector)}, settings_{settings}, state_{new State{process_generation()}} {}
    PoolCore(const PoolCore&) = delete;
    PoolCore& operator=(const PoolCore&) = delete;

    /// A connection that is open already.
    void adopt(std::unique_ptr<Pooled> connection) {
        State& state = current();
        const std::lock_guard lock{state.mutex};
        enroll(state, *connection, state.generation);
        ++state.open;
        state.idle.push_back(std::move(connection));
    }

    /// Lends a connection until it is given back.
    [[nodiscard]] Result<Pooled*> take(Claim claim, const std::source_location& where = {}) {
        State& state = current();
        std::unique_lock lock{state.mutex};
        if (claim != Claim::lease && state.transactions != 0)
            if (auto refused = refusal(state)) return Failure(*std::move(refused));
        tell_overdue(state, lock);
        CheckoutDeadline deadline{settings_.timeout};
        Place place{*this, state, lock};
        if (state.first == nullptr && !state.idle.empty()) {
            place.connection = std::move(state.idle.back());
            state.idle.pop_back();
        } else if (state.first == nullptr && may_grow(state)) {
            ++state.open;
        } else if (Result<void> served = wait(state, lock, deadline, place.connection); !served) {
            place.keep();
            return Failure(std::move(served).error());
        }
        if (place.connection != nullptr && !is_fit(state, lock, *place.connection, deadline)) {
            lock.unlock();
            place.connection.reset();
            lock.lock();
        }
        if (place.connection == nullptr)
            if (Result<void> opened = connect(state, lock, deadline, place.connection); !opened)
                return Failure(std::move(opened).error());
        place.keep();
        return lend(state, std::move(place.connection), claim, where);
    }

    /// Why this thread must use another handle now, or nothing.
    [[nodiscard]] std::optional<Error> refusal() {
        State& state = current();
        const std::lock_guard lock{state.mutex};
        return refusal(state);
    }

    /// Takes a connection back: asks it what it was left in, tidies it up, and hands it on, keeps it or closes it.
    void give_back(Pooled& returned) noexcept {
        // It is the parent's: to close it would end the parent's session.
        if (returned.process != process_generation()) return;
        State& state = current();
        const ConnectionState left = returned.state();
        bool keep = left == ConnectionState::ready && !returned.unwanted && returned.clean(settings_.reset);
        std::unique_ptr<Pooled> connection{&returned};
        std::unique_lock lock{state.mutex};
        tell_overdue(state, lock, &returned);
        state.in_use.erase(std::find(state.in_use.begin(), state.in_use.end(), &returned));
        if (returned.claim == Claim::transaction) --state.transactions;
        if (settings_.pre_ping) returned.returned = PoolClock::now();
        if (left == ConnectionState::broken) suspect(state, returned);
        if (!keep || returned.generation != state.generation) {
            if (!returned.unwanted) ++state.counts.invalidated;
            keep = false;
        }
        if (keep && !state.closed && state.first != nullptr) {
            serve(state, std::move(connection));
        } else if (keep && !state.closed && state.open <= settings_.size) {
            state.idle.push_back(std::move(connection));
        } else {
            free_place(state);
        }
        const bool last = state.closed && state.in_use.empty();
        lock.unlock();
        connection.reset();
        if (last) delete this;
    }

    /// Its transaction has ended, but it stays with its borrower.
    void relax(Pooled& lent) noexcept {
        if (lent.process != process_generation()) return;
        State& state = current();
        const std::lock_guard lock{state.mutex};
        if (lent.claim == Claim::transaction) --state.transactions;
        lent.claim = Claim::lease;
    }

    /// What a pool's end calls. Connections that are lent are closed as they come back.
    void close() noexcept {
        if (state_.load(std::memory_order_acquire)->process != process_generation()) return;
        State& state = current();
        std::unique_lock lock{state.mutex};
        state.closed = true;
        std::vector<std::unique_ptr<Pooled>> idle = std::move(state.idle);
        const bool last = state.in_use.empty();
        lock.unlock();
        idle.clear();
        if (last) delete this;
    }

    /// Told of every statement from the next checkout on, and of leases that are overdue.
    void observe(std::shared_ptr<Observer> observer) {
        State& state = current();
        const std::lock_guard lock{state.mutex};
        // The one before may be the last of its kind, and ends without the mutex.
        observer_.swap(observer);
        ++observers_;
    }
    [[nodiscard]] std::shared_ptr<Observer> observer() {
        State& state = current();
        const std::lock_guard lock{state.mutex};
        return observer_;
    }

    [[nodiscard]] PoolStatistics statistics() {
        State& state = current();
        const std::lock_guard lock{state.mutex};
        PoolStatistics now = state.counts;
        now.size = settings_.size;
        now.open = state.open;
        now.idle = static_cast<int>(state.idle.size());
        now.in_use = static_cast<int>(state.in_use.size());
        now.overflow = std::max(0, state.open - settings_.size);
        for (const Waiter* waiter = state.first; waiter != nullptr; waiter = waiter->next) ++now.waiting;
        return now;
    }

    [[nodiscard]] const PoolSettings& settings() const noexcept { return settings_; }

private:
    ~PoolCore() { delete state_.load(std::memory_order_acquire); }

    /// A thread in the queue. Served with a connection, or with the right to open one.
    struct Waiter {
        std::condition_variable wake{};
        std::unique_ptr<Pooled> given{};
        bool served = false;
        Waiter* previous = nullptr;
        Waiter* next = nullptr;
    };

    struct State {
        explicit State(unsigned process_number) : process{process_number} {}

        const unsigned process;
        std::mutex mutex{};
        std::vector<std::unique_ptr<Pooled>> idle{};
        std::vector<Pooled*> in_use{};
        Waiter* first = nullptr;
        Waiter* last = nullptr;
        /// Those that are being opened count as well.
        int open = 0;
        int transactions = 0;
        /// Rises when a connection was found dead: all that were opened before are suspect.
        std::uint64_t generation = 0;
        std::uint64_t chance = 0x9E3779B97F4A7C15;
        bool closed = false;
        PoolStatistics counts{};
    };

    /// A place in the pool that has not become a lent connection yet: given up unless it is kept.
    struct Place {
        PoolCore& core;
        State& state;
        std::unique_lock<std::mutex>& lock;
        std::unique_ptr<Pooled> connection{};
        bool kept = false;

        Place(PoolCore& pool, State& shared, std::unique_lock<std::mutex>& held)
            : core{pool}, state{shared}, lock{held} {}
        Place(const Place&) = delete;
        Place& operator=(const Place&) = delete;
        ~Place() {
            if (kept) return;
            if (!lock.owns_lock()) lock.lock();
            core.free_place(state);
        }
        void keep() { kept = true; }
    };

    /// After a fork the child starts with an empty pool of its own; the parent's mutex may be locked for ever, and its
    /// connections are not to be touched, so both are left where they are.
    State& current() {
        State* state = state_.load(std::memory_order_acquire);
        const unsigned process = process_generation();
        if (state->process == process) [[likely]]
            return *state;
        auto fresh = std::make_unique<State>(process);
        if (state_.compare_exchange_strong(state, fresh.get(), std::memory_order_acq_rel)) return *fresh.release();
        return *state;
    }

    [[nodiscard]] bool may_grow(const State& state) const noexcept {
        return settings_.max_overflow < 0 || state.open < settings_.size + settings_.max_overflow;
    }

    /// Why this thread must not use the pool now, or nothing.
    [[nodiscard]] static std::optional<Error> refusal(const State& state) {
        for (const Pooled* used : state.in_use)
            if (used->claim == Claim::transaction && used->user == std::this_thread::get_id())
                return Error{Category::programming, Code::wrong_handle,
                             "a transaction of this thread is open on this database: use its own handle until it ends, "
                             "or acquire() a connection for what shall not be part of it; nothing was sent"};
        return std::nullopt;
    }

    /// Would only this thread itself end its waiting?
    [[nodiscard]] static bool waits_for_itself(const State& state) {
        return static_cast<int>(state.in_use.size()) == state.open &&
               std::all_of(state.in_use.begin(), state.in_use.end(), [](const Pooled* used) {
                   return used->claim != Claim::lease && used->user == std::this_thread::get_id();
               });
    }

    [[nodiscard]] Result<void> wait(State& state, std::unique_lock<std::mutex>& lock, CheckoutDeadline& deadline,
                                    std::unique_ptr<Pooled>& given) {
        if (waits_for_itself(state))
            return Failure(Error{Category::programming, Code::wrong_handle,
                                 "this thread has all connections of the pool itself (a transaction or a stream is "
                                 "open): end that first, or make the pool larger; nothing was sent"});
        Waiter self;
        self.previous = state.last;
        (state.last != nullptr ? state.last->next : state.first) = &self;
        state.last = &self;
        ++state.counts.waits;
        const auto began = PoolClock::now();
        while (!self.served && self.wake.wait_until(lock, deadline.at()) != std::cv_status::timeout) continue;
        state.counts.wait_time += PoolClock::now() - began;
        if (self.served) {
            given = std::move(self.given);
            return {};
        }
        leave_queue(state, self);
        ++state.counts.timeouts;
        return Failure(timeout(state));
    }

    static void leave_queue(State& state, Waiter& waiter) noexcept {
        (waiter.previous != nullptr ? waiter.previous->next : state.first) = waiter.next;
        (waiter.next != nullptr ? waiter.next->previous : state.last) = waiter.previous;
    }

    /// The first in the queue gets `connection`, or with null the right to open one.
    static void serve(State& state, std::unique_ptr<Pooled> connection) noexcept {
        Waiter& waiter = *state.first;
        leave_queue(state, waiter);
        waiter.given = std::move(connection);
        waiter.served = true;
        waiter.wake.notify_one();
    }

    /// A connection of the pool is gone: somebody who waits may open one in its place.
    static void free_place(State& state) noexcept {
        if (state.first != nullptr && !state.closed)
            serve(state, nullptr);
        else
            --state.open;
    }

    /// Tells the observer of the leases that have become overdue. The mutex is free meanwhile.
    void tell_overdue(State& state, std::unique_lock<std::mutex>& lock, const Pooled* returned = nullptr) {
        if (settings_.report_lease_after.count() == 0) [[likely]]
            return;
        const auto now = PoolClock::now();
        std::vector<LeaseEvent> overdue;
        for (Pooled* used : state.in_use) {
            if (used->reported || now - used->taken <= settings_.report_lease_after) continue;
            used->reported = true;
            ++state.counts.overdue;
            overdue.push_back({now - used->taken, used == returned, used->where});
        }
        const std::shared_ptr<Observer> observer = observer_;
        if (overdue.empty() || observer == nullptr) return;
        lock.unlock();
        for (const LeaseEvent& event : overdue) observer->on_overdue_lease(event);
        lock.lock();
    }

    [[gnu::cold, nodiscard]] Error timeout(const State& state) const {
        std::string message = "no connection became free within " + std::to_string(settings_.timeout.count()) +
                              " ms: all " + std::to_string(state.open) + " of the pool are in use";
        const auto longest = std::min_element(state.in_use.begin(), state.in_use.end(),
                                              [](const Pooled* a, const Pooled* b) { return a->taken < b->taken; });
        if (longest != state.in_use.end()) {
            const auto held =
                std::chrono::duration_cast<std::chrono::milliseconds>(PoolClock::now() - (*longest)->taken);
            message += ", the longest for " + std::to_string(held.count()) + " ms";
            if ((*longest)->where.line() != 0)
                message.append(" by ").append((*longest)->where.file_name()).append(":") +=
                    std::to_string((*longest)->where.line());
        }
        return {Category::operational, Code::pool_timeout,
                message + ": give them back sooner, or set a larger size or max_overflow; nothing was sent"};
    }

    /// Can it be lent as it is? Otherwise it is to be replaced.
    [[nodiscard]] bool is_fit(State& state, std::unique_lock<std::mutex>& lock, Pooled& connection,
                              CheckoutDeadline& deadline) {
        if (connection.generation != state.generation) {
            ++state.counts.invalidated;
            return false;
        }
        if (connection.lifetime.count() != 0 && PoolClock::now() - connection.opened > connection.lifetime) {
            ++state.counts.recycled;
            return false;
        }
        if (!settings_.pre_ping || PoolClock::now() - connection.returned <= settings_.ping_after) return true;
        lock.unlock();
        // The other half is for a new connection, if this one does not answer.
        const bool alive = connection.answers(deadline.left() / 2);
        lock.lock();
        if (alive) return true;
        ++state.counts.invalidated;
        suspect(state, connection);
        return false;
    }

    static void suspect(State& state, const Pooled& dead) noexcept {
        if (dead.generation == state.generation) ++state.generation;
    }

    [[nodiscard]] Result<void> connect(State& state, std::unique_lock<std::mutex>& lock, CheckoutDeadline& deadline,
                                       std::unique_ptr<Pooled>& connection) {
        const std::uint64_t generation = state.generation;
        lock.unlock();
        Result<std::unique_ptr<Pooled>> opened = connector_->connect(deadline.left());
        lock.lock();
        if (!opened) {
            ++state.counts.failed_connects;
            return Failure(std::move(opened).error());
        }
        connection = *std::move(opened);
        enroll(state, *connection, generation);
        return {};
    }

    void enroll(State& state, Pooled& connection, std::uint64_t generation) {
        ++state.counts.created;
        // So that handing it back and forth never allocates.
        state.idle.reserve(static_cast<std::size_t>(state.open) + 1);
        state.in_use.reserve(static_cast<std::size_t>(state.open) + 1);
        connection.generation = generation;
        connection.process = state.process;
        connection.opened = connection.returned = PoolClock::now();
        if (settings_.recycle.count() <= 0) return;
        // An xorshift is random enough to spread a few connections.
        state.chance ^= state.chance << 13;
        state.chance ^= state.chance >> 7;
        state.chance ^= state.chance << 17;
        const double part = static_cast<double>(state.chance >> 11) / 9007199254740992.0 * settings_.jitter;
        const auto nanoseconds = std::chrono::nanoseconds{settings_.recycle};
        connection.lifetime = nanoseconds - std::chrono::nanoseconds{static_cast<std::chrono::nanoseconds::rep>(
                                                static_cast<double>(nanoseconds.count()) * std::clamp(part, 0.0, 1.0))};
    }

    Pooled* lend(State& state, std::unique_ptr<Pooled> connection, Claim claim, const std::source_location& where) {
        connection->claim = claim;
        connection->user = std::this_thread::get_id();
        connection->where = where;
        connection->reported = false;
        connection->taken = PoolClock::now();
        if (connection->observers != observers_) {
            connection->observe(observer_);
            connection->observers = observers_;
        }
        if (claim == Claim::transaction) ++state.transactions;
        ++state.counts.checkouts;
        state.in_use.push_back(connection.get());
        return connection.release();
    }

    std::unique_ptr<Connector> connector_;
    PoolSettings settings_;
    std::shared_ptr<Observer> observer_{};
    /// How often it was changed.
    std::uint64_t observers_ = 0;
    std::atomic<State*> state_;
};

}  // namespace rowan::detail

#include <chrono>
#include <concepts>
#include <memory>
#include <optional>
#include <source_location>
#include <string>
#include <type_traits>
#include <utility>

namespace rowan {

/// What a pool needs of a connection, beyond what a repository does:
///
/// - `state` tells what can be told without asking the other end.
/// - `ping(at_most)` asks it, and is back by then.
/// - `reset_session` undoes what a borrower has set; it may fail, and the connection is closed then.
/// - `is_private`: is its database its own, and gone with it? Then the pool has this connection only.
template <class C>
concept Poolable = std::movable<C> && requires(C& connection, std::chrono::milliseconds at_most) {
    { connection.state() } -> std::same_as<ConnectionState>;
    { connection.ping(at_most) } -> std::same_as<Result<void>>;
    { connection.reset_session() } -> std::same_as<Result<void>>;
    { connection.is_private() } -> std::same_as<bool>;
    { connection.roll_back_transaction() } -> std::same_as<Result<void>>;
    { connection.observe(std::shared_ptr<Observer>{}) } -> std::same_as<void>;
    { connection.transaction_state() } -> std::same_as<TransactionState>;
    { connection.scopes() } -> std::same_as<Scopes&>;
    { connection.borrow() } -> std::same_as<Borrowed<C>>;
};

namespace detail {

template <class Connection>
class PooledConnection final : public Pooled {
public:
    explicit PooledConnection(Connection made) : connection{std::move(made)} {}

    ConnectionState state() noexcept override { return connection.state(); }
    bool answers(std::chrono::milliseconds at_most) noexcept override { return connection.ping(at_most).has_value(); }
    bool clean(Reset reset) noexcept override {
        const bool left_open = connection.scopes().innermost() != outermost;
        connection.scopes().clear();
        if (Surrounding* surrounding = connection.scopes().surrounding()) return !left_open || surrounding->undo();
        if (connection.transaction_state() != TransactionState::idle && !connection.roll_back_transaction())
            return false;
        return reset == Reset::transaction || connection.reset_session().has_value();
    }

    void observe(std::shared_ptr<Observer> observer) override { connection.observe(std::move(observer)); }

    Connection connection;
};

template <class Connection, class Open>
class ConnectorOf final : public Connector {
public:
    explicit ConnectorOf(Open open) : open_{std::move(open)} {}

    Result<std::unique_ptr<Pooled>> connect(std::chrono::milliseconds at_most) override {
        Result<Connection> opened = open_(at_most);
        if (!opened) return Failure(std::move(opened).error());
        return std::make_unique<PooledConnection<Connection>>(*std::move(opened));
    }

private:
    Open open_;
};

}  // namespace detail

/// A connection that is the caller's until this goes, or `give_back`. A repository or transaction works on `*lease`,
/// and must be gone before it. May be moved to another thread.
template <class Connection>
class [[nodiscard]] Lease {
public:
    Lease(Connection& connection, detail::Pooled& pooled, Loan loan)
        : connection_{&connection}, pooled_{&pooled}, loan_{std::move(loan)} {}

    Connection& operator*() const noexcept { return *connection_; }
    Connection* operator->() const noexcept { return connection_; }

    /// Gives it back before its time. An open transaction is rolled back.
    void give_back() noexcept {
        connection_ = nullptr;
        loan_.end();
    }

    /// Has it closed when it goes back: for what has been done to it that no other borrower should meet.
    void invalidate() noexcept { pooled_->unwanted = true; }

private:
    Connection* connection_;
    detail::Pooled* pooled_;
    Loan loan_;
};

/// Connections of one type, shared by threads. A repository over a pool takes a connection for each operation,
/// `transaction` one for the whole. Every function may be called by several threads at once.
///
/// A thread that has a transaction open uses its handle: the pool itself refuses meanwhile, as what it did would not be
/// part of the transaction; `acquire` gives a connection for what shall not be. After fork() the child's pool is empty
/// and opens connections of its own: those of the parent are never used or closed by it, and handles from before the
/// fork refuse there. (SQLite itself cannot have that: there the child gets Code::not_supported.)
///
/// Costs a mutex twice a checkout, allocates nothing, and makes no round trip unless the settings ask for one.
/// Connections that are lent must come back before the program ends; the pool itself may go first.
template <Poolable Connection>
class BasicPool : public Session<BasicPool<Connection>> {
public:
    /// Opens the first connection, and fails as that does. `open(at_most)` gives a `Result<Connection>`, within a time;
    /// it is called whenever a further one is needed, by any thread that uses the pool.
    ///
    /// A connection that `is_private` (an SQLite database in memory) makes a pool of this one, whatever the settings
    /// say: another connection would see another database.
    template <class Open>
        requires std::is_invocable_r_v<Result<Connection>, Open&, std::chrono::milliseconds>
    [[nodiscard]] static Result<BasicPool> open(Open open, PoolSettings settings = {}) {
        if (auto refused = detail::refusal_of(settings)) return Failure(*std::move(refused));
        Result<Connection> first = open(settings.timeout);
        if (!first) return Failure(std::move(first).error());
        return BasicPool{std::make_unique<detail::ConnectorOf<Connection, Open>>(std::move(open)), settings,
                         *std::move(first)};
    }

    /// The same, with what `Connection::open(url, at_most)` opens.
    [[nodiscard]] static Result<BasicPool> open(std::string url, PoolSettings settings = {})
        requires requires(std::chrono::milliseconds at_most) {
            { Connection::open(url, at_most) } -> std::same_as<Result<Connection>>;
        }
    {
        return open(
            [url = std::move(url)](std::chrono::milliseconds at_most) { return Connection::open(url, at_most); },
            settings);
    }

    /// A connection for one call, and one for a stream.
    [[nodiscard]] Borrowed<Connection> borrow() { return borrow(detail::Claim::call); }
    [[nodiscard]] Borrowed<Connection> borrow_for_stream() { return borrow(detail::Claim::stream); }

    /// A transaction on a connection of its own, which goes back when the transaction ends. Rolled back unless it is
    /// committed.
    [[nodiscard]] Result<BasicTransaction<Connection>> begin(
        const TransactionOptions& options = {}, std::source_location where = std::source_location::current()) {
        Result<detail::Pooled*> pooled = core_->take(detail::Claim::transaction, where);
        if (!pooled) return Failure(std::move(pooled).error());
        Loan loan = loan_of(**pooled);
        Result<BasicTransaction<Connection>> begun = connection_of(**pooled).begin(options);
        if (begun) begun->keep(std::move(loan));
        return begun;
    }

    /// A connection for as long as the caller wants. `where` is named when it is held for too long.
    [[nodiscard]] Result<Lease<Connection>> acquire(std::source_location where = std::source_location::current()) {
        Result<detail::Pooled*> pooled = core_->take(detail::Claim::lease, where);
        if (!pooled) return Failure(std::move(pooled).error());
        return Lease<Connection>{connection_of(**pooled), **pooled, loan_of(**pooled)};
    }

    /// Why this thread must use its transaction's handle now, or nothing.
    [[nodiscard]] std::optional<Error> refusal() { return core_->refusal(); }

    /// Tells `observer` of every statement of those who borrow a connection from now on, of transactions that are run
    /// again, and of leases that are overdue; null tells nobody.
    void observe(std::shared_ptr<Observer> observer) { core_->observe(std::move(observer)); }
    [[nodiscard]] std::shared_ptr<Observer> observer() { return core_->observer(); }

    [[nodiscard]] PoolStatistics statistics() { return core_->statistics(); }
    /// As they are in force.
    [[nodiscard]] const PoolSettings& settings() const noexcept { return core_->settings(); }

    /// A pool of `first`, and of what `connector` opens.
    BasicPool(std::unique_ptr<detail::Connector> connector, PoolSettings settings, Connection first) {
        if (first.is_private()) {
            settings.size = 1;
            settings.max_overflow = 0;
            settings.recycle = {};
            settings.reset = Reset::transaction;
        }
        core_.reset(new detail::PoolCore{std::move(connector), settings});
        core_->adopt(std::make_unique<detail::PooledConnection<Connection>>(std::move(first)));
    }

private:
    [[nodiscard]] Borrowed<Connection> borrow(detail::Claim claim) {
        Result<detail::Pooled*> pooled = core_->take(claim);
        if (!pooled) return std::move(pooled).error();
        Loan loan = loan_of(**pooled);
        return connection_of(**pooled).borrow().until(std::move(loan));
    }

    struct Close {
        void operator()(detail::PoolCore* core) const noexcept { core->close(); }
    };

    static Connection& connection_of(detail::Pooled& pooled) {
        return static_cast<detail::PooledConnection<Connection>&>(pooled).connection;
    }

    Loan loan_of(detail::Pooled& pooled) {
        return {[](void* lender, void* lent, Loan::Stage stage) noexcept {
                    auto& core = *static_cast<detail::PoolCore*>(lender);
                    auto& connection = *static_cast<detail::Pooled*>(lent);
                    stage == Loan::Stage::ended ? core.give_back(connection) : core.relax(connection);
                },
                core_.get(), &pooled};
    }

    std::unique_ptr<detail::PoolCore, Close> core_;
};

template <class Connection>
inline constexpr bool chooses_at_run_time<BasicPool<Connection>> = chooses_at_run_time<Connection>;
template <class Connection>
inline constexpr bool renews_connection<BasicPool<Connection>> = true;

}  // namespace rowan

// ---- rowan/session/replicas.hpp ----



#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace rowan {

/// Servers that follow the primary. Read-only sessions go to one of them, in turn, and everything else to the primary:
/// also a read-only session that is serializable, which replicas do not have, or while no replica is there, or all are
/// too far behind.
///
/// What a replica shows may be older than what the program has just stored, by up to `max_lag` and the time between two
/// checks. A program that must see its own writes reads in a `transaction`, which goes to the primary.
struct ReplicaSettings {
    std::vector<std::string> urls{};
    /// A replica that is further behind is left out.
    std::chrono::milliseconds max_lag{5000};
    /// How long a check of a replica's lag holds good. The first read-only session behind that makes a new one, a round
    /// trip.
    std::chrono::milliseconds check_every{1000};
    /// For connecting to a replica, waiting for one of its connections and asking it. Then another one serves, or the
    /// primary. The pool's own time-out holds where it is shorter.
    std::chrono::milliseconds timeout{2000};
};

namespace detail {

/// Pools of replicas, opened when they are first needed, so that one that is down keeps nobody from starting.
template <class AnyPool>
class Replicas {
    using Clock = std::chrono::steady_clock;

public:
    Replicas(ReplicaSettings settings, const PoolSettings& pool)
        : settings_{std::move(settings)}, pool_settings_{pool} {
        pool_settings_.timeout = std::min(pool_settings_.timeout, settings_.timeout);
        for (std::string& url : settings_.urls) members_.push_back(std::make_unique<Member>(std::move(url)));
    }

    [[nodiscard]] std::size_t size() const noexcept { return members_.size(); }

    /// The next one that is near enough to the primary, or null.
    [[nodiscard]] AnyPool* choose() {
        const std::size_t first = next_.fetch_add(1, std::memory_order_relaxed);
        for (std::size_t i = 0; i != members_.size(); ++i) {
            Member& member = *members_[(first + i) % members_.size()];
            if (AnyPool* pool = check(member)) return pool;
        }
        return nullptr;
    }

    /// `pool` has failed: it is left out until the next check.
    void leave_out(const AnyPool* pool) {
        for (const auto& member : members_) {
            const std::lock_guard lock{member->mutex};
            if (!member->pool || &*member->pool != pool) continue;
            member->usable = false;
            member->checked = Clock::now();
        }
    }

    void observe(const std::shared_ptr<Observer>& observer) {
        for (const auto& member : members_) {
            const std::lock_guard lock{member->mutex};
            member->observer = observer;
            if (member->pool) member->pool->observe(observer);
        }
    }

    [[nodiscard]] std::vector<Health> health() {
        std::vector<Health> all;
        for (const auto& member : members_) {
            const std::lock_guard lock{member->mutex};
            if (Result<void> opened = open(*member); !opened) {
                Health& health = all.emplace_back();
                health.error = std::move(opened).error();
            } else {
                all.push_back(health_of(*member->pool));
            }
        }
        return all;
    }

private:
    struct Member {
        explicit Member(std::string where) : url{std::move(where)} {}

        const std::string url;
        std::mutex mutex{};
        std::optional<AnyPool> pool{};
        std::shared_ptr<Observer> observer{};
        std::optional<Clock::time_point> checked{};
        bool usable = false;
    };

    [[nodiscard]] Result<void> open(Member& member) {
        if (member.pool) return {};
        Result<AnyPool> pool = AnyPool::open(member.url, pool_settings_);
        if (!pool) return Failure(std::move(pool).error());
        pool->observe(member.observer);
        member.pool.emplace(*std::move(pool));
        return {};
    }

    [[nodiscard]] AnyPool* check(Member& member) {
        std::unique_lock lock{member.mutex, std::try_to_lock};
        // Another thread is checking it: rather than wait for that, go on with the next one.
        if (!lock.owns_lock()) return nullptr;
        if (!member.checked || Clock::now() - *member.checked > settings_.check_every) {
            member.usable = open(member).has_value() && is_near(*member.pool);
            member.checked = Clock::now();
        }
        return member.usable ? &*member.pool : nullptr;
    }

    [[nodiscard]] bool is_near(AnyPool& pool) const {
        auto lease = pool.acquire();
        if (!lease) return false;
        const Result<ServerStatus> status = (*lease)->status();
        // One that was made a primary itself goes its own way from then on.
        return status && status->is_replica && status->lag && *status->lag <= settings_.max_lag;
    }

    ReplicaSettings settings_;
    PoolSettings pool_settings_;
    std::vector<std::unique_ptr<Member>> members_{};
    std::atomic<std::size_t> next_{0};
};

}  // namespace detail
}  // namespace rowan

// ---- rowan/session/statistics.hpp ----



#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace rowan {

struct TableStatistics {
    std::string table{};
    std::int64_t rows = 0;
    /// With its indexes. Nothing where the database cannot tell (SQLite without its dbstat table).
    std::optional<std::int64_t> bytes{};
};

struct DatabaseStatistics {
    StorageStatistics storage{};
    std::vector<TableStatistics> tables{};
};

namespace detail {

template <class T, class Connection>
Result<void> add_table_statistics(Connection& connection, DatabaseStatistics& statistics) {
    constexpr const TableInfo& info = table_info<T>;
    TableStatistics table;
    table.table = info.schema.empty() ? std::string{info.name} : std::string{info.schema}.append(".").append(info.name);
    const std::string count = run_time_text([&](TextWriter& out) {
        out << "SELECT count(*) FROM ";
        write_table_name(out, Connection::dialect, info);
    });
    auto rows = query_by_hand<std::int64_t>(connection, unsafe_sql{count});
    if (!rows) return Failure(std::move(rows).error());
    table.rows = rows->at(0);
    const std::string name =
        run_time_text([](TextWriter& out) { Connection::dialect.write_live_name(out, info.schema, info.name); });
    Result<std::optional<std::int64_t>> bytes = connection.table_bytes(name);
    if (!bytes) return Failure(std::move(bytes).error());
    table.bytes = *bytes;
    statistics.tables.push_back(std::move(table));
    return {};
}

template <class... Structs, class Connection>
Result<DatabaseStatistics> statistics_on(Connection& connection) {
    DatabaseStatistics statistics;
    Result<StorageStatistics> storage = connection.storage();
    if (!storage) return Failure(std::move(storage).error());
    statistics.storage = *storage;
    Result<void> done{};
    (void)((done = add_table_statistics<Structs>(connection, statistics), done.has_value()) && ...);
    if (!done) return Failure(std::move(done).error());
    return statistics;
}

}  // namespace detail
}  // namespace rowan

#include <chrono>
#include <cstddef>
#include <memory>
#include <source_location>
#include <string>
#include <string_view>
#include <utility>

namespace rowan {

/// Connections to the database that a URL names, chosen when the program runs.
using Pool = BasicPool<AnyConnection>;

class Database;
template <>
inline constexpr bool chooses_at_run_time<Database> = true;
template <>
inline constexpr bool renews_connection<Database> = true;

namespace detail {

/// What a Database does. A template, as a program then compiles only those of its functions that it calls.
template <class Self, class Connection>
class DatabaseOf : public Session<Self> {
public:
    using Pool = BasicPool<Connection>;

    explicit DatabaseOf(Pool pool) : primary_{std::move(pool)} {}

    /// A connection that is there already. It stays the only one, and is not replaced when it breaks.
    template <class Given>
        requires Connection::template
    holds<Given> explicit DatabaseOf(Given&& connection)
        : primary_{std::make_unique<ConnectorOf<Connection, NoFurther>>(NoFurther{}),
                   PoolSettings{.size = 1, .max_overflow = 0}, Connection{std::forward<Given>(connection)}} {}

    /// See BasicPool.
    [[nodiscard]] Borrowed<Connection> borrow() { return primary_.borrow(); }
    [[nodiscard]] Borrowed<Connection> borrow_for_stream() { return primary_.borrow_for_stream(); }

    /// A transaction on a connection of its own, rolled back unless it is committed.
    [[nodiscard]] Result<BasicTransaction<Connection>> begin(
        const TransactionOptions& options = {}, std::source_location where = std::source_location::current()) {
        // A replica has no serializable transactions.
        if (options.read_only && options.isolation != Isolation::serializable && replicas_ != nullptr) {
            if (auto refused = primary_.refusal()) return Failure(*std::move(refused));
            for (std::size_t i = 0; i != replicas_->size(); ++i) {
                Pool* replica = replicas_->choose();
                if (replica == nullptr) break;
                Result<BasicTransaction<Connection>> begun = replica->begin(options, where);
                if (begun || begun.error().category() != Category::operational) return begun;
                replicas_->leave_out(replica);
            }
        }
        return primary_.begin(options, where);
    }

    /// A connection for as long as the caller wants.
    [[nodiscard]] Result<Lease<Connection>> acquire(std::source_location where = std::source_location::current()) {
        return primary_.acquire(where);
    }

    /// See BasicPool.
    void observe(std::shared_ptr<Observer> observer) {
        if (replicas_ != nullptr) replicas_->observe(observer);
        primary_.observe(std::move(observer));
    }
    [[nodiscard]] std::shared_ptr<Observer> observer() { return primary_.observer(); }

    /// Read-only sessions go there from now on; not while other threads use this database.
    void use_replicas(ReplicaSettings settings) {
        replicas_ = std::make_unique<Replicas<Pool>>(std::move(settings), primary_.settings());
        replicas_->observe(primary_.observer());
    }

    /// How the primary is, and each replica. Never fails: what is wrong stands in it. Takes two round trips a server,
    /// and waits for a connection like others.
    [[nodiscard]] Health health() {
        Health health = health_of(primary_);
        if (replicas_ != nullptr) health.replicas = replicas_->health();
        return health;
    }

    /// What the primary holds: `stats<Candle, Order>()` counts these tables' rows and bytes as well. Counting reads the
    /// whole table or an index of it.
    template <class... Structs>
    [[nodiscard]] Result<DatabaseStatistics> stats() {
        return primary_.lend([](auto& connection) { return statistics_on<Structs...>(connection); });
    }

    /// The connections to the primary.
    [[nodiscard]] Pool& pool() noexcept { return primary_; }

private:
    struct NoFurther {
        Result<Connection> operator()(std::chrono::milliseconds) const {
            return Failure(Error{Category::operational, Code::disconnect,
                                 "the connection that this database was made of is gone, and there is no URL to open "
                                 "another: nothing was sent"});
        }
    };

    Pool primary_;
    std::unique_ptr<Replicas<Pool>> replicas_{};
};

}  // namespace detail

/// The database that a URL names, chosen when the program runs: a pool of connections to it. May be used by several
/// threads at once, and moved while nobody uses it and no transaction or repository works on it.
class Database : public detail::DatabaseOf<Database, AnyConnection> {
public:
    using DatabaseOf::DatabaseOf;
};

using Transaction = BasicTransaction<AnyConnection>;
using ReadOnly = BasicReadOnly<AnyConnection>;

/// Opens the database that `url` names:
///
///     sqlite:market.db, sqlite::memory:, sqlite:///var/lib/market.db?synchronous=full   (see sqlite::parse_url)
///     postgresql://user:password@host:5432/database, postgres://…                        (see
///     postgres::Connection::open)
///
/// Reserved characters in a part are percent-encoded. The first connection is opened at once, further ones as threads
/// need them. Read-only sessions go to replicas, where there are any; one that is not there now may come later. Fails
/// with Code::invalid_url, or as the connection does; no error repeats a password.
template <class Opened = Database>
[[nodiscard]] Result<Opened> open(std::string_view url, const PoolSettings& settings = {},
                                  ReplicaSettings replicas = {}) {
    Result<Pool> pool = Pool::open(std::string{url}, settings);
    if (!pool) return Failure(std::move(pool).error());
    Opened database{*std::move(pool)};
    if (!replicas.urls.empty()) database.use_replicas(std::move(replicas));
    return database;
}

}  // namespace rowan

// ---- rowan/session/environment.hpp ----



#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#if !defined(_WIN32)
#include <sys/stat.h>
#endif

/// A database as the environment names it, so that the same program runs on a desk, in a test and in production.
namespace rowan {

struct EnvironmentOptions {
    /// Names and values for what the environment itself does not have. It need not be there; empty: none.
    std::string env_file = ".env";
    /// Where DATABASE_URL is missing, and this is not production; empty: an error there as well.
    std::string fallback_url = "sqlite:development.db";
};

/// What the environment says.
struct DatabaseSettings {
    std::string url{};
    PoolSettings pool{};
    ReplicaSettings replicas{};
    bool is_production = false;
    /// What somebody should know who reads the log: that a fallback was taken, say.
    std::vector<std::string> notes{};
};

namespace detail {

[[nodiscard]] inline std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blank = " \t\r";
    const std::size_t begin = text.find_first_not_of(blank);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(blank) + 1 - begin);
}

/// The names and values of an .env file: a line each, `NAME=value`, with `export` before it and quotes around the value
/// where wanted; `#` begins a comment. A template, as a program that reads no environment then does not compile it.
template <class Text>
class BasicEnvFile {
public:
    [[nodiscard]] static Result<BasicEnvFile> read(const std::string& path) {
        BasicEnvFile file;
        const std::unique_ptr<std::FILE, int (*)(std::FILE*)> handle{std::fopen(path.c_str(), "rb"), &std::fclose};
        if (!handle) return file;
#if !defined(_WIN32)
        struct stat about {};
        file.is_shared_ = ::fstat(::fileno(handle.get()), &about) == 0 && (about.st_mode & (S_IRWXG | S_IRWXO)) != 0;
#endif
        Text text;
        char part[4096];
        while (const std::size_t size = std::fread(part, 1, sizeof part, handle.get())) text.append(part, size);
        std::string_view rest = text;
        for (int number = 1; !rest.empty(); ++number) {
            const std::string_view line = rest.substr(0, rest.find('\n'));
            rest.remove_prefix(line.size() == rest.size() ? line.size() : line.size() + 1);
            if (!file.add(trimmed(line)))
                return Failure(Error{Category::programming, Code::misuse,
                                     path + ":" + std::to_string(number) + ": a line is NAME=value, or a # comment"});
        }
        return file;
    }

    [[nodiscard]] std::optional<Text> value(std::string_view name) const {
        std::optional<Text> found;
        for (const auto& [known, text] : values_)
            if (known == name) found = text;
        return found;
    }

    /// Can others than its owner read it?
    [[nodiscard]] bool is_shared() const noexcept { return is_shared_; }

private:
    [[nodiscard]] bool add(std::string_view line) {
        if (line.empty() || line[0] == '#') return true;
        if (line.substr(0, 7) == "export ") line = trimmed(line.substr(7));
        const std::size_t equals = line.find('=');
        if (equals == 0 || equals == std::string_view::npos) return false;
        const std::string_view name = trimmed(line.substr(0, equals));
        std::string_view value = trimmed(line.substr(equals + 1));
        if (!value.empty() && (value[0] == '"' || value[0] == '\'')) {
            const std::size_t end = value.find(value[0], 1);
            if (end == std::string_view::npos) return false;
            const std::string_view behind = trimmed(value.substr(end + 1));
            if (!behind.empty() && behind[0] != '#') return false;
            value = value.substr(1, end - 1);
        } else {
            value = trimmed(value.substr(0, value.find(" #")));
        }
        values_.emplace_back(name, value);
        return true;
    }

    std::vector<std::pair<Text, Text>> values_{};
    bool is_shared_ = false;
};

/// Reads one variable after the other, and notes the first that cannot be understood.
template <class File>
class EnvironmentReader {
public:
    explicit EnvironmentReader(const File& file) : file_{file} {}

    /// Set to nothing counts as not set.
    [[nodiscard]] std::string text(const char* name) const {
        if (const char* value = std::getenv(name); value != nullptr && *value != '\0') return value;
        return file_.value(name).value_or("");
    }

    void integer(const char* name, int& value) {
        const std::string given = text(name);
        if (given.empty()) return;
        const auto [end, problem] = std::from_chars(given.data(), given.data() + given.size(), value);
        if (problem != std::errc{} || end != given.data() + given.size()) refuse(name, "an integer");
    }

    /// In seconds, with a fraction where wanted.
    void seconds(const char* name, std::chrono::milliseconds& value) {
        const std::string given = text(name);
        if (given.empty()) return;
        double number = 0;
        const auto [end, problem] = std::from_chars(given.data(), given.data() + given.size(), number);
        if (problem != std::errc{} || end != given.data() + given.size() || !(number >= -1 && number < 1e9))
            return refuse(name, "a number of seconds");
        value = std::chrono::milliseconds{static_cast<std::chrono::milliseconds::rep>(number * 1000)};
    }

    void boolean(const char* name, bool& value) {
        const std::string given = lower(text(name));
        if (given.empty()) return;
        value = given == "1" || given == "true" || given == "yes" || given == "on";
        if (!value && given != "0" && given != "false" && given != "no" && given != "off")
            refuse(name, "true or false");
    }

    [[nodiscard]] static std::string lower(std::string text) {
        for (char& c : text)
            if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        return text;
    }

    [[nodiscard]] const std::optional<Error>& refused() const noexcept { return refused_; }

private:
    void refuse(const char* name, const char* wanted) {
        if (!refused_)
            refused_ = Error{Category::programming, Code::misuse,
                             std::string{"the environment's "} + name + " is not " + wanted};
    }

    const File& file_;
    std::optional<Error> refused_{};
};

}  // namespace detail

/// Reads the environment, and an .env file for what is not in it:
///
///     DATABASE_URL            see rowan::open
///     DATABASE_REPLICA_URLS   of servers that follow it, with blanks between them
///     DB_POOL_SIZE            connections that are kept open
///     DB_MAX_OVERFLOW         further ones for a rush; -1: no bound
///     DB_POOL_TIMEOUT         seconds to wait for one
///     DB_POOL_RECYCLE         seconds after which one is replaced; -1 or 0: never
///     DB_POOL_PRE_PING        true: ask whether the server is there before a connection is lent
///     ENVIRONMENT             production, or anything else
///
/// In production a missing DATABASE_URL is an error, and so is an .env file that others than its owner can read. The
/// values of the variables are in no error.
template <class Settings = DatabaseSettings>
[[nodiscard]] Result<Settings> read_environment(const EnvironmentOptions& options = {}) {
    using EnvFile = detail::BasicEnvFile<std::string>;
    Result<EnvFile> file = EnvFile{};
    if (!options.env_file.empty()) file = EnvFile::read(options.env_file);
    if (!file) return Failure(std::move(file).error());
    detail::EnvironmentReader<EnvFile> reader{*file};
    Settings settings;
    const std::string environment = detail::EnvironmentReader<EnvFile>::lower(reader.text("ENVIRONMENT"));
    settings.is_production = environment == "production" || environment == "prod";
    if (settings.is_production && file->is_shared())
        return Failure(
            Error{Category::operational, Code::permission_denied,
                  options.env_file + " can be read by others, and may hold a password: chmod 600 " + options.env_file});
    settings.url = reader.text("DATABASE_URL");
    if (settings.url.empty()) {
        if (settings.is_production || options.fallback_url.empty())
            return Failure(Error{Category::operational, Code::invalid_url,
                                 "DATABASE_URL is not set: set it to sqlite:… or postgresql://…"});
        settings.url = options.fallback_url;
        settings.notes.push_back("DATABASE_URL is not set, and ENVIRONMENT is not production: using " +
                                 options.fallback_url);
    }
    // URLs of several hosts have commas.
    const std::string replicas = reader.text("DATABASE_REPLICA_URLS");
    for (std::string_view rest = detail::trimmed(replicas); !rest.empty(); rest = detail::trimmed(rest)) {
        const std::string_view url = rest.substr(0, rest.find_first_of(" \t"));
        settings.replicas.urls.emplace_back(url);
        rest.remove_prefix(url.size());
    }
    reader.integer("DB_POOL_SIZE", settings.pool.size);
    reader.integer("DB_MAX_OVERFLOW", settings.pool.max_overflow);
    reader.seconds("DB_POOL_TIMEOUT", settings.pool.timeout);
    reader.seconds("DB_POOL_RECYCLE", settings.pool.recycle);
    if (settings.pool.recycle.count() < 0) settings.pool.recycle = {};
    reader.boolean("DB_POOL_PRE_PING", settings.pool.pre_ping);
    if (reader.refused()) return Failure(*reader.refused());
    return settings;
}

/// Opens the database that the environment names: see read_environment. What somebody should know goes to stderr, a
/// line each.
template <class Opened = Database>
[[nodiscard]] Result<Opened> open_from_environment(const EnvironmentOptions& options = {}) {
    auto settings = read_environment(options);
    if (!settings) return Failure(std::move(settings).error());
    for (const std::string& note : settings->notes) std::fprintf(stderr, "rowan: %s\n", note.c_str());
    return open<Opened>(settings->url, settings->pool, std::move(settings->replicas));
}

}  // namespace rowan
// clang-format on

// ---- rowan/observe.hpp ----


// What can be done with the statements that an observer sees.

// ---- rowan/observe/observers.hpp ----



#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace rowan {

/// Several observers in the place of one, told in their order:
/// `connection.observe(std::make_shared<rowan::Observers>(log, summary))`. Those that do not want values do not get
/// them. Safe from any thread if each of them is.
class Observers : public Observer {
public:
    explicit Observers(std::vector<std::shared_ptr<Observer>> observers) {
        for (std::shared_ptr<Observer>& observer : observers)
            if (observer != nullptr) add(std::move(observer));
    }

    template <class... Derived>
    explicit Observers(std::shared_ptr<Derived>... observers)
        : Observers{std::vector<std::shared_ptr<Observer>>{std::move(observers)...}} {}

    [[nodiscard]] bool wants_values() const noexcept override { return wants_values_; }

    void on_statement(const StatementEvent& event) noexcept override {
        StatementEvent bare = event;
        bare.values = {};
        for (const Member& member : members_) member.observer->on_statement(member.wants_values ? event : bare);
    }

    void on_retry(const RetryEvent& event) noexcept override {
        for (const Member& member : members_) member.observer->on_retry(event);
    }

    void on_overdue_lease(const LeaseEvent& event) noexcept override {
        for (const Member& member : members_) member.observer->on_overdue_lease(event);
    }

private:
    struct Member {
        std::shared_ptr<Observer> observer;
        bool wants_values;
    };

    void add(std::shared_ptr<Observer> observer) {
        const bool wants = observer->wants_values();
        wants_values_ = wants_values_ || wants;
        members_.push_back({std::move(observer), wants});
    }

    std::vector<Member> members_;
    bool wants_values_ = false;
};

}  // namespace rowan

// ---- rowan/observe/repeat_guard.hpp ----



// ---- rowan/observe/literals.hpp ----


#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace rowan::detail {

/// Makes one text of all statements that differ only in the values that are written into them: strings and numbers
/// become `?`, lists of them `?, …`, comments and runs of white space one space. Knows the ways of both databases to
/// quote. What is not closed is left out to the end.
class LiteralRemover {
public:
    explicit LiteralRemover(std::string_view text) : rest_{text} {}

    [[nodiscard]] std::string run() {
        while (!rest_.empty()) step();
        while (!out_.empty() && out_.back() == ' ') out_.pop_back();
        return std::move(out_);
    }

private:
    static bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
    static bool is_digit(char c) { return c >= '0' && c <= '9'; }
    static bool is_word(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' ||
               static_cast<unsigned char>(c) >= 0x80;
    }

    [[nodiscard]] char next(std::size_t i) const { return i < rest_.size() ? rest_[i] : '\0'; }

    void step() {
        const char c = rest_.front();
        if (is_space(c)) return take_space(1);
        if (c == '-' && next(1) == '-') return take_space(rest_.find('\n'));
        if (c == '/' && next(1) == '*') return take_comment();
        if (c == '\'') return take_string(false);
        if (c == '"' || c == '`') return copy(quoted_length(c));
        // A placeholder keeps its number or name.
        if (c == '$' || c == '?' || c == ':' || c == '@') return take_mark();
        if (is_digit(c) || (c == '.' && is_digit(next(1)))) return take_number();
        if (is_word(c)) return take_word();
        copy(1);
    }

    void skip(std::size_t length) { rest_.remove_prefix(length < rest_.size() ? length : rest_.size()); }

    void copy(std::size_t length) {
        out_ += rest_.substr(0, length);
        skip(length);
    }

    void take_space(std::size_t length) {
        skip(length);
        if (!out_.empty() && out_.back() != ' ') out_ += ' ';
    }

    /// They may be nested.
    void take_comment() {
        std::size_t depth = 0;
        std::size_t at = 0;
        do {
            if (next(at) == '/' && next(at + 1) == '*') {
                ++depth;
                at += 2;
            } else if (next(at) == '*' && next(at + 1) == '/') {
                --depth;
                at += 2;
            } else {
                ++at;
            }
        } while (depth != 0 && at < rest_.size());
        take_space(at);
    }

    /// A doubled quote does not end it.
    [[nodiscard]] std::size_t quoted_length(char quote) const {
        for (std::size_t at = 1; at < rest_.size(); ++at) {
            if (rest_[at] != quote) continue;
            if (next(at + 1) != quote) return at + 1;
            ++at;
        }
        return rest_.size();
    }

    void take_string(bool backslashes) {
        std::size_t at = 1;
        for (; at < rest_.size(); ++at) {
            if (backslashes && rest_[at] == '\\') {
                ++at;
            } else if (rest_[at] == '\'') {
                if (next(at + 1) != '\'') break;
                ++at;
            }
        }
        skip(at + 1);
        put_value();
    }

    void take_mark() {
        if (rest_.front() == '$' && !is_digit(next(1))) {
            std::size_t end = 1;
            while (is_word(next(end))) ++end;
            if (next(end) == '$') {
                const std::string_view tag = rest_.substr(0, end + 1);
                const std::size_t close = rest_.find(tag, tag.size());
                skip(close == std::string_view::npos ? close : close + tag.size());
                return put_value();
            }
        }
        std::size_t end = 1;
        while (is_word(next(end))) ++end;
        copy(end);
    }

    void take_number() {
        std::size_t end = 1;
        for (; end < rest_.size(); ++end) {
            const bool sign =
                (rest_[end] == '+' || rest_[end] == '-') && (rest_[end - 1] == 'e' || rest_[end - 1] == 'E');
            if (!is_word(rest_[end]) && rest_[end] != '.' && !sign) break;
        }
        skip(end);
        put_value();
    }

    void take_word() {
        std::size_t end = 1;
        while (is_word(next(end)) || next(end) == '$') ++end;
        if (next(end) == '\'') {
            // A letter in front of a string is a part of it, such as x'00ff'; only after an E a backslash is special.
            const bool escapes = end == 1 && (rest_.front() == 'e' || rest_.front() == 'E');
            if (end != 1)
                copy(end);
            else
                skip(end);
            return take_string(escapes);
        }
        copy(end);
    }

    void put_value() {
        constexpr std::string_view more = "?, …";
        const std::size_t end = out_.find_last_not_of(' ');
        if (end != std::string::npos && out_[end] == ',') {
            const std::size_t before = out_.find_last_not_of(' ', end == 0 ? 0 : end - 1);
            const std::string_view list = std::string_view{out_}.substr(0, before + 1);
            if (list.ends_with(more)) return out_.resize(list.size());
            if (list.ends_with('?')) {
                out_.resize(list.size() - 1);
                out_ += more;
                return;
            }
        }
        out_ += '?';
    }

    std::string_view rest_;
    std::string out_{};
};

[[nodiscard]] inline std::string without_literals(std::string_view text) { return LiteralRemover{text}.run(); }

}  // namespace rowan::detail

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rowan {

/// When does a statement run too often?
struct RepeatLimit {
    /// So many times are too many.
    std::size_t count = 10;
    /// Counts within each transaction, and nothing outside of them; else everything from the guard's beginning on.
    bool per_transaction = false;
    /// Counts statements that write as well. A range that is inserted may be one statement a row, and rightly so.
    bool writes = false;
};

struct Repeated {
    std::string text{};
    std::size_t count = 0;
};

/// Counts how often each statement runs: the observer behind RepeatGuard. Safe from any thread.
class RepeatCounter : public Observer {
public:
    explicit RepeatCounter(RepeatLimit limit) : limit_{limit} {}

    void on_statement(const StatementEvent& event) noexcept override {
        const StatementKind kind = event.kind();
        const std::lock_guard lock{mutex_};
        if (limit_.per_transaction) {
            if (kind == StatementKind::begin) open_[event.connection].clear();
            if (kind == StatementKind::commit || kind == StatementKind::rollback) open_.erase(event.connection);
        }
        if (kind != StatementKind::statement || !(limit_.writes || reads(event.text))) return;
        std::string text = event.is_constant ? std::string{event.text} : detail::without_literals(event.text);
        if (!limit_.per_transaction) {
            ++most_[std::move(text)];
        } else if (const auto counts = open_.find(event.connection); counts != open_.end()) {
            const std::size_t count = ++counts->second[text];
            std::size_t& most = most_[std::move(text)];
            most = std::max(most, count);
        }
    }

    /// The statements that ran too often, with how often (in one transaction), most first.
    [[nodiscard]] std::vector<Repeated> repeated() const {
        std::vector<Repeated> all;
        {
            const std::lock_guard lock{mutex_};
            for (const auto& [text, count] : most_)
                if (count >= limit_.count) all.push_back({text, count});
        }
        std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.count > b.count; });
        return all;
    }

    /// One sentence for each of them.
    [[nodiscard]] std::vector<std::string> messages() const {
        std::vector<std::string> all;
        for (const Repeated& one : repeated())
            all.push_back("one statement ran " + std::to_string(one.count) + " times" +
                          (limit_.per_transaction ? " in a transaction" : "") + ", where " +
                          std::to_string(limit_.count) +
                          " are too many; a join or in(…) may do it in one: " + one.text);
        return all;
    }

private:
    using Counts = std::map<std::string, std::size_t>;

    static bool reads(std::string_view text) {
        detail::WordReader words{text};
        return words.take("SELECT") || words.take("WITH") || words.take("VALUES");
    }

    RepeatLimit limit_;
    mutable std::mutex mutex_;
    Counts most_{};
    /// Of each connection with an open transaction.
    std::map<std::uint64_t, Counts> open_{};
};

namespace detail {

struct PrintRepeat {
    void operator()(const std::string& message) const { std::fprintf(stderr, "rowan: %s\n", message.c_str()); }
};

}  // namespace detail

/// Finds the N+1 problem in a test: the same statement, run once for each row of another.
///
///     rowan::RepeatGuard guard{db, {.count = 5}, [](const std::string& message) { FAIL_CHECK(message); }};
///     … what is tested …
///
/// At its end it calls `report(message)`, which must not throw, for each statement that ran `count` times or more in
/// between, unless `check` was called before. Without `report` it writes to stderr. Statements that differ only in
/// values are the same. An observer that is attached already goes on, and is back alone afterwards. `db` is whatever
/// has `observe` and `observer`, used as it says, and must outlive the guard.
template <class Db, class Report = detail::PrintRepeat>
class [[nodiscard]] RepeatGuard {
public:
    explicit RepeatGuard(Db& db, RepeatLimit limit = {}, Report report = {})
        : db_{db},
          report_{std::move(report)},
          counter_{std::make_shared<RepeatCounter>(limit)},
          before_{db.observer()} {
        both_ = std::make_shared<Observers>(before_, counter_);
        db_.observe(both_);
    }
    RepeatGuard(const RepeatGuard&) = delete;
    RepeatGuard& operator=(const RepeatGuard&) = delete;
    ~RepeatGuard() {
        // Somebody else's may have taken its place.
        if (db_.observer() == both_) db_.observe(before_);
        if (is_checked_) return;
        for (const std::string& message : counter_->messages()) report_(message);
    }

    /// Did no statement run too often so far? The error, programming/misuse, names the one that did most often.
    [[nodiscard]] Result<void> check() {
        is_checked_ = true;
        const std::vector<std::string> messages = counter_->messages();
        if (messages.empty()) return {};
        return Failure(Error{Category::programming, Code::misuse, messages.front()});
    }

    [[nodiscard]] std::vector<Repeated> repeated() const { return counter_->repeated(); }

private:
    Db& db_;
    Report report_;
    std::shared_ptr<RepeatCounter> counter_;
    std::shared_ptr<Observer> before_;
    std::shared_ptr<Observer> both_{};
    bool is_checked_ = false;
};

}  // namespace rowan

// ---- rowan/observe/slow_queries.hpp ----



// ---- rowan/observe/disclosure.hpp ----



// ---- rowan/observe/writing.hpp ----


#include <charconv>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <source_location>
#include <string>
#include <string_view>

/// How reports are written, without regard to the locale.
namespace rowan::detail {

template <std::integral Number>
void append_number(std::string& out, Number number) {
    char digits[24];
    out.append(digits, static_cast<std::size_t>(std::to_chars(digits, digits + sizeof digits, number).ptr - digits));
}

/// 12345 as `12.345`
inline void append_thousandths(std::string& out, std::int64_t number) {
    append_number(out, number / 1000);
    const auto rest = static_cast<int>(number % 1000);
    out += '.';
    for (const int digit : {rest / 100, rest / 10 % 10, rest % 10}) out += static_cast<char>('0' + digit);
}

/// `12.345`, rounded down.
inline void append_milliseconds(std::string& out, std::chrono::nanoseconds duration) {
    append_thousandths(out, duration.count() / 1000);
}

/// `orders.cpp:120`
inline void append_place(std::string& out, const std::source_location& place) {
    const std::string_view path = place.file_name();
    out.append(path.substr(path.find_last_of("/\\") + 1)).append(1, ':');
    append_number(out, place.line());
}

inline void append_hex(std::string& out, unsigned char byte) {
    constexpr std::string_view digits = "0123456789abcdef";
    out += digits[byte >> 4];
    out += digits[byte & 15];
}

/// Keeps a line a line: what a value holds can neither end it nor talk to a terminal.
inline void append_in_one_line(std::string& out, std::string_view text) {
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x20 && byte != 0x7F) {
            out += c;
        } else if (c == '\n') {
            out += "\\n";
        } else if (c == '\t') {
            out += "\\t";
        } else {
            append_hex(out.append("\\x"), byte);
        }
    }
}

/// The length of the UTF-8 character at the front of a text, 0 if there is none that is valid.
inline std::size_t utf8_length(std::string_view text) {
    const auto at = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
    const auto follows = [&](std::size_t i) { return (at(i) & 0xC0) == 0x80; };
    const unsigned first = at(0);
    if (first < 0x80) return 1;
    if (first < 0xC2) return 0;
    if (first < 0xE0) return follows(1) ? 2 : 0;
    if (first < 0xF0) {
        const bool overlong = first == 0xE0 && at(1) < 0xA0;
        const bool surrogate = first == 0xED && at(1) >= 0xA0;
        return follows(1) && follows(2) && !overlong && !surrogate ? 3 : 0;
    }
    if (first > 0xF4) return 0;
    const bool overlong = first == 0xF0 && at(1) < 0x90;
    const bool too_high = first == 0xF4 && at(1) >= 0x90;
    return follows(1) && follows(2) && follows(3) && !overlong && !too_high ? 4 : 0;
}

/// A JSON string (RFC 8259). What is no UTF-8 becomes U+FFFD.
inline void append_json_string(std::string& out, std::string_view text) {
    out += '"';
    while (!text.empty()) {
        const char c = text.front();
        const std::size_t length = utf8_length(text);
        if (length == 0) {
            out += "\\ufffd";
        } else if (c == '"' || c == '\\') {
            out.append(1, '\\').append(1, c);
        } else if (c == '\n') {
            out += "\\n";
        } else if (static_cast<unsigned char>(c) < 0x20) {
            append_hex(out.append("\\u00"), static_cast<unsigned char>(c));
        } else {
            out += text.substr(0, length);
        }
        text.remove_prefix(length == 0 ? 1 : length);
    }
    out += '"';
}

}  // namespace rowan::detail

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rowan {

/// What of a statement a log may show. By default no value: neither what is bound, nor what is written into a text
/// that is no constant of the program, whose strings and numbers become `?`.
struct Disclosure {
    /// Shows values, but for those of a statement that names a secret.
    bool values = false;

    /// Where the text of a statement holds one of these, in capitals or not, none of its values is shown: which of
    /// them is the secret one cannot be told from the outside.
    std::vector<std::string> secret_words = usual_secret_words();

    [[nodiscard]] static std::vector<std::string> usual_secret_words() {
        return {"password", "passwd",  "pwd",    "passphrase",  "secret",
                "token",    "api_key", "apikey", "private_key", "credential"};
    }
};

namespace detail {

inline char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

inline bool holds_ignoring_case(std::string_view text, std::string_view part) {
    return std::search(text.begin(), text.end(), part.begin(), part.end(),
                       [](char a, char b) { return lower(a) == lower(b); }) != text.end();
}

[[nodiscard]] inline bool shows_values(const Disclosure& disclosure, std::string_view text) {
    return disclosure.values && std::none_of(disclosure.secret_words.begin(), disclosure.secret_words.end(),
                                             [&](std::string_view word) { return holds_ignoring_case(text, word); });
}

/// The statement, as it may be shown.
[[nodiscard]] inline std::string shown_text(const StatementEvent& event, bool values) {
    return event.is_constant || values ? std::string{event.text} : without_literals(event.text);
}

/// The error, as it may be shown. A message about a text that is no constant may quote it.
[[nodiscard]] inline std::string shown_error(const Error& error, bool quotes) {
    std::string text{to_string(error.category())};
    text.append("/").append(to_string(error.code())).append(": ");
    const std::string& message = error.message();
    const std::size_t first = message.find('"');
    const std::size_t last = message.rfind('"');
    if (!quotes && error.category() == Category::programming && first != last)
        text.append(message, 0, first + 1).append("…").append(message, last);
    else
        text += message;
    return text;
}

}  // namespace detail
}  // namespace rowan

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <source_location>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace rowan {

/// A statement that took long, with what EXPLAIN needs.
struct SlowQuery {
    std::string text{};
    std::vector<std::string> values{};  ///< empty unless they are disclosed
    std::chrono::system_clock::time_point time{};
    std::chrono::nanoseconds duration{};
    std::int64_t rows = 0;
    std::uint64_t connection = 0;
    int attempt = 1;
    std::source_location place{};  ///< of its transaction; line() is 0 where it is not known
    std::string error{};           ///< empty if it has succeeded
};

/// Keeps the slowest statements, and may report each that is slow:
///
///     auto slow = std::make_shared<rowan::SlowQueries>(std::chrono::milliseconds{100});
///     connection.observe(slow);
///     for (const rowan::SlowQuery& query : slow->slowest()) …
///
/// A statement is slow if it takes `threshold` or longer; the others cost one comparison. Safe from any thread.
class SlowQueries : public Observer {
public:
    static constexpr std::size_t kept_by_default = 20;

    /// Keeps the `keep` slowest.
    explicit SlowQueries(std::chrono::nanoseconds threshold, std::size_t keep = kept_by_default,
                         Disclosure disclosure = {})
        : threshold_{threshold}, keep_{keep}, disclosure_{std::move(disclosure)} {}

    /// Calls `report(query)` for each slow statement as well, in the thread that has run it, and one thread at a time.
    /// It must not throw.
    template <class Report>
        requires std::is_invocable_v<Report&, const SlowQuery&>
    SlowQueries(std::chrono::nanoseconds threshold, Report report, std::size_t keep = kept_by_default,
                Disclosure disclosure = {})
        : SlowQueries{threshold, keep, std::move(disclosure)} {
        reports_ = std::make_unique<ReportsTo<Report>>(std::move(report));
    }

    [[nodiscard]] bool wants_values() const noexcept override { return disclosure_.values; }

    void on_statement(const StatementEvent& event) noexcept override {
        if (event.duration >= threshold_) [[unlikely]]
            note(event);
    }

    /// The slowest first.
    [[nodiscard]] std::vector<SlowQuery> slowest() const {
        const std::lock_guard lock{mutex_};
        return slowest_;
    }

    /// How many were slow, also those that were not kept.
    [[nodiscard]] std::uint64_t count() const {
        const std::lock_guard lock{mutex_};
        return count_;
    }

    void clear() {
        const std::lock_guard lock{mutex_};
        slowest_.clear();
        count_ = 0;
    }

private:
    class Reports {
    public:
        Reports() = default;
        Reports(const Reports&) = delete;
        Reports& operator=(const Reports&) = delete;
        virtual ~Reports() = default;
        virtual void report(const SlowQuery& query) = 0;
    };

    template <class Report>
    class ReportsTo final : public Reports {
    public:
        explicit ReportsTo(Report report) : report_{std::move(report)} {}
        void report(const SlowQuery& query) override { report_(query); }

    private:
        Report report_;
    };

    void note(const StatementEvent& event) {
        const bool values = detail::shows_values(disclosure_, event.text);
        SlowQuery query{.text = detail::shown_text(event, values),
                        .time = std::chrono::system_clock::now(),
                        .duration = event.duration,
                        .rows = event.rows,
                        .connection = event.connection,
                        .attempt = event.attempt,
                        .place = event.place};
        if (values) query.values.assign(event.values.begin(), event.values.end());
        if (event.error != nullptr) query.error = detail::shown_error(*event.error, event.is_constant || values);

        const std::lock_guard lock{mutex_};
        ++count_;
        if (reports_ != nullptr) reports_->report(query);
        if (slowest_.size() == keep_ && (keep_ == 0 || slowest_.back().duration >= query.duration)) return;
        const auto place =
            std::upper_bound(slowest_.begin(), slowest_.end(), query,
                             [](const SlowQuery& a, const SlowQuery& b) { return a.duration > b.duration; });
        slowest_.insert(place, std::move(query));
        if (slowest_.size() > keep_) slowest_.pop_back();
    }

    std::chrono::nanoseconds threshold_;
    std::size_t keep_;
    Disclosure disclosure_;
    std::unique_ptr<Reports> reports_{};
    mutable std::mutex mutex_;
    std::vector<SlowQuery> slowest_{};
    std::uint64_t count_ = 0;
};

}  // namespace rowan

// ---- rowan/observe/statement_log.hpp ----



#include <cstddef>
#include <cstdio>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace rowan {

/// Writes a line for each statement, for each transaction that is tried again, and for each lease that is overdue:
///
///     #3 0.412 ms, 1 row, orders.cpp:120: UPDATE orders SET status = ?1 WHERE id = ?2 ['paid', 42]
///     #3 1.630 ms, attempt 2: COMMIT -> operational/busy: database is locked
///     attempt 2 failed, the next begins in 12.345 ms, orders.cpp:115 -> operational/busy: database is locked
///     a connection has been lent for 60000.000 ms, report.cpp:12
///
/// `#3` is the connection's number. Values are shown only if `disclosure` asks for them; a line never holds a
/// connection string. Safe from any thread; `write` is called by one thread at a time, and must not throw.
class StatementLog : public Observer {
public:
    /// To a file or stream of the program, such as stderr, which it does not close.
    explicit StatementLog(std::FILE* file, Disclosure disclosure = {})
        : StatementLog{[file](std::string_view line) {
                           const std::string whole = std::string{line}.append(1, '\n');
                           std::fwrite(whole.data(), 1, whole.size(), file);
                       },
                       std::move(disclosure)} {}

    /// To `write(line)`, or `write(line, error)` where `const Error* error` is null for what has succeeded. A line has
    /// no line break at its end, nor within.
    template <class Write>
        requires std::is_invocable_v<Write&, std::string_view> ||
                     std::is_invocable_v<Write&, std::string_view, const Error*>
    explicit StatementLog(Write write, Disclosure disclosure = {})
        : disclosure_{std::move(disclosure)}, lines_{std::make_unique<LinesTo<Write>>(std::move(write))} {}

    [[nodiscard]] bool wants_values() const noexcept override { return disclosure_.values; }

    void on_statement(const StatementEvent& event) noexcept override {
        const bool values = detail::shows_values(disclosure_, event.text);
        std::string line{'#'};
        detail::append_number(line, event.connection);
        detail::append_milliseconds(line.append(1, ' '), event.duration);
        line += " ms";
        if (event.error == nullptr && event.kind() == StatementKind::statement && event.rows >= 0) {
            detail::append_number(line.append(", "), event.rows);
            line += event.rows == 1 ? " row" : " rows";
        }
        if (event.attempt != 1) detail::append_number(line.append(", attempt "), event.attempt);
        if (event.place.line() != 0) detail::append_place(line.append(", "), event.place);
        line += ": ";
        detail::append_in_one_line(line, detail::shown_text(event, values));
        if (values && !event.values.empty()) append_values(line, event.values);
        finish(std::move(line), event.error, event.is_constant || values);
    }

    void on_retry(const RetryEvent& event) noexcept override {
        std::string line{"attempt "};
        detail::append_number(line, event.attempt);
        detail::append_milliseconds(line.append(" failed, the next begins in "), event.wait);
        line += " ms";
        if (event.place.line() != 0) detail::append_place(line.append(", "), event.place);
        finish(std::move(line), &event.error, false);
    }

    void on_overdue_lease(const LeaseEvent& event) noexcept override {
        std::string line = event.is_returned ? "a connection came back after " : "a connection has been lent for ";
        detail::append_milliseconds(line, event.held);
        line += " ms";
        if (event.place.line() != 0) detail::append_place(line.append(", "), event.place);
        write(line, nullptr);
    }

private:
    class Lines {
    public:
        Lines() = default;
        Lines(const Lines&) = delete;
        Lines& operator=(const Lines&) = delete;
        virtual ~Lines() = default;
        virtual void write(std::string_view line, const Error* error) = 0;
    };

    template <class Write>
    class LinesTo final : public Lines {
    public:
        explicit LinesTo(Write write) : write_{std::move(write)} {}
        void write(std::string_view line, [[maybe_unused]] const Error* error) override {
            if constexpr (std::is_invocable_v<Write&, std::string_view, const Error*>)
                write_(line, error);
            else
                write_(line);
        }

    private:
        Write write_;
    };

    static void append_values(std::string& line, std::span<const std::string> values) {
        for (std::size_t i = 0; i != values.size(); ++i)
            detail::append_in_one_line(line.append(i == 0 ? " [" : ", "), values[i]);
        line += ']';
    }

    void finish(std::string line, const Error* error, bool quotes) {
        if (error != nullptr) detail::append_in_one_line(line.append(" -> "), detail::shown_error(*error, quotes));
        write(line, error);
    }

    void write(std::string_view line, const Error* error) {
        const std::lock_guard lock{mutex_};
        lines_->write(line, error);
    }

    Disclosure disclosure_;
    std::mutex mutex_;
    std::unique_ptr<Lines> lines_;
};

}  // namespace rowan

// ---- rowan/observe/statement_summary.hpp ----



// ---- rowan/observe/histogram.hpp ----


#include <algorithm>
#include <bit>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace rowan {

/// How durations are spread, in bounded memory: each power of two nanoseconds has 16 buckets, so a quantile is right
/// within 3.2 % (`relative_error`), and below 32 ns exact. It takes 8 bytes a bucket between the shortest and the
/// longest duration: 1.3 KB from 10 µs to 10 ms, never more than 8 KB. Used by one thread at a time.
class Histogram {
public:
    static constexpr double relative_error = 1.0 / 32;

    void add(std::chrono::nanoseconds duration) {
        const std::uint64_t value = duration.count() > 0 ? static_cast<std::uint64_t>(duration.count()) : 0;
        ++at(bucket_of(value));
        ++count_;
        total_ += value;
        max_ = std::max(max_, value);
        min_ = std::min(min_, value);
    }

    /// Adds what another one has counted.
    void merge(const Histogram& other) {
        if (other.count_ == 0) return;
        // Both ends first, so that the buckets move once at most.
        (void)at(other.first_ + other.counts_.size() - 1);
        (void)at(other.first_);
        for (std::size_t i = 0; i != other.counts_.size(); ++i) counts_[other.first_ + i - first_] += other.counts_[i];
        count_ += other.count_;
        total_ += other.total_;
        max_ = std::max(max_, other.max_);
        min_ = std::min(min_, other.min_);
    }

    [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
    [[nodiscard]] std::chrono::nanoseconds total() const noexcept { return nanoseconds(total_); }
    [[nodiscard]] std::chrono::nanoseconds max() const noexcept { return nanoseconds(max_); }
    [[nodiscard]] std::chrono::nanoseconds mean() const noexcept {
        return nanoseconds(count_ == 0 ? 0 : total_ / count_);
    }

    /// The shortest duration that at least this part of all does not exceed: 0.5 gives the median, 1 the maximum.
    /// 0 ns where nothing was counted.
    [[nodiscard]] std::chrono::nanoseconds quantile(double part) const noexcept {
        if (count_ == 0) return {};
        const double wanted = std::ceil(std::clamp(part, 0.0, 1.0) * static_cast<double>(count_));
        const auto rank = std::clamp(static_cast<std::uint64_t>(wanted), std::uint64_t{1}, count_);
        if (rank == count_) return max();
        std::uint64_t seen = 0;
        std::size_t i = 0;
        while ((seen += counts_[i]) < rank) ++i;
        return nanoseconds(std::clamp(middle_of(first_ + i), min_, max_));
    }

private:
    static constexpr int step_bits = 4;
    static constexpr std::uint64_t steps = std::uint64_t{1} << step_bits;
    static constexpr std::uint64_t exact = 2 * steps;

    static constexpr std::size_t bucket_of(std::uint64_t value) {
        if (value < exact) return value;
        const int shift = static_cast<int>(std::bit_width(value)) - 1 - step_bits;
        return static_cast<std::size_t>(static_cast<std::uint64_t>(shift) * steps + (value >> shift));
    }

    static constexpr std::uint64_t middle_of(std::size_t bucket) {
        if (bucket < exact) return bucket;
        const std::uint64_t shift = bucket / steps - 1;
        const std::uint64_t lowest = (steps + bucket % steps) << shift;
        return lowest + ((std::uint64_t{1} << shift) >> 1);
    }

    static constexpr std::chrono::nanoseconds nanoseconds(std::uint64_t count) {
        return std::chrono::nanoseconds{static_cast<std::chrono::nanoseconds::rep>(count)};
    }

    std::uint64_t& at(std::size_t bucket) {
        if (counts_.empty()) first_ = bucket;
        if (bucket < first_) {
            counts_.insert(counts_.begin(), first_ - bucket, 0);
            first_ = bucket;
        }
        if (bucket - first_ >= counts_.size()) counts_.resize(bucket - first_ + 1);
        return counts_[bucket - first_];
    }

    /// Of the buckets from `first_` on.
    std::vector<std::uint64_t> counts_{};
    std::size_t first_ = 0;
    std::uint64_t count_ = 0;
    std::uint64_t total_ = 0;
    std::uint64_t max_ = 0;
    std::uint64_t min_ = ~std::uint64_t{0};
};

}  // namespace rowan

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rowan {

/// What a summary knows of one statement. The median and the other quantiles are right within 3.2 %, the rest is exact.
struct StatementFigures {
    std::string text{};
    std::uint64_t count = 0;  ///< how often it ran, failures included
    std::uint64_t errors = 0;
    std::uint64_t rows = 0;
    std::chrono::nanoseconds total{};
    std::chrono::nanoseconds mean{};
    std::chrono::nanoseconds p50{};
    std::chrono::nanoseconds p95{};
    std::chrono::nanoseconds p99{};
    std::chrono::nanoseconds max{};
};

/// Counts and times each statement of a program:
///
///     auto summary = std::make_shared<rowan::StatementSummary>();
///     connection.observe(summary);
///     std::puts(summary->to_text().c_str());
///
/// Constant statements are told apart by their text. Texts made at run time are first freed from the values written
/// into them, so that no value gets into the summary; of those it keeps `longest_list` different ones, and counts
/// further ones together as `(other)`. BEGIN, SAVEPOINT and the like are each one statement, whatever their options.
///
/// Safe from any thread: connections that work at the same time rarely wait for each other, as each takes one of
/// eight parts by its number. It may be read while statements run. Memory is bounded: about 1.5 KB a statement, and
/// each of the eight parts counts for itself.
class StatementSummary : public Observer {
public:
    explicit StatementSummary(std::size_t longest_list = 200) : longest_list_{longest_list} {}

    void on_statement(const StatementEvent& event) noexcept override {
        if (event.is_constant) {
            Part& part = parts_[event.connection % parts_.size()];
            const std::lock_guard lock{part.mutex};
            Constant& constant = part.constants[event.text.data()];
            constant.text = event.text;
            constant.entry.add(event);
            return;
        }
        const StatementKind kind = event.kind();
        std::string text =
            kind == StatementKind::statement ? detail::without_literals(event.text) : std::string{to_string(kind)};
        const std::lock_guard lock{made_mutex_};
        const bool keeps = made_.size() < longest_list_ || kind != StatementKind::statement || made_.contains(text);
        (keeps ? made_[std::move(text)] : other_).add(event);
    }

    /// All statements, those that took most time in total first.
    [[nodiscard]] std::vector<StatementFigures> figures() const {
        std::vector<StatementFigures> all;
        for (const auto& [text, entry] : collect()) all.push_back(entry.figures(text));
        std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.total > b.total; });
        return all;
    }

    /// A table, a line a statement: the total in milliseconds, the other times in microseconds. Long statements are
    /// cut.
    [[nodiscard]] std::string to_text() const {
        std::string out =
            "     count   errors       rows      total ms    mean us     p50 us     p95 us     p99 us      max us  "
            "statement\n";
        for (const StatementFigures& one : figures()) {
            append_right(out, 10, [&](std::string& cell) { detail::append_number(cell, one.count); });
            append_right(out, 9, [&](std::string& cell) { detail::append_number(cell, one.errors); });
            append_right(out, 11, [&](std::string& cell) { detail::append_number(cell, one.rows); });
            append_right(out, 14, [&](std::string& cell) { detail::append_milliseconds(cell, one.total); });
            for (const auto time : {one.mean, one.p50, one.p95, one.p99})
                append_right(out, 11, [&](std::string& cell) { detail::append_thousandths(cell, time.count()); });
            append_right(out, 12, [&](std::string& cell) { detail::append_thousandths(cell, one.max.count()); });
            detail::append_in_one_line(out.append("  "), cut(one.text));
            out += '\n';
        }
        return out;
    }

    /// The same as JSON, times in nanoseconds, statements whole:
    /// `{"statements":[{"sql":"…","count":2,"errors":0,"rows":2,"total_ns":…,"mean_ns":…,"p50_ns":…,"p95_ns":…,
    /// "p99_ns":…,"max_ns":…}]}`
    [[nodiscard]] std::string to_json() const {
        std::string out = "{\"statements\":[";
        for (bool first = true; const StatementFigures& one : figures()) {
            detail::append_json_string(out.append(std::exchange(first, false) ? "{\"sql\":" : ",{\"sql\":"), one.text);
            const std::pair<std::string_view, std::uint64_t> counts[]{
                {"count", one.count}, {"errors", one.errors}, {"rows", one.rows}};
            for (const auto& [name, value] : counts) append_member(out, name, value);
            const std::pair<std::string_view, std::chrono::nanoseconds> times[]{
                {"total_ns", one.total}, {"mean_ns", one.mean}, {"p50_ns", one.p50},
                {"p95_ns", one.p95},     {"p99_ns", one.p99},   {"max_ns", one.max}};
            for (const auto& [name, value] : times) append_member(out, name, value.count());
            out += '}';
        }
        return out.append("]}");
    }

    /// Adds what another summary has counted, such as that of another thread. Its statements become this one's, in
    /// the same bounds.
    void merge(const StatementSummary& other) {
        if (&other == this) return;
        const auto theirs = other.collect();
        const std::lock_guard lock{made_mutex_};
        for (const auto& [text, entry] : theirs) {
            const bool keeps = text != other_text && (made_.size() < longest_list_ || made_.contains(text));
            (keeps ? made_[text] : other_).merge(entry);
        }
    }

    void clear() {
        for (Part& part : parts_) {
            const std::lock_guard lock{part.mutex};
            part.constants.clear();
        }
        const std::lock_guard lock{made_mutex_};
        made_.clear();
        other_ = {};
    }

private:
    static constexpr std::string_view other_text = "(other)";

    struct Entry {
        Histogram times{};
        std::uint64_t errors = 0;
        std::uint64_t rows = 0;

        void add(const StatementEvent& event) {
            times.add(event.duration);
            if (event.error != nullptr) ++errors;
            if (event.rows > 0) rows += static_cast<std::uint64_t>(event.rows);
        }

        void merge(const Entry& other) {
            times.merge(other.times);
            errors += other.errors;
            rows += other.rows;
        }

        [[nodiscard]] StatementFigures figures(std::string_view text) const {
            return {.text = std::string{text},
                    .count = times.count(),
                    .errors = errors,
                    .rows = rows,
                    .total = times.total(),
                    .mean = times.mean(),
                    .p50 = times.quantile(0.5),
                    .p95 = times.quantile(0.95),
                    .p99 = times.quantile(0.99),
                    .max = times.max()};
        }
    };

    struct Constant {
        std::string_view text{};
        Entry entry{};
    };

    /// Alone in its cache lines.
    struct alignas(64) Part {
        mutable std::mutex mutex{};
        /// By the address of the text, which is quicker than the text. One text may have several.
        std::map<const char*, Constant> constants{};
    };

    /// Everything, by text.
    [[nodiscard]] std::map<std::string, Entry> collect() const {
        std::map<std::string, Entry> all;
        for (const Part& part : parts_) {
            const std::lock_guard lock{part.mutex};
            for (const auto& [address, constant] : part.constants)
                all[std::string{constant.text}].merge(constant.entry);
        }
        const std::lock_guard lock{made_mutex_};
        for (const auto& [text, entry] : made_) all[text].merge(entry);
        if (other_.times.count() != 0) all[std::string{other_text}].merge(other_);
        return all;
    }

    template <class Append>
    static void append_right(std::string& out, std::size_t width, Append append) {
        std::string cell;
        append(cell);
        if (cell.size() < width) out.append(width - cell.size(), ' ');
        out += cell;
    }

    template <class Number>
    static void append_member(std::string& out, std::string_view name, Number value) {
        detail::append_number(out.append(",\"").append(name).append("\":"), value);
    }

    [[nodiscard]] static std::string cut(const std::string& text) {
        constexpr std::size_t longest = 120;
        if (text.size() <= longest) return text;
        std::size_t end = longest;
        while (end != 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
        return text.substr(0, end) + "…";
    }

    std::size_t longest_list_;
    std::array<Part, 8> parts_{};
    mutable std::mutex made_mutex_;
    std::map<std::string, Entry, std::less<>> made_{};
    Entry other_{};
};

}  // namespace rowan
