#include <rowan/rowan.hpp>

#include "every_type.hpp"
#include "fresh.hpp"

using every_type::Row;

namespace {

std::vector<Row> random_rows(std::size_t count) {
    every_type::RandomRows random{20161007};
    std::vector<Row> rows;
    for (std::size_t i = 0; i != count; ++i) {
        rows.push_back(random.next());
        rows.back().id = static_cast<std::int64_t>(i) + 1;
    }
    return rows;
}

std::size_t differing(const std::vector<Row>& a, const std::vector<Row>& b) {
    std::size_t count = 0;
    for (std::size_t i = 0; i != a.size(); ++i)
        if (!every_type::same_row(a[i], b[i])) ++count;
    return count;
}

}  // namespace

TEST_CASE_TEMPLATE("100,000 random rows with every type come back equal to the last bit", Db, Sqlite, Postgres) {
    Fresh<Db> fresh;
    auto table = rowan::repository<Row>(fresh.connection);
    rowan::must(table.create_table());
    const std::vector<Row> rows = random_rows(100'000);

    CHECK(rowan::must(table.insert(rows)) == rows.size());

    const std::vector<Row> read = rowan::must(table.order_by(rowan::asc<&Row::id>).all());
    REQUIRE(read.size() == rows.size());
    CHECK(differing(rows, read) == 0);
}

TEST_CASE_TEMPLATE("rows that are written one by one come back equal to the last bit", Db, Sqlite, Postgres) {
    Fresh<Db> fresh;
    auto table = rowan::repository<Row>(fresh.connection);
    rowan::must(table.create_table());
    const std::vector<Row> rows = random_rows(300);

    for (const Row& row : rows) CHECK(every_type::same_row(rowan::must(table.insert(row)), row));
    for (const Row& row : rows) CHECK(every_type::same_row(rowan::must(table.get(row.id)), row));

    std::vector<Row> changed = random_rows(600);
    changed.erase(changed.begin(), changed.begin() + 300);
    for (std::size_t i = 0; i != rows.size(); ++i) {
        changed[i].id = rows[i].id;
        CHECK(every_type::same_row(rowan::must(table.update(changed[i])), changed[i]));
    }
    CHECK(differing(changed, rowan::must(table.order_by(rowan::asc<&Row::id>).all())) == 0);
}
