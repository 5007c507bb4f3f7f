// error: rowan: this member belongs to another struct than the table's
#include <rowan/schema/table.hpp>
#include <rowan/types/all.hpp>

struct Row {
    std::int64_t id{};
    std::string name{};
    std::optional<int> size{};
};
struct Other {
    std::int64_t id{};
    std::string name{};
};

#ifdef ROWAN_CONTROL
template <>
inline constexpr auto rowan::table<Row> = rowan::describe<Row>("rows").index<rowan::desc<&Row::name>>();
#else
template <>
inline constexpr auto rowan::table<Row> = rowan::describe<Row>("rows").index<rowan::desc<&Other::name>>();
#endif

auto use() { return rowan::table<Row>; }
