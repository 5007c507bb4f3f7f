// error: rowan: the members of on_conflict are neither the key nor a unique constraint of the table: declare them with .unique<...>(), or name those of a declared one
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
    return rowan::Repository<Row>{db}.upsert(Row{}, rowan::on_conflict<&Row::name>.do_nothing());
#endif
}
