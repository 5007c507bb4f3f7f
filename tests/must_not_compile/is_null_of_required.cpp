// error: rowan: this is never NULL here: the member is not a std::optional, and its table is not left-joined
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
    return rowan::Repository<Row>{db}.where(rowan::col<&Row::maybe>.is_null()).all();
#else
    return rowan::Repository<Row>{db}.where(rowan::col<&Row::number>.is_null()).all();
#endif
}
