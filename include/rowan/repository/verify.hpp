#pragma once

#include <rowan/core/result.hpp>
#include <rowan/core/text.hpp>
#include <rowan/core/unsafe_sql.hpp>
#include <rowan/query/run_time_part.hpp>
#include <rowan/schema/ddl.hpp>
#include <rowan/schema/info.hpp>
#include <rowan/schema/mismatch.hpp>
#include <rowan/schema/table_info.hpp>
#include <rowan/session/by_hand.hpp>

#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace rowan {

namespace detail {

// What compares is made of templates, as a program that verifies nothing then does not compile it.

/// A column as the database has it: its name, type, whether it takes no NULL, and whether it can be left out.
using LiveColumn = std::tuple<std::string, std::string, bool, bool>;

template <class Found>
void report(std::vector<Found>& found, Mismatch::Kind kind, const TableInfo& table, std::string_view column,
            std::string_view sentence) {
    std::string message{table.name};
    if (!column.empty()) message.append(".").append(column);
    message.append(" ").append(sentence);
    found.push_back({kind, std::string{table.name}, std::string{column}, std::move(message)});
}

template <class Found, class Live>
void compare_column(std::vector<Found>& found, const Dialect& dialect, const TableInfo& table, const ColumnInfo& wanted,
                    const Live& live) {
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

template <class Found, class Live>
void compare_table(std::vector<Found>& found, const Dialect& dialect, const TableInfo& table,
                   const std::vector<Live>& live) {
    using Kind = Mismatch::Kind;
    if (live.empty()) return report(found, Kind::missing_table, table, {}, "is not there");
    for (const ColumnInfo& wanted : table.columns) {
        const Live* match = nullptr;
        for (const Live& column : live)
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
