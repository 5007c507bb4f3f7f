#pragma once

#include <rowan/rowan.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "fresh.hpp"

/// A music shop with the tables of the Chinook sample database (https://github.com/lerocha/chinook-database), filled
/// with as many rows of made-up data, and its questions answered twice: by a typed query and by SQL.
namespace chinook {

using Date = std::chrono::year_month_day;

struct Artist {
    std::int64_t id{};
    std::optional<std::string> name{};
};

struct Album {
    std::int64_t id{};
    std::string title{};
    std::int64_t artist_id{};
};

struct Genre {
    std::int64_t id{};
    std::optional<std::string> name{};
};

struct MediaType {
    std::int64_t id{};
    std::optional<std::string> name{};
};

struct Track {
    std::int64_t id{};
    std::string name{};
    std::optional<std::int64_t> album_id{};
    std::int64_t media_type_id{};
    std::optional<std::int64_t> genre_id{};
    std::optional<std::string> composer{};
    std::int32_t milliseconds{};
    std::optional<std::int32_t> bytes{};
    // Prices are cents: sums of them are exact, whatever the order in which a database adds them up.
    std::int64_t unit_price{};
};

struct Playlist {
    std::int64_t id{};
    std::optional<std::string> name{};
};

struct PlaylistTrack {
    std::int64_t playlist_id{};
    std::int64_t track_id{};
};

struct Employee {
    std::int64_t id{};
    std::string last_name{};
    std::string first_name{};
    std::optional<std::string> title{};
    std::optional<std::int64_t> reports_to{};
    std::optional<Date> birth_date{};
    std::optional<Date> hire_date{};
    std::optional<std::string> address{};
    std::optional<std::string> city{};
    std::optional<std::string> state{};
    std::optional<std::string> country{};
    std::optional<std::string> postal_code{};
    std::optional<std::string> phone{};
    std::optional<std::string> fax{};
    std::optional<std::string> email{};
};

struct Customer {
    std::int64_t id{};
    std::string first_name{};
    std::string last_name{};
    std::optional<std::string> company{};
    std::optional<std::string> address{};
    std::optional<std::string> city{};
    std::optional<std::string> state{};
    std::optional<std::string> country{};
    std::optional<std::string> postal_code{};
    std::optional<std::string> phone{};
    std::optional<std::string> fax{};
    std::string email{};
    std::optional<std::int64_t> support_rep_id{};
};

struct Invoice {
    std::int64_t id{};
    std::int64_t customer_id{};
    rowan::Timestamp invoice_date{};
    std::optional<std::string> billing_address{};
    std::optional<std::string> billing_city{};
    std::optional<std::string> billing_state{};
    std::optional<std::string> billing_country{};
    std::optional<std::string> billing_postal_code{};
    std::int64_t total{};
};

struct InvoiceLine {
    std::int64_t id{};
    std::int64_t invoice_id{};
    std::int64_t track_id{};
    std::int64_t unit_price{};
    std::int32_t quantity{};
};

/// The rows of all tables.
struct Data {
    std::vector<Artist> artists{};
    std::vector<Album> albums{};
    std::vector<Genre> genres{};
    std::vector<MediaType> media_types{};
    std::vector<Track> tracks{};
    std::vector<Playlist> playlists{};
    std::vector<PlaylistTrack> playlist_tracks{};
    std::vector<Employee> employees{};
    std::vector<Customer> customers{};
    std::vector<Invoice> invoices{};
    std::vector<InvoiceLine> invoice_lines{};
};

/// Makes the same rows whenever it has the same seed.
class Generator {
public:
    explicit Generator(std::uint64_t seed) : random_{seed} {}

    Data make() {
        make_names();
        make_albums();
        make_tracks();
        make_playlists();
        make_people();
        make_invoices();
        return std::move(data_);
    }

private:
    static constexpr std::size_t artists_with_albums = 204;
    static constexpr std::int64_t video = 3;

    /// From 0 up to, but without, `end`.
    std::size_t below(std::size_t end) { return static_cast<std::size_t>(random_() % end); }
    bool one_in(std::size_t many) { return below(many) == 0; }

    template <class Range>
    auto any_of(const Range& range) {
        return range[below(std::size(range))];
    }

    std::string title() {
        static constexpr std::string_view words[] = {
            "Love",     "love song", "LOVE",      "Night",    "Rock 'n' Roll", "100% Pure", "50%",    "O'Hara",
            "\"Live\"", "Coração",   "Für Elise", "Ágætis",   "Été",           "Ночь",      "夜明け", "under_score",
            "C:\\",     "Blues",     "Highway",   "Stairway", "Paranoid",      "Águas",     "Münch",  "[Remix]"};
        std::string made{any_of(words)};
        for (std::size_t more = below(3); more != 0; --more) made.append(" ").append(any_of(words));
        return made;
    }

    void make_names() {
        for (std::int64_t id = 1; id <= 275; ++id)
            data_.artists.push_back({.id = id, .name = title() + " " + std::to_string(id)});
        static constexpr std::string_view genres[] = {"Rock",
                                                      "Jazz",
                                                      "Metal",
                                                      "Alternative & Punk",
                                                      "Rock And Roll",
                                                      "Blues",
                                                      "Latin",
                                                      "Reggae",
                                                      "Pop",
                                                      "Soundtrack",
                                                      "Bossa Nova",
                                                      "Easy Listening",
                                                      "Heavy Metal",
                                                      "R&B/Soul",
                                                      "World",
                                                      "Hip Hop",
                                                      "TV Shows",
                                                      "Sci Fi & Fantasy",
                                                      "Drama",
                                                      "Comedy",
                                                      "Opera",
                                                      "Classical",
                                                      "Alternative",
                                                      "Electronica/Dance",
                                                      "Science Fiction"};
        for (const std::string_view name : genres)
            data_.genres.push_back(
                {.id = static_cast<std::int64_t>(data_.genres.size()) + 1, .name = std::string{name}});
        static constexpr std::string_view media[] = {"MPEG audio file", "Protected AAC audio file",
                                                     "Protected MPEG-4 video file", "Purchased AAC audio file",
                                                     "AAC audio file"};
        for (const std::string_view name : media)
            data_.media_types.push_back(
                {.id = static_cast<std::int64_t>(data_.media_types.size()) + 1, .name = std::string{name}});
    }

    void make_albums() {
        for (std::int64_t id = 1; id <= 347; ++id) {
            const auto artist = static_cast<std::size_t>(id) <= artists_with_albums ? static_cast<std::size_t>(id)
                                                                                    : below(artists_with_albums) + 1;
            data_.albums.push_back({.id = id, .title = title(), .artist_id = static_cast<std::int64_t>(artist)});
        }
    }

    void make_tracks() {
        // Most tracks are of the first genres and of the first media type.
        const auto skewed = [&](std::size_t end) {
            return static_cast<std::int64_t>(std::min({below(end), below(end), below(end)})) + 1;
        };
        static constexpr std::string_view composers[] = {"Bach",  "Ångström/O'Neil", "Mozart, W. A.",
                                                         "Jobim", "Hetfield",        "\"Slash\""};
        for (std::int64_t id = 1; id <= 3503; ++id) {
            const auto album = static_cast<std::size_t>(id) <= data_.albums.size() ? static_cast<std::size_t>(id)
                                                                                   : below(data_.albums.size()) + 1;
            const std::int64_t media = skewed(data_.media_types.size());
            Track track{
                .id = id, .name = title(), .album_id = static_cast<std::int64_t>(album), .media_type_id = media};
            track.genre_id = skewed(data_.genres.size());
            if (!one_in(4)) track.composer = any_of(composers);
            track.milliseconds = static_cast<std::int32_t>(60'000 + below(media == video ? 5'000'000 : 500'000));
            track.bytes = track.milliseconds / 10 * 7 + static_cast<std::int32_t>(below(9999));
            track.unit_price = media == video ? 199 : 99;
            data_.tracks.push_back(std::move(track));
        }
    }

    /// `count` tracks, none of them twice. Every 29th track is in no playlist.
    std::vector<std::int64_t> some_tracks(std::size_t count) {
        std::vector<std::int64_t> ids;
        for (const Track& track : data_.tracks)
            if (track.id % 29 != 0) ids.push_back(track.id);
        for (std::size_t i = 0; i != count; ++i) std::swap(ids[i], ids[i + below(ids.size() - i)]);
        ids.resize(count);
        return ids;
    }

    void make_playlists() {
        static constexpr std::pair<std::string_view, std::size_t> playlists[] = {{"Music", 3290},
                                                                                 {"Movies", 0},
                                                                                 {"TV Shows", 213},
                                                                                 {"Audiobooks", 0},
                                                                                 {"90’s Music", 1477},
                                                                                 {"Audiobooks", 0},
                                                                                 {"Movies", 0},
                                                                                 {"Music", 3290},
                                                                                 {"Music Videos", 1},
                                                                                 {"TV Shows", 213},
                                                                                 {"Brazilian Music", 39},
                                                                                 {"Classical", 75},
                                                                                 {"Classical 101 - Deep Cuts", 25},
                                                                                 {"Classical 101 - Next Steps", 25},
                                                                                 {"Classical 101 - The Basics", 25},
                                                                                 {"Grunge", 15},
                                                                                 {"Heavy Metal Classic", 26},
                                                                                 {"On-The-Go 1", 1}};
        for (const auto& [name, count] : playlists) {
            const auto id = static_cast<std::int64_t>(data_.playlists.size()) + 1;
            data_.playlists.push_back({.id = id, .name = std::string{name}});
            for (const std::int64_t track : some_tracks(count))
                data_.playlist_tracks.push_back({.playlist_id = id, .track_id = track});
        }
    }

    void make_people() {
        using namespace std::chrono;
        const auto employ = [&](std::string_view last, std::string_view first, std::string_view title,
                                std::optional<std::int64_t> manager) {
            const auto id = static_cast<int>(data_.employees.size()) + 1;
            data_.employees.push_back({.id = id,
                                       .last_name = std::string{last},
                                       .first_name = std::string{first},
                                       .title = std::string{title},
                                       .reports_to = manager,
                                       .birth_date = year{1950 + 3 * id} / id / (2 * id),
                                       .hire_date = year{2002 + id / 4} / (13 - id) / 14,
                                       .city = id < 6 ? "Calgary" : "Lethbridge",
                                       .state = "AB",
                                       .country = "Canada",
                                       .email = std::string{first} + "@chinookcorp.com"});
        };
        employ("Adams", "Andrew", "General Manager", {});
        employ("Edwards", "Nancy", "Sales Manager", 1);
        employ("Peacock", "Jane", "Sales Support Agent", 2);
        employ("Park", "Margaret", "Sales Support Agent", 2);
        employ("Johnson", "Steve", "Sales Support Agent", 2);
        employ("Mitchell", "Michael", "IT Manager", 1);
        employ("King", "Robert", "IT Staff", 6);
        employ("Callahan", "Laura", "IT Staff", 6);

        static constexpr std::pair<std::string_view, std::size_t> countries[] = {
            {"USA", 13},           {"Canada", 8},    {"France", 5},      {"Brazil", 5},         {"Germany", 4},
            {"United Kingdom", 3}, {"Portugal", 2},  {"India", 2},       {"Czech Republic", 2}, {"Norway", 1},
            {"Austria", 1},        {"Belgium", 1},   {"Denmark", 1},     {"Finland", 1},        {"Hungary", 1},
            {"Ireland", 1},        {"Italy", 1},     {"Netherlands", 1}, {"Poland", 1},         {"Spain", 1},
            {"Sweden", 1},         {"Australia", 1}, {"Argentina", 1},   {"Chile", 1}};
        static constexpr std::string_view first_names[] = {"Luís",   "Leonie", "François", "Bjørn",   "František",
                                                           "Helena", "Frank",  "Jennifer", "Eduardo", "Stanisław"};
        static constexpr std::string_view last_names[] = {"Gonçalves",   "Köhler", "Tremblay", "Hansen",   "O'Reilly",
                                                          "Wichterlová", "Harris", "Muñoz",    "Schröder", "Wójcik"};
        for (const auto& [country, count] : countries)
            for (std::size_t i = 0; i != count; ++i) {
                const auto id = static_cast<std::int64_t>(data_.customers.size()) + 1;
                Customer customer{.id = id,
                                  .first_name = std::string{any_of(first_names)},
                                  .last_name = std::string{any_of(last_names)}};
                if (one_in(6)) customer.company = "Müller & Söhne \"GmbH\"";
                customer.address = std::to_string(below(900) + 1) + " Main Street";
                customer.city = std::string{country} + " City";
                if (count > 4) customer.state = one_in(2) ? "AB" : "SP";
                customer.country = country;
                if (!one_in(15)) customer.postal_code = std::to_string(10'000 + below(90'000));
                if (!one_in(50)) customer.phone = "+" + std::to_string(below(1'000'000'000));
                if (one_in(5)) customer.fax = "+" + std::to_string(below(1'000'000'000));
                customer.email = std::to_string(id) + "@example.com";
                customer.support_rep_id = static_cast<std::int64_t>(3 + below(3));
                data_.customers.push_back(std::move(customer));
            }
    }

    void make_invoices() {
        using namespace std::chrono;
        static constexpr std::size_t lines[] = {2, 4, 6, 9, 14, 1, 2};
        constexpr sys_days start{2009y / January / 1};
        constexpr auto length = sys_days{2014y / January / 1} - start;
        for (std::size_t i = 0; i != 412; ++i) {
            const Customer& customer = data_.customers[(i * 7 + i / 59) % data_.customers.size()];
            Invoice invoice{.id = static_cast<std::int64_t>(i) + 1,
                            .customer_id = customer.id,
                            .invoice_date = start + duration_cast<microseconds>(length) / 412 * i,
                            .billing_address = customer.address,
                            .billing_city = customer.city,
                            .billing_state = customer.state,
                            .billing_country = customer.country,
                            .billing_postal_code = customer.postal_code};
            // Some bill at midnight, where a month or a day begins.
            if (i % 5 == 0) invoice.invoice_date = floor<days>(invoice.invoice_date);
            if (i % 60 == 0)
                invoice.invoice_date = sys_days{year_month_day{floor<days>(invoice.invoice_date)}.year() /
                                                year_month_day{floor<days>(invoice.invoice_date)}.month() / 1};
            for (std::size_t line = lines[i % std::size(lines)]; line != 0; --line) {
                // Albums whose number 8 divides are never sold.
                const Track* track = nullptr;
                do track = &data_.tracks[std::min(below(data_.tracks.size()), below(data_.tracks.size()))];
                while (*track->album_id % 8 == 0);
                data_.invoice_lines.push_back({.id = static_cast<std::int64_t>(data_.invoice_lines.size()) + 1,
                                               .invoice_id = invoice.id,
                                               .track_id = track->id,
                                               .unit_price = track->unit_price,
                                               .quantity = one_in(10) ? 2 : 1});
                invoice.total += data_.invoice_lines.back().unit_price * data_.invoice_lines.back().quantity;
            }
            data_.invoices.push_back(std::move(invoice));
        }
    }

    std::mt19937_64 random_;
    Data data_{};
};

inline const Data& data() {
    static const Data made = Generator{20'090'101}.make();
    return made;
}

}  // namespace chinook

template <>
inline constexpr auto rowan::table<chinook::Artist> =
    rowan::describe<chinook::Artist>().column<&chinook::Artist::id>("artist_id");
template <>
inline constexpr auto rowan::table<chinook::Album> =
    rowan::describe<chinook::Album>().column<&chinook::Album::id>("album_id").index<&chinook::Album::artist_id>();
template <>
inline constexpr auto rowan::table<chinook::Genre> =
    rowan::describe<chinook::Genre>().column<&chinook::Genre::id>("genre_id");
template <>
inline constexpr auto rowan::table<chinook::MediaType> =
    rowan::describe<chinook::MediaType>().column<&chinook::MediaType::id>("media_type_id");
template <>
inline constexpr auto rowan::table<chinook::Track> = rowan::describe<chinook::Track>()
                                                         .column<&chinook::Track::id>("track_id")
                                                         .index<&chinook::Track::album_id>()
                                                         .index<&chinook::Track::genre_id>()
                                                         .index<&chinook::Track::media_type_id>();
template <>
inline constexpr auto rowan::table<chinook::Playlist> =
    rowan::describe<chinook::Playlist>().column<&chinook::Playlist::id>("playlist_id");
template <>
inline constexpr auto rowan::table<chinook::PlaylistTrack> =
    rowan::describe<chinook::PlaylistTrack>()
        .key<&chinook::PlaylistTrack::playlist_id, &chinook::PlaylistTrack::track_id>()
        .index<&chinook::PlaylistTrack::playlist_id>()
        .index<&chinook::PlaylistTrack::track_id>();
template <>
inline constexpr auto rowan::table<chinook::Employee> = rowan::describe<chinook::Employee>()
                                                            .column<&chinook::Employee::id>("employee_id")
                                                            .index<&chinook::Employee::reports_to>();
template <>
inline constexpr auto rowan::table<chinook::Customer> = rowan::describe<chinook::Customer>()
                                                            .column<&chinook::Customer::id>("customer_id")
                                                            .index<&chinook::Customer::support_rep_id>();
template <>
inline constexpr auto rowan::table<chinook::Invoice> = rowan::describe<chinook::Invoice>()
                                                           .column<&chinook::Invoice::id>("invoice_id")
                                                           .index<&chinook::Invoice::customer_id>();
template <>
inline constexpr auto rowan::table<chinook::InvoiceLine> = rowan::describe<chinook::InvoiceLine>()
                                                               .column<&chinook::InvoiceLine::id>("invoice_line_id")
                                                               .index<&chinook::InvoiceLine::invoice_id>()
                                                               .index<&chinook::InvoiceLine::track_id>();

namespace chinook {

/// The shop in a database of its own, as a rowan::Database: the queries are those of a program that takes a URL, and
/// free of `.template`, which a test that is a template would need in each of them.
class Shop {
public:
    /// Runs the test case around once on each database.
    [[nodiscard]] static Shop on_each_database() {
        bool sqlite = false;
        SUBCASE("on SQLite") { sqlite = true; }
        SUBCASE("on PostgreSQL") {}
        return sqlite ? on<Sqlite>() : on<Postgres>();
    }

private:
    std::shared_ptr<void> place_;

public:
    rowan::Database db;
    bool is_sqlite;

private:
    template <class Db>
    [[nodiscard]] static Shop on() {
        auto place = std::make_shared<Db>();
        return Shop{place, rowan::must(rowan::open(place->url())), Db::is_sqlite};
    }

    Shop(std::shared_ptr<void> place, rowan::Database opened, bool sqlite)
        : place_{std::move(place)}, db{std::move(opened)}, is_sqlite{sqlite} {
        fill(data().artists);
        fill(data().albums);
        fill(data().genres);
        fill(data().media_types);
        fill(data().tracks);
        fill(data().playlists);
        fill(data().playlist_tracks);
        fill(data().employees);
        fill(data().customers);
        fill(data().invoices);
        fill(data().invoice_lines);
    }

    template <class T>
    void fill(const std::vector<T>& rows) {
        rowan::Repository<T> repository{db};
        rowan::must(repository.create_table());
        REQUIRE(rowan::must(repository.insert(rows)) == rows.size());
    }
};

/// Equal, but for the last bits of a double: a sum or mean of doubles depends on the order of its terms, which no
/// database promises.
template <class T>
bool same(const T& a, const T& b) {
    if constexpr (std::is_floating_point_v<T>)
        return std::abs(a - b) <= 1e-9 * std::max({T{1}, std::abs(a), std::abs(b)});
    else if constexpr (requires { a == b; })
        return a == b;
    else
        return same(rowan::reflect::tie(a), rowan::reflect::tie(b));
}
template <class T>
bool same(const std::optional<T>& a, const std::optional<T>& b) {
    return a.has_value() == b.has_value() && (!a || same(*a, *b));
}
template <class... T>
bool same(const std::tuple<T...>& a, const std::tuple<T...>& b) {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
        return (same<std::remove_cvref_t<T>>(std::get<I>(a), std::get<I>(b)) && ...);
    }(std::index_sequence_for<T...>{});
}

/// The rows of a typed query, which must be those of SQL that a person wrote, in the same order. No answer at all would
/// tell nothing, so there must be some.
template <class Query, class Sql, class... Arguments>
auto agreed(Shop& shop, const Query& query, Sql sql, const Arguments&... arguments) {
    using Row = typename Query::Row;
    INFO(query.sql());
    std::vector<Row> rows = rowan::must(query.all());
    const std::vector<Row> by_hand = rowan::must(shop.db.query<Row>(sql, arguments...));
    CHECK_FALSE(rows.empty());
    REQUIRE(rows.size() == by_hand.size());
    for (std::size_t i = 0; i != rows.size(); ++i) {
        INFO("row ", i);
        REQUIRE(same(rows[i], by_hand[i]));
    }
    return rows;
}

}  // namespace chinook
