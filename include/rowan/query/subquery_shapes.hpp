#pragma once

#include <rowan/core/fixed_string.hpp>
#include <rowan/core/text.hpp>
#include <rowan/core/type_list.hpp>
#include <rowan/query/shape.hpp>
#include <rowan/schema/dialect.hpp>
#include <rowan/types/integer.hpp>

#include <cstddef>
#include <string_view>
#include <type_traits>

namespace rowan::detail {

/// What a SELECT gives: the rows, how many there are, or whether there is one.
enum class Wanted : unsigned char { rows, count, existence };

/// An expression under a name of its own.
template <class Inner, FixedString own_name>
struct NamedShape : Inner {
    static constexpr std::string_view name = own_name.view();
};

/// May a value of type Value be compared with the only expression that a query selects?
template <class Value, class Items>
inline constexpr bool compares_with_only = true;
template <class Value, class Item>
inline constexpr bool compares_with_only<Value, TypeList<Item>> =
    std::is_same_v<Value, typename Item::Type> ||
    ((Integer<Value> || Floating<Value>)&&(Integer<typename Item::Type> || Floating<typename Item::Type>));

/// The only expression that a query selects.
template <class Items>
struct OnlyItem {
    static_assert(!std::is_same_v<Items, Items>,
                  "rowan: scalar takes a query that selects just one column: select(col<&T::m>)");
    using type = ShapeOf<bool>;
};
template <class Item>
struct OnlyItem<TypeList<Item>> {
    using type = Item;
};
template <class Query>
using OnlyItemOf = typename OnlyItem<typename Query::Projection::Items>::type;

/// `value IN (SELECT …)`, or NOT IN.
template <class Inner, class Query, bool wanted>
struct InSubqueryShape : ShapeBase {
    using Type = bool;
    using Operands = TypeList<Inner>;
    using Subquery = Query;
    template <class Scope>
    using Codec = rowan::Type<Type>;
    static constexpr Binding binding = Binding::comparison;

    template <class Scope>
    static constexpr bool nullable = Inner::template nullable<Scope>;
    template <class Scope>
    using Parameters = Concat<typename Inner::template Parameters<Scope>, typename Query::template Parameters<Scope>>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        static_assert(Query::columns == 1, "rowan: a query behind in must select just one column: select(col<&T::m>)");
        static_assert(compares_with_only<typename Inner::Type, typename Query::Projection::Items>,
                      "rowan: the query behind in selects a column of an unlike type: cast<T>(...) one of them");
        if constexpr (!wanted && Query::columns == 1)
            static_assert(
                !OnlyItemOf<Query>::template nullable<typename Query::template ScopeIn<Scope>>,
                "rowan: not_in over a column that may be NULL is never true as soon as one is: narrow the query "
                "with is_not_null() and coalesce(...), or say not exists(...)");
        write_inside<Inner, Scope>(out, dialect, parameter, Binding::sum);
        out << (wanted ? " IN (" : " NOT IN (");
        Query::template write<Scope>(out, dialect, parameter);
        out << ')';
    }
};

/// `EXISTS (SELECT …)`.
template <class Query>
struct ExistsShape : ShapeBase {
    using Type = bool;
    using Subquery = Query;
    template <class Scope>
    using Codec = rowan::Type<Type>;
    template <class Scope>
    static constexpr bool nullable = false;
    template <class Scope>
    using Parameters = typename Query::template Parameters<Scope, Wanted::existence>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        Query::template write<Scope, Wanted::existence>(out, dialect, parameter);
    }
};

/// `(SELECT one value …)`: NULL where there is no row.
template <class Query>
struct ScalarShape : ShapeBase {
    using Type = typename OnlyItemOf<Query>::Type;
    using Subquery = Query;
    template <class Scope>
    static constexpr bool nullable = true;
    template <class Scope>
    using Codec = typename OnlyItemOf<Query>::template Codec<typename Query::template ScopeIn<Scope>>;
    template <class Scope>
    using Parameters = typename Query::template Parameters<Scope>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        out << '(';
        Query::template write<Scope>(out, dialect, parameter);
        out << ')';
    }
};

}  // namespace rowan::detail
