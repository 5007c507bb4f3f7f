// Threads that move money between the same accounts: a transfer that is in another one's way is run again. On the
// database that DATABASE_URL names, or in a file.

#include <rowan/rowan.hpp>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <thread>
#include <vector>

struct Account {
    std::int64_t id{};
    std::int64_t cents{};
};

template <>
inline constexpr auto rowan::table<Account> = rowan::describe<Account>("account").in("rowan_examples");

/// Counts the runs that were in vain.
class Retries : public rowan::Observer {
public:
    void on_retry(const rowan::RetryEvent&) noexcept override { ++count; }
    std::atomic<int> count{0};
};

/// Reads, decides and writes as if nobody else was there. The function does nothing outside of the database, as it may
/// be called several times.
rowan::Result<void> transfer(rowan::Database& db, std::int64_t from, std::int64_t to, std::int64_t cents) {
    return db.transaction(rowan::retry{.attempts = 100}, {.isolation = rowan::Isolation::serializable},
                          [&](rowan::Transaction& tx) -> rowan::Result<void> {
                              auto accounts = rowan::repository<Account>(tx);
                              auto source = accounts.get(from);
                              if (!source) return rowan::Failure(source.error());
                              auto target = accounts.get(to);
                              if (!target) return rowan::Failure(target.error());
                              // An error of the program's own is not tried again.
                              if (source->cents < cents)
                                  return rowan::Failure(rowan::Error{rowan::Category::state, rowan::Code::invalid_value,
                                                                     "there is not enough money"});
                              source->cents -= cents;
                              target->cents += cents;
                              if (auto done = accounts.update(*source); !done) return rowan::Failure(done.error());
                              if (auto done = accounts.update(*target); !done) return rowan::Failure(done.error());
                              return {};
                          });
}

/// All accounts at one moment, without keeping a transfer waiting. What a `ReadOnly` lends cannot write.
rowan::Result<std::int64_t> total(rowan::Database& db) {
    return db.read_only({.isolation = rowan::Isolation::repeatable_read},
                        [](rowan::ReadOnly& reader) -> rowan::Result<std::int64_t> {
                            auto accounts = rowan::repository<Account>(reader).all();
                            if (!accounts) return rowan::Failure(accounts.error());
                            std::int64_t sum = 0;
                            for (const Account& account : *accounts) sum += account.cents;
                            return sum;
                        });
}

int main() {
    const char* const url = std::getenv("DATABASE_URL");
    auto db = rowan::must(rowan::open(url != nullptr ? url : "sqlite:retry.db"));
    const auto retries = std::make_shared<Retries>();
    db.observe(retries);
    rowan::Repository<Account> accounts{db};
    rowan::must(accounts.drop_table());
    rowan::must(accounts.create_table());
    for (int id = 1; id <= 3; ++id) rowan::must(accounts.insert({.id = id, .cents = 10'000}));

    constexpr int transfers = 50;
    std::atomic<int> refused{0};
    std::vector<std::thread> threads;
    for (int thread = 0; thread != 4; ++thread)
        threads.emplace_back([&db, &refused, thread] {
            for (int i = 0; i != transfers; ++i) {
                const std::int64_t from = (thread + i) % 3 + 1;
                if (auto moved = transfer(db, from, from % 3 + 1, 100 + i); !moved) {
                    std::cerr << moved.error().to_string() << '\n';
                    ++refused;
                }
            }
        });
    for (int i = 0; i != 10; ++i)
        if (rowan::must(total(db)) != 30'000) return EXIT_FAILURE;
    for (std::thread& thread : threads) thread.join();

    std::cout << 4 * transfers - refused << " transfers, " << retries->count << " runs in vain, "
              << rowan::must(total(db)) << " cents as before\n";
    auto too_much = transfer(db, 1, 2, 1'000'000);
    std::cout << too_much.error().message() << "; " << too_much.error().attempts() << " attempt\n";

    // A bound on the whole: what takes longer is stopped and rolled back.
    auto late = db.transaction({.timeout = std::chrono::milliseconds{20}}, [](rowan::Transaction& tx) {
        std::this_thread::sleep_for(std::chrono::milliseconds{30});
        return rowan::repository<Account>(tx).erase(1);
    });
    std::cout << late.error().to_string() << '\n';
    rowan::must(accounts.drop_table());
    return refused == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
