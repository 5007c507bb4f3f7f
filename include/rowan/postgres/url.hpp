#pragma once

#include <rowan/core/error.hpp>
#include <rowan/core/result.hpp>
#include <rowan/core/url.hpp>

#include <string>
#include <string_view>

namespace rowan::postgres {

/// A URL as libpq takes it, and what was rowan's own in it.
struct Url {
    std::string libpq;
    bool prepared_statements = true;
};

/// Takes rowan's own parameters out of a URL, which libpq would refuse. What is no URL stays as it is.
[[nodiscard]] inline Result<Url> parse_url(std::string_view text) {
    Url url{std::string{text}};
    const std::size_t scheme = text.find("://");
    const std::string_view name = text.substr(0, scheme);
    if (name != "postgresql" && name != "postgres") return url;
    // libpq takes a ? before the @ for a part of the password.
    std::size_t start = text.find_first_of("@/", scheme + 3);
    if (start == std::string_view::npos || text[start] == '/') start = scheme + 3;
    const std::size_t mark = text.find('?', start);
    if (mark == std::string_view::npos) return url;
    url.libpq.resize(mark);
    char before = '?';
    for (std::string_view rest = text.substr(mark + 1); !rest.empty();) {
        const std::string_view item = rest.substr(0, rest.find('&'));
        rest = item.size() < rest.size() ? rest.substr(item.size() + 1) : std::string_view{};
        const std::size_t equals = item.find('=');
        std::string part;
        if (rowan::detail::percent_decode(item.substr(0, equals), part) && part == "prepared_statements") {
            const std::string_view given = equals < item.size() ? item.substr(equals + 1) : std::string_view{};
            const std::string value = rowan::detail::percent_decode(given, part) ? part : std::string{};
            if (value != "on" && value != "off")
                return Failure(Error{Category::programming, Code::invalid_url,
                                     "prepared_statements of a postgresql:// URL is on, or off for a pooler in "
                                     "transaction mode"});
            url.prepared_statements = value == "on";
            continue;
        }
        url.libpq.append(1, before).append(item);
        before = '&';
    }
    return url;
}

}  // namespace rowan::postgres
