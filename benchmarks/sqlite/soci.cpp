#include <cstdint>
#include <sqlite/competitors.hpp>
#include <support/soci_client.hpp>
#include <support/soci_pool.hpp>
#include <utility>

namespace bench::sqlite {

// See soci_backend.cpp.
const soci::backend_factory& soci_backend();
void* soci_handle(soci::session& session);

namespace {

class Soci : public SociClient<false> {
public:
    explicit Soci(const Place& place)
        : SociClient{soci_backend(), (place.clear(), "db=" + place.path())},
          db_{static_cast<sqlite3*>(soci_handle(session()))},
          keeper_{db_, place} {
        prepare();
        before_ = sqlite3_total_changes(db_);
    }

    Keeper& keeper() { return keeper_; }
    void begin() {
        SociClient::begin();
        before_ = sqlite3_total_changes(db_);
    }

private:
    /// What is there already leaves the number of an earlier change, which SOCI would give.
    std::int64_t changed_by(soci::statement&) override {
        const int now = sqlite3_total_changes(db_);
        return now - std::exchange(before_, now);
    }

    sqlite3* db_;
    SqliteKeeper keeper_;
    int before_ = 0;
};

struct Pool : SociPool {
    explicit Pool(const Place& place) : SociPool{soci_backend(), (place.clear(), "db=" + place.path()), pool_size} {}
};

}  // namespace

void enter_soci(Suite& suite, const Course& course) {
    enter<Soci>(suite, "SOCI", course);
    enter_pool<Pool>(suite, "SOCI", course);
}

}  // namespace bench::sqlite
