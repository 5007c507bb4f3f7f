// error: rowan: a column that is selected, ordered by or in having has no single value in a group: name it in group_by(...), or take min(...), max(...) or another aggregate of it
#include <rowan/rowan.hpp>

struct Row {
    std::int64_t id{};
    std::string name{};
    std::int64_t amount{};
};

auto use(rowan::Database& db) {
#ifdef ROWAN_CONTROL
    return rowan::from<Row>(db)
        .group_by(rowan::col<&Row::name>)
        .having(rowan::max(rowan::col<&Row::amount>) > 1)
        .select(rowan::col<&Row::name>)
        .all();
#else
    return rowan::from<Row>(db)
        .group_by(rowan::col<&Row::name>)
        .having(rowan::col<&Row::amount> > 1)
        .select(rowan::col<&Row::name>)
        .all();
#endif
}
