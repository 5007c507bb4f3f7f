#pragma once

#include <rowan/rowan.hpp>

#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>

#include "fresh.hpp"

/// A database of its own, reached through pgbouncer, whose transactions take turns on two connections to the server.
/// Its time zone is far from UTC.
class Bounced {
public:
    using Connection = rowan::postgres::Connection;
    using Pool = rowan::BasicPool<Connection>;

    Bounced() { swap_servers(); }
    Bounced(const Bounced&) = delete;
    Bounced& operator=(const Bounced&) = delete;
    ~Bounced() { run("DROP DATABASE " + name_ + " WITH (FORCE)"); }

    /// Is there a pgbouncer? Says so if not.
    static bool is_there() {
        if (std::getenv("ROWAN_TEST_PGBOUNCER") != nullptr) return true;
        MESSAGE("skipped: ROWAN_TEST_PGBOUNCER is not set, as .ci/postgres has found no pgbouncer");
        return false;
    }
    [[nodiscard]] std::string url() const {
        return with_database(std::getenv("ROWAN_TEST_PGBOUNCER"), name_) + "?prepared_statements=off";
    }
    [[nodiscard]] std::string direct_url() const { return with_database(Postgres::server(), name_); }
    [[nodiscard]] Connection connect() const { return rowan::must(Connection::open(url())); }
    [[nodiscard]] Pool pool(const rowan::PoolSettings& settings = {}) const {
        return rowan::must(Pool::open(url(), settings));
    }

    /// The servers' connections that a handle has worked on, one transaction after the other.
    template <class Handle>
    static std::set<std::int32_t> servers_of(Handle& handle) {
        std::set<std::int32_t> seen;
        for (int i = 0; i != 6; ++i)
            seen.insert(rowan::must(handle.template query<std::int32_t>(rowan::sql<"SELECT pg_backend_pid()">)).at(0));
        return seen;
    }

private:
    /// The URL of another database of the same server.
    static std::string with_database(std::string url, const std::string& name) {
        return url.replace(url.rfind('/') + 1, std::string::npos, name);
    }

    static void run(const std::string& sql) {
        rowan::must(rowan::must(Connection::open(Postgres::server())).execute(rowan::unsafe_sql{sql}));
    }

    /// Has pgbouncer open the second connection, so that each transaction comes to the other one.
    void swap_servers() {
        auto tx = rowan::must(connection.begin());
        auto other = connect();
        rowan::must(other.execute(rowan::unsafe_sql{"SELECT 1"}));
        rowan::must(tx.rollback());
        REQUIRE(servers_of(connection).size() == 2);
    }

    std::string name_ = testing::unique_name();

public:
    Connection connection = [this] {
        run("CREATE DATABASE " + name_);
        run("ALTER DATABASE " + name_ + " SET timezone = 'Asia/Tokyo'");
        return connect();
    }();
};
