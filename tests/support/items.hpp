#pragma once

#include <rowan/rowan.hpp>

#include <cstdint>
#include <string>
#include <utility>

#include "fresh.hpp"

/// Items, for tests of transactions with limits.
namespace items {

struct Item {
    std::int64_t id{};
    std::string name{};
};

}  // namespace items

template <>
inline constexpr auto rowan::table<items::Item> = rowan::describe<items::Item>("items");

namespace items {

/// A database with the table, and the handle under test: a connection itself, or a Database.
template <class Db>
struct Direct : Fresh<Db> {
    static constexpr bool is_sqlite = Db::is_sqlite;
    Direct() { rowan::must(rowan::repository<Item>(this->connection).create_table()); }
    auto& handle() { return this->connection; }
};
template <class Db>
struct Opened : Fresh<Db> {
    static constexpr bool is_sqlite = Db::is_sqlite;
    Opened() { rowan::must(rowan::repository<Item>(this->connection).create_table()); }
    rowan::Database& handle() { return database_; }

private:
    rowan::Database database_ = rowan::must(rowan::open(this->url()));
};

#define ROWAN_EVERY_HANDLE Direct<Sqlite>, Direct<Postgres>, Opened<Sqlite>, Opened<Postgres>

template <class Handle>
rowan::Result<Item> store(Handle& handle, std::string name) {
    return rowan::repository<Item>(handle).insert({.name = std::move(name)});
}

template <class Handle>
std::int64_t count(Handle& handle) {
    return rowan::must(rowan::repository<Item>(handle).count());
}

template <class Handle>
std::string ask(Handle& handle, const std::string& sql) {
    return rowan::must(handle.template query<std::string>(rowan::unsafe_sql{sql})).at(0);
}

/// What a transaction must leave behind: a handle that writes, waits and takes its time as before.
template <class Db>
void check_unlimited(Db& fresh) {
    auto& handle = fresh.handle();
    rowan::must(store(handle, "afterwards"));
    if constexpr (Db::is_sqlite) {
        const auto number = [&](const char* pragma) {
            return rowan::must(handle.template query<std::int64_t>(rowan::unsafe_sql{pragma})).at(0);
        };
        CHECK(number("PRAGMA query_only") == 0);
        CHECK(number("PRAGMA busy_timeout") == 5000);
        // Nothing interrupts it.
        CHECK(number("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) "
                     "SELECT count(*) FROM n") == 100000);
    } else {
        CHECK(ask(handle, "SHOW statement_timeout") == "0");
        CHECK(ask(handle, "SHOW idle_in_transaction_session_timeout") == "0");
        CHECK(ask(handle, "SHOW transaction_read_only") == "off");
    }
}

}  // namespace items
