#include <rowan/rowan.hpp>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "bounced.hpp"
#include "fresh.hpp"

namespace {

struct Trade {
    std::int64_t id{};
    std::string symbol{};
    std::int64_t price{};
    rowan::Timestamp at{};

    friend bool operator==(const Trade&, const Trade&) = default;
};

}  // namespace

template <>
inline constexpr auto rowan::table<Trade> = rowan::describe<Trade>("trades").unique<&Trade::symbol, &Trade::at>();

namespace {

using rowan::Code;
using rowan::Error;
using rowan::Failure;
using rowan::Result;
using rowan::sql;
using rowan::unsafe_sql;
using rowan::Upserted;
using rowan::postgres::Connection;
using Pool = rowan::BasicPool<Connection>;
using namespace std::chrono_literals;
using namespace std::string_literals;

constexpr auto same_moment = rowan::on_conflict<&Trade::symbol, &Trade::at>;

rowan::Timestamp moment(std::int64_t minute) { return rowan::Timestamp{std::chrono::minutes{minute}}; }

/// With the table.
struct Trades : Bounced {
    Trades() { rowan::must(rowan::repository<Trade>(connection).create_table()); }
};

void check_invalid(const std::string& url) {
    const Error error = error_of(rowan::postgres::parse_url(url));
    CHECK(error.code() == Code::invalid_url);
    CHECK(error.message().find("prepared_statements") != std::string::npos);
    CHECK(error.message().find("secret") == std::string::npos);
    CHECK(error_of(Connection::open(url)).code() == Code::invalid_url);
}

}  // namespace

TEST_CASE("prepared_statements is taken out of a URL, and nothing else is") {
    const auto left = [](const std::string& url) { return rowan::must(rowan::postgres::parse_url(url)).libpq; };
    const auto prepares = [](const std::string& url) {
        return rowan::must(rowan::postgres::parse_url(url)).prepared_statements;
    };
    for (const std::string url :
         {"postgresql://u:p@h:1/d", "postgres://", "postgresql://h/d?",
          "postgresql://h?sslmode=require&options=-ca%26b", "postgresql://u:pre?prepared_statements=off@h/d?a=b",
          "host=h dbname=d", "host=h password=?prepared_statements=off", "postgresql://h/d?prepared_statement=off"}) {
        CHECK(left(url) == (url.back() == '?' ? url.substr(0, url.size() - 1) : url));
        CHECK(prepares(url));
    }
    CHECK(left("postgresql://h/d?prepared_statements=off") == "postgresql://h/d");
    CHECK(left("postgres://h/d?prepared_statements=off&a=b") == "postgres://h/d?a=b");
    CHECK(left("postgresql://h/d?a=b&prepared_statements=on&c=d") == "postgresql://h/d?a=b&c=d");
    CHECK(left("postgresql://h/d?a=b&prepared%5Fstatements=%6Fff") == "postgresql://h/d?a=b");
    CHECK(left("postgresql://u:p?x@h/d?prepared_statements=off") == "postgresql://u:p?x@h/d");
    CHECK(left("postgresql:///d?host=/a/b@c&prepared_statements=off") == "postgresql:///d?host=/a/b@c");
    CHECK_FALSE(prepares("postgresql://h/d?prepared_statements=off"));
    CHECK_FALSE(prepares("postgresql://h/d?a=b&prepared%5Fstatements=%6Fff"));
    CHECK(prepares("postgresql://h/d?prepared_statements=on"));
    // The last one counts, as with libpq's own.
    CHECK(prepares("postgresql://h/d?prepared_statements=off&prepared_statements=on"));
    for (const char* value : {"", "=", "=ON", "=1", "=no", "=of%66%20", "=%zz"})
        check_invalid("postgresql://u:secret@127.0.0.1:1/d?prepared_statements" + std::string{value});
}

TEST_CASE("without prepared statements nothing is kept on the server") {
    Fresh<Postgres> fresh;
    rowan::must(rowan::repository<Trade>(fresh.connection).create_table());
    const auto kept_after_work = [&](const std::string& more) {
        auto connection = rowan::must(Connection::open(fresh.url() + more));
        auto trades = rowan::repository<Trade>(connection);
        const Trade stored = rowan::must(trades.insert({.symbol = "BTC", .at = moment(rowan::must(trades.count()))}));
        CHECK(rowan::must(trades.get(stored.id)) == stored);
        rowan::must(trades.insert(std::vector<Trade>{{.symbol = "ETH", .at = stored.at}}));
        CHECK(rowan::must(connection.query<std::int32_t>(sql<"SELECT $1 + 1">, 41)).at(0) == 42);
        return rowan::must(connection.query<std::int64_t>(unsafe_sql{"SELECT count(*) FROM pg_prepared_statements"}))
            .at(0);
    };
    CHECK(kept_after_work("&prepared_statements=off") == 0);
    CHECK(kept_after_work("&prepared_statements=on") > 3);
    CHECK(kept_after_work("") > 3);
}

TEST_CASE("behind pgbouncer in transaction mode a repository works, whichever server connection it gets") {
    if (!Bounced::is_there()) return;
    Trades bounced;
    auto trades = rowan::repository<Trade>(bounced.connection);
    // More rounds than there are server connections, so that each operation comes to each of them.
    for (std::int64_t round = 0; round != 3; ++round) {
        CAPTURE(round);
        const Trade stored = rowan::must(trades.insert({.symbol = "BTC", .price = 1, .at = moment(round)}));
        CHECK(rowan::must(trades.get(stored.id)) == stored);
        CHECK(rowan::must(trades.find(stored.id)) == stored);
        CHECK(error_of(trades.insert(stored)).code() == Code::unique_violation);
        Trade changed = stored;
        changed.price = 2;
        rowan::must(trades.update(changed));
        rowan::must(trades.patch(stored.id, rowan::set<& Trade::symbol> = "XBT"));
        CHECK(rowan::must(trades.get(stored.id)).symbol == "XBT");
        CHECK(rowan::must(trades.where(rowan::col<&Trade::id> == stored.id).exists()));
        CHECK(rowan::must(trades.erase(stored.id)));
        CHECK_FALSE(rowan::must(trades.erase(stored.id)));

        CHECK(rowan::must(trades.upsert(stored, same_moment.do_update<&Trade::price>())) == Upserted::inserted);
        CHECK(rowan::must(trades.upsert(stored, same_moment.do_update<&Trade::price>())) == Upserted::updated);
        CHECK(rowan::must(trades.upsert(stored, same_moment.do_nothing())) == Upserted::unchanged);

        std::vector<Trade> many;
        for (std::int64_t i = 0; i != 5'000; ++i)
            many.push_back({.symbol = "ETH", .price = i, .at = moment(round * 10'000 + i)});
        CHECK(rowan::must(trades.insert(many)) == many.size());
        CHECK(rowan::must(trades.upsert(many, same_moment.do_nothing())).unchanged == many.size());
        CHECK(rowan::must(trades.where(rowan::col<&Trade::symbol> == "ETH").count()) == 5'000 * (round + 1));
        CHECK(rowan::must(bounced.connection.execute(sql<"UPDATE trades SET price = price + $1 WHERE symbol = $2">,
                                                     1000, "BTC")) == round + 1);
    }
    for (int i = 0; i != 3; ++i) {
        CHECK(rowan::must(rowan::verify<Trade>(bounced.connection)).empty());
        CHECK(rowan::must(rowan::verify_queries(trades.query(), trades.where(rowan::col<&Trade::price> > 1))).empty());
    }
    CHECK(Bounced::servers_of(bounced.connection).size() == 2);
    rowan::must(trades.drop_table());
}

TEST_CASE("behind pgbouncer every transaction has UTC, though the server has another time zone") {
    if (!Bounced::is_there()) return;
    Trades bounced;
    std::vector<Connection> clients;
    for (int i = 0; i != 3; ++i) clients.push_back(bounced.connect());
    for (int round = 0; round != 4; ++round)
        for (Connection& client : clients) {
            CHECK(rowan::must(client.query<std::string>(sql<"SHOW TIME ZONE">)).at(0) == "UTC");
            CHECK(rowan::must(client.query<rowan::Timestamp>(sql<"SELECT timestamp '2020-01-01 00:00'::timestamptz">))
                      .at(0) == rowan::Timestamp{std::chrono::sys_days{std::chrono::year{2020} / 1 / 1}});
        }
}

TEST_CASE("behind pgbouncer transactions, savepoints, streams and pages stay on one server connection each") {
    if (!Bounced::is_there()) return;
    Trades bounced;
    auto pool = bounced.pool();
    auto trades = rowan::repository<Trade>(pool);
    std::vector<Trade> many;
    for (std::int64_t i = 0; i != 5'000; ++i) many.push_back({.symbol = "BTC", .price = i % 7, .at = moment(i)});
    rowan::must(trades.insert(many));

    rowan::must(pool.transaction([](auto& tx) -> Result<void> {
        auto inside = rowan::repository<Trade>(tx);
        rowan::must(inside.insert({.symbol = "ETH", .at = moment(1)}));
        const Error error = error_of(tx.savepoint([](auto& inner) {
            rowan::must(rowan::repository<Trade>(inner).insert({.symbol = "ETH", .at = moment(2)}));
            return rowan::repository<Trade>(inner).insert({.symbol = "ETH", .at = moment(1)});
        }));
        CHECK(error.code() == Code::unique_violation);
        CHECK(Bounced::servers_of(tx).size() == 1);
        return {};
    }));
    CHECK(rowan::must(trades.where(rowan::col<&Trade::symbol> == "ETH").count()) == 1);
    (void)error_of(pool.transaction([](auto& tx) -> Result<void> {
        rowan::must(rowan::repository<Trade>(tx).where(rowan::col<&Trade::id> > 0).erase());
        return Failure(Error{rowan::Category::state, Code::stale, "no"});
    }));
    CHECK(rowan::must(trades.count()) == 5'001);
    rowan::must(pool.transaction({.isolation = rowan::Isolation::serializable, .timeout = 10s},
                                 [](auto& tx) { return rowan::repository<Trade>(tx).count(); }));
    CHECK(error_of(pool.transaction({.timeout = 50ms}, [](auto& tx) {
              return tx.execute(unsafe_sql{"SELECT pg_sleep(5)"});
          })).code() == Code::timeout);
    CHECK(rowan::must(pool.read_only([](auto& reader) { return rowan::repository<Trade>(reader).count(); })) == 5'001);

    // Others work between the parts of a stream, which would otherwise take its server away.
    std::int64_t seen = 0;
    const auto query = trades.order_by(rowan::asc<&Trade::price>, rowan::asc<&Trade::id>);
    for (Result<Trade>& row : rowan::must(query.stream())) {
        REQUIRE(row.has_value());
        if (++seen % 1000 == 0) CHECK(rowan::must(trades.exists(1)));
    }
    CHECK(seen == 5'001);
    rowan::must(query.for_each([](const Trade&) { return false; }));
    CHECK(rowan::must(trades.count()) == 5'001);

    std::vector<Trade> paged = rowan::must(query.limit(1000).all());
    while (true) {
        const auto page = rowan::must(query.after(query.cursor(paged.back())).limit(1000).all());
        if (page.empty()) break;
        paged.insert(paged.end(), page.begin(), page.end());
    }
    CHECK(paged == rowan::must(query.all()));
}

TEST_CASE("behind pgbouncer many clients share the two server connections, and lose nothing") {
    if (!Bounced::is_there()) return;
    for (const rowan::Reset reset : {rowan::Reset::transaction, rowan::Reset::session}) {
        Trades bounced;
        auto pool = bounced.pool({.size = 6, .max_overflow = 0, .pre_ping = true, .ping_after = 0ms, .reset = reset});
        rowan::must(rowan::repository<Trade>(pool).insert({.symbol = "sum"}));
        constexpr int clients = 6;
        constexpr int rounds = 20;
        std::atomic<int> attempts{0};
        std::vector<std::thread> threads;
        for (int client = 0; client != clients; ++client)
            threads.emplace_back([&, client] {
                auto trades = rowan::repository<Trade>(pool);
                for (int round = 0; round != rounds; ++round) {
                    rowan::must(
                        trades.insert({.symbol = "T" + std::to_string(client), .price = round, .at = moment(round)}));
                    rowan::must(
                        pool.transaction(rowan::retry{.attempts = 1000, .limit = 20ms},
                                         {.isolation = rowan::Isolation::serializable}, [&](auto& tx) -> Result<void> {
                                             ++attempts;
                                             auto inside = rowan::repository<Trade>(tx);
                                             auto sum = inside.find(1);
                                             if (!sum) return Failure(sum.error());
                                             auto set = inside.patch(1, rowan::set<& Trade::price> = (*sum)->price + 1);
                                             if (!set) return Failure(set.error());
                                             return {};
                                         }));
                }
            });
        for (std::thread& thread : threads) thread.join();
        auto trades = rowan::repository<Trade>(pool);
        CHECK(rowan::must(trades.count()) == clients * rounds + 1);
        CHECK(rowan::must(trades.get(1)).price == clients * rounds);
        CHECK(attempts >= clients * rounds);
        const auto now = pool.statistics();
        CHECK(now.in_use == 0);
        CHECK(now.invalidated == 0);
        CHECK(now.created <= 6);
        auto direct = rowan::must(Connection::open(bounced.direct_url()));
        CHECK(rowan::must(direct.query<std::int64_t>(sql<"SELECT count(*) FROM pg_stat_activity WHERE datname = "
                                                         "current_database() AND pid <> pg_backend_pid()">))
                  .at(0) <= 2);
    }
}

TEST_CASE("pipelines go through a pooler that gives each transaction another connection") {
    if (!Bounced::is_there()) return;
    Trades bounced;
    const auto insert = [](auto& step, std::int64_t minute) {
        return rowan::repository<Trade>(step).insert({.symbol = "BTC", .at = moment(minute)});
    };
    const std::vector<std::int64_t> minutes{1, 2, 3, 3, 4};
    // Four rows, and one that is there already.
    const auto check = [](const std::vector<Result<Trade>>& stored) {
        for (std::size_t i = 0; i != stored.size(); ++i) CHECK(stored[i].has_value() == (i != 3));
    };
    check(bounced.connection.pipeline_each(minutes, insert));
    auto trades = rowan::repository<Trade>(bounced.connection);
    CHECK(rowan::must(trades.everywhere().erase()) == 4);
    const auto outcome = bounced.connection.transaction([&](auto& tx) -> Result<std::size_t> {
        return tx.pipeline_each(std::vector<std::int64_t>{1, 2, 3}, insert).size();
    });
    CHECK(rowan::must(outcome) == 3);
    CHECK(rowan::must(trades.count()) == 3);
}
