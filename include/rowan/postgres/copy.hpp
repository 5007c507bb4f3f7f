#pragma once

#include <rowan/core/result.hpp>
#include <rowan/core/text.hpp>
#include <rowan/core/view.hpp>
#include <rowan/postgres/copy_rows.hpp>
#include <rowan/postgres/dialect.hpp>
#include <rowan/postgres/errors.hpp>
#include <rowan/postgres/execution.hpp>
#include <rowan/postgres/libpq.hpp>
#include <rowan/postgres/link.hpp>
#include <rowan/query/columns.hpp>
#include <rowan/query/run_time_part.hpp>
#include <rowan/query/statement.hpp>
#include <rowan/schema/ddl.hpp>
#include <rowan/schema/info.hpp>
#include <rowan/session/observation.hpp>
#include <rowan/types/fault.hpp>
#include <rowan/types/stored.hpp>

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
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
                                               const TableInfo& table, rowan::detail::View<std::uint16_t> columns) {
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
    /// Time to send: what the server does for a COPY, and its two round trips, no longer count. Measured: pieces of
    /// 1 MB take 4 % longer than one COPY of all. A little less than 4 MiB, which the buffer then need not leave.
    [[nodiscard]] bool is_full() const { return rows_.size() >= 4'000'000; }

    /// Gives the number of rows. An error tells which of the rows collected was to blame, where the server does.
    [[nodiscard]] Result<std::int64_t> run() {
        if (link_.observer.is_empty()) [[likely]]
            return copy();
        Observation observation{link_.observer, statement_.text(), statement_.is_kept()};
        if (auto* values = observation.values()) values->put_rows(rows_.rows());
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
        for (std::string_view next; next = bytes.substr(0, slice), !next.empty(); bytes.remove_prefix(next.size()))
            if (PQputCopyData(connection, next.data(), static_cast<int>(next.size())) != 1) return false;
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
