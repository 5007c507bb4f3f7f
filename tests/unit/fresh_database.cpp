#include <rowan/rowan.hpp>
#include <rowan/testing/fresh_database.hpp>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "fresh.hpp"

namespace {

struct Note {
    std::int64_t id{};
    std::string text{};
};

}  // namespace

template <>
inline constexpr auto rowan::table<Note> = rowan::describe<Note>("notes");

namespace {

using rowan::Code;
using rowan::must;
using rowan::unsafe_sql;
using rowan::testing::FreshDatabase;
using rowan::testing::Own;

/// A database that nothing is in, and that keeps what is stored.
void check_is_fresh(const FreshDatabase& fresh) {
    rowan::Database db = must(rowan::open(fresh.url()));
    rowan::Repository<Note> notes{db};
    CHECK(error_of(notes.count()).code() == Code::undefined_table);
    must(notes.create_table());
    must(notes.insert({.text = "kept"}));
    rowan::Database again = must(rowan::open(fresh.url()));
    CHECK(must(rowan::Repository<Note>{again}.count()) == 1);
}

std::int64_t schemas_called(const std::string& name) {
    auto server = must(Postgres::Connection::open(Postgres::server()));
    return must(server.query<std::int64_t>(rowan::sql<"SELECT (SELECT count(*) FROM pg_namespace WHERE nspname = $1) + "
                                                      "(SELECT count(*) FROM pg_database WHERE datname = $1)">,
                                           name))
        .at(0);
}

}  // namespace

TEST_CASE("a fresh file is gone with its folder") {
    std::filesystem::path folder;
    {
        const FreshDatabase fresh = must(FreshDatabase::make("sqlite:?synchronous=off"));
        folder = std::filesystem::path{fresh.path()}.parent_path();
        CHECK(folder.filename() == fresh.name());
        check_is_fresh(fresh);
        CHECK(std::filesystem::exists(fresh.path()));
        auto connection = must(rowan::AnyConnection::open(fresh.url()));
        CHECK(must(connection.query<std::int64_t>(unsafe_sql{"PRAGMA synchronous"})).at(0) == 0);
    }
    CHECK_FALSE(std::filesystem::exists(folder));
}

TEST_CASE("a fresh database in memory is shared by its connections, and by no other") {
    const FreshDatabase one = must(FreshDatabase::make("sqlite::memory:"));
    const FreshDatabase two = must(FreshDatabase::make("sqlite::memory:"));
    // It lives as long as a connection to it.
    auto keeper = must(rowan::AnyConnection::open(one.url()));
    check_is_fresh(one);
    auto other = must(rowan::AnyConnection::open(two.url()));
    CHECK(error_of(rowan::repository<Note>(other).count()).code() == Code::undefined_table);
    CHECK(must(rowan::repository<Note>(keeper).count()) == 1);
    CHECK(one.path().empty());
}

TEST_CASE("a fresh schema and a fresh database are dropped, with what is in them") {
    for (const Own own : {Own::schema, Own::database}) {
        std::string name;
        {
            const FreshDatabase fresh = must(FreshDatabase::make(Postgres::server(), own));
            name = fresh.name();
            CHECK(schemas_called(name) == 1);
            check_is_fresh(fresh);
        }
        CHECK(schemas_called(name) == 0);
    }
}

TEST_CASE("a fresh database is dropped after an exception as well, and when another takes its place") {
    std::string name;
    try {
        const FreshDatabase fresh = must(FreshDatabase::make(Postgres::server()));
        name = fresh.name();
        throw 1;
    } catch (int) {
    }
    CHECK(schemas_called(name) == 0);
    FreshDatabase fresh = must(FreshDatabase::make(Postgres::server()));
    name = fresh.name();
    FreshDatabase moved = std::move(fresh);
    CHECK(schemas_called(name) == 1);
    moved = must(FreshDatabase::make());
    CHECK(schemas_called(name) == 0);
    CHECK(std::filesystem::exists(std::filesystem::path{moved.path()}.parent_path()));
}

TEST_CASE("options that a URL has already stay with a fresh schema") {
    const char separator = Postgres::server().find('?') == std::string::npos ? '?' : '&';
    const FreshDatabase fresh = must(
        FreshDatabase::make(Postgres::server() + separator + "options=-cwork_mem%3D5MB&application_name=a%20test"));
    auto connection = must(Postgres::Connection::open(fresh.url()));
    const auto ask = [&](const char* sql) { return must(connection.query<std::string>(unsafe_sql{sql})).at(0); };
    CHECK(ask("SHOW work_mem") == "5MB");
    CHECK(ask("SHOW search_path") == fresh.name());
    CHECK(ask("SHOW application_name") == "a test");
}

TEST_CASE("no two names are alike, and each tells what it is") {
    std::set<std::string> names;
    std::mutex mutex;
    std::vector<std::thread> threads;
    for (int t = 0; t != 8; ++t)
        threads.emplace_back([&] {
            for (int i = 0; i != 200; ++i) {
                std::string name = rowan::testing::unique_name();
                const std::lock_guard lock{mutex};
                names.insert(std::move(name));
            }
        });
    for (auto& thread : threads) thread.join();
    CHECK(names.size() == 1600);
    for (const std::string& name : names) {
        CHECK(name.size() <= 63);
        CHECK(name.substr(0, 11) == "rowan_test_");
        CHECK(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_0123456789") == std::string::npos);
        CHECK(name.find("_" + std::to_string(::getpid()) + "_") != std::string::npos);
    }
}

TEST_CASE("what cannot be made is an error") {
    CHECK(error_of(FreshDatabase::make("sqlite:market.db")).code() == Code::invalid_url);
    CHECK(error_of(FreshDatabase::make("market.db")).code() == Code::invalid_url);
    CHECK(error_of(FreshDatabase::make("postgresql://rowan:secret@%2Fno%2Fsuch%2Ffolder/x")).code() ==
          Code::cannot_connect);
}
