#include <rowan/observe.hpp>
#include <rowan/rowan.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "fresh.hpp"
#include "recorder.hpp"

namespace {

using rowan::Code;
using rowan::col;
using rowan::RepeatGuard;
using rowan::unsafe_sql;

struct Author {
    std::int64_t id{};
    std::string name{};
};

struct Book {
    std::int64_t id{};
    std::int64_t author{};
};

template <class Db>
struct Library : Fresh<Db> {
    using Connection = typename Db::Connection;
    rowan::Repository<Author, Connection> authors{this->connection};
    rowan::Repository<Book, Connection> books{this->connection};
    std::vector<std::string> messages{};

    Library() {
        rowan::must(authors.create_table());
        rowan::must(books.create_table());
        std::vector<Author> all;
        for (int i = 0; i != 20; ++i) all.push_back({.name = "author " + std::to_string(i)});
        rowan::must(authors.insert(all));
    }

    auto report() {
        return [this](const std::string& message) { messages.push_back(message); };
    }

    /// The problem: one query, and then one for each of its rows.
    void read_one_by_one(int count) {
        for (const Author& author : rowan::must(authors.query().limit(count).all()))
            (void)rowan::must(books.where(col<&Book::author> == author.id).all());
    }
};

}  // namespace

TEST_CASE_TEMPLATE("a guard reports a statement that runs once for each row of another", Db, Sqlite, Postgres) {
    Library<Db> library;
    const std::string text{library.books.where(col<&Book::author> == 1).sql()};
    {
        RepeatGuard guard{library.connection, {.count = 5}, library.report()};
        library.read_one_by_one(4);
        CHECK(guard.repeated().empty());
    }
    CHECK(library.messages.empty());
    {
        RepeatGuard guard{library.connection, {.count = 5}, library.report()};
        library.read_one_by_one(5);
        const auto repeated = guard.repeated();
        REQUIRE(repeated.size() == 1);
        CHECK(repeated[0].text == text);
        CHECK(repeated[0].count == 5);
    }
    REQUIRE(library.messages.size() == 1);
    CHECK(library.messages[0] ==
          "one statement ran 5 times, where 5 are too many; a join or in(…) may do it in one: " + text);
    // It counts from its beginning to its end.
    library.read_one_by_one(20);
    CHECK(library.messages.size() == 1);
}

TEST_CASE_TEMPLATE("a guard can be asked, and then reports no more", Db, Sqlite, Postgres) {
    Library<Db> library;
    {
        RepeatGuard guard{library.connection, {}, library.report()};
        library.read_one_by_one(9);
        CHECK(guard.check());
        library.read_one_by_one(1);
        const rowan::Error error = error_of(guard.check());
        CHECK(error.code() == Code::misuse);
        CHECK(error.message().find("ran 10 times") != std::string::npos);
        CHECK(error.message().find("book") != std::string::npos);
    }
    CHECK(library.messages.empty());
}

TEST_CASE_TEMPLATE("texts that differ in their values are one statement for a guard", Db, Sqlite, Postgres) {
    Library<Db> library;
    RepeatGuard guard{library.connection, {.count = 3}, library.report()};
    for (int i = 0; i != 3; ++i)
        (void)rowan::must(library.connection.template query<std::int64_t>(
            unsafe_sql{"SELECT id FROM author WHERE name = 'author " + std::to_string(i) + "'"}));
    REQUIRE(guard.repeated().size() == 1);
    CHECK(guard.repeated()[0].text == "SELECT id FROM author WHERE name = ?");
    CHECK(!guard.check());
}

TEST_CASE("a counter names the most frequent first, and equally frequent ones by their texts") {
    rowan::RepeatCounter counter{{.count = 1}};
    const auto run = [&](const std::string& text, int times) {
        for (int i = 0; i != times; ++i) counter.on_statement({.text = text, .is_constant = true, .connection = 1});
    };
    // More than what sorts by insertion alone.
    for (int i = 39; i >= 10; --i) run("SELECT c" + std::to_string(i), i == 25 ? 4 : 2);
    run("SELECT b", 3);
    const auto repeated = counter.repeated();
    REQUIRE(repeated.size() == 31);
    CHECK(repeated[0].text == "SELECT c25");
    CHECK(repeated[1].text == "SELECT b");
    for (std::size_t i = 2; i != repeated.size(); ++i) {
        const std::size_t number = i + 8 < 25 ? i + 8 : i + 9;
        CHECK(repeated[i].text == "SELECT c" + std::to_string(number));
        CHECK(repeated[i].count == 2);
    }
}

TEST_CASE_TEMPLATE("a guard counts what writes only when it is asked to", Db, Sqlite, Postgres) {
    Library<Db> library;
    const auto insert = [&] {
        for (int i = 0; i != 3; ++i) rowan::must(library.books.insert({.author = 1}));
    };
    {
        RepeatGuard guard{library.connection, {.count = 3}, library.report()};
        insert();
        CHECK(guard.check());
    }
    RepeatGuard guard{library.connection, {.count = 3, .writes = true}, library.report()};
    insert();
    CHECK(!guard.check());
}

TEST_CASE_TEMPLATE("a guard may count within each transaction", Db, Sqlite, Postgres) {
    Library<Db> library;
    const auto read = [&](int count) {
        rowan::must(library.connection.transaction([&](auto& tx) -> rowan::Result<void> {
            for (int i = 1; i <= count; ++i) rowan::must(rowan::repository<Author>(tx).get(i));
            return {};
        }));
    };
    {
        RepeatGuard guard{library.connection, {.count = 3, .per_transaction = true}, library.report()};
        read(2);
        read(2);
        library.read_one_by_one(10);
        CHECK(guard.repeated().empty());
        read(4);
        read(1);
    }
    REQUIRE(library.messages.size() == 1);
    CHECK(library.messages[0].starts_with("one statement ran 4 times in a transaction, where 3 are too many"));
}

TEST_CASE_TEMPLATE("a guard leaves an observer that was there in its place", Db, Sqlite, Postgres) {
    Library<Db> library;
    const auto recorder = std::make_shared<Recorder>();
    library.connection.observe(recorder);
    {
        RepeatGuard guard{library.connection, {}, library.report()};
        (void)rowan::must(library.authors.count());
        CHECK(recorder->take().size() == 1);
        CHECK(library.connection.observer() != recorder);
    }
    CHECK(library.connection.observer() == recorder);
    (void)rowan::must(library.authors.count());
    CHECK(recorder->take().size() == 1);
    {
        RepeatGuard guard{library.connection};
        library.connection.observe(nullptr);
    }
    CHECK(library.connection.observer() == nullptr);
}
