#include <rowan/rowan.hpp>

#include <fstream>
#include <ranges>

#include "fresh.hpp"
#include "sanitizer.hpp"

namespace {

using rowan::asc;
using rowan::Code;
using rowan::col;

struct Tick {
    std::int64_t id{};
    std::string text{};
    double price{};
};

template <class Db>
struct Ticks : Fresh<Db> {
    rowan::Repository<Tick, typename Db::Connection> repository{this->connection};

    explicit Ticks(std::int64_t count) {
        rowan::must(repository.create_table());
        rowan::must(
            repository.insert(std::views::iota(std::int64_t{1}, count + 1) | std::views::transform([](std::int64_t i) {
                                  return Tick{i, "row " + std::to_string(i), static_cast<double>(i)};
                              })));
    }
};

// Sanitizers keep freed memory for a while, so what the process needs says nothing about the code.
constexpr bool memory_is_telling = !support::is_sanitized;

/// Kilobytes of memory that this process has at most had.
long peak_memory() {
    std::ifstream status{"/proc/self/status"};
    for (std::string word; status >> word;)
        if (word == "VmHWM:") {
            long kilobytes = 0;
            status >> kilobytes;
            return kilobytes;
        }
    return 0;
}

}  // namespace

TEST_CASE_TEMPLATE("for_each sees every row once, in order", Db, Sqlite, Postgres) {
    // Around the number of rows that travel at once.
    for (const std::int64_t count : {0, 1, 1999, 2000, 2001, 4000, 4001}) {
        CAPTURE(count);
        Ticks<Db> ticks{count};
        std::int64_t seen = 0;
        rowan::must(ticks.repository.order_by(asc<&Tick::id>).for_each([&](const Tick& tick) {
            if (tick.id != ++seen || tick.text != "row " + std::to_string(seen)) FAIL("a row is out of order");
        }));
        CHECK(seen == count);
        CHECK(ticks.connection.transaction_state() == rowan::TransactionState::idle);
    }
}

TEST_CASE_TEMPLATE("a stream can be left in the middle, and the connection goes on", Db, Sqlite, Postgres) {
    Ticks<Db> ticks{5000};
    auto query = ticks.repository.where(col<&Tick::id> > 10).order_by(asc<&Tick::id>);
    int seen = 0;
    rowan::must(query.for_each([&](const Tick&) { return ++seen < 3; }));
    CHECK(seen == 3);
    CHECK(rowan::must(ticks.repository.count()) == 5000);

    const rowan::Result<void> stopped = query.for_each([&](const Tick& tick) -> rowan::Result<void> {
        if (tick.id < 3000) return {};
        return rowan::Failure(rowan::Error{rowan::Category::data, Code::invalid_value, "enough"});
    });
    CHECK(error_of(stopped).message() == "enough");
    CHECK(rowan::must(ticks.repository.count()) == 5000);

    CHECK_THROWS_AS((void)query.for_each([](const Tick&) { throw std::runtime_error{"out"}; }), std::runtime_error);
    CHECK(rowan::must(ticks.repository.count()) == 5000);
    CHECK(ticks.connection.transaction_state() == rowan::TransactionState::idle);
}

TEST_CASE_TEMPLATE("a stream is a range", Db, Sqlite, Postgres) {
    Ticks<Db> ticks{4500};
    double sum = 0;
    std::int64_t count = 0;
    {
        auto stream = rowan::must(ticks.repository.where(col<&Tick::price> <= 4400).stream());
        for (rowan::Result<Tick>& tick : stream) {
            sum += rowan::must(tick).price;
            if (++count == 4300) break;
        }
        // It holds the connection as long as it lives.
        CHECK(error_of(ticks.repository.count()).code() == Code::wrong_handle);
    }
    CHECK(count == 4300);
    CHECK(sum > 0);
    CHECK(rowan::must(ticks.repository.count()) == 4500);

    auto whole = rowan::must(ticks.repository.query().stream());
    count = 0;
    for (rowan::Result<Tick>& tick : whole) count += tick.has_value() ? 1 : 0;
    CHECK(count == 4500);
    // At its end it has given the connection back.
    CHECK(rowan::must(ticks.repository.count()) == 4500);
}

TEST_CASE_TEMPLATE("inside a transaction other statements run while a stream is read", Db, Sqlite, Postgres) {
    Ticks<Db> ticks{3000};
    rowan::must(ticks.connection.transaction([&](auto& tx) -> rowan::Result<void> {
        auto inside = rowan::repository<Tick>(tx);
        std::int64_t changed = 0;
        rowan::must(inside.where(col<&Tick::id> <= 2500).order_by(asc<&Tick::id>).for_each([&](const Tick& tick) {
            if (tick.id % 100 == 0) {
                rowan::must(inside.patch(tick.id, rowan::set<& Tick::text> = "seen"));
                ++changed;
            }
        }));
        CHECK(changed == 25);
        CHECK(rowan::must(inside.where(col<&Tick::text> == "seen").count()) == 25);
        // Streams inside streams.
        std::int64_t pairs = 0;
        rowan::must(inside.limit(3).for_each(
            [&](const Tick&) { rowan::must(inside.limit(2).for_each([&](const Tick&) { ++pairs; })); }));
        CHECK(pairs == 6);
        return {};
    }));
    CHECK(rowan::must(ticks.repository.where(col<&Tick::text> == "seen").count()) == 25);
}

namespace {

struct Copy {
    std::int64_t id{};
    std::string text{};
};

/// What a stream gives, changed by `fn`.
template <class Row, class Fn>
auto changed(rowan::Stream<Row>& stream, Fn fn) {
    return stream | std::views::transform([fn](rowan::Result<Row>& row) { return fn(rowan::must(row)); });
}

}  // namespace

TEST_CASE_TEMPLATE("inside a transaction a table is streamed into another one", Db, Sqlite, Postgres) {
    Ticks<Db> ticks{3000};
    rowan::must(rowan::repository<Copy>(ticks.connection).create_table());
    const auto copied = ticks.connection.transaction([&](auto& tx) -> rowan::Result<std::size_t> {
        auto stream = rowan::must(rowan::repository<Tick>(tx).order_by(asc<&Tick::id>).stream());
        return rowan::repository<Copy>(tx).insert(changed(stream, [](const Tick& tick) {
            return Copy{tick.id, "copy of " + tick.text};
        }));
    });
    CHECK(rowan::must(copied) == 3000);
    auto copies = rowan::repository<Copy>(ticks.connection);
    CHECK(rowan::must(copies.get(3000)).text == "copy of row 3000");
    CHECK(rowan::must(copies.where(col<&Copy::text>.starts_with("copy of row ")).count()) == 3000);
    CHECK(rowan::must(ticks.repository.count()) == 3000);
}

TEST_CASE_TEMPLATE("rows that have just come are erased and changed while others are still to come", Db, Sqlite,
                   Postgres) {
    Ticks<Db> ticks{2500};
    std::int64_t seen = 0;
    rowan::must(ticks.connection.transaction([&](auto& tx) -> rowan::Result<void> {
        auto inside = rowan::repository<Tick>(tx);
        return inside.order_by(asc<&Tick::id>).for_each([&](const Tick& tick) {
            CHECK(tick.id == ++seen);
            if (tick.id % 2 == 0)
                CHECK(rowan::must(inside.erase(tick.id)));
            else
                rowan::must(inside.patch_only(tick.id, rowan::set<& Tick::price> = -1.0));
        });
    }));
    CHECK(seen == 2500);
    CHECK(rowan::must(ticks.repository.count()) == 1250);
    CHECK(rowan::must(ticks.repository.where(col<&Tick::price> == -1.0).count()) == 1250);
}

TEST_CASE("a PostgreSQL table is streamed into itself: the rows are those of the beginning") {
    // For SQLite, which may give the new ones as well, see Stream.
    Ticks<Postgres> ticks{3000};
    const auto copied = ticks.connection.transaction([&](auto& tx) -> rowan::Result<std::size_t> {
        auto inside = rowan::repository<Tick>(tx);
        auto stream = rowan::must(inside.order_by(asc<&Tick::id>).stream());
        return inside.insert(changed(stream, [](const Tick& tick) {
            return Tick{tick.id + 3000, tick.text, tick.price};
        }));
    });
    CHECK(rowan::must(copied) == 3000);
    CHECK(rowan::must(ticks.repository.count()) == 6000);
}

TEST_CASE_TEMPLATE("outside a transaction the connection's own handle refuses while a stream is read", Db, Sqlite,
                   Postgres) {
    Ticks<Db> ticks{10};
    rowan::must(ticks.repository.query().for_each(
        [&](const Tick& tick) { CHECK(error_of(ticks.repository.get(tick.id)).code() == Code::wrong_handle); }));
    CHECK(rowan::must(ticks.repository.get(1)).id == 1);
}

TEST_CASE_TEMPLATE("what a stream cannot read or send is an error, once", Db, Sqlite, Postgres) {
    Ticks<Db> ticks{10};
    ticks.execute("ALTER TABLE tick RENAME COLUMN price TO gone");
    CHECK(error_of(ticks.repository.query().for_each([](const Tick&) {})).code() == Code::undefined_column);
    ticks.execute("ALTER TABLE tick RENAME COLUMN gone TO price");
    CHECK(error_of(ticks.repository.where(col<&Tick::id> == ~std::uint64_t{0}).for_each([](const Tick&) {})).code() ==
          Code::value_out_of_range);
    CHECK(error_of(ticks.repository.where(col<&Tick::id> == ~std::uint64_t{0}).stream()).code() ==
          Code::value_out_of_range);
    ticks.execute("CREATE VIEW broken AS SELECT id, CASE WHEN id = 5 THEN NULL ELSE text END AS text FROM tick");
    struct Broken {
        std::int64_t id{};
        std::string text{};
    };
    auto stream = rowan::must(rowan::from<Broken>(ticks.connection).order_by(asc<&Broken::id>).stream());
    int good = 0;
    int bad = 0;
    for (rowan::Result<Broken>& row : stream) {
        if (row)
            ++good;
        else
            CHECK(row.error().column() == "text");
        bad += row ? 0 : 1;
    }
    CHECK(good == 4);
    CHECK(bad == 1);
    CHECK(rowan::must(ticks.repository.count()) == 10);
}

TEST_CASE("a million rows from PostgreSQL need less than 50 MB") {
    Fresh<Postgres> fresh;
    fresh.execute("CREATE VIEW tick AS SELECT i AS id, 'row ' || i AS text, i * 1.0::double precision AS price "
                  "FROM generate_series(1::bigint, 1000000) AS i");
    // Forgets what earlier tests needed: proc(5).
    std::ofstream{"/proc/self/clear_refs"} << "5";
    const long before = peak_memory();
    std::int64_t count = 0;
    rowan::must(
        rowan::from<Tick>(fresh.connection).for_each([&](const Tick& tick) { count += tick.text.empty() ? 0 : 1; }));
    CHECK(count == 1'000'000);
    if (memory_is_telling) CHECK(peak_memory() - before < 50 * 1024);
}
