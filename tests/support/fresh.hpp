#pragma once

#include <rowan/rowan.hpp>
#include <rowan/testing/fresh_database.hpp>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <unistd.h>

#include <doctest/doctest.h>

namespace testing = rowan::testing;

/// A database of its own for each test case, on both backends:
///
///     TEST_CASE_TEMPLATE("a row comes back", Db, Sqlite, Postgres) {
///         Fresh<Db> fresh;
///         auto notes = rowan::repository<Note>(fresh.connection);
///         …
///     }

/// A file in a folder that goes with the test.
class Sqlite {
public:
    using Connection = rowan::sqlite::Connection;
    static constexpr bool is_sqlite = true;

    [[nodiscard]] std::string path() const { return database_.path(); }
    [[nodiscard]] const std::string& url() const { return database_.url(); }
    [[nodiscard]] rowan::Result<Connection> connect() const { return Connection::open(path()); }

private:
    rowan::testing::FreshDatabase database_ = rowan::must(rowan::testing::FreshDatabase::make());
};

/// A schema on the server that ROWAN_TEST_POSTGRES names, first in the search path, dropped after the test.
class Postgres {
public:
    using Connection = rowan::postgres::Connection;
    static constexpr bool is_sqlite = false;

    [[nodiscard]] static std::string server() {
        const char* url = std::getenv("ROWAN_TEST_POSTGRES");
        if (url == nullptr)
            throw std::runtime_error{"ROWAN_TEST_POSTGRES is not set: run tests/run, or .ci/postgres run COMMAND"};
        return url;
    }
    [[nodiscard]] const std::string& schema() const { return database_.name(); }
    [[nodiscard]] const std::string& url() const { return database_.url(); }
    [[nodiscard]] rowan::Result<Connection> connect() const { return Connection::open(url()); }

private:
    rowan::testing::FreshDatabase database_ = rowan::must(rowan::testing::FreshDatabase::make(server()));
};

/// A database and one connection to it; `connect` gives more.
template <class Db>
struct Fresh {
    using Connection = typename Db::Connection;

    Db database{};
    Connection connection = rowan::must(database.connect());

    [[nodiscard]] Connection connect() const { return rowan::must(database.connect()); }
    [[nodiscard]] std::string url() const { return database.url(); }

    void execute(const std::string& sql) { rowan::must(connection.execute(rowan::unsafe_sql{sql})); }
};

/// The error of a result that must have failed.
template <class T>
rowan::Error error_of(const rowan::Result<T>& result) {
    REQUIRE_MESSAGE(!result, "the operation succeeded, but an error was expected");
    return result.error();
}
