// error: rowan: an integer column is compared with something that is no integer: convert the value to the member's type
#include <rowan/query/assignment.hpp>
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
    return rowan::set<&Row::number> = 1;
#else
    return rowan::set<&Row::number> = 1.5;
#endif
}
