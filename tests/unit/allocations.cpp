#include <rowan/rowan.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "fresh.hpp"

// The program's operator new, counted between marks only, in the thread that set them. The databases' own clients use
// malloc, which is not counted.

namespace {

thread_local constinit bool counting = false;
thread_local constinit std::size_t counted = 0;

void* allocate(std::size_t size) noexcept {
    if (counting) ++counted;
    return std::malloc(size == 0 ? 1 : size);
}

void* allocate(std::size_t size, std::align_val_t alignment) noexcept {
    if (counting) ++counted;
    const auto step = static_cast<std::size_t>(alignment);
    return std::aligned_alloc(step, (size + step - 1) / step * step);
}

void* or_throw(void* memory) {
    if (memory == nullptr) throw std::bad_alloc{};
    return memory;
}

}  // namespace

void* operator new(std::size_t size) { return or_throw(allocate(size)); }
void* operator new[](std::size_t size) { return or_throw(allocate(size)); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return allocate(size); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return allocate(size); }
void* operator new(std::size_t size, std::align_val_t alignment) { return or_throw(allocate(size, alignment)); }
void* operator new[](std::size_t size, std::align_val_t alignment) { return or_throw(allocate(size, alignment)); }
void* operator new(std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
    return allocate(size, alignment);
}
void* operator new[](std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
    return allocate(size, alignment);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
void operator delete[](void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

namespace {

using rowan::asc;
using rowan::col;
using rowan::set;
using rowan::sql;

/// How often `fn` allocates when it has run before.
template <class Fn>
std::size_t allocations(Fn fn) {
    fn();
    fn();
    counted = 0;
    counting = true;
    fn();
    counting = false;
    return counted;
}

/// Its texts are short enough to need no memory of their own.
struct Reading {
    std::int64_t id{};
    std::string sensor{};
    std::int32_t number{};
    double value{};
    std::optional<std::string> note{};
    rowan::Timestamp time{};
    bool valid{};
};

template <class Db>
struct Readings : Fresh<Db> {
    rowan::Repository<Reading, typename Db::Connection> readings{this->connection};
    static constexpr std::size_t rows = 100;

    Readings() {
        rowan::must(readings.create_table());
        std::vector<Reading> all;
        for (std::size_t i = 0; i != rows; ++i)
            all.push_back({.sensor = "north", .number = static_cast<std::int32_t>(i), .value = 1.5, .note = "dry"});
        rowan::must(readings.insert(all));
    }
};

/// What a vector of so many rows needs by itself. PostgreSQL tells how many there are before they are read.
template <class Row, class Db>
std::size_t growth(std::size_t rows) {
    if (!Db::is_sqlite) return 1;
    return allocations([&] {
        std::vector<Row> all;
        for (std::size_t i = 0; i != rows; ++i) all.emplace_back();
    });
}

template <class Row>
std::size_t size_of(const rowan::Result<std::vector<Row>>& rows) {
    return rows ? rows->size() : 0;
}

}  // namespace

TEST_CASE("allocations are counted at all") {
    CHECK(allocations([] { (void)std::make_unique<int>(1); }) == 1);
    CHECK(allocations([] { (void)std::make_unique<int[]>(10); }) == 1);
    CHECK(allocations([] { (void)std::string(100, 'x'); }) == 1);
    CHECK(allocations([] { (void)std::string{"short"}; }) == 0);
}

TEST_CASE_TEMPLATE("a row that is read again costs no memory but its own", Db, Sqlite, Postgres) {
    Readings<Db> fixture;
    auto& readings = fixture.readings;
    bool right = true;
    CHECK(allocations([&] {
              const auto row = readings.find(7);
              right = right && row && *row && (*row)->number == 6;
          }) == 0);
    CHECK(allocations([&] {
              const auto row = readings.find(4711);
              right = right && row && !*row;
          }) == 0);
    CHECK(allocations([&] {
              const auto row = readings.get(7);
              right = right && row && row->note == "dry";
          }) == 0);
    CHECK(allocations([&] {
              const auto found = readings.exists(7);
              right = right && found && *found;
          }) == 0);
    CHECK(allocations([&] {
              const auto count = readings.count();
              right = right && count && *count == 100;
          }) == 0);
    CHECK(allocations([&] {
              const auto row = readings.template find_by<&Reading::number>(50);
              right = right && row && *row && (*row)->id == 51;
          }) == 0);
    CHECK(allocations([&] {
              const auto row = readings.template find_by<&Reading::number>(4711);
              right = right && row && !*row;
          }) == 0);
    CHECK(right);
}

TEST_CASE_TEMPLATE("a query that runs again costs no memory but that of its rows", Db, Sqlite, Postgres) {
    Readings<Db> fixture;
    auto& readings = fixture.readings;
    bool right = true;
    const std::string sensor = "north";
    CHECK(allocations([&] {
              const auto row = readings.where(col<&Reading::sensor> == sensor and col<&Reading::value> > 1)
                                   .order_by(asc<&Reading::number>)
                                   .first();
              right = right && row && *row && (*row)->number == 0;
          }) == 0);
    CHECK(allocations([&] {
              const auto row = readings.where(col<&Reading::number> == 3).one();
              right = right && row && row->id == 4;
          }) == 0);
    CHECK(allocations([&] {
              const auto found = readings.where(col<&Reading::note>.is_null()).exists();
              right = right && found && !*found;
          }) == 0);
    CHECK(allocations([&] {
              const auto row =
                  readings.where(col<&Reading::sensor> == "north")
                      .select(rowan::count(), rowan::sum(col<&Reading::value>), rowan::max(col<&Reading::note>))
                      .one();
              right = right && row && std::get<0>(*row) == 100;
          }) == 0);
    CHECK(allocations([&] {
              const auto rows = readings.where(col<&Reading::number> >= 0).limit(100).all();
              right = right && size_of(rows) == 100;
          }) == growth<Reading, Db>(100));
    CHECK(allocations([&] {
              const auto rows = readings.query().select(col<&Reading::id>, col<&Reading::value> * 2).all();
              right = right && size_of(rows) == 100;
          }) == (growth<std::tuple<std::int64_t, double>, Db>(100)));
    CHECK(allocations([&] {
              const auto rows = fixture.connection.template query<Reading>(
                  sql<"SELECT * FROM reading WHERE number < $1 AND sensor = $2">, 50, sensor);
              right = right && size_of(rows) == 50;
          }) == growth<Reading, Db>(50));
    // A long text is the row's own.
    rowan::must(readings.patch(1, set<& Reading::sensor> = std::string(100, 'x')));
    CHECK(allocations([&] {
              const auto row = readings.find(1);
              right = right && row && *row && (*row)->sensor.size() == 100;
          }) == 1);
    CHECK(right);
}

TEST_CASE_TEMPLATE("a row that is written again costs no memory", Db, Sqlite, Postgres) {
    Readings<Db> fixture;
    auto& readings = fixture.readings;
    bool right = true;
    const Reading fresh{.sensor = "south", .note = "wet"};
    std::int64_t id = 1000;
    CHECK(allocations([&] {
              const auto stored = readings.insert(fresh);
              right = right && stored && stored->id > 100;
          }) == 0);
    CHECK(allocations([&] {
              const auto stored = readings.insert({.id = ++id, .sensor = "own key"});
              right = right && stored && stored->id == id;
          }) == 0);
    CHECK(allocations([&] {
              const auto stored = readings.update({.id = 7, .sensor = "west"});
              right = right && stored && stored->sensor == "west";
          }) == 0);
    CHECK(allocations([&] {
              const auto stored =
                  readings.patch(8, set<& Reading::value> = col<&Reading::value> + 1, set<& Reading::note> = "patched",
                                 set<& Reading::time> = rowan::Timestamp{});
              right = right && stored && stored->note == "patched";
          }) == 0);
    CHECK(allocations([&] {
              const auto done =
                  readings.upsert({.id = 9, .sensor = "east"}, rowan::on_conflict<&Reading::id>.do_update());
              right = right && done && *done == rowan::Upserted::updated;
          }) == 0);
    CHECK(allocations([&] {
              const auto done = readings.upsert(
                  {.id = 9, .number = 1},
                  rowan::on_conflict<&Reading::id>
                      .do_update(set<&Reading::number> = col<&Reading::number> + rowan::excluded<&Reading::number>)
                      .where(col<&Reading::number> < 1000));
              right = right && done && *done == rowan::Upserted::updated;
          }) == 0);
    CHECK(allocations([&] {
              const auto erased = readings.erase(id--);
              right = right && erased && *erased;
          }) == 0);
    CHECK(right);
}

TEST_CASE_TEMPLATE("rows that are changed by criteria, or by hand, cost no memory", Db, Sqlite, Postgres) {
    Readings<Db> fixture;
    auto& readings = fixture.readings;
    bool right = true;
    CHECK(allocations([&] {
              const auto changed =
                  readings.where(col<&Reading::sensor> == "north" and col<&Reading::number> < 10)
                      .update(set<& Reading::value> = col<&Reading::value> + 1, set<& Reading::note> = "changed");
              right = right && changed && *changed == 10;
          }) == 0);
    CHECK(allocations([&] {
              const auto changed = readings.everywhere().update(set<& Reading::valid> = true);
              right = right && changed && *changed == 100;
          }) == 0);
    CHECK(allocations([&] {
              const auto erased = readings.where(col<&Reading::number> > 4711).erase();
              right = right && erased && *erased == 0;
          }) == 0);
    CHECK(allocations([&] {
              const auto changed =
                  fixture.connection.execute(sql<"UPDATE reading SET note = $2 WHERE number > $1">, 49, "by hand");
              right = right && changed && *changed == 50;
          }) == 0);
    CHECK(right);
}

TEST_CASE_TEMPLATE("a transaction costs no memory, whatever is done in it", Db, Sqlite, Postgres) {
    Readings<Db> fixture;
    bool right = true;
    CHECK(allocations([&] {
              const auto done = fixture.connection.transaction(
                  [](auto& tx) { return rowan::repository<Reading>(tx).patch(1, set<&Reading::value> = 5); });
              right = right && done && done->value == 5;
          }) == 0);
    CHECK(allocations([&] {
              auto tx = fixture.connection.begin();
              right = right && tx && rowan::repository<Reading>(*tx).erase(2) && tx->rollback();
          }) == 0);
    CHECK(right);
    CHECK(rowan::must(fixture.readings.exists(2)));
}

TEST_CASE_TEMPLATE("a step of a pipeline costs no memory, though it is called twice", Db, Sqlite, Postgres) {
    Readings<Db> fixture;
    bool right = true;
    const auto insert = [](auto& step, int) { return rowan::repository<Reading>(step).insert({.sensor = "south"}); };
    const auto cost_of = [&](std::size_t steps) {
        const std::vector<int> items(steps);
        return allocations([&] {
            for (const auto& stored : fixture.connection.pipeline_each(items, insert)) right = right && stored;
        });
    };
    // Vectors of results grow, but not with each step.
    CHECK(cost_of(200) <= cost_of(100) + 5);
    CHECK(right);
}

TEST_CASE_TEMPLATE("a Database adds no memory to that of its connection", Db, Sqlite, Postgres) {
    Readings<Db> fixture;
    auto database = rowan::must(rowan::open(fixture.url()));
    auto readings = rowan::repository<Reading>(database);
    bool right = true;
    CHECK(allocations([&] {
              const auto row = readings.find(7);
              right = right && row && *row && (*row)->number == 6;
          }) == 0);
    CHECK(allocations([&] {
              const auto stored = readings.insert({.sensor = "south"});
              right = right && stored;
          }) == 0);
    CHECK(allocations([&] {
              const auto rows = readings.where(col<&Reading::sensor> == "north").all();
              right = right && size_of(rows) == 100;
              // SQLite remembers how many rows the statement gave the last time.
          }) == 1);
    CHECK(right);
}
