#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <support/subject.hpp>
#include <utility>
#include <vector>

namespace bench {

/// What is compared within: the same work, on the same database, with the same number of rows.
struct Group {
    std::string database, workload;
    std::size_t rows = 0;
    /// What the figures are divided by: mostly the rows.
    std::size_t units = 1;

    bool operator==(const Group&) const = default;
};

struct Settings {
    enum class Mode {
        /// In rounds: each competitor once in each of them, in an order of its own.
        time,
        /// Each once, under the counting library.
        allocations,
        /// Each once, under callgrind.
        instructions,
        /// Each once, to see that all do the same work.
        check,
    };
    Mode mode = Mode::time;
    /// At most.
    int rounds = 14;
    /// Of the orders, in which competitors are set up and take their turns.
    unsigned seed = 1;
    /// Only groups whose "database, workload, rows" contains this.
    std::string filter;
    std::string output;
};

/// All that is to be measured.
class Suite {
public:
    using Make = std::function<std::unique_ptr<Subject>()>;

    /// Groups are run in the order in which they are first named, those of the same work together. Figures are told per
    /// unit of the group.
    void add(const Group& group, std::string competitor, Make make);

    /// Runs all groups that fit the filter, and writes the figures as JSON, those of time in the order of the rounds:
    /// figures of competitors at the same place are of the same round. False if there are none. Throws where two
    /// competitors did not do the same work.
    bool run(const Settings& settings);

private:
    struct Entry {
        std::string competitor;
        Make make;
    };
    struct Contest {
        Group group;
        std::vector<Entry> entries;
    };
    std::vector<Contest> contests_;
};

}  // namespace bench
