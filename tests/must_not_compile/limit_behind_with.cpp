// error: rowan: order_by, limit and offset belong to the query behind with: with<T>(...).query(from<T>(db).order_by(...).limit(n))
#include <rowan/rowan.hpp>

struct Row {
    std::int64_t id{};
    std::string name{};
};

auto use(rowan::Database& db) {
#ifdef ROWAN_CONTROL
    return rowan::with<Row>(rowan::from<Row>()).query(rowan::from<Row>(db).limit(1)).all();
#else
    return rowan::with<Row>(rowan::from<Row>()).query(rowan::from<Row>(db)).limit(1).all();
#endif
}
