#include <rowan/rowan.hpp>

#include "every_type.hpp"
#include "fresh.hpp"

namespace {

using Kind = rowan::Mismatch::Kind;

struct Account {
    std::int64_t id{};
    std::string owner{};
    std::int32_t balance{};
    std::optional<double> rate{};
    rowan::Timestamp opened{};
};

std::vector<std::pair<Kind, std::string>> kinds(const rowan::Result<std::vector<rowan::Mismatch>>& result) {
    std::vector<std::pair<Kind, std::string>> found;
    for (const rowan::Mismatch& mismatch : rowan::must(result)) {
        CHECK(!mismatch.message.empty());
        found.emplace_back(mismatch.kind, mismatch.column);
    }
    return found;
}

using Kinds = std::vector<std::pair<Kind, std::string>>;

}  // namespace

TEST_CASE_TEMPLATE("tables that rowan made fit their structs", Db, Sqlite, Postgres) {
    Fresh<Db> fresh;
    rowan::must(rowan::repository<Account>(fresh.connection).create_table());
    rowan::must(rowan::repository<every_type::Row>(fresh.connection).create_table());
    CHECK(kinds(rowan::verify<Account, every_type::Row>(fresh.connection)).empty());
}

TEST_CASE_TEMPLATE("drift is found and named", Db, Sqlite, Postgres) {
    Fresh<Db> fresh;
    CHECK(kinds(rowan::verify<Account>(fresh.connection)) == Kinds{{Kind::missing_table, ""}});

    fresh.execute("CREATE TABLE account (id INTEGER PRIMARY KEY, owner TEXT, balance TEXT NOT NULL, rate DOUBLE "
                  "PRECISION NOT NULL,"
                  " extra TEXT, filled TEXT NOT NULL DEFAULT 'x', wanted TEXT NOT NULL)");
    const auto found = kinds(rowan::verify<Account>(fresh.connection));
    Kinds expected{{Kind::may_be_null, "owner"},
                   {Kind::wrong_type, "balance"},
                   {Kind::never_null, "rate"},
                   {Kind::missing_column, "opened"},
                   {Kind::unknown_required, "wanted"}};
    // There a column called INTEGER holds 64 bits.
    if constexpr (!Db::is_sqlite) expected.insert(expected.begin(), {Kind::narrower_type, "id"});
    CHECK(found == expected);
    const auto mismatches = rowan::must(rowan::verify<Account>(fresh.connection));
    CHECK(mismatches.back().table == "account");
    CHECK(mismatches.back().message == "account.wanted has no member, but no row can be stored without it");
}

TEST_CASE_TEMPLATE("queries are checked without being run", Db, Sqlite, Postgres) {
    using rowan::col;
    Fresh<Db> fresh;
    auto accounts = rowan::repository<Account>(fresh.connection);
    rowan::must(accounts.create_table());
    const auto rich = accounts.where(col<&Account::balance> > 5);
    const auto names = accounts.query().select(col<&Account::owner>).distinct();
    CHECK(kinds(rowan::verify_queries(rich, names)).empty());
    fresh.execute("ALTER TABLE account RENAME COLUMN balance TO amount");
    const auto found = rowan::must(rowan::verify_queries(rich, names));
    REQUIRE(found.size() == 1);
    CHECK(found[0].kind == Kind::refused_query);
    CHECK(found[0].message.find("balance") != std::string::npos);
}

TEST_CASE("on PostgreSQL narrower columns, and types that cannot be written, are told") {
    Fresh<Postgres> fresh;
    fresh.execute(
        "CREATE TABLE account (id bigint PRIMARY KEY, owner varchar(5) NOT NULL, balance smallint NOT NULL, rate real,"
        " opened date NOT NULL)");
    CHECK(kinds(rowan::verify<Account>(fresh.connection)) == Kinds{{Kind::narrower_type, "owner"},
                                                                   {Kind::narrower_type, "balance"},
                                                                   {Kind::narrower_type, "rate"},
                                                                   {Kind::wrong_type, "opened"}});
    fresh.execute("DROP TABLE account; CREATE TABLE account (id numeric PRIMARY KEY, owner varchar NOT NULL, balance "
                  "bigint NOT NULL,"
                  " rate double precision, opened timestamp NOT NULL)");
    CHECK(kinds(rowan::verify<Account>(fresh.connection)).empty());
    fresh.execute("DROP TABLE account; CREATE TABLE account (id bigint PRIMARY KEY, owner uuid NOT NULL, balance "
                  "integer NOT NULL,"
                  " rate numeric, opened timestamptz NOT NULL)");
    CHECK(kinds(rowan::verify<Account>(fresh.connection)) ==
          Kinds{{Kind::wrong_type, "owner"}, {Kind::wrong_type, "rate"}});
}
