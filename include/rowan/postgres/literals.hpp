#pragma once

#include <rowan/core/time.hpp>
#include <rowan/postgres/arrays.hpp>
#include <rowan/postgres/libpq.hpp>
#include <rowan/postgres/parameters.hpp>
#include <rowan/postgres/wire.hpp>
#include <rowan/query/statement.hpp>
#include <rowan/types/calendar.hpp>
#include <rowan/types/iso8601.hpp>
#include <rowan/types/stored.hpp>
#include <rowan/types/timestamp.hpp>

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <system_error>

namespace rowan::postgres {

/// Writes a statement with its parameters as constants, for commands that take none. What is not sure to mean the same
/// is refused. A template, as a program then compiles it where it is used.
template <class Text>
class Literals {
public:
    enum class Lists : bool { null, as_they_are };

    Literals(PGconn* connection, const Statement& statement, const Parameters& parameters)
        : connection_{connection}, statement_{statement}, parameters_{parameters} {}

    /// Appends the statement; false where it cannot be written so, and then what was appended is of no use.
    [[nodiscard]] bool append_to(Text& out, Lists lists) const {
        const std::string_view text = statement_.text();
        const char* const end = text.data() + text.size();
        // One within a quoted text is doubled, so that each of them opens or closes.
        char quote = 0;
        for (std::size_t i = 0; i != text.size();) {
            const char c = text[i];
            // It may be what hides a quote from the server, or one that is none from us.
            if (c == '\\') return false;
            if (quote != 0) {
                if (c == quote) quote = 0;
            } else if (c == '\'' || c == '"') {
                quote = c;
            } else if (c == ';' || text.substr(i, 2) == "--" || text.substr(i, 2) == "/*") {
                return false;
            } else if (c == '$') {
                // Others are quotes, or part of a name.
                std::size_t number = 0;
                const auto read = std::from_chars(text.data() + i + 1, end, number);
                if (read.ec != std::errc{} || number == 0 || (read.ptr != end && is_in_name(*read.ptr)) ||
                    (i != 0 && is_in_name(text[i - 1])) || !append_parameter(out, number - 1, lists))
                    return false;
                i = static_cast<std::size_t>(read.ptr - text.data());
                continue;
            }
            out += c;
            ++i;
        }
        return quote == 0;
    }

private:
    static bool is_in_name(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$' ||
               static_cast<unsigned char>(c) >= 0x80;
    }

    /// Of the type that the parameter is declared with.
    bool append_parameter(Text& out, std::size_t i, Lists lists) const {
        if (i >= statement_.parameters().size() || i >= static_cast<std::size_t>(parameters_.count())) return false;
        const Form form = statement_.parameters()[i];
        const char* const bytes = parameters_.values()[i];
        out += '(';
        if (bytes == nullptr || (form.is_list && lists == Lists::null))
            out += "NULL";
        else if (!append_constant(out, form, bytes, static_cast<std::size_t>(parameters_.lengths()[i])))
            return false;
        out += "::pg_catalog.";
        out += name_of(form.stored);
        out += form.is_list ? "[])" : ")";
        return true;
    }

    static const char* name_of(Stored form) {
        switch (form) {
            case Stored::boolean: return "bool";
            case Stored::integer: return "int8";
            case Stored::real: return "float8";
            case Stored::text: return "text";
            case Stored::blob: return "bytea";
            case Stored::timestamp: return "timestamptz";
            case Stored::date: return "date";
        }
        return "";
    }

    bool append_constant(Text& out, Form form, const char* bytes, std::size_t size) const {
        if (form.stored == Stored::text) {
            if (!form.is_list) return append_quoted(out, {bytes, size});
            Text list;
            return append_list(list, form.stored, bytes) && append_quoted(out, list);
        }
        out += '\'';
        if (!(form.is_list ? append_list(out, form.stored, bytes) : append_value(out, form.stored, bytes)))
            return false;
        out += '\'';
        return true;
    }

    /// An array as Arrays makes it.
    static bool append_list(Text& out, Stored form, const char* bytes) {
        const auto count = wire::load<std::int32_t>(bytes + 12);
        const char* at = bytes + Arrays::header;
        out += '{';
        for (std::int32_t i = 0; i != count; ++i) {
            if (i != 0) out += ',';
            const auto size = wire::load<std::int32_t>(at);
            at += 4;
            if (size < 0) {
                out += "NULL";
                continue;
            }
            if (form == Stored::text)
                append_element(out, {at, static_cast<std::size_t>(size)});
            else if (!append_value(out, form, at))
                return false;
            at += size;
        }
        out += '}';
        return true;
    }

    static void append_element(Text& out, std::string_view text) {
        out += '"';
        for (const char c : text) {
            if (c == '"' || c == '\\') out += '\\';
            out += c;
        }
        out += '"';
    }

    /// One that is no text.
    static bool append_value(Text& out, Stored form, const char* bytes) {
        switch (form) {
            case Stored::boolean: out += *bytes != 0 ? 't' : 'f'; return true;
            case Stored::integer: append_number(out, wire::load<std::int64_t>(bytes)); return true;
            case Stored::real: append_number(out, wire::load_double(bytes)); return true;
            case Stored::timestamp: {
                Timestamp time{};
                return wire::to_timestamp(wire::load<std::int64_t>(bytes), time) == Fault::none && is_plain(time) &&
                       rowan::detail::append_timestamp(out, time);
            }
            case Stored::date: {
                std::chrono::sys_days day{};
                char digits[rowan::detail::date_length];
                if (wire::to_days(wire::load<std::int32_t>(bytes), day) != Fault::none || !is_plain(day) ||
                    !rowan::detail::format_date(day, digits))
                    return false;
                out.append(digits, sizeof digits);
                return true;
            }
            default: return false;
        }
    }

    /// Years before the first one are written in another way.
    template <class Time>
    static bool is_plain(Time time) {
        return time >= rowan::detail::day_of({1, 1, 1});
    }

    /// The shortest digits that mean just this number.
    template <class Number>
    static void append_number(Text& out, Number value) {
        char digits[32];
        const char* const begin = digits;
        out.append(begin, static_cast<std::size_t>(std::to_chars(digits, digits + sizeof digits, value).ptr - begin));
    }

    bool append_quoted(Text& out, std::string_view text) const {
        char* const quoted = PQescapeLiteral(connection_, text.data(), text.size());
        if (quoted == nullptr) return false;
        out += quoted;
        PQfreemem(quoted);
        return true;
    }

    PGconn* connection_;
    const Statement& statement_;
    const Parameters& parameters_;
};

}  // namespace rowan::postgres
