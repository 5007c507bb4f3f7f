#include <rowan/rowan.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include "fresh.hpp"

namespace {

// ---- Structs that describe nothing -------------------------------------------------------------

struct OrderBook {
    std::int64_t id{};
    std::string symbol{};
};
struct HTTPRequest {
    std::string path{};
    std::uint32_t id{};
};
struct Level2Quote {
    std::string id{};
    double price{};
};
struct V2 {
    std::int32_t value{};
};
struct SHA256Sum {
    std::vector<std::byte> id{};
};
template <class Id>
struct Tagged {
    Id id{};
    struct Inner {
        Id ID{};
    };
};

template <class T>
constexpr std::string_view name_of = rowan::table<T>.name();

static_assert(name_of<OrderBook> == "order_book");
static_assert(name_of<HTTPRequest> == "http_request");
static_assert(name_of<Level2Quote> == "level2_quote");
static_assert(name_of<V2> == "v2");
static_assert(name_of<SHA256Sum> == "sha256_sum");
static_assert(name_of<Tagged<std::int64_t>> == "tagged");
static_assert(name_of<Tagged<std::int64_t>::Inner> == "inner");
static_assert(rowan::describe<OrderBook>().name() == "order_book");
static_assert(rowan::describe<OrderBook>("books").name() == "books");

template <class T, bool is_generated, std::uint16_t... columns>
constexpr bool has_key() {
    const auto key = rowan::table<T>.key_columns();
    const std::array<std::uint16_t, sizeof...(columns)> expected{columns...};
    return rowan::table<T>.has_generated_key() == is_generated &&
           std::equal(key.begin(), key.end(), expected.begin(), expected.end());
}

// A member `id` is the key, made by the database where it is a number.
static_assert(has_key<OrderBook, true, 0>());
static_assert(has_key<HTTPRequest, true, 1>());
static_assert(has_key<Level2Quote, false, 0>());
static_assert(has_key<SHA256Sum, false, 0>());
static_assert(has_key<V2, false>());
static_assert(has_key<Tagged<std::int8_t>, true, 0>());
static_assert(has_key<Tagged<std::string>, false, 0>());
static_assert(has_key<Tagged<bool>, false, 0>());
static_assert(has_key<Tagged<std::int64_t>::Inner, false>());

static_assert(std::is_same_v<rowan::Key<OrderBook>, std::int64_t>);
static_assert(std::is_same_v<rowan::Key<HTTPRequest>, std::uint32_t>);
static_assert(std::is_same_v<rowan::Key<Level2Quote>, std::string_view>);
static_assert(std::is_same_v<rowan::Key<SHA256Sum>, std::span<const std::byte>>);

// ---- Whole descriptions ------------------------------------------------------------------------

enum class Side { buy, sell };
BOOST_DESCRIBE_ENUM(Side, buy, sell)
enum class Status : std::int16_t { open = 1, done = 2 };

struct Order {
    std::int64_t id{};
    std::string venue{};
    std::string number{};
    Side side{};
    Side side_value{};
    std::optional<Side> hedge{};
    Status status{};
    rowan::Timestamp placed{};

    friend bool operator==(const Order&, const Order&) = default;
};

struct Natural {
    std::string code{};
    std::int32_t id{};
};

struct Composite {
    std::int32_t minor{};
    std::string major{};
    std::chrono::year_month_day day{};
    double value{};

    friend bool operator==(const Composite&, const Composite&) = default;
};

struct Sequence {
    std::string text{};
    std::int32_t number{};
};

struct Entity {
    std::int64_t id{};
    std::int64_t version{};
};
BOOST_DESCRIBE_STRUCT(Entity, (), (id, version))
struct Customer : Entity {
    std::string name{};

    friend bool operator==(const Customer& a, const Customer& b) {
        return a.id == b.id && a.version == b.version && a.name == b.name;
    }
};
BOOST_DESCRIBE_STRUCT(Customer, (Entity), (name))

}  // namespace

template <>
inline constexpr auto rowan::table<Order> = rowan::describe<Order>("orders")
                                                .in("trading")
                                                .key<&Order::id>(rowan::generated)
                                                .unique<&Order::venue, &Order::number>()
                                                .index<&Order::venue, rowan::desc<&Order::placed>>()
                                                .index<rowan::asc<&Order::status>>()
                                                .column<&Order::number>("order_number")
                                                .column<&Order::placed>("placed_at")
                                                .by_value<&Order::side_value>()
                                                .by_value<&Order::hedge>();
template <>
inline constexpr auto rowan::table<Natural> = rowan::describe<Natural>().key<&Natural::code>();
template <>
inline constexpr auto rowan::table<Composite> =
    rowan::describe<Composite>("composites").key<&Composite::major, &Composite::day, &Composite::minor>();
template <>
inline constexpr auto rowan::table<Sequence> =
    rowan::describe<Sequence>().key<&Sequence::number>(rowan::generated).unique<&Sequence::text>();
template <>
inline constexpr auto rowan::table<Customer> =
    rowan::describe<Customer>("customers").key<&Customer::id>(rowan::generated).unique<&Customer::name>();

namespace {

constexpr const rowan::TableInfo& orders = rowan::table_info<Order>;
static_assert(orders.name == "orders");
static_assert(orders.schema == "trading");
static_assert(orders.columns.size() == 8);
static_assert(orders.columns[1].name == "venue");
static_assert(orders.columns[2].name == "order_number");
static_assert(orders.columns[7].name == "placed_at");
static_assert(orders.columns[3].type == rowan::ColumnType::text);
static_assert(orders.columns[4].type == rowan::ColumnType::int32);
static_assert(orders.columns[5].type == rowan::ColumnType::int32 && orders.columns[5].nullable);
static_assert(orders.columns[6].type == rowan::ColumnType::int16);
static_assert(orders.columns[7].type == rowan::ColumnType::timestamp && !orders.columns[7].nullable);
static_assert(has_key<Order, true, 0>());
static_assert(orders.indexes.size() == 3);
static_assert(orders.indexes[0].unique && orders.columns_of(orders.indexes[0]).size() == 2);
static_assert(orders.columns_of(orders.indexes[0])[1].column == 2);
static_assert(!orders.indexes[1].unique && orders.columns_of(orders.indexes[1])[0].column == 1);
static_assert(!orders.columns_of(orders.indexes[1])[0].descending);
static_assert(orders.columns_of(orders.indexes[1])[1].column == 7 &&
              orders.columns_of(orders.indexes[1])[1].descending);
static_assert(orders.columns_of(orders.indexes[2]).size() == 1 && !orders.columns_of(orders.indexes[2])[0].descending);

// `key` takes the place of a member `id`.
static_assert(has_key<Natural, false, 0>());
static_assert(has_key<Composite, false, 1, 2, 0>());
static_assert(has_key<Sequence, true, 1>());
static_assert(has_key<Customer, true, 0>());
static_assert(
    std::is_same_v<rowan::Key<Composite>, std::tuple<std::string_view, std::chrono::year_month_day, std::int32_t>>);
static_assert(rowan::table_info<Customer>.columns[2].name == "name");

// Each call gives a changed copy; the last word counts.
constexpr auto plain = rowan::describe<Order>();
constexpr auto renamed =
    plain.column<&Order::venue>("a").column<&Order::venue>("b").by_value<&Order::side>().by_name<&Order::side>();
static_assert(plain.columns()[1].name == "venue");
static_assert(renamed.columns()[1].name == "b");
static_assert(plain.columns()[3].storage == rowan::EnumStorage::by_default);
static_assert(renamed.columns()[3].storage == rowan::EnumStorage::by_name);
static_assert(plain.in("x").in("y").schema() == "y");
static_assert(plain.key<&Order::venue>().key<&Order::id>(rowan::generated).has_generated_key());
static_assert(!plain.key<&Order::id>().has_generated_key());

// Inside a template, GCC 12 would want `.template do_update`.
constexpr auto overwrite_version = rowan::on_conflict<&Customer::name>.do_update<&Customer::version>();

template <class Db>
std::string single_text(Fresh<Db>& fresh, const std::string& sql) {
    if constexpr (Db::is_sqlite) {
        sqlite3_stmt* query = nullptr;
        REQUIRE(sqlite3_prepare_v2(fresh.connection.native(), sql.c_str(), -1, &query, nullptr) == SQLITE_OK);
        REQUIRE(sqlite3_step(query) == SQLITE_ROW);
        std::string text{reinterpret_cast<const char*>(sqlite3_column_text(query, 0))};
        sqlite3_finalize(query);
        return text;
    } else {
        PGresult* result = PQexec(fresh.connection.native(), sql.c_str());
        REQUIRE(PQresultStatus(result) == PGRES_TUPLES_OK);
        REQUIRE(PQntuples(result) == 1);
        std::string text{PQgetvalue(result, 0, 0)};
        PQclear(result);
        return text;
    }
}

}  // namespace

TEST_CASE_TEMPLATE("a struct that describes nothing has a table of its name, with the key that it needs", Db, Sqlite,
                   Postgres) {
    Fresh<Db> fresh;
    auto books = rowan::repository<OrderBook>(fresh.connection);
    rowan::must(books.create_table());
    CHECK(rowan::must(books.insert({.symbol = "A"})).id == 1);
    CHECK(rowan::must(books.insert({.symbol = "B"})).id == 2);
    CHECK(single_text(fresh, "SELECT symbol FROM order_book WHERE id = 2") == "B");

    auto requests = rowan::repository<HTTPRequest>(fresh.connection);
    rowan::must(requests.create_table());
    CHECK(rowan::must(requests.insert({.path = "/"})).id == 1);

    auto quotes = rowan::repository<Level2Quote>(fresh.connection);
    rowan::must(quotes.create_table());
    rowan::must(quotes.insert({"AAPL", 1.5}));
    CHECK(rowan::must(quotes.get("AAPL")).price == 1.5);
    CHECK(error_of(quotes.insert({"AAPL", 2.5})).code() == rowan::Code::unique_violation);

    // Without a key nothing keeps two rows from being alike.
    auto values = rowan::repository<V2>(fresh.connection);
    rowan::must(values.create_table());
    rowan::must(values.insert({7}));
    rowan::must(values.insert({7}));
    CHECK(rowan::must(values.count()) == 2);
}

TEST_CASE_TEMPLATE("everything that a struct says of its table is found in the database", Db, Sqlite, Postgres) {
    Fresh<Db> fresh;
    if constexpr (!Db::is_sqlite) fresh.execute("DROP SCHEMA IF EXISTS trading CASCADE");
    auto repository = rowan::repository<Order>(fresh.connection);
    rowan::must(repository.create_table());

    const rowan::Timestamp now{std::chrono::microseconds{1}};
    const Order order =
        rowan::must(repository.insert({0, "XNAS", "n1", Side::sell, Side::sell, Side::buy, Status::done, now}));
    CHECK(order.id == 1);
    CHECK(rowan::must(repository.find(1)) == order);

    // SQLite has no schemas: the name becomes a prefix.
    const std::string table = Db::is_sqlite ? "trading_orders" : "trading.orders";
    CHECK(single_text(fresh, "SELECT order_number FROM " + table) == "n1");
    CHECK(single_text(fresh, "SELECT side FROM " + table) == "sell");
    CHECK(single_text(fresh, "SELECT side_value FROM " + table) == "1");
    CHECK(single_text(fresh, "SELECT hedge FROM " + table) == "0");
    CHECK(single_text(fresh, "SELECT status FROM " + table) == "2");
    CHECK(rowan::must(repository.where(rowan::col<&Order::hedge> == Side::buy).count()) == 1);
    CHECK(rowan::must(repository.where(rowan::col<&Order::side> == Side::buy).count()) == 0);

    const rowan::Error twice =
        error_of(repository.insert({0, "XNAS", "n1", Side::buy, Side::buy, std::nullopt, Status::open, now}));
    CHECK(twice.code() == rowan::Code::unique_violation);
    rowan::must(repository.insert({0, "XNAS", "n2", Side::buy, Side::buy, std::nullopt, Status::open, now}));
    CHECK(rowan::must(repository.count()) == 2);

    const std::string index = Db::is_sqlite
                                  ? "SELECT sql FROM sqlite_master WHERE name = 'trading_orders_venue_placed_at_idx'"
                                  : "SELECT indexdef FROM pg_indexes WHERE indexname = 'orders_venue_placed_at_idx'";
    CHECK(single_text(fresh, index).find("DESC)") != std::string::npos);
    rowan::must(repository.drop_table());
    if constexpr (!Db::is_sqlite) fresh.execute("DROP SCHEMA trading");
}

TEST_CASE_TEMPLATE("a natural key comes with the row, whatever another member is called", Db, Sqlite, Postgres) {
    Fresh<Db> fresh;
    auto rows = rowan::repository<Natural>(fresh.connection);
    rowan::must(rows.create_table());
    rowan::must(rows.insert({"a", 0}));
    CHECK(rowan::must(rows.get("a")).id == 0);
    CHECK(error_of(rows.insert({"a", 5})).code() == rowan::Code::unique_violation);
    CHECK(rowan::must(rows.count()) == 1);
    CHECK(error_of(rows.get("b")).code() == rowan::Code::not_found);
}

TEST_CASE_TEMPLATE("a composite key is given in the order that the description names it in", Db, Sqlite, Postgres) {
    using namespace std::chrono;
    Fresh<Db> fresh;
    auto rows = rowan::repository<Composite>(fresh.connection);
    rowan::must(rows.create_table());
    const year_month_day day = 2024y / February / 29;
    const Composite one{1, "m", day, 0.5};
    rowan::must(rows.insert(one));
    rowan::must(rows.insert(Composite{2, "m", day, 0.25}));

    CHECK(rowan::must(rows.find({"m", day, 1})) == one);
    CHECK(rowan::must(rows.find({"m", 2024y / March / 1, 1})) == std::nullopt);
    CHECK(error_of(rows.insert(one)).code() == rowan::Code::unique_violation);
    CHECK(rowan::must(rows.update(Composite{1, "m", day, 9})).value == 9);
    CHECK(rowan::must(rows.get({"m", day, 2})).value == 0.25);
    CHECK(rowan::must(rows.erase({"m", day, 1})));
    CHECK(!rowan::must(rows.erase({"m", day, 1})));
    CHECK(rowan::must(rows.count()) == 1);
}

TEST_CASE_TEMPLATE("a generated key may be called anything and stand anywhere", Db, Sqlite, Postgres) {
    Fresh<Db> fresh;
    auto rows = rowan::repository<Sequence>(fresh.connection);
    rowan::must(rows.create_table());
    CHECK(rowan::must(rows.insert({.text = "a"})).number == 1);
    CHECK(rowan::must(rows.insert({.text = "b", .number = 40})).number == 40);
    CHECK(rowan::must(rows.get(40)).text == "b");
    CHECK(error_of(rows.insert({.text = "a"})).code() == rowan::Code::unique_violation);
}

TEST_CASE_TEMPLATE("members of described bases are columns like the struct's own", Db, Sqlite, Postgres) {
    Fresh<Db> fresh;
    auto rows = rowan::repository<Customer>(fresh.connection);
    rowan::must(rows.create_table());
    Customer customer;
    customer.name = "Ada";
    customer.version = 3;
    const Customer stored = rowan::must(rows.insert(customer));
    CHECK(stored.id == 1);
    CHECK(rowan::must(rows.find(1)) == stored);
    CHECK(rowan::must(rows.where(rowan::col<&Customer::version> == 3).first()) == stored);
    CHECK(rowan::must(rows.upsert(customer, overwrite_version)) == rowan::Upserted::updated);
    CHECK(single_text(fresh, "SELECT version FROM customers") == "3");
}

namespace {

struct Twice {
    std::int64_t id{};
    std::int64_t b{};
    std::int64_t c{};
    std::int64_t b_c{};
};

}  // namespace

template <>
inline constexpr auto rowan::table<Twice> = rowan::describe<Twice>("twice")
                                                .index<&Twice::b, &Twice::c>()
                                                .index<&Twice::b, rowan::desc<&Twice::c>>()
                                                .index<&Twice::b_c>()
                                                .unique<&Twice::b, &Twice::c>()
                                                .unique<&Twice::b_c>();

TEST_CASE_TEMPLATE("indexes and constraints that would get the same name are told apart", Db, Sqlite, Postgres) {
    Fresh<Db> fresh;
    rowan::must(rowan::repository<Twice>(fresh.connection).create_table());
    std::vector<std::string> names;
    if constexpr (Db::is_sqlite)
        names = rowan::must(fresh.connection.template query<std::string>(
            rowan::sql<"SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY 1">));
    else
        names = rowan::must(fresh.connection.template query<std::string>(
            rowan::sql<"SELECT indexname FROM pg_indexes WHERE tablename = 'twice' AND indexname LIKE '%idx%' "
                       "ORDER BY 1">));
    CHECK(names == std::vector<std::string>{"twice_b_c_idx", "twice_b_c_idx1", "twice_b_c_idx2"});
    // The constraints are both there.
    auto rows = rowan::repository<Twice>(fresh.connection);
    rowan::must(rows.insert({.id = 0, .b = 1, .c = 1, .b_c = 1}));
    CHECK(error_of(rows.insert({.id = 0, .b = 1, .c = 1, .b_c = 2})).code() == rowan::Code::unique_violation);
    CHECK(error_of(rows.insert({.id = 0, .b = 2, .c = 1, .b_c = 1})).code() == rowan::Code::unique_violation);
}
