#include "cookbook.hpp"

namespace cookbook {

void Book::trees_and_ctes() {
    chapter("Trees and queries with names");

    recipe("Walk a tree",
           "All that were invited by Bob, and by those, and so on. A ring never ends: add a condition on `depth` where "
           "there may be "
           "one.",
           [&] {
               //<
               struct Guest {
                   std::int64_t id{};
                   std::string name{};
                   std::int64_t depth{};
               };
               const auto first =
                   from<Customer>()
                       .where(col<&Customer::name> == "Bob")
                       .select<Guest>(col<&Customer::id>, col<&Customer::name>, (col<&Customer::id> * 0).as<"depth">());
               const auto next =
                   from<Guest>()
                       .join<Customer>(col<&Customer::invited_by> == col<&Guest::id>)
                       .select<Guest>(col<&Customer::id>, col<&Customer::name>, (col<&Guest::depth> + 1).as<"depth">());
               const auto rows = rowan::with_recursive<Guest>(first, next)
                                     .query(from<Guest>(db).order_by(asc<&Guest::depth>, asc<&Guest::id>))
                                     .all();
               //>
               return show(rows);
           });

    recipe("The way up a tree", "From Eve to the one who was invited by nobody.", [&] {
        //<
        struct Host {
            std::int64_t id{};
            std::string name{};
            std::optional<std::int64_t> invited_by{};
        };
        const auto self = from<Customer>()
                              .where(col<&Customer::name> == "Eve")
                              .select<Host>(col<&Customer::id>, col<&Customer::name>, col<&Customer::invited_by>);
        const auto above = from<Host>()
                               .join<Customer>(col<&Customer::id> == col<&Host::invited_by>)
                               .select<Host>(col<&Customer::id>, col<&Customer::name>, col<&Customer::invited_by>);
        const auto rows = rowan::with_recursive<Host>(self, above).query(from<Host>(db)).all();
        //>
        return show(rows);
    });

    recipe("Sums beside whole rows",
           "The groups are made first, under a name, and joined. Joining first and grouping then would need every "
           "column of "
           "the customer in `group_by`.",
           [&] {
               //<
               struct Spent {
                   std::int64_t customer_id{};
                   double spent{};
               };
               const auto spent = from<Order>()
                                      .where(col<&Order::side> == Side::buy)
                                      .group_by(col<&Order::customer_id>)
                                      .select<Spent>(col<&Order::customer_id>,
                                                     sum(col<&Order::amount> * col<&Order::price>).as<"spent">());
               const auto rows = rowan::with<Spent>(spent)
                                     .query(from<Customer>(db)
                                                .join<Spent>(col<&Spent::customer_id> == col<&Customer::id>)
                                                .order_by(desc<&Spent::spent>)
                                                .select(col<&Customer::name>, col<&Customer::city>, col<&Spent::spent>))
                                     .all();
               //>
               return show(rows, {"name", "city", "spent"});
           });

    recipe("Count by classes of your own",
           "PostgreSQL does not see that two expressions with parameters are the same, so grouping by a `case_when` "
           "asks for a "
           "query with a name: there the class is a column.",
           [&] {
               //<
               struct Sized {
                   std::string size{};
               };
               const auto size = case_when(col<&Order::amount> >= 10, "large")
                                     .when(col<&Order::amount> >= 5, "middle")
                                     .otherwise("small");
               const auto rows = rowan::with<Sized>(from<Order>().select<Sized>(size.as<"size">()))
                                     .query(from<Sized>(db)
                                                .group_by(col<&Sized::size>)
                                                .order_by(asc<&Sized::size>)
                                                .select(col<&Sized::size>, count()))
                                     .all();
               //>
               return show(rows, {"size", "orders"});
           });

    recipe(
        "Either, both, or only one",
        "`union_` gives each row once, `intersect` those that both have, `except` those that the second one lacks. The "
        "whole is ordered by what it selects: here by the first column.",
        [&] {
            //<
            const auto bought = from<Order>(db).where(col<&Order::side> == Side::buy).select(col<&Order::symbol>);
            const auto sold = from<Order>(db).where(col<&Order::side> == Side::sell).select(col<&Order::symbol>);
            const auto either = bought.union_(sold).order_by(selected<1>.asc()).all();
            const auto both = bought.intersect(sold).order_by(asc<&Order::symbol>).all();
            const auto never_sold = bought.except(sold).order_by(asc<&Order::symbol>).limit(2).all();
            //>
            Table table{.header = {"query", "symbol"}};
            const auto add = [&](const char* query, const auto& rows) {
                for (const auto& [symbol] : rowan::must(rows)) table.rows.push_back({query, symbol});
            };
            add("either", either);
            add("both", both);
            add("never_sold", never_sold);
            return table;
        });

    recipe("A union in order", "A union with a name is sorted like a table.", [&] {
        //<
        struct Entry {
            std::string name{};
        };
        const auto people =
            from<Customer>().where(col<&Customer::city> == "Berlin").select<Entry>(col<&Customer::name>);
        const auto papers = from<Stock>().where(col<&Stock::sector> == "fund").select<Entry>(col<&Stock::name>);
        const auto rows = rowan::with<Entry>(people.union_all(papers))
                              .query(from<Entry>(db).order_by(lower(col<&Entry::name>).asc()))
                              .all();
        //>
        return show(rows);
    });
}

}  // namespace cookbook
