// error: rowan: a query that is made of others is ordered by what it selects, and this is not selected: name a selected column, or say selected<"name"> or selected<1>
#include <rowan/rowan.hpp>

struct Row {
    std::int64_t id{};
    std::string name{};
};

auto use(rowan::Database& db) {
#ifdef ROWAN_CONTROL
    const auto names = rowan::from<Row>(db).select(rowan::col<&Row::name>);
    return names.union_(names).order_by(rowan::asc<&Row::name>).all();
#else
    const auto names = rowan::from<Row>(db).select(rowan::col<&Row::name>);
    return names.union_(names).order_by(rowan::asc<&Row::id>).all();
#endif
}
