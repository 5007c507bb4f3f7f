#pragma once

#include <rowan/core/result.hpp>
#include <rowan/query/fault_error.hpp>
#include <rowan/query/insert.hpp>
#include <rowan/query/row.hpp>
#include <rowan/query/stamp.hpp>
#include <rowan/query/statement.hpp>
#include <rowan/repository/insert.hpp>
#include <rowan/types/timestamp.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

/// Inserts of many rows where a database has a way to load them in bulk.
namespace rowan::detail {

/// Inserts rows in arrays, and once they have filled a batch, in bulk. Few rows take one statement that way; for many,
/// that statement has shown that they can be inserted, and keeps the table as it is while its columns' types, which a
/// load in bulk must know, are looked up.
template <class T, class Connection>
class CopyInserter {
public:
    explicit CopyInserter(Connection& connection) : connection_{connection} {}

    Result<void> add(const T& entity) {
        // Rows with and without a key of their own need different statements; their order is kept.
        const bool generate = wants_key(entity);
        if (generate != generating_) {
            if (Result<void> sent = send(); !sent) return sent;
            arrays_.reset();
            bulk_.reset();
            generating_ = generate;
        }
        return generate ? put<true>(entity) : put<false>(entity);
    }

    /// Takes all rows for one statement, which is sent by `finish`; false where they do not fit in one. Nothing is
    /// sent.
    template <class Range>
    Result<bool> take_all(Range& range) {
        for (const T& entity : range) {
            const bool generate = wants_key(entity);
            if (row_ != 0 && generate != generating_) return false;
            generating_ = generate;
            if (Result<void> taken = generate ? collect<true>(entity) : collect<false>(entity); !taken)
                return Failure(std::move(taken).error());
            if (arrays_->is_full()) return false;
        }
        return true;
    }

    Result<std::size_t> finish() {
        if (Result<void> sent = send(); !sent) return Failure(std::move(sent).error());
        return count_;
    }

private:
    using Arrays = typename Connection::ArrayExecution;
    using Bulk = typename Connection::CopyExecution;

    template <bool generate>
    using ArraysText = InsertArrays<T, Connection::dialect, generate && has_generated_key<T>>;
    template <bool generate>
    using BulkText = typename Bulk::template Text<T, ArraysText<generate>::columns>;

    template <bool generate>
    Result<void> put(const T& entity) {
        if (bulk_) {
            if (Result<void> written = write<generate>(*bulk_, statement<BulkText<generate>>, entity); !written)
                return written;
            return bulk_->is_full() ? send() : Result<void>{};
        }
        if (Result<void> collected = collect<generate>(entity); !collected || !arrays_->is_full()) return collected;
        if (Result<void> sent = send(); !sent) return sent;
        return prepare_bulk<generate>();
    }

    template <bool generate>
    Result<void> collect(const T& entity) {
        const Statement& by_arrays = statement<ArraysText<generate>>;
        if (!arrays_) arrays_.emplace(connection_, by_arrays, by_arrays.parameters().size());
        return write<generate>(*arrays_, by_arrays, entity);
    }

    template <bool generate, class Sink>
    Result<void> write(Sink& sink, const Statement& used, const T& entity) {
        if (const ValueFault found = write_entity<T, ArraysText<generate>::columns>(sink, entity, now_))
            return Failure(fault_error(found, true, used.text()).in_row(row_));
        ++row_;
        return {};
    }

    /// From now on in bulk, where that is possible.
    template <bool generate>
    Result<void> prepare_bulk() {
        const Statement& in_bulk = statement<BulkText<generate>>;
        std::optional<typename Bulk::Layout>& layout = layouts_[generate];
        if (!layout) {
            auto found =
                Bulk::layout(connection_, in_bulk, table_info<T>, column_list<T, ArraysText<generate>::columns>);
            if (!found) return Failure(std::move(found).error());
            layout = *std::move(found);
        }
        if (layout->empty()) return {};
        bulk_.emplace(connection_, in_bulk, table_info<T>, *layout);
        arrays_.reset();
        return {};
    }

    Result<void> send() {
        if (bulk_ && !bulk_->is_empty()) return count(bulk_->run());
        if (arrays_ && !arrays_->is_empty()) return count(arrays_->run());
        return {};
    }

    Result<void> count(Result<std::int64_t> ran) {
        if (!ran) {
            // The row among those that were sent, which were the last.
            if (const auto row = ran.error().row()) return Failure(std::move(ran).error().in_row(sent_ + *row));
            return Failure(std::move(ran).error());
        }
        sent_ = row_;
        count_ += static_cast<std::size_t>(*ran);
        return {};
    }

    Connection& connection_;
    std::optional<Arrays> arrays_{};
    std::optional<typename Bulk::Layout> layouts_[2]{};
    std::optional<Bulk> bulk_{};
    bool generating_ = false;
    Timestamp now_ = time_of_change<T>();
    std::size_t row_ = 0;
    std::size_t sent_ = 0;
    std::size_t count_ = 0;
};

}  // namespace rowan::detail
