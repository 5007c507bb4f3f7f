#include <rowan/postgres.hpp>

#include <postgres/competitors.hpp>
#include <support/rowan_client.hpp>

namespace bench::postgres {

namespace {

/// In front of the client, so that the schema is there first and goes last.
struct Kept {
    explicit Kept(const Place& place) : keeper_{place} {}
    PostgresKeeper keeper_;
};

template <template <class> class Client>
class Rowan : private Kept, public Client<rowan::postgres::Connection> {
public:
    explicit Rowan(const Place& place)
        : Kept{place},
          Client<rowan::postgres::Connection>{rowan::must(rowan::postgres::Connection::open(place.url()))} {}

    Keeper& keeper() { return keeper_; }
};

}  // namespace

void enter_rowan(Suite& suite, const Course& course) {
    enter<Rowan<RowanClient>>(suite, "rowan", course);
    enter<Rowan<RowanPatchWithRow>>(suite, "rowan, with the row", course);
}

}  // namespace bench::postgres
