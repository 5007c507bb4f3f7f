#include <rowan/rowan.hpp>

#include "conforms.hpp"
#include "fresh.hpp"

TEST_CASE_TEMPLATE("each backend does what every backend must do", Db, Sqlite, Postgres) {
    const Db database;
    check_conforms(rowan::testing::conformance([&] { return database.connect(); }));
}
