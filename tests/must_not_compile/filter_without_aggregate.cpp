// error: rowan: filter belongs behind an aggregate, as in sum(x).filter(condition)
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
    return rowan::sum(rowan::col<&Row::number>).filter(rowan::col<&Row::real> > 1);
#else
    return rowan::col<&Row::number>.filter(rowan::col<&Row::real> > 1);
#endif
}
