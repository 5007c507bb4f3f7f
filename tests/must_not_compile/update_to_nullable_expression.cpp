// error: rowan: a value that may be NULL is assigned to a column that is never NULL: coalesce it
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
    return rowan::repository<Row>(db)
        .where(rowan::col<&Row::number> == 1)
        .update(rowan::set<&Row::name> = rowan::coalesce(rowan::col<&Row::note>, ""));
#else
    return rowan::repository<Row>(db)
        .where(rowan::col<&Row::number> == 1)
        .update(rowan::set<&Row::name> = rowan::col<&Row::note>);
#endif
}
