// error: rowan: this column's table is not in the query: start from it, join it, or name it as the query does
#include <rowan/repository/repository.hpp>
#include <rowan/sqlite.hpp>

struct Row {
    std::int64_t id{};
    std::string name{};
    std::int32_t number{};
    double real{};
    std::optional<std::string> note{};
    rowan::Timestamp time{};
};
struct Other {
    std::int64_t id{};
    std::string name{};
};

auto use(rowan::sqlite::Connection& db) {
#ifdef ROWAN_CONTROL
    return rowan::repository<Row>(db).upsert(
        Row{}, rowan::on_conflict<&Row::id>.do_update().where(rowan::excluded<&Row::id> > 1));
#else
    return rowan::repository<Row>(db).upsert(
        Row{}, rowan::on_conflict<&Row::id>.do_update().where(rowan::excluded<&Other::id> > 1));
#endif
}
