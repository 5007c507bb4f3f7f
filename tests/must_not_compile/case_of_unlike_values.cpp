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
    return rowan::case_when(rowan::col<&Row::number> > 1, "many").otherwise("few");
#else
    return rowan::case_when(rowan::col<&Row::number> > 1, "many").otherwise(0);
#endif
}
