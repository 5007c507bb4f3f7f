#pragma once

#include <rowan/core/exception.hpp>
#include <rowan/core/result.hpp>

#include <type_traits>
#include <utility>

namespace rowan {

/// The value of `result`; an error is thrown as rowan::Exception. For scripts and tests. In a program that
/// is built without exceptions the message goes to stderr and the program is aborted.
template <class T>
T must(Result<T>&& result) {
    if (!result) detail::raise(std::move(result).error());
    if constexpr (!std::is_void_v<T>) return *std::move(result);
}
template <class T>
T must(const Result<T>& result) {
    if (!result) detail::raise(result.error());
    if constexpr (!std::is_void_v<T>) return *result;
}

}  // namespace rowan
