#pragma once

#include <barrier>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <numeric>
#include <thread>
#include <utility>
#include <vector>

namespace bench {

/// Threads that are there before the work and stay after it, so that their making is not part of it. A crew of one is
/// the caller.
class Crew {
public:
    explicit Crew(std::size_t size)
        : sums_(size), begin_{static_cast<std::ptrdiff_t>(size) + 1}, end_{static_cast<std::ptrdiff_t>(size) + 1} {
        if (size == 1) return;
        for (std::size_t i = 0; i != size; ++i) threads_.emplace_back([this, i] { serve(i); });
    }
    Crew(const Crew&) = delete;
    Crew& operator=(const Crew&) = delete;
    ~Crew() {
        if (threads_.empty()) return;
        work_ = nullptr;
        begin_.arrive_and_wait();
        for (std::thread& thread : threads_) thread.join();
    }

    /// Calls `work` in each thread at the same time, and adds up what it gives.
    std::uint64_t run(std::function<std::uint64_t()> work) {
        if (threads_.empty()) return work();
        work_ = std::move(work);
        begin_.arrive_and_wait();
        end_.arrive_and_wait();
        if (problem_) std::rethrow_exception(std::exchange(problem_, nullptr));
        return std::accumulate(sums_.begin(), sums_.end(), std::uint64_t{0});
    }

private:
    void serve(std::size_t place) {
        while (true) {
            begin_.arrive_and_wait();
            if (!work_) return;
            try {
                sums_[place] = work_();
            } catch (...) {
                const std::lock_guard lock{mutex_};
                problem_ = std::current_exception();
            }
            end_.arrive_and_wait();
        }
    }

    std::function<std::uint64_t()> work_{};
    std::vector<std::uint64_t> sums_;
    std::barrier<> begin_, end_;
    std::mutex mutex_{};
    std::exception_ptr problem_{};
    std::vector<std::thread> threads_{};
};

}  // namespace bench
