// error: rowan: upper is for text
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
    return rowan::upper(rowan::col<&Row::name>);
#else
    return rowan::upper(rowan::col<&Row::number>);
#endif
}
