// error: rowan: two expressions of unlike types are compared: cast<T>(...) one of them
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
    return rowan::col<&Row::number> == rowan::col<&Row::real>;
#else
    return rowan::col<&Row::number> == rowan::col<&Row::name>;
#endif
}
