// Alone, since SOCI's header puts those of SQLite into a namespace of its own.
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

namespace bench::sqlite {

const soci::backend_factory& soci_backend() { return soci::sqlite3; }

void* soci_handle(soci::session& session) {
    return static_cast<soci::sqlite3_session_backend*>(session.get_backend())->conn_;
}

}  // namespace bench::sqlite
