// error: rowan: this struct has a base class, so its members cannot be seen: list them with BOOST_DESCRIBE_STRUCT(T, (Base), (members...))
#include <rowan/schema/table.hpp>
#include <rowan/types/all.hpp>

#include <boost/describe/class.hpp>

struct Base {
    int number{};
};
struct Row : Base {
    int other{};
};
#ifdef ROWAN_CONTROL
BOOST_DESCRIBE_STRUCT(Base, (), (number))
BOOST_DESCRIBE_STRUCT(Row, (Base), (other))
#endif

rowan::Table<Row> use() { return rowan::describe<Row>("rows"); }
