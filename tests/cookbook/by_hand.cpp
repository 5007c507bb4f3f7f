#include "cookbook.hpp"

namespace cookbook {

void Book::by_hand() {
    chapter("SQL by hand");

    recipe("SQL by hand into a struct",
           "Columns are found by the members' names, in any order. `$1` on both databases; the compiler counts the "
           "arguments. A "
           "missing column, or a NULL for a member that is no `std::optional`, is an error.",
           [&] {
               //<
               struct Mean {
                   std::string symbol{};
                   rowan::Timestamp start{};
                   double mean{};
               };
               const auto rows =
                   db.query<Mean>(rowan::sql<"SELECT symbol, start, avg(close) OVER (ORDER BY start ROWS 2 "
                                             "PRECEDING) AS mean FROM candles WHERE symbol = $1 ORDER BY start">,
                                  "ACME");
               //>
               return show(rows);
           });

    recipe("SQL by hand into a tuple, or one value", "In the order of the columns.", [&] {
        //<
        const auto rows = db.query<std::tuple<std::string, std::int64_t>>(
            rowan::sql<"SELECT sector, count(*) FROM stocks WHERE price > $1 GROUP BY sector ORDER BY sector">, 50.0);
        const auto count = db.query<std::int64_t>(rowan::sql<"SELECT count(*) FROM stocks WHERE sector <> $1">, "fund");
        //>
        rowan::must(count);
        return show(rows, {"sector", "stocks"});
    });

    recipe("Change by hand", "Gives the number of rows.", [&] {
        //<
        const auto changed =
            db.execute(rowan::sql<"UPDATE stocks SET name = name || $1 WHERE sector = $2">, " (fund)", "fund");
        //>
        return show(changed, {"changed"});
    });

    recipe("Statements without parameters",
           "Any number, separated by semicolons. The name of the type stands in the code for whoever reviews it: no "
           "text from "
           "outside may be pasted in.",
           [&] {
               //<
               const auto made = db.execute(rowan::unsafe_sql{"CREATE INDEX by_lower_name ON customers (lower(name))"});
               //>
               rowan::must(made);
               return Table{};
           });
}

}  // namespace cookbook
