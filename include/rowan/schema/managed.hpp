#pragma once

#include <rowan/reflect/fields.hpp>
#include <rowan/schema/info.hpp>
#include <rowan/types/managed.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

/// The columns that rowan writes by itself. They are found by the type of the member.
namespace rowan::detail {

/// The first member of a type, and how many there are.
struct Found {
    std::uint16_t column = ManagedColumns::none;
    std::size_t count = 0;
};

template <class T, class Wanted>
constexpr Found find_members() {
    return []<class... Members>(TypeList<Members...>) {
        Found found;
        std::uint16_t column = 0;
        const auto look = [&](bool matches) {
            if (matches && ++found.count == 1) found.column = column;
            ++column;
        };
        (look(std::is_same_v<Members, Wanted>), ...);
        return found;
    }(reflect::MemberTypes<T>{});
}

template <class T>
inline constexpr ManagedColumns managed_columns{.version = find_members<T, Version>().column,
                                                .updated_at = find_members<T, UpdatedAt>().column,
                                                .created_at = find_members<T, CreatedAt>().column};

template <class T>
inline constexpr bool has_version = managed_columns<T>.version != ManagedColumns::none;

/// Is there anything that rowan writes with each change of a row?
template <class T>
inline constexpr bool marks_changes = has_version<T> || managed_columns<T>.updated_at != ManagedColumns::none;

/// Does rowan write the time of something to its rows?
template <class T>
inline constexpr bool has_times =
    managed_columns<T>.updated_at != ManagedColumns::none || managed_columns<T>.created_at != ManagedColumns::none;

/// Does it write anything?
template <class T>
inline constexpr bool has_managed = has_version<T> || has_times<T>;

/// True in any case, so that the sentence is said once.
template <class T>
consteval bool require_managed() {
    static_assert(find_members<T, Version>().count <= 1 && find_members<T, UpdatedAt>().count <= 1 &&
                      find_members<T, CreatedAt>().count <= 1,
                  "rowan: a row has one version, one time of its last change and one of its creation: keep one "
                  "rowan::Version, UpdatedAt and CreatedAt each, and store further ones as integers and timestamps");
    return true;
}

template <class Member>
consteval bool require_no_managed_key() {
    static_assert(
        !is_managed<Member>,
        "rowan: a rowan::Version, UpdatedAt or CreatedAt cannot belong to the key, as rowan itself writes it: "
        "store the key as an integer or a timestamp");
    return true;
}

/// Stops the compiler where the program would write what rowan writes; true in any case.
template <class Member>
consteval bool require_settable() {
    static_assert(!is_managed<Member>,
                  "rowan: a rowan::Version, UpdatedAt or CreatedAt is written by rowan itself: leave it out");
    return true;
}

}  // namespace rowan::detail
