// error: rowan: a rowan::Version, UpdatedAt or CreatedAt cannot belong to the key, as rowan itself writes it
#include <rowan/rowan.hpp>

struct Row {
    std::int64_t number{};
    rowan::Version version{};
    std::string name{};
};
template <>
#ifdef ROWAN_CONTROL
inline constexpr auto rowan::table<Row> = rowan::describe<Row>().key<&Row::number>();
#else
inline constexpr auto rowan::table<Row> = rowan::describe<Row>().key<&Row::number, &Row::version>();
#endif

auto use(rowan::Database& db) { return rowan::Repository<Row>{db}.update(Row{}); }
