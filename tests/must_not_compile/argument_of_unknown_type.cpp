// error: rowan: this argument has a type that no parameter can take: use one of rowan's column types, or write a rowan::Type for it
#include <rowan/sqlite.hpp>

struct Row {
    std::int64_t id{};
    std::string name{};
    std::int32_t number{};
    double real{};
    std::optional<std::string> note{};
    rowan::Timestamp time{};
};

auto use(rowan::sqlite::Connection& db) {
#ifdef ROWAN_CONTROL
    return db.query<int>(rowan::sql<"SELECT $1">, 1);
#else
    return db.query<int>(rowan::sql<"SELECT $1">, Row{});
#endif
}
