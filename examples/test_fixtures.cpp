// What a program's own tests can use, whatever their framework: a fresh database for each test, and one whose changes
// are undone. On the server that DATABASE_URL names, or on an SQLite file.

#include <rowan/rowan.hpp>
#include <rowan/testing/fresh_database.hpp>
#include <rowan/testing/rolled_back.hpp>

#include <cstdlib>
#include <iostream>
#include <string>

struct Account {
    std::int64_t id{};
    std::string owner{};
    std::int64_t cents{};
};

template <>
inline constexpr auto rowan::table<Account> =
    rowan::describe<Account>("accounts").key<&Account::id>(rowan::generated).unique<&Account::owner>();

// The code under test. It knows nothing of tests, and begins and commits transactions as it likes.

rowan::Result<Account> open_account(rowan::Database& db, const std::string& owner) {
    return db.transaction(rowan::retry{}, [&](rowan::Transaction& tx) {
        return rowan::repository<Account>(tx).insert({.owner = owner, .cents = 100});
    });
}

rowan::Result<std::int64_t> count_accounts(rowan::Database& db) {
    return db.read_only([](rowan::ReadOnly& reader) { return rowan::repository<Account>(reader).count(); });
}

// The tests.

void check(bool holds, const char* what) {
    std::cout << (holds ? "good: " : "BAD: ") << what << '\n';
    if (!holds) std::exit(1);
}

void test_opening(rowan::Database& db) {
    check(rowan::must(count_accounts(db)) == 0, "each test finds the tables empty");
    rowan::must(open_account(db, "Ada"));
    const auto again = open_account(db, "Ada");
    check(!again && again.error().code() == rowan::Code::unique_violation, "nobody has two accounts");
    check(rowan::must(count_accounts(db)) == 1, "one account is there");
}

int main() {
    const char* const server = std::getenv("DATABASE_URL");

    // Once for all tests: an empty database, gone at the end, and its tables.
    const auto fresh = rowan::must(rowan::testing::FreshDatabase::make(server != nullptr ? server : "sqlite:"));
    auto setup = rowan::must(rowan::open(fresh.url()));
    rowan::must(rowan::Repository<Account>{setup}.create_table());

    // Once for each test: whatever it commits is undone behind it.
    for (int run = 0; run != 2; ++run) {
        rowan::testing::RolledBack<rowan::Database> db{fresh.url()};
        test_opening(*db);
    }
    check(rowan::must(count_accounts(setup)) == 0, "nothing is stored");
}
