#pragma once

#include <rowan/core/range.hpp>
#include <rowan/core/result.hpp>
#include <rowan/query/insert.hpp>
#include <rowan/query/row.hpp>
#include <rowan/query/stamp.hpp>
#include <rowan/query/statement.hpp>
#include <rowan/repository/copy_range.hpp>
#include <rowan/repository/feed_range.hpp>
#include <rowan/repository/insert.hpp>
#include <rowan/repository/rows.hpp>
#include <rowan/session/scopes.hpp>
#include <rowan/session/transaction.hpp>
#include <rowan/types/timestamp.hpp>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <utility>

/// Inserts of all rows of a range, or none, in the fastest way that the database has.
namespace rowan::detail {

/// Inserts rows one by one.
template <class T, class Connection>
class RowInserter {
public:
    explicit RowInserter(Connection& connection) : connection_{connection} {}

    Result<void> add(const T& entity) {
        Result<void> added = wants_key(entity) ? put<true>(entity) : put<false>(entity);
        if (!added) return Failure(std::move(added).error().in_row(count_));
        ++count_;
        return added;
    }

    Result<std::size_t> finish() { return count_; }

private:
    template <bool generate>
    Result<void> put(const T& entity) {
        using Text = Insert<T, Connection::dialect, generate && has_generated_key<T>>;
        const Statement& statement = detail::statement<Text>;
        typename Connection::Execution execution{connection_, statement};
        if (const ValueFault found = write_entity<T, Text::columns>(execution, entity, now_))
            return write_failure(found, statement);
        if (const Result<std::int64_t> ran = execution.run(); !ran) return Failure(ran.error());
        return {};
    }

    Connection& connection_;
    Timestamp now_ = time_of_change<T>();
    std::size_t count_ = 0;
};

/// Inserts rows in arrays: one statement, and one round trip, for many.
template <class T, class Connection>
class ArrayInserter {
public:
    explicit ArrayInserter(Connection& connection) : connection_{connection} {}

    Result<void> add(const T& entity) {
        // Rows with and without a key of their own need different statements; their order is kept.
        const bool generate = wants_key(entity);
        if (generate != generating_) {
            if (Result<void> sent = send(); !sent) return sent;
            execution_.reset();
            generating_ = generate;
        }
        return generate ? put<true>(entity) : put<false>(entity);
    }

    Result<std::size_t> finish() {
        if (Result<void> sent = send(); !sent) return Failure(std::move(sent).error());
        return count_;
    }

private:
    template <bool generate>
    using Text = InsertArrays<T, Connection::dialect, generate && has_generated_key<T>>;

    template <bool generate>
    Result<void> put(const T& entity) {
        const Statement& statement = detail::statement<Text<generate>>;
        if (!execution_) execution_.emplace(connection_, statement, statement.parameters().size());
        if (const ValueFault found = write_entity<T, Text<generate>::columns>(*execution_, entity, now_))
            return Failure(fault_error(found, true, statement.text()).in_row(row_));
        ++row_;
        return execution_->is_full() ? send() : Result<void>{};
    }

    Result<void> send() {
        if (!execution_ || execution_->is_empty()) return {};
        const Result<std::int64_t> ran = execution_->run();
        if (!ran) return Failure(ran.error());
        count_ += static_cast<std::size_t>(*ran);
        return {};
    }

    Connection& connection_;
    std::optional<typename Connection::ArrayExecution> execution_{};
    bool generating_ = false;
    Timestamp now_ = time_of_change<T>();
    std::size_t row_ = 0;
    std::size_t count_ = 0;
};

template <class T, class Connection>
auto make_inserter(Connection& connection) {
    if constexpr (takes_arrays<T, Connection::dialect> && requires { typename Connection::CopyExecution; })
        return CopyInserter<T, Connection>{connection};
    else if constexpr (takes_arrays<T, Connection::dialect>)
        return ArrayInserter<T, Connection>{connection};
    else
        return RowInserter<T, Connection>{connection};
}

/// Hands every item of a range to a writer: all or nothing. Where one statement takes them all, it needs no transaction
/// around it, nor the round trips for that.
template <class Connection, class Range, class MakeWriter>
auto write_range(Connection& connection, Range&& range, MakeWriter make_writer) {
    using Writer = decltype(make_writer(connection));
    using Counted = decltype(make_writer(connection).finish());
    if constexpr (requires(Writer& writer) {
                      requires lies_in_memory<Range>;
                      writer.take_all(range);
                  }) {
        constexpr auto most = static_cast<std::ptrdiff_t>(Connection::ArrayExecution::most_rows);
        if (connection.transaction_state() == TransactionState::idle &&
            range_access::last(range) - range_access::first(range) < most) {
            Writer writer = make_writer(connection);
            const Result<bool> taken = writer.take_all(range);
            if (!taken) return Counted{Failure(taken.error())};
            if (*taken) return writer.finish();
        }
    }
    return run_in(BasicTransaction<Connection>::open(connection), [&](auto&) -> Counted {
        auto writer = make_writer(connection);
        for (const auto& entity : range)
            if (Result<void> added = writer.add(entity); !added) return Failure(std::move(added).error());
        return writer.finish();
    });
}

/// Gives the number of rows. The range is read once.
template <class T, class Connection, class Range>
Result<std::size_t> insert_range(Connection& connection, Range&& range) {
    if constexpr (takes_feed<T, Connection>)
        return insert_feed<T>(connection, range);
    else
        return write_range(connection, std::forward<Range>(range), &make_inserter<T, Connection>);
}

}  // namespace rowan::detail
