#pragma once

#include <cstdint>

namespace rowan {

/// Why one value could not be written or read. One byte, so that the path of every value stays short; the
/// sentence with the column's name is made only when there is one to make.
enum class [[nodiscard]] Fault : std::uint8_t {
    none,
    null_value,
    type_mismatch,
    out_of_range,
    inexact,
    nul_byte,
    not_a_number,
    unknown_enumerator,
    invalid_value,
};

}  // namespace rowan
