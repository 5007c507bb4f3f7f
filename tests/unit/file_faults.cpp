#include <rowan/rowan.hpp>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include "fresh.hpp"

namespace {

struct Coin {
    std::int64_t id{};
    std::string name{};
};

using rowan::Category;
using rowan::Code;
using rowan::Error;
using rowan::Result;
using rowan::unsafe_sql;
using rowan::sqlite::Connection;
using Pool = rowan::BasicPool<Connection>;

/// A file with the table and three rows, and no connection to it.
struct Filled : Sqlite {
    Filled() {
        auto connection = rowan::must(connect());
        auto coins = rowan::repository<Coin>(connection);
        rowan::must(coins.create_table());
        rowan::must(coins.insert(std::vector<Coin>(3, Coin{.name = "BTC"})));
    }

    /// `more` is the query of a URL.
    [[nodiscard]] rowan::Database open(const std::string& more = "") const {
        return rowan::must(rowan::open(url() + more));
    }
};

template <class Handle>
std::int64_t count(Handle& handle) {
    return rowan::must(rowan::repository<Coin>(handle).count());
}

/// Inserts until that fails: the error, and how many rows were stored.
template <class Handle>
std::pair<Error, std::int64_t> fill(Handle& handle) {
    auto coins = rowan::repository<Coin>(handle);
    for (std::int64_t rows = 0;; ++rows) {
        auto stored = coins.insert({.name = std::string(1000, 'x')});
        if (!stored) return {stored.error(), rows};
    }
}

}  // namespace

TEST_CASE("a full SQLite file: what was committed is there, the rest is not, and the pool goes on") {
    const Filled file;
    // The limit is a connection's own.
    auto pool = rowan::must(Pool::open(
        [&](std::chrono::milliseconds) -> Result<Connection> {
            auto opened = file.connect();
            if (opened) rowan::must(opened->execute(unsafe_sql{"PRAGMA max_page_count = 20"}));
            return opened;
        },
        {.size = 1, .max_overflow = 0}));

    // In a transaction all of it goes.
    const Error whole = error_of(pool.transaction([&](auto& tx) -> Result<void> {
        auto [error, rows] = fill(tx);
        CHECK(rows > 3);
        // SQLite may have rolled back by itself: then the handle knows.
        const auto more = rowan::repository<Coin>(tx).count();
        CHECK((more || more.error().code() == Code::transaction_lost));
        return rowan::Failure(std::move(error));
    }));
    CHECK(whole.category() == Category::operational);
    CHECK(whole.code() == Code::disk_full);
    CHECK_FALSE(whole.retryable());
    CHECK(pool.statistics().in_use == 0);
    CHECK(count(pool) == 3);

    // A batch is all or nothing.
    auto coins = rowan::repository<Coin>(pool);
    CHECK(error_of(coins.insert(std::vector<Coin>(200, Coin{.name = std::string(1000, 'x')}))).code() ==
          Code::disk_full);
    CHECK(count(pool) == 3);

    // Alone, each row that was stored stays.
    const auto [error, rows] = fill(pool);
    CHECK(error.code() == Code::disk_full);
    CHECK(rows > 3);
    CHECK(count(pool) == rows + 3);

    // With room again it goes on, on the same connection.
    rowan::must(coins.where(rowan::col<&Coin::id> > 3).erase());
    rowan::must(pool.transaction([](auto& tx) { return rowan::repository<Coin>(tx).insert({.name = "ETH"}); }));
    CHECK(count(pool) == 4);
    CHECK(pool.statistics().created == 1);
    auto other = rowan::must(file.connect());
    CHECK(count(other) == 4);
}

TEST_CASE("an SQLite file that is opened read-only takes no writes, and says so each time") {
    const Filled file;
    auto db = file.open("?mode=ro");
    rowan::Repository<Coin> coins{db};
    for (int i = 0; i != 2; ++i) {
        const Error error = error_of(coins.insert({.name = "ETH"}));
        CHECK(error.category() == Category::operational);
        CHECK(error.code() == Code::read_only);
        CHECK_FALSE(error.retryable());
    }
    CHECK(error_of(db.transaction([](rowan::Transaction& tx) {
              return rowan::repository<Coin>(tx).insert({.name = "ETH"});
          })).code() == Code::read_only);
    CHECK(rowan::must(coins.count()) == 3);
    CHECK(db.pool().statistics().in_use == 0);
}

TEST_CASE("a file that its user may only read is opened for that only, and its rows are read") {
    const Filled file;
    const std::filesystem::path path = file.path();
    // A file without a log, as a user who may not write cannot make one.
    {
        auto connection = rowan::must(Connection::open(path.string(), {.journal = rowan::sqlite::Journal::rollback}));
        CHECK(count(connection) == 3);
    }
    REQUIRE(::chmod(path.c_str(), 0444) == 0);
    REQUIRE(::chmod(path.parent_path().c_str(), 0555) == 0);
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        // Nothing holds the superuser back.
        if (::geteuid() == 0 && (::setgid(65534) != 0 || ::setuid(65534) != 0)) ::_exit(9);
        auto writing = rowan::open(file.url() + "?journal_mode=delete");
        if (writing) {
            rowan::Repository<Coin> coins{*writing};
            auto stored = coins.insert({.name = "ETH"});
            if (stored || stored.error().code() != Code::read_only) ::_exit(1);
            auto counted = coins.count();
            if (!counted || *counted != 3) ::_exit(2);
        } else if (writing.error().code() != Code::read_only && writing.error().code() != Code::cannot_open) {
            ::_exit(3);
        }
        auto reading = rowan::open(file.url() + "?mode=ro");
        if (!reading) ::_exit(4);
        auto counted = rowan::Repository<Coin>{*reading}.count();
        ::_exit(counted && *counted == 3 ? 0 : 5);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(::chmod(path.parent_path().c_str(), 0755) == 0);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE("a file that is garbage is told to be no database, and is left as it is") {
    const Sqlite database;
    const std::string garbage(10'000, 'g');
    std::ofstream{database.path()} << garbage;
    for (const char* more : {"", "?mode=ro", "?journal_mode=delete"}) {
        const Error error = error_of(rowan::open(database.url() + more));
        CHECK(error.category() == Category::internal);
        CHECK(error.code() == Code::corruption);
        CHECK_FALSE(error.retryable());
    }
    std::ifstream file{database.path()};
    CHECK(std::string{std::istreambuf_iterator<char>{file}, {}} == garbage);
}

TEST_CASE("a file that becomes garbage under a pool: each call says so, and with the file back the pool goes on") {
    const Filled file;
    auto db = file.open("?journal_mode=delete");
    rowan::Repository<Coin> coins{db};
    CHECK(rowan::must(coins.count()) == 3);
    const std::string copy = file.path() + ".copy";
    std::filesystem::copy_file(file.path(), copy);
    const auto size = std::filesystem::file_size(copy);
    std::ofstream{file.path(), std::ios::in | std::ios::out} << std::string(size, 'g');

    const auto check_corrupt = [](const auto& outcome) {
        const Error error = error_of(outcome);
        INFO(error.to_string());
        CHECK(error.category() == Category::internal);
        CHECK(error.code() == Code::corruption);
    };
    for (int i = 0; i != 2; ++i) {
        check_corrupt(coins.count());
        check_corrupt(coins.insert({.name = "ETH"}));
        check_corrupt(
            db.transaction([](rowan::Transaction& tx) { return rowan::repository<Coin>(tx).insert({.name = "ETH"}); }));
    }
    CHECK(db.pool().statistics().in_use == 0);

    // In its place, as a backup is played back with cp.
    std::ifstream saved{copy, std::ios::binary};
    std::ofstream{file.path(), std::ios::in | std::ios::out | std::ios::binary} << saved.rdbuf();
    CHECK(rowan::must(coins.count()) == 3);
    rowan::must(coins.insert({.name = "ETH"}));
    auto other = rowan::must(file.connect());
    CHECK(count(other) == 4);
}
