#include <benchmark/benchmark.h>
#include <dlfcn.h>
#include <support/suite.hpp>

#if __has_include(<valgrind/callgrind.h>)
#include <valgrind/callgrind.h>
#else
// Without valgrind's header there is no valgrind to run under.
#define CALLGRIND_START_INSTRUMENTATION
#define CALLGRIND_STOP_INSTRUMENTATION
#define CALLGRIND_ZERO_STATS
#define CALLGRIND_DUMP_STATS_AT(mark) (void)(mark)
#endif

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <map>

namespace bench {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

struct Candidate {
    std::string competitor;
    std::unique_ptr<Subject> subject;
    std::uint64_t sum = 0;
    /// What the preparation and the work took once.
    double preparation = 0, seconds = 0;
    /// Nanoseconds a unit, one a round.
    std::vector<double> times{};
    std::map<std::string, std::vector<double>> figures{};
};

/// Takes the results out of Google Benchmark.
class Collector : public benchmark::BenchmarkReporter {
public:
    explicit Collector(std::vector<Candidate>& candidates, std::size_t units)
        : candidates_{candidates}, units_{units} {}

    bool ReportContext(const Context&) override { return true; }
    void ReportRuns(const std::vector<Run>& runs) override {
        for (const Run& run : runs) {
            if (run.error_occurred) fail(run.benchmark_name() + ": " + run.error_message);
            if (run.run_type != Run::RT_Iteration) continue;
            Candidate& candidate = candidates_[static_cast<std::size_t>(run.family_index)];
            const double seconds = run.real_accumulated_time / static_cast<double>(run.iterations);
            candidate.times.push_back(seconds * 1e9 / static_cast<double>(units_));
            for (const auto& [name, value] : run.counters) candidate.figures[name].push_back(value);
        }
    }

private:
    std::vector<Candidate>& candidates_;
    std::size_t units_;
};

/// Work that takes long varies less, and is to end.
int rounds_of(double seconds, int most) {
    if (seconds > 1) return std::min(most, 3);
    if (seconds > 0.25) return std::min(most, 5);
    return seconds > 0.05 ? std::min(most, 7) : most;
}

void time_rounds(std::vector<Candidate>& candidates, const Group& group, int most_rounds) {
    double slowest = 0;
    double slowest_preparation = 0;
    for (const Candidate& candidate : candidates) {
        slowest = std::max(slowest, candidate.seconds);
        slowest_preparation = std::max(slowest_preparation, candidate.preparation);
    }
    const int rounds = rounds_of(slowest + slowest_preparation, most_rounds);
    for (Candidate& candidate : candidates) {
        // Some ten milliseconds of work a round, but not much more of preparation.
        const double wanted = std::min(0.012 / candidate.seconds, 0.015 / std::max(candidate.preparation, 1e-6));
        const auto iterations = static_cast<benchmark::IterationCount>(std::clamp(wanted, 1.0, 50.0));
        benchmark::RegisterBenchmark(candidate.competitor.c_str(),
                                     [&candidate](benchmark::State& state) {
                                         for ([[maybe_unused]] auto _ : state) {
                                             candidate.subject->prepare();
                                             const Clock::time_point begin = Clock::now();
                                             const std::uint64_t sum = candidate.subject->work();
                                             state.SetIterationTime(seconds_since(begin));
                                             if (sum != candidate.sum)
                                                 state.SkipWithError("did other work than before");
                                         }
                                         for (const auto& [name, value] : candidate.subject->figures())
                                             state.counters[name] = value;
                                     })
            ->UseManualTime()
            ->Iterations(iterations)
            ->Repetitions(rounds);
    }
    Collector collector{candidates, group.units};
    benchmark::RunSpecifiedBenchmarks(&collector);
    benchmark::ClearRegisteredBenchmarks();
}

/// The calls of operator new and of malloc (which has those of operator new in it) since the program began.
struct Allocations {
    unsigned long operator_new = 0, malloc = 0;
};

Allocations allocations_now() {
    using Read = void (*)(unsigned long*, unsigned long*);
    static const auto read = reinterpret_cast<Read>(dlsym(RTLD_DEFAULT, "rowan_count_allocations"));
    if (read == nullptr) fail("the counting library is not there: benchmarks/run preloads it");
    Allocations now;
    read(&now.operator_new, &now.malloc);
    return now;
}

std::string quoted(const std::string& text) { return '"' + text + '"'; }

std::string list(const std::vector<double>& values) {
    std::string text = "[";
    for (const double value : values) {
        char digits[32];
        std::snprintf(digits, sizeof digits, "%.2f", value);
        if (text.size() > 1) text += ", ";
        text += digits;
    }
    return text + "]";
}

}  // namespace

void Suite::add(const Group& group, std::string competitor, Make make) {
    const auto same = [&](const Contest& contest) { return contest.group == group; };
    auto place = std::find_if(contests_.begin(), contests_.end(), same);
    if (place == contests_.end()) {
        const auto alike = [&](const Contest& contest) {
            return contest.group.database == group.database && contest.group.workload == group.workload;
        };
        const auto last = std::find_if(contests_.rbegin(), contests_.rend(), alike);
        place = contests_.insert(last == contests_.rend() ? contests_.end() : last.base(), Contest{group, {}});
    }
    place->entries.push_back({std::move(competitor), std::move(make)});
}

bool Suite::run(const Settings& settings) {
    using Mode = Settings::Mode;
    std::string name = "rowan_benchmarks";
    std::string interleaving = "--benchmark_enable_random_interleaving=true";
    std::vector<char*> arguments{name.data(), interleaving.data()};
    auto count = static_cast<int>(arguments.size());
    benchmark::Initialize(&count, arguments.data());

    std::string output;
    for (const Contest& contest : contests_) {
        const Group& group = contest.group;
        const std::string title = group.database + ", " + group.workload + ", " + std::to_string(group.rows);
        if (title.find(settings.filter) == std::string::npos) continue;
        std::cerr << title << ':' << std::flush;

        std::vector<Candidate> candidates;
        std::uint64_t expected = 0;
        for (const Entry& entry : contest.entries) {
            Candidate candidate{entry.competitor, entry.make()};
            // This also prepares statements and fills caches.
            const std::uint64_t digest = candidate.subject->check();
            if (candidates.empty()) expected = digest;
            if (digest != expected)
                fail(title + ": " + entry.competitor + " did not do the same work as " + candidates[0].competitor);
            const Clock::time_point prepared_from = Clock::now();
            candidate.subject->prepare();
            candidate.preparation = seconds_since(prepared_from);
            const Clock::time_point begin = Clock::now();
            candidate.sum = candidate.subject->work();
            candidate.seconds = seconds_since(begin);
            (void)candidate.subject->figures();
            if (!candidates.empty() && candidate.sum != candidates[0].sum)
                fail(title + ": " + entry.competitor + " did not do the same work as " + candidates[0].competitor);
            candidates.push_back(std::move(candidate));
        }

        if (settings.mode == Mode::time) time_rounds(candidates, group, settings.rounds);
        for (Candidate& candidate : candidates) {
            std::string figures;
            const auto units = static_cast<double>(group.units);
            const auto add_figure = [&](const std::string& figure, const std::vector<double>& values) {
                figures += ", " + quoted(figure) + ": " + list(values);
            };
            if (settings.mode == Mode::time) {
                add_figure("nanoseconds", candidate.times);
                for (const auto& [figure, values] : candidate.figures) add_figure(figure, values);
                const auto middle = candidate.times.begin() + static_cast<std::ptrdiff_t>(candidate.times.size() / 2);
                std::nth_element(candidate.times.begin(), middle, candidate.times.end());
                std::cerr << "  " << candidate.competitor << ' ' << static_cast<long>(*middle);
            } else if (settings.mode == Mode::allocations) {
                candidate.subject->prepare();
                const Allocations before = allocations_now();
                candidate.subject->work();
                const Allocations after = allocations_now();
                add_figure("operator_new", {static_cast<double>(after.operator_new - before.operator_new) / units});
                add_figure("malloc", {static_cast<double>(after.malloc - before.malloc) / units});
            } else if (settings.mode == Mode::instructions) {
                candidate.subject->prepare();
                CALLGRIND_START_INSTRUMENTATION;
                CALLGRIND_ZERO_STATS;
                candidate.subject->work();
                CALLGRIND_STOP_INSTRUMENTATION;
                // The dump carries its name, and benchmarks/report.py finds it by that.
                const std::string mark = title + " / " + std::to_string(group.units) + ", " + candidate.competitor;
                CALLGRIND_DUMP_STATS_AT(mark.c_str());
            }
            if (!output.empty()) output += ",\n";
            output += "  {\"database\": " + quoted(group.database) + ", \"workload\": " + quoted(group.workload) +
                      ", \"rows\": " + std::to_string(group.rows) +
                      ", \"competitor\": " + quoted(candidate.competitor) + figures + "}";
        }
        std::cerr << (settings.mode == Mode::time ? " ns\n" : " done\n");
    }
    benchmark::Shutdown();
    if (output.empty()) return false;
    if (!settings.output.empty()) {
        std::ofstream file{settings.output};
        file << "[\n" << output << "\n]\n";
        if (!file.flush()) fail("cannot write " + settings.output);
    }
    return true;
}

}  // namespace bench
