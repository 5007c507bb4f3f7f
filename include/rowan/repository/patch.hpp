#pragma once

#include <rowan/core/result.hpp>
#include <rowan/query/any_sink.hpp>
#include <rowan/query/assignment.hpp>
#include <rowan/query/columns.hpp>
#include <rowan/query/filter.hpp>
#include <rowan/query/patch.hpp>
#include <rowan/query/run_time_part.hpp>
#include <rowan/query/shape.hpp>
#include <rowan/query/stamp.hpp>
#include <rowan/query/statement.hpp>
#include <rowan/query/touch.hpp>
#include <rowan/repository/conflict.hpp>
#include <rowan/repository/row_identity.hpp>
#include <rowan/repository/rows.hpp>
#include <rowan/schema/managed.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

/// Changes of some columns of one row.
namespace rowan::detail {

/// Runs the UPDATE of a patch, whose values `put(execution)` puts: gives the row, if it was changed.
template <class T, class Connection, class Row, class Put>
Result<std::optional<T>> run_patch(Connection& connection, const Statement& update, const Row& row, Put put) {
    typename Connection::Execution execution{connection, update};
    if (const ValueFault found = put(execution)) return write_failure(found, update);
    if (const ValueFault found = row.put(execution)) return write_failure(found, update);
    return read_row<T>(execution, update, ReadEntity{});
}

/// The same where rows are not marked when they change: one that was not changed is not there.
template <class T, class Connection, class Row, class Put>
Result<T> run_plain_patch(Connection& connection, const Statement& update, const Row& row, Put put) {
    Result<std::optional<T>> changed = run_patch<T>(connection, update, row, put);
    if (!changed) return Failure(std::move(changed).error());
    if (!*changed) return Failure(missing<T>(row, update));
    return **std::move(changed);
}

/// The same where they are: `probe`, whose values `put_probe(execution)` puts, tells why `update` changed none.
template <class T, class Connection, class Row, class Put, class PutProbe>
Result<T> run_marked_patch(Connection& connection, const Statement& update, const Statement& probe, const Row& row,
                           Carry carry, Put put, PutProbe put_probe) {
    const auto fail = [&](std::optional<T> current) {
        return Failure(conflict_error(table_info<T>, conflict_of(row, std::move(current), 0, carry), update.text()));
    };
    for (int i = 0; i != tries; ++i) {
        Result<std::optional<T>> changed = run_patch<T>(connection, update, row, put);
        if (!changed) return Failure(std::move(changed).error());
        if (*changed) return **std::move(changed);

        typename Connection::Execution execution{connection, probe};
        if (const ValueFault found = put_probe(execution)) return write_failure(found, probe);
        if (const ValueFault found = row.put_key(execution)) return write_failure(found, probe);
        Result<std::optional<T>> current = read_row<T>(execution, probe, ReadEntity{});
        if (!current) return Failure(std::move(current).error());
        if (!*current) return fail({});
        if constexpr (Row::checked)
            if (version_of(**current) != row.version()) return fail(*std::move(current));
        bool would_change{};
        if (const Fault fault = execution.cell(static_cast<int>(reflect::field_count<T>)).get(would_change);
            fault != Fault::none)
            return read_failure({fault, {}}, probe);
        if (!would_change) return **std::move(current);
    }
    return Failure(left_unchanged<T>(update));
}

template <class T, class Connection, class Row, class... Assignments>
Result<T> patch_one(Connection& connection, const Row& row, [[maybe_unused]] Carry carry,
                    const Assignments&... assignments) {
    static_assert(sizeof...(Assignments) != 0, "rowan: a patch needs something to set: patch(key, set<&T::m> = value)");
    using Text = PatchRow<T, Connection::dialect, Row::checked, typename Assignments::Shape...>;
    const auto values = std::tuple_cat(as_references(assignments.values)...);
    const auto touch = TouchShape::values<T>(time_of_change<T>());
    const auto put = [&](auto& sink) {
        return put_values(typename Text::SetParameters{}, sink, std::tuple_cat(values, as_references(touch)));
    };
    if constexpr (marks_changes<T>) {
        using Probe = PatchProbe<T, Connection::dialect, typename Assignments::Shape...>;
        return run_marked_patch<T>(connection, statement<Text>, statement<Probe>, row, carry, put, [&](auto& sink) {
            return put_values(typename Probe::SetParameters{}, sink, values);
        });
    } else {
        return run_plain_patch<T>(connection, statement<Text>, row, put);
    }
}

/// The statements of PatchRow and PatchProbe for a patch that is chosen at run time.
template <class T>
class ChosenPatch {
public:
    ChosenPatch(const Dialect& dialect, const Patch<T>& patch, Columns row)
        : update_{run_time_text([&](TextWriter& out) { write_update(out, dialect, patch, row); }),
                  forms(patch, TouchShape::has_time<T>, row)},
          probe_{run_time_text([&](TextWriter& out) {
                     if (marks_changes<T>) write_probe(out, dialect, patch);
                 }),
                 forms(patch, false, Columns::key)} {}

    [[nodiscard]] const Statement& update() const { return update_.statement(); }
    [[nodiscard]] const Statement& probe() const { return probe_.statement(); }

private:
    static std::vector<Form> forms(const Patch<T>& patch, bool with_time, Columns row) {
        std::vector<Form> all = forms_of_parts(patch.assignments());
        if (with_time) all.push_back({Stored::timestamp});
        for (const std::uint16_t column : columns_of(row))
            all.push_back({stored_as(table_info<T>.columns[column].type)});
        return all;
    }

    static std::span<const std::uint16_t> columns_of(Columns row) {
        if (row == Columns::key) return column_list<T, Columns::key>;
        return column_list<T, Columns::key_and_version>;
    }

    static void write_change_test(TextWriter& out, const Dialect& dialect, const Patch<T>& patch) {
        std::size_t parameter = 1;
        out << '(';
        write_parts(out, dialect, parameter, patch.changes(), " OR ");
        out << ')';
    }

    static void write_update(TextWriter& out, const Dialect& dialect, const Patch<T>& patch, Columns row) {
        std::size_t parameter = 1;
        out << "UPDATE ";
        write_table_name(out, dialect, table_info<T>);
        out << " SET ";
        write_parts(out, dialect, parameter, patch.assignments(), ", ");
        TouchShape::write<T>(out, dialect, parameter);
        out << " WHERE ";
        write_assignments(out, dialect, table_info<T>, columns_of(row), parameter, " AND ");
        if (marks_changes<T>) {
            out << " AND ";
            write_change_test(out, dialect, patch);
        }
        write_returning<T>(out, dialect);
    }

    static void write_probe(TextWriter& out, const Dialect& dialect, const Patch<T>& patch) {
        std::size_t parameter = 1;
        parameter += forms_of_parts(patch.assignments()).size();
        out << "SELECT ";
        write_columns(out, dialect, table_info<T>, column_list<T, Columns::all>);
        out << ", ";
        write_change_test(out, dialect, patch);
        out << " FROM ";
        write_table_name(out, dialect, table_info<T>);
        out << " WHERE ";
        write_assignments(out, dialect, table_info<T>, columns_of(Columns::key), parameter, " AND ");
    }

    RunTimeStatement update_;
    RunTimeStatement probe_;
};

template <class T, class Connection, class Row>
Result<T> patch_chosen(Connection& connection, const Row& row, [[maybe_unused]] Carry carry, const Patch<T>& patch) {
    if (patch.empty()) {
        Result<std::optional<T>> current = read_current<T>(connection, row);
        if (!current) return Failure(std::move(current).error());
        const Statement& asked = statement<SelectByKey<T, Connection::dialect, Wanted::rows>>;
        if constexpr (Row::checked) {
            if (!*current || version_of(**current) != row.version())
                return Failure(
                    conflict_error(table_info<T>, conflict_of(row, *std::move(current), 0, carry), asked.text()));
        } else if (!*current) {
            return Failure(missing<T>(row, asked));
        }
        return **std::move(current);
    }
    const ChosenPatch<T> chosen{Connection::dialect, patch, identity<Row::checked>};
    const Timestamp now = time_of_change<T>();
    const auto put_probe = [&](auto& execution) {
        SinkAdapter sink{execution};
        return put_parts(patch.assignments(), sink);
    };
    const auto put = [&](auto& execution) {
        ValueFault found = put_probe(execution);
        if constexpr (TouchShape::has_time<T>)
            if (!found) found.fault = execution.put(now);
        return found;
    };
    if constexpr (marks_changes<T>)
        return run_marked_patch<T>(connection, chosen.update(), chosen.probe(), row, carry, put, put_probe);
    else
        return run_plain_patch<T>(connection, chosen.update(), row, put);
}

}  // namespace rowan::detail
