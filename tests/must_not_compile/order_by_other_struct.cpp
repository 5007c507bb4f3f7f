// error: rowan: this member belongs to another struct than the table's
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
    return rowan::Repository<Row>{db}.order_by(rowan::asc<&Other::id>).all();
#endif
}
