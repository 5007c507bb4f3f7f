#pragma once

#include <rowan/core/result.hpp>
#include <rowan/core/time.hpp>
#include <rowan/query/statement.hpp>
#include <rowan/schema/dialect.hpp>
#include <rowan/session/observer.hpp>
#include <rowan/session/result_column.hpp>
#include <rowan/session/scopes.hpp>
#include <rowan/session/transaction_options.hpp>
#include <rowan/session/upserted.hpp>
#include <rowan/types/fault.hpp>
#include <rowan/types/timestamp.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace rowan {

/// Takes values in their Stored forms, one after the other. Text and bytes are not copied: they must live until
/// the statement has run. A Fault means that the database has no place for this value.
/// `put_list(form, fill)` takes a list of values of one form, which `fill(list)` puts into a sink of its own; only an
/// Execution has it.
template <class S>
concept ParameterSink = requires(S& sink, bool boolean, std::int64_t integer, double real, std::string_view text,
                                 std::span<const std::byte> bytes, Timestamp time, std::chrono::sys_days day) {
    { sink.put_null() } -> std::same_as<Fault>;
    { sink.put(boolean) } -> std::same_as<Fault>;
    { sink.put(integer) } -> std::same_as<Fault>;
    { sink.put(real) } -> std::same_as<Fault>;
    { sink.put(text) } -> std::same_as<Fault>;
    { sink.put(bytes) } -> std::same_as<Fault>;
    { sink.put(time) } -> std::same_as<Fault>;
    { sink.put(day) } -> std::same_as<Fault>;
};

/// One value of a row. `get` reads whatever the column's actual type is, where the value can be widened
/// exactly; Fault::null_value for NULL. Text and bytes are valid until the next row.
template <class C>
concept ResultCell = requires(const C& cell, bool& boolean, std::int64_t& integer, double& real, std::string_view& text,
                              std::span<const std::byte>& bytes, Timestamp& time, std::chrono::sys_days& day) {
    { cell.is_null() } -> std::same_as<bool>;
    { cell.get(boolean) } -> std::same_as<Fault>;
    { cell.get(integer) } -> std::same_as<Fault>;
    { cell.get(real) } -> std::same_as<Fault>;
    { cell.get(text) } -> std::same_as<Fault>;
    { cell.get(bytes) } -> std::same_as<Fault>;
    { cell.get(time) } -> std::same_as<Fault>;
    { cell.get(day) } -> std::same_as<Fault>;
};

/// A statement under way on a connection: parameters go in through `put`, in order, then `next` gives row after
/// row, or `run` goes to the end and tells how many rows were changed. What failed earlier (the statement could
/// not be prepared, a parameter could not be bound) is told by the first `next` or `run`. Its end leaves the
/// statement prepared for the next time, also where rows were left unread.
///
/// `columns` and `column_name` tell what the rows have, once the first `next` has been called.
///
/// One that has all rows before the first is read may tell so: `rows_left()` is how many there are, from that of the
/// last `next` on, and `rows_expected()` is 0. Where it gives some of them as they arrive, `rows_expected()` is how
/// many there may be in all. There is room for them from the beginning then.
///
/// One whose values lie together may have a `Row`, which has `cell`, too; `row(columns)` gives what converts to one,
/// with the first of them. Whole structs are read from that, and else from the Execution itself.
///
/// One whose database calls the program with each row may have a `RowTaker{target, take, columns}` for statements that
/// select `dialect.take` or `dialect.take_all` of at most `widest` columns. `run_take(taker)` runs such a statement,
/// and `run_take_one(taker)` one that has a row at most: `take(target, row)` is called with the `Row` of each, and ends
/// the statement where it gives false. The taker tells how many `rows()` it took, their `order()`, where that is
/// another one than that of the calls, and `rethrow()` throws what `take` has thrown. `expected_rows()` is how many the
/// statement gave the last time.
///
/// `run_insert` runs an INSERT of one row and gives the key that the database made. `run_upsert` runs an upsert of one
/// row and tells what it did; it is given the row's integer key, or 0 where it has none.
template <class E>
concept Execution = ParameterSink<E> && requires(E& execution, const E& row) {
    { execution.next() } -> std::same_as<Result<bool>>;
    { execution.run() } -> std::same_as<Result<std::int64_t>>;
    { execution.run_insert() } -> std::same_as<Result<std::int64_t>>;
    { execution.run_upsert(std::int64_t{}) } -> std::same_as<Result<Upserted>>;
    { row.cell(0) } -> ResultCell;
    { row.columns() } -> std::same_as<int>;
    { row.column_name(0) } -> std::same_as<std::string_view>;
};

/// A connection to one database, used by one thread at a time. All that rowan needs to work on it:
///
/// - `dialect` spells its SQL, `Execution{connection, statement}` runs a constant statement, prepared once per
///   connection and found again by `statement.slot()`.
/// - `run_script(text)` runs statements without parameters, separated by semicolons.
/// - `start_transaction(options)`, `commit_transaction`, `roll_back_transaction` do just that. Options that the
///   database cannot fulfil are refused. After a failed commit `transaction_state` tells whether the transaction is
///   still there. A commit whose outcome is not known is Code::in_doubt.
/// - `lift_limits` is called when a transaction is over that was started with `read_only` or a `timeout`, however it
///   ended.
/// - `transaction_state` asks what the database says, not what was sent to it, and costs no round trip.
/// - `describe(statement)` has the statement prepared against the schema as it is now, does not run it, and tells the
///   columns that it would give; none for what gives no rows. No values are needed.
/// - `scopes` are kept for the handles that work on the connection.
/// - `observe(observer)` attaches an observer, which is told of each statement once, when it has ended; `observer()` is
///   the one that is attached, or null (session/observation.hpp does most of it).
/// - `StreamExecution{connection, statement}` runs a SELECT like an Execution, with bounded memory; others may run in
///   between, and it may be left in the middle.
/// - Where `dialect.array_parameters`, `ArrayExecution{connection, statement}` takes many rows through `put`, tells
///   when it `is_full` or `is_empty`, which it is at `most_rows` at the latest, and runs them as one statement with
///   `run`; then it may be filled again. `run_upsert` keeps the rows until `clear`, so that `run_upsert_one_by_one` can
///   take them.
/// - Such a database may also have a `CopyExecution{connection, statement, table, layout}`, a faster way for many rows
///   of one table, filled and run likewise. `Text` is its statement. `layout(connection, statement, table, columns)`
///   asks how the columns are to be written, once a row was inserted in the same transaction, and is empty where rows
///   cannot go that way. Its errors may tell a row, counted from the first one that was collected.
/// - A database that asks the program for rows while a statement runs may have a `RowFeed{source, next}`. As a
///   ParameterSink it takes the `widest` columns at most; `advance()` calls `next(source, feed)`, which puts the next
///   row's values and tells `row`, `end` or `refused` of the enum that both give. An Execution takes it by
///   `put_feed(feed)` for `dialect.feed`, a function whose columns are c0, c1, …. It tells how many `rows()` it gave,
///   `is_over()` once it has told the end, `tally()`, how often `dialect.tally` was asked, and `rethrow()` throws what
///   `next` has thrown. What is known of the statement's table (query/feed_target.hpp) is asked for with
///   `look_at_target(table, updates)`, inside of a transaction, and kept for the statement with `remember_feed` under
///   the `program()` that has asked the feed, for `feed_program` to tell. After `accept(program)`, a feed is empty for
///   another program, and then `is_refused()`. Without a RowFeed, rows are stored one by one.
template <class C>
concept Backend = std::same_as<decltype(C::dialect), const Dialect&> && Execution<typename C::Execution> &&
                  std::constructible_from<typename C::Execution, C&, const Statement&> &&
                  std::constructible_from<typename C::StreamExecution, C&, const Statement&> &&
                  requires(C& connection, const Statement& statement, std::string_view text,
                           const TransactionOptions& options, std::shared_ptr<Observer> observer) {
                      { connection.run_script(text) } -> std::same_as<Result<void>>;
                      { connection.start_transaction(options) } -> std::same_as<Result<void>>;
                      { connection.commit_transaction() } -> std::same_as<Result<void>>;
                      { connection.roll_back_transaction() } -> std::same_as<Result<void>>;
                      { connection.lift_limits() } noexcept;
                      { connection.transaction_state() } -> std::same_as<TransactionState>;
                      { connection.describe(statement) } -> std::same_as<Result<std::vector<ResultColumn>>>;
                      { connection.scopes() } -> std::same_as<Scopes&>;
                      { connection.observe(observer) } -> std::same_as<void>;
                      { connection.observer() } -> std::same_as<const std::shared_ptr<Observer>&>;
                  };

}  // namespace rowan
