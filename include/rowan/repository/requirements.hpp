#pragma once

#include <rowan/query/columns.hpp>
#include <rowan/schema/key.hpp>

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
    static_assert(!column_list<T, Columns::all_but_key>.empty(),
                  "rowan: every column of this table belongs to the key, so there is nothing to update");
    return true;
}

}  // namespace rowan::detail
