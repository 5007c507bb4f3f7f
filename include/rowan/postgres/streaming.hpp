#pragma once

#include <rowan/core/result.hpp>
#include <rowan/postgres/cell.hpp>
#include <rowan/postgres/execution.hpp>
#include <rowan/postgres/libpq.hpp>
#include <rowan/postgres/link.hpp>
#include <rowan/query/statement.hpp>
#include <rowan/session/observation.hpp>

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
        if (rows_ >= 0 && row_.advance()) return true;
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
        (void)row_.advance();
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
