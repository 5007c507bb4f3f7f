// error: rowan: SQL is given as sql<"...">, or as unsafe_sql{text} where it is made at run time
#include <rowan/sqlite.hpp>

auto use(rowan::sqlite::Connection& db) {
#ifdef ROWAN_CONTROL
    return db.execute(rowan::unsafe_sql{std::string{"DELETE FROM rows WHERE id = $1"}}, 1);
#else
    return db.execute(std::string{"DELETE FROM rows WHERE id = $1"}, 1);
#endif
}
