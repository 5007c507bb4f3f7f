// error: rowan: only numbers can be calculated with: cast<double>(...) it
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
    return rowan::col<&Row::time> - rowan::col<&Row::time>;
#else
    return rowan::col<&Row::time> + rowan::col<&Row::time>;
#endif
}
