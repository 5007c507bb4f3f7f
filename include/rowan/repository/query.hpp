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
#include <rowan/repository/query_explain.hpp>
#include <rowan/repository/query_insert.hpp>
#include <rowan/repository/query_parts.hpp>
#include <rowan/repository/query_requirements.hpp>
#include <rowan/repository/query_run.hpp>
#include <rowan/repository/query_stream.hpp>
#include <rowan/repository/query_values.hpp>
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

    [[gnu::always_inline]] Query(Db* db, Values&& values) : db_{db}, values_{static_cast<Values&&>(values)} {}

    /// Only rows for which this is true as well.
    template <detail::Condition Where>
    auto where(Where&& condition) const {
        using Condition = detail::ShapeIn<Where>;
        using Joined = typename detail::Both<typename Shape::Where, Condition>::type;
        return with<detail::WithWhere<Shape, Joined>>(values_.and_where(static_cast<Where&&>(condition).values));
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
        return with<detail::WithGroup<Shape, detail::GroupShapes<typename Items::Shape...>>>(
            values_.group_by(detail::join(items.values...)));
    }

    /// Only groups for which this is true.
    template <detail::Condition Having>
    auto having(Having condition) const {
        using Joined = typename detail::Both<typename Shape::Having, typename Having::Shape>::type;
        return with<detail::WithHaving<Shape, Joined>>(values_.and_having(std::move(condition).values));
    }

    /// `rowan::asc<&T::m>`, `rowan::desc<&T::m>`, or an expression's `.asc()` or `.desc()`, the most significant first.
    /// Replaces an earlier order.
    template <class... Items>
    auto order_by(Items... items) const {
        static_assert(sizeof...(Items) != 0,
                      "rowan: order_by needs at least one rowan::asc<&T::m> or rowan::desc<&T::m>");
        static_assert(!Shape::backwards,
                      "rowan: order_by comes in front of before(...), whose place is one in that order");
        using NewShape = detail::WithOrder<Shape, detail::OrderShapes<detail::OrderOf<Items>...>>;
        if constexpr ((detail::is_plain_order<Items> && ...) && !detail::any<decltype(values_.order)>)
            return same<NewShape>();
        else
            return with<NewShape>(values_.order_by(rowan::order_by(items...).values));
    }

    /// At most `count` rows; `offset` leaves out the first ones. A negative number is an error, told when the query is
    /// run.
    auto limit(std::int64_t count) const {
        auto query = same<detail::WithLimit<Shape, detail::NumberParameter>>();
        query.values_.limit = count;
        return query;
    }
    auto offset(std::int64_t count) const {
        auto query = same<detail::WithOffset<Shape, detail::NumberParameter>>();
        query.values_.offset = count;
        return query;
    }

    /// Of rows that are alike, one.
    auto distinct() const { return same<detail::WithFlags<Shape, true, Shape::lock>>(); }

    /// Locks the rows until the end of the transaction, against other writers. On a database without row locks it does
    /// not compile, or is Code::not_supported where the database is chosen at run time; `skip_locked` leaves out those
    /// that others have locked.
    auto for_update() const
        requires WritableSession<Db>
    {
        return same<detail::WithFlags<Shape, Shape::distinct, detail::RowLock::update>>();
    }
    auto skip_locked() const {
        static_assert(Shape::lock != detail::RowLock::none, "rowan: skip_locked belongs behind for_update()");
        return same<detail::WithFlags<Shape, Shape::distinct, detail::RowLock::update_skip_locked>>();
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
        detail::require_pages<Shape>();
        return where(detail::keyset<false>(cursor, typename Shape::Order{}));
    }
    [[nodiscard]] auto before(const Cursor& cursor) const {
        detail::require_pages<Shape>();
        return reversed(detail::keyset<true>(cursor, typename Shape::Order{}), typename Shape::Order{});
    }

    [[nodiscard]] Result<std::vector<Row>> all() const {
        if constexpr (Shape::backwards) {
            Result<std::vector<Row>> rows = run<detail::Wanted::rows, Shape, ReadAll, std::vector<Row>>(values_.limit);
            if (rows) detail::reverse(*rows);
            return rows;
        } else {
            return run<detail::Wanted::rows, Shape, ReadAll, std::vector<Row>>(values_.limit);
        }
    }

    /// The first row, if there is any.
    [[nodiscard]] Result<std::optional<Row>> first() const {
        static_assert(!Shape::backwards, "rowan: before(...) gives a page: limit(n).all()");
        using Read = detail::FirstRow<Row, Reader>;
        return run<detail::Wanted::rows, Limited<1>, Read, std::optional<Row>>(limit_up_to(1));
    }

    /// The only row: Code::not_found if there is none, Code::multiple_rows if there are more.
    [[nodiscard]] Result<Row> one() const {
        return run<detail::Wanted::rows, Limited<2>, detail::OneRow<Row, Reader>, Row>(limit_up_to(2));
    }

    /// Calls `fn(row)` for row after row, in bounded memory: a million rows need no more than a few thousand. `fn`
    /// gives nothing, a bool (false: enough), or a Result<void> whose error ends it and is given back. While it runs,
    /// the connection's own handle refuses other work; inside a transaction, the transaction's handle does not: see
    /// Stream for what changes there mean to the rows that are still to come.
    template <class Fn>
    [[nodiscard]] Result<void> for_each(Fn fn) const {
        return detail::stream<Row, Shape, Reader>(
            *db_, values_, [&](auto& rows) -> Result<void> { return detail::for_each_row<Row>(*rows, fn); });
    }

    /// The same as a range: see Stream.
    [[nodiscard]] Result<Stream<Row>> stream() const {
        return detail::stream<Row, Shape, Reader>(
            *db_, values_, [](auto& rows) -> Result<Stream<Row>> { return Stream<Row>{std::move(rows)}; });
    }

    /// The only row, if there is any; Code::multiple_rows if there are more.
    [[nodiscard]] Result<std::optional<Row>> one_or_none() const {
        using Read = detail::OneRowOrNone<Row, Reader>;
        return run<detail::Wanted::rows, Limited<2>, Read, std::optional<Row>>(limit_up_to(2));
    }

    [[nodiscard]] Result<std::int64_t> count() const {
        return run<detail::Wanted::count, Shape, detail::OneValueOf<std::int64_t>, std::int64_t>(values_.limit);
    }

    [[nodiscard]] Result<bool> exists() const {
        return run<detail::Wanted::existence, Shape, detail::OneValueOf<bool>, bool>(values_.limit);
    }

    /// Sets columns of all rows that fulfil the condition: `update(set<&T::a> = 1, set<&T::b> = col<&T::b> + 1)`. Gives
    /// their number.
    template <class... Assignments>
        requires WritableSession<Db>
    [[nodiscard]] Result<std::int64_t> update(const Assignments&... assignments) const {
        if constexpr (detail::require_changeable<Shape>())
            return detail::update_where<Entity, false, typename Shape::Where>(*db_, values_.where, assignments...);
        else
            return 0;
    }
    /// The same, and gives the rows as they are then.
    template <class... Assignments>
        requires WritableSession<Db>
    [[nodiscard]] Result<std::vector<Row>> update_returning(const Assignments&... assignments) const {
        if constexpr (detail::require_changeable<Shape>())
            return detail::update_where<Entity, true, typename Shape::Where>(*db_, values_.where, assignments...);
        else
            return {};
    }

    /// Removes all rows that fulfil the condition, and gives their number.
    [[nodiscard]] Result<std::int64_t> erase() const
        requires WritableSession<Db>
    {
        if constexpr (detail::require_changeable<Shape>())
            return detail::erase_where<Entity, false, typename Shape::Where>(*db_, values_.where);
        else
            return 0;
    }
    /// The same, and gives the rows as they were.
    [[nodiscard]] Result<std::vector<Row>> erase_returning() const
        requires WritableSession<Db>
    {
        if constexpr (detail::require_changeable<Shape>())
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
        const auto query = projected<Items>(assignments..., Stamps<std::remove_const_t<decltype(stamps)>>{stamps});
        return detail::insert_rows<T, typename decltype(query)::QueryShape>(*db_, query.values_);
    }

    /// The statement that `all` sends: a constant of the program. (Where a database hands rows over by a function, its
    /// call, which is not shown here, stands around the columns.)
    [[nodiscard]] std::string_view sql() const { return detail::text_on<Shape>(*db_); }

    /// How the database would run what `all` sends, as the database says it, a step a line. Where rows are handed over
    /// by a function, that may be another plan than the one of `sql()`: an order by an integer key is left to the
    /// program there, and so is no reason to prefer one index to another. (A server may plan a statement that it has
    /// run often for any values, instead of for these.)
    [[nodiscard]] Result<std::string> explain() const { return detail::explain<Shape, ReadAll>(*db_, values_); }

    [[nodiscard]] Db* database() const { return db_; }

    /// The values in the order of their parameters, for a query that this one is a part of.
    template <detail::Wanted wanted = detail::Wanted::rows>
    [[nodiscard]] auto values() const {
        return detail::values_in_order<Shape, wanted>(values_);
    }

private:
    template <class, class, class>
    friend class Query;

    /// Cut to a constant number of rows, unless the query has a limit of its own.
    template <std::size_t count>
    using Limited =
        std::conditional_t<detail::has_limit<Shape>, Shape, detail::WithLimit<Shape, detail::LimitTo<count>>>;

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

    using ReadAll = detail::AllRows<Row, Reader, detail::gives_each_row<Shape>, detail::order_of_taken<Shape>>;

    template <class NewShape, class NewValues>
    [[gnu::always_inline]] auto with(NewValues&& values) const {
        return Query<Db, NewShape, NewValues>{db_, static_cast<NewValues&&>(values)};
    }

    template <class NewShape>
    [[gnu::always_inline]] auto same() const {
        return Query<Db, NewShape, Values>{db_, Values{values_}};
    }

    template <class Source, class On>
    auto joined(On on) const {
        using From = typename Shape::From::template With<detail::JoinShape<Source, typename On::Shape>>;
        return with<detail::WithFrom<Shape, From>>(values_.and_join(std::move(on).values));
    }

    template <class Where, class... Orders>
    auto reversed(Where condition, detail::OrderShapes<Orders...>) const {
        using Joined = typename detail::Both<typename Shape::Where, typename Where::Shape>::type;
        using Order = detail::OrderShapes<typename detail::PageKey<Orders>::Reversed...>;
        return with<detail::Backwards<Shape, Joined, Order>>(values_.and_where(std::move(condition).values));
    }

    template <class Projection, class... Items>
    auto projected(const Items&... items) const {
        static_assert(sizeof...(Items) != 0, "rowan: select needs at least one expression");
        return with<detail::WithProjection<Shape, Projection>>(values_.select(detail::join(items.values...)));
    }

    template <class Stamped>
    struct Stamps {
        Stamped values;
    };

    template <detail::Wanted wanted, class Used, class Read, class Target>
    [[gnu::always_inline]] Result<Target> run(std::int64_t limit) const {
        using Run = detail::QueryRun<Used, wanted, Values, Read, Db>;
        Result<Target> target;
        detail::QueryCall call{&values_, limit, &*target};
        detail::settle(db_->template perform<Run>(&call), target);
        return target;
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
