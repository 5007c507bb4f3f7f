#include "chinook.hpp"

namespace {

using namespace chinook;

using rowan::asc;
using rowan::col;
using rowan::excluded;
using rowan::from;
using rowan::repository;
using rowan::set;
using rowan::sql;
using rowan::sum;

/// What was sold of a track, counted up with each line of an invoice.
struct Sales {
    std::int64_t track_id{};
    std::int64_t sold{};
    std::int64_t income{};
    std::int64_t last_line{};
};

}  // namespace

template <>
inline constexpr auto rowan::table<Sales> = rowan::describe<Sales>("sales").key<&Sales::track_id>();

namespace {

Sales sale_of(const InvoiceLine& line) {
    return {line.track_id, line.quantity, line.quantity * line.unit_price, line.id};
}

constexpr auto add_up = rowan::on_conflict<&Sales::track_id>.do_update(
    set<& Sales::sold> = col<&Sales::sold> + excluded<&Sales::sold>,
    set<& Sales::income> = col<&Sales::income> + excluded<&Sales::income>,
    set<& Sales::last_line> = excluded<&Sales::last_line>);

std::vector<std::tuple<std::int64_t, std::int64_t>> prices(Shop& shop) {
    return rowan::must(shop.db.query<std::tuple<std::int64_t, std::int64_t>>(
        sql<"SELECT track_id, unit_price FROM track ORDER BY track_id">));
}

}  // namespace

TEST_CASE("the tracks of a genre become dearer by a tenth, the others do not") {
    Shop shop = Shop::on_each_database();
    const auto before = prices(shop);
    const auto jazz = repository<Track>(shop.db).where(
        col<&Track::genre_id>.in(from<Genre>().where(col<&Genre::name> == "Jazz").select(col<&Genre::id>)));
    const auto changed = rowan::must(jazz.update(set<& Track::unit_price> = col<&Track::unit_price> * 110 / 100));
    CHECK(changed > 100);
    std::int64_t raised = 0;
    const auto after = prices(shop);
    for (std::size_t i = 0; i != after.size(); ++i) {
        const bool is_jazz = data().tracks[i].genre_id == 2;
        const std::int64_t price = std::get<1>(before[i]);
        REQUIRE(std::get<1>(after[i]) == (is_jazz ? price * 110 / 100 : price));
        raised += is_jazz ? 1 : 0;
    }
    CHECK(raised == changed);

    const rowan::Error error = error_of(jazz.update(set<& Track::unit_price> = ~std::uint64_t{0}));
    CHECK(error.code() == rowan::Code::value_out_of_range);
    CHECK(error.column() == "unit_price");
    CHECK(prices(shop) == after);
}

TEST_CASE("prices that depend on what was sold") {
    Shop shop = Shop::on_each_database();
    const auto sale = from<InvoiceLine>().where(col<&InvoiceLine::track_id> == col<&Track::id>);
    const auto unsold = repository<Track>(shop.db).where(not rowan::exists(sale));
    const auto rows = rowan::must(unsold.update_returning(set<& Track::unit_price> = col<&Track::unit_price> - 50,
                                                          set<& Track::composer> = std::nullopt));
    CHECK(static_cast<std::int64_t>(rows.size()) == rowan::must(unsold.count()));
    for (const Track& track : rows) {
        REQUIRE(track.unit_price == data().tracks[static_cast<std::size_t>(track.id - 1)].unit_price - 50);
        REQUIRE(track.composer == std::nullopt);
    }
    CHECK(rowan::must(shop.db.query<std::int64_t>(sql<"SELECT count(*) FROM track WHERE unit_price IN (49, 149)">)) ==
          std::vector{static_cast<std::int64_t>(rows.size())});

    // From a query for each row.
    const auto sold = from<InvoiceLine>()
                          .where(col<&InvoiceLine::track_id> == col<&Track::id>)
                          .select(sum(col<&InvoiceLine::quantity>));
    rowan::must(repository<Track>(shop.db).everywhere().update(set<& Track::unit_price> =
                                                                   rowan::coalesce(rowan::scalar(sold), 0)));
    CHECK(prices(shop) == rowan::must(shop.db.query<std::tuple<std::int64_t, std::int64_t>>(
                              sql<"SELECT t.track_id, coalesce(sum(l.quantity), 0) FROM track t LEFT JOIN invoice_line "
                                  "l ON l.track_id = t.track_id GROUP BY t.track_id ORDER BY t.track_id">)));
}

TEST_CASE("a customer's invoices come back when the transaction is rolled back") {
    Shop shop = Shop::on_each_database();
    const auto count = [](auto& db) {
        return std::pair{rowan::must(repository<Invoice>(db).count()),
                         rowan::must(repository<InvoiceLine>(db).count())};
    };
    const auto erase = [](auto& db, std::int64_t customer) {
        const auto invoices = from<Invoice>().where(col<&Invoice::customer_id> == customer).select(col<&Invoice::id>);
        const auto lines =
            rowan::must(repository<InvoiceLine>(db).where(col<&InvoiceLine::invoice_id>.in(invoices)).erase());
        const auto erased =
            rowan::must(repository<Invoice>(db).where(col<&Invoice::customer_id> == customer).erase_returning());
        return std::pair{erased, lines};
    };
    const auto all = count(shop.db);

    const rowan::Result<void> kept = shop.db.transaction([&](auto& tx) -> rowan::Result<void> {
        const auto [invoices, lines] = erase(tx, 7);
        CHECK(invoices.size() == 7);
        CHECK(lines > 7);
        CHECK(count(tx) == std::pair{all.first - 7, all.second - lines});
        // The key is there already.
        return repository<Invoice>(tx).insert({.id = 1}).transform([](const Invoice&) {});
    });
    CHECK(error_of(kept).code() == rowan::Code::unique_violation);
    CHECK(count(shop.db) == all);

    {
        auto tx = rowan::must(shop.db.begin());
        (void)erase(tx, 8);
    }
    CHECK(count(shop.db) == all);

    rowan::must(shop.db.transaction([&](auto& tx) {
        for (const Invoice& invoice : erase(tx, 7).first) CHECK(invoice.customer_id == 7);
    }));
    CHECK(count(shop.db).first == all.first - 7);
    CHECK_FALSE(rowan::must(repository<Invoice>(shop.db).where(col<&Invoice::customer_id> == 7).exists()));
}

TEST_CASE("a customer moves, and nobody else does") {
    Shop shop = Shop::on_each_database();
    auto customers = repository<Customer>(shop.db);
    const Customer moved =
        rowan::must(customers.patch(5, set<& Customer::city> = "Ústí nad Labem", set<& Customer::state> = std::nullopt,
                                    set<& Customer::support_rep_id> = std::optional<std::int64_t>{4}));
    CHECK(moved.city == "Ústí nad Labem");
    CHECK(moved.email == data().customers[4].email);
    CHECK(rowan::must(customers.where(col<&Customer::city> == "Ústí nad Labem").count()) == 1);
    CHECK(rowan::must(shop.db.query<std::optional<std::string>>(
              sql<"SELECT city FROM customer WHERE customer_id = 4">)) == std::vector{data().customers[3].city});
    CHECK(error_of(customers.patch(60, set<& Customer::city> = "Nowhere")).code() == rowan::Code::not_found);
}

TEST_CASE("lines of invoices are added up as they come") {
    Shop shop = Shop::on_each_database();
    auto sales = repository<Sales>(shop.db);
    rowan::must(sales.create_table());
    std::vector<Sales> lines;
    for (const InvoiceLine& line : data().invoice_lines) lines.push_back(sale_of(line));

    // Many lines are of the same tracks, also within one batch.
    const rowan::UpsertCounts counts = rowan::must(sales.upsert(lines, add_up));
    CHECK(counts.inserted + counts.updated == lines.size());
    CHECK(counts.inserted == static_cast<std::size_t>(rowan::must(sales.count())));
    agreed(shop, sales.order_by(asc<&Sales::track_id>),
           sql<"SELECT track_id, sum(quantity) AS sold, sum(quantity * unit_price) AS income, max(invoice_line_id) AS "
               "last_line FROM invoice_line GROUP BY track_id ORDER BY track_id">);

    // A line that was counted is not counted again.
    const auto news_only = add_up.where(excluded<&Sales::last_line> > col<&Sales::last_line>);
    const auto before = rowan::must(sales.order_by(asc<&Sales::track_id>).all());
    CHECK(rowan::must(sales.upsert(lines, news_only)) == rowan::UpsertCounts{0, 0, lines.size()});
    CHECK(rowan::must(sales.upsert(lines.front(), news_only)) == rowan::Upserted::unchanged);
    const auto after = rowan::must(sales.order_by(asc<&Sales::track_id>).all());
    for (std::size_t i = 0; i != before.size(); ++i) REQUIRE(same(before[i], after[i]));

    Sales next = lines.front();
    next.last_line = 9999;
    const std::int64_t sold = rowan::must(sales.get(next.track_id)).sold;
    CHECK(rowan::must(sales.upsert(next, news_only)) == rowan::Upserted::updated);
    CHECK(rowan::must(sales.get(next.track_id)).sold == sold + next.sold);
}

TEST_CASE("of a range with a track that the playlist has already, none is added") {
    Shop shop = Shop::on_each_database();
    auto entries = repository<PlaylistTrack>(shop.db);
    const PlaylistTrack old = data().playlist_tracks.front();
    const std::vector<PlaylistTrack> added{{2, 1}, {2, 2}, old};
    const auto before = rowan::must(entries.count());
    CHECK(error_of(entries.insert(added)).code() == rowan::Code::unique_violation);
    CHECK(rowan::must(entries.count()) == before);
    constexpr auto policy = rowan::on_conflict<&PlaylistTrack::playlist_id, &PlaylistTrack::track_id>.do_nothing();
    CHECK(rowan::must(entries.upsert(added, policy)) == rowan::UpsertCounts{2, 0, 1});
    CHECK(rowan::must(entries.exists({2, 1})));
    CHECK(rowan::must(entries.erase({2, 1})));
    CHECK(rowan::must(entries.find({old.playlist_id, old.track_id}))->track_id == old.track_id);
    CHECK(rowan::must(entries.count()) == before + 1);
}
