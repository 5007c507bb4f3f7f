// error: rowan: a selected column may be NULL, but the member of the same name is no std::optional: coalesce(...) it, or change the member
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
struct Picked {
    std::string name{};
    std::int64_t total{};
};

auto use(rowan::sqlite::Connection& db) {
#ifdef ROWAN_CONTROL
    return rowan::from<Row>(db)
        .group_by(rowan::col<&Row::name>)
        .select<Picked>(rowan::col<&Row::name>, rowan::sum(rowan::col<&Row::number>).as<"total">())
        .all();
#else
    return rowan::from<Row>(db)
        .select<Picked>(rowan::cast<std::string>(rowan::count()).as<"name">(),
                        rowan::sum(rowan::col<&Row::number>).as<"total">())
        .all();
#endif
}
