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
#include <random>

namespace bench {

namespace {

using Clock = std::chrono::steady_clock;

/// What a group's rounds are to take.
constexpr double seconds_of_rounds = 0.9;

double seconds_since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

/// What a competitor does in each round.
struct Turn {
    benchmark::IterationCount iterations = 1;
    /// One more piece of work comes first and is not timed, as the caches are another competitor's.
    bool warms_up = false;
    /// About what all of it takes.
    double seconds = 0;
};

struct Candidate {
    std::string competitor;
    const Suite::Make* make;
    std::unique_ptr<Subject> subject{};
    std::uint64_t digest = 0, sum = 0;
    /// What the preparation and the work took once.
    double preparation = 0, seconds = 0;
    Turn turn{};
    /// Nanoseconds a unit, one a round.
    std::vector<double> times{};
    std::map<std::string, std::vector<double>> figures{};
};

void set_up(Candidate& candidate) {
    candidate.subject = (*candidate.make)();
    // This also prepares statements and fills caches.
    candidate.digest = candidate.subject->check();
    const Clock::time_point prepared_from = Clock::now();
    candidate.subject->prepare();
    const Clock::time_point worked_from = Clock::now();
    candidate.sum = candidate.subject->work();
    candidate.seconds = seconds_since(worked_from);
    candidate.preparation = std::chrono::duration<double>(worked_from - prepared_from).count();
    (void)candidate.subject->figures();
}

/// Sets them up in this order, and sees that they do the same work.
void set_up(const std::vector<Candidate*>& order) {
    const Candidate& first = *order.front();
    for (Candidate* candidate : order) {
        set_up(*candidate);
        if (candidate->digest != first.digest || candidate->sum != first.sum)
            fail(candidate->competitor + " did not do the same work as " + first.competitor);
    }
}

/// Takes the results of one round out of Google Benchmark, whose families are the competitors in the round's order.
class Collector : public benchmark::BenchmarkReporter {
public:
    Collector(const std::vector<Candidate*>& order, std::size_t units) : order_{order}, units_{units} {}

    bool ReportContext(const Context&) override { return true; }
    void ReportRuns(const std::vector<Run>& runs) override {
        for (const Run& run : runs) {
            if (run.error_occurred) fail(run.benchmark_name() + ": " + run.error_message);
            Candidate& candidate = *order_[static_cast<std::size_t>(run.family_index)];
            const double seconds = run.real_accumulated_time / static_cast<double>(run.iterations);
            candidate.times.push_back(seconds * 1e9 / static_cast<double>(units_));
            for (const auto& [name, value] : run.counters) candidate.figures[name].push_back(value);
        }
    }

private:
    const std::vector<Candidate*>& order_;
    std::size_t units_;
};

double timed_work(Candidate& candidate) {
    candidate.subject->prepare();
    const Clock::time_point begin = Clock::now();
    const std::uint64_t sum = candidate.subject->work();
    const double seconds = seconds_since(begin);
    if (sum != candidate.sum) fail(candidate.competitor + " did other work than before");
    return seconds;
}

Turn turn_of(const Candidate& candidate, bool warms_up) {
    Turn turn;
    turn.warms_up = warms_up;
    // Some five milliseconds of work, but not much more of preparation.
    const double wanted = std::min(0.005 / candidate.seconds, 0.0075 / candidate.preparation);
    turn.iterations = static_cast<benchmark::IterationCount>(std::clamp(wanted, 1.0, 10'000.0));
    const double pieces = static_cast<double>(turn.iterations) + (warms_up ? 1 : 0);
    turn.seconds = pieces * (candidate.seconds + candidate.preparation);
    return turn;
}

void take_turn(Candidate& candidate, benchmark::State& state) {
    if (candidate.turn.warms_up) {
        timed_work(candidate);
        (void)candidate.subject->figures();
    }
    for ([[maybe_unused]] auto _ : state) state.SetIterationTime(timed_work(candidate));
    for (const auto& [name, value] : candidate.subject->figures()) state.counters[name] = value;
}

/// Google Benchmark's own interleaving shuffles all repetitions of all competitors, so that those of the same number
/// may lie far apart. Here it is asked for one round at a time.
void run_round(const std::vector<Candidate*>& order, std::size_t units) {
    for (Candidate* candidate : order) {
        const auto run = [candidate](benchmark::State& state) { take_turn(*candidate, state); };
        benchmark::RegisterBenchmark(candidate->competitor.c_str(), run)
            ->UseManualTime()
            ->Iterations(candidate->turn.iterations);
    }
    Collector collector{order, units};
    benchmark::RunSpecifiedBenchmarks(&collector);
    benchmark::ClearRegisteredBenchmarks();
}

/// The rounds of competitors that have been set up.
void time_rounds(std::vector<Candidate*> order, std::size_t units, int most_rounds, std::mt19937& random) {
    const auto quicker = [](const Candidate* a, const Candidate* b) { return a->seconds < b->seconds; };
    // Of long work, filling the caches is a small part. What one does, all do.
    const bool warm_up = (*std::min_element(order.begin(), order.end(), quicker))->seconds < 0.03;
    double seconds = 0;
    for (Candidate* candidate : order) {
        candidate->turn = turn_of(*candidate, warm_up);
        seconds += candidate->turn.seconds;
    }
    const int fitting = static_cast<int>(std::min(seconds_of_rounds / seconds, 1e6));
    const int rounds = std::min(most_rounds, std::max(fitting, 2));
    for (int round = 0; round != rounds; ++round) {
        std::shuffle(order.begin(), order.end(), random);
        run_round(order, units);
    }
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
    std::vector<char*> arguments{name.data()};
    auto count = static_cast<int>(arguments.size());
    benchmark::Initialize(&count, arguments.data());

    std::mt19937 random{settings.seed};
    if (settings.mode == Mode::time) std::cerr << "seed " << settings.seed << '\n';
    std::string output;
    for (const Contest& contest : contests_) {
        const Group& group = contest.group;
        const std::string title = group.database + ", " + group.workload + ", " + std::to_string(group.rows);
        if (title.find(settings.filter) == std::string::npos) continue;
        std::cerr << title << ':' << std::flush;

        std::vector<Candidate> candidates;
        for (const Entry& entry : contest.entries) candidates.push_back({entry.competitor, &entry.make});
        std::vector<Candidate*> order;
        for (Candidate& candidate : candidates) order.push_back(&candidate);
        // Nobody is always the first to get memory.
        if (settings.mode == Mode::time) std::shuffle(order.begin(), order.end(), random);
        set_up(order);
        if (settings.mode == Mode::time) time_rounds(order, group.units, settings.rounds, random);
        for (Candidate& candidate : candidates) {
            std::string figures;
            const auto units = static_cast<double>(group.units);
            const auto add_figure = [&](const std::string& figure, const std::vector<double>& values) {
                figures += ", " + quoted(figure) + ": " + list(values);
            };
            if (settings.mode == Mode::time) {
                add_figure("nanoseconds", candidate.times);
                for (const auto& [figure, values] : candidate.figures) add_figure(figure, values);
                std::vector<double> times = candidate.times;
                const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
                std::nth_element(times.begin(), middle, times.end());
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
