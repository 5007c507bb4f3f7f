// error: rowan: this member belongs to another struct than the table
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
struct Other {
    std::int64_t id{};
    std::string name{};
};

auto use(rowan::sqlite::Connection& db) {
#ifdef ROWAN_CONTROL
    return rowan::repository<Row>(db).where(rowan::col<&Row::number> == 1).update(rowan::set<&Row::name> = "x");
#else
    return rowan::repository<Row>(db).where(rowan::col<&Row::number> == 1).update(rowan::set<&Other::name> = "x");
#endif
}
