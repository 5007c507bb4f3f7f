#include <rowan/rowan.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "fresh.hpp"

namespace {

using rowan::asc;
using rowan::col;
using rowan::desc;
using rowan::from;
using rowan::selected;

struct Cat {
    std::int64_t id{};
    std::string name{};
    std::optional<std::string> home{};
};
struct Dog {
    std::int64_t id{};
    std::string name{};
    std::optional<std::string> home{};
};
struct Pet {
    std::string name{};
    std::int64_t legs{};
};

using Names = std::vector<std::tuple<std::string>>;
using Homes = std::vector<std::tuple<std::optional<std::string>>>;

template <class Db>
struct Pets : Fresh<Db> {
    Pets() {
        auto cats = rowan::repository<Cat>(this->connection);
        auto dogs = rowan::repository<Dog>(this->connection);
        rowan::must(cats.create_table());
        rowan::must(dogs.create_table());
        rowan::must(
            cats.insert(std::vector<Cat>{{1, "Ada", "attic"}, {2, "Bob", {}}, {3, "Bob", {}}, {4, "Cy", "barn"}}));
        rowan::must(dogs.insert(std::vector<Dog>{{1, "Bob", {}}, {2, "Cy", "yard"}, {3, "Dot", "barn"}}));
    }
    [[nodiscard]] auto cats() { return from<Cat>(this->connection).select(col<&Cat::name>); }
    [[nodiscard]] auto cat_homes() { return from<Cat>(this->connection).select(col<&Cat::home>); }
};

auto dogs() { return from<Dog>().select(col<&Dog::name>); }
auto dog_homes() { return from<Dog>().select(col<&Dog::home>); }

}  // namespace

TEST_CASE_TEMPLATE("the four ways to put rows together", Db, Sqlite, Postgres) {
    Pets<Db> pets;
    const auto by_name = selected<"name">.asc();
    CHECK(rowan::must(pets.cats().union_all(dogs()).order_by(by_name).all()) ==
          Names{{"Ada"}, {"Bob"}, {"Bob"}, {"Bob"}, {"Cy"}, {"Cy"}, {"Dot"}});
    CHECK(rowan::must(pets.cats().union_(dogs()).order_by(by_name).all()) == Names{{"Ada"}, {"Bob"}, {"Cy"}, {"Dot"}});
    CHECK(rowan::must(pets.cats().intersect(dogs()).order_by(by_name).all()) == Names{{"Bob"}, {"Cy"}});
    CHECK(rowan::must(pets.cats().except(dogs()).order_by(by_name).all()) == Names{{"Ada"}});
    CHECK(rowan::must(pets.cats().except(from<Dog>().where(col<&Dog::id> > 9).select(col<&Dog::name>)).count()) == 3);
}

TEST_CASE_TEMPLATE("NULLs are alike where rows are compared", Db, Sqlite, Postgres) {
    Pets<Db> pets;
    CHECK(rowan::must(
              pets.cat_homes().intersect(dog_homes()).order_by(selected<1>.template asc<rowan::Nulls::last>()).all()) ==
          Homes{{"barn"}, {std::nullopt}});
    CHECK(rowan::must(pets.cat_homes().union_(dog_homes()).count()) == 4);
    CHECK(rowan::must(pets.cat_homes().except(dog_homes()).all()) == Homes{{"attic"}});
}

TEST_CASE_TEMPLATE("operations are done in the order in which they are said", Db, Sqlite, Postgres) {
    Pets<Db> pets;
    const auto ada = from<Cat>().where(col<&Cat::name> == "Ada").select(col<&Cat::name>);
    const auto cy = from<Cat>().where(col<&Cat::name> == "Cy").select(col<&Cat::name>);
    // (cats and Ada) among the dogs; a database may do the second one first.
    CHECK(rowan::must(pets.cats().union_(ada).intersect(dogs()).order_by(asc<&Cat::name>).all()) ==
          Names{{"Bob"}, {"Cy"}});
    CHECK(rowan::must(pets.cats().except(dogs().except(cy)).order_by(asc<&Cat::name>).all()) == Names{{"Ada"}, {"Cy"}});
    CHECK(rowan::must(pets.cats().except(dogs()).except(ada).all()).empty());
    CHECK(rowan::must(pets.cats().union_all(dogs().union_(dogs())).count()) == 7);
    CHECK(rowan::must(pets.cats().union_all(dogs().union_all(dogs())).count()) == 10);
}

TEST_CASE_TEMPLATE("a union is ordered, cut and counted as a whole", Db, Sqlite, Postgres) {
    Pets<Db> pets;
    auto all =
        from<Cat>(pets.connection)
            .template select<Pet>(col<&Cat::name>, (col<&Cat::id> * 4).template as<"legs">())
            .union_all(from<Dog>().template select<Pet>(col<&Dog::name>, (col<&Dog::id> * 4).template as<"legs">()));
    const auto names = [](const std::vector<Pet>& rows) {
        std::string text;
        for (const Pet& row : rows) text += row.name + std::to_string(row.legs) + " ";
        return text;
    };
    const auto sorted = all.order_by(selected<2>.desc(), selected<"name">.asc());
    CHECK(names(rowan::must(sorted.limit(3).all())) == "Cy16 Bob12 Dot12 ");
    CHECK(names(rowan::must(sorted.limit(2).offset(1).all())) == "Bob12 Dot12 ");
    CHECK(names(rowan::must(sorted.offset(5).all())) == "Ada4 Bob4 ");
    CHECK(names(rowan::must(all.order_by((col<&Cat::id> * 1).asc(), desc<&Cat::name>).limit(0).all())).empty());
    CHECK(rowan::must(all.count()) == 7);
    CHECK(rowan::must(sorted.limit(3).count()) == 3);
    CHECK(rowan::must(sorted.offset(9).exists()) == false);
    CHECK(rowan::must(sorted.exists()));
    CHECK(rowan::must(sorted.first())->name == "Cy");
    CHECK(rowan::must(sorted.offset(6).first())->name == "Bob");
    CHECK(!rowan::must(sorted.limit(0).first()));
    CHECK(error_of(sorted.one()).code() == rowan::Code::multiple_rows);
    CHECK(rowan::must(sorted.limit(1).one()).name == "Cy");
    CHECK(error_of(sorted.offset(7).one()).code() == rowan::Code::not_found);
    CHECK(error_of(sorted.limit(-1).all()).code() == rowan::Code::misuse);
    CHECK(error_of(sorted.offset(-1).first()).code() == rowan::Code::misuse);
}

TEST_CASE_TEMPLATE("whole rows are ordered by any of their members", Db, Sqlite, Postgres) {
    Pets<Db> pets;
    const auto cats = from<Cat>(pets.connection);
    const auto rows = rowan::must(cats.where(col<&Cat::id> < 3)
                                      .union_(cats.where(col<&Cat::name> == "Bob"))
                                      .order_by(desc<&Cat::name>, col<&Cat::id>.desc())
                                      .all());
    REQUIRE(rows.size() == 3);
    CHECK(rows[0].id == 3);
    CHECK(rows[1].id == 2);
    CHECK(rows[2].name == "Ada");
}

TEST_CASE_TEMPLATE("a union is a part of other queries", Db, Sqlite, Postgres) {
    Pets<Db> pets;
    const auto known = from<Cat>().select(col<&Cat::name>).union_(dogs());
    CHECK(rowan::must(from<Dog>(pets.connection).where(col<&Dog::name>.in(known)).count()) == 3);
    const auto last = known.order_by(selected<1>.desc()).limit(1);
    CHECK(rowan::must(from<Dog>(pets.connection).where(col<&Dog::name>.in(last)).one()).name == "Dot");
    const auto named =
        rowan::with<Pet>(from<Cat>().template select<Pet>(col<&Cat::name>, col<&Cat::id>.template as<"legs">()));
    const auto pet = named.query(from<Pet>(pets.connection).order_by(desc<&Pet::name>));
    CHECK(rowan::must(pet.first())->name == "Cy");
    CHECK(error_of(pet.one()).code() == rowan::Code::multiple_rows);
    CHECK(rowan::must(named.query(from<Pet>(pets.connection).order_by(desc<&Pet::name>).limit(1)).one()).name == "Cy");
    CHECK(rowan::must(named.query(from<Pet>(pets.connection).where(col<&Pet::legs> > 4)).first()).has_value() == false);
}

using rowan::detail::QueryText;
using rowan::detail::text_of;

template <class Query, const rowan::Dialect& dialect>
constexpr std::string_view text = text_of<QueryText<typename Query::QueryShape, dialect>>;

using Cats = decltype(from<Cat>().select(col<&Cat::name>));

static_assert(text<decltype(std::declval<Cats>().union_(dogs())), rowan::postgres::dialect> ==
              R"(SELECT "name" AS "name" FROM "cat" UNION SELECT "name" AS "name" FROM "dog")");
static_assert(
    text<decltype(std::declval<Cats>().intersect(dogs()).order_by(selected<1>.desc()).limit(1).offset(2)),
         rowan::postgres::dialect> ==
    R"(SELECT "name" AS "name" FROM "cat" INTERSECT SELECT "name" AS "name" FROM "dog" ORDER BY 1 DESC LIMIT $1 OFFSET $2)");
static_assert(text<decltype(std::declval<Cats>().except(dogs()).offset(2)), rowan::sqlite::dialect> ==
              R"(SELECT "name" AS "name" FROM "cat" EXCEPT SELECT "name" AS "name" FROM "dog" LIMIT -1 OFFSET ?1)");
static_assert(
    text<decltype(std::declval<Cats>().union_(dogs()).intersect(dogs())), rowan::postgres::dialect> ==
    R"(SELECT * FROM (SELECT "name" AS "name" FROM "cat" UNION SELECT "name" AS "name" FROM "dog") AS part INTERSECT SELECT "name" AS "name" FROM "dog")");
static_assert(
    text<decltype(std::declval<Cats>().except(dogs().union_all(dogs()))), rowan::sqlite::dialect> ==
    R"(SELECT "name" AS "name" FROM "cat" EXCEPT SELECT * FROM (SELECT "name" AS "name" FROM "dog" UNION ALL SELECT "name" AS "name" FROM "dog") AS part)");
static_assert(
    text<decltype(std::declval<Cats>().union_all(dogs().union_all(dogs()))), rowan::sqlite::dialect> ==
    R"(SELECT "name" AS "name" FROM "cat" UNION ALL SELECT "name" AS "name" FROM "dog" UNION ALL SELECT "name" AS "name" FROM "dog")");
