#include <cstdint>
#include <postgres/competitors.hpp>
#include <soci/postgresql/soci-postgresql.h>
#include <support/soci_client.hpp>
#include <support/soci_pool.hpp>

namespace bench::postgres {

namespace {

struct Kept {
    explicit Kept(const Place& place) : keeper_{place} {}
    PostgresKeeper keeper_;
};

class Soci : private Kept, public SociClient<true> {
public:
    explicit Soci(const Place& place) : Kept{place}, SociClient{soci::postgresql, place.url()} { prepare(); }

    Keeper& keeper() { return keeper_; }

private:
    std::int64_t changed_by(soci::statement& statement) override { return statement.get_affected_rows(); }
};

struct Pool : SociPool {
    explicit Pool(const Place& place) : SociPool{soci::postgresql, place.url(), pool_size} {}
};

}  // namespace

void enter_soci(Suite& suite, const Course& course) {
    enter<Soci>(suite, "SOCI", course);
    enter_pool<Pool>(suite, "SOCI", course);
}

}  // namespace bench::postgres
