// error: rowan: the statement has another number of placeholders ($1, $2, ...) than arguments are given
#include <rowan/sqlite.hpp>

auto use(rowan::sqlite::Connection& db) {
#ifdef ROWAN_CONTROL
    return db.execute(rowan::sql<"DELETE FROM rows WHERE id = $1 OR id = $2">, 1, 2);
#else
    return db.execute(rowan::sql<"DELETE FROM rows WHERE id = $1 OR id = $2">, 1);
#endif
}
