#pragma once

#include <rowan/core/result.hpp>
#include <rowan/core/time.hpp>
#include <rowan/core/url.hpp>
#include <rowan/sqlite/options.hpp>

#include <charconv>
#include <string>
#include <string_view>
#include <utility>

namespace rowan::sqlite {

/// A URL's file and options.
struct Location {
    std::string path;
    Options options;
};

namespace detail {

template <class Value>
struct Choice {
    std::string_view name;
    Value value;
};

template <class Value, std::size_t count>
bool choose(std::string_view name, const Choice<Value> (&choices)[count], Value& value) {
    for (const Choice<Value>& choice : choices)
        if (choice.name == name) {
            value = choice.value;
            return true;
        }
    return false;
}

template <class Chosen>
bool set_option(Chosen& options, std::string_view name, std::string_view value) {
    if (name == "mode") {
        return choose<Access>(value, {{"ro", Access::read_only}, {"rw", Access::read_write}, {"rwc", Access::create}},
                              options.access);
    }
    if (name == "journal_mode") {
        return choose<Journal>(value,
                               {{"wal", Journal::wal},
                                {"delete", Journal::rollback},
                                {"truncate", Journal::truncate},
                                {"persist", Journal::persist},
                                {"memory", Journal::memory},
                                {"off", Journal::off}},
                               options.journal);
    }
    if (name == "synchronous") {
        return choose<Synchronous>(value,
                                   {{"off", Synchronous::off},
                                    {"normal", Synchronous::normal},
                                    {"full", Synchronous::full},
                                    {"extra", Synchronous::extra}},
                                   options.synchronous);
    }
    if (name == "foreign_keys") return choose<bool>(value, {{"on", true}, {"off", false}}, options.foreign_keys);
    if (name == "busy_timeout") {
        int milliseconds = 0;
        const auto [end, problem] = std::from_chars(value.data(), value.data() + value.size(), milliseconds);
        if (problem != std::errc{} || end != value.data() + value.size() || milliseconds < 0) return false;
        options.busy_timeout = std::chrono::milliseconds{milliseconds};
        return true;
    }
    return false;
}

}  // namespace detail

/// Reads what stands behind `sqlite:`. The path is relative unless it starts with `/`:
///
///     sqlite:market.db             sqlite://market.db           a file in the working directory
///     sqlite:/var/lib/market.db    sqlite:///var/lib/market.db  a file
///     sqlite::memory:                                           in memory, gone with the connection
///     sqlite:file:market.db?mode=ro                             an SQLite URI, handed over as it is
///
/// `?name=value&…` sets options: mode (ro, rw, rwc), journal_mode (wal, delete, truncate, persist, memory, off),
/// synchronous (off, normal, full, extra), busy_timeout (milliseconds), foreign_keys (on, off). Other names are
/// an error, so that a slip of the pen does not change what is durable. (A template, as a program that opens no URL
/// then does not compile it.)
template <class Place = Location>
[[nodiscard]] Result<Place> parse_url(std::string_view text) {
    Place location;
    if (text.substr(0, 5) == "file:") {
        location.path = text;
        return location;
    }
    if (text.substr(0, 2) == "//") text.remove_prefix(2);
    const std::string_view file = text.substr(0, text.find('?'));
    if (!rowan::detail::percent_decode(file, location.path))
        return Failure(Error{Category::programming, Code::invalid_url,
                             "the path of an sqlite: URL has a broken % sequence, or a NUL"});
    if (location.path.empty())
        return Failure(Error{Category::programming, Code::invalid_url,
                             "an sqlite: URL needs a path, such as sqlite:market.db, or sqlite::memory:"});
    std::string refused;
    const bool valid = file.size() == text.size() ||
                       rowan::detail::for_each_parameter(text.substr(file.size() + 1),
                                                         [&](std::string_view name, std::string_view value) {
                                                             refused = name;
                                                             return detail::set_option(location.options, name, value);
                                                         });
    if (!valid)
        return Failure(Error{Category::programming, Code::invalid_url,
                             "an sqlite: URL has an unknown option, or an unknown value for it: " + refused});
    return location;
}

}  // namespace rowan::sqlite
