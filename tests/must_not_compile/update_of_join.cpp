// error: rowan: only a query of one table with where(...) and nothing else can be updated or erased
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
    return rowan::repository<Row>(db).where(rowan::col<&Row::number> == 1).update(rowan::set<&Row::real> = 1);
#else
    return rowan::repository<Row>(db)
        .query()
        .join<Other>(rowan::col<&Other::id> == rowan::col<&Row::id>)
        .where(rowan::col<&Row::number> == 1)
        .update(rowan::set<&Row::real> = 1);
#endif
}
