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

auto use(rowan::sqlite::Connection& db) {
#ifdef ROWAN_CONTROL
    return rowan::repository<Row>(db).where(rowan::col<&Row::number> == 1).erase_returning();
#else
    return rowan::repository<Row>(db)
        .where(rowan::col<&Row::number> == 1)
        .select(rowan::col<&Row::id>)
        .erase_returning();
#endif
}
