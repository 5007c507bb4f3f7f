// error: rowan: json_text is for text that holds JSON
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
    return rowan::json_text<"name">(rowan::col<&Row::name>);
#else
    return rowan::json_text<"name">(rowan::col<&Row::number>);
#endif
}
