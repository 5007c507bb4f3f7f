// error: rowan: a generated key must be an integer, such as std::int64_t
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
inline constexpr auto rowan::table<Row> = rowan::describe<Row>("rows").key<&Row::id>(rowan::generated);
#else
template <>
inline constexpr auto rowan::table<Row> = rowan::describe<Row>("rows").key<&Row::name>(rowan::generated);
#endif

auto use() { return rowan::table<Row>; }
