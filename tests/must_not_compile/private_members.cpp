// error: rowan: this struct has private members, constructors or virtual functions, so its members cannot be seen: make it a plain aggregate, or list them with BOOST_DESCRIBE_STRUCT
#include <rowan/schema/table.hpp>
#include <rowan/types/all.hpp>

class Row {
#ifdef ROWAN_CONTROL
public:
#else
private:
#endif
    int number{};
    int other{};
};

rowan::Table<Row> use() { return rowan::describe<Row>("rows"); }
