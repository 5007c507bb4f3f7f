#include <rowan/rowan.hpp>

#include <cstdint>
#include <filesystem>
#include <ranges>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "fresh.hpp"

namespace {

struct Book {
    std::int64_t id{};
    std::string title{};
};

}  // namespace

template <>
inline constexpr auto rowan::table<Book> = rowan::describe<Book>("books").unique<&Book::title>();

namespace {

using rowan::Category;
using rowan::Code;
using rowan::Error;
using rowan::unsafe_sql;

void check_works(rowan::Database& db) {
    rowan::Repository<Book> books{db};
    rowan::must(books.create_table());
    const auto before = rowan::must(books.count());
    const Book stored = rowan::must(books.insert({.title = "Emma " + std::to_string(before)}));
    CHECK(rowan::must(books.get(stored.id)).title == stored.title);
    CHECK(rowan::must(books.count()) == before + 1);
}

/// The working directory is the test's own meanwhile.
class Inside {
public:
    explicit Inside(const std::filesystem::path& folder) : before_{std::filesystem::current_path()} {
        std::filesystem::current_path(folder);
    }
    Inside(const Inside&) = delete;
    Inside& operator=(const Inside&) = delete;
    ~Inside() { std::filesystem::current_path(before_); }

private:
    std::filesystem::path before_;
};

}  // namespace

TEST_CASE_TEMPLATE("a range that uses the database which stores it is refused where no connection is left, or asks "
                   "another",
                   Db, Sqlite, Postgres) {
    const Db database;
    for (const int size : {1, 2}) {
        rowan::Database db = rowan::must(rowan::open(database.url(), {.size = size, .max_overflow = 0}));
        rowan::Repository<Book> books{db};
        rowan::must(books.create_table());
        const auto before = rowan::must(books.count());
        std::vector<Code> refused;
        const auto asking = std::views::iota(0, 3) | std::views::transform([&](int i) {
                                const auto counted = books.count();
                                if (!counted) refused.push_back(counted.error().code());
                                // What is not committed is not seen.
                                if (counted) CHECK(*counted == before);
                                return Book{.title = std::to_string(size) + std::to_string(i)};
                            });
        CHECK(rowan::must(books.insert(asking)) == 3);
        CHECK(refused == std::vector<Code>(size == 1 ? 3 : 0, Code::wrong_handle));
        const auto throwing = std::views::iota(5, 9) | std::views::transform([&](int i) {
                                  if (i == 7) throw std::runtime_error{"no more"};
                                  return Book{.title = std::to_string(size) + std::to_string(i)};
                              });
        CHECK_THROWS_WITH(static_cast<void>(books.insert(throwing)), "no more");
        CHECK(rowan::must(books.count()) == before + 3);
        CHECK(db.pool().statistics().in_use == 0);
    }
}

TEST_CASE_TEMPLATE("a URL opens the database that it names, and keeps what is stored there", Db, Sqlite, Postgres) {
    const Db database;
    {
        rowan::Database db = rowan::must(rowan::open(database.url()));
        {
            auto lease = rowan::must(db.acquire());
            CHECK((lease->get_if<typename Db::Connection>() != nullptr));
            CHECK(
                (lease->get_if<typename std::conditional_t<Db::is_sqlite, Postgres, Sqlite>::Connection>() == nullptr));
        }
        check_works(db);
    }
    rowan::Database again = rowan::must(rowan::open(database.url()));
    CHECK(rowan::must(rowan::Repository<Book>{again}.count()) == 1);
    check_works(again);
}

TEST_CASE("every way to name an SQLite database opens it") {
    const Sqlite database;
    const auto folder = std::filesystem::path{database.path()}.parent_path();
    const Inside inside{folder};
    std::int64_t count = 0;
    for (const std::string& url :
         {std::string{"sqlite:test.db"}, std::string{"sqlite://test.db"}, "sqlite:" + database.path(),
          "sqlite://" + database.path(), "sqlite:" + database.path() + "?synchronous=full&busy_timeout=100",
          std::string{"sqlite:file:test.db"}, "sqlite:file:" + database.path() + "?mode=rw"}) {
        CAPTURE(url);
        rowan::Database db = rowan::must(rowan::open(url));
        check_works(db);
        CHECK(rowan::must(rowan::Repository<Book>{db}.count()) == ++count);
    }
    rowan::Database memory = rowan::must(rowan::open("sqlite::memory:"));
    check_works(memory);
    CHECK(rowan::must(rowan::Repository<Book>{memory}.count()) == 1);
    CHECK(std::filesystem::exists(folder / "test.db"));
    CHECK_FALSE(std::filesystem::exists(folder / ":memory:"));
}

TEST_CASE("both names of PostgreSQL's scheme open a database") {
    const Postgres database;
    std::string url = database.url();
    const std::size_t colon = url.find("://");
    for (const std::string_view scheme : {"postgresql", "postgres"}) {
        rowan::Database db = rowan::must(rowan::open(std::string{scheme} + url.substr(colon)));
        check_works(db);
    }
}

TEST_CASE("a URL that names no database of rowan's is refused, and not repeated") {
    for (const std::string_view url :
         {"", " ", ":", "sqlite", "market.db", "/var/lib/market.db", "mysql://root:secret@localhost/market",
          "postgresql:", "postgresql:market", "postgres:/market", "postgresqll://rowan:secret@localhost/market",
          " sqlite:market.db", "SQLITE:market.db", "host=localhost password=secret"}) {
        CAPTURE(url);
        const Error error = error_of(rowan::open(url));
        CHECK(error.category() == Category::programming);
        CHECK(error.code() == Code::invalid_url);
        CHECK_FALSE(error.retryable());
        CHECK(error.to_string().find("secret") == std::string::npos);
        CHECK(error.message().find("sqlite:") != std::string::npos);
    }
    for (const std::string_view url : {"sqlite:", "sqlite://", "sqlite:a.db?jurnal_mode=wal", "sqlite:%zz",
                                       "postgresql://rowan:secret%zz@localhost/market",
                                       "postgres://rowan:secret@localhost/market?no_such_option=1"}) {
        CAPTURE(url);
        const Error error = error_of(rowan::open(url));
        CHECK(error.code() == Code::invalid_url);
        CHECK(error.to_string().find("secret") == std::string::npos);
    }
}

TEST_CASE("a database that cannot be opened is told by its backend") {
    CHECK(error_of(rowan::open("sqlite:/no/such/folder/market.db")).code() == Code::cannot_open);
    CHECK(error_of(rowan::open("sqlite:/no/such/file.db?mode=ro")).code() == Code::cannot_open);
    const Error server = error_of(rowan::open("postgresql://rowan:secret@%2Fno%2Fsuch%2Ffolder/market"));
    CHECK(server.code() == Code::cannot_connect);
    CHECK(server.retryable());
    CHECK(server.to_string().find("secret") == std::string::npos);
}

TEST_CASE_TEMPLATE("a connection that is there already becomes a database", Db, Sqlite, Postgres) {
    Fresh<Db> fresh;
    rowan::Database db{std::move(fresh.connection)};
    check_works(db);
    // There is no other: it comes back when it was given back.
    auto* connection = rowan::must(db.acquire())->get_if<typename Db::Connection>();
    REQUIRE(connection != nullptr);
    // It is the same connection, transaction and all.
    auto tx = rowan::must(db.begin());
    CHECK(connection->transaction_state() == rowan::TransactionState::open);
    CHECK(error_of(connection->execute(unsafe_sql{"SELECT 1"})).code() == Code::wrong_handle);
    CHECK(error_of(rowan::repository<Book>(*connection).count()).code() == Code::wrong_handle);
    rowan::must(tx.commit());
    CHECK(rowan::must(rowan::repository<Book>(*connection).count()) == 1);
}

TEST_CASE_TEMPLATE("a database can be moved before it is used, and into a container", Db, Sqlite, Postgres) {
    const Db database;
    std::vector<rowan::Database> databases;
    databases.push_back(rowan::must(rowan::open(database.url())));
    databases.push_back(rowan::must(rowan::open(database.url())));
    for (rowan::Database& db : databases) check_works(db);
    databases[0] = std::move(databases[1]);
    databases.pop_back();
    check_works(databases[0]);
    CHECK(rowan::must(rowan::Repository<Book>{databases[0]}.count()) == 3);
}

TEST_CASE("a database may be replaced by one of the other backend") {
    const Sqlite file;
    const Postgres server;
    rowan::Database db = rowan::must(rowan::open(file.url()));
    check_works(db);
    db = rowan::must(rowan::open(server.url()));
    CHECK(rowan::must(db.acquire())->get_if<Postgres::Connection>() != nullptr);
    check_works(db);
    db = rowan::must(rowan::open(file.url()));
    CHECK(rowan::must(rowan::Repository<Book>{db}.count()) == 1);
}

TEST_CASE_TEMPLATE("a database runs SQL by hand, one statement or several", Db, Sqlite, Postgres) {
    const Db database;
    rowan::Database db = rowan::must(rowan::open(database.url()));
    rowan::must(db.execute(unsafe_sql{""}));
    rowan::must(
        db.execute(unsafe_sql{"CREATE TABLE books (id integer PRIMARY KEY, title text NOT NULL);"
                              "INSERT INTO books VALUES (1, 'Emma'); INSERT INTO books VALUES (2, 'Ulysses')"}));
    rowan::Repository<Book> books{db};
    CHECK(rowan::must(books.count()) == 2);
    const Error error = error_of(db.execute(unsafe_sql{"INSERT INTO books VALUES (3, 'Middlemarch'); SELEC"}));
    CHECK(error.code() == Code::syntax_error);
    CHECK(error.statement() == "INSERT INTO books VALUES (3, 'Middlemarch'); SELEC");
    if constexpr (Db::is_sqlite) {
        // Statement after statement is compiled and run, so the first one has been.
        CHECK(rowan::must(books.count()) == 3);
    } else {
        // PostgreSQL reads all of it first, and a text of several statements is one transaction.
        CHECK(rowan::must(books.count()) == 2);
    }
    rowan::must(db.execute(unsafe_sql{"-- nothing but a comment"}));
}

TEST_CASE_TEMPLATE("SQL with a NUL is refused as a whole", Db, Sqlite, Postgres) {
    const Db database;
    rowan::Database db = rowan::must(rowan::open(database.url()));
    using namespace std::string_view_literals;
    const Error error = error_of(db.execute(unsafe_sql{"CREATE TABLE one (a int);\0 CREATE TABLE two (a int)"sv}));
    CHECK(error.category() == Category::programming);
    CHECK(error.code() == Code::syntax_error);
    CHECK(error_of(db.execute(unsafe_sql{"SELECT * FROM one"})).code() == Code::undefined_table);
    rowan::must(db.transaction([](rowan::Transaction& tx) {
        CHECK(error_of(tx.execute(unsafe_sql{"SELECT 1\0"sv})).code() == Code::syntax_error);
        return tx.execute(unsafe_sql{"CREATE TABLE one (a int)"});
    }));
    rowan::must(db.execute(unsafe_sql{"SELECT * FROM one"}));
}

TEST_CASE_TEMPLATE("two databases on the same URL see what the other has committed", Db, Sqlite, Postgres) {
    const Db database;
    rowan::Database one = rowan::must(rowan::open(database.url()));
    rowan::Database two = rowan::must(rowan::open(database.url()));
    check_works(one);
    rowan::Repository<Book> seen{two};
    CHECK(rowan::must(seen.count()) == 1);
    auto tx = rowan::must(one.begin());
    rowan::must(rowan::repository<Book>(tx).insert({.title = "Ulysses"}));
    CHECK(rowan::must(seen.count()) == 1);
    rowan::must(tx.commit());
    CHECK(rowan::must(seen.count()) == 2);
}

TEST_CASE_TEMPLATE("a database lends its connection in its own type", Db, Sqlite, Postgres) {
    const Db database;
    rowan::Database db = rowan::must(rowan::open(database.url()));
    const auto name = [](auto& connection) -> rowan::Result<std::string> {
        if constexpr (std::is_same_v<std::remove_reference_t<decltype(connection)>, Sqlite::Connection>)
            return std::string{"SQLite"};
        else
            return std::string{"PostgreSQL"};
    };
    const std::string expected = Db::is_sqlite ? "SQLite" : "PostgreSQL";
    CHECK(rowan::must(db.lend(name)) == expected);
    auto tx = rowan::must(db.begin());
    CHECK(error_of(db.lend(name)).code() == Code::wrong_handle);
    CHECK(rowan::must(tx.lend(name)) == expected);
}
