#include "cookbook.hpp"

namespace cookbook {

void Book::joins() {
    chapter("Joins");

    recipe("Rows of two tables side by side",
           "A row is a `std::tuple` of structs: `for (const auto& [order, customer] : *rows)`.", [&] {
               //<
               const auto rows = from<Order>(db)
                                     .join<Customer>(col<&Customer::id> == col<&Order::customer_id>)
                                     .where(col<&Order::amount> >= 20)
                                     .order_by(asc<&Order::id>)
                                     .all();
               //>
               return show(rows, {"id", "customer_id", "symbol", "side", "amount", "price", "placed", "filled", "id",
                                  "name", "city", "invited_by", "settings"});
           });

    recipe(
        "Columns of three tables",
        "`select` may take columns of all tables. A column is named by its member, so there is no doubt whose it is.",
        [&] {
            //<
            struct Line {
                std::string name{};
                std::string sector{};
                std::int64_t amount{};
            };
            const auto rows = from<Order>(db)
                                  .join<Customer>(col<&Customer::id> == col<&Order::customer_id>)
                                  .join<Stock>(col<&Stock::symbol> == col<&Order::symbol>)
                                  .where(col<&Order::filled>.is_null())
                                  .order_by(asc<&Order::id>)
                                  .select<Line>(col<&Customer::name>, col<&Stock::sector>, col<&Order::amount>)
                                  .all();
            //>
            return show(rows);
        });

    recipe("Rows without a partner",
           "A left join keeps them, with NULL in the columns of the other table; those are picked. `is_null()` "
           "compiles here "
           "though `Order::id` is no `std::optional`.",
           [&] {
               //<
               const auto rows = from<Customer>(db)
                                     .left_join<Order>(col<&Order::customer_id> == col<&Customer::id>)
                                     .where(col<&Order::id>.is_null())
                                     .select(col<&Customer::name>)
                                     .all();
               //>
               return show(rows, {"name"});
           });

    recipe("All rows, with a partner where there is one",
           "The second half of the row is a `std::optional`. A condition on the partner belongs into the join: behind "
           "`where` it "
           "would drop the rows that have none.",
           [&] {
               //<
               const auto rows =
                   from<Stock>(db)
                       .left_join<Order>(col<&Order::symbol> == col<&Stock::symbol> and col<&Order::side> == Side::sell)
                       .order_by(asc<&Stock::symbol>)
                       .select(col<&Stock::symbol>, col<&Order::id>, col<&Order::amount>)
                       .all();
               //>
               return show(rows, {"symbol", "sale", "amount"});
           });

    recipe("Count the partners, also where there are none",
           "Count a column of the other table: `count()` counts rows, and a row without a partner is one.", [&] {
               //<
               struct Activity {
                   std::string name{};
                   std::int64_t orders{};
               };
               const auto rows = from<Customer>(db)
                                     .left_join<Order>(col<&Order::customer_id> == col<&Customer::id>)
                                     .group_by(col<&Customer::id>, col<&Customer::name>)
                                     .order_by(count(col<&Order::id>).desc(), asc<&Customer::id>)
                                     .select<Activity>(col<&Customer::name>, count(col<&Order::id>).as<"orders">())
                                     .all();
               //>
               return show(rows);
           });

    recipe("Join a table with itself", "One of the two gets a name, and its columns with it.", [&] {
        //<
        const auto rows = from<Customer>(db)
                              .left_join<Customer, "host">(col<&Customer::id, "host"> == col<&Customer::invited_by>)
                              .order_by(asc<&Customer::id>)
                              .select(col<&Customer::name>, col<&Customer::name, "host">)
                              .all();
        //>
        return show(rows, {"name", "invited by"});
    });

    recipe("Every pair once", "`<` rather than `!=`, or each pair comes twice.", [&] {
        //<
        const auto rows = from<Stock, "a">(db)
                              .join<Stock, "b">(col<&Stock::sector, "a"> == col<&Stock::sector, "b"> and
                                                col<&Stock::symbol, "a"> < col<&Stock::symbol, "b">)
                              .order_by(col<&Stock::symbol, "a">.asc())
                              .select(col<&Stock::symbol, "a">, col<&Stock::symbol, "b">)
                              .all();
        //>
        return show(rows, {"a", "b"});
    });

    recipe("The latest row of each group",
           "The rows for which there is no later one. Two rows that are latest at the same time are both given; \"The "
           "top 2 per "
           "group\" chooses.",
           [&] {
               //<
               const auto later =
                   from<Candle, "later">().where(col<&Candle::symbol, "later"> == col<&Candle::symbol> and
                                                 col<&Candle::start, "later"> > col<&Candle::start>);
               const auto rows = candles.where(not exists(later)).order_by(asc<&Candle::symbol>).all();
               //>
               return show(rows);
           });

    recipe("A column from the latest partner",
           "A query of one value for each row. It is NULL where there is no partner, so it is a `std::optional`.", [&] {
               //<
               const auto last = from<Candle>()
                                     .where(col<&Candle::symbol> == col<&Stock::symbol>)
                                     .order_by(desc<&Candle::start>)
                                     .limit(1)
                                     .select(col<&Candle::close>);
               const auto rows = stocks.where(col<&Stock::sector> != "fund")
                                     .order_by(asc<&Stock::symbol>)
                                     .select(col<&Stock::symbol>, scalar(last))
                                     .all();
               //>
               return show(rows, {"symbol", "last close"});
           });

    recipe(
        "Union of two lists",
        "The rows of the first query, then those of the second; alike ones stay. Both must give the same types. In no "
        "particular order: for one, make it a common table expression.",
        [&] {
            //<
            const auto people = customers.where(col<&Customer::city> == "Berlin").select(col<&Customer::name>);
            const auto papers = stocks.where(col<&Stock::sector> == "fund").select(col<&Stock::name>);
            const auto rows = people.union_all(papers).all();
            //>
            return show(rows, {"name"});
        });
}

}  // namespace cookbook
