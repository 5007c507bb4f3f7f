#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <support/subject.hpp>
#include <utility>
#include <vector>

namespace bench {

/// A pool as it is written by hand, and the best that we know: a mutex, a condition variable, and the idle connections.
/// It looks at nothing when a connection comes back. (One atomic number with a bit for each idle connection takes a
/// tenth of the time where there is one thread, and six times as long where there are more.)
template <class Handle>
class UsualPool {
public:
    /// `make()` opens a connection, whose `get()` is its handle.
    template <class Make>
    UsualPool(std::size_t size, Make make) {
        for (std::size_t i = 0; i != size; ++i) handles_.push_back(make());
        for (Handle& handle : handles_) idle_.push_back(&handle);
    }

    template <class Use>
    void borrow(Use use) {
        const Lease lease{*this};
        use(lease.handle->get());
    }

private:
    struct Lease {
        explicit Lease(UsualPool& from) : pool{from}, handle{from.take()} {}
        Lease(const Lease&) = delete;
        Lease& operator=(const Lease&) = delete;
        ~Lease() { pool.give_back(handle); }

        UsualPool& pool;
        Handle* handle;
    };

    Handle* take() {
        std::unique_lock lock{mutex_};
        if (!came_back_.wait_for(lock, std::chrono::seconds{30}, [this] { return !idle_.empty(); }))
            fail("no connection came back in 30 s");
        Handle* handle = idle_.back();
        idle_.pop_back();
        return handle;
    }
    void give_back(Handle* handle) {
        {
            const std::lock_guard lock{mutex_};
            idle_.push_back(handle);
        }
        came_back_.notify_one();
    }

    std::vector<Handle> handles_{};
    std::vector<Handle*> idle_{};
    std::mutex mutex_{};
    std::condition_variable came_back_{};
};

}  // namespace bench
