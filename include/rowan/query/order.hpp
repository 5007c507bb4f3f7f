#pragma once

#include <rowan/core/text.hpp>
#include <rowan/core/type_list.hpp>
#include <rowan/query/shape.hpp>
#include <rowan/schema/dialect.hpp>

#include <cstddef>
#include <tuple>
#include <utility>

namespace rowan {

/// Where NULLs come in an order. By default it is left to the database: some take them for the smallest values, some
/// for the largest.
enum class Nulls : unsigned char { by_default, first, last };

namespace detail {

template <class Inner, bool descending, Nulls nulls>
struct OrderShape {
    using Key = Inner;
    static constexpr bool is_descending = descending;

    template <class Scope>
    using Parameters = typename Inner::template Parameters<Scope>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        Inner::template write<Scope>(out, dialect, parameter);
        if (descending) out << " DESC";
        if (nulls == Nulls::first) out << " NULLS FIRST";
        if (nulls == Nulls::last) out << " NULLS LAST";
    }
};

/// What stands behind ORDER BY.
template <class... Orders>
struct OrderShapes {
    using Keys = TypeList<typename Orders::Key...>;

    template <class Scope>
    using Parameters = Concat<typename Orders::template Parameters<Scope>...>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        Separator comma{", "};
        ((out << comma, Orders::template write<Scope>(out, dialect, parameter)), ...);
    }
};

}  // namespace detail

/// An expression with a direction: what `asc()` and `desc()` of an expression give.
template <class OrderedShape, class... Held>
struct Ordered {
    using Shape = OrderedShape;
    std::tuple<Held...> values;
};

namespace detail {

template <class T>
inline constexpr bool is_ordered = false;
template <class Shape, class... Held>
inline constexpr bool is_ordered<Ordered<Shape, Held...>> = true;

/// The items of an ORDER BY with their values.
template <class Shapes_, class... Held>
struct OrderList {
    using Shapes = Shapes_;
    std::tuple<Held...> values{};
};

/// The expressions of a PARTITION BY with their values.
template <class Shapes_, class... Held>
struct PartitionList {
    using Shapes = Shapes_;
    std::tuple<Held...> values{};
};

}  // namespace detail
}  // namespace rowan
