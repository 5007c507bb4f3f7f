#include <rowan/rowan.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "../../examples/tapped_connection.hpp"
#include "conforms.hpp"
#include "fresh.hpp"

namespace {

using rowan::Failure;
using rowan::Result;

/// What is wrong with a backend.
enum class Flaw {
    none,
    commit_is_left_out,
    rollback_is_left_out,
    rollback_to_savepoint_is_left_out,
    release_fails,
    options_are_dropped,
    text_is_cut_at_100_bytes,
    empty_text_becomes_blank,
    blob_loses_its_last_byte,
    doubles_become_floats,
    integers_become_doubles,
    timestamps_lose_their_microseconds,
    dates_are_a_day_off,
    integrity_errors_are_swallowed,
    integrity_errors_are_retryable,
    constraints_are_not_told_apart,
    tables_and_columns_are_not_told_apart,
    third_row_is_lost,
    streams_end_after_a_thousand,
    upserts_are_always_inserts,
    changes_are_counted_twice,
    keys_are_one_off,
};

/// SQLite's connection with a flaw.
struct Flawed {
    Flaw flaw = Flaw::none;
    int rows = 0;

    Result<bool> before(std::string_view sql) {
        rows = 0;
        switch (flaw) {
            case Flaw::commit_is_left_out: return sql != "COMMIT";
            case Flaw::rollback_is_left_out: return sql != "ROLLBACK";
            case Flaw::rollback_to_savepoint_is_left_out: return sql.substr(0, 12) != "ROLLBACK TO ";
            case Flaw::release_fails:
                if (sql.substr(0, 8) == "RELEASE ")
                    return Failure(rowan::Error{rowan::Category::internal, rowan::Code::internal_error, "no"});
                return true;
            default: return true;
        }
    }

    template <class T>
    Result<T> after(std::string_view sql, Result<T> outcome) {
        if (!outcome) return changed(std::move(outcome));
        if constexpr (std::is_same_v<T, bool>) {
            ++rows;
            if (flaw == Flaw::third_row_is_lost && rows == 3) return false;
            if (flaw == Flaw::streams_end_after_a_thousand && rows > 1000) return false;
        }
        if constexpr (std::is_same_v<T, rowan::Upserted>)
            if (flaw == Flaw::upserts_are_always_inserts) return rowan::Upserted::inserted;
        if constexpr (std::is_same_v<T, std::int64_t>) {
            const bool inserts = sql.substr(0, 6) == "INSERT";
            if (flaw == Flaw::changes_are_counted_twice && !inserts) return *outcome * 2;
            if (flaw == Flaw::keys_are_one_off && inserts) return *outcome + 1;
        }
        return outcome;
    }

    template <class T>
    Result<T> changed(Result<T> outcome) const {
        const rowan::Error& error = outcome.error();
        const auto as = [&](rowan::Code code, bool retryable) -> Result<T> {
            return Failure(rowan::Error{rowan::ErrorDetails{.category = error.category(),
                                                            .code = code,
                                                            .retryable = retryable,
                                                            .message = error.message(),
                                                            .statement = error.statement()}});
        };
        const bool is_integrity = error.category() == rowan::Category::integrity;
        if (flaw == Flaw::integrity_errors_are_swallowed && is_integrity) return Result<T>{};
        if (flaw == Flaw::integrity_errors_are_retryable && is_integrity) return as(error.code(), true);
        if (flaw == Flaw::constraints_are_not_told_apart && is_integrity)
            return as(rowan::Code::integrity_violation, false);
        if (flaw == Flaw::tables_and_columns_are_not_told_apart && error.category() == rowan::Category::programming)
            return as(rowan::Code::programming_error, false);
        return outcome;
    }

    template <class Value>
    Value pass(Value value) {
        if constexpr (std::is_same_v<Value, rowan::TransactionOptions>)
            if (flaw == Flaw::options_are_dropped) return {};
        if constexpr (std::is_same_v<Value, std::string_view>) {
            if (flaw == Flaw::text_is_cut_at_100_bytes) return value.substr(0, 100);
            if (flaw == Flaw::empty_text_becomes_blank && value.empty()) return " ";
        }
        if constexpr (std::is_same_v<Value, std::span<const std::byte>>)
            if (flaw == Flaw::blob_loses_its_last_byte && !value.empty()) return value.first(value.size() - 1);
        if constexpr (std::is_same_v<Value, double>)
            if (flaw == Flaw::doubles_become_floats) return static_cast<double>(static_cast<float>(value));
        if constexpr (std::is_same_v<Value, std::int64_t>)
            if (flaw == Flaw::integers_become_doubles && value < (std::int64_t{1} << 62))
                return static_cast<std::int64_t>(static_cast<double>(value));
        if constexpr (std::is_same_v<Value, rowan::Timestamp>)
            if (flaw == Flaw::timestamps_lose_their_microseconds)
                return std::chrono::floor<std::chrono::milliseconds>(value);
        if constexpr (std::is_same_v<Value, std::chrono::sys_days>)
            if (flaw == Flaw::dates_are_a_day_off) return value + std::chrono::days{1};
        return value;
    }
};

using Connection = TappedConnection<Flawed>;

/// The names of the cases that fail.
std::set<std::string_view> failures(Flaw flaw, std::string_view theme = {}) {
    const Sqlite database;
    // What a flaw leaves locked stays so, and waiting would not help.
    const rowan::sqlite::Options options{.synchronous = rowan::sqlite::Synchronous::off,
                                         .busy_timeout = std::chrono::milliseconds{20}};
    std::set<std::string_view> names;
    for (const auto& result :
         rowan::testing::conformance([&] { return Connection::open(database.path(), Flawed{flaw}, options); }, theme)) {
        CAPTURE(result.to_string());
        CHECK(result.message.empty() == (result.outcome == rowan::testing::ConformanceCase::Outcome::passed));
        if (result.failed()) names.insert(result.name);
    }
    return names;
}

void check_only(Flaw flaw, const std::set<std::string_view>& expected) {
    const auto failed = failures(flaw);
    for (const auto name : expected) CHECK_MESSAGE(failed.count(name) == 1, "did not fail: " << name);
    for (const auto name : failed) CHECK_MESSAGE(expected.count(name) == 1, "failed as well: " << name);
}

/// These of a theme must fail; others may, as much depends on what is broken.
void check_among(std::string_view theme, Flaw flaw, const std::set<std::string_view>& expected) {
    const auto failed = failures(flaw, theme);
    for (const auto name : expected) CHECK_MESSAGE(failed.count(name) == 1, "did not fail: " << name);
}

}  // namespace

TEST_CASE("a backend that only passes on fails nowhere") { check_only(Flaw::none, {}); }

TEST_CASE("a backend that loses a part of a value fails where values of that form are tried") {
    check_only(Flaw::text_is_cut_at_100_bytes, {"text of a megabyte comes back"});
    check_among("values", Flaw::empty_text_becomes_blank, {"text comes back, byte for byte"});
    check_among("values", Flaw::blob_loses_its_last_byte, {"bytes come back, each of the 256, none and millions"});
    check_among("values", Flaw::doubles_become_floats, {"doubles and floats come back to the last bit"});
    check_only(Flaw::integers_become_doubles, {"integers come back, up to their limits"});
    check_only(Flaw::timestamps_lose_their_microseconds,
               {"timestamps come back to the microsecond", "a row has each value in its own column",
                "a range of rows is stored, each as it is"});
    check_among("values", Flaw::dates_are_a_day_off, {"dates come back", "a row has each value in its own column"});
}

TEST_CASE("a backend that does not end transactions as it says fails where they are tried") {
    check_among("transactions", Flaw::commit_is_left_out,
                {"what is committed is stored, and others see it then and not before",
                 "what is committed is there on a new connection", "the state is what the database says"});
    check_among("transactions", Flaw::rollback_is_left_out,
                {"what is rolled back is gone", "an exception rolls back and goes on"});
    check_among("transactions", Flaw::rollback_to_savepoint_is_left_out, {"a savepoint is undone alone"});
    check_among("transactions", Flaw::release_fails, {"a savepoint is undone alone"});
    check_only(Flaw::options_are_dropped,
               {"a read-only transaction refuses to write, and the next one writes",
                "a timeout ends a transaction, and only that one", "options that make no sense are misuse"});
}

TEST_CASE("a backend that hides or confuses errors fails where they are expected") {
    check_among("errors", Flaw::integrity_errors_are_swallowed,
                {"a unique value that is there already is a unique violation",
                 "a row without its parent is a foreign-key violation"});
    check_only(Flaw::integrity_errors_are_retryable, {"a unique value that is there already is a unique violation"});
    check_among("errors", Flaw::constraints_are_not_told_apart,
                {"a unique value that is there already is a unique violation",
                 "a missing value is a not-null violation", "a row without its parent is a foreign-key violation",
                 "a value that a check refuses is a check violation"});
    check_among(
        "errors", Flaw::tables_and_columns_are_not_told_apart,
        {"mistakes in SQL are told apart, with the statement", "a failure in a prepared statement is told as well"});
}

TEST_CASE("a backend that loses rows or counts wrongly fails where they are counted") {
    check_among("streams", Flaw::third_row_is_lost, {"a stream gives each row once, in order"});
    check_among("streams", Flaw::streams_end_after_a_thousand, {"a stream gives each row once, in order"});
    check_only(Flaw::upserts_are_always_inserts,
               {"an upsert tells what it did to its row", "an upsert of a range counts what it did"});
    check_among("statements", Flaw::changes_are_counted_twice, {"the number of changed rows is told"});
    check_among("many rows", Flaw::keys_are_one_off, {"keys are made where a row has none, and kept where it has one"});
}
