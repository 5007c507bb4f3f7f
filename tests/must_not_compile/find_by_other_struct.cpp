// error: rowan: this column's table is not in the query: start from it, join it, or name it as the query does
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
    return rowan::Repository<Row>{db}.find_by<&Row::name>("name");
#else
    return rowan::Repository<Row>{db}.find_by<&Other::name>("name");
#endif
}
