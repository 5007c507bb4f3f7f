#include <rowan/observe.hpp>
#include <rowan/rowan.hpp>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fresh.hpp"
#include "recorder.hpp"

namespace {

using rowan::sql;
using rowan::unsafe_sql;
using rowan::detail::without_literals;
using namespace std::chrono_literals;

struct Account {
    std::int64_t id{};
    std::string name{};
    std::string password{};
};

/// An event as a backend would make it.
rowan::StatementEvent event(std::string_view text, bool is_constant = true) {
    return {.text = text, .is_constant = is_constant, .duration = 1234567ns, .rows = 2, .connection = 3};
}

/// The only line that `log` writes of `event`.
std::string line_of(const rowan::StatementEvent& event, rowan::Disclosure disclosure = {}) {
    std::string lines;
    rowan::StatementLog log{[&](std::string_view line) { lines.append(line); }, std::move(disclosure)};
    log.on_statement(event);
    return lines;
}

template <class Db>
struct Logged : Fresh<Db> {
    rowan::Repository<Account, typename Db::Connection> accounts{this->connection};
    std::vector<std::string> lines{};

    explicit Logged(rowan::Disclosure disclosure = {}) {
        rowan::must(accounts.create_table());
        this->connection.observe(std::make_shared<rowan::StatementLog>(
            [this](std::string_view line) { lines.emplace_back(line); }, std::move(disclosure)));
    }

    /// The only line since the last look, without its time.
    std::string only() {
        REQUIRE(lines.size() == 1);
        std::string line = std::exchange(lines, {}).front();
        const std::size_t begin = line.find(' ');
        const std::size_t end = line.find(" ms");
        REQUIRE(end != std::string::npos);
        return "#" + line.substr(begin, 1) + line.substr(end + 1);
    }
};

}  // namespace

TEST_CASE_TEMPLATE("a log has a line for each statement, without values", Db, Sqlite, Postgres) {
    Logged<Db> logged;
    const std::string mark = Db::is_sqlite ? "?" : "$";
    CHECK(rowan::must(logged.connection.template query<std::int64_t>(sql<"SELECT id FROM account WHERE name = $1">,
                                                                     "hunter2")) == std::vector<std::int64_t>{});
    CHECK(logged.only() == "# ms, 0 rows: SELECT id FROM account WHERE name = " + mark + "1");

    rowan::must(logged.connection.execute(unsafe_sql{"UPDATE account SET password = 'hunter2' WHERE id = 42"}));
    CHECK(logged.only() == "# ms: UPDATE account SET password = ? WHERE id = ?");

    CHECK(!logged.connection.execute(unsafe_sql{"SELECT 'hunter2"}));
    const std::string failed = logged.only();
    CHECK(failed.starts_with("# ms: SELECT ? -> programming/"));
    CHECK(failed.find("hunter2") == std::string::npos);

    rowan::must(logged.connection.transaction([](auto& tx) { return rowan::repository<Account>(tx).count(); }));
    REQUIRE(logged.lines.size() == 3);
    CHECK(logged.lines[0].find(", statement_log.cpp:") != std::string::npos);
    CHECK(logged.lines[0].find("BEGIN") != std::string::npos);
    CHECK(logged.lines[1].find(" ms, 1 row, statement_log.cpp:") != std::string::npos);
    CHECK(logged.lines[2].ends_with(": COMMIT"));
}

TEST_CASE_TEMPLATE("a log shows values when it is asked to, but not those of a statement that names a secret", Db,
                   Sqlite, Postgres) {
    Logged<Db> logged{{.values = true}};
    (void)rowan::must(logged.connection.template query<std::int64_t>(
        sql<"SELECT id FROM account WHERE name = $1 AND id > $2">, "it's", 7));
    CHECK(logged.only().ends_with(" ['it''s', 7]"));
    rowan::must(logged.connection.execute(unsafe_sql{"UPDATE account SET name = 'plain'"}));
    CHECK(logged.only().ends_with("SET name = 'plain'"));

    rowan::must(logged.accounts.insert({.name = "me", .password = "hunter2"}));
    const std::string inserted = logged.only();
    CHECK(inserted.find("password") != std::string::npos);
    CHECK(inserted.find("hunter2") == std::string::npos);
    CHECK(inserted.find("'me'") == std::string::npos);
    rowan::must(logged.connection.execute(unsafe_sql{"UPDATE account SET PassWord = 'hunter2'"}));
    CHECK(logged.only().ends_with("SET PassWord = ?"));
}

TEST_CASE("the words that name a secret are the user's choice") {
    const std::vector<std::string> values{"'x'"};
    rowan::StatementEvent one = event("SELECT iban = ?1");
    one.values = values;
    CHECK(line_of(one, {.values = true}) == "#3 1.234 ms, 2 rows: SELECT iban = ?1 ['x']");
    CHECK(line_of(one, {.values = true, .secret_words = {"iban"}}) == "#3 1.234 ms, 2 rows: SELECT iban = ?1");
    CHECK(line_of(one) == "#3 1.234 ms, 2 rows: SELECT iban = ?1");
}

TEST_CASE("a line stays a line, whatever is in it") {
    const std::vector<std::string> values{"'a\nb\x1b[31m\x7f'", "'漢\t'"};
    rowan::StatementEvent one = event("SELECT\n  ?1, ?2");
    one.values = values;
    CHECK(line_of(one, {.values = true}) == "#3 1.234 ms, 2 rows: SELECT\\n  ?1, ?2 ['a\\nb\\x1b[31m\\x7f', '漢\\t']");
    const rowan::Error error{rowan::Category::data, rowan::Code::invalid_value, "bad\nnews"};
    rowan::StatementEvent failed = event("X");
    failed.error = &error;
    CHECK(line_of(failed) == "#3 1.234 ms: X -> data/invalid_value: bad\\nnews");
    rowan::StatementEvent again = event("X");
    again.rows = 1;
    again.attempt = 2;
    CHECK(line_of(again) == "#3 1.234 ms, 1 row, attempt 2: X");
}

TEST_CASE("an error's message does not quote a text with values in it") {
    const rowan::Error error{rowan::Category::programming, rowan::Code::syntax_error,
                             "unterminated quoted string at or near \"'hunter2\" here"};
    rowan::StatementEvent failed = event("SELECT 'hunter2", false);
    failed.error = &error;
    CHECK(line_of(failed) ==
          "#3 1.234 ms: SELECT ? -> programming/syntax_error: unterminated quoted string at or near \"…\" here");
    CHECK(line_of(failed, {.values = true}).ends_with("near \"'hunter2\" here"));
}

TEST_CASE("a log tells a function that wants to know whether something failed") {
    std::string levels;
    rowan::StatementLog log{[&](std::string_view, const rowan::Error* error) { levels += error ? 'E' : 'i'; }};
    const rowan::Error error{rowan::Category::operational, rowan::Code::busy, "busy"};
    rowan::StatementEvent failed = event("X");
    log.on_statement(failed);
    failed.error = &error;
    log.on_statement(failed);
    log.on_retry({.attempt = 1, .wait = 5ms, .error = error});
    CHECK(levels == "iEE");
}

TEST_CASE("a transaction that is tried again is a line") {
    std::string lines;
    rowan::StatementLog log{[&](std::string_view line) { lines = line; }};
    const rowan::Error error{rowan::Category::operational, rowan::Code::serialization_failure, "not this time"};
    log.on_retry({.attempt = 2, .wait = 12345us, .error = error});
    CHECK(lines ==
          "attempt 2 failed, the next begins in 12.345 ms -> operational/serialization_failure: not this time");
}

TEST_CASE("a lease that is overdue is a line") {
    std::string lines;
    rowan::StatementLog log{[&](std::string_view line) { lines = line; }};
    log.on_overdue_lease({.held = 61s});
    CHECK(lines == "a connection has been lent for 61000.000 ms");
    log.on_overdue_lease({.held = 2ms, .is_returned = true});
    CHECK(lines == "a connection came back after 2.000 ms");
}

TEST_CASE("a log writes to a file") {
    std::FILE* file = std::tmpfile();
    REQUIRE(file != nullptr);
    {
        rowan::StatementLog log{file};
        log.on_statement(event("SELECT 1"));
        log.on_statement(event("SELECT 2"));
    }
    std::rewind(file);
    std::string text(200, '\0');
    text.resize(std::fread(text.data(), 1, text.size(), file));
    std::fclose(file);
    CHECK(text == "#3 1.234 ms, 2 rows: SELECT 1\n#3 1.234 ms, 2 rows: SELECT 2\n");
}

TEST_CASE("values that are written into a text are taken out") {
    CHECK(without_literals("SELECT 1") == "SELECT ?");
    CHECK(without_literals("SELECT 'a', 'it''s'") == "SELECT ?, …");
    CHECK(without_literals("WHERE a = 'x' AND b = 1.5e-10 AND c = .5") == "WHERE a = ? AND b = ? AND c = ?");
    CHECK(without_literals("x = 0xFF") == "x = ?");
    CHECK(without_literals("IN (1,2, 3 , 4)") == "IN (?, …)");
    CHECK(without_literals("VALUES (1, a, 2)") == "VALUES (?, a, ?)");
    CHECK(without_literals("WHERE a = $1 AND b = ?2 AND c = :name AND d = @d1") ==
          "WHERE a = $1 AND b = ?2 AND c = :name AND d = @d1");
    CHECK(without_literals("a::int4") == "a::int4");
    CHECK(without_literals("SELECT t1.c2 FROM \"odd 'name' 7\" t1") == "SELECT t1.c2 FROM \"odd 'name' 7\" t1");
    CHECK(without_literals("SELECT \"a\"\"b\", `c'd`, 'x'") == "SELECT \"a\"\"b\", `c'd`, ?");
    CHECK(without_literals("E'it\\'s' || 'x'") == "? || ?");
    CHECK(without_literals("'ends with \\' || 'x'") == "? || ?");
    CHECK(without_literals("x'00ff' || X'00'") == "? || ?");
    CHECK(without_literals("DATE '2016-10-07'") == "DATE ?");
    CHECK(without_literals("SELECT $$it's$$, $tag$ $$ $tag$ FROM t") == "SELECT ?, … FROM t");
    CHECK(without_literals("a$b$c = 1") == "a$b$c = ?");
    CHECK(without_literals("SELECT a -- don't\nFROM b") == "SELECT a FROM b");
    CHECK(without_literals("SELECT a /* it's /* nested */ 'x' */ FROM b") == "SELECT a FROM b");
    CHECK(without_literals("  SELECT\n\t a ;  ") == "SELECT a ;");
    CHECK(without_literals("SELECT größe = 'ä'") == "SELECT größe = ?");
    CHECK(without_literals("5 - 3 -1") == "? - ? -?");
    CHECK(without_literals("") == "");
    // What is not closed is left out to the end.
    CHECK(without_literals("SELECT 'hunter2") == "SELECT ?");
    CHECK(without_literals("SELECT $x$hunter2") == "SELECT ?");
    CHECK(without_literals("SELECT E'hunter2\\") == "SELECT ?");
    CHECK(without_literals("SELECT a /* hunter2") == "SELECT a");
    CHECK(without_literals("SELECT a -- hunter2") == "SELECT a");
}

TEST_CASE("several observers see what one sees, and values only if they want them") {
    const auto plain = std::make_shared<Recorder>();
    const auto curious = std::make_shared<Recorder>(true);
    rowan::Observers both{plain, curious, std::shared_ptr<rowan::Observer>{}};
    CHECK(both.wants_values());
    CHECK(!rowan::Observers{plain}.wants_values());
    const std::vector<std::string> values{"'x'"};
    rowan::StatementEvent one = event("SELECT ?1");
    one.values = values;
    both.on_statement(one);
    const auto seen = plain->take();
    REQUIRE(seen.size() == 1);
    CHECK(seen[0].text == "SELECT ?1");
    CHECK(seen[0].rows == 2);
    CHECK(seen[0].values.empty());
    CHECK(curious->take().at(0).values == values);

    int retries = 0;
    struct Counting : rowan::Observer {
        explicit Counting(int& count) : count_{count} {}
        void on_retry(const rowan::RetryEvent&) noexcept override { ++count_; }
        void on_overdue_lease(const rowan::LeaseEvent&) noexcept override { count_ += 10; }
        int& count_;
    };
    const rowan::Error error{rowan::Category::operational, rowan::Code::busy, "busy"};
    rowan::Observers counting{std::make_shared<Counting>(retries), std::make_shared<Counting>(retries)};
    counting.on_retry({.attempt = 1, .wait = 5ms, .error = error});
    CHECK(retries == 2);
    counting.on_overdue_lease({.held = 5ms});
    CHECK(retries == 22);
}
