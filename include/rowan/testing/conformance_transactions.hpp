#pragma once

#include <rowan/session/retry.hpp>
#include <rowan/session/scopes.hpp>
#include <rowan/session/transaction.hpp>
#include <rowan/session/transaction_options.hpp>
#include <rowan/testing/conformance_case.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

/// What is stored when, and what is not; and what each error is called.
namespace rowan::testing::detail {

template <class Handle>
Result<ConformanceItem> add_item(Handle& handle, std::string name) {
    return repository<ConformanceItem>(handle).insert({.name = std::move(name)});
}

template <class Handle>
std::int64_t count_items(Handle& handle) {
    return must(repository<ConformanceItem>(handle).count());
}

inline Error made_up(Code code, bool retryable) {
    return Error{ErrorDetails{.category = Category::operational,
                              .code = code,
                              .retryable = retryable,
                              .message = "made by the conformance suite"}};
}

/// A failed statement leaves a connection that works.
template <class Subject>
void expect_usable(Subject& s) {
    const auto before = count_items(s.connection);
    must(add_item(s.connection, "usable " + std::to_string(before)));
    expect(count_items(s.connection) == before + 1, "after an error the connection works as before");
}

template <class Open>
void check_errors(ConformanceSuite<Open>& suite) {
    using Subject = ConformanceSubject<Open>;
    constexpr std::string_view theme = "errors";
    const auto by_hand = [](Subject& s, std::string_view sql) { return s.connection.execute(unsafe_sql{sql}); };

    suite.run(theme, "a unique value that is there already is a unique violation", [](Subject& s) {
        must(add_item(s.connection, "one"));
        const auto again = add_item(s.connection, "one");
        expect_error(again, Category::integrity, Code::unique_violation, "a second row with a unique value");
        expect(!again.error().retryable(), "a unique violation is not retryable");
        const auto key = s.items().insert({.id = must(s.items().all()).at(0).id, .name = "two"});
        expect_error(key, Category::integrity, Code::unique_violation, "a second row with a key");
        expect(count_items(s.connection) == 1, "nothing is stored by a statement that failed");
        expect_usable(s);
    });
    suite.run(theme, "a missing value is a not-null violation", [by_hand](Subject& s) {
        expect_error(by_hand(s, "INSERT INTO rowan_conformance_items (id, name) VALUES (1, NULL)"), Category::integrity,
                     Code::not_null_violation, "NULL in a column that takes none");
        expect_usable(s);
    });
    suite.run(theme, "a row without its parent is a foreign-key violation", [by_hand](Subject& s) {
        s.execute("CREATE TABLE rowan_conformance_child (id bigint PRIMARY KEY, "
                  "parent bigint NOT NULL REFERENCES rowan_conformance_items (id))");
        expect_error(by_hand(s, "INSERT INTO rowan_conformance_child (id, parent) VALUES (1, 4711)"),
                     Category::integrity, Code::foreign_key_violation, "a row that refers to none");
        expect_usable(s);
    });
    suite.run(theme, "a value that a check refuses is a check violation", [by_hand](Subject& s) {
        s.execute("CREATE TABLE rowan_conformance_checked (n bigint CHECK (n > 0))");
        expect_error(by_hand(s, "INSERT INTO rowan_conformance_checked (n) VALUES (0)"), Category::integrity,
                     Code::check_violation, "a value that a check refuses");
        expect_usable(s);
    });
    suite.run(theme, "mistakes in SQL are told apart, with the statement", [by_hand](Subject& s) {
        const auto missing = by_hand(s, "SELECT id FROM rowan_conformance_nothing");
        expect_error(missing, Category::programming, Code::undefined_table, "a table that is not there");
        expect(missing.error().statement().find("rowan_conformance_nothing") != std::string::npos,
               "an error has the statement's text");
        expect_error(by_hand(s, "SELECT no_such_column FROM rowan_conformance_items"), Category::programming,
                     Code::undefined_column, "a column that is not there");
        expect_error(by_hand(s, "SELEC id"), Category::programming, Code::syntax_error, "a misspelt statement");
        expect(expect_error(by_hand(s, "CREATE TABLE rowan_conformance_items (id bigint)"), "a table that is there")
                       .category() == Category::programming,
               "making a table that is there is Category::programming");
        expect_usable(s);
    });
    suite.run(theme, "a failure in a prepared statement is told as well", [](Subject& s) {
        const auto missing = s.connection.template query<std::int64_t>(
            unsafe_sql{"SELECT id FROM rowan_conformance_nothing WHERE id = $1"}, 1);
        expect_error(missing, Category::programming, Code::undefined_table, "a query of a table that is not there");
        expect_error(s.connection.execute(sql<"INSERT INTO rowan_conformance_items (id, name) VALUES ($1, $2)">, 1,
                                          std::optional<std::string>{}),
                     Category::integrity, Code::not_null_violation, "NULL as an argument for a column that takes none");
        expect_usable(s);
    });
}

template <class Open>
void check_transactions(ConformanceSuite<Open>& suite) {
    using Subject = ConformanceSubject<Open>;
    constexpr std::string_view theme = "transactions";

    suite.run(theme, "what is committed is stored, and others see it then and not before", [](Subject& s) {
        auto other = s.another();
        auto tx = must(s.connection.begin());
        must(add_item(tx, "one"));
        expect(count_items(tx) == 1, "a transaction sees what it has done");
        expect(count_items(other) == 0, "others do not see what is not committed");
        must(tx.commit());
        expect(count_items(other) == 1, "others see what is committed");
    });
    suite.run(theme, "what is committed is there on a new connection", [](Subject& s) {
        must(s.connection.transaction([](auto& tx) { return add_item(tx, "one"); }));
        auto other = s.another();
        expect(count_items(other) == 1, "a new connection finds what was committed");
    });
    suite.run(theme, "what is rolled back is gone", [](Subject& s) {
        auto tx = must(s.connection.begin());
        must(add_item(tx, "one"));
        must(tx.rollback());
        expect(count_items(s.connection) == 0, "rollback undoes");
        {
            auto dropped = must(s.connection.begin());
            must(add_item(dropped, "two"));
        }
        expect(count_items(s.connection) == 0, "a transaction that is dropped is rolled back");
        const auto failed = s.connection.transaction([](auto& inner) -> Result<void> {
            must(add_item(inner, "three"));
            return Failure(made_up(Code::cancelled, false));
        });
        expect_error(failed, Category::operational, Code::cancelled, "a transaction whose function fails");
        expect(count_items(s.connection) == 0, "a transaction whose function fails is rolled back");
        expect_usable(s);
    });
    suite.run(theme, "an exception rolls back and goes on", [](Subject& s) {
        bool caught = false;
        try {
            (void)s.connection.transaction([](auto& tx) {
                must(add_item(tx, "one"));
                throw 42;
            });
        } catch (int) {
            caught = true;
        }
        expect(caught, "the exception goes on");
        expect(count_items(s.connection) == 0, "an exception rolls back");
    });
    suite.run(theme, "the state is what the database says", [](Subject& s) {
        expect(s.connection.transaction_state() == TransactionState::idle, "at first there is no transaction");
        auto tx = must(s.connection.begin());
        expect(s.connection.transaction_state() == TransactionState::open, "begin opens one");
        must(tx.commit());
        expect(s.connection.transaction_state() == TransactionState::idle, "commit ends it");
        s.execute("BEGIN");
        expect(s.connection.transaction_state() == TransactionState::open, "BEGIN by hand is noticed");
        s.execute("ROLLBACK");
        expect(s.connection.transaction_state() == TransactionState::idle, "ROLLBACK by hand is noticed");
    });
    suite.run(theme, "a savepoint is undone alone", [](Subject& s) {
        must(s.connection.transaction([](auto& tx) {
            must(add_item(tx, "kept"));
            const auto inner = tx.savepoint([](auto& savepoint) -> Result<void> {
                must(add_item(savepoint, "undone"));
                return Failure(made_up(Code::cancelled, false));
            });
            expect_error(inner, "a savepoint whose function fails");
            must(tx.savepoint([](auto& savepoint) {
                must(add_item(savepoint, "kept as well"));
                return savepoint.savepoint([](auto& innermost) { return add_item(innermost, "and the innermost"); });
            }));
        }));
        expect(count_items(s.connection) == 3, "only the savepoint that failed is undone");
    });
    suite.run(theme, "a savepoint goes with the transaction around it", [](Subject& s) {
        auto tx = must(s.connection.begin());
        must(tx.savepoint([](auto& savepoint) { return add_item(savepoint, "one"); }));
        must(tx.rollback());
        expect(count_items(s.connection) == 0, "a savepoint that was committed goes with its transaction");
    });
    suite.run(theme, "a failed statement is cured by a savepoint around it", [](Subject& s) {
        must(s.connection.transaction([](auto& tx) {
            must(add_item(tx, "one"));
            const auto again = tx.savepoint([](auto& savepoint) { return add_item(savepoint, "one"); });
            expect_error(again, Category::integrity, Code::unique_violation, "a second row with a unique value");
            must(add_item(tx, "two"));
        }));
        expect(count_items(s.connection) == 2, "what was done around the savepoint is stored");
    });
    suite.run(theme, "after a failed statement COMMIT stores all the rest, or nothing with an error", [](Subject& s) {
        auto tx = must(s.connection.begin());
        must(add_item(tx, "one"));
        expect_error(add_item(tx, "one"), Category::integrity, Code::unique_violation, "a second row with a value");
        const bool goes_on = s.connection.transaction_state() == TransactionState::open;
        const auto more = add_item(tx, "two");
        expect(more.has_value() == goes_on, "TransactionState tells whether a transaction can go on");
        const auto committed = tx.commit();
        expect(committed.has_value() == goes_on, "COMMIT tells whether it has stored");
        if (!committed) must(tx.rollback());
        expect(count_items(s.connection) == (goes_on ? 2 : 0), "what COMMIT says is true");
        expect_usable(s);
    });
    suite.run(theme, "a COMMIT that a deferred constraint refuses is an error, and stores nothing", [](Subject& s) {
        s.execute("CREATE TABLE rowan_conformance_child (id bigint PRIMARY KEY, parent bigint NOT NULL "
                  "REFERENCES rowan_conformance_items (id) DEFERRABLE INITIALLY DEFERRED)");
        const auto refused = s.connection.transaction([](auto& tx) {
            must(add_item(tx, "one"));
            return tx.execute(sql<"INSERT INTO rowan_conformance_child (id, parent) VALUES (1, $1)">, 4711);
        });
        expect_error(refused, Category::integrity, Code::foreign_key_violation, "a COMMIT that a constraint refuses");
        expect(s.connection.transaction_state() == TransactionState::idle, "no transaction is left");
        expect(count_items(s.connection) == 0, "nothing is stored by a COMMIT that fails");
        expect_usable(s);
    });
    suite.run(theme, "only the innermost handle works", [](Subject& s) {
        auto tx = must(s.connection.begin());
        expect_error(s.items().count(), Category::programming, Code::wrong_handle, "the connection beside it");
        auto inner = must(tx.begin());
        expect_error(add_item(tx, "one"), Category::programming, Code::wrong_handle, "the transaction outside");
        must(add_item(inner, "one"));
        must(inner.commit());
        expect_error(add_item(inner, "two"), Category::programming, Code::wrong_handle, "a savepoint that has ended");
        must(tx.commit());
        expect(count_items(s.connection) == 1, "what a refused handle was asked for is not done");
    });
}

template <class Open>
void check_options(ConformanceSuite<Open>& suite) {
    using Subject = ConformanceSubject<Open>;
    using namespace std::chrono_literals;
    constexpr std::string_view theme = "transaction options";
    const auto expect_refused = [](const Error& error, std::string_view what) {
        expect(error.code() == Code::not_supported,
               std::string{what} + " works, or is Code::not_supported, but not " + error.to_string());
    };

    suite.run(theme, "a read-only transaction refuses to write, and the next one writes", [](Subject& s) {
        must(add_item(s.connection, "one"));
        const auto written = s.connection.transaction({.read_only = true}, [](auto& tx) {
            expect(count_items(tx) == 1, "it reads");
            return add_item(tx, "two");
        });
        expect(expect_error(written, "writing in a read-only transaction").code() == Code::read_only,
               "writing in a read-only transaction is Code::read_only");
        must(s.connection.read_only([](auto& reader) { expect(count_items(reader) == 1, "a session reads"); }));
        must(s.connection.transaction([](auto& tx) { return add_item(tx, "two"); }));
        expect_usable(s);
    });
    for (const Isolation level : {Isolation::repeatable_read, Isolation::serializable})
        suite.run(theme,
                  level == Isolation::serializable
                      ? "at serializable all statements see one moment, or it is refused"
                      : "at repeatable read all statements see one moment, or it is refused",
                  [level, expect_refused](Subject& s) {
                      auto other = s.another();
                      auto tx = s.connection.begin({.isolation = level, .read_only = true});
                      if (!tx) return expect_refused(tx.error(), "an isolation level");
                      expect(count_items(*tx) == 0, "it reads");
                      const auto stored = add_item(other, "meanwhile");
                      if (!stored && stored.error().code() == Code::busy) skip("readers keep writers out");
                      must(stored);
                      expect(count_items(*tx) == 0, "what others commit meanwhile is not seen");
                      must(tx->commit());
                      expect(count_items(s.connection) == 1, "it is seen afterwards");
                  });
    suite.run(theme, "a timeout ends a transaction, and only that one", [expect_refused](Subject& s) {
        auto tx = s.connection.begin({.timeout = 50ms});
        if (!tx) return expect_refused(tx.error(), "a timeout");
        must(add_item(*tx, "one"));
        std::this_thread::sleep_for(100ms);
        expect_error(add_item(*tx, "two"), Category::operational, Code::timeout, "a statement behind the deadline");
        expect(!tx->commit(), "COMMIT behind the deadline is refused");
        must(tx->rollback());
        expect(count_items(s.connection) == 0, "nothing of it is stored");
        must(s.connection.transaction([](auto& next) {
            std::this_thread::sleep_for(100ms);
            return add_item(next, "three");
        }));
        expect_usable(s);
    });
    suite.run(theme, "a lock and deferrable work or are refused", [expect_refused](Subject& s) {
        for (const TransactionOptions& options :
             {TransactionOptions{.lock = Lock::deferred}, TransactionOptions{.lock = Lock::immediate},
              TransactionOptions{.lock = Lock::exclusive},
              TransactionOptions{.isolation = Isolation::serializable, .read_only = true, .deferrable = true}}) {
            auto tx = s.connection.begin(options);
            if (!tx)
                expect_refused(tx.error(), "such a transaction");
            else
                must(tx->commit());
            expect(s.connection.transaction_state() == TransactionState::idle, "no transaction is left open");
        }
        expect_usable(s);
    });
    suite.run(theme, "options that make no sense are misuse", [](Subject& s) {
        for (const TransactionOptions& options :
             {TransactionOptions{.timeout = -1ms}, TransactionOptions{.deferrable = true},
              TransactionOptions{.read_only = true, .lock = Lock::immediate}}) {
            const auto refused = s.connection.begin(options);
            // Where there is no such option at all, that may be said first.
            expect(!refused &&
                       (refused.error().code() == Code::misuse || refused.error().code() == Code::not_supported),
                   "options that contradict themselves are refused");
        }
        auto tx = must(s.connection.begin());
        expect_error(tx.begin({.read_only = true}), Category::programming, Code::misuse, "a savepoint with options");
        must(tx.commit());
        expect_usable(s);
    });
    suite.run(theme, "retry runs a transaction again, from a clean beginning", [](Subject& s) {
        int calls = 0;
        const auto stored =
            s.connection.transaction(retry{.base = 1ms, .limit = 1ms}, [&](auto& tx) -> Result<ConformanceItem> {
                expect(count_items(tx) == 0, "each attempt begins without the one before");
                auto item = must(add_item(tx, "one"));
                if (++calls == 3) return item;
                return Failure(made_up(Code::serialization_failure, true));
            });
        must(stored);
        expect(calls == 3 && count_items(s.connection) == 1, "the last attempt is stored, and no other");
    });
}

}  // namespace rowan::testing::detail
