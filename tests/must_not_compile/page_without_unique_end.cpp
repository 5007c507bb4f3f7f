// error: rowan: two rows could share a place in this order, so that a page could begin between them: end the order with the key or a unique column
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
    const auto pages = rows.order_by(rowan::asc<&Row::price>);
#endif
    return pages.cursor(Row{});
}
