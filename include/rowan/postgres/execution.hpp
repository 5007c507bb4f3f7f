#pragma once

#include <rowan/core/result.hpp>
#include <rowan/postgres/arrays.hpp>
#include <rowan/postgres/cell.hpp>
#include <rowan/postgres/libpq.hpp>
#include <rowan/postgres/link.hpp>
#include <rowan/postgres/value_texts.hpp>
#include <rowan/query/fault_error.hpp>
#include <rowan/query/statement.hpp>
#include <rowan/session/observation.hpp>
#include <rowan/session/upserted.hpp>
#include <rowan/types/fault.hpp>

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
        Result<OwnedResult> result = link_.interceptor == nullptr
                                         ? detail::run_seen(link_, statement_, &detail::rows_of)
                                         : link_.interceptor->run(statement_);
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
        Result<OwnedResult> result = send([](auto&) { return rowan::detail::ValueFault{}; }, &detail::affected_rows);
        if (!result) return Failure(std::move(result).error());
        return detail::affected_rows(result->get());
    }

    /// Runs an upsert that returns how many rows it inserted, and how many it updated. `put_rest(sink)` puts the
    /// parameters behind the arrays.
    template <class PutRest>
    [[nodiscard]] Result<UpsertCounts> run_upsert(PutRest put_rest) {
        const std::size_t rows = arrays_.rows();
        std::int64_t inserted{};
        std::int64_t updated{};
        Result<OwnedResult> result = send(put_rest, [&](PGresult* counts) {
            read_counts(counts, inserted, updated);
            return inserted + updated;
        });
        if (!result) return Failure(std::move(result).error());
        read_counts(result->get(), inserted, updated);
        const auto touched = static_cast<std::size_t>(inserted) + static_cast<std::size_t>(updated);
        return UpsertCounts{static_cast<std::size_t>(inserted), static_cast<std::size_t>(updated), rows - touched};
    }

private:
    void read_counts(const PGresult* counts, std::int64_t& inserted, std::int64_t& updated) const {
        (void)Cell{counts, 0, 0, link_.scratch}.get(inserted);
        (void)Cell{counts, 0, 1, link_.scratch}.get(updated);
    }

    template <class PutRest, class Count>
    [[nodiscard]] Result<OwnedResult> send(PutRest put_rest, Count count) {
        Parameters& parameters = link_.parameters;
        parameters.start(statement_.parameters().size());
        for (std::size_t i = 0; i != arrays_.columns(); ++i) {
            const std::string_view array = arrays_.column(i);
            (void)parameters.put(std::as_bytes(std::span{array}));
        }
        if (const auto found = put_rest(parameters))
            return Failure(rowan::detail::fault_error(found, true, statement_.text()));
        Result<OwnedResult> result = detail::run_seen(link_, statement_, count);
        arrays_.clear();
        return result;
    }

    Link& link_;
    const Statement& statement_;
    Arrays arrays_;
};

}  // namespace rowan::postgres
