// error: rowan: a character type cannot be a column: use std::string for text, std::int8_t for a number, or an enum
#include <rowan/schema/table.hpp>
#include <rowan/types/all.hpp>

struct Row {
    int before{};
#ifdef ROWAN_CONTROL
    std::int8_t c{};
#else
    char c{};
#endif
    int after{};
};

rowan::Table<Row> use() { return rowan::describe<Row>("rows"); }
