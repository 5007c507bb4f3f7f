#pragma once

#include <rowan/core/text.hpp>
#include <rowan/core/type_list.hpp>
#include <rowan/query/columns.hpp>
#include <rowan/query/scope.hpp>
#include <rowan/query/shape.hpp>
#include <rowan/query/touch.hpp>
#include <rowan/query/update.hpp>
#include <rowan/schema/ddl.hpp>
#include <rowan/schema/managed.hpp>

#include <array>
#include <cstddef>

/// Some columns of one row. Where rows are marked when they change, a patch whose values are there already does not
/// change its row: the UPDATE then finds none, and PatchProbe tells that from a row that is gone.
namespace rowan::detail {

/// Which columns find the row: its key, or the version that the program has seen as well.
template <bool checked>
inline constexpr Columns identity = checked ? Columns::key_and_version : Columns::key;

/// The parameters of assignments, then those of the row's identity.
template <class T, Columns row, std::size_t count>
constexpr auto followed_by_identity(const std::array<Form, count>& set) {
    constexpr auto& key = column_forms<T, row>;
    std::array<Form, count + key.size()> forms{};
    for (std::size_t i = 0; i != forms.size(); ++i) forms[i] = i < count ? set[i] : key[i - count];
    return forms;
}

/// The test whether any of the assignments would change its column. Their values are the parameters from 1 on.
template <class T, class... Assignments>
constexpr void write_change_test(TextWriter& out, const Dialect& dialect) {
    std::size_t parameter = 1;
    Separator between{" OR "};
    out << '(';
    ((out << between, Assignments::template write_change<T, TableScope<T>>(out, dialect, parameter)), ...);
    out << ')';
}

/// `returning`: it gives the row.
template <class T, const Dialect& dialect, bool checked, bool returning, class... Assignments>
struct PatchRow {
    using SetParameters = Concat<typename Assignments::template Parameters<TableScope<T>>...,
                                 TouchShape::ParametersFor<T, TableScope<T>>>;

    static constexpr auto parameters() { return followed_by_identity<T, identity<checked>>(forms_of(SetParameters{})); }

    static constexpr void write(TextWriter& out) {
        std::size_t parameter = 1;
        Separator comma{", "};
        out << "UPDATE ";
        write_table_name(out, dialect, table_info<T>);
        out << " SET ";
        ((out << comma, Assignments::template write<T, TableScope<T>>(out, dialect, parameter)), ...);
        TouchShape::write<T>(out, dialect, parameter);
        out << " WHERE ";
        write_assignments(out, dialect, table_info<T>, column_list<T, identity<checked>>, parameter, " AND ");
        if constexpr (marks_changes<T>) {
            out << " AND ";
            write_change_test<T, Assignments...>(out, dialect);
        }
        if constexpr (returning) write_returning<T>(out, dialect);
    }
};

/// The row with a key, and behind its columns whether the assignments would change it.
template <class T, const Dialect& dialect, class... Assignments>
struct PatchProbe {
    using SetParameters = Concat<typename Assignments::template Parameters<TableScope<T>>...>;

    static constexpr auto parameters() { return followed_by_identity<T, Columns::key>(forms_of(SetParameters{})); }

    static constexpr void write(TextWriter& out) {
        out << "SELECT ";
        write_columns(out, dialect, table_info<T>, column_list<T, Columns::all>);
        out << ", ";
        write_change_test<T, Assignments...>(out, dialect);
        out << " FROM ";
        write_table_name(out, dialect, table_info<T>);
        out << " WHERE ";
        write_assignments(out, dialect, table_info<T>, column_list<T, Columns::key>, SetParameters::size + 1, " AND ");
    }
};

}  // namespace rowan::detail
