#pragma once

#include <rowan/rowan.hpp>

#include <chrono>
#include <cstdint>
#include <string>

#include "fresh.hpp"

/// What the tests of optimistic locking share.
namespace locking {

inline rowan::Timestamp now() {
    return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
}

/// A row whose version and times rowan keeps.
struct Position {
    std::int64_t id{};
    std::string symbol{};
    double size{};
    std::optional<std::string> note{};
    rowan::Version version{};
    rowan::UpdatedAt updated_at{};
    rowan::CreatedAt created_at{};

    friend bool operator==(const Position&, const Position&) = default;
};

}  // namespace locking

template <>
inline constexpr auto rowan::table<locking::Position> =
    rowan::describe<locking::Position>("positions").unique<&locking::Position::symbol>();

namespace locking {

/// A database with their table, and two repositories: of two programs that do not know of each other.
template <class Db>
struct Positions : Fresh<Db> {
    typename Db::Connection other_connection = this->connect();
    rowan::Repository<Position, typename Db::Connection> mine{this->connection};
    rowan::Repository<Position, typename Db::Connection> others{other_connection};

    Positions() { rowan::must(mine.create_table()); }

    Position stored(std::string symbol, double size = 1) {
        return rowan::must(mine.insert({.symbol = std::move(symbol), .size = size}));
    }
};

}  // namespace locking
