// error: rowan: this would change every row of the table: say where(...), or everywhere() if that is meant
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
    return rowan::repository<Row>(db).everywhere().update(rowan::set<&Row::real> = 1);
#else
    return rowan::repository<Row>(db).query().update(rowan::set<&Row::real> = 1);
#endif
}
