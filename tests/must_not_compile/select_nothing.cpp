// error: rowan: select needs at least one expression
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
    return rowan::from<Row>(db).select(rowan::col<&Row::id>).all();
#else
    return rowan::from<Row>(db).select().all();
#endif
}
