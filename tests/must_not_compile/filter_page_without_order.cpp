// error: rowan: pages need an order: order_by(rowan::asc<&T::m>, ...)
#include <rowan/rowan.hpp>

struct Row {
    std::int64_t id{};
    std::int64_t amount{};
};

auto use(rowan::Database& db) {
    rowan::Repository<Row> rows{db};
#ifdef ROWAN_CONTROL
    const auto page = rows.matching({}).order_by(rowan::asc<&Row::id>);
    return page.after(page.cursor({})).all();
#else
    const auto page = rows.matching({});
    return page.after(page.cursor({})).all();
#endif
}
