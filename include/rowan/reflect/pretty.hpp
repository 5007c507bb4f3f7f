#pragma once

#include <cstddef>
#include <string_view>

namespace rowan::reflect {

/// Where the character constant that begins at `i`, such as '>' or '\'', ends.
constexpr std::size_t last_of_character(std::string_view text, std::size_t i) {
    const std::size_t end = text.find('\'', i + (text.substr(i + 1, 1) == "\\" ? 3 : 2));
    return end < text.size() ? end : text.size() - 1;
}

/// The last identifier of a type as a compiler spells it: `Type` of `ns::Outer<int>::Type<char>`. What stands in
/// brackets is passed over, also `{anonymous}` and the arguments of a function that the type is local to.
constexpr std::string_view last_identifier(std::string_view text) {
    std::size_t begin = 0;
    std::size_t end = 0;
    int depth = 0;
    for (std::size_t i = 0; i != text.size(); ++i) {
        const char c = text[i];
        if (c == '<' || c == '(' || c == '[' || c == '{')
            ++depth;
        else if (c == '>' || c == ')' || c == ']' || c == '}')
            --depth;
#if !defined(_MSC_VER) || defined(__clang__)
        // A character as a template argument, such as '>' or '\''.
        else if (c == '\'')
            i = last_of_character(text, i);
#endif
        else if (depth == 0 && (c == ':' || c == ' '))
            begin = end = i + 1;
        else if (depth == 0)
            end = i + 1;
    }
    return text.substr(begin, end - begin);
}

/// The name of a type, without namespaces, surrounding classes and template arguments. Clang and GCC end the
/// pretty name with `T = …]` or `T = …; std::string_view = …]`, MSVC puts it between `<` and `>(`.
template <class T>
constexpr std::string_view type_name() {
#if defined(_MSC_VER) && !defined(__clang__)
    std::string_view text = __FUNCSIG__;
    text = text.substr(0, text.rfind(">("));
    text = text.substr(text.find("type_name<") + 10);
#else
    std::string_view text = __PRETTY_FUNCTION__;
    text = text.substr(text.find("T = ") + 4);
#if defined(__clang__)
    text.remove_suffix(1);
#else
    text = text.substr(0, text.rfind("; std::string_view"));
#endif
#endif
    return last_identifier(text);
}

/// Carries a pointer into an object as a template argument: Clang before 18 accepts a pointer to a
/// subobject only inside a class.
template <class Member>
struct Location {
    const Member* pointer;
};
template <class Member>
Location(const Member*) -> Location<Member>;

/// What stands behind the last `.`, `:` or `>` before the closing brackets. By hand, as the compiler runs it for every
/// member of every struct, and the functions of std::string_view take it several times as long.
constexpr std::string_view last_member(const char* text, std::size_t size) {
    std::size_t end = size;
    while (end != 0 && (text[end - 1] == ')' || text[end - 1] == '}' || text[end - 1] == ']')) --end;
    std::size_t begin = end;
    while (begin != 0 && text[begin - 1] != '.' && text[begin - 1] != ':' && text[begin - 1] != '>') --begin;
    return {text + begin, end - begin};
}

/// The name of the member that a pointer to a subobject points to. (`auto`, since GCC explains a std::string_view
/// behind the name.)
template <Location Where>
constexpr auto member_name() {
#if defined(_MSC_VER) && !defined(__clang__)
    const std::string_view text = __FUNCSIG__;
    return last_member(text.data(), text.rfind(">("));
#else
    return last_member(__PRETTY_FUNCTION__, sizeof __PRETTY_FUNCTION__ - 1);
#endif
}

}  // namespace rowan::reflect
