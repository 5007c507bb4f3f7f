#include <rowan/core/range.hpp>
#include <rowan/core/real.hpp>
#include <rowan/core/sort.hpp>
#include <rowan/core/tuple.hpp>
#include <rowan/reflect/fields.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <list>
#include <optional>
#include <sstream>
#include <string>
#include <tuple>
#include <type_traits>
#include <vector>

#include <boost/describe/class.hpp>
#include <doctest/doctest.h>

namespace reflect = rowan::reflect;
using rowan::detail::is_finite;
using rowan::detail::is_nan;
using rowan::detail::join;
using rowan::detail::RangeOf;
using rowan::detail::TypeList;

namespace {

/// May be read once.
struct Once {
    std::istringstream numbers{"1 2 3"};
    auto begin() { return std::istream_iterator<int>{numbers}; }
    auto end() { return std::istream_iterator<int>{}; }
};

struct Thing {
    int number{};
};

struct Mixed {
    std::optional<std::string> maybe{};
    std::vector<std::byte> bytes{};
    Thing nested{};
    std::int8_t tiny{};
    double real{};
};

#define EIGHT(prefix)                                                                                                  \
    int prefix##0 {}, prefix##1 {}, prefix##2 {}, prefix##3 {}, prefix##4 {}, prefix##5 {}, prefix##6 {}, prefix##7 {};

struct TwentyFour {
    EIGHT(a)
    EIGHT(b)
    EIGHT(c)
};
struct TwentyFive {
    EIGHT(a)
    EIGHT(b)
    EIGHT(c)
    std::string last{};
};

struct Base {
    int first{};
};
struct Derived : Base {
    std::string second{};
};
BOOST_DESCRIBE_STRUCT(Base, (), (first))
BOOST_DESCRIBE_STRUCT(Derived, (Base), (second))

}  // namespace

TEST_CASE("a range is known by what a loop over it gives") {
    static_assert(RangeOf<std::vector<int>, int>);
    static_assert(RangeOf<const std::list<std::string>&, std::string>);
    static_assert(RangeOf<int(&)[3], int>);
    static_assert(RangeOf<Once, int>);
    static_assert(RangeOf<std::vector<bool>, bool>);
    static_assert(!RangeOf<std::vector<int>, long>);
    static_assert(!RangeOf<int, int>);
    static_assert(!RangeOf<Thing, Thing>);
}

TEST_CASE("NaN and infinity are told from numbers") {
    using Limits = std::numeric_limits<double>;
    CHECK(is_nan(Limits::quiet_NaN()));
    CHECK_FALSE(is_nan(Limits::infinity()));
    CHECK_FALSE(is_nan(0.0));
    CHECK(is_finite(Limits::max()));
    CHECK(is_finite(-Limits::denorm_min()));
    CHECK_FALSE(is_finite(Limits::infinity()));
    CHECK_FALSE(is_finite(-Limits::infinity()));
    CHECK_FALSE(is_finite(Limits::quiet_NaN()));
}

TEST_CASE("tuples are joined in order") {
    static_assert(std::is_same_v<decltype(join()), std::tuple<>>);
    static_assert(join(std::tuple<>{}, std::tuple<>{}) == std::tuple<>{});
    static_assert(join(std::tuple{1}, std::tuple<>{}) == std::tuple{1});
    static_assert(join(std::tuple<>{}, std::tuple{1}) == std::tuple{1});
    static_assert(join(std::tuple{1, 2.0}, std::tuple{'3'}, std::tuple<>{}, std::tuple{4L}) ==
                  std::tuple{1, 2.0, '3', 4L});

    std::tuple<std::string> kept{"a text that is too long for the string itself"};
    const auto joined = join(kept, std::tuple{std::string{"b"}});
    CHECK(std::get<0>(kept) == std::get<0>(joined));
    int number = 1;
    const std::tuple<int&, int> referring = join(std::tuple<int&>{number}, std::tuple{2});
    std::get<0>(referring) = 3;
    CHECK(number == 3);
}

TEST_CASE("members are visited in order, in small, large and described structs") {
    static_assert(reflect::count_members<Thing> == 1);
    static_assert(reflect::count_members<Mixed> == 5);
    static_assert(reflect::count_members<TwentyFour> == 24);
    static_assert(reflect::count_members<TwentyFive> == 25);
    static_assert(
        std::is_same_v<reflect::MemberTypes<Mixed>,
                       TypeList<std::optional<std::string>, std::vector<std::byte>, Thing, std::int8_t, double>>);
    static_assert(std::is_same_v<reflect::MemberTypes<Derived>, TypeList<int, std::string>>);
    static_assert(std::is_same_v<reflect::Field<TwentyFive, 24>, std::string>);

    TwentyFour small;
    int next = 0;
    reflect::with_members(small, [&](auto&... members) { ((members = ++next), ...); });
    CHECK(small.a0 == 1);
    CHECK(small.b0 == 9);
    CHECK(small.c7 == 24);

    TwentyFive large;
    reflect::member<24>(large) = "last";
    reflect::member<8>(large) = 8;
    CHECK(large.last == "last");
    CHECK(large.b0 == 8);

    const Derived described{{1}, "two"};
    CHECK(&reflect::member<0>(described) == &described.first);
    CHECK(&reflect::member<1>(described) == &described.second);
}

TEST_CASE("items are sorted, whatever their number and order") {
    std::uint32_t random = 1;
    const auto next = [&] { return random = random * 1664525 + 1013904223, static_cast<int>(random >> 8); };
    const auto before = [](int a, int b) { return a < b; };
    int wrong = 0;
    for (int round = 0; round != 3000; ++round) {
        std::vector<int> items(static_cast<std::size_t>(next() % (round % 50 == 0 ? 2000 : 70)));
        const int kinds = round % 3 == 0 ? 3 : 1'000'000;
        for (int& item : items) item = next() % kinds;
        if (round % 5 == 1) std::sort(items.begin(), items.end());
        if (round % 5 == 2) std::sort(items.rbegin(), items.rend());
        std::vector<int> expected = items;
        std::sort(expected.begin(), expected.end());
        // Without depth it is a heap that sorts.
        rowan::detail::sort(items.data(), items.size(), before, round % 4 == 0 ? 1 : 40);
        if (items != expected) ++wrong;
    }
    CHECK(wrong == 0);
}
