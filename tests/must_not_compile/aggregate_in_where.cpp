// error: rowan: where chooses rows before they are grouped, so that no aggregate can stand in it: say having(...)
#include <rowan/rowan.hpp>

struct Row {
    std::int64_t id{};
    std::string name{};
};

auto use(rowan::Database& db) {
    const auto names = rowan::from<Row>(db).group_by(rowan::col<&Row::name>).select(rowan::col<&Row::name>);
#ifdef ROWAN_CONTROL
    return names.having(rowan::count() > 1).all();
#else
    return names.where(rowan::count() > 1).all();
#endif
}
