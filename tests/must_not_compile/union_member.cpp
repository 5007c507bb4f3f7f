// error: rowan: a union cannot be a column: give each alternative a std::optional member
#include <rowan/schema/table.hpp>
#include <rowan/types/all.hpp>

union Either {
    int number;
    float real;
};
struct Row {
    int before{};
#ifdef ROWAN_CONTROL
    std::optional<int> number{};
#else
    Either either{};
#endif
    int after{};
};

rowan::Table<Row> use() { return rowan::describe<Row>("rows"); }
