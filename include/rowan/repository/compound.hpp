#pragma once

#include <rowan/core/result.hpp>
#include <rowan/query/arranged.hpp>
#include <rowan/query/compound.hpp>
#include <rowan/query/set_operation.hpp>
#include <rowan/query/shape.hpp>
#include <rowan/query/statement.hpp>
#include <rowan/repository/query.hpp>
#include <rowan/repository/rows.hpp>

#include <cstdint>
#include <optional>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace rowan {

/// A query that is made of others and complete: it is run, or is a part of another. See Query for what its functions
/// give.
template <class Db, class Shape, class... Held>
class [[nodiscard]] CompoundQuery : public detail::SetOperations<CompoundQuery<Db, Shape, Held...>> {
public:
    using QueryShape = Shape;
    using Row = typename Shape::template Row<void>;

    CompoundQuery(Db* db, std::tuple<Held...> values, std::int64_t limit = 0, std::int64_t offset = 0)
        : db_{db}, values_{std::move(values)}, limit_{limit}, offset_{offset} {}

    /// The order of the whole, by what it selects: `rowan::asc<&T::m>`, an expression's `.desc()`,
    /// `selected<"name">.asc()` or `selected<2>.desc()`. Replaces an earlier order.
    template <class... Items>
    auto order_by(Items...) const {
        static_assert(sizeof...(Items) != 0,
                      "rowan: order_by needs at least one rowan::asc<&T::m> or rowan::desc<&T::m>");
        return with<typename Arrangeable::template WithOrder<Items...>>(limit_, offset_);
    }
    /// See Query::limit.
    auto limit(std::int64_t count) const {
        return with<typename Arrangeable::template WithLimit<detail::NumberParameter>>(count, offset_);
    }
    auto offset(std::int64_t count) const {
        return with<typename Arrangeable::template WithOffset<detail::NumberParameter>>(limit_, count);
    }

    [[nodiscard]] Result<std::vector<Row>> all() const {
        return run<detail::Wanted::rows, Shape>(limit_, [](auto& execution, const Statement& statement) {
            return detail::read_rows<Row>(execution, statement, ReadRow{});
        });
    }
    [[nodiscard]] Result<std::optional<Row>> first() const {
        return run<detail::Wanted::rows, Limited<1>>(limit_ < 1 ? limit_ : 1,
                                                     [](auto& execution, const Statement& statement) {
                                                         return detail::read_row<Row>(execution, statement, ReadRow{});
                                                     });
    }
    [[nodiscard]] Result<Row> one() const {
        return run<detail::Wanted::rows, Limited<2>>(
            limit_ < 2 ? limit_ : 2, [](auto& execution, const Statement& statement) -> Result<Row> {
                Result<Row> row;
                const Result<void> found = detail::read_only_row(execution, statement, ReadRow{}, *row);
                if (!found) return Failure(found.error());
                return row;
            });
    }
    [[nodiscard]] Result<std::int64_t> count() const {
        return run<detail::Wanted::count, Shape>(
            limit_, [](auto& execution, const Statement&) { return detail::read_value<std::int64_t>(execution); });
    }
    [[nodiscard]] Result<bool> exists() const {
        return run<detail::Wanted::existence, Shape>(
            limit_, [](auto& execution, const Statement&) { return detail::read_value<bool>(execution); });
    }

    [[nodiscard]] std::string_view sql() const { return detail::text_on<Shape>(*db_); }

    [[nodiscard]] Db* database() const { return db_; }

    template <detail::Wanted = detail::Wanted::rows>
    [[nodiscard]] auto values() const {
        return std::tuple_cat(values_, numbers<Shape>(limit_));
    }

private:
    using Arrangeable = typename detail::Arranged<Shape>::type;

    template <class S>
    static constexpr bool has_limit() {
        if constexpr (requires { S::is_arranged; })
            return std::is_same_v<typename S::Limit, detail::NumberParameter>;
        else
            return false;
    }
    template <class S>
    static constexpr bool has_offset() {
        if constexpr (requires { S::is_arranged; })
            return std::is_same_v<typename S::Offset, detail::NumberParameter>;
        else
            return false;
    }

    /// Behind a query with a limit of its own there is no room for another.
    static constexpr bool takes_limit = [] {
        if constexpr (requires { Shape::takes_limit; })
            return Shape::takes_limit;
        else
            return !has_limit<Shape>();
    }();
    template <std::size_t count>
    struct LimitedTo {
        using type = typename Arrangeable::template WithLimit<detail::LimitTo<count>>;
    };
    template <std::size_t count>
    using Limited = typename std::conditional_t<takes_limit, LimitedTo<count>, std::type_identity<Shape>>::type;

    /// The values of limit and offset, where `Used` has them.
    template <class Used>
    [[nodiscard]] auto numbers(std::int64_t limit) const {
        if constexpr (has_limit<Used>() && has_offset<Used>())
            return std::tuple{limit, offset_};
        else if constexpr (has_limit<Used>())
            return std::tuple{limit};
        else if constexpr (has_offset<Used>())
            return std::tuple{offset_};
        else
            return std::tuple<>{};
    }

    template <class NewShape>
    auto with(std::int64_t limit, std::int64_t offset) const {
        static_assert(
            !requires { Shape::takes_limit; }, "rowan: order_by, limit and offset belong to the query behind with: "
                                               "with<T>(...).query(from<T>(db).order_by(...).limit(n))");
        return CompoundQuery<Db, NewShape, Held...>{db_, values_, limit, offset};
    }

    struct ReadRow {
        template <class Source>
        detail::ValueFault operator()(const Source& source, Row& row) const {
            return Shape::template read<void>(source, row);
        }
    };

    /// Runs the query as `Used`, which may be limited.
    template <detail::Wanted wanted, class Used, class Read>
    auto run(std::int64_t limit, Read read) const {
        return db_->lend([&]<class Connection>(Connection& connection) {
            const Statement& statement = detail::statement<detail::QueryText<Used, Connection::dialect, wanted>>;
            typename Connection::Execution execution{connection, statement};
            using Outcome = decltype(read(execution, statement));
            using Parameters = typename Used::template Parameters<void, wanted>;
            if (limit < 0 || offset_ < 0) return Outcome{detail::negative_limit()};
            if (const detail::ValueFault found = detail::put_values(
                    Parameters{}, execution, std::tuple_cat(detail::as_references(values_), numbers<Used>(limit))))
                return Outcome{detail::write_failure(found, statement)};
            return read(execution, statement);
        });
    }

    Db* db_;
    std::tuple<Held...> values_;
    std::int64_t limit_;
    std::int64_t offset_;
};

namespace detail {

template <class Shape, class Db, class... Held>
auto make_compound(Db* db, std::tuple<Held...> values) {
    return CompoundQuery<Db, Shape, Held...>{db, std::move(values)};
}

template <SetOperation op, class Db, class First, class Second>
auto make_set_operation(Db* db, const First& first, const Second& second) {
    static_assert(std::is_same_v<typename First::Row, typename Second::Row>,
                  "rowan: union_all, union_, intersect and except join queries that give rows of the same type");
    using Shape = SetOperationShape<op, typename First::QueryShape, typename Second::QueryShape>;
    return make_compound<Shape>(db, std::tuple_cat(first.values(), second.values()));
}

/// Queries that have names, for the one that `query` adds.
template <class Ctes, class... Held>
class WithBuilder;

template <class... Ctes, class... Held>
class WithBuilder<TypeList<Ctes...>, Held...> {
public:
    explicit WithBuilder(std::tuple<Held...> values) : values_{std::move(values)} {}

    template <class Struct, class Query>
    [[nodiscard]] auto with(const Query& query) const {
        return add<CteShape<Struct, typename Query::QueryShape, false>>(query.values());
    }

    template <class Struct, class Base, class Step>
    [[nodiscard]] auto with_recursive(const Base& base, const Step& step) const {
        const auto both = make_set_operation<SetOperation::union_all>(static_cast<NoDatabase*>(nullptr), base, step);
        return add<CteShape<Struct, typename decltype(both)::QueryShape, true>>(both.values());
    }

    /// The query that may name the structs of all these as if they were tables.
    template <class Db, class Shape, class Values>
    [[nodiscard]] auto query(const Query<Db, Shape, Values>& main) const {
        return make_compound<WithShape<Shape, Ctes...>>(main.database(), std::tuple_cat(values_, main.values()));
    }

private:
    template <class Cte, class... Added>
    [[nodiscard]] auto add(const std::tuple<Added...>& added) const {
        return WithBuilder<TypeList<Ctes..., Cte>, Held..., Added...>{std::tuple_cat(values_, added)};
    }

    std::tuple<Held...> values_;
};

}  // namespace detail

/// A common table expression: the rows of a query as if they were a table of `Struct`, which the query fills.
///
///     rowan::with<Total>(rowan::from<Order>().group_by(…).select<Total>(…))
///         .query(rowan::from<Customer>(db).join<Total>(…))
///         .all();
template <class Struct, class Query>
[[nodiscard]] auto with(const Query& query) {
    return detail::WithBuilder<detail::TypeList<>>{std::tuple<>{}}.template with<Struct>(query);
}

/// The same for a tree: the rows of `base`, and again and again those of `step`, which starts from or joins `Struct`,
/// until it gives none.
template <class Struct, class Base, class Step>
[[nodiscard]] auto with_recursive(const Base& base, const Step& step) {
    return detail::WithBuilder<detail::TypeList<>>{std::tuple<>{}}.template with_recursive<Struct>(base, step);
}

}  // namespace rowan
