#include <rowan/observe.hpp>
#include <rowan/rowan.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "fresh.hpp"

namespace {

using rowan::Histogram;
using rowan::sql;
using rowan::StatementFigures;
using rowan::StatementSummary;
using rowan::unsafe_sql;
using namespace std::chrono_literals;

/// Seeded, and the same everywhere.
class Random {
public:
    explicit Random(std::uint64_t seed) : state_{seed} {}
    /// From 0 to 1.
    double next() {
        state_ = state_ * 6364136223846793005U + 1442695040888963407U;
        return static_cast<double>(state_ >> 11) / 9007199254740992.0;
    }

private:
    std::uint64_t state_;
};

/// The smallest duration that at least this part does not exceed, by sorting.
std::int64_t exact_quantile(std::vector<std::int64_t> all, double part) {
    std::sort(all.begin(), all.end());
    const auto rank = static_cast<std::size_t>(std::ceil(part * static_cast<double>(all.size())));
    return all[std::max<std::size_t>(rank, 1) - 1];
}

void check_quantiles(const std::vector<std::int64_t>& all) {
    Histogram histogram;
    for (const std::int64_t one : all) histogram.add(std::chrono::nanoseconds{one});
    CHECK(histogram.count() == all.size());
    for (const double part : {0.0, 0.01, 0.25, 0.5, 0.9, 0.95, 0.99, 0.999, 1.0}) {
        const auto exact = static_cast<double>(exact_quantile(all, part));
        const auto told = static_cast<double>(histogram.quantile(part).count());
        CAPTURE(part);
        CAPTURE(exact);
        CAPTURE(told);
        CHECK(std::abs(told - exact) <= exact * Histogram::relative_error);
    }
    CHECK(histogram.max().count() == *std::max_element(all.begin(), all.end()));
}

rowan::StatementEvent event(std::string_view text, bool is_constant, std::chrono::nanoseconds duration = 1us,
                            std::uint64_t connection = 1) {
    return {.text = text, .is_constant = is_constant, .duration = duration, .rows = 1, .connection = connection};
}

const StatementFigures* find(const std::vector<StatementFigures>& all, std::string_view text) {
    const auto found = std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.text == text; });
    return found != all.end() ? &*found : nullptr;
}

}  // namespace

TEST_CASE("quantiles are those of the sorted durations, within the error that is promised") {
    static_assert(Histogram::relative_error <= 0.05);
    Random random{4711};
    const auto many = [&](auto make) {
        std::vector<std::int64_t> all(20'000);
        for (std::int64_t& one : all) one = static_cast<std::int64_t>(make());
        return all;
    };
    SUBCASE("alike") {
        check_quantiles(many([&] { return 1'000'000 * random.next(); }));
    }
    SUBCASE("over nine powers of ten") {
        check_quantiles(many([&] { return std::pow(10.0, 9 * random.next()); }));
    }
    SUBCASE("mostly short, some long") {
        check_quantiles(
            many([&] { return random.next() < 0.98 ? 20'000 + 5000 * random.next() : 5e9 * random.next(); }));
    }
    SUBCASE("very short ones, which are exact") {
        check_quantiles(many([&] { return 40 * random.next(); }));
        Histogram histogram;
        for (int i = 0; i != 32; ++i) histogram.add(std::chrono::nanoseconds{i});
        for (int i = 1; i <= 32; ++i) CHECK(histogram.quantile(i / 32.0).count() == i - 1);
    }
    SUBCASE("one") { check_quantiles({123'456'789}); }
    SUBCASE("all the same") { check_quantiles(std::vector<std::int64_t>(100, 999)); }
    SUBCASE("powers of two and their neighbours") {
        std::vector<std::int64_t> all;
        for (int bit = 1; bit != 62; ++bit)
            for (const std::int64_t near : {-1, 0, 1}) all.push_back((std::int64_t{1} << bit) + near);
        check_quantiles(all);
    }
}

TEST_CASE("a histogram has limits that it does not mind") {
    Histogram histogram;
    CHECK(histogram.quantile(0.5) == 0ns);
    CHECK(histogram.mean() == 0ns);
    CHECK(histogram.max() == 0ns);
    histogram.add(-5ns);
    CHECK(histogram.max() == 0ns);
    constexpr auto longest = std::chrono::nanoseconds{std::numeric_limits<std::int64_t>::max()};
    histogram.add(longest);
    CHECK(histogram.max() == longest);
    CHECK(histogram.quantile(0.5) == 0ns);
    CHECK(histogram.quantile(0.9) == longest);
    CHECK(histogram.quantile(-1) == 0ns);
    CHECK(histogram.quantile(2) == longest);
    CHECK(histogram.quantile(std::numeric_limits<double>::quiet_NaN()) == 0ns);
}

TEST_CASE("histograms of several threads become one") {
    Random random{42};
    Histogram parts[3];
    Histogram whole;
    for (int i = 0; i != 3000; ++i) {
        const std::chrono::nanoseconds one{static_cast<std::int64_t>(std::pow(10.0, 3 + i % 3 + 2 * random.next()))};
        parts[i % 3].add(one);
        whole.add(one);
    }
    Histogram merged;
    merged.merge(Histogram{});
    // The middle one first, so that buckets are added at both ends.
    for (const int part : {1, 0, 2}) merged.merge(parts[part]);
    CHECK(merged.count() == whole.count());
    CHECK(merged.total() == whole.total());
    CHECK(merged.max() == whole.max());
    for (const double part : {0.001, 0.1, 0.5, 0.9, 0.999, 1.0}) CHECK(merged.quantile(part) == whole.quantile(part));
}

TEST_CASE_TEMPLATE("a summary counts each statement of a program", Db, Sqlite, Postgres) {
    Fresh<Db> fresh;
    auto& connection = fresh.connection;
    fresh.execute("CREATE TABLE items (id integer PRIMARY KEY, name text)");
    const auto summary = std::make_shared<StatementSummary>();
    connection.observe(summary);
    const std::string mark = Db::is_sqlite ? "?" : "$";

    for (int i = 1; i <= 20; ++i) rowan::must(connection.execute(sql<"INSERT INTO items VALUES ($1, 'x')">, i));
    CHECK(!connection.execute(sql<"INSERT INTO items VALUES ($1, 'x')">, 7));
    (void)rowan::must(connection.template query<std::int64_t>(sql<"SELECT id FROM items WHERE id > $1">, 5));
    for (int i = 1; i <= 3; ++i)
        (void)rowan::must(connection.template query<std::int64_t>(
            unsafe_sql{"SELECT id FROM items WHERE id = " + std::to_string(i) + " -- made"}));
    for (int i = 0; i != 2; ++i)
        rowan::must(connection.transaction([&](auto& tx) -> rowan::Result<void> {
            for (int n = 0; n != 2; ++n)
                rowan::must(tx.savepoint([](auto& inner) { return inner.execute(unsafe_sql{"SELECT 1"}); }));
            return {};
        }));

    const auto figures = summary->figures();
    const StatementFigures* insert = find(figures, "INSERT INTO items VALUES (" + mark + "1, 'x')");
    REQUIRE(insert != nullptr);
    CHECK(insert->count == 21);
    CHECK(insert->errors == 1);
    CHECK(insert->rows == 20);
    CHECK(insert->total > 0ns);
    CHECK(insert->mean == insert->total / 21);
    CHECK(insert->p50 <= insert->p95);
    CHECK(insert->p95 <= insert->p99);
    CHECK(insert->p99 <= insert->max);
    CHECK(insert->max <= insert->total);
    const StatementFigures* select = find(figures, "SELECT id FROM items WHERE id > " + mark + "1");
    REQUIRE(select != nullptr);
    CHECK(select->rows == 15);
    // Texts that differ in values only are one statement.
    const StatementFigures* made = find(figures, "SELECT id FROM items WHERE id = ?");
    REQUIRE(made != nullptr);
    CHECK(made->count == 3);
    const StatementFigures* savepoint = find(figures, "SAVEPOINT");
    REQUIRE(savepoint != nullptr);
    CHECK(savepoint->count == 4);
    CHECK(find(figures, "RELEASE SAVEPOINT")->count == 4);
    CHECK(find(figures, "COMMIT")->count == 2);
    CHECK(find(figures, "SELECT ?")->count == 4);
    CHECK(
        std::is_sorted(figures.begin(), figures.end(), [](const auto& a, const auto& b) { return a.total > b.total; }));

    summary->clear();
    CHECK(summary->figures().empty());
    rowan::must(connection.execute(unsafe_sql{"SELECT 1"}));
    CHECK(summary->figures().size() == 1);
}

TEST_CASE("statements that took equally long come by their texts") {
    StatementSummary summary;
    for (const char* text : {"SELECT 3", "SELECT 1", "SELECT 2"}) summary.on_statement(event(text, true));
    summary.on_statement(event("SELECT 4", true, 2us));
    const auto figures = summary.figures();
    REQUIRE(figures.size() == 4);
    CHECK(figures[0].text == "SELECT 4");
    CHECK(figures[1].text == "SELECT 1");
    CHECK(figures[2].text == "SELECT 2");
    CHECK(figures[3].text == "SELECT 3");
}

TEST_CASE("the number of texts that are made at run time is bounded") {
    StatementSummary summary{3};
    for (int round = 0; round != 2; ++round)
        for (int i = 0; i != 10; ++i) summary.on_statement(event("SELECT a" + std::to_string(i), false));
    for (int i = 0; i != 10; ++i) summary.on_statement(event("SAVEPOINT s" + std::to_string(i), false));
    const auto figures = summary.figures();
    CHECK(figures.size() == 5);
    CHECK(find(figures, "SELECT a0")->count == 2);
    CHECK(find(figures, "SELECT a2")->count == 2);
    CHECK(find(figures, "SELECT a3") == nullptr);
    CHECK(find(figures, "(other)")->count == 14);
    CHECK(find(figures, "SAVEPOINT")->count == 10);
}

TEST_CASE("summaries of several threads become one") {
    StatementSummary all{2};
    StatementSummary mine;
    mine.on_statement(event("CONSTANT", true, 10us));
    mine.on_statement(event("made", false));
    StatementSummary theirs;
    theirs.on_statement(event("CONSTANT", true, 30us, 2));
    theirs.on_statement(event("other made", false));
    all.merge(mine);
    all.merge(theirs);
    all.merge(all);
    const auto figures = all.figures();
    CHECK(find(figures, "CONSTANT")->count == 2);
    CHECK(find(figures, "CONSTANT")->total == 40us);
    CHECK(find(figures, "CONSTANT")->mean == 20us);
    CHECK(find(figures, "CONSTANT")->max == 30us);
    CHECK(find(figures, "made")->count == 1);
    CHECK(find(figures, "(other)")->count == 1);
}

TEST_CASE("a constant that has two addresses, or many connections, is one statement") {
    static constexpr char first[] = "SELECT 1";
    static constexpr char second[] = "SELECT 1";
    StatementSummary summary;
    for (std::uint64_t connection = 1; connection <= 20; ++connection) {
        summary.on_statement(event(first, true, 1us, connection));
        summary.on_statement(event(second, true, 3us, connection));
    }
    const auto figures = summary.figures();
    REQUIRE(figures.size() == 1);
    CHECK(figures[0].count == 40);
    CHECK(figures[0].mean == 2us);
}

TEST_CASE("a summary is a table and JSON") {
    StatementSummary summary;
    summary.on_statement(event("SELECT \"a\"\\b\n\x01 漢\xff", true, 1500us));
    const rowan::Error error{rowan::Category::operational, rowan::Code::busy, "busy"};
    rowan::StatementEvent failed = event("UPDATE t", true, 500us);
    failed.error = &error;
    failed.rows = -1;
    summary.on_statement(failed);
    CHECK(
        summary.to_json() ==
        R"({"statements":[{"sql":"SELECT \"a\"\\b\n\u0001 漢\ufffd","count":1,"errors":0,"rows":1,)"
        R"("total_ns":1500000,"mean_ns":1500000,"p50_ns":1500000,"p95_ns":1500000,"p99_ns":1500000,"max_ns":1500000},)"
        R"({"sql":"UPDATE t","count":1,"errors":1,"rows":0,)"
        R"("total_ns":500000,"mean_ns":500000,"p50_ns":500000,"p95_ns":500000,"p99_ns":500000,"max_ns":500000}]})");
    const std::string text = summary.to_text();
    CHECK(std::count(text.begin(), text.end(), '\n') == 3);
    CHECK(text.find("         1        1          0         0.500    500.000    500.000    500.000    500.000     "
                    "500.000  UPDATE t\n") != std::string::npos);
    CHECK(text.find("1500.000  SELECT \"a\"\\b\\n\\x01 漢") != std::string::npos);

    summary.clear();
    CHECK(summary.to_json() == R"({"statements":[]})");
    summary.on_statement(event("SELECT " + std::string(200, 'x'), false));
    CHECK(summary.to_text().find("SELECT " + std::string(113, 'x') + "…\n") != std::string::npos);
    CHECK(summary.to_json().find(std::string(200, 'x') + "\"") != std::string::npos);
}

TEST_CASE("JSON holds UTF-8 only") {
    const auto json = [](std::string_view text) {
        std::string out;
        rowan::detail::append_json_string(out, text);
        return out;
    };
    CHECK(json("é漢🙂") == "\"é漢🙂\"");
    CHECK(json("\xc0\xaf") == R"("\ufffd\ufffd")");
    CHECK(json("\xed\xa0\x80") == R"("\ufffd\ufffd\ufffd")");
    CHECK(json("\xf4\x90\x80\x80") == R"("\ufffd\ufffd\ufffd\ufffd")");
    CHECK(json("cut \xe6\xbc") == R"("cut \ufffd\ufffd")");
    CHECK(json(std::string_view{"\0\t\x1f\x7f", 4}) == "\"\\u0000\\u0009\\u001f\x7f\"");
}

TEST_CASE_TEMPLATE("threads share a summary, which is read meanwhile", Db, Sqlite, Postgres) {
    Fresh<Db> fresh;
    const auto summary = std::make_shared<StatementSummary>();
    constexpr int threads = 4;
    constexpr int rounds = 200;
    std::vector<std::thread> running;
    for (int i = 0; i != threads; ++i)
        running.emplace_back([&] {
            auto connection = fresh.connect();
            connection.observe(summary);
            for (int n = 0; n != rounds; ++n) {
                (void)connection.template query<std::int64_t>(sql<"SELECT CAST($1 AS bigint)">, n);
                (void)connection.execute(unsafe_sql{"SELECT 1"});
            }
        });
    for (int n = 0; n != 50; ++n) (void)summary->to_json();
    for (std::thread& thread : running) thread.join();
    std::uint64_t count = 0;
    for (const StatementFigures& one : summary->figures()) {
        CHECK(one.count == threads * rounds);
        count += one.count;
    }
    CHECK(count == 2 * threads * rounds);
}
