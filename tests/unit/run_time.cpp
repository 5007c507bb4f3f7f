#include <rowan/rowan.hpp>

#include "fresh.hpp"

namespace {

using rowan::Code;
using rowan::col;
using rowan::Direction;
using rowan::Filter;

struct Person {
    std::int64_t id{};
    std::string name{};
    std::int32_t age{};
    std::optional<std::string> city{};

    friend bool operator==(const Person&, const Person&) = default;
};

template <class Db>
struct People : Fresh<Db> {
    rowan::Repository<Person, typename Db::Connection> repository{this->connection};

    People() {
        rowan::must(repository.create_table());
        rowan::must(repository.insert(std::vector<Person>{{1, "Ada", 36, "London"},
                                                          {2, "Bob", 20, {}},
                                                          {3, "Cleo", 70, "Paris"},
                                                          {4, "Dan'; DROP TABLE person; --", 20, "London"}}));
    }

    std::vector<std::int64_t> ids(const Filter<Person>& filter) {
        std::vector<std::int64_t> found;
        for (const Person& person : rowan::must(repository.matching(filter).all())) found.push_back(person.id);
        CHECK(rowan::must(repository.matching(filter).count()) == static_cast<std::int64_t>(found.size()));
        return found;
    }
};

using Ids = std::vector<std::int64_t>;

}  // namespace

template <>
inline constexpr auto rowan::table<Person> = rowan::describe<Person>("person").column<&Person::age>("years \"old\"");

TEST_CASE_TEMPLATE("a filter collects conditions and sort keys at run time", Db, Sqlite, Postgres) {
    People<Db> people;
    Filter<Person> filter;
    rowan::must(filter.order_by("id"));
    CHECK(people.ids(filter) == Ids{1, 2, 3, 4});
    filter.add(col<&Person::age> < 60);
    CHECK(people.ids(filter) == Ids{1, 2, 4});
    Filter<Person> narrower = filter;
    narrower.add(col<&Person::city> == std::string{"Lon"} + "don" or col<&Person::name> == "Bob");
    narrower.add(col<&Person::id>.in({2, 3, 4}));
    CHECK(people.ids(narrower) == Ids{2, 4});
    narrower.add(col<&Person::city>.is_null());
    CHECK(people.ids(narrower) == Ids{2});
    narrower.add(not(col<&Person::name> == "Bob"));
    CHECK(people.ids(narrower).empty());
    CHECK(rowan::must(people.repository.matching(narrower).first()) == std::nullopt);
    // The copy did not change the original.
    CHECK(people.ids(filter) == Ids{1, 2, 4});

    Filter<Person> sorted;
    rowan::must(sorted.order_by("age"));
    rowan::must(sorted.order_by("id", Direction::descending));
    CHECK(people.ids(sorted) == Ids{4, 2, 1, 3});
    const auto query = people.repository.matching(sorted);
    CHECK(rowan::must(query.first())->id == 4);
    CHECK(rowan::must(query.offset(1).first())->id == 2);
    CHECK(rowan::must(query.limit(2).offset(1).all()).back().id == 1);
    CHECK(rowan::must(query.limit(0).all()).empty());
    CHECK(rowan::must(query.limit(0).first()) == std::nullopt);
    CHECK(rowan::must(query.offset(3).all()).size() == 1);
    CHECK(rowan::must(query.limit(1).count()) == 4);
    CHECK(error_of(query.limit(-1).all()).code() == Code::misuse);
    CHECK(error_of(query.offset(-1).all()).code() == Code::misuse);
}

TEST_CASE_TEMPLATE("a sort key from outside is a member's name or an error", Db, Sqlite, Postgres) {
    People<Db> people;
    Filter<Person> filter;
    for (const char* name : {"", "Age", "age; DROP TABLE person", "\"age\"", "years \"old\"", "1", "ag", "agee"}) {
        CAPTURE(name);
        const rowan::Error error = error_of(filter.order_by(name));
        CHECK(error.code() == Code::undefined_column);
        CHECK(error.message().find("unknown column") == 0);
    }
    rowan::must(filter.order_by("age", Direction::descending));
    CHECK(people.ids(filter).front() == 3);
    CHECK(rowan::must(people.repository.count()) == 4);
}

TEST_CASE_TEMPLATE("a value of a filter that cannot be sent is an error that names the column", Db, Sqlite, Postgres) {
    People<Db> people;
    Filter<Person> filter;
    filter.add(col<&Person::name> == "Ada").add(col<&Person::age> == ~std::uint64_t{0});
    const rowan::Error error = error_of(people.repository.matching(filter).all());
    CHECK(error.code() == Code::value_out_of_range);
    CHECK(error.column() == "years \"old\"");
}

TEST_CASE_TEMPLATE("a patch that is chosen at run time writes what was set", Db, Sqlite, Postgres) {
    People<Db> people;
    rowan::Patch<Person> patch;
    CHECK(patch.empty());
    // Nothing set: the row as it is, and no UPDATE.
    CHECK(rowan::must(people.repository.patch(1, patch)) == Person{1, "Ada", 36, "London"});
    CHECK(error_of(people.repository.patch(9, patch)).code() == Code::not_found);
    patch.template set<&Person::age>(37);
    CHECK(rowan::must(people.repository.patch(1, patch)) == Person{1, "Ada", 37, "London"});
    patch.template set<&Person::city>(std::nullopt).template set<&Person::name>(rowan::upper(col<&Person::name>));
    CHECK(rowan::must(people.repository.patch(1, patch)) == Person{1, "ADA", 37, std::nullopt});
    CHECK(rowan::must(people.repository.get(2)) == Person{2, "Bob", 20, std::nullopt});
    CHECK(error_of(people.repository.patch(9, patch)).code() == Code::not_found);
    rowan::Patch<Person> wrong;
    wrong.template set<&Person::age>(std::uint64_t{1} << 63);
    CHECK(error_of(people.repository.patch(1, wrong)).column() == "years \"old\"");
}

TEST_CASE_TEMPLATE("a query shows its text and its plan", Db, Sqlite, Postgres) {
    People<Db> people;
    const auto query = people.repository.where(col<&Person::id> == 3);
    const std::string mark = Db::is_sqlite ? "?" : "$";
    CHECK(query.sql() == R"(SELECT "id", "name", "years ""old""", "city" FROM "person" WHERE "id" = )" + mark + "1");
    const std::string plan = rowan::must(query.explain());
    CHECK(plan.find("person") != std::string::npos);
    CHECK(plan.back() == '\n');
    people.execute("DROP TABLE person");
    CHECK(error_of(query.explain()).code() == Code::undefined_table);
}
