#pragma once

#include <rowan/rowan.hpp>

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <unistd.h>

#include <doctest/doctest.h>

/// A database of its own for each test case, on both backends:
///
///     TEST_CASE_TEMPLATE("a row comes back", Db, Sqlite, Postgres) {
///         Fresh<Db> fresh;
///         auto notes = rowan::repository<Note>(fresh.connection);
///         …
///     }
namespace testing {

inline std::string unique_name() {
    static std::atomic<int> count{0};
    return "rowan_" + std::to_string(::getpid()) + "_" + std::to_string(++count);
}

}  // namespace testing

/// A file in a folder that goes with the test.
class Sqlite {
public:
    using Connection = rowan::sqlite::Connection;
    static constexpr bool is_sqlite = true;

    Sqlite() : folder_{std::filesystem::temp_directory_path() / testing::unique_name()} {
        std::filesystem::create_directories(folder_);
    }
    Sqlite(const Sqlite&) = delete;
    Sqlite& operator=(const Sqlite&) = delete;
    ~Sqlite() { std::filesystem::remove_all(folder_); }

    [[nodiscard]] std::string path() const { return (folder_ / "test.db").string(); }
    [[nodiscard]] std::string url() const { return "sqlite:" + path(); }
    [[nodiscard]] rowan::Result<Connection> connect() const { return Connection::open(path()); }

private:
    std::filesystem::path folder_;
};

/// A schema on the server that ROWAN_TEST_POSTGRES names, first in the search path, dropped after the test.
class Postgres {
public:
    using Connection = rowan::postgres::Connection;
    static constexpr bool is_sqlite = false;

    Postgres() : schema_{testing::unique_name()} { run("CREATE SCHEMA " + schema_); }
    Postgres(const Postgres&) = delete;
    Postgres& operator=(const Postgres&) = delete;
    ~Postgres() { run("DROP SCHEMA " + schema_ + " CASCADE"); }

    [[nodiscard]] static std::string server() {
        const char* url = std::getenv("ROWAN_TEST_POSTGRES");
        if (url == nullptr)
            throw std::runtime_error{"ROWAN_TEST_POSTGRES is not set: run tests/run, or .ci/postgres run COMMAND"};
        return url;
    }
    [[nodiscard]] const std::string& schema() const { return schema_; }
    [[nodiscard]] std::string url() const { return server() + "?options=-csearch_path%3D" + schema_; }
    [[nodiscard]] rowan::Result<Connection> connect() const { return Connection::open(url()); }

private:
    static void run(const std::string& sql) {
        rowan::must(rowan::must(Connection::open(server())).execute(rowan::unsafe_sql{sql}));
    }

    std::string schema_;
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
