#pragma once

#include <postgres/place.hpp>
#include <string>
#include <workloads/all.hpp>
#include <workloads/pool.hpp>

namespace bench::postgres {

/// The server, what the tables call it, and how much is to be done.
struct Course {
    std::string server, name;
    Sizes sizes;
    Checkouts checkouts{};
    /// The server as competitors reach it, where that is another way.
    std::string way{};

    [[nodiscard]] Course of_usual() const { return {server, name, sizes.of_usual(), checkouts, way}; }
};

template <class Client>
void enter(Suite& suite, const std::string& competitor, const Course& course) {
    std::string schema = "bench_" + competitor;
    for (char& c : schema)
        if ((c < 'a' || c > 'z') && (c < 'A' || c > 'Z')) c = '_';
    for (char& c : schema)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    bench::enter<Client>(suite, course.name, competitor, Place{course.server, schema, course.way}, course.sizes);
}

template <class Pool>
void enter_pool(Suite& suite, const std::string& competitor, const Course& course) {
    bench::enter_pool<Pool>(suite, course.name, competitor, Place{course.server, "public", course.way},
                            course.checkouts);
}

// Each in a file of its own.
void enter_usual(Suite& suite, const Course& course);
void enter_best(Suite& suite, const Course& course);
void enter_rowan(Suite& suite, const Course& course);
void enter_pools(Suite& suite, const Course& course);
void enter_pipelined(Suite& suite, const Course& course);
void enter_soci(Suite& suite, const Course& course);
void enter_libpqxx(Suite& suite, const Course& course);

}  // namespace bench::postgres
