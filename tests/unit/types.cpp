#include <rowan/rowan.hpp>

#include <chrono>
#include <clocale>
#include <cmath>
#include <locale>

#include "every_type.hpp"
#include "fresh.hpp"

namespace {

using every_type::Side;
using rowan::Code;

template <class Value>
struct Holder {
    std::int64_t id{};
    Value value{};
};

}  // namespace

template <class Value>
inline constexpr auto rowan::table<Holder<Value>> = rowan::describe<Holder<Value>>("holder");

namespace {

/// A table with one column of SQL type `type`, whatever rowan would have chosen.
template <class Db>
void make_column(Fresh<Db>& fresh, const std::string& type) {
    fresh.execute("DROP TABLE IF EXISTS holder; CREATE TABLE holder (id BIGINT PRIMARY KEY, value " + type + ")");
}

/// What becomes of the SQL literal when it is read into a member of type Value.
template <class Value, class Db>
rowan::Result<Value> read_literal(Fresh<Db>& fresh, const std::string& literal) {
    fresh.execute("DELETE FROM holder; INSERT INTO holder VALUES (1, " + literal + ")");
    auto row = rowan::repository<Holder<Value>>(fresh.connection).get(1);
    if (!row) return rowan::Failure(row.error());
    return std::move(row->value);
}

template <class Value, class Db>
rowan::Result<Value> through(Fresh<Db>& fresh, Value value) {
    auto table = rowan::repository<Holder<Value>>(fresh.connection);
    rowan::must(table.drop_table());
    rowan::must(table.create_table());
    auto stored = table.insert({.id = 0, .value = value});
    if (!stored) {
        CHECK(rowan::must(table.count()) == 0);
        CHECK(stored.error().category() == rowan::Category::data);
        CHECK(stored.error().table() == "holder");
        CHECK(stored.error().column() == "value");
        CHECK(stored.error().message().find("holder.value") != std::string::npos);
        return rowan::Failure(stored.error());
    }
    auto row = table.get(stored->id);
    if (!row) return rowan::Failure(row.error());
    return std::move(row->value);
}

template <class T>
Code code_of(const rowan::Result<T>& result) {
    REQUIRE(!result);
    CHECK(result.error().column() == "value");
    return result.error().code();
}

}  // namespace

TEST_CASE_TEMPLATE("integers are refused where they do not fit, and never wrap", Db, Sqlite, Postgres) {
    Fresh<Db> fresh;
    CHECK(rowan::must(through<std::uint64_t>(fresh, 9223372036854775807u)) == 9223372036854775807u);
    CHECK(code_of(through<std::uint64_t>(fresh, 9223372036854775808u)) == Code::value_out_of_range);
    CHECK(code_of(through<std::optional<std::uint64_t>>(fresh, 18446744073709551615u)) == Code::value_out_of_range);

    make_column(fresh, "BIGINT");
    CHECK(rowan::must(read_literal<std::int8_t>(fresh, "127")) == 127);
    CHECK(rowan::must(read_literal<std::int8_t>(fresh, "-128")) == -128);
    CHECK(code_of(read_literal<std::int8_t>(fresh, "300")) == Code::value_out_of_range);
    CHECK(code_of(read_literal<std::int8_t>(fresh, "-129")) == Code::value_out_of_range);
    CHECK(code_of(read_literal<std::uint8_t>(fresh, "-1")) == Code::value_out_of_range);
    CHECK(code_of(read_literal<std::uint8_t>(fresh, "256")) == Code::value_out_of_range);
    CHECK(code_of(read_literal<std::int16_t>(fresh, "32768")) == Code::value_out_of_range);
    CHECK(code_of(read_literal<std::uint16_t>(fresh, "65536")) == Code::value_out_of_range);
    CHECK(code_of(read_literal<std::int32_t>(fresh, "2147483648")) == Code::value_out_of_range);
    CHECK(code_of(read_literal<std::uint32_t>(fresh, "4294967296")) == Code::value_out_of_range);
    CHECK(code_of(read_literal<std::uint64_t>(fresh, "-1")) == Code::value_out_of_range);
    CHECK(code_of(read_literal<std::optional<std::int8_t>>(fresh, "300")) == Code::value_out_of_range);
    CHECK(rowan::must(read_literal<std::int64_t>(fresh, "-9223372036854775808")) ==
          std::numeric_limits<std::int64_t>::min());
}

TEST_CASE_TEMPLATE("a value that the column itself cannot hold is refused, and nothing is stored", Db, Sqlite,
                   Postgres) {
    Fresh<Db> fresh;
    fresh.execute("CREATE TABLE holder (id BIGINT PRIMARY KEY, value SMALLINT CHECK (value < 32768))");
    auto table = rowan::repository<Holder<std::int64_t>>(fresh.connection);
    rowan::must(table.insert({.id = 1, .value = 32767}));
    const rowan::Error error = error_of(table.insert({.id = 2, .value = 32768}));
    if constexpr (Db::is_sqlite)
        CHECK(error.code() == Code::check_violation);
    else
        CHECK(error.code() == Code::value_out_of_range);
    CHECK(rowan::must(table.count()) == 1);
}

TEST_CASE_TEMPLATE("NULL is an error for a member that is not optional", Db, Sqlite, Postgres) {
    Fresh<Db> fresh;
    make_column(fresh, "BIGINT");
    CHECK(code_of(read_literal<std::int64_t>(fresh, "NULL")) == Code::null_value);
    CHECK(code_of(read_literal<std::int8_t>(fresh, "NULL")) == Code::null_value);
    CHECK(rowan::must(read_literal<std::optional<std::int64_t>>(fresh, "NULL")) == std::nullopt);
    make_column(fresh, "DOUBLE PRECISION");
    CHECK(code_of(read_literal<double>(fresh, "NULL")) == Code::null_value);
    CHECK(code_of(read_literal<float>(fresh, "NULL")) == Code::null_value);
    make_column(fresh, "TEXT");
    CHECK(code_of(read_literal<std::string>(fresh, "NULL")) == Code::null_value);
    CHECK(code_of(read_literal<Side>(fresh, "NULL")) == Code::null_value);
    CHECK(rowan::must(read_literal<std::optional<std::string>>(fresh, "NULL")) == std::nullopt);
    CHECK(rowan::must(read_literal<std::optional<std::string>>(fresh, "''")) == "");
    make_column(fresh, Db::is_sqlite ? "BLOB" : "BYTEA");
    CHECK(code_of(read_literal<std::vector<std::byte>>(fresh, "NULL")) == Code::null_value);
    make_column(fresh, "BOOLEAN");
    CHECK(code_of(read_literal<bool>(fresh, "NULL")) == Code::null_value);
    make_column(fresh, "TIMESTAMP");
    CHECK(code_of(read_literal<rowan::Timestamp>(fresh, "NULL")) == Code::null_value);
    make_column(fresh, "DATE");
    CHECK(code_of(read_literal<std::chrono::year_month_day>(fresh, "NULL")) == Code::null_value);
}

TEST_CASE_TEMPLATE("a column of an unlike type is refused by its name", Db, Sqlite, Postgres) {
    Fresh<Db> fresh;
    make_column(fresh, "TEXT");
    CHECK(code_of(read_literal<std::int64_t>(fresh, "'12'")) == Code::type_mismatch);
    CHECK(code_of(read_literal<double>(fresh, "'1.5'")) == Code::type_mismatch);
    CHECK(code_of(read_literal<bool>(fresh, "'true'")) == Code::type_mismatch);
    CHECK(code_of(read_literal<std::vector<std::byte>>(fresh, "'bytes'")) == Code::type_mismatch);
    make_column(fresh, "DOUBLE PRECISION");
    CHECK(code_of(read_literal<std::int64_t>(fresh, "1.5")) == Code::type_mismatch);
    CHECK(code_of(read_literal<std::string>(fresh, "1.5")) == Code::type_mismatch);
    make_column(fresh, "BIGINT");
    CHECK(code_of(read_literal<std::string>(fresh, "12")) == Code::type_mismatch);
    CHECK(code_of(read_literal<std::chrono::year_month_day>(fresh, "12")) == Code::type_mismatch);
    make_column(fresh, Db::is_sqlite ? "BLOB" : "BYTEA");
    CHECK(code_of(read_literal<std::string>(fresh, Db::is_sqlite ? "x'00'" : "'\\x00'")) == Code::type_mismatch);
}

TEST_CASE_TEMPLATE("floating-point values keep every bit, or are refused", Db, Sqlite, Postgres) {
    Fresh<Db> fresh;
    constexpr double infinity = std::numeric_limits<double>::infinity();
    CHECK(rowan::must(through<double>(fresh, infinity)) == infinity);
    CHECK(rowan::must(through<double>(fresh, -infinity)) == -infinity);
    CHECK(rowan::must(through<float>(fresh, 0.1F)) == 0.1F);
    CHECK(rowan::must(through<double>(fresh, std::numeric_limits<double>::denorm_min())) ==
          std::numeric_limits<double>::denorm_min());
    if constexpr (Db::is_sqlite) {
        // It would become NULL.
        CHECK(code_of(through<double>(fresh, std::nan(""))) == Code::not_a_number);
        CHECK(code_of(through<std::optional<double>>(fresh, std::nan(""))) == Code::not_a_number);
        CHECK(code_of(through<float>(fresh, std::nanf(""))) == Code::not_a_number);
        // SQLite keeps a REAL without a fraction as an integer, which has no sign of its own at 0.
        CHECK(rowan::must(through<double>(fresh, -0.0)) == 0.0);
    } else {
        CHECK(std::isnan(rowan::must(through<double>(fresh, std::nan("")))));
        CHECK(std::isnan(rowan::must(through<float>(fresh, std::nanf("")))));
        CHECK(std::signbit(rowan::must(through<double>(fresh, -0.0))));
    }

    make_column(fresh, "DOUBLE PRECISION");
    CHECK(rowan::must(read_literal<float>(fresh, "0.5")) == 0.5F);
    CHECK(code_of(read_literal<float>(fresh, "0.1")) == Code::inexact_value);
    CHECK(code_of(read_literal<float>(fresh, "1e300")) == Code::value_out_of_range);
    CHECK(code_of(read_literal<float>(fresh, "-1e39")) == Code::value_out_of_range);
    CHECK(rowan::must(read_literal<double>(fresh, "5")) == 5.0);
}

TEST_CASE_TEMPLATE("bytes of every kind survive, a NUL in text where the database can hold one", Db, Sqlite, Postgres) {
    Fresh<Db> fresh;
    const std::string nul{"a\0b", 3};
    if constexpr (Db::is_sqlite) {
        CHECK(rowan::must(through<std::string>(fresh, nul)) == nul);
        CHECK(rowan::must(through<std::string>(fresh, std::string(1, '\0'))) == std::string(1, '\0'));
    } else {
        CHECK(code_of(through<std::string>(fresh, nul)) == Code::invalid_text);
        CHECK(code_of(through<std::optional<std::string>>(fresh, nul)) == Code::invalid_text);
    }
    CHECK(rowan::must(through<std::string>(fresh, "")).empty());
    CHECK(rowan::must(through<std::string>(fresh, "ünïcödé 🕯 '; DROP TABLE holder; --")) ==
          "ünïcödé 🕯 '; DROP TABLE holder; --");
    const std::string longest(5'000'000, 'x');
    CHECK(rowan::must(through<std::string>(fresh, longest)) == longest);

    std::vector<std::byte> bytes;
    for (int i = 0; i != 256; ++i) bytes.push_back(static_cast<std::byte>(i));
    CHECK(rowan::must(through(fresh, bytes)) == bytes);
    CHECK(rowan::must(through(fresh, std::vector<std::byte>{})).empty());
    // Empty is not NULL.
    CHECK(rowan::must(through(fresh, std::optional{std::vector<std::byte>{}})) == std::vector<std::byte>{});
    CHECK(rowan::must(through(fresh, std::optional{std::string{}})) == "");
}

TEST_CASE_TEMPLATE("enums are stored by name or by value, and only their enumerators are read", Db, Sqlite, Postgres) {
    Fresh<Db> fresh;
    CHECK(rowan::must(through(fresh, Side::sell)) == Side::sell);
    CHECK(code_of(through(fresh, static_cast<Side>(7))) == Code::unknown_enumerator);
    make_column(fresh, "TEXT");
    CHECK(rowan::must(read_literal<Side>(fresh, "'buy'")) == Side::buy);
    CHECK(code_of(read_literal<Side>(fresh, "'BUY'")) == Code::unknown_enumerator);
    CHECK(code_of(read_literal<std::optional<Side>>(fresh, "''")) == Code::unknown_enumerator);
    // One that is not described is its number, and any number is one of its values.
    CHECK(rowan::must(through(fresh, every_type::Venue{300})) == every_type::Venue{300});
    make_column(fresh, "BIGINT");
    CHECK(code_of(read_literal<every_type::Venue>(fresh, "65536")) == Code::value_out_of_range);
}

TEST_CASE_TEMPLATE("an enum that is stored by value refuses a number that is no enumerator", Db, Sqlite, Postgres) {
    Fresh<Db> fresh;
    auto table = rowan::repository<every_type::Row>(fresh.connection);
    rowan::must(table.create_table());
    every_type::Row row;
    row.side_number = static_cast<Side>(5);
    CHECK(error_of(table.insert(row)).column() == "side_number");
    row.side_number = Side::sell;
    const auto stored = rowan::must(table.insert(row));
    fresh.execute("UPDATE every_type SET side_number = 5");
    const rowan::Error error = error_of(table.get(stored.id));
    CHECK(error.code() == Code::unknown_enumerator);
    CHECK(error.column() == "side_number");
}

TEST_CASE_TEMPLATE("dates that do not exist are refused", Db, Sqlite, Postgres) {
    using namespace std::chrono;
    Fresh<Db> fresh;
    CHECK(rowan::must(through(fresh, year{2024} / 2 / 29)) == year{2024} / 2 / 29);
    CHECK(rowan::must(through(fresh, year{1} / 1 / 1)) == year{1} / 1 / 1);
    CHECK(rowan::must(through(fresh, year{9999} / 12 / 31)) == year{9999} / 12 / 31);
    CHECK(code_of(through(fresh, year{2023} / 2 / 29)) == Code::invalid_value);
    CHECK(code_of(through(fresh, year{2023} / 13 / 1)) == Code::invalid_value);
    CHECK(code_of(through(fresh, year{-10000} / 1 / 1)) == Code::value_out_of_range);
    if constexpr (Db::is_sqlite) {
        // Four digits is what SQLite's date functions read.
        CHECK(code_of(through(fresh, year{10000} / 1 / 1)) == Code::value_out_of_range);
        make_column(fresh, "TEXT");
        CHECK(rowan::must(read_literal<year_month_day>(fresh, "'2016-10-07'")) == year{2016} / 10 / 7);
        CHECK(code_of(read_literal<year_month_day>(fresh, "'2016-02-30'")) == Code::invalid_value);
        CHECK(code_of(read_literal<year_month_day>(fresh, "'yesterday'")) == Code::invalid_value);
    } else {
        CHECK(rowan::must(through(fresh, year{10000} / 1 / 1)) == year{10000} / 1 / 1);
        make_column(fresh, "DATE");
        CHECK(code_of(read_literal<year_month_day>(fresh, "'infinity'")) == Code::value_out_of_range);
        CHECK(code_of(read_literal<year_month_day>(fresh, "'100000-01-01'")) == Code::value_out_of_range);
    }
}

TEST_CASE_TEMPLATE("timestamps keep their microseconds", Db, Sqlite, Postgres) {
    using namespace std::chrono;
    Fresh<Db> fresh;
    const rowan::Timestamp time = sys_days{2016y / 10 / 7} + 23h + 59min + 59s + 999999us;
    CHECK(rowan::must(through(fresh, time)) == time);
    CHECK(rowan::must(through(fresh, rowan::Timestamp{})) == rowan::Timestamp{});
    const rowan::Timestamp before = rowan::Timestamp{} - 1us;
    CHECK(rowan::must(through(fresh, before)) == before);
    CHECK(rowan::must(through(fresh, rowan::Timestamp::max())) == rowan::Timestamp::max());
    if constexpr (Db::is_sqlite) {
        CHECK(rowan::must(through(fresh, rowan::Timestamp::min())) == rowan::Timestamp::min());
        make_column(fresh, "TEXT");
        CHECK(rowan::must(read_literal<rowan::Timestamp>(fresh, "'2016-10-07T23:59:59.999999Z'")) == time);
        CHECK(rowan::must(read_literal<rowan::Timestamp>(fresh, "'2016-10-08 01:59:59.999999+02:00'")) == time);
        CHECK(code_of(read_literal<rowan::Timestamp>(fresh, "'soon'")) == Code::invalid_value);
        make_column(fresh, "REAL");
        CHECK(code_of(read_literal<rowan::Timestamp>(fresh, "1.5")) == Code::type_mismatch);
    } else {
        // PostgreSQL begins with the Julian calendar.
        CHECK(code_of(through(fresh, rowan::Timestamp::min())) == Code::value_out_of_range);
        const rowan::Timestamp first{sys_days{-4713y / 11 / 24}};
        CHECK(rowan::must(through(fresh, first)) == first);
        CHECK(code_of(through(fresh, first - 1us)) == Code::value_out_of_range);
        make_column(fresh, "TIMESTAMP");
        CHECK(code_of(read_literal<rowan::Timestamp>(fresh, "'294276-12-31'")) == Code::value_out_of_range);
        CHECK(rowan::must(read_literal<rowan::Timestamp>(fresh, "'2016-10-07 23:59:59.999999'")) == time);
        CHECK(code_of(read_literal<rowan::Timestamp>(fresh, "'infinity'")) == Code::value_out_of_range);
        CHECK(code_of(read_literal<rowan::Timestamp>(fresh, "'-infinity'")) == Code::value_out_of_range);
        make_column(fresh, "TIMESTAMPTZ");
        CHECK(rowan::must(read_literal<rowan::Timestamp>(fresh, "'2016-10-08 01:59:59.999999+02'")) == time);
    }
}

TEST_CASE_TEMPLATE("booleans are true, false or refused", Db, Sqlite, Postgres) {
    Fresh<Db> fresh;
    CHECK(rowan::must(through(fresh, true)) == true);
    CHECK(rowan::must(through(fresh, false)) == false);
    if constexpr (Db::is_sqlite) {
        make_column(fresh, "INTEGER");
        CHECK(code_of(read_literal<bool>(fresh, "2")) == Code::value_out_of_range);
    } else {
        make_column(fresh, "INTEGER");
        CHECK(code_of(read_literal<bool>(fresh, "1")) == Code::type_mismatch);
    }
}

TEST_CASE("the types of existing PostgreSQL columns are widened where that is exact") {
    Fresh<Postgres> fresh;
    make_column(fresh, "SMALLINT");
    CHECK(rowan::must(read_literal<std::int64_t>(fresh, "-7")) == -7);
    CHECK(rowan::must(read_literal<double>(fresh, "-7")) == -7.0);
    make_column(fresh, "INTEGER");
    CHECK(rowan::must(read_literal<std::int64_t>(fresh, "2147483647")) == 2147483647);
    CHECK(rowan::must(read_literal<double>(fresh, "2147483647")) == 2147483647.0);
    make_column(fresh, "BIGINT");
    CHECK(code_of(read_literal<double>(fresh, "1")) == Code::type_mismatch);
    make_column(fresh, "REAL");
    CHECK(rowan::must(read_literal<double>(fresh, "0.5")) == 0.5);
    make_column(fresh, "VARCHAR(10)");
    CHECK(rowan::must(read_literal<std::string>(fresh, "'ab'")) == "ab");
    make_column(fresh, "CHAR(4)");
    CHECK(rowan::must(read_literal<std::string>(fresh, "'ab'")) == "ab  ");
    make_column(fresh, "UUID");
    CHECK(rowan::must(read_literal<std::string>(fresh, "'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'")) ==
          "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11");
    make_column(fresh, "JSON");
    CHECK(rowan::must(read_literal<std::string>(fresh, "'{\"a\": 1}'")) == "{\"a\": 1}");
    make_column(fresh, "JSONB");
    CHECK(rowan::must(read_literal<std::string>(fresh, "'{\"a\":1}'")) == "{\"a\": 1}");
    make_column(fresh, "OID");
    CHECK(rowan::must(read_literal<std::uint32_t>(fresh, "4294967295")) == 4294967295);

    make_column(fresh, "NUMERIC");
    CHECK(code_of(read_literal<double>(fresh, "0.1")) == Code::type_mismatch);
    for (const char* text : {"0", "1", "-1", "0.1", "-0.00001", "10000", "10000.0001", "123456789012345678901234567890",
                             "1.50", "-99999999.99999999", "NaN", "Infinity", "-Infinity", "1e-20", "100000000"}) {
        CAPTURE(text);
        fresh.execute(std::string{"DELETE FROM holder; INSERT INTO holder VALUES (1, '"} + text + "')");
        const std::string read = rowan::must(read_literal<std::string>(fresh, std::string{"'"} + text + "'"));
        // The server's own text is the judge.
        fresh.execute("CREATE OR REPLACE VIEW shown AS SELECT id, value::text AS value FROM holder");
        fresh.execute("CREATE TEMPORARY TABLE IF NOT EXISTS seen (id BIGINT, value TEXT)");
        fresh.execute("DELETE FROM seen; INSERT INTO seen SELECT * FROM shown; DROP VIEW shown");
        make_column(fresh, "TEXT");
        fresh.execute("INSERT INTO holder SELECT * FROM seen");
        CHECK(rowan::must(rowan::repository<Holder<std::string>>(fresh.connection).get(1)).value == read);
        make_column(fresh, "NUMERIC");
    }
    CHECK(rowan::must(read_literal<std::int64_t>(fresh, "9223372036854775807")) == 9223372036854775807);
    CHECK(rowan::must(read_literal<std::int64_t>(fresh, "-9223372036854775808")) ==
          std::numeric_limits<std::int64_t>::min());
    CHECK(rowan::must(read_literal<std::int64_t>(fresh, "20000.000")) == 20000);
    CHECK(code_of(read_literal<std::int64_t>(fresh, "9223372036854775808")) == Code::value_out_of_range);
    CHECK(code_of(read_literal<std::int64_t>(fresh, "-9223372036854775809")) == Code::value_out_of_range);
    CHECK(code_of(read_literal<std::int64_t>(fresh, "1.5")) == Code::inexact_value);
    CHECK(code_of(read_literal<std::int64_t>(fresh, "0.00001")) == Code::inexact_value);
    CHECK(code_of(read_literal<std::int64_t>(fresh, "'NaN'")) == Code::value_out_of_range);
}

TEST_CASE("values in SQLite are read by their own type, not by the column's") {
    Fresh<Sqlite> fresh;
    make_column(fresh, "NUMERIC");
    CHECK(rowan::must(read_literal<double>(fresh, "5.0")) == 5.0);
    CHECK(rowan::must(read_literal<std::int64_t>(fresh, "5.0")) == 5);
    CHECK(rowan::must(read_literal<double>(fresh, "9007199254740992")) == 9007199254740992.0);
    CHECK(code_of(read_literal<double>(fresh, "9007199254740993")) == Code::inexact_value);
    make_column(fresh, "");
    CHECK(code_of(read_literal<std::int64_t>(fresh, "'5'")) == Code::type_mismatch);
    CHECK(code_of(read_literal<std::string>(fresh, "5")) == Code::type_mismatch);
}

TEST_CASE_TEMPLATE("the locale never matters", Db, Sqlite, Postgres) {
    struct WithCommas : std::numpunct<char> {
        char do_decimal_point() const override { return ','; }
        char do_thousands_sep() const override { return '.'; }
        std::string do_grouping() const override { return "\3"; }
    };
    const std::locale before = std::locale::global(std::locale{std::locale::classic(), new WithCommas});
    const std::string c_locale = std::setlocale(LC_ALL, nullptr);
    for (const char* name : {"de_DE.UTF-8", "fr_FR.UTF-8", "de_DE"})
        if (std::setlocale(LC_ALL, name) != nullptr) break;

    Fresh<Db> fresh;
    CHECK(rowan::must(through<double>(fresh, 1234567.125)) == 1234567.125);
    CHECK(rowan::must(through<std::int64_t>(fresh, 1234567)) == 1234567);
    CHECK(rowan::must(through(fresh, std::chrono::year{2016} / 10 / 7)) == std::chrono::year{2016} / 10 / 7);
    auto table = rowan::repository<Holder<double>>(fresh.connection);
    rowan::must(table.drop_table());
    rowan::must(table.create_table());
    std::vector<Holder<double>> many(1500, {.id = 0, .value = 0.25});
    CHECK(rowan::must(table.insert(many)) == 1500);
    CHECK(rowan::must(table.where(rowan::col<&Holder<double>::value> == 0.25).count()) == 1500);

    std::setlocale(LC_ALL, c_locale.c_str());
    std::locale::global(before);
}
