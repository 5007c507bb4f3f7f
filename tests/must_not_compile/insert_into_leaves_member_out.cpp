// error: rowan: a member of T that is no std::optional is not set: name it in insert_into<T>(set<&T::m> = value, ...)
#include <rowan/rowan.hpp>

struct Row {
    std::int64_t id{};
    std::string name{};
};
struct Copy {
    std::int64_t id{};
    std::string name{};
    std::int64_t row{};
};

auto use(rowan::Database& db) {
    using rowan::col, rowan::set;
    const auto rows = rowan::from<Row>(db);
#ifdef ROWAN_CONTROL
    return rows.insert_into<Copy>(set<&Copy::name> = col<&Row::name>, set<&Copy::row> = col<&Row::id>);
#else
    return rows.insert_into<Copy>(set<&Copy::name> = col<&Row::name>);
#endif
}
