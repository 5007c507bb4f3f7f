#include "cookbook.hpp"

namespace cookbook {

void Book::groups() {
    chapter("Groups and sums");

    recipe("Count, sum, average, least and most",
           "Of no row, all but the counts are NULL, so they are `std::optional`. `avg` is always a double.", [&] {
               //<
               const auto row = orders.where(col<&Order::side> == Side::buy)
                                    .select(count(), count_distinct(col<&Order::symbol>), sum(col<&Order::amount>),
                                            avg(col<&Order::price>), min(col<&Order::price>), max(col<&Order::placed>))
                                    .one();
               //>
               return show(row, {"orders", "symbols", "amount", "mean price", "least price", "last placed"});
           });

    recipe("A sum that is 0 for no rows", "A sum of no rows is NULL in SQL. With a default it is no `std::optional`.",
           [&] {
               //<
               const auto row =
                   orders.where(col<&Order::symbol> == "FIFT").select(coalesce(sum(col<&Order::amount>), 0)).one();
               //>
               return show(row, {"amount"});
           });

    recipe("A row for each group",
           "Inside a group there always is a row, so a sum is no `std::optional` unless its column is one.", [&] {
               //<
               struct Volume {
                   std::string symbol{};
                   std::int64_t candles{}, volume{};
                   double high{};
               };
               const auto rows =
                   candles.query()
                       .group_by(col<&Candle::symbol>)
                       .order_by(asc<&Candle::symbol>)
                       .select<Volume>(col<&Candle::symbol>, count().as<"candles">(),
                                       sum(col<&Candle::volume>).as<"volume">(), max(col<&Candle::high>).as<"high">())
                       .all();
               //>
               return show(rows);
           });

    recipe("Only large groups", "`where` chooses rows before they are grouped, `having` groups.", [&] {
        //<
        const auto rows = orders.where(col<&Order::filled>.is_not_null())
                              .group_by(col<&Order::symbol>)
                              .having(count() > 1)
                              .select(col<&Order::symbol>, count())
                              .all();
        //>
        return show(rows, {"symbol", "orders"});
    });

    recipe("Values that occur more than once", "Rows whose column is NULL make one group as well: leave them out.",
           [&] {
               //<
               const auto rows = customers.where(col<&Customer::city>.is_not_null())
                                     .group_by(col<&Customer::city>)
                                     .having(count() > 1)
                                     .select(col<&Customer::city>, count())
                                     .all();
               //>
               return show(rows, {"city", "customers"});
           });

    recipe("Sum only some rows",
           "`filter` belongs to one aggregate, `where` to all of them. Where no row is left a sum is NULL, a count 0.",
           [&] {
               //<
               struct Position {
                   std::string symbol{};
                   std::int64_t bought{}, sold{}, sales{};
               };
               const auto amount = sum(col<&Order::amount>);
               const auto bought = amount.filter(col<&Order::side> == Side::buy);
               const auto sold = amount.filter(col<&Order::side> == Side::sell);
               const auto rows = orders.query()
                                     .group_by(col<&Order::symbol>)
                                     .order_by(asc<&Order::symbol>)
                                     .select<Position>(col<&Order::symbol>, coalesce(bought, 0).as<"bought">(),
                                                       coalesce(sold, 0).as<"sold">(),
                                                       count().filter(col<&Order::side> == Side::sell).as<"sales">())
                                     .all();
               //>
               return show(rows);
           });

    recipe("Sum with a sign", "What the filled orders come to: bought minus sold.", [&] {
        //<
        const auto position =
            case_when(col<&Order::side> == Side::buy, col<&Order::amount>).otherwise(col<&Order::amount> * -1);
        const auto rows = orders.where(col<&Order::filled>.is_not_null())
                              .group_by(col<&Order::symbol>)
                              .order_by(asc<&Order::symbol>)
                              .select(col<&Order::symbol>, sum(position))
                              .all();
        //>
        return show(rows, {"symbol", "position"});
    });

    recipe("Rows by the hour",
           "Hours of UTC, whatever zone the session or the machine has. Hours without a row are missing.", [&] {
               //<
               struct Hour {
                   rowan::Timestamp hour{};
                   std::int64_t orders{};
               };
               const auto hour = truncate<Unit::hour>(col<&Order::placed>);
               const auto rows = orders.query()
                                     .group_by(hour)
                                     .order_by(hour.asc())
                                     .select<Hour>(hour.as<"hour">(), count().as<"orders">())
                                     .all();
               //>
               return show(rows);
           });

    recipe(
        "Candles of a day from those of an hour",
        "High and low are those of the hours. The day's close is the last one's: \"First and last of a group\" has it.",
        [&] {
            //<
            struct Day {
                std::string symbol{};
                rowan::Timestamp start{};
                double high{}, low{};
                std::int64_t volume{};
            };
            const auto day = truncate<Unit::day>(col<&Candle::start>);
            const auto rows =
                candles.query()
                    .group_by(col<&Candle::symbol>, day)
                    .order_by(asc<&Candle::symbol>, day.asc())
                    .select<Day>(col<&Candle::symbol>, day.as<"start">(), max(col<&Candle::high>).as<"high">(),
                                 min(col<&Candle::low>).as<"low">(), sum(col<&Candle::volume>).as<"volume">())
                    .all();
            //>
            return show(rows);
        });

    recipe("Those who have all of a list", "`count_distinct`, as one may have bought the same thing twice.", [&] {
        //<
        const std::vector<std::string> all{"ACME", "CLOU"};
        const auto rows = orders.where(col<&Order::symbol>.in(all))
                              .group_by(col<&Order::customer_id>)
                              .having(count_distinct(col<&Order::symbol>) == all.size())
                              .select(col<&Order::customer_id>)
                              .all();
        //>
        return show(rows, {"customer_id"});
    });
}

}  // namespace cookbook
