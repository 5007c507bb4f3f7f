#include <rowan/rowan.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <ranges>
#include <stdexcept>
#include <string>
#include <vector>

#include "fresh.hpp"
#include "recorder.hpp"

/// Ranges of so many rows that PostgreSQL is sent them by COPY, from the second thousand on.
namespace {

using rowan::Code;
using namespace std::chrono_literals;

struct Fill {
    std::int64_t id{};
    std::string symbol{};
    std::int64_t size{};
    double price{};
    std::optional<rowan::Timestamp> at{};

    friend bool operator==(const Fill&, const Fill&) = default;
};

constexpr std::int64_t count = 5000;

Fill fill(std::int64_t i) {
    Fill made{.id = i, .symbol = "s" + std::to_string(i), .size = i % 100, .price = static_cast<double>(i) / 4};
    if (i % 3 != 0) made.at = rowan::Timestamp{std::chrono::milliseconds{i}};
    return made;
}

/// Rows 1 to `count`, made on the way, with a look at each before it goes in.
template <class Look>
auto fills(Look look) {
    return std::views::iota(std::int64_t{1}, count + 1) | std::views::transform([look](std::int64_t i) {
               Fill made = fill(i);
               look(made);
               return made;
           });
}

template <class Db>
struct Fills : Fresh<Db> {
    rowan::Repository<Fill, typename Db::Connection> repository{this->connection};

    explicit Fills(const std::string& table = "") {
        if (table.empty())
            rowan::must(repository.create_table());
        else
            this->execute("CREATE TABLE fill " + table);
    }

    rowan::Result<std::size_t> insert() {
        return repository.insert(fills([](const Fill&) {}));
    }

    /// Nothing is stored, and the connection works as before.
    void check_untouched() {
        CHECK(rowan::must(repository.count()) == 0);
        CHECK(this->connection.transaction_state() == rowan::TransactionState::idle);
        rowan::must(repository.insert(fill(1)));
    }
};

/// How the rows have travelled: the statements without those of the transaction.
std::vector<Seen> journey(Fills<Postgres>& fills) {
    const auto recorder = std::make_shared<Recorder>(true);
    fills.connection.observe(recorder);
    CHECK(rowan::must(fills.insert()) == count);
    fills.connection.observe(nullptr);
    std::vector<Seen> seen;
    for (const Seen& one : recorder->take())
        if (one.kind == rowan::StatementKind::statement) seen.push_back(one);
    return seen;
}

bool are_copied(Fills<Postgres>& fills) {
    for (const Seen& seen : journey(fills))
        if (seen.text.starts_with("COPY ")) return true;
    return false;
}

constexpr const char* as_declared =
    "(id bigint PRIMARY KEY, symbol text NOT NULL, size bigint NOT NULL, price float8 NOT NULL, at timestamptz)";

}  // namespace

TEST_CASE_TEMPLATE("an error names the row of a long range", Db, Sqlite, Postgres) {
    Fills<Db> fills;
    std::vector<Fill> rows;
    for (std::int64_t i = 1; i <= count; ++i) rows.push_back(fill(i));

    SUBCASE("a key that is there twice") {
        rows[4321].id = 17;
        const rowan::Error error = error_of(fills.repository.insert(rows));
        CHECK(error.code() == Code::unique_violation);
        CHECK(error.column() == "id");
        CHECK(error.row() == 4321);
    }
    SUBCASE("a value that its column cannot hold") {
        rows[4999].at = rowan::Timestamp::min();
        rows[4998].price = std::numeric_limits<double>::quiet_NaN();
        const rowan::Error error = error_of(fills.repository.insert(rows));
        CHECK(error.row() == (Db::is_sqlite ? 4998 : 4999));
        CHECK(error.column() == (Db::is_sqlite ? "price" : "at"));
    }
    SUBCASE("not the row that is not to blame") {
        fills.execute("DROP TABLE fill");
        const rowan::Error error = error_of(fills.repository.insert(rows));
        CHECK(error.code() == Code::undefined_table);
        CHECK_FALSE(error.row());
        rowan::must(fills.repository.create_table());
    }
    fills.check_untouched();
}

TEST_CASE_TEMPLATE("long runs with and without keys of their own keep their order", Db, Sqlite, Postgres) {
    Fills<Db> fills;
    std::vector<Fill> rows;
    // The database makes 1 to 2000, which come again as keys of their own, lifted.
    for (const std::int64_t lift : {0, 10'000, 0})
        for (std::int64_t i = 1; i <= 2000; ++i) {
            rows.push_back(fill(i));
            rows.back().id = lift == 0 ? 0 : lift + i;
        }
    if constexpr (Db::is_sqlite)
        // A key that is left out follows the largest one.
        for (std::size_t i = 2000; i != 4000; ++i) rows[i].id -= 5000;
    CHECK(rowan::must(fills.repository.insert(rows)) == rows.size());

    const std::vector<Fill> stored = rowan::must(fills.repository.order_by(rowan::asc<&Fill::id>).all());
    REQUIRE(stored.size() == rows.size());
    std::size_t wrong = 0;
    for (std::size_t i = 0; i != 2000; ++i) {
        if (stored[i].id != static_cast<std::int64_t>(i) + 1 || stored[i].symbol != rows[i].symbol) ++wrong;
        const std::size_t own = Db::is_sqlite ? i + 2000 : i + 4000;
        const std::size_t last = Db::is_sqlite ? i + 4000 : i + 2000;
        if (!(stored[own] == rows[i + 2000])) ++wrong;
        if (stored[last].symbol != rows[i + 4000].symbol) ++wrong;
    }
    CHECK(wrong == 0);
}

TEST_CASE_TEMPLATE("a range that throws, or uses its connection on the way, harms nobody", Db, Sqlite, Postgres) {
    Fills<Db> fills;
    SUBCASE("throws") {
        CHECK_THROWS_AS((void)fills.repository.insert(::fills([](const Fill& made) {
            if (made.id == 4000) throw std::runtime_error{"no more rows"};
        })),
                        std::runtime_error);
        fills.check_untouched();
    }
    SUBCASE("asks another question of the same transaction") {
        std::int64_t seen = 0;
        rowan::must(fills.connection.transaction([&](auto& tx) -> rowan::Result<void> {
            const auto ask = [&](const Fill& made) {
                if (made.id % 1500 != 0) return;
                // Below the transaction of the range, so past the scopes.
                if constexpr (!Db::is_sqlite) {
                    const rowan::postgres::OwnedResult answer{PQexec(fills.connection.native(), "SELECT 1")};
                    seen += PQresultStatus(answer.get()) == PGRES_TUPLES_OK ? 1 : 0;
                } else {
                    ++seen;
                }
            };
            auto stored = rowan::repository<Fill>(tx).insert(::fills(ask));
            if (!stored) return rowan::Failure(stored.error());
            CHECK(*stored == count);
            return {};
        }));
        CHECK(seen == 3);
        CHECK(rowan::must(fills.repository.count()) == count);
    }
}

TEST_CASE("a long range goes by INSERT first, then by COPY, all in one transaction") {
    Fills<Postgres> fills;
    const std::vector<Seen> seen = journey(fills);
    REQUIRE(seen.size() == 3);
    CHECK(seen[0].text.starts_with("INSERT INTO \"fill\""));
    CHECK(seen[0].rows == 1000);
    CHECK(seen[1].text.starts_with("SELECT"));
    CHECK(seen[2].text == R"(COPY "fill" ("id", "symbol", "size", "price", "at") FROM STDIN (FORMAT binary))");
    CHECK(seen[2].is_constant);
    CHECK(seen[2].rows == count - 1000);
    CHECK(seen[2].values == std::vector<std::string>{"(4000 rows)"});
    CHECK(rowan::must(fills.repository.get(4567)) == fill(4567));
    CHECK(rowan::must(fills.repository.get(4566)) == fill(4566));
}

TEST_CASE("a range of many megabytes goes in pieces, between which its connection is free") {
    Fills<Postgres> fills;
    constexpr std::size_t long_text = 3000;
    const auto rows = [&](auto look) {
        return ::fills([&, look](Fill& made) {
            made.symbol.resize(long_text, '.');
            look(made);
        });
    };
    const auto recorder = std::make_shared<Recorder>(true);
    fills.connection.observe(recorder);
    std::size_t busy = 0;
    CHECK(rowan::must(fills.repository.insert(rows([&](const Fill&) {
              busy += PQtransactionStatus(fills.connection.native()) != PQTRANS_INTRANS;
          }))) == count);
    fills.connection.observe(nullptr);
    CHECK(busy == 0);
    std::int64_t copied = 0;
    std::int64_t largest = 0;
    std::size_t pieces = 0;
    for (const Seen& seen : recorder->take())
        if (seen.text.starts_with("COPY ")) {
            ++pieces;
            copied += seen.rows;
            largest = std::max(largest, seen.rows);
        }
    CHECK(copied == count - 1000);
    CHECK(pieces >= 3);
    // What is held in memory meanwhile.
    CHECK(static_cast<std::size_t>(largest) * long_text < std::size_t{1} << 22);
    CHECK(rowan::must(fills.repository.get(4999)).symbol.starts_with("s4999."));

    rowan::must(fills.repository.everywhere().erase());
    const rowan::Error error = error_of(fills.repository.insert(rows([](Fill& made) {
        if (made.id == 4322) made.id = 3017;
    })));
    CHECK(error.code() == Code::unique_violation);
    CHECK(error.row() == 4321);
    fills.check_untouched();
}

TEST_CASE("COPY writes the types that the columns really have") {
    Fills<Postgres> fills{
        "(at timestamp, id int PRIMARY KEY, gone text, symbol varchar(5) NOT NULL, note text DEFAULT 'none', "
        "size smallint NOT NULL, price real NOT NULL)"};
    fills.execute("ALTER TABLE fill DROP COLUMN gone");
    CHECK(are_copied(fills));
    std::size_t wrong = 0;
    for (const Fill& stored : rowan::must(fills.repository.all())) wrong += stored == fill(stored.id) ? 0 : 1;
    CHECK(wrong == 0);
    CHECK(rowan::must(fills.connection.query<std::int64_t>(
              rowan::sql<"SELECT count(*) FROM fill WHERE note = 'none'">)) == std::vector<std::int64_t>{count});

    rowan::must(fills.repository.everywhere().erase());
    const auto refused = [&](auto change) {
        const rowan::Error error = error_of(fills.repository.insert(::fills([&](Fill& made) {
            if (made.id == 3000) change(made);
        })));
        CHECK(error.row() == 2999);
        CHECK(error.category() == rowan::Category::data);
        return error;
    };
    const auto check_range = [&](const char* column, auto change) {
        const rowan::Error error = refused(change);
        CHECK(error.code() == Code::value_out_of_range);
        CHECK(error.column() == column);
    };
    check_range("id", [](Fill& made) { made.id = std::int64_t{1} << 31; });
    check_range("size", [](Fill& made) { made.size = -32769; });
    check_range("price", [](Fill& made) { made.price = 0x1.ffffffp127; });
    check_range("price", [](Fill& made) { made.price = -1e300; });
    check_range("price", [](Fill& made) { made.price = 1e-60; });
    CHECK(refused([](Fill& made) { made.symbol = "longer"; }).native_code() == "22001");
    CHECK(refused([](Fill& made) { made.symbol = std::string{"a\0b", 3}; }).code() == Code::invalid_text);
    fills.check_untouched();

    // The ends of the ranges, which fit.
    rowan::must(fills.repository.everywhere().erase());
    rowan::must(fills.repository.insert(::fills([](Fill& made) {
        if (made.id == 3000) made.price = std::numeric_limits<float>::max();
        if (made.id == 3001) made.price = std::numeric_limits<double>::infinity();
        if (made.id == 3002) made.size = -32768;
        if (made.id == 3003) made.symbol = "sp   ";
    })));
    CHECK(rowan::must(fills.repository.get(3000)).price == std::numeric_limits<float>::max());
    CHECK(rowan::must(fills.repository.get(3001)).price == std::numeric_limits<double>::infinity());
    CHECK(rowan::must(fills.repository.get(3002)).size == -32768);
    CHECK(rowan::must(fills.repository.get(3003)).symbol == "sp   ");
}

TEST_CASE("COPY writes integers as numeric, and into domains") {
    Fills<Postgres> fills{
        "(id numeric PRIMARY KEY, symbol text NOT NULL, size numeric(19) NOT NULL, price float8 NOT NULL, at "
        "timestamptz)"};
    fills.execute("CREATE DOMAIN odd AS text CHECK (value <> 's3333'); ALTER TABLE fill ALTER symbol TYPE odd");
    constexpr std::int64_t numbers[] = {0,
                                        1,
                                        -1,
                                        9999,
                                        10000,
                                        -10001,
                                        99'999'999,
                                        100'000'000,
                                        std::numeric_limits<std::int64_t>::max(),
                                        std::numeric_limits<std::int64_t>::min()};
    const auto number = [&](std::int64_t i) { return numbers[static_cast<std::size_t>(i) % std::size(numbers)]; };
    const auto rows = [&](bool odd) {
        return ::fills([&, odd](Fill& made) {
            made.size = number(made.id);
            if (!odd) made.symbol = "even";
        });
    };
    const rowan::Error error = error_of(fills.repository.insert(rows(true)));
    CHECK(error.code() == Code::check_violation);
    CHECK(error.row() == 3332);
    CHECK(rowan::must(fills.repository.insert(rows(false))) == count);
    std::size_t wrong = 0;
    for (const Fill& stored : rowan::must(fills.repository.all())) wrong += stored.size == number(stored.id) ? 0 : 1;
    CHECK(wrong == 0);
    CHECK(rowan::must(fills.connection.query<std::int64_t>(
              rowan::sql<"SELECT count(*) FROM fill WHERE size = -9223372036854775808">)) ==
          std::vector<std::int64_t>{count / 10});
}

TEST_CASE("where COPY does something else than INSERT, rows go by INSERT to the end") {
    Fills<Postgres> fills{as_declared};
    SUBCASE("a rule") {
        fills.execute("CREATE TABLE log (id bigint); CREATE RULE also AS ON INSERT TO fill DO ALSO INSERT INTO log "
                      "VALUES (new.id)");
        CHECK_FALSE(are_copied(fills));
        CHECK(rowan::must(fills.connection.query<std::int64_t>(rowan::sql<"SELECT count(*) FROM log">)).at(0) == count);
    }
    SUBCASE("a view") {
        fills.execute("ALTER TABLE fill RENAME TO kept; CREATE VIEW fill AS SELECT * FROM kept");
        CHECK_FALSE(are_copied(fills));
    }
    SUBCASE("rows that are hidden from some") {
        fills.execute("ALTER TABLE fill ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY; CREATE POLICY mine ON "
                      "fill USING (true); DROP ROLE IF EXISTS rowan_reader; CREATE ROLE rowan_reader; GRANT ALL ON "
                      "fill TO rowan_reader; GRANT USAGE ON SCHEMA " +
                      fills.database.schema() + " TO rowan_reader; SET ROLE rowan_reader");
        CHECK_FALSE(are_copied(fills));
        fills.execute("RESET ROLE; DROP OWNED BY rowan_reader; DROP ROLE rowan_reader");
    }
    SUBCASE("a type that only the server converts to") {
        fills.execute("ALTER TABLE fill ALTER price TYPE numeric");
        CHECK_FALSE(are_copied(fills));
        fills.execute("ALTER TABLE fill ALTER price TYPE float8");
    }
    SUBCASE("times without a zone, and a session with one") {
        fills.execute("ALTER TABLE fill ALTER at TYPE timestamp; SET TIME ZONE 'Asia/Tokyo'");
        CHECK_FALSE(are_copied(fills));
        fills.execute("ALTER TABLE fill ALTER at TYPE timestamptz");
    }
    CHECK(rowan::must(fills.repository.count()) == count);
    CHECK(rowan::must(fills.repository.get(4567)) == fill(4567));
}

TEST_CASE("triggers and partitions see the rows of a COPY, and the count is of those that were stored") {
    Fills<Postgres> fills{std::string{as_declared} + " PARTITION BY RANGE (id)"};
    fills.execute("CREATE TABLE low PARTITION OF fill FOR VALUES FROM (0) TO (2500); CREATE TABLE high PARTITION OF "
                  "fill FOR VALUES FROM (2500) TO (5000); CREATE TABLE rest PARTITION OF fill DEFAULT;"
                  "CREATE FUNCTION skip() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF new.size = 7 THEN RETURN "
                  "NULL; END IF; new.symbol := upper(new.symbol); RETURN new; END $$;"
                  "CREATE TRIGGER skip BEFORE INSERT ON fill FOR EACH ROW EXECUTE FUNCTION skip()");
    CHECK(rowan::must(fills.insert()) == count - count / 100);
    CHECK(rowan::must(fills.repository.count()) == count - count / 100);
    CHECK(rowan::must(fills.repository.get(4567)).symbol == "S4567");
    CHECK(rowan::must(fills.repository.find(4507)) == std::nullopt);

    SUBCASE("what a trigger raises is no row's fault, but it is told") {
        rowan::must(fills.repository.everywhere().erase());
        fills.execute("CREATE FUNCTION stop() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF new.id = 4000 THEN RAISE "
                      "'not this one'; END IF; RETURN new; END $$; CREATE TRIGGER stop BEFORE INSERT ON fill FOR EACH "
                      "ROW EXECUTE FUNCTION stop()");
        const rowan::Error error = error_of(fills.insert());
        CHECK(error.code() == Code::raised);
        CHECK(error.message() == "not this one");
        fills.check_untouched();
    }
}

TEST_CASE("a COPY in a savepoint is undone with it, and an error leaves the transaction around usable") {
    Fills<Postgres> fills;
    rowan::must(fills.connection.transaction([&](auto& tx) -> rowan::Result<void> {
        auto inside = rowan::repository<Fill>(tx);
        rowan::must(inside.insert(fill(4000)));
        const rowan::Error error = error_of(inside.insert(::fills([](const Fill&) {})));
        CHECK(error.code() == Code::unique_violation);
        CHECK(error.row() == 3999);
        CHECK(rowan::must(inside.count()) == 1);
        return {};
    }));
    CHECK(rowan::must(fills.repository.count()) == 1);
}

TEST_CASE("a COPY keeps to the transaction's time, and a lost connection is not in doubt") {
    Fills<Postgres> fills;
    SUBCASE("the server stops it") {
        fills.execute("CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF new.id = 4000 THEN "
                      "PERFORM pg_sleep(20); END IF; RETURN new; END $$;"
                      "CREATE TRIGGER slow BEFORE INSERT ON fill FOR EACH ROW EXECUTE FUNCTION slow()");
        const auto stored = fills.connection.transaction({.timeout = 500ms}, [&](auto& tx) {
            return rowan::repository<Fill>(tx).insert(::fills([](const Fill&) {}));
        });
        CHECK(error_of(stored).code() == Code::timeout);
        fills.execute("DROP TRIGGER slow ON fill");
        fills.check_untouched();
    }
    SUBCASE("the connection goes") {
        fills.execute("CREATE FUNCTION gone() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF new.id = 4000 THEN "
                      "PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(5); END IF; RETURN new; END $$;"
                      "CREATE TRIGGER gone BEFORE INSERT ON fill FOR EACH ROW EXECUTE FUNCTION gone()");
        const rowan::Error error = error_of(fills.insert());
        CHECK(error.code() == Code::disconnect);
        CHECK(error.retryable());
        auto other = fills.connect();
        CHECK(rowan::must(rowan::repository<Fill>(other).count()) == 0);
    }
}

TEST_CASE_TEMPLATE("a short range is one statement, and all or nothing as well", Db, Sqlite, Postgres) {
    Fills<Db> fills;
    const auto recorder = std::make_shared<Recorder>();
    fills.connection.observe(recorder);
    const auto journey = [&](const auto& insert) {
        (void)recorder->take();
        rowan::must(insert());
        return kinds(recorder->take());
    };
    const std::vector<Fill> first{fill(11), fill(12), fill(13)};
    // On SQLite a trigger could fail and keep the rows before; the first time, the table is looked at.
    CHECK(journey([&] { return fills.repository.insert(first); }) == (Db::is_sqlite ? "BEGIN, ?, COMMIT" : "?"));
    CHECK(journey([&] { return fills.repository.insert(std::vector{fill(14), fill(15)}); }) == "?");
    if constexpr (!Db::is_sqlite) {
        // A view makes its items on the way, and may look at the connection meanwhile.
        const auto made = std::views::iota(20, 22) | std::views::transform([](int i) { return fill(i); });
        CHECK(journey([&] { return fills.repository.insert(made); }) == "BEGIN, ?, COMMIT");
        // Two statements.
        CHECK(journey([&] {
                  return fills.repository.insert(std::vector{fill(40), fill(0)});
              }) == "BEGIN, ?, ?, COMMIT");
        CHECK(journey([&] {
                  return fills.connection.transaction(
                      [&](auto& tx) { return rowan::repository<Fill>(tx).insert(std::vector{fill(30)}); });
              }) == "BEGIN, SAVEPOINT, ?, RELEASE SAVEPOINT, COMMIT");
        CHECK(rowan::must(fills.repository.count()) == 10);
    }
    CHECK(rowan::must(fills.repository.insert(std::vector<Fill>{})) == 0);

    const std::int64_t before = rowan::must(fills.repository.count());
    const rowan::Error error = error_of(fills.repository.insert(std::vector{fill(100), fill(12), fill(101)}));
    CHECK(error.code() == Code::unique_violation);
    Fill late = fill(103);
    late.at = rowan::Timestamp::min();
    if constexpr (!Db::is_sqlite) CHECK(error_of(fills.repository.insert(std::vector{fill(102), late})).row() == 1);
    CHECK(rowan::must(fills.repository.count()) == before);

    constexpr auto skip = rowan::on_conflict<&Fill::id>.do_nothing();
    const std::vector<Fill> again{fill(11), fill(200), fill(200), fill(201)};
    const rowan::UpsertCounts counts = rowan::must(fills.repository.upsert(again, skip));
    CHECK(counts.inserted == 2);
    CHECK(counts.updated == 0);
    CHECK(counts.unchanged == 2);
    CHECK(rowan::must(fills.repository.upsert(fill(200), skip)) == rowan::Upserted::unchanged);
    CHECK(rowan::must(fills.repository.upsert(fill(202), skip)) == rowan::Upserted::inserted);
    CHECK(rowan::must(fills.repository.count()) == before + 3);
}

TEST_CASE_TEMPLATE("a key that comes twice in an upsert keeps its last row, and an error names its own", Db, Sqlite,
                   Postgres) {
    Fills<Db> fills;
    fills.execute(Db::is_sqlite ? "CREATE TRIGGER few BEFORE INSERT ON fill WHEN new.size > 100 BEGIN SELECT "
                                  "RAISE(ABORT, 'too many'); END"
                                : "ALTER TABLE fill ADD CHECK (size <= 100)");
    std::vector<Fill> rows;
    for (std::int64_t i = 1; i <= 1500; ++i) rows.push_back(fill(i));
    rows.push_back(fill(1200));
    rows.back().symbol = "last";
    rows.back().at.reset();
    constexpr auto overwrite = rowan::on_conflict<&Fill::id>.do_update();
    const rowan::UpsertCounts counts = rowan::must(fills.repository.upsert(rows, overwrite));
    CHECK(counts.inserted == 1500);
    CHECK(counts.updated == 1);
    CHECK(rowan::must(fills.repository.get(1200)) == rows.back());
    CHECK(rowan::must(fills.repository.get(1199)) == fill(1199));

    // Behind the second of the two, so that the rows are tried one by one before.
    rows.push_back(fill(1600));
    rows.back().size = 101;
    const rowan::Error error = error_of(fills.repository.upsert(rows, overwrite));
    CHECK(error.category() == rowan::Category::integrity);
    // What a trigger raises is no row's.
    CHECK(error.row() == (Db::is_sqlite ? std::optional<std::size_t>{} : 1501));
    CHECK(rowan::must(fills.repository.count()) == 1500);
}
