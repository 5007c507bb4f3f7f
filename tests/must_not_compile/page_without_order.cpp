// error: rowan: pages need an order: order_by(rowan::asc<&T::m>, ...)
#include <rowan/rowan.hpp>

struct Row {
    std::int64_t id{};
    double price{};
    std::optional<double> weight{};
};

auto use(rowan::Database& db) {
    const auto rows = rowan::from<Row>(db);
#ifdef ROWAN_CONTROL
    const auto pages = rows.order_by(rowan::asc<&Row::price>, rowan::asc<&Row::id>);
#else
    const auto pages = rows;
#endif
    return pages.cursor(Row{});
}
