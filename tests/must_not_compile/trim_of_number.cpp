// error: rowan: trim, ltrim and rtrim are for text: cast<std::string>(...) what is none
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
    return rowan::trim(rowan::col<&Row::name>);
#else
    return rowan::trim(rowan::col<&Row::id>);
#endif
}
