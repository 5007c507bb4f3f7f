// Imports one-minute candles from a CSV file, three times, and shows what the database then holds.
//
//     example_candles --file PATH | FOLDER      without either, ROWAN_EXAMPLE_DATA is the folder of candles.csv
//
// DATABASE_URL names the database; without it, the file candles.db. No rows but those of the file are written.

#include <algorithm>
#include <iostream>
#include <span>

#include "candle.hpp"
#include "report.hpp"
#include "terminal.hpp"

/// Upserts in batches. Each goes in as a whole or not at all, so an import that was stopped can be run again.
template <class Policy>
rowan::Result<void> import(const char* name, Candles& candles, std::span<const Candle> rows, Policy policy) {
    constexpr std::size_t batch = 1000;
    rowan::UpsertCounts sum;
    const Stopwatch watch;
    Progress progress{name, rows.size()};
    for (std::size_t at = 0; at < rows.size(); at += batch) {
        const auto done = candles.upsert(rows.subspan(at, std::min(batch, rows.size() - at)), policy);
        if (!done) return rowan::Failure(done.error());
        sum.inserted += done->inserted;
        sum.updated += done->updated;
        sum.unchanged += done->unchanged;
        progress.show(std::min(at + batch, rows.size()));
    }
    progress.clear();
    std::printf("  %-20s %10s %10s %10s %s\n", name, with_commas(sum.inserted).c_str(),
                with_commas(sum.updated).c_str(), with_commas(sum.unchanged).c_str(), watch.rate(rows.size()).c_str());
    return {};
}

rowan::Result<void> run(const std::string& url, const std::vector<Candle>& rows) {
    auto db = rowan::open(url);
    if (!db) return rowan::Failure(db.error());
    Candles candles{*db};
    if (auto made = candles.create_table(); !made) return made;

    std::printf("\n%s\n", paint(Colour::bold, "Import                        new    updated  unchanged").c_str());
    if (auto done = import("do_nothing()", candles, rows, on_same_candle.do_nothing()); !done) return done;
    if (auto done = import("do_nothing() again", candles, rows, on_same_candle.do_nothing()); !done) return done;
    if (auto done = import("do_update()", candles, rows, on_same_candle.do_update()); !done) return done;

    std::vector<Candle> kinds;
    for (const Candle& row : rows)
        if (std::none_of(kinds.begin(), kinds.end(), [&](const Candle& kind) { return same_series(kind, row); }))
            kinds.push_back(row);
    if (auto shown = show_latest(candles, kinds); !shown) return shown;
    return show_last_hour(candles, kinds.front());
}

int main(int argc, char** argv) {
    const std::vector<std::string> arguments{argv + 1, argv + argc};
    const char* const data = std::getenv("ROWAN_EXAMPLE_DATA");
    const char* const url = std::getenv("DATABASE_URL");
    std::string path = (data != nullptr         ? data
                        : arguments.size() == 1 ? arguments[0]
                                                : "examples/data") +
                       "/candles.csv";
    if (arguments.size() == 2 && arguments[0] == "--file") path = arguments[1];

    const Stopwatch watch;
    const auto file = read_candles(path);
    if (!file) {
        std::cerr << "cannot read " << path << '\n';
        return 1;
    }
    show_file(*file, watch.rate(file->candles.size()));
    if (file->candles.empty()) return 1;
    if (const auto done = run(url != nullptr ? url : "sqlite:candles.db", file->candles); !done) {
        std::cerr << done.error().to_string() << '\n';
        return 1;
    }
}
