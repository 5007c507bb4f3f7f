#pragma once

#include <rowan/core/result.hpp>
#include <rowan/postgres/errors.hpp>
#include <rowan/postgres/execution.hpp>
#include <rowan/postgres/libpq.hpp>
#include <rowan/postgres/link.hpp>
#include <rowan/postgres/may_write.hpp>
#include <rowan/postgres/prepared.hpp>
#include <rowan/query/kept_time.hpp>
#include <rowan/query/statement.hpp>
#include <rowan/session/observation.hpp>
#include <rowan/session/observer.hpp>
#include <rowan/session/scopes.hpp>

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
        given_ = nullptr;
        time_ = {};
        time_guard_.point_to(time_);
    }

    /// To make one takes longer than to send the statement.
    void take_back(Error& error) {
        if (&error.message() == given_ && error.statement().empty() && error.secondary() == nullptr)
            spare_ = std::move(error);
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

    [[nodiscard]] Error under_way() {
        if (!spare_)
            spare_.emplace(Category::internal, Code::internal_error,
                           "the statement is under way, and this step of a pipeline will be called again with its "
                           "answer");
        Error error = *std::move(spare_);
        spare_.reset();
        given_ = &error.message();
        return error;
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
    /// Of the step under way: the text of the error that it was given.
    const std::string* given_ = nullptr;
    std::optional<Error> spare_{};
    rowan::detail::KeptTime time_{};
    rowan::detail::KeptTimeGuard time_guard_{};
};

}  // namespace rowan::postgres
