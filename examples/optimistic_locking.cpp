// Two who change the same row without waiting for each other: nobody's change is lost. On the database that
// DATABASE_URL names, or in memory.

#include <rowan/rowan.hpp>

#include <cstdlib>
#include <iostream>
#include <vector>

struct Position {
    std::int64_t id{};
    std::string symbol{};
    std::int64_t lots{};
    std::string note{};
    rowan::Version version{};
    rowan::UpdatedAt updated_at{};
    rowan::CreatedAt created_at{};
};

template <>
inline constexpr auto rowan::table<Position> =
    rowan::describe<Position>("position").in("rowan_examples").unique<&Position::symbol>();

/// The change is made again on the row as it is now, until nobody else was faster.
rowan::Result<Position> buy(rowan::Repository<Position>& positions, Position position, std::int64_t lots) {
    while (true) {
        position.lots += lots;
        auto stored = positions.update(position, rowan::carry_current);
        if (stored) return stored;
        // Another error, or a row that was deleted: nothing to go on with.
        const auto* current = rowan::carried_row<Position>(stored.error());
        if (current == nullptr) return stored;
        position = *current;
    }
}

int main() {
    const char* const url = std::getenv("DATABASE_URL");
    auto db = rowan::must(rowan::open(url != nullptr ? url : "sqlite::memory:"));
    rowan::Repository<Position> positions{db};
    rowan::must(positions.drop_table());
    rowan::must(positions.create_table());

    const Position bought = rowan::must(positions.insert({.symbol = "BTC-USD", .lots = 1}));
    std::cout << "stored with version " << bought.version << '\n';

    // Both have read version 1. The first one writes; the second one is told, and has overwritten nothing.
    Position first = bought;
    Position second = bought;
    first.lots = 5;
    first = rowan::must(positions.update(first));
    second.note = "hedge";
    auto stale = positions.update(second);
    std::cout << stale.error().to_string() << '\n';

    // A patch writes only its own columns. Of a key, it takes the row as it is; of a struct, or of a key with the
    // version that was seen, it is refused where the row is another one by now.
    std::cout << rowan::must(positions.patch(bought.id, rowan::set<& Position::note> = "hedge")).version
              << " after a patch by key\n";
    auto refused = positions.patch(rowan::at_version(bought.id, 2), rowan::set<& Position::lots> = 0);
    std::cout << to_string(refused.error().conflicts().front().what) << ": " << refused.error().conflicts().front().key
              << '\n';
    std::cout << rowan::must(positions.patch(bought.id, rowan::set<& Position::note> = "hedge")).version
              << " after the same patch again, which had nothing to write\n";

    // Again on the row as it is now.
    const Position now = rowan::must(buy(positions, second, 2));
    std::cout << now.lots << " lots, \"" << now.note << "\", version " << now.version << '\n';

    // A range goes in whole or not at all, and the error names each row that was in the way.
    const Position other = rowan::must(positions.insert({.symbol = "ETH-USD", .lots = 3}));
    auto range = positions.update(std::vector{first, other});
    for (const rowan::RowConflict& conflict : range.error().conflicts())
        std::cout << "number " << conflict.index << " of the range: " << conflict.key << " was "
                  << to_string(conflict.what) << ", version " << conflict.expected << " was expected, "
                  << conflict.found << " is there\n";

    // What was modified is not removed by mistake.
    std::cout << (positions.erase(first) ? "removed" : "still there") << '\n';
    std::cout << (rowan::must(positions.erase(now)) ? "removed" : "still there") << '\n';
    rowan::must(positions.drop_table());
}
