#include "chinook.hpp"

namespace {

using namespace chinook;

using rowan::asc;
using rowan::avg;
using rowan::case_when;
using rowan::col;
using rowan::count;
using rowan::desc;
using rowan::exists;
using rowan::from;
using rowan::max;
using rowan::min;
using rowan::scalar;
using rowan::sql;
using rowan::sum;

struct Length {
    std::int64_t id{};
    std::string length{};
};

struct Named {
    std::string kind{};
    std::int64_t id{};
    std::optional<std::string> name{};
};

}  // namespace

TEST_CASE("the mean, shortest and longest track of each genre that has many") {
    Shop shop = Shop::on_each_database();
    const auto lengths = from<Track>(shop.db)
                             .left_join<Genre>(col<&Genre::id> == col<&Track::genre_id>)
                             .group_by(col<&Track::genre_id>, col<&Genre::name>)
                             .having(count() > 100)
                             .order_by(asc<&Track::genre_id>)
                             .select(col<&Genre::name>, avg(col<&Track::milliseconds>), min(col<&Track::milliseconds>),
                                     max(col<&Track::milliseconds>), count(), sum(col<&Track::milliseconds>) / count(),
                                     // The product of two integers of 32 bits has more.
                                     sum(col<&Track::milliseconds> * col<&Track::milliseconds>));
    const auto rows =
        agreed(shop, lengths,
               sql<"SELECT g.name, CAST(avg(t.milliseconds) AS double precision), min(t.milliseconds), "
                   "max(t.milliseconds), count(*), (sum(t.milliseconds) - sum(t.milliseconds) % count(*)) / count(*), "
                   "sum(CAST(t.milliseconds AS bigint) * t.milliseconds) FROM track t LEFT JOIN genre g ON g.genre_id "
                   "= t.genre_id GROUP BY t.genre_id, g.name HAVING count(*) > 100 ORDER BY t.genre_id">);
    CHECK(rows.size() < 25);
}

TEST_CASE("playlists with their number of tracks and their length, empty ones as well") {
    Shop shop = Shop::on_each_database();
    const auto playlists =
        from<Playlist>(shop.db)
            .left_join<PlaylistTrack>(col<&PlaylistTrack::playlist_id> == col<&Playlist::id>)
            .left_join<Track>(col<&Track::id> == col<&PlaylistTrack::track_id>)
            .group_by(col<&Playlist::id>, col<&Playlist::name>)
            .order_by(asc<&Playlist::id>)
            .select(col<&Playlist::id>, col<&Playlist::name>, count(col<&Track::id>), sum(col<&Track::milliseconds>));
    const auto rows =
        agreed(shop, playlists,
               sql<"SELECT p.playlist_id, p.name, (SELECT count(*) FROM playlist_track x WHERE x.playlist_id = "
                   "p.playlist_id), (SELECT sum(t.milliseconds) FROM playlist_track x JOIN track t ON t.track_id = "
                   "x.track_id WHERE x.playlist_id = p.playlist_id) FROM playlist p ORDER BY p.playlist_id">);
    REQUIRE(rows.size() == 18);
    CHECK(std::get<2>(rows[0]) == 3290);
    CHECK(std::get<2>(rows[1]) == 0);
    CHECK(std::get<3>(rows[1]) == std::nullopt);
}

TEST_CASE("tracks in no playlist, in many and in two playlists of one name") {
    Shop shop = Shop::on_each_database();
    const auto tracks = from<Track>(shop.db).order_by(asc<&Track::id>);
    const auto entry = from<PlaylistTrack>().where(col<&PlaylistTrack::track_id> == col<&Track::id>);

    const auto nowhere = agreed(shop, tracks.where(not exists(entry)),
                                sql<"SELECT t.* FROM track t LEFT JOIN playlist_track p ON p.track_id = t.track_id "
                                    "WHERE p.track_id IS NULL ORDER BY t.track_id">);
    CHECK(nowhere.size() >= data().tracks.size() / 29);
    CHECK(rowan::must(tracks.where(not exists(entry)).count()) == static_cast<std::int64_t>(nowhere.size()));
    CHECK(rowan::must(tracks.where(col<&Track::id>.not_in(from<PlaylistTrack>().select(col<&PlaylistTrack::track_id>)))
                          .count()) == static_cast<std::int64_t>(nowhere.size()));

    const auto often = from<PlaylistTrack>()
                           .group_by(col<&PlaylistTrack::track_id>)
                           .having(count() > 3)
                           .select(col<&PlaylistTrack::track_id>);
    const auto many = agreed(shop, tracks.where(col<&Track::id>.in(often)),
                             sql<"SELECT * FROM track WHERE (SELECT count(*) FROM playlist_track p WHERE p.track_id = "
                                 "track.track_id) > 3 ORDER BY track_id">);
    CHECK(rowan::must(tracks.where(scalar(entry.select(count())) > 3).count()) ==
          static_cast<std::int64_t>(many.size()));

    const auto twice = from<PlaylistTrack>()
                           .join<Playlist>(col<&Playlist::id> == col<&PlaylistTrack::playlist_id>)
                           .where(col<&PlaylistTrack::track_id> == col<&Track::id>)
                           .group_by(col<&Playlist::name>)
                           .having(count() == 2)
                           .select(col<&Playlist::name>);
    agreed(shop, tracks.where(exists(twice)).select(col<&Track::id>),
           sql<"SELECT DISTINCT a.track_id FROM playlist_track a JOIN playlist_track b ON b.track_id = a.track_id AND "
               "b.playlist_id > a.playlist_id JOIN playlist x ON x.playlist_id = a.playlist_id JOIN playlist y ON "
               "y.playlist_id = b.playlist_id AND y.name = x.name ORDER BY a.track_id">);
}

TEST_CASE("tracks by what their name has in it") {
    Shop shop = Shop::on_each_database();
    const auto name = col<&Track::name>;
    const auto tracks = from<Track>(shop.db).order_by(asc<&Track::id>);
    agreed(shop, tracks.where(name.contains("100%")),
           sql<"SELECT * FROM track WHERE name LIKE '%100\\%%' ESCAPE '\\' ORDER BY track_id">);
    agreed(shop, tracks.where(name.contains("_") and name.ends_with("\\")),
           sql<"SELECT * FROM track WHERE name LIKE '%\\_%\\\\' ESCAPE '\\' ORDER BY track_id">);
    agreed(shop, tracks.where(name.starts_with("Été")),
           sql<"SELECT * FROM track WHERE substr(name, 1, 3) = 'Été' ORDER BY track_id">);
    agreed(shop, tracks.where(name.contains("O'Hara") and name.contains("\"")),
           sql<"SELECT * FROM track WHERE name LIKE '%O''Hara%' AND name LIKE '%\"%' ORDER BY track_id">);
    agreed(shop, tracks.where(name.like("%[Remix]")),
           sql<"SELECT * FROM track WHERE substr(name, length(name) - 6) = $1 ORDER BY track_id">, "[Remix]");
    agreed(shop, tracks.where(name.like("夜_%")), sql<"SELECT * FROM track WHERE name LIKE '夜_%' ORDER BY track_id">);
    // LIKE of SQLite takes capitals for small letters, which `like` does not on either database.
    const auto love = agreed(shop, tracks.where(name.like("love%")),
                             sql<"SELECT * FROM track WHERE substr(name, 1, 4) = 'love' ORDER BY track_id">);
    const auto any_love = agreed(shop, tracks.where(name.ilike("love%")),
                                 sql<"SELECT * FROM track WHERE lower(name) LIKE 'love%' ORDER BY track_id">);
    CHECK(love.size() < any_love.size());
    CHECK(rowan::must(tracks.where(name.contains("no such name")).all()).empty());
}

TEST_CASE("composers, also where none is known") {
    Shop shop = Shop::on_each_database();
    const auto composer = col<&Track::composer>;
    const auto composers = from<Track>(shop.db)
                               .group_by(composer)
                               .order_by(count().desc(), composer.asc<rowan::Nulls::last>())
                               .select(rowan::coalesce(composer, "?"), composer, count(), count(composer));
    const auto rows = agreed(shop, composers,
                             sql<"SELECT coalesce(composer, '?'), composer, count(*), count(composer) FROM track GROUP "
                                 "BY composer ORDER BY 3 DESC, composer IS NULL, composer">);
    REQUIRE(rows.size() == 7);
    CHECK(std::get<0>(rows[0]) == "?");
    CHECK(std::get<3>(rows[0]) == 0);
    const auto not_bach = from<Track>(shop.db).where(composer.is_distinct_from("Bach")).order_by(asc<&Track::id>);
    agreed(shop, not_bach, sql<"SELECT * FROM track WHERE composer <> 'Bach' OR composer IS NULL ORDER BY track_id">);
}

TEST_CASE("the longest track of each album") {
    Shop shop = Shop::on_each_database();
    const auto longest = from<Track, "other">()
                             .where(col<&Track::album_id, "other"> == col<&Track::album_id>)
                             .select(max(col<&Track::milliseconds, "other">));
    const auto tracks = from<Track>(shop.db)
                            .join<Album>(col<&Album::id> == col<&Track::album_id>)
                            .where(col<&Track::milliseconds> == scalar(longest))
                            .order_by(asc<&Album::id>, asc<&Track::id>)
                            .select(col<&Album::title>, col<&Track::name>, col<&Track::milliseconds>);
    const auto rows =
        agreed(shop, tracks,
               sql<"SELECT a.title, t.name, t.milliseconds FROM album a JOIN track t ON t.album_id = a.album_id JOIN "
                   "(SELECT album_id, max(milliseconds) AS longest FROM track GROUP BY album_id) AS l ON l.album_id = "
                   "a.album_id AND l.longest = t.milliseconds ORDER BY a.album_id, t.track_id">);
    CHECK(rows.size() >= data().albums.size());
}

TEST_CASE("pages of tracks follow each other without a gap") {
    Shop shop = Shop::on_each_database();
    const auto sorted = from<Track>(shop.db).order_by(desc<&Track::unit_price>, asc<&Track::name>, asc<&Track::id>);
    const auto second = agreed(shop, sorted.limit(20).offset(20),
                               sql<"SELECT * FROM track ORDER BY unit_price DESC, name, track_id LIMIT 20 OFFSET 20">);
    CHECK(second.size() == 20);
    const auto both = rowan::must(sorted.limit(40).all());
    for (std::size_t i = 0; i != second.size(); ++i) CHECK(second[i].id == both[i + 20].id);
    CHECK(rowan::must(sorted.offset(3500).all()).size() == 3);
    CHECK(rowan::must(sorted.limit(20).offset(3503).all()).empty());

    // The page behind a row and the one before it, by what the row is instead of by its number.
    agreed(shop, sorted.after(sorted.cursor(second.back())).limit(20),
           sql<"SELECT * FROM track ORDER BY unit_price DESC, name, track_id LIMIT 20 OFFSET 40">);
    agreed(shop, sorted.before(sorted.cursor(second.front())).limit(20),
           sql<"SELECT * FROM track ORDER BY unit_price DESC, name, track_id LIMIT 20">);
}

TEST_CASE("tracks sorted into short, usual and long ones") {
    Shop shop = Shop::on_each_database();
    const auto length = case_when(col<&Track::milliseconds> < 180'000, "short")
                            .when(col<&Track::milliseconds> < 360'000, "usual")
                            .otherwise("long");
    // Under a name, as each use of the expression has parameters of its own: PostgreSQL would not know the one in
    // SELECT for the one in GROUP BY.
    const auto buckets = rowan::with<Length>(from<Track>().select<Length>(col<&Track::id>, length.as<"length">()))
                             .query(from<Length>(shop.db)
                                        .group_by(col<&Length::length>)
                                        .order_by(asc<&Length::length>)
                                        .select(col<&Length::length>, count()));
    const auto rows = agreed(shop, buckets,
                             sql<"SELECT CASE WHEN milliseconds < 180000 THEN 'short' WHEN milliseconds < 360000 THEN "
                                 "'usual' ELSE 'long' END, count(*) FROM track GROUP BY 1 ORDER BY 1">);
    CHECK(rows.size() == 3);
}

TEST_CASE("two lists behind each other") {
    Shop shop = Shop::on_each_database();
    const auto artists = from<Artist>()
                             .where(col<&Artist::id> <= 20)
                             .select<Named>(case_when(col<&Artist::id> > 0, "artist").otherwise("").as<"kind">(),
                                            col<&Artist::id>, col<&Artist::name>);
    const auto playlists = from<Playlist>()
                               .where(col<&Playlist::name>.starts_with("M"))
                               .select<Named>(case_when(col<&Playlist::id> > 0, "playlist").otherwise("").as<"kind">(),
                                              col<&Playlist::id>, col<&Playlist::name>);
    const auto both = rowan::with<Named>(artists.union_all(playlists))
                          .query(from<Named>(shop.db).order_by(asc<&Named::kind>, asc<&Named::id>));
    const auto rows =
        agreed(shop, both,
               sql<"SELECT 'artist' AS kind, artist_id AS id, name FROM artist WHERE artist_id <= 20 UNION ALL SELECT "
                   "'playlist', playlist_id, name FROM playlist WHERE name LIKE 'M%' ORDER BY 1, 2">);
    CHECK(rows.size() == 25);
}

TEST_CASE("artists without albums, by a left join whose right side is missing") {
    Shop shop = Shop::on_each_database();
    const auto all = from<Artist>(shop.db)
                         .left_join<Album>(col<&Album::artist_id> == col<&Artist::id>)
                         .order_by(asc<&Artist::id>, asc<&Album::id>);
    const auto rows = rowan::must(all.all());
    std::size_t without = 0;
    for (const auto& [artist, album] : rows) {
        without += album ? 0U : 1U;
        if (album) REQUIRE(album->artist_id == artist.id);
    }
    CHECK(rows.size() == data().albums.size() + without);
    const auto ids = agreed(shop, all.where(col<&Album::id>.is_null()).select(col<&Artist::id>, col<&Album::title>),
                            sql<"SELECT artist_id, NULL FROM artist WHERE artist_id NOT IN (SELECT artist_id FROM "
                                "album) ORDER BY artist_id">);
    CHECK(ids.size() == without);
    CHECK(without == 71);
}

TEST_CASE("a track with its album, its artist and its genre, as structs") {
    Shop shop = Shop::on_each_database();
    const auto tracks = from<Track>(shop.db)
                            .join<Album>(col<&Album::id> == col<&Track::album_id>)
                            .join<Artist>(col<&Artist::id> == col<&Album::artist_id>)
                            .left_join<Genre>(col<&Genre::id> == col<&Track::genre_id> and col<&Genre::name> != "Rock")
                            .where(col<&Artist::name>.starts_with("L"))
                            .order_by(asc<&Track::id>);
    const auto rows = rowan::must(tracks.all());
    const auto flat =
        rowan::must(shop.db.query<std::tuple<std::int64_t, std::string, std::string, std::optional<std::string>>>(
            sql<"SELECT t.track_id, b.title, a.name, CASE WHEN g.name <> 'Rock' THEN g.name END FROM track t JOIN "
                "album b ON b.album_id = t.album_id JOIN artist a ON a.artist_id = b.artist_id LEFT JOIN genre g ON "
                "g.genre_id = t.genre_id WHERE a.name LIKE 'L%' AND substr(a.name, 1, 1) = 'L' ORDER BY t.track_id">));
    REQUIRE(rows.size() == flat.size());
    REQUIRE(rows.size() > 100);
    for (std::size_t i = 0; i != rows.size(); ++i) {
        const auto& [track, album, artist, genre] = rows[i];
        CHECK(flat[i] ==
              std::tuple{track.id, album.title, *artist.name, genre ? genre->name : std::optional<std::string>{}});
    }
}

TEST_CASE("tracks of one album that cost the same and have the same composer") {
    Shop shop = Shop::on_each_database();
    const auto pairs =
        from<Track, "one">(shop.db)
            .join<Track, "two">(col<&Track::album_id, "two"> == col<&Track::album_id, "one"> and
                                col<&Track::id, "two"> > col<&Track::id, "one"> and
                                col<&Track::unit_price, "two"> == col<&Track::unit_price, "one"> and
                                col<&Track::composer, "two">.is_not_distinct_from(col<&Track::composer, "one">))
            .where(col<&Track::album_id, "one"> < 40)
            .order_by(col<&Track::id, "one">, col<&Track::id, "two">)
            .select(col<&Track::id, "one">, col<&Track::id, "two">, col<&Track::composer, "one">);
    const auto rows = shop.is_sqlite
                          ? agreed(shop, pairs,
                                   sql<"SELECT a.track_id, b.track_id, a.composer FROM track a JOIN track b USING "
                                       "(album_id, unit_price) WHERE a.track_id < b.track_id AND a.composer IS "
                                       "b.composer AND album_id < 40 ORDER BY 1, 2">)
                          : agreed(shop, pairs,
                                   sql<"SELECT a.track_id, b.track_id, a.composer FROM track a JOIN track b USING "
                                       "(album_id, unit_price) WHERE a.track_id < b.track_id AND a.composer IS NOT "
                                       "DISTINCT FROM b.composer AND album_id < 40 ORDER BY 1, 2">);
    CHECK(rows.size() > 50);
}
