#include "cookbook.hpp"

namespace cookbook {

void Book::windows() {
    chapter("Windows");

    recipe("Running total", "Rows that are alike in the window's order are added at once: order by something unique.",
           [&] {
               //<
               struct Running {
                   rowan::Timestamp start{};
                   std::int64_t volume{}, total{};
               };
               const auto total = sum(col<&Candle::volume>).over(order_by(asc<&Candle::start>));
               const auto rows = candles.where(col<&Candle::symbol> == "ACME")
                                     .order_by(asc<&Candle::start>)
                                     .select<Running>(col<&Candle::start>, col<&Candle::volume>, total.as<"total">())
                                     .all();
               //>
               return show(rows);
           });

    recipe("Compare with the previous row",
           "The first row of each symbol has none before it: NULL, and so is what is computed with it. `lead` looks "
           "ahead.",
           [&] {
               //<
               struct Change {
                   std::string symbol{};
                   rowan::Timestamp start{};
                   double close{};
                   std::optional<double> change{};
               };
               const auto before =
                   lag(col<&Candle::close>).over(partition_by(col<&Candle::symbol>), order_by(asc<&Candle::start>));
               const auto rows = candles.order_by(asc<&Candle::symbol>, asc<&Candle::start>)
                                     .select<Change>(col<&Candle::symbol>, col<&Candle::start>, col<&Candle::close>,
                                                     (col<&Candle::close> - before).as<"change">())
                                     .all();
               //>
               return show(rows);
           });

    recipe("Share of the total", "A window without order or partition is all rows that the query has.", [&] {
        //<
        struct Share {
            std::string symbol{};
            double share{};
        };
        const auto share = col<&Stock::price> / sum(col<&Stock::price>).over();
        const auto rows = stocks.where(col<&Stock::sector> == "fund" or col<&Stock::symbol> == "ACME")
                              .order_by(asc<&Stock::symbol>)
                              .select<Share>(col<&Stock::symbol>, share.as<"share">())
                              .all();
        //>
        return show(rows);
    });

    recipe("Share of the total, by group", "The window looks at the groups' rows, so it sums the sums.", [&] {
        //<
        struct Share {
            std::string symbol{};
            double share{};
        };
        const auto volume = sum(col<&Candle::volume>);
        const auto rows =
            candles.query()
                .group_by(col<&Candle::symbol>)
                .order_by(asc<&Candle::symbol>)
                .select<Share>(col<&Candle::symbol>, (cast<double>(volume) / sum(volume).over()).as<"share">())
                .all();
        //>
        return show(rows);
    });

    recipe("The top 2 per group",
           "A window is computed behind `where`, so the condition on it needs a query around. `row_number` gives two "
           "and no "
           "more, by the tie-breaker at the end of its order; `rank` would give all that share a place.",
           [&] {
               //<
               struct Ranked {
                   std::string symbol{};
                   rowan::Timestamp start{};
                   std::int64_t volume{}, place{};
               };
               const auto place = row_number().over(partition_by(col<&Candle::symbol>),
                                                    order_by(desc<&Candle::volume>, asc<&Candle::start>));
               const auto rows =
                   rowan::with<Ranked>(from<Candle>().select<Ranked>(col<&Candle::symbol>, col<&Candle::start>,
                                                                     col<&Candle::volume>, place.as<"place">()))
                       .query(from<Ranked>(db)
                                  .where(col<&Ranked::place> <= 2)
                                  .order_by(asc<&Ranked::symbol>, asc<&Ranked::place>))
                       .all();
               //>
               return show(rows);
           });

    recipe("Places, with ties", "After two first places `rank` goes on with 3, `dense_rank` with 2.", [&] {
        //<
        const auto by_amount = order_by(desc<&Order::amount>);
        const auto rows = orders.order_by(desc<&Order::amount>, asc<&Order::id>)
                              .limit(5)
                              .select(col<&Order::id>, col<&Order::amount>, rowan::rank().over(by_amount),
                                      rowan::dense_rank().over(by_amount))
                              .all();
        //>
        return show(rows, {"id", "amount", "rank", "dense_rank"});
    });

    recipe("Median",
           "The middle row, or the mean of the two in the middle. Integers are divided by integers, so the fraction is "
           "cut off, "
           "as it must be here.",
           [&] {
               //<
               struct Placed {
                   std::string symbol{};
                   double price{};
                   std::int64_t place{}, last{};
               };
               const auto own = partition_by(col<&Order::symbol>);
               const auto placed = from<Order>().select<Placed>(
                   col<&Order::symbol>, col<&Order::price>,
                   row_number().over(own, order_by(asc<&Order::price>)).as<"place">(), count().over(own).as<"last">());
               const auto middle =
                   col<&Placed::place>.between((col<&Placed::last> + 1) / 2, (col<&Placed::last> + 2) / 2);
               const auto rows = rowan::with<Placed>(placed)
                                     .query(from<Placed>(db)
                                                .where(middle)
                                                .group_by(col<&Placed::symbol>)
                                                .order_by(asc<&Placed::symbol>)
                                                .select(col<&Placed::symbol>, avg(col<&Placed::price>)))
                                     .all();
               //>
               return show(rows, {"symbol", "median"});
           });

    recipe("First and last of a group",
           "The row that is first in one order and the one that is first in the other, then one row of both.", [&] {
               //<
               struct Ends {
                   std::string symbol{};
                   double close{};
                   std::int64_t from_begin{}, from_end{};
               };
               const auto own = partition_by(col<&Candle::symbol>);
               const auto ends =
                   from<Candle>().select<Ends>(col<&Candle::symbol>, col<&Candle::close>,
                                               row_number().over(own, order_by(asc<&Candle::start>)).as<"from_begin">(),
                                               row_number().over(own, order_by(desc<&Candle::start>)).as<"from_end">());
               const auto close = max(col<&Ends::close>);
               const auto rows = rowan::with<Ends>(ends)
                                     .query(from<Ends>(db)
                                                .group_by(col<&Ends::symbol>)
                                                .order_by(asc<&Ends::symbol>)
                                                .select(col<&Ends::symbol>, close.filter(col<&Ends::from_begin> == 1),
                                                        close.filter(col<&Ends::from_end> == 1)))
                                     .all();
               //>
               return show(rows, {"symbol", "first", "last"});
           });

    recipe("Moving average", "A frame says which rows are looked at: these are the row, and up to one on each side.",
           [&] {
               //<
               const auto near = rows_between(preceding<1>, following<1>);
               const auto rows = candles.where(col<&Candle::symbol> == "ACME")
                                     .order_by(asc<&Candle::start>)
                                     .select(col<&Candle::start>, col<&Candle::close>,
                                             avg(col<&Candle::close>).over(order_by(asc<&Candle::start>), near))
                                     .all();
               //>
               return show(rows, {"start", "close", "mean"});
           });

    recipe("From the first value to the last",
           "The frame is said, as one with an order otherwise ends with the row itself, and so does `last_value`.",
           [&] {
               //<
               const auto own = partition_by(col<&Candle::symbol>);
               const auto all = rows_between(unbounded_preceding, unbounded_following);
               const auto first = rowan::first_value(col<&Candle::close>).over(own, order_by(asc<&Candle::start>), all);
               const auto last = rowan::last_value(col<&Candle::close>).over(own, order_by(asc<&Candle::start>), all);
               const auto rows =
                   candles.order_by(asc<&Candle::symbol>).select(col<&Candle::symbol>, first, last).distinct().all();
               //>
               return show(rows, {"symbol", "first", "last"});
           });

    recipe("A default for the first row", "With a default `lag` is no `std::optional`. `lag<2>` looks two rows back.",
           [&] {
               //<
               const auto before = lag(col<&Candle::volume>, 0).over(order_by(asc<&Candle::start>));
               const auto rows = candles.where(col<&Candle::symbol> == "BOLT")
                                     .order_by(asc<&Candle::start>)
                                     .select(col<&Candle::start>, col<&Candle::volume> - before)
                                     .all();
               //>
               return show(rows, {"start", "change"});
           });

    recipe("What was largest until then",
           "The frame ends before the row itself, so the first row looks at none: the maximum is a `std::optional`.",
           [&] {
               //<
               const auto before =
                   max(col<&Candle::high>)
                       .over(order_by(asc<&Candle::start>), rows_between(unbounded_preceding, preceding<1>));
               const auto rows = candles.where(col<&Candle::symbol> == "ACME")
                                     .order_by(asc<&Candle::start>)
                                     .select(col<&Candle::start>, col<&Candle::high>, before)
                                     .all();
               //>
               return show(rows, {"start", "high", "high before"});
           });
}

}  // namespace cookbook
