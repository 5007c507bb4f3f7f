// error: rowan: an enum over bool or a character type cannot be stored by value: give it an integer type, or store its names
#include <rowan/rowan.hpp>

#include <boost/describe/enum.hpp>

enum class Switch : bool { off, on };
BOOST_DESCRIBE_ENUM(Switch, off, on)
struct Row {
    int number{};
    Switch state{};
};

#ifdef ROWAN_CONTROL
template <>
inline constexpr auto rowan::table<Row> = rowan::describe<Row>("rows").by_name<&Row::state>();
#else
template <>
inline constexpr auto rowan::table<Row> = rowan::describe<Row>("rows").by_value<&Row::state>();
#endif

auto use(rowan::Database& db) { return rowan::Repository<Row>{db}.create_table(); }
