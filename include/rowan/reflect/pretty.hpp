#pragma once

#include <string_view>

namespace rowan::reflect {

/// How the compiler spells a type: the last identifier of `ns::outer::Type`, without template arguments.
/// Clang and GCC end the pretty name with `T = …]` or `T = …;`, MSVC puts it between `<` and `>(`.
template <class T>
constexpr std::string_view type_name() {
#if defined(_MSC_VER) && !defined(__clang__)
    std::string_view text = __FUNCSIG__;
    text = text.substr(0, text.rfind(">("));
    text = text.substr(text.find("type_name<") + 10);
#else
    std::string_view text = __PRETTY_FUNCTION__;
    text = text.substr(text.find("T = ") + 4);
    text = text.substr(0, text.find_first_of(";]"));
#endif
    text = text.substr(0, text.find('<'));
    if (auto separator = text.find_last_of(": "); separator != text.npos) text = text.substr(separator + 1);
    return text;
}

/// Carries a pointer into an object as a template argument: Clang before 18 accepts a pointer to a
/// subobject only inside a class.
template <class Member>
struct Location {
    const Member* pointer;
};
template <class Member>
Location(const Member*) -> Location<Member>;

/// The name of the member that a pointer to a subobject points to: what stands behind the last `.`, `:`
/// or `>` before the closing brackets.
template <Location Where>
constexpr std::string_view member_name() {
#if defined(_MSC_VER) && !defined(__clang__)
    std::string_view text = __FUNCSIG__;
    text = text.substr(0, text.rfind(">("));
#else
    std::string_view text = __PRETTY_FUNCTION__;
#if !defined(__clang__)
    text = text.substr(0, text.rfind("; std::string_view"));
#endif
#endif
    while (!text.empty() && (text.back() == ')' || text.back() == '}' || text.back() == ']')) text.remove_suffix(1);
    return text.substr(text.find_last_of(".:>") + 1);
}

}  // namespace rowan::reflect
