// error: rowan: order_by needs at least one rowan::asc<&T::m> or rowan::desc<&T::m>
#include <rowan/rowan.hpp>

struct Row {
    std::int64_t id{};
    std::string name{};
    std::optional<int> size{};
};
struct Other {
    std::int64_t id{};
    std::string name{};
};

auto use(rowan::Database& db) {
#ifdef ROWAN_CONTROL
    return rowan::Repository<Row>{db}.order_by(rowan::asc<&Row::id>).all();
#else
    return rowan::Repository<Row>{db}.order_by().all();
#endif
}
