// error: rowan: this member is not among the described ones: add it to BOOST_DESCRIBE_STRUCT
#include <rowan/schema/table.hpp>
#include <rowan/types/all.hpp>

#include <boost/describe/class.hpp>

struct Row {
    int listed{};
    int forgotten{};
};
BOOST_DESCRIBE_STRUCT(Row, (), (listed))

#ifdef ROWAN_CONTROL
template <>
inline constexpr auto rowan::table<Row> = rowan::describe<Row>("rows").key<&Row::listed>();
#else
template <>
inline constexpr auto rowan::table<Row> = rowan::describe<Row>("rows").key<&Row::forgotten>();
#endif

auto use() { return rowan::table<Row>; }
