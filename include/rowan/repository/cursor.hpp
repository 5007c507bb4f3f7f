#pragma once

#include <rowan/core/result.hpp>
#include <rowan/query/expression.hpp>
#include <rowan/query/keyset.hpp>
#include <rowan/query/row.hpp>
#include <rowan/repository/token.hpp>
#include <rowan/schema/codec.hpp>
#include <rowan/schema/naming.hpp>
#include <rowan/schema/table_info.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

namespace rowan {

/// A place in the order of T's rows: the values of one row in the columns of that order. `Query::cursor` makes it of a
/// row, `after` and `before` start from it.
template <class T, class Orders>
class Cursor;

template <class T, class... Orders>
class Cursor<T, detail::OrderShapes<Orders...>> {
public:
    using Values = std::tuple<typename detail::PageKey<Orders>::Value...>;

    explicit Cursor(Values values) : values_{std::move(values)} {}

    [[nodiscard]] const Values& values() const { return values_; }

    /// The cursor as text for a URL: letters, digits, `-` and `_`. It can be read by whoever sees it, and is checked
    /// against mistakes, not against forgery: what it holds is bound as values, never as SQL.
    [[nodiscard]] Result<std::string> token() const {
        detail::TokenWriter writer{order_mark()};
        const detail::ValueFault found = [&]<std::size_t... I>(std::index_sequence<I...>) {
            detail::ValueFault fault;
            (void)((fault = {CodecAt<I>::write(writer, std::get<I>(values_)), {&table_info<T>, column_at<I>()}},
                    fault.fault == Fault::none) &&
                   ...);
            return fault;
        }(std::index_sequence_for<Orders...>{});
        if (found.fault != Fault::none) return Failure(detail::fault_error(found, true, {}));
        return writer.finish();
    }

    /// Reads what `token` gave. Code::invalid_value if it was cut, changed, or made for another order.
    [[nodiscard]] static Result<Cursor> parse(std::string_view token) {
        detail::TokenReader reader{token, order_mark()};
        Values values{};
        const bool good = [&]<std::size_t... I>(std::index_sequence<I...>) {
            return (reader.is_good() && ... && (CodecAt<I>::read(reader, std::get<I>(values)) == Fault::none));
        }(std::index_sequence_for<Orders...>{});
        if (!good || !reader.is_at_end())
            return Failure(
                Error{Category::data, Code::invalid_value, "this page token is broken, or was made for another order"});
        return Cursor{std::move(values)};
    }

private:
    template <std::size_t I>
    static constexpr std::size_t column_at() {
        return reflect::index_of<T, detail::PageKey<std::tuple_element_t<I, std::tuple<Orders...>>>::member>();
    }
    template <std::size_t I>
    using CodecAt = detail::Codec<T, column_at<I>()>;

    /// Tells orders apart: the table's name, and the columns' with their directions.
    static constexpr std::uint32_t order_mark() {
        std::uint32_t mark = detail::fnv1a(table_info<T>.name);
        ((mark = (mark ^
                  detail::fnv1a(table_info<T>.columns[reflect::index_of<T, detail::PageKey<Orders>::member>()].name)) *
                 (Orders::is_descending ? 16777619u : 2166136261u)),
         ...);
        return mark;
    }

    Values values_;
};

namespace detail {

/// The place of a row in an order in which no two rows share one.
template <class T, class... Orders>
auto cursor_of(const T& row, OrderShapes<Orders...>) {
    if constexpr (Paging<T, OrderShapes<Orders...>>::require()) {
        const auto fields = reflect::tie(row);
        return Cursor<T, OrderShapes<Orders...>>{
            {std::get<reflect::index_of<T, PageKey<Orders>::member>()>(fields)...}};
    }
}

/// The condition that a row lies behind the cursor, or before it.
template <bool before, class T, class... Orders>
auto keyset(const Cursor<T, OrderShapes<Orders...>>& cursor, OrderShapes<Orders...>) {
    return [&]<class... Held>(const std::tuple<Held...>& held) {
        return Expression<KeysetShape<before, Orders...>, Held...>{held};
    }(cursor.values());
}

}  // namespace detail
}  // namespace rowan
