#include <rowan/rowan.hpp>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fresh.hpp"

namespace {

using rowan::Category;
using rowan::Code;
using rowan::Error;
using namespace std::chrono_literals;

constexpr const char* names[] = {"DATABASE_URL",    "DB_POOL_SIZE",     "DB_MAX_OVERFLOW", "DB_POOL_TIMEOUT",
                                 "DB_POOL_RECYCLE", "DB_POOL_PRE_PING", "ENVIRONMENT",     "DATABASE_REPLICA_URLS"};

/// An environment that has none of the names but those given, and a folder for an .env file.
class Environment {
public:
    Environment(std::initializer_list<std::pair<const char*, const char*>> values) {
        for (const char* name : names) ::unsetenv(name);
        for (const auto& [name, value] : values) ::setenv(name, value, 1);
        std::filesystem::create_directories(folder_);
    }
    Environment(const Environment&) = delete;
    Environment& operator=(const Environment&) = delete;
    ~Environment() {
        for (const char* name : names) ::unsetenv(name);
        std::filesystem::remove_all(folder_);
    }

    [[nodiscard]] rowan::EnvironmentOptions options() const {
        return {.env_file = file().string(), .fallback_url = "sqlite:" + (folder_ / "development.db").string()};
    }
    [[nodiscard]] std::filesystem::path file() const { return folder_ / ".env"; }

    void write(std::string_view text, std::filesystem::perms permissions = std::filesystem::perms::owner_read |
                                                                           std::filesystem::perms::owner_write) const {
        std::ofstream{file()} << text;
        std::filesystem::permissions(file(), permissions);
    }

private:
    std::filesystem::path folder_ = std::filesystem::temp_directory_path() / testing::unique_name();
};

}  // namespace

TEST_CASE("the environment's names set the database and its pool") {
    const Environment environment{{"DATABASE_URL", "postgresql://localhost/market"},
                                  {"DB_POOL_SIZE", "7"},
                                  {"DB_MAX_OVERFLOW", "-1"},
                                  {"DB_POOL_TIMEOUT", "2.5"},
                                  {"DB_POOL_RECYCLE", "1800"},
                                  {"DB_POOL_PRE_PING", "True"},
                                  {"DATABASE_REPLICA_URLS", " postgresql://a,b/market\tpostgres://c/market "},
                                  {"ENVIRONMENT", "Production"}};
    const auto settings = rowan::must(rowan::read_environment(environment.options()));
    CHECK(settings.url == "postgresql://localhost/market");
    CHECK(settings.replicas.urls == std::vector<std::string>{"postgresql://a,b/market", "postgres://c/market"});
    CHECK(settings.pool.size == 7);
    CHECK(settings.pool.max_overflow == -1);
    CHECK(settings.pool.timeout == 2500ms);
    CHECK(settings.pool.recycle == 30min);
    CHECK(settings.pool.pre_ping);
    CHECK(settings.is_production);
    CHECK(settings.notes.empty());
}

TEST_CASE("what the environment does not name is as by default") {
    const Environment environment{
        {"DATABASE_URL", "sqlite:market.db"}, {"DB_POOL_RECYCLE", "-1"}, {"DB_POOL_SIZE", ""}};
    const auto settings = rowan::must(rowan::read_environment(environment.options()));
    const rowan::PoolSettings defaults;
    CHECK(settings.pool.size == defaults.size);
    CHECK(settings.pool.max_overflow == defaults.max_overflow);
    CHECK(settings.pool.timeout == defaults.timeout);
    CHECK(settings.pool.recycle == 0ms);
    CHECK_FALSE(settings.pool.pre_ping);
    CHECK(settings.replicas.urls.empty());
    CHECK_FALSE(settings.is_production);
}

TEST_CASE("a missing URL is an error in production, and a local file elsewhere, which is said") {
    {
        const Environment environment{{"ENVIRONMENT", "production"}};
        const Error error = error_of(rowan::open_from_environment(environment.options()));
        CHECK(error.category() == Category::operational);
        CHECK(error.code() == Code::invalid_url);
        CHECK(error.message().find("DATABASE_URL is not set") == 0);
        CHECK_FALSE(std::filesystem::exists(environment.file().parent_path() / "development.db"));
    }
    const Environment environment{{"ENVIRONMENT", "development"}};
    const auto settings = rowan::must(rowan::read_environment(environment.options()));
    CHECK(settings.url == environment.options().fallback_url);
    REQUIRE(settings.notes.size() == 1);
    CHECK(settings.notes[0].find("DATABASE_URL is not set") == 0);
    CHECK(settings.notes[0].find(settings.url) != std::string::npos);
    auto db = rowan::must(rowan::open_from_environment(environment.options()));
    rowan::must(db.execute(rowan::unsafe_sql{"CREATE TABLE seen (id integer)"}));
    CHECK(std::filesystem::exists(environment.file().parent_path() / "development.db"));

    auto none = environment.options();
    none.fallback_url.clear();
    CHECK(error_of(rowan::read_environment(none)).code() == Code::invalid_url);
}

TEST_CASE("an .env file gives what the environment does not have") {
    const Environment environment{{"DB_POOL_SIZE", "3"}};
    environment.write("# where the data is\n"
                      "DATABASE_URL=\"sqlite:a # b.db\"   # in quotes\n"
                      "\n"
                      "  export DB_MAX_OVERFLOW = 4 # a comment\r\n"
                      "DB_POOL_SIZE=9\n"
                      "DB_POOL_PRE_PING='on'\n"
                      "OTHER=\n"
                      "DB_POOL_TIMEOUT=1\n"
                      "DB_POOL_TIMEOUT=8");
    const auto settings = rowan::must(rowan::read_environment(environment.options()));
    CHECK(settings.url == "sqlite:a # b.db");
    CHECK(settings.pool.size == 3);
    CHECK(settings.pool.max_overflow == 4);
    CHECK(settings.pool.pre_ping);
    CHECK(settings.pool.timeout == 8s);
}

TEST_CASE("an .env file that others can read is refused in production only") {
    using std::filesystem::perms;
    const std::string_view text = "ENVIRONMENT=production\nDATABASE_URL=postgresql://u:secret@localhost/market\n";
    const Environment environment{};
    for (const perms shared : {perms::group_read, perms::others_read, perms::others_write}) {
        environment.write(text, perms::owner_read | perms::owner_write | shared);
        const Error error = error_of(rowan::read_environment(environment.options()));
        CHECK(error.category() == Category::operational);
        CHECK(error.code() == Code::permission_denied);
        CHECK(error.message().find("chmod 600") != std::string::npos);
        CHECK(error.to_string().find("secret") == std::string::npos);
    }
    environment.write(text);
    CHECK(rowan::must(rowan::read_environment(environment.options())).is_production);
    environment.write("DATABASE_URL=sqlite:a.db\n", perms::owner_read | perms::owner_write | perms::others_read);
    CHECK(rowan::must(rowan::read_environment(environment.options())).url == "sqlite:a.db");
}

TEST_CASE("what cannot be understood is told by its name, and never repeated") {
    for (const auto& [name, value] :
         {std::pair{"DB_POOL_SIZE", "five-secret"}, std::pair{"DB_MAX_OVERFLOW", "1.5secret"},
          std::pair{"DB_POOL_TIMEOUT", "30 s secret"}, std::pair{"DB_POOL_RECYCLE", "nan"},
          std::pair{"DB_POOL_PRE_PING", "perhaps secret"}}) {
        CAPTURE(name);
        const Environment environment{{"DATABASE_URL", "sqlite:a.db"}, {name, value}};
        const Error error = error_of(rowan::read_environment(environment.options()));
        CHECK(error.category() == Category::programming);
        CHECK(error.message().find(name) != std::string::npos);
        CHECK(error.message().find("secret") == std::string::npos);
    }
    {
        const Environment environment{{"DATABASE_URL", "sqlite:a.db"}, {"DB_POOL_SIZE", "0"}};
        CHECK(error_of(rowan::open_from_environment(environment.options())).code() == Code::misuse);
    }
    for (const std::string_view line : {"secret", "=secret", "DATABASE_URL='secret", "DATABASE_URL='a' secret"}) {
        CAPTURE(line);
        const Environment environment{};
        environment.write("# one\n" + std::string{line} + "\n");
        const Error error = error_of(rowan::read_environment(environment.options()));
        CHECK(error.message().find(".env:2: ") != std::string::npos);
        CHECK(error.message().find("secret") == std::string::npos);
    }
}
