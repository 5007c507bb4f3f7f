// error: rowan: a text column is compared with something that is no text: convert the value to std::string
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
    return rowan::coalesce(rowan::col<&Row::note>, "none");
#else
    return rowan::coalesce(rowan::col<&Row::note>, 0);
#endif
}
