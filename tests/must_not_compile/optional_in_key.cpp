// error: rowan: a key's member cannot be std::optional: a key is never NULL
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
inline constexpr auto rowan::table<Row> = rowan::describe<Row>("rows").key<&Row::id, &Row::name>();
#else
template <>
inline constexpr auto rowan::table<Row> = rowan::describe<Row>("rows").key<&Row::id, &Row::size>();
#endif

auto use() { return rowan::table<Row>; }
