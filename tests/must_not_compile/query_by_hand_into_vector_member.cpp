// error: rowan: nothing says how this member is stored: use one of rowan's column types, or write a rowan::Type for its type
#include <rowan/sqlite.hpp>

struct Other {
    std::int64_t id{};
    std::string name{};
};
struct Bad {
    std::vector<int> numbers{};
};

auto use(rowan::sqlite::Connection& db) {
#ifdef ROWAN_CONTROL
    return db.query<Other>(rowan::sql<"SELECT 1">);
#else
    return db.query<Bad>(rowan::sql<"SELECT 1">);
#endif
}
