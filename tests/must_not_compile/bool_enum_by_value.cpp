// error: rowan: an enum over bool or a character type cannot be stored by value: give it an integer type, or describe it with BOOST_DESCRIBE_ENUM to store its names
#include <rowan/schema/table.hpp>
#include <rowan/types/all.hpp>

#ifdef ROWAN_CONTROL
enum class Switch : std::uint8_t { off, on };
#else
enum class Switch : bool { off, on };
#endif

struct Row {
    int number{};
    Switch state{};
};

rowan::Table<Row> use() { return rowan::describe<Row>("rows"); }
