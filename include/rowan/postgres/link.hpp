#pragma once

#include <rowan/core/result.hpp>
#include <rowan/postgres/arriving.hpp>
#include <rowan/postgres/errors.hpp>
#include <rowan/postgres/libpq.hpp>
#include <rowan/postgres/limits.hpp>
#include <rowan/postgres/may_write.hpp>
#include <rowan/postgres/parameters.hpp>
#include <rowan/postgres/prepared.hpp>
#include <rowan/postgres/wait.hpp>
#include <rowan/query/statement.hpp>
#include <rowan/session/fork.hpp>
#include <rowan/session/observation.hpp>

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
    /// Has the server given rows by COPY? One that refuses it would break a transaction that it is tried in.
    bool copies_rows = false;
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

/// Begins to run a statement as `arriving` does, where that is possible; else null.
[[gnu::cold, nodiscard]] inline OwnedResult run_arriving(Link& link, const Statement& statement,
                                                         PreparedStatements::Entry& entry) {
    PGconn* connection = link.connection.get();
    if (!link.copies_rows && PQtransactionStatus(connection) != PQTRANS_IDLE) return nullptr;
    OwnedResult result = arriving::start(connection, statement, link.parameters);
    const std::string_view state = detail::field(result.get(), PG_DIAG_SQLSTATE);
    // Servers that are like PostgreSQL need not know of it.
    if ((state.substr(0, 2) == "42" || state.substr(0, 2) == "0A") && PQtransactionStatus(connection) == PQTRANS_IDLE) {
        entry.rows = 0;
        return nullptr;
    }
    link.copies_rows = link.copies_rows || PQresultStatus(result.get()) == PGRES_TUPLES_OK;
    return result;
}

/// Runs a statement with the link's parameters, prepared under its number. A statement that the server has lost, or
/// whose plan no longer fits the table, is prepared again, once and only outside a transaction, which the error would
/// have broken. Where the caller `takes_arriving` rows, they may come behind the result: see `arriving`.
[[nodiscard]] inline Result<OwnedResult> run_prepared(Link& link, const Statement& statement,
                                                      bool takes_arriving = false) {
    if (!statement.is_kept() || !link.prepares) return run_once(link, statement.text().data(), statement);
    if (auto refused = refusal_to_send(link)) [[unlikely]]
        return Failure(*std::move(refused));
    PGconn* connection = link.connection.get();
    if (link.limits.is_set()) [[unlikely]]
        if (auto late = link.limits.check(connection, statement.text())) return Failure(*std::move(late));
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
        OwnedResult result;
        if (takes_arriving && entry.rows != 0) [[unlikely]]
            result = run_arriving(link, statement, entry);
        if (!result) [[likely]]
            result.reset(PQexecPrepared(connection, entry.name.data(), parameters.count(), parameters.values(),
                                        parameters.lengths(), parameters.formats(), /*binary*/ 1));
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
