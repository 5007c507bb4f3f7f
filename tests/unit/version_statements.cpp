#include <rowan/rowan.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "locking.hpp"
#include "recorder.hpp"

namespace {

using locking::Position;
using locking::Positions;
using rowan::set;

/// What is sent for the program's calls, without BEGIN and the like.
template <class Db>
struct Watched : Positions<Db> {
    std::shared_ptr<Recorder> recorder = std::make_shared<Recorder>();

    Watched() { this->connection.observe(recorder); }

    /// The first words of the statements since the last look.
    std::string sent() {
        std::string words;
        for (const Seen& seen : recorder->take())
            if (seen.kind == rowan::StatementKind::statement)
                words.append(words.empty() ? "" : " ").append(seen.text.substr(0, seen.text.find(' ')));
        return words;
    }
};

}  // namespace

TEST_CASE_TEMPLATE("a second statement is sent only where the first one found no row", Db, Sqlite, Postgres) {
    Watched<Db> positions;
    auto& mine = positions.mine;
    Position row = positions.stored("BTC");
    CHECK(positions.sent() == "INSERT");
    const Position old = row;
    row = rowan::must(mine.update(row));
    CHECK(positions.sent() == "UPDATE");
    (void)error_of(mine.update(old));
    CHECK(positions.sent() == "UPDATE SELECT");
    row = rowan::must(mine.patch(row, set<& Position::size> = 7));
    // SQLite's RETURNING is dearer than a second statement.
    CHECK(positions.sent() == (Db::is_sqlite ? "UPDATE SELECT" : "UPDATE"));
    rowan::must(mine.patch_only(row.id, set<& Position::size> = 6));
    CHECK(positions.sent() == "UPDATE");
    rowan::must(mine.patch_only(row.id, set<& Position::size> = 6));
    CHECK(positions.sent() == "UPDATE SELECT");
    row = rowan::must(mine.patch(row.id, rowan::Patch<Position>{}.template set<&Position::size>(8)));
    CHECK(positions.sent() == "UPDATE");
    rowan::must(mine.patch(row, set<& Position::size> = 8));
    CHECK(positions.sent() == "UPDATE SELECT");
    (void)error_of(mine.patch(old, set<& Position::size> = 9));
    CHECK(positions.sent() == "UPDATE SELECT");
    rowan::must(mine.patch(row, rowan::Patch<Position>{}));
    CHECK(positions.sent() == "SELECT");
    (void)error_of(mine.erase(old));
    CHECK(positions.sent() == "DELETE SELECT");
    CHECK(rowan::must(mine.erase(row)));
    CHECK(positions.sent() == "DELETE");
    // Without a version to check there is nothing to ask.
    CHECK_FALSE(rowan::must(mine.erase(row.id)));
    CHECK(positions.sent() == "DELETE");
}

TEST_CASE_TEMPLATE("a range takes a statement a row, or one for all where parameters are arrays", Db, Sqlite,
                   Postgres) {
    Watched<Db> positions;
    std::vector<Position> rows{positions.stored("BTC"), positions.stored("ETH"), positions.stored("LTC")};
    (void)positions.sent();
    const std::vector<Position> updated = rowan::must(positions.mine.update(rows));
    // SQLite has no arrays.
    CHECK(positions.sent() == (Db::is_sqlite ? "UPDATE UPDATE UPDATE" : "UPDATE"));
    (void)error_of(positions.mine.update(std::vector{updated[0], rows[1]}));
    CHECK(positions.sent() == (Db::is_sqlite ? "UPDATE UPDATE SELECT" : "UPDATE UPDATE UPDATE SELECT"));
    CHECK(rowan::must(positions.mine.erase(updated)) == 3);
    CHECK(positions.sent() == (Db::is_sqlite ? "DELETE DELETE DELETE" : "DELETE"));
}
