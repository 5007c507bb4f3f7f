#pragma once

#include <rowan/core/sql.hpp>
#include <rowan/query/assignment.hpp>
#include <rowan/query/expression.hpp>
#include <rowan/query/operators.hpp>
#include <rowan/query/order.hpp>
#include <rowan/query/statement.hpp>
#include <rowan/query/upsert_policy.hpp>
#include <rowan/session/by_hand.hpp>
#include <rowan/session/observer.hpp>
#include <rowan/session/upserted.hpp>
#include <rowan/testing/conformance_case.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

/// Statements that are used again and again, streams, many rows at once, lists and upserts.
namespace rowan::testing::detail {

/// The rows of an Execution from where it stands, as the integers of its first column.
template <class Execution>
std::vector<std::int64_t> rest_of(Execution& execution) {
    std::vector<std::int64_t> values;
    while (must(execution.next())) {
        std::int64_t value = 0;
        expect(execution.cell(0).get(value) == Fault::none, "an integer is read");
        values.push_back(value);
    }
    return values;
}

inline std::vector<std::int64_t> numbers(std::int64_t from, std::int64_t to) {
    std::vector<std::int64_t> values;
    for (; from <= to; ++from) values.push_back(from);
    return values;
}

/// Calls `use(backend, statement)` with the connection of its own type, and a statement that gives the amounts of the
/// items from $1 on, in order.
template <class Connection, class Use>
void with_amounts(Connection& connection, Use use) {
    must(connection.lend([&](auto& backend) {
        return rowan::detail::with_statement<std::int64_t>(
            sql<"SELECT amount FROM rowan_conformance_items WHERE amount >= $1 ORDER BY amount">, backend,
            [&](auto& used, const Statement& statement) -> Result<void> {
                use(used, statement);
                return {};
            });
    }));
}

template <class Open>
void check_statements(ConformanceSuite<Open>& suite) {
    using Subject = ConformanceSubject<Open>;
    constexpr std::string_view theme = "statements";

    suite.run(theme, "a statement that is used again answers for its new values", [](Subject& s) {
        s.fill(50);
        for (std::int64_t i = 1; i != 200; ++i) {
            const auto found = must(s.items().where(col<&ConformanceItem::amount> == i % 60).all());
            const bool is_there = i % 60 >= 1 && i % 60 <= 50;
            expect(found.size() == (is_there ? 1U : 0U), "a statement finds what it is asked for this time");
            expect(!is_there || found[0].name == std::to_string(i % 60), "and nothing else");
        }
    });
    suite.run(theme, "a statement may be under way several times at once", [](Subject& s) {
        s.fill(5);
        with_amounts(s.connection, [](auto& backend, const Statement& statement) {
            using Execution = typename std::remove_reference_t<decltype(backend)>::Execution;
            Execution outer{backend, statement};
            expect(outer.put(std::int64_t{2}) == Fault::none, "a parameter is taken");
            expect(must(outer.next()), "there is a row");
            {
                Execution inner{backend, statement};
                expect(inner.put(std::int64_t{4}) == Fault::none, "a parameter is taken");
                expect(rest_of(inner) == numbers(4, 5), "the inner one has its own rows");
            }
            expect(rest_of(outer) == numbers(3, 5), "the outer one goes on where it was");
        });
    });
    suite.run(theme, "rows that are left unread are in nobody's way", [](Subject& s) {
        s.fill(300);
        for (int i = 0; i != 3; ++i) {
            with_amounts(s.connection, [](auto& backend, const Statement& statement) {
                typename std::remove_reference_t<decltype(backend)>::Execution execution{backend, statement};
                expect(execution.put(std::int64_t{1}) == Fault::none, "a parameter is taken");
                expect(must(execution.next()), "there is a row");
                std::int64_t first = 0;
                expect(execution.cell(0).get(first) == Fault::none && first == 1, "it is the first one each time");
            });
            must(s.items().insert({.name = "between " + std::to_string(i)}));
        }
        s.execute("DROP TABLE rowan_conformance_items");
    });
    suite.run(theme, "columns are counted and named once there is an answer", [](Subject& s) {
        s.fill(1);
        must(s.connection.lend([](auto& backend) {
            return rowan::detail::with_statement<>(
                sql<"SELECT id AS one, name, amount AS \"Third one\" FROM rowan_conformance_items">, backend,
                [](auto& used, const Statement& statement) -> Result<void> {
                    typename std::remove_reference_t<decltype(used)>::Execution execution{used, statement};
                    expect(must(execution.next()), "there is a row");
                    expect(execution.columns() == 3, "there are three columns");
                    expect(execution.column_name(0) == "one" && execution.column_name(1) == "name" &&
                               execution.column_name(2) == "Third one",
                           "columns have the names that the statement gives them");
                    expect(!must(execution.next()), "there is no further row");
                    return {};
                });
        }));
    });
    suite.run(theme, "a statement that failed works the next time", [](Subject& s) {
        must(s.items().insert({.name = "one"}));
        for (int i = 0; i != 3; ++i) {
            expect_error(s.items().insert({.name = "one"}), Category::integrity, Code::unique_violation,
                         "a second row with a unique value");
            must(s.items().insert({.name = "another " + std::to_string(i)}));
        }
        expect(must(s.items().count()) == 4, "what succeeded is stored");
    });
    suite.run(theme, "a statement works when its table has been made anew", [](Subject& s) {
        s.fill(3);
        expect(must(s.items().all()).size() == 3, "three rows are there");
        must(s.items().drop_table());
        must(s.items().create_table());
        expect(must(s.items().all()).empty(), "the new table is empty");
        s.fill(2);
        expect(must(s.items().all()).size() == 2, "the new table is filled");
    });
    suite.run(theme, "the number of changed rows is told", [](Subject& s) {
        s.fill(10);
        expect(must(s.connection.execute(sql<"UPDATE rowan_conformance_items SET amount = 0 WHERE amount > $1">, 6)) ==
                   4,
               "an UPDATE tells how many rows it has changed");
        expect(must(s.connection.execute(sql<"DELETE FROM rowan_conformance_items WHERE amount = $1">, 4711)) == 0,
               "a DELETE that meets nothing changes no row");
        expect(must(s.connection.execute(sql<"DELETE FROM rowan_conformance_items WHERE amount = $1">, 0)) == 4,
               "a DELETE tells how many rows it has removed");
        expect(must(s.connection.execute(sql<"SELECT amount FROM rowan_conformance_items WHERE amount > $1">, 0)) == 0,
               "a SELECT changes no row");
    });
    suite.run(theme, "the columns of a statement are told without running it", [](Subject& s) {
        s.fill(2);
        const auto describe = [&](auto sql) {
            std::string names;
            must(s.connection.lend([&](auto& backend) {
                return rowan::detail::with_statement<std::int64_t>(
                    sql, backend, [&](auto& used, const Statement& statement) -> Result<void> {
                        for (const auto& column : must(used.describe(statement))) names += column.name + ' ';
                        return {};
                    });
            }));
            return names;
        };
        expect(describe(sql<"SELECT id, name AS other FROM rowan_conformance_items WHERE id = $1">) == "id other ",
               "columns are told by the names that the statement gives them");
        expect(describe(sql<"DELETE FROM rowan_conformance_items WHERE amount <> $1">).empty(),
               "what gives no rows has no columns");
        expect(must(s.items().count()) == 2, "it is not run");
    });
    suite.run(theme, "an observer is told of each statement once", [](Subject& s) {
        struct Counter final : Observer {
            void on_statement(const StatementEvent& event) noexcept override {
                if (event.text.find("rowan_conformance_items") == std::string_view::npos) return;
                ++statements;
                if (event.error != nullptr) ++failures;
                rows += event.rows;
            }
            int statements = 0;
            int failures = 0;
            std::int64_t rows = 0;
        };
        must(s.items().insert({.name = "not seen"}));
        const auto counter = std::make_shared<Counter>();
        s.connection.observe(counter);
        must(s.items().insert({.name = "one"}));
        expect(counter->statements == 1 && counter->failures == 0, "a statement is told once");
        expect_error(s.items().insert({.name = "one"}), "a second row with a unique value");
        expect(counter->statements == 2 && counter->failures == 1, "one that fails is told with its error");
        const auto before = counter->rows;
        expect(must(s.items().all()).size() == 2, "there are two rows");
        expect(counter->statements == 3 && counter->rows == before + 2, "rows that were read are counted");
        s.connection.observe(nullptr);
        must(s.items().insert({.name = "not seen any more"}));
        expect(counter->statements == 3, "nothing is told to an observer that was detached");
    });
    suite.run(theme, "a script runs all of its statements", [](Subject& s) {
        s.execute("INSERT INTO rowan_conformance_items (name) VALUES ('a;b'); -- a comment;\n"
                  "INSERT INTO rowan_conformance_items (name) VALUES ('c');");
        expect(must(s.items().count()) == 2, "each statement of a script has run");
        s.execute("");
    });
}

template <class Open>
void check_streams(ConformanceSuite<Open>& suite) {
    using Subject = ConformanceSubject<Open>;
    using Item = ConformanceItem;
    constexpr std::string_view theme = "streams";

    suite.run(theme, "a stream gives each row once, in order", [](Subject& s) {
        s.fill(5000);
        std::int64_t next = 0;
        must(s.items().order_by(asc<&Item::id>).for_each([&](const Item& item) {
            expect(item.amount == ++next && item.name == std::to_string(next), "rows come in their order");
        }));
        expect(next == 5000, "each row comes");
    });
    suite.run(theme, "a stream may be left in the middle", [](Subject& s) {
        s.fill(5000);
        for (int i = 0; i != 2; ++i) {
            int seen = 0;
            must(s.items().order_by(asc<&Item::id>).for_each([&](const Item&) { return ++seen != 2500; }));
            expect(seen == 2500, "the stream ends when it is told to");
            must(s.items().insert({.name = "behind " + std::to_string(i)}));
        }
        expect(s.connection.transaction_state() == TransactionState::idle, "it leaves no transaction open");
        expect(must(s.items().count()) == 5002, "the connection works behind it");
    });
    suite.run(theme, "inside a transaction others run while a stream is read", [](Subject& s) {
        s.fill(3000);
        must(s.connection.transaction([](auto& tx) {
            auto items = repository<Item>(tx);
            int seen = 0;
            must(items.where(col<&Item::amount> <= 3000).order_by(asc<&Item::amount>).for_each([&](const Item& item) {
                ++seen;
                if (*item.amount % 1000 != 0) return;
                expect(must(items.get(item.id)) == item, "a row is found while the stream is read");
                must(items.insert({.name = "beside " + item.name, .amount = 10'000}));
            }));
            expect(seen == 3000, "the stream goes on");
        }));
        expect(must(s.items().count()) == 3003, "what was stored beside it is there");
    });
    suite.run(theme, "outside of a transaction the connection refuses other work meanwhile", [](Subject& s) {
        s.fill(10);
        {
            auto stream = must(s.items().query().stream());
            auto row = stream.begin();
            must(*row);
            expect_error(s.items().count(), Category::programming, Code::wrong_handle, "other work beside a stream");
        }
        expect(must(s.items().count()) == 10, "the connection works behind it");
    });
    suite.run(theme, "a stream of nothing ends at once, and one that cannot begin is an error", [](Subject& s) {
        int seen = 0;
        must(s.items().query().for_each([&](const Item&) { ++seen; }));
        expect(seen == 0, "no row comes of an empty table");
        s.execute("DROP TABLE rowan_conformance_items");
        expect_error(s.items().query().for_each([](const Item&) {}), Category::programming, Code::undefined_table,
                     "a stream of a table that is not there");
        must(s.items().create_table());
        expect(must(s.items().count()) == 0, "the connection works behind it");
    });
}

template <class Open>
void check_many_rows(ConformanceSuite<Open>& suite) {
    using Subject = ConformanceSubject<Open>;
    using Item = ConformanceItem;
    constexpr std::string_view theme = "many rows";

    suite.run(theme, "a range of rows is stored, each as it is", [](Subject& s) {
        std::vector<ConformanceValues> rows;
        for (int i = 1; i <= 2500; ++i) {
            ConformanceValues row{.id = i};
            if (i % 2 != 0) row.integer = i * 1'000'000'007LL;
            if (i % 3 != 0) row.text = i % 5 == 0 ? "" : "it's " + std::to_string(i);
            if (i % 7 != 0) row.blob = std::vector<std::byte>(static_cast<std::size_t>(i % 11), std::byte{0});
            if (i % 4 != 0) row.real = i / 3.0;
            if (i % 6 != 0) row.time = Timestamp{std::chrono::microseconds{i}};
            if (i % 8 != 0) row.day = std::chrono::sys_days{std::chrono::days{i}};
            row.flag = i % 10 == 0;
            rows.push_back(std::move(row));
        }
        expect(must(s.values().insert(rows)) == rows.size(), "the number of stored rows is told");
        const auto stored = must(s.values().order_by(asc<&ConformanceValues::id>).all());
        expect(stored.size() == rows.size(), "each row is stored");
        for (std::size_t i = 0; i != rows.size(); ++i)
            expect(stored[i].id == rows[i].id && stored[i].integer == rows[i].integer &&
                       stored[i].text == rows[i].text && stored[i].blob == rows[i].blob &&
                       stored[i].real == rows[i].real && stored[i].time == rows[i].time &&
                       stored[i].day == rows[i].day && stored[i].flag == rows[i].flag,
                   "a row of a range comes back as it is");
    });
    suite.run(theme, "keys are made where a row has none, and kept where it has one", [](Subject& s) {
        const Item one = must(s.items().insert({.name = "one"}));
        const Item two = must(s.items().insert({.name = "two"}));
        expect(one.id != 0 && two.id != 0 && one.id != two.id, "a key is made for each row");
        expect(must(s.items().get(one.id)) == one && must(s.items().get(two.id)) == two, "it is the row's key");
        expect(must(s.items().insert({.id = 1'000'000, .name = "own"})).id == 1'000'000, "an own key is kept");
        must(s.items().insert(std::vector<Item>{
            {.name = "a"}, {.id = 2'000'000, .name = "b"}, {.id = 2'000'001, .name = "c"}, {.name = "d"}}));
        const auto all = must(s.items().all());
        std::set<std::int64_t> keys;
        for (const Item& item : all) keys.insert(item.id);
        expect(all.size() == 7 && keys.size() == 7 && keys.count(0) == 0, "each row has a key of its own");
        expect(must(s.items().get(2'000'001)).name == "c", "own keys in a range are kept");
    });
    suite.run(theme, "a range is stored as a whole or not at all", [](Subject& s) {
        s.fill(3);
        std::vector<Item> rows;
        for (int i = 100; i != 1400; ++i) rows.push_back({.name = std::to_string(i)});
        rows.push_back({.name = "2"});
        expect_error(s.items().insert(rows), Category::integrity, Code::unique_violation, "a range with a known value");
        expect(must(s.items().count()) == 3, "nothing of a range that fails is stored");
        expect(must(s.items().insert(std::vector<Item>{})) == 0, "an empty range stores nothing");
        rows.pop_back();
        expect(must(s.items().insert(rows)) == 1300, "the range goes in without it");
    });
    suite.run(theme, "a list is one parameter, of any length", [](Subject& s) {
        s.fill(100);
        must(s.items().insert({.name = "it's"}));
        const auto named = [&](const std::vector<std::string>& names) {
            return must(s.items().where(col<&Item::name>.in(names)).count());
        };
        expect(named({"7", "it's", "none"}) == 2, "those of the list are found");
        expect(named({}) == 0, "nothing is in an empty list");
        std::vector<std::int64_t> ids;
        for (std::int64_t id = 1; id <= 20'000; ++id) ids.push_back(id);
        expect(must(s.items().where(col<&Item::amount>.in(ids)).count()) == 100, "a list may be long");
        expect(must(s.items().where(not col<&Item::name>.in(std::vector<std::string>{"7"})).count()) == 100,
               "those that are not in the list are found");
    });
}

template <class Open>
void check_upserts(ConformanceSuite<Open>& suite) {
    using Subject = ConformanceSubject<Open>;
    using Item = ConformanceItem;
    constexpr std::string_view theme = "upserts";
    constexpr auto same = on_conflict<&Item::name>;

    suite.run(theme, "an upsert tells what it did to its row", [same](Subject& s) {
        auto items = s.items();
        expect(must(items.upsert({.name = "one", .amount = 1}, same.do_update())) == Upserted::inserted,
               "a new row is inserted");
        expect(must(items.upsert({.name = "one", .amount = 2}, same.do_nothing())) == Upserted::unchanged,
               "do_nothing leaves a row that is there");
        expect(must(items.all()).at(0).amount == 1, "it is as it was");
        expect(must(items.upsert({.name = "one", .amount = 3}, same.do_update())) == Upserted::updated,
               "do_update updates it");
        expect(must(items.all()).at(0).amount == 3, "it has the new value");
        expect(must(items.upsert({.name = "two"}, same.do_nothing())) == Upserted::inserted,
               "do_nothing inserts what is new");
        const auto larger = same.do_update().where(excluded<&Item::amount> > col<&Item::amount>);
        expect(must(items.upsert({.name = "one", .amount = 2}, larger)) == Upserted::unchanged,
               "a row that the condition spares is unchanged");
        expect(must(items.upsert({.name = "one", .amount = 4}, larger)) == Upserted::updated,
               "a row that the condition meets is updated");
        const auto sum = same.do_update(rowan::set<& Item::amount> = col<&Item::amount> + excluded<&Item::amount>);
        expect(must(items.upsert({.name = "one", .amount = 10}, sum)) == Upserted::updated, "it is computed with");
        expect(must(items.where(col<&Item::name> == "one").all()).at(0).amount == 14, "the old and the new value");
    });
    suite.run(theme, "an upsert of a range counts what it did", [same](Subject& s) {
        s.fill(10);
        std::vector<Item> rows;
        for (int i = 6; i != 1500; ++i) rows.push_back({.name = std::to_string(i), .amount = -i});
        const UpsertCounts updated = must(s.items().upsert(rows, same.do_update()));
        expect(updated == UpsertCounts{.inserted = 1489, .updated = 5, .unchanged = 0}, "do_update counts right");
        const UpsertCounts kept = must(s.items().upsert(rows, same.do_nothing()));
        expect(kept == UpsertCounts{.inserted = 0, .updated = 0, .unchanged = 1494}, "do_nothing counts right");
        expect(must(s.items().count()) == 1499, "each name is there once");
        expect(must(s.items().where(col<&Item::amount> < 0).count()) == 1494, "each has its new value");
    });
    suite.run(theme, "of rows alike in a range the last one stays with do_update", [same](Subject& s) {
        const std::vector<Item> rows{
            {.name = "a", .amount = 1}, {.name = "b", .amount = 2}, {.name = "a", .amount = 3}};
        must(s.items().upsert(rows, same.do_update()));
        expect(must(s.items().where(col<&Item::name> == "a").all()).at(0).amount == 3, "the last one stays");
        expect(must(s.items().count()) == 2, "and is there once");
    });
}

}  // namespace rowan::testing::detail
