// error: rowan: the statement has another number of placeholders ($1, $2, ...) than arguments are given
#include <rowan/sqlite.hpp>

auto use(rowan::sqlite::Connection& db) {
#ifdef ROWAN_CONTROL
    return db.query<int>(rowan::sql<"SELECT id FROM rows WHERE name = $1">, "x");
#else
    return db.query<int>(rowan::sql<"SELECT id FROM rows WHERE name = '$1'">, "x");
#endif
}
