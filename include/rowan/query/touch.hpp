#pragma once

#include <rowan/core/text.hpp>
#include <rowan/core/type_list.hpp>
#include <rowan/query/columns.hpp>
#include <rowan/query/scope.hpp>
#include <rowan/query/shape.hpp>
#include <rowan/schema/managed.hpp>
#include <rowan/types/timestamp.hpp>

#include <cstddef>
#include <tuple>
#include <type_traits>

/// What every change of a row sets besides what the program asks for.
namespace rowan::detail {

/// `"version" = "version" + 1`. The row's own version is named with its table where another row is in sight.
template <class QualifiedBy = void>
constexpr void write_version_bump(TextWriter& out, const Dialect& dialect, const TableInfo& table) {
    write_column(out, dialect, table, table.managed.version);
    out << " = ";
    if constexpr (!std::is_void_v<QualifiedBy>) {
        write_qualifier<QualifiedBy>(out, dialect);
        out << '.';
    }
    write_column(out, dialect, table, table.managed.version);
    out << " + 1";
}

/// Stands behind the assignments of an UPDATE: the new version, and the time of the change, which is a parameter.
struct TouchShape {
    template <class T>
    static constexpr bool has_time = managed_columns<T>.updated_at != ManagedColumns::none;

    template <class T, class Scope>
    using ParametersFor = std::conditional_t<has_time<T>, TypeList<OneValue<ShapeOf<Timestamp>, Scope>>, TypeList<>>;

    template <class T>
    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        if constexpr (has_version<T>) {
            out << ", ";
            write_version_bump(out, dialect, table_info<T>);
        }
        if constexpr (has_time<T>) {
            out << ", ";
            write_column(out, dialect, table_info<T>, table_info<T>.managed.updated_at);
            out << " = ";
            write_parameter(out, dialect, parameter++);
        }
    }

    /// The values of the parameters.
    template <class T>
    static auto values(Timestamp now) {
        if constexpr (has_time<T>)
            return std::tuple{now};
        else
            return std::tuple<>{};
    }
};

}  // namespace rowan::detail
