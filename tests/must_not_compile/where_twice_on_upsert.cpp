// error: rowan: where was called twice: join the conditions with and
#include <rowan/query/functions.hpp>
#include <rowan/query/upsert.hpp>
#include <rowan/types/all.hpp>

struct Row {
    std::int64_t id{};
    std::string name{};
    std::int32_t number{};
    double real{};
    std::optional<std::string> note{};
    rowan::Timestamp time{};
};

auto use() {
#ifdef ROWAN_CONTROL
    return rowan::on_conflict<&Row::id>.do_update().where(rowan::col<&Row::number> > 1);
#else
    return rowan::on_conflict<&Row::id>.do_update().where(rowan::col<&Row::number> > 1).where(rowan::col<&Row::real> > 1);
#endif
}
