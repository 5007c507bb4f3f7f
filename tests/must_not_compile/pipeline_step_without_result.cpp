// error: rowan: a step of a pipeline returns the Result of its operation as it is: [&](auto& step) { return rowan::repository<T>(step).insert(row); }
#include <rowan/rowan.hpp>

struct Row {
    std::int64_t id{};
    std::string name{};
};

auto use(rowan::Database& db) {
    return db.pipeline([](auto& step) { return rowan::repository<Row>(step).count(); },
                       [](auto& step) {
#ifdef ROWAN_CONTROL
                           return rowan::repository<Row>(step).insert(Row{});
#else
                           (void)rowan::repository<Row>(step).insert(Row{});
#endif
                       });
}
