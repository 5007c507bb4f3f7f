// error: rowan: a left-joined struct needs a member that is not std::optional, to tell a missing row from one of NULLs
#include <rowan/repository/repository.hpp>
#include <rowan/sqlite.hpp>

struct Row {
    std::int64_t id{};
    std::string name{};
    std::int32_t number{};
    double real{};
    std::optional<std::string> note{};
    rowan::Timestamp time{};
};
struct Maybe {
    std::optional<std::int32_t> number{};
    std::optional<std::string> text{};
};

auto use(rowan::sqlite::Connection& db) {
#ifdef ROWAN_CONTROL
    return rowan::from<Row>(db)
        .left_join<Maybe>(rowan::col<&Maybe::number> == rowan::col<&Row::number>)
        .select(rowan::col<&Row::id>)
        .all();
#else
    return rowan::from<Row>(db).left_join<Maybe>(rowan::col<&Maybe::number> == rowan::col<&Row::number>).all();
#endif
}
