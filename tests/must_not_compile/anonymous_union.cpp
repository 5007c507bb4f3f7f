// error: because it has an anonymous union member
#include <rowan/schema/table.hpp>
#include <rowan/types/all.hpp>

struct Row {
    int before{};
#ifdef ROWAN_CONTROL
    struct Nested {
        int number;
        float real;
    };
#else
    union {
        int number;
        float real;
    };
#endif
    int after{};
};

rowan::Table<Row> use() { return rowan::describe<Row>("rows"); }
