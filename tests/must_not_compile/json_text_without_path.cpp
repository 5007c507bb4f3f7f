// error: rowan: json_text needs the path of a member: json_text<"name">(document)
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
    return rowan::json_text<>(rowan::col<&Row::name>);
#endif
}
