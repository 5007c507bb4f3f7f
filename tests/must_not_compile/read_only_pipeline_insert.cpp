// error: rowan: a read-only session does not write: use transaction(fn) in the place of read_only(fn)
#include <rowan/repository/repository.hpp>
#include <rowan/sqlite.hpp>

struct Row {
    std::int64_t id{};
    std::string name{};
};

using ReadOnly = rowan::BasicReadOnly<rowan::sqlite::Connection>;
using Transaction = rowan::BasicTransaction<rowan::sqlite::Connection>;

#ifdef ROWAN_CONTROL
auto use(Transaction& session) {
#else
auto use(ReadOnly& session) {
#endif
    return session.pipeline([](auto& step) { return rowan::repository<Row>(step).insert(Row{}); });
}
