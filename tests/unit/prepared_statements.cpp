#include <rowan/rowan.hpp>

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <sqlite3.h>

#include "fresh.hpp"

namespace {

struct Fruit {
    std::int64_t id{};
    std::string name{};
    std::int64_t grams{};
};

/// The same table after it has been changed behind the program's back.
struct Wider {
    std::int64_t id{};
    std::string name{};
    std::int64_t grams{};
    std::string colour{};
};

struct Maybe {
    std::int64_t id{};
    std::optional<std::string> text{};
};

}  // namespace

template <>
inline constexpr auto rowan::table<Fruit> = rowan::describe<Fruit>("fruits").unique<&Fruit::name>();
template <>
inline constexpr auto rowan::table<Wider> = rowan::describe<Wider>("fruits").unique<&Wider::name>();

namespace {

using rowan::Code;
using rowan::Error;
using rowan::unsafe_sql;
using SqliteConnection = rowan::sqlite::Connection;
using PostgresConnection = rowan::postgres::Connection;

constinit rowan::Statement all_names{"SELECT name FROM fruits ORDER BY name", {}};

/// How many statements whose text begins with `text` this connection holds prepared.
int prepared(SqliteConnection& connection, std::string_view text) {
    int count = 0;
    for (sqlite3_stmt* statement = sqlite3_next_stmt(connection.native(), nullptr); statement != nullptr;
         statement = sqlite3_next_stmt(connection.native(), statement))
        if (std::string_view{sqlite3_sql(statement)}.substr(0, text.size()) == text) ++count;
    return count;
}

int prepared(PostgresConnection& connection, std::string_view text) {
    const std::string sql{"SELECT statement FROM pg_prepared_statements"};
    const std::unique_ptr<PGresult, decltype(&PQclear)> result{PQexec(connection.native(), sql.c_str()), &PQclear};
    REQUIRE(PQresultStatus(result.get()) == PGRES_TUPLES_OK);
    int count = 0;
    for (int row = 0; row != PQntuples(result.get()); ++row)
        if (std::string_view{PQgetvalue(result.get(), row, 0)}.substr(0, text.size()) == text) ++count;
    return count;
}

template <class Connection>
void store(Connection& connection, std::initializer_list<const char*> names) {
    auto fruits = rowan::repository<Fruit>(connection);
    rowan::must(fruits.create_table());
    std::int64_t grams = 100;
    for (const char* name : names) rowan::must(fruits.insert({.name = name, .grams = grams++}));
}

template <class Execution>
std::string next_name(Execution& execution) {
    if (!rowan::must(execution.next())) return "the end";
    std::string_view text;
    CHECK(execution.cell(0).get(text) == rowan::Fault::none);
    return std::string{text};
}

}  // namespace

TEST_CASE_TEMPLATE("a statement is prepared once per connection, however often it runs", Db, Sqlite, Postgres) {
    Fresh<Db> fresh;
    store(fresh.connection, {"apple", "pear"});
    // SQLite's hands its row over.
    const std::string columns = "\"id\", \"name\", \"grams\"";
    const std::string select =
        "SELECT " + (Db::is_sqlite ? "rowan_take(" + columns + ')' : columns) + " FROM \"fruits\" WHERE \"id\" = ";
    const std::string insert = "INSERT INTO \"fruits\"";
    auto fruits = rowan::repository<Fruit>(fresh.connection);
    CHECK(prepared(fresh.connection, select) == 0);
    CHECK(prepared(fresh.connection, insert) == 1);
    for (int i = 0; i != 50; ++i) {
        CHECK(rowan::must(fruits.get(1)).name == "apple");
        CHECK_FALSE(rowan::must(fruits.find(4711 + i)));
        // Whether it is through the same repository, another one, or a transaction.
        CHECK(rowan::must(rowan::repository<Fruit>(fresh.connection).get(2)).name == "pear");
        const Fruit plum = rowan::must(fresh.connection.transaction(
            [](auto& tx) { return rowan::repository<Fruit>(tx).insert({.name = "plum", .grams = 1}); }));
        CHECK(rowan::must(fruits.erase(plum)));
    }
    CHECK(prepared(fresh.connection, select) == 1);
    CHECK(prepared(fresh.connection, insert) == 1);

    auto other = fresh.connect();
    CHECK(prepared(other, select) == 0);
    CHECK(rowan::must(rowan::repository<Fruit>(other).get(1)).name == "apple");
    CHECK(prepared(other, select) == 1);
    CHECK(prepared(fresh.connection, select) == 1);
}

TEST_CASE_TEMPLATE("a statement moves with its connection", Db, Sqlite, Postgres) {
    Fresh<Db> fresh;
    store(fresh.connection, {"apple"});
    auto moved = std::move(fresh.connection);
    CHECK(prepared(moved, "INSERT") == 1);
    rowan::must(rowan::repository<Fruit>(moved).insert({.name = "pear", .grams = 1}));
    CHECK(prepared(moved, "INSERT") == 1);
    fresh.connection = fresh.connect();
    CHECK(prepared(fresh.connection, "INSERT") == 0);
    rowan::must(rowan::repository<Fruit>(fresh.connection).insert({.name = "plum", .grams = 1}));
}

TEST_CASE_TEMPLATE("a statement that was prepared in a transaction outlives its rollback", Db, Sqlite, Postgres) {
    Fresh<Db> fresh;
    rowan::must(rowan::repository<Fruit>(fresh.connection).create_table());
    {
        auto tx = rowan::must(fresh.connection.begin());
        rowan::must(rowan::repository<Fruit>(tx).insert({.name = "apple", .grams = 1}));
    }
    rowan::must(rowan::repository<Fruit>(fresh.connection).insert({.name = "apple", .grams = 1}));
    CHECK(prepared(fresh.connection, "INSERT") == 1);
    CHECK(rowan::must(rowan::repository<Fruit>(fresh.connection).count()) == 1);
}

TEST_CASE_TEMPLATE("a statement may run while it is under way already", Db, Sqlite, Postgres) {
    using Execution = typename Db::Connection::Execution;
    Fresh<Db> fresh;
    store(fresh.connection, {"apple", "pear", "plum"});
    for (int round = 0; round != 3; ++round) {
        Execution outer{fresh.connection, all_names};
        CHECK(next_name(outer) == "apple");
        {
            Execution inner{fresh.connection, all_names};
            CHECK(next_name(inner) == "apple");
            CHECK(next_name(inner) == "pear");
            CHECK(next_name(outer) == "pear");
            Execution innermost{fresh.connection, all_names};
            CHECK(next_name(innermost) == "apple");
            CHECK(next_name(inner) == "plum");
            CHECK(next_name(inner) == "the end");
        }
        CHECK(next_name(outer) == "plum");
        CHECK(next_name(outer) == "the end");
    }
    // What was prepared beside it has gone again.
    CHECK(prepared(fresh.connection, all_names.text()) == 1);
}

TEST_CASE_TEMPLATE("a statement that was left half-read starts from the first row again", Db, Sqlite, Postgres) {
    using Execution = typename Db::Connection::Execution;
    Fresh<Db> fresh;
    store(fresh.connection, {"apple", "pear", "plum"});
    for (int i = 0; i != 3; ++i) {
        Execution execution{fresh.connection, all_names};
        CHECK(next_name(execution) == "apple");
        CHECK(next_name(execution) == "pear");
    }
    CHECK(prepared(fresh.connection, all_names.text()) == 1);
    // And holds no lock.
    auto other = fresh.connect();
    rowan::must(rowan::repository<Fruit>(other).insert({.name = "quince", .grams = 1}));
    rowan::must(rowan::repository<Fruit>(other).drop_table());
}

TEST_CASE_TEMPLATE("a statement that failed runs again", Db, Sqlite, Postgres) {
    Fresh<Db> fresh;
    auto fruits = rowan::repository<Fruit>(fresh.connection);
    // It cannot be prepared before the table is there.
    CHECK(error_of(fruits.insert({.name = "apple"})).code() == Code::undefined_table);
    CHECK(error_of(fruits.count()).code() == Code::undefined_table);
    CHECK(prepared(fresh.connection, "INSERT") == 0);
    rowan::must(fruits.create_table());
    CHECK(rowan::must(fruits.count()) == 0);
    for (int i = 0; i != 3; ++i) {
        const std::string name = "apple " + std::to_string(i);
        rowan::must(fruits.insert({.name = name, .grams = i}));
        CHECK(error_of(fruits.insert({.name = name, .grams = i})).code() == Code::unique_violation);
    }
    CHECK(rowan::must(fruits.count()) == 3);
    CHECK(prepared(fresh.connection, "INSERT") == 1);
}

TEST_CASE_TEMPLATE("nothing of one run is left for the next", Db, Sqlite, Postgres) {
    Fresh<Db> fresh;
    auto rows = rowan::repository<Maybe>(fresh.connection);
    rowan::must(rows.create_table());
    const std::string long_text(100'000, 'x');
    rowan::must(rows.insert({.text = long_text}));
    rowan::must(rows.insert({.text = std::nullopt}));
    rowan::must(rows.insert({.text = ""}));
    rowan::must(rows.insert({.text = "short"}));
    CHECK(rowan::must(rows.get(1)).text == long_text);
    CHECK(rowan::must(rows.get(2)).text == std::nullopt);
    CHECK(rowan::must(rows.get(3)).text == "");
    CHECK(rowan::must(rows.get(4)).text == "short");
}

TEST_CASE_TEMPLATE("a table may change behind a prepared statement", Db, Sqlite, Postgres) {
    Fresh<Db> fresh;
    store(fresh.connection, {"apple"});
    auto other = fresh.connect();
    const auto change = [&](const char* sql) { rowan::must(other.execute(unsafe_sql{sql})); };
    auto fruits = rowan::repository<Fruit>(fresh.connection);
    rowan::must(fruits.all());
    CHECK(rowan::must(fruits.get(1)).grams == 100);

    // Columns that the struct does not name are left alone.
    change("ALTER TABLE fruits ADD COLUMN colour text DEFAULT 'green' NOT NULL");
    CHECK(rowan::must(fruits.get(1)).grams == 100);
    rowan::must(fruits.insert({.name = "pear", .grams = 200}));
    CHECK(rowan::must(fruits.all()).size() == 2);
    auto wider = rowan::repository<Wider>(fresh.connection);
    CHECK(rowan::must(wider.get(2)).colour == "green");

    change("ALTER TABLE fruits RENAME COLUMN grams TO weight");
    CHECK(error_of(fruits.get(1)).code() == Code::undefined_column);
    CHECK(error_of(fruits.insert({.name = "plum", .grams = 300})).code() == Code::undefined_column);
    change("ALTER TABLE fruits RENAME COLUMN weight TO grams");
    CHECK(rowan::must(fruits.get(1)).name == "apple");
    rowan::must(fruits.insert({.name = "plum", .grams = 300}));

    change("ALTER TABLE fruits DROP COLUMN colour");
    CHECK(error_of(wider.get(2)).code() == Code::undefined_column);
    CHECK(rowan::must(fruits.all()).size() == 3);

    // Gone, and made again.
    change("DROP TABLE fruits");
    CHECK(error_of(fruits.all()).code() == Code::undefined_table);
    store(other, {"quince"});
    CHECK(rowan::must(fruits.get(1)).name == "quince");
    rowan::must(fruits.insert({.name = "plum", .grams = 300}));
    CHECK(rowan::must(fruits.all()).size() == 2);
}

TEST_CASE_TEMPLATE("a table may change in the middle of a transaction that has not used it yet", Db, Sqlite, Postgres) {
    Fresh<Db> fresh;
    store(fresh.connection, {"apple"});
    auto tx = rowan::must(fresh.connection.begin());
    rowan::must(tx.execute(unsafe_sql{"ALTER TABLE fruits ADD COLUMN colour text DEFAULT 'green' NOT NULL"}));
    auto wider = rowan::repository<Wider>(tx);
    CHECK(rowan::must(wider.all()).size() == 1);
    rowan::must(rowan::repository<Fruit>(tx).insert({.name = "pear", .grams = 1}));
    CHECK(rowan::must(wider.all()).size() == 2);
    rowan::must(tx.rollback());
    CHECK(error_of(rowan::repository<Wider>(fresh.connection).all()).code() == Code::undefined_column);
    CHECK(rowan::must(rowan::repository<Fruit>(fresh.connection).count()) == 1);
}

TEST_CASE_TEMPLATE("threads may be the first to use a statement at the same time, each on its connection", Db, Sqlite,
                   Postgres) {
    Fresh<Db> fresh;
    store(fresh.connection, {"apple", "pear"});
    std::array<std::string, 8> outcomes;
    std::vector<typename Db::Connection> connections;
    for (std::size_t i = 0; i != outcomes.size(); ++i) connections.push_back(fresh.connect());
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i != outcomes.size(); ++i)
        threads.emplace_back([&, i] {
            auto fruits = rowan::repository<Fruit>(connections[i]);
            for (int round = 0; round != 20; ++round) {
                auto heavy = fruits.where(rowan::col<&Fruit::grams> > 100).first();
                auto pear = fruits.template find_by<&Fruit::name>("pear");
                if (!heavy || !*heavy || !pear || !*pear) {
                    outcomes[i] = !heavy ? heavy.error().to_string() : "no row";
                    return;
                }
                outcomes[i] = (*heavy)->name + " " + (*pear)->name;
            }
        });
    for (std::thread& thread : threads) thread.join();
    for (const std::string& outcome : outcomes) CHECK(outcome == "pear pear");
}
