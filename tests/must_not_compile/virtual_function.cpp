// error: rowan: this struct has private members, constructors or virtual functions, so its members cannot be seen: make it a plain aggregate, or list them with BOOST_DESCRIBE_STRUCT
#include <rowan/schema/table.hpp>
#include <rowan/types/all.hpp>

struct Row {
    int number{};
#ifdef ROWAN_CONTROL
    int twice() const { return 2 * number; }
#else
    virtual int twice() const { return 2 * number; }
#endif
};

rowan::Table<Row> use() { return rowan::describe<Row>("rows"); }
