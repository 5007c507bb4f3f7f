// error: rowan: this column could be of several tables of the query: give each its own name
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
    return rowan::from<Row>(db)
        .join<Row, "other">(rowan::col<&Row::id> == rowan::col<&Row::id, "other">)
        .select(rowan::col<&Row::id>)
        .all();
#else
    return rowan::from<Row>(db).join<Row>(rowan::col<&Row::number> == 1).select(rowan::col<&Row::id>).all();
#endif
}
