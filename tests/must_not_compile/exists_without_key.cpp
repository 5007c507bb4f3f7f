// error: rowan: this struct has no key: call a member id, or describe one with .key<&T::member>()
#include <rowan/rowan.hpp>

struct Row {
#ifdef ROWAN_CONTROL
    std::int64_t id{};
#else
    std::int64_t number{};
#endif
    std::string name{};
};

auto use(rowan::Database& db) { return rowan::Repository<Row>{db}.exists(1); }
