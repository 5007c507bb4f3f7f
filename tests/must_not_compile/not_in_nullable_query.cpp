// error: rowan: not_in over a column that may be NULL is never true as soon as one is: narrow the query with is_not_null() and coalesce(...), or say not exists(...)
#include <rowan/rowan.hpp>

struct Row {
    std::int64_t id{};
    std::optional<std::int64_t> parent{};
};

auto use(rowan::Database& db) {
    const auto rows = rowan::from<Row, "other">();
#ifdef ROWAN_CONTROL
    const auto wanted = rows.select(rowan::col<&Row::id, "other">);
#else
    const auto wanted = rows.select(rowan::col<&Row::parent, "other">);
#endif
    return rowan::Repository<Row>{db}.where(rowan::col<&Row::id>.not_in(wanted)).all();
}
