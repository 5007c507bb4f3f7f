// A type of the program's own as a column. On the database that DATABASE_URL names, or in memory.

#include <rowan/rowan.hpp>

#include <cstdlib>
#include <iostream>

struct Money {
    std::int64_t cents{};
};

template <>
struct rowan::Type<Money> {
    static constexpr ColumnType column = ColumnType::int64;

    template <class Sink>
    static Fault write(Sink& sink, Money value) {
        return Type<std::int64_t>::write(sink, value.cents);
    }

    template <class Cell>
    static Fault read(const Cell& cell, Money& value) {
        return Type<std::int64_t>::read(cell, value.cents);
    }
};

struct Invoice {
    std::int64_t id{};
    Money total{};
    std::optional<Money> paid{};
};

template <>
inline constexpr auto rowan::table<Invoice> = rowan::describe<Invoice>().in("rowan_examples");

int main() {
    const char* const url = std::getenv("DATABASE_URL");
    auto db = rowan::must(rowan::open(url != nullptr ? url : "sqlite::memory:"));
    rowan::Repository<Invoice> invoices{db};
    rowan::must(invoices.drop_table());
    rowan::must(invoices.create_table());

    rowan::must(invoices.insert({.total = Money{1999}}));
    rowan::must(invoices.insert({.total = Money{250}, .paid = Money{250}}));

    const auto open = invoices.where(rowan::col<&Invoice::paid>.is_null() && rowan::col<&Invoice::total> > Money{1000});
    for (const Invoice& invoice : rowan::must(open.all()))
        std::cout << "invoice " << invoice.id << " is open: " << invoice.total.cents << " cents\n";
    rowan::must(invoices.drop_table());
}
