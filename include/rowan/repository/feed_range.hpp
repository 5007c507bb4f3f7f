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

/// Gives the items of a range to a feed, and keeps the one that is due.
template <class T, class Feed, class Range>
class FedItems {
public:
    FedItems(Range& range, Timestamp now)
        : at_{range_access::first(range)}, end_{range_access::last(range)}, now_{now} {}
    FedItems(const FedItems&) = delete;
    FedItems& operator=(const FedItems&) = delete;

    static auto next(void* source, Feed& feed) { return static_cast<FedItems*>(source)->give(feed); }

    /// Why the last item could not be stored.
    [[nodiscard]] const ValueFault& fault() const { return fault_; }

    /// Does a run of the statement get one item only?
    void give_one_a_run(bool one) { one_a_run_ = one; }
    [[nodiscard]] bool is_one_a_run() const { return one_a_run_; }
    /// Has the last run got the last item?
    [[nodiscard]] bool is_over() const { return !one_a_run_ || over_; }

private:
    using Reference = decltype(*std::declval<range_access::Begin<Range>&>());
    using Status = decltype(std::declval<Feed&>().advance());
    static constexpr bool is_kept_elsewhere =
        std::is_reference_v<Reference> && std::is_same_v<std::remove_cvref_t<Reference>, T>;

    Status give(Feed& feed) {
        if (one_a_run_ && std::exchange(gave_, !gave_)) return Status::end;
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
    ValueFault fault_{};
    bool begun_ = false;
    bool over_ = false;
    bool one_a_run_ = false;
    bool gave_ = false;
};

/// What was stored of the rows that were fed: by their number and that of changes in the table.
struct FedRows {
    static constexpr bool tells_apart = false;
    std::size_t sum = 0;

    void add(std::size_t rows, std::size_t, std::size_t changed, FeedTarget target) {
        sum += target == FeedTarget::view && changed == 0 ? rows : changed;
    }
};

/// And how many of them were `met`: about to be updated.
template <bool updates>
struct FedUpserts {
    /// Whether a row was left out, or another one inserted.
    static constexpr bool tells_apart = updates;
    UpsertCounts sum{};

    void add(std::size_t rows, std::size_t met, std::size_t changed, FeedTarget) {
        // One may still have been left out.
        const std::size_t updated = met < changed ? met : changed;
        sum.inserted += changed - updated;
        sum.updated += updated;
        sum.unchanged += rows - changed;
    }
};

/// Runs the statement, all or nothing, and gives what `Counts` counts. `put_rest(execution)` puts the parameters behind
/// the feed.
template <class Counts, class T, class Connection, class Range, class PutRest>
auto run_feed(Connection& connection, Range& range, const Statement& statement, PutRest put_rest) {
    using Feed = typename Connection::RowFeed;
    using Outcome = Result<decltype(Counts::sum)>;
    FedItems<T, Feed, Range> source{range, time_of_change<T>()};
    Feed feed{&source, &FedItems<T, Feed, Range>::next};
    Counts counts;

    const auto run_once = [&](FeedTarget target) -> Result<void> {
        const std::size_t rows = feed.rows();
        const std::size_t met = feed.tally();
        const Result<std::int64_t> ran = [&]() -> Result<std::int64_t> {
            typename Connection::Execution execution{connection, statement};
            execution.put_feed(feed);
            if (const ValueFault found = put_rest(execution)) return write_failure(found, statement);
            return execution.run();
        }();
        feed.rethrow();
        if (const ValueFault found = source.fault())
            return Failure(fault_error(found, true, statement.text()).in_row(feed.rows()));
        if (ran) {
            counts.add(feed.rows() - rows, feed.tally() - met, static_cast<std::size_t>(*ran), target);
            return {};
        }
        Error error = ran.error();
        // Where all rows had been taken before the first was stored, nobody knows which of them it was.
        if (feed.rows() == rows || (feed.is_over() && !source.is_one_a_run())) return Failure(std::move(error));
        return Failure(std::move(error).in_row(feed.rows() - 1));
    };
    const auto run = [&](const FeedProgram& program) -> Outcome {
        feed.accept(program.number);
        source.give_one_a_run(Counts::tells_apart && program.target == FeedTarget::ignoring);
        do {
            if (Result<void> ran = run_once(program.target); !ran) return Failure(std::move(ran).error());
        } while (!source.is_over() && !feed.is_refused());
        return counts.sum;
    };

    const FeedProgram known = connection.feed_program(statement);
    if constexpr (lies_in_memory<Range>) {
        if (known.target == FeedTarget::table && connection.transaction_state() == TransactionState::idle) {
            Outcome outcome = run(known);
            if (!feed.is_refused()) return outcome;
        }
    }
    // Elsewhere one statement is not always whole by itself.
    return run_in(BasicTransaction<Connection>::open(connection), [&](auto&) -> Outcome {
        if (known.number != 0 && !feed.is_refused()) {
            Outcome outcome = run(known);
            if (!feed.is_refused()) return outcome;
        }
        const Result<FeedTarget> target = connection.look_at_target(table_info<T>);
        if (!target) return Failure(target.error());
        Outcome outcome = run({0, *target});
        if (feed.program() != 0) connection.remember_feed(statement, {feed.program(), *target});
        return outcome;
    });
}

template <class T, class Connection, class Range>
Result<std::size_t> insert_feed(Connection& connection, Range& range) {
    return run_feed<FedRows, T>(connection, range, statement<InsertFeed<T, Connection::dialect>>,
                                [](auto&) { return ValueFault{}; });
}

template <class T, class Connection, class Range, class Policy>
Result<UpsertCounts> upsert_feed(Connection& connection, Range& range, const Policy& policy) {
    return run_feed<FedUpserts<!only_inserts<Policy>>, T>(
        connection, range, statement<UpsertFeed<T, Connection::dialect, Policy>>, [&](auto& execution) {
            return put_values(typename Conflict<T, Policy>::Parameters{}, execution, policy.action.values);
        });
}

}  // namespace rowan::detail
