// error: rowan: on_conflict needs the members of a key or unique constraint: on_conflict<&T::m>
#include <rowan/rowan.hpp>

struct Row {
    std::int64_t number{};
    std::string name{};
};
template <>
inline constexpr auto rowan::table<Row> = rowan::describe<Row>().unique<&Row::number>();

auto use(rowan::Database& db) {
#ifdef ROWAN_CONTROL
    return rowan::Repository<Row>{db}.upsert(Row{}, rowan::on_conflict<&Row::number>.do_nothing());
#else
    return rowan::Repository<Row>{db}.upsert(Row{}, rowan::on_conflict<>.do_nothing());
#endif
}
