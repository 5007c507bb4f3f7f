// error: rowan: SQL is given as sql<"...">, or as unsafe_sql{text} where it is made at run time
#include <rowan/sqlite.hpp>

auto use(rowan::sqlite::Connection& db) {
#ifdef ROWAN_CONTROL
    return db.query<int>(rowan::sql<"SELECT 1">);
#else
    return db.query<int>("SELECT 1");
#endif
}
