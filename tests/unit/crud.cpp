#include <rowan/rowan.hpp>

#include "fresh.hpp"

namespace {

struct Note {
    std::int64_t id{};
    std::string text{};
    std::optional<double> weight{};

    friend bool operator==(const Note&, const Note&) = default;
};

}  // namespace

TEST_CASE_TEMPLATE("a row comes back as it was stored", Db, Sqlite, Postgres) {
    Fresh<Db> fresh;
    auto notes = rowan::repository<Note>(fresh.connection);
    rowan::must(notes.create_table());

    const Note stored = rowan::must(notes.insert({.text = "it's \"quoted\"", .weight = 1.5}));

    CHECK(stored.id == 1);
    CHECK(rowan::must(notes.find(1)) == stored);
    CHECK(rowan::must(notes.get(1)) == stored);
    CHECK(rowan::must(notes.find(2)) == std::nullopt);
}
