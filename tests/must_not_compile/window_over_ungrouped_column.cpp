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
        .select(rowan::sum(rowan::max(rowan::col<&Row::amount>)).over())
        .all();
#else
    return rowan::from<Row>(db)
        .group_by(rowan::col<&Row::name>)
        .select(rowan::sum(rowan::col<&Row::amount>).over())
        .all();
#endif
}
