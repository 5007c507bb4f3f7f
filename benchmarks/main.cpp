#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <optional>
#include <sqlite/competitors.hpp>
#if ROWAN_BENCHMARK_POSTGRES
#include <postgres/competitors.hpp>
#include <postgres/delay.hpp>
#endif
#include <string>
#include <string_view>
#include <support/suite.hpp>
#include <unistd.h>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

namespace {

/// What benchmarks/run can go on after: some work is not measured in all ways.
constexpr int nothing_fits = 3;

constexpr const char* usage =
    "usage: rowan_benchmarks [--mode=time|allocations|instructions|check] [--full|--tiny] [--rounds=N]\n"
    "                        [--seed=N] [--filter=TEXT] [--output=FILE] [--pinned]\n";

/// Gone with the program.
class ScratchFolder {
public:
    ScratchFolder()
        : path_{std::filesystem::temp_directory_path() / ("rowan_benchmarks_" + std::to_string(::getpid()))} {
        // A disk, not memory, where there is one.
        if (const char* folder = std::getenv("ROWAN_BENCHMARK_SCRATCH"))
            path_ = std::filesystem::path{folder} / path_.filename();
        std::filesystem::create_directories(path_);
    }
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;
    ~ScratchFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

enum class Extent { tiny, ordinary, full };

enum class Where { in_process, server, server_on_one_core };

bench::Sizes sizes_of(Extent extent, bool counting, Where where) {
    using Counts = bench::Sizes::Counts;
    const auto all = [](const Counts& writes, const Counts& reads, const Counts& many, const Counts& page,
                        const Counts& queries, const Counts& batches) {
        return bench::Sizes{.inserts = writes,
                            .changes = writes,
                            .reads = reads,
                            .reads_in_transaction = reads,
                            .latency = reads,
                            .bulk = many,
                            .keyed = many,
                            .many = many,
                            .deep_page = page,
                            .trivial = queries,
                            .complex = queries,
                            .batches = batches};
    };
    if (extent == Extent::tiny) return all({1, 20}, {20}, {20}, {3}, {10}, {10});
    if (counting) {
        // Counts do not vary: fewer rows tell the same. Each call timed for itself is a matter of time alone.
        bench::Sizes sizes = all({500}, {500}, {500}, {100}, {500}, {100});
        sizes.latency = {};
        return sizes;
    }
    // A call over a socket takes twenty times as long, so a server gets fewer rows one by one.
    const std::size_t one_by_one = where == Where::in_process ? 10'000 : 500;
    bench::Sizes sizes =
        all({1, one_by_one}, {one_by_one}, {100, 10'000}, {10'000}, {1, 10, 100, 1'000, 10'000}, {1, 10, 25, 50, 100});
    if (extent == Extent::full) {
        for (Counts* counts : {&sizes.bulk, &sizes.keyed, &sizes.many}) counts->push_back(200'000);
        return sizes;
    }
    sizes.most_one_by_one = where == Where::in_process ? 10'000 : 100;
    sizes.most_of_usual = where == Where::in_process ? bench::Sizes::any : 10'000;
    // With client and server on cores of their own the scheduler has the largest share: not worth the time.
    if (where == Where::server) {
        sizes.deep_page = {1'000};
        return sizes;
    }
    sizes.bulk.push_back(200'000);
    sizes.keyed.push_back(100'000);
    return sizes;
}

bench::Checkouts checkouts_of(Extent extent, bool counting) {
    if (extent == Extent::tiny) return {.threads = {1, 64}, .contending = {64}, .count = 640, .contended = 640};
    if (counting) return {.threads = {1}, .contending = {}, .count = 500};
    return {.threads = {1, 8, 64}, .contending = {8, 64}, .count = 64'000, .contended = 6'400};
}

#if ROWAN_BENCHMARK_POSTGRES
void enter_postgres(bench::Suite& suite, const bench::postgres::Course& course) {
    bench::postgres::enter_usual(suite, course);
    bench::postgres::enter_best(suite, course);
    bench::postgres::enter_rowan(suite, course);
#if ROWAN_BENCHMARK_LIBPQXX
    bench::postgres::enter_libpqxx(suite, course);
#endif
#if ROWAN_BENCHMARK_SOCI_POSTGRES
    bench::postgres::enter_soci(suite, course);
#endif
}
#endif

}  // namespace

int main(int count, char** arguments) {
    using Mode = bench::Settings::Mode;
    bench::Settings settings;
    Extent extent = Extent::ordinary;
    // Whoever calls has put the server and this on one core: PostgreSQL alone, under another name.
    bool pinned = false;
    for (int i = 1; i < count; ++i) {
        const std::string_view argument = arguments[i];
        const std::string_view value = argument.substr(std::min(argument.size(), argument.find('=') + 1));
        if (argument == "--mode=time")
            settings.mode = Mode::time;
        else if (argument == "--mode=allocations")
            settings.mode = Mode::allocations;
        else if (argument == "--mode=instructions")
            settings.mode = Mode::instructions;
        else if (argument == "--mode=check")
            settings.mode = Mode::check;
        else if (argument == "--full")
            extent = Extent::full;
        else if (argument == "--tiny")
            extent = Extent::tiny;
        else if (argument == "--pinned")
            pinned = true;
        else if (argument.starts_with("--rounds=") && std::atoi(value.data()) > 0)
            settings.rounds = std::atoi(value.data());
        else if (argument.starts_with("--seed="))
            settings.seed = static_cast<unsigned>(std::atoi(value.data()));
        else if (argument.starts_with("--filter="))
            settings.filter = value;
        else if (argument.starts_with("--output="))
            settings.output = value;
        else {
            std::fputs(usage, stderr);
            return 2;
        }
    }

#if defined(__GLIBC__)
    // As in a program that has run for a while: memory that is freed stays with the program. Else, who asks the system
    // for new pages is chance.
    if (mallopt(M_MMAP_MAX, 0) == 0 || mallopt(M_TRIM_THRESHOLD, 1 << 30) == 0) {
        std::fputs("the allocator cannot be told to keep memory\n", stderr);
        return 1;
    }
#endif
    try {
        const ScratchFolder scratch;
#if ROWAN_BENCHMARK_POSTGRES
        std::optional<bench::postgres::DelayingProxy> proxy;
#endif
        bench::Suite suite;
        const bool counting = settings.mode == Mode::allocations || settings.mode == Mode::instructions;
        if (!pinned) {
            const bench::sqlite::Course sqlite{scratch.path(), sizes_of(extent, counting, Where::in_process),
                                               checkouts_of(extent, counting)};
            bench::sqlite::enter_usual(suite, sqlite);
            bench::sqlite::enter_best(suite, sqlite);
            bench::sqlite::enter_rowan(suite, sqlite);
            bench::sqlite::enter_pools(suite, sqlite);
#if ROWAN_BENCHMARK_SQLITECPP
            bench::sqlite::enter_sqlitecpp(suite, sqlite);
#endif
#if ROWAN_BENCHMARK_SOCI_SQLITE
            bench::sqlite::enter_soci(suite, sqlite);
#endif
        }
#if ROWAN_BENCHMARK_POSTGRES
        if (const char* server = std::getenv("ROWAN_TEST_POSTGRES")) {
            // A pool is about threads, which one core has no room for.
            const bench::postgres::Course postgres{
                server, pinned ? "PostgreSQL on one core" : "PostgreSQL",
                sizes_of(extent, counting, pinned ? Where::server_on_one_core : Where::server),
                pinned ? bench::Checkouts{} : checkouts_of(extent, counting)};
            enter_postgres(suite, postgres);
            bench::postgres::enter_pools(suite, postgres);
            if (!pinned && !counting) {
                using namespace std::chrono_literals;
                proxy.emplace(server, 500us);
                const bench::postgres::Course away{
                    .server = server,
                    .name = "PostgreSQL 1 ms away",
                    .sizes = {.inserts = {100}, .reads = {100}},
                    .way = proxy->url(),
                };
                enter_postgres(suite, away);
                bench::postgres::enter_pipelined(suite, away);
            }
        } else {
            std::fputs("without PostgreSQL: ROWAN_TEST_POSTGRES is not set\n", stderr);
        }
#endif
        if (!suite.run(settings)) {
            std::fputs("nothing was measured: no benchmark fits the filter\n", stderr);
            return nothing_fits;
        }
    } catch (const std::exception& problem) {
        std::fprintf(stderr, "\nrowan_benchmarks: %s\n", problem.what());
        return 1;
    }
}
