// error: rowan: length is for text and bytes: cast<std::string>(...) what is neither
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
    return rowan::length(rowan::col<&Row::name>);
#else
    return rowan::length(rowan::col<&Row::id>);
#endif
}
