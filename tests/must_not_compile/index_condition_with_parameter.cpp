// error: rowan: the condition of an index cannot have parameters: write a value as rowan::constant<value>
#include <rowan/rowan.hpp>

struct Login {
    std::int64_t id{};
    bool active{};
};

template <>
inline constexpr auto rowan::table<Login> =
#ifdef ROWAN_CONTROL
    rowan::describe<Login>("login").index<&Login::id>(rowan::col<&Login::active> == rowan::constant<true>);
#else
    rowan::describe<Login>("login").index<&Login::id>(rowan::col<&Login::active> == true);
#endif

auto use(rowan::Database& db) { return rowan::Repository<Login>{db}.create_table(); }
