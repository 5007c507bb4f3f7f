#include <rowan/sqlite.hpp>

#include <filesystem>
#include <sqlite/competitors.hpp>
#include <support/rowan_client.hpp>
#include <utility>

namespace bench::sqlite {

namespace {

template <template <class> class Client>
class Rowan : public Client<rowan::sqlite::Connection> {
public:
    explicit Rowan(const Place& place)
        : Client<rowan::sqlite::Connection>{(place.clear(),
                                             rowan::must(rowan::sqlite::Connection::open(place.path())))},
          keeper_{this->connection().native(), place} {}

    Keeper& keeper() { return keeper_; }

private:
    SqliteKeeper keeper_;
};

}  // namespace

void enter_rowan(Suite& suite, const Course& course) {
    enter<Rowan<RowanClient>>(suite, "rowan", course);
    enter<Rowan<RowanPatchWithRow>>(suite, "rowan, with the row", course);
}

}  // namespace bench::sqlite
