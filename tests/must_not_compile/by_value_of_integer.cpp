// error: rowan: by_value is for members of an enum type
#include <rowan/schema/table.hpp>
#include <rowan/types/all.hpp>

#include <boost/describe/enum.hpp>

enum class Described { one, two };
BOOST_DESCRIBE_ENUM(Described, one, two)
enum class Plain { one, two };
enum class PlainToo { one, two };
struct Row {
    std::int64_t id{};
    Described described{};
    Plain plain{};
};

#ifdef ROWAN_CONTROL
template <>
inline constexpr auto rowan::table<Row> = rowan::describe<Row>("rows").by_value<&Row::plain>();
#else
template <>
inline constexpr auto rowan::table<Row> = rowan::describe<Row>("rows").by_value<&Row::id>();
#endif

auto use() { return rowan::table<Row>; }
