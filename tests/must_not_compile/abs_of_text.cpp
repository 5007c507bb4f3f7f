// error: rowan: abs is for numbers
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
    return rowan::abs(rowan::col<&Row::id>);
#else
    return rowan::abs(rowan::col<&Row::name>);
#endif
}
