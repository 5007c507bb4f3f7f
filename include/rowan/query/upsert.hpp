#pragma once

#include <rowan/query/insert.hpp>
#include <rowan/reflect/fields.hpp>

#include <array>
#include <cstddef>
#include <cstdint>

namespace rowan {

/// Leave the row that is there as it is.
struct DoNothing {};

/// Overwrite `Members` of the row that is there; without members, all columns but those of the key and of the
/// conflict target.
template <auto... Members>
struct DoUpdate {};

/// What to do with a row that is there already, where "already" means the same values in `Target`, which must
/// be the key or a unique constraint of the table.
template <class Action, auto... Target>
struct UpsertPolicy {};

template <auto... Target>
struct OnConflict {
    static_assert(sizeof...(Target) != 0,
                  "rowan: on_conflict needs the members of a key or unique constraint: on_conflict<&T::m>");

    [[nodiscard]] constexpr UpsertPolicy<DoNothing, Target...> do_nothing() const { return {}; }

    template <auto... Members>
    [[nodiscard]] constexpr UpsertPolicy<DoUpdate<Members...>, Target...> do_update() const {
        return {};
    }
};

/// `rowan::on_conflict<&T::a, &T::b>.do_nothing()` or `.do_update()` or `.do_update<&T::c>()`.
template <auto... Target>
inline constexpr OnConflict<Target...> on_conflict{};

namespace detail {

/// Is the set of columns that of `candidate`, in any order?
constexpr bool same_columns(std::span<const std::uint16_t> set, auto candidate, auto column_of) {
    if (set.size() != candidate.size()) return false;
    for (const auto& item : candidate) {
        bool found = false;
        for (const std::uint16_t column : set) found = found || column == column_of(item);
        if (!found) return false;
    }
    return true;
}

constexpr bool is_key_or_unique(const TableInfo& table, std::span<const std::uint16_t> columns) {
    if (same_columns(columns, table.key, [](std::uint16_t column) { return column; })) return true;
    for (const IndexInfo& index : table.indexes)
        if (index.unique &&
            same_columns(columns, table.columns_of(index), [](const IndexColumn& item) { return item.column; }))
            return true;
    return false;
}

constexpr bool contains(std::span<const std::uint16_t> columns, std::size_t column) {
    for (const std::uint16_t candidate : columns)
        if (candidate == column) return true;
    return false;
}

template <class T, auto... Members>
inline constexpr std::array<std::uint16_t, sizeof...(Members)> places{
    static_cast<std::uint16_t>(reflect::index_of<T, Members>())...};

template <class Dialect>
constexpr void write_conflict(TextWriter& out, const TableInfo& table, std::span<const std::uint16_t> target) {
    out << " ON CONFLICT (";
    write_columns<Dialect>(out, table, target);
    out << ')';
}

template <class Dialect>
constexpr void write_excluded(TextWriter& out, const TableInfo& table, std::span<const std::uint16_t> columns,
                              std::span<const std::uint16_t> but) {
    Separator comma{", "};
    out << " DO UPDATE SET ";
    for (const std::uint16_t column : columns) {
        if (contains(but, column)) continue;
        out << comma;
        write_column<Dialect>(out, table, column);
        out << " = excluded.";
        write_column<Dialect>(out, table, column);
    }
}

/// The conflict clause of a policy.
template <class T, class Policy>
struct Conflict;

template <class T, class Action, auto... Target>
struct Conflict<T, UpsertPolicy<Action, Target...>> {
    static constexpr auto& target = places<T, Target...>;

    template <class Dialect>
    static constexpr void write(TextWriter& out) {
        constexpr bool known = is_key_or_unique(table_info<T>, target);
        static_assert(known, "rowan: the members of on_conflict are neither the key nor a unique constraint of the "
                             "table: declare them with .unique<...>(), or name those of a declared one");
        if constexpr (known) {
            write_conflict<Dialect>(out, table_info<T>, target);
            write_action<Dialect>(out, Action{});
        }
    }

private:
    template <class Dialect>
    static constexpr void write_action(TextWriter& out, DoNothing) {
        out << " DO NOTHING";
    }

    template <class Dialect, auto... Members>
    static constexpr void write_action(TextWriter& out, DoUpdate<Members...>) {
        if constexpr (sizeof...(Members) != 0) {
            write_excluded<Dialect>(out, table_info<T>, places<T, Members...>, {});
        } else {
            constexpr auto& candidates = column_list<T, Columns::all_but_key>;
            constexpr bool any = [] {
                for (const std::uint16_t column : candidates)
                    if (!contains(target, column)) return true;
                return false;
            }();
            static_assert(any, "rowan: do_update has nothing to update, as every column belongs to the key or to the "
                               "conflict target: use do_nothing()");
            if constexpr (any) write_excluded<Dialect>(out, table_info<T>, candidates, target);
        }
    }
};

/// One row, or nothing, or an update of the row that is there.
template <class T, class Dialect, bool generate, class Policy>
struct Upsert {
    static constexpr Columns columns = inserted_columns<T, Dialect, generate>;

    static constexpr auto parameters() { return column_forms<T, columns>; }

    static constexpr void write(TextWriter& out) {
        write_insert_into<Dialect>(out, table_info<T>, column_list<T, columns>);
        write_values<Dialect>(out, column_list<T, columns>.size());
        Conflict<T, Policy>::template write<Dialect>(out);
        if (!std::string_view{Dialect::upsert_outcome}.empty()) out << " RETURNING " << Dialect::upsert_outcome;
    }
};

/// Any number of rows, where parameters may be arrays: gives how many were inserted, and how many updated.
template <class T, class Dialect, bool generate, class Policy>
struct UpsertArrays {
    static constexpr Columns columns = inserted_columns<T, Dialect, generate>;

    static constexpr auto parameters() { return column_forms<T, columns>; }

    static constexpr void write(TextWriter& out) {
        out << "WITH outcome AS (";
        write_insert_into<Dialect>(out, table_info<T>, column_list<T, columns>);
        write_unnest<Dialect>(out, table_info<T>, column_list<T, columns>);
        Conflict<T, Policy>::template write<Dialect>(out);
        out << " RETURNING " << Dialect::upsert_outcome
            << " AS inserted) SELECT count(*) FILTER (WHERE inserted), count(*) FILTER (WHERE NOT inserted) FROM "
               "outcome";
    }
};

}  // namespace detail
}  // namespace rowan
