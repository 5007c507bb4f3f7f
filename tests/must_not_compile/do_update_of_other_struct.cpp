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
    return rowan::Repository<Row>{db}.upsert(Row{}, rowan::on_conflict<&Row::id>.do_update<&Row::name>());
#else
    return rowan::Repository<Row>{db}.upsert(Row{}, rowan::on_conflict<&Row::id>.do_update<&Other::name>());
#endif
}
