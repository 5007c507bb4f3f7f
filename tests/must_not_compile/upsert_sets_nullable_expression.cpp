// error: rowan: a value that may be NULL is assigned to a column that is never NULL: coalesce it
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

auto use(rowan::sqlite::Connection& db) {
#ifdef ROWAN_CONTROL
    return rowan::repository<Row>(db).upsert(
        Row{}, rowan::on_conflict<&Row::id>.do_update(rowan::set<&Row::note> = rowan::excluded<&Row::note>));
#else
    return rowan::repository<Row>(db).upsert(
        Row{}, rowan::on_conflict<&Row::id>.do_update(rowan::set<&Row::name> = rowan::excluded<&Row::note>));
#endif
}
