// error: rowan: the order of a filter's rows cannot hold a value: write it as rowan::constant<value>
#include <rowan/rowan.hpp>

struct Row {
    std::int64_t id{};
    std::int64_t amount{};
};

auto use(rowan::Database& db) {
    rowan::Repository<Row> rows{db};
#ifdef ROWAN_CONTROL
    return rows.matching({}).order_by((rowan::col<&Row::amount> % rowan::constant<3>).asc()).all();
#else
    return rows.matching({}).order_by((rowan::col<&Row::amount> % 3).asc()).all();
#endif
}
