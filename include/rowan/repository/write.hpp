#pragma once

#include <rowan/core/result.hpp>
#include <rowan/query/assignment.hpp>
#include <rowan/query/erase.hpp>
#include <rowan/query/scope.hpp>
#include <rowan/query/shape.hpp>
#include <rowan/query/stamp.hpp>
#include <rowan/query/statement.hpp>
#include <rowan/query/touch.hpp>
#include <rowan/query/update.hpp>
#include <rowan/repository/rows.hpp>
#include <rowan/repository/whole_rows.hpp>

#include <cstdint>
#include <tuple>
#include <utility>
#include <vector>

/// Changes of all rows that fulfil a condition.
namespace rowan::detail {

/// Runs an UPDATE or DELETE whose parameters `put` writes: gives the number of rows, or the rows.
template <class T, bool returning, class Connection, class Put>
auto run_change(Connection& connection, const Statement& statement, Put put) {
    using Outcome = std::conditional_t<returning, Result<std::vector<T>>, Result<std::int64_t>>;
    typename Connection::Execution execution{connection, statement};
    if (const ValueFault found = put(execution)) return Outcome{write_failure(found, statement)};
    if constexpr (returning)
        return read_rows<T>(execution, statement, ReadEntity{});
    else
        return execution.run();
}

template <class T, bool returning, class Where, class Db, class... WhereHeld, class... Assignments>
auto update_where(Db& db, const std::tuple<WhereHeld...>& where, const Assignments&... assignments) {
    static_assert(sizeof...(Assignments) != 0, "rowan: an update needs something to set: update(set<&T::m> = value)");
    return db.lend([&]<class Connection>(Connection& connection) {
        using Text = UpdateWhere<T, Connection::dialect, Where, returning, typename Assignments::Shape...>;
        return run_change<T, returning>(connection, statement<Text>, [&](auto& sink) {
            return put_values(typename Text::Parameters{}, sink,
                              std::tuple_cat(as_references(assignments.values)...,
                                             TouchShape::values<T>(time_of_change<T>()), as_references(where)));
        });
    });
}

template <class T, bool returning, class Where, class Db, class... WhereHeld>
auto erase_where(Db& db, const std::tuple<WhereHeld...>& where) {
    return db.lend([&]<class Connection>(Connection& connection) {
        using Text = EraseWhere<T, Connection::dialect, Where, returning>;
        return run_change<T, returning>(connection, statement<Text>, [&](auto& sink) {
            return put_values(typename Where::template Parameters<TableScope<T>>{}, sink, where);
        });
    });
}

}  // namespace rowan::detail

namespace rowan {

/// All rows of a table, said aloud: what `Repository::everywhere` gives, so that no forgotten condition changes them.
template <class T, class Db>
class Everywhere {
public:
    explicit Everywhere(Db& db) : db_{&db} {}

    /// See Query::update and Query::erase.
    template <class... Assignments>
    [[nodiscard]] Result<std::int64_t> update(const Assignments&... assignments) const {
        return detail::update_where<T, false, detail::Nothing>(*db_, std::tuple<>{}, assignments...);
    }
    template <class... Assignments>
    [[nodiscard]] Result<std::vector<T>> update_returning(const Assignments&... assignments) const {
        return detail::update_where<T, true, detail::Nothing>(*db_, std::tuple<>{}, assignments...);
    }
    [[nodiscard]] Result<std::int64_t> erase() const {
        return detail::erase_where<T, false, detail::Nothing>(*db_, std::tuple<>{});
    }
    [[nodiscard]] Result<std::vector<T>> erase_returning() const {
        return detail::erase_where<T, true, detail::Nothing>(*db_, std::tuple<>{});
    }

private:
    Db* db_;
};

}  // namespace rowan
