// error: rowan: lower is for text
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
    return rowan::lower(rowan::col<&Row::name>);
#else
    return rowan::lower(rowan::col<&Row::number>);
#endif
}
