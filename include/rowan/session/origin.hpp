#pragma once

#include <source_location>

namespace rowan::detail {

/// Where the statements that a thread runs come from.
struct Origin {
    std::source_location place{};
    int attempt = 1;
};

/// A thread's own, as `transaction(fn)` and all that `fn` does run in one thread, whatever connection they get.
inline thread_local constinit Origin origin{};

/// As long as it lives, the calling thread's statements come from `place`.
class OriginGuard {
public:
    explicit OriginGuard(std::source_location place) : before_{origin} { origin.place = place; }
    /// The same, in a run, counted from 1, of a transaction that may be tried again.
    OriginGuard(std::source_location place, int attempt) : before_{origin} { origin = {place, attempt}; }
    OriginGuard(const OriginGuard&) = delete;
    OriginGuard& operator=(const OriginGuard&) = delete;
    ~OriginGuard() { origin = before_; }

private:
    Origin before_;
};

}  // namespace rowan::detail
