// error: an_identifier_must_not_be_empty
#include <rowan/rowan.hpp>

struct Row {
    std::int64_t id{};
    std::string name{};
    std::optional<int> size{};
};
struct Other {
    std::int64_t id{};
    std::string name{};
};

#ifdef ROWAN_CONTROL
template <>
inline constexpr auto rowan::table<Row> = rowan::describe<Row>("rows").column<&Row::name>("text");
#else
template <>
inline constexpr auto rowan::table<Row> = rowan::describe<Row>("rows").column<&Row::name>("");
#endif

auto use(rowan::postgres::Connection& db) { return rowan::repository<Row>(db).create_table(); }
