#include <rowan/rowan.hpp>

#include "fresh.hpp"

namespace {

using rowan::Code;
using rowan::col;
using rowan::constant;

struct Login {
    std::int64_t id{};
    std::string user{};
    bool active{};
    std::int32_t level{};
    std::optional<std::string> note{};
};

constexpr auto is_active = col<&Login::active> == constant<true>;

}  // namespace

template <>
inline constexpr auto rowan::table<Login> =
    rowan::describe<Login>("login").unique<&Login::user>(is_active).index<&Login::level>(
        col<&Login::user> != constant<"it's"> and col<&Login::level> > constant<-5> and
        col<&Login::note>.is_not_null());

static_assert(rowan::detail::text_of<rowan::detail::CreateTable<Login, rowan::sqlite::dialect>> ==
              R"(CREATE TABLE IF NOT EXISTS "login" ("id" INTEGER PRIMARY KEY, "user" TEXT NOT NULL, )"
              R"("active" INTEGER NOT NULL, "level" INTEGER NOT NULL, "note" TEXT); )"
              R"(CREATE UNIQUE INDEX IF NOT EXISTS "login_user_key" ON "login" ("user") WHERE "active" = TRUE; )"
              R"(CREATE INDEX IF NOT EXISTS "login_level_idx" ON "login" ("level") )"
              R"(WHERE "user" <> 'it''s' AND "level" > (-5) AND "note" IS NOT NULL)");

TEST_CASE_TEMPLATE("a unique index over some rows lets the others be alike", Db, Sqlite, Postgres) {
    Fresh<Db> fresh;
    auto logins = rowan::repository<Login>(fresh.connection);
    rowan::must(logins.create_table());
    rowan::must(logins.create_table());
    rowan::must(logins.insert({.user = "ada", .active = true}));
    rowan::must(logins.insert({.user = "ada", .active = false}));
    rowan::must(logins.insert({.user = "ada", .active = false}));
    CHECK(error_of(logins.insert({.user = "ada", .active = true})).code() == Code::unique_violation);
    rowan::must(logins.insert({.user = "bob", .active = true}));
    CHECK(rowan::must(logins.where(is_active).count()) == 2);
}

TEST_CASE_TEMPLATE("constants stand in expressions like values", Db, Sqlite, Postgres) {
    Fresh<Db> fresh;
    auto logins = rowan::repository<Login>(fresh.connection);
    rowan::must(logins.create_table());
    rowan::must(logins.insert({.user = "it's", .active = false, .level = -6}));
    CHECK(rowan::must(logins.where(col<&Login::user> == constant<"it's">).count()) == 1);
    CHECK(rowan::must(logins.where(col<&Login::level> - constant<-5> == constant<-1>).count()) == 1);
    CHECK(rowan::must(logins.query().select(constant<7>, constant<"x">, constant<false>).one()) ==
          std::tuple{std::int64_t{7}, std::string{"x"}, false});
}

TEST_CASE_TEMPLATE("an upsert names a partial unique index by its condition", Db, Sqlite, Postgres) {
    Fresh<Db> fresh;
    auto logins = rowan::repository<Login>(fresh.connection);
    rowan::must(logins.create_table());
    constexpr auto same_user = rowan::on_conflict<&Login::user>.among(is_active);
    using rowan::Upserted;
    CHECK(rowan::must(logins.upsert({.user = "ada", .active = true}, same_user.do_nothing())) == Upserted::inserted);
    CHECK(rowan::must(logins.upsert({.user = "ada", .active = true}, same_user.do_nothing())) == Upserted::unchanged);
    CHECK(rowan::must(logins.upsert({.user = "ada", .active = false}, same_user.do_nothing())) == Upserted::inserted);
    CHECK(rowan::must(logins.upsert({.user = "ada", .active = true, .level = 5},
                                    same_user.template do_update<&Login::level>())) == Upserted::updated);
    const auto higher = same_user.do_update(rowan::set<& Login::level> = rowan::excluded<&Login::level>)
                            .where(rowan::excluded<&Login::level> > col<&Login::level>);
    CHECK(rowan::must(logins.upsert({.user = "ada", .active = true, .level = 3}, higher)) == Upserted::unchanged);
    CHECK(rowan::must(logins.upsert({.user = "ada", .active = true, .level = 7}, higher)) == Upserted::updated);
    CHECK(rowan::must(logins.where(is_active).one()).level == 7);
    const std::vector<Login> rows{{.user = "ada", .active = true, .level = 9}, {.user = "bob", .active = true}};
    CHECK(rowan::must(logins.upsert(rows, higher)) == rowan::UpsertCounts{1, 1, 0});
    CHECK(rowan::must(logins.count()) == 3);
}
