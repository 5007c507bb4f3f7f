// error: rowan: a query behind with<T> must fill T: select<T>(...)
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
    return rowan::with<Picked>(
               rowan::from<Row>().select<Picked>(rowan::col<&Row::name>, rowan::col<&Row::id>.as<"total">()))
        .query(rowan::from<Picked>(db))
        .all();
#else
    return rowan::with<Picked>(rowan::from<Row>().select(rowan::col<&Row::name>, rowan::col<&Row::id>))
        .query(rowan::from<Picked>(db))
        .all();
#endif
}
