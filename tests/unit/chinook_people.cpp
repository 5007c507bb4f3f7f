#include "chinook.hpp"

namespace {

using namespace chinook;

using rowan::asc;
using rowan::coalesce;
using rowan::col;
using rowan::count;
using rowan::count_distinct;
using rowan::desc;
using rowan::exists;
using rowan::from;
using rowan::order_by;
using rowan::partition_by;
using rowan::sql;
using rowan::sum;

struct Position {
    std::int64_t id{};
    std::string last_name{};
    std::int64_t depth{};
};

struct Spending {
    std::int64_t customer_id{};
    std::optional<std::string> country{};
    std::int64_t spent{};
    std::int64_t place{};
};

}  // namespace

TEST_CASE("the employees as a tree, each with the depth") {
    Shop shop = Shop::on_each_database();
    const auto top =
        from<Employee>()
            .where(col<&Employee::reports_to>.is_null())
            .select<Position>(col<&Employee::id>, col<&Employee::last_name>, (col<&Employee::id> * 0).as<"depth">());
    const auto below =
        from<Position>()
            .join<Employee>(col<&Employee::reports_to> == col<&Position::id>)
            .select<Position>(col<&Employee::id>, col<&Employee::last_name>, (col<&Position::depth> + 1).as<"depth">());
    const auto tree = rowan::with_recursive<Position>(top, below)
                          .query(from<Position>(shop.db).order_by(asc<&Position::depth>, asc<&Position::last_name>));
    const auto rows =
        agreed(shop, tree,
               sql<"WITH RECURSIVE t AS (SELECT employee_id AS id, last_name, 0 AS depth FROM employee WHERE "
                   "reports_to IS NULL UNION ALL SELECT e.employee_id, e.last_name, t.depth + 1 FROM employee e JOIN t "
                   "ON e.reports_to = t.id) SELECT * FROM t ORDER BY depth, last_name">);
    REQUIRE(rows.size() == 8);
    CHECK(rows.front().last_name == "Adams");
    CHECK(rows.back().last_name == "Peacock");
    CHECK(rows.back().depth == 2);
}

TEST_CASE("all who work under one employee, however far below") {
    Shop shop = Shop::on_each_database();
    const auto under = [&](std::int64_t boss) {
        const auto own = from<Employee>()
                             .where(col<&Employee::reports_to> == boss)
                             .select<Position>(col<&Employee::id>, col<&Employee::last_name>,
                                               (col<&Employee::id> * 0 + 1).as<"depth">());
        const auto further = from<Position>()
                                 .join<Employee>(col<&Employee::reports_to> == col<&Position::id>)
                                 .select<Position>(col<&Employee::id>, col<&Employee::last_name>,
                                                   (col<&Position::depth> + 1).as<"depth">());
        return rowan::with_recursive<Position>(own, further)
            .query(from<Position>(shop.db).where(col<&Position::depth> < 10).order_by(asc<&Position::id>));
    };
    const auto rows = agreed(
        shop, under(2),
        sql<"SELECT employee_id AS id, last_name, 1 AS depth FROM employee WHERE reports_to = $1 ORDER BY employee_id">,
        2);
    CHECK(rows.size() == 3);
    CHECK(rowan::must(under(1).count()) == 7);
    CHECK_FALSE(rowan::must(under(8).exists()));
}

TEST_CASE("each employee's manager, and the highest has none") {
    Shop shop = Shop::on_each_database();
    const auto managers =
        from<Employee>(shop.db)
            .left_join<Employee, "manager">(col<&Employee::id, "manager"> == col<&Employee::reports_to>)
            .order_by(asc<&Employee::id>);
    const auto rows = agreed(shop,
                             managers.select(col<&Employee::last_name>, col<&Employee::last_name, "manager">,
                                             col<&Employee::hire_date>, col<&Employee::birth_date, "manager">),
                             sql<"SELECT e.last_name, (SELECT m.last_name FROM employee m WHERE m.employee_id = "
                                 "e.reports_to), e.hire_date, (SELECT m.birth_date FROM employee m WHERE m.employee_id "
                                 "= e.reports_to) FROM employee e ORDER BY e.employee_id">);
    REQUIRE(rows.size() == 8);
    CHECK(std::get<1>(rows[0]) == std::nullopt);
    CHECK(std::get<1>(rows[7]) == "Mitchell");

    const auto pairs = rowan::must(managers.all());
    REQUIRE(pairs.size() == 8);
    CHECK_FALSE(std::get<1>(pairs[0]));
    CHECK(std::get<1>(pairs[1])->title == "General Manager");

    agreed(shop,
           managers.where(col<&Employee::hire_date> < col<&Employee::hire_date, "manager">).select(col<&Employee::id>),
           sql<"SELECT e.employee_id FROM employee e, employee m WHERE m.employee_id = e.reports_to AND e.hire_date < "
               "m.hire_date ORDER BY 1">);
}

TEST_CASE("the customers of each support representative and their sales") {
    Shop shop = Shop::on_each_database();
    const auto sales = from<Employee>(shop.db)
                           .left_join<Customer>(col<&Customer::support_rep_id> == col<&Employee::id>)
                           .left_join<Invoice>(col<&Invoice::customer_id> == col<&Customer::id>)
                           .group_by(col<&Employee::id>, col<&Employee::last_name>)
                           .order_by(coalesce(sum(col<&Invoice::total>), 0).desc(), asc<&Employee::id>)
                           .select(col<&Employee::last_name>, count_distinct(col<&Customer::id>),
                                   count(col<&Invoice::id>), coalesce(sum(col<&Invoice::total>), 0));
    const auto rows = agreed(
        shop, sales,
        sql<"SELECT e.last_name, (SELECT count(*) FROM customer c WHERE c.support_rep_id = e.employee_id), (SELECT "
            "count(*) FROM customer c JOIN invoice i ON i.customer_id = c.customer_id WHERE c.support_rep_id = "
            "e.employee_id), (SELECT coalesce(sum(i.total), 0) FROM customer c JOIN invoice i ON i.customer_id = "
            "c.customer_id WHERE c.support_rep_id = e.employee_id) FROM employee e ORDER BY 4 DESC, e.employee_id">);
    REQUIRE(rows.size() == 8);
    CHECK(std::get<3>(rows[2]) > 0);
    CHECK(std::get<3>(rows[3]) == 0);
}

TEST_CASE("the countries that customers come from") {
    Shop shop = Shop::on_each_database();
    const auto country = col<&Customer::country>;
    const auto countries = from<Customer>(shop.db).order_by(country).select(country).distinct();
    const auto rows = agreed(shop, countries, sql<"SELECT country FROM customer GROUP BY country ORDER BY country">);
    CHECK(rows.size() == 24);
    CHECK(rowan::must(countries.count()) == 24);
    CHECK(rowan::must(from<Customer>(shop.db).select(count_distinct(country)).one()) == std::tuple{std::int64_t{24}});

    const auto several = from<Customer>(shop.db)
                             .group_by(country)
                             .having(count() > 1)
                             .having(count(col<&Customer::company>) < count())
                             .order_by(count().desc(), country)
                             .select(country, count());
    agreed(shop, several,
           sql<"SELECT country, count(*) FROM customer GROUP BY country HAVING count(*) > 1 AND count(company) < "
               "count(*) ORDER BY count(*) DESC, country">);
}

TEST_CASE("the place of each customer among those of the country") {
    Shop shop = Shop::on_each_database();
    const auto spent = sum(col<&Invoice::total>);
    const auto within = [](auto order) { return rowan::rank().over(partition_by(col<&Customer::country>), order); };
    const auto customers =
        from<Customer>(shop.db)
            .join<Invoice>(col<&Invoice::customer_id> == col<&Customer::id>)
            .group_by(col<&Customer::id>, col<&Customer::country>)
            .order_by(asc<&Customer::country>, spent.desc(), asc<&Customer::id>)
            .select(col<&Customer::id>, col<&Customer::country>, spent, within(order_by(spent.desc())),
                    rowan::dense_rank().over(order_by(count().desc())));
    const auto rows = agreed(
        shop, customers,
        sql<"WITH s AS (SELECT c.customer_id, c.country, sum(i.total) AS spent, count(*) AS n FROM customer c JOIN "
            "invoice i ON i.customer_id = c.customer_id GROUP BY c.customer_id, c.country) SELECT customer_id, "
            "country, spent, (SELECT count(*) + 1 FROM s o WHERE o.country = s.country AND o.spent > s.spent), (SELECT "
            "count(DISTINCT o.n) + 1 FROM s o WHERE o.n > s.n) FROM s ORDER BY country, spent DESC, customer_id">);
    CHECK(rows.size() == 59);

    const auto ranked = from<Customer>()
                            .join<Invoice>(col<&Invoice::customer_id> == col<&Customer::id>)
                            .group_by(col<&Customer::id>, col<&Customer::country>)
                            .select<Spending>(col<&Customer::id>.as<"customer_id">(), col<&Customer::country>,
                                              spent.as<"spent">(), within(order_by(spent.desc())).as<"place">());
    const auto best = rowan::with<Spending>(ranked).query(
        from<Spending>(shop.db).where(col<&Spending::place> == 1).order_by(asc<&Spending::country>));
    std::size_t firsts = 0;
    for (const auto& row : rows) firsts += std::get<3>(row) == 1 ? 1U : 0U;
    CHECK(rowan::must(best.all()).size() == firsts);
}

TEST_CASE("customers who bought from every genre of a list, and those who never bought from one") {
    Shop shop = Shop::on_each_database();
    const auto bought = from<InvoiceLine>()
                            .join<Invoice>(col<&Invoice::id> == col<&InvoiceLine::invoice_id>)
                            .join<Track>(col<&Track::id> == col<&InvoiceLine::track_id>)
                            .where(col<&Invoice::customer_id> == col<&Customer::id>)
                            .where(col<&Track::genre_id> == col<&Genre::id>);
    const auto missing =
        from<Genre>().where(col<&Genre::name>.in({"Rock", "Jazz", "Metal", "Latin"}) and not exists(bought));
    const auto customers = from<Customer>(shop.db).order_by(asc<&Customer::id>);
    const auto rows =
        agreed(shop, customers.where(not exists(missing)),
               sql<"SELECT * FROM customer WHERE 4 = (SELECT count(DISTINCT t.genre_id) FROM invoice i JOIN "
                   "invoice_line l ON l.invoice_id = i.invoice_id JOIN track t ON t.track_id = l.track_id JOIN genre g "
                   "ON g.genre_id = t.genre_id WHERE i.customer_id = customer.customer_id AND g.name IN ('Rock', "
                   "'Jazz', 'Metal', 'Latin')) ORDER BY customer_id">);
    CHECK(rows.size() < 59);
    CHECK(rowan::must(customers.where(exists(missing)).count()) == 59 - static_cast<std::int64_t>(rows.size()));

    const auto with_jazz = from<InvoiceLine>()
                               .join<Invoice>(col<&Invoice::id> == col<&InvoiceLine::invoice_id>)
                               .join<Track>(col<&Track::id> == col<&InvoiceLine::track_id>)
                               .join<Genre>(col<&Genre::id> == col<&Track::genre_id>)
                               .where(col<&Genre::name> == "Jazz")
                               .select(col<&Invoice::customer_id>);
    agreed(shop, customers.where(col<&Customer::id>.not_in(with_jazz)),
           sql<"SELECT * FROM customer WHERE NOT EXISTS (SELECT 1 FROM invoice i, invoice_line l, track t WHERE "
               "i.customer_id = customer.customer_id AND l.invoice_id = i.invoice_id AND t.track_id = l.track_id AND "
               "t.genre_id = 2) ORDER BY customer_id">);
}

TEST_CASE("customers by what is known of them") {
    Shop shop = Shop::on_each_database();
    const auto customers = from<Customer>(shop.db).order_by(desc<&Customer::last_name>, asc<&Customer::id>);
    const auto silent = customers.where(col<&Customer::fax>.is_null() and col<&Customer::company>.is_null())
                            .where(not col<&Customer::state>.is_not_null());
    agreed(
        shop, silent,
        sql<"SELECT * FROM customer WHERE coalesce(fax, company, state) IS NULL ORDER BY last_name DESC, customer_id">);
    agreed(shop,
           customers.where(col<&Customer::state>.is_not_distinct_from(std::optional<std::string>{}) or
                           col<&Customer::last_name>.in({"O'Reilly", "Muñoz"})),
           sql<"SELECT * FROM customer WHERE state IS NULL OR last_name = 'O''Reilly' OR last_name = 'Muñoz' ORDER BY "
               "last_name DESC, customer_id">);
    // The name in each invoice is that of the customer, as long as nobody moves.
    const auto moved =
        from<Customer>(shop.db).join<Invoice>(col<&Invoice::customer_id> == col<&Customer::id> and
                                              col<&Invoice::billing_state>.is_distinct_from(col<&Customer::state>));
    CHECK(rowan::must(moved.count()) == 0);
    rowan::must(rowan::repository<Customer>(shop.db).patch(3, rowan::set<& Customer::state> = std::nullopt));
    CHECK(rowan::must(moved.count()) ==
          rowan::must(rowan::repository<Invoice>(shop.db).where(col<&Invoice::customer_id> == 3).count()));
}
