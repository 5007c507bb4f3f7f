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
inline constexpr auto rowan::table<Row> = rowan::describe<Row>("rows").column<&Row::name>("text");
#else
template <>
inline constexpr auto rowan::table<Row> = rowan::describe<Row>("rows").column<&Other::name>("text");
#endif

auto use() { return rowan::table<Row>; }
