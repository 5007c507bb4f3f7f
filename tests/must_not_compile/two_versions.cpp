// error: rowan: a row has one version, one time of its last change and one of its creation: keep one
#include <rowan/rowan.hpp>

struct Row {
    std::int64_t id{};
    rowan::Version version{};
#ifdef ROWAN_CONTROL
    std::int64_t revision{};
#else
    rowan::Version revision{};
#endif
};

auto use(rowan::Database& db) { return rowan::Repository<Row>{db}.update(Row{}); }
