#include <rowan/rowan.hpp>

#include <cstdint>
#include <optional>
#include <string>

#include "fresh.hpp"

namespace {

struct Parcel {
    std::int64_t id{};
    std::string receiver{};
    std::optional<double> weight{};
    rowan::Version version{};
    rowan::UpdatedAt updated_at{};
};

struct Shelf {
    std::string hall{};
    std::int32_t number{};
    std::string holds{};
};

}  // namespace

template <>
inline constexpr auto rowan::table<Parcel> = rowan::describe<Parcel>("parcels").unique<&Parcel::receiver>();
template <>
inline constexpr auto rowan::table<Shelf> = rowan::describe<Shelf>("shelves").key<&Shelf::hall, &Shelf::number>();

// What a header of a program says below its structs, so that its files do not compile their repositories again and
// again.
extern template class rowan::Repository<Parcel>;
extern template class rowan::Repository<Shelf>;
// What one of its files says.
template class rowan::Repository<Parcel>;
template class rowan::Repository<Shelf>;
template class rowan::Repository<Parcel, rowan::Transaction>;
template class rowan::Repository<Parcel, rowan::ReadOnly>;

TEST_CASE_TEMPLATE("repositories can be compiled in one place of a program", Db, Sqlite, Postgres) {
    Db database;
    auto db = rowan::must(rowan::open(database.url()));
    rowan::Repository<Parcel> parcels{db};
    rowan::must(parcels.create_table());
    Parcel stored = rowan::must(parcels.insert({.receiver = "Ada", .weight = 2.5}));
    stored.weight = std::nullopt;
    stored = rowan::must(parcels.update(stored));
    CHECK(stored.version == 2);
    CHECK(!rowan::must(parcels.get(stored.id)).weight.has_value());
    CHECK(error_of(parcels.insert({.receiver = "Ada"})).code() == rowan::Code::unique_violation);

    rowan::Repository<Shelf> shelves{db};
    rowan::must(shelves.create_table());
    rowan::must(shelves.insert({.hall = "A", .number = 7, .holds = "parcels"}));
    CHECK(rowan::must(shelves.find({"A", 7})).has_value());
    CHECK(rowan::must(shelves.erase({"A", 7})));
    CHECK(rowan::must(shelves.count()) == 0);

    rowan::must(db.transaction([&](rowan::Transaction& tx) -> rowan::Result<void> {
        return rowan::Repository<Parcel, rowan::Transaction>{tx}.erase(stored.id).transform([](bool) {});
    }));
    const auto read = db.read_only(
        [](rowan::ReadOnly& session) { return rowan::Repository<Parcel, rowan::ReadOnly>{session}.count(); });
    CHECK(rowan::must(read) == 0);
}
