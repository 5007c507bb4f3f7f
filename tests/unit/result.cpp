#include <rowan/core/must.hpp>
#include <rowan/core/result.hpp>

#include <any>
#include <atomic>
#include <cstddef>
#include <exception>
#include <initializer_list>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

namespace {

using rowan::Category;
using rowan::Code;
using rowan::Error;
using rowan::Failure;
using rowan::Result;

Error error(std::string message = "no luck") { return {Category::state, Code::not_found, std::move(message)}; }

int alive = 0;

/// Counts how many of it live, and throws while it is made, copied or moved, if it is told to.
struct Counted {
    int number = 0;
    static inline bool throws = false;

    explicit Counted(int value) : number{value} { count(); }
    Counted(const Counted& other) : number{other.number} { count(); }
    Counted(Counted&& other) noexcept(false) {
        count();
        number = std::exchange(other.number, -1);
    }
    Counted& operator=(const Counted&) = default;
    Counted& operator=(Counted&& other) noexcept(false) {
        if (throws) throw std::runtime_error{"moved"};
        number = std::exchange(other.number, -1);
        return *this;
    }
    ~Counted() { --alive; }

private:
    static void count() {
        if (throws) throw std::runtime_error{"made"};
        ++alive;
    }
};

/// Makes every Counted throw, while it lives.
struct Throwing {
    Throwing() { Counted::throws = true; }
    Throwing(const Throwing&) = delete;
    Throwing& operator=(const Throwing&) = delete;
    ~Throwing() { Counted::throws = false; }
};

/// Moves without an exception; what it is made of may throw.
struct Text {
    std::string text;
    explicit Text(std::string given) : text{std::move(given)} {
        if (text == "bad") throw std::runtime_error{"bad"};
    }
};

struct NoDefault {
    explicit NoDefault(int value) : number{value} {}
    int number;
};
struct Constant {
    const int number;
};
struct Pair {
    int first{};
    std::string second{};
};
/// Takes a Result as it is.
struct Watcher {
    Watcher(const Result<int>& watched) : saw{watched.has_value()} {}  // NOLINT
    bool saw;
};

// A Result is as its value is.
static_assert(std::is_default_constructible_v<Result<int>> && std::is_default_constructible_v<Result<void>>);
static_assert(!std::is_default_constructible_v<Result<NoDefault>>);
static_assert(std::is_copy_constructible_v<Result<int>> && std::is_copy_assignable_v<Result<std::string>>);
static_assert(!std::is_copy_constructible_v<Result<std::unique_ptr<int>>>);
static_assert(!std::is_copy_assignable_v<Result<std::unique_ptr<int>>>);
static_assert(std::is_nothrow_move_constructible_v<Result<std::unique_ptr<int>>>);
static_assert(std::is_nothrow_move_assignable_v<Result<std::unique_ptr<int>>>);
static_assert(std::is_move_constructible_v<Result<Counted>> && !std::is_nothrow_move_constructible_v<Result<Counted>>);
static_assert(!std::is_nothrow_move_assignable_v<Result<Counted>>);
static_assert(std::is_copy_constructible_v<Result<Constant>> && !std::is_move_assignable_v<Result<Constant>>);
static_assert(std::is_move_constructible_v<Result<const int>> && !std::is_copy_assignable_v<Result<const int>>);
static_assert(!std::is_move_constructible_v<Result<std::atomic<int>>>);
static_assert(std::is_nothrow_move_constructible_v<Result<void>> && std::is_nothrow_move_assignable_v<Result<void>>);
static_assert(std::is_copy_constructible_v<Result<std::any>> && std::is_copy_assignable_v<Result<void>>);

// What makes one, and what does not.
static_assert(std::is_convertible_v<const char*, Result<std::string>>);
static_assert(std::is_constructible_v<Result<NoDefault>, int> && !std::is_convertible_v<int, Result<NoDefault>>);
static_assert(std::is_convertible_v<Failure, Result<int>> && std::is_convertible_v<const Failure&, Result<std::any>>);
static_assert(!std::is_constructible_v<Result<int>, Error> && !std::is_convertible_v<int, Result<void>>);
static_assert(std::is_convertible_v<Result<int>, Result<std::optional<int>>>);
static_assert(std::is_constructible_v<Result<NoDefault>, Result<int>>);
static_assert(!std::is_convertible_v<Result<int>, Result<NoDefault>>);
static_assert(!std::is_constructible_v<Result<int>, Result<std::string>>);
static_assert(!std::is_constructible_v<Result<bool>, Result<std::string>>);
static_assert(!std::is_constructible_v<Result<int>, Result<void>> &&
              !std::is_constructible_v<Result<void>, Result<int>>);

TEST_CASE("a Result holds the value that it is made of") {
    CHECK(*Result<int>{} == 0);
    CHECK(*Result<int>{7} == 7);
    CHECK(Result<std::string> { "it's" } -> size() == 4);
    CHECK(Result<NoDefault> { 5 } -> number == 5);
    CHECK(Result<const int>{6}.value() == 6);
    CHECK(*Result<std::vector<int>>{std::in_place, std::initializer_list<int>{1, 2, 3}} == std::vector{1, 2, 3});
    CHECK(Result<std::atomic<int>> { std::in_place, 8 } -> load() == 8);
    CHECK(**Result<std::unique_ptr<int>>{std::make_unique<int>(9)} == 9);
    const auto nothing = []() -> Result<Pair> { return {}; }();
    CHECK(nothing->second.empty());
    const auto braces = []() -> Result<Pair> { return {{.first = 1, .second = "two"}}; }();
    CHECK(braces->first == 1);
    CHECK(braces->second == "two");
    const auto list = []() -> Result<std::vector<int>> { return {{4, 5}}; }();
    CHECK(*list == std::vector{4, 5});
    CHECK(Result<void>{}.has_value());
    CHECK(Result<void>{std::in_place}.has_value());
}

TEST_CASE("a Failure is an error, also where the value is an Error or anything") {
    const Failure failure{error("kept")};
    const Result<int> number = failure;
    REQUIRE(!number);
    CHECK(number.error().message() == "kept");
    CHECK(failure.error().message() == "kept");
    CHECK(Result<void>{failure}.error().message() == "kept");
    CHECK(Result<std::any>{failure}.error().message() == "kept");
    const Result<Error> value = error("a value");
    REQUIRE(value);
    CHECK(value->message() == "a value");
    CHECK(Result<Error>{failure}.error().message() == "kept");
    CHECK(!Result<bool>{failure});
    CHECK(Failure{error("moved")}.error().message() == "moved");
}

TEST_CASE("what another Result holds goes over where its value makes one") {
    Result<std::optional<std::string>> wide = Result<std::string>{"x"};
    REQUIRE(wide);
    CHECK(*wide == "x");
    const Result<std::string> failed = Failure(error("as it was"));
    wide = failed;
    CHECK(wide.error().message() == "as it was");
    CHECK(failed.error().message() == "as it was");
    CHECK(Result<NoDefault> {
        Result<int> { 3 }
    } -> number == 3);

    // Never the bool that a Result can be asked for.
    CHECK(!*Result<bool>{Result<int>{0}});
    CHECK(*Result<std::optional<bool>>{Result<bool>{false}} == false);
    CHECK(!Result<std::optional<bool>>{Result<bool>{Failure(error())}}.has_value());

    // Where the value is itself made of a Result, that is what it holds.
    const Result<int> failed_number = Failure(error());
    const Result<Result<int>> nested = failed_number;
    REQUIRE(nested);
    CHECK(!*nested);
    const Result<std::any> any = failed_number;
    REQUIRE(any);
    CHECK(!std::any_cast<const Result<int>&>(*any));
    const Result<Watcher> watcher = failed_number;
    REQUIRE(watcher);
    CHECK(!watcher->saw);
}

TEST_CASE("copies and moves go between values and errors, and nothing is lost or freed twice") {
    REQUIRE(alive == 0);
    {
        const Result<Counted> values[]{Result<Counted>{1}, Failure(error("first"))};
        const Result<Counted> others[]{Result<Counted>{2}, Failure(error("second"))};
        const auto same = [](const Result<Counted>& left, const Result<Counted>& right) {
            if (left.has_value() != right.has_value()) return false;
            return left ? left->number == right->number : left.error().message() == right.error().message();
        };
        for (const auto& from : values) {
            for (const auto& to : others) {
                auto copied = to;
                copied = from;
                CHECK(same(copied, from));
                auto source = from;
                auto moved = to;
                moved = std::move(source);
                CHECK(same(moved, from));
                CHECK(source.has_value() == from.has_value());
                source = to;
                CHECK(same(source, to));
                const Result<Counted> made{std::move(moved)};
                CHECK(same(made, from));
            }
            auto self = from;
            auto& alias = self;
            self = alias;
            CHECK(same(self, from));
        }
    }
    CHECK(alive == 0);
}

TEST_CASE("a Result that is moved onto itself stays as it is") {
    Result<std::unique_ptr<int>> value{std::make_unique<int>(1)};
    auto& same_value = value;
    value = std::move(same_value);
    CHECK(**value == 1);
    Result<int> failed = Failure(error("mine"));
    auto& same_failed = failed;
    failed = std::move(same_failed);
    CHECK(failed.error().message() == "mine");
    Result<void> nothing = Failure(error("mine"));
    auto& same_nothing = nothing;
    nothing = std::move(same_nothing);
    CHECK(nothing.error().message() == "mine");
}

TEST_CASE("a Result of nothing goes between success and errors") {
    const Result<void> failed = Failure(error("first"));
    Result<void> result;
    result = failed;
    CHECK(result.error().message() == "first");
    result = Failure(error("second"));
    CHECK(result.error().message() == "second");
    Result<void> taken = std::move(result);
    CHECK(taken.error().message() == "second");
    CHECK(!result.has_value());
    result = {};
    CHECK(result.has_value());
    taken.emplace();
    taken.emplace();
    CHECK(taken.has_value());
    const Result<void> copy = failed;
    CHECK(copy.error().message() == "first");
    CHECK(Result<void>{taken}.has_value());
}

TEST_CASE("what throws while a value is made leaves the Result as it was") {
    REQUIRE(alive == 0);
    {
        Result<Counted> failed = Failure(error("stays"));
        Result<Counted> other{3};
        {
            const Throwing throwing;
            CHECK_THROWS_AS(failed.emplace(1), std::runtime_error);
            CHECK_THROWS_AS(failed = std::move(other), std::runtime_error);
            CHECK_THROWS_AS(failed = std::as_const(other), std::runtime_error);
            CHECK_THROWS_AS(other.emplace(4), std::runtime_error);
            CHECK_THROWS_AS((void)Result<Counted>{other}, std::runtime_error);
        }
        REQUIRE(!failed);
        CHECK(failed.error().message() == "stays");
        CHECK(other->number == 3);
        CHECK(failed.emplace(5).number == 5);
        CHECK(failed.emplace(6).number == 6);
        CHECK(failed->number == 6);
        CHECK(alive == 2);
    }
    CHECK(alive == 0);

    Result<Text> text{"good"};
    CHECK_THROWS_AS(text.emplace("bad"), std::runtime_error);
    CHECK(text->text == "good");
    CHECK(text.emplace(text->text + "!").text == "good!");
    text = Failure(error("no text"));
    CHECK_THROWS_AS(text.emplace("bad"), std::runtime_error);
    CHECK(text.error().message() == "no text");
    CHECK(text.emplace("better").text == "better");

    Result<std::atomic<int>> atomic{std::in_place, 1};
    CHECK(atomic.emplace(2) == 2);
}

TEST_CASE("value() gives the value, or throws the error with its whole message") {
    Result<std::string> text{"x"};
    text.value() += "y";
    CHECK(std::as_const(text).value() == "xy");
    CHECK(std::move(text).value() == "xy");
    const auto check_thrown = [](auto&& call) {
        try {
            call();
            FAIL("nothing was thrown");
        } catch (const std::exception& thrown) {
            CHECK(std::string{thrown.what()} == "state/not_found: no luck");
            CHECK(dynamic_cast<const rowan::Exception&>(thrown).error().code() == Code::not_found);
        }
    };
    Result<std::string> failed = Failure(error());
    Result<void> nothing = Failure(error());
    check_thrown([&] { (void)failed.value(); });
    check_thrown([&] { (void)std::as_const(failed).value(); });
    check_thrown([&] { nothing.value(); });
    CHECK(failed.error().message() == "no luck");
    CHECK(nothing.error().message() == "no luck");
    check_thrown([&] { (void)std::move(failed).value(); });
    check_thrown([&] { std::move(nothing).value(); });
    CHECK_NOTHROW(Result<void>{}.value());
}

TEST_CASE("value_or and error_or take what is there, and the other thing else") {
    const Result<std::string> text{"x"};
    const Result<std::string> failed = Failure(error());
    CHECK(text.value_or("y") == "x");
    CHECK(failed.value_or("y") == "y");
    CHECK(*Result<std::unique_ptr<int>>{std::make_unique<int>(1)}.value_or(nullptr) == 1);
    CHECK(Result<std::unique_ptr<int>>{Failure(error())}.value_or(nullptr) == nullptr);
    CHECK(text.error_or(error("none")).message() == "none");
    CHECK(failed.error_or(error("none")).message() == "no luck");
    CHECK(failed.error().message() == "no luck");
    CHECK(Result<int>{1}.error_or(error("none")).message() == "none");
    CHECK(Result<int>{Failure(error())}.error_or(error("none")).message() == "no luck");
    CHECK(Result<void>{}.error_or(error("none")).message() == "none");
    CHECK(Result<void>{Failure(error())}.error_or(error("none")).message() == "no luck");
}

}  // namespace
