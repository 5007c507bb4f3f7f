#include <rowan/rowan.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "every_type.hpp"
#include "fresh.hpp"

namespace {

using Kind = rowan::Mismatch::Kind;
using Kinds = std::vector<std::pair<Kind, std::string>>;
using rowan::col;
using rowan::count;
using rowan::from;
using rowan::sql;

struct Account {
    std::int64_t id{};
    std::string owner{};
    std::int32_t balance{};
    std::optional<double> rate{};
    rowan::Timestamp opened{};
};
struct Transfer {
    std::int64_t id{};
    std::int64_t account{};
    std::int16_t level{};
};
struct Missing {
    std::int64_t id{};
};
struct Named {
    std::string owner{};
    std::int64_t transfers{};
};
/// What a statement by hand gives.
struct Rich {
    std::string owner{};
    std::int32_t balance{};
    std::optional<double> rate{};
};

Kinds kinds(const rowan::Result<std::vector<rowan::Mismatch>>& result) {
    Kinds found;
    for (const rowan::Mismatch& mismatch : rowan::must(result)) {
        CHECK(!mismatch.message.empty());
        found.emplace_back(mismatch.kind, mismatch.column);
    }
    return found;
}

template <class Db>
struct Bank : Fresh<Db> {
    void create() {
        rowan::must(rowan::repository<Account>(this->connection).create_table());
        rowan::must(rowan::repository<Transfer>(this->connection).create_table());
    }
};

}  // namespace

TEST_CASE_TEMPLATE("queries of tables that rowan made read what they give", Db, Sqlite, Postgres) {
    Bank<Db> bank;
    bank.create();
    auto& db = bank.connection;
    rowan::must(rowan::repository<every_type::Row>(db).create_table());
    const auto accounts = from<Account>(db);
    const auto joined = accounts.template left_join<Transfer>(col<&Transfer::account> == col<&Account::id>);
    const auto named =
        joined.group_by(col<&Account::id>).template select<Named>(col<&Account::owner>, count().as<"transfers">());
    CHECK(
        kinds(rowan::verify_queries(accounts, joined, named, from<every_type::Row>(db),
                                    accounts.where(col<&Account::owner> == "x").limit(3),
                                    accounts.select(rowan::sum(col<&Account::balance>), rowan::avg(col<&Account::rate>),
                                                    rowan::coalesce(rowan::max(col<&Account::balance>), 0)),
                                    accounts.select(col<&Account::id>).union_all(accounts.select(col<&Account::id>)),
                                    rowan::with<Named>(named).query(from<Named>(db))))
            .empty());
}

TEST_CASE_TEMPLATE("columns of another type, and NULLs that nobody expects, are found before a row is read", Db, Sqlite,
                   Postgres) {
    Bank<Db> bank;
    auto& db = bank.connection;
    bank.execute("CREATE TABLE account (id bigint NOT NULL, owner text, balance text NOT NULL, rate float NOT NULL, "
                 "opened timestamp NOT NULL)");
    const auto accounts = from<Account>(db);
    const auto found = rowan::must(rowan::verify_queries(accounts.select(col<&Account::owner>, col<&Account::id>),
                                                         accounts.select(col<&Account::balance>)));
    CHECK(kinds(found) == Kinds{{Kind::may_be_null, "owner"}, {Kind::wrong_type, "balance"}});
    CHECK(found[0].table == "account");
    CHECK(
        found[0].message ==
        R"(owner may be NULL, but is not read as a std::optional: SELECT "owner" AS "owner", "id" AS "id" FROM "account")");
    CHECK(kinds(rowan::verify_queries(accounts)) == Kinds{{Kind::may_be_null, "owner"}, {Kind::wrong_type, "balance"}});
    // What takes the NULL away takes the mismatch away.
    CHECK(kinds(rowan::verify_queries(accounts.select(rowan::coalesce(col<&Account::owner>, "nobody")))).empty());
    // The columns are looked at as they are now, also by a connection that has prepared the statement before.
    bank.execute("DROP TABLE account");
    bank.create();
    CHECK(kinds(rowan::verify_queries(accounts)).empty());
}

TEST_CASE_TEMPLATE("a query that the database refuses does not end the verification", Db, Sqlite, Postgres) {
    Bank<Db> bank;
    bank.create();
    auto& db = bank.connection;
    bank.execute("ALTER TABLE account RENAME COLUMN balance TO amount");
    const auto found =
        rowan::must(rowan::verify_queries(from<Account>(db).select(col<&Account::balance>),
                                          from<Account>(db).select(col<&Account::owner>), from<Missing>(db)));
    REQUIRE(found.size() == 2);
    CHECK(found[0].kind == Kind::refused_query);
    CHECK(found[0].message.find("balance") != std::string::npos);
    CHECK(found[1].message.find("missing") != std::string::npos);
}

TEST_CASE_TEMPLATE("SQL by hand is compared with the row's members by name", Db, Sqlite, Postgres) {
    Bank<Db> bank;
    bank.create();
    auto& db = bank.connection;
    CHECK(
        kinds(rowan::verify<Rich>(db, sql<"SELECT rate, owner, balance FROM account WHERE balance > $1">, 5)).empty());
    CHECK(kinds(rowan::verify<Rich>(db, sql<"SELECT owner, id AS rate FROM account">)) ==
          (Db::is_sqlite ? Kinds{{Kind::missing_column, "balance"}}
                         : Kinds{{Kind::missing_column, "balance"}, {Kind::wrong_type, "rate"}}));
    CHECK(kinds(rowan::verify<Rich>(db, sql<"SELECT owner AS balance, rate AS owner, rate FROM account">)) ==
          Kinds{{Kind::wrong_type, "owner"}, {Kind::may_be_null, "owner"}, {Kind::wrong_type, "balance"}});
    CHECK(kinds(rowan::verify<Rich>(db, sql<"SELECT nothing FROM account">)) == Kinds{{Kind::refused_query, ""}});
    CHECK(kinds(rowan::verify<Rich>(db, rowan::unsafe_sql{"SELECT 1 FROM account WHERE owner = $1"}, "x")) ==
          Kinds{{Kind::missing_column, "owner"}, {Kind::missing_column, "balance"}, {Kind::missing_column, "rate"}});
    // Nothing was run.
    CHECK(kinds(rowan::verify<std::int64_t>(db, sql<"DELETE FROM account RETURNING id">)).empty());
}

TEST_CASE_TEMPLATE("tuples and single values are compared by place", Db, Sqlite, Postgres) {
    Bank<Db> bank;
    bank.create();
    auto& db = bank.connection;
    using Pair = std::tuple<std::string, std::optional<double>>;
    CHECK(kinds(rowan::verify<Pair>(db, sql<"SELECT owner, rate FROM account">)).empty());
    CHECK(kinds(rowan::verify<std::tuple<std::string, double>>(db, sql<"SELECT owner, rate FROM account">)) ==
          Kinds{{Kind::may_be_null, "rate"}});
    const auto found = rowan::must(rowan::verify<Pair>(db, sql<"SELECT owner FROM account">));
    REQUIRE(found.size() == 1);
    CHECK(found[0].kind == Kind::missing_column);
    CHECK(found[0].message == "the number of columns is 1, but 2 are read: SELECT owner FROM account");
    CHECK(kinds(rowan::verify<std::int64_t>(db, sql<"SELECT count(*) FROM account">)).empty());
    CHECK(kinds(rowan::verify<std::int64_t>(db, sql<"SELECT owner FROM account">)) ==
          Kinds{{Kind::wrong_type, "owner"}});
    CHECK(kinds(rowan::verify<std::int64_t>(db, sql<"UPDATE account SET owner = 'x'">)) ==
          Kinds{{Kind::missing_column, ""}});
}

TEST_CASE_TEMPLATE("an answer that cannot be had is an error", Db, Sqlite, Postgres) {
    Bank<Db> bank;
    bank.create();
    auto transaction = rowan::must(bank.connection.begin());
    const auto error = error_of(rowan::verify_queries(from<Account>(bank.connection)));
    CHECK(error.code() == rowan::Code::wrong_handle);
    CHECK(kinds(rowan::verify_queries(from<Account>(transaction))).empty());
}

TEST_CASE("on PostgreSQL a column that is wider than what is read is told, and what can only be read is not") {
    Bank<Postgres> bank;
    auto& db = bank.connection;
    bank.execute("CREATE TABLE account (id smallint NOT NULL, owner uuid NOT NULL, balance bigint NOT NULL, rate "
                 "numeric, opened date NOT NULL); CREATE TABLE transfer (id bigint NOT NULL, account numeric NOT NULL, "
                 "level integer NOT NULL); CREATE VIEW rich AS SELECT * FROM account");
    CHECK(kinds(rowan::verify_queries(from<Account>(db), from<Transfer>(db))) == Kinds{{Kind::wider_type, "balance"},
                                                                                       {Kind::wrong_type, "rate"},
                                                                                       {Kind::wrong_type, "opened"},
                                                                                       {Kind::wider_type, "level"}});
    // A view does not say whether its columns may be NULL.
    CHECK(kinds(rowan::verify<std::tuple<std::string>>(db, sql<"SELECT owner FROM rich">)).empty());
    CHECK(kinds(rowan::verify<std::string>(db, sql<"SELECT $1 || owner FROM rich">, "x")).empty());
    CHECK(kinds(rowan::verify<std::string>(db, sql<"SELECT owner FROM account WHERE balance = $1">, "text")) ==
          Kinds{{Kind::refused_query, ""}});
}
