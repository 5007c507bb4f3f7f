#include <rowan/rowan.hpp>

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "fresh.hpp"

namespace {

struct Step {
    std::int64_t id{};
    std::int64_t depth{};
    std::string note{};
};

}  // namespace

template <>
inline constexpr auto rowan::table<Step> = rowan::describe<Step>("steps").unique<&Step::depth, &Step::note>();

namespace {

using rowan::Category;
using rowan::Code;
using rowan::Error;
using rowan::unsafe_sql;

template <class Db>
struct Direct : Fresh<Db> {
    static constexpr bool is_sqlite = Db::is_sqlite;
    using Tx = rowan::BasicTransaction<typename Db::Connection>;
    Direct() { rowan::must(rowan::repository<Step>(this->connection).create_table()); }
    auto& handle() { return this->connection; }
};

template <class Db>
struct Opened : Fresh<Db> {
    static constexpr bool is_sqlite = Db::is_sqlite;
    using Tx = rowan::Transaction;
    Opened() { rowan::must(rowan::repository<Step>(this->connection).create_table()); }
    auto& handle() { return database_; }

private:
    rowan::Database database_ = rowan::must(rowan::open(this->url()));
};

#define ROWAN_EVERY_HANDLE Direct<Sqlite>, Direct<Postgres>, Opened<Sqlite>, Opened<Postgres>

template <class Handle>
rowan::Result<void> store(Handle& handle, std::int64_t depth, std::string note = {}) {
    auto stored = rowan::repository<Step>(handle).insert({.depth = depth, .note = std::move(note)});
    if (!stored) return rowan::Failure(std::move(stored).error());
    return {};
}

template <class Handle>
std::vector<std::int64_t> depths(Handle& handle) {
    std::vector<std::int64_t> found;
    for (const Step& step :
         rowan::must(rowan::repository<Step>(handle).order_by(rowan::asc<&Step::depth>, rowan::asc<&Step::note>).all()))
        found.push_back(step.depth);
    return found;
}

using Depths = std::vector<std::int64_t>;

/// Stores a row at each depth before and after the savepoint inside; `failing` depths end with an error, which the
/// depth around swallows.
template <class Tx>
rowan::Result<void> descend(Tx& tx, std::int64_t depth, std::int64_t deepest, const std::set<std::int64_t>& failing) {
    if (auto stored = store(tx, depth, "down"); !stored) return stored;
    if (depth != deepest) {
        const rowan::Result<void> inside =
            tx.savepoint([&](Tx& inner) { return descend(inner, depth + 1, deepest, failing); });
        CHECK(static_cast<bool>(inside) == (failing.count(depth + 1) == 0));
    }
    // On PostgreSQL only a savepoint that was really rolled back lets this through.
    if (auto stored = store(tx, depth, "up"); !stored) return stored;
    if (failing.count(depth) == 0) return {};
    // An error of the database itself, which breaks the innermost savepoint on PostgreSQL.
    return store(tx, depth, "up");
}

}  // namespace

TEST_CASE_TEMPLATE("savepoints 20 deep keep just what no error undid", Db, ROWAN_EVERY_HANDLE) {
    Db fresh;
    using Tx = typename Db::Tx;
    constexpr std::int64_t deepest = 20;
    const std::vector<std::set<std::int64_t>> plans{{}, {20}, {11}, {2}, {20, 10}, {5, 6, 7}, {3, 9, 15, 20}};
    for (const auto& failing : plans) {
        CAPTURE(failing.size());
        rowan::must(fresh.handle().execute(unsafe_sql{"DELETE FROM steps"}));
        rowan::must(fresh.handle().transaction([&](Tx& tx) { return descend(tx, 1, deepest, failing); }));
        // The outermost failing savepoint takes everything below it along.
        const std::int64_t kept = failing.empty() ? deepest : *failing.begin() - 1;
        Depths expected;
        for (std::int64_t depth = 1; depth <= kept; ++depth) expected.insert(expected.end(), 2, depth);
        CHECK(depths(fresh.connection) == expected);
    }
    // An error of the whole undoes the whole.
    rowan::must(fresh.handle().execute(unsafe_sql{"DELETE FROM steps"}));
    CHECK(error_of(fresh.handle().transaction([&](Tx& tx) { return descend(tx, 1, deepest, {1}); })).code() ==
          Code::unique_violation);
    CHECK(depths(fresh.connection).empty());
}

TEST_CASE_TEMPLATE("a transaction inside a transaction is a savepoint, and gives what its function gives", Db,
                   ROWAN_EVERY_HANDLE) {
    Db fresh;
    using Tx = typename Db::Tx;
    rowan::must(fresh.handle().transaction([](Tx& tx) {
        rowan::must(store(tx, 1));
        const rowan::Result<int> value = tx.transaction([](Tx& inner) {
            rowan::must(store(inner, 2));
            return 42;
        });
        CHECK(rowan::must(value) == 42);
        const rowan::Result<Step> row = tx.savepoint(
            [](Tx& inner) { return rowan::repository<Step>(inner).insert({.depth = 3, .note = "stored"}); });
        CHECK(rowan::must(row).note == "stored");
        const Error undone = error_of(tx.savepoint([](Tx& inner) -> rowan::Result<int> {
            rowan::must(store(inner, 4));
            return rowan::Failure(Error{Category::state, Code::stale, "changed my mind"});
        }));
        CHECK(undone.to_string() == "state/stale: changed my mind");
        CHECK(undone.secondary() == nullptr);
    }));
    CHECK(depths(fresh.connection) == Depths{1, 2, 3});
}

TEST_CASE_TEMPLATE("a statement that fails in a savepoint does not break the transaction around it", Db,
                   ROWAN_EVERY_HANDLE) {
    Db fresh;
    auto tx = rowan::must(fresh.handle().begin());
    rowan::must(store(tx, 1));
    {
        auto savepoint = rowan::must(tx.begin());
        rowan::must(store(savepoint, 2));
        CHECK(error_of(store(savepoint, 1)).code() == Code::unique_violation);
        rowan::must(savepoint.rollback());
        CHECK_FALSE(savepoint.active());
    }
    rowan::must(store(tx, 3));
    {
        auto dropped = rowan::must(tx.begin());
        CHECK(error_of(dropped.execute(unsafe_sql{"SELECT * FROM nowhere"})).code() == Code::undefined_table);
    }
    rowan::must(store(tx, 4));
    rowan::must(tx.commit());
    CHECK(depths(fresh.connection) == Depths{1, 3, 4});
}

TEST_CASE_TEMPLATE("an error that was swallowed in a savepoint cannot be released on PostgreSQL", Db,
                   ROWAN_EVERY_HANDLE) {
    Db fresh;
    using Tx = typename Db::Tx;
    rowan::must(fresh.handle().transaction([](Tx& tx) {
        rowan::must(store(tx, 1));
        const rowan::Result<void> inside = tx.savepoint([](Tx& inner) {
            rowan::must(store(inner, 2));
            CHECK_FALSE(store(inner, 1));
        });
        // SQLite undoes the failed statement alone.
        CHECK(static_cast<bool>(inside) == Db::is_sqlite);
        if (!inside) {
            CHECK(inside.error().native_code() == "25P02");
            CHECK(inside.error().code() == Code::transaction_aborted);
        }
        rowan::must(store(tx, 3));
    }));
    CHECK(depths(fresh.connection) == (Db::is_sqlite ? Depths{1, 2, 3} : Depths{1, 3}));
}

TEST_CASE_TEMPLATE("a savepoint that is committed still belongs to the transaction around it", Db, ROWAN_EVERY_HANDLE) {
    Db fresh;
    {
        auto tx = rowan::must(fresh.handle().begin());
        auto savepoint = rowan::must(tx.begin());
        rowan::must(store(savepoint, 1));
        rowan::must(savepoint.commit());
        CHECK_FALSE(savepoint.active());
        CHECK(error_of(savepoint.commit()).code() == Code::wrong_handle);
        rowan::must(savepoint.rollback());
        CHECK(depths(tx) == Depths{1});
        auto other = fresh.connect();
        CHECK(depths(other).empty());
    }
    CHECK(depths(fresh.connection).empty());
}

TEST_CASE_TEMPLATE("a transaction does not commit while a savepoint inside is open, but rolls back with it", Db,
                   ROWAN_EVERY_HANDLE) {
    Db fresh;
    auto tx = rowan::must(fresh.handle().begin());
    rowan::must(store(tx, 1));
    auto savepoint = rowan::must(tx.begin());
    rowan::must(store(savepoint, 2));
    CHECK(error_of(tx.commit()).code() == Code::wrong_handle);
    CHECK(tx.active());
    CHECK(savepoint.active());
    rowan::must(store(savepoint, 3));

    rowan::must(tx.rollback());
    CHECK_FALSE(tx.active());
    CHECK_FALSE(savepoint.active());
    CHECK(error_of(store(savepoint, 4)).code() == Code::wrong_handle);
    CHECK(error_of(savepoint.commit()).code() == Code::wrong_handle);
    CHECK(depths(fresh.connection).empty());
    rowan::must(store(fresh.handle(), 5));
    CHECK(depths(fresh.connection) == Depths{5});
}

TEST_CASE_TEMPLATE("a savepoint whose transaction is gone does nothing, also to the next transaction", Db,
                   ROWAN_EVERY_HANDLE) {
    Db fresh;
    using Tx = typename Db::Tx;
    {
        std::optional<Tx> inner;
        {
            auto outer = rowan::must(fresh.handle().begin());
            rowan::must(store(outer, 1));
            inner.emplace(rowan::must(outer.begin()));
            rowan::must(store(*inner, 2));
        }
        CHECK_FALSE(inner->active());
        CHECK(error_of(store(*inner, 3)).code() == Code::wrong_handle);
        CHECK(error_of(inner->begin()).code() == Code::wrong_handle);

        auto next = rowan::must(fresh.handle().begin());
        rowan::must(store(next, 4));
        rowan::must(inner->rollback());
        CHECK(error_of(inner->commit()).code() == Code::wrong_handle);
        inner.reset();
        CHECK(next.active());
        rowan::must(store(next, 5));
        rowan::must(next.commit());
    }
    CHECK(depths(fresh.connection) == Depths{4, 5});
}

TEST_CASE_TEMPLATE("a savepoint rolls back with all savepoints inside it", Db, ROWAN_EVERY_HANDLE) {
    Db fresh;
    auto tx = rowan::must(fresh.handle().begin());
    rowan::must(store(tx, 1));
    auto middle = rowan::must(tx.begin());
    rowan::must(store(middle, 2));
    auto inner = rowan::must(middle.begin());
    rowan::must(store(inner, 3));
    auto innermost = rowan::must(inner.begin());
    rowan::must(store(innermost, 4));
    rowan::must(middle.rollback());
    CHECK_FALSE(middle.active());
    CHECK_FALSE(inner.active());
    CHECK_FALSE(innermost.active());
    CHECK(tx.active());
    rowan::must(store(tx, 5));
    rowan::must(tx.commit());
    CHECK(depths(fresh.connection) == Depths{1, 5});
}

TEST_CASE_TEMPLATE("savepoints one after the other are told apart", Db, ROWAN_EVERY_HANDLE) {
    Db fresh;
    auto tx = rowan::must(fresh.handle().begin());
    Depths expected;
    for (std::int64_t i = 0; i != 100; ++i) {
        auto savepoint = rowan::must(tx.begin());
        rowan::must(store(savepoint, i));
        if (i % 3 == 0) continue;
        rowan::must(savepoint.commit());
        expected.push_back(i);
    }
    rowan::must(tx.commit());
    CHECK(depths(fresh.connection) == expected);
}

TEST_CASE_TEMPLATE("a savepoint of the caller's own does not get in the way", Db, ROWAN_EVERY_HANDLE) {
    Db fresh;
    auto tx = rowan::must(fresh.handle().begin());
    rowan::must(tx.execute(unsafe_sql{"SAVEPOINT mine"}));
    rowan::must(store(tx, 1));
    {
        auto savepoint = rowan::must(tx.begin());
        rowan::must(store(savepoint, 2));
        rowan::must(savepoint.commit());
    }
    rowan::must(tx.execute(unsafe_sql{"ROLLBACK TO SAVEPOINT mine"}));
    rowan::must(store(tx, 3));
    rowan::must(tx.commit());
    CHECK(depths(fresh.connection) == Depths{3});
}

TEST_CASE_TEMPLATE("a savepoint that is released by hand is an error, and the transaction can be rolled back", Db,
                   ROWAN_EVERY_HANDLE) {
    Db fresh;
    auto tx = rowan::must(fresh.handle().begin());
    rowan::must(tx.execute(unsafe_sql{"SAVEPOINT mine"}));
    auto savepoint = rowan::must(tx.begin());
    rowan::must(store(savepoint, 1));
    // It goes with the one around it.
    rowan::must(savepoint.execute(unsafe_sql{"RELEASE SAVEPOINT mine"}));
    const Error gone = error_of(savepoint.commit());
    INFO(gone.to_string());
    CHECK(gone.native_code() == (Db::is_sqlite ? "1" : "3B001"));
    CHECK(gone.category() == Category::programming);
    rowan::must(tx.rollback());
    CHECK(depths(fresh.connection).empty());
}

TEST_CASE_TEMPLATE("tables that are made in a savepoint are undone with it", Db, ROWAN_EVERY_HANDLE) {
    Db fresh;
    auto tx = rowan::must(fresh.handle().begin());
    {
        auto savepoint = rowan::must(tx.begin());
        rowan::must(savepoint.execute(unsafe_sql{"CREATE TABLE brief (a integer)"}));
        rowan::must(savepoint.execute(unsafe_sql{"INSERT INTO brief VALUES (1)"}));
    }
    auto savepoint = rowan::must(tx.begin());
    CHECK(error_of(savepoint.execute(unsafe_sql{"SELECT * FROM brief"})).code() == Code::undefined_table);
    rowan::must(savepoint.rollback());
    rowan::must(rowan::repository<Step>(tx).drop_table());
    rowan::must(rowan::repository<Step>(tx).create_table());
    rowan::must(store(tx, 1));
    rowan::must(tx.commit());
    CHECK(depths(fresh.connection) == Depths{1});
}
