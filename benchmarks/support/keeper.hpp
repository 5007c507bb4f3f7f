#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <support/candle.hpp>

namespace bench {

/// What sets up and checks a competitor's database, the same for all: no competitor does it with its own code.
class Keeper {
public:
    Keeper() = default;
    Keeper(const Keeper&) = delete;
    Keeper& operator=(const Keeper&) = delete;
    virtual ~Keeper() = default;

    /// Rows that `fill` chooses from.
    virtual void load(std::span<const Candle> candles) = 0;
    /// Empties the table, and copies those loaded rows into it for which the SQL condition is true.
    virtual void fill(const char* condition) = 0;
    /// The number of rows and all values but the keys, in the order of the unique constraint.
    virtual std::uint64_t digest() = 0;

    /// Empties diesel_bench's tables, and stores these users.
    virtual void load_users(std::span<const User> users) = 0;
    virtual std::uint64_t digest_users() = 0;
};

}  // namespace bench
