// error: rowan: the function of for_each gives nothing, a bool (false: enough) or a Result<void>
#include <rowan/rowan.hpp>

struct Row {
    std::int64_t id{};
};

auto use(rowan::Database& db) {
#ifdef ROWAN_CONTROL
    return rowan::from<Row>(db).for_each([](const Row& row) { return row.id != 1; });
#else
    return rowan::from<Row>(db).for_each([](const Row& row) { return row.id; });
#endif
}
