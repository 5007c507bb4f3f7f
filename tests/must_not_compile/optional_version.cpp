// error: rowan: a rowan::Version, UpdatedAt or CreatedAt is never missing: take it
#include <rowan/rowan.hpp>

struct Row {
    std::int64_t id{};
    std::string name{};
#ifdef ROWAN_CONTROL
    rowan::Version version{};
#else
    std::optional<rowan::Version> version{};
#endif
};

auto use(rowan::Database& db) { return rowan::Repository<Row>{db}.update(Row{}); }
