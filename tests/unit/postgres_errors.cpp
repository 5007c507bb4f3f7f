#include <rowan/rowan.hpp>

#include <arpa/inet.h>
#include <array>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <netinet/in.h>
#include <optional>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

#include "fresh.hpp"

namespace {

struct Account {
    std::int64_t id{};
    std::string owner{};
    std::int64_t cents{};
};

/// For tables that the tests make by hand.
struct Loose {
    std::int64_t id{};
    std::int64_t number{};
    std::string note{};
};

}  // namespace

template <>
inline constexpr auto rowan::table<Account> = rowan::describe<Account>("accounts").unique<&Account::owner>();

namespace {

using rowan::Category;
using rowan::Code;
using rowan::Error;
using rowan::postgres::Phase;
using Connection = rowan::postgres::Connection;

struct Row {
    std::string_view state;
    Category category;
    Code code;
    bool retryable = false;
};

/// As they are while statements run; the other phases are told apart below.
constexpr Row rows[] = {
    // The connection was lost: all of it may be done again on a new one, if the loss says nothing of a COMMIT.
    {"08000", Category::operational, Code::disconnect, true},
    {"08001", Category::operational, Code::disconnect, true},
    {"08003", Category::operational, Code::disconnect, true},
    {"08004", Category::operational, Code::disconnect, true},
    {"08006", Category::operational, Code::disconnect, true},
    {"08007", Category::operational, Code::in_doubt},
    {"08P01", Category::operational, Code::operational_error},
    {"0A000", Category::not_supported, Code::not_supported},
    {"21000", Category::programming, Code::cardinality_violation},
    {"22000", Category::data, Code::invalid_value},
    {"22001", Category::data, Code::invalid_value},
    {"22003", Category::data, Code::value_out_of_range},
    {"22004", Category::data, Code::null_value},
    {"22008", Category::data, Code::value_out_of_range},
    {"22012", Category::data, Code::invalid_value},
    {"22021", Category::data, Code::invalid_text},
    {"22P02", Category::data, Code::invalid_value},
    {"23000", Category::integrity, Code::integrity_violation},
    {"23001", Category::integrity, Code::integrity_violation},
    {"23502", Category::integrity, Code::not_null_violation},
    {"23503", Category::integrity, Code::foreign_key_violation},
    {"23505", Category::integrity, Code::unique_violation},
    {"23514", Category::integrity, Code::check_violation},
    {"23P01", Category::integrity, Code::exclusion_violation},
    {"25000", Category::internal, Code::invalid_transaction_state},
    {"25001", Category::internal, Code::invalid_transaction_state},
    {"25006", Category::internal, Code::read_only},
    {"25P01", Category::internal, Code::invalid_transaction_state},
    {"25P02", Category::internal, Code::transaction_aborted},
    {"25P03", Category::internal, Code::disconnect},
    {"26000", Category::programming, Code::lost_statement},
    {"28000", Category::operational, Code::authentication},
    {"28P01", Category::operational, Code::authentication},
    {"3D000", Category::programming, Code::unknown_database},
    {"3F000", Category::programming, Code::unknown_schema},
    {"40000", Category::operational, Code::operational_error},
    {"40001", Category::operational, Code::serialization_failure, true},
    {"40002", Category::integrity, Code::integrity_violation},
    {"40003", Category::operational, Code::in_doubt},
    {"40P01", Category::operational, Code::deadlock, true},
    {"42000", Category::programming, Code::programming_error},
    {"42501", Category::programming, Code::permission_denied},
    {"42601", Category::programming, Code::syntax_error},
    {"42703", Category::programming, Code::undefined_column},
    {"42804", Category::programming, Code::programming_error},
    {"42P01", Category::programming, Code::undefined_table},
    {"42P06", Category::programming, Code::duplicate_object},
    {"42P07", Category::programming, Code::duplicate_object},
    {"42710", Category::programming, Code::duplicate_object},
    {"44000", Category::integrity, Code::check_violation},
    {"53000", Category::operational, Code::operational_error},
    {"53100", Category::operational, Code::disk_full},
    {"53200", Category::operational, Code::out_of_memory},
    {"53300", Category::operational, Code::too_many_connections},
    {"54000", Category::operational, Code::limit_exceeded},
    {"54001", Category::operational, Code::limit_exceeded},
    {"54011", Category::operational, Code::limit_exceeded},
    {"55000", Category::operational, Code::operational_error},
    {"55006", Category::operational, Code::operational_error},
    {"55P03", Category::operational, Code::lock_timeout},
    {"57014", Category::operational, Code::cancelled},
    {"57P01", Category::operational, Code::disconnect, true},
    {"57P02", Category::operational, Code::disconnect, true},
    {"57P03", Category::operational, Code::cannot_connect_now},
    {"57P05", Category::operational, Code::disconnect, true},
    {"58000", Category::operational, Code::io_error},
    {"58030", Category::operational, Code::io_error},
    {"P0000", Category::programming, Code::raised},
    {"P0001", Category::programming, Code::raised},
    {"P0004", Category::programming, Code::raised},
    {"XX000", Category::internal, Code::internal_error},
    {"XX001", Category::internal, Code::corruption},
    {"XX002", Category::internal, Code::corruption},
};

bool retryable(const Row& row, Phase phase) {
    // It may have been committed before the connection was lost.
    if (row.code == Code::disconnect && phase == Phase::commit) return false;
    if (phase == Phase::connect && (row.state == "53300" || row.state == "57P03")) return true;
    return row.retryable;
}

/// An error that the server raised is what the table above says of its SQLSTATE.
void check_is(const Error& error, std::string_view state, Phase phase = Phase::statement) {
    INFO(error.to_string());
    CHECK(error.native_code() == state);
    bool listed = false;
    for (const Row& row : rows) {
        if (row.state != state) continue;
        listed = true;
        CHECK(error.category() == row.category);
        CHECK(error.code() == row.code);
        CHECK(error.retryable() == retryable(row, phase));
    }
    CHECK(listed);
    CHECK_FALSE(error.message().empty());
    CHECK(error.to_string().find("(SQLSTATE " + std::string{state} + ")") != std::string::npos);
}

/// Nothing that an error shows holds `secret`.
void check_keeps(const Error& error, std::string_view secret) {
    INFO(error.to_string());
    for (const std::string* text :
         {&error.message(), &error.native_code(), &error.constraint(), &error.table(), &error.column()})
        CHECK(text->find(secret) == std::string::npos);
    CHECK(error.statement().find(secret) == std::string::npos);
    CHECK(error.to_string().find(secret) == std::string::npos);
}

Error run(Connection& connection, std::string_view sql) { return error_of(connection.execute(rowan::unsafe_sql{sql})); }

void set(Connection& connection, const std::string& sql) { rowan::must(connection.execute(rowan::unsafe_sql{sql})); }

/// The first value that a statement gives, asked behind rowan's back.
std::string ask(Connection& connection, const std::string& sql) {
    const std::unique_ptr<PGresult, decltype(&PQclear)> result{PQexec(connection.native(), sql.c_str()), &PQclear};
    REQUIRE_MESSAGE(PQresultStatus(result.get()) == PGRES_TUPLES_OK, PQerrorMessage(connection.native()));
    REQUIRE(PQntuples(result.get()) > 0);
    return PQgetvalue(result.get(), 0, 0);
}

/// The test server's address in parts, for URLs that lead astray.
class Address {
public:
    Address() {
        const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options{
            PQconninfoParse(Postgres::server().c_str(), nullptr), &PQconninfoFree};
        REQUIRE(options);
        for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
            if (option->val == nullptr) continue;
            const std::string_view name = option->keyword;
            if (name == "host") host = encoded(option->val);
            if (name == "port") port = option->val;
            if (name == "user") user = encoded(option->val);
            if (name == "password") password = encoded(option->val);
            if (name == "dbname") database = encoded(option->val);
        }
    }

    [[nodiscard]] std::string url() const {
        return "postgresql://" + user + (password.empty() ? "" : ":" + password) + "@" + host +
               (port.empty() ? "" : ":" + port) + "/" + database + "?connect_timeout=5";
    }

    static std::string encoded(std::string_view text) {
        constexpr std::string_view digits = "0123456789ABCDEF";
        std::string result;
        for (const char c : text) {
            const auto byte = static_cast<unsigned char>(c);
            result += '%';
            result += digits[byte >> 4];
            result += digits[byte & 15];
        }
        return result;
    }

    std::string host{};
    std::string port{};
    std::string user{};
    std::string password{};
    std::string database{};
};

/// A role that goes with the test.
class Role {
public:
    Role(Connection& connection, const std::string& options) : connection_{connection}, name_{testing::unique_name()} {
        set(connection_, "CREATE ROLE " + name_ + " " + options);
    }
    Role(const Role&) = delete;
    Role& operator=(const Role&) = delete;
    ~Role() {
        (void)connection_.execute(rowan::unsafe_sql{"RESET ROLE"});
        (void)connection_.execute(rowan::unsafe_sql{"DROP OWNED BY " + name_ + "; DROP ROLE " + name_});
    }
    [[nodiscard]] const std::string& name() const { return name_; }

private:
    Connection& connection_;
    std::string name_;
};

/// A port of this machine where the test may listen and never answers.
class SilentServer {
public:
    explicit SilentServer(bool listening) : socket_{::socket(AF_INET, SOCK_STREAM, 0)} {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        REQUIRE(::bind(socket_, reinterpret_cast<const sockaddr*>(&address), size) == 0);
        REQUIRE(::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
        if (listening) REQUIRE(::listen(socket_, 5) == 0);
        port_ = ntohs(address.sin_port);
    }
    SilentServer(const SilentServer&) = delete;
    SilentServer& operator=(const SilentServer&) = delete;
    ~SilentServer() { ::close(socket_); }
    [[nodiscard]] std::string port() const { return std::to_string(port_); }

private:
    int socket_;
    int port_ = 0;
};

std::string raise(std::string_view state) {
    return "DO $$ BEGIN RAISE EXCEPTION 'raised on purpose' USING ERRCODE = '" + std::string{state} + "'; END $$";
}

}  // namespace

TEST_CASE("every SQLSTATE has its category, code and retry, in each phase") {
    for (const Row& row : rows)
        for (const Phase phase : {Phase::connect, Phase::statement, Phase::commit}) {
            CAPTURE(row.state);
            CAPTURE(static_cast<int>(phase));
            const rowan::postgres::Meaning meaning = rowan::postgres::classify(row.state, phase);
            CHECK(meaning.category == row.category);
            CHECK(meaning.code == row.code);
            CHECK(meaning.retryable == retryable(row, phase));
        }
}

TEST_CASE("a SQLSTATE that nobody knows falls back on its class, then on the program") {
    CHECK(rowan::postgres::classify("22ZZZ", Phase::statement).code == Code::invalid_value);
    CHECK(rowan::postgres::classify("23ZZZ", Phase::statement).code == Code::integrity_violation);
    CHECK(rowan::postgres::classify("40ZZZ", Phase::statement).code == Code::operational_error);
    CHECK_FALSE(rowan::postgres::classify("40ZZZ", Phase::statement).retryable);
    for (const std::string_view state : {"ZZ000", "01000", "", "0", "nonsense"}) {
        const auto meaning = rowan::postgres::classify(state, Phase::statement);
        CHECK(meaning.category == Category::programming);
        CHECK(meaning.code == Code::programming_error);
        CHECK_FALSE(meaning.retryable);
    }
}

TEST_CASE("every SQLSTATE that a server raises in a statement is told as the table says") {
    Fresh<Postgres> fresh;
    for (const Row& row : rows) {
        CAPTURE(row.state);
        check_is(run(fresh.connection, raise(row.state)), row.state);
    }
    fresh.execute("SELECT 1");
}

TEST_CASE("every SQLSTATE that a server raises at COMMIT is told as the table says, and nothing is stored") {
    Fresh<Postgres> fresh;
    fresh.execute("CREATE TABLE t (state text);"
                  "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                  "RAISE EXCEPTION 'raised on purpose' USING ERRCODE = NEW.state; END $$;"
                  "CREATE CONSTRAINT TRIGGER late AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED "
                  "FOR EACH ROW EXECUTE FUNCTION fail()");
    for (const Row& row : rows) {
        CAPTURE(row.state);
        auto tx = rowan::must(fresh.connection.begin());
        rowan::must(tx.execute(rowan::unsafe_sql{"INSERT INTO t VALUES ('" + std::string{row.state} + "')"}));
        check_is(error_of(tx.commit()), row.state, Phase::commit);
        CHECK_FALSE(tx.active());
    }
    CHECK(ask(fresh.connection, "SELECT count(*) FROM t") == "0");
}

TEST_CASE("a violated unique constraint names constraint, table and columns, not the values") {
    Fresh<Postgres> fresh;
    auto accounts = rowan::repository<Account>(fresh.connection);
    rowan::must(accounts.create_table());
    rowan::must(accounts.insert({.owner = "secret owner", .cents = 1}));
    const Error error = error_of(accounts.insert({.owner = "secret owner", .cents = 4711}));
    check_is(error, "23505");
    CHECK(error.constraint() == "accounts_owner_key");
    CHECK(error.table() == "accounts");
    CHECK(error.column() == "owner");
    CHECK(error.message() == "accounts(owner) already holds this row");
    CHECK(error.statement().find("INSERT INTO \"accounts\"") == 0);
    check_keeps(error, "secret");
    check_keeps(error, "4711");

    const Error key = error_of(accounts.insert({.id = 1, .owner = "another"}));
    check_is(key, "23505");
    CHECK(key.constraint() == "accounts_pkey");
    CHECK(key.column() == "id");

    fresh.execute("CREATE TABLE pairs (a text, b text, UNIQUE (a, b)); INSERT INTO pairs VALUES (')=(', 'secret')");
    const Error pair = run(fresh.connection, "INSERT INTO pairs SELECT * FROM pairs");
    check_is(pair, "23505");
    CHECK(pair.column() == "a, b");
    check_keeps(pair, "secret");

    fresh.execute("CREATE UNIQUE INDEX accounts_lower ON accounts (lower(owner))");
    const Error expression = error_of(accounts.insert({.owner = "SECRET owner"}));
    check_is(expression, "23505");
    CHECK(expression.constraint() == "accounts_lower");
    check_keeps(expression, "secret");
    CHECK(rowan::must(accounts.count()) == 1);
}

TEST_CASE("violations name what the server names") {
    Fresh<Postgres> fresh;
    fresh.execute("CREATE TABLE parent (id bigint PRIMARY KEY); INSERT INTO parent VALUES (1);"
                  "CREATE TABLE t (a bigint NOT NULL, p bigint CONSTRAINT t_parent REFERENCES parent,"
                  " n bigint CONSTRAINT t_positive CHECK (n > 0), r int4range, "
                  " CONSTRAINT t_apart EXCLUDE USING gist (r WITH &&));"
                  "INSERT INTO t VALUES (1, 1, 1, '[1,10)')");
    const Error null = run(fresh.connection, "INSERT INTO t (p) VALUES (1)");
    check_is(null, "23502");
    CHECK(null.table() == "t");
    CHECK(null.column() == "a");
    CHECK(null.message() == "t(a) must not be NULL");

    const Error missing = run(fresh.connection, "INSERT INTO t (a, p) VALUES (1, 4711)");
    check_is(missing, "23503");
    CHECK(missing.constraint() == "t_parent");
    CHECK(missing.table() == "t");
    // The server's words name a column, but of this table or of the other one only a translation of them tells.
    CHECK(missing.column().empty());
    CHECK(missing.message().find("t (constraint t_parent) breaks a foreign key") == 0);
    // The statement's own text is the caller's.
    CHECK(missing.message().find("4711") == std::string::npos);

    const Error pointed = run(fresh.connection, "DELETE FROM parent");
    check_is(pointed, "23503");
    CHECK(pointed.constraint() == "t_parent");
    CHECK(pointed.column().empty());

    const Error check = run(fresh.connection, "INSERT INTO t (a, n) VALUES (1, -4711)");
    check_is(check, "23514");
    CHECK(check.constraint() == "t_positive");
    CHECK(check.table() == "t");
    CHECK(check.message().find("4711") == std::string::npos);

    const Error excluded = run(fresh.connection, "INSERT INTO t (a, r) VALUES (1, '[9,4711)')");
    check_is(excluded, "23P01");
    CHECK(excluded.constraint() == "t_apart");
    CHECK(excluded.table() == "t");
    CHECK(excluded.message().find("4711") == std::string::npos);

    fresh.execute("CREATE VIEW positive AS SELECT a, n FROM t WHERE a > 0 WITH CHECK OPTION");
    check_is(run(fresh.connection, "INSERT INTO positive VALUES (-1, 1)"), "44000");
    CHECK(ask(fresh.connection, "SELECT count(*) FROM t") == "1");
}

TEST_CASE("a bound value that does not fit is not repeated by the error") {
    Fresh<Postgres> fresh;
    auto loose = rowan::repository<Loose>(fresh.connection);

    fresh.execute("CREATE TABLE loose (id bigint PRIMARY KEY, number smallint, note varchar(20))");
    const Error range = error_of(loose.insert({.id = 1, .number = 47114711, .note = "secret"}));
    check_is(range, "22003");
    check_keeps(range, "4711");
    const Error length = error_of(loose.insert({.id = 1, .number = 1, .note = "secret and much too long"}));
    check_is(length, "22001");
    check_keeps(length, "secret");
    const Error bytes = error_of(loose.insert({.id = 1, .number = 1, .note = "secret \xff"}));
    check_is(bytes, "22021");
    check_keeps(bytes, "secret");

    fresh.execute("DROP TABLE loose; CREATE TABLE loose (id bigint PRIMARY KEY, number bigint, note text,"
                  " parsed integer GENERATED ALWAYS AS (note::integer) STORED,"
                  " quotient bigint GENERATED ALWAYS AS (100 / number) STORED)");
    const Error text = error_of(loose.insert({.id = 1, .number = 1, .note = "se\"cret\""}));
    check_is(text, "22P02");
    check_keeps(text, "cret");
    const Error zero = error_of(loose.insert({.id = 1, .number = 0, .note = "1"}));
    check_is(zero, "22012");

    // A column that no bigint is assigned to.
    fresh.execute("DROP TABLE loose; CREATE TABLE loose (id bigint PRIMARY KEY, number boolean, note text)");
    check_is(error_of(loose.insert({.id = 1, .number = 1})), "42804");
    CHECK(rowan::must(loose.count()) == 0);
}

TEST_CASE("what a program or its schema got wrong is told with the statement") {
    Fresh<Postgres> fresh;
    fresh.execute("CREATE TABLE t (a bigint)");
    const Error syntax = run(fresh.connection, "SELEC 1");
    check_is(syntax, "42601");
    CHECK(syntax.statement() == "SELEC 1");
    CHECK(syntax.to_string().find("the statement was: SELEC 1") != std::string::npos);
    check_is(run(fresh.connection, "SELECT * FROM nowhere"), "42P01");
    check_is(run(fresh.connection, "SELECT missing FROM t"), "42703");
    check_is(run(fresh.connection, "CREATE TABLE t (a bigint)"), "42P07");
    check_is(run(fresh.connection, "CREATE SCHEMA " + fresh.database.schema()), "42P06");
    check_is(run(fresh.connection, "CREATE TABLE no_such_schema.t (a bigint)"), "3F000");
    check_is(run(fresh.connection, "SELECT (SELECT generate_series(1, 2))"), "21000");
    check_is(run(fresh.connection, "DO $$ BEGIN RAISE EXCEPTION 'raised on purpose'; END $$"), "P0001");
    check_is(run(fresh.connection, "SELECT repeat('x', 2000000000)"), "54000");
    check_is(error_of(rowan::repository<Account>(fresh.connection).all()), "42P01");
    fresh.execute("CREATE TABLE accounts (id bigint, owner text)");
    check_is(error_of(rowan::repository<Account>(fresh.connection).all()), "42703");
}

TEST_CASE("a missing permission is told") {
    Fresh<Postgres> fresh;
    auto accounts = rowan::repository<Account>(fresh.connection);
    rowan::must(accounts.create_table());
    const Role role{fresh.connection, "NOLOGIN"};
    fresh.execute("GRANT USAGE ON SCHEMA " + fresh.database.schema() + " TO " + role.name());
    fresh.execute("SET ROLE " + role.name());
    check_is(error_of(accounts.insert({.owner = "x"})), "42501");
    fresh.execute("RESET ROLE");
    rowan::must(accounts.insert({.owner = "x"}));
}

TEST_CASE("a read-only transaction takes no rows") {
    Fresh<Postgres> fresh;
    rowan::must(rowan::repository<Account>(fresh.connection).create_table());
    {
        auto tx = rowan::must(fresh.connection.begin());
        rowan::must(tx.execute(rowan::unsafe_sql{"SET TRANSACTION READ ONLY"}));
        auto accounts = rowan::repository<Account>(tx);
        CHECK(rowan::must(accounts.count()) == 0);
        check_is(error_of(accounts.insert({.owner = "x"})), "25006");
        // After an error a transaction can only be rolled back.
        check_is(error_of(accounts.count()), "25P02");
        check_is(error_of(tx.begin()), "25P02");
    }
    rowan::must(rowan::repository<Account>(fresh.connection).insert({.owner = "x"}));
}

TEST_CASE("a statement that the server has forgotten is prepared again, outside a transaction") {
    Fresh<Postgres> fresh;
    auto accounts = rowan::repository<Account>(fresh.connection);
    rowan::must(accounts.create_table());
    rowan::must(accounts.insert({.owner = "one"}));
    CHECK(rowan::must(accounts.count()) == 1);

    fresh.execute("DEALLOCATE ALL");
    CHECK(rowan::must(accounts.count()) == 1);
    rowan::must(accounts.insert({.owner = "two"}));

    {
        // Inside one the error has broken the transaction, so that the caller must know.
        auto tx = rowan::must(fresh.connection.begin());
        auto inside = rowan::repository<Account>(tx);
        rowan::must(inside.insert({.owner = "three"}));
        rowan::must(tx.execute(rowan::unsafe_sql{"DEALLOCATE ALL"}));
        check_is(error_of(inside.count()), "26000");
        check_is(error_of(inside.all()), "25P02");
    }
    CHECK(rowan::must(accounts.count()) == 2);
    auto tx = rowan::must(fresh.connection.begin());
    CHECK(rowan::must(rowan::repository<Account>(tx).count()) == 2);
    rowan::must(tx.commit());
}

TEST_CASE("a plan that no longer fits its table is made again, outside a transaction") {
    Fresh<Postgres> fresh;
    Connection other = fresh.connect();
    auto accounts = rowan::repository<Account>(fresh.connection);
    rowan::must(accounts.create_table());
    rowan::must(accounts.insert({.owner = "one", .cents = 5}));
    CHECK(rowan::must(accounts.all()).size() == 1);

    set(other, "ALTER TABLE accounts ALTER cents TYPE integer");
    const auto all = rowan::must(accounts.all());
    REQUIRE(all.size() == 1);
    CHECK(all[0].cents == 5);

    set(other, "ALTER TABLE accounts ALTER cents TYPE bigint");
    {
        auto tx = rowan::must(fresh.connection.begin());
        const Error stale = error_of(rowan::repository<Account>(tx).all());
        INFO(stale.to_string());
        CHECK(stale.native_code() == "0A000");
        CHECK(stale.category() == Category::not_supported);
        CHECK(stale.code() == Code::stale_plan);
        CHECK_FALSE(stale.retryable());
    }
    // What is not supported for another reason is told as such, and not tried twice.
    check_is(run(fresh.connection, "SELECT 1 AS one UNION SELECT 2 FOR UPDATE"), "0A000");
    CHECK(rowan::must(accounts.all()).size() == 1);
}

TEST_CASE("two transactions that change the same row after reading it cannot be put in a row") {
    Fresh<Postgres> fresh;
    Connection other = fresh.connect();
    set(other, "SET lock_timeout = '5s'");
    rowan::must(rowan::repository<Account>(fresh.connection).create_table());
    Account account = rowan::must(rowan::repository<Account>(fresh.connection).insert({.owner = "one"}));
    {
        auto slower = rowan::must(other.begin());
        rowan::must(slower.execute(rowan::unsafe_sql{"SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"}));
        auto accounts = rowan::repository<Account>(slower);
        CHECK(rowan::must(accounts.count()) == 1);
        account.cents = 1;
        rowan::must(rowan::repository<Account>(fresh.connection).update(account));
        account.cents = 2;
        check_is(error_of(accounts.update(account)), "40001");
    }
    CHECK(rowan::must(rowan::repository<Account>(other).get(account.id)).cents == 1);

    // With SERIALIZABLE COMMIT itself may say so.
    auto one = rowan::must(fresh.connection.begin());
    auto two = rowan::must(other.begin());
    for (auto* tx : {&one, &two}) {
        rowan::must(tx->execute(rowan::unsafe_sql{"SET TRANSACTION ISOLATION LEVEL SERIALIZABLE"}));
        auto accounts = rowan::repository<Account>(*tx);
        const auto count = rowan::must(accounts.count());
        rowan::must(accounts.insert({.owner = tx == &one ? "by one" : "by two", .cents = count}));
    }
    rowan::must(one.commit());
    check_is(error_of(two.commit()), "40001", Phase::commit);
    CHECK_FALSE(two.active());
    CHECK(ask(fresh.connection, "SELECT count(*) FROM accounts") == "2");
}

TEST_CASE("one of two transactions that wait for each other is told of the deadlock") {
    Fresh<Postgres> fresh;
    Connection other = fresh.connect();
    for (Connection* connection : {&fresh.connection, &other}) {
        set(*connection, "SET deadlock_timeout = '20ms'");
        set(*connection, "SET lock_timeout = '5s'");
    }
    fresh.execute("CREATE TABLE t (a bigint); INSERT INTO t VALUES (1), (2)");
    auto one = rowan::must(fresh.connection.begin());
    auto two = rowan::must(other.begin());
    rowan::must(one.execute(rowan::unsafe_sql{"UPDATE t SET a = a WHERE a = 1"}));
    rowan::must(two.execute(rowan::unsafe_sql{"UPDATE t SET a = a WHERE a = 2"}));
    rowan::Result<void> by_two;
    std::thread waiting{[&] {
        by_two = two.execute(rowan::unsafe_sql{"UPDATE t SET a = a WHERE a = 1"});
        if (!by_two) (void)two.rollback();
    }};
    const rowan::Result<void> by_one = one.execute(rowan::unsafe_sql{"UPDATE t SET a = a WHERE a = 2"});
    if (!by_one) (void)one.rollback();
    waiting.join();
    REQUIRE(static_cast<bool>(by_one) != static_cast<bool>(by_two));
    check_is(by_one ? by_two.error() : by_one.error(), "40P01");
    rowan::must((by_one ? one : two).commit());
}

TEST_CASE("a lock that does not come in time, and a statement that takes too long, are told apart") {
    Fresh<Postgres> fresh;
    Connection other = fresh.connect();
    fresh.execute("CREATE TABLE t (a bigint)");
    set(other, "SET lock_timeout = '20ms'");
    {
        auto tx = rowan::must(fresh.connection.begin());
        rowan::must(tx.execute(rowan::unsafe_sql{"LOCK TABLE t"}));
        check_is(run(other, "INSERT INTO t VALUES (1)"), "55P03");
    }
    set(other, "INSERT INTO t VALUES (1)");
    set(other, "SET statement_timeout = '20ms'");
    check_is(run(other, "SELECT pg_sleep(5)"), "57014");
    set(other, "SELECT 1");
}

TEST_CASE("a connection that the server ended is a disconnect, and says so again and again") {
    Fresh<Postgres> fresh;
    Connection victim = fresh.connect();
    auto accounts = rowan::repository<Account>(victim);
    rowan::must(accounts.create_table());
    // Waits until the other server process is gone.
    fresh.execute("SELECT pg_terminate_backend(" + std::to_string(PQbackendPID(victim.native())) + ", 5000)");

    const Error first = error_of(accounts.insert({.owner = "x"}));
    check_is(first, "57P01");
    for (int i = 0; i != 2; ++i) {
        const Error again = error_of(accounts.insert({.owner = "x"}));
        CHECK(again.category() == Category::operational);
        CHECK(again.code() == Code::disconnect);
        CHECK(again.retryable());
        CHECK(error_of(victim.begin()).code() == Code::disconnect);
        CHECK(error_of(victim.execute(rowan::unsafe_sql{"SELECT 1"})).code() == Code::disconnect);
    }
    victim = fresh.connect();
    rowan::must(rowan::repository<Account>(victim).insert({.owner = "x"}));
}

TEST_CASE("a transaction that was left idle for too long is ended by the server, and not worth another try") {
    Fresh<Postgres> fresh;
    fresh.execute("SET idle_in_transaction_session_timeout = '20ms'");
    auto tx = rowan::must(fresh.connection.begin());
    std::this_thread::sleep_for(std::chrono::milliseconds{200});
    check_is(error_of(tx.execute(rowan::unsafe_sql{"SELECT 1"})), "25P03");
}

TEST_CASE("a server process that ends itself is a disconnect") {
    Fresh<Postgres> fresh;
    check_is(run(fresh.connection, "SELECT pg_terminate_backend(pg_backend_pid())"), "57P01");
    fresh.connection = fresh.connect();
    fresh.execute("SELECT 1");
}

TEST_CASE("a role that may not log in, a role that is not there and a database that is not there are told") {
    Fresh<Postgres> fresh;
    const Role role{fresh.connection, "NOLOGIN PASSWORD 'secret'"};
    Address address;
    address.user = role.name();
    address.password = "secret";
    const Error login = error_of(Connection::open(address.url()));
    check_is(login, "28000", Phase::connect);
    CHECK(login.message().find(role.name()) != std::string::npos);
    check_keeps(login, "secret");

    // A password that the server's message happens to repeat.
    address.user = "no_such_secret_role";
    const Error repeated = error_of(Connection::open(address.url()));
    check_is(repeated, "28000", Phase::connect);
    check_keeps(repeated, "secret");
    address.password = "";
    setenv("PGPASSWORD", "secret", 1);
    const Error from_environment = error_of(Connection::open(address.url()));
    unsetenv("PGPASSWORD");
    check_is(from_environment, "28000", Phase::connect);
    check_keeps(from_environment, "secret");

    address = {};
    address.database = "no_such_database";
    const Error database = error_of(Connection::open(address.url()));
    check_is(database, "3D000", Phase::connect);
    CHECK(database.message().find("no_such_database") != std::string::npos);
    CHECK(error_of(rowan::open(address.url())).code() == Code::unknown_database);
}

TEST_CASE("a role whose connections are used up may try again later") {
    Fresh<Postgres> fresh;
    const Role role{fresh.connection, "LOGIN CONNECTION LIMIT 0"};
    Address address;
    address.user = role.name();
    check_is(error_of(Connection::open(address.url())), "53300", Phase::connect);
    fresh.execute("ALTER ROLE " + role.name() + " CONNECTION LIMIT 1");
    // The server counts a refused connection until its process has ended.
    auto opened = Connection::open(address.url());
    for (int tries = 0; !opened && tries != 200; ++tries) {
        check_is(opened.error(), "53300", Phase::connect);
        std::this_thread::sleep_for(std::chrono::milliseconds{50});
        opened = Connection::open(address.url());
    }
    CHECK(opened.has_value());
}

TEST_CASE("a wrong password is told, and not repeated") {
    Fresh<Postgres> fresh;
    // The server asks nobody for a password until it is told to, which only a throw-away server may be.
    const std::string file = ask(fresh.connection, "SHOW hba_file");
    if (file.rfind("/tmp/rowan-postgres.", 0) != 0) {
        MESSAGE("this server is not the test's own: it is left alone");
        return;
    }
    const Role role{fresh.connection, "LOGIN PASSWORD 'right'"};
    struct Rules {
        Connection& connection;
        std::string file;
        void write(const std::string& values) const {
            set(connection, "COPY (VALUES " + values + ") TO '" + file + "'; SELECT pg_reload_conf()");
        }
        ~Rules() {
            (void)connection.execute(rowan::unsafe_sql{"COPY (VALUES ('local all all trust'), "
                                                       "('host all all 127.0.0.1/32 trust')) TO '" +
                                                       file + "'; SELECT pg_reload_conf()"});
        }
    };
    const Rules rules{fresh.connection, file};
    std::string values;
    for (const std::string& who : {role.name(), std::string{"all"}})
        for (const std::string_view way : {"local all ? ", "host all ? 127.0.0.1/32 "}) {
            std::string rule{way};
            rule.replace(rule.find('?'), 1, who).append(who == "all" ? "trust" : "scram-sha-256");
            values.append(values.empty() ? "('" : ", ('").append(rule).append("')");
        }
    rules.write(values);

    Address address;
    address.user = role.name();
    address.password = "wr0ng%2Fsecret";
    // The server reads its rules again in its own time.
    auto opened = Connection::open(address.url());
    for (int i = 0; opened && i != 200; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
        opened = Connection::open(address.url());
    }
    const Error error = error_of(opened);
    check_is(error, "28P01", Phase::connect);
    check_keeps(error, "wr0ng");
    check_keeps(error, "secret");

    address.password = "right";
    rowan::must(Connection::open(address.url()));
    // Without any, libpq itself gives up.
    address.password = "";
    const Error none = error_of(Connection::open(address.url()));
    CHECK(none.category() == Category::operational);
    INFO(none.to_string());
    CHECK((none.code() == Code::cannot_connect || none.code() == Code::authentication));
}

TEST_CASE("a server that is not there cannot be connected to, and the password stays here") {
    const auto check = [](const std::string& url) {
        const Error error = error_of(Connection::open(url));
        INFO(error.to_string());
        CHECK(error.category() == Category::operational);
        CHECK(error.code() == Code::cannot_connect);
        CHECK(error.retryable());
        CHECK(error.native_code().empty());
        CHECK_FALSE(error.message().empty());
        check_keeps(error, "secret");
    };
    // Bound, so that nobody else listens there either.
    const SilentServer nobody{false};
    check("postgresql://rowan:secret@127.0.0.1:" + nobody.port() + "/rowan?connect_timeout=5");
    check("postgresql://rowan:secret@%2Fno%2Fsuch%2Ffolder/rowan?connect_timeout=5");
    // Longer than a label of a name may be: nobody is asked.
    check("postgresql://rowan:secret@" + std::string(70, 'x') + "/rowan?connect_timeout=5");
}

TEST_CASE("a server that takes the connection and never answers is given up in time") {
    const SilentServer server{true};
    const auto start = std::chrono::steady_clock::now();
    const Error error =
        error_of(Connection::open("postgresql://rowan:secret@127.0.0.1:" + server.port() + "/rowan?connect_timeout=2"));
    const auto waited = std::chrono::steady_clock::now() - start;
    INFO(error.to_string());
    CHECK(waited >= std::chrono::milliseconds{1900});
    CHECK(waited < std::chrono::seconds{5});
    CHECK(error.category() == Category::operational);
    CHECK(error.code() == Code::cannot_connect);
    CHECK(error.retryable());
    CHECK(error.message().find("the server did not answer in time") != std::string::npos);
    check_keeps(error, "secret");
}

TEST_CASE("a COPY that nobody feeds or reads is not supported, and leaves the connection as it was") {
    Fresh<Postgres> fresh;
    fresh.execute("CREATE TABLE t (a bigint); INSERT INTO t VALUES (1), (2)");
    for (const std::string_view sql : {"COPY t TO STDOUT", "COPY t FROM STDIN"}) {
        const Error error = run(fresh.connection, sql);
        INFO(error.to_string());
        CHECK(error.category() == Category::not_supported);
        CHECK(error.code() == Code::not_supported);
        CHECK(error.statement() == sql);
        CHECK(fresh.connection.transaction_state() == rowan::TransactionState::idle);
        rowan::must(rowan::must(fresh.connection.begin()).commit());
    }
    CHECK(ask(fresh.connection, "SELECT count(*) FROM t") == "2");
}

TEST_CASE("a URL with several hosts finds the one that answers") {
    const Address address;
    const SilentServer nobody{false};
    const std::string url = "postgresql://" + address.user + "@127.0.0.1:" + nobody.port() +
                            ",%2Fno%2Fsuch%2Ffolder:1," + address.host + ":" + address.port + "/" + address.database +
                            "?connect_timeout=5";
    Connection connection = rowan::must(Connection::open(url));
    CHECK(ask(connection, "SELECT 1") == "1");
}

TEST_CASE("a URL that cannot be read is refused without its password") {
    for (const std::string_view url :
         {"postgresql://rowan:secret%zz@127.0.0.1/rowan", "postgresql://rowan:secret%2@127.0.0.1/rowan",
          "postgresql://rowan:secret%00@127.0.0.1/rowan", "postgresql://rowan:secret@[::1/rowan",
          "postgresql://rowan:secret@127.0.0.1/rowan?no_such_option=secret",
          "postgresql://rowan:secret@127.0.0.1/rowan?password",
          "postgresql://rowan@127.0.0.1/rowan?password=secret%"}) {
        CAPTURE(url);
        const Error error = error_of(Connection::open(std::string{url}));
        CHECK(error.category() == Category::programming);
        CHECK(error.code() == Code::invalid_url);
        CHECK_FALSE(error.retryable());
        check_keeps(error, "secret");
    }
    const Error nul = error_of(Connection::open(std::string{"postgresql://rowan:secret@127.0.0.1/rowan\0x", 42}));
    CHECK(nul.code() == Code::invalid_url);
    check_keeps(nul, "secret");
}
