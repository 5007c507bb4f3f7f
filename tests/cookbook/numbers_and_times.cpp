#include "cookbook.hpp"

namespace cookbook {

void Book::numbers_and_times() {
    chapter("Numbers and times");

    recipe("Round to cents",
           "A half goes away from 0, and both databases calculate alike, in doubles. PostgreSQL's own `round` would "
           "take a "
           "half to the next even number.",
           [&] {
               //<
               const auto rows = stocks.order_by(asc<&Stock::symbol>)
                                     .select(col<&Stock::symbol>, rowan::round<2>(col<&Stock::price> / 7))
                                     .all();
               //>
               return show(rows, {"symbol", "price"});
           });

    recipe("Without a sign, and with the other one", "Of integers both are `std::int64_t`, of others `double`.", [&] {
        //<
        const auto away = rowan::abs(col<&Stock::price> - 100);
        const auto rows = stocks.where(away < 25).order_by(away.asc()).select(col<&Stock::symbol>, away, -away).all();
        //>
        return show(rows, {"symbol", "away from 100", "negative"});
    });

    recipe("Every second row", "`%` is the rest of a division, with the sign of the left side.", [&] {
        //<
        const auto rows = orders.where(col<&Order::id> % 2 == 0)
                              .order_by(asc<&Order::id>)
                              .select(col<&Order::id>, col<&Order::symbol>)
                              .all();
        //>
        return show(rows, {"id", "symbol"});
    });

    recipe("How long it took", "Two timestamps make a number of microseconds.", [&] {
        //<
        const auto rows = orders.where(col<&Order::filled>.is_not_null())
                              .order_by(asc<&Order::id>)
                              .select(col<&Order::id>, (col<&Order::filled> - col<&Order::placed>) / 60'000'000)
                              .all();
        //>
        return show(rows, {"id", "minutes"});
    });

    recipe("Within ten minutes", "A duration of `std::chrono` is added to a timestamp, and bound as a value.", [&] {
        //<
        const auto rows = orders.where(col<&Order::filled> <= col<&Order::placed> + 10min)
                              .order_by(asc<&Order::id>)
                              .select(col<&Order::id>, col<&Order::placed>, col<&Order::filled>)
                              .all();
        //>
        return show(rows, {"id", "placed", "filled"});
    });

    recipe("Since an hour before", "A point in time of the program is a value as well.", [&] {
        //<
        const rowan::Timestamp now = march_1 + 10h + 30min;
        const auto age = (now - col<&Order::placed>) / 60'000'000;
        const auto rows = orders.where(col<&Order::placed>.between(now - 1h, now))
                              .order_by(asc<&Order::id>)
                              .select(col<&Order::id>, age)
                              .all();
        //>
        return show(rows, {"id", "minutes ago"});
    });

    recipe("Rows by the week", "Weeks begin on Mondays, of UTC.", [&] {
        //<
        const auto week = truncate<Unit::week>(col<&Candle::start>);
        const auto rows =
            candles.query().group_by(week).order_by(week.asc()).select(week, sum(col<&Candle::volume>)).all();
        //>
        return show(rows, {"week", "volume"});
    });
}

}  // namespace cookbook
