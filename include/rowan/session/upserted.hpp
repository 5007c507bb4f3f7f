#pragma once

#include <cstddef>
#include <cstdint>

namespace rowan {

/// What an upsert did to its row.
enum class Upserted : std::uint8_t { inserted, updated, unchanged };

/// What an upsert of a range did.
struct UpsertCounts {
    std::size_t inserted = 0;
    std::size_t updated = 0;
    std::size_t unchanged = 0;

    friend bool operator==(const UpsertCounts&, const UpsertCounts&) = default;
};

}  // namespace rowan
