// error: an_identifier_must_not_contain_a_NUL
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
inline constexpr auto rowan::table<Row> = rowan::describe<Row>("rows");
#else
template <>
inline constexpr auto rowan::table<Row> = rowan::describe<Row>(std::string_view{"ro\0ws", 5});
#endif

auto use(rowan::postgres::Connection& db) { return rowan::repository<Row>(db).create_table(); }
