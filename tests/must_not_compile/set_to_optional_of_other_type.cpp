// error: rowan: an integer column is compared with something that is no integer: convert the value to the member's type
#include <rowan/query/assignment.hpp>
#include <rowan/types/all.hpp>

struct Maybe {
    std::optional<std::int32_t> number{};
};

auto use() {
#ifdef ROWAN_CONTROL
    return rowan::set<&Maybe::number> = std::optional<std::int64_t>{1};
#else
    return rowan::set<&Maybe::number> = std::optional<double>{1};
#endif
}
