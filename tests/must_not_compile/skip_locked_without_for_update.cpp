// error: rowan: skip_locked belongs behind for_update()
#include <rowan/postgres.hpp>
#include <rowan/repository/repository.hpp>

struct Row {
    std::int64_t id{};
    std::string name{};
    std::int32_t number{};
    double real{};
    std::optional<std::string> note{};
    rowan::Timestamp time{};
};

auto use(rowan::postgres::Connection& db) {
#ifdef ROWAN_CONTROL
    return rowan::from<Row>(db).for_update().skip_locked().all();
#else
    return rowan::from<Row>(db).skip_locked().all();
#endif
}
