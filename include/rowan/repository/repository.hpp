#pragma once

#include <rowan/core/range.hpp>
#include <rowan/core/result.hpp>
#include <rowan/core/text.hpp>
#include <rowan/query/column.hpp>
#include <rowan/query/expression.hpp>
#include <rowan/query/select.hpp>
#include <rowan/query/upsert_policy.hpp>
#include <rowan/repository/change.hpp>
#include <rowan/repository/change_range.hpp>
#include <rowan/repository/compound.hpp>
#include <rowan/repository/conflict.hpp>
#include <rowan/repository/find.hpp>
#include <rowan/repository/insert.hpp>
#include <rowan/repository/insert_range.hpp>
#include <rowan/repository/matching.hpp>
#include <rowan/repository/patch.hpp>
#include <rowan/repository/query.hpp>
#include <rowan/repository/requirements.hpp>
#include <rowan/repository/row_identity.hpp>
#include <rowan/repository/script.hpp>
#include <rowan/repository/upsert.hpp>
#include <rowan/repository/upsert_range.hpp>
#include <rowan/repository/verify.hpp>
#include <rowan/repository/verify_query.hpp>
#include <rowan/repository/write.hpp>
#include <rowan/schema/ddl.hpp>
#include <rowan/schema/key.hpp>
#include <rowan/schema/requirements.hpp>
#include <rowan/session/transaction.hpp>
#include <rowan/session/writable.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

namespace rowan {

class Database;

/// The rows of T's table. `Db` lends a connection for one operation: a connection itself, a transaction, or a
/// Database. The repository is a pointer to it: cheap to make and to copy, no more thread-safe than the `Db`,
/// which must outlive it and stay where it is. On a read-only session it has no functions that write.
///
/// Every function gives the database's error, or Category::data with the column's name where a value does not
/// fit: nothing is stored then. Statements are constants of the program, prepared once per connection.
///
/// Its functions are compiled in each file that calls them. A program of many files can have those of one row compiled
/// in one of them: `extern template class rowan::Repository<T>;` below the struct and its description, and `template
/// class rowan::Repository<T>;` in that file. The struct must have a key, and a column beside it.
template <class T, class Db = Database>
class Repository {
    static_assert(require_storable<T>());

public:
    explicit Repository(Db& db) : db_{&db} {}

    /// Makes the table with its constraints and indexes, and its schema, where they are missing. A table that is
    /// there already is left as it is. All or nothing.
    [[nodiscard]] Result<void> create_table()
        requires WritableSession<Db>
    {
        return db_->template perform<detail::CreateOne<T>>(nullptr);
    }

    /// Drops the table with all its rows, if it is there.
    [[nodiscard]] Result<void> drop_table()
        requires WritableSession<Db>
    {
        return db_->lend([]<class Connection>(Connection& connection) {
            return connection.run_script(detail::text_of<detail::DropTable<T, Connection::dialect>>);
        });
    }

    /// Stores a row, and gives it back as it is stored: with the key that the database made, where the key is
    /// generated and `entity` has 0. Take the row from a temporary or with std::move to save a copy.
    ///
    /// Where a trigger leaves the row out, or stores it elsewhere (a view's), that is Code::internal_error if the key
    /// was to be made, as it is not known then; a row with a key of its own counts as stored.
    [[nodiscard]] Result<T> insert(const T& entity)
        requires WritableSession<Db>
    {
        Result<T> stored{entity};
        detail::insert_row(*db_, stored);
        return stored;
    }
    [[nodiscard]] Result<T> insert(T&& entity)
        requires WritableSession<Db>
    {
        Result<T> stored{std::move(entity)};
        detail::insert_row(*db_, stored);
        return stored;
    }

    /// Stores all rows of a range, or none, in the fastest way that the database has; gives the number of those that
    /// are stored, which a trigger may leave out, or store elsewhere. The range is read once, in constant memory. An
    /// error tells which row it befell, where that is known: see Error::row.
    ///
    /// While the range is read, the handle that stores it refuses other work (Code::wrong_handle), and so does a
    /// Database whose other connections are all in use. Outside of a transaction, a range in memory may be stored by
    /// one statement that commits by itself: where the connection is lost meanwhile, that is Code::in_doubt. In a
    /// transaction it is not before COMMIT, so that `transaction(retry{}, fn)` runs it again.
    template <detail::RangeOf<T> Range>
        requires WritableSession<Db>
    [[nodiscard]] Result<std::size_t> insert(Range&& range) {
        return db_->lend(
            [&](auto& connection) { return detail::insert_range<T>(connection, std::forward<Range>(range)); });
    }

    /// Stores a row, or does what `policy` says where it is there already:
    /// `rowan::on_conflict<&T::a, &T::b>.do_nothing()` or `.do_update()`. What a trigger leaves out is unchanged. For
    /// tables only: a view is Category::programming.
    template <class Action, auto... Target>
        requires WritableSession<Db>
    [[nodiscard]] Result<Upserted> upsert(const T& entity, const UpsertPolicy<Action, Target...>& policy) {
        return db_->lend([&](auto& connection) { return detail::upsert_one(connection, entity, policy); });
    }

    /// The same for all rows of a range, or none. Of rows that are alike in the conflict target, the last one
    /// stays with `do_update`, the first one with `do_nothing`.
    template <detail::RangeOf<T> Range, class Action, auto... Target>
        requires WritableSession<Db>
    [[nodiscard]] Result<UpsertCounts> upsert(Range&& range, const UpsertPolicy<Action, Target...>& policy) {
        return db_->lend(
            [&](auto& connection) { return detail::upsert_range<T>(connection, std::forward<Range>(range), policy); });
    }

    /// The row with this key, if there is one.
    [[nodiscard]] Result<std::optional<T>> find(const Key<T>& key) {
        static_assert(detail::require_key<T>());
        // Made once, and where it is returned.
        Result<std::optional<T>> row{detail::in_place, std::in_place};
        const auto what = detail::named_by<T>(key);
        detail::FoundRow work{&what, row->operator->(), false};
        detail::settle(db_->template perform<detail::FindOne<T, false>>(&work), row);
        if (!work.found && row) [[unlikely]]
            row->reset();
        return row;
    }

    /// The row with this key; Code::not_found if there is none.
    [[nodiscard]] Result<T> get(const Key<T>& key) {
        static_assert(detail::require_key<T>());
        Result<T> row;
        const auto what = detail::named_by<T>(key);
        detail::FoundRow work{&what, row.operator->(), false};
        detail::settle(db_->template perform<detail::FindOne<T, true>>(&work), row);
        return row;
    }

    [[nodiscard]] Result<bool> exists(const Key<T>& key) {
        return with_key<detail::Wanted::existence>(
            key, [](auto& execution, const Statement&) { return detail::read_value<bool>(execution); });
    }

    /// The row whose `Member` is `value`, if there is one. Code::multiple_rows if there are several: use `where`
    /// to get them.
    template <auto Member>
    [[nodiscard]] Result<std::optional<T>> find_by(
        const typename detail::Passed<detail::required_t<reflect::MemberOf<Member>>>::type& value) {
        return where(col<Member> == value).one_or_none();
    }

    /// Writes all columns of the row with the entity's key, and gives the row as it is stored. Code::not_found
    /// if there is no such row.
    ///
    /// With a rowan::Version, only while the row has the entity's version: else Code::stale, whose message and
    /// `conflicts()` tell whether the row was modified or deleted meanwhile; with `carry_current` the error holds the
    /// row as it is now (see `carried_row`). One statement; a second one only where the first finds no row.
    [[nodiscard]] Result<T> update(const T& entity, Carry carry = Carry::nothing)
        requires WritableSession<Db>
    {
        Result<T> updated{entity};
        update_stored(updated, carry);
        return updated;
    }
    [[nodiscard]] Result<T> update(T&& entity, Carry carry = Carry::nothing)
        requires WritableSession<Db>
    {
        Result<T> updated{std::move(entity)};
        update_stored(updated, carry);
        return updated;
    }

    /// The same for all rows of a range, or none; gives them as they are stored, in the range's order. The error names
    /// each row that is missing or stale: see Error::conflicts.
    template <detail::RangeOf<T> Range>
        requires WritableSession<Db>
    [[nodiscard]] Result<std::vector<T>> update(Range&& range, Carry carry = Carry::nothing) {
        static_assert(detail::require_key<T>() && detail::require_more_than_key<T>());
        return db_->lend(
            [&](auto& connection) { return detail::update_range<T>(connection, std::forward<Range>(range), carry); });
    }

    /// Sets only these columns of the row with this key: `patch(key, set<&T::status> = "done")`, and gives the row as
    /// it is then. Code::not_found if there is none.
    ///
    /// The row's version is counted on, but not compared. Where rows have a Version or an UpdatedAt, values that are
    /// there already change nothing: the row is not written, and keeps both.
    template <class... Assignments>
        requires WritableSession<Db>
    [[nodiscard]] Result<T> patch(const Key<T>& key, const Assignments&... assignments) {
        return patch_row(detail::RowByKey<T>{key}, Carry::nothing, assignments...);
    }

    /// The same for the entity's row, only while it has the entity's version where T has one: else Code::stale, as
    /// `update` gives it. Other changes of the entity are not written.
    template <std::same_as<T> Entity, class... Assignments>
        requires WritableSession<Db>
    [[nodiscard]] Result<T> patch(const Entity& entity, const Assignments&... assignments) {
        return patch_row(detail::RowOfEntity<T>{entity}, Carry::nothing, assignments...);
    }
    template <std::same_as<T> Entity, class... Assignments>
        requires WritableSession<Db>
    [[nodiscard]] Result<T> patch(const Entity& entity, Carry carry, const Assignments&... assignments) {
        return patch_row(detail::RowOfEntity<T>{entity}, carry, assignments...);
    }
    /// The same by key and version: `patch(at_version(key, version), set<&T::status> = "done")`.
    template <class K, class... Assignments>
        requires WritableSession<Db>
    [[nodiscard]] Result<T> patch(const AtVersion<K>& row, const Assignments&... assignments) {
        return patch_row(at(row), Carry::nothing, assignments...);
    }
    template <class K, class... Assignments>
        requires WritableSession<Db>
    [[nodiscard]] Result<T> patch(const AtVersion<K>& row, Carry carry, const Assignments&... assignments) {
        return patch_row(at(row), carry, assignments...);
    }

    /// Sets the columns that `patch` has, chosen at run time. With nothing set, nothing is sent but the question for
    /// the row.
    [[nodiscard]] Result<T> patch(const Key<T>& key, const Patch<T>& patch)
        requires WritableSession<Db>
    {
        return patch_row(detail::RowByKey<T>{key}, Carry::nothing, patch);
    }

    /// The same as `patch`, but does not give the row back, which saves half of the work and more. All else is alike:
    /// what it takes, how versions are compared and counted on, and the errors.
    template <class... Assignments>
        requires WritableSession<Db>
    [[nodiscard]] Result<void> patch_only(const Key<T>& key, const Assignments&... assignments) {
        return patch_row_only(detail::RowByKey<T>{key}, Carry::nothing, assignments...);
    }
    template <std::same_as<T> Entity, class... Assignments>
        requires WritableSession<Db>
    [[nodiscard]] Result<void> patch_only(const Entity& entity, const Assignments&... assignments) {
        return patch_row_only(detail::RowOfEntity<T>{entity}, assignments...);
    }
    template <class K, class... Assignments>
        requires WritableSession<Db>
    [[nodiscard]] Result<void> patch_only(const AtVersion<K>& row, const Assignments&... assignments) {
        return patch_row_only(at(row), assignments...);
    }

    /// Removes the row with this key, whatever its version; false if there is none.
    [[nodiscard]] Result<bool> erase(const Key<T>& key)
        requires WritableSession<Db>
    {
        if constexpr (detail::has_simple_key<T>) {
            detail::ErasedRow work{{&key, &table_info<T>}, 0};
            if (Result<void> ran = db_->template perform<detail::EraseByKey<T>>(&work); !ran)
                return Failure(std::move(ran).error());
            return work.erased != 0;
        } else {
            return erase_row(detail::RowByKey<T>{key}, Carry::nothing);
        }
    }

    /// Removes the row with the entity's key; false if there is none. With a rowan::Version, Code::stale if the row has
    /// been modified since. (A template, so that a list in braces is a key.)
    template <std::same_as<T> Entity>
        requires WritableSession<Db>
    [[nodiscard]] Result<bool> erase(const Entity& entity, Carry carry = Carry::nothing) {
        return erase_row(detail::RowOfEntity<T>{entity}, carry);
    }
    /// The same by key and version: `erase(at_version(key, version))`.
    template <class K>
        requires WritableSession<Db>
    [[nodiscard]] Result<bool> erase(const AtVersion<K>& row, Carry carry = Carry::nothing) {
        return erase_row(at(row), carry);
    }

    /// Removes the rows of all entities of a range, or none; gives how many there were. Code::stale names each row that
    /// has been modified since: see Error::conflicts.
    template <detail::RangeOf<T> Range>
        requires WritableSession<Db>
    [[nodiscard]] Result<std::size_t> erase(Range&& range, Carry carry = Carry::nothing) {
        static_assert(detail::require_key<T>());
        return db_->lend([&](auto& connection) { return detail::erase_range<T>(connection, range, carry); });
    }

    /// All rows, in no particular order.
    [[nodiscard]] Result<std::vector<T>> all() { return query().all(); }
    /// The number of rows.
    [[nodiscard]] Result<std::int64_t> count() { return query().count(); }

    /// The rows for which `condition` is true: `where(rowan::col<&T::m> == value)`.
    template <detail::Condition Where>
    auto where(Where&& condition) {
        return query().where(static_cast<Where&&>(condition));
    }

    /// The rows that a filter chooses at run time.
    auto matching(Filter<T> filter) { return MatchingQuery<T, Db>{*db_, std::move(filter)}; }

    /// All rows in an order: see Query::order_by.
    template <class... Items>
    auto order_by(Items... items) {
        return query().order_by(items...);
    }

    /// Any rows, up to a number: see Query::limit.
    auto limit(std::int64_t count) { return query().limit(count); }

    /// All rows, to be joined, grouped, selected from: see Query.
    auto query() { return from<T>(*db_); }

    /// All rows, to be changed or removed.
    auto everywhere()
        requires WritableSession<Db>
    {
        return Everywhere<T, Db>{*db_};
    }

private:
    void update_stored(Result<T>& updated, Carry carry) {
        static_assert(detail::require_key<T>() && detail::require_more_than_key<T>());
        detail::settle(detail::update_entity(*db_, *updated, carry), updated);
    }

    template <class Row, class... Assignments>
    [[nodiscard]] Result<T> patch_row(const Row& row, Carry carry, const Assignments&... assignments) {
        Result<T> patched;
        detail::settle(run_patch<true>(row, carry, *patched, assignments...), patched);
        return patched;
    }

    template <class Row, class... Assignments>
    [[nodiscard]] Result<void> patch_row_only(const Row& row, Carry carry, const Assignments&... assignments) {
        // Read only where it tells why the row was not patched.
        T current{};
        return run_patch<false>(row, carry, current, assignments...);
    }
    template <class Row, class... Assignments>
    [[nodiscard]] Result<void> patch_row_only(const Row& row, const Assignments&... assignments) {
        return patch_row_only(row, Carry::nothing, assignments...);
    }

    template <bool wanted, class Row, class... Assignments>
    Result<void> run_patch(const Row& row, Carry carry, T& patched, const Assignments&... assignments) {
        static_assert(detail::require_key<T>());
        return db_->lend([&](auto& connection) {
            return detail::patch_one<wanted>(connection, row, carry, patched, assignments...);
        });
    }
    template <bool wanted, class Row>
    Result<void> run_patch(const Row& row, Carry carry, T& patched, const Patch<T>& patch) {
        static_assert(detail::require_key<T>());
        return db_->lend(
            [&](auto& connection) { return detail::patch_chosen<wanted>(connection, row, carry, patched, patch); });
    }

    template <class Row>
    [[nodiscard]] Result<bool> erase_row(const Row& row, Carry carry) {
        static_assert(detail::require_key<T>());
        detail::EraseOne<T, Row> work{row, carry};
        if (Result<void> ran = db_->template perform<detail::EraseOne<T, Row>>(&work); !ran)
            return Failure(std::move(ran).error());
        return work.erased != 0;
    }

    template <class K>
    static detail::RowAtVersion<T> at(const AtVersion<K>& row) {
        static_assert(detail::require_version<T>());
        return detail::RowAtVersion<T>{row};
    }

    /// `read` takes the rows with a key.
    template <detail::Wanted wanted, class Read>
    auto with_key(const Key<T>& key, Read read) {
        static_assert(detail::require_key<T>());
        return db_->lend([&]<class Connection>(Connection& connection) {
            const Statement& statement = detail::statement<detail::SelectByKey<T, Connection::dialect, wanted>>;
            typename Connection::Execution execution{connection, statement};
            using Outcome = decltype(read(execution, statement));
            if (const detail::ValueFault found = detail::write_key<T>(execution, key))
                return Outcome{detail::write_failure(found, statement)};
            return read(execution, statement);
        });
    }

    Db* db_;
};

/// The repository of T on a connection, a transaction or a Database.
template <class T, class Db>
[[nodiscard]] Repository<T, Db> repository(Db& db) {
    return Repository<T, Db>{db};
}

}  // namespace rowan
