// error: rowan: pages are made of one table's rows: in a join or a grouping several rows share a place
#include <rowan/rowan.hpp>

struct Row {
    std::int64_t id{};
};
struct Part {
    std::int64_t id{};
    std::int64_t row_id{};
};

auto use(rowan::Database& db) {
#ifdef ROWAN_CONTROL
    const auto rows = rowan::from<Row>(db).order_by(rowan::asc<&Row::id>);
#else
    const auto rows = rowan::from<Row>(db)
                          .join<Part>(rowan::col<&Part::row_id> == rowan::col<&Row::id>)
                          .order_by(rowan::asc<&Row::id>);
#endif
    return rows.after(rows.cursor(Row{})).all();
}
