// error: rowan: this is a test of text, on something that is no text
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
    return rowan::col<&Row::name>.like("a%");
#else
    return rowan::col<&Row::number>.like("a%");
#endif
}
