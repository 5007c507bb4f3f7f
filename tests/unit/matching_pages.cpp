#include <rowan/rowan.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "fresh.hpp"

namespace {

using rowan::asc;
using rowan::col;
using rowan::desc;
using rowan::Filter;

struct Song {
    std::int64_t id{};
    std::string title{};
    std::int32_t year{};
    std::optional<std::string> genre{};
};

template <class Db>
struct Songs : Fresh<Db> {
    rowan::Repository<Song, typename Db::Connection> rows{this->connection};

    explicit Songs(int count = 12) {
        rowan::must(rows.create_table());
        std::vector<Song> songs;
        for (int i = 1; i <= count; ++i)
            songs.push_back({i, "song " + std::to_string(i), 2000 + i / 3,
                             i % 2 == 0 ? std::optional<std::string>{"jazz"} : std::nullopt});
        rowan::must(rows.insert(songs));
    }
};

std::string ids(const std::vector<Song>& songs) {
    std::string text;
    for (const Song& song : songs) text += std::to_string(song.id) + " ";
    return text;
}

Filter<Song> jazz() {
    Filter<Song> filter;
    filter.add(col<&Song::genre> == "jazz");
    return filter;
}

}  // namespace

TEST_CASE_TEMPLATE("rows that a filter chooses come in pages", Db, Sqlite, Postgres) {
    Songs<Db> songs;
    const auto newest = songs.rows.matching(jazz()).order_by(desc<&Song::year>, asc<&Song::id>).limit(2);
    const auto page = [&](const auto& query) { return rowan::must(query.all()); };
    const auto first = page(newest);
    CHECK(ids(first) == "12 10 ");
    const auto second = page(newest.after(newest.cursor(first.back())));
    CHECK(ids(second) == "6 8 ");
    const auto third = page(newest.after(newest.cursor(second.back())));
    CHECK(ids(third) == "4 2 ");
    CHECK(ids(page(newest.after(newest.cursor(third.back())))).empty());
    CHECK(ids(page(newest.before(newest.cursor(third.front())))) == "6 8 ");
    CHECK(ids(page(newest.before(newest.cursor(third.back())).limit(4))) == "10 6 8 4 ");
    CHECK(rowan::must(newest.after(newest.cursor(first.back())).first())->id == 6);
    CHECK(rowan::must(newest.count()) == 6);
    using Cursor = typename decltype(newest)::Cursor;
    const auto token = rowan::must(newest.cursor(first.back()).token());
    CHECK(ids(page(newest.after(rowan::must(Cursor::parse(token))))) == "6 8 ");
    CHECK(error_of(Cursor::parse("nonsense")).code() == rowan::Code::invalid_value);
}

TEST_CASE_TEMPLATE("what the filter holds stands in front of the page's own values", Db, Sqlite, Postgres) {
    Songs<Db> songs;
    const std::vector<std::int32_t> years{2001, 2002, 2003};
    Filter<Song> filter;
    filter.add(col<&Song::year>.in(years) || col<&Song::title> == "song 12");
    filter.add(col<&Song::title> != std::string{"song 5"});
    const auto query = songs.rows.matching(filter).order_by(asc<&Song::id>);
    CHECK(ids(rowan::must(query.all())) == "3 4 6 7 8 9 10 11 12 ");
    CHECK(ids(rowan::must(query.after(query.cursor({.id = 4})).limit(3).offset(1).all())) == "7 8 9 ");
    CHECK(ids(rowan::must(query.before(query.cursor({.id = 9})).limit(2).all())) == "7 8 ");
    CHECK(ids(rowan::must(songs.rows.matching({}).order_by(desc<&Song::id>).limit(2).all())) == "12 11 ");
}

TEST_CASE_TEMPLATE("a filter's rows stream, whatever is done meanwhile", Db, Sqlite, Postgres) {
    Songs<Db> songs{5000};
    std::string seen;
    // The filter is gone before the first row comes.
    auto stream = rowan::must(songs.rows.matching(jazz()).order_by(desc<&Song::id>).limit(2400).stream());
    std::int64_t count = 0;
    std::int64_t last = 0;
    for (const auto& song : stream) {
        last = rowan::must(song).id;
        ++count;
    }
    CHECK(count == 2400);
    CHECK(last == 202);
    const auto query = songs.rows.matching(jazz()).order_by(asc<&Song::id>);
    CHECK(query.after(query.cursor({.id = 10})).for_each([&](const Song& song) {
        seen += std::to_string(song.id) + " ";
        return song.id < 16;
    }));
    CHECK(seen == "12 14 16 ");
    const auto stopped = query.for_each([](const Song&) -> rowan::Result<void> {
        return rowan::Failure(rowan::Error{rowan::Category::state, rowan::Code::stale, "enough"});
    });
    CHECK(error_of(stopped).code() == rowan::Code::stale);
    // The connection is free again.
    CHECK(rowan::must(query.count()) == 2500);
}

TEST_CASE_TEMPLATE("a filter that sorts by itself has no other order", Db, Sqlite, Postgres) {
    Songs<Db> songs;
    Filter<Song> filter;
    rowan::must(filter.order_by("title", rowan::Direction::descending));
    CHECK(rowan::must(songs.rows.matching(filter).first())->title == "song 9");
    const auto twice = songs.rows.matching(filter).order_by(asc<&Song::id>);
    CHECK(error_of(twice.all()).code() == rowan::Code::misuse);
    CHECK(error_of(twice.for_each([](const Song&) {})).code() == rowan::Code::misuse);
    CHECK(error_of(songs.rows.matching({}).limit(-1).stream()).code() == rowan::Code::misuse);
}

TEST_CASE_TEMPLATE("an error of a streamed filter is told", Db, Sqlite, Postgres) {
    Songs<Db> songs;
    songs.execute("ALTER TABLE song RENAME COLUMN title TO name");
    const auto query = songs.rows.matching(jazz());
    CHECK(error_of(query.for_each([](const Song&) {})).code() == rowan::Code::undefined_column);
    auto stream = rowan::must(query.stream());
    auto at = stream.begin();
    REQUIRE(at != stream.end());
    CHECK(error_of(*at).code() == rowan::Code::undefined_column);
    songs.execute("ALTER TABLE song RENAME COLUMN name TO title");
    CHECK(rowan::must(query.all()).size() == 6);
}
