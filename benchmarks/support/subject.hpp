#pragma once

#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>

namespace bench {

/// One competitor at one workload, with a database of its own.
class Subject {
public:
    Subject() = default;
    Subject(const Subject&) = delete;
    Subject& operator=(const Subject&) = delete;
    virtual ~Subject() = default;

    /// Brings the database to where it is before the work. Not timed.
    virtual void prepare() {}
    /// What is timed. The sum must be the same each time, and for each competitor.
    virtual std::uint64_t work() = 0;
    /// Prepares, works, and looks at each value that was read or stored: the same for each competitor.
    virtual std::uint64_t check() = 0;
    /// Further figures of the work since the last call, such as percentiles in nanoseconds.
    virtual std::map<std::string, double> figures() { return {}; }
};

[[noreturn]] inline void fail(const std::string& message) { throw std::runtime_error{message}; }

}  // namespace bench
