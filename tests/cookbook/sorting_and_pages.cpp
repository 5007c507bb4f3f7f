#include "cookbook.hpp"

namespace cookbook {

void Book::sorting_and_pages() {
    chapter("Sorting, pages and streams");

    recipe("Nulls last", "Without it PostgreSQL takes NULL for larger than everything, SQLite for smaller.", [&] {
        //<
        const auto rows = stocks.order_by(col<&Stock::dividend>.desc<Nulls::last>(), asc<&Stock::symbol>)
                              .select(col<&Stock::symbol>, col<&Stock::dividend>)
                              .all();
        //>
        return show(rows, {"symbol", "dividend"});
    });

    recipe("An order of your own", "The first condition that is true gives the place.", [&] {
        //<
        const auto place =
            case_when(col<&Stock::sector> == "software", 1).when(col<&Stock::sector> == "fund", 2).otherwise(3);
        const auto rows =
            stocks.order_by(place.asc(), asc<&Stock::symbol>).select(col<&Stock::sector>, col<&Stock::symbol>).all();
        //>
        return show(rows, {"sector", "symbol"});
    });

    recipe("The newest row", "`first` asks for one row. It is empty where there is none.", [&] {
        //<
        const auto row = orders.where(col<&Order::symbol> == "ACME").order_by(desc<&Order::placed>).first();
        //>
        return show(row);
    });

    recipe(
        "Just one row, or an error",
        "`Code::not_found` if there is none, `Code::multiple_rows` if there are more. At most two rows are asked for.",
        [&] {
            //<
            const auto row = stocks.where(col<&Stock::sector> == "fund" and col<&Stock::dividend>.is_not_null()).one();
            //>
            return show(row);
        });

    recipe("Distinct values", "NULL counts as one value.", [&] {
        //<
        const auto rows =
            customers.order_by(col<&Customer::city>.asc<Nulls::last>()).select(col<&Customer::city>).distinct().all();
        //>
        return show(rows, {"city"});
    });

    recipe("Page by number",
           "Simple, but the database reads and drops all rows before the page, and a row that comes or goes meanwhile "
           "moves the "
           "others. The order must end with something unique, or a row may be on two pages.",
           [&] {
               //<
               const int page = 2, size = 3;
               const auto rows = orders.order_by(desc<&Order::placed>, asc<&Order::id>)
                                     .limit(size)
                                     .offset((page - 1) * size)
                                     .select(col<&Order::id>, col<&Order::placed>)
                                     .all();
               //>
               return show(rows, {"id", "placed"});
           });

    recipe("Second page without OFFSET",
           "The rows behind the last one of the page before: as fast on page 1,000 as on page 1 where an index has the "
           "order. The "
           "columns of the order must not be `std::optional`, and the last must make it unique.",
           [&] {
               //<
               const auto newest =
                   orders.where(col<&Order::side> == Side::buy).order_by(desc<&Order::placed>, desc<&Order::id>);
               const auto first_page = rowan::must(newest.limit(3).all());
               const auto rows = newest.after(newest.cursor(first_page.back())).limit(3).all();
               //>
               return show(rows);
           });

    recipe("A page's link, and the page before",
           "A token is text for a URL, and is checked when it comes back: one that was changed, or made for another "
           "order, is "
           "`Code::invalid_value`. What is in it can be read by whoever has it. `before` gives the rows in the query's "
           "order as "
           "well.",
           [&] {
               //<
               const auto by_symbol = stocks.order_by(asc<&Stock::symbol>);
               const std::string link = rowan::must(by_symbol.cursor({.symbol = "DATA"}).token());
               using Cursor = decltype(by_symbol)::Cursor;
               const auto rows = by_symbol.before(rowan::must(Cursor::parse(link))).limit(2).all();
               //>
               return show(rows);
           });

    recipe("Count and page",
           "`count` of a filter does not mind `limit` and `offset`; that of a query does. Both questions in one "
           "transaction see "
           "the same rows on PostgreSQL only if it is `REPEATABLE READ`.",
           [&] {
               //<
               rowan::Filter<Order> filter;
               filter.add(col<&Order::symbol> == "ACME");
               rowan::must(filter.order_by("placed", rowan::Direction::descending));
               const auto page = orders.matching(filter).limit(2);
               const auto count = rowan::must(page.count());
               const auto rows = rowan::must(page.all());
               //>
               Table table = show(rows);
               table.header.push_back("count");
               for (auto& row : table.rows) row.push_back(cell(count));
               return table;
           });

    recipe("Filter by what a form says",
           "Each condition is typed; only which of them are there is chosen at run time. They are joined with AND. "
           "Text that a "
           "condition names must live until the query has run.",
           [&] {
               //<
               struct Form {
                   std::optional<std::string> sector{};
                   std::optional<double> at_least{}, at_most{};
               };
               const Form form{.sector = "industry", .at_most = 100};
               rowan::Filter<Stock> filter;
               if (form.sector) filter.add(col<&Stock::sector> == *form.sector);
               if (form.at_least) filter.add(col<&Stock::price> >= *form.at_least);
               if (form.at_most) filter.add(col<&Stock::price> <= *form.at_most);
               const auto rows = stocks.matching(filter).all();
               //>
               return show(rows);
           });

    recipe("Sort by a column that the user names",
           "The name is that of a member. Any other text, also SQL, is `Code::undefined_column`, and nothing is sent.",
           [&] {
               //<
               const std::string from_request = "price";
               rowan::Filter<Stock> filter;
               rowan::must(filter.order_by(from_request, rowan::Direction::descending));
               const auto rows = stocks.matching(filter).limit(3).all();
               //>
               return show(rows);
           });

    recipe("Pages of what a form says",
           "The order is fixed in the program, so the compiler knows the cursor's type; the conditions are the form's.",
           [&] {
               //<
               rowan::Filter<Order> filter;
               filter.add(col<&Order::symbol> == "ACME");
               const auto newest = orders.matching(filter).order_by(desc<&Order::placed>, desc<&Order::id>).limit(2);
               const auto first_page = rowan::must(newest.all());
               const auto rows = newest.after(newest.cursor(first_page.back())).all();
               //>
               return show(rows);
           });

    recipe("Stream a million rows",
           "Row after row in bounded memory. A function that gives `false` has seen enough; one that gives a "
           "`Result<void>` may "
           "stop with an error. Until the end the connection does nothing else, except inside a transaction.",
           [&] {
               //<
               std::int64_t shares = 0;
               const auto done = orders.query().for_each([&](const Order& order) { shares += order.amount; });
               //>
               rowan::must(done);
               return show(shares, {"shares"});
           });

    recipe(
        "Change rows while they stream",
        "Inside a transaction its handle does other work while rows come. On SQLite do not change what the query still "
        "has to look for: it may meet such a row again.",
        [&] {
            // clang-format off
            //<
            const auto done = db.transaction([](auto& tx) -> rowan::Result<void> {
                auto mine = rowan::repository<Customer>(tx);
                auto stream = mine.order_by(asc<&Customer::id>).stream();
                if (!stream) return rowan::Failure(stream.error());
                for (rowan::Result<Customer>& customer : *stream) {
                    if (!customer) return rowan::Failure(customer.error());
                    if (customer->settings != "{}") continue;
                    auto patched = mine.patch(customer->id, set<&Customer::settings> = R"({"theme": "light"})");
                    if (!patched) return rowan::Failure(patched.error());
                }
                return {};
            });
            //>
            // clang-format on
            stop_recording();
            rowan::must(done);
            return show(customers.where(col<&Customer::name> == "Eve").all());
        });
}

}  // namespace cookbook
