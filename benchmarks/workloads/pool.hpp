#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <support/crew.hpp>
#include <support/subject.hpp>
#include <support/suite.hpp>
#include <thread>
#include <vector>

namespace bench {

/// Connections of a pool: fewer than the most threads that come for them, so that waiting is measured, too.
inline constexpr std::size_t pool_size = 8;

/// How many come for a connection at once, and how often one is taken and given back by all of them together.
struct Checkouts {
    std::vector<std::size_t> threads, contending;
    std::size_t count = 0, contended = 0;
};

enum class Holding {
    /// It goes back at once, mostly before anybody else has come.
    not_at_all,
    /// The holder lets others run, as it would while its database works; they come, and wait.
    for_a_while,
};

/// Threads that each take a connection and give it back, over and over. `Pool::borrow(use)` takes one, calls
/// `use(handle)`, and gives it back.
template <class Pool, Holding holding>
class PoolCheckout : public Subject {
public:
    template <class Place>
    PoolCheckout(const Place& place, std::size_t threads, std::size_t count)
        : pool_{place}, each_{count / threads}, crew_{threads} {}

    std::uint64_t work() override {
        return crew_.run([this] {
            std::uint64_t done = 0;
            for (std::size_t i = 0; i != each_; ++i)
                pool_.borrow([&](const void* handle) {
                    done += handle != nullptr ? 1 : 0;
                    if constexpr (holding == Holding::for_a_while) std::this_thread::yield();
                });
            return done;
        });
    }

    /// That nobody gets what another one has, and that there are no more than there are to be.
    std::uint64_t check() override {
        std::mutex mutex;
        std::set<const void*> lent, seen;
        const std::uint64_t done = crew_.run([&] {
            std::uint64_t count = 0;
            for (std::size_t i = 0; i != each_; ++i)
                pool_.borrow([&](const void* handle) {
                    {
                        const std::lock_guard lock{mutex};
                        if (!lent.insert(handle).second) fail("two have the same connection at once");
                        seen.insert(handle);
                        ++count;
                    }
                    std::this_thread::yield();
                    const std::lock_guard lock{mutex};
                    lent.erase(handle);
                });
            return count;
        });
        if (seen.size() > pool_size) fail("more connections than the pool is to have");
        return done;
    }

private:
    Pool pool_;
    std::size_t each_;
    Crew crew_;
};

template <class Pool, class Place>
void enter_pool(Suite& suite, const std::string& database, const std::string& competitor, const Place& place,
                const Checkouts& checkouts) {
    const auto add = [&]<class Work>(const char* workload, std::size_t threads, std::size_t count, Work*) {
        suite.add({database, workload, threads, count}, competitor,
                  [=] { return std::make_unique<Work>(place, threads, count); });
    };
    using AtOnce = PoolCheckout<Pool, Holding::not_at_all>;
    using Contended = PoolCheckout<Pool, Holding::for_a_while>;
    for (const std::size_t threads : checkouts.threads)
        add("pool checkout, threads", threads, checkouts.count, static_cast<AtOnce*>(nullptr));
    for (const std::size_t threads : checkouts.contending)
        add("pool checkout, contended, threads", threads, checkouts.contended, static_cast<Contended*>(nullptr));
}

}  // namespace bench
