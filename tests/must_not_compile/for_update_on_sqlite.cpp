// error: rowan: this database has no row locks, so for_update cannot be said: a transaction that writes has locked the whole database already
#include <rowan/repository/repository.hpp>
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
    return rowan::from<Row>(db).all();
#else
    return rowan::from<Row>(db).for_update().all();
#endif
}
