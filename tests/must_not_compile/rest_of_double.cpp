// error: rowan: % is for integers: cast<std::int64_t>(...) what is none
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
    return rowan::col<&Row::id> % 2;
#else
    return rowan::col<&Row::real> % 2;
#endif
}
