#pragma once

#include <rowan/core/text.hpp>
#include <rowan/query/columns.hpp>
#include <rowan/query/logic.hpp>
#include <rowan/reflect/fields.hpp>
#include <rowan/schema/ddl.hpp>
#include <rowan/schema/ordering.hpp>
#include <rowan/schema/table_info.hpp>
#include <rowan/types/stored.hpp>

#include <array>
#include <cstddef>
#include <type_traits>

namespace rowan::detail {

/// What a SELECT gives: the rows, how many there are, or whether there is one.
enum class Wanted : unsigned char { rows, count, existence };

/// How many rows at most: a constant, a parameter, or any number.
template <std::size_t count>
struct LimitTo {};
struct LimitParameter {};
struct Unlimited {};

template <class... Orderings>
struct OrderBy {};

template <class T, class Dialect, class Shape>
constexpr void write_where(TextWriter& out, std::size_t& parameter) {
    if constexpr (!std::is_same_v<Shape, Everything>) {
        out << " WHERE ";
        Shape::template write<T, Dialect>(out, parameter);
    }
}

template <class T, class Dialect, class... Orderings>
constexpr void write_order_by(TextWriter& out, OrderBy<Orderings...>) {
    if constexpr (sizeof...(Orderings) != 0) {
        Separator comma{", "};
        out << " ORDER BY ";
        ((out << comma, write_column<Dialect>(out, table_info<T>, reflect::index_of<T, Orderings::member>()),
          out << (Orderings::descending ? " DESC" : "")),
         ...);
    }
}

template <class Dialect>
constexpr void write_limit(TextWriter&, std::size_t&, Unlimited) {}

template <class Dialect>
constexpr void write_limit(TextWriter& out, std::size_t& parameter, LimitParameter) {
    out << " LIMIT ";
    write_parameter<Dialect>(out, parameter++);
}

template <class Dialect, std::size_t count>
constexpr void write_limit(TextWriter& out, std::size_t&, LimitTo<count>) {
    out << " LIMIT ";
    out.number(count);
}

/// `SELECT … FROM … WHERE … ORDER BY … LIMIT …`. The columns come in the order of the struct's members.
template <class T, class Dialect, Wanted wanted, class Where, class Order, class Limit>
struct Select {
    static constexpr auto parameters() {
        constexpr bool limited = std::is_same_v<Limit, LimitParameter>;
        std::array<Stored, Where::parameter_count + (limited ? 1 : 0)> forms{};
        Stored* out = forms.data();
        Where::template list_forms<T>(out);
        if constexpr (limited) *out = Stored::integer;
        return forms;
    }

    static constexpr void write(TextWriter& out) {
        constexpr bool whole = std::is_same_v<Limit, Unlimited>;
        std::size_t parameter = 1;
        if constexpr (wanted == Wanted::rows) {
            out << "SELECT ";
            write_columns<Dialect>(out, table_info<T>, column_list<T, Columns::all>);
            write_from(out, parameter);
            write_order_by<T, Dialect>(out, Order{});
            write_limit<Dialect>(out, parameter, Limit{});
        } else if constexpr (wanted == Wanted::existence) {
            out << "SELECT EXISTS (SELECT 1";
            write_from(out, parameter);
            write_limit<Dialect>(out, parameter, Limit{});
            out << ')';
        } else if constexpr (whole) {
            out << "SELECT count(*)";
            write_from(out, parameter);
        } else {
            out << "SELECT count(*) FROM (SELECT 1";
            write_from(out, parameter);
            write_limit<Dialect>(out, parameter, Limit{});
            out << ") AS limited";
        }
    }

private:
    static constexpr void write_from(TextWriter& out, std::size_t& parameter) {
        out << " FROM ";
        write_table_name<Dialect>(out, table_info<T>);
        write_where<T, Dialect, Where>(out, parameter);
    }
};

/// The row with a key.
template <class T>
struct HasKey {
    static constexpr std::size_t parameter_count = column_list<T, Columns::key>.size();

    template <class>
    static constexpr void list_forms(Stored*& out) {
        for (const Stored form : column_forms<T, Columns::key>) *out++ = form;
    }

    template <class, class Dialect>
    static constexpr void write(TextWriter& out, std::size_t& parameter) {
        write_assignments<Dialect>(out, table_info<T>, column_list<T, Columns::key>, parameter, " AND ");
        parameter += parameter_count;
    }
};

}  // namespace rowan::detail
