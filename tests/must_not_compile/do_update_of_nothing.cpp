// error: rowan: do_update has nothing to update, as every column belongs to the key or to the conflict target: use do_nothing()
#include <rowan/rowan.hpp>

struct Row {
    std::int64_t number{};
    std::string name{};
};
template <>
inline constexpr auto rowan::table<Row> = rowan::describe<Row>().key<&Row::number, &Row::name>();

auto use(rowan::Database& db) {
#ifdef ROWAN_CONTROL
    return rowan::Repository<Row>{db}.upsert(Row{}, rowan::on_conflict<&Row::number, &Row::name>.do_nothing());
#else
    return rowan::Repository<Row>{db}.upsert(Row{}, rowan::on_conflict<&Row::number, &Row::name>.do_update());
#endif
}
