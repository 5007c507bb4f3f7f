#include <rowan/rowan.hpp>

#include <cstdint>
#include <string>
#include <vector>

#include <boost/describe.hpp>

#include "fresh.hpp"

namespace {

/// More columns than a row of which each value is asked for has at hand.
struct Sheet {
    std::int64_t id{};
    std::int32_t m0{}, m1{}, m2{}, m3{}, m4{}, m5{}, m6{}, m7{}, m8{}, m9{}, m10{}, m11{}, m12{}, m13{}, m14{}, m15{},
        m16{}, m17{}, m18{}, m19{}, m20{}, m21{}, m22{}, m23{}, m24{}, m25{}, m26{}, m27{}, m28{}, m29{}, m30{}, m31{},
        m32{}, m33{}, m34{}, m35{}, m36{}, m37{}, m38{}, m39{}, m40{}, m41{}, m42{}, m43{}, m44{}, m45{}, m46{}, m47{},
        m48{}, m49{}, m50{}, m51{}, m52{}, m53{}, m54{}, m55{}, m56{}, m57{}, m58{}, m59{}, m60{}, m61{}, m62{}, m63{};
    std::string last{};

    friend bool operator==(const Sheet&, const Sheet&) = default;
};

// More than a function of SQLite has arguments.
struct PartA {
    std::int32_t a0{}, a1{}, a2{}, a3{}, a4{}, a5{}, a6{}, a7{}, a8{}, a9{}, a10{}, a11{}, a12{}, a13{}, a14{}, a15{},
        a16{}, a17{}, a18{}, a19{}, a20{}, a21{}, a22{}, a23{}, a24{}, a25{}, a26{}, a27{}, a28{}, a29{}, a30{}, a31{},
        a32{}, a33{}, a34{}, a35{}, a36{}, a37{}, a38{}, a39{}, a40{}, a41{}, a42{};

    friend bool operator==(const PartA&, const PartA&) = default;
};
BOOST_DESCRIBE_STRUCT(PartA, (),
                      (a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17, a18, a19, a20,
                       a21, a22, a23, a24, a25, a26, a27, a28, a29, a30, a31, a32, a33, a34, a35, a36, a37, a38, a39,
                       a40, a41, a42))
struct PartB {
    std::int32_t b0{}, b1{}, b2{}, b3{}, b4{}, b5{}, b6{}, b7{}, b8{}, b9{}, b10{}, b11{}, b12{}, b13{}, b14{}, b15{},
        b16{}, b17{}, b18{}, b19{}, b20{}, b21{}, b22{}, b23{}, b24{}, b25{}, b26{}, b27{}, b28{}, b29{}, b30{}, b31{},
        b32{}, b33{}, b34{}, b35{}, b36{}, b37{}, b38{}, b39{}, b40{}, b41{}, b42{};

    friend bool operator==(const PartB&, const PartB&) = default;
};
BOOST_DESCRIBE_STRUCT(PartB, (),
                      (b0, b1, b2, b3, b4, b5, b6, b7, b8, b9, b10, b11, b12, b13, b14, b15, b16, b17, b18, b19, b20,
                       b21, b22, b23, b24, b25, b26, b27, b28, b29, b30, b31, b32, b33, b34, b35, b36, b37, b38, b39,
                       b40, b41, b42))
struct PartC {
    std::int32_t c0{}, c1{}, c2{}, c3{}, c4{}, c5{}, c6{}, c7{}, c8{}, c9{}, c10{}, c11{}, c12{}, c13{}, c14{}, c15{},
        c16{}, c17{}, c18{}, c19{}, c20{}, c21{}, c22{}, c23{}, c24{}, c25{}, c26{}, c27{}, c28{}, c29{}, c30{}, c31{},
        c32{}, c33{}, c34{}, c35{}, c36{}, c37{}, c38{}, c39{}, c40{}, c41{}, c42{};

    friend bool operator==(const PartC&, const PartC&) = default;
};
BOOST_DESCRIBE_STRUCT(PartC, (),
                      (c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16, c17, c18, c19, c20,
                       c21, c22, c23, c24, c25, c26, c27, c28, c29, c30, c31, c32, c33, c34, c35, c36, c37, c38, c39,
                       c40, c41, c42))
struct Whole : PartA, PartB, PartC {
    std::int64_t id{};
    std::string last{};

    friend bool operator==(const Whole&, const Whole&) = default;
};
BOOST_DESCRIBE_STRUCT(Whole, (PartA, PartB, PartC), (id, last))

Sheet sheet(std::int32_t number) {
    Sheet made;
    made.m0 = number;
    made.m62 = -number;
    made.m63 = number + 1;
    made.last = "last of " + std::to_string(number);
    return made;
}

Whole whole(std::int32_t number) {
    Whole made;
    made.a0 = number;
    made.b0 = number + 1;
    made.c42 = -number;
    made.last = "last of " + std::to_string(number);
    return made;
}

/// Stores three rows, and reads them in each way there is.
template <class T, class Db, class Make>
void check(Make make) {
    Fresh<Db> fresh;
    rowan::Repository<T, typename Db::Connection> rows{fresh.connection};
    rowan::must(rows.create_table());
    std::vector<T> stored;
    for (const std::int32_t number : {7, 8, 9}) stored.push_back(rowan::must(rows.insert(make(number))));

    CHECK(rowan::must(rows.get(2)) == stored[1]);
    CHECK(rowan::must(rows.find(3)) == stored[2]);
    CHECK_FALSE(rowan::must(rows.find(4)));
    CHECK(error_of(rows.get(4)).code() == rowan::Code::not_found);
    const auto ordered = rows.order_by(rowan::asc<&T::id>);
    CHECK(rowan::must(ordered.all()) == stored);
    CHECK(rowan::must(rows.order_by(rowan::desc<&T::last>).all()) == std::vector<T>{stored[2], stored[1], stored[0]});
    CHECK(rowan::must(ordered.limit(2).all()) == std::vector<T>{stored[0], stored[1]});
    CHECK(rowan::must(ordered.first()) == stored[0]);
    std::vector<T> streamed;
    rowan::must(ordered.for_each([&](const T& row) { streamed.push_back(row); }));
    CHECK(streamed == stored);

    // A column near the end is the one that cannot be read.
    if constexpr (Db::is_sqlite) {
        const std::string table{rowan::table<T>.name()};
        fresh.execute("UPDATE " + table + " SET last = x'00' WHERE id = 2");
        for (const rowan::Error& error :
             {error_of(rows.find(2)), error_of(ordered.all()), error_of(ordered.limit(9).all())}) {
            CHECK(error.code() == rowan::Code::type_mismatch);
            CHECK(error.column() == "last");
        }
    }
}

}  // namespace

TEST_CASE_TEMPLATE("a struct of many columns comes back whole", Db, Sqlite, Postgres) { check<Sheet, Db>(&sheet); }

TEST_CASE_TEMPLATE("and so does one of very many", Db, Sqlite, Postgres) { check<Whole, Db>(&whole); }
