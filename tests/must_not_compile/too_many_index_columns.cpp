// error: the_unique_constraints_and_indexes_of_a_table_can_name_at_most_64_columns
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
inline constexpr auto rowan::table<Row> =
    rowan::describe<Row>("rows")
        .index<&Row::id, &Row::id, &Row::id, &Row::id, &Row::id, &Row::id, &Row::id, &Row::id, &Row::id, &Row::id,
               &Row::id, &Row::id, &Row::id, &Row::id, &Row::id, &Row::id, &Row::id, &Row::id, &Row::id, &Row::id,
               &Row::id, &Row::id, &Row::id, &Row::id, &Row::id, &Row::id, &Row::id, &Row::id, &Row::id, &Row::id,
               &Row::id, &Row::id>()
        .index<&Row::id, &Row::id, &Row::id, &Row::id, &Row::id, &Row::id, &Row::id, &Row::id, &Row::id, &Row::id,
               &Row::id, &Row::id, &Row::id, &Row::id, &Row::id, &Row::id, &Row::id, &Row::id, &Row::id, &Row::id,
               &Row::id, &Row::id, &Row::id, &Row::id, &Row::id, &Row::id, &Row::id, &Row::id, &Row::id, &Row::id,
               &Row::id, &Row::id>();
#else
template <>
inline constexpr auto rowan::table<Row> =
    rowan::describe<Row>("rows")
        .index<&Row::id, &Row::id, &Row::id, &Row::id, &Row::id, &Row::id, &Row::id, &Row::id, &Row::id, &Row::id,
               &Row::id, &Row::id, &Row::id, &Row::id, &Row::id, &Row::id, &Row::id, &Row::id, &Row::id, &Row::id,
               &Row::id, &Row::id, &Row::id, &Row::id, &Row::id, &Row::id, &Row::id, &Row::id, &Row::id, &Row::id,
               &Row::id, &Row::id>()
        .index<&Row::id, &Row::id, &Row::id, &Row::id, &Row::id, &Row::id, &Row::id, &Row::id, &Row::id, &Row::id,
               &Row::id, &Row::id, &Row::id, &Row::id, &Row::id, &Row::id, &Row::id, &Row::id, &Row::id, &Row::id,
               &Row::id, &Row::id, &Row::id, &Row::id, &Row::id, &Row::id, &Row::id, &Row::id, &Row::id, &Row::id,
               &Row::id, &Row::id>()
        .index<&Row::id>();
#endif

auto use() { return rowan::table<Row>; }
