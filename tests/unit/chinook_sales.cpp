#include "chinook.hpp"

namespace {

using namespace chinook;

using rowan::asc;
using rowan::avg;
using rowan::cast;
using rowan::col;
using rowan::count;
using rowan::desc;
using rowan::from;
using rowan::lag;
using rowan::max;
using rowan::min;
using rowan::order_by;
using rowan::partition_by;
using rowan::rank;
using rowan::sql;
using rowan::sum;

constexpr auto month = rowan::truncate<rowan::Unit::month>(col<&Invoice::invoice_date>);
constexpr auto cents = col<&InvoiceLine::unit_price> * col<&InvoiceLine::quantity>;

rowan::Timestamp at(int y, int m, int d) { return std::chrono::sys_days{std::chrono::year{y} / m / d}; }

struct Spender {
    std::int64_t customer{};
    std::string last_name{};
    std::int64_t invoices{};
    std::int64_t spent{};
};

struct TrackSales {
    std::int64_t track_id{};
    std::int64_t genre_id{};
    std::int64_t sold{};
    std::int64_t place{};
};

}  // namespace

TEST_CASE("the ten customers who spent most") {
    Shop shop = Shop::on_each_database();
    const auto top = from<Customer>(shop.db)
                         .join<Invoice>(col<&Invoice::customer_id> == col<&Customer::id>)
                         .group_by(col<&Customer::id>, col<&Customer::last_name>)
                         .order_by(sum(col<&Invoice::total>).desc(), asc<&Customer::id>)
                         .limit(10)
                         .select<Spender>(col<&Customer::id>.as<"customer">(), col<&Customer::last_name>,
                                          count().as<"invoices">(), sum(col<&Invoice::total>).as<"spent">());
    const auto rows = agreed(shop, top,
                             sql<"SELECT c.customer_id AS customer, c.last_name, count(*) AS invoices, sum(i.total) AS "
                                 "spent FROM customer c JOIN invoice i ON i.customer_id = c.customer_id GROUP BY "
                                 "c.customer_id, c.last_name ORDER BY 4 DESC, 1 LIMIT 10">);
    CHECK(rows.size() == 10);
    CHECK(rows.front().spent > rows.back().spent);
}

TEST_CASE("sales per country") {
    Shop shop = Shop::on_each_database();
    const auto sales = from<Invoice>(shop.db)
                           .group_by(col<&Invoice::billing_country>)
                           .order_by(asc<&Invoice::billing_country>)
                           .select(col<&Invoice::billing_country>, count(), sum(col<&Invoice::total>),
                                   avg(col<&Invoice::total>), min(col<&Invoice::invoice_date>));
    const auto rows = agreed(shop, sales,
                             sql<"SELECT billing_country, count(*), sum(total), CAST(avg(total) AS double precision), "
                                 "min(invoice_date) FROM invoice GROUP BY billing_country ORDER BY billing_country">);
    CHECK(rows.size() == 24);
}

TEST_CASE("countries above the mean of all invoices") {
    Shop shop = Shop::on_each_database();
    const auto mean = from<Invoice>().select(avg(col<&Invoice::total>));
    const auto above = from<Invoice>(shop.db)
                           .group_by(col<&Invoice::billing_country>)
                           .having(avg(col<&Invoice::total>) > rowan::scalar(mean))
                           .order_by(asc<&Invoice::billing_country>)
                           .select(col<&Invoice::billing_country>);
    const auto rows = agreed(shop, above,
                             sql<"SELECT billing_country FROM invoice GROUP BY billing_country HAVING avg(total) > "
                                 "(SELECT avg(total) FROM invoice) ORDER BY billing_country">);
    CHECK(rows.size() < 24);
    CHECK(rowan::must(above.count()) == static_cast<std::int64_t>(rows.size()));
}

TEST_CASE("sales per country and month") {
    Shop shop = Shop::on_each_database();
    const auto sales = from<Invoice>(shop.db)
                           .group_by(col<&Invoice::billing_country>, month)
                           .order_by(asc<&Invoice::billing_country>, month.asc())
                           .select(col<&Invoice::billing_country>, month, sum(col<&Invoice::total>));
    const auto rows =
        shop.is_sqlite ? agreed(shop, sales,
                                sql<"SELECT billing_country, unixepoch(invoice_date / 1000000, 'unixepoch', 'start of "
                                    "month') * 1000000 AS month, sum(total) FROM invoice GROUP BY 1, 2 ORDER BY 1, 2">)
                       : agreed(shop, sales,
                                sql<"SELECT billing_country, date_trunc('month', invoice_date, 'UTC'), sum(total) FROM "
                                    "invoice GROUP BY 1, 2 ORDER BY 1, 2">);
    CHECK(rows.size() > 200);
}

TEST_CASE("the running total, the month before and the change against it") {
    Shop shop = Shop::on_each_database();
    const auto total = sum(col<&Invoice::total>);
    const auto by_month = order_by(month.asc());
    const auto change = total - lag(total).over(by_month);
    const auto months = from<Invoice>(shop.db)
                            .group_by(month)
                            .order_by(month.asc())
                            .select(month, total, sum(total).over(by_month), lag(total).over(by_month), change,
                                    change * 100 / lag(total).over(by_month));
    const auto rows =
        shop.is_sqlite
            ? agreed(shop, months,
                     sql<"WITH m AS (SELECT unixepoch(invoice_date / 1000000, 'unixepoch', 'start of month') * 1000000 "
                         "AS month, sum(total) AS total FROM invoice GROUP BY 1), p AS (SELECT month, total, "
                         "sum(total) OVER (ORDER BY month) AS so_far, lag(total) OVER (ORDER BY month) AS previous "
                         "FROM m) SELECT month, total, so_far, previous, total - previous, (total - previous) * 100 / "
                         "previous FROM p ORDER BY month">)
            : agreed(
                  shop, months,
                  sql<"WITH m AS (SELECT date_trunc('month', invoice_date, 'UTC') AS month, CAST(sum(total) AS bigint) "
                      "AS total FROM invoice GROUP BY 1), p AS (SELECT month, total, sum(total) OVER (ORDER BY month) "
                      "AS so_far, lag(total) OVER (ORDER BY month) AS previous FROM m) SELECT month, total, so_far, "
                      "previous, total - previous, (total - previous) * 100 / previous FROM p ORDER BY month">);
    CHECK(rows.size() == 60);
    CHECK(std::get<3>(rows[0]) == std::nullopt);
    CHECK(std::get<4>(rows[0]) == std::nullopt);
    CHECK(std::get<3>(rows[1]) == std::get<1>(rows[0]));
    std::int64_t all = 0;
    for (const Invoice& invoice : data().invoices) all += invoice.total;
    CHECK(std::get<2>(rows.back()) == all);
}

TEST_CASE("totals of all invoices and of some of them, in one row") {
    Shop shop = Shop::on_each_database();
    const auto total = sum(col<&Invoice::total>);
    const auto totals =
        from<Invoice>(shop.db).select(total, total.filter(col<&Invoice::billing_country> == "USA"),
                                      total.filter(col<&Invoice::invoice_date> >= at(2013, 1, 1)),
                                      count().filter(col<&Invoice::billing_state>.is_null()),
                                      max(col<&Invoice::total>).filter(col<&Invoice::billing_country> == "Atlantis"));
    const auto rows = agreed(shop, totals,
                             sql<"SELECT sum(total), sum(CASE WHEN billing_country = $1 THEN total END), sum(CASE WHEN "
                                 "invoice_date >= $2 THEN total END), count(*) - count(billing_state), max(CASE WHEN "
                                 "billing_country = $3 THEN total END) FROM invoice">,
                             "USA", at(2013, 1, 1), "Atlantis");
    CHECK(std::get<4>(rows[0]) == std::nullopt);
}

TEST_CASE("invoices between two dates in a list of countries") {
    Shop shop = Shop::on_each_database();
    const std::vector<std::string> countries{"Germany", "Norway", "Czech Republic", "Nowhere"};
    const auto found = from<Invoice>(shop.db)
                           .where(col<&Invoice::invoice_date>.between(at(2010, 1, 1), at(2011, 6, 30)))
                           .where(col<&Invoice::billing_country>.in(countries))
                           .order_by(asc<&Invoice::invoice_date>, asc<&Invoice::id>);
    const auto rows = agreed(shop, found,
                             sql<"SELECT * FROM invoice WHERE invoice_date BETWEEN $1 AND $2 AND billing_country IN "
                                 "($3, $4, $5, $6) ORDER BY invoice_date, invoice_id">,
                             at(2010, 1, 1), at(2011, 6, 30), countries[0], countries[1], countries[2], countries[3]);
    CHECK(rows.size() < 50);
    CHECK(rowan::must(found.where(col<&Invoice::billing_country>.in(std::vector<std::string>{})).all()).empty());
    CHECK(error_of(found.limit(-1).all()).code() == rowan::Code::misuse);
}

TEST_CASE("the tracks that sold best") {
    Shop shop = Shop::on_each_database();
    const auto sold = sum(col<&InvoiceLine::quantity>);
    const auto best = from<InvoiceLine>(shop.db)
                          .join<Track>(col<&Track::id> == col<&InvoiceLine::track_id>)
                          .left_join<Album>(col<&Album::id> == col<&Track::album_id>)
                          .group_by(col<&Track::id>, col<&Track::name>, col<&Album::title>)
                          .order_by(sold.desc(), sum(cents).desc(), asc<&Track::id>)
                          .limit(20)
                          .select(col<&Track::name>, col<&Album::title>, sold, sum(cents));
    agreed(shop, best,
           sql<"SELECT t.name, a.title, sum(l.quantity), sum(l.unit_price * l.quantity) FROM invoice_line l JOIN track "
               "t ON t.track_id = l.track_id LEFT JOIN album a ON a.album_id = t.album_id GROUP BY t.track_id, t.name, "
               "a.title ORDER BY 3 DESC, 4 DESC, t.track_id LIMIT 20">);
}

TEST_CASE("what share of all that is sold each genre has") {
    Shop shop = Shop::on_each_database();
    const auto sold = sum(col<&InvoiceLine::quantity>);
    const auto shares = from<InvoiceLine>(shop.db)
                            .join<Track>(col<&Track::id> == col<&InvoiceLine::track_id>)
                            .join<Genre>(col<&Genre::id> == col<&Track::genre_id>)
                            .group_by(col<&Genre::id>, col<&Genre::name>)
                            .order_by(sold.desc(), asc<&Genre::id>)
                            .select(col<&Genre::name>, sold, cast<double>(sold) * 100 / sum(sold).over());
    const auto rows =
        agreed(shop, shares,
               sql<"SELECT g.name, sum(l.quantity), sum(l.quantity) * CAST(100 AS double precision) / (SELECT "
                   "sum(quantity) FROM invoice_line) FROM invoice_line l JOIN track t ON t.track_id = l.track_id JOIN "
                   "genre g ON g.genre_id = t.genre_id GROUP BY g.genre_id, g.name ORDER BY 2 DESC, g.genre_id">);
    double all = 0;
    for (const auto& row : rows) all += std::get<2>(row);
    CHECK(same(all, 100.0));
}

TEST_CASE("media types by what they brought in, those without a sale as well") {
    Shop shop = Shop::on_each_database();
    rowan::must(rowan::repository<MediaType>(shop.db).insert({.id = 6, .name = "Wax cylinder"}));
    const auto income = rowan::coalesce(sum(cents), 0);
    const auto types = from<MediaType>(shop.db)
                           .left_join<Track>(col<&Track::media_type_id> == col<&MediaType::id>)
                           .left_join<InvoiceLine>(col<&InvoiceLine::track_id> == col<&Track::id>)
                           .group_by(col<&MediaType::id>, col<&MediaType::name>)
                           .order_by(asc<&MediaType::id>)
                           .select(col<&MediaType::name>, income, sum(cents), count(col<&InvoiceLine::id>),
                                   rowan::count_distinct(col<&Track::id>));
    const auto rows = agreed(shop, types,
                             sql<"SELECT m.name, coalesce(sum(l.unit_price * l.quantity), 0), sum(l.unit_price * "
                                 "l.quantity), count(l.invoice_line_id), count(DISTINCT t.track_id) FROM media_type m "
                                 "LEFT JOIN track t ON t.media_type_id = m.media_type_id LEFT JOIN invoice_line l ON "
                                 "l.track_id = t.track_id GROUP BY m.media_type_id, m.name ORDER BY m.media_type_id">);
    CHECK(rows.back() == std::tuple{std::optional<std::string>{"Wax cylinder"}, std::int64_t{0},
                                    std::optional<std::int64_t>{}, std::int64_t{0}, std::int64_t{0}});
}

TEST_CASE("albums without any sale") {
    Shop shop = Shop::on_each_database();
    const auto sale = from<InvoiceLine>()
                          .join<Track>(col<&Track::id> == col<&InvoiceLine::track_id>)
                          .where(col<&Track::album_id> == col<&Album::id>);
    const auto unsold = from<Album>(shop.db).where(not rowan::exists(sale)).order_by(asc<&Album::id>);
    const auto rows =
        agreed(shop, unsold,
               sql<"SELECT album_id, title, artist_id FROM album WHERE album_id NOT IN (SELECT t.album_id FROM track t "
                   "JOIN invoice_line l ON l.track_id = t.track_id) ORDER BY album_id">);
    CHECK(rows.size() >= data().albums.size() / 8);
    CHECK(rows.size() < data().albums.size());

    // The same by counting.
    const auto counted = from<Album>(shop.db)
                             .left_join<Track>(col<&Track::album_id> == col<&Album::id>)
                             .left_join<InvoiceLine>(col<&InvoiceLine::track_id> == col<&Track::id>)
                             .group_by(col<&Album::id>)
                             .having(count(col<&InvoiceLine::id>) == 0)
                             .order_by(asc<&Album::id>)
                             .select(col<&Album::id>);
    const auto ids = rowan::must(counted.all());
    REQUIRE(ids.size() == rows.size());
    for (std::size_t i = 0; i != ids.size(); ++i) CHECK(std::get<0>(ids[i]) == rows[i].id);
}

TEST_CASE("the three tracks of each genre that sold best") {
    Shop shop = Shop::on_each_database();
    const auto sold = sum(col<&InvoiceLine::quantity>);
    const auto ranked =
        from<InvoiceLine>()
            .join<Track>(col<&Track::id> == col<&InvoiceLine::track_id>)
            .where(col<&Track::genre_id>.is_not_null())
            .group_by(col<&Track::id>, col<&Track::genre_id>)
            .select<TrackSales>(col<&Track::id>.as<"track_id">(),
                                rowan::coalesce(col<&Track::genre_id>, 0).as<"genre_id">(), sold.as<"sold">(),
                                rowan::row_number()
                                    .over(partition_by(col<&Track::genre_id>), order_by(sold.desc(), asc<&Track::id>))
                                    .as<"place">());
    const auto best = rowan::with<TrackSales>(ranked).query(
        from<TrackSales>(shop.db)
            .join<Track>(col<&Track::id> == col<&TrackSales::track_id>)
            .where(col<&TrackSales::place> <= 3)
            .order_by(asc<&TrackSales::genre_id>, asc<&TrackSales::place>)
            .select(col<&TrackSales::genre_id>, col<&TrackSales::place>, col<&Track::name>, col<&TrackSales::sold>));
    const auto rows =
        agreed(shop, best,
               sql<"WITH s AS (SELECT t.track_id, t.genre_id, t.name, sum(l.quantity) AS sold, row_number() OVER "
                   "(PARTITION BY t.genre_id ORDER BY sum(l.quantity) DESC, t.track_id) AS place FROM invoice_line l "
                   "JOIN track t ON t.track_id = l.track_id GROUP BY t.track_id, t.genre_id, t.name) SELECT genre_id, "
                   "place, name, sold FROM s WHERE place <= 3 ORDER BY genre_id, place">);
    CHECK(rows.size() > 40);
    CHECK(rowan::must(best.count()) == static_cast<std::int64_t>(rows.size()));
}

TEST_CASE("each customer's last invoice") {
    Shop shop = Shop::on_each_database();
    const auto last = from<Invoice, "other">()
                          .where(col<&Invoice::customer_id, "other"> == col<&Customer::id>)
                          .select(max(col<&Invoice::invoice_date, "other">));
    const auto invoices = from<Customer>(shop.db)
                              .join<Invoice>(col<&Invoice::customer_id> == col<&Customer::id> and
                                             col<&Invoice::invoice_date> == rowan::scalar(last))
                              .order_by(asc<&Customer::id>)
                              .select(col<&Customer::id>, col<&Invoice::id>, col<&Invoice::invoice_date>);
    const auto rows = agreed(shop, invoices,
                             sql<"SELECT i.customer_id, i.invoice_id, i.invoice_date FROM invoice i JOIN (SELECT "
                                 "customer_id, max(invoice_date) AS last FROM invoice GROUP BY customer_id) AS l ON "
                                 "l.customer_id = i.customer_id AND l.last = i.invoice_date ORDER BY i.customer_id">);
    CHECK(rows.size() == data().customers.size());
}
