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


#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

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
    cannot_connect_now,
    cannot_connect,
    cannot_open,
    io_error,
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
        case Code::cannot_connect_now: return "cannot_connect_now";
        case Code::cannot_connect: return "cannot_connect";
        case Code::cannot_open: return "cannot_open";
        case Code::io_error: return "io_error";
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
    std::unique_ptr<Error> secondary{};
};

/// Why an operation failed. One pointer wide, so that `Result<T>` costs the ordinary way nothing; a copy
/// copies the details. It holds no password and none of the values that were bound to the statement.
class Error {
public:
    explicit Error(ErrorDetails details) : details_{std::make_unique<ErrorDetails>(std::move(details))} {}

    Error(Category category, Code code, std::string message)
        : Error{ErrorDetails{.category = category, .code = code, .message = std::move(message)}} {}

    Error(const Error& other) : details_{std::make_unique<ErrorDetails>(other.copy())} {}
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
    /// What failed as well while this error was handled (a ROLLBACK, say), or null.
    [[nodiscard]] const Error* secondary() const noexcept { return details_->secondary.get(); }

    /// Everything in one line: `category/code: message (SQLSTATE 23505)`.
    [[nodiscard]] std::string to_string() const {
        std::string text{rowan::to_string(category())};
        text.append("/").append(rowan::to_string(code())).append(": ").append(message());
        if (!native_code().empty())
            text.append(" (").append(details_->native_system).append(" ").append(native_code()).append(")");
        if (category() == Category::programming && !statement().empty())
            text.append("; the statement was: ").append(statement());
        if (secondary() != nullptr) text.append("; then: ").append(secondary()->to_string());
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

private:
    [[nodiscard]] ErrorDetails copy() const {
        const ErrorDetails& from = *details_;
        return {from.category,
                from.code,
                from.retryable,
                from.message,
                from.native_code,
                from.native_system,
                from.constraint,
                from.table,
                from.column,
                from.statement,
                from.secondary ? std::make_unique<Error>(*from.secondary) : nullptr};
    }

    std::unique_ptr<ErrorDetails> details_;
};

static_assert(sizeof(Error) == sizeof(void*));

}  // namespace rowan

#if defined(ROWAN_USE_STD_EXPECTED)
#include <expected>
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
#else
template <class T>
using Result = tl::expected<T, Error>;
using Failure = tl::unexpected<Error>;
#endif

namespace detail {

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

[[noreturn]] inline void raise(Error error) {
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
T must(Result<T> result) {
    if (!result) detail::raise(std::move(result).error());
    if constexpr (!std::is_void_v<T>) return *std::move(result);
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


#include <algorithm>
#include <cstddef>
#include <string_view>

namespace rowan::reflect {

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
            i = std::min(text.find('\'', i + (text.substr(i + 1, 1) == "\\" ? 3 : 2)), text.size() - 1);
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

/// The name of the member that a pointer to a subobject points to: what stands behind the last `.`, `:`
/// or `>` before the closing brackets.
template <Location Where>
constexpr std::string_view member_name() {
#if defined(_MSC_VER) && !defined(__clang__)
    std::string_view text = __FUNCSIG__;
    text = text.substr(0, text.rfind(">("));
#else
    std::string_view text = __PRETTY_FUNCTION__;
#if !defined(__clang__)
    text = text.substr(0, text.rfind("; std::string_view"));
#endif
#endif
    while (!text.empty() && (text.back() == ')' || text.back() == '}' || text.back() == ']')) text.remove_suffix(1);
    return text.substr(text.find_last_of(".:>") + 1);
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
        case Mismatch::Kind::may_be_null: return "may_be_null";
        case Mismatch::Kind::never_null: return "never_null";
        case Mismatch::Kind::unknown_required: return "unknown_required";
        case Mismatch::Kind::refused_query: return "refused_query";
    }
    return "unknown";
}

/// How well a column of a live type serves as one of rowan's.
enum class Fit : std::uint8_t { good, narrower, wrong };

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
    in_list,             ///< is 1 one of the list 2?
    not_in_list,         ///< is 1 none of the list 2?
    truncate_to_second,  ///< the second of timestamp 1, in UTC; and so on
    truncate_to_minute,
    truncate_to_hour,
    truncate_to_day,
    truncate_to_month,
    truncate_to_year,
    json_text,  ///< the member of JSON 1 at path 2, as text
};

/// How one database spells SQL where databases differ. Each backend has one object of it, which the compiler reads.
struct Dialect {
    /// The longest name in bytes that the database keeps whole; 0 if any.
    std::size_t identifier_limit;
    /// Tables live in schemas; otherwise a schema's name becomes a prefix of the table's.
    bool has_schemas;
    /// A NULL for a generated key asks for a new one; otherwise its column is left out.
    bool null_generates_key;
    /// A parameter may be an array that a statement turns into rows, so that one constant text takes any number.
    bool array_parameters;
    /// SELECT … FOR UPDATE [SKIP LOCKED].
    bool row_locks;
    /// What stands before a parameter's number.
    char parameter_mark;
    /// What follows the type of a generated key's column.
    std::string_view generated_key;
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
    /// How well a column of that type serves as one of ours.
    Fit (*fit)(ColumnType, std::string_view live_type);
    /// What CREATE TABLE and CAST call a type.
    std::string_view (*type_name)(ColumnType);
    /// What a cast to an array of values of a form is called, where there are arrays.
    std::string_view (*array_type)(Stored);
    /// A pattern in which the bytes 1 and 2 stand for the operands. Operands are in parentheses where they need to be.
    std::string_view (*spelling)(Function);
    /// Writes a path of member names into a JSON document, without the quotes of a string.
    void (*write_json_path)(detail::TextWriter&, std::span<const std::string_view> steps);
    /// Writes the statement that makes a schema where it is missing.
    void (*write_create_schema)(detail::TextWriter&, std::string_view name);
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

/// Plain aggregates, through Boost.PFR.
namespace rowan::reflect::aggregate {

/// References to the members of `value`, in the order of their declaration.
template <class T>
constexpr auto tie(T& value) noexcept {
    return boost::pfr::structure_tie(value);
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

template <class T>
constexpr auto names() {
    return []<std::size_t... I>(std::index_sequence<I...>) {
#if defined(BOOST_PFR_CORE_NAME_ENABLED) && BOOST_PFR_CORE_NAME_ENABLED
        return std::array<std::string_view, sizeof...(I)>{boost::pfr::get_name<I, T>()...};
#else
        return std::array<std::string_view, sizeof...(I)>{
            member_name<Location{&std::get<I>(tie(imagined<T>.value))}>()...};
#endif
    }(std::make_index_sequence<boost::pfr::tuple_size_v<T>>{});
}

/// The place of a member among those of T; the number of members where it is none of them.
template <class T, class Member>
constexpr std::size_t index(Member T::*member) {
    return [member]<std::size_t... I>(std::index_sequence<I...>) {
        std::size_t found = sizeof...(I);
        const auto look = [&](const auto& field, std::size_t i) {
            if constexpr (std::is_same_v<decltype(field), const Member&>)
                if (&field == &(imagined<T>.value.*member)) found = i;
        };
        const auto fields = tie(imagined<T>.value);
        (look(std::get<I>(fields), I), ...);
        return found;
    }(std::make_index_sequence<boost::pfr::tuple_size_v<T>>{});
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
#include <exception>
#include <type_traits>
#include <utility>

#include <boost/describe/members.hpp>
#include <boost/pfr/tuple_size.hpp>

namespace rowan::reflect {

/// Has BOOST_DESCRIBE_STRUCT or BOOST_DESCRIBE_CLASS listed the members of T?
template <class T>
concept Described = boost::describe::has_describe_members<T>::value;

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

template <class T, std::size_t Count>
constexpr bool has_array() {
    if constexpr (Count < 2)
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
                static_assert(!detail::has_array<T, boost::pfr::tuple_size_v<T>>(),
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
        return !detail::has_array<T, boost::pfr::tuple_size_v<T>>();
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

namespace detail {

template <class T>
constexpr auto names() {
    if constexpr (Described<T>)
        return described::Listed<described::Members<T>>::names;
    else if constexpr (reflectable<T>())
        return aggregate::names<T>();
    else
        return std::array<std::string_view, 0>{};
}

template <class T, class Member, class Class>
constexpr std::size_t index(Member Class::*member) {
    if constexpr (Described<T>)
        return described::Listed<described::Members<T>>::index(member);
    else
        return aggregate::index<T, Member>(member);
}

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

template <class T, std::size_t I>
using Field = std::remove_reference_t<std::tuple_element_t<I, Fields<T>>>;

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

// ---- rowan/types/integer.hpp ----



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
    static Fault write(Sink& sink, T value) {
        if constexpr (std::numeric_limits<T>::digits > 63)
            if (!std::in_range<std::int64_t>(value)) return Fault::out_of_range;
        return sink.put(static_cast<std::int64_t>(value));
    }

    template <class Cell>
    static Fault read(const Cell& cell, T& value) {
        std::int64_t wide{};
        if (const Fault fault = cell.get(wide); fault != Fault::none) return fault;
        if (!std::in_range<T>(wide)) return Fault::out_of_range;
        value = static_cast<T>(wide);
        return Fault::none;
    }
};

}  // namespace rowan

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
        []<std::size_t... I>(std::index_sequence<I...>) {
            return (detail::require_column<T, I, reflect::Field<T, I>>() && ...);
        }(std::make_index_sequence<reflect::field_count<T>>{});
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
    static_assert(require_storable<T>());

    constexpr explicit Table(std::string_view name) : name_{name} {
        for (std::size_t i = 0; i != columns_.size(); ++i) columns_[i].name = reflect::names<T>[i];
        if constexpr (constexpr std::size_t id = id_column(); id != reflect::field_count<T>) {
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
                                                    static_cast<std::uint16_t>(sizeof...(Orderings)), unique,
                                                    partial, predicate};
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

/// How column I of T's table holds its member.
template <class T, std::size_t I>
using Codec = typename CodecFor<reflect::Field<T, I>, table<T>.columns()[I].storage>::type;

/// The same for a value that is compared with the column: never NULL.
template <class T, std::size_t I>
using RequiredCodec = typename CodecFor<required_t<reflect::Field<T, I>>, table<T>.columns()[I].storage>::type;

}  // namespace rowan::detail

#include <array>
#include <cstddef>
#include <utility>

namespace rowan {

namespace detail {

template <class T>
inline constexpr auto column_infos = []<std::size_t... I>(std::index_sequence<I...>) {
    return std::array<ColumnInfo, sizeof...(I)>{
        ColumnInfo{table<T>.columns()[I].name, Codec<T, I>::column, is_optional<reflect::Field<T, I>>}...};
}(std::make_index_sequence<reflect::field_count<T>>{});

}  // namespace detail

/// T's table without T.
template <class T>
inline constexpr TableInfo table_info{.name = table<T>.name(),
                                      .schema = table<T>.schema(),
                                      .columns = detail::column_infos<T>,
                                      .key = table<T>.key_columns(),
                                      .generated_key = table<T>.has_generated_key(),
                                      .indexes = table<T>.indexes(),
                                      .index_columns = table<T>.index_columns()};

}  // namespace rowan

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace rowan::detail {

/// Which columns of a table a statement names, in which order.
enum class Columns : std::uint8_t { all, all_but_generated, all_but_key, key, all_but_key_then_key };

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
    for (std::size_t i = 0; i != table.columns.size() && set != Columns::key; ++i)
        if (set == Columns::all || !is_key(table, i) || (set == Columns::all_but_generated && !table.generated_key))
            add(i);
    if (set == Columns::key || set == Columns::all_but_key_then_key)
        for (const std::uint16_t part : table.key) add(part);
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

inline Error fault_error(ValueFault found, bool writing, std::string_view statement) {
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
    static Fault write(Sink& sink, std::string_view value) {
        return sink.put(value);
    }
};

/// UTF-8 text.
template <>
struct Type<std::string> {
    static constexpr ColumnType column = ColumnType::text;

    template <class Sink>
    static Fault write(Sink& sink, const std::string& value) {
        return sink.put(std::string_view{value});
    }

    template <class Cell>
    static Fault read(const Cell& cell, std::string& value) {
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
            constexpr bool like = Integer<Value>;
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

template <class Scope>
struct GroupedScope;
template <class Outer, bool qualified, bool grouped, class... Sources>
struct GroupedScope<Scope<Outer, qualified, grouped, Sources...>> {
    using type = Scope<Outer, qualified, true, Sources...>;
};
template <class Scope>
using Grouped = typename GroupedScope<Scope>::type;

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
template <class... Takers, class... Held, class Sink>
ValueFault put_values(TypeList<Takers...>, Sink& sink, const std::tuple<Held...>& values) {
    static_assert(sizeof...(Takers) == sizeof...(Held));
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
        ValueFault found;
        (void)((found = Takers::write(sink, std::get<I>(values)), found.fault == Fault::none) && ...);
        return found;
    }(std::index_sequence_for<Held...>{});
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
template <Function function, class Value, class... Operands>
struct PatternShape : ShapeBase {
    using Type = Value;
    template <class Scope>
    using Codec = rowan::Type<Type>;
    static constexpr bool is_distinct_test = function == Function::distinct || function == Function::not_distinct;

    template <class Scope>
    static constexpr bool nullable =
        function == Function::json_text || (!is_distinct_test && (Operands::template nullable<Scope> || ...));
    template <class Scope>
    using Parameters = Concat<typename Operands::template Parameters<Scope>...>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        const std::array<std::size_t, sizeof...(Operands) + 1> first = [&] {
            std::array<std::size_t, sizeof...(Operands) + 1> numbers{parameter};
            std::size_t i = 0;
            ((numbers[i + 1] = numbers[i] + Operands::template Parameters<Scope>::size, ++i), ...);
            return numbers;
        }();
        out << '(';
        for (const char c : dialect.spelling(function)) {
            if (c > static_cast<char>(sizeof...(Operands)) || c <= 0) {
                out << c;
                continue;
            }
            std::size_t i = 0;
            const auto write_operand = [&]<class Operand> {
                if (++i != static_cast<std::size_t>(c)) return;
                std::size_t number = first[i - 1];
                write_inside<Operand, Scope>(out, dialect, number, Binding::atom);
            };
            (write_operand.template operator()<Operands>(), ...);
        }
        out << ')';
        parameter = first.back();
    }
};

/// `name(operand, …)`, spelled alike everywhere. NULL where an operand is, unless `any_null` is false.
template <FixedString function, class Value, bool any_null, class... Operands>
struct CallShape : ShapeBase {
    using Type = Value;
    template <class Scope>
    using Codec = rowan::Type<Type>;
    template <class Scope>
    static constexpr bool nullable =
        any_null ? (Operands::template nullable<Scope> || ...) : (Operands::template nullable<Scope> && ...);
    template <class Scope>
    using Parameters = Concat<typename Operands::template Parameters<Scope>...>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        Separator comma{", "};
        out << function.view() << '(';
        ((out << comma, Operands::template write<Scope>(out, dialect, parameter)), ...);
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
        case Operator::divided_by: return Binding::product;
        default: return Binding::comparison;
    }
}

/// `left op right`, with a value of type Value.
template <Operator op, class Value, class Left, class Right>
struct BinaryShape : ShapeBase {
    using Type = Value;
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
        constexpr bool chains = op == Operator::conjunction || op == Operator::disjunction || op == Operator::plus ||
                                op == Operator::times || op == Operator::minus || op == Operator::divided_by;
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

template <class Inner, bool is_null>
struct NullTestShape : ShapeBase {
    using Type = bool;
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

/// `lag(x)` or `lead(x)`: NULL at the end of the window.
template <FixedString function, class Operand>
struct NeighbourShape : ShapeBase {
    using Type = typename Operand::Type;
    template <class Scope>
    static constexpr bool nullable = true;
    template <class Scope>
    using Codec = typename Operand::template Codec<Scope>;
    template <class Scope>
    using Parameters = typename Operand::template Parameters<Scope>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        out << function.view() << '(';
        Operand::template write<Scope>(out, dialect, parameter);
        out << ')';
    }
};

template <class... Partition>
struct PartitionShapes {};

/// `function OVER (PARTITION BY … ORDER BY …)`.
template <class Function, class Partition, class Order>
struct OverShape;

template <class Function, class... Partition, class... Order>
struct OverShape<Function, PartitionShapes<Partition...>, OrderShapes<Order...>> : ShapeBase {
    using Type = typename Function::Type;
    // A window around a row has that row in it, unless its frame was moved.
    template <class Scope>
    static constexpr bool nullable = Function::template nullable<Grouped<Scope>>;
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

/// An expression of `Shape`, with the values of its operands in order.
template <class Shape, AnyExpression... Operands>
constexpr auto combine(Operands&&... operands) {
    return [&]<class... Held>(std::tuple<Held...>&& values) {
        return Expression<Shape, Held...>{std::move(values)};
    }(std::tuple_cat(std::forward<Operands>(operands).values...));
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

    /// The function over a window: `.over(partition_by(…), order_by(…))`, either of which may be left out.
    template <class Partition, class... First, class Order, class... Second>
    [[nodiscard]] constexpr auto over(const PartitionList<Partition, First...>& partition,
                                      const OrderList<Order, Second...>& order) const {
        using Windowed = OverShape<typename Aggregated<Shape>::Bare, Partition, Order>;
        return with_values<typename Aggregated<Shape>::template Whole<Windowed>>(
            std::tuple_cat(values, partition.values, order.values));
    }
    template <class Partition, class... First>
    [[nodiscard]] constexpr auto over(const PartitionList<Partition, First...>& partition) const {
        return over(partition, OrderList<OrderShapes<>>{});
    }
    template <class Order, class... Second>
    [[nodiscard]] constexpr auto over(const OrderList<Order, Second...>& order) const {
        return over(PartitionList<PartitionShapes<>>{}, order);
    }
    [[nodiscard]] constexpr auto over() const {
        return over(PartitionList<PartitionShapes<>>{}, OrderList<OrderShapes<>>{});
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



#include <cstdint>
#include <type_traits>
#include <utility>

/// The operators of C++ on expressions. They are found by argument-dependent lookup, as expressions live here.
namespace rowan::detail {

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

template <Operator op, class Left, class Right>
constexpr auto calculate(Left&& left, Right&& right) {
    using First = typename ShapeOfOperand<Left>::Type;
    using Second = typename ShapeOfOperand<Right>::Type;
    static_assert(Number<First> && Number<Second>, "rowan: only numbers can be calculated with: cast<double>(...) it");
    using Value = std::conditional_t<Floating<First> || Floating<Second>, double, std::int64_t>;
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

}  // namespace rowan::detail

#include <cstddef>
#include <string_view>

namespace rowan {

namespace detail {

template <auto Member, FixedString alias>
struct ColumnShape : ShapeBase {
    using Type = required_t<reflect::MemberOf<Member>>;
    using Class = reflect::ClassOf<Member>;
    static constexpr std::string_view name = reflect::names<Class>[reflect::index_of<Class, Member>()];

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



// ---- rowan/query/projection.hpp ----



// ---- rowan/query/row.hpp ----



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

#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>

/// Whole structs to parameters, and rows to structs.
namespace rowan::detail {

template <class T>
inline constexpr bool has_generated_key = table<T>.has_generated_key();

template <class T>
constexpr auto& generated_key(T& entity) {
    return std::get<table<std::remove_const_t<T>>.key_columns()[0]>(reflect::tie(entity));
}

template <class T>
constexpr Place place_of(std::size_t column) {
    return {&table_info<T>, column};
}

/// Puts the columns of a set into `sink`, and stops at the first that cannot be written. A generated key of 0
/// goes in as NULL.
template <class T, Columns set, class Sink>
ValueFault write_entity(Sink& sink, const T& entity) {
    constexpr auto& columns = column_list<T, set>;
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
        ValueFault found;
        [[maybe_unused]] const auto fields = reflect::tie(entity);
        [[maybe_unused]] const auto put = [&]<std::size_t Column>(const auto& field) {
            if constexpr (has_generated_key<T> && set == Columns::all && Column == table<T>.key_columns()[0])
                found.fault = field == 0 ? sink.put_null() : Codec<T, Column>::write(sink, field);
            else
                found.fault = Codec<T, Column>::write(sink, field);
            if (found.fault == Fault::none) return true;
            found.place = place_of<T>(Column);
            return false;
        };
        (void)(put.template operator()<columns[I]>(std::get<columns[I]>(fields)) && ...);
        return found;
    }(std::make_index_sequence<columns.size()>{});
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

/// Fills `entity` from a row that has all of its columns in order, from `first` on.
template <class T, class Row>
ValueFault read_entity(const Row& row, T& entity, std::size_t first = 0) {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
        ValueFault found;
        auto fields = reflect::tie(entity);
        (void)((found.fault = Codec<T, I>::read(row.cell(static_cast<int>(first + I)), std::get<I>(fields)),
                found.fault == Fault::none || (found.place = place_of<T>(I), false)) &&
               ...);
        return found;
    }(std::make_index_sequence<reflect::field_count<T>>{});
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
    static constexpr std::size_t columns = 0;

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
        constexpr bool same = std::is_same_v<required_t<Member>, typename Reader::Required>;
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

private:
    template <class Outer, Wanted wanted>
    static constexpr void write_rows(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        out << "SELECT " << (distinct ? "DISTINCT " : "");
        if constexpr (has_projection<wanted>)
            Projection::template write<ScopeIn<Outer>>(out, dialect, parameter);
        else
            out << '1';
        write_tail<Outer, wanted>(out, dialect, parameter);
    }

    template <class Outer, Wanted wanted>
    static constexpr void write_tail(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        using Scope = ScopeIn<Outer>;
        From::template write<Scope>(out, dialect, parameter);
        if constexpr (!std::is_same_v<Where, Nothing>) {
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
        write_limit(out, dialect, parameter, Limit{});
        if constexpr (!std::is_same_v<Offset, Nothing>) {
            if constexpr (std::is_same_v<Limit, Nothing>) out << dialect.no_limit;
            out << " OFFSET ";
            write_parameter(out, dialect, parameter++);
        }
        if (lock == RowLock::update) out << " FOR UPDATE";
        if (lock == RowLock::update_skip_locked) out << " FOR UPDATE SKIP LOCKED";
    }

    static constexpr void write_limit(TextWriter&, const Dialect&, std::size_t&, Nothing) {}
    static constexpr void write_limit(TextWriter& out, const Dialect& dialect, std::size_t& parameter,
                                      NumberParameter) {
        out << " LIMIT ";
        write_parameter(out, dialect, parameter++);
    }
    template <std::size_t count>
    static constexpr void write_limit(TextWriter& out, const Dialect&, std::size_t&, LimitTo<count>) {
        out << " LIMIT ";
        out.number(count);
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

// ---- rowan/query/upsert.hpp ----



// ---- rowan/query/assignment.hpp ----



#include <cstddef>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>

namespace rowan {

namespace detail {

template <auto Member, class Value>
struct AssignmentShape {
    static constexpr auto member = Member;

    template <class Scope>
    using Parameters = typename Value::template Parameters<Scope>;

    template <class T, class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        static_assert(is_optional<reflect::MemberOf<Member>> || !Value::template nullable<Scope>,
                      "rowan: a value that may be NULL is assigned to a column that is never NULL: coalesce it");
        write_column(out, dialect, table_info<T>, reflect::index_of<T, Member>());
        out << " = ";
        Value::template write<Scope>(out, dialect, parameter);
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

// ---- rowan/query/insert.hpp ----



namespace rowan::detail {

/// Can rows of T be sent as arrays? Not where nothing is left to send, as the database makes the only column.
template <class T, const Dialect& dialect>
inline constexpr bool takes_arrays = dialect.array_parameters && !column_list<T, Columns::all_but_generated>.empty();

/// Which columns an INSERT names: all, but for a key that the database is to make, where it does so only if
/// the column is left out.
template <class T, const Dialect& dialect, bool generate>
inline constexpr Columns inserted_columns =
    generate && !dialect.null_generates_key ? Columns::all_but_generated : Columns::all;

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

/// Rows from arrays, a parameter a column.
constexpr void write_unnest(TextWriter& out, const Dialect& dialect, const TableInfo& table,
                            std::span<const std::uint16_t> columns) {
    Separator comma{", "};
    std::size_t parameter = 0;
    out << " SELECT * FROM unnest(";
    for (const std::uint16_t column : columns) {
        out << comma;
        write_parameter(out, dialect, ++parameter);
        out << "::" << dialect.array_type(stored_as(table.columns[column].type));
    }
    out << ')';
}

/// One row. `generate`: the database makes the key and, where it is left out, gives it back.
template <class T, const Dialect& dialect, bool generate>
struct Insert {
    static constexpr Columns columns = inserted_columns<T, dialect, generate>;

    static constexpr auto parameters() { return column_forms<T, columns>; }

    static constexpr void write(TextWriter& out) {
        write_insert_into(out, dialect, table_info<T>, column_list<T, columns>);
        write_values(out, dialect, column_list<T, columns>.size());
        if constexpr (columns == Columns::all_but_generated) {
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

#include <array>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <type_traits>
#include <utility>

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

namespace detail {

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

constexpr void write_excluded(TextWriter& out, const Dialect& dialect, const TableInfo& table,
                              std::span<const std::uint16_t> columns, std::span<const std::uint16_t> but) {
    Separator comma{", "};
    out << " DO UPDATE SET ";
    for (const std::uint16_t column : columns) {
        if (contains(but, column)) continue;
        out << comma;
        write_column(out, dialect, table, column);
        out << " = excluded.";
        write_column(out, dialect, table, column);
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

/// The conflict clause of a policy.
template <class T, class Policy>
struct Conflict;

template <class T, class Action, auto... Target>
struct Conflict<T, UpsertPolicy<Action, Target...>> {
    static constexpr auto& target = places<T, Target...>;

    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
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
            write_action(out, dialect, parameter, static_cast<Action*>(nullptr));
        }
    }

    using Parameters = typename ActionParameters<T, Action>::type;

private:
    static constexpr void write_action(TextWriter& out, const Dialect&, std::size_t&, DoNothing*) {
        out << " DO NOTHING";
    }

    template <class What, class Where, class... Held>
    static constexpr void write_action(TextWriter& out, const Dialect& dialect, std::size_t& parameter,
                                       DoUpdate<What, Where, Held...>*) {
        write_what(out, dialect, parameter, static_cast<What*>(nullptr));
        if constexpr (!std::is_same_v<Where, Nothing>) {
            out << " WHERE ";
            Where::template write<UpsertScope<T>>(out, dialect, parameter);
        }
    }

    template <auto... Members>
    static constexpr void write_what(TextWriter& out, const Dialect& dialect, std::size_t&, Overwrite<Members...>*) {
        if constexpr (sizeof...(Members) != 0) {
            write_excluded(out, dialect, table_info<T>, places<T, Members...>, {});
        } else {
            constexpr auto& candidates = column_list<T, Columns::all_but_key>;
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
        if (!dialect.upsert_outcome.empty()) out << " RETURNING " << dialect.upsert_outcome;
    }
};

/// Any number of rows, where parameters may be arrays: gives how many were inserted, and how many updated.
template <class T, const Dialect& dialect, bool generate, class Policy>
struct UpsertArrays {
    static constexpr Columns columns = inserted_columns<T, dialect, generate>;

    static constexpr auto parameters() { return upsert_forms<T, Policy, columns, true>(); }

    static constexpr void write(TextWriter& out) {
        std::size_t parameter = column_list<T, columns>.size() + 1;
        out << "WITH outcome AS (";
        write_upsert_into<T>(out, dialect, column_list<T, columns>);
        write_unnest(out, dialect, table_info<T>, column_list<T, columns>);
        Conflict<T, Policy>::write(out, dialect, parameter);
        out << " RETURNING " << dialect.upsert_outcome
            << " AS inserted) SELECT count(*) FILTER (WHERE inserted), count(*) FILTER (WHERE NOT inserted) FROM "
               "outcome";
    }
};

}  // namespace detail
}  // namespace rowan

// ---- rowan/repository/change.hpp ----



// ---- rowan/query/erase.hpp ----



// ---- rowan/query/update.hpp ----



#include <array>
#include <cstddef>
#include <type_traits>

namespace rowan::detail {

/// All columns of the row with the entity's key: `UPDATE "t" SET "a" = $1 WHERE "id" = $2`.
template <class T, const Dialect& dialect>
struct Update {
    static constexpr auto parameters() { return column_forms<T, Columns::all_but_key_then_key>; }

    static constexpr void write(TextWriter& out) {
        constexpr auto& set = column_list<T, Columns::all_but_key>;
        constexpr auto& key = column_list<T, Columns::key>;
        out << "UPDATE ";
        write_table_name(out, dialect, table_info<T>);
        out << " SET ";
        write_assignments(out, dialect, table_info<T>, set, 1, ", ");
        out << " WHERE ";
        write_assignments(out, dialect, table_info<T>, key, 1 + set.size(), " AND ");
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

/// `UPDATE "t" SET assignments WHERE condition`, with the changed rows where they are wanted. The condition may be
/// HasKey, whose parameters come last.
template <class T, const Dialect& dialect, class Where, bool returning, class... Assignments>
struct UpdateWhere {
    using SetParameters = Concat<typename Assignments::template Parameters<TableScope<T>>...>;
    using Parameters = Concat<SetParameters, typename Where::template Parameters<TableScope<T>>>;

    static constexpr auto parameters() {
        if constexpr (std::is_same_v<Where, HasKey<T>>) {
            constexpr auto set = forms_of(Parameters{});
            constexpr auto key = column_forms<T, Columns::key>;
            std::array<Form, set.size() + key.size()> forms{};
            for (std::size_t i = 0; i != forms.size(); ++i) forms[i] = i < set.size() ? set[i] : key[i - set.size()];
            return forms;
        } else {
            return forms_of(Parameters{});
        }
    }

    static constexpr void write(TextWriter& out) {
        std::size_t parameter = 1;
        Separator comma{", "};
        out << "UPDATE ";
        write_table_name(out, dialect, table_info<T>);
        out << " SET ";
        ((out << comma, Assignments::template write<T, TableScope<T>>(out, dialect, parameter)), ...);
        write_where<T, Where>(out, dialect, parameter);
        if constexpr (returning) write_returning<T>(out, dialect);
    }
};

}  // namespace rowan::detail

#include <cstddef>

namespace rowan::detail {

/// The row with a key: `DELETE FROM "t" WHERE "id" = $1`.
template <class T, const Dialect& dialect>
struct Erase {
    static constexpr auto parameters() { return column_forms<T, Columns::key>; }

    static constexpr void write(TextWriter& out) {
        out << "DELETE FROM ";
        write_table_name(out, dialect, table_info<T>);
        out << " WHERE ";
        write_assignments(out, dialect, table_info<T>, column_list<T, Columns::key>, 1, " AND ");
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

// ---- rowan/repository/rows.hpp ----



#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

/// From a statement that has its parameters to what the caller asked for.
namespace rowan::detail {

inline Failure write_failure(ValueFault found, const Statement& statement) {
    return Failure(fault_error(found, true, statement.text()));
}

inline Failure read_failure(ValueFault found, const Statement& statement) {
    return Failure(fault_error(found, false, statement.text()));
}

inline Failure negative_limit() {
    return Failure(Error{Category::programming, Code::misuse, "limit and offset take a number of rows, 0 or more"});
}

inline Error several_rows(const Statement& statement) {
    return Error{Category::programming, Code::multiple_rows,
                 "more than one row fulfils a condition that must fit one only: use where(...).all() or first()"}
        .in_statement(statement.text());
}

/// How a row of a whole table becomes a T.
struct ReadEntity {
    template <class Source, class T>
    ValueFault operator()(const Source& source, T& entity) const {
        return read_entity(source, entity);
    }
};

/// The next row, if there is one. `read(execution, row)` fills a row.
template <class Row, class Execution, class Read>
Result<std::optional<Row>> read_row(Execution& execution, const Statement& statement, Read read) {
    const Result<bool> found = execution.next();
    if (!found) return Failure(found.error());
    Result<std::optional<Row>> row;
    if (!*found) return row;
    if (const ValueFault fault = read(execution, row->emplace())) return read_failure(fault, statement);
    return row;
}

/// The only row, if there is one: another one behind it is an error.
template <class Row, class Execution, class Read>
Result<std::optional<Row>> read_row_or_none(Execution& execution, const Statement& statement, Read read) {
    Result<std::optional<Row>> row = read_row<Row>(execution, statement, read);
    if (!row || !*row) return row;
    const Result<bool> another = execution.next();
    if (!another) return Failure(another.error());
    if (*another) return Failure(several_rows(statement));
    return row;
}

/// The only row: none, or another one behind it, is an error.
template <class Row, class Execution, class Read>
Result<Row> read_only_row(Execution& execution, const Statement& statement, Read read) {
    Result<std::optional<Row>> row = read_row_or_none<Row>(execution, statement, read);
    if (!row) return Failure(std::move(row).error());
    if (!*row)
        return Failure(
            Error{Category::state, Code::not_found, "no row fulfils the query that must give one"}.in_statement(
                statement.text()));
    return std::move(**row);
}

/// All rows that are left.
template <class Row, class Execution, class Read>
Result<std::vector<Row>> read_rows(Execution& execution, const Statement& statement, Read read) {
    Result<std::vector<Row>> rows;
    while (true) {
        const Result<bool> found = execution.next();
        if (!found) return Failure(found.error());
        if (!*found) return rows;
        if (const ValueFault fault = read(execution, rows->emplace_back())) return read_failure(fault, statement);
    }
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

#include <cstdint>
#include <optional>
#include <tuple>
#include <utility>

namespace rowan::detail {

/// No row has the key that was asked for.
template <class T>
Error not_found(const Statement& statement) {
    ErrorDetails details{.category = Category::state, .code = Code::not_found};
    details.table = table_info<T>.name;
    details.message = details.table + " has no row with this key";
    details.statement = statement.text();
    return Error{std::move(details)};
}

template <class T, class Connection>
Result<T> update_one(Connection& connection, T entity) {
    const Statement& statement = detail::statement<Update<T, Connection::dialect>>;
    typename Connection::Execution execution{connection, statement};
    if (const ValueFault found = write_entity<T, Columns::all_but_key_then_key>(execution, entity))
        return write_failure(found, statement);
    const Result<std::int64_t> changed = execution.run();
    if (!changed) return Failure(changed.error());
    if (*changed == 0) return Failure(not_found<T>(statement));
    return entity;
}

template <class T, class Connection, class... Assignments>
Result<T> patch_one(Connection& connection, const Key<T>& key, const Assignments&... assignments) {
    static_assert(sizeof...(Assignments) != 0, "rowan: a patch needs something to set: patch(key, set<&T::m> = value)");
    using Text = UpdateWhere<T, Connection::dialect, HasKey<T>, true, typename Assignments::Shape...>;
    const Statement& statement = detail::statement<Text>;
    typename Connection::Execution execution{connection, statement};
    if (const ValueFault found =
            put_values(typename Text::SetParameters{}, execution, std::tuple_cat(as_references(assignments.values)...)))
        return write_failure(found, statement);
    if (const ValueFault found = write_key<T>(execution, key)) return write_failure(found, statement);
    Result<std::optional<T>> row = read_row<T>(execution, statement, ReadEntity{});
    if (!row) return Failure(std::move(row).error());
    if (!*row) return Failure(not_found<T>(statement));
    return std::move(**row);
}

/// `write` puts the key into the statement.
template <class T, class Connection, class Write>
Result<bool> erase_one(Connection& connection, Write write) {
    const Statement& statement = detail::statement<Erase<T, Connection::dialect>>;
    typename Connection::Execution execution{connection, statement};
    if (const ValueFault found = write(execution)) return write_failure(found, statement);
    const Result<std::int64_t> changed = execution.run();
    if (!changed) return Failure(changed.error());
    return *changed != 0;
}

}  // namespace rowan::detail

// ---- rowan/repository/compound.hpp ----



// ---- rowan/query/compound.hpp ----



#include <cstddef>
#include <string_view>
#include <type_traits>

/// Queries made of queries.
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

/// A part of a union is written without parentheses, so that an order or limit in it would be that of the whole.
template <class Query>
inline constexpr bool ends_open = true;
template <class Query>
    requires requires { typename Query::Order; }
inline constexpr bool ends_open<Query> =
    std::is_same_v<typename Query::Order, OrderShapes<>> && std::is_same_v<typename Query::Limit, Nothing> &&
    std::is_same_v<typename Query::Offset, Nothing> && Query::lock == RowLock::none;

/// The rows of one query, then those of another.
template <class First, class Second>
struct UnionShape {
    static_assert(ends_open<First> && ends_open<Second>,
                  "rowan: the parts of union_all have no order_by, limit or offset of their own: put the union behind "
                  "with<T>(...) and order what is selected from it");

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
        write_wanted<UnionShape, Outer, wanted>(out, dialect, parameter);
    }

    template <class Outer>
    static constexpr void write_rows(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        First::template write<Outer>(out, dialect, parameter);
        out << " UNION ALL ";
        Second::template write<Outer>(out, dialect, parameter);
    }

    template <class Outer, class RowSource>
    static ValueFault read(const RowSource& source, Row<Outer>& row) {
        return First::template read<Outer>(source, row);
    }
};

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
    using Projection = typename Main::Projection;
    template <class Outer>
    using Row = typename Main::template Row<void>;
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

// ---- rowan/query/functions.hpp ----



// ---- rowan/types/timestamp.hpp ----



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

/// The value as another type, as the database converts it: `cast<double>(col<&T::count>)`.
template <Storable Value, detail::AnyExpression Inner>
[[nodiscard]] constexpr auto cast(Inner inner) {
    return detail::combine<detail::CastShape<Value, typename Inner::Shape>>(std::move(inner));
}

/// Parts of a timestamp, in UTC.
enum class Unit : unsigned char { second, minute, hour, day, month, year };

/// The timestamp at which its second, minute, … or year began.
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

/// The row's number in its window, from 1; rows that are alike in the order get different numbers, the same rank, or
/// the same rank without gaps.
[[nodiscard]] constexpr auto row_number() { return detail::Expression<detail::RankingShape<"row_number">>{}; }
[[nodiscard]] constexpr auto rank() { return detail::Expression<detail::RankingShape<"rank">>{}; }
[[nodiscard]] constexpr auto dense_rank() { return detail::Expression<detail::RankingShape<"dense_rank">>{}; }
/// The value in the row before, in the row behind; NULL where there is none.
template <detail::AnyExpression Inner>
[[nodiscard]] constexpr auto lag(Inner inner) {
    return detail::combine<detail::NeighbourShape<"lag", typename Inner::Shape>>(std::move(inner));
}
template <detail::AnyExpression Inner>
[[nodiscard]] constexpr auto lead(Inner inner) {
    return detail::combine<detail::NeighbourShape<"lead", typename Inner::Shape>>(std::move(inner));
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

// ---- rowan/repository/cursor.hpp ----



// ---- rowan/query/keyset.hpp ----



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

}  // namespace rowan

// ---- rowan/repository/query_parts.hpp ----



#include <cstdint>
#include <string_view>
#include <tuple>
#include <type_traits>

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

template <class Db, class First, class Second>
auto make_union(Db* db, const First& first, const Second& second);

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



// ---- rowan/session/scopes.hpp ----



#include <algorithm>
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
    void leave(ScopeId scope) noexcept { open_.erase(std::find(open_.begin(), open_.end(), scope), open_.end()); }

    [[nodiscard]] ScopeId innermost() const noexcept { return open_.empty() ? outermost : open_.back(); }

    [[nodiscard]] bool is_open(ScopeId scope) const noexcept {
        return scope == outermost || std::find(open_.begin(), open_.end(), scope) != open_.end();
    }

    /// Why a handle must not be used now, or nothing.
    [[nodiscard]] std::optional<Error> refusal(ScopeId scope, TransactionState state) const {
        if (scope == innermost() && (scope == outermost || state != TransactionState::idle)) [[likely]]
            return std::nullopt;
        return explain(scope);
    }

private:
    [[nodiscard]] Error explain(ScopeId scope) const {
        if (!is_open(scope))
            return {Category::programming, Code::wrong_handle,
                    "this transaction or savepoint has ended: nothing was sent"};
        if (scope != innermost())
            return {Category::programming, Code::wrong_handle,
                    "a transaction or savepoint is open inside: use its own handle until it ends; nothing was sent"};
        return {Category::internal, Code::transaction_lost,
                "the database has rolled this transaction back by itself, after an earlier error: roll back and "
                "start again; nothing was sent"};
    }

    std::vector<ScopeId> open_;
    ScopeId last_ = outermost;
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
    ConnectionRows(Connection& connection, const Statement& statement, Read read)
        : guard_{connection.scopes()}, execution_{connection, statement}, statement_{statement}, read_{read} {}

    [[nodiscard]] auto& parameters() { return execution_; }

    Result<bool> next(Row& row) override {
        Result<bool> found = execution_.next();
        if (!found || !*found) return found;
        row = Row{};
        if (const ValueFault fault = read_(execution_, row)) return read_failure(fault, statement_);
        return found;
    }

private:
    ScopeGuard guard_;
    typename Connection::StreamExecution execution_;
    const Statement& statement_;
    Read read_;
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

}  // namespace detail

/// The rows of a query, read as they are looked at, in bounded memory:
///
///     for (rowan::Result<Trade>& trade : trades.where(…).stream()) …
///
/// An input range: it is read once. A row that cannot be had is an error, and the last. It may be left in the middle.
/// While it lives, the connection's own handle refuses other work; inside a transaction, the transaction's handle does
/// not. It must not outlive the connection.
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
                              std::tuple_cat(as_references(assignments.values)..., as_references(where)));
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

#include <algorithm>
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
class [[nodiscard]] Query {
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
            values_.projection, values_.from, std::tuple_cat(values_.where, std::move(condition).values), values_.group,
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
            values_.projection, values_.from, values_.where, std::tuple_cat(items.values...), values_.having,
            values_.order);
    }

    /// Only groups for which this is true.
    template <detail::Condition Having>
    auto having(Having condition) const {
        using Joined = typename detail::Both<typename Shape::Having, typename Having::Shape>::type;
        return with<typename Shape::template WithHaving<Joined>>(
            values_.projection, values_.from, values_.where, values_.group,
            std::tuple_cat(values_.having, std::move(condition).values), values_.order);
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
    auto for_update() const {
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
    [[nodiscard]] auto cursor(const Entity& row) const { return make_cursor(row, typename Shape::Order{}); }

    /// Only rows behind that place, or before it: with `limit`, a page. The rows come in the query's order in both
    /// cases.
    [[nodiscard]] auto after(const Cursor& cursor) const {
        require_pages();
        return where(keyset<false>(cursor, typename Shape::Order{}));
    }
    [[nodiscard]] auto before(const Cursor& cursor) const {
        require_pages();
        return reversed(keyset<true>(cursor, typename Shape::Order{}), typename Shape::Order{});
    }

    [[nodiscard]] Result<std::vector<Row>> all() const {
        return run<detail::Wanted::rows, Shape>(values_.limit, [](auto& execution, const Statement& statement) {
            Result<std::vector<Row>> rows = detail::read_rows<Row>(execution, statement, ReadProjection{});
            if constexpr (Shape::backwards)
                if (rows) std::reverse(rows->begin(), rows->end());
            return rows;
        });
    }

    /// The first row, if there is any.
    [[nodiscard]] Result<std::optional<Row>> first() const {
        static_assert(!Shape::backwards, "rowan: before(...) gives a page: limit(n).all()");
        return run<detail::Wanted::rows, Limited<1>>(
            std::min<std::int64_t>(values_.limit, 1), [](auto& execution, const Statement& statement) {
                return detail::read_row<Row>(execution, statement, ReadProjection{});
            });
    }

    /// The only row: Code::not_found if there is none, Code::multiple_rows if there are more.
    [[nodiscard]] Result<Row> one() const {
        return run<detail::Wanted::rows, Limited<2>>(
            std::min<std::int64_t>(values_.limit, 2), [](auto& execution, const Statement& statement) {
                return detail::read_only_row<Row>(execution, statement, ReadProjection{});
            });
    }

    /// Calls `fn(row)` for row after row, in bounded memory: a million rows need no more than a few thousand. `fn`
    /// gives nothing, a bool (false: enough), or a Result<void> whose error ends it and is given back. While it runs,
    /// the connection's own handle refuses other work; inside a transaction, the transaction's handle does not.
    template <class Fn>
    [[nodiscard]] Result<void> for_each(Fn fn) const {
        return streamed([&](auto& rows) -> Result<void> {
            Row row{};
            while (true) {
                const Result<bool> found = rows->next(row);
                if (!found) return Failure(found.error());
                if (!*found) return {};
                const Result<bool> more = detail::offer(fn, row);
                if (!more) return Failure(more.error());
                if (!*more) return {};
            }
        });
    }

    /// The same as a range: see Stream.
    [[nodiscard]] Result<Stream<Row>> stream() const {
        return streamed([](auto& rows) -> Result<Stream<Row>> { return Stream<Row>{std::move(rows)}; });
    }

    /// The only row, if there is any; Code::multiple_rows if there are more.
    [[nodiscard]] Result<std::optional<Row>> one_or_none() const {
        return run<detail::Wanted::rows, Limited<2>>(
            std::min<std::int64_t>(values_.limit, 2), [](auto& execution, const Statement& statement) {
                return detail::read_row_or_none<Row>(execution, statement, ReadProjection{});
            });
    }

    [[nodiscard]] Result<std::int64_t> count() const {
        return run<detail::Wanted::count, Shape>(values_.limit, [](auto& execution, const Statement&) {
            return detail::read_value<std::int64_t>(execution);
        });
    }

    [[nodiscard]] Result<bool> exists() const {
        return run<detail::Wanted::existence, Shape>(
            values_.limit, [](auto& execution, const Statement&) { return detail::read_value<bool>(execution); });
    }

    /// Sets columns of all rows that fulfil the condition: `update(set<&T::a> = 1, set<&T::b> = col<&T::b> + 1)`. Gives
    /// their number.
    template <class... Assignments>
    [[nodiscard]] Result<std::int64_t> update(const Assignments&... assignments) const {
        if constexpr (require_changeable())
            return detail::update_where<Entity, false, typename Shape::Where>(*db_, values_.where, assignments...);
        else
            return 0;
    }
    /// The same, and gives the rows as they are then.
    template <class... Assignments>
    [[nodiscard]] Result<std::vector<Row>> update_returning(const Assignments&... assignments) const {
        if constexpr (require_changeable())
            return detail::update_where<Entity, true, typename Shape::Where>(*db_, values_.where, assignments...);
        else
            return {};
    }

    /// Removes all rows that fulfil the condition, and gives their number.
    [[nodiscard]] Result<std::int64_t> erase() const {
        if constexpr (require_changeable())
            return detail::erase_where<Entity, false, typename Shape::Where>(*db_, values_.where);
        else
            return 0;
    }
    /// The same, and gives the rows as they were.
    [[nodiscard]] Result<std::vector<Row>> erase_returning() const {
        if constexpr (require_changeable())
            return detail::erase_where<Entity, true, typename Shape::Where>(*db_, values_.where);
        else
            return {};
    }

    /// The statement that `all` sends: a constant of the program.
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

    /// The rows of this query, then those of `other`, also where they are alike.
    template <class Other>
    auto union_all(const Other& other) const {
        return detail::make_union(db_, *this, other);
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

    struct ReadProjection {
        template <class Source>
        detail::ValueFault operator()(const Source& source, Row& row) const {
            return Shape::Projection::template read<typename Shape::template ScopeIn<void>>(source, row);
        }
    };

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
            values_.projection, std::tuple_cat(values_.from, std::move(on).values), values_.where, values_.group,
            values_.having, values_.order);
    }

    template <class... Orders>
    auto make_cursor(const Entity& row, detail::OrderShapes<Orders...>) const {
        if constexpr (detail::Paging<Entity, typename Shape::Order>::require()) {
            const auto fields = reflect::tie(row);
            return rowan::Cursor<Entity, detail::OrderShapes<Orders...>>{
                {std::get<reflect::index_of<Entity, detail::PageKey<Orders>::member>()>(fields)...}};
        }
    }

    template <bool before, class... Orders>
    static auto keyset(const Cursor& cursor, detail::OrderShapes<Orders...>) {
        return [&]<class... Held>(const std::tuple<Held...>& held) {
            return detail::Expression<detail::KeysetShape<before, Orders...>, Held...>{held};
        }(cursor.values());
    }

    template <class Where, class... Orders>
    auto reversed(Where condition, detail::OrderShapes<Orders...>) const {
        using Joined = typename detail::Both<typename Shape::Where, typename Where::Shape>::type;
        using Order = detail::OrderShapes<typename detail::PageKey<Orders>::Reversed...>;
        return with<typename Shape::template Backwards<Joined, Order>>(
            values_.projection, values_.from, std::tuple_cat(values_.where, std::move(condition).values), values_.group,
            values_.having, values_.order);
    }

    template <class Projection, class... Items>
    auto projected(Items&... items) const {
        static_assert(sizeof...(Items) != 0, "rowan: select needs at least one expression");
        return with<typename Shape::template WithProjection<Projection>>(
            std::tuple_cat(items.values...), values_.from, values_.where, values_.group, values_.having, values_.order);
    }

    /// Puts the values of a SELECT with the shape `Used`.
    template <detail::Wanted wanted, class Used, class Sink>
    detail::ValueFault put(Sink& sink, std::int64_t limit) const {
        using Scope = typename Used::template ScopeIn<void>;
        detail::ValueFault found;
        const auto put_clause = [&]<class Clause>(const auto& values) {
            if (!found) found = detail::put_values(typename Clause::template Parameters<Scope>{}, sink, values);
        };
        if constexpr (Used::template has_projection<wanted>)
            put_clause.template operator()<typename Used::Projection>(values_.projection);
        put_clause.template operator()<typename Used::From>(values_.from);
        put_clause.template operator()<typename Used::Where>(values_.where);
        put_clause.template operator()<typename Used::Group>(values_.group);
        put_clause.template operator()<typename Used::Having>(values_.having);
        if constexpr (Used::template has_order<wanted>)
            put_clause.template operator()<typename Used::Order>(values_.order);
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

    template <detail::Wanted wanted, class Used, class Read>
    auto run(std::int64_t limit, Read read) const {
        return db_->lend([&]<class Connection>(Connection& connection) {
            const Statement& statement = statement_on<Used, wanted, Connection>();
            typename Connection::Execution execution{connection, statement};
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
        return db_->lend([&]<class Connection>(Connection& connection) {
            const Statement& statement = statement_on<Shape, detail::Wanted::rows, Connection>();
            using Rows = detail::ConnectionRows<Row, Connection, ReadProjection>;
            auto rows = std::make_unique<Rows>(connection, statement, ReadProjection{});
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
class [[nodiscard]] CompoundQuery {
public:
    using QueryShape = Shape;
    using Row = typename Shape::template Row<void>;

    CompoundQuery(Db* db, std::tuple<Held...> values) : db_{db}, values_{std::move(values)} {}

    [[nodiscard]] Result<std::vector<Row>> all() const {
        return run<detail::Wanted::rows>([](auto& execution, const Statement& statement) {
            return detail::read_rows<Row>(execution, statement, ReadRow{});
        });
    }
    [[nodiscard]] Result<std::int64_t> count() const {
        return run<detail::Wanted::count>(
            [](auto& execution, const Statement&) { return detail::read_value<std::int64_t>(execution); });
    }
    [[nodiscard]] Result<bool> exists() const {
        return run<detail::Wanted::existence>(
            [](auto& execution, const Statement&) { return detail::read_value<bool>(execution); });
    }

    /// The rows of this query, then those of `other`, also where they are alike.
    template <class Other>
    auto union_all(const Other& other) const {
        return detail::make_union(db_, *this, other);
    }

    [[nodiscard]] std::string_view sql() const { return detail::text_on<Shape>(*db_); }

    template <detail::Wanted = detail::Wanted::rows>
    [[nodiscard]] const std::tuple<Held...>& values() const {
        return values_;
    }

private:
    struct ReadRow {
        template <class Source>
        detail::ValueFault operator()(const Source& source, Row& row) const {
            return Shape::template read<void>(source, row);
        }
    };

    template <detail::Wanted wanted, class Read>
    auto run(Read read) const {
        return db_->lend([&]<class Connection>(Connection& connection) {
            const Statement& statement = detail::statement<detail::QueryText<Shape, Connection::dialect, wanted>>;
            typename Connection::Execution execution{connection, statement};
            using Outcome = decltype(read(execution, statement));
            using Parameters = typename Shape::template Parameters<void, wanted>;
            if (const detail::ValueFault found = detail::put_values(Parameters{}, execution, values_))
                return Outcome{detail::write_failure(found, statement)};
            return read(execution, statement);
        });
    }

    Db* db_;
    std::tuple<Held...> values_;
};

namespace detail {

template <class Shape, class Db, class... Held>
auto make_compound(Db* db, std::tuple<Held...> values) {
    return CompoundQuery<Db, Shape, Held...>{db, std::move(values)};
}

template <class Db, class First, class Second>
auto make_union(Db* db, const First& first, const Second& second) {
    static_assert(std::is_same_v<typename First::Row, typename Second::Row>,
                  "rowan: union_all joins queries that give rows of the same type");
    using Shape = UnionShape<typename First::QueryShape, typename Second::QueryShape>;
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
        const auto both = make_union(static_cast<NoDatabase*>(nullptr), base, step);
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

#include <charconv>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace rowan {

template <class Db>
class BasicTransaction;

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

}  // namespace detail

/// What connections, databases and transactions share: running SQL by hand, and transactions. `Self` has
/// `lend(fn)` and `begin()`.
template <class Self>
class Session {
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

    /// Runs one statement and gives its rows. `Row` is a struct whose members are found among the columns by name, a
    /// std::tuple in the order of the columns, or one value for one column:
    /// `query<Count>(sql<"SELECT symbol, count(*) AS n FROM candles WHERE exchange = $1 GROUP BY 1">, "okx")`.
    template <class Row, class Sql, class... Arguments>
    [[nodiscard]] Result<std::vector<Row>> query(Sql sql, const Arguments&... arguments) {
        detail::require_arguments<Sql, sizeof...(Arguments)>();
        return self().lend([&](auto& connection) { return detail::query_by_hand<Row>(connection, sql, arguments...); });
    }

    /// Runs `fn(tx)` in a transaction: commits if it returns a value, rolls back if it returns an error or throws
    /// (the exception goes on). Inside a transaction it is a savepoint: an error undoes only what `fn` did.
    ///
    /// Gives what `fn` gives, as a Result; or the error of BEGIN or COMMIT. Code::in_doubt means that the
    /// connection was lost during COMMIT: the transaction may or may not be stored. While `fn` runs, only
    /// `tx` may be used: this handle refuses.
    template <class Fn>
    auto transaction(Fn&& fn) {
        return detail::run_in(self().begin(), std::forward<Fn>(fn));
    }

protected:
    Session() = default;
    ~Session() = default;
    Session(const Session&) = default;
    Session& operator=(const Session&) = default;

private:
    Self& self() { return static_cast<Self&>(*this); }
};

/// An open transaction or savepoint on a `Db` (a connection or a Database), which must outlive it. Rolled back
/// when it is dropped without commit. Used by one thread at a time, like the connection.
template <class Db>
class [[nodiscard]] BasicTransaction : public Session<BasicTransaction<Db>> {
public:
    /// A transaction, or a savepoint where one is open already.
    static Result<BasicTransaction> open(Db& db) {
        const bool nested = db.transaction_state() != TransactionState::idle;
        BasicTransaction tx{db, nested};
        Result<void> begun = nested ? tx.run("SAVEPOINT ") : db.start_transaction();
        if (begun) return tx;
        db.scopes().leave(tx.scope_);
        tx.db_ = nullptr;
        return Failure(std::move(begun).error());
    }

    BasicTransaction(BasicTransaction&& other) noexcept
        : db_{std::exchange(other.db_, nullptr)}, scope_{other.scope_}, nested_{other.nested_} {}
    BasicTransaction& operator=(BasicTransaction&& other) noexcept {
        if (this != &other) {
            drop();
            db_ = std::exchange(other.db_, nullptr);
            scope_ = other.scope_;
            nested_ = other.nested_;
        }
        return *this;
    }
    ~BasicTransaction() { drop(); }

    /// Neither committed nor rolled back, and none around it either.
    [[nodiscard]] bool active() const noexcept { return db_ != nullptr && db_->scopes().is_open(scope_); }

    /// Stores what was done; for a savepoint, leaves it to the transaction around. Where it fails and the
    /// transaction is still `active`, it may be called again (SQLite was busy, say) or rolled back.
    [[nodiscard]] Result<void> commit() {
        if (auto refused = refusal()) return Failure(end_if_lost(*std::move(refused)));
        Result<void> ended = nested_ ? run("RELEASE SAVEPOINT ") : db_->commit_transaction();
        if (ended || db_->transaction_state() == TransactionState::idle) db_->scopes().leave(scope_);
        return ended;
    }

    /// Undoes what was done, also what was done in savepoints inside that are still open. Does nothing to a
    /// transaction that has ended.
    [[nodiscard]] Result<void> rollback() {
        if (!active()) return {};
        Result<void> undone{};
        // The database may have rolled back by itself.
        if (db_->transaction_state() != TransactionState::idle)
            undone = nested_ ? run("ROLLBACK TO SAVEPOINT ", "; RELEASE SAVEPOINT ") : db_->roll_back_transaction();
        db_->scopes().leave(scope_);
        return undone;
    }

    /// A savepoint inside, as a handle of its own.
    [[nodiscard]] Result<BasicTransaction> begin() {
        if (auto refused = refusal()) return Failure(*std::move(refused));
        return open(*db_);
    }

    /// Runs `fn(tx)` in a savepoint: see `transaction`.
    template <class Fn>
    auto savepoint(Fn&& fn) {
        return this->transaction(std::forward<Fn>(fn));
    }

    /// Calls `fn(connection)`, unless this handle must not be used now.
    template <class Fn>
    auto lend(Fn&& fn) {
        using Outcome = decltype(db_->lend(std::forward<Fn>(fn), scope_));
        if (db_ == nullptr) [[unlikely]]
            return Outcome{Failure(moved_from())};
        return db_->lend(std::forward<Fn>(fn), scope_);
    }

private:
    BasicTransaction(Db& db, bool nested) : db_{&db}, scope_{db.scopes().enter()}, nested_{nested} {}

    [[nodiscard]] static Error moved_from() {
        return {Category::programming, Code::wrong_handle, "this transaction or savepoint was moved from"};
    }

    [[nodiscard]] std::optional<Error> refusal() const {
        if (db_ == nullptr) return moved_from();
        return db_->scopes().refusal(scope_, db_->transaction_state());
    }

    Error end_if_lost(Error error) {
        if (error.code() == Code::transaction_lost) db_->scopes().leave(scope_);
        return error;
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
        char name[32] = "rowan_";
        const auto end = std::to_chars(name + 6, name + sizeof name, scope_).ptr;
        const std::string_view savepoint{name, static_cast<std::size_t>(end - name)};
        std::string text{command};
        text += savepoint;
        if (!second.empty()) text.append(second).append(savepoint);
        return db_->run_script(text);
    }

    Db* db_;
    ScopeId scope_;
    bool nested_;
};

}  // namespace rowan

#include <cstddef>
#include <cstdint>
#include <optional>
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

/// Inserts one row; a key that the database makes is written to `entity`.
template <bool generate, class T, class Connection>
Result<void> insert_row(Connection& connection, T& entity) {
    using Text = Insert<T, Connection::dialect, generate>;
    const Statement& statement = detail::statement<Text>;
    typename Connection::Execution execution{connection, statement};
    if (const ValueFault found = write_entity<T, Text::columns>(execution, entity))
        return write_failure(found, statement);
    if constexpr (generate) {
        const Result<std::int64_t> made = execution.run_insert();
        if (!made) return Failure(made.error());
        using Member = std::remove_reference_t<decltype(generated_key(entity))>;
        if (!std::in_range<Member>(*made))
            return read_failure({Fault::out_of_range, place_of<T>(table<T>.key_columns()[0])}, statement);
        generated_key(entity) = static_cast<Member>(*made);
    } else {
        if (const Result<std::int64_t> ran = execution.run(); !ran) return Failure(ran.error());
    }
    return {};
}

template <class T, class Connection>
Result<T> insert_one(Connection& connection, T entity) {
    Result<void> done = [&] {
        if constexpr (has_generated_key<T>)
            if (wants_key(entity)) return insert_row<true>(connection, entity);
        return insert_row<false>(connection, entity);
    }();
    if (!done) return Failure(std::move(done).error());
    return entity;
}

/// Inserts rows one by one.
template <class T, class Connection>
class RowInserter {
public:
    explicit RowInserter(Connection& connection) : connection_{connection} {}

    Result<void> add(const T& entity) { return wants_key(entity) ? put<true>(entity) : put<false>(entity); }

    Result<std::size_t> finish() { return count_; }

private:
    template <bool generate>
    Result<void> put(const T& entity) {
        using Text = Insert<T, Connection::dialect, generate && has_generated_key<T>>;
        const Statement& statement = detail::statement<Text>;
        typename Connection::Execution execution{connection_, statement};
        if (const ValueFault found = write_entity<T, Text::columns>(execution, entity))
            return write_failure(found, statement);
        if (const Result<std::int64_t> ran = execution.run(); !ran) return Failure(ran.error());
        ++count_;
        return {};
    }

    Connection& connection_;
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
        if (const ValueFault found = write_entity<T, Text<generate>::columns>(*execution_, entity))
            return write_failure(found, statement);
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
    std::size_t count_ = 0;
};

template <class T, class Connection>
auto make_inserter(Connection& connection) {
    if constexpr (takes_arrays<T, Connection::dialect>)
        return ArrayInserter<T, Connection>{connection};
    else
        return RowInserter<T, Connection>{connection};
}

/// Hands every item of a range to `writer`, in one transaction: all or nothing.
template <class Connection, class Range, class MakeWriter>
auto write_range(Connection& connection, Range&& range, MakeWriter make_writer) {
    using Counted = decltype(make_writer(connection).finish());
    return run_in(BasicTransaction<Connection>::open(connection), [&](auto&) -> Counted {
        auto writer = make_writer(connection);
        for (const auto& entity : range)
            if (Result<void> added = writer.add(entity); !added) return Failure(std::move(added).error());
        return writer.finish();
    });
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

}  // namespace rowan::detail

#include <cstddef>
#include <string>
#include <string_view>
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
        return *this;
    }

    [[nodiscard]] bool empty() const { return assignments_.empty(); }
    [[nodiscard]] const detail::RunTimeParts<T>& assignments() const { return assignments_; }

private:
    detail::RunTimeParts<T> assignments_;
};

}  // namespace rowan

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace rowan {

namespace detail {

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

template <class T, class Connection>
Result<T> patch_chosen(Connection& connection, const Key<T>& key, const Patch<T>& patch) {
    constexpr const Dialect& dialect = Connection::dialect;
    const std::string text = run_time_text([&](TextWriter& out) {
        std::size_t parameter = 1;
        out << "UPDATE ";
        write_table_name(out, dialect, table_info<T>);
        out << " SET ";
        write_parts(out, dialect, parameter, patch.assignments(), ", ");
        out << " WHERE ";
        write_assignments(out, dialect, table_info<T>, column_list<T, Columns::key>, parameter, " AND ");
        write_returning<T>(out, dialect);
    });
    std::vector<Form> forms = forms_of_parts(patch.assignments());
    for (const Form form : column_forms<T, Columns::key>) forms.push_back(form);
    const Statement statement{text, forms, Statement::Kept::no};
    typename Connection::Execution execution{connection, statement};
    SinkAdapter sink{execution};
    if (const ValueFault found = put_parts(patch.assignments(), sink)) return write_failure(found, statement);
    if (const ValueFault found = write_key<T>(execution, key)) return write_failure(found, statement);
    Result<std::optional<T>> row = read_row<T>(execution, statement, ReadEntity{});
    if (!row) return Failure(std::move(row).error());
    if (!*row) return Failure(not_found<T>(statement));
    return std::move(**row);
}

}  // namespace detail

/// The rows that a Filter chooses: what `Repository::matching` gives. The statement is made anew for each call and not
/// kept prepared. See Query for what the functions give.
template <class T, class Db>
class [[nodiscard]] MatchingQuery {
public:
    MatchingQuery(Db& db, Filter<T> filter) : db_{&db}, filter_{std::move(filter)} {}

    [[nodiscard]] MatchingQuery limit(std::int64_t count) const {
        MatchingQuery query = *this;
        query.limit_ = count;
        return query;
    }
    [[nodiscard]] MatchingQuery offset(std::int64_t count) const {
        MatchingQuery query = *this;
        query.offset_ = count;
        return query;
    }

    [[nodiscard]] Result<std::vector<T>> all() const {
        return run<detail::Wanted::rows>(limit_, [](auto& execution, const Statement& statement) {
            return detail::read_rows<T>(execution, statement, detail::ReadEntity{});
        });
    }
    [[nodiscard]] Result<std::optional<T>> first() const {
        const std::int64_t one = limit_ && *limit_ < 1 ? *limit_ : 1;
        return run<detail::Wanted::rows>(one, [](auto& execution, const Statement& statement) {
            return detail::read_row<T>(execution, statement, detail::ReadEntity{});
        });
    }
    /// The number of rows that the filter chooses, whatever limit and offset leave of them: what a page of a list
    /// needs.
    [[nodiscard]] Result<std::int64_t> count() const {
        return run<detail::Wanted::count>(std::nullopt, [](auto& execution, const Statement&) {
            return detail::read_value<std::int64_t>(execution);
        });
    }

private:
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
            if (!filter_.order().empty()) out << " ORDER BY ";
            detail::Separator comma{", "};
            for (const auto& [column, direction] : filter_.order()) {
                out << comma;
                detail::write_column(out, dialect, table_info<T>, column);
                if (direction == Direction::descending) out << " DESC";
            }
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

    template <detail::Wanted wanted, class Read>
    auto run(std::optional<std::int64_t> limit, Read read) const {
        return db_->lend([&]<class Connection>(Connection& connection) {
            const bool pages = wanted == detail::Wanted::rows;
            const std::string sql = text<wanted>(Connection::dialect, limit.has_value());
            std::vector<Form> forms = detail::forms_of_parts(filter_.conditions());
            if (limit) forms.push_back({Stored::integer});
            if (pages && offset_ != 0) forms.push_back({Stored::integer});
            const Statement statement{sql, forms, Statement::Kept::no};
            typename Connection::Execution execution{connection, statement};
            using Outcome = decltype(read(execution, statement));
            if ((limit && *limit < 0) || offset_ < 0) return Outcome{detail::negative_limit()};
            detail::SinkAdapter sink{execution};
            if (const detail::ValueFault found = detail::put_parts(filter_.conditions(), sink))
                return Outcome{detail::write_failure(found, statement)};
            if (limit) (void)execution.put(*limit);
            if (pages && offset_ != 0) (void)execution.put(offset_);
            return read(execution, statement);
        });
    }

    Db* db_;
    Filter<T> filter_;
    std::optional<std::int64_t> limit_{};
    std::int64_t offset_ = 0;
};

}  // namespace rowan

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
    static_assert(!column_list<T, Columns::all_but_key>.empty(),
                  "rowan: every column of this table belongs to the key, so there is nothing to update");
    return true;
}

}  // namespace rowan::detail

// ---- rowan/repository/upsert.hpp ----



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
#include <utility>
#include <vector>

namespace rowan::detail {

/// The integer key that comes with a row, or 0.
template <class T>
std::int64_t integer_key(const T& entity) {
    if constexpr (key_size<T> == 1) {
        const auto& key = std::get<table<T>.key_columns()[0]>(reflect::tie(entity));
        if constexpr (Integer<std::remove_cvref_t<decltype(key)>>) return static_cast<std::int64_t>(key);
    }
    return 0;
}

template <bool generate, class Policy, class T, class Connection>
Result<Upserted> upsert_row(Connection& connection, const T& entity, const Policy& policy) {
    using Text = Upsert<T, Connection::dialect, generate, Policy>;
    const Statement& statement = detail::statement<Text>;
    typename Connection::Execution execution{connection, statement};
    if (const ValueFault found = write_entity<T, Text::columns>(execution, entity))
        return write_failure(found, statement);
    if (const ValueFault found =
            put_values(typename Conflict<T, Policy>::Parameters{}, execution, policy.action.values))
        return write_failure(found, statement);
    return execution.run_upsert(integer_key(entity));
}

template <class T, class Connection, class Policy>
Result<Upserted> upsert_one(Connection& connection, const T& entity, const Policy& policy) {
    if constexpr (has_generated_key<T>)
        if (wants_key(entity)) return upsert_row<true>(connection, entity, policy);
    return upsert_row<false>(connection, entity, policy);
}

/// Upserts rows one by one.
template <class T, class Policy, class Connection>
class RowUpserter {
public:
    RowUpserter(Connection& connection, const Policy& policy) : connection_{connection}, policy_{policy} {}

    Result<void> add(const T& entity) {
        const Result<Upserted> done = upsert_one(connection_, entity, policy_);
        if (!done) return Failure(done.error());
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

    Result<UpsertCounts> finish() {
        if (Result<void> sent = send(); !sent) return Failure(std::move(sent).error());
        return counts_;
    }

private:
    template <bool generate>
    using Text = UpsertArrays<T, Connection::dialect, generate && has_generated_key<T>, Policy>;

    template <bool generate>
    Result<void> put(const T& entity) {
        const Statement& statement = detail::statement<Text<generate>>;
        if (!execution_) execution_.emplace(connection_, statement, column_list<T, Text<generate>::columns>.size());
        if (const ValueFault found = write_entity<T, Text<generate>::columns>(*execution_, entity))
            return write_failure(found, statement);
        batch_.push_back(entity);
        return execution_->is_full() ? send() : Result<void>{};
    }

    Result<void> send() {
        if (!execution_ || execution_->is_empty()) return {};
        const auto put_policy = [&](auto& sink) {
            return put_values(typename Conflict<T, Policy>::Parameters{}, sink, policy_.action.values);
        };
        Result<UpsertCounts> done = run_in(BasicTransaction<Connection>::open(connection_),
                                           [&](auto&) { return execution_->run_upsert(put_policy); });
        if (!done && done.error().code() == Code::cardinality_violation) done = send_one_by_one();
        batch_.clear();
        if (!done) return Failure(std::move(done).error());
        counts_.inserted += done->inserted;
        counts_.updated += done->updated;
        counts_.unchanged += done->unchanged;
        return {};
    }

    Result<UpsertCounts> send_one_by_one() {
        RowUpserter<T, Policy, Connection> rows{connection_, policy_};
        for (const T& entity : batch_)
            if (Result<void> added = rows.add(entity); !added) return Failure(std::move(added).error());
        return rows.finish();
    }

    Connection& connection_;
    const Policy& policy_;
    std::optional<typename Connection::ArrayExecution> execution_{};
    std::vector<T> batch_{};
    bool generating_ = false;
    UpsertCounts counts_;
};

template <class T, class Policy, class Connection>
auto make_upserter(Connection& connection, const Policy& policy) {
    if constexpr (takes_arrays<T, Connection::dialect>)
        return ArrayUpserter<T, Policy, Connection>{connection, policy};
    else
        return RowUpserter<T, Policy, Connection>{connection, policy};
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

/// Has the database plan these queries, without running them: what it refuses is a mismatch, with its reason. A query
/// that cannot be asked at all (the connection is lost, say) is an error.
template <class First, class... Queries>
[[nodiscard]] Result<std::vector<Mismatch>> verify_queries(const First& first, const Queries&... queries) {
    std::vector<Mismatch> found;
    Result<void> done{};
    const auto check = [&](const auto& query) {
        Result<std::string> plan = query.explain();
        if (plan) return true;
        Error error = std::move(plan).error();
        if (error.category() != Category::programming) {
            done = Failure(std::move(error));
            return false;
        }
        found.push_back({Mismatch::Kind::refused_query, error.table(), error.column(), error.to_string()});
        return true;
    };
    (void)(check(first) && (check(queries) && ...));
    if (!done) return Failure(std::move(done).error());
    return found;
}

}  // namespace rowan

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <ranges>
#include <type_traits>
#include <utility>
#include <vector>

namespace rowan {

class Database;

/// The rows of T's table. `Db` lends a connection for one operation: a connection itself, a transaction, or a
/// Database. The repository is a pointer to it: cheap to make and to copy, no more thread-safe than the `Db`,
/// which must outlive it and stay where it is.
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
    [[nodiscard]] Result<void> create_table() {
        return db_->lend([]<class Connection>(Connection& connection) {
            return detail::run_in(BasicTransaction<Connection>::open(connection), [&](auto&) {
                return connection.run_script(detail::text_of<detail::CreateTable<T, Connection::dialect>>);
            });
        });
    }

    /// Drops the table with all its rows, if it is there.
    [[nodiscard]] Result<void> drop_table() {
        return db_->lend([]<class Connection>(Connection& connection) {
            return connection.run_script(detail::text_of<detail::DropTable<T, Connection::dialect>>);
        });
    }

    /// Stores a row, and gives it back as it is stored: with the key that the database made, where the key is
    /// generated and `entity` has 0. Take the row from a temporary or with std::move to save a copy.
    [[nodiscard]] Result<T> insert(T entity) {
        return db_->lend([&](auto& connection) { return detail::insert_one(connection, std::move(entity)); });
    }

    /// Stores all rows of a range, or none, in the fastest way that the database has; gives their number. The
    /// range is read once.
    template <std::ranges::input_range Range>
        requires std::same_as<std::ranges::range_value_t<Range>, T>
    [[nodiscard]] Result<std::size_t> insert(Range&& range) {
        return db_->lend([&]<class Connection>(Connection& connection) {
            return detail::write_range(connection, std::forward<Range>(range), &detail::make_inserter<T, Connection>);
        });
    }

    /// Stores a row, or does what `policy` says where it is there already:
    /// `rowan::on_conflict<&T::a, &T::b>.do_nothing()` or `.do_update()`.
    template <class Action, auto... Target>
    [[nodiscard]] Result<Upserted> upsert(const T& entity, const UpsertPolicy<Action, Target...>& policy) {
        return db_->lend([&](auto& connection) { return detail::upsert_one(connection, entity, policy); });
    }

    /// The same for all rows of a range, or none. Of rows that are alike in the conflict target, the last one
    /// stays with `do_update`, the first one with `do_nothing`.
    template <std::ranges::input_range Range, class Action, auto... Target>
        requires std::same_as<std::ranges::range_value_t<Range>, T>
    [[nodiscard]] Result<UpsertCounts> upsert(Range&& range, const UpsertPolicy<Action, Target...>& policy) {
        return db_->lend([&]<class Connection>(Connection& connection) {
            return detail::write_range(connection, std::forward<Range>(range),
                                       [&](Connection& used) { return detail::make_upserter<T>(used, policy); });
        });
    }

    /// The row with this key, if there is one.
    [[nodiscard]] Result<std::optional<T>> find(const Key<T>& key) {
        return with_key<detail::Wanted::rows>(key, [](auto& execution, const Statement& statement) {
            return detail::read_row<T>(execution, statement, detail::ReadEntity{});
        });
    }

    /// The row with this key; Code::not_found if there is none.
    [[nodiscard]] Result<T> get(const Key<T>& key) {
        return with_key<detail::Wanted::rows>(key, [](auto& execution, const Statement& statement) -> Result<T> {
            Result<std::optional<T>> row = detail::read_row<T>(execution, statement, detail::ReadEntity{});
            if (!row) return Failure(std::move(row).error());
            if (!*row) return Failure(detail::not_found<T>(statement));
            return std::move(**row);
        });
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
    [[nodiscard]] Result<T> update(T entity) {
        static_assert(detail::require_key<T>() && detail::require_more_than_key<T>());
        return db_->lend([&](auto& connection) { return detail::update_one(connection, std::move(entity)); });
    }

    /// Sets only these columns of the row with this key: `patch(key, set<&T::status> = "done")`, and gives the row as
    /// it is then. Code::not_found if there is none.
    template <class... Assignments>
    [[nodiscard]] Result<T> patch(const Key<T>& key, const Assignments&... assignments) {
        static_assert(detail::require_key<T>());
        return db_->lend([&](auto& connection) { return detail::patch_one<T>(connection, key, assignments...); });
    }

    /// Sets the columns that `patch` has, chosen at run time. With nothing set, nothing is sent but the question for
    /// the row.
    [[nodiscard]] Result<T> patch(const Key<T>& key, const Patch<T>& patch) {
        static_assert(detail::require_key<T>());
        if (patch.empty()) return get(key);
        return db_->lend([&](auto& connection) { return detail::patch_chosen<T>(connection, key, patch); });
    }

    /// Removes the row with this key; false if there is none.
    [[nodiscard]] Result<bool> erase(const Key<T>& key) {
        static_assert(detail::require_key<T>());
        return db_->lend([&](auto& connection) {
            return detail::erase_one<T>(connection, [&](auto& sink) { return detail::write_key<T>(sink, key); });
        });
    }

    /// Removes the row with the entity's key; false if there is none. (A template, so that a list in braces is a key.)
    template <std::same_as<T> Entity>
    [[nodiscard]] Result<bool> erase(const Entity& entity) {
        static_assert(detail::require_key<T>());
        return db_->lend([&](auto& connection) {
            return detail::erase_one<T>(
                connection, [&](auto& sink) { return detail::write_entity<T, detail::Columns::key>(sink, entity); });
        });
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
    auto everywhere() { return Everywhere<T, Db>{*db_}; }

private:
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



#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

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
/// - `start_transaction`, `commit_transaction`, `roll_back_transaction` do just that. After a failed commit
///   `transaction_state` tells whether the transaction is still there. A commit whose outcome is not known
///   is Code::in_doubt.
/// - `transaction_state` asks what the database says, not what was sent to it, and costs no round trip.
/// - `scopes` are kept for the handles that work on the connection.
/// - `StreamExecution{connection, statement}` runs a SELECT like an Execution, with bounded memory; others may run in
///   between, and it may be left in the middle.
/// - Where `dialect.array_parameters`, `ArrayExecution{connection, statement}` takes many rows through `put`, tells
///   when it `is_full` or `is_empty`, and runs them as one statement with `run` or `run_upsert`; then it may be filled
///   again.
template <class C>
concept Backend = std::same_as<decltype(C::dialect), const Dialect&> && Execution<typename C::Execution> &&
                  std::constructible_from<typename C::Execution, C&, const Statement&> &&
                  std::constructible_from<typename C::StreamExecution, C&, const Statement&> &&
                  requires(C& connection, std::string_view text) {
                      { connection.run_script(text) } -> std::same_as<Result<void>>;
                      { connection.start_transaction() } -> std::same_as<Result<void>>;
                      { connection.commit_transaction() } -> std::same_as<Result<void>>;
                      { connection.roll_back_transaction() } -> std::same_as<Result<void>>;
                      { connection.transaction_state() } -> std::same_as<TransactionState>;
                      { connection.scopes() } -> std::same_as<Scopes&>;
                  };

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



#include <cmath>
#include <limits>

namespace rowan {

template <>
struct Type<double> {
    static constexpr ColumnType column = ColumnType::float64;

    template <class Sink>
    static Fault write(Sink& sink, double value) {
        return sink.put(value);
    }

    template <class Cell>
    static Fault read(const Cell& cell, double& value) {
        return cell.get(value);
    }
};

/// Reading a stored double that no float equals is refused: it would lose digits.
template <>
struct Type<float> {
    static constexpr ColumnType column = ColumnType::float32;

    template <class Sink>
    static Fault write(Sink& sink, float value) {
        return sink.put(static_cast<double>(value));
    }

    template <class Cell>
    static Fault read(const Cell& cell, float& value) {
        double wide{};
        if (const Fault fault = cell.get(wide); fault != Fault::none) return fault;
        if (std::isfinite(wide) && std::fabs(wide) > static_cast<double>(std::numeric_limits<float>::max()))
            return Fault::out_of_range;
        value = static_cast<float>(wide);
        if (static_cast<double>(value) != wide && !std::isnan(wide)) return Fault::inexact;
        return Fault::none;
    }
};

}  // namespace rowan

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


// ---- rowan/session/database.hpp ----


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
        case Function::in_list: return "\1 IN rowan_list(\2)";
        case Function::not_in_list: return "\1 NOT IN rowan_list(\2)";
        case Function::truncate_to_second: return "\1 - (\1 % 1000000 + 1000000) % 1000000";
        case Function::truncate_to_minute: return "\1 - (\1 % 60000000 + 60000000) % 60000000";
        case Function::truncate_to_hour: return "\1 - (\1 % 3600000000 + 3600000000) % 3600000000";
        case Function::truncate_to_day: return "\1 - (\1 % 86400000000 + 86400000000) % 86400000000";
        case Function::truncate_to_month:
            return "CAST(strftime('%s', (\1 - (\1 % 1000000 + 1000000) % 1000000) / 1000000, 'unixepoch', 'start of "
                   "month') AS INTEGER) * 1000000";
        case Function::truncate_to_year:
            return "CAST(strftime('%s', (\1 - (\1 % 1000000 + 1000000) % 1000000) / 1000000, 'unixepoch', 'start of "
                   "year') AS INTEGER) * 1000000";
        case Function::json_text:
            // A boolean would come as a number.
            return "CASE json_type(\1, \2) WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' ELSE "
                   "CAST(json_extract(\1, \2) AS TEXT) END";
    }
    return {};
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

/// Any column holds any value, but its affinity may turn it into another. https://www.sqlite.org/datatype3.html
constexpr Fit fit(ColumnType type, std::string_view live) {
    enum class Affinity { integer, text, blob, real, numeric };
    const Affinity affinity = says(live, "INT")                                                ? Affinity::integer
                              : says(live, "CHAR") || says(live, "CLOB") || says(live, "TEXT") ? Affinity::text
                              : live.empty() || says(live, "BLOB")                             ? Affinity::blob
                              : says(live, "REAL") || says(live, "FLOA") || says(live, "DOUB") ? Affinity::real
                                                                                               : Affinity::numeric;
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

constexpr void write_create_schema(rowan::detail::TextWriter&, std::string_view) {}

}  // namespace detail

inline constexpr Dialect dialect{
    .identifier_limit = 0,
    .has_schemas = false,
    .null_generates_key = true,
    .array_parameters = false,
    .row_locks = false,
    .parameter_mark = '?',
    // INTEGER PRIMARY KEY is the rowid itself, and makes the next number for a NULL. AUTOINCREMENT would add a table of
    // its own and a quarter to the cost of an insert: https://www.sqlite.org/autoinc.html
    .generated_key = "",
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
    .type_name = &detail::type_name,
    .array_type = &detail::array_type,
    .spelling = &detail::spelling,
    .write_json_path = &detail::write_json_path,
    .write_create_schema = &detail::write_create_schema,
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

/// A statement that does not compile is told apart by its message only.
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
}

}  // namespace detail

/// The error of a failed call: `extended_code` is what the call gave, `message` what sqlite3_errmsg said then.
[[nodiscard]] inline Error make_error(int extended_code, std::string_view message, std::string_view statement) {
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

    [[nodiscard]] bool is_null() const { return sqlite3_value_type(value_) == SQLITE_NULL; }

    Fault get(bool& value) const {
        std::int64_t number{};
        if (const Fault fault = get(number); fault != Fault::none) return fault;
        if (number != 0 && number != 1) return Fault::out_of_range;
        value = number == 1;
        return Fault::none;
    }

    Fault get(std::int64_t& value) const {
        const int type = sqlite3_value_type(value_);
        if (type != SQLITE_INTEGER) return other_than(type);
        value = sqlite3_value_int64(value_);
        return Fault::none;
    }

    Fault get(double& value) const {
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

    Fault get(std::string_view& value) const {
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
    static Fault other_than(int type) { return type == SQLITE_NULL ? Fault::null_value : Fault::type_mismatch; }

    sqlite3_value* value_;
};

}  // namespace rowan::sqlite

// ---- rowan/sqlite/list.hpp ----



#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

#include <sqlite3.h>

/// A list of values as a table: `x IN rowan_list(?1)`, where the parameter is a pointer to a List. So a list of any
/// length is one constant text, its values are neither copied nor turned into text, and nothing that SQL can say makes
/// a pointer. https://www.sqlite.org/vtab.html, https://www.sqlite.org/bindptr.html
namespace rowan::sqlite {

/// The values of one list. Text and bytes are not copied.
class List {
public:
    Fault put_null() { return add({}); }
    Fault put(bool value) { return put(std::int64_t{value}); }
    Fault put(std::int64_t value) { return add({.type = SQLITE_INTEGER, .integer = value}); }
    Fault put(double value) {
        if (std::isnan(value)) return Fault::not_a_number;
        return add({.type = SQLITE_FLOAT, .real = value});
    }
    Fault put(std::string_view value) {
        return add({.type = SQLITE_TEXT, .bytes = value.data() != nullptr ? value.data() : "", .size = value.size()});
    }
    Fault put(std::span<const std::byte> value) {
        const char* bytes = value.data() != nullptr ? reinterpret_cast<const char*>(value.data()) : "";
        return add({.type = SQLITE_BLOB, .bytes = bytes, .size = value.size()});
    }
    Fault put(Timestamp value) { return put(std::int64_t{value.time_since_epoch().count()}); }
    Fault put(std::chrono::sys_days value) {
        Item item{.type = date};
        if (!rowan::detail::format_date(value, item.day)) return Fault::out_of_range;
        return add(item);
    }

    [[nodiscard]] std::size_t size() const { return items_.size(); }

    void give(std::size_t i, sqlite3_context* context) const {
        const Item& item = items_[i];
        switch (item.type) {
            case SQLITE_INTEGER: return sqlite3_result_int64(context, item.integer);
            case SQLITE_FLOAT: return sqlite3_result_double(context, item.real);
            case SQLITE_TEXT: return sqlite3_result_text64(context, item.bytes, item.size, SQLITE_STATIC, SQLITE_UTF8);
            case SQLITE_BLOB: return sqlite3_result_blob64(context, item.bytes, item.size, SQLITE_STATIC);
            case date: return sqlite3_result_text(context, item.day, sizeof item.day, SQLITE_TRANSIENT);
            default: return sqlite3_result_null(context);
        }
    }

    static constexpr const char* pointer_type = "rowan_list";

private:
    static constexpr int date = -1;

    struct Item {
        int type = SQLITE_NULL;
        std::int64_t integer = 0;
        double real = 0;
        const char* bytes = nullptr;
        std::size_t size = 0;
        char day[rowan::detail::date_length]{};
    };

    Fault add(const Item& item) {
        items_.push_back(item);
        return Fault::none;
    }

    std::vector<Item> items_;
};

namespace detail {

struct ListCursor : sqlite3_vtab_cursor {
    const List* list = nullptr;
    std::size_t position = 0;
};

inline constexpr int list_value_column = 0;
inline constexpr int list_pointer_column = 1;

inline int connect_list(sqlite3* db, void*, int, const char* const*, sqlite3_vtab** table, char**) {
    sqlite3_vtab_config(db, SQLITE_VTAB_DIRECTONLY);
    const int code = sqlite3_declare_vtab(db, "CREATE TABLE x(value, list HIDDEN)");
    if (code != SQLITE_OK) return code;
    *table = new sqlite3_vtab{};
    return SQLITE_OK;
}

inline int disconnect_list(sqlite3_vtab* table) {
    delete table;
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
    *cursor = new ListCursor{};
    return SQLITE_OK;
}

inline int close_list(sqlite3_vtab_cursor* cursor) {
    delete static_cast<ListCursor*>(cursor);
    return SQLITE_OK;
}

inline int filter_list(sqlite3_vtab_cursor* base, int, const char*, int count, sqlite3_value** values) {
    auto* cursor = static_cast<ListCursor*>(base);
    cursor->list =
        count == 1 ? static_cast<const List*>(sqlite3_value_pointer(values[0], List::pointer_type)) : nullptr;
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
    if (column == list_value_column) cursor->list->give(cursor->position, context);
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
    return sqlite3_create_module_v2(db, "rowan_list", &detail::list_module(), nullptr, nullptr);
}

}  // namespace rowan::sqlite

// ---- rowan/sqlite/prepared.hpp ----



#include <cstddef>
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
        return *this;
    }
    ~PreparedStatements() { clear(); }

    struct Taken {
        sqlite3_stmt* statement = nullptr;
        int code = SQLITE_OK;
        /// Finalized when it is given back: the kept one was under way already.
        bool extra = false;
        /// There is another statement behind it, which SQLite would leave out silently.
        bool several = false;
    };

    /// Lends the prepared form of `statement` until `give_back`.
    [[nodiscard]] Taken take(sqlite3* db, const Statement& statement) {
        if (!statement.is_kept()) [[unlikely]]
            return prepare_once(db, statement);
        const std::size_t slot = statement.slot();
        if (slot >= entries_.size()) entries_.resize(slot + 1);
        Entry& entry = entries_[slot];
        if (entry.prepared != nullptr && entry.text == statement.text().data() && !entry.taken) [[likely]] {
            entry.taken = true;
            return {entry.prepared};
        }
        return prepare(db, statement, entry);
    }

    void give_back(const Statement& statement, const Taken& taken) noexcept {
        if (taken.extra) {
            sqlite3_finalize(taken.statement);
        } else if (taken.statement != nullptr) {
            sqlite3_reset(taken.statement);
            entries_[statement.slot()].taken = false;
        }
    }

    void clear() noexcept {
        for (Entry& entry : entries_) sqlite3_finalize(entry.prepared);
        entries_.clear();
    }

private:
    struct Entry {
        sqlite3_stmt* prepared = nullptr;
        /// Two shared libraries may number their statements alike: the text tells whose this is.
        const char* text = nullptr;
        bool taken = false;
    };

    static Taken prepare_once(sqlite3* db, const Statement& statement) {
        Taken taken = compile(db, statement.text(), 0);
        taken.extra = true;
        return taken;
    }

    static Taken prepare(sqlite3* db, const Statement& statement, Entry& entry) {
        Taken taken = compile(db, statement.text(), SQLITE_PREPARE_PERSISTENT);
        taken.extra = entry.taken;
        if (taken.code == SQLITE_OK && !taken.extra) {
            sqlite3_finalize(entry.prepared);
            entry = {taken.statement, statement.text().data(), true};
        }
        return taken;
    }

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
        taken.several = code != SQLITE_OK || second != nullptr;
        sqlite3_finalize(second);
        if (!taken.several) return taken;
        sqlite3_finalize(std::exchange(taken.statement, nullptr));
        taken.code = SQLITE_ERROR;
        return taken;
    }

    std::vector<Entry> entries_;
};

}  // namespace rowan::sqlite

#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include <sqlite3.h>

namespace rowan::sqlite {

/// A statement under way: see the Execution concept. Text and bytes are bound without a copy.
class Execution {
public:
    template <class Connection>
    Execution(Connection& connection, const Statement& statement)
        : Execution{connection.native(), connection.prepared(), statement} {}

    Execution(const Execution&) = delete;
    Execution& operator=(const Execution&) = delete;
    ~Execution() { prepared_.give_back(statement_, taken_); }

    Fault put_null() { return note(sqlite3_bind_null(taken_.statement, ++parameter_)); }
    Fault put(bool value) { return put(std::int64_t{value}); }
    Fault put(std::int64_t value) { return note(sqlite3_bind_int64(taken_.statement, ++parameter_, value)); }
    Fault put(double value) {
        // SQLite would store NULL.
        if (std::isnan(value)) return Fault::not_a_number;
        return note(sqlite3_bind_double(taken_.statement, ++parameter_, value));
    }
    Fault put(std::string_view value) {
        // A null pointer would mean NULL.
        const char* text = value.data() != nullptr ? value.data() : "";
        return note(
            sqlite3_bind_text64(taken_.statement, ++parameter_, text, value.size(), SQLITE_STATIC, SQLITE_UTF8));
    }
    Fault put(std::span<const std::byte> value) {
        const void* bytes = value.data() != nullptr ? static_cast<const void*>(value.data()) : "";
        return note(sqlite3_bind_blob64(taken_.statement, ++parameter_, bytes, value.size(), SQLITE_STATIC));
    }
    Fault put(Timestamp value) { return put(std::int64_t{value.time_since_epoch().count()}); }
    Fault put(std::chrono::sys_days value) {
        char text[rowan::detail::date_length];
        if (!rowan::detail::format_date(value, text)) return Fault::out_of_range;
        return note(sqlite3_bind_text(taken_.statement, ++parameter_, text, sizeof text, SQLITE_TRANSIENT));
    }

    /// A list for `rowan_list(?)`: `fill(list)` puts its values.
    template <class Fill>
    Fault put_list(Stored, Fill fill) {
        lists_.push_back(std::make_unique<List>());
        if (const Fault fault = fill(*lists_.back()); fault != Fault::none) return fault;
        return note(
            sqlite3_bind_pointer(taken_.statement, ++parameter_, lists_.back().get(), List::pointer_type, nullptr));
    }

    [[nodiscard]] Result<bool> next() {
        if (code_ != SQLITE_OK) [[unlikely]]
            return Failure(error(code_));
        const int code = sqlite3_step(taken_.statement);
        if (code == SQLITE_ROW) return true;
        if (code == SQLITE_DONE) return false;
        return Failure(error(code));
    }

    [[nodiscard]] Result<std::int64_t> run() {
        const int before = sqlite3_total_changes(db_);
        if (Result<void> done = finish(); !done) return Failure(std::move(done).error());
        // What is no INSERT, UPDATE or DELETE leaves the number of an earlier one.
        if (sqlite3_total_changes(db_) == before) return 0;
#if SQLITE_VERSION_NUMBER >= 3037000
        return sqlite3_changes64(db_);
#else
        return sqlite3_changes(db_);
#endif
    }

    /// Runs an INSERT and gives the key that the database made.
    [[nodiscard]] Result<std::int64_t> run_insert() {
        if (Result<void> done = finish(); !done) return Failure(std::move(done).error());
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

private:
    Execution(sqlite3* db, PreparedStatements& prepared, const Statement& statement)
        : db_{db},
          prepared_{prepared},
          statement_{statement},
          taken_{prepared.take(db, statement)},
          code_{taken_.code} {}

    Fault note(int code) {
        if (code_ == SQLITE_OK) code_ = code;
        return Fault::none;
    }

    [[nodiscard]] Result<void> finish() {
        while (true) {
            const Result<bool> row = next();
            if (!row) return Failure(row.error());
            if (!*row) return {};
        }
    }

    [[nodiscard]] Error error(int code) const {
        if (taken_.several)
            return Error{Category::programming, Code::syntax_error,
                         "a text with parameters or rows holds one statement, but here is another behind it: run each "
                         "alone, or all with execute(unsafe_sql{text})"}
                .in_statement(statement_.text());
        // A later call may have put its own message in the place of the first failure's.
        const bool current = sqlite3_extended_errcode(db_) == code;
        return make_error(code, current ? sqlite3_errmsg(db_) : sqlite3_errstr(code), statement_.text());
    }

    sqlite3* db_;
    PreparedStatements& prepared_;
    const Statement& statement_;
    PreparedStatements::Taken taken_;
    std::vector<std::unique_ptr<List>> lists_{};
    int parameter_ = 0;
    int code_;
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

#include <algorithm>
#include <chrono>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <type_traits>
#include <utility>

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

    /// Opens a file, `:memory:`, or an SQLite URI (`file:…`). Fails with Code::cannot_open, Code::corruption (no
    /// database), or Code::not_supported where the journal mode cannot be had.
    [[nodiscard]] static Result<Connection> open(std::string path, const Options& options = {}) {
        if (path.find('\0') != std::string::npos)
            return Failure(Error{Category::programming, Code::invalid_url, "a path cannot contain a NUL"});
        sqlite3* raw = nullptr;
        const int code = sqlite3_open_v2(path.c_str(), &raw, open_flags(options.access), nullptr);
        Connection connection{raw, options.access == Access::read_only};
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
        const auto longest = static_cast<std::chrono::milliseconds::rep>(std::numeric_limits<int>::max());
        sqlite3_busy_timeout(raw, static_cast<int>(std::min(options.busy_timeout.count(), longest)));
        if (Result<void> ready = connection.configure(options); !ready) return Failure(std::move(ready).error());
        return connection;
    }

    /// Calls `fn(*this)`, unless a transaction's own handle must be used now.
    template <class Fn>
    std::invoke_result_t<Fn, Connection&> lend(Fn&& fn, ScopeId scope = outermost) {
        if (auto refused = scopes_.refusal(scope, transaction_state())) [[unlikely]]
            return Failure(*std::move(refused));
        return std::forward<Fn>(fn)(*this);
    }

    /// A transaction that is rolled back unless it is committed. It takes the write lock at once (BEGIN
    /// IMMEDIATE), so that it cannot find out later that another writer was faster.
    [[nodiscard]] Result<BasicTransaction<Connection>> begin() {
        if (auto refused = scopes_.refusal(outermost, transaction_state())) return Failure(*std::move(refused));
        return BasicTransaction<Connection>::open(*this);
    }

    /// The connection itself, for what rowan does not do. It stays the Connection's.
    [[nodiscard]] sqlite3* native() const noexcept { return db_.get(); }

    // What the Backend concept asks for.
    [[nodiscard]] Result<void> run_script(std::string_view text) {
        char* message = nullptr;
        const int code = sqlite3_exec(db_.get(), std::string{text}.c_str(), nullptr, nullptr, &message);
        const std::unique_ptr<char, decltype(&sqlite3_free)> owner{message, &sqlite3_free};
        if (code == SQLITE_OK) return {};
        return Failure(make_error(code, message != nullptr ? message : sqlite3_errstr(code), text));
    }
    [[nodiscard]] Result<void> start_transaction() { return run(read_only_ ? begin_ : begin_immediate_); }
    [[nodiscard]] Result<void> commit_transaction() { return run(commit_); }
    [[nodiscard]] Result<void> roll_back_transaction() { return run(rollback_); }
    [[nodiscard]] TransactionState transaction_state() const noexcept {
        return sqlite3_get_autocommit(db_.get()) != 0 ? TransactionState::idle : TransactionState::open;
    }
    [[nodiscard]] Scopes& scopes() noexcept { return scopes_; }
    [[nodiscard]] PreparedStatements& prepared() noexcept { return prepared_; }

private:
    struct Close {
        void operator()(sqlite3* db) const noexcept { sqlite3_close_v2(db); }
    };

    Connection(sqlite3* db, bool read_only) : db_{db}, read_only_{read_only} {}

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

    [[nodiscard]] Result<void> configure(const Options& options) {
        for (const int code : {register_list(db_.get()), register_glob(db_.get())})
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
            std::this_thread::sleep_for(std::chrono::milliseconds{2});
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
    static inline constinit Statement commit_{"COMMIT", {}};
    static inline constinit Statement rollback_{"ROLLBACK", {}};

    // The statements go before the connection that they were prepared on.
    std::unique_ptr<sqlite3, Close> db_;
    PreparedStatements prepared_;
    Scopes scopes_;
    bool read_only_;
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
enum class Phase : std::uint8_t { connect, statement, commit };

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

/// `said` is what libpq has to say, or the server had: the result of a call that lost the connection has no fields.
inline ErrorDetails lost_connection(Phase phase, std::string_view said) {
    const bool committing = phase == Phase::commit;
    const std::string_view sqlstate = find_sqlstate(said);
    ErrorDetails error{.category = Category::operational,
                       .code = committing ? Code::in_doubt : Code::disconnect,
                       .retryable = !committing};
    if (const Meaning told = classify(sqlstate, phase); !committing && told.code == Code::disconnect) {
        error.category = told.category;
        error.retryable = told.retryable;
    }
    error.message = committing ? "the connection was lost during COMMIT: the transaction may or may not be stored"
                               : "the connection was lost";
    std::string line{said.substr(0, said.find('\n'))};
    if (const std::size_t at = line.find(sqlstate); !sqlstate.empty() && at != std::string::npos)
        line.erase(at, sqlstate.size() + 2);
    if (!line.empty()) error.message.append(": ").append(line);
    error.native_code = sqlstate;
    return error;
}

}  // namespace detail

/// The error of a failed call. `result` may be null, where libpq itself failed.
[[nodiscard]] inline Error make_error(PGconn* connection, const PGresult* result, Phase phase,
                                      std::string_view statement) {
    using detail::field;
    const std::string_view sqlstate = field(result, PG_DIAG_SQLSTATE);
    const std::string_view primary = field(result, PG_DIAG_MESSAGE_PRIMARY);
    ErrorDetails error;
    if (PQstatus(connection) == CONNECTION_BAD) {
        error = detail::lost_connection(phase, PQerrorMessage(connection));
    } else if (sqlstate.empty()) {
        error = {.category = Category::internal, .code = Code::internal_error};
        error.message = PQerrorMessage(connection);
    } else {
        const Meaning meaning = classify(sqlstate, phase);
        error = {.category = meaning.category, .code = meaning.code, .retryable = meaning.retryable};
        // The only error of this class that preparing again cures is known by the function that raises it.
        if (error.category == Category::not_supported &&
            field(result, PG_DIAG_SOURCE_FUNCTION) == "RevalidateCachedQuery")
            error.code = Code::stale_plan;
        error.constraint = field(result, PG_DIAG_CONSTRAINT_NAME);
        error.table = field(result, PG_DIAG_TABLE_NAME);
        error.column = field(result, PG_DIAG_COLUMN_NAME);
        if (error.category == Category::integrity) {
            // A foreign key's detail names columns of either table, and only its words tell of which.
            if (error.column.empty() && error.code != Code::foreign_key_violation)
                error.column = detail::key_columns(field(result, PG_DIAG_MESSAGE_DETAIL));
            error.message = rowan::detail::describe_violation(error, primary);
        } else if (error.category == Category::data) {
            error.message = detail::without_values(primary);
        } else {
            error.message = primary;
            if (const auto hint = field(result, PG_DIAG_MESSAGE_HINT); !hint.empty())
                error.message.append(" (").append(hint).append(")");
        }
    }
    if (!sqlstate.empty()) error.native_code = sqlstate;
    error.native_system = "SQLSTATE";
    error.statement = statement;
    return Error{std::move(error)};
}

}  // namespace rowan::postgres

// ---- rowan/postgres/link.hpp ----



// ---- rowan/postgres/parameters.hpp ----



// ---- rowan/postgres/arrays.hpp ----



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

// ---- rowan/postgres/wire.hpp ----



#include <bit>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>

/// The binary format of parameters and results: big-endian, times counted from the year 2000.
namespace rowan::postgres::wire {

template <std::unsigned_integral Number>
constexpr void store(char* out, Number value) {
    for (std::size_t i = sizeof value; i != 0; value = static_cast<Number>(value >> 8))
        out[--i] = static_cast<char>(static_cast<unsigned char>(value));
}

template <std::signed_integral Number>
constexpr void store(char* out, Number value) {
    store(out, static_cast<std::make_unsigned_t<Number>>(value));
}

inline void store(char* out, double value) { store(out, std::bit_cast<std::uint64_t>(value)); }

template <std::unsigned_integral Number>
constexpr Number load_unsigned(const char* in) {
    Number value = 0;
    for (std::size_t i = 0; i != sizeof value; ++i)
        value = static_cast<Number>(static_cast<Number>(value << 8) | static_cast<unsigned char>(in[i]));
    return value;
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

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rowan::postgres {

/// Rows, collected as one array a column in the binary format. Values come row by row, in the order of the columns.
/// https://github.com/postgres/postgres/blob/master/src/backend/utils/adt/arrayfuncs.c (array_recv)
class Arrays {
public:
    explicit Arrays(std::span<const Form> forms) : columns_(forms.size()) {
        for (std::size_t i = 0; i != forms.size(); ++i) {
            columns_[i].bytes.resize(header);
            wire::store(columns_[i].bytes.data(), std::int32_t{1});
            wire::store(columns_[i].bytes.data() + 8, std::uint32_t{oid::of(forms[i].stored)});
            wire::store(columns_[i].bytes.data() + 16, std::int32_t{1});
        }
    }

    Fault put_null() {
        columns_[next_].has_null = true;
        append_length(-1);
        return advance();
    }
    Fault put(bool value) {
        append_length(1);
        columns_[next_].bytes += value ? '\1' : '\0';
        return advance();
    }
    Fault put(std::int64_t value) { return add_number(value); }
    Fault put(double value) { return add_number(value); }
    Fault put(std::string_view value) {
        if (value.find('\0') != std::string_view::npos) return Fault::nul_byte;
        return add_bytes(value);
    }
    Fault put(std::span<const std::byte> value) {
        return add_bytes({reinterpret_cast<const char*>(value.data()), value.size()});
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
        wire::store(column.bytes.data() + 4, std::int32_t{column.has_null ? 1 : 0});
        wire::store(column.bytes.data() + 12, static_cast<std::int32_t>(rows_));
        return column.bytes;
    }

    [[nodiscard]] std::size_t columns() const { return columns_.size(); }

    void clear() {
        for (Column& column : columns_) {
            column.bytes.resize(header);
            column.has_null = false;
        }
        rows_ = bytes_ = next_ = 0;
    }

private:
    static constexpr std::size_t header = 20;

    struct Column {
        std::string bytes{};
        bool has_null = false;
    };

    void append_length(std::int32_t length) {
        char bytes[4];
        wire::store(bytes, length);
        columns_[next_].bytes.append(bytes, sizeof bytes);
    }

    template <class Number>
    Fault add_number(Number value) {
        char bytes[4 + sizeof value];
        wire::store(bytes, static_cast<std::int32_t>(sizeof value));
        wire::store(bytes + 4, value);
        columns_[next_].bytes.append(bytes, sizeof bytes);
        return advance();
    }

    Fault add_bytes(std::string_view value) {
        if (value.size() > std::numeric_limits<std::int32_t>::max()) return Fault::out_of_range;
        append_length(static_cast<std::int32_t>(value.size()));
        columns_[next_].bytes += value;
        bytes_ += value.size();
        return advance();
    }

    Fault advance() {
        if (++next_ == columns_.size()) {
            next_ = 0;
            ++rows_;
        }
        return Fault::none;
    }

    std::vector<Column> columns_;
    std::size_t next_ = 0;
    std::size_t rows_ = 0;
    std::size_t bytes_ = 0;
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
        values_.resize(count);
        lengths_.resize(count);
        numbers_.resize(count);
        formats_.resize(count, 1);
        next_ = 0;
        lists_.clear();
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
        Arrays& list = lists_.emplace_back(std::span{&form, 1});
        if (const Fault fault = fill(list); fault != Fault::none) return fault;
        const std::string_view array = list.column(0);
        return add_bytes(array.data(), array.size());
    }

    [[nodiscard]] int count() const { return static_cast<int>(next_); }
    [[nodiscard]] const char* const* values() const { return values_.data(); }
    [[nodiscard]] const int* lengths() const { return lengths_.data(); }
    [[nodiscard]] const int* formats() const { return formats_.data(); }

private:
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

    // Whose elements stay where they are.
    std::deque<Arrays> lists_;
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

        [[nodiscard]] bool is_ready() const noexcept { return name[0] != '\0'; }
    };

    [[nodiscard]] Entry& entry(const Statement& statement) {
        const std::size_t slot = statement.slot();
        if (slot >= entries_.size()) entries_.resize(slot + 1);
        Entry& entry = entries_[slot];
        if (entry.text != statement.text().data()) entry = {{}, statement.text().data()};
        return entry;
    }

    /// Has the server prepare `statement`; a result with an error leaves `entry` as it was. Parameters are declared
    /// with the types of their forms, so that the server converts to the column's type.
    [[nodiscard]] OwnedResult prepare(PGconn* connection, const Statement& statement, Entry& entry) {
        Name name{"rowan_"};
        std::to_chars(name.data() + 6, name.data() + name.size() - 1, ++last_);
        const std::vector<Oid>& types = types_of(statement);
        OwnedResult result{
            PQprepare(connection, name.data(), statement.text().data(), static_cast<int>(types.size()), types.data())};
        if (PQresultStatus(result.get()) == PGRES_COMMAND_OK) entry.name = name;
        return result;
    }

    /// The types that a statement's parameters are declared with; valid until the next call.
    [[nodiscard]] const std::vector<Oid>& types_of(const Statement& statement) {
        types_.clear();
        for (const Form form : statement.parameters())
            types_.push_back(form.is_list ? oid::array_of(form.stored) : oid::of(form.stored));
        return types_;
    }

private:
    std::vector<Entry> entries_;
    std::vector<Oid> types_;
    std::uint64_t last_ = 0;
};

}  // namespace rowan::postgres

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rowan::postgres {

struct Finish {
    void operator()(PGconn* connection) const noexcept { PQfinish(connection); }
};
using OwnedConnection = std::unique_ptr<PGconn, Finish>;

/// What executions share with their connection: the line to the server, the statements prepared there, and buffers
/// that are used again.
struct Link {
    OwnedConnection connection;
    PreparedStatements prepared{};
    Parameters parameters{};
    std::string scratch{};
    std::uint64_t streams = 0;
};

/// Runs text without parameters. `phase` says how a lost connection is to be understood.
[[nodiscard]] inline Result<OwnedResult> run_text(Link& link, const char* text, Phase phase) {
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
    return Failure(make_error(link.connection.get(), result.get(), phase, text));
}

/// Runs text with parameters, without preparing it: for this time only.
[[nodiscard]] inline Result<OwnedResult> run_once(Link& link, const char* text, const Statement& statement) {
    const std::vector<Oid>& types = link.prepared.types_of(statement);
    const Parameters& parameters = link.parameters;
    OwnedResult result{PQexecParams(link.connection.get(), text, parameters.count(), types.data(), parameters.values(),
                                    parameters.lengths(), parameters.formats(), /*binary*/ 1)};
    const ExecStatusType status = PQresultStatus(result.get());
    if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK || status == PGRES_EMPTY_QUERY) return result;
    return Failure(make_error(link.connection.get(), result.get(), Phase::statement, statement.text()));
}

/// Runs a statement with the link's parameters, prepared under its number. A statement that the server has lost, or
/// whose plan no longer fits the table, is prepared again, once and only outside a transaction, which the error would
/// have broken.
[[nodiscard]] inline Result<OwnedResult> run_prepared(Link& link, const Statement& statement) {
    if (!statement.is_kept()) return run_once(link, statement.text().data(), statement);
    PGconn* connection = link.connection.get();
    const Parameters& parameters = link.parameters;
    PreparedStatements::Entry& entry = link.prepared.entry(statement);
    const bool in_transaction = PQtransactionStatus(connection) != PQTRANS_IDLE;
    for (bool again = false;; again = true) {
        if (!entry.is_ready()) {
            const OwnedResult prepared = link.prepared.prepare(connection, statement, entry);
            if (PQresultStatus(prepared.get()) != PGRES_COMMAND_OK)
                return Failure(make_error(connection, prepared.get(), Phase::statement, statement.text()));
        }
        OwnedResult result{PQexecPrepared(connection, entry.name.data(), parameters.count(), parameters.values(),
                                          parameters.lengths(), parameters.formats(), /*binary*/ 1)};
        const ExecStatusType status = PQresultStatus(result.get());
        if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) [[likely]]
            return result;
        Error error = make_error(connection, result.get(), Phase::statement, statement.text());
        const bool curable = error.code() == Code::lost_statement || error.code() == Code::stale_plan;
        if (curable) entry.name = {};
        if (!curable || again || in_transaction) return Failure(std::move(error));
    }
}

}  // namespace rowan::postgres

#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#if defined(_WIN32)
#include <winsock2.h>
#else
#include <poll.h>
#endif

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

/// Waits until the socket is ready for what libpq wants; false when `milliseconds` are over.
inline bool wait_for(int socket, bool reading, int milliseconds) {
#if defined(_WIN32)
    WSAPOLLFD wanted{static_cast<SOCKET>(socket), static_cast<SHORT>(reading ? POLLRDNORM : POLLWRNORM), 0};
    return WSAPoll(&wanted, 1, milliseconds) != 0;
#else
    pollfd wanted{socket, static_cast<short>(reading ? POLLIN : POLLOUT), 0};
    return ::poll(&wanted, 1, milliseconds) != 0;
#endif
}

/// Connects step by step, as that is the only way to have libpq note the SQLSTATE of a refusal.
[[nodiscard]] inline bool reach_server(PGconn* connection, std::chrono::seconds timeout) {
    using Clock = std::chrono::steady_clock;
    const auto deadline = Clock::now() + timeout;
    // It stays so: when the server ends a connection later, its reason comes as text only, too.
    PQsetErrorVerbosity(connection, PQERRORS_VERBOSE);
    for (PostgresPollingStatusType wanted = PGRES_POLLING_WRITING; wanted != PGRES_POLLING_OK;) {
        if (wanted == PGRES_POLLING_FAILED) return false;
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
        if (left <= 0 || PQsocket(connection) < 0) return false;
        const int slice = left > 60'000 ? 60'000 : static_cast<int>(left);
        if (wait_for(PQsocket(connection), wanted == PGRES_POLLING_READING, slice)) wanted = PQconnectPoll(connection);
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

[[nodiscard]] inline Result<OwnedConnection> connect(const std::string& url) {
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
    if (PQstatus(connection.get()) == CONNECTION_BAD || !reach_server(connection.get(), settings->timeout))
        return Failure(connect_error(connection.get()));
    return connection;
}

}  // namespace rowan::postgres::detail

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
        case Function::in_list: return "\1 = ANY(\2)";
        case Function::not_in_list: return "\1 <> ALL(\2)";
        // With the zone said aloud the result does not depend on the session.
        case Function::truncate_to_second: return "date_trunc('second', \1, 'UTC')";
        case Function::truncate_to_minute: return "date_trunc('minute', \1, 'UTC')";
        case Function::truncate_to_hour: return "date_trunc('hour', \1, 'UTC')";
        case Function::truncate_to_day: return "date_trunc('day', \1, 'UTC')";
        case Function::truncate_to_month: return "date_trunc('month', \1, 'UTC')";
        case Function::truncate_to_year: return "date_trunc('year', \1, 'UTC')";
        case Function::json_text: return "\1::jsonb #>> \2";
    }
    return {};
}

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

/// What can be written to the column and read from it. The types' names are those of format_type.
constexpr Fit fit(ColumnType type, std::string_view live) {
    const auto integer = [&](int bits) {
        if (live == "numeric") return Fit::good;
        const int live_bits = live == "smallint" ? 16 : live == "integer" ? 32 : live == "bigint" ? 64 : 0;
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
    .array_parameters = true,
    .row_locks = true,
    .parameter_mark = '$',
    .generated_key = " GENERATED BY DEFAULT AS IDENTITY",
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
    .type_name = &detail::type_name,
    .array_type = &detail::array_type,
    .spelling = &detail::spelling,
    .write_json_path = &detail::write_json_path,
    .write_create_schema = &detail::write_create_schema,
};

}  // namespace rowan::postgres

// ---- rowan/postgres/execution.hpp ----



// ---- rowan/postgres/cell.hpp ----



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

}  // namespace rowan::postgres

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace rowan::postgres {

/// One value of a row, read by the type that the column really has.
class Cell {
public:
    /// `scratch` holds the text of values that are not text on the wire.
    Cell(const PGresult* result, int row, int column, std::string& scratch)
        : result_{result}, row_{row}, column_{column}, scratch_{&scratch} {}

    [[nodiscard]] bool is_null() const { return PQgetisnull(result_, row_, column_) != 0; }

    Fault get(bool& value) const {
        if (is_null()) return Fault::null_value;
        if (type() != oid::boolean) return Fault::type_mismatch;
        value = *bytes() != 0;
        return Fault::none;
    }

    Fault get(std::int64_t& value) const {
        if (is_null()) return Fault::null_value;
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
        if (is_null()) return Fault::null_value;
        switch (type()) {
            case oid::float8: value = wire::load_double(bytes()); return Fault::none;
            case oid::float4: value = static_cast<double>(wire::load_float(bytes())); return Fault::none;
            case oid::int4: value = wire::load<std::int32_t>(bytes()); return Fault::none;
            case oid::int2: value = wire::load<std::int16_t>(bytes()); return Fault::none;
            default: return Fault::type_mismatch;
        }
    }

    Fault get(std::string_view& value) const {
        if (is_null()) return Fault::null_value;
        switch (type()) {
            case oid::text:
            case oid::varchar:
            case oid::bpchar:
            case oid::name:
            case oid::json: value = {bytes(), size()}; return Fault::none;
            // One byte tells the version of the format.
            case oid::jsonb: value = {bytes() + 1, size() - 1}; return Fault::none;
            case oid::numeric: return from_scratch(Numeric{bytes(), size()}.get(*scratch_), value);
            case oid::uuid: write_uuid(); return from_scratch(Fault::none, value);
            default: return Fault::type_mismatch;
        }
    }

    Fault get(std::span<const std::byte>& value) const {
        if (is_null()) return Fault::null_value;
        if (type() != oid::bytea) return Fault::type_mismatch;
        value = {reinterpret_cast<const std::byte*>(bytes()), size()};
        return Fault::none;
    }

    /// A timestamp without a zone is taken as UTC.
    Fault get(Timestamp& value) const {
        if (is_null()) return Fault::null_value;
        if (type() != oid::timestamptz && type() != oid::timestamp) return Fault::type_mismatch;
        return wire::to_timestamp(wire::load<std::int64_t>(bytes()), value);
    }

    Fault get(std::chrono::sys_days& value) const {
        if (is_null()) return Fault::null_value;
        if (type() != oid::date) return Fault::type_mismatch;
        return wire::to_days(wire::load<std::int32_t>(bytes()), value);
    }

private:
    [[nodiscard]] Oid type() const { return PQftype(result_, column_); }
    [[nodiscard]] const char* bytes() const { return PQgetvalue(result_, row_, column_); }
    [[nodiscard]] std::size_t size() const { return static_cast<std::size_t>(PQgetlength(result_, row_, column_)); }

    Fault from_scratch(Fault fault, std::string_view& value) const {
        value = *scratch_;
        return fault;
    }

    void write_uuid() const {
        constexpr std::string_view digits = "0123456789abcdef";
        scratch_->clear();
        for (std::size_t i = 0; i != size(); ++i) {
            if (i == 4 || i == 6 || i == 8 || i == 10) *scratch_ += '-';
            const auto byte = static_cast<unsigned char>(bytes()[i]);
            *scratch_ += digits[byte >> 4];
            *scratch_ += digits[byte & 15];
        }
    }

    const PGresult* result_;
    int row_;
    int column_;
    std::string* scratch_;
};

}  // namespace rowan::postgres

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
    Execution(Connection& connection, const Statement& statement) : Filling{connection.link(), statement} {}

    [[nodiscard]] Result<bool> next() {
        if (!result_) {
            if (Result<void> sent = send(); !sent) return Failure(std::move(sent).error());
            rows_ = PQntuples(result_.get());
        }
        return ++row_ < rows_;
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

    /// Runs an upsert that returns whether it inserted: no row where it did nothing.
    [[nodiscard]] Result<Upserted> run_upsert(std::int64_t) {
        const Result<bool> row = next();
        if (!row) return Failure(row.error());
        if (!*row) return Upserted::unchanged;
        bool inserted{};
        (void)cell(0).get(inserted);
        return inserted ? Upserted::inserted : Upserted::updated;
    }

    [[nodiscard]] int columns() const { return PQnfields(result_.get()); }
    [[nodiscard]] std::string_view column_name(int column) const { return PQfname(result_.get(), column); }

    [[nodiscard]] Cell cell(int column) const { return {result_.get(), row_, column, link_.scratch}; }

private:
    [[nodiscard]] Result<void> send() {
        Result<OwnedResult> result = run_prepared(link_, statement_);
        if (!result) return Failure(std::move(result).error());
        result_ = *std::move(result);
        return {};
    }

    OwnedResult result_{};
    int row_ = -1;
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

    /// Time to send. Measured: from 1,000 rows on a longer batch gains nothing; the bytes bound what a batch of long
    /// texts holds in memory.
    [[nodiscard]] bool is_full() const { return arrays_.rows() >= 1000 || arrays_.bytes() >= std::size_t{1} << 22; }

    [[nodiscard]] Result<std::int64_t> run() {
        Result<OwnedResult> result = send([](auto&) { return rowan::detail::ValueFault{}; });
        if (!result) return Failure(std::move(result).error());
        return detail::affected_rows(result->get());
    }

    /// Runs an upsert that returns how many rows it inserted, and how many it updated. `put_rest(sink)` puts the
    /// parameters behind the arrays.
    template <class PutRest>
    [[nodiscard]] Result<UpsertCounts> run_upsert(PutRest put_rest) {
        const std::size_t rows = arrays_.rows();
        Result<OwnedResult> result = send(put_rest);
        if (!result) return Failure(std::move(result).error());
        std::int64_t inserted{};
        std::int64_t updated{};
        (void)Cell{result->get(), 0, 0, link_.scratch}.get(inserted);
        (void)Cell{result->get(), 0, 1, link_.scratch}.get(updated);
        const auto touched = static_cast<std::size_t>(inserted) + static_cast<std::size_t>(updated);
        return UpsertCounts{static_cast<std::size_t>(inserted), static_cast<std::size_t>(updated), rows - touched};
    }

private:
    template <class PutRest>
    [[nodiscard]] Result<OwnedResult> send(PutRest put_rest) {
        Parameters& parameters = link_.parameters;
        parameters.start(statement_.parameters().size());
        for (std::size_t i = 0; i != arrays_.columns(); ++i) {
            const std::string_view array = arrays_.column(i);
            (void)parameters.put(std::as_bytes(std::span{array}));
        }
        if (const auto found = put_rest(parameters))
            return Failure(rowan::detail::fault_error(found, true, statement_.text()));
        Result<OwnedResult> result = run_prepared(link_, statement_);
        arrays_.clear();
        return result;
    }

    Link& link_;
    const Statement& statement_;
    Arrays arrays_;
};

}  // namespace rowan::postgres

// ---- rowan/postgres/streaming.hpp ----



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
    StreamExecution(Connection& connection, const Statement& statement) : Filling{connection.link(), statement} {}
    ~StreamExecution() { close(); }

    [[nodiscard]] Result<bool> next() {
        if (name_.empty())
            if (Result<void> declared = declare(); !declared) return Failure(std::move(declared).error());
        if (++row_ < rows_) return true;
        // Fewer rows than asked for were the last.
        if (rows_ >= 0 && last_) return false;
        if (Result<void> fetched = fetch(); !fetched) return Failure(std::move(fetched).error());
        return rows_ != 0;
    }

    [[nodiscard]] Cell cell(int column) const { return {result_.get(), row_, column, link_.scratch}; }

private:
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
        const std::string text = "FETCH " + std::string{rows_a_fetch} + " FROM " + name_;
        OwnedResult result{PQexecParams(link_.connection.get(), text.c_str(), 0, nullptr, nullptr, nullptr, nullptr,
                                        /*binary*/ 1)};
        if (PQresultStatus(result.get()) != PGRES_TUPLES_OK) {
            failed_ = true;
            return Failure(make_error(link_.connection.get(), result.get(), Phase::statement, statement_.text()));
        }
        result_ = std::move(result);
        rows_ = PQntuples(result_.get());
        row_ = 0;
        last_ = std::to_string(rows_) != rows_a_fetch;
        return {};
    }

    /// Nobody is left to hear of an error, and nothing was written.
    void close() noexcept {
        if (name_.empty() || PQstatus(link_.connection.get()) == CONNECTION_BAD) return;
        if (own_transaction_)
            (void)run(failed_ ? "ROLLBACK" : "COMMIT");
        else if (!failed_)
            (void)run("CLOSE " + name_);
    }

    std::string name_{};
    OwnedResult result_{};
    int row_ = -1;
    int rows_ = -1;
    bool last_ = false;
    bool failed_ = false;
    bool own_transaction_ = false;
};

}  // namespace rowan::postgres

#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace rowan::postgres {

/// A connection to a PostgreSQL server, through libpq. Parameters and results are binary; statements are prepared on
/// the server. Used by one thread at a time; it may be moved to another thread, and must not be moved in memory while a
/// repository or transaction works on it.
class Connection : public Session<Connection> {
public:
    static constexpr const Dialect& dialect = postgres::dialect;
    using Execution = postgres::Execution;
    using ArrayExecution = postgres::ArrayExecution;
    using StreamExecution = postgres::StreamExecution;

    /// Opens `postgresql://user:password@host:port/database?option=value`, with all of libpq's options
    /// (https://www.postgresql.org/docs/current/libpq-connect.html); what is missing comes from PGHOST and the like.
    /// Waits 10 s for the server unless connect_timeout or PGCONNECT_TIMEOUT say otherwise. Text is UTF-8 and the
    /// session's time zone UTC. Fails with Code::invalid_url, cannot_connect, authentication, unknown_database,
    /// too_many_connections or cannot_connect_now; no error repeats the password.
    [[nodiscard]] static Result<Connection> open(const std::string& url) {
        Result<OwnedConnection> line = detail::connect(url);
        if (!line) return Failure(std::move(line).error());
        Connection connection{*std::move(line)};
        // Timestamps without a zone are converted with the session's.
        const char* zone = PQparameterStatus(connection.native(), "TimeZone");
        if (zone == nullptr || std::string_view{zone} != "UTC")
            if (Result<void> set = connection.run_script("SET TIME ZONE 'UTC'"); !set)
                return Failure(std::move(set).error());
        return connection;
    }

    /// Calls `fn(*this)`, unless a transaction's own handle must be used now.
    template <class Fn>
    std::invoke_result_t<Fn, Connection&> lend(Fn&& fn, ScopeId scope = outermost) {
        if (auto refused = scopes_.refusal(scope, transaction_state())) [[unlikely]]
            return Failure(*std::move(refused));
        return std::forward<Fn>(fn)(*this);
    }

    /// A transaction that is rolled back unless it is committed.
    [[nodiscard]] Result<BasicTransaction<Connection>> begin() {
        if (auto refused = scopes_.refusal(outermost, transaction_state())) return Failure(*std::move(refused));
        return BasicTransaction<Connection>::open(*this);
    }

    /// The connection itself, for what rowan does not do. It stays the Connection's.
    [[nodiscard]] PGconn* native() const noexcept { return link_->connection.get(); }

    // What the Backend concept asks for.
    [[nodiscard]] Result<void> run_script(std::string_view text) { return run(std::string{text}, Phase::statement); }
    [[nodiscard]] Result<void> start_transaction() { return run("BEGIN", Phase::statement); }

    [[nodiscard]] Result<void> commit_transaction() {
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

    [[nodiscard]] Result<void> roll_back_transaction() {
        // The server has rolled back already.
        if (PQstatus(native()) == CONNECTION_BAD) return {};
        return run("ROLLBACK", Phase::statement);
    }

    [[nodiscard]] TransactionState transaction_state() const noexcept {
        switch (PQtransactionStatus(native())) {
            case PQTRANS_IDLE: return TransactionState::idle;
            case PQTRANS_INERROR: return TransactionState::failed;
            default: return TransactionState::open;
        }
    }

    [[nodiscard]] Scopes& scopes() noexcept { return scopes_; }
    [[nodiscard]] Link& link() noexcept { return *link_; }

private:
    explicit Connection(OwnedConnection line) : link_{std::make_unique<Link>()} { link_->connection = std::move(line); }

    [[nodiscard]] Result<void> run(const std::string& text, Phase phase) {
        Result<OwnedResult> result = run_text(*link_, text.c_str(), phase);
        if (!result) return Failure(std::move(result).error());
        return {};
    }

    std::unique_ptr<Link> link_;
    Scopes scopes_;
};

static_assert(Backend<Connection>);

}  // namespace rowan::postgres
#endif

#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

namespace rowan {

/// One connection to the database that a URL names, chosen when the program runs. Which one it is, is asked once
/// per operation, never per column. Used by one thread at a time; it may be moved to another thread, and must not
/// be moved in memory while a repository or transaction works on it.
class Database : public Session<Database> {
    using Connections = std::variant<
#if ROWAN_HAS_SQLITE
        sqlite::Connection
#endif
#if ROWAN_HAS_SQLITE && ROWAN_HAS_POSTGRES
        ,
#endif
#if ROWAN_HAS_POSTGRES
        postgres::Connection
#endif
        >;

public:
    /// A connection that is there already.
    template <class Connection>
        requires std::is_constructible_v<Connections, Connection&&>
    explicit Database(Connection&& connection) : connection_{std::forward<Connection>(connection)} {}

    /// Calls `fn(connection)` with the connection of its own type, unless a transaction's handle must be used now.
    template <class Fn>
    auto lend(Fn&& fn, ScopeId scope = outermost) {
        return visit([&](auto& connection) { return connection.lend(fn, scope); });
    }

    /// A transaction that is rolled back unless it is committed.
    [[nodiscard]] Result<BasicTransaction<Database>> begin() {
        if (auto refused = scopes().refusal(outermost, transaction_state())) return Failure(*std::move(refused));
        return BasicTransaction<Database>::open(*this);
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
    [[nodiscard]] Result<void> start_transaction() {
        return visit([](auto& connection) { return connection.start_transaction(); });
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

private:
    /// std::visit would throw for a variant without a value, which this one always has.
    template <std::size_t last = std::variant_size_v<Connections> - 1, class Fn>
    auto visit(Fn fn) -> std::invoke_result_t<Fn, std::variant_alternative_t<0, Connections>&> {
        if constexpr (last != 0)
            if (auto* connection = std::get_if<last>(&connection_)) return fn(*connection);
        return fn(*std::get_if<0>(&connection_));
    }

    Connections connection_;
};

template <>
inline constexpr bool chooses_at_run_time<Database> = true;

using Transaction = BasicTransaction<Database>;

/// Opens the database that `url` names:
///
///     sqlite:market.db, sqlite::memory:, sqlite:///var/lib/market.db?synchronous=full   (see sqlite::parse_url)
///     postgresql://user:password@host:5432/database, postgres://…                        (see
///     postgres::Connection::open)
///
/// Reserved characters in a part are percent-encoded. Fails with Code::invalid_url, or as the connection does; no
/// error repeats a password.
[[nodiscard]] inline Result<Database> open(std::string_view url) {
    const auto starts = [&](std::string_view scheme) { return url.substr(0, scheme.size()) == scheme; };
    if (starts("sqlite:")) {
#if ROWAN_HAS_SQLITE
        Result<sqlite::Location> location = sqlite::parse_url(url.substr(7));
        if (!location) return Failure(std::move(location).error());
        Result<sqlite::Connection> opened = sqlite::Connection::open(std::move(location->path), location->options);
        if (!opened) return Failure(std::move(opened).error());
        return Database{*std::move(opened)};
#else
        return Failure(Error{Category::not_supported, Code::not_supported,
                             "this program was built without SQLite: sqlite3.h was not found, or was switched off"});
#endif
    }
    if (starts("postgresql://") || starts("postgres://")) {
#if ROWAN_HAS_POSTGRES
        Result<postgres::Connection> opened = postgres::Connection::open(std::string{url});
        if (!opened) return Failure(std::move(opened).error());
        return Database{*std::move(opened)};
#else
        return Failure(
            Error{Category::not_supported, Code::not_supported,
                  "this program was built without PostgreSQL: libpq-fe.h was not found, or was switched off"});
#endif
    }
    return Failure(
        Error{Category::programming, Code::invalid_url, "a database URL starts with sqlite: or postgresql://"});
}

}  // namespace rowan
// clang-format on
