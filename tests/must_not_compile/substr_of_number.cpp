// error: rowan: substr is for text
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
    return rowan::substr(rowan::col<&Row::name>, 1, 2);
#else
    return rowan::substr(rowan::col<&Row::id>, 1, 2);
#endif
}
