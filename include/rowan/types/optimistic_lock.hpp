#pragma once

#include <rowan/reflect/describe_struct.hpp>
#include <rowan/types/row_times.hpp>
#include <rowan/types/version.hpp>

namespace rowan {

/// Version and time of the last change as a base, for structs that are described:
///
///     struct Order : rowan::OptimisticLock { std::int64_t id{}; std::string symbol{}; };
///     BOOST_DESCRIBE_STRUCT(Order, (rowan::OptimisticLock), (id, symbol))
///
/// Plain aggregates have members of type Version and UpdatedAt instead, with the same meaning.
struct OptimisticLock {
    Version version{};
    UpdatedAt updated_at{};

    friend bool operator==(const OptimisticLock&, const OptimisticLock&) = default;
};
BOOST_DESCRIBE_STRUCT(OptimisticLock, (), (version, updated_at))

}  // namespace rowan
