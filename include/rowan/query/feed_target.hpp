#pragma once

#include <cstdint>

namespace rowan::detail {

/// What the statement of a feed writes to.
enum class FeedTarget : std::uint8_t {
    table,     ///< all rows are stored, or none, by the one statement
    watched,   ///< a trigger or a conflict clause of the table may end the statement and keep the rows before
    ignoring,  ///< one may also leave out a row, so that what became of a row is known of one at a time
    view,      ///< what a trigger stores in its place is not counted
};

/// What is known of the target of a statement as it was compiled: program 0 is none. When the schema changes, the
/// statement is compiled anew, to another program.
struct FeedProgram {
    int number = 0;
    FeedTarget target = FeedTarget::ignoring;
};

}  // namespace rowan::detail
