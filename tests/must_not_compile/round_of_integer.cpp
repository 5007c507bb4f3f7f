// error: rowan: round is for float and double
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
    return rowan::round(rowan::col<&Row::real>);
#else
    return rowan::round(rowan::col<&Row::id>);
#endif
}
