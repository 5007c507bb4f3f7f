// Transactions inside transactions: each can be undone alone. On the database that DATABASE_URL names, or in memory.

#include <rowan/rowan.hpp>

#include <cstdlib>
#include <iostream>

struct Payment {
    std::int64_t id{};
    std::string reference{};
    std::int64_t cents{};
};

template <>
inline constexpr auto rowan::table<Payment> =
    rowan::describe<Payment>("payment").in("rowan_examples").unique<&Payment::reference>();

/// Works on a Database, and inside a transaction or savepoint alike.
template <class Db>
rowan::Result<void> pay(Db& db, const std::string& reference, std::int64_t cents) {
    auto stored = rowan::repository<Payment>(db).insert({.reference = reference, .cents = cents});
    if (!stored) return rowan::Failure(stored.error());
    return {};
}

int main() {
    const char* const url = std::getenv("DATABASE_URL");
    auto db = rowan::must(rowan::open(url != nullptr ? url : "sqlite::memory:"));
    rowan::Repository<Payment> payments{db};
    rowan::must(payments.drop_table());
    rowan::must(payments.create_table());

    // One bad payment does not take the others with it.
    auto day = db.transaction([](rowan::Transaction& tx) -> rowan::Result<int> {
        int refused = 0;
        for (const char* reference : {"rent", "coffee", "rent", "books"}) {
            auto paid = tx.savepoint([&](rowan::Transaction& inner) -> rowan::Result<void> {
                if (auto fee = pay(inner, std::string{"fee for "} + reference, 5); !fee) return fee;
                return pay(inner, reference, 1000);
            });
            if (paid) continue;
            std::cout << "undone: " << paid.error().message() << '\n';
            ++refused;
        }
        return refused;
    });
    std::cout << rowan::must(payments.count()) << " payments and fees, " << rowan::must(day) << " refused\n";

    // An error that leaves the outermost function undoes everything in it.
    auto failed = db.transaction([](rowan::Transaction& tx) -> rowan::Result<void> {
        if (auto paid = pay(tx, "garden", 300); !paid) return paid;
        return pay(tx, "rent", 1000);
    });
    std::cout << (failed ? "stored" : "all undone") << "; garden is "
              << (rowan::must(payments.find_by<&Payment::reference>("garden")) ? "there" : "not there") << '\n';

    // While a savepoint is open, the handles around it refuse: their work would be undone with it by accident.
    auto mixed = db.transaction([&](rowan::Transaction&) { return pay(db, "lamp", 20); });
    std::cout << mixed.error().to_string() << '\n';

    // Without a function: what is not committed is rolled back at the end of the scope.
    {
        rowan::Transaction tx = rowan::must(db.begin());
        rowan::must(pay(tx, "boat", 900'000));
    }
    std::cout << "still " << rowan::must(payments.count()) << " rows\n";
    rowan::must(payments.drop_table());
}
