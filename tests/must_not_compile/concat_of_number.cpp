// error: rowan: concat is for text: cast<std::string>(...) what is none
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
    return rowan::concat(rowan::col<&Row::name>, rowan::cast<std::string>(rowan::col<&Row::id>));
#else
    return rowan::concat(rowan::col<&Row::name>, rowan::col<&Row::id>);
#endif
}
