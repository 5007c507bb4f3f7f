// error: rowan: this argument has a type that no parameter can take: use one of rowan's column types, or write a rowan::Type for it
#include <rowan/sqlite.hpp>

auto use(rowan::sqlite::Connection& db) {
#ifdef ROWAN_CONTROL
    return db.query<int>(rowan::sql<"SELECT $1">, std::optional<int>{});
#else
    return db.query<int>(rowan::sql<"SELECT $1">, nullptr);
#endif
}
