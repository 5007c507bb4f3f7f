// A small service: four threads write candles, two read them, over one rowan::Database. The database is the one that
// DATABASE_URL names, or the SQLite file service.db.
//
// Each writer books ticks: in one transaction it adds to the candles of five symbols and notes that it has done so. The
// writers meet on the same candles, so a transaction may fail for the sake of another one, and is run again. A reader
// looks at one moment of the database, page by page, and finds nothing half done.

#include <rowan/observe.hpp>
#include <rowan/rowan.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <iomanip>
#include <iostream>
#include <latch>
#include <memory>
#include <string>
#include <thread>
#include <vector>

struct Bar {
    std::int64_t id{};
    std::string symbol{};
    rowan::Timestamp start_time{};
    double high{}, low{}, close{};
    std::int64_t volume{};
};

struct Booking {
    std::int64_t id{};
    std::int32_t writer{};
    std::int64_t volume{};
};

template <>
inline constexpr auto rowan::table<Bar> =
    rowan::describe<Bar>("service_bars").key<&Bar::id>(rowan::generated).unique<&Bar::symbol, &Bar::start_time>();
template <>
inline constexpr auto rowan::table<Booking> =
    rowan::describe<Booking>("service_bookings").key<&Booking::id>(rowan::generated);

namespace {

using namespace std::chrono_literals;
using rowan::Result;

constexpr int writers = 4;
constexpr int readers = 2;
constexpr int bookings = 100;  // of each writer
constexpr int minutes = 20;
constexpr std::array symbols{"BTC-USD", "ETH-USD", "LTC-USD", "SOL-USD", "XRP-USD"};
constexpr std::int64_t volume_of_booking = 2 * static_cast<std::int64_t>(symbols.size());

struct Service {
    rowan::Database db;
    std::latch start{writers + readers};
    std::atomic<int> writing{writers};
    std::atomic<int> attempts{0};
    std::atomic<int> looks{0};
    std::atomic<int> failures{0};

    /// Counts what failed, and tells.
    template <class T>
    bool good(const Result<T>& result) {
        if (result) return true;
        ++failures;
        std::cerr << result.error().to_string() + "\n";
        return false;
    }
};

/// What the ticks of one booking are as bars.
std::vector<Bar> ticks(int writer, int number) {
    const rowan::Timestamp minute =
        std::chrono::sys_days{std::chrono::year{2026} / 1 / 2} + std::chrono::minutes{number % minutes};
    std::vector<Bar> bars;
    for (const char* symbol : symbols) {
        const double price = 100 + writer;
        bars.push_back(
            {.symbol = symbol, .start_time = minute, .high = price, .low = price, .close = price, .volume = 2});
    }
    return bars;
}

Result<void> book(rowan::Transaction& tx, int writer, int number) {
    rowan::Repository<Bar, rowan::Transaction> bars{tx};
    auto done = bars.upsert(ticks(writer, number),
                            rowan::on_conflict<&Bar::symbol, &Bar::start_time>.do_update(
                                rowan::set<& Bar::close> = rowan::excluded<&Bar::close>,
                                rowan::set<& Bar::volume> = rowan::col<&Bar::volume> + rowan::excluded<&Bar::volume>));
    if (!done) return rowan::Failure(done.error());
    auto noted = rowan::repository<Booking>(tx).insert({.writer = writer, .volume = volume_of_booking});
    if (!noted) return rowan::Failure(noted.error());
    return {};
}

void write(Service& service, int writer) {
    service.start.arrive_and_wait();
    const rowan::retry patiently{.attempts = 100, .base = 1ms, .limit = 50ms};
    for (int number = 0; number != bookings; ++number) {
        const auto booked = service.db.transaction(patiently, {.isolation = rowan::Isolation::repeatable_read},
                                                   [&](rowan::Transaction& tx) {
                                                       ++service.attempts;
                                                       return book(tx, writer, number);
                                                   });
        if (!service.good(booked)) break;
    }
    --service.writing;
}

/// All bars of the moment, ten at a time.
Result<std::int64_t> volume_of_all(rowan::ReadOnly& reader) {
    const auto in_order = rowan::repository<Bar>(reader).order_by(rowan::desc<&Bar::start_time>, rowan::asc<&Bar::id>);
    std::int64_t volume = 0;
    auto page = in_order.limit(10).all();
    while (page && !page->empty()) {
        for (const Bar& bar : *page) volume += bar.volume;
        page = in_order.after(in_order.cursor(page->back())).limit(10).all();
    }
    if (!page) return rowan::Failure(page.error());
    return volume;
}

void read(Service& service) {
    service.start.arrive_and_wait();
    do {
        const auto looked = service.db.read_only({.isolation = rowan::Isolation::repeatable_read},
                                                 [](rowan::ReadOnly& reader) -> Result<bool> {
                                                     const auto booked = rowan::repository<Booking>(reader).count();
                                                     if (!booked) return rowan::Failure(booked.error());
                                                     const auto volume = volume_of_all(reader);
                                                     if (!volume) return rowan::Failure(volume.error());
                                                     return *volume == *booked * volume_of_booking;
                                                 });
        if (service.good(looked) && !*looked) {
            ++service.failures;
            std::cerr << "a reader saw a booking that was only half there\n";
        }
        ++service.looks;
        std::this_thread::sleep_for(2ms);
    } while (service.writing != 0);
}

/// What must be there at the end.
void check(Service& service) {
    const auto count = rowan::Repository<Booking>{service.db}.count();
    const auto volume = service.db.read_only([](rowan::ReadOnly& reader) { return volume_of_all(reader); });
    if (!service.good(count) || !service.good(volume)) return;
    std::cout << *count << " bookings with a volume of " << *volume << " in "
              << rowan::must(rowan::Repository<Bar>{service.db}.count()) << " candles\n";
    if (*count != writers * bookings || *volume != *count * volume_of_booking) {
        ++service.failures;
        std::cerr << "something was lost, or stored twice\n";
    }
}

void print(const rowan::PoolStatistics& pool) {
    const auto milliseconds = std::chrono::duration<double, std::milli>{pool.wait_time}.count();
    std::cout << "the pool: " << pool.open << " connections, " << pool.in_use << " in use, " << pool.created
              << " created; " << pool.checkouts << " checkouts, " << pool.waits << " had to wait, for " << std::fixed
              << std::setprecision(1) << milliseconds << " ms in all, " << pool.timeouts << " in vain\n";
}

}  // namespace

int main() {
    const char* const url = std::getenv("DATABASE_URL");
    auto opened = rowan::open(url != nullptr ? url : "sqlite:service.db", {.size = 4, .max_overflow = 0});
    if (!opened) {
        std::cerr << opened.error().to_string() << '\n';
        return 1;
    }
    Service service{.db = *std::move(opened)};
    rowan::Repository<Bar> bars{service.db};
    rowan::Repository<Booking> booked{service.db};
    rowan::must(bars.drop_table());
    rowan::must(booked.drop_table());
    rowan::must(bars.create_table());
    rowan::must(booked.create_table());
    const auto summary = std::make_shared<rowan::StatementSummary>();
    service.db.observe(summary);

    const auto begin = std::chrono::steady_clock::now();
    std::vector<std::thread> threads;
    for (int writer = 0; writer != writers; ++writer) threads.emplace_back([&, writer] { write(service, writer); });
    for (int reader = 0; reader != readers; ++reader) threads.emplace_back([&] { read(service); });
    for (std::thread& thread : threads) thread.join();
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;

    check(service);
    std::cout << service.attempts << " attempts of " << writers * bookings << " transactions, " << service.looks
              << " looks at it meanwhile, in " << std::fixed << std::setprecision(0) << took.count() << " ms\n";
    print(service.db.pool().statistics());
    std::cout << summary->to_text();

    rowan::must(bars.drop_table());
    rowan::must(booked.drop_table());
    return service.failures == 0 ? 0 : 1;
}
