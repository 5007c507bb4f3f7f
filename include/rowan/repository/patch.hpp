#pragma once

#include <rowan/core/result.hpp>
#include <rowan/core/view.hpp>
#include <rowan/query/any_sink.hpp>
#include <rowan/query/assignment.hpp>
#include <rowan/query/columns.hpp>
#include <rowan/query/filter.hpp>
#include <rowan/query/patch.hpp>
#include <rowan/query/row.hpp>
#include <rowan/query/run_time_part.hpp>
#include <rowan/query/shape.hpp>
#include <rowan/query/stamp.hpp>
#include <rowan/query/statement.hpp>
#include <rowan/query/touch.hpp>
#include <rowan/repository/conflict.hpp>
#include <rowan/repository/row_identity.hpp>
#include <rowan/repository/rows.hpp>
#include <rowan/schema/managed.hpp>
#include <rowan/session/transaction.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

/// Changes of some columns of one row.
namespace rowan::detail {

/// How a patch gives the row that it has changed.
enum class Giving : std::uint8_t {
    nothing,    ///< not at all
    returning,  ///< its UPDATE does
    reading,    ///< a SELECT behind it does, in the same transaction
};

/// Where RETURNING is dear, the row is read by its key, if that is not what the patch changes.
template <class T, const Dialect& dialect, bool wanted, class... Shapes>
inline constexpr Giving giving_of =
    !wanted                                                                                    ? Giving::nothing
    : dialect.returning_is_dear && !(in_key<T>[reflect::index_of<T, Shapes::member>()] || ...) ? Giving::reading
                                                                                               : Giving::returning;

/// Runs the UPDATE of a patch, whose values `put(execution)` puts. Was the row changed? Then it is in `patched`, where
/// it is given.
template <Giving giving, class T, class Connection, class Row, class Put>
Result<bool> run_patch(Connection& connection, const Statement& update, const Row& row, T& patched, Put put) {
    if constexpr (giving == Giving::reading) {
        Result<bool> changed = run_patch<Giving::nothing>(connection, update, row, patched, put);
        // Changes that a view's trigger makes are not counted: there the row alone tells.
        if (!changed || (marks_changes<T> && !*changed)) return changed;
        return read_current(connection, row, patched);
    } else {
        typename Connection::Execution execution{connection, update};
        if (const ValueFault found = put(execution)) return write_failure(found, update);
        if (const ValueFault found = row.put(execution)) return write_failure(found, update);
        if constexpr (giving == Giving::returning) {
            return read_row_into(execution, update, patched);
        } else {
            Result<std::int64_t> changed = execution.run();
            if (!changed) return Failure(std::move(changed).error());
            return *changed != 0;
        }
    }
}

/// The same where rows are not marked when they change: one that was not changed is not there.
template <Giving giving, class T, class Connection, class Row, class Put>
Result<void> run_plain_patch(Connection& connection, const Statement& update, const Row& row, T& patched, Put put) {
    Result<bool> changed = run_patch<giving>(connection, update, row, patched, put);
    if (!changed) return Failure(std::move(changed).error());
    if (!*changed) return Failure(missing<T>(row, update));
    return {};
}

/// The same where they are: `probe`, whose values `put_probe(execution)` puts, tells why `update` changed none.
template <Giving giving, class T, class Connection, class Row, class Put, class PutProbe>
Result<void> run_marked_patch(Connection& connection, const Statement& update, const Statement& probe, const Row& row,
                              Carry carry, T& patched, Put put, PutProbe put_probe) {
    const auto fail = [&](std::optional<T> current) {
        return Failure(conflict_error(table_info<T>, conflict_of(row, std::move(current), 0, carry), update.text()));
    };
    for (int i = 0; i != tries; ++i) {
        Result<bool> changed = run_patch<giving>(connection, update, row, patched, put);
        if (!changed) return Failure(std::move(changed).error());
        if (*changed) return {};

        typename Connection::Execution execution{connection, probe};
        if (const ValueFault found = put_probe(execution)) return write_failure(found, probe);
        if (const ValueFault found = row.put_key(execution)) return write_failure(found, probe);
        Result<bool> there = read_row_into(execution, probe, patched);
        if (!there) return Failure(std::move(there).error());
        if (!*there) return fail({});
        if constexpr (Row::checked)
            if (version_of(patched) != row.version()) return fail(std::move(patched));
        bool would_change{};
        if (const Fault fault = execution.cell(static_cast<int>(reflect::field_count<T>)).get(would_change);
            fault != Fault::none)
            return read_failure({fault, {}}, probe);
        if (!would_change) return {};
    }
    return Failure(left_unchanged(table_info<T>, update));
}

/// Fills `patched` with the row as it is then, where it is `wanted`.
template <bool wanted, class T, class Connection, class Row, class... Assignments>
Result<void> patch_one(Connection& connection, const Row& row, [[maybe_unused]] Carry carry, T& patched,
                       const Assignments&... assignments) {
    static_assert(sizeof...(Assignments) != 0, "rowan: a patch needs something to set: patch(key, set<&T::m> = value)");
    constexpr Giving giving = giving_of<T, Connection::dialect, wanted, typename Assignments::Shape...>;
    using Text =
        PatchRow<T, Connection::dialect, Row::checked, giving == Giving::returning, typename Assignments::Shape...>;
    const auto values = std::tuple_cat(as_references(assignments.values)...);
    const auto touch = TouchShape::values<T>(time_of_change<T>());
    const auto put = [&](auto& sink) {
        return put_values(typename Text::SetParameters{}, sink, std::tuple_cat(values, as_references(touch)));
    };
    const auto run = [&]() -> Result<void> {
        if constexpr (marks_changes<T>) {
            using Probe = PatchProbe<T, Connection::dialect, typename Assignments::Shape...>;
            return run_marked_patch<giving>(
                connection, statement<Text>, statement<Probe>, row, carry, patched, put,
                [&](auto& sink) { return put_values(typename Probe::SetParameters{}, sink, values); });
        } else {
            return run_plain_patch<giving>(connection, statement<Text>, row, patched, put);
        }
    };
    if constexpr (giving == Giving::reading)
        // The row is to be the one that was patched, not what others have made of it since.
        if (connection.transaction_state() == TransactionState::idle)
            return run_in(BasicTransaction<Connection>::open(connection), [&](auto&) { return run(); });
    return run();
}

/// The statements of PatchRow and PatchProbe for a patch that is chosen at run time.
template <class T>
class ChosenPatch {
public:
    ChosenPatch(const Dialect& dialect, const Patch<T>& patch, Columns row, bool returning)
        : update_{run_time_text([&](TextWriter& out) { write_update(out, dialect, patch, row, returning); }),
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

    static rowan::detail::View<std::uint16_t> columns_of(Columns row) {
        if (row == Columns::key) return column_list<T, Columns::key>;
        return column_list<T, Columns::key_and_version>;
    }

    static void write_change_test(TextWriter& out, const Dialect& dialect, const Patch<T>& patch) {
        std::size_t parameter = 1;
        out << '(';
        write_parts(out, dialect, parameter, patch.changes(), " OR ");
        out << ')';
    }

    static void write_update(TextWriter& out, const Dialect& dialect, const Patch<T>& patch, Columns row,
                             bool returning) {
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
        if (returning) write_returning<T>(out, dialect);
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

/// The same where the columns are chosen at run time. Its statement is compiled each time, so RETURNING is no dearer
/// than a second one.
template <bool wanted, class T, class Connection, class Row>
Result<void> patch_chosen(Connection& connection, const Row& row, [[maybe_unused]] Carry carry, T& patched,
                          const Patch<T>& patch) {
    if (patch.empty()) {
        Result<bool> there = read_current(connection, row, patched);
        if (!there) return Failure(std::move(there).error());
        const Statement& asked = statement<SelectByKey<T, Connection::dialect, Wanted::rows>>;
        if constexpr (Row::checked) {
            if (!*there || version_of(patched) != row.version()) {
                std::optional<T> current;
                if (*there) current = std::move(patched);
                return Failure(
                    conflict_error(table_info<T>, conflict_of(row, std::move(current), 0, carry), asked.text()));
            }
        } else if (!*there) {
            return Failure(missing<T>(row, asked));
        }
        return {};
    }
    constexpr Giving giving = wanted ? Giving::returning : Giving::nothing;
    const ChosenPatch<T> chosen{Connection::dialect, patch, identity<Row::checked>, wanted};
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
        return run_marked_patch<giving>(connection, chosen.update(), chosen.probe(), row, carry, patched, put,
                                        put_probe);
    else
        return run_plain_patch<giving>(connection, chosen.update(), row, patched, put);
}

}  // namespace rowan::detail
