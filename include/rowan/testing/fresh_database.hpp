#pragma once

#include <rowan/core/error.hpp>
#include <rowan/core/result.hpp>
#include <rowan/session/any_connection.hpp>
#include <rowan/session/retry.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <initializer_list>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#if defined(_WIN32)
#include <process.h>
#else
#include <unistd.h>
#endif

namespace rowan::testing {

/// `rowan_test_20261120_122731_4711_3_9f86d081`: the moment in UTC, the process, a count and a random number. No other
/// thread, process or machine makes the same, and what a test that crashed has left behind can be told by it, by a
/// person or by SQL (`WHERE nspname LIKE 'rowan\_test\_%'`). Short enough for every database, and needs no quotes.
[[nodiscard]] inline std::string unique_name() {
    static std::atomic<unsigned> count{0};
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    const auto day = std::chrono::floor<std::chrono::days>(now);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss time{now - day};
#if defined(_WIN32)
    const long process = _getpid();
#else
    const long process = ::getpid();
#endif
    char name[96];
    std::snprintf(name, sizeof name, "rowan_test_%04d%02u%02u_%02d%02d%02d_%ld_%u_%08x", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                  static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                  static_cast<int>(time.seconds().count()), process, ++count,
                  static_cast<unsigned>(rowan::detail::random_bits() & 0xFFFFFFFFU));
    return name;
}

/// What a test gets for itself on a server that it shares with others.
enum class Own : std::uint8_t {
    /// A schema, first and alone in the search path: made in a millisecond. A table that is described with a schema of
    /// its own (`in("…")`) is not in it, nor is what extensions have put into `public`.
    schema,
    /// A database: whatever the tables are called. Takes tens of milliseconds, and the right to create databases.
    database,
};

/// An empty database for one test, which is gone when this goes, also where the test has failed:
///
///     auto fresh = rowan::must(rowan::testing::FreshDatabase::make(url));
///     auto db = rowan::must(rowan::open(fresh.url()));
///
/// What was opened from its URL must be closed before. It may be moved, and used by several threads.
class [[nodiscard]] FreshDatabase {
public:
    /// Makes one:
    ///
    ///     sqlite:                    a file in a folder of its own, in the system's folder for temporary files
    ///     sqlite:?synchronous=off    the same, opened with these options
    ///     sqlite::memory:            in memory, shared by all connections of this process that are opened from `url()`
    ///     postgresql://…             a schema or a database of its own on that server
    ///
    /// Fails as opening a connection does, or with what the server says to CREATE.
    [[nodiscard]] static Result<FreshDatabase> make(std::string_view server = "sqlite:", Own own = Own::schema) {
        FreshDatabase fresh{unique_name()};
        Result<void> made = server.starts_with("sqlite:") ? fresh.make_file(server.substr(7))
                                                          : fresh.make_on_server(std::string{server}, own);
        if (!made) return Failure(std::move(made).error());
        return fresh;
    }

    FreshDatabase(FreshDatabase&& other) noexcept
        : name_{std::move(other.name_)},
          url_{std::move(other.url_)},
          folder_{std::exchange(other.folder_, {})},
          server_{std::exchange(other.server_, {})},
          drop_{std::move(other.drop_)} {}
    FreshDatabase& operator=(FreshDatabase&& other) noexcept {
        if (this != &other) {
            remove();
            name_ = std::move(other.name_);
            url_ = std::move(other.url_);
            folder_ = std::exchange(other.folder_, {});
            server_ = std::exchange(other.server_, {});
            drop_ = std::move(other.drop_);
        }
        return *this;
    }
    ~FreshDatabase() { remove(); }

    /// What rowan::open and AnyConnection::open take.
    [[nodiscard]] const std::string& url() const noexcept { return url_; }
    /// That of the schema, the database, or the folder: see unique_name.
    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    /// The file, where it is one.
    [[nodiscard]] std::string path() const { return folder_.empty() ? std::string{} : (folder_ / "test.db").string(); }

private:
    explicit FreshDatabase(std::string name) : name_{std::move(name)} {}

    Result<void> make_file(std::string_view rest) {
        if (rest == ":memory:") {
            url_ = "sqlite:file:/" + name_ + "?vfs=memdb";
            return {};
        }
        if (!rest.empty() && rest[0] != '?')
            return Failure(Error{Category::programming, Code::invalid_url,
                                 "a fresh database has no file yet: give sqlite:, sqlite:?options or sqlite::memory:"});
        std::error_code problem;
        const auto temporary = std::filesystem::temp_directory_path(problem);
        if (!problem) std::filesystem::create_directory(temporary / name_, problem);
        if (problem)
            return Failure(Error{Category::operational, Code::cannot_open,
                                 "no folder for a fresh database: " + problem.message()});
        folder_ = temporary / name_;
        url_ = "sqlite:" + encoded(path()) + std::string{rest};
        return {};
    }

    Result<void> make_on_server(std::string server, Own own) {
        const char* what = own == Own::schema ? "SCHEMA " : "DATABASE ";
        if (Result<void> made = run(server, {"CREATE " + (what + name_)}); !made) return made;
        drop_ = "DROP " + (what + name_) + (own == Own::schema ? " CASCADE" : " WITH (FORCE)");
        url_ = own == Own::schema ? with_search_path(server, name_) : with_database(server, name_);
        server_ = std::move(server);
        return {};
    }

    static Result<void> run(const std::string& server, std::initializer_list<std::string_view> statements) {
        Result<AnyConnection> connection = AnyConnection::open(server);
        if (!connection) return Failure(std::move(connection).error());
        for (const std::string_view sql : statements)
            if (Result<void> done = connection->run_script(sql); !done) return done;
        return {};
    }

    void remove() noexcept {
        if (!folder_.empty()) {
            std::error_code problem;
            std::filesystem::remove_all(std::exchange(folder_, {}), problem);
            if (problem) tell(problem.message());
        }
        if (server_.empty()) return;
        // A connection that the test has left in a transaction would make DROP wait for ever. DROP DATABASE runs in no
        // transaction, so each statement stands alone.
        if (Result<void> dropped = run(server_, {"SET lock_timeout = 10000", drop_}); !dropped)
            tell(dropped.error().to_string());
        server_.clear();
    }

    void tell(const std::string& reason) const {
        std::fprintf(stderr, "rowan: the fresh database %s is left behind: %s\n", name_.c_str(), reason.c_str());
    }

    /// A path as a part of a URL.
    static std::string encoded(const std::string& path) {
        std::string text;
        for (const char c : path) {
            if (c == '%')
                text += "%25";
            else if (c == '?')
                text += "%3F";
            else
                text += c;
        }
        return text;
    }

    /// `options` that are there already stay.
    static std::string with_search_path(std::string url, const std::string& schema) {
        const std::string setting = "-csearch_path%3D" + schema;
        const std::size_t query = url.find('?');
        if (query == std::string::npos) return url + "?options=" + setting;
        for (const char mark : {'?', '&'}) {
            const std::size_t at = url.find(mark + std::string{"options="}, query);
            if (at == std::string::npos) continue;
            const std::size_t end = url.find('&', at + 1);
            return url.insert(end == std::string::npos ? url.size() : end, "%20" + setting);
        }
        return url + "&options=" + setting;
    }

    static std::string with_database(const std::string& url, const std::string& database) {
        const std::size_t scheme = url.find("://");
        const std::size_t host = scheme == std::string::npos ? 0 : scheme + 3;
        const std::size_t query = std::min(url.find('?', host), url.size());
        const std::size_t path = std::min(url.find('/', host), query);
        return url.substr(0, path) + "/" + database + url.substr(query);
    }

    std::string name_;
    std::string url_{};
    std::filesystem::path folder_{};
    std::string server_{};
    std::string drop_{};
};

}  // namespace rowan::testing
