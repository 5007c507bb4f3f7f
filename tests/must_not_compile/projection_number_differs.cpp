// error: rowan: the selected columns and the members of the struct differ in number or name: name each expression like its member
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
    return rowan::from<Row>(db).select<Picked>(rowan::col<&Row::name>).all();
#endif
}
