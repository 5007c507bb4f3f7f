// error: rowan: a column that is selected, ordered by or in having has no single value in a group: name it in group_by(...), or take min(...), max(...) or another aggregate of it
#include <rowan/rowan.hpp>

struct Row {
    std::int64_t id{};
    std::string name{};
    std::int64_t amount{};
};

auto use(rowan::Database& db) {
#ifdef ROWAN_CONTROL
    const auto same = rowan::from<Row, "r">().where(rowan::col<&Row::name, "r"> == rowan::col<&Row::name>);
    return rowan::from<Row>(db)
        .group_by(rowan::col<&Row::name>)
        .select(rowan::scalar(same.select(rowan::count())))
        .all();
#else
    const auto same = rowan::from<Row, "r">().where(rowan::col<&Row::id, "r"> == rowan::col<&Row::id>);
    return rowan::from<Row>(db)
        .group_by(rowan::col<&Row::name>)
        .select(rowan::scalar(same.select(rowan::count())))
        .all();
#endif
}
