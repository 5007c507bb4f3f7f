// error: rowan: a timestamp counts microseconds, and this duration is finer or has a fraction: std::chrono::duration_cast<std::chrono::microseconds>(...) it
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
    return rowan::col<&Row::time> + std::chrono::microseconds{1};
#else
    return rowan::col<&Row::time> + std::chrono::nanoseconds{1};
#endif
}
