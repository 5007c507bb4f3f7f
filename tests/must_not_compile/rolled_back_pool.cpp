// error: rowan: RolledBack is of a connection or of rowan::Database: a pool would open connections outside of the test
#include <rowan/rowan.hpp>
#include <rowan/testing/rolled_back.hpp>

#ifdef ROWAN_CONTROL
using Db = rowan::Database;
#else
using Db = rowan::Pool;
#endif

void use(rowan::testing::RolledBack<Db>& test) { (void)(*test).begin(); }
