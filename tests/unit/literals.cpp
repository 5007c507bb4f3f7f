#include <rowan/rowan.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fresh.hpp"

// Constants in the place of parameters, for COPY: only PostgreSQL has it.

namespace {

using rowan::Fault;
using rowan::Form;
using rowan::Statement;
using rowan::Stored;
using Writer = rowan::postgres::Literals<std::string>;

struct Constants : Fresh<Postgres> {
    /// The text with a parameter of that form in it, or nothing. `put(parameters)` puts it.
    template <class Put>
    std::string write(std::string_view text, Form form, Put put, Writer::Lists lists = Writer::Lists::as_they_are) {
        const Form forms[] = {form};
        const Statement statement{text, forms, Statement::Kept::no};
        rowan::postgres::Parameters& parameters = connection.link().parameters;
        parameters.start(1);
        REQUIRE(put(parameters) == Fault::none);
        std::string out;
        const Writer writer{connection.native(), statement, parameters};
        return writer.append_to(out, lists) ? out : std::string{};
    }

    /// Does it mean the same as the parameter, to the last bit?
    template <class Put>
    bool is_same(Form form, Put put) {
        const std::string constant = write("$1", form, put);
        if (constant.empty()) return false;
        const std::string text =
            "SELECT pg_typeof($1) = pg_typeof" + constant + " AND $1::text IS NOT DISTINCT FROM " + constant + "::text";
        const Form forms[] = {form};
        const Statement statement{text, forms, Statement::Kept::no};
        rowan::postgres::Execution execution{connection, statement};
        REQUIRE(put(execution) == Fault::none);
        REQUIRE(rowan::must(execution.next()));
        bool same = false;
        REQUIRE(execution.cell(0).get(same) == Fault::none);
        return same;
    }

    template <class Value>
    bool is_same(Stored form, const Value& value) {
        return is_same(Form{form, false}, [&](auto& sink) { return sink.put(value); });
    }

    template <class Value>
    bool is_same_list(Stored form, const std::vector<Value>& values) {
        return is_same(Form{form, true}, [&](auto& sink) {
            return sink.put_list(form, [&](auto& list) {
                Fault fault = list.put_null();
                for (const Value& value : values)
                    if (fault == Fault::none) fault = list.put(Value{value});
                return fault;
            });
        });
    }
};

rowan::Timestamp at(std::chrono::sys_days day, std::int64_t microseconds) {
    return rowan::Timestamp{day} + std::chrono::microseconds{microseconds};
}

}  // namespace

TEST_CASE("a constant means what the parameter means") {
    Constants constants;
    using Integers = std::numeric_limits<std::int64_t>;
    using Doubles = std::numeric_limits<double>;
    for (const std::int64_t value : {Integers::min(), std::int64_t{-1}, std::int64_t{0}, Integers::max()})
        CHECK(constants.is_same(Stored::integer, value));
    for (const double value :
         {0.0, -0.0, 0.1, 1.0 / 3, -1e300, Doubles::min(), Doubles::denorm_min(), Doubles::max(), Doubles::infinity(),
          -Doubles::infinity(), Doubles::quiet_NaN(), -Doubles::quiet_NaN()}) {
        CAPTURE(value);
        CHECK(constants.is_same(Stored::real, value));
    }
    for (const bool value : {false, true}) CHECK(constants.is_same(Stored::boolean, value));
    for (const std::string_view value :
         {"", "text", "it's", "''", "\\", "\\'", "a\nb", "$1", "{\"}", "Straße", "NULL"}) {
        CAPTURE(value);
        CHECK(constants.is_same(Stored::text, value));
    }
    using namespace std::chrono;
    for (const sys_days day : {sys_days{year{1} / 1 / 1}, sys_days{year{99} / 12 / 31}, sys_days{year{1970} / 1 / 1},
                               sys_days{year{2016} / 2 / 29}, sys_days{year{9999} / 12 / 31}}) {
        CHECK(constants.is_same(Stored::date, day));
        for (const std::int64_t microseconds : {std::int64_t{0}, std::int64_t{1}, std::int64_t{86'399'999'999}})
            CHECK(constants.is_same(Stored::timestamp, at(day, microseconds)));
    }
    constants.execute("SET TIME ZONE 'America/New_York'; SET DateStyle = 'German, DMY'");
    CHECK(constants.is_same(Stored::date, sys_days{year{2016} / 10 / 7}));
    CHECK(constants.is_same(Stored::timestamp, at(sys_days{year{2016} / 10 / 7}, 1)));
    constants.execute("SET standard_conforming_strings = off");
    CHECK(constants.is_same(Stored::text, std::string_view{"\\' OR 1"}));
}

TEST_CASE("a constant list means what the parameter means") {
    Constants constants;
    using namespace std::chrono;
    CHECK(constants.is_same_list<std::int64_t>(Stored::integer, {}));
    CHECK(constants.is_same_list<std::int64_t>(Stored::integer, {1, -2, 3}));
    CHECK(constants.is_same_list<double>(Stored::real, {0.1, -std::numeric_limits<double>::infinity()}));
    CHECK(constants.is_same_list<bool>(Stored::boolean, {true, false}));
    CHECK(constants.is_same_list<sys_days>(Stored::date, {sys_days{year{2016} / 10 / 7}}));
    CHECK(constants.is_same_list<rowan::Timestamp>(Stored::timestamp, {at(sys_days{year{2016} / 10 / 7}, 7)}));
    CHECK(constants.is_same_list<std::string_view>(
        Stored::text, {"", "a", "it's", "\"", "\\", "\\\"", ",", "{}", "NULL", "null", " a ", "a\nb"}));
}

TEST_CASE("a constant may be NULL, and a list is where its values are not wanted") {
    Constants constants;
    const auto null = [](auto& sink) { return sink.put_null(); };
    for (const Stored form : {Stored::boolean, Stored::integer, Stored::real, Stored::text, Stored::blob,
                              Stored::timestamp, Stored::date}) {
        CHECK(constants.is_same(Form{form, false}, null));
        CHECK(constants.is_same(Form{form, true}, null));
    }
    const auto list = [](auto& sink) {
        return sink.put_list(Stored::text, [](auto& values) { return values.put(std::string_view{"b"}); });
    };
    CHECK(constants.write("a = ANY($1)", {Stored::text, true}, list) == "a = ANY(('{\"b\"}'::pg_catalog.text[]))");
    CHECK(constants.write("a = ANY($1)", {Stored::text, true}, list, Writer::Lists::null) ==
          "a = ANY((NULL::pg_catalog.text[]))");
    const auto text = [](auto& sink) { return sink.put(std::string_view{"b"}); };
    CHECK(constants.write("a = $1", {Stored::text, false}, text, Writer::Lists::null) == "a = ('b'::pg_catalog.text)");
}

TEST_CASE("what may not mean the same is not written with constants") {
    Constants constants;
    const auto number = [](auto& sink) { return sink.put(std::int64_t{5}); };
    const auto written = [&](std::string_view text) { return constants.write(text, {Stored::integer, false}, number); };
    CHECK(written("a$1 = 2") == "");
    CHECK(written("a = $1b") == "");
    CHECK(written("a = $2") == "");
    CHECK(written("a = $0") == "");
    CHECK(written("a = $$it's$$") == "");
    CHECK(written("a = $1 -- isn't") == "");
    CHECK(written("a /* isn't */ = $1") == "");
    CHECK(written("a = E'\\'' || $1") == "");
    CHECK(written("a = $1; DELETE FROM b") == "");
    CHECK(written("a = 'open || $1") == "");
    CHECK(written("-$1 = '$1''$1' AND \"$1\"\"'\" = $1") ==
          "-('5'::pg_catalog.int8) = '$1''$1' AND \"$1\"\"'\" = ('5'::pg_catalog.int8)");

    CHECK(constants.write("$1", {Stored::blob, false},
                          [](auto& sink) { return sink.put(std::span<const std::byte>{}); }) == "");
    using namespace std::chrono;
    CHECK(constants.write("$1", {Stored::date, false},
                          [](auto& sink) { return sink.put(sys_days{year{0} / 12 / 31}); }) == "");
    CHECK(constants.write("$1", {Stored::timestamp, false},
                          [](auto& sink) { return sink.put(at(sys_days{year{10000} / 1 / 1}, 0)); }) == "");
}
