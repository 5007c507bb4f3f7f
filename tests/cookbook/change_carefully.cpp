#include "cookbook.hpp"

namespace cookbook {

void Book::change_carefully() {
    chapter("Among other writers");

    recipe("All or nothing",
           "An error that the function gives undoes all it did, and so does an exception. While it runs only `tx` may "
           "be used; a "
           "transaction inside is a savepoint.",
           [&] {
               // clang-format off
               //<
               const auto moved = db.transaction([](auto& tx) -> rowan::Result<void> {
                   auto mine = rowan::repository<Order>(tx);
                   auto taken = mine.patch(1, set<&Order::amount> = col<&Order::amount> - 4);
                   if (!taken) return rowan::Failure(taken.error());
                   auto given = mine.patch(77, set<&Order::amount> = col<&Order::amount> + 4);  // there is none
                   if (!given) return rowan::Failure(given.error());
                   return {};
               });
               //>
               // clang-format on
               stop_recording();
               if (moved) throw std::logic_error{"there is an order 77"};
               return show(orders.where(col<&Order::id> == 1).select(col<&Order::id>, col<&Order::amount>).all(),
                           {"id", "amount"});
           });

    recipe("Change it only if nobody else did",
           "The condition says what the program has read. 0 rows: somebody was faster, so read again.", [&] {
               // clang-format off
               //<
               const Stock seen{.symbol = "ACME", .name = "Acme Corp", .sector = "industry", .price = 120};
               const auto same = col<&Stock::symbol> == seen.symbol and col<&Stock::price> == seen.price;
               const auto changed = stocks.where(same).update(set<&Stock::price> = seen.price + 1);
               //>
               // clang-format on
               return show(changed, {"changed"});
           });

#if ROWAN_HAS_POSTGRES
    recipe_for_postgres(
        "Queue: take one job and lock it (PostgreSQL)",
        "Each worker gets another job; one that dies gives its job back. SQLite has no row locks: there a transaction "
        "that "
        "writes has the whole database, and `for_update` does not compile. So this asks for the PostgreSQL connection.",
        [&] {
            //<
            auto lease = rowan::must(db.acquire());
            auto& postgres = *lease->get_if<rowan::postgres::Connection>();
            const auto row = postgres.transaction([](auto& tx) -> rowan::Result<std::optional<Order>> {
                auto jobs = rowan::repository<Order>(tx);
                auto job = jobs.where(col<&Order::filled>.is_null())
                               .order_by(asc<&Order::placed>)
                               .for_update()
                               .skip_locked()
                               .first();
                if (!job || !*job) return job;
                (*job)->filled = (*job)->placed + 1min;
                auto stored = jobs.update(**job);
                if (!stored) return rowan::Failure(stored.error());
                return job;
            });
            //>
            return show(row);
        });
#endif

    recipe("Move rows to another table", "What was deleted is inserted, in one transaction.", [&] {
        //<
        struct OldOrder {
            std::int64_t id{};
            std::string symbol{};
        };
        const auto moved = db.transaction([](auto& tx) -> rowan::Result<std::size_t> {
            auto archive = rowan::repository<OldOrder>(tx);
            if (auto made = archive.create_table(); !made) return rowan::Failure(made.error());
            auto old = rowan::repository<Order>(tx).where(col<&Order::placed> < march_1 + 10h).erase_returning();
            if (!old) return rowan::Failure(old.error());
            std::vector<OldOrder> copies;
            for (const Order& order : *old) copies.push_back({order.id, order.symbol});
            return archive.insert(copies);
        });
        //>
        stop_recording();
        rowan::must(moved);
        return show(from<OldOrder>(db).order_by(asc<&OldOrder::id>).all());
    });
}

}  // namespace cookbook
