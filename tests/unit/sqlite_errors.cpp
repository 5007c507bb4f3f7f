#include <rowan/rowan.hpp>

#include <array>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sqlite3.h>

#include "fresh.hpp"

namespace {

struct Account {
    std::int64_t id{};
    std::string owner{};
    std::int64_t cents{};
};

/// Columns of the wrong types: the tables of the tests are made by hand.
struct Loose {
    std::string id{};
    std::string note{};
};

}  // namespace

template <>
inline constexpr auto rowan::table<Account> = rowan::describe<Account>("accounts").unique<&Account::owner>();

template <>
inline constexpr auto rowan::table<Loose> = rowan::describe<Loose>("loose").key<&Loose::id>();

namespace {

using rowan::Category;
using rowan::Code;
using rowan::Error;
using Connection = rowan::sqlite::Connection;

struct Row {
    int native;
    Category category;
    Code code;
    bool retryable = false;
};

constexpr Row rows[] = {
    {SQLITE_CONSTRAINT_UNIQUE, Category::integrity, Code::unique_violation},
    {SQLITE_CONSTRAINT_PRIMARYKEY, Category::integrity, Code::unique_violation},
    {SQLITE_CONSTRAINT_ROWID, Category::integrity, Code::unique_violation},
    {SQLITE_CONSTRAINT_FOREIGNKEY, Category::integrity, Code::foreign_key_violation},
    {SQLITE_CONSTRAINT_NOTNULL, Category::integrity, Code::not_null_violation},
    {SQLITE_CONSTRAINT_CHECK, Category::integrity, Code::check_violation},
    {SQLITE_CONSTRAINT_TRIGGER, Category::integrity, Code::trigger_violation},
    {SQLITE_CONSTRAINT, Category::integrity, Code::integrity_violation},
    {SQLITE_CONSTRAINT_COMMITHOOK, Category::integrity, Code::integrity_violation},
    {SQLITE_CONSTRAINT_VTAB, Category::integrity, Code::integrity_violation},
    {3091, Category::data, Code::type_mismatch},  // CONSTRAINT_DATATYPE
    {SQLITE_MISMATCH, Category::data, Code::type_mismatch},
    {SQLITE_TOOBIG, Category::data, Code::value_out_of_range},
    {SQLITE_BUSY, Category::operational, Code::busy, true},
    {SQLITE_BUSY_RECOVERY, Category::operational, Code::busy, true},
    {SQLITE_BUSY_TIMEOUT, Category::operational, Code::busy, true},
    {SQLITE_LOCKED, Category::operational, Code::busy, true},
    {SQLITE_LOCKED_SHAREDCACHE, Category::operational, Code::busy, true},
    {SQLITE_BUSY_SNAPSHOT, Category::operational, Code::serialization_failure, true},
    {SQLITE_READONLY, Category::operational, Code::read_only},
    {SQLITE_READONLY_RECOVERY, Category::operational, Code::read_only},
    {SQLITE_READONLY_CANTLOCK, Category::operational, Code::read_only},
    {SQLITE_READONLY_ROLLBACK, Category::operational, Code::read_only},
    {SQLITE_READONLY_DBMOVED, Category::operational, Code::read_only},
    {SQLITE_READONLY_CANTINIT, Category::operational, Code::read_only},
    {SQLITE_READONLY_DIRECTORY, Category::operational, Code::read_only},
    {SQLITE_IOERR, Category::operational, Code::io_error},
    {SQLITE_IOERR_READ, Category::operational, Code::io_error},
    {SQLITE_IOERR_SHORT_READ, Category::operational, Code::io_error},
    {SQLITE_IOERR_WRITE, Category::operational, Code::io_error},
    {SQLITE_IOERR_FSYNC, Category::operational, Code::io_error},
    {SQLITE_IOERR_NOMEM, Category::operational, Code::io_error},
    {SQLITE_FULL, Category::operational, Code::disk_full},
    {SQLITE_CANTOPEN, Category::operational, Code::cannot_open},
    {SQLITE_CANTOPEN_ISDIR, Category::operational, Code::cannot_open},
    {SQLITE_CORRUPT, Category::internal, Code::corruption},
    {SQLITE_CORRUPT_VTAB, Category::internal, Code::corruption},
    {SQLITE_CORRUPT_INDEX, Category::internal, Code::corruption},
    {SQLITE_NOTADB, Category::internal, Code::corruption},
    {SQLITE_INTERRUPT, Category::operational, Code::cancelled},
    {SQLITE_ABORT_ROLLBACK, Category::internal, Code::transaction_lost},
    {SQLITE_ERROR, Category::programming, Code::programming_error},
    {SQLITE_ERROR_MISSING_COLLSEQ, Category::programming, Code::programming_error},
    {SQLITE_MISUSE, Category::programming, Code::misuse},
    {SQLITE_RANGE, Category::programming, Code::misuse},
    {SQLITE_NOMEM, Category::operational, Code::out_of_memory},
    {SQLITE_AUTH, Category::programming, Code::permission_denied},
    {SQLITE_PERM, Category::programming, Code::permission_denied},
};

/// An error that SQLite raised is what the table above says of its code.
void check_is(const Error& error, int native) {
    INFO(error.to_string());
    CHECK(error.native_code() == std::to_string(native));
    bool listed = false;
    for (const Row& row : rows) {
        if (row.native != native) continue;
        listed = true;
        CHECK(error.category() == row.category);
        CHECK(error.code() == row.code);
        CHECK(error.retryable() == row.retryable);
    }
    CHECK(listed);
    CHECK_FALSE(error.message().empty());
    CHECK(error.to_string().find("(SQLite " + std::to_string(native) + ")") != std::string::npos);
}

/// A message that is finer than its code: SQLite has just one for all statements that do not compile.
void check_does_not_compile(const Error& error, Code code) {
    INFO(error.to_string());
    CHECK(error.native_code() == "1");
    CHECK(error.category() == Category::programming);
    CHECK(error.code() == code);
    CHECK_FALSE(error.retryable());
}

Error run(Connection& connection, std::string_view sql) { return error_of(connection.execute(rowan::unsafe_sql{sql})); }

Connection open_with(const std::string& path, std::chrono::milliseconds busy_timeout) {
    return rowan::must(Connection::open(path, {.busy_timeout = busy_timeout}));
}

/// A statement of the test, run step by step.
constinit rowan::Statement read_accounts{"SELECT owner FROM accounts", {}};
constinit rowan::Statement long_query{
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000000) SELECT max(i) FROM n", {}};
constinit rowan::Statement one_parameter{"SELECT ?1", {}};

void store_accounts(Fresh<Sqlite>& fresh, int count) {
    auto accounts = rowan::repository<Account>(fresh.connection);
    rowan::must(accounts.create_table());
    for (int i = 0; i != count; ++i) rowan::must(accounts.insert({.owner = "owner " + std::to_string(i), .cents = i}));
}

}  // namespace

TEST_CASE("every SQLite result code has its category, code and retry") {
    for (const Row& row : rows) {
        CAPTURE(row.native);
        const rowan::sqlite::Meaning meaning = rowan::sqlite::classify(row.native);
        CHECK(meaning.category == row.category);
        CHECK(meaning.code == row.code);
        CHECK(meaning.retryable == row.retryable);
    }
}

TEST_CASE("a result code of a later SQLite falls back on what its primary code means") {
    CHECK(rowan::sqlite::classify(SQLITE_BUSY | (99 << 8)).code == Code::busy);
    CHECK(rowan::sqlite::classify(SQLITE_BUSY | (99 << 8)).retryable);
    CHECK(rowan::sqlite::classify(SQLITE_IOERR | (99 << 8)).code == Code::io_error);
    CHECK(rowan::sqlite::classify(SQLITE_CONSTRAINT | (99 << 8)).code == Code::integrity_violation);
    CHECK(rowan::sqlite::classify(200).category == Category::programming);
    CHECK_FALSE(rowan::sqlite::classify(200).retryable);
}

TEST_CASE("a violated unique constraint names the table and the columns, not the values") {
    Fresh<Sqlite> fresh;
    store_accounts(fresh, 1);
    const Error error =
        error_of(rowan::repository<Account>(fresh.connection).insert({.owner = "owner 0", .cents = 4711}));
    check_is(error, SQLITE_CONSTRAINT_UNIQUE);
    CHECK(error.table() == "accounts");
    CHECK(error.column() == "owner");
    CHECK(error.message() == "accounts(owner) already holds this row");
    CHECK(error.statement().find("INSERT INTO \"accounts\"") == 0);
    CHECK(error.to_string().find("owner 0") == std::string::npos);
    CHECK(error.to_string().find("4711") == std::string::npos);
    CHECK(error.statement().find("4711") == std::string::npos);

    fresh.execute("CREATE TABLE pairs (a, b, UNIQUE (a, b)); INSERT INTO pairs VALUES (1, 2)");
    const Error pair = run(fresh.connection, "INSERT INTO pairs VALUES (1, 2)");
    check_is(pair, SQLITE_CONSTRAINT_UNIQUE);
    CHECK(pair.table() == "pairs");
    CHECK(pair.column() == "a, b");
}

TEST_CASE("a unique index on an expression is named as the constraint") {
    Fresh<Sqlite> fresh;
    fresh.execute("CREATE TABLE t (name TEXT); CREATE UNIQUE INDEX t_lower ON t (lower(name));"
                  "INSERT INTO t VALUES ('Ann')");
    const Error error = run(fresh.connection, "INSERT INTO t VALUES ('ANN')");
    check_is(error, SQLITE_CONSTRAINT_UNIQUE);
    CHECK(error.constraint() == "t_lower");
    CHECK(error.table().empty());
    CHECK(error.column().empty());
}

TEST_CASE("a primary key, and a rowid, that is there already is a unique violation") {
    Fresh<Sqlite> fresh;
    store_accounts(fresh, 1);
    const Error key = error_of(rowan::repository<Account>(fresh.connection).insert({.id = 1, .owner = "other"}));
    check_is(key, SQLITE_CONSTRAINT_PRIMARYKEY);
    CHECK(key.table() == "accounts");
    CHECK(key.column() == "id");

    fresh.execute("CREATE TABLE plain (x); INSERT INTO plain (rowid, x) VALUES (7, 1)");
    const Error rowid = run(fresh.connection, "INSERT INTO plain (rowid, x) VALUES (7, 2)");
    check_is(rowid, SQLITE_CONSTRAINT_ROWID);
    CHECK(rowid.table() == "plain");
    CHECK(rowid.column() == "rowid");
}

TEST_CASE("a foreign key is checked, from both sides") {
    Fresh<Sqlite> fresh;
    fresh.execute("CREATE TABLE parent (id INTEGER PRIMARY KEY); INSERT INTO parent VALUES (1);"
                  "CREATE TABLE child (parent INTEGER REFERENCES parent); INSERT INTO child VALUES (1)");
    check_is(run(fresh.connection, "INSERT INTO child VALUES (2)"), SQLITE_CONSTRAINT_FOREIGNKEY);
    check_is(run(fresh.connection, "DELETE FROM parent"), SQLITE_CONSTRAINT_FOREIGNKEY);
}

TEST_CASE("a NULL and a failed check are named by column or constraint") {
    Fresh<Sqlite> fresh;
    fresh.execute("CREATE TABLE t (a TEXT NOT NULL, n INTEGER, CONSTRAINT positive CHECK (n > 0), CHECK (n < 100))");
    const Error null = run(fresh.connection, "INSERT INTO t VALUES (NULL, 1)");
    check_is(null, SQLITE_CONSTRAINT_NOTNULL);
    CHECK(null.table() == "t");
    CHECK(null.column() == "a");
    CHECK(null.message() == "t(a) must not be NULL");

    const Error check = run(fresh.connection, "INSERT INTO t VALUES ('x', -1)");
    check_is(check, SQLITE_CONSTRAINT_CHECK);
    CHECK(check.constraint() == "positive");

    const Error unnamed = run(fresh.connection, "INSERT INTO t VALUES ('x', 100)");
    check_is(unnamed, SQLITE_CONSTRAINT_CHECK);
    CHECK(unnamed.constraint() == "n < 100");
}

TEST_CASE("what a trigger raises is a trigger violation with its message") {
    Fresh<Sqlite> fresh;
    fresh.execute("CREATE TABLE t (a); CREATE TRIGGER guard BEFORE INSERT ON t BEGIN "
                  "SELECT RAISE(ABORT, 'no rows on a Sunday'); END");
    const Error error = run(fresh.connection, "INSERT INTO t VALUES (1)");
    check_is(error, SQLITE_CONSTRAINT_TRIGGER);
    CHECK(error.message() == "no rows on a Sunday");
}

#if SQLITE_VERSION_NUMBER >= 3037000
TEST_CASE("a value of the wrong type in a STRICT table is refused and not quoted") {
    Fresh<Sqlite> fresh;
    fresh.execute("CREATE TABLE loose (id INTEGER, note TEXT) STRICT");
    const Error error =
        error_of(rowan::repository<Loose>(fresh.connection).insert({.id = "secret text", .note = "note"}));
    check_is(error, 3091);
    CHECK(error.message().find("loose.id") != std::string::npos);
    CHECK(error.to_string().find("secret") == std::string::npos);
}
#endif

TEST_CASE("text for an INTEGER PRIMARY KEY does not fit") {
    Fresh<Sqlite> fresh;
    fresh.execute("CREATE TABLE loose (id INTEGER PRIMARY KEY, note TEXT)");
    const Error error =
        error_of(rowan::repository<Loose>(fresh.connection).insert({.id = "secret text", .note = "note"}));
    check_is(error, SQLITE_MISMATCH);
    CHECK(error.to_string().find("secret") == std::string::npos);
}

TEST_CASE("a text longer than the database takes is out of range, and the row before it stays") {
    Fresh<Sqlite> fresh;
    store_accounts(fresh, 1);
    sqlite3_limit(fresh.connection.native(), SQLITE_LIMIT_LENGTH, 1000);
    auto accounts = rowan::repository<Account>(fresh.connection);
    check_is(error_of(accounts.insert({.owner = std::string(2000, 'x')})), SQLITE_TOOBIG);
    rowan::must(accounts.insert({.owner = std::string(500, 'x')}));
    CHECK(rowan::must(accounts.count()) == 2);
}

TEST_CASE("a database that another connection writes to is busy, after the busy timeout") {
    Fresh<Sqlite> fresh;
    store_accounts(fresh, 1);
    Connection other = open_with(fresh.database.path(), std::chrono::milliseconds{60});
    {
        auto tx = rowan::must(fresh.connection.begin());
        const auto start = std::chrono::steady_clock::now();
        check_is(error_of(other.begin()), SQLITE_BUSY);
        CHECK(std::chrono::steady_clock::now() - start >= std::chrono::milliseconds{50});
        check_is(error_of(rowan::repository<Account>(other).insert({.owner = "x"})), SQLITE_BUSY);
        rowan::must(tx.commit());
    }
    rowan::must(rowan::repository<Account>(other).insert({.owner = "x"}));
}

TEST_CASE("a stale snapshot is a serialization failure, which waiting does not cure") {
    Fresh<Sqlite> fresh;
    store_accounts(fresh, 1);
    Connection other = open_with(fresh.database.path(), std::chrono::milliseconds{5000});
    auto stale = rowan::repository<Account>(other);

    rowan::must(other.execute(rowan::unsafe_sql{"BEGIN"}));
    CHECK(rowan::must(stale.count()) == 1);
    rowan::must(rowan::repository<Account>(fresh.connection).insert({.owner = "faster"}));
    const auto start = std::chrono::steady_clock::now();
    check_is(error_of(stale.insert({.owner = "slower"})), SQLITE_BUSY_SNAPSHOT);
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::milliseconds{2000});

    rowan::must(other.execute(rowan::unsafe_sql{"ROLLBACK"}));
    rowan::must(stale.insert({.owner = "slower"}));
    CHECK(rowan::must(stale.count()) == 3);
}

TEST_CASE("a table that is being read on the same connection is locked") {
    Fresh<Sqlite> fresh;
    store_accounts(fresh, 2);
    {
        rowan::sqlite::Execution reading{fresh.connection, read_accounts};
        REQUIRE(rowan::must(reading.next()));
        check_is(run(fresh.connection, "DROP TABLE accounts"), SQLITE_LOCKED);
    }
    fresh.execute("DROP TABLE accounts");
}

TEST_CASE("a table in a shared cache that another connection writes to is locked") {
    Fresh<Sqlite> fresh;
    const std::string path = "file:" + testing::unique_name() + "?mode=memory&cache=shared";
    Connection one = open_with(path, std::chrono::milliseconds{20});
    Connection two = open_with(path, std::chrono::milliseconds{20});
    rowan::must(one.execute(rowan::unsafe_sql{"CREATE TABLE t (a)"}));
    {
        auto tx = rowan::must(one.begin());
        rowan::must(tx.execute(rowan::unsafe_sql{"INSERT INTO t VALUES (1)"}));
        check_is(run(two, "SELECT * FROM t"), SQLITE_LOCKED_SHAREDCACHE);
    }
    rowan::must(two.execute(rowan::unsafe_sql{"SELECT * FROM t"}));
}

TEST_CASE("a connection that was opened read-only reads and does not write") {
    Fresh<Sqlite> fresh;
    store_accounts(fresh, 1);
    rowan::Database db = rowan::must(rowan::open(fresh.url() + "?mode=ro"));
    auto accounts = rowan::repository<Account>(db);
    CHECK(rowan::must(accounts.count()) == 1);
    check_is(error_of(accounts.insert({.owner = "x"})), SQLITE_READONLY);
    const auto refused = db.transaction([](rowan::Transaction& tx) -> rowan::Result<std::int64_t> {
        auto in_tx = rowan::repository<Account>(tx);
        const auto count = in_tx.count();
        if (auto stored = in_tx.insert({.owner = "x"}); !stored) return rowan::Failure(stored.error());
        return count;
    });
    check_is(error_of(refused), SQLITE_READONLY);
    CHECK(rowan::must(accounts.count()) == 1);
}

TEST_CASE("a file that may only be read is read-only, however it is opened") {
    // The superuser may write everything, so this test acts as nobody.
    struct AsNobody {
        uid_t before = geteuid();
        bool changed = before == 0 && seteuid(65534) == 0;
        ~AsNobody() {
            if (changed) CHECK(seteuid(before) == 0);
        }
    };
    Fresh<Sqlite> fresh;
    store_accounts(fresh, 1);
    rowan::must(fresh.connection.execute(rowan::unsafe_sql{"PRAGMA journal_mode = delete"}));
    REQUIRE(chmod(fresh.database.path().c_str(), 0444) == 0);
    REQUIRE(chmod(std::filesystem::path{fresh.database.path()}.parent_path().c_str(), 0777) == 0);
    const AsNobody nobody;
    REQUIRE(access(fresh.database.path().c_str(), R_OK) == 0);

    Connection connection =
        rowan::must(Connection::open(fresh.database.path(), {.journal = rowan::sqlite::Journal::rollback}));
    auto accounts = rowan::repository<Account>(connection);
    CHECK(rowan::must(accounts.count()) == 1);
    check_is(error_of(accounts.insert({.owner = "x"})), SQLITE_READONLY);
    // The journal is kept in the file.
    check_is(error_of(Connection::open(fresh.database.path())), SQLITE_READONLY);
}

TEST_CASE("a full database is told, and holds what was stored before") {
    Fresh<Sqlite> fresh;
    store_accounts(fresh, 1);
    auto accounts = rowan::repository<Account>(fresh.connection);
    fresh.execute("PRAGMA max_page_count = 1");
    std::optional<Error> full;
    std::int64_t stored = 1;
    for (int i = 0; i != 100 && !full; ++i) {
        auto result = accounts.insert({.owner = std::string(500, 'x') + std::to_string(i)});
        if (result)
            ++stored;
        else
            full = result.error();
    }
    REQUIRE(full);
    check_is(*full, SQLITE_FULL);
    CHECK(rowan::must(accounts.count()) == stored);
    fresh.execute("PRAGMA max_page_count = 1000");
    rowan::must(accounts.insert({.owner = "there is room again"}));
}

TEST_CASE("a write that the system refuses is an I/O error") {
    // Writing beyond the limit fails instead of ending the program.
    struct FileLimit {
        rlimit before{};
        void (*handler)(int) = std::signal(SIGXFSZ, SIG_IGN);
        FileLimit() { getrlimit(RLIMIT_FSIZE, &before); }
        ~FileLimit() {
            setrlimit(RLIMIT_FSIZE, &before);
            std::signal(SIGXFSZ, handler);
        }
    };
    Fresh<Sqlite> fresh;
    store_accounts(fresh, 1);
    auto accounts = rowan::repository<Account>(fresh.connection);
    std::optional<Error> failed;
    {
        const FileLimit limit;
        rlimit low = limit.before;
        low.rlim_cur = std::filesystem::file_size(fresh.database.path() + "-wal");
        REQUIRE(setrlimit(RLIMIT_FSIZE, &low) == 0);
        if (auto result = accounts.insert({.owner = std::string(10000, 'x')}); !result) failed = result.error();
    }
    REQUIRE(failed);
    check_is(*failed, SQLITE_IOERR_WRITE);
    CHECK(rowan::must(accounts.count()) == 1);
    rowan::must(accounts.insert({.owner = "written again"}));
}

TEST_CASE("running out of memory is told, and the connection goes on") {
    Fresh<Sqlite> fresh;
    store_accounts(fresh, 1);
    auto accounts = rowan::repository<Account>(fresh.connection);
    const sqlite3_int64 before = sqlite3_hard_heap_limit64(sqlite3_memory_used() + 1'000'000);
    const auto result = fresh.connection.execute(rowan::unsafe_sql{"SELECT hex(randomblob(10000000))"});
    sqlite3_hard_heap_limit64(before);
    check_is(error_of(result), SQLITE_NOMEM);
    CHECK(rowan::must(accounts.count()) == 1);
}

TEST_CASE("a file in a folder that is not there cannot be opened, and the path is named") {
    Fresh<Sqlite> fresh;
    const std::string path = fresh.database.path() + "/no such folder/test.db";
    const Error error = error_of(Connection::open(path));
    check_is(error, SQLITE_CANTOPEN);
    CHECK(error.message().find(path) != std::string::npos);
}

TEST_CASE("a file that is no database is told at once") {
    Fresh<Sqlite> fresh;
    const std::string path = fresh.database.path() + ".garbage";
    std::ofstream{path} << std::string(8192, '#');
    check_is(error_of(Connection::open(path)), SQLITE_NOTADB);
    check_is(error_of(Connection::open(path, {.access = rowan::sqlite::Access::read_only})), SQLITE_NOTADB);
    CHECK(std::filesystem::file_size(path) == 8192);
}

TEST_CASE("a damaged database is corruption") {
    Fresh<Sqlite> fresh;
    const std::string path = fresh.database.path() + ".damaged";
    {
        Connection connection =
            rowan::must(Connection::open(path, {.journal = rowan::sqlite::Journal::rollback, .busy_timeout = {}}));
        auto accounts = rowan::repository<Account>(connection);
        rowan::must(accounts.create_table());
        for (int i = 0; i != 300; ++i)
            rowan::must(accounts.insert({.owner = std::string(100, 'x') + std::to_string(i)}));
    }
    {
        // The first page, which holds the schema, stays.
        std::fstream file{path, std::ios::in | std::ios::out | std::ios::binary};
        const auto size = static_cast<std::size_t>(std::filesystem::file_size(path));
        REQUIRE(size > 16384);
        file.seekp(4096);
        file << std::string(size - 4096, '\x7f');
    }
    Connection connection = rowan::must(Connection::open(path, {.journal = rowan::sqlite::Journal::rollback}));
    const Error error = error_of(rowan::repository<Account>(connection).all());
    check_is(error, SQLITE_CORRUPT);
    CHECK(error.statement().find("SELECT") == 0);
}

TEST_CASE("a statement that was interrupted is cancelled, and the connection can be used again") {
    Fresh<Sqlite> fresh;
    store_accounts(fresh, 1);
    sqlite3_progress_handler(
        fresh.connection.native(), 1000,
        [](void* db) {
            sqlite3_interrupt(static_cast<sqlite3*>(db));
            return 0;
        },
        fresh.connection.native());
    {
        rowan::sqlite::Execution execution{fresh.connection, long_query};
        check_is(error_of(execution.next()), SQLITE_INTERRUPT);
    }
    sqlite3_progress_handler(fresh.connection.native(), 0, nullptr, nullptr);
    CHECK(rowan::must(rowan::repository<Account>(fresh.connection).count()) == 1);
}

TEST_CASE("a statement that does not compile is told apart by what is wrong with it, and is quoted") {
    Fresh<Sqlite> fresh;
    store_accounts(fresh, 1);
    const Error syntax = run(fresh.connection, "SELEC 1");
    check_does_not_compile(syntax, Code::syntax_error);
    CHECK(syntax.statement() == "SELEC 1");
    CHECK(syntax.to_string().find("the statement was: SELEC 1") != std::string::npos);
    check_does_not_compile(run(fresh.connection, "SELECT * FROM nowhere"), Code::undefined_table);
    check_does_not_compile(run(fresh.connection, "SELECT missing FROM accounts"), Code::undefined_column);
    check_does_not_compile(run(fresh.connection, "INSERT INTO accounts (missing) VALUES (1)"), Code::undefined_column);
    check_does_not_compile(run(fresh.connection, "CREATE TABLE accounts (a)"), Code::duplicate_object);
    check_does_not_compile(run(fresh.connection, "SELECT no_such_function(1)"), Code::programming_error);

    // The table of a repository, too.
    fresh.execute("DROP TABLE accounts");
    check_does_not_compile(error_of(rowan::repository<Account>(fresh.connection).all()), Code::undefined_table);
    fresh.execute("CREATE TABLE accounts (id INTEGER PRIMARY KEY, owner TEXT)");
    check_does_not_compile(error_of(rowan::repository<Account>(fresh.connection).all()), Code::undefined_column);
}

TEST_CASE("a column that the table does not have is an error, and never a string that holds its name") {
    Fresh<Sqlite> fresh;
    fresh.execute("CREATE TABLE loose (id TEXT PRIMARY KEY); INSERT INTO loose VALUES ('one')");
    auto loose = rowan::repository<Loose>(fresh.connection);
    check_does_not_compile(error_of(loose.all()), Code::undefined_column);
    check_does_not_compile(error_of(loose.where(rowan::col<&Loose::note> == "note").count()), Code::undefined_column);
    check_does_not_compile(run(fresh.connection, "CREATE INDEX i ON loose (\"note\")"), Code::undefined_column);
    CHECK(rowan::must(loose.count()) == 1);
}

TEST_CASE("a parameter too many is misuse, not a crash") {
    Fresh<Sqlite> fresh;
    rowan::sqlite::Execution execution{fresh.connection, one_parameter};
    CHECK(execution.put(std::int64_t{1}) == rowan::Fault::none);
    (void)execution.put(std::int64_t{2});
    check_is(error_of(execution.run()), SQLITE_RANGE);
}

TEST_CASE("what an authorizer denies is a missing permission") {
    Fresh<Sqlite> fresh;
    store_accounts(fresh, 1);
    sqlite3_set_authorizer(
        fresh.connection.native(),
        [](void*, int action, const char*, const char*, const char*, const char*) {
            return action == SQLITE_DELETE ? SQLITE_DENY : SQLITE_OK;
        },
        nullptr);
    check_is(run(fresh.connection, "DELETE FROM accounts"), SQLITE_AUTH);
    CHECK(rowan::must(rowan::repository<Account>(fresh.connection).count()) == 1);
}

TEST_CASE("the first failure is told, not one that came after it") {
    Fresh<Sqlite> fresh;
    store_accounts(fresh, 1);
    auto accounts = rowan::repository<Account>(fresh.connection);
    const Error first = error_of(accounts.insert({.owner = "owner 0"}));
    const Error second = error_of(accounts.insert({.id = 1, .owner = "another"}));
    check_is(first, SQLITE_CONSTRAINT_UNIQUE);
    check_is(second, SQLITE_CONSTRAINT_PRIMARYKEY);
    CHECK(first.column() == "owner");
    CHECK(second.column() == "id");
    CHECK(rowan::must(accounts.count()) == 1);
}
