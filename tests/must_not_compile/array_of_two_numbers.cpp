// error: rowan: a C array cannot be a column: use std::string for text or std::vector<std::byte> for bytes
#include <rowan/schema/table.hpp>
#include <rowan/types/all.hpp>

struct Row {
    int before{};
#ifdef ROWAN_CONTROL
    int numbers{};
#else
    int numbers[2]{};
#endif
    int after{};
};

rowan::Table<Row> use() { return rowan::describe<Row>("rows"); }
