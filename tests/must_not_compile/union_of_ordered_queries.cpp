// error: rowan: the parts of union_all, union_, intersect and except have no order_by, limit or offset of their own: order the whole, as in a.union_all(b).order_by(...)
#include <rowan/rowan.hpp>

struct Row {
    std::int64_t id{};
};

auto use(rowan::Database& db) {
    rowan::Repository<Row> rows{db};
#ifdef ROWAN_CONTROL
    return rows.query().union_all(rows.query()).all();
#else
    return rows.limit(3).union_all(rows.query()).all();
#endif
}
