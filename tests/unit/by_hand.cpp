#include <rowan/rowan.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include <boost/describe/enum.hpp>
#include <sqlite3.h>

#include "fresh.hpp"

namespace {

using rowan::Category;
using rowan::Code;
using rowan::Error;
using rowan::sql;
using rowan::unsafe_sql;
using rowan::detail::end_of_literal;

enum class Side { buy, sell };
BOOST_DESCRIBE_ENUM(Side, buy, sell)
enum class Venue : std::uint16_t { first = 1, last = 65535 };

struct Fruit {
    std::int64_t id{};
    std::string name{};
    std::optional<std::string> note{};

    friend bool operator==(const Fruit&, const Fruit&) = default;
};

/// Members in another order than the statements', some under a name of their own.
struct Weighed {
    std::optional<double> weight{};
    std::int32_t number{};
    std::string label{};

    friend bool operator==(const Weighed&, const Weighed&) = default;
};

struct Small {
    std::int8_t size{};
};

}  // namespace

template <>
inline constexpr auto rowan::table<Fruit> = rowan::describe<Fruit>("fruits");
template <>
inline constexpr auto rowan::table<Weighed> =
    rowan::describe<Weighed>().column<&Weighed::number>("Number of it").column<&Weighed::label>("name");

// ---- Placeholders ------------------------------------------------------------------------------

namespace {

constexpr std::size_t placeholders(std::string_view text) {
    rowan::detail::TextWriter nowhere;
    return rowan::detail::write_placeholders(nowhere, text, '?');
}

/// Is `text` written as `expected` where parameters are marked with a question mark?
constexpr bool becomes(std::string_view text, std::string_view expected) {
    std::array<char, 256> buffer{};
    rowan::detail::TextWriter out{buffer.data()};
    (void)rowan::detail::write_placeholders(out, text, '?');
    return std::string_view{buffer.data(), out.size()} == expected;
}

/// Has it no parameter, and stays as it is?
constexpr bool is_plain(std::string_view text) { return placeholders(text) == 0 && becomes(text, text); }

static_assert(placeholders("") == 0);
static_assert(placeholders("SELECT 1") == 0);
static_assert(placeholders("SELECT $1") == 1);
static_assert(placeholders("$3 $1") == 3);
static_assert(placeholders("$1 $1 $1") == 1);
static_assert(placeholders("$12+$2") == 12);
static_assert(placeholders("$0") == 0);
static_assert(becomes("SELECT $1", "SELECT ?1"));
static_assert(becomes("$1", "?1"));
static_assert(becomes("($2,$1)=$10", "(?2,?1)=?10"));
static_assert(becomes("$1::bigint", "?1::bigint"));
static_assert(becomes("a[$1]", "a[?1]"));
static_assert(becomes("-$1--$2\n/$3/*$4*/%$5", "-?1--$2\n/?3/*$4*/%?5"));
static_assert(becomes("'a'$1\"b\"$2`c`$3 $$d$$||$4", "'a'?1\"b\"?2`c`?3 $$d$$||?4"));

// Strings, names and comments.
static_assert(is_plain("'$1'"));
static_assert(is_plain("'it''s $1'"));
static_assert(is_plain("'''$1'''"));
static_assert(becomes("''$1''", "''?1''"));
static_assert(is_plain("'\"$1\"'"));
static_assert(is_plain("\"it's $1\""));
static_assert(is_plain("\"a\"\"$1\""));
static_assert(is_plain("`$1`"));
static_assert(is_plain("-- it's $1"));
static_assert(is_plain("/* it's $1 -- */"));
static_assert(becomes("/*'*/$1/*'*/", "/*'*/?1/*'*/"));
static_assert(becomes("--'\n$1--'\n$2", "--'\n?1--'\n?2"));
static_assert(becomes("'--'$1'/*'$2", "'--'?1'/*'?2"));
// A backslash is a character like any other, unless the string says otherwise.
static_assert(becomes("'\\'$1", "'\\'?1"));
static_assert(is_plain("E'it\\'s $1'"));
static_assert(is_plain("e'\\\\\\'$1'"));
static_assert(becomes("E'\\\\'$1", "E'\\\\'?1"));
static_assert(becomes("E'it\\'s'||$1", "E'it\\'s'||?1"));
static_assert(becomes("(e'\\'')||$1", "(e'\\'')||?1"));
static_assert(becomes("LIKE'\\'||$1", "LIKE'\\'||?1"));
static_assert(becomes("ESCAPE'\\' AND $1", "ESCAPE'\\' AND ?1"));
static_assert(is_plain("E'$1\\"));

// Dollar quotes.
static_assert(is_plain("$$it's $1$$"));
static_assert(is_plain("$x$ $$ $1 $y$ $x$"));
static_assert(is_plain("$ä_1$ $1 $ä_1$"));
static_assert(becomes("$a$$1$a$+$1", "$a$$1$a$+?1"));
static_assert(becomes("DO $rowan$ BEGIN '$1'; END $rowan$; SELECT $1",
                      "DO $rowan$ BEGIN '$1'; END $rowan$; SELECT ?1"));
// A tag does not start with a digit, and not in the middle of a name.
static_assert(becomes("$1$ $2", "?1$ ?2"));
static_assert(becomes("a$b$ $1 a$b$", "a$b$ ?1 a$b$"));

// Names.
static_assert(is_plain("a$1"));
static_assert(is_plain("_$1 A$2 z$3 9$4 ä$5"));
static_assert(is_plain("$"));
static_assert(is_plain("a$"));
static_assert(is_plain("$ 1"));
static_assert(is_plain("$a"));
static_assert(is_plain("@>?|?&#>>"));

// What is not closed reaches to the end.
static_assert(is_plain("'$1"));
static_assert(is_plain("\"$1"));
static_assert(is_plain("/*$1"));
static_assert(is_plain("--$1"));
static_assert(is_plain("$$$1"));
static_assert(is_plain("$a$$1$a"));
static_assert(is_plain("'"));
static_assert(is_plain("E'"));

static_assert(end_of_literal("a'b'c", 0) == 0);
static_assert(end_of_literal("a'b'c", 1) == 4);
static_assert(end_of_literal("a'b", 1) == 3);
static_assert(end_of_literal("\"b\"", 0) == 3);
static_assert(end_of_literal("-- b\nc", 0) == 5);
static_assert(end_of_literal("-b", 0) == 0);
static_assert(end_of_literal("/*/ */c", 0) == 6);
static_assert(end_of_literal("/b", 0) == 0);
static_assert(end_of_literal("$$b$$c", 0) == 5);
static_assert(end_of_literal("$t$b$$$t$c", 0) == 9);
static_assert(end_of_literal("a$t$b$t$", 1) == 1);
static_assert(end_of_literal("$1", 0) == 0);

// ---- Rows --------------------------------------------------------------------------------------

/// How many statements whose text begins with `text` this connection holds prepared.
int prepared(rowan::sqlite::Connection& connection, std::string_view text) {
    int count = 0;
    for (sqlite3_stmt* statement = sqlite3_next_stmt(connection.native(), nullptr); statement != nullptr;
         statement = sqlite3_next_stmt(connection.native(), statement))
        if (std::string_view{sqlite3_sql(statement)}.substr(0, text.size()) == text) ++count;
    return count;
}

int prepared(rowan::postgres::Connection& connection, std::string_view text) {
    const std::unique_ptr<PGresult, decltype(&PQclear)> result{
        PQexec(connection.native(), "SELECT statement FROM pg_prepared_statements"), &PQclear};
    REQUIRE(PQresultStatus(result.get()) == PGRES_TUPLES_OK);
    int count = 0;
    for (int row = 0; row != PQntuples(result.get()); ++row)
        if (std::string_view{PQgetvalue(result.get(), row, 0)}.substr(0, text.size()) == text) ++count;
    return count;
}

template <class Db>
struct Fruits : Fresh<Db> {
    rowan::Repository<Fruit, typename Db::Connection> repository{this->connection};

    Fruits() {
        rowan::must(repository.create_table());
        rowan::must(repository.insert(std::vector<Fruit>{{1, "apple", "red"}, {2, "pear", {}}, {3, "plum", ""}}));
    }
};

using Names = std::vector<std::string>;

/// The same on a connection, a Database and a transaction.
template <class Session>
void run_by_hand(Session& db) {
    CHECK(rowan::must(db.template query<Fruit>(sql<"SELECT * FROM fruits WHERE id < $1 ORDER BY id">, 3)) ==
          std::vector<Fruit>{{1, "apple", "red"}, {2, "pear", {}}});
    CHECK(rowan::must(db.template query<std::string>(sql<"SELECT name FROM fruits ORDER BY id">)) ==
          Names{"apple", "pear", "plum"});
    CHECK(rowan::must(db.template query<std::string>(unsafe_sql{"SELECT name FROM fruits WHERE name > $1 ORDER BY 1"},
                                                     "b")) == Names{"pear", "plum"});
    CHECK(rowan::must(db.template query<std::int64_t>(unsafe_sql{"SELECT count(*) FROM fruits"})) == std::vector{3L});

    CHECK(rowan::must(db.execute(sql<"UPDATE fruits SET note = $2 WHERE id >= $1">, 2, "seen")) == 2);
    CHECK(rowan::must(db.execute(unsafe_sql{"UPDATE fruits SET note = $1 WHERE id = $2"}, "again", 3)) == 1);
    CHECK(rowan::must(db.execute(sql<"DELETE FROM fruits WHERE id > 99">)) == 0);
    CHECK(rowan::must(db.template query<std::string>(sql<"SELECT note FROM fruits ORDER BY id">)) ==
          Names{"red", "seen", "again"});
}

}  // namespace

TEST_CASE_TEMPLATE("SQL by hand runs on connections, Databases and transactions", Db, Sqlite, Postgres) {
    {
        Fruits<Db> fruits;
        run_by_hand(fruits.connection);
    }
    {
        Fruits<Db> fruits;
        auto database = rowan::must(rowan::open(fruits.url()));
        run_by_hand(database);
    }
    Fruits<Db> fruits;
    auto tx = rowan::must(fruits.connection.begin());
    run_by_hand(tx);
    // The connection itself must wait.
    CHECK(error_of(fruits.connection.template query<int>(sql<"SELECT 1">)).code() == Code::wrong_handle);
    CHECK(error_of(fruits.connection.execute(sql<"DELETE FROM fruits">)).code() == Code::wrong_handle);
    rowan::must(tx.rollback());
    CHECK(rowan::must(fruits.repository.get(2)).note == std::nullopt);
}

TEST_CASE_TEMPLATE("members find their columns by name, in any order, among others", Db, Sqlite, Postgres) {
    Fruits<Db> fruits;
    auto& db = fruits.connection;
    CHECK(
        rowan::must(db.template query<Weighed>(
            sql<R"(SELECT 'not wanted' AS other, name, CAST(id AS double precision) AS weight, 7 AS more, id AS "Number of it"
                     FROM fruits WHERE id = $1)">,
            2)) == std::vector{Weighed{2.0, 2, "pear"}});
    CHECK(rowan::must(db.template query<Weighed>(
              sql<R"(SELECT id AS "Number of it", NULL AS weight, name FROM fruits WHERE name = $1)">, "plum")) ==
          std::vector{Weighed{std::nullopt, 3, "plum"}});
    CHECK(rowan::must(db.template query<Fruit>(sql<"SELECT note, name, id FROM fruits WHERE id = 9">)).empty());
    // Of two columns with one name it is the first.
    CHECK(rowan::must(db.template query<Small>(sql<"SELECT 1 AS size, 2 AS size">)).at(0).size == 1);
}

TEST_CASE_TEMPLATE("a column that is missing is named, also where there are no rows", Db, Sqlite, Postgres) {
    Fruits<Db> fruits;
    auto& db = fruits.connection;
    const auto is_missing = [](const Error& error, std::string_view column) {
        CHECK(error.category() == Category::programming);
        CHECK(error.code() == Code::undefined_column);
        CHECK(error.column() == column);
        CHECK(error.message() == "the statement gives no column " + std::string{column});
        CHECK(error.statement().starts_with("SELECT"));
    };
    is_missing(error_of(db.template query<Fruit>(sql<"SELECT id, name FROM fruits">)), "note");
    is_missing(error_of(db.template query<Fruit>(sql<"SELECT id, name FROM fruits WHERE id = 99">)), "note");
    is_missing(error_of(db.template query<Fruit>(unsafe_sql{"SELECT note, id FROM fruits WHERE id = $1"}, 99)), "name");
    // The member's own name is not the column's.
    is_missing(error_of(db.template query<Weighed>(sql<"SELECT name, 1 AS number, 2 AS weight FROM fruits">)),
               "Number of it");
    is_missing(error_of(db.template query<Small>(sql<R"(SELECT 1 AS "Size")">)), "size");
    is_missing(error_of(db.template query<Small>(sql<"SELECT 1 AS sizes">)), "size");
}

TEST_CASE_TEMPLATE("rows become tuples in the order of the columns, or one value", Db, Sqlite, Postgres) {
    Fruits<Db> fruits;
    auto& db = fruits.connection;
    using Row = std::tuple<std::string, std::int64_t, std::optional<std::string>>;
    CHECK(rowan::must(db.template query<Row>(sql<"SELECT name, id, note FROM fruits WHERE id < 3 ORDER BY id">)) ==
          std::vector<Row>{{"apple", 1, "red"}, {"pear", 2, std::nullopt}});
    CHECK(rowan::must(db.template query<std::tuple<std::int16_t>>(sql<"SELECT 5">)) ==
          std::vector{std::tuple{std::int16_t{5}}});
    CHECK(rowan::must(db.template query<std::optional<std::string>>(sql<"SELECT note FROM fruits ORDER BY id">)) ==
          std::vector<std::optional<std::string>>{"red", std::nullopt, ""});
    CHECK(rowan::must(db.template query<bool>(sql<"SELECT id = $1 FROM fruits ORDER BY id">, 2)) ==
          std::vector<bool>{false, true, false});

    const auto is_refused = [](const Error& error, std::string_view message) {
        CHECK(error.category() == Category::programming);
        CHECK(error.code() == Code::undefined_column);
        CHECK(error.message() == message);
        CHECK(error.statement().starts_with("SELECT"));
    };
    constexpr std::string_view two_for_one = "the number of columns that the statement gives is 2, but 1 is read";
    is_refused(error_of(db.template query<std::string>(sql<"SELECT name, id FROM fruits">)), two_for_one);
    is_refused(error_of(db.template query<std::string>(sql<"SELECT name, id FROM fruits WHERE id = 99">)), two_for_one);
    is_refused(error_of(db.template query<std::tuple<std::int64_t>>(unsafe_sql{"SELECT id, name FROM fruits"})),
               two_for_one);
    is_refused(error_of(db.template query<Row>(sql<"SELECT name FROM fruits">)),
               "the number of columns that the statement gives is 1, but 3 is read");
}

TEST_CASE_TEMPLATE("a statement without rows gives none", Db, Sqlite, Postgres) {
    Fruits<Db> fruits;
    auto& db = fruits.connection;
    // Neither a row of its own nor one of an earlier statement counts as changed.
    CHECK(rowan::must(db.execute(sql<"UPDATE fruits SET note = '' WHERE id = 3">)) == 1);
    CHECK(rowan::must(db.execute(sql<"SELECT id FROM fruits WHERE id > $1">, 99)) == 0);
    CHECK(rowan::must(db.execute(sql<"SELECT id FROM fruits">)) == 0);
    CHECK(rowan::must(db.execute(sql<"CREATE TABLE basket (id integer)">)) == 0);
    CHECK(
        rowan::must(db.template query<std::int64_t>(sql<"DELETE FROM fruits WHERE id > $1 RETURNING id">, 1)).size() ==
        2);
    CHECK(rowan::must(fruits.repository.count()) == 1);
}

TEST_CASE_TEMPLATE("a value that does not fit is named by its column", Db, Sqlite, Postgres) {
    Fruits<Db> fruits;
    auto& db = fruits.connection;
    const auto is_told = [](const Error& error, Code code, std::string_view column) {
        CHECK(error.category() == Category::data);
        CHECK(error.code() == code);
        CHECK(error.column() == column);
        CHECK(error.message().find(column) != std::string::npos);
        CHECK(error.statement().starts_with("SELECT"));
    };
    is_told(error_of(db.template query<Small>(sql<"SELECT 128 AS size">)), Code::value_out_of_range, "size");
    is_told(error_of(db.template query<Small>(sql<"SELECT 0 AS other, NULL AS size">)), Code::null_value, "size");
    is_told(error_of(db.template query<Small>(sql<"SELECT name AS size FROM fruits">)), Code::type_mismatch, "size");
    is_told(
        error_of(db.template query<Weighed>(sql<R"(SELECT NULL AS weight, 3000000000 AS "Number of it", '' AS name)">)),
        Code::value_out_of_range, "Number of it");
    is_told(error_of(db.template query<std::uint8_t>(sql<"SELECT id - $1 AS left_over FROM fruits ORDER BY 1">, 2)),
            Code::value_out_of_range, "left_over");
    is_told(error_of(db.template query<std::string>(sql<"SELECT note FROM fruits ORDER BY id">)), Code::null_value,
            "note");
    is_told(
        error_of(db.template query<std::tuple<std::int64_t, std::int8_t>>(sql<"SELECT id, 1000 AS far FROM fruits">)),
        Code::value_out_of_range, "far");
    is_told(error_of(db.template query<Side>(sql<"SELECT name AS side FROM fruits">)), Code::unknown_enumerator,
            "side");
}

// ---- Arguments ---------------------------------------------------------------------------------

TEST_CASE_TEMPLATE("placeholders may come in any order, and more than once", Db, Sqlite, Postgres) {
    Fruits<Db> fruits;
    auto& db = fruits.connection;
    CHECK(rowan::must(db.template query<std::string>(
              sql<"SELECT name FROM fruits WHERE name > $2 AND id < $1 ORDER BY id">, 3, "b")) == Names{"pear"});
    CHECK(rowan::must(db.template query<std::int64_t>(sql<"SELECT $1 * $1 + $2">, 5, 1)) == std::vector{26L});
    CHECK(rowan::must(db.template query<std::string>(sql<"SELECT $2 || $1 || $2">, "a", "-")) == Names{"-a-"});
    CHECK(rowan::must(db.template query<std::int64_t>(sql<"SELECT $10 - $1 + $2 + $3 + $4 + $5 + $6 + $7 + $8 + $9">, 1,
                                                      0, 0, 0, 0, 0, 0, 0, 0, 100)) == std::vector{99L});
}

TEST_CASE_TEMPLATE("what looks like a placeholder in strings, names and comments is left alone", Db, Sqlite, Postgres) {
    Fruits<Db> fruits;
    auto& db = fruits.connection;
    CHECK(rowan::must(db.template query<std::string>(sql<R"(SELECT 'it''s $1 ' || $1 -- $2
        /* $3 ' */ FROM fruits /* " */ WHERE id = $2 -- ')">,
                                                     "?1", 1)) == Names{"it's $1 ?1"});
    CHECK(rowan::must(db.template query<std::int64_t>(
              sql<R"(SELECT a$1 + "b $2" + $1 FROM (SELECT 1 AS a$1, 2 AS "b $2") AS x)">, 10)) == std::vector{13L});
    CHECK(rowan::must(db.template query<std::string>(unsafe_sql{"SELECT '$1' || $1"}, "x")) == Names{"$1x"});
    if constexpr (!Db::is_sqlite) {
        CHECK(rowan::must(db.template query<std::string>(sql<"SELECT $$it's $1 $$ || $t$ $2 $$ $t$ || $1">, "x")) ==
              Names{"it's $1  $2 $$ x"});
        CHECK(rowan::must(db.template query<std::string>(sql<"SELECT E'it\\'s $2 ' || $1">, "x")) ==
              Names{"it's $2 x"});
        // Not a parameter either, but an operator.
        CHECK(rowan::must(db.template query<bool>(sql<R"(SELECT '{"a": 1}'::jsonb ? $1)">, "a")).at(0));
    } else {
        CHECK(rowan::must(db.template query<std::string>(sql<"SELECT `name` || $1 FROM `fruits` WHERE `id` = 1">,
                                                         "!")) == Names{"apple!"});
    }
}

TEST_CASE("PostgreSQL casts parameters to the types that a person asks for") {
    Fruits<Postgres> fruits;
    auto& db = fruits.connection;
    CHECK(rowan::must(db.query<std::int32_t>(sql<"SELECT $1::integer">, 7)) == std::vector{7});
    CHECK(rowan::must(db.query<std::string>(sql<"SELECT $1::numeric(10, 2)">, "1.005")) == Names{"1.01"});
    CHECK(rowan::must(db.query<std::string>(sql<"SELECT $1::uuid">, "00000000-0000-0000-0000-0000000000ff")) ==
          Names{"00000000-0000-0000-0000-0000000000ff"});
    CHECK(rowan::must(db.query<std::string>(sql<"SELECT ($1::jsonb) ->> $2::text">, R"({"a": "b"})", "a")) ==
          Names{"b"});
    CHECK(error_of(db.query<std::int32_t>(sql<"SELECT $1::integer">, "seven")).category() == Category::data);
}

namespace {

template <class Db>
struct Echo : Fresh<Db> {
    /// What a parameter comes back as.
    template <class Back, class Argument>
    Back back(const Argument& argument) {
        auto rows = rowan::must(this->connection.template query<Back>(sql<"SELECT $1">, argument));
        auto made = rowan::must(this->connection.template query<Back>(unsafe_sql{"SELECT $1"}, argument));
        REQUIRE(rows.size() == 1);
        REQUIRE(made.size() == 1);
        CHECK(rows[0] == made[0]);
        return rows[0];
    }

    template <class Value>
    bool comes_back(const Value& value) {
        using Maybe = std::optional<Value>;
        return back<Value>(value) == value && back<Maybe>(Maybe{value}) == Maybe{value} &&
               back<Maybe>(Maybe{}) == std::nullopt;
    }

    template <class Integer>
    bool ends_come_back() {
        return comes_back(std::numeric_limits<Integer>::min()) && comes_back(std::numeric_limits<Integer>::max());
    }
};

}  // namespace

TEST_CASE_TEMPLATE("arguments of every type arrive, missing ones as NULL", Db, Sqlite, Postgres) {
    Echo<Db> echo;
    CHECK(echo.comes_back(true));
    CHECK(echo.comes_back(false));
    CHECK(echo.template ends_come_back<std::int8_t>());
    CHECK(echo.template ends_come_back<std::int16_t>());
    CHECK(echo.template ends_come_back<std::int32_t>());
    CHECK(echo.template ends_come_back<std::int64_t>());
    CHECK(echo.template ends_come_back<std::uint8_t>());
    CHECK(echo.template ends_come_back<std::uint16_t>());
    CHECK(echo.template ends_come_back<std::uint32_t>());
    CHECK(echo.comes_back(std::uint64_t{1} << 62));
    CHECK(echo.comes_back(0.1));
    CHECK(echo.comes_back(-std::numeric_limits<double>::infinity()));
    CHECK(echo.comes_back(0.1F));
    CHECK(echo.comes_back(std::string{"it's $1 \"ß\" 日本"}));
    CHECK(echo.comes_back(std::string{}));
    CHECK(echo.comes_back(std::string(100'000, 'x')));
    CHECK(echo.comes_back(std::vector{std::byte{0}, std::byte{255}, std::byte{0}}));
    CHECK(echo.comes_back(std::vector<std::byte>{}));
    CHECK(echo.comes_back(Side::sell));
    CHECK(echo.comes_back(Venue::last));
    CHECK(echo.comes_back(rowan::Timestamp{std::chrono::microseconds{-1}}));
    CHECK(echo.comes_back(rowan::Timestamp{std::chrono::sys_days{std::chrono::year{2024} / 2 / 29}}));
    CHECK(echo.comes_back(std::chrono::year{1969} / 12 / 31));

    // Text and bytes of other kinds.
    const std::array bytes{std::byte{1}, std::byte{0}};
    CHECK(echo.template back<std::string>("literal") == "literal");
    CHECK(echo.template back<std::string>(std::string_view{"view"}) == "view");
    CHECK(echo.template back<std::string>(std::string_view{}).empty());
    const char* pointer = "pointer";
    CHECK(echo.template back<std::string>(pointer) == "pointer");
    CHECK(echo.template back<std::optional<std::string>>(std::optional<std::string_view>{"view"}) == "view");
    CHECK(echo.template back<std::optional<std::string>>(std::optional<std::string_view>{}) == std::nullopt);
    CHECK(echo.template back<std::optional<std::string>>(std::optional<const char*>{}) == std::nullopt);
    CHECK(echo.template back<std::vector<std::byte>>(std::span<const std::byte>{bytes}) ==
          std::vector(bytes.begin(), bytes.end()));
    CHECK(echo.template back<std::vector<std::byte>>(std::span<const std::byte>{}).empty());
}

TEST_CASE_TEMPLATE("arguments that the database cannot hold are told by number, and nothing is sent", Db, Sqlite,
                   Postgres) {
    Fruits<Db> fruits;
    auto& db = fruits.connection;
    rowan::must(db.transaction([&](auto& tx) -> rowan::Result<void> {
        const Error large = error_of(tx.execute(sql<"DELETE FROM fruits WHERE id < $1">, std::uint64_t{1} << 63));
        CHECK(large.category() == Category::data);
        CHECK(large.code() == Code::value_out_of_range);
        CHECK(large.message().find("argument $1") != std::string::npos);
        CHECK(large.statement().starts_with("DELETE"));
        const Error unknown =
            error_of(tx.execute(unsafe_sql{"DELETE FROM fruits WHERE id > $1 OR name <> $2"}, 0, static_cast<Side>(7)));
        CHECK(unknown.code() == Code::unknown_enumerator);
        CHECK(unknown.message().find("argument $2") != std::string::npos);
        CHECK(error_of(tx.template query<int>(sql<"SELECT $1">, std::chrono::year{2023} / 2 / 29)).code() ==
              Code::invalid_value);
        if constexpr (Db::is_sqlite) {
            // Would become NULL.
            CHECK(error_of(tx.template query<double>(sql<"SELECT $1">, std::numeric_limits<double>::quiet_NaN()))
                      .code() == Code::not_a_number);
        }
        // The transaction is sound.
        CHECK(rowan::must(rowan::repository<Fruit>(tx).count()) == 3);
        return {};
    }));
}

TEST_CASE_TEMPLATE("text with a NUL arrives whole on SQLite and is refused on PostgreSQL", Db, Sqlite, Postgres) {
    Fruits<Db> fruits;
    auto& db = fruits.connection;
    using namespace std::string_literals;
    const std::string text = "a\0b"s;
    const auto echoed = db.template query<std::string>(sql<"SELECT $1">, text);
    if constexpr (Db::is_sqlite) {
        CHECK(rowan::must(echoed) == Names{text});
        CHECK(rowan::must(db.execute(sql<"UPDATE fruits SET name = $1 WHERE id = 1">, std::string_view{text})) == 1);
        CHECK(rowan::must(fruits.repository.get(1)).name == text);
    } else {
        // Its text cannot hold one.
        CHECK(error_of(echoed).code() == Code::invalid_text);
        CHECK(error_of(echoed).message() == "argument $1 cannot hold text with a NUL byte in this database");
        CHECK(error_of(db.execute(sql<"UPDATE fruits SET name = $1">, std::string_view{text})).code() ==
              Code::invalid_text);
        CHECK(rowan::must(fruits.repository.get(1)).name == "apple");
    }
}

TEST_CASE_TEMPLATE("a wrong number of arguments is told before anything is sent", Db, Sqlite, Postgres) {
    Fruits<Db> fruits;
    rowan::must(fruits.connection.transaction([&](auto& tx) -> rowan::Result<void> {
        const auto is_refused = [](const Error& error) {
            CHECK(error.category() == Category::programming);
            CHECK(error.code() == Code::misuse);
            CHECK(error.native_code().empty());
            CHECK(error.message().find("nothing was sent") != std::string::npos);
            CHECK(error.statement().find("fruits") != std::string::npos);
        };
        is_refused(error_of(tx.execute(unsafe_sql{"DELETE FROM fruits WHERE id = $1"}, 1, 2)));
        is_refused(error_of(tx.execute(unsafe_sql{"DELETE FROM fruits WHERE id = $1 OR id = $2"}, 1)));
        is_refused(error_of(tx.execute(unsafe_sql{"DELETE FROM fruits"}, 1)));
        is_refused(error_of(tx.execute(unsafe_sql{"DELETE FROM fruits WHERE name <> '$1'"}, 1)));
        is_refused(error_of(tx.template query<Fruit>(unsafe_sql{"DELETE FROM fruits WHERE id = $1 RETURNING *"})));
        is_refused(error_of(tx.template query<Fruit>(unsafe_sql{"DELETE FROM fruits RETURNING *"}, 1)));
        is_refused(error_of(tx.template query<Fruit>(unsafe_sql{"DELETE FROM fruits WHERE id = $3 RETURNING *"}, 1)));
        // Neither did anything happen, nor is the transaction broken.
        CHECK(rowan::must(rowan::repository<Fruit>(tx).count()) == 3);
        return {};
    }));
}

// ---- Statements --------------------------------------------------------------------------------

TEST_CASE_TEMPLATE("an error carries the statement as it was sent", Db, Sqlite, Postgres) {
    Fruits<Db> fruits;
    auto& db = fruits.connection;
    const std::string mark = Db::is_sqlite ? "?" : "$";
    const Error typed =
        error_of(db.template query<int>(sql<"SELECT absent FROM fruits WHERE id = $1 OR name = '$1'">, 1));
    CHECK(typed.code() == Code::undefined_column);
    CHECK(typed.statement() == "SELECT absent FROM fruits WHERE id = " + mark + "1 OR name = '$1'");
    const Error made = error_of(db.execute(unsafe_sql{"DELETE FROM nowhere WHERE id = $1"}, 4711));
    CHECK(made.code() == Code::undefined_table);
    CHECK(made.statement() == "DELETE FROM nowhere WHERE id = " + mark + "1");
    CHECK(made.to_string().find("4711") == std::string::npos);
    CHECK(error_of(db.execute(sql<"SELEKT 1">)).code() == Code::syntax_error);
    CHECK(error_of(db.execute(sql<"INSERT INTO fruits (id, name) VALUES ($1, 'x')">, 1)).code() ==
          Code::unique_violation);
    // A statement that failed runs again.
    CHECK(rowan::must(db.execute(sql<"INSERT INTO fruits (id, name) VALUES ($1, 'x')">, 9)) == 1);
}

TEST_CASE_TEMPLATE("a literal is prepared once, whatever the values; text of the run time is not kept", Db, Sqlite,
                   Postgres) {
    Fruits<Db> fruits;
    auto& db = fruits.connection;
    constexpr auto by_name = sql<"SELECT id FROM fruits WHERE name = $1">;
    const std::string text = "SELECT id FROM fruits WHERE name";
    CHECK(prepared(db, text) == 0);
    for (int round = 0; round != 20; ++round) {
        CHECK(rowan::must(db.template query<std::int64_t>(by_name, "apple")) == std::vector{1L});
        CHECK(rowan::must(db.template query<std::int64_t>(by_name, "a longer literal")).empty());
        CHECK(rowan::must(db.template query<std::int32_t>(by_name, std::string{"pear"})) == std::vector{2});
        CHECK(rowan::must(db.template query<std::int64_t>(by_name, std::optional<std::string_view>{})).empty());
        rowan::must(db.transaction([&](auto& tx) { return tx.execute(by_name, "plum"); }));
    }
    CHECK(prepared(db, text) == 1);
    for (int round = 0; round != 20; ++round) {
        CHECK(rowan::must(db.template query<std::int64_t>(unsafe_sql{"SELECT id FROM fruits WHERE note = $1"},
                                                          "red")) == std::vector{1L});
        CHECK(rowan::must(db.execute(unsafe_sql{"UPDATE fruits SET note = $1 WHERE id = $2"}, "sour", 2)) == 1);
    }
    CHECK(prepared(db, "SELECT id FROM fruits WHERE note") == 0);
    CHECK(prepared(db, "UPDATE") == 0);
    CHECK(prepared(db, text) == 1);
}

TEST_CASE_TEMPLATE("a text that holds two statements is refused whole", Db, Sqlite, Postgres) {
    Fruits<Db> fruits;
    auto& db = fruits.connection;
    CHECK(error_of(db.execute(sql<"DELETE FROM fruits WHERE id = $1; DELETE FROM fruits">, 1)).code() ==
          Code::syntax_error);
    CHECK(error_of(db.execute(unsafe_sql{"DELETE FROM fruits WHERE id = $1; DELETE FROM fruits"}, 1)).code() ==
          Code::syntax_error);
    CHECK(error_of(db.template query<int>(sql<"SELECT 1; SELECT 2">)).code() == Code::syntax_error);
    CHECK(error_of(db.template query<int>(sql<"SELECT 1; nonsense">)).code() == Code::syntax_error);
    CHECK(rowan::must(fruits.repository.count()) == 3);
    // An end is no second statement.
    CHECK(rowan::must(db.template query<int>(sql<"SELECT 1;">)) == std::vector{1});
    CHECK(rowan::must(db.template query<int>(sql<" SELECT 1 ; -- that is all\n /* really */ ">)) == std::vector{1});
}

TEST_CASE_TEMPLATE("text of the run time with a NUL in it is refused, not cut", Db, Sqlite, Postgres) {
    Fruits<Db> fruits;
    auto& db = fruits.connection;
    using namespace std::string_view_literals;
    constexpr std::string_view text = "DELETE FROM fruits\0 WHERE id = $1"sv;
    CHECK(error_of(db.execute(unsafe_sql{text}, 1)).code() == Code::syntax_error);
    CHECK(error_of(db.template query<Fruit>(unsafe_sql{"DELETE FROM fruits RETURNING *\0 WHERE id = 1"sv})).code() ==
          Code::syntax_error);
    CHECK(rowan::must(fruits.repository.count()) == 3);
}
