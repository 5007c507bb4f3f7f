#pragma once

#include <rowan/core/error.hpp>
#include <rowan/core/result.hpp>
#include <rowan/core/time.hpp>
#include <rowan/session/database.hpp>
#include <rowan/session/pool_settings.hpp>
#include <rowan/session/replicas.hpp>

#include <charconv>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#if !defined(_WIN32)
#include <sys/stat.h>
#endif

/// A database as the environment names it, so that the same program runs on a desk, in a test and in production.
namespace rowan {

struct EnvironmentOptions {
    /// Names and values for what the environment itself does not have. It need not be there; empty: none.
    std::string env_file = ".env";
    /// Where DATABASE_URL is missing, and this is not production; empty: an error there as well.
    std::string fallback_url = "sqlite:development.db";
};

/// What the environment says.
struct DatabaseSettings {
    std::string url{};
    PoolSettings pool{};
    ReplicaSettings replicas{};
    bool is_production = false;
    /// What somebody should know who reads the log: that a fallback was taken, say.
    std::vector<std::string> notes{};
};

namespace detail {

[[nodiscard]] inline std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blank = " \t\r";
    const std::size_t begin = text.find_first_not_of(blank);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(blank) + 1 - begin);
}

struct OpenFile {
    explicit OpenFile(std::FILE* opened) : handle{opened} {}
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;
    ~OpenFile() {
        if (handle != nullptr) std::fclose(handle);
    }

    std::FILE* handle;
};

/// The names and values of an .env file: a line each, `NAME=value`, with `export` before it and quotes around the value
/// where wanted; `#` begins a comment. A template, as a program that reads no environment then does not compile it.
template <class Text>
class BasicEnvFile {
public:
    [[nodiscard]] static Result<BasicEnvFile> read(const std::string& path) {
        BasicEnvFile file;
        const OpenFile open{std::fopen(path.c_str(), "rb")};
        if (open.handle == nullptr) return file;
#if !defined(_WIN32)
        struct stat about {};
        file.is_shared_ = ::fstat(::fileno(open.handle), &about) == 0 && (about.st_mode & (S_IRWXG | S_IRWXO)) != 0;
#endif
        Text text;
        char part[4096];
        while (const std::size_t size = std::fread(part, 1, sizeof part, open.handle)) text.append(part, size);
        std::string_view rest = text;
        for (int number = 1; !rest.empty(); ++number) {
            const std::string_view line = rest.substr(0, rest.find('\n'));
            rest.remove_prefix(line.size() == rest.size() ? line.size() : line.size() + 1);
            if (!file.add(trimmed(line)))
                return Failure(Error{Category::programming, Code::misuse,
                                     path + ":" + std::to_string(number) + ": a line is NAME=value, or a # comment"});
        }
        return file;
    }

    [[nodiscard]] std::optional<Text> value(std::string_view name) const {
        std::optional<Text> found;
        for (const auto& [known, text] : values_)
            if (known == name) found = text;
        return found;
    }

    /// Can others than its owner read it?
    [[nodiscard]] bool is_shared() const noexcept { return is_shared_; }

private:
    [[nodiscard]] bool add(std::string_view line) {
        if (line.empty() || line[0] == '#') return true;
        if (line.substr(0, 7) == "export ") line = trimmed(line.substr(7));
        const std::size_t equals = line.find('=');
        if (equals == 0 || equals == std::string_view::npos) return false;
        const std::string_view name = trimmed(line.substr(0, equals));
        std::string_view value = trimmed(line.substr(equals + 1));
        if (!value.empty() && (value[0] == '"' || value[0] == '\'')) {
            const std::size_t end = value.find(value[0], 1);
            if (end == std::string_view::npos) return false;
            const std::string_view behind = trimmed(value.substr(end + 1));
            if (!behind.empty() && behind[0] != '#') return false;
            value = value.substr(1, end - 1);
        } else {
            value = trimmed(value.substr(0, value.find(" #")));
        }
        values_.emplace_back(name, value);
        return true;
    }

    std::vector<std::pair<Text, Text>> values_{};
    bool is_shared_ = false;
};

/// Reads one variable after the other, and notes the first that cannot be understood.
template <class File>
class EnvironmentReader {
public:
    explicit EnvironmentReader(const File& file) : file_{file} {}

    /// Set to nothing counts as not set.
    [[nodiscard]] std::string text(const char* name) const {
        if (const char* value = std::getenv(name); value != nullptr && *value != '\0') return value;
        return file_.value(name).value_or("");
    }

    void integer(const char* name, int& value) {
        const std::string given = text(name);
        if (given.empty()) return;
        const auto [end, problem] = std::from_chars(given.data(), given.data() + given.size(), value);
        if (problem != std::errc{} || end != given.data() + given.size()) refuse(name, "an integer");
    }

    /// In seconds, with a fraction where wanted.
    void seconds(const char* name, std::chrono::milliseconds& value) {
        const std::string given = text(name);
        if (given.empty()) return;
        double number = 0;
        const auto [end, problem] = std::from_chars(given.data(), given.data() + given.size(), number);
        if (problem != std::errc{} || end != given.data() + given.size() || !(number >= -1 && number < 1e9))
            return refuse(name, "a number of seconds");
        value = std::chrono::milliseconds{static_cast<std::chrono::milliseconds::rep>(number * 1000)};
    }

    void boolean(const char* name, bool& value) {
        const std::string given = lower(text(name));
        if (given.empty()) return;
        value = given == "1" || given == "true" || given == "yes" || given == "on";
        if (!value && given != "0" && given != "false" && given != "no" && given != "off")
            refuse(name, "true or false");
    }

    [[nodiscard]] static std::string lower(std::string text) {
        for (char& c : text)
            if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        return text;
    }

    [[nodiscard]] const std::optional<Error>& refused() const noexcept { return refused_; }

private:
    void refuse(const char* name, const char* wanted) {
        if (!refused_)
            refused_ = Error{Category::programming, Code::misuse,
                             std::string{"the environment's "} + name + " is not " + wanted};
    }

    const File& file_;
    std::optional<Error> refused_{};
};

}  // namespace detail

/// Reads the environment, and an .env file for what is not in it:
///
///     DATABASE_URL            see rowan::open
///     DATABASE_REPLICA_URLS   of servers that follow it, with blanks between them
///     DB_POOL_SIZE            connections that are kept open
///     DB_MAX_OVERFLOW         further ones for a rush; -1: no bound
///     DB_POOL_TIMEOUT         seconds to wait for one
///     DB_POOL_RECYCLE         seconds after which one is replaced; -1 or 0: never
///     DB_POOL_PRE_PING        true: ask whether the server is there before a connection is lent
///     ENVIRONMENT             production, or anything else
///
/// In production a missing DATABASE_URL is an error, and so is an .env file that others than its owner can read. The
/// values of the variables are in no error.
template <class Settings = DatabaseSettings>
[[nodiscard]] Result<Settings> read_environment(const EnvironmentOptions& options = {}) {
    using EnvFile = detail::BasicEnvFile<decltype(Settings::url)>;
    Result<EnvFile> file = EnvFile{};
    if (!options.env_file.empty()) file = EnvFile::read(options.env_file);
    if (!file) return Failure(std::move(file).error());
    detail::EnvironmentReader<EnvFile> reader{*file};
    Settings settings;
    const std::string environment = detail::EnvironmentReader<EnvFile>::lower(reader.text("ENVIRONMENT"));
    settings.is_production = environment == "production" || environment == "prod";
    if (settings.is_production && file->is_shared())
        return Failure(
            Error{Category::operational, Code::permission_denied,
                  options.env_file + " can be read by others, and may hold a password: chmod 600 " + options.env_file});
    settings.url = reader.text("DATABASE_URL");
    if (settings.url.empty()) {
        if (settings.is_production || options.fallback_url.empty())
            return Failure(Error{Category::operational, Code::invalid_url,
                                 "DATABASE_URL is not set: set it to sqlite:… or postgresql://…"});
        settings.url = options.fallback_url;
        settings.notes.push_back("DATABASE_URL is not set, and ENVIRONMENT is not production: using " +
                                 options.fallback_url);
    }
    // URLs of several hosts have commas.
    const std::string replicas = reader.text("DATABASE_REPLICA_URLS");
    for (std::string_view rest = detail::trimmed(replicas); !rest.empty(); rest = detail::trimmed(rest)) {
        const std::string_view url = rest.substr(0, rest.find_first_of(" \t"));
        settings.replicas.urls.emplace_back(url);
        rest.remove_prefix(url.size());
    }
    reader.integer("DB_POOL_SIZE", settings.pool.size);
    reader.integer("DB_MAX_OVERFLOW", settings.pool.max_overflow);
    reader.seconds("DB_POOL_TIMEOUT", settings.pool.timeout);
    reader.seconds("DB_POOL_RECYCLE", settings.pool.recycle);
    if (settings.pool.recycle.count() < 0) settings.pool.recycle = {};
    reader.boolean("DB_POOL_PRE_PING", settings.pool.pre_ping);
    if (reader.refused()) return Failure(*reader.refused());
    return settings;
}

/// Opens the database that the environment names: see read_environment. What somebody should know goes to stderr, a
/// line each.
template <class Opened = Database>
[[nodiscard]] Result<Opened> open_from_environment(const EnvironmentOptions& options = {}) {
    auto settings = read_environment(options);
    if (!settings) return Failure(std::move(settings).error());
    for (const std::string& note : settings->notes) std::fprintf(stderr, "rowan: %s\n", note.c_str());
    return open<Opened>(settings->url, settings->pool, std::move(settings->replicas));
}

}  // namespace rowan
