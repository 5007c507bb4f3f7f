#pragma once

#include <rowan/core/text.hpp>
#include <rowan/core/type_list.hpp>
#include <rowan/query/columns.hpp>
#include <rowan/query/scope.hpp>
#include <rowan/query/select.hpp>
#include <rowan/query/shape.hpp>
#include <rowan/schema/ddl.hpp>

#include <array>
#include <cstddef>
#include <type_traits>

namespace rowan::detail {

/// All columns of the row with the entity's key: `UPDATE "t" SET "a" = $1 WHERE "id" = $2`.
template <class T, const Dialect& dialect>
struct Update {
    static constexpr auto parameters() { return column_forms<T, Columns::all_but_key_then_key>; }

    static constexpr void write(TextWriter& out) {
        constexpr auto& set = column_list<T, Columns::all_but_key>;
        constexpr auto& key = column_list<T, Columns::key>;
        out << "UPDATE ";
        write_table_name(out, dialect, table_info<T>);
        out << " SET ";
        write_assignments(out, dialect, table_info<T>, set, 1, ", ");
        out << " WHERE ";
        write_assignments(out, dialect, table_info<T>, key, 1 + set.size(), " AND ");
    }
};

/// `WHERE condition`, or nothing for all rows.
template <class T, class Where>
constexpr void write_where(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
    if constexpr (!std::is_same_v<Where, Nothing>) {
        out << " WHERE ";
        Where::template write<TableScope<T>>(out, dialect, parameter);
    }
}

template <class T>
constexpr void write_returning(TextWriter& out, const Dialect& dialect) {
    out << " RETURNING ";
    write_columns(out, dialect, table_info<T>, column_list<T, Columns::all>);
}

/// `UPDATE "t" SET assignments WHERE condition`, with the changed rows where they are wanted. The condition may be
/// HasKey, whose parameters come last.
template <class T, const Dialect& dialect, class Where, bool returning, class... Assignments>
struct UpdateWhere {
    using SetParameters = Concat<typename Assignments::template Parameters<TableScope<T>>...>;
    using Parameters = Concat<SetParameters, typename Where::template Parameters<TableScope<T>>>;

    static constexpr auto parameters() {
        if constexpr (std::is_same_v<Where, HasKey<T>>) {
            constexpr auto set = forms_of(Parameters{});
            constexpr auto key = column_forms<T, Columns::key>;
            std::array<Form, set.size() + key.size()> forms{};
            for (std::size_t i = 0; i != forms.size(); ++i) forms[i] = i < set.size() ? set[i] : key[i - set.size()];
            return forms;
        } else {
            return forms_of(Parameters{});
        }
    }

    static constexpr void write(TextWriter& out) {
        std::size_t parameter = 1;
        Separator comma{", "};
        out << "UPDATE ";
        write_table_name(out, dialect, table_info<T>);
        out << " SET ";
        ((out << comma, Assignments::template write<T, TableScope<T>>(out, dialect, parameter)), ...);
        write_where<T, Where>(out, dialect, parameter);
        if constexpr (returning) write_returning<T>(out, dialect);
    }
};

}  // namespace rowan::detail
