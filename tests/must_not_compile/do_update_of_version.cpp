// error: rowan: a rowan::Version, UpdatedAt or CreatedAt is written by rowan itself: leave it out
#include <rowan/rowan.hpp>

struct Row {
    std::int64_t id{};
    std::string name{};
    rowan::Version version{};
};

auto use(rowan::Database& db, const Row& row) {
#ifdef ROWAN_CONTROL
    return rowan::Repository<Row>{db}.upsert(row, rowan::on_conflict<&Row::id>.do_update<&Row::name>());
#else
    return rowan::Repository<Row>{db}.upsert(row, rowan::on_conflict<&Row::id>.do_update<&Row::version>());
#endif
}
