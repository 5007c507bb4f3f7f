// error: rowan: in takes a range of values, or a query that selects one column
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
    return rowan::col<&Row::number>.in({1});
#else
    return rowan::col<&Row::number>.in(1);
#endif
}
