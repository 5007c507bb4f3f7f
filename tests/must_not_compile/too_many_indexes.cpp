// error: a_table_can_have_at_most_16_unique_constraints_and_indexes
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
inline constexpr auto rowan::table<Row> = rowan::describe<Row>("rows")
                                              .index<&Row::name>()
                                              .index<&Row::id>()
                                              .index<&Row::name>()
                                              .index<&Row::id>()
                                              .index<&Row::name>()
                                              .index<&Row::id>()
                                              .index<&Row::name>()
                                              .index<&Row::id>()
                                              .index<&Row::name>()
                                              .index<&Row::id>()
                                              .index<&Row::name>()
                                              .index<&Row::id>()
                                              .index<&Row::name>()
                                              .index<&Row::id>()
                                              .index<&Row::name>()
                                              .index<&Row::id>();
#else
template <>
inline constexpr auto rowan::table<Row> = rowan::describe<Row>("rows")
                                              .index<&Row::name>()
                                              .index<&Row::id>()
                                              .index<&Row::name>()
                                              .index<&Row::id>()
                                              .index<&Row::name>()
                                              .index<&Row::id>()
                                              .index<&Row::name>()
                                              .index<&Row::id>()
                                              .index<&Row::name>()
                                              .index<&Row::id>()
                                              .index<&Row::name>()
                                              .index<&Row::id>()
                                              .index<&Row::name>()
                                              .index<&Row::id>()
                                              .index<&Row::name>()
                                              .index<&Row::id>()
                                              .index<&Row::id>();
#endif

auto use() { return rowan::table<Row>; }
