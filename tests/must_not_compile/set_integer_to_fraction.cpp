// error: rowan: an expression with a fraction is assigned to an integer member: cast<std::int64_t>(...) it
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
    return rowan::set<&Row::real> = rowan::col<&Row::real> * 2;
#else
    return rowan::set<&Row::number> = rowan::col<&Row::real> * 2;
#endif
}
