#include "cookbook.hpp"

namespace cookbook {

void Book::choosing() {
    chapter("Choosing rows");

    recipe("A row by its key", "No such row is no error here, but an empty `std::optional`. `get` makes it one.", [&] {
        //<
        const auto row = stocks.find("ACME");
        //>
        return show(row);
    });

    recipe("A row by a unique column",
           "`find_by` takes any column. Two rows are an error, `Code::multiple_rows`, not the first of them.", [&] {
               //<
               const auto row = customers.find_by<&Customer::name>("Cleo");
               //>
               return show(row);
           });

    recipe("Rows whose key is in a list",
           "The list is one parameter, so the statement is the same for any length. An empty list gives no row. A list "
           "that is no temporary must outlive the query.",
           [&] {
               //<
               const std::vector<std::string> wanted{"ACME", "DATA", "ZZZZ"};
               const auto rows = stocks.where(col<&Stock::symbol>.in(wanted)).order_by(asc<&Stock::symbol>).all();
               //>
               return show(rows);
           });

    recipe("And, or, not",
           "`and`, `or`, `not` bind as in C++, and so do `&&`, `||`, `!`. A comparison with NULL is neither true nor "
           "false, so neither a condition nor its `not` finds it.",
           [&] {
               //<
               const auto dear = col<&Stock::price> > 100;
               const auto rows =
                   stocks.where((col<&Stock::sector> == "software" or dear) and col<&Stock::name> != "Cloud 9")
                       .order_by(desc<&Stock::price>)
                       .all();
               //>
               return show(rows);
           });

    recipe("Between two dates",
           "Days begin at midnight UTC. Say \"before the next day\" rather than `between`, which takes both ends: the "
           "order of 23:59:30 would be lost, or one of midnight counted twice.",
           [&] {
               //<
               const auto rows =
                   orders.where(col<&Order::placed> >= march_1 and col<&Order::placed> < march_1 + std::chrono::days{1})
                       .order_by(asc<&Order::placed>)
                       .select(col<&Order::id>, col<&Order::symbol>, col<&Order::placed>)
                       .all();
               //>
               return show(rows, {"id", "symbol", "placed"});
           });

    recipe("Between two numbers", "Both ends are included.", [&] {
        //<
        const auto rows = stocks.where(col<&Stock::price>.between(75.5, 101)).order_by(asc<&Stock::price>).all();
        //>
        return show(rows);
    });

    recipe("Is there any", "The database stops at the first row that it finds, which a count would not.", [&] {
        //<
        const auto any = orders.where(col<&Order::symbol> == "BOLT" and col<&Order::side> == Side::sell).exists();
        //>
        return show(any, {"any"});
    });

    recipe(
        "Exists: rows that have others",
        "Customers who sold something. A column of the query around may stand in the query inside. Each customer comes "
        "once, however many sales there are; a join would repeat them.",
        [&] {
            //<
            const auto sales =
                from<Order>().where(col<&Order::customer_id> == col<&Customer::id> and col<&Order::side> == Side::sell);
            const auto rows = customers.where(exists(sales)).order_by(asc<&Customer::id>).all();
            //>
            return show(rows);
        });

    recipe("Not exists: rows without others",
           "The stocks that nobody ordered. Prefer this to `not_in(query)`: if that query gives one NULL, `NOT IN` is "
           "true "
           "for no row at all.",
           [&] {
               //<
               const auto ordered = from<Order>().where(col<&Order::symbol> == col<&Stock::symbol>);
               const auto rows = stocks.where(not exists(ordered)).all();
               //>
               return show(rows);
           });

    recipe("Rows whose key is in another query", "The query inside must select just one column.", [&] {
        //<
        const auto industry = from<Stock>().where(col<&Stock::sector> == "industry").select(col<&Stock::symbol>);
        const auto rows = candles.where(col<&Candle::symbol>.in(industry) and col<&Candle::volume> >= 300)
                              .order_by(asc<&Candle::start>)
                              .all();
        //>
        return show(rows);
    });

    recipe("Rows above the average",
           "`scalar` is a query of one value inside another. It is NULL where the query gives no row.", [&] {
               //<
               const auto mean = scalar(from<Stock>().select(avg(col<&Stock::price>)));
               const auto rows = stocks.where(col<&Stock::price> > mean).order_by(desc<&Stock::price>).all();
               //>
               return show(rows);
           });

    recipe("Compare two columns",
           "Buys below what the stock costs now. Columns of unlike types, a text and a number, do not compile: `cast` "
           "one.",
           [&] {
               //<
               const auto rows = from<Order>(db)
                                     .join<Stock>(col<&Stock::symbol> == col<&Order::symbol>)
                                     .where(col<&Order::side> == Side::buy and col<&Order::price> < col<&Stock::price>)
                                     .order_by(asc<&Order::id>)
                                     .select(col<&Order::id>, col<&Order::price>, col<&Stock::price>)
                                     .all();
               //>
               return show(rows, {"id", "order's price", "stock's price"});
           });

    recipe("A member of a JSON document",
           "`json_text<\"limit\", \"day\">` goes deeper. Whatever the member is, it comes as text; a missing one and a "
           "JSON "
           "`null` are both NULL. Text that is no JSON is an error of the database.",
           [&] {
               //<
               const auto rows = customers.where(json_text<"theme">(col<&Customer::settings>) == "dark")
                                     .order_by(asc<&Customer::id>)
                                     .select(col<&Customer::name>, json_text<"limit", "day">(col<&Customer::settings>))
                                     .all();
               //>
               return show(rows, {"name", "limit.day"});
           });

    recipe("Only some columns",
           "As a `std::tuple` in the order of the columns, or into a struct whose members have their names.", [&] {
               //<
               struct Quote {
                   std::string symbol{};
                   double price{};
               };
               const auto rows = stocks.where(col<&Stock::sector> == "software")
                                     .order_by(asc<&Stock::symbol>)
                                     .select<Quote>(col<&Stock::symbol>, col<&Stock::price>)
                                     .all();
               //>
               return show(rows);
           });

    recipe(
        "A computed column",
        "`as` names it like the member that takes it. Integers divided by integers lose their fraction: `cast<double>` "
        "one of them.",
        [&] {
            //<
            struct Cost {
                std::int64_t id{};
                double cost{};
                std::string size{};
            };
            const auto cost = col<&Order::amount> * col<&Order::price>;
            const auto rows = orders.where(col<&Order::side> == Side::buy)
                                  .order_by(cost.desc())
                                  .limit(4)
                                  .select<Cost>(col<&Order::id>, cost.as<"cost">(),
                                                case_when(cost >= 1000, "large").otherwise("small").as<"size">())
                                  .all();
            //>
            return show(rows);
        });
}

}  // namespace cookbook
