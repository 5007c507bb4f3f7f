// error: rowan: truncate is for timestamps
#include <rowan/query/functions.hpp>
#include <rowan/types/all.hpp>

struct Row {
    std::int64_t id{};
    std::string name{};
    std::int32_t number{};
    double real{};
    std::optional<std::string> note{};
    rowan::Timestamp time{};
};

auto use() {
#ifdef ROWAN_CONTROL
    return rowan::truncate<rowan::Unit::day>(rowan::col<&Row::time>);
#else
    return rowan::truncate<rowan::Unit::day>(rowan::col<&Row::number>);
#endif
}
