#pragma once

#include <rowan/core/range.hpp>
#include <rowan/core/result.hpp>
#include <rowan/session/borrowed.hpp>
#include <rowan/session/reading_session.hpp>
#include <rowan/session/scopes.hpp>
#include <rowan/session/transaction.hpp>
#include <rowan/session/transaction_options.hpp>
#include <rowan/session/writable.hpp>

#include <cstddef>
#include <iterator>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace rowan {

template <class Connection, class Db>
class PipelineStep;

template <class Connection, class Db>
inline constexpr bool is_read_only<PipelineStep<Connection, Db>> = is_read_only<Db>;
template <class Connection, class Db>
inline constexpr bool chooses_at_run_time<PipelineStep<Connection, Db>> = chooses_at_run_time<Db>;

namespace detail {

template <class Step, class Db>
using StepBase = std::conditional_t<is_read_only<Db>, ReadingSession<Step>, Session<Step>>;

/// Does a connection send statements ahead? Its `Pipeline{connection, steps}`, if it has one, does so for as many steps
/// (session/pipeline.hpp calls its functions in the order in which they stand here):
///
/// - `is_open()`: can anything be sent ahead now?
/// - `start_step(number)`: the next statement is that of this step. Where it can be sent it is, and fails for the time
///   being; `must_run_alone()` tells that it cannot, `is_full()` that no other step can be taken. `take_back(error)` is
///   given what the step failed with: an error that only stands for an answer may serve the next step as well.
/// - `finish()` waits for all answers, and leaves the connection as it was.
/// - `next_answer()`: the number of the next step that was sent, whose statement gets its answer now; or nothing.
/// - `Pipeline::refusal(connection)`, at any time: why a transaction cannot begin while a pipeline is sent, or nothing.
template <class Connection>
concept HasPipeline = requires { typename Connection::Pipeline; };

}  // namespace detail

/// What a step of a pipeline on a `Db` works on: a session like that, on one connection. Good for the call only.
template <class Connection, class Db>
class PipelineStep : public detail::StepBase<PipelineStep<Connection, Db>, Db> {
public:
    explicit PipelineStep(Connection& connection) : connection_{&connection}, scope_{connection.scopes().innermost()} {}

    /// The connection, unless a transaction's handle must be used now.
    [[nodiscard]] Borrowed<Connection> borrow() { return connection_->borrow(scope_); }

    /// A transaction, or a savepoint in the one around the pipeline.
    [[nodiscard]] Result<BasicTransaction<Connection>> begin(const TransactionOptions& options = {})
        requires(!is_read_only<Db>)
    {
        if constexpr (detail::HasPipeline<Connection>)
            if (auto refused = Connection::Pipeline::refusal(*connection_)) return Failure(*std::move(refused));
        if (auto refused = connection_->scopes().refusal(scope_, connection_->transaction_state()))
            return Failure(*std::move(refused));
        return BasicTransaction<Connection>::open(*connection_, options);
    }

private:
    Connection* connection_;
    ScopeId scope_;
};

namespace detail {

/// How many steps share a round trip at most. Measured: from 128 on more of them gain nothing.
inline constexpr std::size_t longest_pipeline = 256;

/// The steps of a pipeline, by their numbers.
class StepRunner {
public:
    /// Gives the error of its result, or null.
    virtual Error* run(std::size_t step) = 0;

protected:
    StepRunner() = default;
    ~StepRunner() = default;
    StepRunner(const StepRunner&) = delete;
    StepRunner& operator=(const StepRunner&) = delete;
};

/// Runs `count` steps in their order, and sends as many of them ahead as can be.
template <class Connection>
void run_steps(Connection& connection, std::size_t count, StepRunner& steps) {
    std::size_t next = 0;
    if constexpr (HasPipeline<Connection>) {
        // One alone would gain nothing.
        while (count - next > 1) {
            typename Connection::Pipeline pipeline{connection,
                                                   count - next < longest_pipeline ? count - next : longest_pipeline};
            if (!pipeline.is_open()) break;
            bool stands_alone = false;
            while (next != count && !stands_alone && !pipeline.is_full()) {
                pipeline.start_step(next);
                if (Error* error = steps.run(next)) pipeline.take_back(*error);
                stands_alone = pipeline.must_run_alone();
                if (!stands_alone) ++next;
            }
            pipeline.finish();
            while (const std::optional<std::size_t> answered = pipeline.next_answer()) (void)steps.run(*answered);
            if (stands_alone) (void)steps.run(next++);
        }
    }
    for (; next != count; ++next) (void)steps.run(next);
}

template <class T>
Error* error_in(Result<T>& result) {
    return result ? nullptr : &result.error();
}

/// What a step gives.
template <class Fn, class... Arguments>
struct StepOutcome {
    static constexpr bool is_callable = std::is_invocable_v<Fn&, Arguments...>;
    static_assert(is_callable,
                  "rowan: a step of a pipeline is a function of the step, and with pipeline_each of an item: "
                  "[&](auto& step, const auto& item) { return rowan::repository<T>(step).find(item); }");
    using Given = typename std::conditional_t<is_callable, std::invoke_result<Fn&, Arguments...>,
                                              std::type_identity<Result<void>>>::type;
    static_assert(is_result<Given>,
                  "rowan: a step of a pipeline returns the Result of its operation as it is: [&](auto& step) { return "
                  "rowan::repository<T>(step).insert(row); }");
    using type = std::conditional_t<is_result<Given>, Given, Result<void>>;
};

template <class Step, class... Fns>
class TupleRunner final : public StepRunner {
public:
    using Results = std::tuple<typename StepOutcome<Fns, Step&>::type...>;

    template <class Connection>
    TupleRunner(Connection& connection, Fns&... fns) : step_{connection}, fns_{fns...} {}

    Error* run(std::size_t step) override {
        Error* error = nullptr;
        [&]<std::size_t... I>(std::index_sequence<I...>) {
            (void)((I == step && (error = error_in(std::get<I>(results_).emplace(std::get<I>(fns_)(step_))), true)) ||
                   ...);
        }(std::index_sequence_for<Fns...>{});
        return error;
    }

    [[nodiscard]] Results results() && {
        return std::apply([](auto&... results) { return Results{*std::move(results)...}; }, results_);
    }

private:
    Step step_;
    std::tuple<Fns&...> fns_;
    std::tuple<std::optional<typename StepOutcome<Fns, Step&>::type>...> results_;
};

template <class... Results>
std::tuple<Results...> all_failed(std::type_identity<std::tuple<Results...>>, const Error& error) {
    return {Results{Failure(error)}...};
}

template <class Db, class... Fns>
auto run_pipeline(Db& db, Fns&... fns) {
    auto ran = db.lend([&]<class Connection>(Connection& connection) {
        using Runner = TupleRunner<PipelineStep<Connection, Db>, Fns...>;
        Runner runner{connection, fns...};
        run_steps(connection, sizeof...(Fns), runner);
        return Result<typename Runner::Results>{std::move(runner).results()};
    });
    using Results = typename decltype(ran)::value_type;
    return ran ? *std::move(ran) : all_failed(std::type_identity<Results>{}, ran.error());
}

template <class Step, class Iterator, class Fn>
class EachRunner final : public StepRunner {
public:
    using Outcome = typename StepOutcome<Fn, Step&, std::iter_reference_t<Iterator>>::type;

    template <class Connection>
    EachRunner(Connection& connection, Fn& fn) : step_{connection}, fn_{fn} {}

    void add(Iterator item) {
        items_.push_back(item);
        results_.emplace_back();
    }
    [[nodiscard]] std::size_t size() const { return items_.size(); }

    Error* run(std::size_t step) override { return error_in(results_[step].emplace(fn_(step_, *items_[step]))); }

    void move_results_to(std::vector<Outcome>& all) {
        for (std::optional<Outcome>& result : results_) all.push_back(*std::move(result));
        items_.clear();
        results_.clear();
    }

private:
    Step step_;
    Fn& fn_;
    std::vector<Iterator> items_{};
    std::vector<std::optional<Outcome>> results_{};
};

template <class Db, class Range, class Fn>
auto run_pipeline_each(Db& db, Range& range, Fn& fn) {
    using std::begin;
    using std::end;
    using Iterator = decltype(begin(range));
    static_assert(std::forward_iterator<Iterator>,
                  "rowan: pipeline_each calls its function twice for an item, so the range must be one that can be "
                  "walked again: put its items into a std::vector first");
    auto ran = db.lend([&]<class Connection>(Connection& connection) {
        using Runner = EachRunner<PipelineStep<Connection, Db>, Iterator, Fn>;
        Runner runner{connection, fn};
        std::vector<typename Runner::Outcome> results;
        const auto last = end(range);
        for (Iterator item = begin(range); item != last;) {
            for (; item != last && runner.size() != longest_pipeline; ++item) runner.add(item);
            run_steps(connection, runner.size(), runner);
            runner.move_results_to(results);
        }
        return Result<std::vector<typename Runner::Outcome>>{std::move(results)};
    });
    using Results = typename decltype(ran)::value_type;
    if (ran) return *std::move(ran);
    Results failed;
    for (Iterator item = begin(range); item != end(range); ++item)
        failed.push_back(typename Results::value_type{Failure(ran.error())});
    return failed;
}

}  // namespace detail
}  // namespace rowan
