// error: rowan: a C array cannot be a column: use std::string for text or std::vector<std::byte> for bytes
#include <rowan/schema/table.hpp>
#include <rowan/types/all.hpp>

struct Row {
#ifdef ROWAN_CONTROL
    std::string text{};
#else
    char text[16]{};
#endif
};

rowan::Table<Row> use() { return rowan::describe<Row>("rows"); }
