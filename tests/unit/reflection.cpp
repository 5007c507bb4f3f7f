#include <rowan/reflect/enumerators.hpp>
#include <rowan/reflect/fields.hpp>
#include <rowan/reflect/pretty.hpp>
#include <rowan/reflect/requirements.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <doctest/doctest.h>

namespace reflect = rowan::reflect;
using reflect::index_of;

namespace {

template <class T>
std::vector<std::string> names_of() {
    return {reflect::names<T>.begin(), reflect::names<T>.end()};
}

using Names = std::vector<std::string>;

struct One {
    std::string only{};
};

struct Thirteen {
    std::int64_t id{};
    bool flag = true;
    std::int8_t tiny{};
    std::int16_t small = -7;
    std::int32_t medium{};
    std::uint64_t large{};
    float single{};
    double real = 1.5;
    std::string text = "default";
    std::vector<std::byte> bytes{};
    std::optional<std::string> maybe_text{};
    std::optional<std::int32_t> maybe_number = 3;
    std::string last{};
};

#define TEN_MEMBERS(type, prefix)                                                                                      \
    type prefix##0 {};                                                                                                 \
    type prefix##1 {};                                                                                                 \
    type prefix##2 {};                                                                                                 \
    type prefix##3 {};                                                                                                 \
    type prefix##4 {};                                                                                                 \
    type prefix##5 {};                                                                                                 \
    type prefix##6 {};                                                                                                 \
    type prefix##7 {};                                                                                                 \
    type prefix##8 {};                                                                                                 \
    type prefix##9 {};

struct Forty {
    TEN_MEMBERS(int, a)
    TEN_MEMBERS(std::string, b)
    TEN_MEMBERS(std::optional<double>, c)
    TEN_MEMBERS(bool, d)
};

struct Hundred {
    TEN_MEMBERS(int, m0)
    TEN_MEMBERS(int, m1)
    TEN_MEMBERS(int, m2)
    TEN_MEMBERS(int, m3)
    TEN_MEMBERS(int, m4)
    TEN_MEMBERS(std::string, m5)
    TEN_MEMBERS(std::string, m6)
    TEN_MEMBERS(std::optional<int>, m7)
    TEN_MEMBERS(double, m8)
    TEN_MEMBERS(int, m9)
};

// Words that stand in the compilers' spelling of a member, and the reflection's own.
struct Wordy {
    int value{};
    int pointer{};
    int imagined{};
    int T{};
    int x_{};
    int _y{};
    int Wordy_{};
    int const_{};
    int number1{};
    int UPPER{};
};

struct Foreign {
    int größe{};
    std::string 名前{};
    int naïve{};
    int é{};
};

template <class A, class B>
struct Pair {
    A first{};
    B second{};

    struct Inner {
        A left{};
        std::optional<B> right{};
    };
};

template <char c>
struct Marked {
    int mark{};
};

struct Outer {
    struct Nested {
        int depth{};
        std::string note{};
    };
    int width{};
};

}  // namespace

namespace outer::inner {
namespace {

struct Hidden {
    int secret{};
};

}  // namespace

struct Deep {
    std::string path{};
    std::optional<std::int64_t> parent{};
    struct Deeper {
        int level{};
    };
};

}  // namespace outer::inner

namespace {

struct Root {
    std::int64_t id{};
    std::string origin{};
};
BOOST_DESCRIBE_STRUCT(Root, (), (id, origin))

struct Timed : Root {
    std::int64_t created{};
};
BOOST_DESCRIBE_STRUCT(Timed, (Root), (created))

struct Priced {
    double price{};
    double volume{};
};
BOOST_DESCRIBE_STRUCT(Priced, (), (price, volume))

struct Trade : Timed, Priced {
    std::string venue{};
    std::int64_t sequence{};
    int not_listed{};
};
BOOST_DESCRIBE_STRUCT(Trade, (Timed, Priced), (venue, sequence))

/// Not an aggregate, and lists its members in another order than it declares them.
class Account {
public:
    Account() = default;
    explicit Account(std::string name) : owner{std::move(name)} {}
    virtual ~Account() = default;

    std::string owner{};
    std::int64_t balance{};

    BOOST_DESCRIBE_CLASS(Account, (), (balance, owner), (), ())
};

enum class Colour : std::uint8_t { red = 1, green = 2, blue = 200 };
BOOST_DESCRIBE_ENUM(Colour, red, green, blue)

enum Plain { plain_first = -5, plain_second };
BOOST_DESCRIBE_ENUM(Plain, plain_first, plain_second)

enum class Undescribed { a };

struct Holder {
    enum class Mode { slow, fast };
    BOOST_DESCRIBE_NESTED_ENUM(Mode, slow, fast)
};

}  // namespace

TEST_CASE("the members of a plain struct are counted, typed and named in the order of their declaration") {
    CHECK(names_of<One>() == Names{"only"});
    static_assert(reflect::field_count<One> == 1);
    static_assert(std::is_same_v<reflect::Field<One, 0>, std::string>);

    CHECK(names_of<Thirteen>() == Names{"id", "flag", "tiny", "small", "medium", "large", "single", "real", "text",
                                        "bytes", "maybe_text", "maybe_number", "last"});
    static_assert(reflect::field_count<Thirteen> == 13);
    static_assert(std::is_same_v<reflect::Fields<Thirteen>,
                                 std::tuple<std::int64_t&, bool&, std::int8_t&, std::int16_t&, std::int32_t&,
                                            std::uint64_t&, float&, double&, std::string&, std::vector<std::byte>&,
                                            std::optional<std::string>&, std::optional<std::int32_t>&, std::string&>>);
    static_assert(std::is_same_v<reflect::Field<Thirteen, 10>, std::optional<std::string>>);
}

TEST_CASE("a struct of 40 members is seen whole") {
    static_assert(reflect::field_count<Forty> == 40);
    Names expected;
    for (const char letter : {'a', 'b', 'c', 'd'})
        for (const char digit : std::string_view{"0123456789"}) expected.push_back({letter, digit});
    CHECK(names_of<Forty>() == expected);
    static_assert(std::is_same_v<reflect::Field<Forty, 9>, int>);
    static_assert(std::is_same_v<reflect::Field<Forty, 10>, std::string>);
    static_assert(std::is_same_v<reflect::Field<Forty, 29>, std::optional<double>>);
    static_assert(std::is_same_v<reflect::Field<Forty, 39>, bool>);
    static_assert(index_of<Forty, &Forty::a0>() == 0);
    static_assert(index_of<Forty, &Forty::c9>() == 29);
    static_assert(index_of<Forty, &Forty::d9>() == 39);
}

TEST_CASE("a struct of 100 members is seen whole") {
    static_assert(reflect::reflectable<Hundred>());
    static_assert(reflect::field_count<Hundred> == 100);
    Names expected;
    for (int i = 0; i != 100; ++i) expected.push_back("m" + std::to_string(i / 10) + std::to_string(i % 10));
    CHECK(names_of<Hundred>() == expected);
    static_assert(std::is_same_v<reflect::Field<Hundred, 59>, std::string>);
    static_assert(std::is_same_v<reflect::Field<Hundred, 79>, std::optional<int>>);
    static_assert(std::is_same_v<reflect::Field<Hundred, 99>, int>);
    static_assert(index_of<Hundred, &Hundred::m00>() == 0);
    static_assert(index_of<Hundred, &Hundred::m50>() == 50);
    static_assert(index_of<Hundred, &Hundred::m99>() == 99);
}

TEST_CASE("tie gives references to the members, default initialisers applied") {
    Thirteen row;
    auto fields = reflect::tie(row);
    CHECK(std::get<1>(fields) == true);
    CHECK(std::get<3>(fields) == -7);
    CHECK(std::get<7>(fields) == 1.5);
    CHECK(std::get<8>(fields) == "default");
    CHECK(std::get<11>(fields) == 3);
    CHECK(&std::get<0>(fields) == &row.id);
    CHECK(&std::get<12>(fields) == &row.last);

    std::get<10>(fields) = "set";
    std::get<12>(fields) = "end";
    CHECK(row.maybe_text == "set");
    CHECK(row.last == "end");

    const Thirteen& fixed = row;
    static_assert(std::is_same_v<decltype(std::get<8>(reflect::tie(fixed))), const std::string&>);
    CHECK(&std::get<8>(reflect::tie(fixed)) == &row.text);

    Hundred wide;
    std::get<99>(reflect::tie(wide)) = 42;
    CHECK(wide.m99 == 42);
}

TEST_CASE("a member is found by its pointer among members of its own type") {
    static_assert(index_of<Thirteen, &Thirteen::id>() == 0);
    static_assert(index_of<Thirteen, &Thirteen::text>() == 8);
    static_assert(index_of<Thirteen, &Thirteen::maybe_text>() == 10);
    static_assert(index_of<Thirteen, &Thirteen::last>() == 12);
    static_assert(index_of<One, &One::only>() == 0);

    static_assert(std::is_same_v<reflect::MemberOf<&Thirteen::maybe_text>, std::optional<std::string>>);
    static_assert(std::is_same_v<reflect::ClassOf<&Thirteen::text>, Thirteen>);
    static_assert(reflect::belongs_to<Thirteen, &Thirteen::id>);
    static_assert(!reflect::belongs_to<One, &Thirteen::id>);

    Thirteen row{.text = "found"};
    CHECK(std::get<index_of<Thirteen, &Thirteen::text>()>(reflect::tie(row)) == "found");
}

TEST_CASE("members may be named like what the compiler prints around them") {
    CHECK(names_of<Wordy>() ==
          Names{"value", "pointer", "imagined", "T", "x_", "_y", "Wordy_", "const_", "number1", "UPPER"});
    static_assert(index_of<Wordy, &Wordy::value>() == 0);
    static_assert(index_of<Wordy, &Wordy::T>() == 3);
    static_assert(index_of<Wordy, &Wordy::UPPER>() == 9);
}

TEST_CASE("members may be named in any alphabet") {
    CHECK(names_of<Foreign>() == Names{"größe", "名前", "naïve", "é"});
    static_assert(index_of<Foreign, &Foreign::größe>() == 0);
    static_assert(index_of<Foreign, &Foreign::é>() == 3);
    static_assert(reflect::type_name<Foreign>() == "Foreign");
}

TEST_CASE("namespaces, surrounding classes and functions are no part of the names") {
    CHECK(names_of<outer::inner::Deep>() == Names{"path", "parent"});
    CHECK(names_of<outer::inner::Deep::Deeper>() == Names{"level"});
    CHECK(names_of<outer::inner::Hidden>() == Names{"secret"});
    CHECK(names_of<Outer>() == Names{"width"});
    CHECK(names_of<Outer::Nested>() == Names{"depth", "note"});
    static_assert(index_of<Outer::Nested, &Outer::Nested::note>() == 1);
    static_assert(index_of<outer::inner::Deep, &outer::inner::Deep::parent>() == 1);

    CHECK(reflect::type_name<outer::inner::Deep>() == "Deep");
    CHECK(reflect::type_name<outer::inner::Deep::Deeper>() == "Deeper");
    CHECK(reflect::type_name<outer::inner::Hidden>() == "Hidden");
    CHECK(reflect::type_name<Outer::Nested>() == "Nested");

    struct Local {
        int near{};
        int far{};
    };
    CHECK(names_of<Local>() == Names{"near", "far"});
    CHECK(reflect::type_name<Local>() == "Local");
    static_assert(index_of<Local, &Local::far>() == 1);

    const auto in_lambda = [](auto) {
        struct Closed {
            int shut{};
        };
        CHECK(names_of<Closed>() == Names{"shut"});
        CHECK(reflect::type_name<Closed>() == "Closed");
    };
    in_lambda(1);
    in_lambda(std::string{});
}

TEST_CASE("template arguments are no part of the names") {
    CHECK(names_of<Pair<int, std::string>>() == Names{"first", "second"});
    CHECK(names_of<Pair<Outer::Nested, Pair<int, int>>>() == Names{"first", "second"});
    CHECK(names_of<Pair<int, std::string>::Inner>() == Names{"left", "right"});
    using Twins = Pair<int, int>;
    static_assert(index_of<Twins, &Twins::first>() == 0);
    static_assert(index_of<Twins, &Twins::second>() == 1);

    CHECK(reflect::type_name<Pair<int, std::string>>() == "Pair");
    CHECK(reflect::type_name<Pair<outer::inner::Deep, Pair<int, int[3]>>>() == "Pair");
    CHECK(reflect::type_name<Pair<int, std::string>::Inner>() == "Inner");
    CHECK(reflect::type_name<Marked<'a'>>() == "Marked");
    CHECK(reflect::type_name<Marked<'>'>>() == "Marked");
    CHECK(reflect::type_name<Marked<'<'>>() == "Marked");
    CHECK(reflect::type_name<Marked<']'>>() == "Marked");
    CHECK(reflect::type_name<Marked<';'>>() == "Marked");
    CHECK(reflect::type_name<Marked<'\''>>() == "Marked");
    CHECK(reflect::type_name<Marked<'\\'>>() == "Marked");
    CHECK(reflect::type_name<Marked<'\0'>>() == "Marked");
    CHECK(names_of<Marked<'>'>>() == Names{"mark"});
}

TEST_CASE("a described struct has the members of its bases first, and theirs before") {
    CHECK(names_of<Root>() == Names{"id", "origin"});
    CHECK(names_of<Timed>() == Names{"id", "origin", "created"});
    CHECK(names_of<Trade>() == Names{"id", "origin", "created", "price", "volume", "venue", "sequence"});
    static_assert(reflect::field_count<Trade> == 7);
    static_assert(std::is_same_v<reflect::Fields<Trade>, std::tuple<std::int64_t&, std::string&, std::int64_t&, double&,
                                                                    double&, std::string&, std::int64_t&>>);

    // &Trade::id is a std::int64_t Root::*.
    static_assert(index_of<Trade, &Trade::id>() == 0);
    static_assert(index_of<Trade, &Root::id>() == 0);
    static_assert(index_of<Trade, &Trade::origin>() == 1);
    static_assert(index_of<Trade, &Trade::created>() == 2);
    static_assert(index_of<Trade, &Trade::price>() == 3);
    static_assert(index_of<Trade, &Trade::volume>() == 4);
    static_assert(index_of<Trade, &Priced::volume>() == 4);
    static_assert(index_of<Trade, &Trade::venue>() == 5);
    static_assert(index_of<Trade, &Trade::sequence>() == 6);
    static_assert(index_of<Priced, &Priced::volume>() == 1);
    static_assert(!reflect::belongs_to<Timed, &Priced::price>);

    Trade trade;
    trade.price = 2.5;
    trade.sequence = 9;
    auto fields = reflect::tie(trade);
    CHECK(&std::get<0>(fields) == &trade.id);
    CHECK(&std::get<3>(fields) == &trade.price);
    std::get<6>(fields) = 10;
    CHECK(trade.sequence == 10);
    const Trade& fixed = trade;
    static_assert(std::is_same_v<decltype(std::get<1>(reflect::tie(fixed))), const std::string&>);
}

TEST_CASE("a described class may have constructors and virtual functions, and its own order of members") {
    CHECK(names_of<Account>() == Names{"balance", "owner"});
    static_assert(index_of<Account, &Account::balance>() == 0);
    static_assert(index_of<Account, &Account::owner>() == 1);
    Account account{"Ada"};
    CHECK(std::get<1>(reflect::tie(account)) == "Ada");
    static_assert(reflect::type_name<Account>() == "Account");
}

TEST_CASE("what can be reflected is told from what cannot") {
    struct Based : One {
        int more{};
    };
    struct Array {
        int before{};
        char text[16]{};
    };
    struct Nothing {};
    struct Made {
        explicit Made(int x) : a{x} {}
        int a;
    };
    union Either {
        int a;
        float b;
    };
    static_assert(reflect::reflectable<Thirteen>());
    static_assert(reflect::reflectable<Trade>());
    static_assert(reflect::reflectable<Account>());
    static_assert(!reflect::reflectable<int>());
    static_assert(!reflect::reflectable<Either>());
    static_assert(!reflect::reflectable<Based>());
    static_assert(!reflect::reflectable<Array>());
    static_assert(!reflect::reflectable<Nothing>());
    static_assert(!reflect::reflectable<Made>());
    CHECK(reflect::require_reflectable<Forty>());
}

TEST_CASE("the enumerators of a described enum are known with their values and names") {
    static_assert(reflect::enumerators<Colour>.size() == 3);
    CHECK(reflect::enumerators<Colour>[0].value == Colour::red);
    CHECK(reflect::enumerators<Colour>[0].name == "red");
    CHECK(reflect::enumerators<Colour>[2].value == Colour::blue);
    CHECK(reflect::enumerators<Colour>[2].name == "blue");

    static_assert(reflect::enumerators<Plain>.size() == 2);
    CHECK(reflect::enumerators<Plain>[0].value == plain_first);
    CHECK(reflect::enumerators<Plain>[1].name == "plain_second");

    static_assert(reflect::enumerators<Holder::Mode>.size() == 2);
    CHECK(reflect::enumerators<Holder::Mode>[1].name == "fast");

    static_assert(reflect::DescribedEnum<Colour>);
    static_assert(!reflect::DescribedEnum<Undescribed>);
    static_assert(!reflect::DescribedEnum<int>);
    static_assert(!reflect::DescribedEnum<One>);
}
