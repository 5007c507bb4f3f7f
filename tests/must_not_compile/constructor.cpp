// error: rowan: this struct has private members, constructors or virtual functions, so its members cannot be seen: make it a plain aggregate, or list them with BOOST_DESCRIBE_STRUCT
#include <rowan/schema/table.hpp>
#include <rowan/types/all.hpp>

struct Row {
    int number{};
#ifdef ROWAN_CONTROL
    static Row make(int n) { return Row{n}; }
#else
    explicit Row(int n) : number{n} {}
#endif
};

rowan::Table<Row> use() { return rowan::describe<Row>("rows"); }
