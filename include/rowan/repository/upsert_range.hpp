#pragma once

#include <rowan/core/result.hpp>
#include <rowan/query/insert.hpp>
#include <rowan/query/row.hpp>
#include <rowan/query/stamp.hpp>
#include <rowan/query/statement.hpp>
#include <rowan/query/upsert.hpp>
#include <rowan/repository/feed_range.hpp>
#include <rowan/repository/insert_range.hpp>
#include <rowan/repository/rows.hpp>
#include <rowan/repository/upsert.hpp>
#include <rowan/session/transaction.hpp>
#include <rowan/session/upserted.hpp>
#include <rowan/types/timestamp.hpp>

#include <cstddef>
#include <optional>
#include <utility>

/// Upserts of all rows of a range, or none, in the fastest way that the database has.
namespace rowan::detail {

/// Upserts rows one by one.
template <class T, class Policy, class Connection>
class RowUpserter {
public:
    RowUpserter(Connection& connection, const Policy& policy) : connection_{connection}, policy_{policy} {}

    Result<void> add(const T& entity) {
        Result<Upserted> done = upsert_one(connection_, entity, policy_, now_);
        if (!done) return Failure(std::move(done).error().in_row(row_));
        ++row_;
        switch (*done) {
            case Upserted::inserted: ++counts_.inserted; break;
            case Upserted::updated: ++counts_.updated; break;
            case Upserted::unchanged: ++counts_.unchanged; break;
        }
        return {};
    }

    Result<UpsertCounts> finish() { return counts_; }

private:
    Connection& connection_;
    const Policy& policy_;
    Timestamp now_ = time_of_change<T>();
    std::size_t row_ = 0;
    UpsertCounts counts_;
};

/// Upserts rows in arrays. A statement may not touch one row twice, so a batch that holds a key twice is undone
/// and written row by row: the last one wins, as it does where rows are always written one by one.
template <class T, class Policy, class Connection>
class ArrayUpserter {
public:
    ArrayUpserter(Connection& connection, const Policy& policy) : connection_{connection}, policy_{policy} {}

    Result<void> add(const T& entity) {
        const bool generate = wants_key(entity);
        if (generate != generating_) {
            if (Result<void> sent = send(); !sent) return sent;
            execution_.reset();
            generating_ = generate;
        }
        return generate ? put<true>(entity) : put<false>(entity);
    }

    /// Takes all rows for one statement, which is sent by `finish`; false where they do not fit in one. Nothing is
    /// sent.
    template <class Range>
        requires only_inserts<Policy>
    Result<bool> take_all(Range& range) {
        for (const T& entity : range) {
            const bool generate = wants_key(entity);
            if (row_ != 0 && generate != generating_) return false;
            generating_ = generate;
            if (Result<void> taken = generate ? collect<true>(entity) : collect<false>(entity); !taken)
                return Failure(std::move(taken).error());
            if (execution_->is_full()) return false;
        }
        return true;
    }

    Result<UpsertCounts> finish() {
        if (Result<void> sent = send(); !sent) return Failure(std::move(sent).error());
        return counts_;
    }

private:
    template <bool generate>
    using Text = UpsertArrays<T, Connection::dialect, generate && has_generated_key<T>, Policy>;

    template <bool generate>
    Result<void> put(const T& entity) {
        Result<void> collected = collect<generate>(entity);
        return collected && execution_->is_full() ? send() : collected;
    }

    template <bool generate>
    Result<void> collect(const T& entity) {
        const Statement& statement = detail::statement<Text<generate>>;
        if (!execution_) execution_.emplace(connection_, statement, column_list<T, Text<generate>::columns>.size());
        if (const ValueFault found = write_entity<T, Text<generate>::columns>(*execution_, entity, now_))
            return Failure(fault_error(found, true, statement.text()).in_row(row_));
        ++row_;
        return {};
    }

    Result<void> send() {
        if (!execution_ || execution_->is_empty()) return {};
        const auto put_policy = [&](auto& sink) {
            return put_values(typename Conflict<T, Policy>::Parameters{}, sink, policy_.action.values);
        };
        Result<UpsertCounts> done = run(put_policy);
        execution_->clear();
        if (!done) {
            if (const auto row = done.error().row()) return Failure(std::move(done).error().in_row(sent_ + *row));
            return Failure(std::move(done).error());
        }
        sent_ = row_;
        counts_.inserted += done->inserted;
        counts_.updated += done->updated;
        counts_.unchanged += done->unchanged;
        return {};
    }

    template <class PutPolicy>
    Result<UpsertCounts> run(PutPolicy put_policy) {
        // Rows that are left alone may be met twice.
        if constexpr (only_inserts<Policy>) {
            return execution_->run_upsert(put_policy);
        } else {
            Result<UpsertCounts> done = run_in(BasicTransaction<Connection>::open(connection_),
                                               [&](auto&) { return execution_->run_upsert(put_policy); });
            if (!done && done.error().code() == Code::cardinality_violation)
                return execution_->run_upsert_one_by_one(put_policy);
            return done;
        }
    }

    Connection& connection_;
    const Policy& policy_;
    std::optional<typename Connection::ArrayExecution> execution_{};
    bool generating_ = false;
    Timestamp now_ = time_of_change<T>();
    std::size_t row_ = 0;
    std::size_t sent_ = 0;
    UpsertCounts counts_;
};

template <class T, class Policy, class Connection>
auto make_upserter(Connection& connection, const Policy& policy) {
    if constexpr (takes_arrays<T, Connection::dialect>)
        return ArrayUpserter<T, Policy, Connection>{connection, policy};
    else
        return RowUpserter<T, Policy, Connection>{connection, policy};
}

/// Tells how many rows were inserted, updated, or left as they are. The range is read once.
template <class T, class Connection, class Range, class Policy>
Result<UpsertCounts> upsert_range(Connection& connection, Range&& range, const Policy& policy) {
    if constexpr (takes_feed<T, Connection>)
        return upsert_feed<T>(connection, range, policy);
    else
        return write_range(connection, std::forward<Range>(range),
                           [&](Connection& used) { return make_upserter<T>(used, policy); });
}

}  // namespace rowan::detail
