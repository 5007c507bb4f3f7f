#pragma once

#include <filesystem>
#include <sqlite/place.hpp>
#include <string>
#include <workloads/all.hpp>
#include <workloads/pool.hpp>

namespace bench::sqlite {

/// Where the competitors' files are, and how much is to be done.
struct Course {
    std::filesystem::path folder;
    Sizes sizes;
    Checkouts checkouts;

    [[nodiscard]] Course of_usual() const { return {folder, sizes.of_usual(), checkouts}; }
    [[nodiscard]] std::filesystem::path file_of(std::string competitor) const {
        for (char& c : competitor)
            if (c == ' ' || c == ',') c = '_';
        return folder / (competitor + ".db");
    }
};

/// Enters a competitor for a database in memory and one on disk.
template <class Client>
void enter(Suite& suite, const std::string& competitor, const Course& course, Place place = {}) {
    place.is_file = false;
    bench::enter<Client>(suite, "SQLite in memory", competitor, place, course.sizes);
    place.is_file = true;
    place.file = course.file_of(competitor);
    bench::enter<Client>(suite, "SQLite on disk", competitor, place, course.sizes);
}

/// Enters a pool of connections to one file: a database in memory has one connection only.
template <class Pool>
void enter_pool(Suite& suite, const std::string& competitor, const Course& course) {
    bench::enter_pool<Pool>(suite, "SQLite on disk", competitor,
                            Place{.is_file = true, .file = course.file_of(competitor)}, course.checkouts);
}

// Each in a file of its own.
void enter_usual(Suite& suite, const Course& course);
void enter_best(Suite& suite, const Course& course);
void enter_rowan(Suite& suite, const Course& course);
void enter_pools(Suite& suite, const Course& course);
void enter_soci(Suite& suite, const Course& course);
void enter_sqlitecpp(Suite& suite, const Course& course);

}  // namespace bench::sqlite
