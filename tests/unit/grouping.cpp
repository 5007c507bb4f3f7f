#include <rowan/rowan.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "fresh.hpp"

namespace {

using rowan::col;
using rowan::count;
using rowan::from;
using rowan::max;
using rowan::sum;

struct Shelf {
    std::int64_t id{};
    std::string room{};
    std::string name{};
};

struct Jar {
    std::int64_t id{};
    std::int64_t shelf{};
    std::int64_t grams{};
};

/// Shelves "a" and "b" in the kitchen, "c" in the cellar and empty.
template <class Db>
struct Pantry : Fresh<Db> {
    Pantry() {
        auto shelves = rowan::repository<Shelf>(this->connection);
        auto jars = rowan::repository<Jar>(this->connection);
        rowan::must(shelves.create_table());
        rowan::must(jars.create_table());
        rowan::must(shelves.insert(std::vector<Shelf>{{1, "kitchen", "a"}, {2, "kitchen", "b"}, {3, "cellar", "c"}}));
        rowan::must(jars.insert(std::vector<Jar>{{1, 1, 100}, {2, 1, 200}, {3, 2, 50}}));
    }
};

}  // namespace

TEST_CASE_TEMPLATE("columns of a table whose key is grouped need not be", Db, Sqlite, Postgres) {
    Pantry<Db> pantry;
    const auto rows = rowan::must(from<Shelf>(pantry.connection)
                                      .template left_join<Jar>(col<&Jar::shelf> == col<&Shelf::id>)
                                      .group_by(col<&Shelf::id>)
                                      .having(col<&Shelf::room> == "kitchen")
                                      .order_by(col<&Shelf::name>.desc())
                                      .select(col<&Shelf::name>, count(col<&Jar::id>))
                                      .all());
    CHECK(rows == std::vector<std::tuple<std::string, std::int64_t>>{{"b", 1}, {"a", 2}});
    const auto whole =
        rowan::must(from<Shelf>(pantry.connection).group_by(col<&Shelf::id>).order_by(rowan::asc<&Shelf::name>).all());
    REQUIRE(whole.size() == 3);
    CHECK(whole[2].name == "c");
}

TEST_CASE_TEMPLATE("what is made of grouped expressions is grouped", Db, Sqlite, Postgres) {
    Pantry<Db> pantry;
    const auto room = rowan::upper(col<&Shelf::room>);
    const auto rows = rowan::must(from<Shelf>(pantry.connection)
                                      .group_by(room)
                                      .order_by(rowan::lower(room).asc())
                                      .select(room.template as<"room">(), room == "KITCHEN", count())
                                      .all());
    CHECK(rows == std::vector<std::tuple<std::string, bool, std::int64_t>>{{"CELLAR", false, 1}, {"KITCHEN", true, 2}});
}

TEST_CASE_TEMPLATE("a window and a query inside may look at the groups", Db, Sqlite, Postgres) {
    Pantry<Db> pantry;
    const auto grams = sum(col<&Jar::grams>);
    const auto shares = rowan::must(
        from<Jar>(pantry.connection)
            .group_by(col<&Jar::shelf>)
            .order_by(rowan::asc<&Jar::shelf>)
            .select(col<&Jar::shelf>, grams, sum(grams).over(), rowan::rank().over(rowan::order_by(grams.asc())))
            .all());
    CHECK(shares == std::vector<std::tuple<std::int64_t, std::int64_t, std::int64_t, std::int64_t>>{{1, 300, 350, 2},
                                                                                                    {2, 50, 350, 1}});
    const auto same_room = from<Shelf, "s">().where(col<&Shelf::room, "s"> == col<&Shelf::room>);
    const auto rooms = rowan::must(from<Shelf>(pantry.connection)
                                       .group_by(col<&Shelf::room>)
                                       .order_by(rowan::asc<&Shelf::room>)
                                       .select(rowan::scalar(same_room.select(max(col<&Shelf::name, "s">))))
                                       .all());
    CHECK(rooms == std::vector<std::tuple<std::optional<std::string>>>{{"c"}, {"b"}});
}
