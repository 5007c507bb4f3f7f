// error: no member named 'execute'
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
    return session.execute(rowan::unsafe_sql{"DELETE FROM row"});
}
