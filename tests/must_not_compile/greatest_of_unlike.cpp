// error: rowan: two expressions of unlike types are compared: cast<T>(...) one of them
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
    return rowan::greatest(rowan::col<&Row::id>, rowan::col<&Row::real>);
#else
    return rowan::greatest(rowan::col<&Row::id>, rowan::col<&Row::name>);
#endif
}
