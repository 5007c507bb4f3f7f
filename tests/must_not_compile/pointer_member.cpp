// error: rowan: a pointer cannot be a column, as nobody would own what is read: store the value, in a std::optional if it may be missing
#include <rowan/schema/table.hpp>
#include <rowan/types/all.hpp>

struct Row {
    int before{};
#ifdef ROWAN_CONTROL
    std::optional<int> number{};
#else
    int* number{};
#endif
    int after{};
};

rowan::Table<Row> use() { return rowan::describe<Row>("rows"); }
