// error: rowan: an integer column is compared with something that is no integer: convert the value to the member's type
#include <rowan/rowan.hpp>

#include <chrono>

enum class Colour { red, green };
enum class Size { small, large };
struct Row {
    std::int64_t id{};
    int number{};
    float single{};
    double real{};
    bool flag{};
    std::string text{};
    std::vector<std::byte> bytes{};
    Colour colour{};
    rowan::Timestamp time{};
    std::chrono::year_month_day day{};
    std::optional<int> maybe{};
};
struct Other {
    std::int64_t id{};
    std::string text{};
};

auto use(rowan::Database& db) {
#ifdef ROWAN_CONTROL
    return rowan::Repository<Row>{db}.where(rowan::col<&Row::number> == 1).all();
#else
    return rowan::Repository<Row>{db}.where(rowan::col<&Row::number> == true).all();
#endif
}
