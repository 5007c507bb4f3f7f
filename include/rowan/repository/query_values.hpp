#pragma once

#include <rowan/core/result.hpp>
#include <rowan/core/tuple.hpp>
#include <rowan/query/select.hpp>
#include <rowan/query/shape.hpp>
#include <rowan/query/statement.hpp>
#include <rowan/repository/rows.hpp>

#include <cstdint>
#include <tuple>
#include <type_traits>

/// The values of a query, and how they become parameters of its statement.
namespace rowan::detail {

/// A tuple a clause. Queries on unlike columns of like types share it, and all that is made of it.
template <class Projection = std::tuple<>, class From = std::tuple<>, class Where = std::tuple<>,
          class Group = std::tuple<>, class Having = std::tuple<>, class Order = std::tuple<>>
struct QueryValues {
    Projection projection{};
    From from{};
    Where where{};
    Group group{};
    Having having{};
    Order order{};
    std::int64_t limit = 0;
    std::int64_t offset = 0;

    /// With other values in one clause.
    template <class New>
    [[nodiscard]] auto select(New items) const {
        return QueryValues<New, From, Where, Group, Having, Order>{
            static_cast<New&&>(items), from, where, group, having, order, limit, offset};
    }
    template <class More>
    [[nodiscard]] auto and_join(More more) const {
        auto all = join(from, static_cast<More&&>(more));
        using All = decltype(all);
        return QueryValues<Projection, All, Where, Group, Having, Order>{
            projection, static_cast<All&&>(all), where, group, having, order, limit, offset};
    }
    template <class More>
    [[nodiscard]] auto and_where(More more) const {
        auto all = join(where, static_cast<More&&>(more));
        using All = decltype(all);
        return QueryValues<Projection, From, All, Group, Having, Order>{
            projection, from, static_cast<All&&>(all), group, having, order, limit, offset};
    }
    template <class New>
    [[nodiscard]] auto group_by(New items) const {
        return QueryValues<Projection, From, Where, New, Having, Order>{
            projection, from, where, static_cast<New&&>(items), having, order, limit, offset};
    }
    template <class More>
    [[nodiscard]] auto and_having(More more) const {
        auto all = join(having, static_cast<More&&>(more));
        using All = decltype(all);
        return QueryValues<Projection, From, Where, Group, All, Order>{
            projection, from, where, group, static_cast<All&&>(all), order, limit, offset};
    }
    template <class New>
    [[nodiscard]] auto order_by(New items) const {
        return QueryValues<Projection, From, Where, Group, Having, New>{
            projection, from, where, group, having, static_cast<New&&>(items), limit, offset};
    }
};

/// Does a clause have values?
template <class Values>
inline constexpr bool any = !std::is_same_v<Values, std::tuple<>>;

template <class Shape>
inline constexpr bool has_limit = std::is_same_v<typename Shape::Limit, NumberParameter>;
template <class Shape>
inline constexpr bool has_offset = std::is_same_v<typename Shape::Offset, NumberParameter>;

/// All of them, in the order of their parameters.
template <class Shape, Wanted wanted, class Values>
auto values_in_order(const Values& values) {
    const auto when = [](auto present, const auto& some) {
        if constexpr (decltype(present)::value)
            return some;
        else
            return std::tuple<>{};
    };
    return std::tuple_cat(when(std::bool_constant<has_projection<Shape, wanted>>{}, values.projection), values.from,
                          values.where, values.group, values.having,
                          when(std::bool_constant<has_order<Shape, wanted>>{}, values.order),
                          when(std::bool_constant<has_limit<Shape>>{}, std::tuple{values.limit}),
                          when(std::bool_constant<has_offset<Shape>>{}, std::tuple{values.offset}));
}

/// Puts all values of a SELECT with the shape `Used`, unless one cannot be put.
template <Wanted wanted, class Used, class Connection, class Values, class Sink>
[[gnu::always_inline]] inline Result<void> fill(Sink& sink, const Values& values, std::int64_t limit,
                                                const Statement& statement) {
    using Scope = typename Used::template ScopeIn<void>;
    if constexpr (Used::lock != RowLock::none && !Connection::dialect.row_locks)
        return Failure(Error{Category::not_supported, Code::not_supported,
                             "this database has no row locks, so for_update cannot be said: a transaction that "
                             "writes has locked the whole database already"});
    if constexpr (has_limit<Used> || has_offset<Used>)
        if ((has_limit<Used> && limit < 0) || values.offset < 0) return negative_limit();
    ValueFault found;
    if constexpr (has_projection<Used, wanted> && any<decltype(values.projection)>)
        found = put_values(typename Used::Projection::template Parameters<Scope>{}, sink, values.projection);
    if constexpr (any<decltype(values.from)>)
        if (!found) found = put_values(typename Used::From::template Parameters<Scope>{}, sink, values.from);
    if constexpr (any<decltype(values.where)>)
        if (!found) found = put_values(typename Used::Where::template Parameters<Scope>{}, sink, values.where);
    if constexpr (any<decltype(values.group)>)
        if (!found) found = put_values(typename Used::Group::template Parameters<Scope>{}, sink, values.group);
    if constexpr (any<decltype(values.having)>)
        if (!found) found = put_values(typename Used::Having::template Parameters<Scope>{}, sink, values.having);
    if constexpr (has_order<Used, wanted> && any<decltype(values.order)>)
        if (!found) found = put_values(typename Used::Order::template Parameters<Scope>{}, sink, values.order);
    if (found) return write_failure(found, statement);
    if constexpr (has_limit<Used>) (void)sink.put(limit);
    if constexpr (has_offset<Used>) (void)sink.put(values.offset);
    return {};
}

}  // namespace rowan::detail
