// error: rowan: this struct cannot be made with T{}, so no row can be read into it: a reference member must become a value or a pointer-free key, a const member must get a default or lose its const
#include <rowan/schema/table.hpp>
#include <rowan/types/all.hpp>

struct Row {
    int before{};
#ifdef ROWAN_CONTROL
    int number{};
#else
    int& number;
#endif
    int after{};
};

rowan::Table<Row> use() { return rowan::describe<Row>("rows"); }
