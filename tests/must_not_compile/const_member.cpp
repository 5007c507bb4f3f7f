// error: rowan: a const member cannot be a column, as no row could be read into it: drop the const
#include <rowan/schema/table.hpp>
#include <rowan/types/all.hpp>

struct Row {
    int before{};
#ifdef ROWAN_CONTROL
    int number = 1;
#else
    const int number = 1;
#endif
    int after{};
};

rowan::Table<Row> use() { return rowan::describe<Row>("rows"); }
