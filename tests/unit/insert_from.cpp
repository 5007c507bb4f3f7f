#include <rowan/rowan.hpp>

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fresh.hpp"

namespace {

using rowan::asc;
using rowan::col;
using rowan::count;
using rowan::from;
using rowan::set;

struct Sale {
    std::int64_t id{};
    std::string item{};
    std::int32_t amount{};
    std::optional<std::string> note{};
};
struct Report {
    std::int64_t id{};
    std::string item{};
    std::int32_t amount{};
    std::optional<std::int64_t> sales{};
    std::optional<std::string> note{};
};

/// What rowan writes columns of by itself.
struct Stamped {
    std::int64_t id{};
    std::string item{};
    rowan::CreatedAt created{};
    rowan::Version version{};
    rowan::UpdatedAt updated{};
};

template <class Db>
struct Shop : Fresh<Db> {
    rowan::Repository<Sale, typename Db::Connection> sales{this->connection};
    rowan::Repository<Report, typename Db::Connection> reports{this->connection};

    Shop() {
        rowan::must(sales.create_table());
        rowan::must(reports.create_table());
        rowan::must(
            sales.insert(std::vector<Sale>{{1, "pen", 3, {}}, {2, "ink", 5, "black"}, {3, "pen", 4, "it's 100% \\"}}));
    }
    [[nodiscard]] std::string text() {
        std::string text;
        for (const Report& row : rowan::must(reports.order_by(asc<&Report::id>).all()))
            text += std::to_string(row.id) + row.item + std::to_string(row.amount) +
                    (row.sales ? "*" + std::to_string(*row.sales) : "") + (row.note ? "(" + *row.note + ")" : "") + " ";
        return text;
    }
};

}  // namespace

TEST_CASE_TEMPLATE("rows of a query are stored in another table", Db, Sqlite, Postgres) {
    Shop<Db> shop;
    const auto stored = shop.sales.where(col<&Sale::amount> > 3)
                            .order_by(asc<&Sale::id>)
                            .template insert_into<Report>(
                                set<& Report::note> = col<&Sale::note>, set<& Report::amount> = col<&Sale::amount> * 2,
                                set<& Report::item> = rowan::concat("a ", col<&Sale::item>), set<& Report::sales> = 7);
    CHECK(rowan::must(stored) == 2);
    CHECK(shop.text() == "1a ink10*7(black) 2a pen8*7(it's 100% \\) ");
    CHECK(rowan::must(shop.sales.where(col<&Sale::id> > 9)
                          .template insert_into<Report>(set<& Report::item> = "x", set<& Report::amount> = 1)) == 0);
}

TEST_CASE_TEMPLATE("groups are stored, with keys that are given", Db, Sqlite, Postgres) {
    Shop<Db> shop;
    const auto grams = rowan::sum(col<&Sale::amount>);
    CHECK(rowan::must(shop.sales.query()
                          .group_by(col<&Sale::item>)
                          .having(count() > 1)
                          .template insert_into<Report>(set<& Report::id> = rowan::min(col<&Sale::id>) + 40,
                                                        set<& Report::item> = col<&Sale::item>,
                                                        set<& Report::amount> = grams, set<& Report::sales> = count(),
                                                        set<& Report::note> = std::nullopt)) == 1);
    CHECK(shop.text() == "41pen7*2 ");
}

TEST_CASE_TEMPLATE("what does not fit is refused, and no row is stored", Db, Sqlite, Postgres) {
    Shop<Db> shop;
    constexpr auto most = std::numeric_limits<std::int32_t>::max();
    rowan::must(shop.sales.insert(Sale{4, "all", most, {}}));
    const auto too_large = shop.sales.query().template insert_into<Report>(
        set<& Report::item> = col<&Sale::item>, set<& Report::amount> = col<&Sale::amount> + 1);
    CHECK(error_of(too_large).code() == rowan::Code::value_out_of_range);
    const auto twice = shop.sales.query().template insert_into<Report>(
        set<& Report::id> = 1, set<& Report::item> = col<&Sale::item>, set<& Report::amount> = 0);
    CHECK(error_of(twice).code() == rowan::Code::unique_violation);
    CHECK(error_of(
              shop.sales.limit(-1).template insert_into<Report>(set<& Report::item> = "x", set<& Report::amount> = 0))
              .code() == rowan::Code::misuse);
    CHECK(shop.text().empty());
    CHECK(rowan::must(shop.sales.query().template insert_into<Report>(
              set<& Report::item> = col<&Sale::item>, set<& Report::amount> = col<&Sale::amount>)) == 4);
}

TEST_CASE_TEMPLATE("versions and times are written as an insert writes them", Db, Sqlite, Postgres) {
    Shop<Db> shop;
    auto rows = rowan::repository<Stamped>(shop.connection);
    rowan::must(rows.create_table());
    const auto before = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
    CHECK(rowan::must(shop.sales.query()
                          .group_by(col<&Sale::item>)
                          .having(count() > 1)
                          .template insert_into<Stamped>(set<& Stamped::item> = col<&Sale::item>)) == 1);
    const Stamped row = rowan::must(rows.query().one());
    CHECK(row.item == "pen");
    CHECK(row.version.value == 1);
    CHECK(rowan::Timestamp{row.created} >= before);
    CHECK(rowan::Timestamp{row.updated} == rowan::Timestamp{row.created});
    // It can be updated like any other.
    CHECK(rowan::must(rows.update(row)).version.value == 2);
}

TEST_CASE_TEMPLATE("a table may be stored in itself", Db, Sqlite, Postgres) {
    Shop<Db> shop;
    rowan::must(shop.sales.everywhere().erase());
    rowan::must(shop.sales.insert(std::vector<Sale>{{0, "a", 1, {}}, {0, "b", 2, {}}}));
    CHECK(rowan::must(shop.sales.query().template insert_into<Sale>(set<& Sale::item> = col<&Sale::item>,
                                                                    set<& Sale::amount> = col<&Sale::amount>)) == 2);
    CHECK(rowan::must(shop.sales.count()) == 4);
}

namespace {

using Amount = decltype(set<&Report::amount> = col<&Sale::amount> + 1)::Shape;
using Item = decltype(set<&Report::item> = "x")::Shape;
using Large = decltype(from<Sale>().where(col<&Sale::id> > 1))::QueryShape;

template <const rowan::Dialect& dialect>
constexpr std::string_view written = rowan::detail::text_of<rowan::detail::InsertFrom<
    Report, dialect, rowan::detail::WithProjection<Large, rowan::detail::AssignedItems<Report, Amount, Item>>>>;

static_assert(written<rowan::postgres::dialect> ==
              R"(INSERT INTO "report" ("amount", "item") SELECT "amount" + $1, $2 FROM "sale" WHERE "id" > $3)");
static_assert(
    written<rowan::sqlite::dialect> ==
    R"(INSERT INTO "report" ("amount", "item") SELECT rowan_integer("amount" + ?1, 32), ?2 FROM "sale" WHERE "id" > ?3)");

}  // namespace
