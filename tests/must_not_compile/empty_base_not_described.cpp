// error: rowan: this struct has a base class, so its members cannot be seen: list them with BOOST_DESCRIBE_STRUCT(T, (Base), (members...))
#include <rowan/schema/table.hpp>
#include <rowan/types/all.hpp>

struct Tag {};
#ifdef ROWAN_CONTROL
struct Row {
#else
struct Row : Tag {
#endif
    int number{};
    int other{};
};

rowan::Table<Row> use() { return rowan::describe<Row>("rows"); }
