// Every statement as a line of spdlog (https://github.com/gabime/spdlog): what has failed as a warning. On the database
// that DATABASE_URL names, or in memory. Built where CMake finds spdlog.

#include <rowan/observe.hpp>
#include <rowan/rowan.hpp>

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <spdlog/spdlog.h>
#include <string>
#include <string_view>

struct Ticket {
    std::int64_t id{};
    std::string title{};
};

template <>
inline constexpr auto rowan::table<Ticket> =
    rowan::describe<Ticket>("ticket").in("rowan_spdlog").unique<&Ticket::title>();

int main() {
    const char* const url = std::getenv("DATABASE_URL");
    auto db = rowan::must(rowan::open(url != nullptr ? url : "sqlite::memory:"));
    db.observe(std::make_shared<rowan::StatementLog>([](std::string_view line, const rowan::Error* error) {
        spdlog::log(error == nullptr ? spdlog::level::info : spdlog::level::warn, "{}", line);
    }));

    rowan::Repository<Ticket> tickets{db};
    rowan::must(tickets.drop_table());
    rowan::must(tickets.create_table());
    rowan::must(tickets.insert({.title = "The log is silent"}));
    (void)tickets.insert({.title = "The log is silent"});
    rowan::must(tickets.drop_table());
}
