#pragma once

#include <cstddef>
#include <soci/soci.h>
#include <string>

namespace bench {

/// SOCI's pool.
class SociPool {
public:
    SociPool(const soci::backend_factory& backend, const std::string& where, std::size_t size) : pool_{size} {
        for (std::size_t i = 0; i != size; ++i) pool_.at(i).open(backend, where);
    }

    template <class Use>
    void borrow(Use use) {
        soci::session session{pool_};
        use(session.get_backend());
    }

private:
    soci::connection_pool pool_;
};

}  // namespace bench
