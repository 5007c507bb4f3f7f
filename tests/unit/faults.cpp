#include <rowan/rowan.hpp>

#include <chrono>
#include <list>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <utility>
#include <vector>

#include "fresh.hpp"

namespace {

struct Coin {
    std::int64_t id{};
    std::string name{};
};

}  // namespace

template <>
inline constexpr auto rowan::table<Coin> = rowan::describe<Coin>("coins");

namespace {

using rowan::Category;
using rowan::Code;
using rowan::Error;
using rowan::Result;
using rowan::sql;
using rowan::unsafe_sql;
using rowan::postgres::Connection;
using namespace std::chrono_literals;

/// The table, whose inserts take 300 ms.
struct Slow : Fresh<Postgres> {
    Slow() {
        rowan::must(rowan::repository<Coin>(connection).create_table());
        execute(
            "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.3); RETURN NEW; "
            "END $$; CREATE TRIGGER slow BEFORE INSERT ON coins FOR EACH ROW EXECUTE FUNCTION slow()");
    }

    std::int64_t count() { return rowan::must(rowan::repository<Coin>(connection).count()); }
};

/// Calls `work(connection)`, and cuts the line to the server while the server is at work.
template <class Work>
auto cut_off(Connection& connection, Work work) {
    const int line = PQsocket(connection.native());
    std::thread cutter{[line] {
        std::this_thread::sleep_for(100ms);
        ::shutdown(line, SHUT_RDWR);
    }};
    auto outcome = work(connection);
    cutter.join();
    return outcome;
}

/// Until the server has come to the end of what it was told, though nobody listens.
void let_it_finish() { std::this_thread::sleep_for(500ms); }

void check_in_doubt(const Error& error) {
    INFO(error.to_string());
    CHECK(error.category() == Category::operational);
    CHECK(error.code() == Code::in_doubt);
    CHECK_FALSE(error.retryable());
}

void check_disconnect(const Error& error) {
    INFO(error.to_string());
    CHECK(error.category() == Category::operational);
    CHECK(error.code() == Code::disconnect);
    CHECK(error.retryable());
}

}  // namespace

TEST_CASE("a connection that is lost during a statement that commits by itself is in doubt: it may be stored") {
    Slow slow;
    const auto insert = [](Connection& used) { return rowan::repository<Coin>(used).insert({.name = "BTC"}); };
    const auto insert_many = [](Connection& used) {
        return rowan::repository<Coin>(used).insert(std::list<Coin>{{.name = "ETH"}, {.name = "LTC"}});
    };
    const auto insert_few = [](Connection& used) {
        return rowan::repository<Coin>(used).insert(std::vector<Coin>{{.name = "DOT"}, {.name = "UNI"}});
    };
    const auto by_hand = [](Connection& used) {
        return used.execute(sql<"INSERT INTO coins (name) VALUES ($1)">, "XRP");
    };
    const auto script = [](Connection& used) {
        return used.execute(unsafe_sql{"SELECT 1; INSERT INTO coins (name) VALUES ('ADA')"});
    };
    const auto upsert = [](Connection& used) {
        return rowan::repository<Coin>(used).upsert({.id = 1, .name = "BTC"},
                                                    rowan::on_conflict<&Coin::id>.do_update());
    };
    auto first = slow.connect();
    const Error error = error_of(cut_off(first, insert));
    check_in_doubt(error);
    CHECK(error.message().find("may or may not be stored") != std::string::npos);
    let_it_finish();
    // It was.
    CHECK(slow.count() == 1);
    // The connection is known to be dead now: nothing is sent any more, and there is no doubt.
    check_disconnect(error_of(insert(first)));

    // Many rows are in a transaction of their own; few that lie in memory are one statement.
    auto second = slow.connect();
    check_disconnect(error_of(cut_off(second, insert_many)));
    auto few = slow.connect();
    check_in_doubt(error_of(cut_off(few, insert_few)));
    auto third = slow.connect();
    check_in_doubt(error_of(cut_off(third, by_hand)));
    auto fourth = slow.connect();
    check_in_doubt(error_of(cut_off(fourth, script)));
    auto fifth = slow.connect();
    check_in_doubt(error_of(cut_off(fifth, upsert)));
    auto sixth = rowan::must(Connection::open(slow.url() + "&prepared_statements=off"));
    check_in_doubt(error_of(cut_off(sixth, insert)));
    let_it_finish();
    CHECK(slow.count() == 6);
}

TEST_CASE("a connection that is lost in a transaction, or while it reads, is a disconnect without a doubt") {
    Slow slow;
    auto writer = slow.connect();
    {
        auto tx = rowan::must(writer.begin());
        check_disconnect(error_of(
            cut_off(writer, [&](Connection&) { return rowan::repository<Coin>(tx).insert({.name = "BTC"}); })));
    }
    auto few = slow.connect();
    {
        auto tx = rowan::must(few.begin());
        check_disconnect(error_of(cut_off(few, [&](Connection&) {
            return rowan::repository<Coin>(tx).insert(std::vector<Coin>{{.name = "DOT"}, {.name = "UNI"}});
        })));
    }
    auto reader = slow.connect();
    check_disconnect(error_of(
        cut_off(reader, [](Connection& used) { return used.query<bool>(sql<"SELECT pg_sleep(0.3) IS NULL">); })));
    auto other = slow.connect();
    check_disconnect(
        error_of(cut_off(other, [](Connection& used) { return used.execute(unsafe_sql{"SELECT pg_sleep(0.3)"}); })));
    let_it_finish();
    CHECK(slow.count() == 0);
}

TEST_CASE("what the server ended, and said so, is not stored, and there is no doubt") {
    Slow slow;
    auto victim = slow.connect();
    const auto end_victim = [&](auto milliseconds) {
        slow.execute("SELECT pg_terminate_backend(" + std::to_string(PQbackendPID(victim.native())) + ", " +
                     std::to_string(milliseconds) + ")");
    };
    // While it was idle.
    end_victim(5000);
    check_disconnect(error_of(rowan::repository<Coin>(victim).insert({.name = "BTC"})));
    // While it was at work.
    victim = slow.connect();
    std::thread killer{[&] {
        std::this_thread::sleep_for(100ms);
        end_victim(0);
    }};
    const Error error = error_of(rowan::repository<Coin>(victim).insert({.name = "BTC"}));
    killer.join();
    check_disconnect(error);
    CHECK(error.native_code() == "57P01");
    let_it_finish();
    CHECK(slow.count() == 0);
}

TEST_CASE("a line that was cut while nothing was under way is a disconnect, as nothing can have arrived") {
    Fresh<Postgres> fresh;
    auto coins = rowan::repository<Coin>(fresh.connection);
    rowan::must(coins.create_table());
    auto victim = fresh.connect();
    // As a firewall or a crashed server leaves it: without a word.
    ::shutdown(PQsocket(victim.native()), SHUT_RDWR);
    const Error error = error_of(rowan::repository<Coin>(victim).insert({.name = "BTC"}));
    check_disconnect(error);
    CHECK(rowan::must(coins.count()) == 0);
}

TEST_CASE("statement_timeout cancels a statement; a savepoint saves the transaction") {
    Fresh<Postgres> fresh;
    auto coins = rowan::repository<Coin>(fresh.connection);
    rowan::must(coins.create_table());
    fresh.execute("SET statement_timeout = '30ms'");
    const Error alone = error_of(fresh.connection.execute(unsafe_sql{"SELECT pg_sleep(5)"}));
    CHECK(alone.code() == Code::cancelled);
    CHECK(alone.category() == Category::operational);
    CHECK_FALSE(alone.retryable());
    rowan::must(fresh.connection.transaction([](auto& tx) -> Result<void> {
        auto inside = rowan::repository<Coin>(tx);
        rowan::must(inside.insert({.name = "BTC"}));
        const auto sleep = [](auto& inner) { return inner.execute(unsafe_sql{"SELECT pg_sleep(5)"}); };
        CHECK(error_of(tx.savepoint(sleep)).code() == Code::cancelled);
        rowan::must(inside.insert({.name = "ETH"}));
        return {};
    }));
    CHECK(rowan::must(coins.count()) == 2);
    const Error whole = error_of(fresh.connection.transaction([](auto& tx) -> Result<void> {
        rowan::must(rowan::repository<Coin>(tx).insert({.name = "LTC"}));
        CHECK(error_of(tx.execute(unsafe_sql{"SELECT pg_sleep(5)"})).code() == Code::cancelled);
        return {};
    }));
    CHECK(whole.code() == Code::transaction_aborted);
    CHECK(rowan::must(coins.count()) == 2);
    rowan::must(coins.insert({.name = "LTC"}));
}
