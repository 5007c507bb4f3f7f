// error: rowan: a value in the order of distinct rows is a parameter of its own, so that the database would not know the expression again where it is selected: write it as rowan::constant<value>
#include <rowan/rowan.hpp>

struct Row {
    std::int64_t id{};
    std::int64_t amount{};
};

auto use(rowan::Database& db) {
#ifdef ROWAN_CONTROL
    const auto size = rowan::col<&Row::amount> / rowan::constant<10>;
#else
    const auto size = rowan::col<&Row::amount> / 10;
#endif
    return rowan::from<Row>(db).select(size).distinct().order_by(size.asc()).all();
}
