#include "cookbook.hpp"

namespace cookbook {

void Book::changes() {
    chapter("Insert, change, delete");

    recipe("Insert a row and get its key", "An integer `id` of 0 asks the database for one; another is kept.", [&] {
        //<
        const auto row = customers.insert({.name = "Fay", .city = "Rome", .settings = "{}"});
        //>
        return show(row);
    });

    recipe("Insert many rows",
           "All or none. PostgreSQL gets up to 1,000 rows in one statement, SQLite asks for row after row. Gives their "
           "number.",
           [&] {
               //<
               const std::vector<Candle> fresh{
                   {.symbol = "DATA", .start = march_1 + 9h, .high = 49, .low = 47, .close = 48, .volume = 90},
                   {.symbol = "DATA", .start = march_1 + 10h, .high = 50, .low = 48, .close = 49, .volume = 60},
               };
               const auto stored = candles.insert(fresh);
               //>
               return show(static_cast<std::int64_t>(rowan::must(stored)), {"stored"});
           });

    recipe("Keep or overwrite",
           "The members behind `on_conflict` are the key or a unique constraint, or it does not compile. "
           "`do_nothing()` keeps the "
           "row that is there; `do_update()` overwrites all but the key, `do_update<&Stock::price>()` some.",
           [&] {
               //<
               const std::vector<Stock> listed{
                   {.symbol = "ACME", .name = "ACME plc", .sector = "industry", .price = 125},
                   {.symbol = "GOLD", .name = "Gold", .sector = "metal", .price = 60},
               };
               const auto kept = stocks.upsert(listed, rowan::on_conflict<&Stock::symbol>.do_nothing());
               const auto priced = stocks.upsert(listed, rowan::on_conflict<&Stock::symbol>.do_update<&Stock::price>());
               //>
               stop_recording();
               rowan::must(kept);
               rowan::must(priced);
               return show(stocks.where(col<&Stock::symbol>.in({"ACME", "GOLD"})).order_by(asc<&Stock::symbol>).all());
           });

    recipe("Add to what is there", "`excluded` is the row that was to be inserted, `col` the one that is there.", [&] {
        // clang-format off
        //<
        const Candle late{
            .symbol = "ACME", .start = march_1 + 9h, .high = 119.5, .low = 118, .close = 119, .volume = 50};
        const auto higher = case_when(excluded<&Candle::high> > col<&Candle::high>, excluded<&Candle::high>)
                                .otherwise(col<&Candle::high>);
        const auto merged = candles.upsert(late, rowan::on_conflict<&Candle::symbol, &Candle::start>.do_update(
            set<&Candle::volume> = col<&Candle::volume> + excluded<&Candle::volume>,
            set<&Candle::high> = higher,
            set<&Candle::close> = excluded<&Candle::close>));
        //>
        // clang-format on
        stop_recording();
        rowan::must(merged);
        return show(candles.find({"ACME", march_1 + 9h}));
    });

    recipe("Overwrite only if it is newer",
           "`where` decides whether the row that is there is changed at all. Here the candle with more volume is the "
           "newer one, so the "
           "old one changes nothing: `Upserted::unchanged`.",
           [&] {
               //<
               const Candle old{
                   .symbol = "ACME", .start = march_1 + 9h, .high = 1, .low = 1, .close = 1, .volume = 299};
               const auto outcome =
                   candles.upsert(old, rowan::on_conflict<&Candle::symbol, &Candle::start>.do_update().where(
                                           excluded<&Candle::volume> > col<&Candle::volume>));
               //>
               stop_recording();
               rowan::must(outcome);
               return show(candles.find({"ACME", march_1 + 9h}));
           });

    recipe("Raise all prices of a category", "Gives the number of rows that were changed.", [&] {
        // clang-format off
        //<
        const auto raised = stocks.where(col<&Stock::sector> == "industry")
                                .update(set<&Stock::price> = col<&Stock::price> * 1.5);
        //>
        // clang-format on
        return show(raised, {"raised"});
    });

    recipe("Change rows and get them", "As they are then, in no particular order.", [&] {
        // clang-format off
        //<
        const auto rows = stocks.where(col<&Stock::sector> == "industry")
                              .update_returning(set<&Stock::price> = col<&Stock::price> * 1.5,
                                                set<&Stock::dividend> = std::nullopt);
        //>
        // clang-format on
        return show(rows);
    });

    recipe("Change each row by its own rule",
           "`everywhere()` says that all rows are meant: `update` without `where` does not compile.", [&] {
               // clang-format off
        //<
        const auto price = case_when(col<&Stock::sector> == "fund", col<&Stock::price> + 1)
                               .when(col<&Stock::price> > 100, col<&Stock::price> - 10)
                               .otherwise(col<&Stock::price>);
        const auto changed = stocks.everywhere().update(set<&Stock::price> = price);
        //>
               // clang-format on
               stop_recording();
               rowan::must(changed);
               return show(stocks.order_by(asc<&Stock::symbol>).select(col<&Stock::symbol>, col<&Stock::price>).all(),
                           {"symbol", "price"});
           });

    recipe("Change rows by those of another table",
           "A query of one value may be assigned. It is NULL where it gives no row, so it needs a default; here, the "
           "price as it "
           "is.",
           [&] {
               // clang-format off
               //<
               const auto last = from<Candle>().where(col<&Candle::symbol> == col<&Stock::symbol>)
                                     .order_by(desc<&Candle::start>).limit(1).select(col<&Candle::close>);
               const auto changed = stocks.everywhere()
                                        .update(set<&Stock::price> = coalesce(scalar(last), col<&Stock::price>));
               //>
               // clang-format on
               stop_recording();
               rowan::must(changed);
               return show(stocks.order_by(asc<&Stock::symbol>).select(col<&Stock::symbol>, col<&Stock::price>).all(),
                           {"symbol", "price"});
           });

    recipe("Change one column of one row", "Gives the row as it is then; `Code::not_found` if there is none.", [&] {
        // clang-format off
        //<
        const auto row = customers.patch(2, set<&Customer::city> = "Lyon");
        //>
        // clang-format on
        return show(row);
    });

    recipe("Only change what the form sent",
           "`std::optional` inside `std::optional`: not sent, sent empty, sent. With nothing set, nothing is written.",
           [&] {
               //<
               struct Form {
                   std::optional<std::string> name{};
                   std::optional<std::optional<std::string>> city{};
               };
               const Form form{.name = {}, .city = std::optional<std::string>{}};
               rowan::Patch<Customer> patch;
               if (form.name) patch.set<&Customer::name>(*form.name);
               if (form.city) patch.set<&Customer::city>(*form.city);
               const auto row = customers.patch(1, patch);
               //>
               return show(row);
           });

    recipe("Delete a row", "`false` if there was none.", [&] {
        //<
        const auto gone = stocks.erase("FIFT");
        //>
        return show(gone, {"gone"});
    });

    recipe("Delete and get what was deleted", "As they were, in no particular order.", [&] {
        //<
        const auto rows = orders.where(col<&Order::filled>.is_null()).erase_returning();
        //>
        return show(rows);
    });

    recipe("Delete rows that have no partner", "Gives the number of rows that are gone.", [&] {
        //<
        const auto ordered = from<Order>().where(col<&Order::symbol> == col<&Stock::symbol>);
        const auto gone = stocks.where(not exists(ordered)).erase();
        //>
        return show(gone, {"gone"});
    });

    recipe(
        "Keep the newest, delete the rest",
        "The query inside looks at the same table under another name. Of candles that share the newest time, all stay.",
        [&] {
            //<
            const auto newest = from<Candle, "other">()
                                    .where(col<&Candle::symbol, "other"> == col<&Candle::symbol>)
                                    .select(max(col<&Candle::start, "other">));
            const auto gone = candles.where(col<&Candle::start> < scalar(newest)).erase();
            //>
            stop_recording();
            rowan::must(gone);
            return show(candles.order_by(asc<&Candle::symbol>).all());
        });

    recipe("Rows made of rows",
           "The rows do not pass through the program. A member that must have a value and is not set does not compile; "
           "the "
           "generated key may be left out, and is made in the query's order.",
           [&] {
               // clang-format off
               //<
               const auto made = orders.where(col<&Order::side> == Side::buy and col<&Order::symbol> == "ACME")
                                     .order_by(asc<&Order::id>)
                                     .insert_into<Order>(set<&Order::customer_id> = col<&Order::customer_id>,
                                                         set<&Order::symbol> = "BOLT",
                                                         set<&Order::side> = Side::buy,
                                                         set<&Order::amount> = col<&Order::amount> * 2,
                                                         set<&Order::price> = 75.0,
                                                         set<&Order::placed> = col<&Order::placed> + 24h);
               //>
               // clang-format on
               stop_recording();
               rowan::must(made);
               return show(orders.where(col<&Order::price> == 75).order_by(asc<&Order::id>).all());
           });
}

}  // namespace cookbook
