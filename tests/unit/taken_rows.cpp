#include <rowan/rowan.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <tuple>
#include <vector>

#include "fresh.hpp"

namespace {

/// Throws when it is read as 13, or written as 14.
struct Luck {
    std::int64_t number{};

    friend bool operator==(const Luck&, const Luck&) = default;
};

struct Ticket {
    std::int32_t id{};
    std::string value{};
    Luck luck{};

    friend bool operator==(const Ticket&, const Ticket&) = default;
};

}  // namespace

template <>
struct rowan::Type<Luck> {
    static constexpr ColumnType column = ColumnType::int64;

    template <class Sink>
    static Fault write(Sink& sink, Luck luck) {
        if (luck.number == 14) throw std::runtime_error{"fourteen"};
        return Type<std::int64_t>::write(sink, luck.number);
    }
    template <class Cell>
    static Fault read(const Cell& cell, Luck& luck) {
        const Fault fault = Type<std::int64_t>::read(cell, luck.number);
        if (fault == Fault::none && luck.number == 13) throw std::runtime_error{"thirteen"};
        return fault;
    }
};

template <>
inline constexpr auto rowan::table<Ticket> = rowan::describe<Ticket>("ticket").index<&Ticket::value>();

namespace {

using rowan::asc;
using rowan::col;
using rowan::desc;

/// Tells how many rows the last statement gave, and what it was called.
struct RowsOfLast final : rowan::Observer {
    std::int64_t rows = -1;
    std::string text{};

    void on_statement(const rowan::StatementEvent& event) noexcept override {
        rows = event.rows;
        text = event.text;
    }
};

/// Tickets 1 to 200, whose values are in no order.
template <class Db>
struct Lottery : Fresh<Db> {
    rowan::Repository<Ticket, typename Db::Connection> tickets{this->connection};
    std::vector<Ticket> all{};

    Lottery() {
        rowan::must(tickets.create_table());
        for (std::int32_t i = 1; i <= 200; ++i)
            all.push_back({.id = i, .value = std::to_string(i * 7919 % 200), .luck = {1000 + i % 10}});
        rowan::must(tickets.insert(all));
    }
};

}  // namespace

TEST_CASE_TEMPLATE("all rows come in their order, whether an index has it or not", Db, Sqlite, Postgres) {
    Lottery<Db> lottery;
    CHECK(rowan::must(lottery.tickets.order_by(asc<&Ticket::id>).all()) == lottery.all);

    std::vector<Ticket> expected = lottery.all;
    std::reverse(expected.begin(), expected.end());
    CHECK(rowan::must(lottery.tickets.order_by(desc<&Ticket::id>).all()) == expected);

    std::sort(expected.begin(), expected.end(), [](const Ticket& a, const Ticket& b) {
        return a.luck.number != b.luck.number ? a.luck.number > b.luck.number : a.id < b.id;
    });
    CHECK(rowan::must(lottery.tickets.order_by(desc<&Ticket::luck>, asc<&Ticket::id>).all()) == expected);

    // The index of the condition has another order than the one that is asked for.
    expected = lottery.all;
    std::erase_if(expected, [](const Ticket& ticket) { return ticket.value <= "15"; });
    CHECK(rowan::must(lottery.tickets.where(col<&Ticket::value> > "15").order_by(asc<&Ticket::id>).all()) == expected);
    std::reverse(expected.begin(), expected.end());
    CHECK(rowan::must(lottery.tickets.where(col<&Ticket::value> > "15").order_by(desc<&Ticket::id>).all()) == expected);

    expected = lottery.all;
    std::sort(expected.begin(), expected.end(), [](const Ticket& a, const Ticket& b) {
        return a.luck.number != b.luck.number ? a.luck.number > b.luck.number : a.id < b.id;
    });
    // Some of them are in order already.
    std::erase_if(expected, [](const Ticket& ticket) { return ticket.id > 20; });
    CHECK(rowan::must(
              lottery.tickets.where(col<&Ticket::id> <= 20).order_by(desc<&Ticket::luck>, asc<&Ticket::id>).all()) ==
          expected);
    CHECK(rowan::must(lottery.tickets.where(col<&Ticket::id> > 200).order_by(asc<&Ticket::luck>).all()).empty());
    CHECK(rowan::must(lottery.tickets.all()).size() == 200);
}

TEST_CASE_TEMPLATE("the rows of a list of keys come each once, however often and in whatever order it names them", Db,
                   Sqlite, Postgres) {
    Lottery<Db> lottery;
    const auto ids = [&](const auto& query) {
        std::vector<std::int32_t> found;
        for (const Ticket& ticket : rowan::must(query.all())) found.push_back(ticket.id);
        std::sort(found.begin(), found.end());
        return found;
    };
    const std::vector<std::int32_t> mixed{9, 200, 3, 9, 9, 201, -5, 3, 7};
    const std::vector<std::int32_t> once{3, 7, 9, 200};
    auto& tickets = lottery.tickets;
    CHECK(ids(tickets.where(col<&Ticket::id>.in(mixed))) == once);
    CHECK(mixed.front() == 9);
    CHECK(ids(tickets.where(col<&Ticket::id>.in(once))) == once);
    CHECK(ids(tickets.where(col<&Ticket::id>.in(std::vector<std::int32_t>{}))).empty());
    CHECK(ids(tickets.where(col<&Ticket::id>.in({5}))) == std::vector<std::int32_t>{5});
    CHECK(ids(tickets.where(col<&Ticket::id>.in(mixed) and col<&Ticket::id>.in({7, 8, 9}))) ==
          std::vector<std::int32_t>{7, 9});
    CHECK(rowan::must(tickets.where(col<&Ticket::id>.in(mixed)).order_by(desc<&Ticket::id>).all()).front().id == 200);
    CHECK(rowan::must(tickets.where(col<&Ticket::id>.in(mixed)).order_by(asc<&Ticket::id>).all()) ==
          std::vector<Ticket>{lottery.all[2], lottery.all[6], lottery.all[8], lottery.all[199]});
    CHECK(rowan::must(tickets.where(col<&Ticket::id>.in(mixed)).count()) == 4);
}

TEST_CASE("the plan that is shown is that of the statement which all() sends, not that of its plain text") {
    Lottery<Sqlite> lottery;
    const auto by_value = lottery.tickets.where(col<&Ticket::value> > "15");
    std::string plain = "EXPLAIN QUERY PLAN " + std::string{by_value.order_by(asc<&Ticket::id>).sql()};
    plain.replace(plain.find("?1"), 2, "'15'");
    const auto steps =
        rowan::must(lottery.connection.query<std::tuple<std::int64_t, std::int64_t, std::int64_t, std::string>>(
            rowan::unsafe_sql{plain}));
    REQUIRE(steps.size() == 1);
    // So as to have the rows in their order; all() sorts by this key itself.
    CHECK(std::get<3>(steps[0]) == "SCAN ticket");
    const std::string search = "SEARCH ticket USING INDEX ticket_value_idx (value>?)\n";
    CHECK(rowan::must(by_value.order_by(asc<&Ticket::id>).explain()) == search);
    CHECK(rowan::must(by_value.order_by(asc<&Ticket::luck>).explain()) == search + "USE TEMP B-TREE FOR ORDER BY\n");
    CHECK(rowan::must(by_value.explain()) == search);
    // Asked for value by value.
    CHECK(rowan::must(by_value.order_by(asc<&Ticket::id>).limit(3).explain()) == "SCAN ticket\n");
    const std::string keys = rowan::must(lottery.tickets.where(col<&Ticket::id>.in({1, 2})).explain());
    CHECK(keys.ends_with("SEARCH ticket USING INTEGER PRIMARY KEY (rowid=?)\n"));
    CHECK(keys.find("LIST SUBQUERY") == std::string::npos);
}

TEST_CASE("a result takes no more room than its rows, however many there were the last time") {
    Lottery<Sqlite> lottery;
    const auto up_to = [&](int last) { return rowan::must(lottery.tickets.where(col<&Ticket::id> <= last).all()); };
    CHECK(up_to(200).size() == 200);
    CHECK(up_to(200).capacity() == 200);
    CHECK(up_to(2).capacity() == 2);
    CHECK(up_to(0).capacity() == 0);
    CHECK(up_to(150).size() == 150);
}

TEST_CASE_TEMPLATE("a row that cannot be read ends the query with its column, and nothing else", Db, Sqlite, Postgres) {
    Lottery<Db> lottery;
    if constexpr (Db::is_sqlite)
        lottery.execute("UPDATE ticket SET luck = 'none' WHERE id = 150");
    else
        lottery.execute("ALTER TABLE ticket ALTER luck DROP NOT NULL; UPDATE ticket SET luck = NULL WHERE id = 150");
    const auto check = [](const rowan::Error& error) {
        CHECK(error.category() == rowan::Category::data);
        CHECK(error.code() == (Db::is_sqlite ? rowan::Code::type_mismatch : rowan::Code::null_value));
        CHECK(error.column() == "luck");
    };
    check(error_of(lottery.tickets.all()));
    check(error_of(lottery.tickets.order_by(desc<&Ticket::value>).all()));
    check(error_of(lottery.tickets.where(col<&Ticket::id>.in({150})).all()));
    check(error_of(lottery.tickets.find(150)));
    check(error_of(lottery.tickets.get(150)));
    CHECK(rowan::must(lottery.tickets.get(149)) == lottery.all[148]);
    CHECK(rowan::must(lottery.tickets.where(col<&Ticket::id> < 150).all()).size() == 149);
}

TEST_CASE_TEMPLATE("what is thrown while a row is read goes on, and the connection works as before", Db, Sqlite,
                   Postgres) {
    Lottery<Db> lottery;
    lottery.execute("UPDATE ticket SET luck = 13 WHERE id = 150");
    CHECK_THROWS_WITH(static_cast<void>(lottery.tickets.all()), "thirteen");
    CHECK_THROWS_WITH(static_cast<void>(lottery.tickets.order_by(asc<&Ticket::id>).all()), "thirteen");
    CHECK_THROWS_WITH(static_cast<void>(lottery.tickets.where(col<&Ticket::id>.in({150})).all()), "thirteen");
    CHECK_THROWS_WITH(static_cast<void>(lottery.tickets.find(150)), "thirteen");
    CHECK_THROWS_WITH(static_cast<void>(lottery.tickets.get(150)), "thirteen");
    CHECK(rowan::must(lottery.tickets.get(149)) == lottery.all[148]);
    CHECK(rowan::must(lottery.tickets.where(col<&Ticket::id> < 150).all()).size() == 149);
}

TEST_CASE_TEMPLATE("what is thrown while a row is written undoes the range, and the connection works as before", Db,
                   Sqlite, Postgres) {
    Lottery<Db> lottery;
    std::vector<Ticket> more = lottery.all;
    for (Ticket& ticket : more) ticket.id += 1000;
    more[150].luck.number = 14;
    const auto policy = rowan::on_conflict<&Ticket::id>.do_update();
    for (int i = 0; i != 2; ++i) {
        CHECK_THROWS_WITH(static_cast<void>(lottery.tickets.insert(more)), "fourteen");
        CHECK_THROWS_WITH(static_cast<void>(lottery.tickets.upsert(more, policy)), "fourteen");
        CHECK(rowan::must(lottery.tickets.count()) == 200);
        CHECK(lottery.connection.transaction_state() == rowan::TransactionState::idle);
    }
    more[150].luck.number = 15;
    CHECK(rowan::must(lottery.tickets.insert(more)) == 200);
}

TEST_CASE_TEMPLATE("an observer is told how many rows there were, in whatever way they came", Db, Sqlite, Postgres) {
    Lottery<Db> lottery;
    const auto watch = std::make_shared<RowsOfLast>();
    lottery.connection.observe(watch);
    const auto seen = [&](const auto& query) {
        rowan::must(query.all());
        return watch->rows;
    };
    CHECK(seen(lottery.tickets.where(col<&Ticket::id> > 3)) == 197);
    CHECK(seen(lottery.tickets.where(col<&Ticket::id> > 3).order_by(desc<&Ticket::value>)) == 197);
    CHECK(seen(lottery.tickets.where(col<&Ticket::id>.in({1, 2, 2, 3}))) == 3);
    CHECK(seen(lottery.tickets.where(col<&Ticket::id> > 300)) == 0);
    CHECK(seen(lottery.tickets.where(col<&Ticket::id> > 3).limit(5)) == 5);
    rowan::must(lottery.tickets.find(3));
    CHECK(watch->rows == 1);
    CHECK(watch->text.starts_with("SELECT \"id\", \"value\", \"luck\" FROM "));
    rowan::must(lottery.tickets.find(300));
    CHECK(watch->rows == 0);
    lottery.execute("UPDATE ticket SET luck = 13 WHERE id = 150");
    CHECK_THROWS(static_cast<void>(lottery.tickets.find(150)));
    CHECK(watch->text.starts_with("SELECT \"id\", \"value\", \"luck\" FROM "));
}

namespace {

/// Asks the same connection something while it is read.
struct Nosy {
    std::int64_t number{};

    static inline std::function<void(std::int64_t number)> ask{};

    friend bool operator==(const Nosy&, const Nosy&) = default;
};

struct Neighbour {
    std::int64_t id{};
    Nosy nosy{};

    friend bool operator==(const Neighbour&, const Neighbour&) = default;
};

}  // namespace

template <>
struct rowan::Type<Nosy> {
    static constexpr ColumnType column = ColumnType::int64;

    template <class Sink>
    static Fault write(Sink& sink, Nosy nosy) {
        return Type<std::int64_t>::write(sink, nosy.number);
    }
    template <class Cell>
    static Fault read(const Cell& cell, Nosy& nosy) {
        const Fault fault = Type<std::int64_t>::read(cell, nosy.number);
        if (fault == Fault::none && Nosy::ask) Nosy::ask(nosy.number);
        return fault;
    }
};

TEST_CASE_TEMPLATE("rows may be read while a row is read, and each goes where it belongs", Db, Sqlite, Postgres) {
    Lottery<Db> lottery;
    rowan::Repository<Neighbour, typename Db::Connection> neighbours{lottery.connection};
    rowan::must(neighbours.create_table());
    const std::vector<Neighbour> stored{{1, {11}}, {2, {12}}, {3, {13}}};
    rowan::must(neighbours.insert(stored));
    // Not while rows come one by one.
    std::vector<Ticket> asked;
    Nosy::ask = [&](std::int64_t number) {
        asked.push_back(rowan::must(lottery.tickets.get(static_cast<std::int32_t>(number - 10))));
        CHECK(rowan::must(lottery.tickets.where(col<&Ticket::id> <= number).all()).size() ==
              static_cast<std::size_t>(number));
    };
    const std::vector<Ticket> expected{lottery.all[0], lottery.all[1], lottery.all[2]};
    CHECK(rowan::must(neighbours.order_by(asc<&Neighbour::id>).all()) == stored);
    CHECK(asked == expected);
    CHECK(rowan::must(neighbours.order_by(desc<&Neighbour::nosy>).all()).front() == stored[2]);
    asked.clear();
    CHECK(rowan::must(neighbours.get(2)) == stored[1]);
    CHECK(asked == std::vector<Ticket>{lottery.all[1]});
    Nosy::ask = nullptr;
}

TEST_CASE("the function that takes rows takes none from a statement by hand, whenever that runs") {
    Lottery<Sqlite> lottery;
    const auto by_hand = [&](const char* sql) {
        return error_of(lottery.connection.query<std::int64_t>(rowan::unsafe_sql{sql})).code();
    };
    CHECK(by_hand("SELECT rowan_take(1, 'one', 1)") == rowan::Code::type_mismatch);
    CHECK(by_hand("SELECT rowan_take()") == rowan::Code::type_mismatch);
    CHECK(by_hand("SELECT rowan_take_all(1)") == rowan::Code::type_mismatch);

    rowan::Repository<Neighbour, Sqlite::Connection> neighbours{lottery.connection};
    rowan::must(neighbours.create_table());
    rowan::must(neighbours.insert({1, {11}}));
    int refused = 0;
    Nosy::ask = [&](std::int64_t) { refused += by_hand("SELECT rowan_take(1)") == rowan::Code::type_mismatch; };
    CHECK(rowan::must(neighbours.get(1)).nosy.number == 11);
    CHECK(rowan::must(neighbours.all()).size() == 1);
    CHECK(refused == 2);
    Nosy::ask = nullptr;
}
