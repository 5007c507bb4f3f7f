// error: rowan: sum is for numbers
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
    return rowan::sum(rowan::col<&Row::number>);
#else
    return rowan::sum(rowan::col<&Row::name>);
#endif
}
