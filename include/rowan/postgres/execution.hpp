#pragma once

#include <rowan/core/result.hpp>
#include <rowan/postgres/arrays.hpp>
#include <rowan/postgres/arriving.hpp>
#include <rowan/postgres/cell.hpp>
#include <rowan/postgres/copy_out.hpp>
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

/// Runs a statement with the link's parameters, and tells its observer; `count(result)` gives the number of rows. An
/// observer is told once, so what is seen comes whole.
template <class Count>
[[nodiscard]] Result<OwnedResult> run_seen(Link& link, const Statement& statement, Count count,
                                           bool takes_arriving = false) {
    if (link.observer.is_empty()) [[likely]]
        return run_prepared(link, statement, takes_arriving);
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

/// A statement under way: see the Execution concept. One round trip. All rows are there with the first one, but where
/// there are very many: they are read as they arrive, and until the last one is read the connection is busy.
class Execution : public Filling {
public:
    template <class Connection>
    Execution(Connection& connection, const Statement& statement)
        : Filling{connection.link(), statement}, row_{link_.scratch} {}

    ~Execution() {
        if (is_arriving_) [[unlikely]]
            leave();
    }

    [[nodiscard]] Result<bool> next() {
        if (!result_) {
            if (Result<void> sent = send(true); !sent) return Failure(std::move(sent).error());
            // What has come to its end has left the connection free.
            is_arriving_ = PQtransactionStatus(link_.connection.get()) == PQTRANS_ACTIVE;
            row_.enter(result_.get());
            if (static_cast<std::size_t>(row_.rows()) >= arriving::fewest) [[unlikely]]
                link_.prepared.remember_rows(statement_, static_cast<std::size_t>(row_.rows()));
        }
        if (row_.advance()) return true;
        if (is_arriving_) [[unlikely]]
            return next_arriving();
        return false;
    }

    /// How many rows are here, from that of the last `next` on.
    [[nodiscard]] std::size_t rows_left() const {
        return row_.number() < row_.rows() ? static_cast<std::size_t>(row_.rows() - row_.number()) : 0;
    }
    /// How many there were the last time, where more may arrive than are here; else 0.
    [[nodiscard]] std::size_t rows_expected() const { return is_arriving_ ? link_.prepared.entry(statement_).rows : 0; }

    [[nodiscard]] Result<std::int64_t> run() {
        if (Result<void> sent = send(false); !sent) return Failure(std::move(sent).error());
        return detail::affected_rows(result_.get());
    }

    /// Runs an INSERT that returns the key that the database made.
    [[nodiscard]] Result<std::int64_t> run_insert() {
        Result<bool> row = next();
        if (!row) return Failure(std::move(row).error());
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
        Result<bool> row = next();
        if (!row) return Failure(std::move(row).error());
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

    [[nodiscard]] Result<void> send(bool takes_arriving) {
        Result<OwnedResult> result = link_.interceptor == nullptr
                                         ? detail::run_seen(link_, statement_, &detail::rows_of, takes_arriving)
                                         : link_.interceptor->run(statement_);
        if (!result) return Failure(std::move(result).error());
        result_ = *std::move(result);
        return {};
    }

    [[gnu::hot, nodiscard]] Result<bool> next_arriving() {
        if (!rows_arriving_.is_started()) [[unlikely]]
            rows_arriving_.start(row_, columns());
        const CopyOut::Next next = rows_arriving_.next(link_.connection.get());
        if (next == CopyOut::Next::row) [[likely]] {
            ++taken_;
            return true;
        }
        return end_arriving(next == CopyOut::Next::end);
    }

    /// What the statement commits by itself may still fail. Nothing at all is left where another statement was sent on
    /// the connection meanwhile.
    [[gnu::cold, nodiscard]] Result<bool> end_arriving(bool is_sound) {
        PGconn* connection = link_.connection.get();
        is_arriving_ = false;
        const OwnedResult last = arriving::skip_rest(connection);
        if (PQresultStatus(last.get()) == PGRES_COMMAND_OK && is_sound) {
            link_.prepared.remember_rows(statement_, taken_);
            return false;
        }
        if (!last)
            return Failure(Error{Category::programming, Code::misuse,
                                 "another statement was run on the connection while the rows of this one were read: "
                                 "read them all first"}
                               .in_statement(statement_.text()));
        if (!is_sound)
            return Failure(Error{Category::internal, Code::internal_error,
                                 "the server has sent something else where a row of this statement was due"}
                               .in_statement(statement_.text()));
        return Failure(link_.limits.explain(make_error(connection, last.get(), Phase::statement, statement_.text())));
    }

    /// Rows that nobody reads are waited for, as the line is free only behind them.
    [[gnu::cold]] void leave() noexcept {
        if (!link_.connection.get_deleter().is_inherited()) (void)arriving::skip_rest(link_.connection.get());
    }

    OwnedResult result_{};
    ResultRow row_;
    bool is_arriving_ = false;
    std::size_t taken_ = 0;
    CopyOut rows_arriving_{};
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
            if (!row.advance()) return;
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
