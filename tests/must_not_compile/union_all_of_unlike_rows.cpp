// error: rowan: union_all, union_, intersect and except join queries that give rows of the same type
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
    return rowan::from<Row>(db)
        .select(rowan::col<&Row::id>)
        .union_all(rowan::from<Other>().select(rowan::col<&Other::id>))
        .all();
#else
    return rowan::from<Row>(db)
        .select(rowan::col<&Row::id>)
        .union_all(rowan::from<Other>().select(rowan::col<&Other::name>))
        .all();
#endif
}
