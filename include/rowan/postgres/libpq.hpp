#pragma once

// Debian and Ubuntu keep libpq's header in a folder of its own, which not every build system names.
#if __has_include(<libpq-fe.h>)
#include <libpq-fe.h>
#else
#include <postgresql/libpq-fe.h>
#endif

#include <memory>

namespace rowan::postgres {

struct ClearResult {
    void operator()(PGresult* result) const noexcept { PQclear(result); }
};
using OwnedResult = std::unique_ptr<PGresult, ClearResult>;

}  // namespace rowan::postgres
