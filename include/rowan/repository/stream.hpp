#pragma once

#include <rowan/core/result.hpp>
#include <rowan/query/statement.hpp>
#include <rowan/repository/rows.hpp>
#include <rowan/session/fork.hpp>
#include <rowan/session/loan.hpp>
#include <rowan/session/scopes.hpp>

#include <cstddef>
#include <iterator>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace rowan {

namespace detail {

/// Where a stream's rows come from, whatever the connection.
template <class Row>
class RowSource {
public:
    RowSource() = default;
    RowSource(const RowSource&) = delete;
    RowSource& operator=(const RowSource&) = delete;
    virtual ~RowSource() = default;
    virtual Result<bool> next(Row& row) = 0;
};

/// A SELECT under way on a connection. The values of its parameters must outlive its first row.
template <class Row, class Connection, class Read>
class ConnectionRows final : public RowSource<Row> {
public:
    ConnectionRows(Connection& connection, Loan loan, const Statement& statement, Read read)
        : loan_{std::move(loan)},
          guard_{connection.scopes()},
          execution_{connection, statement},
          statement_{statement},
          read_{read} {}

    [[nodiscard]] auto& parameters() { return execution_; }

    Result<bool> next(Row& row) override {
        if (process_ != process_generation()) [[unlikely]]
            return Failure(Scopes::inherited());
        Result<bool> found = execution_.next();
        if (!found || !*found) return found;
        row = Row{};
        if (const ValueFault fault = read_(execution_, row)) return read_failure(fault, statement_);
        return found;
    }

private:
    Loan loan_;
    ScopeGuard guard_;
    typename Connection::StreamExecution execution_;
    const Statement& statement_;
    Read read_;
    unsigned process_ = process_generation();
};

/// Calls `fn` with a row: does it want more?
template <class Fn, class Row>
Result<bool> offer(Fn& fn, Row& row) {
    using Answer = std::invoke_result_t<Fn&, Row&>;
    if constexpr (std::is_void_v<Answer>) {
        fn(row);
        return true;
    } else if constexpr (std::is_same_v<Answer, bool>) {
        return fn(row);
    } else {
        static_assert(std::is_same_v<Answer, Result<void>>,
                      "rowan: the function of for_each gives nothing, a bool (false: enough) or a Result<void>");
        Result<void> answer = fn(row);
        if (!answer) return Failure(std::move(answer).error());
        return true;
    }
}

/// Calls `fn` with row after row, up to the end or until it has enough.
template <class Row, class Fn>
Result<void> for_each_row(RowSource<Row>& rows, Fn& fn) {
    Row row{};
    while (true) {
        const Result<bool> found = rows.next(row);
        if (!found) return Failure(found.error());
        if (!*found) return {};
        const Result<bool> more = offer(fn, row);
        if (!more) return Failure(more.error());
        if (!*more) return {};
    }
}

}  // namespace detail

/// The rows of a query, read as they are looked at, in bounded memory:
///
///     for (rowan::Result<Trade>& trade : trades.where(…).stream()) …
///
/// An input range: it is read once. A row that cannot be had is an error, and the last. It may be left in the middle.
/// While it lives, the connection's own handle refuses other work; inside a transaction, the transaction's handle does
/// not; a Database or pool lends it a connection of its own. It must not outlive what it was made from.
///
/// What the same transaction does meanwhile to other tables is nothing to it. A server with cursors gives the rows of
/// the beginning, whatever is done to the tables that are read. An embedded database may leave open whether a row that
/// is stored, or moved in an index, while a statement reads the table still comes, so that a loop which stores rows in
/// the table that it reads may never end: take `all()` first. To erase the row that has just come is safe on both, and
/// so is to change its columns that no index holds.
template <class Row>
class Stream {
public:
    explicit Stream(std::unique_ptr<detail::RowSource<Row>> source) : source_{std::move(source)} {}

    class Iterator {
    public:
        using value_type = Result<Row>;
        using difference_type = std::ptrdiff_t;
        using iterator_concept = std::input_iterator_tag;

        Iterator() = default;
        explicit Iterator(Stream& stream) : stream_{&stream} { stream.advance(); }

        Result<Row>& operator*() const { return *stream_->current_; }
        Iterator& operator++() {
            stream_->advance();
            return *this;
        }
        void operator++(int) { ++*this; }
        bool operator==(std::default_sentinel_t) const { return !stream_->current_.has_value(); }

    private:
        Stream* stream_ = nullptr;
    };

    [[nodiscard]] Iterator begin() { return Iterator{*this}; }
    [[nodiscard]] std::default_sentinel_t end() const { return {}; }

private:
    void advance() {
        if (source_ == nullptr) return current_.reset();
        if (!current_) current_.emplace();
        const Result<bool> found = source_->next(**current_);
        if (found && *found) return;
        // The last one; whatever it held of the connection is given back at once.
        source_.reset();
        if (found)
            current_.reset();
        else
            current_ = Failure(found.error());
    }

    std::unique_ptr<detail::RowSource<Row>> source_;
    std::optional<Result<Row>> current_{};
};

}  // namespace rowan
