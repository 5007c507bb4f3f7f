#include <rowan/rowan.hpp>

#include <chrono>
#include <optional>
#include <ranges>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fresh.hpp"

namespace {

struct Entry {
    std::int64_t id{};
    std::string text{};
};

struct Child {
    std::int64_t id{};
    std::int64_t entry{};
};

}  // namespace

template <>
inline constexpr auto rowan::table<Entry> = rowan::describe<Entry>("entries").unique<&Entry::text>();
template <>
inline constexpr auto rowan::table<Child> = rowan::describe<Child>("children");

namespace {

using rowan::Category;
using rowan::Code;
using rowan::Error;
using rowan::unsafe_sql;

/// A database with the table, and the handle under test: a connection itself.
template <class Db>
struct Direct : Fresh<Db> {
    static constexpr bool is_sqlite = Db::is_sqlite;
    using Handle = typename Db::Connection;
    using Tx = rowan::BasicTransaction<Handle>;
    Direct() { rowan::must(rowan::repository<Entry>(this->connection).create_table()); }
    Handle& handle() { return this->connection; }
};

/// The same, with the backend chosen at run time.
template <class Db>
struct Opened : Fresh<Db> {
    static constexpr bool is_sqlite = Db::is_sqlite;
    using Handle = rowan::Database;
    using Tx = rowan::Transaction;
    Opened() { rowan::must(rowan::repository<Entry>(this->connection).create_table()); }
    Handle& handle() { return database_; }

private:
    Handle database_ = rowan::must(rowan::open(this->url()));
};

#define ROWAN_EVERY_HANDLE Direct<Sqlite>, Direct<Postgres>, Opened<Sqlite>, Opened<Postgres>

template <class Handle>
void store(Handle& handle, std::string text) {
    rowan::must(rowan::repository<Entry>(handle).insert({.text = std::move(text)}));
}

template <class Handle>
rowan::Result<void> try_to_store(Handle& handle, std::string text) {
    auto stored = rowan::repository<Entry>(handle).insert({.text = std::move(text)});
    if (!stored) return rowan::Failure(std::move(stored).error());
    return {};
}

/// What is stored, in alphabetical order, as `handle` sees it.
template <class Handle>
std::string texts(Handle& handle) {
    std::string all;
    for (const Entry& entry : rowan::must(rowan::repository<Entry>(handle).order_by(rowan::asc<&Entry::text>).all()))
        all += (all.empty() ? "" : " ") + entry.text;
    return all;
}

template <class T>
void check_refused(const rowan::Result<T>& result, Code code = Code::wrong_handle) {
    const Error error = error_of(result);
    INFO(error.to_string());
    CHECK(error.code() == code);
    CHECK(error.category() == (code == Code::transaction_lost ? Category::internal : Category::programming));
    CHECK_FALSE(error.retryable());
    CHECK(error.native_code().empty());
}

}  // namespace

TEST_CASE_TEMPLATE("a function that succeeds is committed, whatever it returns", Db, ROWAN_EVERY_HANDLE) {
    Db fresh;
    using Tx = typename Db::Tx;

    rowan::Result<void> nothing = fresh.handle().transaction([](Tx& tx) { store(tx, "a"); });
    rowan::must(nothing);
    CHECK(texts(fresh.connection) == "a");

    rowan::Result<int> value = fresh.handle().transaction([](Tx& tx) {
        store(tx, "b");
        return 42;
    });
    CHECK(rowan::must(value) == 42);
    CHECK(texts(fresh.connection) == "a b");

    rowan::Result<Entry> result =
        fresh.handle().transaction([](Tx& tx) { return rowan::repository<Entry>(tx).insert({.text = "c"}); });
    CHECK(rowan::must(result).text == "c");

    rowan::Result<void> no_value = fresh.handle().transaction([](Tx& tx) { return try_to_store(tx, "d"); });
    rowan::must(no_value);

    rowan::Result<std::unique_ptr<int>> moved =
        fresh.handle().transaction([](Tx&) { return std::make_unique<int>(7); });
    CHECK(*rowan::must(std::move(moved)) == 7);
    CHECK(texts(fresh.connection) == "a b c d");
}

TEST_CASE_TEMPLATE("a function that gives an error is rolled back, and the error comes back", Db, ROWAN_EVERY_HANDLE) {
    Db fresh;
    using Tx = typename Db::Tx;
    store(fresh.handle(), "a");

    const Error duplicate = error_of(fresh.handle().transaction([](Tx& tx) {
        store(tx, "b");
        return try_to_store(tx, "a");
    }));
    CHECK(duplicate.code() == Code::unique_violation);
    CHECK(duplicate.secondary() == nullptr);
    CHECK(texts(fresh.connection) == "a");

    const Error own = error_of(fresh.handle().transaction([](Tx& tx) -> rowan::Result<int> {
        store(tx, "b");
        return rowan::Failure(Error{Category::state, Code::stale, "changed my mind"});
    }));
    CHECK(own.to_string() == "state/stale: changed my mind");
    CHECK(texts(fresh.connection) == "a");
    store(fresh.handle(), "b");
    CHECK(texts(fresh.connection) == "a b");
}

TEST_CASE_TEMPLATE("an exception rolls back and goes on", Db, ROWAN_EVERY_HANDLE) {
    Db fresh;
    using Tx = typename Db::Tx;
    CHECK_THROWS_WITH_AS((void)fresh.handle().transaction([](Tx& tx) {
        store(tx, "a");
        throw std::runtime_error{"thrown on purpose"};
    }),
                         "thrown on purpose", std::runtime_error);
    CHECK(texts(fresh.connection).empty());
    // Also out of a savepoint, through the transaction around it.
    CHECK_THROWS_AS((void)fresh.handle().transaction([](Tx& tx) {
        store(tx, "a");
        (void)tx.savepoint([](Tx& inner) {
            store(inner, "b");
            throw std::runtime_error{"thrown on purpose"};
        });
    }),
                    std::runtime_error);
    CHECK(texts(fresh.connection).empty());
    store(fresh.handle(), "b");
    CHECK(texts(fresh.connection) == "b");
}

TEST_CASE_TEMPLATE("a guard that is dropped without commit has stored nothing", Db, ROWAN_EVERY_HANDLE) {
    Db fresh;
    {
        auto tx = rowan::must(fresh.handle().begin());
        CHECK(tx.active());
        store(tx, "a");
        CHECK(texts(tx) == "a");
        // Nobody else has seen it.
        auto other = fresh.connect();
        CHECK(texts(other).empty());
    }
    CHECK(texts(fresh.connection).empty());
    {
        auto tx = rowan::must(fresh.handle().begin());
        store(tx, "a");
        rowan::must(tx.commit());
        CHECK_FALSE(tx.active());
    }
    CHECK(texts(fresh.connection) == "a");
}

TEST_CASE_TEMPLATE("a transaction ends once", Db, ROWAN_EVERY_HANDLE) {
    Db fresh;
    auto tx = rowan::must(fresh.handle().begin());
    store(tx, "a");
    rowan::must(tx.commit());
    check_refused(tx.commit());
    check_refused(tx.execute(unsafe_sql{"DELETE FROM entries"}));
    check_refused(tx.begin());
    check_refused(tx.transaction([](auto&) {}));
    check_refused(rowan::repository<Entry>(tx).count());
    rowan::must(tx.rollback());
    CHECK(texts(fresh.connection) == "a");

    auto other = rowan::must(fresh.handle().begin());
    store(other, "b");
    rowan::must(other.rollback());
    CHECK_FALSE(other.active());
    rowan::must(other.rollback());
    check_refused(other.commit());
    check_refused(rowan::repository<Entry>(other).insert({.text = "c"}));
    CHECK(texts(fresh.connection) == "a");
    store(fresh.handle(), "d");
    CHECK(texts(fresh.connection) == "a d");
}

TEST_CASE_TEMPLATE("a function may end its transaction itself", Db, ROWAN_EVERY_HANDLE) {
    Db fresh;
    using Tx = typename Db::Tx;
    rowan::must(fresh.handle().transaction([](Tx& tx) {
        store(tx, "a");
        return tx.commit();
    }));
    rowan::must(fresh.handle().transaction([](Tx& tx) {
        store(tx, "b");
        return tx.rollback();
    }));
    CHECK(texts(fresh.connection) == "a");
}

TEST_CASE_TEMPLATE("a guard can be moved, and what was moved from refuses", Db, ROWAN_EVERY_HANDLE) {
    Db fresh;
    auto first = rowan::must(fresh.handle().begin());
    store(first, "a");
    auto second = std::move(first);
    CHECK(second.active());
    // NOLINTBEGIN(bugprone-use-after-move): that is what this is about.
    CHECK_FALSE(first.active());
    check_refused(first.commit());
    check_refused(first.begin());
    check_refused(first.execute(unsafe_sql{"SELECT 1"}));
    check_refused(first.transaction([](auto&) { return 1; }));
    check_refused(rowan::repository<Entry>(first).count());
    rowan::must(first.rollback());
    // NOLINTEND(bugprone-use-after-move)
    store(second, "b");
    rowan::must(second.commit());
    CHECK(texts(fresh.connection) == "a b");
}

TEST_CASE_TEMPLATE("assignment rolls back what the guard held", Db, ROWAN_EVERY_HANDLE) {
    Db fresh;
    Fresh<std::conditional_t<Db::is_sqlite, Sqlite, Postgres>> elsewhere;
    rowan::must(rowan::repository<Entry>(elsewhere.connection).create_table());

    auto tx = rowan::must(fresh.handle().begin());
    store(tx, "a");
    rowan::must(tx.commit());
    tx = rowan::must(fresh.handle().begin());
    store(tx, "b");
    auto& same = tx;
    tx = std::move(same);
    CHECK(tx.active());
    rowan::must(tx.commit());
    CHECK(texts(fresh.connection) == "a b");

    auto dropped = rowan::must(fresh.handle().begin());
    store(dropped, "c");
    auto inner = rowan::must(dropped.begin());
    store(inner, "d");
    // The savepoint that the guard held before is undone first, as if it had been dropped.
    inner = rowan::must(inner.begin());
    check_refused(inner.commit());
    rowan::must(dropped.commit());
    CHECK(texts(fresh.connection) == "a b c");
}

TEST_CASE_TEMPLATE("nothing is sent through a handle while one inside it lives", Db, ROWAN_EVERY_HANDLE) {
    Db fresh;
    auto entries = rowan::repository<Entry>(fresh.handle());
    auto tx = rowan::must(fresh.handle().begin());
    check_refused(fresh.handle().execute(unsafe_sql{"DELETE FROM entries"}));
    check_refused(fresh.handle().begin());
    check_refused(fresh.handle().transaction([](auto&) {}));
    // A repository that was bound before as well.
    check_refused(entries.insert({.text = "refused"}));
    check_refused(entries.insert(std::vector<Entry>{{.text = "refused"}}));
    check_refused(entries.count());
    check_refused(entries.create_table());
    store(tx, "a");
    {
        auto inner = rowan::must(tx.begin());
        check_refused(fresh.handle().execute(unsafe_sql{"DELETE FROM entries"}));
        check_refused(tx.execute(unsafe_sql{"DELETE FROM entries"}));
        check_refused(rowan::repository<Entry>(tx).insert({.text = "refused"}));
        check_refused(tx.begin());
        check_refused(tx.commit());
        CHECK(tx.active());
        store(inner, "b");
        rowan::must(inner.commit());
    }
    store(tx, "c");
    rowan::must(tx.commit());
    CHECK(rowan::must(entries.count()) == 3);
    CHECK(texts(fresh.connection) == "a b c");
}

TEST_CASE_TEMPLATE("a refused call leaves the transaction as it was", Db, ROWAN_EVERY_HANDLE) {
    Db fresh;
    using Tx = typename Db::Tx;
    rowan::must(fresh.handle().transaction([&](Tx& tx) {
        store(tx, "a");
        check_refused(fresh.handle().transaction([](Tx& other) { store(other, "refused"); }));
        check_refused(try_to_store(fresh.handle(), "refused"));
        store(tx, "b");
    }));
    CHECK(texts(fresh.connection) == "a b");
}

TEST_CASE_TEMPLATE("a transaction that is begun by hand is one, and begin() inside it is a savepoint", Db,
                   Direct<Sqlite>, Direct<Postgres>) {
    Db fresh;
    rowan::must(fresh.handle().execute(unsafe_sql{"BEGIN"}));
    store(fresh.handle(), "a");
    {
        auto savepoint = rowan::must(fresh.handle().begin());
        store(savepoint, "b");
    }
    {
        auto savepoint = rowan::must(fresh.handle().begin());
        store(savepoint, "c");
        rowan::must(savepoint.commit());
    }
    CHECK(texts(fresh.handle()) == "a c");
    rowan::must(fresh.handle().execute(unsafe_sql{"COMMIT"}));
    CHECK(texts(fresh.connection) == "a c");

    rowan::must(fresh.handle().execute(unsafe_sql{"BEGIN"}));
    rowan::must(fresh.handle().transaction([](auto& tx) { store(tx, "d"); }));
    rowan::must(fresh.handle().execute(unsafe_sql{"ROLLBACK"}));
    CHECK(texts(fresh.connection) == "a c");
}

TEST_CASE_TEMPLATE("a transaction that is begun by hand on a Database is refused, as its connection goes back", Db,
                   Opened<Sqlite>, Opened<Postgres>) {
    Db fresh;
    CHECK(error_of(fresh.handle().execute(unsafe_sql{"BEGIN"})).code() == Code::misuse);
    // It was rolled back, so this is stored at once.
    store(fresh.handle(), "a");
    CHECK(texts(fresh.connection) == "a");
    {
        auto lease = rowan::must(fresh.handle().acquire());
        rowan::must(lease->execute(unsafe_sql{"BEGIN"}));
        store(*lease, "b");
        rowan::must(lease->execute(unsafe_sql{"COMMIT"}));
        rowan::must(lease->execute(unsafe_sql{"BEGIN"}));
        store(*lease, "c");
    }
    CHECK(texts(fresh.connection) == "a b");
}

TEST_CASE_TEMPLATE("a transaction that is ended by hand is noticed", Db, ROWAN_EVERY_HANDLE) {
    Db fresh;
    auto tx = rowan::must(fresh.handle().begin());
    store(tx, "a");
    rowan::must(tx.execute(unsafe_sql{"COMMIT"}));
    check_refused(try_to_store(tx, "not outside a transaction"), Code::transaction_lost);
    check_refused(tx.commit(), Code::transaction_lost);
    CHECK_FALSE(tx.active());
    store(fresh.handle(), "b");
    CHECK(texts(fresh.connection) == "a b");
}

TEST_CASE_TEMPLATE("rows of a range are stored all, or none", Db, ROWAN_EVERY_HANDLE) {
    Db fresh;
    auto entries = rowan::repository<Entry>(fresh.handle());
    store(fresh.handle(), "there");
    const std::vector<Entry> good{{.text = "a"}, {.text = "b"}, {.text = "c"}};
    const std::vector<Entry> bad{{.text = "d"}, {.text = "e"}, {.text = "there"}, {.text = "f"}};

    CHECK(rowan::must(entries.insert(good)) == 3);
    CHECK(error_of(entries.insert(bad)).code() == Code::unique_violation);
    CHECK(texts(fresh.connection) == "a b c there");
    CHECK(rowan::must(entries.insert(std::vector<Entry>{})) == 0);

    // Inside a transaction only the range is undone, and the transaction goes on.
    auto tx = rowan::must(fresh.handle().begin());
    auto inside = rowan::repository<Entry>(tx);
    store(tx, "before");
    const Error error = error_of(inside.insert(bad));
    CHECK(error.code() == Code::unique_violation);
    CHECK(error.column() == "text");
    CHECK(tx.active());
    CHECK(texts(tx) == "a b before c there");
    CHECK(rowan::must(inside.insert(std::vector<Entry>{{.text = "x"}, {.text = "y"}})) == 2);
    rowan::must(tx.commit());
    CHECK(texts(fresh.connection) == "a b before c there x y");
}

TEST_CASE_TEMPLATE("a range that throws midway is undone, and what it threw goes on", Db, ROWAN_EVERY_HANDLE) {
    Db fresh;
    auto rows = std::views::iota(0, 10) | std::views::transform([](int i) {
                    if (i == 7) throw std::runtime_error{"thrown on purpose"};
                    return Entry{.text = "row " + std::to_string(i)};
                });
    CHECK_THROWS_AS((void)rowan::repository<Entry>(fresh.handle()).insert(rows), std::runtime_error);
    CHECK(texts(fresh.connection).empty());
    auto tx = rowan::must(fresh.handle().begin());
    store(tx, "before");
    CHECK_THROWS_AS((void)rowan::repository<Entry>(tx).insert(rows), std::runtime_error);
    store(tx, "after");
    rowan::must(tx.commit());
    CHECK(texts(fresh.connection) == "after before");
}

TEST_CASE_TEMPLATE("a long range with one bad row near its end leaves nothing behind", Db, ROWAN_EVERY_HANDLE) {
    Db fresh;
    auto entries = rowan::repository<Entry>(fresh.handle());
    // More than one batch.
    std::vector<Entry> rows;
    for (int i = 0; i != 2500; ++i) rows.push_back({.text = "row " + std::to_string(i)});
    rows[2400].text = "row 0";
    CHECK(error_of(entries.insert(rows)).code() == Code::unique_violation);
    CHECK(rowan::must(entries.count()) == 0);
    rows[2400].text = "row 2400";
    CHECK(rowan::must(entries.insert(rows)) == 2500);
    CHECK(rowan::must(entries.count()) == 2500);
}

TEST_CASE_TEMPLATE("a deferred foreign key that is broken at COMMIT is told, and can be put right or rolled back", Db,
                   ROWAN_EVERY_HANDLE) {
    Db fresh;
    fresh.execute(Db::is_sqlite ? "CREATE TABLE children (id INTEGER PRIMARY KEY, "
                                  "entry INTEGER REFERENCES entries (id) DEFERRABLE INITIALLY DEFERRED)"
                                : "CREATE TABLE children (id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, "
                                  "entry bigint REFERENCES entries (id) DEFERRABLE INITIALLY DEFERRED)");
    auto tx = rowan::must(fresh.handle().begin());
    rowan::must(rowan::repository<Child>(tx).insert({.entry = 77}));
    const Error error = error_of(tx.commit());
    CHECK(error.category() == Category::integrity);
    CHECK(error.code() == Code::foreign_key_violation);
    CHECK(error.statement() == "COMMIT");
    if constexpr (Db::is_sqlite) {
        // SQLite leaves the transaction open, PostgreSQL has rolled it back.
        CHECK(error.native_code() == "787");
        REQUIRE(tx.active());
        rowan::must(rowan::repository<Entry>(tx).insert({.id = 77, .text = "late"}));
        rowan::must(tx.commit());
        CHECK(rowan::must(rowan::repository<Child>(fresh.handle()).count()) == 1);
    } else {
        CHECK(error.native_code() == "23503");
        CHECK_FALSE(tx.active());
        CHECK(rowan::must(rowan::repository<Child>(fresh.handle()).count()) == 0);
    }

    // A function's transaction is rolled back on both.
    const auto before = rowan::must(rowan::repository<Child>(fresh.handle()).count());
    const Error in_function = error_of(fresh.handle().transaction([](auto& inner) {
        store(inner, "lost");
        rowan::must(rowan::repository<Child>(inner).insert({.entry = 4711}));
    }));
    CHECK(in_function.code() == Code::foreign_key_violation);
    CHECK(in_function.secondary() == nullptr);
    CHECK(rowan::must(rowan::repository<Child>(fresh.handle()).count()) == before);
    store(fresh.handle(), "later");
}

TEST_CASE_TEMPLATE("an error that was swallowed does not end in half a COMMIT", Db, ROWAN_EVERY_HANDLE) {
    Db fresh;
    store(fresh.handle(), "a");
    const rowan::Result<void> outcome = fresh.handle().transaction([](auto& tx) {
        store(tx, "b");
        CHECK(error_of(try_to_store(tx, "a")).code() == Code::unique_violation);
    });
    if constexpr (Db::is_sqlite) {
        // SQLite undoes the failed statement alone.
        rowan::must(outcome);
        CHECK(texts(fresh.connection) == "a b");
    } else {
        const Error error = error_of(outcome);
        CHECK(error.category() == Category::internal);
        CHECK(error.code() == Code::transaction_aborted);
        CHECK_FALSE(error.retryable());
        CHECK(error.secondary() == nullptr);
        CHECK(texts(fresh.connection) == "a");
    }
    store(fresh.handle(), "c");

    auto tx = rowan::must(fresh.handle().begin());
    CHECK_FALSE(try_to_store(tx, "a"));
    const rowan::Result<void> committed = tx.commit();
    CHECK_FALSE(tx.active());
    CHECK(static_cast<bool>(committed) == Db::is_sqlite);
    store(fresh.handle(), "d");
}

TEST_CASE_TEMPLATE("BEGIN that fails is told, and leaves the handle usable", Db, Direct<Sqlite>, Opened<Sqlite>) {
    Db fresh;
    auto other = rowan::must(
        rowan::sqlite::Connection::open(fresh.database.path(), {.busy_timeout = std::chrono::milliseconds{10}}));
    auto tx = rowan::must(fresh.handle().begin());
    bool called = false;
    const Error error = error_of(other.transaction([&](auto&) { called = true; }));
    CHECK(error.code() == Code::busy);
    CHECK_FALSE(called);
    store(tx, "a");
    rowan::must(tx.commit());
    rowan::must(other.transaction([&](auto& inner) { store(inner, "b"); }));
    CHECK(texts(fresh.connection) == "a b");
}

TEST_CASE_TEMPLATE("a COMMIT that finds SQLite busy can be tried again", Db, Direct<Sqlite>, Opened<Sqlite>) {
    Db fresh;
    const rowan::sqlite::Options options{.journal = rowan::sqlite::Journal::rollback,
                                         .busy_timeout = std::chrono::milliseconds{10}};
    // The last connection that uses the write-ahead log must be gone before the journal can change.
    const std::string path = fresh.database.path() + ".rollback";
    auto writer = rowan::must(rowan::sqlite::Connection::open(path, options));
    auto reader = rowan::must(rowan::sqlite::Connection::open(path, options));
    rowan::must(rowan::repository<Entry>(writer).create_table());

    auto tx = rowan::must(writer.begin());
    store(tx, "a");
    rowan::must(reader.execute(unsafe_sql{"BEGIN"}));
    CHECK(texts(reader).empty());

    const Error error = error_of(tx.commit());
    CHECK(error.native_code() == "5");
    CHECK(error.code() == Code::busy);
    CHECK(error.retryable());
    CHECK(tx.active());
    store(tx, "b");
    CHECK_FALSE(tx.commit());

    rowan::must(reader.execute(unsafe_sql{"COMMIT"}));
    rowan::must(tx.commit());
    CHECK_FALSE(tx.active());
    CHECK(texts(reader) == "a b");

    // Nobody tries again for a function: it is rolled back.
    rowan::must(reader.execute(unsafe_sql{"BEGIN"}));
    CHECK(texts(reader) == "a b");
    CHECK(error_of(writer.transaction([](auto& inner) { store(inner, "c"); })).code() == Code::busy);
    rowan::must(reader.execute(unsafe_sql{"COMMIT"}));
    CHECK(texts(reader) == "a b");
}

TEST_CASE_TEMPLATE("a transaction that SQLite has rolled back by itself is noticed before anything is sent", Db,
                   Direct<Sqlite>, Opened<Sqlite>) {
    Db fresh;
    store(fresh.handle(), "a");
    fresh.execute("CREATE TRIGGER no_b BEFORE INSERT ON entries WHEN NEW.text = 'b' BEGIN "
                  "SELECT RAISE(ROLLBACK, 'no b here'); END");

    auto tx = rowan::must(fresh.handle().begin());
    store(tx, "undone");
    const Error raised = error_of(try_to_store(tx, "b"));
    CHECK(raised.code() == Code::trigger_violation);
    CHECK(raised.message() == "no b here");
    // Each of these would be stored at once, outside any transaction.
    check_refused(try_to_store(tx, "stray"), Code::transaction_lost);
    check_refused(tx.execute(unsafe_sql{"DELETE FROM entries"}), Code::transaction_lost);
    check_refused(tx.begin(), Code::transaction_lost);
    check_refused(tx.transaction([](auto&) {}), Code::transaction_lost);
    check_refused(fresh.handle().begin());
    check_refused(tx.commit(), Code::transaction_lost);
    CHECK_FALSE(tx.active());
    CHECK(texts(fresh.handle()) == "a");

    // The same where the error is swallowed, or comes from a savepoint.
    const Error swallowed = error_of(fresh.handle().transaction([](auto& outer) {
        store(outer, "undone");
        CHECK_FALSE(outer.savepoint([](auto& inner) { return try_to_store(inner, "b"); }));
        check_refused(try_to_store(outer, "stray"), Code::transaction_lost);
    }));
    CHECK(swallowed.code() == Code::transaction_lost);
    CHECK(texts(fresh.handle()) == "a");

    const Error told = error_of(fresh.handle().transaction([](auto& outer) {
        store(outer, "undone");
        return try_to_store(outer, "b");
    }));
    CHECK(told.code() == Code::trigger_violation);
    CHECK(told.secondary() == nullptr);
    rowan::must(fresh.handle().transaction([](auto& outer) { store(outer, "c"); }));
    CHECK(texts(fresh.handle()) == "a c");
}

TEST_CASE("a transaction that a full database has rolled back is noticed") {
    Direct<Sqlite> fresh;
    store(fresh.connection, "a");
    fresh.execute("CREATE TABLE filling (text TEXT); PRAGMA max_page_count = 1");
    auto tx = rowan::must(fresh.connection.begin());
    store(tx, "undone");
    std::optional<Error> full;
    for (int i = 0; i != 100 && !full; ++i)
        if (auto done = tx.execute(unsafe_sql{"INSERT INTO filling VALUES (zeroblob(1000))"}); !done)
            full = done.error();
    REQUIRE(full);
    CHECK(full->code() == Code::disk_full);
    check_refused(try_to_store(tx, "stray"), Code::transaction_lost);
    rowan::must(tx.rollback());
    CHECK(texts(fresh.connection) == "a");
    fresh.execute("PRAGMA max_page_count = 1000");
    store(fresh.connection, "b");
    CHECK(texts(fresh.connection) == "a b");
}

TEST_CASE_TEMPLATE("a connection that is lost inside a transaction is a disconnect, and nothing is stored", Db,
                   Direct<Postgres>, Opened<Postgres>) {
    Db fresh;
    Fresh<Postgres> elsewhere;
    const auto kill = [&](auto& handle) {
        const auto pid = rowan::must(handle.template query<std::int64_t>(rowan::sql<"SELECT pg_backend_pid()">)).at(0);
        elsewhere.execute("SELECT pg_terminate_backend(" + std::to_string(pid) + ", 5000)");
    };
    // A Database opens another connection by itself.
    const auto renew = [&] {
        if constexpr (!std::is_same_v<typename Db::Handle, rowan::Database>) fresh.handle() = fresh.connect();
    };

    {
        auto tx = rowan::must(fresh.handle().begin());
        store(tx, "a");
        auto inner = rowan::must(tx.begin());
        kill(inner);
        const Error error = error_of(try_to_store(inner, "b"));
        CHECK(error.code() == Code::disconnect);
        CHECK(error.native_code() == "57P01");
        CHECK(error.retryable());
        CHECK(error_of(inner.commit()).code() == Code::disconnect);
    }
    renew();
    CHECK(texts(fresh.handle()).empty());

    // The loss is known before COMMIT is sent: nothing can have been committed.
    {
        auto tx = rowan::must(fresh.handle().begin());
        store(tx, "a");
        kill(tx);
        const Error error = error_of(tx.commit());
        INFO(error.to_string());
        CHECK(error.code() == Code::disconnect);
        CHECK(error.retryable());
    }
    renew();
    CHECK(texts(fresh.handle()).empty());

    const Error in_function = error_of(fresh.handle().transaction([&](auto& tx) {
        store(tx, "a");
        kill(tx);
        return try_to_store(tx, "b");
    }));
    CHECK(in_function.code() == Code::disconnect);
    CHECK(in_function.secondary() == nullptr);

    // The savepoint cannot even be rolled back, which the error tells as well.
    renew();
    const Error in_savepoint = error_of(fresh.handle().transaction([&](auto& tx) {
        return tx.savepoint([&](auto& inner) {
            kill(inner);
            return try_to_store(inner, "b");
        });
    }));
    CHECK(in_savepoint.code() == Code::disconnect);
    CHECK(in_savepoint.statement().find("INSERT") == 0);
    REQUIRE(in_savepoint.secondary() != nullptr);
    CHECK(in_savepoint.secondary()->code() == Code::disconnect);
    CHECK(in_savepoint.secondary()->statement().find("ROLLBACK TO SAVEPOINT") == 0);
    renew();
    CHECK(texts(fresh.handle()).empty());
}

TEST_CASE_TEMPLATE("a connection that is lost during COMMIT is in doubt, and never worth another try", Db,
                   Direct<Postgres>, Opened<Postgres>) {
    Db fresh;
    fresh.execute("CREATE FUNCTION leave() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                  "PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(5); RETURN NULL; END $$;"
                  "CREATE CONSTRAINT TRIGGER late AFTER INSERT ON entries DEFERRABLE INITIALLY DEFERRED "
                  "FOR EACH ROW EXECUTE FUNCTION leave()");
    const auto check_in_doubt = [](const Error& error) {
        INFO(error.to_string());
        CHECK(error.category() == Category::operational);
        CHECK(error.code() == Code::in_doubt);
        CHECK_FALSE(error.retryable());
        CHECK(error.native_code() == "57P01");
        CHECK(error.statement() == "COMMIT");
    };
    check_in_doubt(error_of(fresh.handle().transaction([](auto& tx) { store(tx, "a"); })));

    auto other = fresh.connect();
    auto tx = rowan::must(other.begin());
    store(tx, "a");
    check_in_doubt(error_of(tx.commit()));
    rowan::must(tx.rollback());
    CHECK_FALSE(tx.active());
}
