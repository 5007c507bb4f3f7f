#include <rowan/rowan.hpp>

#include <set>

#include "fresh.hpp"

namespace {

using rowan::asc;
using rowan::coalesce;
using rowan::col;
using rowan::count;
using rowan::desc;
using rowan::from;
using rowan::sum;

struct Author {
    std::int64_t id{};
    std::string name{};
    std::optional<std::int64_t> teacher{};

    friend bool operator==(const Author&, const Author&) = default;
};

struct Book {
    std::int64_t id{};
    std::int64_t author_id{};
    std::string title{};
    double price{};

    friend bool operator==(const Book&, const Book&) = default;
};

/// The rows of common table expressions.
struct Income {
    std::int64_t author_id{};
    double total{};
};
struct Descent {
    std::int64_t id{};
    std::string name{};
    std::int64_t depth{};
};

template <class Db>
struct Library : Fresh<Db> {
    rowan::Repository<Author, typename Db::Connection> authors{this->connection};
    rowan::Repository<Book, typename Db::Connection> books{this->connection};

    Library() {
        rowan::must(authors.create_table());
        // Its schema is the same in every test.
        rowan::must(books.drop_table());
        rowan::must(books.create_table());
        rowan::must(authors.insert(std::vector<Author>{{1, "Ada", {}}, {2, "Bob", 1}, {3, "Cleo", 2}, {4, "Dan", 1}}));
        rowan::must(books.insert(std::vector<Book>{{1, 1, "One", 10}, {2, 1, "Two", 20}, {3, 2, "Three", 5}}));
    }
};

}  // namespace

template <>
inline constexpr auto rowan::table<Book> = rowan::describe<Book>("book").in("library");

TEST_CASE_TEMPLATE("a join gives the rows of both tables side by side", Db, Sqlite, Postgres) {
    Library<Db> library;
    if constexpr (!Db::is_sqlite)
        CHECK(library.books.query().sql().find("\"library\".\"book\"") != std::string_view::npos);
    const auto rows = rowan::must(from<Author>(library.connection)
                                      .template join<Book>(col<&Book::author_id> == col<&Author::id>)
                                      .where(col<&Book::price> < 15 and col<&Author::name> != "Bob")
                                      .order_by(desc<&Book::price>)
                                      .all());
    REQUIRE(rows.size() == 1);
    CHECK(rows[0] == std::tuple{Author{1, "Ada", {}}, Book{1, 1, "One", 10}});
}

TEST_CASE_TEMPLATE("a left join keeps the rows that have none beside them", Db, Sqlite, Postgres) {
    Library<Db> library;
    const auto joined =
        from<Author>(library.connection)
            .template left_join<Book>(col<&Book::author_id> == col<&Author::id> and col<&Book::price> > 7);
    const auto rows = rowan::must(joined.order_by(asc<&Author::id>, asc<&Book::id>).all());
    REQUIRE(rows.size() == 5);
    CHECK(std::get<1>(rows[0]) == Book{1, 1, "One", 10});
    CHECK(std::get<0>(rows[2]).name == "Bob");
    CHECK(std::get<1>(rows[2]) == std::nullopt);

    const auto without =
        rowan::must(joined.where(col<&Book::id>.is_null()).order_by(asc<&Author::id>).select(col<&Author::name>).all());
    CHECK(without == std::vector<std::tuple<std::string>>{{"Bob"}, {"Cleo"}, {"Dan"}});
    // What a left join adds may be NULL, by type.
    const auto titles =
        rowan::must(joined.order_by(asc<&Author::id>, asc<&Book::id>).select(col<&Book::title>).first());
    CHECK(titles == std::tuple{std::optional<std::string>{"One"}});
}

TEST_CASE_TEMPLATE("a table joins itself under another name", Db, Sqlite, Postgres) {
    Library<Db> library;
    const auto rows =
        rowan::must(from<Author>(library.connection)
                        .template left_join<Author, "teacher">(col<&Author::teacher> == col<&Author::id, "teacher">)
                        .order_by(asc<&Author::id>)
                        .select(col<&Author::name>, col<&Author::name, "teacher">)
                        .all());
    using Row = std::tuple<std::string, std::optional<std::string>>;
    CHECK(rows == std::vector<Row>{{"Ada", std::nullopt}, {"Bob", "Ada"}, {"Cleo", "Bob"}, {"Dan", "Ada"}});
}

TEST_CASE_TEMPLATE("groups over joins", Db, Sqlite, Postgres) {
    struct Sales {
        std::string name{};
        std::int64_t books{};
        std::optional<double> total{};
    };
    Library<Db> library;
    const auto rows =
        rowan::must(from<Author>(library.connection)
                        .template left_join<Book>(col<&Book::author_id> == col<&Author::id>)
                        .group_by(col<&Author::id>, col<&Author::name>)
                        .having(count(col<&Book::id>) < 2)
                        .order_by(count(col<&Book::id>).desc(), asc<&Author::name>)
                        .template select<Sales>(col<&Author::name>, count(col<&Book::id>).template as<"books">(),
                                                sum(col<&Book::price>).template as<"total">())
                        .all());
    REQUIRE(rows.size() == 3);
    CHECK(rows[0].name == "Bob");
    CHECK(rows[0].total == 5);
    CHECK(rows[1].name == "Cleo");
    CHECK(rows[1].books == 0);
    CHECK(rows[1].total == std::nullopt);
}

TEST_CASE_TEMPLATE("subqueries: in, exists and scalar", Db, Sqlite, Postgres) {
    Library<Db> library;
    const auto ids = [&](auto condition) {
        std::vector<std::int64_t> found;
        for (const Author& author : rowan::must(library.authors.where(condition).order_by(asc<&Author::id>).all()))
            found.push_back(author.id);
        return found;
    };
    using Ids = std::vector<std::int64_t>;
    const auto expensive = from<Book>().where(col<&Book::price> > 7);
    CHECK(ids(col<&Author::id>.in(expensive.select(col<&Book::author_id>))) == Ids{1});
    CHECK(ids(col<&Author::id>.not_in(expensive.select(col<&Book::author_id>))) == Ids{2, 3, 4});
    // Of the query around it.
    const auto own = from<Book>().where(col<&Book::author_id> == col<&Author::id> and col<&Book::price> < 7);
    CHECK(ids(rowan::exists(own)) == Ids{2});
    CHECK(ids(not rowan::exists(own)) == Ids{1, 3, 4});
    CHECK(ids(col<&Author::name> > "A" and rowan::exists(own) and col<&Author::name> < "C") == Ids{2});
    const auto most =
        from<Book>().where(col<&Book::author_id> == col<&Author::id>).select(rowan::max(col<&Book::price>));
    CHECK(ids(rowan::scalar(most) > 7) == Ids{1});
    CHECK(ids(rowan::scalar(most).is_null()) == Ids{3, 4});
    CHECK(rowan::must(
              library.authors.order_by(asc<&Author::id>).select(col<&Author::name>, rowan::scalar(most)).first()) ==
          std::tuple{std::string{"Ada"}, std::optional{20.0}});
}

TEST_CASE_TEMPLATE("union all gives the rows of both queries", Db, Sqlite, Postgres) {
    Library<Db> library;
    const auto names = library.authors.where(col<&Author::id> <= 2).select(col<&Author::name>);
    const auto titles = library.books.where(col<&Book::price> >= 10).select(col<&Book::title>);
    const auto both = names.union_all(titles);
    const auto rows = rowan::must(both.all());
    CHECK(std::set<std::tuple<std::string>>(rows.begin(), rows.end()) ==
          std::set<std::tuple<std::string>>{{"Ada"}, {"Bob"}, {"One"}, {"Two"}});
    CHECK(rowan::must(both.count()) == 4);
    CHECK(rowan::must(both.union_all(names).count()) == 6);
    CHECK(rowan::must(both.exists()));
}

TEST_CASE_TEMPLATE("a query under a name serves another", Db, Sqlite, Postgres) {
    Library<Db> library;
    const auto income =
        from<Book>()
            .where(col<&Book::price> > 1)
            .group_by(col<&Book::author_id>)
            .template select<Income>(sum(col<&Book::price>).template as<"total">(), col<&Book::author_id>);
    const auto rich =
        rowan::with<Income>(income).query(from<Author>(library.connection)
                                              .template join<Income>(col<&Income::author_id> == col<&Author::id>)
                                              .where(col<&Income::total> > 7)
                                              .select(col<&Author::name>, col<&Income::total>));
    CHECK(rowan::must(rich.all()) == std::vector<std::tuple<std::string, double>>{{"Ada", 30}});
    CHECK(rowan::must(rich.count()) == 1);
    CHECK(rowan::must(rich.exists()));
}

TEST_CASE_TEMPLATE("a tree is walked by a query that names itself", Db, Sqlite, Postgres) {
    Library<Db> library;
    const auto roots = from<Author>()
                           .where(col<&Author::teacher>.is_null())
                           .template select<Descent>(col<&Author::id>, col<&Author::name>,
                                                     (col<&Author::id> * 0).template as<"depth">());
    const auto pupils = from<Descent>()
                            .template join<Author>(col<&Author::teacher> == col<&Descent::id>)
                            .template select<Descent>(col<&Author::id>, col<&Author::name>,
                                                      (col<&Descent::depth> + 1).template as<"depth">());
    const auto rows =
        rowan::must(rowan::with_recursive<Descent>(roots, pupils)
                        .query(from<Descent>(library.connection).order_by(asc<&Descent::depth>, asc<&Descent::id>))
                        .all());
    REQUIRE(rows.size() == 4);
    CHECK(rows[0].name == "Ada");
    CHECK(rows[3].name == "Cleo");
    CHECK(rows[3].depth == 2);
}

TEST_CASE_TEMPLATE("where the database is chosen at run time, so is whether rows can be locked", Db, Sqlite, Postgres) {
    Library<Db> library;
    rowan::Database db = rowan::must(rowan::open(library.url()));
    const auto locked = db.transaction([](rowan::Transaction& tx) {
        return rowan::repository<Author>(tx).where(col<&Author::id> == 1).for_update().all();
    });
    if constexpr (Db::is_sqlite)
        CHECK(error_of(locked).code() == rowan::Code::not_supported);
    else
        CHECK(rowan::must(locked).size() == 1);
}

TEST_CASE_TEMPLATE("expressions with constants are grouped and sorted alike", Db, Sqlite, Postgres) {
    Library<Db> library;
    const auto size = rowan::case_when(col<&Book::price> < rowan::constant<10>, rowan::constant<"cheap">)
                          .otherwise(rowan::constant<"dear">);
    const auto sizes = library.books.query().select(size, count()).group_by(size).order_by(size.asc());
    using Row = std::tuple<std::string, std::int64_t>;
    CHECK(rowan::must(sizes.all()) == std::vector<Row>{{"cheap", 1}, {"dear", 2}});
    CHECK(rowan::must(library.books.query().select(size).distinct().order_by(size.desc()).all()) ==
          std::vector<std::tuple<std::string>>{{"dear"}, {"cheap"}});
}

TEST_CASE("rows are locked on PostgreSQL, and those locked by others are left out") {
    Library<Postgres> library;
    auto other = library.connect();
    rowan::must(library.connection.transaction([&](auto& tx) -> rowan::Result<void> {
        const auto mine = rowan::must(rowan::repository<Author>(tx).where(col<&Author::id> <= 2).for_update().all());
        CHECK(mine.size() == 2);
        rowan::must(other.transaction([&](auto& theirs) -> rowan::Result<void> {
            const auto rest = rowan::must(
                rowan::repository<Author>(theirs).order_by(asc<&Author::id>).for_update().skip_locked().all());
            REQUIRE(rest.size() == 2);
            CHECK(rest[0].id == 3);
            return {};
        }));
        return {};
    }));
}
