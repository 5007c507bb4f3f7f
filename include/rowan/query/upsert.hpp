#pragma once

#include <rowan/core/view.hpp>
#include <rowan/query/assignment.hpp>
#include <rowan/query/insert.hpp>
#include <rowan/query/scope.hpp>
#include <rowan/query/select.hpp>
#include <rowan/query/shape.hpp>
#include <rowan/query/touch.hpp>
#include <rowan/query/upsert_policy.hpp>
#include <rowan/reflect/fields.hpp>
#include <rowan/schema/managed.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace rowan::detail {

/// Is the set of columns that of `candidate`, in any order?
constexpr bool same_columns(View<std::uint16_t> set, auto candidate, auto column_of) {
    if (set.size() != candidate.size()) return false;
    for (const auto& item : candidate) {
        bool found = false;
        for (const std::uint16_t column : set) found = found || column == column_of(item);
        if (!found) return false;
    }
    return true;
}

/// How the condition of a partial index was declared.
template <class T, class Predicate>
constexpr WritePredicate predicate_of() {
    return &Expression<Predicate>::template write_alone<T>;
}

template <class T, class Predicate>
constexpr bool is_key_or_unique(View<std::uint16_t> columns) {
    constexpr const TableInfo& table = table_info<T>;
    constexpr bool partial = !std::is_void_v<Predicate>;
    if (!partial && same_columns(columns, table.key, [](std::uint16_t column) { return column; })) return true;
    for (const IndexInfo& index : table.indexes) {
        if (!index.unique || index.partial != partial) continue;
        if constexpr (partial)
            if (index.predicate != predicate_of<T, Predicate>()) continue;
        if (same_columns(columns, table.columns_of(index), [](const IndexColumn& item) { return item.column; }))
            return true;
    }
    return false;
}

constexpr bool contains(View<std::uint16_t> columns, std::size_t column) {
    for (const std::uint16_t candidate : columns)
        if (candidate == column) return true;
    return false;
}

template <class T, auto... Members>
inline constexpr std::array<std::uint16_t, sizeof...(Members)> places{
    static_cast<std::uint16_t>(reflect::index_of<T, Members>())...};

constexpr void write_conflict(TextWriter& out, const Dialect& dialect, const TableInfo& table,
                              View<std::uint16_t> target) {
    out << " ON CONFLICT (";
    write_columns(out, dialect, table, target);
    out << ')';
}

constexpr void write_from_excluded(TextWriter& out, const Dialect& dialect, const TableInfo& table,
                                   std::size_t column) {
    write_column(out, dialect, table, column);
    out << " = excluded.";
    write_column(out, dialect, table, column);
}

constexpr void write_excluded(TextWriter& out, const Dialect& dialect, const TableInfo& table,
                              View<std::uint16_t> columns, View<std::uint16_t> but) {
    Separator comma{", "};
    out << " DO UPDATE SET ";
    for (const std::uint16_t column : columns) {
        if (contains(but, column)) continue;
        out << comma;
        write_from_excluded(out, dialect, table, column);
    }
}

/// Is the table called like the row that was to be inserted, which would hide that row?
constexpr bool is_called_excluded(const TableInfo& table) {
    constexpr std::string_view excluded = "excluded";
    if (table.name.size() != excluded.size()) return false;
    for (std::size_t i = 0; i != excluded.size(); ++i)
        if (table.name[i] != excluded[i] && table.name[i] != excluded[i] - 'a' + 'A') return false;
    return true;
}

/// The table of an upsert, under another name where it needs one.
template <class T>
struct UpsertTarget : Source<T> {
    static constexpr std::string_view qualifier = is_called_excluded(table_info<T>) ? "existing" : "";
};

/// The row that is there, and the one that was to be inserted.
template <class T>
using UpsertScope = Scope<void, true, false, UpsertTarget<T>, Source<T, "excluded">>;

template <class T>
constexpr void write_upsert_into(TextWriter& out, const Dialect& dialect, View<std::uint16_t> columns) {
    out << "INSERT INTO ";
    write_table_name(out, dialect, table_info<T>);
    if constexpr (!UpsertTarget<T>::qualifier.empty()) {
        out << " AS ";
        write_identifier(out, dialect, UpsertTarget<T>::qualifier);
    }
    write_inserted_columns(out, dialect, table_info<T>, columns);
}

/// What takes the values of a policy.
template <class T, class Action>
struct ActionParameters {
    using type = TypeList<>;
};
template <class T, class What, class Where, class... Held>
struct ActionParameters<T, DoUpdate<What, Where, Held...>> {
    using type = typename Where::template Parameters<UpsertScope<T>>;
};
template <class T, class... Assignments, class Where, class... Held>
struct ActionParameters<T, DoUpdate<SetTo<Assignments...>, Where, Held...>> {
    using type = Concat<typename Assignments::template Parameters<UpsertScope<T>>...,
                        typename Where::template Parameters<UpsertScope<T>>>;
};

template <class T, class Predicate, class Action>
struct ActionParameters<T, OnPartial<Predicate, Action>> : ActionParameters<T, Action> {};

/// Are the rows that are updated counted, by the feed that is parameter 1?
enum class RowTally : bool { no, yes };

/// The conflict clause of a policy.
template <class T, class Policy>
struct Conflict;

template <class T, class Action, auto... Target>
struct Conflict<T, UpsertPolicy<Action, Target...>> {
    static constexpr auto& target = places<T, Target...>;

    static constexpr void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter,
                                RowTally tally = RowTally::no) {
        using Predicate = typename PredicateOf<Action>::type;
        constexpr bool known = is_key_or_unique<T, Predicate>(target);
        static_assert(known, "rowan: the members of on_conflict are neither the key nor a unique constraint of the "
                             "table: declare them with .unique<...>(), or name those of a declared one");
        if constexpr (known) {
            write_conflict(out, dialect, table_info<T>, target);
            if constexpr (!std::is_void_v<Predicate>) {
                out << " WHERE ";
                write_predicate(out, dialect, table_info<T>, predicate_of<T, Predicate>());
            }
            write_action(out, dialect, parameter, tally, static_cast<Action*>(nullptr));
        }
    }

    using Parameters = typename ActionParameters<T, Action>::type;

private:
    static constexpr void write_action(TextWriter& out, const Dialect&, std::size_t&, RowTally, DoNothing*) {
        out << " DO NOTHING";
    }

    template <class What, class Where, class... Held>
    static constexpr void write_action(TextWriter& out, const Dialect& dialect, std::size_t& parameter, RowTally tally,
                                       DoUpdate<What, Where, Held...>*) {
        write_what(out, dialect, parameter, static_cast<What*>(nullptr));
        write_touch(out, dialect);
        const bool counts = tally == RowTally::yes;
        constexpr bool always = std::is_same_v<Where, Nothing>;
        if constexpr (!always) {
            // Unlike AND, CASE promises an order: only where the condition is true, the row is counted.
            out << (counts ? " WHERE CASE WHEN " : " WHERE ");
            Where::template write<UpsertScope<T>>(out, dialect, parameter);
            if (counts) out << " THEN ";
        } else if (counts) {
            out << " WHERE ";
        }
        if (!counts) return;
        out << dialect.tally << '(';
        write_parameter(out, dialect, 1);
        out << (always ? ")" : ") END");
    }

    /// The row that is there counts on from its own version; the other one has the time.
    static constexpr void write_touch(TextWriter& out, const Dialect& dialect) {
        if constexpr (has_version<T>) {
            out << ", ";
            write_version_bump<UpsertTarget<T>>(out, dialect, table_info<T>);
        }
        if constexpr (constexpr std::uint16_t time = managed_columns<T>.updated_at; time != ManagedColumns::none) {
            out << ", ";
            write_from_excluded(out, dialect, table_info<T>, time);
        }
    }

    template <auto... Members>
    static constexpr void write_what(TextWriter& out, const Dialect& dialect, std::size_t&, Overwrite<Members...>*) {
        if constexpr (sizeof...(Members) != 0) {
            static_assert((require_settable<reflect::MemberOf<Members>>() && ...));
            write_excluded(out, dialect, table_info<T>, places<T, Members...>, {});
        } else {
            constexpr auto& candidates = column_list<T, Columns::changeable>;
            constexpr bool any = [] {
                for (const std::uint16_t column : candidates)
                    if (!contains(target, column)) return true;
                return false;
            }();
            static_assert(any, "rowan: do_update has nothing to update, as every column belongs to the key or to the "
                               "conflict target: use do_nothing()");
            if constexpr (any) write_excluded(out, dialect, table_info<T>, candidates, target);
        }
    }

    template <class... Assignments>
    static constexpr void write_what(TextWriter& out, const Dialect& dialect, std::size_t& parameter,
                                     SetTo<Assignments...>*) {
        Separator comma{", "};
        out << " DO UPDATE SET ";
        ((out << comma, Assignments::template write<T, UpsertScope<T>>(out, dialect, parameter)), ...);
    }
};

/// Does a policy leave the rows that are there alone?
template <class Policy>
inline constexpr bool only_inserts = std::is_base_of_v<DoNothing, typename Policy::Action>;

/// The forms of a row's parameters, then of the policy's.
template <class T, class Policy, Columns columns, bool lists>
constexpr auto upsert_forms() {
    constexpr auto row = column_forms<T, columns, lists>;
    constexpr auto policy = forms_of(typename Conflict<T, Policy>::Parameters{});
    std::array<Form, row.size() + policy.size()> forms{};
    for (std::size_t i = 0; i != forms.size(); ++i) forms[i] = i < row.size() ? row[i] : policy[i - row.size()];
    return forms;
}

/// One row, or nothing, or an update of the row that is there.
template <class T, const Dialect& dialect, bool generate, class Policy>
struct Upsert {
    static constexpr Columns columns = inserted_columns<T, dialect, generate>;

    static constexpr auto parameters() { return upsert_forms<T, Policy, columns, false>(); }

    static constexpr void write(TextWriter& out) {
        std::size_t parameter = column_list<T, columns>.size() + 1;
        write_upsert_into<T>(out, dialect, column_list<T, columns>);
        write_values(out, dialect, column_list<T, columns>.size());
        Conflict<T, Policy>::write(out, dialect, parameter);
        // Where nothing is ever updated, the number of rows tells all.
        if (!only_inserts<Policy> && !dialect.upsert_outcome.empty()) out << " RETURNING " << dialect.upsert_outcome;
    }
};

/// Any number of rows, where parameters may be arrays: gives how many were inserted, and how many updated; where none
/// is ever updated, its number of rows is that of those inserted.
template <class T, const Dialect& dialect, bool generate, class Policy>
struct UpsertArrays {
    static constexpr Columns columns = inserted_columns<T, dialect, generate>;

    static constexpr auto parameters() { return upsert_forms<T, Policy, columns, true>(); }

    static constexpr void write(TextWriter& out) {
        if constexpr (only_inserts<Policy>) {
            write_upsert(out);
        } else {
            out << "WITH outcome AS (";
            write_upsert(out);
            out << " RETURNING " << dialect.upsert_outcome
                << " AS inserted) SELECT count(*) FILTER (WHERE inserted), count(*) FILTER (WHERE NOT inserted) FROM "
                   "outcome";
        }
    }

private:
    static constexpr void write_upsert(TextWriter& out) {
        std::size_t parameter = column_list<T, columns>.size() + 1;
        write_upsert_into<T>(out, dialect, column_list<T, columns>);
        write_unnest(out, dialect, table_info<T>, column_list<T, columns>);
        Conflict<T, Policy>::write(out, dialect, parameter);
    }
};

}  // namespace rowan::detail
