#include <rowan/rowan.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <source_location>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "fresh.hpp"
#include "recorder.hpp"

namespace {

using rowan::col;
using rowan::set;
using rowan::sql;
using rowan::StatementKind;
using rowan::unsafe_sql;

struct Task {
    std::int64_t id{};
    std::string name{};
    std::int64_t weight{};
};

}  // namespace

template <>
inline constexpr auto rowan::table<Task> = rowan::describe<Task>("tasks").unique<&Task::name>();

namespace {

template <class Db>
struct Watched : Fresh<Db> {
    using Connection = typename Db::Connection;
    rowan::Repository<Task, Connection> tasks{this->connection};
    std::shared_ptr<Recorder> recorder = std::make_shared<Recorder>();

    /// With `count` tasks, which the recorder has not seen.
    explicit Watched(int count = 0) {
        rowan::must(tasks.create_table());
        std::vector<Task> all;
        for (int i = 1; i <= count; ++i) all.push_back({.name = "task " + std::to_string(i), .weight = i});
        rowan::must(tasks.insert(all));
        this->connection.observe(recorder);
    }

    /// The only event since the last look.
    Seen only() {
        std::vector<Seen> seen = recorder->take();
        REQUIRE(seen.size() == 1);
        return std::move(seen.front());
    }
};

}  // namespace

TEST_CASE_TEMPLATE("an observer sees the text, the rows and the connection of each statement", Db, Sqlite, Postgres) {
    Watched<Db> watched{3};
    auto& tasks = watched.tasks;
    const std::uint64_t number = watched.connection.number();

    rowan::must(tasks.insert({.name = "one more"}));
    Seen seen = watched.only();
    CHECK(seen.text.starts_with("INSERT INTO"));
    CHECK(seen.is_constant);
    CHECK(seen.rows == 1);
    CHECK(seen.error.empty());
    CHECK(seen.connection == number);
    CHECK(seen.attempt == 1);
    CHECK(seen.line == 0);
    CHECK(seen.values.empty());
    CHECK(seen.kind == StatementKind::statement);
    CHECK(seen.duration.count() > 0);

    const auto query = tasks.where(col<&Task::weight> >= 2);
    CHECK(rowan::must(query.all()).size() == 2);
    seen = watched.only();
    CHECK(seen.text == query.sql());
    CHECK(seen.rows == 2);

    CHECK(rowan::must(tasks.find(1)));
    CHECK(watched.only().rows == 1);
    CHECK(!rowan::must(tasks.find(4711)));
    CHECK(watched.only().rows == 0);
    CHECK(rowan::must(tasks.count()) == 4);
    CHECK(watched.only().rows == 1);

    CHECK(rowan::must(tasks.where(col<&Task::weight> > 0).update(set<& Task::weight> = 7)) == 3);
    CHECK(watched.only().rows == 3);
    CHECK(rowan::must(tasks.where(col<&Task::weight> == 4711).erase()) == 0);
    seen = watched.only();
    CHECK(seen.text.starts_with("DELETE FROM"));
    // Not the number that the statement before has left.
    CHECK(seen.rows == 0);
    CHECK(rowan::must(tasks.erase(1)));
    CHECK(watched.only().rows == 1);
    (void)rowan::must(tasks.upsert({.name = "one more"}, rowan::on_conflict<&Task::name>.do_nothing()));
    CHECK(watched.only().rows == 0);
    (void)rowan::must(tasks.upsert({.name = "one more"}, rowan::on_conflict<&Task::name>.do_update()));
    CHECK(watched.only().rows == 1);
}

TEST_CASE_TEMPLATE("SQL by hand is seen, constant or not", Db, Sqlite, Postgres) {
    Watched<Db> watched{3};
    auto& connection = watched.connection;

    CHECK(rowan::must(connection.template query<std::int64_t>(sql<"SELECT id FROM tasks WHERE weight > $1">, 1)) ==
          std::vector<std::int64_t>{2, 3});
    Seen seen = watched.only();
    CHECK(seen.is_constant);
    CHECK(seen.rows == 2);

    const std::string text = "DELETE FROM tasks WHERE weight > $1";
    CHECK(rowan::must(connection.execute(unsafe_sql{text}, 2)) == 1);
    seen = watched.only();
    CHECK(!seen.is_constant);
    CHECK(seen.rows == 1);

    const std::string script = "UPDATE tasks SET weight = 5; DELETE FROM tasks";
    rowan::must(connection.execute(unsafe_sql{script}));
    seen = watched.only();
    CHECK(seen.text == script);
    CHECK(!seen.is_constant);
    CHECK(seen.rows == -1);
    CHECK(seen.kind == StatementKind::statement);
}

TEST_CASE_TEMPLATE("a statement that fails is seen with its error", Db, Sqlite, Postgres) {
    Watched<Db> watched{1};
    CHECK(!watched.tasks.insert({.name = "task 1"}));
    Seen seen = watched.only();
    CHECK(seen.error == "unique_violation");
    CHECK(seen.rows == 0);

    CHECK(!watched.connection.template query<int>(sql<"SELECT missing FROM tasks">));
    CHECK(watched.only().error == "undefined_column");

    CHECK(!watched.connection.execute(unsafe_sql{"DELETE FROM nowhere"}));
    CHECK(watched.only().error == "undefined_table");

    // The value was refused before anything was sent.
    CHECK(!watched.tasks.insert({.name = std::string{"a\0b", 3}, .weight = 1}) == !Db::is_sqlite);
    CHECK(watched.recorder->take().size() == (Db::is_sqlite ? 1 : 0));
}

TEST_CASE_TEMPLATE("a transaction's begin and end are statements, and savepoints too", Db, Sqlite, Postgres) {
    Watched<Db> watched;
    auto& connection = watched.connection;
    const auto insert = [](auto& db, std::string name) {
        return rowan::repository<Task>(db).insert({.name = std::move(name)});
    };

    rowan::must(connection.transaction([&](auto& tx) { return insert(tx, "a"); }));
    CHECK(kinds(watched.recorder->take()) == "BEGIN, ?, COMMIT");

    CHECK(!connection.transaction([&](auto& tx) -> rowan::Result<Task> {
        rowan::must(insert(tx, "b"));
        return insert(tx, "a");
    }));
    const auto failed = watched.recorder->take();
    CHECK(kinds(failed) == "BEGIN, ?, ?, ROLLBACK");
    CHECK(failed[2].error == "unique_violation");
    CHECK(failed[3].error.empty());

    rowan::must(connection.transaction([&](auto& tx) -> rowan::Result<void> {
        rowan::must(tx.savepoint([&](auto& inner) { return insert(inner, "c"); }));
        CHECK(!tx.savepoint([&](auto& inner) { return insert(inner, "a"); }));
        return {};
    }));
    CHECK(kinds(watched.recorder->take()) ==
          "BEGIN, SAVEPOINT, ?, RELEASE SAVEPOINT, SAVEPOINT, ?, ROLLBACK TO SAVEPOINT, COMMIT");
}

TEST_CASE_TEMPLATE("a statement in a transaction is seen with the place of the innermost one", Db, Sqlite, Postgres) {
    Watched<Db> watched{1};
    std::uint_least32_t outer = 0;
    std::uint_least32_t inner = 0;
    const auto work = [&](auto& tx) -> rowan::Result<void> {
        rowan::must(rowan::repository<Task>(tx).find(1));
        inner = std::source_location::current().line() + 1;
        rowan::must(tx.savepoint([&](auto& savepoint) { return rowan::repository<Task>(savepoint).count(); }));
        rowan::must(rowan::repository<Task>(tx).count());
        return {};
    };
    // Compilers differ in the line that they give to a call of several.
    outer = std::source_location::current().line() + 1;
    rowan::must(watched.connection.transaction(work));
    rowan::must(watched.tasks.count());
    std::vector<std::uint_least32_t> lines;
    const auto seen = watched.recorder->take();
    for (const Seen& one : seen) lines.push_back(one.line);
    CHECK(lines == std::vector{outer, outer, inner, inner, inner, outer, outer, std::uint_least32_t{0}});
    CHECK(seen[0].file.ends_with("observing.cpp"));
}

TEST_CASE_TEMPLATE("a place is forgotten when the transaction's function throws", Db, Sqlite, Postgres) {
    Watched<Db> watched{1};
    CHECK_THROWS_AS(
        (void)watched.connection.transaction([](auto&) -> rowan::Result<void> { throw std::runtime_error{"no"}; }),
        std::runtime_error);
    rowan::must(watched.tasks.count());
    const auto seen = watched.recorder->take();
    CHECK(kinds(seen) == "BEGIN, ROLLBACK, ?");
    CHECK(seen[2].line == 0);
}

TEST_CASE_TEMPLATE("a stream is seen once, with the rows that the program had", Db, Sqlite, Postgres) {
    Watched<Db> watched{5000};
    const auto query = watched.tasks.where(col<&Task::weight> > 0);

    SUBCASE("to its end") {
        std::int64_t rows = 0;
        for (const auto& row : rowan::must(query.stream())) rows += row ? 1 : 0;
        CHECK(rows == 5000);
        const Seen seen = watched.only();
        CHECK(seen.text == query.sql());
        CHECK(seen.is_constant);
        CHECK(seen.rows == 5000);
        CHECK(seen.error.empty());
    }
    SUBCASE("left in the middle") {
        std::int64_t rows = 0;
        for (auto stream = rowan::must(query.stream()); const auto& row : stream)
            if (!row || ++rows == 2500) break;
        const Seen seen = watched.only();
        CHECK(seen.text == query.sql());
        CHECK(seen.rows == 2500);
    }
    SUBCASE("never begun") {
        { [[maybe_unused]] const auto stream = rowan::must(query.stream()); }
        CHECK(watched.recorder->take().empty());
    }
    SUBCASE("inside a transaction, with other statements between") {
        rowan::must(watched.connection.transaction([&](auto& tx) -> rowan::Result<void> {
            auto tasks = rowan::repository<Task>(tx);
            int rows = 0;
            for (const auto& row : rowan::must(tasks.where(col<&Task::weight> > 0).stream())) {
                rowan::must(row);
                if (++rows == 3) break;
                rowan::must(tasks.find(1));
            }
            return {};
        }));
        const auto seen = watched.recorder->take();
        REQUIRE(kinds(seen) == "BEGIN, ?, ?, ?, COMMIT");
        CHECK(seen[3].text == query.sql());
        CHECK(seen[3].rows == 3);
    }
    SUBCASE("that fails") {
        watched.execute("DROP TABLE tasks");
        (void)watched.recorder->take();
        CHECK(!query.for_each([](const Task&) {}));
        CHECK(watched.only().error == "undefined_table");
    }
}

TEST_CASE_TEMPLATE("a range is seen as the statements that it takes", Db, Sqlite, Postgres) {
    Watched<Db> watched;
    std::vector<Task> all;
    for (int i = 0; i != 1500; ++i) all.push_back({.name = std::to_string(i)});
    rowan::must(watched.tasks.insert(all));
    auto seen = watched.recorder->take();
    std::int64_t rows = 0;
    for (const Seen& one : seen)
        if (one.text.starts_with("INSERT") || one.text.starts_with("COPY")) rows += one.rows;
    CHECK(rows == 1500);
    // One statement asks the range for its rows, and needs no transaction where the table has no triggers. The other
    // database is sent arrays of up to 1,000 rows; what is left goes by COPY, which asks for the columns' types before.
    CHECK(kinds(seen) == (Db::is_sqlite ? "?" : "BEGIN, ?, ?, ?, COMMIT"));

    all.resize(10);
    for (Task& task : all) task.weight = 1;
    for (int i = 0; i != 3; ++i) all.push_back({.name = "new " + std::to_string(i)});
    rowan::must(watched.tasks.upsert(all, rowan::on_conflict<&Task::name>.do_update()));
    rows = 0;
    for (const Seen& one : watched.recorder->take()) rows += one.rows;
    CHECK(rows == 13);
}

TEST_CASE_TEMPLATE("an observer that is taken away sees no more, and lives no longer", Db, Sqlite, Postgres) {
    Watched<Db> watched{3};
    const std::weak_ptr<Recorder> first = watched.recorder;
    CHECK(watched.connection.observer() == watched.recorder);
    rowan::must(watched.tasks.count());
    CHECK(watched.recorder->take().size() == 1);

    const auto second = std::make_shared<Recorder>();
    watched.connection.observe(second);
    rowan::must(watched.tasks.count());
    CHECK(watched.recorder->take().empty());
    CHECK(second->take().size() == 1);
    watched.recorder.reset();
    CHECK(first.expired());

    // What is under way when the observer changes is told to nobody.
    {
        auto stream = rowan::must(watched.tasks.query().stream());
        for (const auto& row : stream) {
            rowan::must(row);
            break;
        }
        watched.connection.observe(nullptr);
    }
    CHECK(second->take().empty());
    CHECK(watched.connection.observer() == nullptr);
    rowan::must(watched.tasks.count());
    CHECK(second->take().empty());
    CHECK(second.use_count() == 1);
}

TEST_CASE_TEMPLATE("connections have numbers of their own, which move along", Db, Sqlite, Postgres) {
    Fresh<Db> fresh;
    auto other = fresh.connect();
    CHECK(fresh.connection.number() != 0);
    CHECK(fresh.connection.number() != other.number());
    const std::uint64_t number = other.number();
    const auto recorder = std::make_shared<Recorder>();
    other.observe(recorder);
    auto moved = std::move(other);
    CHECK(moved.number() == number);
    rowan::must(moved.execute(unsafe_sql{"SELECT 1"}));
    const auto seen = recorder->take();
    REQUIRE(seen.size() == 1);
    CHECK(seen[0].connection == number);
}

TEST_CASE_TEMPLATE("one observer serves connections of several threads", Db, Sqlite, Postgres) {
    Fresh<Db> fresh;
    const auto recorder = std::make_shared<Recorder>(true);
    constexpr int statements = 50;
    std::vector<std::thread> threads;
    for (int i = 0; i != 4; ++i)
        threads.emplace_back([&] {
            auto connection = fresh.connect();
            connection.observe(recorder);
            for (int n = 0; n != statements; ++n)
                (void)connection.template query<std::int64_t>(sql<"SELECT $1 + 1">, n);
        });
    for (std::thread& thread : threads) thread.join();
    CHECK(recorder->take().size() == 4 * statements);
}

TEST_CASE_TEMPLATE("a database that is chosen at run time hands its observer on", Db, Sqlite, Postgres) {
    Fresh<Db> fresh;
    auto db = rowan::must(rowan::open(fresh.url()));
    const auto recorder = std::make_shared<Recorder>();
    db.observe(recorder);
    CHECK(db.observer() == recorder);
    rowan::must(db.transaction([](rowan::Transaction& tx) { return tx.execute(unsafe_sql{"SELECT 1"}); }));
    CHECK(kinds(recorder->take()) == "BEGIN, ?, COMMIT");
    db.observe(nullptr);
    rowan::must(db.execute(unsafe_sql{"SELECT 1"}));
    CHECK(recorder->take().empty());
}

TEST_CASE("a text tells what it does to its transaction") {
    const auto kind = [](std::string_view text) { return rowan::detail::statement_kind(text); };
    CHECK(kind("BEGIN") == StatementKind::begin);
    CHECK(kind("begin immediate") == StatementKind::begin);
    CHECK(kind(" \n START TRANSACTION ISOLATION LEVEL SERIALIZABLE;") == StatementKind::begin);
    CHECK(kind("COMMIT") == StatementKind::commit);
    CHECK(kind("END;") == StatementKind::commit);
    CHECK(kind("ROLLBACK") == StatementKind::rollback);
    CHECK(kind("ROLLBACK WORK") == StatementKind::rollback);
    CHECK(kind("SAVEPOINT a") == StatementKind::savepoint);
    CHECK(kind("RELEASE SAVEPOINT a") == StatementKind::release);
    CHECK(kind("ROLLBACK TO a") == StatementKind::rollback_to);
    CHECK(kind("ROLLBACK TRANSACTION TO SAVEPOINT a; RELEASE SAVEPOINT a") == StatementKind::rollback_to);
    CHECK(kind("ROLLBACK TO a; DELETE FROM b") == StatementKind::statement);
    CHECK(kind("BEGIN; DELETE FROM b; COMMIT") == StatementKind::statement);
    CHECK(kind("BEGINNING") == StatementKind::statement);
    CHECK(kind("begin_work()") == StatementKind::statement);
    CHECK(kind("START") == StatementKind::statement);
    CHECK(kind("SELECT 1") == StatementKind::statement);
    CHECK(kind("") == StatementKind::statement);
}
