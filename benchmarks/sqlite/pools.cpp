#include <rowan/sqlite.hpp>

#include <sqlite/competitors.hpp>
#include <support/rowan_pool.hpp>
#include <support/usual_pool.hpp>

namespace bench::sqlite {

namespace {

struct Usual : UsualPool<Database> {
    explicit Usual(const Place& place)
        : UsualPool<Database>{(place.clear(), pool_size),
                              [&] { return open(place.path(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE); }} {}
};

template <template <class> class Pool>
struct Rowan : Pool<rowan::sqlite::Connection> {
    explicit Rowan(const Place& place) : Pool<rowan::sqlite::Connection>{(place.clear(), place.path()), pool_size} {}
};

}  // namespace

void enter_pools(Suite& suite, const Course& course) {
    enter_pool<Usual>(suite, "usual", course);
    enter_pool<Rowan<RowanPool>>(suite, "rowan", course);
    enter_pool<Rowan<RowanPoolByCall>>(suite, "rowan, a call", course);
}

}  // namespace bench::sqlite
