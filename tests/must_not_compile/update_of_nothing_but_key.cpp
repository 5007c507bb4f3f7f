// error: rowan: every column of this table belongs to the key, so there is nothing to update
#include <rowan/rowan.hpp>

struct Row {
    std::int64_t number{};
    std::string name{};
};
template <>
#ifdef ROWAN_CONTROL
inline constexpr auto rowan::table<Row> = rowan::describe<Row>().key<&Row::number>();
#else
inline constexpr auto rowan::table<Row> = rowan::describe<Row>().key<&Row::number, &Row::name>();
#endif

auto use(rowan::Database& db) { return rowan::Repository<Row>{db}.update(Row{}); }
