// error: rowan: pages cannot be ordered by a column that may be NULL: NULLs have no place between values
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
    const auto pages = rows.order_by(rowan::asc<&Row::weight>, rowan::asc<&Row::id>);
#endif
    return pages.cursor(Row{});
}
