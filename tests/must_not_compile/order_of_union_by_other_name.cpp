// error: rowan: a query that is made of others is ordered by what it selects, and this is not selected: name a selected column, or say selected<"name"> or selected<1>
#include <rowan/rowan.hpp>

struct Row {
    std::int64_t id{};
    std::string name{};
};

auto use(rowan::Database& db) {
#ifdef ROWAN_CONTROL
    const auto names = rowan::from<Row>(db).select(rowan::col<&Row::name>);
    return names.except(names).order_by(rowan::selected<"name">.asc()).all();
#else
    const auto names = rowan::from<Row>(db).select(rowan::col<&Row::name>);
    return names.except(names).order_by(rowan::selected<"nane">.asc()).all();
#endif
}
