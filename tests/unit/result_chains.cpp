#include <rowan/core/result.hpp>

#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include <doctest/doctest.h>

namespace {

using rowan::Category;
using rowan::Code;
using rowan::Error;
using rowan::Failure;
using rowan::Result;

Error error(std::string message = "no luck") { return {Category::state, Code::not_found, std::move(message)}; }

Result<int> half(int number) {
    if (number % 2 != 0) return Failure(error(std::to_string(number) + " is odd"));
    return number / 2;
}

/// Must not be called.
constexpr auto never = [](const auto&...) -> Result<int> {
    FAIL("called for nothing");
    return 0;
};

TEST_CASE("and_then goes on with the value, and stops at the first error") {
    CHECK(*half(8).and_then(half).and_then(half) == 1);
    CHECK(half(6).and_then(half).and_then(never).error().message() == "3 is odd");
    const Result<void> done;
    CHECK(*done.and_then([] { return half(2); }) == 1);
    CHECK(done.and_then([]() -> Result<void> { return Failure(error()); }).error().message() == "no luck");
    const auto words = half(4).and_then([](int number) -> Result<std::string> { return std::to_string(number); });
    CHECK(*words == "2");
    CHECK(half(4).and_then([](int) -> Result<void> { return {}; }).has_value());
}

TEST_CASE("transform makes another value, or none, and lets an error pass") {
    CHECK(*half(4).transform([](int number) { return std::to_string(number); }) == "2");
    CHECK(half(3).transform([](int number) { return std::to_string(number); }).error().message() == "3 is odd");
    int seen = 0;
    const Result<void> nothing = half(4).transform([&](int number) { seen = number; });
    CHECK(nothing.has_value());
    CHECK(seen == 2);
    CHECK(*nothing.transform([] { return 5; }) == 5);
    CHECK(half(3).transform([&](int) { seen = 0; }).error().message() == "3 is odd");
    CHECK(seen == 2);
    // A Result that fn gives is a value like any other.
    CHECK(!*half(6).transform(half));
}

TEST_CASE("or_else may mend an error, and lets a value pass") {
    CHECK(*half(3).or_else([](const Error&) -> Result<int> { return 1; }) == 1);
    CHECK(*half(4).or_else(never) == 2);
    const auto worse = [](const Error& first) -> Result<int> { return Failure(error(first.message() + ", again")); };
    CHECK(half(3).or_else(worse).error().message() == "3 is odd, again");
    Result<void> failed = Failure(error());
    CHECK(failed.or_else([](Error&) { return Result<void>{}; }).has_value());
    CHECK(Result<void>{}.or_else([](const Error&) -> Result<void> { return Failure(error()); }).has_value());
}

TEST_CASE("transform_error says more about an error, and lets a value pass") {
    const auto told = half(3).transform_error([](Error given) { return std::move(given).in_statement("SELECT 3"); });
    CHECK(told.error().message() == "3 is odd");
    CHECK(told.error().statement() == "SELECT 3");
    CHECK(*half(4).transform_error([](const Error&) { return error("not this"); }) == 2);
    const Result<void> failed = Failure(error());
    CHECK(failed.transform_error([](const Error&) { return error("this"); }).error().message() == "this");
    CHECK(Result<void>{}.transform_error([](const Error&) { return error("not this"); }).has_value());
}

TEST_CASE("a Result that can be changed is lent to the function, one that goes away is handed over") {
    Result<std::unique_ptr<int>> owner{std::make_unique<int>(1)};
    CHECK(*owner.transform([](std::unique_ptr<int>& lent) { return ++*lent; }) == 2);
    CHECK(*std::as_const(owner).transform([](const std::unique_ptr<int>& lent) { return *lent; }) == 2);
    owner.and_then([](std::unique_ptr<int>& lent) { return lent = std::make_unique<int>(3), Result<void>{}; }).value();
    CHECK(**owner == 3);
    const auto passed = std::move(owner).or_else([](const Error&) { return Result<std::unique_ptr<int>>{}; });
    CHECK(**passed == 3);

    Result<std::unique_ptr<int>> failed = Failure(error());
    // The error is copied, as it stays.
    CHECK(failed.transform([](auto&) { return 1; }).error().message() == "no luck");
    CHECK(std::as_const(failed).and_then([](auto&) { return half(2); }).error().message() == "no luck");
    CHECK(failed.error().message() == "no luck");
    Result<int> number = Failure(error());
    const Result<int> same = number.or_else([](Error& lent) -> Result<int> { return Failure(std::move(lent)); });
    CHECK(same.error().message() == "no luck");
    number = Failure(std::move(failed).error());
    const auto kept = std::move(number).or_else([](Error&& given) -> Result<int> { return Failure(std::move(given)); });
    CHECK(kept.error().message() == "no luck");
}

}  // namespace
