#include <rowan/rowan.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <sys/socket.h>
#include <tuple>
#include <utility>
#include <vector>

#include "fresh.hpp"
#include "recorder.hpp"

// A statement that gave 100,000 rows or more the last time is read row by row, as they arrive by COPY. Only PostgreSQL
// has that: SQLite makes each row when it is asked for.

namespace {

/// Calls what a test wants to happen when it is read.
struct Bell {
    std::int64_t number{};

    friend bool operator==(const Bell&, const Bell&) = default;
};
std::function<void(std::int64_t)> on_read;

struct Line {
    std::int64_t id{};
    std::optional<std::string> note{};
    Bell bell{};

    friend bool operator==(const Line&, const Line&) = default;
};

/// One of each type that a column may have, as a view gives them.
struct Kinds {
    std::int64_t id{};
    std::optional<bool> flag{};
    std::optional<std::int64_t> big{}, small{}, exact{};
    std::optional<double> real{}, narrow{};
    std::optional<std::string> text{}, padded{}, number{}, uuid{}, json{}, empty{};
    std::optional<std::vector<std::byte>> bytes{};
    std::optional<rowan::Timestamp> time{}, local{};
    std::optional<std::chrono::year_month_day> day{};

    friend bool operator==(const Kinds&, const Kinds&) = default;
};

}  // namespace

template <>
struct rowan::Type<Bell> {
    static constexpr ColumnType column = ColumnType::int64;

    template <class Sink>
    static Fault write(Sink& sink, Bell bell) {
        return Type<std::int64_t>::write(sink, bell.number);
    }
    template <class Cell>
    static Fault read(const Cell& cell, Bell& bell) {
        const Fault fault = Type<std::int64_t>::read(cell, bell.number);
        if (fault == Fault::none && on_read) on_read(bell.number);
        return fault;
    }
};

template <>
inline constexpr auto rowan::table<Kinds> = rowan::describe<Kinds>("kinds");

template <>
inline constexpr auto rowan::table<Line> = rowan::describe<Line>("lines");

namespace {

using rowan::Code;
using rowan::col;
using rowan::Error;
using rowan::Result;
using rowan::sql;
using namespace std::chrono_literals;

constexpr std::int64_t many = 120'000;
constexpr std::int64_t trouble = 110'000;

/// Lines from 1 to 120,000. Every third has no note. What the table `trouble` names happens in line 110,000.
struct Lines : Fresh<Postgres> {
    rowan::Repository<Line, rowan::postgres::Connection> lines{connection};

    Lines() {
        execute("CREATE TABLE trouble (kind text NOT NULL); INSERT INTO trouble VALUES ('none');"
                "CREATE TABLE parent (id int PRIMARY KEY);"
                "CREATE TABLE child (id int REFERENCES parent DEFERRABLE INITIALLY DEFERRED);"
                "CREATE FUNCTION met(kind text) RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN "
                "IF kind = 'zero' THEN RETURN 1 / 0; END IF;"
                "IF kind = 'sleep' THEN PERFORM pg_sleep(20); END IF;"
                "IF kind = 'end' THEN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(20); END IF;"
                "IF kind = 'null' THEN RETURN NULL; END IF;"
                "IF kind = 'late' THEN INSERT INTO child VALUES (1); END IF;"
                "RETURN 110000; END $$;"
                "CREATE VIEW lines AS SELECT n::bigint AS id, CASE WHEN n % 3 <> 0 THEN 'line ' || n END AS note, "
                "CASE WHEN n = 110000 THEN met((SELECT kind FROM trouble)) ELSE n END::bigint AS bell "
                "FROM generate_series(1, 120000) AS n");
    }
    ~Lines() { on_read = nullptr; }

    void expect(const std::string& kind) { execute("UPDATE trouble SET kind = '" + kind + "'"); }

    template <class Db>
    static Result<std::vector<Line>> up_to(Db& db, std::int64_t last) {
        return rowan::repository<Line>(db).where(col<&Line::id> <= last).all();
    }
    /// The next of them arrives row by row.
    void warm_up() { REQUIRE(rowan::must(up_to(connection, many)).size() == many); }

    /// Are these the lines up to `last`?
    static bool are_up_to(const std::vector<Line>& found, std::int64_t last) {
        std::int64_t expected = 0;
        for (const Line& line : found) {
            ++expected;
            const auto note = expected % 3 != 0 ? std::optional{"line " + std::to_string(expected)} : std::nullopt;
            if (line != Line{expected, note, {expected}}) return false;
        }
        return expected == last;
    }
    /// Does it work as before, with the statement that has failed as well?
    void check_usable() {
        on_read = nullptr;
        expect("none");
        CHECK(connection.transaction_state() == rowan::TransactionState::idle);
        CHECK(are_up_to(rowan::must(up_to(connection, 7)), 7));
        CHECK(are_up_to(rowan::must(up_to(connection, many)), many));
    }
};

}  // namespace

TEST_CASE("a statement gives the same rows however many it gave the last time, and needs no more room than they do") {
    Lines lines;
    std::int64_t arriving = 0;
    on_read = [&](std::int64_t) { arriving += PQtransactionStatus(lines.connection.native()) == PQTRANS_ACTIVE; };
    for (const std::int64_t last :
         {std::int64_t{5}, many, many, std::int64_t{7}, many, std::int64_t{0}, std::int64_t{9}}) {
        CAPTURE(last);
        const std::vector<Line> found = rowan::must(Lines::up_to(lines.connection, last));
        CHECK(Lines::are_up_to(found, last));
        CHECK(found.capacity() == found.size());
    }
    // The second of two, and what came behind many.
    CHECK(arriving == many + 7);
    CHECK(lines.connection.transaction_state() == rowan::TransactionState::idle);

    const auto tuples = [&](std::int64_t last) {
        return rowan::must(lines.connection.query<std::tuple<std::int64_t, std::optional<std::string>>>(
            sql<"SELECT id, note FROM lines WHERE id <= $1">, last));
    };
    for (const std::int64_t last : {many, many, std::int64_t{4}}) {
        const auto found = tuples(last);
        REQUIRE(found.size() == static_cast<std::size_t>(last));
        CHECK(found.back() == std::tuple{last, last == 4 ? std::optional<std::string>{"line 4"} : std::nullopt});
        CHECK(found.capacity() == found.size());
    }
}

TEST_CASE("an error in the middle of many rows gives none of them, and the connection goes on") {
    Lines lines;
    lines.warm_up();
    lines.expect("zero");
    const Error error = error_of(Lines::up_to(lines.connection, many));
    CHECK(error.category() == rowan::Category::data);
    CHECK(error.native_code() == "22012");
    CHECK(error.statement().starts_with("SELECT"));
    lines.check_usable();

    SUBCASE("it may come behind the last row, when the statement commits") {
        lines.expect("late");
        CHECK(error_of(Lines::up_to(lines.connection, many)).code() == Code::foreign_key_violation);
        lines.check_usable();
    }
    SUBCASE("a transaction is broken by it, and rolled back") {
        const auto failed = lines.connection.transaction([&](auto& tx) {
            rowan::must(tx.execute(sql<"UPDATE trouble SET kind = 'zero'">));
            auto found = Lines::up_to(tx, many);
            CHECK(error_of(Lines::up_to(tx, 3)).code() == Code::transaction_aborted);
            return found;
        });
        CHECK(error_of(failed).native_code() == "22012");
        CHECK(Lines::are_up_to(rowan::must(Lines::up_to(lines.connection, many)), many));
    }
    SUBCASE("a savepoint keeps it from the transaction around") {
        lines.expect("zero");
        CHECK(rowan::must(lines.connection.transaction([&](auto& tx) -> Result<std::int64_t> {
                  rowan::must(Lines::up_to(tx, trouble - 1));
                  const auto failed = tx.transaction([&](auto& inner) { return Lines::up_to(inner, many); });
                  CHECK(error_of(failed).native_code() == "22012");
                  return static_cast<std::int64_t>(rowan::must(Lines::up_to(tx, trouble - 1)).size());
              })) == trouble - 1);
        lines.check_usable();
    }
}

TEST_CASE("many rows keep to the time that a statement and a transaction have") {
    Lines lines;
    lines.warm_up();
    lines.expect("sleep");
    lines.execute("SET statement_timeout = '1s'");
    CHECK(error_of(Lines::up_to(lines.connection, many)).code() == Code::cancelled);
    lines.execute("SET statement_timeout = 0");
    lines.check_usable();

    lines.expect("sleep");
    const auto late = lines.connection.transaction({.timeout = 1s}, [&](auto& tx) { return Lines::up_to(tx, many); });
    CHECK(error_of(late).code() == Code::timeout);
    lines.check_usable();
}

TEST_CASE("a connection that is lost in the middle of many rows is known to be gone") {
    Lines lines;
    lines.warm_up();
    lines.expect("end");
    const Error ended = error_of(Lines::up_to(lines.connection, many));
    CHECK(ended.code() == Code::disconnect);
    CHECK(ended.native_code() == "57P01");
    CHECK(ended.retryable());
    CHECK(lines.connection.state() == rowan::ConnectionState::broken);

    lines.connection = lines.connect();
    lines.expect("none");
    lines.warm_up();
    on_read = [&](std::int64_t number) {
        if (number == trouble) ::shutdown(PQsocket(lines.connection.native()), SHUT_RDWR);
    };
    const Error cut = error_of(Lines::up_to(lines.connection, many));
    CHECK(cut.code() == Code::disconnect);
    CHECK(cut.retryable());
    CHECK(lines.connection.state() == rowan::ConnectionState::broken);

    lines.connection = lines.connect();
    lines.check_usable();
}

TEST_CASE("many rows can be left in the middle: one that cannot be read, and what is thrown meanwhile") {
    Lines lines;
    lines.warm_up();
    lines.expect("null");
    CHECK(error_of(Lines::up_to(lines.connection, many)).column() == "bell");
    lines.check_usable();
    on_read = [](std::int64_t number) {
        if (number == trouble) throw std::runtime_error{"enough"};
    };
    CHECK_THROWS_WITH(static_cast<void>(Lines::up_to(lines.connection, many)), "enough");
    lines.check_usable();
    CHECK_THROWS_WITH(static_cast<void>(lines.connection.transaction([&](auto& tx) {
                          on_read = [](std::int64_t number) {
                              if (number == trouble) throw std::runtime_error{"enough"};
                          };
                          return Lines::up_to(tx, many);
                      })),
                      "enough");
    lines.check_usable();
}

TEST_CASE("a statement that is sent while many rows arrive takes the line from them, and no row is lost silently") {
    Lines lines;
    lines.warm_up();
    on_read = [&](std::int64_t number) {
        if (number == trouble) CHECK(rowan::must(Lines::up_to(lines.connection, 3)).size() == 3);
    };
    CHECK(error_of(Lines::up_to(lines.connection, many)).code() == Code::misuse);
    lines.check_usable();

    // Its own rows may arrive as well.
    bool asked = false;
    on_read = [&](std::int64_t number) {
        if (number != trouble || std::exchange(asked, true)) return;
        CHECK(Lines::are_up_to(rowan::must(Lines::up_to(lines.connection, many)), many));
    };
    CHECK(error_of(Lines::up_to(lines.connection, many)).code() == Code::misuse);
    lines.check_usable();
}

TEST_CASE("values of every type come the same way when they arrive, NULL and empty ones as well") {
    Fresh<Postgres> fresh;
    fresh.execute(
        "CREATE VIEW kinds AS SELECT n::bigint AS id, n % 2 = 0 AS flag, n * 1000000007::bigint AS big, "
        "(n % 30000)::smallint AS small, (n * 1000000007::bigint)::numeric AS exact, n / 7.0::float8 AS real, "
        "(n / 4.0)::float4 AS narrow, 'text ' || n AS text, ('p' || n % 10)::char(4) AS padded, "
        "(n / 8.0)::numeric AS number, md5(n::text)::uuid AS uuid, jsonb_build_object('n', n) AS json, ''::varchar AS "
        "empty, CASE n % 5 WHEN 0 THEN '' ELSE decode(md5(n::text), 'hex') END AS bytes, to_timestamp(n) AS time, "
        "(to_timestamp(n) AT TIME ZONE 'UTC') AS local, date '2016-10-07' + n AS day "
        "FROM generate_series(1, 100000) AS n WHERE n % 3 <> 0 UNION ALL SELECT n, NULL, NULL, NULL, NULL, NULL, NULL, "
        "NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM generate_series(3, 150000, 3) AS n");
    const auto all = [&] { return rowan::must(rowan::repository<Kinds>(fresh.connection).all()); };
    const std::vector<Kinds> whole = all();
    REQUIRE(whole.size() > 100'000);
    CHECK(whole[0].empty == "");
    CHECK(whole[3].bytes == std::vector<std::byte>{});
    CHECK(whole[1].json == R"({"n": 2})");
    CHECK(!whole.back().text);
    CHECK(all() == whole);

    // A column of another type, and a value that has no place in the member, are found as well.
    fresh.execute("CREATE TABLE kind AS SELECT * FROM kinds; DROP VIEW kinds; ALTER TABLE kind RENAME TO kinds");
    CHECK(all().size() == whole.size());
    CHECK(all() == whole);
    fresh.execute("ALTER TABLE kinds ALTER big TYPE float8");
    CHECK(error_of(rowan::repository<Kinds>(fresh.connection).all()).column() == "big");
    fresh.execute("ALTER TABLE kinds ALTER big TYPE int4 USING 4, ALTER text TYPE varchar(3) USING NULL");
    const std::vector<Kinds> changed = all();
    REQUIRE(changed.size() == whole.size());
    CHECK(changed[0].big == 4);
    CHECK(changed[0].text == std::nullopt);
    CHECK(changed[0].json == whole[0].json);
}

TEST_CASE("a row may have more columns than there is room for at once") {
    Fresh<Postgres> fresh;
    using Wide = decltype([]<std::size_t... I>(std::index_sequence<I...>) {
        return std::tuple<decltype(I, std::int64_t{})...>{};
    }(std::make_index_sequence<34>{}));
    const auto check = [&](std::int64_t count) {
        const auto rows = rowan::must(fresh.connection.query<Wide>(
            sql<"SELECT n, n + 1, n + 2, n + 3, n + 4, n + 5, n + 6, n + 7, n + 8, n + 9, n + 10, n + 11, n + 12, n + "
                "13, n + 14, n + 15, n + 16, n + 17, n + 18, n + 19, n + 20, n + 21, n + 22, n + 23, n + 24, n + 25, n "
                "+ 26, n + 27, n + 28, n + 29, n + 30, n + 31, n + 32, n + 33 FROM generate_series(1, $1) AS n">,
            count));
        REQUIRE(rows.size() == static_cast<std::size_t>(count));
        CHECK(std::get<0>(rows.back()) == count);
        CHECK(std::get<31>(rows.back()) == count + 31);
        CHECK(std::get<32>(rows.back()) == count + 32);
        CHECK(std::get<33>(rows.back()) == count + 33);
    };
    for (const std::int64_t count : {1, 3, 100'000, 100'001, 2}) check(count);
}

TEST_CASE("in a transaction rows arrive only where the connection has seen that the server can do it") {
    Lines lines;
    bool arrives = false;
    on_read = [&](std::int64_t) { arrives = PQtransactionStatus(lines.connection.native()) == PQTRANS_ACTIVE; };
    const auto all_arrive = [&](auto& connection) {
        CHECK(rowan::must(rowan::repository<Line>(connection).all()).size() >= 100'000);
        return arrives;
    };
    const auto in_transaction = [&] {
        return rowan::must(
            lines.connection.transaction([&](auto& tx) -> rowan::Result<bool> { return all_arrive(tx); }));
    };
    CHECK(!in_transaction());
    CHECK(!in_transaction());
    CHECK(all_arrive(lines.connection));
    CHECK(in_transaction());
    on_read = nullptr;
}

TEST_CASE("the values of a statement mean the same in one whose rows arrive") {
    Lines lines;
    const auto same = [&](auto&& ask) {
        const auto first = ask();
        REQUIRE(first.size() >= 100'000);
        std::int64_t arriving = 0;
        on_read = [&](std::int64_t) { arriving += PQtransactionStatus(lines.connection.native()) == PQTRANS_ACTIVE; };
        CHECK(ask() == first);
        on_read = nullptr;
        return arriving != 0;
    };
    const auto where = [&](const auto& condition) {
        return same([&] { return rowan::must(lines.lines.where(condition).all()); });
    };
    CHECK(where(col<&Line::id> >= std::int64_t{-5} and col<&Line::id> < std::int64_t{115'000}));
    CHECK(where(col<&Line::note> != R"(it's \ "quoted", $1 {and} more;--)" or col<&Line::note>.is_null()));
    CHECK(where(col<&Line::note> != "" or col<&Line::note>.is_null()));
    std::vector<std::int64_t> keys;
    for (std::int64_t key = 0; key != 110'000; ++key) keys.push_back(key - 5);
    CHECK(where(col<&Line::id>.in(keys)));
    const std::vector<std::string> notes{"line 1", R"(a "b" \ 'c', {d})", "", "NULL", "line 2"};
    CHECK(where(!col<&Line::note>.in(notes) or col<&Line::note>.is_null()));

    // What is not sure to mean the same is sent as before, and gives the same.
    using Rows = std::tuple<std::int64_t>;
    const auto by_hand = [&](auto text) {
        return same([&] { return rowan::must(lines.connection.query<Rows>(text, std::int64_t{110'000})); });
    };
    CHECK(!by_hand(sql<"SELECT id FROM lines WHERE id <= $1 -- isn't that all?">));
    CHECK(!by_hand(sql<"SELECT id FROM lines WHERE id <= $1;">));
    CHECK(!by_hand(sql<R"(SELECT id FROM lines WHERE id <= $1 AND note IS DISTINCT FROM E'\'$1')">));
    CHECK(!by_hand(sql<"SELECT id FROM lines WHERE id <= $1 AND note IS DISTINCT FROM $a$'$1$a$">));
}

TEST_CASE("many rows of a statement that the server has lost are asked for again") {
    Lines lines;
    lines.warm_up();
    lines.execute("DEALLOCATE ALL");
    CHECK(Lines::are_up_to(rowan::must(Lines::up_to(lines.connection, many)), many));
    lines.check_usable();
}

TEST_CASE("an observer and a pipeline see many rows as they see few") {
    Lines lines;
    lines.warm_up();
    const auto [first, second] = lines.connection.pipeline([](auto& step) { return Lines::up_to(step, many); },
                                                           [](auto& step) { return Lines::up_to(step, 6); });
    CHECK(Lines::are_up_to(rowan::must(first), many));
    CHECK(Lines::are_up_to(rowan::must(second), 6));

    lines.warm_up();
    const auto recorder = std::make_shared<Recorder>();
    lines.connection.observe(recorder);
    CHECK(Lines::are_up_to(rowan::must(Lines::up_to(lines.connection, many)), many));
    const std::vector<Seen> seen = recorder->take();
    REQUIRE(seen.size() == 1);
    CHECK(seen[0].rows == many);
    lines.expect("zero");
    (void)recorder->take();
    CHECK(error_of(Lines::up_to(lines.connection, many)).native_code() == "22012");
    CHECK(recorder->take().at(0).error == "invalid_value");
}
