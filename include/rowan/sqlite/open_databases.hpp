#pragma once

#include <rowan/core/atomic.hpp>
#include <rowan/session/fork.hpp>

#include <utility>

namespace rowan::sqlite {

/// Counts the databases that are open in this process. SQLite knows its own locks by a list in memory, which fork()
/// copies and the locks not: a child that opens the same file believes itself protected by locks that it does not have,
/// or shut out by some that nobody holds. https://www.sqlite.org/howtocorrupt.html (2.6)
class OpenDatabases {
public:
    /// False in a child whose parent had databases open.
    [[nodiscard]] static bool may_open() noexcept {
        const unsigned process = rowan::detail::process_generation();
        if (count_.load() == 0) opener_.store(process);
        return opener_.load() == process;
    }

    /// One of them, until it goes.
    class Mark {
    public:
        explicit Mark(bool counts) noexcept : counts_{counts} {
            if (counts_) count_.add(1);
        }
        Mark(Mark&& other) noexcept : process_{other.process_}, counts_{std::exchange(other.counts_, false)} {}
        Mark& operator=(Mark&& other) noexcept {
            std::swap(process_, other.process_);
            std::swap(counts_, other.counts_);
            return *this;
        }
        ~Mark() {
            if (counts_ && !is_inherited()) count_.add(-1);
        }

        /// Was it opened by a parent of this process?
        [[nodiscard]] bool is_inherited() const noexcept { return process_ != rowan::detail::process_generation(); }

    private:
        unsigned process_ = rowan::detail::process_generation();
        bool counts_;
    };

private:
    static inline rowan::detail::Atomic<int> count_{0};
    static inline rowan::detail::Atomic<unsigned> opener_{0};
};

}  // namespace rowan::sqlite
