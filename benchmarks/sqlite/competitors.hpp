#pragma once

#include <filesystem>
#include <sqlite/place.hpp>
#include <string>
#include <workloads/all.hpp>

namespace bench::sqlite {

/// Where the competitors' files are, and how much is to be done.
struct Course {
    std::filesystem::path folder;
    Sizes sizes;
};

/// Enters a competitor for a database in memory and one on disk.
template <class Client>
void enter(Suite& suite, const std::string& competitor, const Course& course, Place place = {}) {
    place.is_file = false;
    bench::enter<Client>(suite, "SQLite in memory", competitor, place, course.sizes);
    std::string name = competitor;
    for (char& c : name)
        if (c == ' ' || c == ',') c = '_';
    place.is_file = true;
    place.file = course.folder / (name + ".db");
    bench::enter<Client>(suite, "SQLite on disk", competitor, place, course.sizes);
}

// Each in a file of its own.
void enter_usual(Suite& suite, const Course& course);
void enter_best(Suite& suite, const Course& course);
void enter_rowan(Suite& suite, const Course& course);
void enter_soci(Suite& suite, const Course& course);
void enter_sqlitecpp(Suite& suite, const Course& course);

}  // namespace bench::sqlite
