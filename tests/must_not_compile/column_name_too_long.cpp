// error: this_identifier_is_longer_than_the_database_allows
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
inline constexpr auto rowan::table<Row> =
    rowan::describe<Row>("rows").column<&Row::name>("a_name_of_just_as_many_bytes_as_the_server_keeps_of_any_name_63");
#else
template <>
inline constexpr auto rowan::table<Row> =
    rowan::describe<Row>("rows").column<&Row::name>("a_name_of_just_as_many_bytes_as_the_server_keeps_of_any_name_634");
#endif

auto use(rowan::postgres::Connection& db) { return rowan::repository<Row>(db).create_table(); }
