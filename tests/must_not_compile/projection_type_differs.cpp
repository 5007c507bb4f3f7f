// error: rowan: a selected column is of another type than the member of the same name: cast<T>(...) it, or change the member
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
    return rowan::from<Row>(db).select<Picked>(rowan::col<&Row::name>, rowan::col<&Row::id>.as<"total">()).all();
#else
    return rowan::from<Row>(db).select<Picked>(rowan::col<&Row::name>, rowan::col<&Row::real>.as<"total">()).all();
#endif
}
