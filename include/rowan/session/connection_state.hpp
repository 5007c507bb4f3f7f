#pragma once

#include <cstdint>

namespace rowan {

/// How a connection is, as far as it can tell without asking the other end.
enum class ConnectionState : std::uint8_t {
    ready,
    busy,    ///< in the middle of something that was not read to its end
    broken,  ///< the other end is gone
};

}  // namespace rowan
