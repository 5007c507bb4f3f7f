// error: rowan: a frame has its first row before its last: rows_between(preceding<2>, current_row)
#include <rowan/rowan.hpp>

#include <chrono>

struct Row {
    std::int64_t id{};
    std::string name{};
    double real{};
    rowan::Timestamp time{};
};

auto use() {
#ifdef ROWAN_CONTROL
    return rowan::count().over(rowan::rows_between(rowan::preceding<2>, rowan::current_row));
#else
    return rowan::count().over(rowan::rows_between(rowan::current_row, rowan::preceding<2>));
#endif
}
