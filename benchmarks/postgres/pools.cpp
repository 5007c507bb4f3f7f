#include <rowan/postgres.hpp>

#include <postgres/competitors.hpp>
#include <support/rowan_pool.hpp>
#include <support/usual_pool.hpp>

namespace bench::postgres {

namespace {

struct Usual : UsualPool<Line> {
    explicit Usual(const Place& place) : UsualPool<Line>{pool_size, [&] { return connect(place.url()); }} {}
};

template <template <class> class Pool>
struct Rowan : Pool<rowan::postgres::Connection> {
    explicit Rowan(const Place& place) : Pool<rowan::postgres::Connection>{place.url(), pool_size} {}
};

}  // namespace

void enter_pools(Suite& suite, const Course& course) {
    enter_pool<Usual>(suite, "usual", course);
    enter_pool<Rowan<RowanPool>>(suite, "rowan", course);
    enter_pool<Rowan<RowanPoolByCall>>(suite, "rowan, a call", course);
}

}  // namespace bench::postgres
