// error: rowan: a key needs at least one member: .key<&T::m>()
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
inline constexpr auto rowan::table<Row> = rowan::describe<Row>("rows").key<&Row::id>();
#else
template <>
inline constexpr auto rowan::table<Row> = rowan::describe<Row>("rows").key<>();
#endif

auto use() { return rowan::table<Row>; }
