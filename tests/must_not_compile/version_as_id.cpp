// error: rowan: a rowan::Version, UpdatedAt or CreatedAt cannot belong to the key, as rowan itself writes it
#include <rowan/rowan.hpp>

struct Row {
#ifdef ROWAN_CONTROL
    std::int64_t id{};
#else
    rowan::Version id{};
#endif
    std::string name{};
};

auto use(rowan::Database& db) { return rowan::Repository<Row>{db}.all(); }
