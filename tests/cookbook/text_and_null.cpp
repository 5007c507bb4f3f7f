#include "cookbook.hpp"

namespace cookbook {

void Book::text_and_null() {
    chapter("Text and NULL");

    recipe(
        "Case-insensitive search",
        "`ilike` takes LIKE's pattern. SQLite takes only ASCII letters for alike, PostgreSQL all that the database's "
        "locale knows.",
        [&] {
            //<
            const auto rows = customers.where(col<&Customer::name>.ilike("ada%")).order_by(asc<&Customer::id>).all();
            //>
            return show(rows);
        });

    recipe("Equal but for capitals",
           "An index on the column does not help here; one on `lower(name)` would, and is made by hand.", [&] {
               //<
               const auto rows = customers.where(lower(col<&Customer::name>) == "ada").all();
               //>
               return show(rows);
           });

    recipe("Search for text with a % in it",
           "In `contains`, `starts_with` and `ends_with` every character means itself, so text from a user needs no "
           "escaping. "
           "Capitals are told apart.",
           [&] {
               //<
               const auto rows = stocks.where(col<&Stock::name>.contains("0%")).all();
               //>
               return show(rows);
           });

    recipe("Text that starts with",
           "No index helps SQLite here. A range can use one: `name >= \"Bo\" and name < \"Bp\"`, on PostgreSQL where "
           "the collation is `C`.",
           [&] {
               //<
               const auto rows = stocks.where(col<&Stock::name>.starts_with("Bo")).all();
               //>
               return show(rows);
           });

    recipe("Text that matches a pattern",
           "`%` stands for any text, `_` for any character, and a backslash takes the next one literally. Capitals are "
           "told "
           "apart on both databases; on SQLite the pattern is translated for GLOB.",
           [&] {
               //<
               const auto rows = stocks.where(col<&Stock::name>.like("50\\_%d")).all();
               //>
               return show(rows);
           });

    recipe("Rows without a value",
           "`is_null()` of a member that is no `std::optional` does not compile, and neither does `== std::nullopt`, "
           "which "
           "would never be true.",
           [&] {
               //<
               const auto rows = orders.where(col<&Order::filled>.is_null()).order_by(asc<&Order::id>).all();
               //>
               return show(rows);
           });

    recipe("Compare with a value that may be missing",
           "NULL as a value like any other: finds the customers without a city if `city` has none. With `==` no row "
           "would be "
           "found, so it does not compile.",
           [&] {
               //<
               const std::optional<std::string> city;
               const auto rows = customers.where(col<&Customer::city>.is_not_distinct_from(city)).all();
               //>
               return show(rows);
           });

    recipe("Everybody but those in Berlin",
           "`!= \"Berlin\"` would leave out Cleo as well, whose city is not known: a comparison with NULL is not true.",
           [&] {
               //<
               const auto rows = customers.where(col<&Customer::city>.is_distinct_from("Berlin"))
                                     .order_by(asc<&Customer::id>)
                                     .select(col<&Customer::name>, col<&Customer::city>)
                                     .all();
               //>
               return show(rows, {"name", "city"});
           });

    recipe("A default for NULL", "The result is no `std::optional`, as the default is none.", [&] {
        //<
        const auto rows = stocks.order_by(asc<&Stock::symbol>)
                              .select(col<&Stock::symbol>, coalesce(col<&Stock::dividend>, 0.0))
                              .all();
        //>
        return show(rows, {"symbol", "dividend"});
    });

    recipe("Texts in one", "NULL if one of them is, so `coalesce` what may be missing. `+` is for numbers only.", [&] {
        //<
        const auto where = concat(col<&Customer::name>, " (", coalesce(col<&Customer::city>, "?"), ")");
        const auto rows = customers.order_by(asc<&Customer::id>).select(where).all();
        //>
        return show(rows, {"customer"});
    });

    recipe("A part of a text",
           "Characters are counted from 1, in UTF-8 and not in bytes. What lies outside the text is left out.", [&] {
               //<
               const auto rows = stocks.where(length(col<&Stock::name>) > 9)
                                     .order_by(asc<&Stock::symbol>)
                                     .select(substr(col<&Stock::name>, 1, 6), length(col<&Stock::name>))
                                     .all();
               //>
               return show(rows, {"beginning", "length"});
           });

    recipe("Text without spaces around it", "`ltrim` and `rtrim` take them from one end.", [&] {
        // clang-format off
        //<
        const auto tidy = rowan::must(customers.where(trim(col<&Customer::name>) != col<&Customer::name>)
                                          .update(set<&Customer::name> = trim(col<&Customer::name>)));
        //>
        // clang-format on
        return show(tidy, {"tidied"});
    });

    recipe("NULL for a value that means nothing", "The opposite of `coalesce`: `avg` leaves NULLs out.", [&] {
        //<
        const auto row = stocks.query().select(avg(nullif(coalesce(col<&Stock::dividend>, 0.0), 0.0))).one();
        //>
        return show(row, {"mean dividend of those that pay one"});
    });

    recipe("The larger of two", "`greatest` and `least` are NULL if one of their operands is, on both databases.", [&] {
        //<
        const auto rows = orders.where(col<&Order::symbol> == "ACME")
                              .order_by(asc<&Order::id>)
                              .select(col<&Order::id>, greatest(col<&Order::placed>, col<&Order::filled>),
                                      least(col<&Order::amount>, 8))
                              .all();
        //>
        return show(rows, {"id", "last change", "at most 8"});
    });
}

}  // namespace cookbook
