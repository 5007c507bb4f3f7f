// error: rowan: two expressions of unlike types are compared: cast<T>(...) one of them
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
    return rowan::set<&Row::number> = rowan::col<&Row::id>;
#else
    return rowan::set<&Row::number> = rowan::col<&Row::name>;
#endif
}
