#pragma once

#include <rowan/core/fixed_string.hpp>
#include <rowan/core/result.hpp>
#include <rowan/core/tuple.hpp>
#include <rowan/query/column.hpp>
#include <rowan/query/constant.hpp>
#include <rowan/query/expression.hpp>
#include <rowan/query/functions.hpp>
#include <rowan/query/insert_from.hpp>
#include <rowan/query/select.hpp>
#include <rowan/query/stamp.hpp>
#include <rowan/query/statement.hpp>
#include <rowan/query/take.hpp>
#include <rowan/repository/cursor.hpp>
#include <rowan/repository/query_parts.hpp>
#include <rowan/repository/rows.hpp>
#include <rowan/repository/stream.hpp>
#include <rowan/repository/write.hpp>
#include <rowan/session/scopes.hpp>
#include <rowan/session/writable.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace rowan {

/// A SELECT as it grows: each call gives a new query. Nothing is sent before `all`, `first`, `one`, `count`, `exists`,
/// `for_each`, `update` or `erase`; each may be called again. Each gives the database's error, or Category::data with
/// the column's name where a value does not fit.
///
/// A row is the table's struct; with joins a std::tuple of structs, where a left-joined one is a std::optional; with
/// `select` a tuple of values or a struct of the program. A query keeps a pointer to `Db`, and views of text, bytes and
/// ranges that were not temporaries.
template <class Db, class Shape, class Values>
class [[nodiscard]] Query : public detail::SetOperations<Query<Db, Shape, Values>> {
public:
    using QueryShape = Shape;
    using Row = typename Shape::template Row<void>;
    /// The struct of the table that the query starts from.
    using Entity = typename Shape::From::First::Entity;
    /// A place in this query's order.
    using Cursor = rowan::Cursor<Entity, typename Shape::Order>;

    Query(Db* db, Values values) : db_{db}, values_{std::move(values)} {}

    /// Only rows for which this is true as well.
    template <detail::Condition Where>
    auto where(Where condition) const {
        using Joined = typename detail::Both<typename Shape::Where, typename Where::Shape>::type;
        return with<typename Shape::template WithWhere<Joined>>(
            values_.projection, values_.from, detail::join(values_.where, std::move(condition).values), values_.group,
            values_.having, values_.order);
    }

    /// Rows of T's table beside those that are there, for which `on` is true. `name` tells tables of the same T apart.
    template <class T, FixedString name = "", detail::Condition On>
    auto join(On on) const {
        return joined<detail::Source<T, name>>(std::move(on));
    }
    /// The same, but a row that has none beside it stays, with an empty std::optional<T>.
    template <class T, FixedString name = "", detail::Condition On>
    auto left_join(On on) const {
        return joined<detail::Source<T, name, true>>(std::move(on));
    }

    /// One row for all that are alike in these expressions.
    template <detail::AnyExpression... Items>
    auto group_by(Items... items) const {
        return with<typename Shape::template WithGroup<detail::GroupShapes<typename Items::Shape...>>>(
            values_.projection, values_.from, values_.where, detail::join(items.values...), values_.having,
            values_.order);
    }

    /// Only groups for which this is true.
    template <detail::Condition Having>
    auto having(Having condition) const {
        using Joined = typename detail::Both<typename Shape::Having, typename Having::Shape>::type;
        return with<typename Shape::template WithHaving<Joined>>(
            values_.projection, values_.from, values_.where, values_.group,
            detail::join(values_.having, std::move(condition).values), values_.order);
    }

    /// `rowan::asc<&T::m>`, `rowan::desc<&T::m>`, or an expression's `.asc()` or `.desc()`, the most significant first.
    /// Replaces an earlier order.
    template <class... Items>
    auto order_by(Items... items) const {
        static_assert(sizeof...(Items) != 0,
                      "rowan: order_by needs at least one rowan::asc<&T::m> or rowan::desc<&T::m>");
        static_assert(!Shape::backwards,
                      "rowan: order_by comes in front of before(...), whose place is one in that order");
        auto list = rowan::order_by(items...);
        return with<typename Shape::template WithOrder<typename decltype(list)::Shapes>>(
            values_.projection, values_.from, values_.where, values_.group, values_.having, std::move(list.values));
    }

    /// At most `count` rows; `offset` leaves out the first ones. A negative number is an error, told when the query is
    /// run.
    auto limit(std::int64_t count) const {
        auto query = same<typename Shape::template WithLimit<detail::NumberParameter>>();
        query.values_.limit = count;
        return query;
    }
    auto offset(std::int64_t count) const {
        auto query = same<typename Shape::template WithOffset<detail::NumberParameter>>();
        query.values_.offset = count;
        return query;
    }

    /// Of rows that are alike, one.
    auto distinct() const { return same<typename Shape::template WithFlags<true, Shape::lock>>(); }

    /// Locks the rows until the end of the transaction, against other writers. On a database without row locks it does
    /// not compile, or is Code::not_supported where the database is chosen at run time; `skip_locked` leaves out those
    /// that others have locked.
    auto for_update() const
        requires WritableSession<Db>
    {
        return same<typename Shape::template WithFlags<Shape::distinct, detail::RowLock::update>>();
    }
    auto skip_locked() const {
        static_assert(Shape::lock != detail::RowLock::none, "rowan: skip_locked belongs behind for_update()");
        return same<typename Shape::template WithFlags<Shape::distinct, detail::RowLock::update_skip_locked>>();
    }

    /// These expressions instead of whole rows: a std::tuple of their values.
    template <detail::AnyExpression... Items>
    auto select(Items... items) const {
        return projected<detail::TupleOf<typename Items::Shape...>>(items...);
    }
    /// The same into the members of `Struct` that bear the expressions' names: a column has its member's, any other
    /// expression the one that `.as<"name">()` gives.
    template <class Struct, detail::AnyExpression... Items>
    auto select(Items... items) const {
        static_assert(require_storable<Struct>());
        return projected<detail::StructOf<Struct, typename Items::Shape...>>(items...);
    }

    /// A row's place in the order, for `after` and `before`. The order must be one that no two rows share: it ends with
    /// the key or a unique column.
    [[nodiscard]] auto cursor(const Entity& row) const { return detail::cursor_of(row, typename Shape::Order{}); }

    /// Only rows behind that place, or before it: with `limit`, a page. The rows come in the query's order in both
    /// cases.
    [[nodiscard]] auto after(const Cursor& cursor) const {
        require_pages();
        return where(detail::keyset<false>(cursor, typename Shape::Order{}));
    }
    [[nodiscard]] auto before(const Cursor& cursor) const {
        require_pages();
        return reversed(detail::keyset<true>(cursor, typename Shape::Order{}), typename Shape::Order{});
    }

    [[nodiscard]] Result<std::vector<Row>> all() const {
        Result<std::vector<Row>> rows;
        using Rows = detail::AllRows<Row, Reader, detail::gives_each_row<Shape>, detail::is_in_key_order<Shape>>;
        detail::settle(run<detail::Wanted::rows, Shape>(values_.limit, Rows{*rows}), rows);
        if constexpr (Shape::backwards)
            if (rows) detail::reverse(*rows);
        return rows;
    }

    /// The first row, if there is any.
    [[nodiscard]] Result<std::optional<Row>> first() const {
        static_assert(!Shape::backwards, "rowan: before(...) gives a page: limit(n).all()");
        Result<std::optional<Row>> row;
        detail::settle(run<detail::Wanted::rows, Limited<1>>(limit_up_to(1), detail::FirstRow<Row, Reader>{*row}), row);
        return row;
    }

    /// The only row: Code::not_found if there is none, Code::multiple_rows if there are more.
    [[nodiscard]] Result<Row> one() const {
        Result<Row> row;
        detail::settle(run<detail::Wanted::rows, Limited<2>>(limit_up_to(2), detail::OneRow<Row, Reader>{*row}), row);
        return row;
    }

    /// Calls `fn(row)` for row after row, in bounded memory: a million rows need no more than a few thousand. `fn`
    /// gives nothing, a bool (false: enough), or a Result<void> whose error ends it and is given back. While it runs,
    /// the connection's own handle refuses other work; inside a transaction, the transaction's handle does not.
    template <class Fn>
    [[nodiscard]] Result<void> for_each(Fn fn) const {
        return streamed([&](auto& rows) -> Result<void> { return detail::for_each_row<Row>(*rows, fn); });
    }

    /// The same as a range: see Stream.
    [[nodiscard]] Result<Stream<Row>> stream() const {
        return streamed([](auto& rows) -> Result<Stream<Row>> { return Stream<Row>{std::move(rows)}; });
    }

    /// The only row, if there is any; Code::multiple_rows if there are more.
    [[nodiscard]] Result<std::optional<Row>> one_or_none() const {
        Result<std::optional<Row>> row;
        detail::settle(run<detail::Wanted::rows, Limited<2>>(limit_up_to(2), detail::OneRowOrNone<Row, Reader>{*row}),
                       row);
        return row;
    }

    [[nodiscard]] Result<std::int64_t> count() const {
        return run<detail::Wanted::count, Shape>(values_.limit, detail::OneValueOf<std::int64_t>{});
    }

    [[nodiscard]] Result<bool> exists() const {
        return run<detail::Wanted::existence, Shape>(values_.limit, detail::OneValueOf<bool>{});
    }

    /// Sets columns of all rows that fulfil the condition: `update(set<&T::a> = 1, set<&T::b> = col<&T::b> + 1)`. Gives
    /// their number.
    template <class... Assignments>
        requires WritableSession<Db>
    [[nodiscard]] Result<std::int64_t> update(const Assignments&... assignments) const {
        if constexpr (require_changeable())
            return detail::update_where<Entity, false, typename Shape::Where>(*db_, values_.where, assignments...);
        else
            return 0;
    }
    /// The same, and gives the rows as they are then.
    template <class... Assignments>
        requires WritableSession<Db>
    [[nodiscard]] Result<std::vector<Row>> update_returning(const Assignments&... assignments) const {
        if constexpr (require_changeable())
            return detail::update_where<Entity, true, typename Shape::Where>(*db_, values_.where, assignments...);
        else
            return {};
    }

    /// Removes all rows that fulfil the condition, and gives their number.
    [[nodiscard]] Result<std::int64_t> erase() const
        requires WritableSession<Db>
    {
        if constexpr (require_changeable())
            return detail::erase_where<Entity, false, typename Shape::Where>(*db_, values_.where);
        else
            return 0;
    }
    /// The same, and gives the rows as they were.
    [[nodiscard]] Result<std::vector<Row>> erase_returning() const
        requires WritableSession<Db>
    {
        if constexpr (require_changeable())
            return detail::erase_where<Entity, true, typename Shape::Where>(*db_, values_.where);
        else
            return {};
    }

    /// Stores a row of T's table for each row of this query, and gives their number:
    ///
    ///     old_orders.insert_into<Archived>(set<&Archived::order> = col<&Order::id>, set<&Archived::year> = 2024)
    ///
    /// All or nothing; the rows do not pass through the program. A key that the database makes is left out, or set; a
    /// version and the times of creation and change are written as an insert writes them.
    template <class T, class... Assignments>
        requires WritableSession<Db>
    [[nodiscard]] Result<std::int64_t> insert_into(const Assignments&... assignments) const {
        using Items = detail::AssignedItems<T, typename Assignments::Shape...>;
        static_assert(Items::is_complete(), "rowan: a member of T that is no std::optional is not set: name it in "
                                            "insert_into<T>(set<&T::m> = value, ...)");
        // What rowan writes by itself comes behind what is assigned.
        using Stamped = typename Items::Stamped;
        const auto stamps = Stamped::values(detail::time_of_change<T>());
        return projected<Items>(assignments..., Stamps<std::remove_const_t<decltype(stamps)>>{stamps})
            .template run_insert_into<T>();
    }

    /// The statement that `all` sends: a constant of the program. (Where a database hands rows over by a function, its
    /// call, which is not shown here, stands around the columns.)
    [[nodiscard]] std::string_view sql() const { return detail::text_on<Shape>(*db_); }

    /// How the database would run what `all` sends, as the database says it, a step a line. Where rows are handed over
    /// by a function, that may be another plan than the one of `sql()`: an order by an integer key is left to the
    /// program there, and so is no reason to prefer one index to another. (A server may plan a statement that it has
    /// run often for any values, instead of for these.)
    [[nodiscard]] Result<std::string> explain() const {
        return db_->lend([&]<class Connection>(Connection& connection) -> Result<std::string> {
            using Rows = detail::AllRows<Row, Reader, detail::gives_each_row<Shape>, detail::is_in_key_order<Shape>>;
            const Statement& sent =
                detail::sent_by<Rows, Shape, Connection>(statement_on<Shape, detail::Wanted::rows, Connection>());
            const std::string text = std::string{Connection::dialect.explain}.append(sent.text());
            const Statement statement{text, sent.parameters(), Statement::Kept::no};
            typename Connection::Execution execution{connection, statement};
            if (Result<void> filled =
                    fill<detail::Wanted::rows, Shape, Connection>(execution, values_.limit, statement);
                !filled)
                return Failure(std::move(filled).error());
            std::string plan;
            while (true) {
                const Result<bool> row = execution.next();
                if (!row) return Failure(row.error());
                if (!*row) return plan;
                std::string_view step;
                // The step stands in the last column.
                (void)execution.cell(execution.columns() - 1).get(step);
                plan.append(step).append("\n");
            }
        });
    }

    [[nodiscard]] Db* database() const { return db_; }

    /// The values in the order of their parameters, for a query that this one is a part of.
    template <detail::Wanted wanted = detail::Wanted::rows>
    [[nodiscard]] auto values() const {
        const auto when = [](auto present, const auto& values) {
            if constexpr (decltype(present)::value)
                return values;
            else
                return std::tuple<>{};
        };
        return std::tuple_cat(when(std::bool_constant<Shape::template has_projection<wanted>>{}, values_.projection),
                              values_.from, values_.where, values_.group, values_.having,
                              when(std::bool_constant<Shape::template has_order<wanted>>{}, values_.order),
                              when(std::bool_constant<has_limit<Shape>>{}, std::tuple{values_.limit}),
                              when(std::bool_constant<has_offset>{}, std::tuple{values_.offset}));
    }

private:
    template <class, class, class>
    friend class Query;

    template <class S>
    static constexpr bool has_limit = std::is_same_v<typename S::Limit, detail::NumberParameter>;
    static constexpr bool has_offset = std::is_same_v<typename Shape::Offset, detail::NumberParameter>;

    /// Cut to a constant number of rows, unless the query has a limit of its own.
    template <std::size_t count>
    using Limited =
        std::conditional_t<has_limit<Shape>, Shape, typename Shape::template WithLimit<detail::LimitTo<count>>>;

    [[nodiscard]] std::int64_t limit_up_to(std::int64_t rows) const {
        return values_.limit < rows ? values_.limit : rows;
    }

    struct ReadProjection {
        template <class Source>
        detail::ValueFault operator()(const Source& source, Row& row) const {
            return Shape::Projection::template read<typename Shape::template ScopeIn<void>>(source, row);
        }
    };

    /// Whole rows of one table are read alike by all queries, and so by one function.
    using Reader =
        std::conditional_t<std::is_same_v<Row, Entity> && std::is_same_v<typename Shape::Projection, detail::WholeRows>,
                           detail::ReadEntity, ReadProjection>;

    static constexpr bool require_changeable() {
        constexpr bool plain = std::is_same_v<typename Shape::Projection, detail::WholeRows> && !Shape::Group::any &&
                               !Shape::From::qualified && !Shape::distinct &&
                               std::is_same_v<typename Shape::Limit, detail::Nothing> &&
                               std::is_same_v<typename Shape::Offset, detail::Nothing> &&
                               std::is_same_v<typename Shape::Order, detail::OrderShapes<>>;
        constexpr bool has_condition = !std::is_same_v<typename Shape::Where, detail::Nothing>;
        static_assert(plain,
                      "rowan: only a query of one table with where(...) and nothing else can be updated or erased");
        static_assert(
            !plain || has_condition,
            "rowan: this would change every row of the table: say where(...), or everywhere() if that is meant");
        return plain && has_condition;
    }

    static constexpr void require_pages() {
        static_assert(!Shape::From::joined && !Shape::Group::any,
                      "rowan: pages are made of one table's rows: in a join or a grouping several rows share a place");
        (void)detail::Paging<Entity, typename Shape::Order>::require();
    }

    template <class NewShape, class P, class F, class W, class G, class H, class O>
    auto with(P projection, F from, W where, G group, H having, O order) const {
        using NewValues = detail::QueryValues<P, F, W, G, H, O>;
        return Query<Db, NewShape, NewValues>{db_, NewValues{std::move(projection), std::move(from), std::move(where),
                                                             std::move(group), std::move(having), std::move(order),
                                                             values_.limit, values_.offset}};
    }

    template <class NewShape>
    auto same() const {
        return Query<Db, NewShape, Values>{db_, values_};
    }

    template <class Source, class On>
    auto joined(On on) const {
        using From = typename Shape::From::template With<detail::JoinShape<Source, typename On::Shape>>;
        return with<typename Shape::template WithFrom<From>>(
            values_.projection, detail::join(values_.from, std::move(on).values), values_.where, values_.group,
            values_.having, values_.order);
    }

    template <class Where, class... Orders>
    auto reversed(Where condition, detail::OrderShapes<Orders...>) const {
        using Joined = typename detail::Both<typename Shape::Where, typename Where::Shape>::type;
        using Order = detail::OrderShapes<typename detail::PageKey<Orders>::Reversed...>;
        return with<typename Shape::template Backwards<Joined, Order>>(
            values_.projection, values_.from, detail::join(values_.where, std::move(condition).values), values_.group,
            values_.having, values_.order);
    }

    template <class Projection, class... Items>
    auto projected(const Items&... items) const {
        static_assert(sizeof...(Items) != 0, "rowan: select needs at least one expression");
        return with<typename Shape::template WithProjection<Projection>>(
            detail::join(items.values...), values_.from, values_.where, values_.group, values_.having, values_.order);
    }

    template <class Stamped>
    struct Stamps {
        Stamped values;
    };

    /// The projection is AssignedItems.
    template <class T>
    [[nodiscard]] Result<std::int64_t> run_insert_into() const {
        return db_->lend([&]<class Connection>(Connection& connection) -> Result<std::int64_t> {
            const Statement& statement = detail::statement<detail::InsertFrom<T, Connection::dialect, Shape>>;
            typename Connection::Execution execution{connection, statement};
            Result<void> filled = fill<detail::Wanted::rows, Shape, Connection>(execution, values_.limit, statement);
            if (!filled) return Failure(std::move(filled).error());
            return execution.run();
        });
    }

    /// Puts the values of a SELECT with the shape `Used`.
    template <detail::Wanted wanted, class Used, class Sink>
    detail::ValueFault put(Sink& sink, std::int64_t limit) const {
        using Scope = typename Used::template ScopeIn<void>;
        detail::ValueFault found;
        if constexpr (Used::template has_projection<wanted> && detail::any<decltype(values_.projection)>)
            found =
                detail::put_values(typename Used::Projection::template Parameters<Scope>{}, sink, values_.projection);
        if constexpr (detail::any<decltype(values_.from)>)
            if (!found)
                found = detail::put_values(typename Used::From::template Parameters<Scope>{}, sink, values_.from);
        if constexpr (detail::any<decltype(values_.where)>)
            if (!found)
                found = detail::put_values(typename Used::Where::template Parameters<Scope>{}, sink, values_.where);
        if constexpr (detail::any<decltype(values_.group)>)
            if (!found)
                found = detail::put_values(typename Used::Group::template Parameters<Scope>{}, sink, values_.group);
        if constexpr (detail::any<decltype(values_.having)>)
            if (!found)
                found = detail::put_values(typename Used::Having::template Parameters<Scope>{}, sink, values_.having);
        if constexpr (Used::template has_order<wanted> && detail::any<decltype(values_.order)>)
            if (!found)
                found = detail::put_values(typename Used::Order::template Parameters<Scope>{}, sink, values_.order);
        if constexpr (has_limit<Used>)
            if (!found) (void)sink.put(limit);
        if constexpr (has_offset)
            if (!found) (void)sink.put(values_.offset);
        return found;
    }

    /// Puts all values, unless one cannot be put.
    template <detail::Wanted wanted, class Used, class Connection, class Sink>
    Result<void> fill(Sink& sink, std::int64_t limit, const Statement& statement) const {
        if constexpr (Shape::lock != detail::RowLock::none && !Connection::dialect.row_locks)
            return Failure(Error{Category::not_supported, Code::not_supported,
                                 "this database has no row locks, so for_update cannot be said: a transaction that "
                                 "writes has locked the whole database already"});
        if ((has_limit<Used> && limit < 0) || values_.offset < 0) return detail::negative_limit();
        if (const detail::ValueFault found = put<wanted, Used>(sink, limit))
            return detail::write_failure(found, statement);
        return {};
    }

    template <class Used, detail::Wanted wanted, class Connection>
    static const Statement& statement_on() {
        static_assert(Shape::lock == detail::RowLock::none || Connection::dialect.row_locks || chooses_at_run_time<Db>,
                      "rowan: this database has no row locks, so for_update cannot be said: a transaction that writes "
                      "has locked the whole database already");
        return detail::statement<detail::QueryText<Used, Connection::dialect, wanted>>;
    }

    /// Of the statement, or of one that hands its rows over.
    template <class Read, class Used, class Connection>
    static auto execution_for(Connection& connection, const Statement& statement) {
        using Execution = typename Connection::Execution;
        if constexpr (requires { requires Read::template takes<Execution>; })
            return Execution{connection, detail::statement<detail::TakeText<Used, Connection::dialect>>, statement};
        else
            return Execution{connection, statement};
    }

    template <detail::Wanted wanted, class Used, class Read>
    auto run(std::int64_t limit, Read read) const {
        return db_->lend([&]<class Connection>(Connection& connection) {
            const Statement& statement = statement_on<Used, wanted, Connection>();
            auto execution = execution_for<Read, Used>(connection, statement);
            using Outcome = decltype(read(execution, statement));
            if (Result<void> filled = fill<wanted, Used, Connection>(execution, limit, statement); !filled)
                return Outcome{Failure(std::move(filled).error())};
            return read(execution, statement);
        });
    }

    /// `use(rows)` gets a pointer to the rows as they stream.
    template <class Use>
    auto streamed(Use use) const {
        static_assert(!Shape::backwards, "rowan: before(...) gives a page: limit(n).all()");
        return db_->hold([&]<class Connection>(Connection& connection, Loan loan) {
            const Statement& statement = statement_on<Shape, detail::Wanted::rows, Connection>();
            using Rows = detail::ConnectionRows<Row, Connection, ReadProjection>;
            auto rows = std::make_unique<Rows>(connection, std::move(loan), statement, ReadProjection{});
            using Outcome = decltype(use(rows));
            Result<void> filled =
                fill<detail::Wanted::rows, Shape, Connection>(rows->parameters(), values_.limit, statement);
            if (!filled) return Outcome{Failure(std::move(filled).error())};
            return use(rows);
        });
    }

    Db* db_;
    Values values_;
};

namespace detail {

template <class T, FixedString name = "">
using TableQueryShape = SelectShape<FromShape<Source<T, name>>>;

}  // namespace detail

/// A query of T's table, to be joined, narrowed and run. `name` tells tables of the same T apart.
template <class T, FixedString name = "", class Db>
auto from(Db& db) {
    return Query<Db, detail::TableQueryShape<T, name>, detail::QueryValues<>>{&db, {}};
}

/// The same as a part of another query: behind `in`, `exists` or `scalar`.
template <class T, FixedString name = "">
auto from() {
    return Query<detail::NoDatabase, detail::TableQueryShape<T, name>, detail::QueryValues<>>{nullptr, {}};
}

}  // namespace rowan
