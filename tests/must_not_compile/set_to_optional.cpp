// error: rowan: a value that may be missing is assigned to a member that is no std::optional
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
    return rowan::set<&Row::note> = std::optional<std::string>{};
#else
    return rowan::set<&Row::name> = std::optional<std::string>{};
#endif
}
