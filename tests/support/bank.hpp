#pragma once

#include <rowan/rowan.hpp>

#include <chrono>
#include <cstdint>
#include <utility>
#include <vector>

#include "fresh.hpp"

/// Accounts of a bank, for tests of transactions that are run again.
namespace bank {

struct Account {
    std::int64_t id{};
    std::int64_t cents{};
};

}  // namespace bank

template <>
inline constexpr auto rowan::table<bank::Account> = rowan::describe<bank::Account>("accounts");

namespace bank {

/// A database with two accounts of 100 each.
template <class Db>
struct Bank : Fresh<Db> {
    Bank() {
        auto accounts = rowan::repository<Account>(this->connection);
        rowan::must(accounts.create_table());
        rowan::must(accounts.insert(std::vector<Account>{{.id = 1, .cents = 100}, {.id = 2, .cents = 100}}));
    }
};

template <class Handle>
std::int64_t cents(Handle& handle, std::int64_t id) {
    return rowan::must(rowan::repository<Account>(handle).get(id)).cents;
}

template <class Handle>
rowan::Result<void> set_cents(Handle& handle, std::int64_t id, std::int64_t amount) {
    const auto assignment = rowan::set<& Account::cents> = amount;
    auto done = rowan::repository<Account>(handle).patch(id, assignment);
    if (!done) return rowan::Failure(std::move(done).error());
    return {};
}

/// Without waits worth mentioning.
inline constexpr rowan::retry quickly{.base = std::chrono::milliseconds{1}, .limit = std::chrono::milliseconds{2}};

/// Transactions that can be in each other's way.
template <class Db>
constexpr rowan::TransactionOptions racing() {
    rowan::TransactionOptions options{.isolation = rowan::Isolation::serializable};
    // Only a transaction that takes the write lock late can meet a stale snapshot.
    if (Db::is_sqlite) options.lock = rowan::Lock::deferred;
    return options;
}

/// An error as a database could give it.
inline rowan::Error made_error(rowan::Code code, bool retryable) {
    return rowan::Error{rowan::ErrorDetails{.category = rowan::Category::operational,
                                            .code = code,
                                            .retryable = retryable,
                                            .message = "made for the test"}};
}

}  // namespace bank
