// error: rowan: nothing says how this member is stored: use one of rowan's column types, or write a rowan::Type for its type
#include <rowan/schema/table.hpp>
#include <rowan/types/all.hpp>

struct Row {
    int before{};
#ifdef ROWAN_CONTROL
    double real{};
#else
    long double real{};
#endif
    int after{};
};

rowan::Table<Row> use() { return rowan::describe<Row>("rows"); }
