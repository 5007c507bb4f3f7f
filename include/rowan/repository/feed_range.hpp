#pragma once

#include <rowan/core/range.hpp>
#include <rowan/core/result.hpp>
#include <rowan/query/feed.hpp>
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

private:
    using Reference = decltype(*std::declval<range_access::Begin<Range>&>());
    using Status = decltype(std::declval<Feed&>().advance());
    static constexpr bool is_kept_elsewhere =
        std::is_reference_v<Reference> && std::is_same_v<std::remove_cvref_t<Reference>, T>;

    Status give(Feed& feed) {
        if (begun_) ++at_;
        begun_ = true;
        if (at_ == end_) return Status::end;
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
};

/// Runs the statement, all or nothing, and gives how many rows were changed; `count(feed, changed)` makes the result of
/// that. `put_rest(execution)` puts the parameters behind the feed.
template <class T, class Connection, class Range, class PutRest, class Count>
auto run_feed(Connection& connection, Range& range, const Statement& statement, PutRest put_rest, Count count) {
    using Feed = typename Connection::RowFeed;
    using Outcome = Result<decltype(count(std::declval<const Feed&>(), std::size_t{}))>;
    const auto run = [&]() -> Outcome {
        FedItems<T, Feed, Range> source{range, time_of_change<T>()};
        Feed feed{&source, &FedItems<T, Feed, Range>::next};
        const Result<std::int64_t> ran = [&]() -> Result<std::int64_t> {
            typename Connection::Execution execution{connection, statement};
            execution.put_feed(feed);
            if (const ValueFault found = put_rest(execution)) return write_failure(found, statement);
            return execution.run();
        }();
        feed.rethrow();
        if (const ValueFault found = source.fault())
            return Failure(fault_error(found, true, statement.text()).in_row(feed.rows()));
        if (ran) return count(feed, static_cast<std::size_t>(*ran));
        Error error = ran.error();
        // Where all rows had been taken before the first was stored, nobody knows which of them it was.
        if (feed.rows() == 0 || feed.is_over()) return Failure(std::move(error));
        return Failure(std::move(error).in_row(feed.rows() - 1));
    };
    // One statement is not always whole by itself: a trigger's RAISE(FAIL) keeps the rows before.
    return run_in(BasicTransaction<Connection>::open(connection), [&](auto&) { return run(); });
}

template <class T, class Connection, class Range>
Result<std::size_t> insert_feed(Connection& connection, Range& range) {
    return run_feed<T>(
        connection, range, statement<InsertFeed<T, Connection::dialect>>, [](auto&) { return ValueFault{}; },
        [](const auto&, std::size_t changed) { return changed; });
}

template <class T, class Connection, class Range, class Policy>
Result<UpsertCounts> upsert_feed(Connection& connection, Range& range, const Policy& policy) {
    return run_feed<T>(
        connection, range, statement<UpsertFeed<T, Connection::dialect, Policy>>,
        [&](auto& execution) {
            return put_values(typename Conflict<T, Policy>::Parameters{}, execution, policy.action.values);
        },
        [](const auto& feed, std::size_t changed) {
            // A trigger may still have kept a row from being updated.
            const std::size_t updated = feed.tally() < changed ? feed.tally() : changed;
            return UpsertCounts{.inserted = changed - updated, .updated = updated, .unchanged = feed.rows() - changed};
        });
}

}  // namespace rowan::detail
