// error: rowan: a rowan::Version, UpdatedAt or CreatedAt is written by rowan itself: leave it out
#include <rowan/rowan.hpp>

struct Row {
    std::int64_t id{};
    std::string name{};
    rowan::UpdatedAt updated_at{};
};

auto use(rowan::Database& db) {
#ifdef ROWAN_CONTROL
    return rowan::Repository<Row>{db}.everywhere().update(rowan::set<&Row::name> = "new");
#else
    return rowan::Repository<Row>{db}.everywhere().update(rowan::set<&Row::updated_at> = rowan::Timestamp{});
#endif
}
