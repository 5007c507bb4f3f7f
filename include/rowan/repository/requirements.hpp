#pragma once

#include <rowan/query/columns.hpp>
#include <rowan/schema/key.hpp>
#include <rowan/schema/managed.hpp>

namespace rowan::detail {

// True in any case, so that the sentence is said once.

template <class T>
consteval bool require_key() {
    static_assert(key_size<T> != 0,
                  "rowan: this struct has no key: call a member id, or describe one with .key<&T::member>()");
    return true;
}

template <class T>
consteval bool require_more_than_key() {
    static_assert(!column_list<T, Columns::written>.empty() || has_version<T>,
                  "rowan: every column of this table belongs to the key, so there is nothing to update");
    return true;
}

template <class T>
consteval bool require_version() {
    static_assert(has_version<T>,
                  "rowan: this struct has no rowan::Version that could be compared: give it one, or leave "
                  "at_version out");
    return true;
}

}  // namespace rowan::detail
