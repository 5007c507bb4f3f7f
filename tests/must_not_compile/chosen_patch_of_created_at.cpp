// error: rowan: a rowan::Version, UpdatedAt or CreatedAt is written by rowan itself: leave it out
#include <rowan/rowan.hpp>

struct Row {
    std::int64_t id{};
    std::string name{};
    rowan::CreatedAt created_at{};
};

auto use() {
    rowan::Patch<Row> patch;
#ifdef ROWAN_CONTROL
    patch.set<&Row::name>("new");
#else
    patch.set<&Row::created_at>(rowan::Timestamp{});
#endif
    return patch;
}
