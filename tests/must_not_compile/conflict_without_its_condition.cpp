// error: rowan: the members of on_conflict are neither the key nor a unique constraint of the table: declare them with .unique<...>(), or name those of a declared one
#include <rowan/rowan.hpp>

struct Login {
    std::int64_t id{};
    std::string user{};
    bool active{};
};

constexpr auto is_active = rowan::col<&Login::active> == rowan::constant<true>;

template <>
inline constexpr auto rowan::table<Login> = rowan::describe<Login>("login").unique<&Login::user>(is_active);

auto use(rowan::Database& db, const Login& login) {
#ifdef ROWAN_CONTROL
    return rowan::Repository<Login>{db}.upsert(login, rowan::on_conflict<&Login::user>.among(is_active).do_nothing());
#else
    return rowan::Repository<Login>{db}.upsert(login, rowan::on_conflict<&Login::user>.do_nothing());
#endif
}
