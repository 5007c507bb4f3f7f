#pragma once

#include <rowan/observe/literals.hpp>
#include <rowan/observe/writing.hpp>
#include <rowan/session/observer.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rowan {

/// What of a statement a log may show. By default no value: neither what is bound, nor what is written into a text
/// that is no constant of the program, whose strings and numbers become `?`.
struct Disclosure {
    /// Shows values, but for those of a statement that names a secret.
    bool values = false;

    /// Where the text of a statement holds one of these, in capitals or not, none of its values is shown: which of
    /// them is the secret one cannot be told from the outside.
    std::vector<std::string> secret_words = usual_secret_words();

    [[nodiscard]] static std::vector<std::string> usual_secret_words() {
        return {"password", "passwd",  "pwd",    "passphrase",  "secret",
                "token",    "api_key", "apikey", "private_key", "credential"};
    }
};

namespace detail {

inline char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

inline bool holds_ignoring_case(std::string_view text, std::string_view part) {
    for (std::size_t start = 0; start + part.size() <= text.size(); ++start) {
        std::size_t same = 0;
        while (same != part.size() && lower(text[start + same]) == lower(part[same])) ++same;
        if (same == part.size()) return true;
    }
    return false;
}

[[nodiscard]] inline bool shows_values(const Disclosure& disclosure, std::string_view text) {
    if (!disclosure.values) return false;
    for (const std::string& word : disclosure.secret_words)
        if (holds_ignoring_case(text, word)) return false;
    return true;
}

/// The statement, as it may be shown.
[[nodiscard]] inline std::string shown_text(const StatementEvent& event, bool values) {
    return event.is_constant || values ? std::string{event.text} : without_literals(event.text);
}

/// The error, as it may be shown. A message about a text that is no constant may quote it.
[[nodiscard]] inline std::string shown_error(const Error& error, bool quotes) {
    std::string text{to_string(error.category())};
    text.append("/").append(to_string(error.code())).append(": ");
    const std::string& message = error.message();
    const std::size_t first = message.find('"');
    const std::size_t last = message.rfind('"');
    if (!quotes && error.category() == Category::programming && first != last)
        text.append(message, 0, first + 1).append("…").append(message, last);
    else
        text += message;
    return text;
}

}  // namespace detail
}  // namespace rowan
