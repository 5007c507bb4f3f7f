#include <rowan/rowan.hpp>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

#include <sqlite3.h>

#include "fresh.hpp"

// Here and not in the headers, so that a program does not ask it of each of its files.
static_assert(rowan::Backend<rowan::sqlite::Connection>);
static_assert(rowan::Backend<rowan::postgres::Connection>);

namespace {

struct Item {
    std::int64_t id{};
    std::string name{};
};

struct Moment {
    std::int64_t id{};
    rowan::Timestamp time{};
};

}  // namespace

template <>
inline constexpr auto rowan::table<Item> = rowan::describe<Item>("items");

namespace {

using rowan::Category;
using rowan::Code;
using rowan::Error;
using rowan::unsafe_sql;
using rowan::sqlite::Access;
using rowan::sqlite::Journal;
using rowan::sqlite::Options;
using rowan::sqlite::Synchronous;
using SqliteConnection = rowan::sqlite::Connection;
using PostgresConnection = rowan::postgres::Connection;

/// The first value that a statement gives, asked behind rowan's back.
std::string ask(SqliteConnection& connection, const std::string& sql) {
    std::string answer = "nothing";
    const auto take = [](void* target, int, char** values, char**) {
        *static_cast<std::string*>(target) = values[0] != nullptr ? values[0] : "NULL";
        return 0;
    };
    REQUIRE(sqlite3_exec(connection.native(), sql.c_str(), take, &answer, nullptr) == SQLITE_OK);
    return answer;
}

std::string ask(PostgresConnection& connection, const std::string& sql) {
    const std::unique_ptr<PGresult, decltype(&PQclear)> result{PQexec(connection.native(), sql.c_str()), &PQclear};
    REQUIRE_MESSAGE(PQresultStatus(result.get()) == PGRES_TUPLES_OK, PQerrorMessage(connection.native()));
    return PQntuples(result.get()) != 0 ? PQgetvalue(result.get(), 0, 0) : "nothing";
}

template <class Connection>
void check_works(Connection& connection) {
    auto items = rowan::repository<Item>(connection);
    rowan::must(items.create_table());
    const Item stored = rowan::must(items.insert({.name = "pear"}));
    CHECK(rowan::must(items.get(stored.id)).name == "pear");
}

/// A variable of the environment, until the end of the test.
class Variable {
public:
    Variable(std::string name, const std::string& value) : name_{std::move(name)} {
        if (const char* before = std::getenv(name_.c_str())) before_ = before;
        setenv(name_.c_str(), value.c_str(), 1);
    }
    Variable(const Variable&) = delete;
    Variable& operator=(const Variable&) = delete;
    ~Variable() {
        if (before_)
            setenv(name_.c_str(), before_->c_str(), 1);
        else
            unsetenv(name_.c_str());
    }

private:
    std::string name_;
    std::optional<std::string> before_{};
};

/// What is written to stderr meanwhile.
class CapturedStderr {
public:
    CapturedStderr() : file_{std::tmpfile()}, before_{::dup(2)} {
        REQUIRE(file_ != nullptr);
        std::fflush(stderr);
        ::dup2(::fileno(file_), 2);
    }
    CapturedStderr(const CapturedStderr&) = delete;
    CapturedStderr& operator=(const CapturedStderr&) = delete;
    ~CapturedStderr() {
        restore();
        std::fclose(file_);
    }
    std::string take() {
        restore();
        std::rewind(file_);
        std::array<char, 4096> text{};
        return {text.data(), std::fread(text.data(), 1, text.size(), file_)};
    }

private:
    void restore() {
        if (before_ < 0) return;
        std::fflush(stderr);
        ::dup2(before_, 2);
        ::close(before_);
        before_ = -1;
    }

    std::FILE* file_;
    int before_;
};

std::string encoded(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string result;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        result += '%';
        result += digits[byte >> 4];
        result += digits[byte & 15];
    }
    return result;
}

/// A setting of the test server's URL, or nothing.
std::string part_of_server(std::string_view keyword) {
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options{
        PQconninfoParse(Postgres::server().c_str(), nullptr), &PQconninfoFree};
    REQUIRE(options);
    for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option)
        if (option->keyword == keyword && option->val != nullptr) return option->val;
    return {};
}

void check_invalid_url(const rowan::Result<rowan::sqlite::Location>& parsed) {
    const Error error = error_of(parsed);
    INFO(error.to_string());
    CHECK(error.category() == Category::programming);
    CHECK(error.code() == Code::invalid_url);
}

}  // namespace

TEST_CASE("an SQLite connection is opened on a file, in memory, or by an SQLite URI") {
    const Sqlite database;
    {
        auto file = rowan::must(SqliteConnection::open(database.path()));
        check_works(file);
    }
    auto again = rowan::must(SqliteConnection::open(database.path(), {.access = Access::read_write}));
    CHECK(rowan::must(rowan::repository<Item>(again).count()) == 1);

    auto memory = rowan::must(SqliteConnection::open(":memory:"));
    check_works(memory);
    auto other_memory = rowan::must(SqliteConnection::open(":memory:"));
    CHECK(error_of(rowan::repository<Item>(other_memory).count()).code() == Code::undefined_table);

    const std::string shared = "file:" + testing::unique_name() + "?mode=memory&cache=shared";
    auto one = rowan::must(SqliteConnection::open(shared));
    check_works(one);
    auto two = rowan::must(SqliteConnection::open(shared));
    CHECK(rowan::must(rowan::repository<Item>(two).count()) == 1);

    auto uri =
        rowan::must(SqliteConnection::open("file:" + database.path() + "?mode=ro", {.access = Access::read_only}));
    CHECK(rowan::must(rowan::repository<Item>(uri).count()) == 1);
    CHECK(error_of(rowan::repository<Item>(uri).insert({.name = "x"})).code() == Code::read_only);
}

TEST_CASE("an SQLite connection is set up as its options say") {
    const Sqlite database;
    {
        auto by_default = rowan::must(SqliteConnection::open(database.path()));
        CHECK(ask(by_default, "PRAGMA journal_mode") == "wal");
        CHECK(ask(by_default, "PRAGMA synchronous") == "1");
        CHECK(ask(by_default, "PRAGMA foreign_keys") == "1");
        CHECK(ask(by_default, "PRAGMA busy_timeout") == "5000");
    }
    const std::pair<Journal, std::string_view> journals[] = {
        {Journal::wal, "wal"},         {Journal::rollback, "delete"}, {Journal::truncate, "truncate"},
        {Journal::persist, "persist"}, {Journal::memory, "memory"},   {Journal::off, "off"}};
    for (const auto& [journal, name] : journals) {
        CAPTURE(name);
        auto connection = rowan::must(SqliteConnection::open(database.path(), {.journal = journal}));
        CHECK(ask(connection, "PRAGMA journal_mode") == name);
        check_works(connection);
    }
    const std::pair<Synchronous, std::string_view> levels[] = {
        {Synchronous::off, "0"}, {Synchronous::normal, "1"}, {Synchronous::full, "2"}, {Synchronous::extra, "3"}};
    for (const auto& [synchronous, number] : levels) {
        auto connection = rowan::must(SqliteConnection::open(database.path(), {.synchronous = synchronous}));
        CHECK(ask(connection, "PRAGMA synchronous") == number);
    }
    auto others = rowan::must(SqliteConnection::open(
        database.path(), {.busy_timeout = std::chrono::milliseconds{77}, .foreign_keys = false}));
    CHECK(ask(others, "PRAGMA busy_timeout") == "77");
    CHECK(ask(others, "PRAGMA foreign_keys") == "0");
    rowan::must(others.execute(unsafe_sql{"CREATE TABLE child (item INTEGER REFERENCES items (id));"
                                          "INSERT INTO child VALUES (4711)"}));
    // More than SQLite can count is not less than nothing.
    auto patient = rowan::must(
        SqliteConnection::open(database.path(), {.busy_timeout = std::chrono::milliseconds{std::int64_t{1} << 31}}));
    CHECK(ask(patient, "PRAGMA busy_timeout") == "2147483647");
}

TEST_CASE("a journal that cannot be had is an error, and no silent change of what is durable") {
    // A temporary database, which has no name, has no write-ahead log.
    const Error error = error_of(SqliteConnection::open(""));
    INFO(error.to_string());
    CHECK(error.category() == Category::not_supported);
    CHECK(error.code() == Code::not_supported);
    CHECK(error.message().find("wal") != std::string::npos);
    auto temporary = rowan::must(SqliteConnection::open("", {.journal = Journal::rollback}));
    check_works(temporary);
}

TEST_CASE("a missing file is created only where that is wanted") {
    const Sqlite database;
    for (const Access access : {Access::read_only, Access::read_write}) {
        const Error error = error_of(SqliteConnection::open(database.path(), {.access = access}));
        INFO(error.to_string());
        CHECK(error.category() == Category::operational);
        CHECK(error.code() == Code::cannot_open);
        CHECK(error.native_code() == "14");
        CHECK(error.message().find(database.path()) != std::string::npos);
        CHECK_FALSE(std::filesystem::exists(database.path()));
    }
    rowan::must(SqliteConnection::open(database.path()));
    CHECK(std::filesystem::exists(database.path()));
}

TEST_CASE("a folder is no database") {
    const Sqlite database;
    const auto folder = std::filesystem::path{database.path()}.parent_path();
    CHECK(error_of(SqliteConnection::open(folder.string())).code() == Code::cannot_open);
    CHECK(std::filesystem::is_directory(folder));
}

TEST_CASE("a path is taken letter by letter") {
    const Sqlite database;
    const auto folder = std::filesystem::path{database.path()}.parent_path();
    for (const std::string name : {"two words.db", "50%.db", "%41.db", "it's.db", "\"quoted\".db",
                                   "gr\xC3\xBC\xC3\x9F"
                                   "e \xE2\x82\xAC.db",
                                   "a?b=c.db", "a#b.db", "a&b.db", "semi;colon.db", "-dash.db", " space "}) {
        CAPTURE(name);
        const auto path = folder / name;
        {
            auto connection = rowan::must(SqliteConnection::open(path.string()));
            check_works(connection);
        }
        CHECK(std::filesystem::exists(path));
        auto through_url = rowan::must(rowan::open("sqlite:" + encoded(path.string()) + "?mode=ro"));
        CHECK(rowan::must(rowan::repository<Item>(through_url).count()) == 1);
    }
    const Error nul = error_of(SqliteConnection::open(database.path() + std::string{"\0hidden", 7}));
    CHECK(nul.category() == Category::programming);
    CHECK(nul.code() == Code::invalid_url);
    CHECK_FALSE(std::filesystem::exists(database.path()));
}

TEST_CASE("an sqlite: URL names a path") {
    const std::pair<std::string_view, std::string_view> urls[] = {
        {"market.db", "market.db"},
        {"//market.db", "market.db"},
        {"data/market.db", "data/market.db"},
        {"/var/lib/market.db", "/var/lib/market.db"},
        {"///var/lib/market.db", "/var/lib/market.db"},
        {":memory:", ":memory:"},
        {"a%20b%25%3F%23.db", "a b%?#.db"},
        {"%c3%BC.db", "\xC3\xBC.db"},
        {"a+b.db", "a+b.db"},
        {"file:market.db?mode=ro&cache=shared", "file:market.db?mode=ro&cache=shared"},
        {"file:a%20b.db", "file:a%20b.db"},
    };
    for (const auto& [url, path] : urls) {
        CAPTURE(url);
        const auto location = rowan::must(rowan::sqlite::parse_url(url));
        CHECK(location.path == path);
        CHECK(location.options.access == Access::create);
        CHECK(location.options.journal == Journal::wal);
        CHECK(location.options.synchronous == Synchronous::normal);
        CHECK(location.options.busy_timeout == std::chrono::milliseconds{5000});
        CHECK(location.options.foreign_keys);
    }
}

TEST_CASE("an sqlite: URL sets every option by its name") {
    const auto options = [](const std::string& query) {
        const auto location = rowan::must(rowan::sqlite::parse_url("market.db?" + query));
        CHECK(location.path == "market.db");
        return location.options;
    };
    CHECK(options("mode=ro").access == Access::read_only);
    CHECK(options("mode=rw").access == Access::read_write);
    CHECK(options("mode=rwc").access == Access::create);
    CHECK(options("journal_mode=wal").journal == Journal::wal);
    CHECK(options("journal_mode=delete").journal == Journal::rollback);
    CHECK(options("journal_mode=truncate").journal == Journal::truncate);
    CHECK(options("journal_mode=persist").journal == Journal::persist);
    CHECK(options("journal_mode=memory").journal == Journal::memory);
    CHECK(options("journal_mode=off").journal == Journal::off);
    CHECK(options("synchronous=off").synchronous == Synchronous::off);
    CHECK(options("synchronous=normal").synchronous == Synchronous::normal);
    CHECK(options("synchronous=full").synchronous == Synchronous::full);
    CHECK(options("synchronous=extra").synchronous == Synchronous::extra);
    CHECK(options("busy_timeout=0").busy_timeout == std::chrono::milliseconds{0});
    CHECK(options("busy_timeout=250").busy_timeout == std::chrono::milliseconds{250});
    CHECK(options("foreign_keys=on").foreign_keys);
    CHECK_FALSE(options("foreign_keys=off").foreign_keys);

    const Options several = options("mode=rw&journal_mode=delete&&synchronous=%66ull&busy_timeout=1&foreign_keys=off&");
    CHECK(several.access == Access::read_write);
    CHECK(several.journal == Journal::rollback);
    CHECK(several.synchronous == Synchronous::full);
    CHECK(several.busy_timeout == std::chrono::milliseconds{1});
    CHECK_FALSE(several.foreign_keys);
    CHECK(options("").journal == Journal::wal);
}

TEST_CASE("an sqlite: URL with a slip of the pen is refused") {
    for (const std::string_view url : {"",
                                       "//",
                                       "?mode=ro",
                                       "//?mode=ro",
                                       "a%.db",
                                       "a%2.db",
                                       "a%zz.db",
                                       "a%00.db",
                                       "a.db?mode=rx",
                                       "a.db?mode",
                                       "a.db?mode=RO",
                                       "a.db?jurnal_mode=wal",
                                       "a.db?journal_mode=",
                                       "a.db?journal_mode=wall",
                                       "a.db?synchronous=2",
                                       "a.db?busy_timeout=",
                                       "a.db?busy_timeout=-1",
                                       "a.db?busy_timeout=5s",
                                       "a.db?busy_timeout=99999999999",
                                       "a.db?foreign_keys=1",
                                       "a.db?mode=ro&nonsense=1",
                                       "a.db?mode=%zz",
                                       "a.db?=ro",
                                       "a.db?cache=shared"}) {
        CAPTURE(url);
        check_invalid_url(rowan::sqlite::parse_url(url));
    }
    CHECK(error_of(rowan::sqlite::parse_url("a.db?jurnal_mode=wal")).message().find("jurnal_mode") !=
          std::string::npos);
}

TEST_CASE("eight threads that open the same new file at once all succeed") {
    const Sqlite database;
    std::array<std::string, 8> failures;
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i != failures.size(); ++i)
        threads.emplace_back([&, i] {
            auto connection = SqliteConnection::open(database.path());
            if (!connection) {
                failures[i] = connection.error().to_string();
                return;
            }
            auto items = rowan::repository<Item>(*connection);
            if (auto made = items.create_table(); !made) failures[i] = made.error().to_string();
            if (auto stored = items.insert({.name = std::to_string(i)}); !stored)
                failures[i] = stored.error().to_string();
        });
    for (std::thread& thread : threads) thread.join();
    for (const std::string& failure : failures) CHECK(failure == "");
    auto connection = rowan::must(database.connect());
    CHECK(rowan::must(rowan::repository<Item>(connection).count()) == 8);
    CHECK(ask(connection, "PRAGMA journal_mode") == "wal");
}

TEST_CASE_TEMPLATE("a connection that was moved goes on, and the one that it replaces is closed", Db, Sqlite,
                   Postgres) {
    Fresh<Db> fresh;
    check_works(fresh.connection);
    auto moved = std::move(fresh.connection);
    CHECK(rowan::must(rowan::repository<Item>(moved).count()) == 1);

    auto other = fresh.connect();
    CHECK(rowan::must(rowan::repository<Item>(other).count()) == 1);
    const auto* native = moved.native();
    other = std::move(moved);
    CHECK(other.native() == native);
    CHECK(rowan::must(rowan::repository<Item>(other).count()) == 1);
    fresh.connection = std::move(other);
    check_works(fresh.connection);
}

TEST_CASE_TEMPLATE("a connection may be used by one thread after the other", Db, Sqlite, Postgres) {
    Fresh<Db> fresh;
    check_works(fresh.connection);
    std::int64_t count = 0;
    std::thread{[&, connection = std::move(fresh.connection)]() mutable {
        auto counted = rowan::repository<Item>(connection).count();
        if (counted) count = *counted;
        fresh.connection = std::move(connection);
    }}.join();
    CHECK(count == 1);
    CHECK(rowan::must(rowan::repository<Item>(fresh.connection).count()) == 1);
}

TEST_CASE_TEMPLATE("a transaction that is open when its connection goes has stored nothing", Db, Sqlite, Postgres) {
    Fresh<Db> fresh;
    rowan::must(rowan::repository<Item>(fresh.connection).create_table());
    {
        auto brief = fresh.connect();
        rowan::must(brief.execute(unsafe_sql{"BEGIN"}));
        rowan::must(rowan::repository<Item>(brief).insert({.name = "lost"}));
    }
    CHECK(rowan::must(rowan::repository<Item>(fresh.connection).count()) == 0);
    rowan::must(rowan::repository<Item>(fresh.connection).insert({.name = "kept"}));
}

TEST_CASE("a postgresql:// URL may hold any character, percent-encoded") {
    Fresh<Postgres> fresh;
    const std::string name = testing::unique_name() + " \xC3\xBC@:/?#[]%\\'";
    fresh.execute("CREATE ROLE \"" + name + "\" LOGIN PASSWORD 'irrelevant'");
    fresh.execute("CREATE DATABASE \"" + name + "\" OWNER \"" + name + "\" TEMPLATE template0");
    for (const std::string_view scheme : {"postgresql://", "postgres://"}) {
        std::string url{scheme};
        url.append(encoded(name)).append(":").append(encoded("p@ss:/%?#")).append("@");
        url.append(encoded(part_of_server("host"))).append(":").append(part_of_server("port"));
        url.append("/").append(encoded(name)).append("?application_name=").append(encoded("it's 100%"));
        auto connection = rowan::must(PostgresConnection::open(url));
        CHECK(ask(connection, "SELECT current_user") == name);
        CHECK(ask(connection, "SELECT current_database()") == name);
        CHECK(ask(connection, "SHOW application_name") == "it's 100%");
    }
    fresh.execute("DROP DATABASE \"" + name + "\"");
    fresh.execute("DROP ROLE \"" + name + "\"");
}

TEST_CASE("what a postgresql:// URL leaves out comes from the environment, and is not written over") {
    const Fresh<Postgres> fresh;
    const Variable host{"PGHOST", part_of_server("host")};
    const Variable port{"PGPORT", part_of_server("port")};
    const Variable user{"PGUSER", part_of_server("user")};
    const Variable database{"PGDATABASE", part_of_server("dbname")};
    auto connection = rowan::must(PostgresConnection::open("postgresql://"));
    CHECK(ask(connection, "SELECT current_database()") == part_of_server("dbname"));
    CHECK(ask(connection, "SHOW application_name") == "rowan");

    const Variable name{"PGAPPNAME", "from the environment"};
    auto named = rowan::must(PostgresConnection::open("postgresql://"));
    CHECK(ask(named, "SHOW application_name") == "from the environment");
}

TEST_CASE("the session's time zone is UTC, whatever role, environment and URL say") {
    Fresh<Postgres> fresh;
    const auto check_utc = [&](const std::string& url) {
        auto connection = rowan::must(PostgresConnection::open(url));
        CHECK(ask(connection, "SHOW TimeZone") == "UTC");
        CHECK(std::string_view{PQparameterStatus(connection.native(), "TimeZone")} == "UTC");
        return connection;
    };
    check_utc(fresh.url());
    const std::string role = testing::unique_name();
    fresh.execute("CREATE ROLE " + role + " LOGIN; ALTER ROLE " + role + " SET TimeZone = 'Europe/Berlin'");
    check_utc("postgresql://" + role + "@" + encoded(part_of_server("host")) + ":" + part_of_server("port") + "/" +
              encoded(part_of_server("dbname")));
    fresh.execute("DROP ROLE " + role);
    const Variable zone{"PGTZ", "America/New_York"};
    check_utc(fresh.url());
    auto connection = check_utc(fresh.url() + "%20-cTimeZone%3DAsia/Kolkata");

    // A column without a zone takes and gives UTC.
    rowan::must(connection.execute(unsafe_sql{"CREATE TABLE moment (id bigint PRIMARY KEY, time timestamp)"}));
    auto moments = rowan::repository<Moment>(connection);
    const rowan::Timestamp noon{std::chrono::microseconds{1'700'000'000'123'456}};
    rowan::must(moments.insert({.id = 1, .time = noon}));
    CHECK(rowan::must(moments.get(1)).time == noon);
    CHECK(ask(connection, "SELECT time::text FROM moment") == "2023-11-14 22:13:20.123456");
}

TEST_CASE("text is UTF-8, whatever environment and URL say") {
    Fresh<Postgres> fresh;
    const Variable encoding{"PGCLIENTENCODING", "LATIN1"};
    for (const std::string& url :
         {fresh.url(), fresh.url() + "&client_encoding=LATIN1", fresh.url() + "%20-cclient_encoding%3DLATIN1"}) {
        auto connection = rowan::must(PostgresConnection::open(url));
        CHECK(ask(connection, "SHOW client_encoding") == "UTF8");
        auto items = rowan::repository<Item>(connection);
        rowan::must(items.create_table());
        const Item stored = rowan::must(items.insert({.name = "gr\xC3\xBC\xC3\x9F"
                                                              "e \xE2\x82\xAC"}));
        CHECK(rowan::must(items.get(stored.id)).name == "gr\xC3\xBC\xC3\x9F"
                                                        "e \xE2\x82\xAC");
        CHECK(ask(connection, "SELECT char_length(name) FROM items LIMIT 1") == "7");
    }
}

TEST_CASE("what the server has to say beside is not for the program's stderr") {
    Fresh<Postgres> fresh;
    const std::string role = testing::unique_name();
    // A setting that is not valid any more is a warning at each login.
    fresh.execute("CREATE ROLE " + role + " LOGIN");
    fresh.execute("ALTER ROLE " + role + " SET default_text_search_config = 'no_such_configuration'");
    const std::string url = "postgresql://" + role + "@" + encoded(part_of_server("host")) + ":" +
                            part_of_server("port") + "/" + encoded(part_of_server("dbname"));
    {
        CapturedStderr captured;
        fresh.execute("CREATE TABLE t (a bigint); CREATE TABLE IF NOT EXISTS t (a bigint)");
        fresh.execute("DO $$ BEGIN RAISE WARNING 'a warning on purpose'; END $$");
        rowan::must(rowan::repository<Item>(fresh.connection).create_table());
        rowan::must(rowan::repository<Item>(fresh.connection).create_table());
        const auto opened = PostgresConnection::open(url);
        const std::string written = captured.take();
        CHECK(written == "");
        CHECK(opened.has_value());
    }
    fresh.execute("DROP ROLE " + role);
}
