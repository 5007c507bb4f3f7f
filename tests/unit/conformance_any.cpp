#include <rowan/rowan.hpp>

#include "conforms.hpp"
#include "fresh.hpp"

TEST_CASE_TEMPLATE("a connection that is chosen at run time does what every backend must do", Db, Sqlite, Postgres) {
    const Db database;
    check_conforms(rowan::testing::conformance([&] { return rowan::AnyConnection::open(database.url()); }));
}

TEST_CASE("a database in memory is its connection's own, so cases that need two are skipped") {
    check_conforms(rowan::testing::conformance([] { return rowan::AnyConnection::open("sqlite::memory:"); }), 4);
}
