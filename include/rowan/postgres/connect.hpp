#pragma once

#include <rowan/core/result.hpp>
#include <rowan/core/time.hpp>
#include <rowan/postgres/errors.hpp>
#include <rowan/postgres/libpq.hpp>
#include <rowan/postgres/link.hpp>
#include <rowan/postgres/wait.hpp>

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// From a URL to a connection that is ready.
namespace rowan::postgres::detail {

/// A URL's settings, and those that rowan adds where the URL is silent.
struct Settings {
    std::vector<std::string> names;
    std::vector<std::string> values;
    std::chrono::seconds timeout{10};
};

inline void add(Settings& settings, std::string name, std::string value) {
    settings.names.push_back(std::move(name));
    settings.values.push_back(std::move(value));
}

/// A time-out as the URL or PGCONNECT_TIMEOUT gives it: in seconds, at least 2 as libpq itself counts, 0 for none.
inline std::chrono::seconds read_timeout(const char* text) {
    const long seconds = std::strtol(text, nullptr, 10);
    if (seconds <= 0) return std::chrono::hours{24 * 365};
    return std::chrono::seconds{seconds < 2 ? 2 : seconds};
}

[[nodiscard]] inline Result<Settings> read_settings(const std::string& url) {
    char* reason = nullptr;
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options{PQconninfoParse(url.c_str(), &reason),
                                                                               &PQconninfoFree};
    // libpq's reason quotes the part that it cannot read, which may be the password.
    if (reason != nullptr) PQfreemem(reason);
    if (!options || url.find('\0') != std::string::npos)
        return Failure(Error{Category::programming, Code::invalid_url,
                             "a postgresql:// URL cannot be read: it is postgresql://user:password@host:port/database, "
                             "with reserved characters as %XX"});
    Settings settings;
    if (const char* timeout = std::getenv("PGCONNECT_TIMEOUT")) settings.timeout = read_timeout(timeout);
    for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
        if (option->val == nullptr) continue;
        const std::string_view name = option->keyword;
        if (name == "connect_timeout") settings.timeout = read_timeout(option->val);
        add(settings, option->keyword, option->val);
    }
    add(settings, "client_encoding", "UTF8");
    add(settings, "fallback_application_name", "rowan");
    return settings;
}

/// Connects step by step, as that is the only way to have libpq note the SQLSTATE of a refusal.
[[nodiscard]] inline bool reach_server(PGconn* connection, std::chrono::milliseconds timeout) {
    using Clock = std::chrono::steady_clock;
    const auto deadline = Clock::now() + timeout;
    // It stays so: when the server ends a connection later, its reason comes as text only, too.
    PQsetErrorVerbosity(connection, PQERRORS_VERBOSE);
    for (PostgresPollingStatusType wanted = PGRES_POLLING_WRITING; wanted != PGRES_POLLING_OK;) {
        if (wanted == PGRES_POLLING_FAILED) return false;
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
        if (left.count() <= 0 || PQsocket(connection) < 0) return false;
        if (wait_for(PQsocket(connection), wanted == PGRES_POLLING_READING, left)) wanted = PQconnectPoll(connection);
    }
    return true;
}

inline void replace_all(std::string& text, std::string_view what, std::string_view with) {
    if (what.empty()) return;
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
        text.replace(at, what.size(), with);
}

[[nodiscard]] inline Error connect_error(PGconn* connection) {
    std::string message = PQerrorMessage(connection);
    const std::string sqlstate{find_sqlstate(message)};
    // With several hosts there is a line for each; what VERBOSE adds is for the server's authors.
    message = message.substr(0, message.find("\nLOCATION:"));
    while (!message.empty() && message.back() == '\n') message.pop_back();
    replace_all(message, "\n\t", " ");
    replace_all(message, "\n", " ");
    if (!sqlstate.empty()) replace_all(message, sqlstate + ": ", "");
    // It may come from the URL, the environment or a password file.
    replace_all(message, PQpass(connection), "***");
    // libpq itself has not given up.
    if (PQstatus(connection) != CONNECTION_BAD) message += "the server did not answer in time";
    const Meaning meaning = sqlstate.empty() ? Meaning{Category::operational, Code::cannot_connect, true}
                                             : classify(sqlstate, Phase::connect);
    ErrorDetails error{.category = meaning.category, .code = meaning.code, .retryable = meaning.retryable};
    error.message = std::move(message);
    error.native_code = sqlstate;
    error.native_system = "SQLSTATE";
    return Error{std::move(error)};
}

[[nodiscard]] inline Result<OwnedConnection> connect(const std::string& url, std::chrono::milliseconds at_most) {
    Result<Settings> settings = read_settings(url);
    if (!settings) return Failure(std::move(settings).error());
    std::vector<const char*> names;
    std::vector<const char*> values;
    for (std::size_t i = 0; i != settings->names.size(); ++i) {
        names.push_back(settings->names[i].c_str());
        values.push_back(settings->values[i].c_str());
    }
    names.push_back(nullptr);
    values.push_back(nullptr);
    OwnedConnection connection{PQconnectStartParams(names.data(), values.data(), 0)};
    if (!connection) return Failure(Error{Category::operational, Code::out_of_memory, "no memory for a connection"});
    // What the server has to tell (a table was there already, say) is not for the program's stderr.
    PQsetNoticeProcessor(
        connection.get(), [](void*, const char*) {}, nullptr);
    if (PQstatus(connection.get()) == CONNECTION_BAD ||
        !reach_server(connection.get(), settings->timeout < at_most ? settings->timeout : at_most))
        return Failure(connect_error(connection.get()));
    return connection;
}

}  // namespace rowan::postgres::detail
