// error: rowan: this query is part of another and has no database: start it as from<T>(db) to run it
#include <rowan/rowan.hpp>

struct Row {
    std::int64_t id{};
};

auto use([[maybe_unused]] rowan::Database& db) {
#ifdef ROWAN_CONTROL
    return rowan::from<Row>(db).count();
#else
    return rowan::from<Row>().count();
#endif
}
