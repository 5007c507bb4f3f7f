#pragma once

#include <rowan/core/range.hpp>
#include <rowan/core/result.hpp>
#include <rowan/query/feed.hpp>
#include <rowan/query/feed_target.hpp>
#include <rowan/query/row.hpp>
#include <rowan/query/stamp.hpp>
#include <rowan/query/statement.hpp>
#include <rowan/repository/rows.hpp>
#include <rowan/session/transaction.hpp>
#include <rowan/session/upserted.hpp>
#include <rowan/types/timestamp.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <type_traits>
#include <utility>

/// Many rows in one statement, which asks the range for each when it is due.
namespace rowan::detail {

/// Do the rows of T go through a feed?
template <class T, class Connection>
inline constexpr bool takes_feed = false;
template <class T, class Connection>
    requires requires { typename Connection::RowFeed; }
inline constexpr bool takes_feed<T, Connection> = column_list<T, Columns::all>.size() <= Connection::RowFeed::widest;

/// Where a feed has its rows from: what does not depend on them.
class FedSource {
public:
    FedSource(const FedSource&) = delete;
    FedSource& operator=(const FedSource&) = delete;

    /// Why the last item could not be stored.
    [[nodiscard]] const ValueFault& fault() const { return fault_; }

    /// Does a run of the statement get one item only?
    void give_one_a_run(bool one) { one_a_run_ = one; }
    [[nodiscard]] bool is_one_a_run() const { return one_a_run_; }
    /// Has the last run got the last item?
    [[nodiscard]] bool is_over() const { return !one_a_run_ || over_; }

protected:
    FedSource() = default;
    ~FedSource() = default;

    /// Is it the end of a run that has got its item?
    [[nodiscard]] bool ends_run() { return one_a_run_ && std::exchange(gave_, !gave_); }

    ValueFault fault_{};
    bool begun_ = false;
    bool over_ = false;

private:
    bool one_a_run_ = false;
    bool gave_ = false;
};

/// Gives the items of a range to a feed, and keeps the one that is due.
template <class T, class Feed, class Range>
class FedItems : public FedSource {
public:
    FedItems(Range& range, Timestamp now)
        : at_{range_access::first(range)}, end_{range_access::last(range)}, now_{now} {}

    static auto next(void* source, Feed& feed) { return static_cast<FedItems*>(source)->give(feed); }

private:
    using Reference = decltype(*std::declval<range_access::Begin<Range>&>());
    using Status = decltype(std::declval<Feed&>().advance());
    static constexpr bool is_kept_elsewhere =
        std::is_reference_v<Reference> && std::is_same_v<std::remove_cvref_t<Reference>, T>;

    Status give(Feed& feed) {
        if (ends_run()) return Status::end;
        if (begun_) ++at_;
        begun_ = true;
        over_ = at_ == end_;
        if (over_) return Status::end;
        if constexpr (is_kept_elsewhere) {
            const T& item = *at_;
            fault_ = write_entity<T, Columns::all>(feed, item, now_);
        } else {
            item_.emplace(*at_);
            fault_ = write_entity<T, Columns::all>(feed, *item_, now_);
        }
        return fault_ ? Status::refused : Status::row;
    }

    struct Nothing {};

    range_access::Begin<Range> at_;
    range_access::End<Range> end_;
    [[no_unique_address]] std::conditional_t<is_kept_elsewhere, Nothing, std::optional<T>> item_{};
    Timestamp now_;
};

/// A statement that takes rows from a feed, all or none.
template <class Connection>
class FeedRun {
public:
    using Feed = typename Connection::RowFeed;
    using Execution = typename Connection::Execution;

    /// Puts the parameters behind the feed.
    using PutRest = ValueFault (*)(const void* policy, Execution& execution);

    FeedRun(Connection& connection, const Statement& statement, FedSource& source, Feed& feed)
        : connection_{connection}, statement_{statement}, source_{source}, feed_{feed} {}

    /// For upserts. `updates`: it may do more with a row than to insert it or leave it out.
    void set_policy(const void* policy, PutRest put_rest, bool updates) {
        policy_ = policy;
        put_rest_ = put_rest;
        updates_ = updates;
    }

    /// Tells what became of the rows. `in_memory`: nobody sees whether a transaction is open while they are taken.
    Result<UpsertCounts> run(const TableInfo& table, bool in_memory) {
        const FeedProgram known = connection_.feed_program(statement_);
        if (in_memory && known.target == FeedTarget::table &&
            connection_.transaction_state() == TransactionState::idle) {
            Result<UpsertCounts> outcome = run(known);
            if (!feed_.is_refused()) return outcome;
        }
        // Elsewhere one statement is not always whole by itself.
        return run_in(BasicTransaction<Connection>::open(connection_), [&](auto&) -> Result<UpsertCounts> {
            if (known.number != 0 && !feed_.is_refused()) {
                Result<UpsertCounts> outcome = run(known);
                if (!feed_.is_refused()) return outcome;
            }
            const Result<FeedTarget> target = connection_.look_at_target(table, updates_);
            if (!target) return Failure(target.error());
            Result<UpsertCounts> outcome = run({0, *target});
            if (feed_.program() != 0) connection_.remember_feed(statement_, {feed_.program(), *target});
            return outcome;
        });
    }

private:
    /// If it is this program; 0 is any.
    Result<UpsertCounts> run(const FeedProgram& program) {
        feed_.accept(program.number);
        source_.give_one_a_run(updates_ && program.target == FeedTarget::ignoring);
        UpsertCounts counts;
        do {
            if (Result<void> ran = run_once(program.target, counts); !ran) return Failure(std::move(ran).error());
        } while (!source_.is_over() && !feed_.is_refused());
        return counts;
    }

    Result<void> run_once(FeedTarget target, UpsertCounts& counts) {
        const std::size_t rows_before = feed_.rows();
        const std::size_t tally_before = feed_.tally();
        const Result<std::int64_t> ran = execute();
        feed_.rethrow();
        if (const ValueFault found = source_.fault())
            return Failure(fault_error(found, true, statement_.text()).in_row(feed_.rows()));
        const std::size_t rows = feed_.rows() - rows_before;
        if (!ran) {
            Error error = ran.error();
            // Where all rows had been taken before the first was stored, nobody knows which of them it was.
            if (rows == 0 || (feed_.is_over() && !source_.is_one_a_run())) return Failure(std::move(error));
            return Failure(std::move(error).in_row(feed_.rows() - 1));
        }
        auto changed = static_cast<std::size_t>(*ran);
        if (target == FeedTarget::view && changed == 0) changed = rows;
        // A row that was about to be updated may still have been left out.
        const std::size_t tally = feed_.tally() - tally_before;
        const std::size_t updated = tally < changed ? tally : changed;
        counts.inserted += changed - updated;
        counts.updated += updated;
        counts.unchanged += rows - changed;
        return {};
    }

    Result<std::int64_t> execute() {
        Execution execution{connection_, statement_};
        execution.put_feed(feed_);
        if (put_rest_ != nullptr)
            if (const ValueFault found = put_rest_(policy_, execution)) return write_failure(found, statement_);
        return execution.run();
    }

    Connection& connection_;
    const Statement& statement_;
    FedSource& source_;
    Feed& feed_;
    const void* policy_ = nullptr;
    PutRest put_rest_ = nullptr;
    bool updates_ = false;
};

template <class T, class Connection, class Range>
Result<std::size_t> insert_feed(Connection& connection, Range& range) {
    using Feed = typename Connection::RowFeed;
    FedItems<T, Feed, Range> source{range, time_of_change<T>()};
    Feed feed{&source, &FedItems<T, Feed, Range>::next};
    FeedRun<Connection> run{connection, statement<InsertFeed<T, Connection::dialect>>, source, feed};
    Result<UpsertCounts> counts = run.run(table_info<T>, lies_in_memory<Range>);
    if (!counts) return Failure(std::move(counts).error());
    return counts->inserted;
}

template <class T, class Connection, class Range, class Policy>
Result<UpsertCounts> upsert_feed(Connection& connection, Range& range, const Policy& policy) {
    using Feed = typename Connection::RowFeed;
    FedItems<T, Feed, Range> source{range, time_of_change<T>()};
    Feed feed{&source, &FedItems<T, Feed, Range>::next};
    FeedRun<Connection> run{connection, statement<UpsertFeed<T, Connection::dialect, Policy>>, source, feed};
    run.set_policy(
        &policy,
        [](const void* given, typename Connection::Execution& execution) {
            const auto& values = static_cast<const Policy*>(given)->action.values;
            return put_values(typename Conflict<T, Policy>::Parameters{}, execution, values);
        },
        !only_inserts<Policy>);
    return run.run(table_info<T>, lies_in_memory<Range>);
}

}  // namespace rowan::detail
