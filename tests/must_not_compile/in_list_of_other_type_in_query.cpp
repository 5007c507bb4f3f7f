// error: rowan: an integer column is compared with something that is no integer: convert the value to the member's type
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
    return rowan::from<Row>(db).where(rowan::col<&Row::number>.in(std::vector{1})).all();
#else
    return rowan::from<Row>(db).where(rowan::col<&Row::number>.in(std::vector{1.5})).all();
#endif
}
