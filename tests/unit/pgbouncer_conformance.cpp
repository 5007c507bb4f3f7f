#include <rowan/rowan.hpp>

#include "bounced.hpp"
#include "conforms.hpp"

TEST_CASE("behind pgbouncer in transaction mode a connection does what every backend must do") {
    if (!Bounced::is_there()) return;
    const Bounced bounced;
    check_conforms(rowan::testing::conformance([&] { return rowan::postgres::Connection::open(bounced.url()); }));
}
