#include <rowan/rowan.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include <boost/describe/enum.hpp>

#include "fresh.hpp"

namespace {

using namespace rowan::detail;
using rowan::asc;
using rowan::avg;
using rowan::case_when;
using rowan::cast;
using rowan::coalesce;
using rowan::col;
using rowan::count;
using rowan::count_distinct;
using rowan::desc;
using rowan::excluded;
using rowan::from;
using rowan::lower;
using rowan::max;
using rowan::min;
using rowan::Nulls;
using rowan::on_conflict;
using rowan::order_by;
using rowan::partition_by;
using rowan::set;
using rowan::sum;
using rowan::truncate;
using rowan::Unit;
using rowan::upper;

enum class Status { open, paid };
BOOST_DESCRIBE_ENUM(Status, open, paid)

struct Person {
    std::int64_t id{};
    std::string name{};
    std::optional<std::int64_t> boss{};
    bool active{};
};

struct Order {
    std::int64_t id{};
    std::int64_t person{};
    std::int32_t amount{};
    double price{};
    Status status{};
    Status step{};
    std::string document{};
    std::optional<std::string> note{};
    rowan::Timestamp time{};
    std::chrono::year_month_day day{};
};

// What projections fill.
struct Total {
    std::int64_t person{};
    std::optional<double> total{};
};
struct Line {
    std::string name{};
    std::int64_t depth{};
    std::int64_t id{};
};
struct Named {
    std::int64_t rows{};
    std::optional<std::string> name{};
};

}  // namespace

template <>
inline constexpr auto rowan::table<Order> = rowan::describe<Order>("orders")
                                                .in("shop")
                                                .unique<&Order::person, &Order::day>()
                                                .column<&Order::note>("Note \"n\"")
                                                .by_value<&Order::step>();

namespace {

constexpr auto id = col<&Order::id>;
constexpr auto person = col<&Order::person>;
constexpr auto amount = col<&Order::amount>;
constexpr auto price = col<&Order::price>;
constexpr auto document = col<&Order::document>;
constexpr auto note = col<&Order::note>;
constexpr auto at = col<&Order::time>;
constexpr auto who = col<&Person::id>;
constexpr auto name = col<&Person::name>;
constexpr auto boss = col<&Person::boss>;
constexpr auto active = col<&Person::active>;

template <class Query, const rowan::Dialect& dialect, Wanted wanted>
constexpr std::string_view text = text_of<QueryText<typename Query::QueryShape, dialect, wanted>>;

/// Is this the whole text of the query on each database?
template <class Query, Wanted wanted = Wanted::rows>
constexpr bool reads(std::string_view postgres, std::string_view sqlite) {
    return text<Query, rowan::postgres::dialect, wanted> == postgres &&
           text<Query, rowan::sqlite::dialect, wanted> == sqlite;
}

/// Is `sqlite` the same as `postgres`, but for the marks of parameters and the schema that is a prefix there?
constexpr bool alike(std::string_view postgres, std::string_view sqlite) {
    constexpr std::string_view in_schema = R"("shop"."orders")";
    constexpr std::string_view prefixed = R"("shop_orders")";
    std::size_t at_sqlite = 0;
    const auto next = [&](std::string_view piece) {
        const bool found = sqlite.substr(at_sqlite, piece.size()) == piece;
        at_sqlite += piece.size();
        return found;
    };
    for (std::size_t i = 0; i != postgres.size(); ++i) {
        if (postgres.substr(i, in_schema.size()) == in_schema) {
            if (!next(prefixed)) return false;
            i += in_schema.size() - 1;
        } else if (postgres.substr(i, 9) == R"("orders".)") {
            if (!next(R"("shop_orders".)")) return false;
            i += 8;
        } else if (!next(postgres[i] == '$' ? "?" : postgres.substr(i, 1))) {
            return false;
        }
    }
    return at_sqlite == sqlite.size();
}

/// Is this the whole text of the query on PostgreSQL, and that on SQLite alike?
template <class Query, Wanted wanted = Wanted::rows>
constexpr bool reads(std::string_view postgres) {
    return text<Query, rowan::postgres::dialect, wanted> == postgres &&
           alike(postgres, text<Query, rowan::sqlite::dialect, wanted>);
}

/// What stands behind WHERE.
template <class Where, const rowan::Dialect& dialect>
constexpr std::string_view condition = [] {
    constexpr std::string_view whole =
        text<decltype(from<Order>().where(std::declval<Where>())), dialect, Wanted::count>;
    constexpr std::string_view head = dialect.has_schemas ? R"(SELECT count(*) FROM "shop"."orders" WHERE )"
                                                          : R"(SELECT count(*) FROM "shop_orders" WHERE )";
    static_assert(whole.starts_with(head));
    return whole.substr(head.size());
}();

/// Is it this on each database?
template <class Where>
constexpr bool asks(std::string_view postgres, std::string_view sqlite) {
    return condition<Where, rowan::postgres::dialect> == postgres && condition<Where, rowan::sqlite::dialect> == sqlite;
}

/// Is it this on PostgreSQL, and alike on SQLite?
template <class Where>
constexpr bool asks(std::string_view postgres) {
    return condition<Where, rowan::postgres::dialect> == postgres &&
           alike(postgres, condition<Where, rowan::sqlite::dialect>);
}

// ---- Arithmetic --------------------------------------------------------------------------------

static_assert(asks<decltype(amount + 1 == 2)>(R"("amount" + $1 = $2)"));
static_assert(asks<decltype(amount - (amount - 1) > 0)>(R"("amount" - ("amount" - $1) > $2)"));
static_assert(asks<decltype(amount - amount - 1 > 0)>(R"(CAST("amount" AS bigint) - "amount" - $1 > $2)",
                                                      R"(CAST("amount" AS INTEGER) - "amount" - ?1 > ?2)"));
static_assert(asks<decltype((amount + 1) * 2 > price / 4 / 2)>(R"(("amount" + $1) * $2 > "price" / $3 / $4)"));
static_assert(asks<decltype(price / (price / 2) > 1)>(R"("price" / ("price" / $1) > $2)"));
static_assert(asks<decltype(price * (amount * 2) > 1)>(R"("price" * ("amount" * $1) > $2)"));
static_assert(asks<decltype((price * amount) * 2 > 1)>(R"("price" * "amount" * $1 > $2)"));
static_assert(asks<decltype(1 - amount == 2 * (amount + 1))>(R"($1 - "amount" = $2 * ("amount" + $3))"));
static_assert(asks<decltype(12 / (amount - 2) < -1)>(R"($1 / ("amount" - $2) < $3)"));
static_assert(asks<decltype(1.5 * amount < price)>(R"($1 * "amount" < "price")"));

// ---- Comparisons -------------------------------------------------------------------------------

static_assert(asks<decltype((amount > 0) == (price > 5))>(R"(("amount" > $1) = ("price" > $2))"));
static_assert(
    asks<decltype((amount == 1) != (price == 2 && id == 3))>(R"(("amount" = $1) <> ("price" = $2 AND "id" = $3))"));
static_assert(asks<decltype((!(amount == 1)) == (id == 2))>(R"((NOT ("amount" = $1)) = ("id" = $2))"));
static_assert(asks<decltype((amount + 1 > 0) == true)>(R"(("amount" + $1 > $2) = $3)"));
static_assert(asks<decltype(amount.between(1, 2))>(R"("amount" BETWEEN $1 AND $2)"));
static_assert(
    asks<decltype((amount + 1).between(price, price * 2))>(R"("amount" + $1 BETWEEN "price" AND "price" * $2)"));
static_assert(asks<decltype(!amount.between(1, 2) && id.between(id, 9))>(
    R"(NOT ("amount" BETWEEN $1 AND $2) AND "id" BETWEEN "id" AND $3)"));
static_assert(asks<decltype(amount.between(1, 2) == (id == 3))>(R"(("amount" BETWEEN $1 AND $2) = ("id" = $3))"));
static_assert(asks<decltype(note.is_null() == (amount == 0))>(R"(("Note ""n""" IS NULL) = ("amount" = $1))"));
static_assert(asks<decltype((note == "x").is_null())>(R"(("Note ""n""" = $1) IS NULL)"));
static_assert(asks<decltype(at >= rowan::Timestamp{} && col<&Order::day> < std::chrono::year_month_day{})>(
    R"("time" >= $1 AND "day" < $2)"));
static_assert(asks<decltype(col<&Order::status> == Status::paid || col<&Order::step> == Status::paid)>(
    R"("status" = $1 OR "step" = $2)"));

// ---- Lists -------------------------------------------------------------------------------------

static_assert(asks<decltype(amount.in(std::vector{1, 2}))>(R"(("amount" = ANY($1::bigint[])))",
                                                           R"(("amount" IN rowan_list(?1)))"));
static_assert(asks<decltype((amount + 1).not_in(std::vector<std::int64_t>{}) && price == 1)>(
    R"((("amount" + $1) <> ALL($2::bigint[])) AND "price" = $3)",
    R"((("amount" + ?1) NOT IN rowan_list(?2)) AND "price" = ?3)"));
static_assert(
    asks<decltype(col<&Order::status>.in(std::vector<Status>{}) || col<&Order::step>.in(std::vector<Status>{}))>(
        R"(("status" = ANY($1::text[])) OR ("step" = ANY($2::bigint[])))",
        R"(("status" IN rowan_list(?1)) OR ("step" IN rowan_list(?2)))"));
static_assert(asks<decltype(at.in(std::vector<rowan::Timestamp>{}) &&
                            col<&Order::day>.in(std::vector<std::chrono::year_month_day>{}) &&
                            note.in(std::vector<std::string>{}))>(
    R"(("time" = ANY($1::timestamptz[])) AND ("day" = ANY($2::date[])) AND ("Note ""n""" = ANY($3::text[])))",
    R"(("time" IN rowan_list(?1)) AND ("day" IN rowan_list(?2)) AND ("Note ""n""" IN rowan_list(?3)))"));
static_assert(asks<decltype(price.in(std::vector<double>{}) == (amount.in(std::vector<int>{})))>(
    R"(("price" = ANY($1::double precision[])) = ("amount" = ANY($2::bigint[])))",
    R"(("price" IN rowan_list(?1)) = ("amount" IN rowan_list(?2)))"));

// ---- Text --------------------------------------------------------------------------------------

static_assert(asks<decltype(document.like("a%") && amount == 1)>(
    R"(("document" LIKE $1) AND "amount" = $2)", R"(("document" GLOB rowan_glob(?1)) AND "amount" = ?2)"));
static_assert(asks<decltype(document.ilike(note))>(R"(("document" ILIKE "Note ""n"""))",
                                                   R"(("document" LIKE "Note ""n""" ESCAPE '\'))"));
static_assert(asks<decltype(!document.contains("x"))>(R"(NOT ((strpos("document", $1) > 0)))",
                                                      R"(NOT ((instr("document", ?1) > 0)))"));
static_assert(asks<decltype(document.starts_with("x") && id == 1)>(
    R"((starts_with("document", $1)) AND "id" = $2)", R"((substr("document", 1, length(?1)) = ?1) AND "id" = ?2)"));
static_assert(asks<decltype(document.ends_with("x") && id == 1)>(
    R"((right("document", length($1)) = $1) AND "id" = $2)",
    R"((length(?1) = 0 OR substr("document", -length(?1)) = ?1) AND "id" = ?2)"));
static_assert(asks<decltype((document.contains("x")) == (document.starts_with(note)))>(
    R"((strpos("document", $1) > 0) = (starts_with("document", "Note ""n""")))",
    R"((instr("document", ?1) > 0) = (substr("document", 1, length("Note ""n""")) = "Note ""n"""))"));
static_assert(asks<decltype(lower(document) == "a" && upper(lower(document)) < "b")>(
    R"(lower("document") = $1 AND upper(lower("document")) < $2)"));

// ---- NULL --------------------------------------------------------------------------------------

static_assert(asks<decltype(note.is_distinct_from("x"))>(R"(("Note ""n""" IS DISTINCT FROM $1))",
                                                         R"(("Note ""n""" IS NOT ?1))"));
static_assert(asks<decltype(note.is_not_distinct_from(std::nullopt) && id == 1)>(
    R"(("Note ""n""" IS NOT DISTINCT FROM $1) AND "id" = $2)", R"(("Note ""n""" IS ?1) AND "id" = ?2)"));
static_assert(asks<decltype((amount + 1).is_distinct_from(price))>(R"((("amount" + $1) IS DISTINCT FROM "price"))",
                                                                   R"((("amount" + ?1) IS NOT "price"))"));
static_assert(asks<decltype(note.is_not_distinct_from(document) == (id == 1))>(
    R"(("Note ""n""" IS NOT DISTINCT FROM "document") = ("id" = $1))",
    R"(("Note ""n""" IS "document") = ("id" = ?1))"));
static_assert(asks<decltype(coalesce(note, "none") == "none")>(R"(coalesce("Note ""n""", $1) = $2)"));
static_assert(asks<decltype(coalesce(coalesce(note, document), "none") > lower(coalesce(note, document)))>(
    R"(coalesce(coalesce("Note ""n""", "document"), $1) > lower(coalesce("Note ""n""", "document")))"));

// ---- CASE, casts, times and documents ----------------------------------------------------------

static_assert(
    asks<decltype(case_when(amount > 5, "many").when(amount > 0 && id == 1, "some").otherwise(document) == "x")>(
        R"(CASE WHEN "amount" > $1 THEN $2 WHEN "amount" > $3 AND "id" = $4 THEN $5 ELSE "document" END = $6)"));
static_assert(asks<decltype(case_when(amount > 5, 1).otherwise(amount * 2) + 1 < 3)>(
    R"(CASE WHEN "amount" > $1 THEN $2 ELSE "amount" * $3 END + $4 < $5)"));
static_assert(asks<decltype(cast<double>(amount) / 2 > cast<double>(amount + 1))>(
    R"(CAST("amount" AS double precision) / $1 > CAST("amount" + $2 AS double precision))",
    R"(CAST("amount" AS REAL) / ?1 > CAST("amount" + ?2 AS REAL))"));
static_assert(asks<decltype(cast<std::string>(id) == "1" && cast<std::int32_t>(price) == 1 && cast<bool>(amount))>(
    R"(CAST("id" AS text) = $1 AND CAST("price" AS integer) = $2 AND CAST("amount" AS boolean))",
    R"(CAST("id" AS TEXT) = ?1 AND CAST("price" AS INTEGER) = ?2 AND CAST("amount" AS INTEGER))"));
static_assert(
    asks<decltype(truncate<Unit::second>(at) < at)>(R"((date_trunc('second', "time", 'UTC')) < "time")",
                                                    R"(("time" - ("time" % 1000000 + 1000000) % 1000000) < "time")"));
static_assert(asks<decltype(truncate<Unit::minute>(at) < at)>(
    R"((date_trunc('minute', "time", 'UTC')) < "time")",
    R"(("time" - ("time" % 60000000 + 60000000) % 60000000) < "time")"));
static_assert(asks<decltype(truncate<Unit::hour>(at) < at)>(
    R"((date_trunc('hour', "time", 'UTC')) < "time")",
    R"(("time" - ("time" % 3600000000 + 3600000000) % 3600000000) < "time")"));
static_assert(asks<decltype(truncate<Unit::day>(at) < at)>(
    R"((date_trunc('day', "time", 'UTC')) < "time")",
    R"(("time" - ("time" % 86400000000 + 86400000000) % 86400000000) < "time")"));
static_assert(asks<decltype(truncate<Unit::month>(at) < at)>(
    R"((date_trunc('month', "time", 'UTC')) < "time")",
    R"((CAST(strftime('%s', ("time" - ("time" % 1000000 + 1000000) % 1000000) / 1000000, 'unixepoch', 'start )"
    R"(of month') AS INTEGER) * 1000000) < "time")"));
static_assert(asks<decltype(truncate<Unit::year>(at) < at)>(
    R"((date_trunc('year', "time", 'UTC')) < "time")",
    R"((CAST(strftime('%s', ("time" - ("time" % 1000000 + 1000000) % 1000000) / 1000000, 'unixepoch', 'start )"
    R"(of year') AS INTEGER) * 1000000) < "time")"));
static_assert(asks<decltype(rowan::json_text<"a">(document) == "x")>(
    R"(("document"::jsonb #>> '{"a"}') = $1)",
    R"((CASE json_type("document", '$."a"') WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' ELSE )"
    R"(CAST(json_extract("document", '$."a"') AS TEXT) END) = ?1)"));
static_assert(asks<decltype(rowan::json_text<"it's", "b c">(coalesce(note, document)).is_null())>(
    R"((coalesce("Note ""n""", "document")::jsonb #>> '{"it''s","b c"}') IS NULL)",
    R"((CASE json_type(coalesce("Note ""n""", "document"), '$."it''s"."b c"') WHEN 'true' THEN 'true' WHEN )"
    R"('false' THEN 'false' ELSE CAST(json_extract(coalesce("Note ""n""", "document"), '$."it''s"."b c"') AS )"
    R"(TEXT) END) IS NULL)"));

// ---- Clauses -----------------------------------------------------------------------------------

static_assert(reads<decltype(from<Order>())>(
    R"(SELECT "id", "person", "amount", "price", "status", "step", "document", "Note ""n""", "time", "day" )"
    R"(FROM "shop"."orders")"));
static_assert(reads<decltype(from<Person, "p">().where(col<&Person::id, "p"> == 1))>(
    R"(SELECT "p"."id", "p"."name", "p"."boss", "p"."active" FROM "person" AS "p" WHERE "p"."id" = $1)"));
static_assert(reads<decltype(from<Order>().select(note).distinct())>(
    R"(SELECT DISTINCT "Note ""n""" AS "note" FROM "shop"."orders")"));
static_assert(reads<decltype(from<Order>().select(note).distinct()), Wanted::count>(
    R"(SELECT count(*) FROM (SELECT DISTINCT "Note ""n""" AS "note" FROM "shop"."orders") AS limited)"));
static_assert(
    reads<decltype(from<Order>()
                       .order_by(note.asc<Nulls::first>(), price.desc<Nulls::last>(), desc<&Order::id>, amount * -1)
                       .select(id))>(
        R"(SELECT "id" AS "id" FROM "shop"."orders" ORDER BY "Note ""n""" NULLS FIRST, "price" DESC NULLS LAST, )"
        R"("id" DESC, "amount" * $1)"));
static_assert(reads<decltype(from<Order>()
                                 .where(amount > 1)
                                 .order_by(asc<&Order::id>)
                                 .limit(2)
                                 .offset(3)
                                 .select(id, price* amount))>(
    R"(SELECT "id" AS "id", "price" * "amount" FROM "shop"."orders" WHERE "amount" > $1 ORDER BY "id" LIMIT $2 )"
    R"(OFFSET $3)"));
static_assert(reads<decltype(from<Order>().select(id).offset(3))>(
    R"(SELECT "id" AS "id" FROM "shop"."orders" OFFSET $1)",
    R"(SELECT "id" AS "id" FROM "shop_orders" LIMIT -1 OFFSET ?1)"));
static_assert(reads<decltype(from<Order>().select(id).offset(3)), Wanted::existence>(
    R"(SELECT EXISTS (SELECT 1 FROM "shop"."orders" OFFSET $1))",
    R"(SELECT EXISTS (SELECT 1 FROM "shop_orders" LIMIT -1 OFFSET ?1))"));
static_assert(reads<decltype(from<Order>().where(amount > 1).where(price > 2 || price < 1).select(id))>(
    R"(SELECT "id" AS "id" FROM "shop"."orders" WHERE "amount" > $1 AND ("price" > $2 OR "price" < $3))"));
static_assert(reads<decltype(from<Order>()
                                 .group_by(person, truncate<Unit::day>(at))
                                 .having(count() > 1 && sum(amount) < 10)
                                 .having(max(price) > 3)
                                 .order_by(count().desc())
                                 .select(person, count()))>(
    R"(SELECT "person" AS "person", count(*) FROM "shop"."orders" GROUP BY "person", (date_trunc('day', )"
    R"("time", 'UTC')) HAVING count(*) > $1 AND CAST(sum("amount") AS bigint) < $2 AND max("price") > $3 ORDER )"
    R"(BY count(*) DESC)",
    R"(SELECT "person" AS "person", count(*) FROM "shop_orders" GROUP BY "person", ("time" - ("time" % )"
    R"(86400000000 + 86400000000) % 86400000000) HAVING count(*) > ?1 AND CAST(sum("amount") AS INTEGER) < ?2 )"
    R"(AND max("price") > ?3 ORDER BY count(*) DESC)"));
static_assert(reads<decltype(from<Order>().group_by(person).select(person)), Wanted::count>(
    R"(SELECT count(*) FROM (SELECT 1 FROM "shop"."orders" GROUP BY "person") AS limited)"));
static_assert(reads<decltype(from<Order>().select(count(), count(note), count_distinct(person), sum(amount), sum(price),
                                                  avg(amount), min(at), max(document)))>(
    R"(SELECT count(*), count("Note ""n"""), count(DISTINCT "person"), CAST(sum("amount") AS bigint), )"
    R"(sum(CAST("price" AS double precision)), avg(CAST("amount" AS double precision)), min("time"), )"
    R"(max("document") FROM "shop"."orders")",
    R"(SELECT count(*), count("Note ""n"""), count(DISTINCT "person"), CAST(sum("amount") AS INTEGER), )"
    R"(sum(CAST("price" AS REAL)), avg(CAST("amount" AS REAL)), min("time"), max("document") FROM "shop_orders")"));
static_assert(
    reads<decltype(from<Order>().select(count().filter(amount > 1), sum(amount).filter(note.is_null() && id > 2),
                                        count_distinct(person).filter(document.like("x"))))>(
        R"(SELECT count(*) FILTER (WHERE "amount" > $1), CAST(sum("amount") FILTER (WHERE "Note ""n""" IS NULL AND )"
        R"("id" > $2) AS bigint), count(DISTINCT "person") FILTER (WHERE ("document" LIKE $3)) FROM "shop"."orders")",
        R"(SELECT count(*) FILTER (WHERE "amount" > ?1), CAST(sum("amount") FILTER (WHERE "Note ""n""" IS NULL AND )"
        R"("id" > ?2) AS INTEGER), count(DISTINCT "person") FILTER (WHERE ("document" GLOB rowan_glob(?3))) FROM )"
        R"("shop_orders")"));
// Rows are locked on PostgreSQL only.
static_assert(
    text<
        decltype(from<Order>().where(id == 1).order_by(asc<&Order::id>).limit(1).for_update().skip_locked().select(id)),
        rowan::postgres::dialect, Wanted::rows> ==
    R"(SELECT "id" AS "id" FROM "shop"."orders" WHERE "id" = $1 ORDER BY "id" LIMIT $2 FOR UPDATE SKIP LOCKED)");
static_assert(text<decltype(from<Order>().for_update().select(id)), rowan::postgres::dialect, Wanted::rows> ==
              R"(SELECT "id" AS "id" FROM "shop"."orders" FOR UPDATE)");

// ---- Windows -----------------------------------------------------------------------------------

static_assert(reads<decltype(from<Order>().select(
                  rowan::row_number().over(order_by(desc<&Order::price>, id)),
                  rowan::rank().over(partition_by(person), order_by(amount.asc<Nulls::first>())),
                  rowan::dense_rank().over(partition_by(person, amount > 1), order_by(asc<&Order::id>))))>(
    R"(SELECT row_number() OVER (ORDER BY "price" DESC, "id"), rank() OVER (PARTITION BY "person" ORDER BY )"
    R"("amount" NULLS FIRST), dense_rank() OVER (PARTITION BY "person", "amount" > $1 ORDER BY "id") FROM )"
    R"("shop"."orders")"));
static_assert(reads<decltype(from<Order>().select(sum(amount).over(), sum(price).over(partition_by(person)),
                                                  rowan::lag(note).over(order_by(asc<&Order::id>)),
                                                  rowan::lead(amount * 2).over(order_by(asc<&Order::id>))))>(
    R"(SELECT CAST(sum("amount") OVER () AS bigint), sum(CAST("price" AS double precision)) OVER (PARTITION BY )"
    R"("person"), lag("Note ""n""") OVER (ORDER BY "id"), lead("amount" * $1) OVER (ORDER BY "id") FROM )"
    R"("shop"."orders")",
    R"(SELECT CAST(sum("amount") OVER () AS INTEGER), sum(CAST("price" AS REAL)) OVER (PARTITION BY "person"), )"
    R"(lag("Note ""n""") OVER (ORDER BY "id"), lead("amount" * ?1) OVER (ORDER BY "id") FROM "shop_orders")"));
static_assert(reads<decltype(from<Order>().select(count().filter(amount > 1).over(partition_by(note)),
                                                  (sum(amount).over(order_by(asc<&Order::id>)) - 1).as<"running">()))>(
    R"(SELECT count(*) FILTER (WHERE "amount" > $1) OVER (PARTITION BY "Note ""n"""), CAST(sum("amount") OVER )"
    R"((ORDER BY "id") AS bigint) - $2 AS "running" FROM "shop"."orders")",
    R"(SELECT count(*) FILTER (WHERE "amount" > ?1) OVER (PARTITION BY "Note ""n"""), CAST(sum("amount") OVER )"
    R"((ORDER BY "id") AS INTEGER) - ?2 AS "running" FROM "shop_orders")"));

// ---- Joins -------------------------------------------------------------------------------------

static_assert(reads<decltype(from<Order>().join<Person>(person == who).where(name == "x").select(id, name))>(
    R"(SELECT "orders"."id" AS "id", "person"."name" AS "name" FROM "shop"."orders" JOIN "person" ON )"
    R"("orders"."person" = "person"."id" WHERE "person"."name" = $1)"));
static_assert(reads<decltype(from<Person>().left_join<Order>(person == who && amount > 1))>(
    R"(SELECT "person"."id", "person"."name", "person"."boss", "person"."active", "orders"."id", )"
    R"("orders"."person", "orders"."amount", "orders"."price", "orders"."status", "orders"."step", )"
    R"("orders"."document", "orders"."Note ""n""", "orders"."time", "orders"."day" FROM "person" LEFT JOIN )"
    R"("shop"."orders" ON "orders"."person" = "person"."id" AND "orders"."amount" > $1)"));
static_assert(reads<decltype(from<Person>()
                                 .left_join<Order>(person == who)
                                 .where(id.is_null())
                                 .group_by(who)
                                 .order_by(count(id).desc(), asc<&Person::name>)
                                 .select(who, count(id)))>(
    R"(SELECT "person"."id" AS "id", count("orders"."id") FROM "person" LEFT JOIN "shop"."orders" ON )"
    R"("orders"."person" = "person"."id" WHERE "orders"."id" IS NULL GROUP BY "person"."id" ORDER BY )"
    R"(count("orders"."id") DESC, "person"."name")"));
static_assert(reads<decltype(from<Person>()
                                 .left_join<Person, "boss">(boss == col<&Person::id, "boss">)
                                 .join<Order, "last order">(col<&Order::person, "last order"> == who)
                                 .where(col<&Person::active, "boss"> == true)
                                 .select(name, col<&Person::name, "boss">, col<&Order::note, "last order">))>(
    R"(SELECT "person"."name" AS "name", "boss"."name" AS "name", "last order"."Note ""n""" AS "note" FROM )"
    R"("person" LEFT JOIN "person" AS "boss" ON "person"."boss" = "boss"."id" JOIN "shop"."orders" AS "last )"
    R"(order" ON "last order"."person" = "person"."id" WHERE "boss"."active" = $1)"));
static_assert(reads<decltype(from<Person>().join<Order>(person == who).where(who > 1)), Wanted::count>(
    R"(SELECT count(*) FROM "person" JOIN "shop"."orders" ON "orders"."person" = "person"."id" WHERE )"
    R"("person"."id" > $1)"));
static_assert(
    reads<decltype(from<Person>().join<Order>(person == who && amount > 1).where(who > 1)), Wanted::existence>(
        R"(SELECT EXISTS (SELECT 1 FROM "person" JOIN "shop"."orders" ON "orders"."person" = "person"."id" AND )"
        R"("orders"."amount" > $1 WHERE "person"."id" > $2))"));

// ---- Subqueries --------------------------------------------------------------------------------

static_assert(reads<decltype(from<Person>()
                                 .where(who.in(from<Order>().where(amount > 1).select(person)) && active == true)
                                 .select(name))>(
    R"(SELECT "name" AS "name" FROM "person" WHERE "id" IN (SELECT "orders"."person" AS "person" FROM )"
    R"("shop"."orders" WHERE "orders"."amount" > $1) AND "active" = $2)"));
static_assert(
    reads<decltype(from<Person>().where(who.not_in(from<Order>().select(person).distinct().limit(3))).select(name))>(
        R"(SELECT "name" AS "name" FROM "person" WHERE "id" NOT IN (SELECT DISTINCT "orders"."person" AS "person" )"
        R"(FROM "shop"."orders" LIMIT $1))"));
static_assert(reads<decltype(from<Person>()
                                 .where(active == true &&
                                        rowan::exists(from<Order>().where(person == who && amount > 1)) && name > "x")
                                 .select(name))>(
    R"(SELECT "name" AS "name" FROM "person" WHERE "active" = $1 AND EXISTS (SELECT 1 FROM "shop"."orders" )"
    R"(WHERE "orders"."person" = "person"."id" AND "orders"."amount" > $2) AND "name" > $3)"));
static_assert(reads<decltype(from<Person>().where(!rowan::exists(from<Order>().where(person == who))).select(name))>(
    R"(SELECT "name" AS "name" FROM "person" WHERE NOT (EXISTS (SELECT 1 FROM "shop"."orders" WHERE )"
    R"("orders"."person" = "person"."id")))"));
static_assert(
    reads<decltype(from<Person>()
                       .where(rowan::exists(from<Person, "other">().where(col<&Person::boss, "other"> == who)))
                       .select(name))>(
        R"(SELECT "name" AS "name" FROM "person" WHERE EXISTS (SELECT 1 FROM "person" AS "other" WHERE )"
        R"("other"."boss" = "person"."id"))"));
static_assert(
    reads<decltype(from<Person>()
                       .where(rowan::scalar(from<Order>().where(person == who).select(max(price))) > 7)
                       .select(name, rowan::scalar(from<Order>().where(person == who && amount > 2).select(count()))))>(
        R"(SELECT "name" AS "name", (SELECT count(*) FROM "shop"."orders" WHERE "orders"."person" = "person"."id" )"
        R"(AND "orders"."amount" > $1) FROM "person" WHERE (SELECT max("orders"."price") FROM "shop"."orders" )"
        R"(WHERE "orders"."person" = "person"."id") > $2)"));
static_assert(reads<decltype(from<Person>()
                                 .where(who.in(from<Order>()
                                                   .where(person == who && rowan::exists(from<Person, "p">().where(
                                                                               col<&Person::id, "p"> == id)))
                                                   .select(person)))
                                 .select(name))>(
    R"(SELECT "name" AS "name" FROM "person" WHERE "id" IN (SELECT "orders"."person" AS "person" FROM )"
    R"("shop"."orders" WHERE "orders"."person" = "person"."id" AND EXISTS (SELECT 1 FROM "person" AS "p" WHERE )"
    R"("p"."id" = "orders"."id")))"));

// ---- Projections -------------------------------------------------------------------------------

static_assert(reads<decltype(from<Order>().group_by(person).select<Total>(sum(price * amount).as<"total">(), person))>(
    R"(SELECT sum(CAST("price" * "amount" AS double precision)) AS "total", "person" AS "person" FROM )"
    R"("shop"."orders" GROUP BY "person")",
    R"(SELECT sum(CAST("price" * "amount" AS REAL)) AS "total", "person" AS "person" FROM "shop_orders" GROUP )"
    R"(BY "person")"));
static_assert(reads<decltype(from<Order>().select<Named>(count().as<"rows">(), max(note).as<"name">()))>(
    R"(SELECT count(*) AS "rows", max("Note ""n""") AS "name" FROM "shop"."orders")"));
static_assert(reads<decltype(from<Order>().select(note.as<"remark">(), (amount + 1).as<"it's \"more\"">()))>(
    R"(SELECT "Note ""n""" AS "remark", "amount" + $1 AS "it's ""more""" FROM "shop"."orders")"));

// ---- Queries of queries ------------------------------------------------------------------------

static_assert(reads<decltype(from<Order>()
                                 .where(amount > 1)
                                 .select(document)
                                 .union_all(from<Person>().where(name != "x").select(name)))>(
    R"(SELECT "document" AS "document" FROM "shop"."orders" WHERE "amount" > $1 UNION ALL SELECT "name" AS )"
    R"("name" FROM "person" WHERE "name" <> $2)"));
static_assert(reads<decltype(from<Order>()
                                 .select(document)
                                 .union_all(from<Person>().select(name))
                                 .union_all(from<Person>().where(who == 1).select(name))),
                    Wanted::count>(
    R"(SELECT count(*) FROM (SELECT "document" AS "document" FROM "shop"."orders" UNION ALL SELECT "name" AS )"
    R"("name" FROM "person" UNION ALL SELECT "name" AS "name" FROM "person" WHERE "id" = $1) AS counted)"));
static_assert(reads<decltype(from<Order>().select(document).union_all(from<Person>().where(name != "x").select(name))),
                    Wanted::existence>(
    R"(SELECT EXISTS (SELECT "document" AS "document" FROM "shop"."orders" UNION ALL SELECT "name" AS "name" )"
    R"(FROM "person" WHERE "name" <> $1))"));
static_assert(
    reads<decltype(rowan::with<Total>(
                       from<Order>().where(amount > 1).group_by(person).select<Total>(sum(price).as<"total">(), person))
                       .query(from<Person>()
                                  .join<Total>(col<&Total::person> == who)
                                  .where(col<&Total::total> > 7)
                                  .select(name, col<&Total::total>)))>(
        R"(WITH "total" ("total", "person") AS (SELECT sum(CAST("price" AS double precision)) AS "total", "person" )"
        R"(AS "person" FROM "shop"."orders" WHERE "amount" > $1 GROUP BY "person") SELECT "person"."name" AS )"
        R"("name", "total"."total" AS "total" FROM "person" JOIN "total" ON "total"."person" = "person"."id" WHERE )"
        R"("total"."total" > $2)",
        R"(WITH "total" ("total", "person") AS (SELECT sum(CAST("price" AS REAL)) AS "total", "person" AS "person" )"
        R"(FROM "shop_orders" WHERE "amount" > ?1 GROUP BY "person") SELECT "person"."name" AS "name", )"
        R"("total"."total" AS "total" FROM "person" JOIN "total" ON "total"."person" = "person"."id" WHERE )"
        R"("total"."total" > ?2)"));
static_assert(
    reads<decltype(rowan::with<Total>(from<Order>().group_by(person).select<Total>(person, max(price).as<"total">()))
                       .with<Named>(from<Total>()
                                        .where(col<&Total::total> > 1)
                                        .select<Named>(count().as<"rows">(),
                                                       max(cast<std::string>(col<&Total::person>)).as<"name">()))
                       .query(from<Named>()))>(
        R"(WITH "total" ("person", "total") AS (SELECT "person" AS "person", max("price") AS "total" FROM )"
        R"("shop"."orders" GROUP BY "person"), "named" ("rows", "name") AS (SELECT count(*) AS "rows", )"
        R"(max(CAST("person" AS text)) AS "name" FROM "total" WHERE "total" > $1) SELECT "rows", "name" FROM )"
        R"("named")",
        R"(WITH "total" ("person", "total") AS (SELECT "person" AS "person", max("price") AS "total" FROM )"
        R"("shop_orders" GROUP BY "person"), "named" ("rows", "name") AS (SELECT count(*) AS "rows", )"
        R"(max(CAST("person" AS TEXT)) AS "name" FROM "total" WHERE "total" > ?1) SELECT "rows", "name" FROM )"
        R"("named")"));
static_assert(
    reads<decltype(rowan::with<Total>(from<Order>().group_by(person).select<Total>(person, max(price).as<"total">()))
                       .query(from<Total>().where(col<&Total::person> == 1))),
          Wanted::count>(
        R"(SELECT count(*) FROM (WITH "total" ("person", "total") AS (SELECT "person" AS "person", max("price") AS )"
        R"("total" FROM "shop"."orders" GROUP BY "person") SELECT "person", "total" FROM "total" WHERE "person" = )"
        R"($1) AS counted)"));
static_assert(
    reads<decltype(rowan::with_recursive<Line>(from<Person>()
                                                   .where(boss.is_null() && active == true)
                                                   .select<Line>(who, name, (who * 0).as<"depth">()),
                                               from<Line>()
                                                   .join<Person>(boss == col<&Line::id>)
                                                   .where(col<&Line::depth> < 5)
                                                   .select<Line>(who, name, (col<&Line::depth> + 1).as<"depth">()))
                       .query(from<Line>().order_by(asc<&Line::depth>).limit(3)))>(
        R"(WITH RECURSIVE "line" ("id", "name", "depth") AS (SELECT "id" AS "id", "name" AS "name", "id" * $1 AS )"
        R"("depth" FROM "person" WHERE "boss" IS NULL AND "active" = $2 UNION ALL SELECT "person"."id" AS "id", )"
        R"("person"."name" AS "name", "line"."depth" + $3 AS "depth" FROM "line" JOIN "person" ON "person"."boss" )"
        R"(= "line"."id" WHERE "line"."depth" < $4) SELECT "name", "depth", "id" FROM "line" ORDER BY "depth" )"
        R"(LIMIT $5)"));
static_assert(
    reads<decltype(rowan::with<Person>(from<Person>().where(active == true)).query(from<Person>().where(who > 1)))>(
        R"(WITH "person" ("id", "name", "boss", "active") AS (SELECT "id", "name", "boss", "active" FROM "person" )"
        R"(WHERE "active" = $1) SELECT "id", "name", "boss", "active" FROM "person" WHERE "id" > $2)"));

// ---- Changes -----------------------------------------------------------------------------------

static_assert(
    text_of<UpdateWhere<Order, rowan::postgres::dialect, typename decltype(id == 1 && note.is_null())::Shape, false,
                        typename decltype(set<& Order::amount> = amount + 1)::Shape,
                        typename decltype(set<& Order::note> = "x")::Shape>> ==
    R"(UPDATE "shop"."orders" SET "amount" = "amount" + $1, "Note ""n""" = $2 WHERE "id" = $3 AND "Note ""n""" )"
    R"(IS NULL)");
static_assert(
    text_of<UpdateWhere<Order, rowan::sqlite::dialect, typename decltype(id == 1 && note.is_null())::Shape, false,
                        typename decltype(set<& Order::amount> = amount + 1)::Shape,
                        typename decltype(set<& Order::note> = "x")::Shape>> ==
    R"(UPDATE "shop_orders" SET "amount" = rowan_integer("amount" + ?1, 32), "Note ""n""" = ?2 WHERE "id" = ?3 AND )"
    R"("Note ""n""" IS NULL)");
static_assert(
    text_of<UpdateWhere<Order, rowan::postgres::dialect, typename decltype(price > 1)::Shape, true,
                        typename decltype(set<& Order::note> = std::nullopt)::Shape,
                        typename decltype(set<& Order::price> = rowan::coalesce(
                                              rowan::scalar(from<Person>().where(who == person).select(max(who) * 1.5)),
                                              1))::Shape>> ==
    R"(UPDATE "shop"."orders" SET "Note ""n""" = $1, "price" = coalesce((SELECT max("person"."id") * $2 FROM )"
    R"("person" WHERE "person"."id" = "orders"."person"), $3) WHERE "price" > $4 RETURNING "id", "person", )"
    R"("amount", "price", "status", "step", "document", "Note ""n""", "time", "day")");
static_assert(
    text_of<UpdateWhere<Order, rowan::sqlite::dialect, typename decltype(price > 1)::Shape, true,
                        typename decltype(set<& Order::note> = std::nullopt)::Shape,
                        typename decltype(set<& Order::price> = rowan::coalesce(
                                              rowan::scalar(from<Person>().where(who == person).select(max(who) * 1.5)),
                                              1))::Shape>> ==
    R"(UPDATE "shop_orders" SET "Note ""n""" = ?1, "price" = coalesce((SELECT max("person"."id") * ?2 FROM )"
    R"("person" WHERE "person"."id" = "shop_orders"."person"), ?3) WHERE "price" > ?4 RETURNING "id", )"
    R"("person", "amount", "price", "status", "step", "document", "Note ""n""", "time", "day")");
static_assert(text_of<UpdateWhere<Order, rowan::postgres::dialect, rowan::detail::Nothing, false,
                                  typename decltype(set<& Order::step> = Status::paid)::Shape>> ==
              R"(UPDATE "shop"."orders" SET "step" = $1)");
static_assert(text_of<UpdateWhere<Order, rowan::sqlite::dialect, rowan::detail::Nothing, false,
                                  typename decltype(set<& Order::step> = Status::paid)::Shape>> ==
              R"(UPDATE "shop_orders" SET "step" = ?1)");
static_assert(
    text_of<UpdateWhere<Order, rowan::postgres::dialect, rowan::detail::Nothing, true,
                        typename decltype(set<& Order::amount> = 1)::Shape>> ==
    R"(UPDATE "shop"."orders" SET "amount" = $1 RETURNING "id", "person", "amount", "price", "status", "step", )"
    R"("document", "Note ""n""", "time", "day")");
static_assert(
    text_of<UpdateWhere<Order, rowan::sqlite::dialect, rowan::detail::Nothing, true,
                        typename decltype(set<& Order::amount> = 1)::Shape>> ==
    R"(UPDATE "shop_orders" SET "amount" = ?1 RETURNING "id", "person", "amount", "price", "status", "step", )"
    R"("document", "Note ""n""", "time", "day")");
static_assert(
    text_of<PatchRow<Order, rowan::postgres::dialect, false, true,
                     typename decltype(set<& Order::document> = upper(document))::Shape,
                     typename decltype(set<& Order::price> = price * 2)::Shape>> ==
    R"(UPDATE "shop"."orders" SET "document" = upper("document"), "price" = "price" * $1 WHERE "id" = $2 )"
    R"(RETURNING "id", "person", "amount", "price", "status", "step", "document", "Note ""n""", "time", "day")");
static_assert(text_of<PatchRow<Order, rowan::sqlite::dialect, false, false,
                               typename decltype(set<& Order::document> = upper(document))::Shape,
                               typename decltype(set<& Order::price> = price * 2)::Shape>> ==
              R"(UPDATE "shop_orders" SET "document" = upper("document"), "price" = "price" * ?1 WHERE "id" = ?2)");
static_assert(text_of<EraseWhere<Order, rowan::postgres::dialect,
                                 typename decltype(amount.in(std::vector<int>{}) || price < 1)::Shape, false>> ==
              R"(DELETE FROM "shop"."orders" WHERE ("amount" = ANY($1::bigint[])) OR "price" < $2)");
static_assert(text_of<EraseWhere<Order, rowan::sqlite::dialect,
                                 typename decltype(amount.in(std::vector<int>{}) || price < 1)::Shape, false>> ==
              R"(DELETE FROM "shop_orders" WHERE ("amount" IN rowan_list(?1)) OR "price" < ?2)");
static_assert(
    text_of<EraseWhere<Order, rowan::postgres::dialect,
                       typename decltype(person.in(from<Person>().where(active == false).select(who)))::Shape, true>> ==
    R"(DELETE FROM "shop"."orders" WHERE "person" IN (SELECT "person"."id" AS "id" FROM "person" WHERE )"
    R"("person"."active" = $1) RETURNING "id", "person", "amount", "price", "status", "step", "document", )"
    R"("Note ""n""", "time", "day")");
static_assert(
    text_of<EraseWhere<Order, rowan::sqlite::dialect,
                       typename decltype(person.in(from<Person>().where(active == false).select(who)))::Shape, true>> ==
    R"(DELETE FROM "shop_orders" WHERE "person" IN (SELECT "person"."id" AS "id" FROM "person" WHERE )"
    R"("person"."active" = ?1) RETURNING "id", "person", "amount", "price", "status", "step", "document", )"
    R"("Note ""n""", "time", "day")");
static_assert(text_of<EraseWhere<Person, rowan::postgres::dialect, rowan::detail::Nothing, false>> ==
              R"(DELETE FROM "person")");
static_assert(text_of<EraseWhere<Person, rowan::sqlite::dialect, rowan::detail::Nothing, false>> ==
              R"(DELETE FROM "person")");
static_assert(text_of<EraseWhere<Person, rowan::postgres::dialect, rowan::detail::Nothing, true>> ==
              R"(DELETE FROM "person" RETURNING "id", "name", "boss", "active")");
static_assert(text_of<EraseWhere<Person, rowan::sqlite::dialect, rowan::detail::Nothing, true>> ==
              R"(DELETE FROM "person" RETURNING "id", "name", "boss", "active")");
static_assert(text_of<Upsert<Order, rowan::postgres::dialect, true, decltype(on_conflict<&Order::person, &Order::day>.do_update(set<& Order::amount> = amount + excluded<&Order::amount>, set<& Order::note> = "x").where(excluded<&Order::time> > at && price < 5))>> == R"(INSERT INTO "shop"."orders" ("person", "amount", "price", "status", "step", "document", "Note ""n""", )"
R"("time", "day") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT ("person", "day") DO UPDATE SET )"
R"("amount" = CAST("orders"."amount" AS bigint) + "excluded"."amount", "Note ""n""" = $10 WHERE )"
R"("excluded"."time" > "orders"."time" AND "orders"."price" < $11 RETURNING (xmax = 0))");
static_assert(text_of<Upsert<Order, rowan::sqlite::dialect, true, decltype(on_conflict<&Order::person, &Order::day>.do_update(set<& Order::amount> = amount + excluded<&Order::amount>, set<& Order::note> = "x").where(excluded<&Order::time> > at && price < 5))>> == R"(INSERT INTO "shop_orders" ("person", "amount", "price", "status", "step", "document", "Note ""n""", )"
R"("time", "day") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT ("person", "day") )"
R"(DO UPDATE SET "amount" = rowan_integer(CAST("shop_orders"."amount" AS INTEGER) + "excluded"."amount", 32), )"
R"("Note ""n""" = ?10 WHERE "excluded"."time" > "shop_orders"."time" AND "shop_orders"."price" < ?11)");
static_assert(text_of<Upsert<Person, rowan::postgres::dialect, false,
                             decltype(on_conflict<&Person::id>.do_update<&Person::name>().where(active == true))>> ==
              R"(INSERT INTO "person" ("id", "name", "boss", "active") VALUES ($1, $2, $3, $4) ON CONFLICT ("id") DO )"
              R"(UPDATE SET "name" = excluded."name" WHERE "person"."active" = $5 RETURNING (xmax = 0))");
static_assert(text_of<Upsert<Person, rowan::sqlite::dialect, false,
                             decltype(on_conflict<&Person::id>.do_update<&Person::name>().where(active == true))>> ==
              R"(INSERT INTO "person" ("id", "name", "boss", "active") VALUES (?1, ?2, ?3, ?4) ON CONFLICT ("id") DO )"
              R"(UPDATE SET "name" = excluded."name" WHERE "person"."active" = ?5)");
static_assert(
    text_of<UpsertArrays<
        Person, rowan::postgres::dialect, false,
        decltype(on_conflict<&Person::id>.do_update(set<& Person::name> = name).where(excluded<&Person::boss>.is_distinct_from(boss) && name != "x"))>> ==
    R"(WITH outcome AS (INSERT INTO "person" ("id", "name", "boss", "active") SELECT )"
    R"(unnest($1::bigint[]), unnest($2::text[]), unnest($3::bigint[]), unnest($4::boolean[]) ON CONFLICT ("id") DO UPDATE SET "name" = )"
    R"("person"."name" WHERE ("excluded"."boss" IS DISTINCT FROM "person"."boss") AND "person"."name" <> $5 )"
    R"(RETURNING (xmax = 0) AS inserted) SELECT count(*) FILTER (WHERE inserted), count(*) FILTER (WHERE NOT )"
    R"(inserted) FROM outcome)");

}  // namespace

TEST_CASE_TEMPLATE("a query shows the text that it sends to its database", Db, Sqlite, Postgres) {
    Fresh<Db> fresh;
    auto& db = fresh.connection;
    const std::string mark = Db::is_sqlite ? "?" : "$";
    const std::string orders = Db::is_sqlite ? R"("shop_orders")" : R"("shop"."orders")";
    const auto dear = from<Order>(db).where(price > 100).order_by(desc<&Order::price>).limit(3).select(id);
    CHECK(dear.sql() == R"(SELECT "id" AS "id" FROM )" + orders + R"( WHERE "price" > )" + mark +
                            R"(1 ORDER BY "price" DESC LIMIT )" + mark + "2");
    // Values do not show.
    CHECK(from<Order>(db).where(document == "it's secret").select(id).sql() ==
          R"(SELECT "id" AS "id" FROM )" + orders + R"( WHERE "document" = )" + mark + "1");
    const auto both = from<Person>(db).select(name).union_all(from<Order>().select(document));
    CHECK(both.sql() ==
          R"(SELECT "name" AS "name" FROM "person" UNION ALL SELECT "document" AS "document" FROM )" + orders);
    const auto named = rowan::with<Named>(from<Person>().select<Named>(count().as<"rows">(), max(name).as<"name">()))
                           .query(from<Named>(db));
    CHECK(named.sql() ==
          R"(WITH "named" ("rows", "name") AS (SELECT count(*) AS "rows", max("name") AS "name" FROM "person") )"
          R"(SELECT "rows", "name" FROM "named")");
    // The same through a Database, which asks its connection.
    auto database = rowan::must(rowan::open(fresh.url()));
    CHECK(from<Order>(database).where(price > 100).order_by(desc<&Order::price>).limit(3).select(id).sql() ==
          dear.sql());
}
