#include <rowan/rowan.hpp>

#include <cstring>
#include <exception>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "fresh.hpp"

namespace {

struct Coin {
    std::int64_t id{};
    std::string symbol{};
    std::int64_t amount{};
};

}  // namespace

template <>
inline constexpr auto rowan::table<Coin> = rowan::describe<Coin>("coins").unique<&Coin::symbol>();

namespace {

using rowan::Category;
using rowan::Code;
using rowan::Error;

Error full_error() {
    rowan::ErrorDetails details{.category = Category::integrity, .code = Code::unique_violation, .retryable = true};
    details.message = "coins(symbol) already holds this row";
    details.native_code = "23505";
    details.native_system = "SQLSTATE";
    details.constraint = "coins_symbol_key";
    details.table = "coins";
    details.column = "symbol";
    details.statement = "INSERT INTO coins (symbol) VALUES ($1)";
    details.row = 17;
    return Error{std::move(details)}.followed_by({Category::operational, Code::disconnect, "the connection was lost"});
}

void check_full(const Error& error) {
    CHECK(error.category() == Category::integrity);
    CHECK(error.code() == Code::unique_violation);
    CHECK(error.retryable());
    CHECK(error.message() == "coins(symbol) already holds this row");
    CHECK(error.native_code() == "23505");
    CHECK(error.constraint() == "coins_symbol_key");
    CHECK(error.table() == "coins");
    CHECK(error.column() == "symbol");
    CHECK(error.statement() == "INSERT INTO coins (symbol) VALUES ($1)");
    CHECK(error.row() == 17);
    REQUIRE(error.secondary() != nullptr);
    CHECK(error.secondary()->category() == Category::operational);
    CHECK(error.secondary()->code() == Code::disconnect);
    CHECK(error.secondary()->message() == "the connection was lost");
    CHECK(error.secondary()->secondary() == nullptr);
}

}  // namespace

TEST_CASE("an error is one pointer wide and can be copied and moved") {
    CHECK(sizeof(Error) == sizeof(void*));
    CHECK(sizeof(rowan::Result<void>) <= 2 * sizeof(void*));
    CHECK(std::is_nothrow_move_constructible_v<Error>);
    CHECK(std::is_nothrow_move_assignable_v<Error>);
    CHECK(std::is_copy_constructible_v<Error>);
}

TEST_CASE("an error starts with nothing but what it was given") {
    const Error error{Category::state, Code::not_found, "notes has no row with this key"};
    CHECK(error.category() == Category::state);
    CHECK(error.code() == Code::not_found);
    CHECK(error.message() == "notes has no row with this key");
    CHECK_FALSE(error.retryable());
    CHECK(error.native_code().empty());
    CHECK(error.constraint().empty());
    CHECK(error.table().empty());
    CHECK(error.column().empty());
    CHECK(error.statement().empty());
    CHECK_FALSE(error.row());
    CHECK(error.secondary() == nullptr);
}

TEST_CASE("a copy of an error holds everything and shares nothing") {
    auto original = std::make_unique<Error>(full_error());
    const Error copy{*original};
    check_full(copy);
    CHECK(copy.to_string() == original->to_string());
    CHECK(&copy.message() != &original->message());
    CHECK(copy.secondary() != original->secondary());

    Error assigned{Category::data, Code::invalid_value, "something else"};
    assigned = *original;
    check_full(assigned);
    CHECK(assigned.secondary() != original->secondary());

    original.reset();
    check_full(copy);
    check_full(assigned);
}

TEST_CASE("an error survives assignment to itself and moves without loss") {
    Error error = full_error();
    const Error& same = error;
    error = same;
    check_full(error);

    const std::string* message = &error.message();
    Error moved{std::move(error)};
    check_full(moved);
    CHECK(&moved.message() == message);

    Error target{Category::data, Code::invalid_value, "something else"};
    target = std::move(moved);
    check_full(target);
    CHECK(&target.message() == message);
}

TEST_CASE("an error reads as one line: category, code, message, the database's own code") {
    CHECK(Error{Category::state, Code::not_found, "notes has no row with this key"}.to_string() ==
          "state/not_found: notes has no row with this key");

    rowan::ErrorDetails sqlite{.category = Category::operational, .code = Code::busy, .retryable = true};
    sqlite.message = "database is locked";
    sqlite.native_code = "5";
    sqlite.native_system = "SQLite";
    CHECK(Error{std::move(sqlite)}.to_string() == "operational/busy: database is locked (SQLite 5)");

    // The statement of a violation is right as it is; the one that does not compile is what its author looks for.
    CHECK(full_error().to_string() ==
          "integrity/unique_violation: coins(symbol) already holds this row (SQLSTATE 23505); row 17 of the "
          "range, counted from 0; then: operational/disconnect: the connection was lost");
    CHECK(Error{Category::programming, Code::syntax_error, "near \"SELEC\": syntax error"}
              .in_statement("SELEC 1")
              .to_string() == "programming/syntax_error: near \"SELEC\": syntax error; the statement was: SELEC 1");
    CHECK(Error{Category::data, Code::invalid_value, "no number"}.in_statement("SELECT 1").to_string() ==
          "data/invalid_value: no number");
}

TEST_CASE("an error blames a row of a range where that row is to blame") {
    CHECK(Error{Category::data, Code::invalid_value, "no number"}.in_row(0).row() == 0);
    CHECK(Error{Category::integrity, Code::unique_violation, "there already"}.in_row(3).row() == 3);
    CHECK_FALSE(Error{Category::operational, Code::disk_full, "full"}.in_row(3).row());
}

TEST_CASE("an error keeps what failed while it was handled, however often that happened") {
    Error innermost{Category::operational, Code::io_error, "third"};
    Error middle = Error{Category::operational, Code::disconnect, "second"}.followed_by(std::move(innermost));
    const Error outer = Error{Category::data, Code::invalid_value, "first"}.followed_by(std::move(middle));

    REQUIRE(outer.secondary() != nullptr);
    CHECK(outer.secondary()->message() == "second");
    REQUIRE(outer.secondary()->secondary() != nullptr);
    CHECK(outer.secondary()->secondary()->message() == "third");
    CHECK(outer.secondary()->secondary()->secondary() == nullptr);
    CHECK(outer.to_string() ==
          "data/invalid_value: first; then: operational/disconnect: second; then: operational/io_error: third");

    const Error copy = outer;
    REQUIRE(copy.secondary() != nullptr);
    CHECK(copy.secondary()->secondary() != outer.secondary()->secondary());
    CHECK(copy.to_string() == outer.to_string());
}

TEST_CASE("every category and every code has a name of its own") {
    std::set<std::string_view> names;
    constexpr int codes = static_cast<int>(Code::stale) + 1;
    for (int i = 0; i != codes; ++i) names.insert(rowan::to_string(static_cast<Code>(i)));
    CHECK(names.size() == codes);
    CHECK(names.count("unknown") == 0);
    CHECK(names.count("") == 0);

    std::set<std::string_view> categories;
    constexpr int count = static_cast<int>(Category::state) + 1;
    for (int i = 0; i != count; ++i) categories.insert(rowan::to_string(static_cast<Category>(i)));
    CHECK(categories.size() == count);
    CHECK(categories.count("unknown") == 0);

    CHECK(rowan::to_string(static_cast<Code>(255)) == "unknown");
    CHECK(rowan::to_string(static_cast<Category>(255)) == "unknown");
}

TEST_CASE("must gives the value, also one that can only be moved") {
    CHECK(rowan::must(rowan::Result<int>{42}) == 42);
    const auto pointer = rowan::must(rowan::Result<std::unique_ptr<int>>{std::make_unique<int>(7)});
    REQUIRE(pointer != nullptr);
    CHECK(*pointer == 7);
}

TEST_CASE("must throws the whole error with the whole message") {
    const rowan::Result<int> failed = rowan::Failure(full_error());
    bool thrown = false;
    try {
        rowan::must(failed);
    } catch (const rowan::Exception& exception) {
        thrown = true;
        check_full(exception.error());
        CHECK(std::string{exception.what()} == full_error().to_string());

        const rowan::Exception copy{exception};
        CHECK(std::string{copy.what()} == exception.what());
        check_full(copy.error());
    }
    CHECK(thrown);

    // Whoever knows nothing of rowan gets the message as well.
    thrown = false;
    try {
        rowan::must(failed);
    } catch (const std::exception& exception) {
        thrown = std::strstr(exception.what(), "integrity/unique_violation") != nullptr;
    }
    CHECK(thrown);
}

TEST_CASE("must on a result without a value does nothing, or throws") {
    CHECK_NOTHROW(rowan::must(rowan::Result<void>{}));
    CHECK(std::is_void_v<decltype(rowan::must(rowan::Result<void>{}))>);
    const rowan::Result<void> failed = rowan::Failure(Error{Category::operational, Code::busy, "wait"});
    CHECK_THROWS_WITH_AS(rowan::must(failed), "operational/busy: wait", rowan::Exception);
}

TEST_CASE_TEMPLATE("must tells what the database said", Db, Sqlite, Postgres) {
    Fresh<Db> fresh;
    auto coins = rowan::repository<Coin>(fresh.connection);
    rowan::must(coins.create_table());
    rowan::must(coins.insert({.symbol = "BTC", .amount = 1}));

    std::string message;
    try {
        rowan::must(coins.insert({.symbol = "BTC", .amount = 2}));
    } catch (const rowan::Exception& exception) {
        message = exception.what();
    }
    CHECK(message == std::string{"integrity/unique_violation: coins(symbol) already holds this row "} +
                         (Db::is_sqlite ? "(SQLite 2067)" : "(SQLSTATE 23505)"));
    CHECK(rowan::must(coins.count()) == 1);
}
