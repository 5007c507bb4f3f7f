// What an error tells: who must act (category), what happened exactly (code), and whether running the transaction
// again can help. On the database that DATABASE_URL names, or in memory.

#include <rowan/rowan.hpp>

#include <cstdlib>
#include <iostream>

struct Person {
    std::int64_t id{};
    std::string email{};
    std::optional<std::string> city{};
    std::uint64_t points{};
};

template <>
inline constexpr auto rowan::table<Person> =
    rowan::describe<Person>("person").in("rowan_examples").unique<&Person::email>();

/// The same table, seen by a program that is too sure of it.
struct Resident {
    std::int64_t id{};
    std::string city{};
    std::int8_t points{};
};

template <>
inline constexpr auto rowan::table<Resident> = rowan::describe<Resident>("person").in("rowan_examples");

struct Nowhere {
    std::int64_t id{};
};

template <class T>
void show(const char* what, const rowan::Result<T>& result) {
    if (result) {
        std::cout << what << ": no error\n";
        return;
    }
    const rowan::Error& error = result.error();
    std::cout << what << "\n    " << error.to_string() << "\n    ";
    if (!error.column().empty()) std::cout << "column " << error.column() << " of " << error.table() << "; ";
    std::cout << (error.retryable() ? "may be run again\n" : "running it again will not help\n");
}

int main() {
    const char* const url = std::getenv("DATABASE_URL");
    auto db = rowan::must(rowan::open(url != nullptr ? url : "sqlite::memory:"));
    rowan::Repository<Person> people{db};
    rowan::must(people.drop_table());
    rowan::must(people.create_table());
    rowan::must(people.insert({.email = "ada@example.org", .points = 300}));

    show("the same email twice", people.insert({.email = "ada@example.org", .city = "London"}));
    show("a key that is not there", people.get(42));
    show("a value that no 64-bit column holds", people.insert({.email = "max@example.org", .points = UINT64_MAX}));
    show("NULL read into a std::string", rowan::repository<Resident>(db).find(1));
    rowan::must(people.update({.id = 1, .email = "ada@example.org", .city = "London", .points = 300}));
    show("300 read into a std::int8_t", rowan::repository<Resident>(db).find(1));
    show("a table that is not there", rowan::repository<Nowhere>(db).count());
    show("a server that does not answer", rowan::open("postgresql://localhost:1/market?connect_timeout=2"));

    // The code decides what to do: here a unique violation is an answer, everything else is a failure.
    const auto again = people.insert({.email = "ada@example.org"});
    if (!again && again.error().code() == rowan::Code::unique_violation) std::cout << "ada has an account already\n";

    // In a script, must() gives the value or throws the whole message.
    try {
        rowan::must(people.get(42));
    } catch (const rowan::Exception& exception) {
        std::cout << "thrown: " << exception.what() << '\n';
    }
    rowan::must(people.drop_table());
}
