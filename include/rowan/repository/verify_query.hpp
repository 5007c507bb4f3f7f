#pragma once

#include <rowan/core/result.hpp>
#include <rowan/core/view.hpp>
#include <rowan/query/read_columns.hpp>
#include <rowan/query/select.hpp>
#include <rowan/query/statement.hpp>
#include <rowan/schema/dialect.hpp>
#include <rowan/schema/mismatch.hpp>
#include <rowan/session/by_hand.hpp>
#include <rowan/session/result_column.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rowan {

namespace detail {

/// Compares what is read with what a statement gives. A template, as a program that verifies nothing then does not
/// compile it.
template <class Found>
class ResultComparison {
public:
    ResultComparison(std::vector<Found>& found, const Dialect& dialect, std::string_view statement)
        : found_{found}, dialect_{dialect}, statement_{statement} {}

    template <class Given>
    void by_name(View<ReadColumn> read, const std::vector<Given>& given) {
        for (const ReadColumn& wanted : read) {
            const Given* match = nullptr;
            for (const Given& column : given)
                if (match == nullptr && column.name == wanted.name) match = &column;
            if (match != nullptr)
                compare(wanted, *match, wanted.name);
            else
                report(Mismatch::Kind::missing_column, {}, wanted.name, "is not among the columns of the statement");
        }
    }

    template <class Given>
    void by_place(View<ReadColumn> read, const std::vector<Given>& given) {
        if (read.size() != given.size())
            return report(Mismatch::Kind::missing_column, {}, {},
                          "the number of columns is " + std::to_string(given.size()) + ", but " +
                              std::to_string(read.size()) + " are read");
        for (std::size_t i = 0; i != read.size(); ++i)
            compare(read[i], given[i], read[i].name.empty() ? std::string_view{given[i].name} : read[i].name);
    }

private:
    template <class Given>
    void compare(const ReadColumn& wanted, const Given& given, std::string_view name) {
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

    std::vector<Found>& found_;
    const Dialect& dialect_;
    std::string_view statement_;
};

/// Has the database prepare a statement, and `compare` look at its columns. What it refuses is a mismatch.
template <class Connection, class Found, class Compare>
Result<void> verify_statement(Connection& connection, const Statement& statement, std::vector<Found>& found,
                              Compare compare) {
    const auto columns = connection.describe(statement);
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

template <class Query, class Found>
Result<void> verify_query(const Query& query, std::vector<Found>& found) {
    using Shape = typename Query::QueryShape;
    return query.database()->lend([&]<class Connection>(Connection& connection) {
        return verify_statement(
            connection, statement<QueryText<Shape, Connection::dialect>>, found,
            [](auto comparison, const auto& given) { comparison.by_place(columns_of_query<Shape>, given); });
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
                Result<void> done =
                    detail::verify_statement(used, statement, found, [](auto comparison, const auto& given) {
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
