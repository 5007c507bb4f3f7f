#pragma once

#include <rowan/core/text.hpp>
#include <rowan/core/type_list.hpp>
#include <rowan/query/column.hpp>
#include <rowan/query/constant.hpp>
#include <rowan/query/grouping.hpp>
#include <rowan/query/order.hpp>
#include <rowan/query/read_columns.hpp>
#include <rowan/query/select.hpp>
#include <rowan/query/set_operation.hpp>
#include <rowan/schema/dialect.hpp>
#include <rowan/schema/ordering.hpp>

#include <concepts>
#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>

/// The order and limit of a query that is made of others. Such a query is ordered by what it selects.
namespace rowan {

namespace detail {

template <ConstantValue which, bool descending, Nulls nulls>
struct SelectedOrder {};

}  // namespace detail

/// A selected column in the order of a union: by its name, `selected<"total">.desc()`, or its place from 1,
/// `selected<2>.asc()`.
template <detail::ConstantValue which>
struct Selected {
    template <Nulls nulls = Nulls::by_default>
    [[nodiscard]] constexpr auto asc() const {
        return detail::SelectedOrder<which, false, nulls>{};
    }
    template <Nulls nulls = Nulls::by_default>
    [[nodiscard]] constexpr auto desc() const {
        return detail::SelectedOrder<which, true, nulls>{};
    }
};
template <detail::ConstantValue which>
inline constexpr Selected<which> selected{};

namespace detail {

/// `2 DESC`: the second column that is selected.
template <std::size_t place, bool descending, Nulls nulls>
struct PlaceShape {
    template <class>
    static constexpr void write(TextWriter& out, const Dialect&, std::size_t&) {
        out.number(place);
        if (descending) out << " DESC";
        if (nulls == Nulls::first) out << " NULLS FIRST";
        if (nulls == Nulls::last) out << " NULLS LAST";
    }
};

/// The place of what an item of ORDER BY names among what Query selects, from 1; 0 if it is not there.
template <class Query, ConstantValue which, bool descending, Nulls nulls>
constexpr std::size_t place_of(SelectedOrder<which, descending, nulls>) {
    constexpr const auto& columns = columns_of_query<Query>;
    if constexpr (std::integral<std::remove_const_t<decltype(which.value)>>) {
        return which.value > 0 && static_cast<std::size_t>(which.value) <= columns.size()
                   ? static_cast<std::size_t>(which.value)
                   : 0;
    } else {
        for (std::size_t i = 0; i != columns.size(); ++i)
            if (columns[i].name == which.value.view()) return i + 1;
        return 0;
    }
}
template <class Shape, class... Selected>
constexpr std::size_t place_among(TypeList<Selected...>) {
    std::size_t place = 0;
    (void)((++place, std::is_same_v<typename Unnamed<Shape>::type, typename Unnamed<Selected>::type>) || ... ||
           (place = 0, false));
    return place;
}
/// A column of whole rows.
template <class Shape, class Scope, class... Sources>
constexpr std::size_t place_in_rows(TypeList<Sources...>) {
    if constexpr (Column<Shape>) {
        using Here = typename Shape::template Here<Scope>;
        std::size_t before = 0;
        if (((std::is_same_v<Here, Sources> || (before += EntityReader<Sources>::width, false)) || ...))
            return before + Shape::template column<Scope> + 1;
    }
    return 0;
}
template <class Query, class Key, bool descending, Nulls nulls, class... Held>
constexpr std::size_t place_of(Ordered<OrderShape<Key, descending, nulls>, Held...>) {
    if constexpr (!std::is_void_v<typename Query::Projection::Items>) {
        return place_among<Key>(typename Query::Projection::Items{});
    } else {
        using Scope = typename Query::template ScopeIn<void>;
        return place_in_rows<Key, Scope>(typename SourcesIn<Scope>::type{});
    }
}
template <class Query, auto Member, bool descending>
constexpr std::size_t place_of(Ordering<Member, descending>) {
    return place_of<Query>(Ordered<OrderShape<ColumnShape<Member, "">, descending, Nulls::by_default>>{});
}

template <std::size_t place, ConstantValue which, bool descending, Nulls nulls>
PlaceShape<place, descending, nulls> at_place(SelectedOrder<which, descending, nulls>);
template <std::size_t place, class Key, bool descending, Nulls nulls, class... Held>
PlaceShape<place, descending, nulls> at_place(Ordered<OrderShape<Key, descending, nulls>, Held...>);
template <std::size_t place, auto Member, bool descending>
PlaceShape<place, descending, Nulls::by_default> at_place(Ordering<Member, descending>);

/// An item of ORDER BY as a place.
template <class Query, class Item>
struct PlacedItem {
    static constexpr std::size_t place = place_of<Query>(Item{});
    static_assert(place != 0, "rowan: a query that is made of others is ordered by what it selects, and this is not "
                              "selected: name a selected column, or say selected<\"name\"> or selected<1>");
    using type = decltype(at_place<place>(Item{}));
};

/// A query made of others, with the clauses that apply to all of it.
template <class Query, class PlaceShapes = TypeList<>, class LimitClause = Nothing, class OffsetClause = Nothing>
struct ArrangedShape;

template <class Query, class... Places, class LimitClause, class OffsetClause>
struct ArrangedShape<Query, TypeList<Places...>, LimitClause, OffsetClause> {
    using Limit = LimitClause;
    using Offset = OffsetClause;
    using Projection = typename Query::Projection;
    using Inner = Query;
    static constexpr bool is_arranged = true;
    static constexpr std::size_t columns = Query::columns;

    template <class... Items>
    using WithOrder =
        ArrangedShape<Query, TypeList<typename PlacedItem<Query, Items>::type...>, LimitClause, OffsetClause>;
    template <class NewLimit>
    using WithLimit = ArrangedShape<Query, TypeList<Places...>, NewLimit, OffsetClause>;
    template <class NewOffset>
    using WithOffset = ArrangedShape<Query, TypeList<Places...>, LimitClause, NewOffset>;

    template <class Outer>
    using Row = typename Query::template Row<Outer>;
    template <class Outer>
    using ScopeIn = typename Query::template ScopeIn<Outer>;
    template <class Outer, Wanted wanted = Wanted::rows>
    using Parameters = Concat<typename Query::template Parameters<Outer>, typename Limit::template Parameters<Outer>,
                              typename Offset::template Parameters<Outer>>;

    template <class Outer, Wanted wanted = Wanted::rows>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        write_wanted<ArrangedShape, Outer, wanted>(out, dialect, parameter);
    }

    template <class Outer>
    static constexpr void write_rows(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        Query::template write<Outer>(out, dialect, parameter);
        Separator comma{", "};
        if (sizeof...(Places) != 0) out << " ORDER BY ";
        ((out << comma, Places::template write<Outer>(out, dialect, parameter)), ...);
        write_limit_and_offset<Limit, Offset>(out, dialect, parameter);
    }

    template <class Outer, class RowSource>
    static ValueFault read(const RowSource& source, Row<Outer>& row) {
        return Query::template read<Outer>(source, row);
    }
};

/// Shape, ready to be arranged.
template <class Shape>
struct Arranged {
    using type = ArrangedShape<Shape>;
};
template <class Query, class Places, class Limit, class Offset>
struct Arranged<ArrangedShape<Query, Places, Limit, Offset>> {
    using type = ArrangedShape<Query, Places, Limit, Offset>;
};

}  // namespace detail
}  // namespace rowan
