// error: rowan: only a struct can be a row; a union, an enum or a built-in type cannot
#include <rowan/schema/table.hpp>
#include <rowan/types/all.hpp>

#ifdef ROWAN_CONTROL
struct Row {
#else
union Row {
#endif
    int number;
    float real;
};

rowan::Table<Row> use() { return rowan::describe<Row>("rows"); }
