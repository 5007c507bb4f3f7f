// error: bit-field
#include <rowan/schema/table.hpp>
#include <rowan/types/all.hpp>

struct Row {
    int before{};
#ifdef ROWAN_CONTROL
    int bits;
#else
    int bits : 3;
#endif
    int after{};
};

rowan::Table<Row> use() { return rowan::describe<Row>("rows"); }
