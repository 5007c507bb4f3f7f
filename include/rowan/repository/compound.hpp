#pragma once

#include <rowan/core/result.hpp>
#include <rowan/query/compound.hpp>
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
class [[nodiscard]] CompoundQuery {
public:
    using QueryShape = Shape;
    using Row = typename Shape::template Row<void>;

    CompoundQuery(Db* db, std::tuple<Held...> values) : db_{db}, values_{std::move(values)} {}

    [[nodiscard]] Result<std::vector<Row>> all() const {
        return run<detail::Wanted::rows>([](auto& execution, const Statement& statement) {
            return detail::read_rows<Row>(execution, statement, ReadRow{});
        });
    }
    [[nodiscard]] Result<std::int64_t> count() const {
        return run<detail::Wanted::count>(
            [](auto& execution, const Statement&) { return detail::read_value<std::int64_t>(execution); });
    }
    [[nodiscard]] Result<bool> exists() const {
        return run<detail::Wanted::existence>(
            [](auto& execution, const Statement&) { return detail::read_value<bool>(execution); });
    }

    /// The rows of this query, then those of `other`, also where they are alike.
    template <class Other>
    auto union_all(const Other& other) const {
        return detail::make_union(db_, *this, other);
    }

    [[nodiscard]] std::string_view sql() const { return detail::text_on<Shape>(*db_); }

    [[nodiscard]] Db* database() const { return db_; }

    template <detail::Wanted = detail::Wanted::rows>
    [[nodiscard]] const std::tuple<Held...>& values() const {
        return values_;
    }

private:
    struct ReadRow {
        template <class Source>
        detail::ValueFault operator()(const Source& source, Row& row) const {
            return Shape::template read<void>(source, row);
        }
    };

    template <detail::Wanted wanted, class Read>
    auto run(Read read) const {
        return db_->lend([&]<class Connection>(Connection& connection) {
            const Statement& statement = detail::statement<detail::QueryText<Shape, Connection::dialect, wanted>>;
            typename Connection::Execution execution{connection, statement};
            using Outcome = decltype(read(execution, statement));
            using Parameters = typename Shape::template Parameters<void, wanted>;
            if (const detail::ValueFault found = detail::put_values(Parameters{}, execution, values_))
                return Outcome{detail::write_failure(found, statement)};
            return read(execution, statement);
        });
    }

    Db* db_;
    std::tuple<Held...> values_;
};

namespace detail {

template <class Shape, class Db, class... Held>
auto make_compound(Db* db, std::tuple<Held...> values) {
    return CompoundQuery<Db, Shape, Held...>{db, std::move(values)};
}

template <class Db, class First, class Second>
auto make_union(Db* db, const First& first, const Second& second) {
    static_assert(std::is_same_v<typename First::Row, typename Second::Row>,
                  "rowan: union_all joins queries that give rows of the same type");
    using Shape = UnionShape<typename First::QueryShape, typename Second::QueryShape>;
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
        const auto both = make_union(static_cast<NoDatabase*>(nullptr), base, step);
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
