#pragma once

#include <rowan/core/text.hpp>
#include <rowan/core/type_list.hpp>
#include <rowan/query/columns.hpp>
#include <rowan/query/order.hpp>
#include <rowan/query/shape.hpp>
#include <rowan/query/upsert.hpp>
#include <rowan/schema/dialect.hpp>
#include <rowan/schema/table_info.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

/// Pages by the last row's values instead of an offset: the database goes straight to the page through an index, and
/// rows that come or go meanwhile neither repeat nor hide others. https://use-the-index-luke.com/no-offset
namespace rowan::detail {

/// One key of an order that can be paged: a plain column.
template <class Order>
struct PageKey {
    static constexpr bool is_column = false;
};
template <auto Member, FixedString alias, bool descending, Nulls nulls>
struct PageKey<OrderShape<ColumnShape<Member, alias>, descending, nulls>> {
    static constexpr bool is_column = true;
    static constexpr auto member = Member;
    using Value = reflect::MemberOf<Member>;
    using Reversed = OrderShape<ColumnShape<Member, alias>, !descending, nulls>;
};

/// Is the order of T's rows one that no two rows share: does it name all columns of the key, or of a unique constraint?
template <class T, class... Orders>
constexpr bool is_total_order() {
    const std::array<std::uint16_t, sizeof...(Orders)> columns{
        static_cast<std::uint16_t>(reflect::index_of<T, PageKey<Orders>::member>())...};
    constexpr const TableInfo& table = table_info<T>;
    const auto has_all = [&](const auto& wanted, auto column_of) {
        for (const auto& item : wanted)
            if (!contains(columns, column_of(item)) || table.columns[column_of(item)].nullable) return false;
        return !wanted.empty();
    };
    if (has_all(table.key, [](std::uint16_t column) { return column; })) return true;
    for (const IndexInfo& index : table.indexes)
        if (index.unique && has_all(table.columns_of(index), [](const IndexColumn& item) { return item.column; }))
            return true;
    return false;
}

template <class T, class Orders>
struct Paging;

template <class T, class... Orders>
struct Paging<T, OrderShapes<Orders...>> {
    static consteval bool require() {
        constexpr bool ordered = sizeof...(Orders) != 0;
        static_assert(ordered, "rowan: pages need an order: order_by(rowan::asc<&T::m>, ...)");
        constexpr bool columns = (PageKey<Orders>::is_column && ...);
        static_assert(columns, "rowan: pages are ordered by plain columns: order_by(rowan::asc<&T::m>, ...)");
        if constexpr (ordered && columns) {
            constexpr bool required = (!is_optional<typename PageKey<Orders>::Value> && ...);
            static_assert(required, "rowan: pages cannot be ordered by a column that may be NULL: NULLs have no place "
                                    "between values");
            constexpr bool total = is_total_order<T, Orders...>();
            static_assert(total,
                          "rowan: two rows could share a place in this order, so that a page could begin between "
                          "them: end the order with the key or a unique column");
            return required && total;
        }
        return false;
    }
};

template <bool first, bool... rest>
inline constexpr bool all_same = ((rest == first) && ...);

/// Behind a row, or before it. In an order of one direction that is a comparison of rows, `(a, b) > ($1, $2)`, which an
/// index serves; else `a >= $1 AND (a > $1 OR (a = $1 AND (b < $2)))`, whose first part an index serves.
template <bool before, class... Orders>
struct KeysetShape : ShapeBase {
    using Type = bool;
    template <class Scope>
    using Codec = rowan::Type<bool>;

    static constexpr std::array<bool, sizeof...(Orders)> falls{(Orders::is_descending != before)...};
    static constexpr bool one_direction = all_same<(Orders::is_descending != before)...>;
    static constexpr Binding binding = one_direction ? Binding::comparison : Binding::conjunction;

    template <class Scope>
    static constexpr bool nullable = false;
    template <class Scope>
    using Parameters = TypeList<OneValue<typename Orders::Key, Scope>...>;

    template <class Scope>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        if constexpr (one_direction) {
            const bool open = sizeof...(Orders) != 1;
            std::size_t none = 0;
            Separator key_comma{", "};
            Separator value_comma{", "};
            if (open) out << '(';
            ((out << key_comma, Orders::Key::template write<Scope>(out, dialect, none)), ...);
            out << (open ? ")" : "") << (falls[0] ? " < " : " > ") << (open ? "(" : "");
            for (std::size_t i = 0; i != sizeof...(Orders); ++i) {
                out << value_comma;
                write_parameter(out, dialect, parameter + i);
            }
            if (open) out << ')';
        } else {
            std::size_t i = 0;
            (write_key<Orders, Scope>(out, dialect, parameter, i++), ...);
            for (i = 1; i != sizeof...(Orders); ++i) out << "))";
            out << ')';
        }
        parameter += sizeof...(Orders);
    }

private:
    template <class Order, class Scope>
    static constexpr void compare(TextWriter& out, const Dialect& dialect, std::size_t number, std::string_view op) {
        std::size_t none = 0;
        Order::Key::template write<Scope>(out, dialect, none);
        out << op;
        write_parameter(out, dialect, number);
    }

    template <class Order, class Scope>
    static constexpr void write_key(TextWriter& out, const Dialect& dialect, std::size_t parameter, std::size_t i) {
        if (i == 0) {
            compare<Order, Scope>(out, dialect, parameter, falls[0] ? " <= " : " >= ");
            out << " AND (";
        }
        compare<Order, Scope>(out, dialect, parameter + i, falls[i] ? " < " : " > ");
        if (i + 1 == sizeof...(Orders)) return;
        out << " OR (";
        compare<Order, Scope>(out, dialect, parameter + i, " = ");
        out << " AND (";
    }
};

}  // namespace rowan::detail
