// error: rowan: this struct has no rowan::Version that could be compared: give it one, or leave
#include <rowan/rowan.hpp>

struct Row {
    std::int64_t id{};
    std::string name{};
};

auto use(rowan::Database& db) {
#ifdef ROWAN_CONTROL
    return rowan::Repository<Row>{db}.erase(1);
#else
    return rowan::Repository<Row>{db}.erase(rowan::at_version(1, 3));
#endif
}
