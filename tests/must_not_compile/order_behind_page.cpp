// error: rowan: order_by comes in front of before(...), whose place is one in that order
#include <rowan/rowan.hpp>

struct Row {
    std::int64_t id{};
};

auto use(rowan::Database& db) {
    const auto rows = rowan::from<Row>(db).order_by(rowan::asc<&Row::id>);
    const auto page = rows.before(rows.cursor(Row{}));
#ifdef ROWAN_CONTROL
    return page.limit(5).all();
#else
    return page.order_by(rowan::desc<&Row::id>).all();
#endif
}
