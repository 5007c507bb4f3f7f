#include <rowan/rowan.hpp>

#include <chrono>
#include <concepts>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "fresh.hpp"

namespace {

struct Note {
    std::int64_t id{};
    std::string text{};
};

struct Texts {
    std::string text{};
};

}  // namespace

template <>
inline constexpr auto rowan::table<Note> = rowan::describe<Note>("notes").unique<&Note::text>();

namespace {

using rowan::Code;
using rowan::col;
using rowan::Error;
using rowan::Isolation;
using rowan::unsafe_sql;

/// A database with two notes, and the handle under test: a connection itself, or a Database.
template <class Db>
struct Direct : Fresh<Db> {
    static constexpr bool is_sqlite = Db::is_sqlite;
    Direct() {
        auto notes = rowan::repository<Note>(this->connection);
        rowan::must(notes.create_table());
        rowan::must(notes.insert(std::vector<Note>{{.text = "a"}, {.text = "b"}}));
    }
    auto& handle() { return this->connection; }
};
template <class Db>
struct Opened : Direct<Db> {
    rowan::Database& handle() { return database_; }

private:
    rowan::Database database_ = rowan::must(rowan::open(this->url()));
};

#define ROWAN_EVERY_HANDLE Direct<Sqlite>, Direct<Postgres>, Opened<Sqlite>, Opened<Postgres>

constexpr auto policy = rowan::on_conflict<&Note::text>.do_nothing();

// What writes: one concept each, so that none hides behind another.
template <class Db>
using Notes = rowan::Repository<Note, Db>;
template <class Db>
concept CreatesTable = requires(Notes<Db> notes) { notes.create_table(); };
template <class Db>
concept DropsTable = requires(Notes<Db> notes) { notes.drop_table(); };
template <class Db>
concept Inserts = requires(Notes<Db> notes, Note note) { notes.insert(note); };
template <class Db>
concept InsertsRange = requires(Notes<Db> notes, std::vector<Note> range) { notes.insert(range); };
template <class Db>
concept Upserts = requires(Notes<Db> notes, Note note) { notes.upsert(note, policy); };
template <class Db>
concept UpsertsRange = requires(Notes<Db> notes, std::vector<Note> range) { notes.upsert(range, policy); };
template <class Db>
concept Updates = requires(Notes<Db> notes, Note note) { notes.update(note); };
template <class Db>
concept UpdatesRange = requires(Notes<Db> notes, std::vector<Note> range) { notes.update(range); };
template <class Db>
concept PatchesEntity = requires(Notes<Db> notes, Note note) { notes.patch(note, rowan::set<& Note::text> = "c"); };
template <class Db>
concept PatchesAtVersion =
    requires(Notes<Db> notes) { notes.patch(rowan::at_version(1, 1), rowan::set<& Note::text> = "c"); };
template <class Db>
concept ErasesAtVersion = requires(Notes<Db> notes) { notes.erase(rowan::at_version(1, 1)); };
template <class Db>
concept ErasesRange = requires(Notes<Db> notes, std::vector<Note> range) { notes.erase(range); };
template <class Db>
concept Patches = requires(Notes<Db> notes) { notes.patch(1, rowan::set<& Note::text> = "c"); };
template <class Db>
concept PatchesChosen = requires(Notes<Db> notes, rowan::Patch<Note> patch) { notes.patch(1, patch); };
template <class Db>
concept Erases = requires(Notes<Db> notes) { notes.erase(1); };
template <class Db>
concept ErasesEntity = requires(Notes<Db> notes, Note note) { notes.erase(note); };
template <class Db>
concept HasEverywhere = requires(Notes<Db> notes) { notes.everywhere(); };
template <class Db>
concept UpdatesWhere =
    requires(Notes<Db> notes) { notes.where(col<&Note::id> == 1).update(rowan::set<& Note::text> = "c"); };
template <class Db>
concept UpdatesReturning =
    requires(Notes<Db> notes) { notes.where(col<&Note::id> == 1).update_returning(rowan::set<& Note::text> = "c"); };
template <class Db>
concept ErasesWhere = requires(Notes<Db> notes) { notes.where(col<&Note::id> == 1).erase(); };
template <class Db>
concept ErasesReturning = requires(Notes<Db> notes) { notes.where(col<&Note::id> == 1).erase_returning(); };
template <class Db>
concept LocksRows = requires(Notes<Db> notes) { notes.where(col<&Note::id> == 1).for_update(); };
template <class Db>
concept Executes = requires(Db db) { db.execute(unsafe_sql{"DELETE FROM notes"}); };
template <class Db>
concept ExecutesLiteral = requires(Db db) { db.execute(rowan::sql<"DELETE FROM notes">); };
template <class Db>
concept RunsTransactions = requires(Db db) { db.transaction([](auto&) {}); };

template <class Db>
constexpr bool writes_everything =
    CreatesTable<Db> && DropsTable<Db> && Inserts<Db> && InsertsRange<Db> && Upserts<Db> && UpsertsRange<Db> &&
    UpdatesRange<Db> && PatchesEntity<Db> && PatchesAtVersion<Db> && ErasesAtVersion<Db> && ErasesRange<Db> &&
    Updates<Db> && Patches<Db> && PatchesChosen<Db> && Erases<Db> && ErasesEntity<Db> && HasEverywhere<Db> &&
    UpdatesWhere<Db> && UpdatesReturning<Db> && ErasesWhere<Db> && ErasesReturning<Db> && LocksRows<Db> &&
    Executes<Db> && ExecutesLiteral<Db> && RunsTransactions<Db>;
template <class Db>
constexpr bool writes_anything =
    CreatesTable<Db> || DropsTable<Db> || Inserts<Db> || InsertsRange<Db> || Upserts<Db> || UpsertsRange<Db> ||
    UpdatesRange<Db> || PatchesEntity<Db> || PatchesAtVersion<Db> || ErasesAtVersion<Db> || ErasesRange<Db> ||
    Updates<Db> || Patches<Db> || PatchesChosen<Db> || Erases<Db> || ErasesEntity<Db> || HasEverywhere<Db> ||
    UpdatesWhere<Db> || UpdatesReturning<Db> || ErasesWhere<Db> || ErasesReturning<Db> || LocksRows<Db> ||
    Executes<Db> || ExecutesLiteral<Db> || RunsTransactions<Db>;

static_assert(writes_everything<rowan::Database> && writes_everything<rowan::Transaction>);
static_assert(writes_everything<rowan::BasicTransaction<rowan::sqlite::Connection>>);
static_assert(!writes_anything<rowan::ReadOnly>);
static_assert(!writes_anything<rowan::BasicReadOnly<rowan::sqlite::Connection>>);
static_assert(!writes_anything<rowan::BasicReadOnly<rowan::postgres::Connection>>);

/// Each way to read, through any handle.
template <class Handle>
void check_reads(Handle& handle) {
    auto notes = rowan::repository<Note>(handle);
    CHECK(rowan::must(notes.find(1))->text == "a");
    CHECK(rowan::must(notes.get(2)).text == "b");
    CHECK(rowan::must(notes.exists(2)));
    CHECK(rowan::must(notes.template find_by<&Note::text>("b"))->id == 2);
    CHECK(rowan::must(notes.all()).size() == 2);
    CHECK(rowan::must(notes.count()) == 2);
    CHECK(rowan::must(notes.where(col<&Note::text> == "a").order_by(rowan::asc<&Note::id>).limit(5).all()).size() == 1);
    CHECK(rowan::must(notes.matching(rowan::Filter<Note>{}).all()).size() == 2);
    CHECK(rowan::must(rowan::verify<Note>(handle)).empty());
    int streamed = 0;
    rowan::must(notes.query().for_each([&](Note&) { ++streamed; }));
    CHECK(streamed == 2);
    const auto by_hand = handle.template query<Texts>(rowan::sql<"SELECT text FROM notes WHERE id = $1">, 1);
    CHECK(rowan::must(by_hand).at(0).text == "a");
}

}  // namespace

TEST_CASE_TEMPLATE("a read-only session reads in every way, and gives what its function gives", Db,
                   ROWAN_EVERY_HANDLE) {
    Db fresh;
    const rowan::Result<int> outcome = fresh.handle().read_only([](auto& reader) {
        check_reads(reader);
        CHECK(reader.active());
        return 42;
    });
    CHECK(rowan::must(outcome) == 42);
    rowan::must(fresh.handle().read_only([](auto&) {}));
    const rowan::Result<Note> one =
        fresh.handle().read_only([](auto& reader) { return rowan::repository<Note>(reader).get(1); });
    CHECK(rowan::must(one).text == "a");
    const rowan::Result<Note> none =
        fresh.handle().read_only([](auto& reader) { return rowan::repository<Note>(reader).get(77); });
    CHECK(error_of(none).code() == Code::not_found);
    CHECK_THROWS_AS((void)fresh.handle().read_only([](auto&) { throw std::runtime_error{"thrown on purpose"}; }),
                    std::runtime_error);
    // The handle writes again.
    rowan::must(rowan::repository<Note>(fresh.handle()).insert({.text = "c"}));
}

TEST_CASE_TEMPLATE("the database itself refuses a read-only session's writes", Db, ROWAN_EVERY_HANDLE) {
    Db fresh;
    const Error error = error_of(fresh.handle().read_only([](auto& reader) {
        return reader.template query<std::int64_t>(rowan::sql<"INSERT INTO notes (text) VALUES ($1) RETURNING id">,
                                                   "c");
    }));
    INFO(error.to_string());
    CHECK(error.code() == Code::read_only);
    CHECK(error.native_code() == (Db::is_sqlite ? "8" : "25006"));
    CHECK_FALSE(error.retryable());
    CHECK(rowan::must(rowan::repository<Note>(fresh.handle()).count()) == 2);
    rowan::must(rowan::repository<Note>(fresh.handle()).insert({.text = "c"}));
}

TEST_CASE_TEMPLATE("a read-only session keeps no writer waiting", Db, ROWAN_EVERY_HANDLE) {
    Db fresh;
    auto other = fresh.connect();
    rowan::must(fresh.handle().read_only({.isolation = Isolation::repeatable_read}, [&](auto& reader) {
        check_reads(reader);
        rowan::must(rowan::repository<Note>(other).insert({.text = "meanwhile"}));
        // All its statements see the same moment.
        check_reads(reader);
    }));
    CHECK(rowan::must(rowan::repository<Note>(fresh.handle()).count()) == 3);
}

TEST_CASE_TEMPLATE("its options are those of a transaction", Db, ROWAN_EVERY_HANDLE) {
    Db fresh;
    const rowan::TransactionOptions safe{.isolation = Isolation::serializable, .deferrable = true};
    const rowan::Result<void> outcome = fresh.handle().read_only(safe, [](auto& reader) { check_reads(reader); });
    if constexpr (Db::is_sqlite)
        CHECK(error_of(outcome).code() == Code::not_supported);
    else
        rowan::must(outcome);
    CHECK(error_of(fresh.handle().read_only({.lock = rowan::Lock::immediate}, [](auto&) {})).code() == Code::misuse);
}

TEST_CASE_TEMPLATE("inside a read-only session another one is a savepoint", Db, ROWAN_EVERY_HANDLE) {
    Db fresh;
    rowan::must(fresh.handle().read_only([](auto& reader) {
        rowan::must(reader.read_only([&](auto& inner) {
            static_assert(!writes_anything<std::remove_reference_t<decltype(inner)>>);
            check_reads(inner);
            CHECK(error_of(rowan::repository<Note>(reader).count()).code() == Code::wrong_handle);
        }));
        // An error inside, which breaks a transaction on PostgreSQL, is gone with the savepoint.
        const auto failed = reader.read_only(
            [](auto& inner) { return inner.template query<int>(unsafe_sql{"SELECT x FROM nowhere"}); });
        CHECK(error_of(failed).code() == Code::undefined_table);
        check_reads(reader);
    }));
}

TEST_CASE_TEMPLATE("inside a transaction that may write there is no read-only session", Db, ROWAN_EVERY_HANDLE) {
    Db fresh;
    auto tx = rowan::must(fresh.handle().begin());
    bool called = false;
    const Error error = error_of(tx.read_only([&](auto&) { called = true; }));
    INFO(error.to_string());
    CHECK(error.code() == Code::misuse);
    CHECK(error_of(fresh.handle().read_only([&](auto&) { called = true; })).code() == Code::wrong_handle);
    CHECK_FALSE(called);
    rowan::must(rowan::repository<Note>(tx).insert({.text = "c"}));
    rowan::must(tx.commit());
    CHECK(rowan::must(rowan::repository<Note>(fresh.handle()).count()) == 3);
}

TEST_CASE_TEMPLATE("while a read-only session is open, its connection's handle refuses", Db, ROWAN_EVERY_HANDLE) {
    Db fresh;
    auto notes = rowan::repository<Note>(fresh.handle());
    rowan::must(fresh.handle().read_only([&](auto& reader) {
        CHECK(error_of(notes.insert({.text = "c"})).code() == Code::wrong_handle);
        CHECK(error_of(fresh.handle().begin()).code() == Code::wrong_handle);
        check_reads(reader);
    }));
    CHECK(rowan::must(notes.count()) == 2);
}

TEST_CASE_TEMPLATE("a read-only session can be run again", Db, ROWAN_EVERY_HANDLE) {
    Db fresh;
    int calls = 0;
    const rowan::retry policy_of_test{.attempts = 5, .base = std::chrono::milliseconds{1}};
    const rowan::Result<std::int64_t> outcome = fresh.handle().read_only(
        policy_of_test, {.isolation = Isolation::serializable}, [&](auto& reader) -> rowan::Result<std::int64_t> {
            if (++calls < 3)
                return rowan::Failure(Error{rowan::ErrorDetails{.category = rowan::Category::operational,
                                                                .code = Code::serialization_failure,
                                                                .retryable = true,
                                                                .message = "made for the test"}});
            return rowan::repository<Note>(reader).count();
        });
    CHECK(rowan::must(outcome) == 2);
    CHECK(calls == 3);
}
