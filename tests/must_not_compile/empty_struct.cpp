// error: rowan: this struct has no members, so there is nothing to store
#include <rowan/schema/table.hpp>
#include <rowan/types/all.hpp>

struct Row {
#ifdef ROWAN_CONTROL
    int number{};
#endif
};

rowan::Table<Row> use() { return rowan::describe<Row>("rows"); }
